"""Sources appended as they are: nothing lost but what is announced, nothing of theirs reaching over to our pages."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path

import pdfplumber
import pytest
import sources
from graph import broken
from lxml import etree
from pages import to_pdfs
from planted import rezip, unzip
from test_attacks_outputs import VALIDATOR, errors

from generator.base.problems import Problems, Where
from generator.check import fidelity
from generator.dispatch.load import load_dispatch
from generator.kits.kinds.notice import NoticeDocument
from generator.office.ooxml import R, W
from generator.word import join
from generator.word.join import Joining

DispatchFolder = Callable[[Mapping[str, str | bytes]], Path]
WHERE = Where("source.docx")
SPEC = """
kind: forward
status: {status}
layout: {layout}
page_numbers: {pages}
issuing_authorities: [某某厅]
document_number: 某函〔2026〕1号
date_of_issue: 2026-07-24
sources:
  first: {{title: 关于来文的通知, file: first.docx, attach: append, numbered: {numbered}}}
  {second}
recipients: [各单位]
carbon_copy: [另单位]
units: [{{code: "01", name: 某单位, short_name: 某单位, class: all_units}}]
classes: {{all_units: 各单位}}
forms:
  stats: {{title: 统计表, orientation: {form}, fields: [{{name: a, title: 甲}}]}}
attachments: [{attachments}]
imprint: {{printing_authority: 某某厅办公室, date_of_print: 2026-07-24}}
"""
OUR_NUMBER = re.compile(r"\d footer \d+: .*— 1 — PAGE")
STAYED = (
    "characterSpacingControl: compressPunctuation → doNotCompress",
    "compatibilityMode: 12 → 15",
    "compat: +adjustLineHeightInTable +doNotExpandShiftReturn "
    "+doNotLeaveBackslashAlone +spaceForUL +ulTrailSpace +useFELayout",
)
"""What the test sources say once for a whole document, and our templates otherwise."""
OMITTED = {
    "tracked-changes": ("tracked changes accepted: 10",),
    "comments": ("comments dropped: 1",),
    "fields": ("fields made plain text: FILENAME",),
    "footers": ("page numbers run on and do not begin with 5",),
    "moved-and-deleted": ("tracked changes accepted: 8",),
    "contents": ("fields made plain text: TOC",),
    "live-fields": ("fields made plain text: =, CREATEDATE, DATE, DOCPROPERTY, FORMTEXT, IF, TIME",),
    "counted-pages": ("the number of pages (NUMPAGES) is that of the whole notice",),
}


@pytest.fixture
def notice(dispatch_folder: DispatchFolder) -> Callable[..., bytes]:
    """`notice(source, second=…, pages="restart")`: the notice with the source appended, by way of the spec."""

    def make(first: bytes, second: bytes | None = None, **given: str) -> bytes:
        also = "second: {title: 关于另文的通知, file: second.docx, attach: append}" if second else ""
        words = {
            "status": "issued",
            "layout": "document",
            "pages": "continue",
            "numbered": "false",
            "form": "portrait",
            "attachments": "",
        }
        files: dict[str, str | bytes] = {"first.docx": first, "second.docx": second or b""}
        files["dispatch.yaml"] = SPEC.format(second=also, **{**words, **given})
        return NoticeDocument(load_dispatch(dispatch_folder(files))).compile(None).stamp({}).data

    return make


def sections(result: bytes) -> list[etree._Element]:
    return list(etree.fromstring(unzip(result)["word/document.xml"]).iter(f"{W}sectPr"))


def attributes(result: bytes, tag: str, key: str) -> list[str | None]:
    """An attribute of a child of every section; None where it has none."""
    found = [section.find(f"{W}{tag}") for section in sections(result)]
    return [None if element is None else element.get(f"{W}{key}") for element in found]


def everything(**given: str) -> bytes:
    return sources.source(*sources.FEATURES, **given)


def joined(host: dict[str, bytes], source: dict[str, bytes], *, restart: bool = False) -> bytes:
    """A source at the end of any document, after a section break."""
    start, section, end = host["word/document.xml"].decode().rpartition("<w:sectPr>")
    closing = f"<w:p><w:pPr>{section}{end.partition('</w:sectPr>')[0]}</w:sectPr></w:pPr></w:p>"
    text = f"{start}{closing}{join.place('x')}{section}{end}"
    parts = {**host, "word/document.xml": text.encode()}
    join.join_sources(parts, [Joining("x", rezip(source), restart=restart)], WHERE)
    return rezip(parts)


# -- nothing is lost ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("features", [*([name] for name in sources.FEATURES), list(sources.FEATURES)], ids="+".join)
def test_everything_is_kept_but_what_is_announced(features: list[str], notice: Callable[..., bytes]) -> None:
    source = sources.source(*features)
    result = notice(source)
    report = fidelity.report(source, result)
    assert report.kept, report
    announced = {line for name in features for line in OMITTED.get(name, ())}
    if len(features) == 1:
        assert set(report.omitted) == announced
    assert report.settings == STAYED
    added = [line for aspect in report.aspects for line in aspect.added]
    assert all(map(OUR_NUMBER.match, added)), report
    assert bool(added) == {"footers", "landscape", "section-types"}.isdisjoint(features)
    assert broken(unzip(result)) == []


_TABLE = sources.FEATURES["cell-controls"].partition("<w:p>\n")[0]
ENDS = {"a table": _TABLE, "empty paragraphs": "<w:p/><w:p/>", "a control": sources.FEATURES["content-control"]}


@pytest.mark.parametrize("end", ENDS)
@pytest.mark.parametrize("pages", ["continue", "restart"])
def test_a_source_may_end_with(end: str, pages: str, notice: Callable[..., bytes]) -> None:
    source = sources.source(end=ENDS[end])
    result = notice(source, pages=pages)
    report = fidelity.report(source, result)
    assert report.kept, report
    assert broken(unzip(result)) == []


@pytest.mark.skipif(not VALIDATOR.exists(), reason="npm ci has not been run")
@pytest.mark.parametrize("pages", ["continue", "restart"])
def test_the_open_xml_sdk_accepts_appended_sources(pages: str, notice: Callable[..., bytes], tmp_path: Path) -> None:
    ends = {name: sources.source(end=end) for name, end in ENDS.items()}
    cases = {**{name: sources.source(name) for name in sources.FEATURES}, "everything": everything(), **ends}
    # The two ways to number pages by turns, but for what holds everything: each file costs half a second.
    turn = list(cases)[("continue", "restart").index(pages) :: 2]
    for name, source in cases.items():
        if name not in {*turn, "everything"}:
            continue
        path = tmp_path / f"{name}.docx"
        path.write_bytes(notice(source, pages=pages))
        assert errors(VALIDATOR, path) == []


def test_live_fields_show_what_they_last_showed(notice: Callable[..., bytes]) -> None:
    """The superior's date stays his; a number that is computed from the page's is computed on."""
    text = unzip(notice(sources.source("live-fields")))["word/document.xml"].decode()
    words = "".join("".join(etree.fromstring(text.encode()).itertext()).split())
    assert "印于2025年1月2日2025年1月1日8时5填写" in words
    assert not re.search(r"DATE|TIME|FORMTEXT|DOCPROPERTY|\bIF\b|机密", words)
    assert "第=PAGE1+12" in words


def test_what_was_deleted_goes_to_nobody(notice: Callable[..., bytes]) -> None:
    text = b"".join(unzip(notice(everything())).values()).decode(errors="replace")
    assert "增加" in text
    for secret in ("机密", "内部意见", "没有引用", "commentReference", "storeItemID", "rsidR="):
        assert secret not in text


def test_a_source_is_never_a_template(notice: Callable[..., bytes]) -> None:
    result = unzip(notice(everything()))
    text = result["word/document.xml"].decode() + result["word/footnotes.xml"].decode()
    assert "{{ title }} {% for x in y %} {# 注 #} {{p body }}" in text
    assert "{{ 7*7 }}" in text


def test_the_same_inputs_give_the_same_bytes(notice: Callable[..., bytes]) -> None:
    assert notice(everything(), everything()) == notice(everything(), everything())


# -- nothing reaches over ----------------------------------------------------------------------------------------------


def test_a_document_joined_to_its_like() -> None:
    """Same names and numbers of everything on both sides: neither takes anything for its own."""
    ours = {name: data.replace("第三条".encode(), "第九条".encode()) for name, data in unzip(everything()).items()}
    host = rezip(ours)
    source = everything(extra=sources.text("只在来文"))
    result = joined(unzip(host), unzip(source))
    report = fidelity.report(source, result)
    assert report.kept, report
    assert [aspect.name for aspect in report.aspects if aspect.added] == []
    assert set(broken(unzip(result))) <= set(broken(ours))
    before, after = fidelity.Told(host, WHERE).facts, fidelity.Told(result, WHERE).facts
    for name in ("text", "numbering", "formats", "tables", "sections", "footnotes", "links"):
        assert after[name][: len(before[name])] == before[name], name
    assert not Counter(before["references"]) - Counter(after["references"])


def test_two_sources(notice: Callable[..., bytes]) -> None:
    first, second = everything(), sources.source("footnotes", "numbering", "bookmarks")
    result = notice(first, second)
    for number, source in enumerate((first, second), 1):
        report = fidelity.report(source, result, number)
        assert report.kept, report
    assert broken(unzip(result)) == []
    restarts = [section.find(f"{W}footnotePr/{W}numRestart") for section in sections(result)]
    assert [each is not None for each in restarts].count(True) == 1


@pytest.mark.parametrize("layout", ["letter", "document"])
def test_our_pages_keep_their_geometry(layout: str, notice: Callable[..., bytes]) -> None:
    ours = {"w": "11906", "left": "1588", "footer": "1446"}
    result = notice(everything(), layout=layout, form="landscape", attachments="stats")
    assert attributes(result, "pgSz", "w")[0] == attributes(result, "pgSz", "w")[-1] == ours["w"]
    for key in ("left", "footer"):
        found = attributes(result, "pgMar", key)
        assert found[0] == found[-1] == ours[key]
        assert set(found[1:-2]).isdisjoint({"1588"}), "a section of the source has our margin"
    assert attributes(result, "pgSz", "orient")[-2] == "landscape"
    headers = [{(e.tag, e.get(f"{W}type")) for e in section if "Reference" in e.tag} for section in sections(result)]
    assert all(len(each) >= 4 for each in (headers[0], headers[1], headers[-2]))


def test_the_break_before_a_source_takes_no_line(notice: Callable[..., bytes]) -> None:
    body = etree.fromstring(unzip(notice(sources.source()))["word/document.xml"])[0]
    first = next(p for p in body if p.find(f"{W}pPr/{W}sectPr") is not None)
    assert "".join(first.itertext()).strip(), "the section ends with a paragraph of text"


def test_a_numbered_source_stands_under_its_label(notice: Callable[..., bytes]) -> None:
    result = notice(sources.source(), numbered="true")
    assert broken(unzip(result)) == []
    paragraphs = ["".join(p.itertext()) for p in etree.fromstring(unzip(result)["word/document.xml"])[0]]
    at = paragraphs.index("附件")
    assert paragraphs[at + 1 : at + 4] == ["", "", "关于来文的通知"]
    assert fidelity.report(sources.source(), result).kept


@pytest.mark.parametrize(
    ("pages", "starts"), [("continue", [None] * 4), ("restart", [None, "5", None, "2"])], ids=["continue", "restart"]
)
def test_page_numbers(pages: str, starts: list[str | None], notice: Callable[..., bytes]) -> None:
    source = sources.source("footers")
    found = attributes(notice(source, pages=pages, layout="letter", attachments="stats"), "pgNumType", "start")
    assert found[:4] == starts, "ours, the two sections of the source (its own beginning counts), ours again"


def test_the_count_of_all_pages_is_that_of_the_source() -> None:
    """第1页 共3页 in a source whose pages count for themselves: not the pages of the notice."""
    parts = sources.parts(extra='<w:p><w:fldSimple w:instr=" NUMPAGES "><w:r><w:t>3</w:t></w:r></w:fldSimple></w:p>')
    result = joined(sources.parts(), parts, restart=True)
    assert b"SECTIONPAGES" in unzip(result)["word/document.xml"]
    report = fidelity.report(rezip(parts), result)
    assert report.omitted == ("the number of pages (NUMPAGES) is counted in Word only (SECTIONPAGES)",)
    assert report.kept, report


@pytest.mark.parametrize("theirs", [True, False])
def test_even_pages_of_whoever_has_none_are_like_odd_ones(theirs: bool) -> None:
    """One switch for the whole document: without a twin, our or their even pages would lose what stands on them."""
    one, other = sources.parts("headers", "footers"), sources.parts("headers", "footers")
    settings = one if theirs else other
    after = b"<w:characterSpacingControl"
    settings["word/settings.xml"] = settings["word/settings.xml"].replace(after, b"<w:evenAndOddHeaders/>" + after)
    before = stories(rezip(other))
    result = joined(other, one)
    assert fidelity.report(rezip(one), result).kept
    assert stories(result)[: len(before)] == before
    assert broken(unzip(result)) == []


def stories(document: bytes) -> tuple[str, ...]:
    return fidelity.Told(document, WHERE).facts["headers and footers"]


# -- what cannot be kept -----------------------------------------------------------------------------------------------

_REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def _with_relation(kind: str, target: str, xml: str, *, mode: str = "") -> dict[str, bytes]:
    parts = sources.parts(extra=xml)
    relation = f'<Relationship Id="rIdNew" Type="{_REL}/{kind}" Target="{target}"{mode}/></Relationships>'
    rels = "word/_rels/document.xml.rels"
    parts[rels] = parts[rels].replace(b"</Relationships>", relation.encode())
    return {**parts, "word/new.xml": b"<x/>"}


_OUTSIDE = ' TargetMode="External"'
_WEB = "https://example.org/a.png"
_MAIN = b"wordprocessingml.document.main+xml"
REFUSED: dict[str, tuple[dict[str, bytes], str]] = {
    "endnotes": (sources.parts(extra='<w:p><w:r><w:endnoteReference w:id="1"/></w:r></w:p>'), "endnote"),
    "ole": (_with_relation("oleObject", "new.xml", '<w:p><w:r><w:object r:id="rIdNew"/></w:r></w:p>'), "oleObject"),
    "altchunk": (_with_relation("aFChunk", "new.xml", '<w:altChunk r:id="rIdNew"/>'), "altChunk"),
    "chart": (_with_relation("chart", "new.xml", '<w:p><w:r><w:drawing r:id="rIdNew"/></w:r></w:p>'), "chart"),
    "external picture": (
        _with_relation("image", _WEB, '<w:p><w:r><w:pict r:id="rIdNew"/></w:r></w:p>', mode=_OUTSIDE),
        f"image → {_WEB}",
    ),
    "active field": (
        sources.parts(extra='<w:p><w:fldSimple w:instr="DDEAUTO a b"><w:r><w:t>x</w:t></w:r></w:fldSimple></w:p>'),
        "DDEAUTO",
    ),
    "macros": (
        {
            name: data.replace(_MAIN, b"wordprocessingml.document.macroEnabled.main+xml")
            for name, data in sources.parts().items()
        },
        "macros",
    ),
    "smart art": (
        _with_relation("diagramData", "new.xml", '<w:p><w:r><w:drawing r:dm="rIdNew"/></w:r></w:p>'),
        "diagramData",
    ),
    "noncharacter": (sources.parts(extra=sources.text("\ufdd0unit.name\ufdd1")), "word/document.xml holds characters"),
    "noncharacter reference": (sources.parts(extra=sources.text("&#xFDD0;a")), "word/document.xml holds characters"),
    "note without text": (sources.parts(extra='<w:p><w:r><w:footnoteReference w:id="9"/></w:r></w:p>'), "without text"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_kept_is_refused_with_the_reason(name: str) -> None:
    parts, reason = REFUSED[name]
    problems, _omitted = join.examine(rezip(parts), WHERE)
    assert any(reason in problem.message for problem in problems), [problem.message for problem in problems]
    with pytest.raises(Problems):
        join.join_sources(sources.parts(), [Joining("x", rezip(parts))], WHERE)


def test_its_authors_template_stays_behind() -> None:
    """Nearly every file of Word names the template on its author's disk; it is no part of what is appended."""
    parts = sources.parts()
    relation = f'<Relationship Id="rId1" Type="{_REL}/attachedTemplate" Target="file:///C:/a.dotm"{_OUTSIDE}/>'
    space = "http://schemas.openxmlformats.org/package/2006/relationships"
    parts["word/_rels/settings.xml.rels"] = f'<Relationships xmlns="{space}">{relation}</Relationships>'.encode()
    assert join.examine(rezip(parts), WHERE) == ([], [])


_FACES = '<w:fonts xmlns:w="{}"><w:font w:name="黑体"><w:embedRegular/></w:font></w:fonts>'
SAID_ONCE: dict[str, tuple[str, str]] = {
    "mirrorMargins": ("<w:mirrorMargins/>", "layout of facing pages dropped: mirrorMargins"),
    "gutterAtTop": ("<w:gutterAtTop/>", "layout of facing pages dropped: gutterAtTop"),
    "switched off": ('<w:mirrorMargins w:val="0"/>', ""),
    "documentProtection": ("<w:documentProtection/>", "protection against changes dropped"),
}


@pytest.mark.parametrize("name", SAID_ONCE)
def test_what_a_part_of_a_document_cannot_say_is_announced(name: str) -> None:
    """And our pages do not take it over."""
    setting, said = SAID_ONCE[name]
    parts = sources.parts()
    after = b"<w:defaultTabStop"
    parts["word/settings.xml"] = parts["word/settings.xml"].replace(after, setting.encode() + after)
    _problems, omitted = join.examine(rezip(parts), WHERE)
    assert omitted == ([said] if said else [])
    ours = sources.parts()["word/settings.xml"]
    result = unzip(joined(sources.parts(), parts))["word/settings.xml"]
    assert etree.tostring(etree.fromstring(result), method="c14n") == etree.tostring(
        etree.fromstring(ours), method="c14n"
    )


def test_the_line_above_footnotes_is_that_of_the_first_source_with_any(notice: Callable[..., bytes]) -> None:
    second = sources.parts("footnotes")
    line = b"<w:separator/></w:r>"
    second["word/footnotes.xml"] = second["word/footnotes.xml"].replace(line, b"<w:t>* * *</w:t></w:r>")
    result = notice(sources.source("footnotes"), rezip(second))
    said = "footnote separators: * * */continuationSeparator → separator/continuationSeparator"
    assert said in fidelity.report(rezip(second), result, 2).settings
    assert said not in fidelity.report(sources.source("footnotes"), result).settings
    assert said.partition(" → ")[0] not in str(fidelity.report(rezip(second), notice(rezip(second))).settings)


def test_embedded_fonts_stay_behind() -> None:
    parts = sources.parts()
    space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    parts["word/fontTable.xml"] = _FACES.format(space).encode()
    relation = f'<Relationship Id="rIdFonts" Type="{_REL}/fontTable" Target="fontTable.xml"/></Relationships>'
    rels = "word/_rels/document.xml.rels"
    parts[rels] = parts[rels].replace(b"</Relationships>", relation.encode())
    assert join.examine(rezip(parts), WHERE) == ([], ["embedded fonts dropped"])


def test_a_template_that_lost_its_place_is_no_silent_loss() -> None:
    with pytest.raises(Problems, match="no place for the appended source"):
        join.join_sources(sources.parts(), [Joining("x", sources.source())], WHERE)


# -- the report can fail -----------------------------------------------------------------------------------------------

FAULTS: dict[str, tuple[str, bytes, bytes]] = {
    "text": ("word/document.xml", "来文末段".encode(), "来文未段".encode()),
    "numbering": ("word/numbering.xml", b"chineseCountingThousand", b"decimal"),
    "formats": ("word/styles.xml", b'<w:sz w:val="44"/>', b'<w:sz w:val="32"/>'),
    "tables": ("word/document.xml", b'w:gridSpan w:val="2"', b'w:gridSpan w:val="1"'),
    "images": ("word/media/s1-image1.png", sources.PICTURE, sources.PICTURE + b"x"),
    "sections": ("word/document.xml", b'w:right="1800"', b'w:right="1801"'),
    "headers and footers": ("word/s1-header1.xml", "甲厅".encode(), "丙厅".encode()),
    "footnotes": ("word/footnotes.xml", "注文二".encode(), "注文四".encode()),
    "references": ("word/document.xml", b" REF s1_", b" REF "),
    "links": ("word/_rels/document.xml.rels", b"https://example.org/", b"https://example.com/"),
    "text boxes": ("word/document.xml", "框内".encode(), "框外".encode()),
    "content controls": ("word/document.xml", "控件内".encode(), "控件外".encode()),
}


@pytest.mark.parametrize("aspect", FAULTS)
def test_the_report_sees(aspect: str, notice: Callable[..., bytes]) -> None:
    source = everything()
    parts = unzip(notice(source))
    part, old, new = FAULTS[aspect]
    assert old in parts[part]
    parts[part] = parts[part].replace(old, new)
    changed = {each.name for each in fidelity.report(source, rezip(parts)).aspects if not each.kept}
    assert aspect in changed


def test_a_report_of_a_document_without_the_source() -> None:
    with pytest.raises(Problems, match="no appended source 2"):
        fidelity.report(sources.source(), sources.source(), 2)


# -- on paper ----------------------------------------------------------------------------------------------------------


SHIFTING = ("section-types", "moved-and-deleted", "live-fields", "line-numbers", "contents")


@pytest.mark.rendered
def test_the_pages_of_a_source_look_as_they_did(
    notice: Callable[..., bytes], to_pdf: Callable[[Path], Path], tmp_path: Path
) -> None:
    """Paper, and where each word stands, page by page, but for features that do shift words.

    LibreOffice 7.4 prints deleted text, computes dates, counts headings in headers, numbers every line where one
    section has its lines numbered, and takes notes by their order, as 1, 2; its PDFs have no blank pages.
    """
    shifting = ("tracked-changes", "fields", "headers", "footnotes", *SHIFTING)
    source = sources.source(*(name for name in sources.FEATURES if name not in shifting))
    (tmp_path / "before.docx").write_bytes(source)
    (tmp_path / "after.docx").write_bytes(notice(source))
    before, after = (_words(to_pdf(tmp_path / name)) for name in ("before.docx", "after.docx"))
    pages = len(before)
    assert len(after) % 2 == 0, "版记 stands on an even page"
    assert "印发" in "".join(word for word, _x, _y in after[-1][1])
    for number, ((size, words), (joined_size, joined)) in enumerate(zip(before, after[1 : 1 + pages], strict=True), 1):
        assert size == joined_size
        moved = [word for word in words if not any(_same(word, other) for other in joined)]
        assert moved == [], f"page {number}"


@pytest.mark.rendered
def test_no_source_moves_anything_on_our_pages(
    notice: Callable[..., bytes], office_profile: Path, tmp_path: Path
) -> None:
    """Our first page and the one with 版记 are those of a notice with a plain source, whatever the source holds.

    A document with footnotes LibreOffice sets half a point higher.
    """
    names = [name for name in sources.FEATURES if name not in ("footnotes", "section-types")]
    features = {**{name: [name] for name in names}, "everything": names, "plain": []}
    paths = []
    for name, used in features.items():
        paths.append(tmp_path / f"{name}.docx")
        paths[-1].write_bytes(notice(sources.source(*used)))
    *made, plain = (_words(path) for path in to_pdfs(paths, tmp_path / "pdf", office_profile))
    imprint = [word for word, _x, _y in plain[-1][1]]
    for name, pages in zip(features, made, strict=False):
        assert pages[0] == plain[0], name
        assert [word for word, _x, _y in pages[-1][1]] == imprint, name


def _words(pdf: Path) -> list[tuple[tuple[int, int], list[tuple[str, float, float]]]]:
    with pdfplumber.open(pdf) as pages:
        return [
            ((round(page.width), round(page.height)), [(w["text"], w["x0"], w["top"]) for w in page.extract_words()])
            for page in pages.pages
        ]


def _same(one: tuple[str, float, float], other: tuple[str, float, float]) -> bool:
    """The same word, but for page and note numbers, within half a point of its place."""
    figures = re.compile(r"[\d①②]+")
    same_text = figures.sub("#", one[0]) == figures.sub("#", other[0])
    return same_text and abs(one[1] - other[1]) < 0.5 and abs(one[2] - other[2]) < 1


@pytest.mark.parametrize(("status", "mark"), [("sample", "样例"), ("draft", "送审稿"), ("issued", "")])
def test_every_page_of_a_source_bears_the_mark(status: str, mark: str, notice: Callable[..., bytes]) -> None:
    """Pages of a source that has no headers of its own bear ours; the issued document has none to give."""
    result = notice(sources.source("images"), status=status)
    parts, theirs = unzip(result), sections(result)[1]
    rels = etree.fromstring(parts["word/_rels/document.xml.rels"])
    relations = {one.get("Id", ""): one.get("Target", "") for one in rels}
    headers = [relations[one.get(f"{R}id") or ""].rpartition("/")[2] for one in theirs.findall(f"{W}headerReference")]
    texts = {"".join(etree.fromstring(parts[f"word/{name}"]).itertext()) for name in headers if "blank" not in name}
    assert texts == ({mark} if mark else set())
