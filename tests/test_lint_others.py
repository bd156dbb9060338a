"""Lint on documents as other offices make them: what is found is what the data says, and a repair loses nothing."""

from __future__ import annotations

import os
import random
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from fuzz import of_package
from lint.hand import CLEAN, HEITI, TITLE, Hand
from lxml import etree
from planted import rezip, unzip

from generator.base.problems import Problems
from generator.lint import fix, lint
from generator.lint.check import recognised
from generator.office.ooxml import W

DATA = Path(__file__).parent / "lint"
FORMULA = (
    '<m:oMathPara xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math">'
    "<m:oMath><m:r><m:t>x=1</m:t></m:r></m:oMath></m:oMathPara>"
)


LOOK = (
    '<w:rPr><w:rFonts w:ascii="Times New Roman" w:eastAsia="仿宋_GB2312"/>'
    '<w:spacing w:val="-5"/><w:sz w:val="32"/></w:rPr>'
)


def _cases() -> Iterator[tuple[list[tuple[str, str]], dict[str, str]]]:
    text = "\n".join(line for line in (DATA / "others.txt").read_text("utf-8").split("\n") if not line.startswith("#"))
    for block in re.split(r"\n\s*\n", text.strip()):
        pairs = [(kind, value) for kind, _colon, value in (line.partition(":") for line in block.split("\n"))]
        lines = [(kind, value.strip().replace("\\n", "\n")) for kind, value in pairs]
        told = ("finds", "official", "fixed")
        yield [each for each in lines if each[0] not in told], {k: v for k, v in lines if k in told}


CASES = list(_cases())


def made(lines: list[tuple[str, str]]) -> bytes:
    hand = Hand()
    for index, (kind, text) in enumerate(lines):
        before = lines[index - 1][0] if index else ""
        if kind in ("to", "attachment", "signed") and before not in ("blank", ""):
            hand.blank()
        _line(hand, kind, text)
    if any(kind == "head" for kind, _text in lines):
        hand.page_numbers()
    return hand.data()


def _line(hand: Hand, kind: str, text: str) -> None:
    if kind == "signed":
        hand.signed(*text.split(), sealed=False)
    elif kind == "blank":
        hand.blank()
    elif kind == "title":
        hand.title(text)
    elif kind.startswith("own "):
        _styled(hand, kind.removeprefix("own "), text)
    elif kind in ("formula", "symbol", "bookmark", "picture"):
        _holding(hand, kind, text)
    else:
        font, shape = {
            "to": ("", {}),
            "left": ("", {}),
            "h1": (HEITI, {"first": 630}),
            "body": ("", {"first": 630}),
            "item": ("", {"first": 630}),
            "more": ("", {"left": 1575}),
            "number": ("", {"align": "center"}),
            "centre": ("", {"align": "center"}),
            "right": ("", {"align": "right"}),
            "bare": (HEITI, {"align": "center"}),
            "head": (HEITI, {"new_page": True}),
            "attachment": (TITLE, {"align": "center"}),
        }[kind]
        size = 22 if kind in ("attachment", "bare") else 16
        hand.line_of(text, font, size, **shape) if font else hand.line_of(text, size=size, **shape)


def _styled(hand: Hand, style: str, text: str) -> None:
    """A paragraph in a style of the house's own, which says what it is."""
    known = [each.name for each in hand.document.styles]
    added = hand.document.styles[style] if style in known else hand.document.styles.add_style(style, 1)
    title = style.endswith(("标题名", "标题"))
    shape: dict[str, Any] = {"align": "center"} if title or style == "日期文号" else {}
    paragraph = hand.line_of(text, *((TITLE, 22) if title else ()), **shape)
    paragraph.style = added


def _holding(hand: Hand, kind: str, text: str) -> None:
    paragraph = hand.line_of(text, first=630)
    inner = {
        "formula": FORMULA,
        "symbol": f'<w:r>{LOOK}<w:sym w:font="Wingdings" w:char="F0FE"/></w:r>',
        "bookmark": '<w:bookmarkStart w:id="7" w:name="此处"/>',
        "picture": "<w:r><w:drawing/></w:r>",
    }[kind]
    for element in parse_xml(f"<w:p {nsdecls('w')}>{inner}</w:p>"):
        paragraph._p.append(element)
    if kind == "bookmark":
        paragraph._p.append(parse_xml(f'<w:bookmarkEnd {nsdecls("w")} w:id="7"/>'))


def _name(case: tuple[list[tuple[str, str]], dict[str, str]]) -> str:
    lines, told = case
    return f"{lines[-2 if len(lines) > 2 else 0][1][:12]}-{told.get('finds', 'no')}".replace("\n", " ")


@pytest.mark.parametrize("case", CASES, ids=_name)
def test_what_is_found_in_documents_of_others(case: tuple[list[tuple[str, str]], dict[str, str]]) -> None:
    lines, told = case
    data = made(lines)
    found = lint(data, "某.docx")
    assert recognised(data, "某.docx").official == ("official" not in told)
    assert sorted({one.code for one in found}) == sorted(told.get("finds", "").split()), [str(one) for one in found]


@pytest.mark.parametrize("case", CASES, ids=_name)
def test_a_repair_loses_nothing_and_brings_no_new_finding(case: tuple[list[tuple[str, str]], dict[str, str]]) -> None:
    lines, told = case
    data = made(lines)
    done = fix(data, "某.docx")
    assert inventory(done.data) == inventory(data)
    assert {one.code for one in lint(done.data, "某.docx")} <= set(told.get("finds", "").split())
    if "official" in told:
        assert done.data == data
    texts = [paragraph.bare for paragraph in recognised(done.data, "某.docx").paragraphs]
    assert "fixed" not in told or (
        told["fixed"] in texts and told["fixed"] in {change.after for change in done.changes}
    )


# -- nothing is lost ---------------------------------------------------------------------------------------------------

KEPT = {
    "drawing", "pict", "object", "oMath", "bookmarkStart", "bookmarkEnd", "commentReference", "footnoteReference",
    "endnoteReference", "sym", "ruby", "sdt", "hyperlink", "txbxContent", "tbl", "tc", "altChunk",
}  # fmt: skip
"""Elements that hold something besides text, or that something refers to."""
_FIGURES = re.compile("[\u4e00-\u9fff\u3400-\u4dbfA-Za-z1-9Ａ-Ｚａ-ｚ]")
"""What no repair of marks, widths, zeros and blanks takes away."""


def inventory(data: bytes) -> Counter[str]:
    """What must be the same before and after: letters and figures, elements that hold something, fields but pages'."""
    found: Counter[str] = Counter()
    for name, part in unzip(data).items():
        if not name.endswith(".xml") or not name.startswith("word/"):
            continue
        try:
            root = etree.fromstring(part)
        except etree.XMLSyntaxError:
            continue
        for element in root.iter(etree.Element):
            local = etree.QName(element).localname
            if local in KEPT:
                found[f"{name} {local} {element.get(f'{W}name', '')} {element.get(f'{W}id', '')}"] += 1
            elif local in ("instrText", "fldSimple"):
                code = element.get(f"{W}instr") or element.text or ""
                found[f"{name} field {code.split()[:1]}"] += code.split()[:1] not in ([], ["PAGE"])
            elif local in ("t", "delText") and not name.startswith("word/footer"):
                found.update(f"{name} {sign}" for sign in _FIGURES.findall(_narrow(element.text or "")))
            elif local == "t":
                found.update(f"footer {sign}" for sign in set(_FIGURES.findall(element.text or "")) - set("1第页"))
    return +found


def _narrow(text: str) -> str:
    return "".join(chr(ord(sign) - 0xFEE0) if "！" <= sign <= "～" else sign for sign in text)


FIELD = '<w:r><w:fldChar w:fldCharType="begin"/><w:instrText>{}</w:instrText><w:fldChar w:fldCharType="end"/></w:r>'
HOLDERS = [
    *(f"<w:p>{inner}</w:p>" for inner in (
        FORMULA,
        '<w:r><w:sym w:font="Wingdings" w:char="F0FE"/></w:r>',
        "<w:r><w:ruby><w:rt><w:r><w:t>yi</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>一</w:t></w:r></w:rubyBase></w:ruby></w:r>",
        '<w:bookmarkStart w:id="9" w:name="甲"/><w:bookmarkEnd w:id="9"/>',
        "<w:r><w:drawing/></w:r>",
        "<w:r><w:pict/></w:r>",
        FIELD.format("DATE"),
        "<w:r><w:rPr><w:vanish/></w:rPr><w:t>隐</w:t></w:r>",
        '<w:r><w:footnoteReference w:id="1"/></w:r>',
        '<w:ins w:id="8" w:author="a"><w:r><w:t>增</w:t></w:r></w:ins>',
        '<w:hyperlink w:anchor="甲"><w:r><w:t>链</w:t></w:r></w:hyperlink>',
        '<w:sdt><w:sdtContent><w:r><w:t>控</w:t></w:r></w:sdtContent></w:sdt>',
    )),
    "<w:tbl><w:tr><w:tc><w:p/></w:tc><w:tc><w:p/><w:p/></w:tc></w:tr></w:tbl>",
    "<w:p/>",
    "<w:p><w:pPr><w:jc w:val='center'/></w:pPr><w:r>"
    "<w:t>　1、某某,(一)\"甲\"...2026年03月01日（2026）5号</w:t></w:r></w:p>",
]  # fmt: skip
"""What is put between the paragraphs of a document: what holds something besides text, and what is repaired."""
FOOTERS = [
    "<w:r><w:t>电话 0000</w:t></w:r>",
    "<w:r><w:t>甲</w:t></w:r>",
    FIELD.format("NUMPAGES"),
    "<w:r><w:drawing/></w:r>",
]


def mutant(number: int) -> bytes:
    """A document by hand with things put between its paragraphs and beside its page numbers, and formats taken away."""
    chance = random.Random(number)
    parts = unzip(_clean(chance.choice(sorted(CLEAN))))
    root = etree.fromstring(parts["word/document.xml"])
    body = root[0]
    for _turn in range(chance.choice((1, 2, 4))):
        at = chance.randrange(len(body))
        for element in parse_xml(f"<w:body {nsdecls('w')}>{chance.choice(HOLDERS)}</w:body>"):
            body.insert(at, element)
    for _turn in range(chance.choice((0, 3, 20))):
        properties = [each for each in root.iter(f"{W}pPr", f"{W}rPr") if len(each)]
        gone = chance.choice(chance.choice(properties))
        if etree.QName(gone).localname != "sectPr":
            gone.getparent().remove(gone)
    for name in [name for name in parts if name.startswith("word/footer")]:
        if chance.random() < 0.3:
            footer = etree.fromstring(parts[name])
            for element in parse_xml(f"<w:p {nsdecls('w')}>{chance.choice(FOOTERS)}</w:p>"):
                footer[0].append(element)
            parts[name] = etree.tostring(footer)
    parts["word/document.xml"] = etree.tostring(root)
    return rezip(parts)


@cache
def _clean(name: str) -> bytes:
    return CLEAN[name]()


WHOLE_ROUND = "FAWEN_ROUND" in os.environ
"""A run tries a sample of the mutants; with FAWEN_ROUND set, all of them."""


@pytest.mark.parametrize("number", range(2000 if WHOLE_ROUND else 24))
def test_a_repair_loses_nothing_of_what_stands_in_a_document(number: int) -> None:
    data = mutant(number)
    assert inventory(fix(data, "某.docx").data) == inventory(data)


@pytest.mark.parametrize("number", range(500 if WHOLE_ROUND else 8))
def test_a_repair_of_what_is_broken_loses_nothing_either(number: int) -> None:
    parts = unzip(_clean("notice"))
    data = of_package(parts, random.Random(number))
    try:
        fixed = fix(data, "某.docx").data
    except Problems:
        return
    assert inventory(fixed) == inventory(data)


# -- page numbers in all their ways of writing -------------------------------------------------------------------------

SONG = '<w:rPr><w:rFonts w:ascii="宋体" w:hAnsi="宋体" w:eastAsia="宋体"/><w:sz w:val="28"/></w:rPr>'
DASH = f'<w:r>{SONG}<w:t xml:space="preserve">— </w:t></w:r>'
END_DASH = f'<w:r>{SONG}<w:t xml:space="preserve"> —</w:t></w:r>'
SHOWN = f"<w:r>{SONG}<w:t>1</w:t></w:r>"


def _marked(code: str, shown: str) -> str:
    marks = ("begin", "separate", "end")
    begin, separate, end = (f'<w:r><w:fldChar w:fldCharType="{mark}"/></w:r>' for mark in marks)
    written = "".join(f"<w:r><w:instrText>{piece}</w:instrText></w:r>" for piece in code.split("|"))
    return begin + written + (separate + shown if shown else "") + end


NUMBERS = {
    "simple": (f'<w:fldSimple w:instr="PAGE">{SHOWN}</w:fldSimple>', set()),
    "simple-switches": (f'<w:fldSimple w:instr=" page  \\* MERGEFORMAT">{SHOWN}</w:fldSimple>', set()),
    "marked": (_marked(" PAGE ", SHOWN), set()),
    "marked-in-pieces": (_marked(" PA|GE |\\* Arabic", SHOWN), set()),
    "in-a-control": (f"<w:sdt><w:sdtContent>{_marked('PAGE', SHOWN)}</w:sdtContent></w:sdt>", set()),
    "inserted": (f'<w:ins w:id="3" w:author="a">{_marked("PAGE", SHOWN)}</w:ins>', set()),
    "another-font": (_marked("PAGE", "<w:r><w:rPr><w:sz w:val='18'/></w:rPr><w:t>1</w:t></w:r>"), {"page-number-font"}),
    "no-number": (_marked("NUMPAGES", SHOWN), {"page-number-missing"}),
}


def numbered(number: str, *, box: tuple[int, int] | None = None) -> bytes:
    """A notice of several pages whose footers hold that number; in a text box that begins so many mm from the left."""
    hand = Hand()
    hand.title("关于开展检查的通知")
    hand.blank()
    hand.line_of("各学校：")
    hand.body(*["请认真组织，抓好落实。"] * 40)
    hand.blank()
    hand.signed("某某市教育局", "2026年3月9日", sealed=False)
    hand.page_numbers()
    parts = unzip(hand.data())
    names = sorted(name for name in parts if re.match(r"word/footer\d*\.xml", name))
    footers = {name: etree.fromstring(parts[name]) for name in names}
    for name, root in footers.items():
        paragraph = root.find(f"{W}p")
        assert paragraph is not None
        left = paragraph.find(f"{W}pPr/{W}jc").get(f"{W}val") == "left"
        for run in paragraph.findall(f"{W}r"):
            paragraph.remove(run)
        inner = DASH + number + END_DASH
        content = inner if box is None else _boxed(inner, box[0] if left else box[1])
        for element in parse_xml(f"<w:p {nsdecls('w', 'wp', 'a')} {WPS}>{content}</w:p>"):
            paragraph.append(element)
        parts[name] = etree.tostring(root)
    return rezip(parts)


WPS = 'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"'


def _boxed(inner: str, millimetres: int) -> str:
    return (
        f'<w:r><w:drawing><wp:anchor><wp:positionH relativeFrom="page">'
        f"<wp:posOffset>{millimetres * 36000}</wp:posOffset>"
        f'</wp:positionH><wp:extent cx="720000" cy="230000"/><a:graphic><a:graphicData><wps:wsp><wps:txbx>'
        f"<w:txbxContent><w:p>{inner}</w:p></w:txbxContent></wps:txbx></wps:wsp></a:graphicData></a:graphic>"
        "</wp:anchor></w:drawing></w:r>"
    )


@pytest.mark.parametrize(("number", "codes"), NUMBERS.values(), ids=NUMBERS)
def test_a_page_number_is_known_however_it_is_written(number: str, codes: set[str]) -> None:
    found = lint(numbered(number), "某.docx")
    assert {one.code for one in found} == codes, [str(one) for one in found]


@pytest.mark.parametrize(("left", "right", "codes"), [
    (30, 160, set()), (28, 164, set()), (95, 95, {"page-number-side"}), (160, 30, {"page-number-side"}),
])  # fmt: skip
def test_a_text_box_puts_the_page_number_on_its_side(left: int, right: int, codes: set[str]) -> None:
    data = numbered(_marked("PAGE", SHOWN), box=(left, right))
    assert {one.code for one in lint(data, "某.docx")} == codes
    assert fix(data, "某.docx").data == data


@pytest.mark.parametrize("inside", ["", "<w:tbl><w:tr><w:tc><w:p/><w:p/></w:tc></w:tr></w:tbl>"])
def test_paragraphs_count_as_word_counts_them(inside: str) -> None:
    hand = Hand()
    hand.title("关于开展检查的通知")
    hand.blank()
    hand.line_of("各学校：")
    hand.document.add_table(1, 2)
    hand.body("请照此办理。", font="宋体")
    hand.blank()
    hand.signed("某某市教育局", "2026年3月9日", sealed=False)
    parts = unzip(hand.data())
    root = etree.fromstring(parts["word/document.xml"])
    cell = next(root.iter(f"{W}tc"))
    for element in parse_xml(f"<w:body {nsdecls('w')}>{inside}</w:body>"):
        cell.insert(len(cell) - 1, element)
    data = rezip({**parts, "word/document.xml": etree.tostring(root)})
    assert [one.where.line for one in lint(data, "某.docx") if one.code == "body-font"] == [8 if inside else 6]
