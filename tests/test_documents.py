"""Documents from the front door: hostile values are literal, broken templates are named, sources are passed on."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import docx
import openpyxl
import planted
import pytest
from click.testing import Result
from lxml import etree

from generator.office.ooxml import W
from generator.word.template.templates import SHIPPED

Run = Callable[..., Result]
Folder = Callable[[Mapping[str, str | bytes]], Path]


def dispatch(**more: Any) -> dict[str, Any]:
    """The least dispatch that reports something; what is not said otherwise is plain."""
    return {
        "kind": "notice",
        "status": "issued",
        "date_of_issue": "2026-03-02",
        "issuing_authorities": ["某某省教育厅"],
        "title": "某某省教育厅关于报送材料的通知",
        "recipients": ["各市教育局"],
        "classes": {"city": "市教育局"},
        "body": "请认真组织。",
        **more,
    }


def written(spec: Mapping[str, Any], units: Iterable[Mapping[str, str]] = (), **files: str | bytes) -> dict[str, Any]:
    """The files of a dispatch folder; the spec as JSON, which is YAML too."""
    rows = list(units) or [{"code": "1", "name": "甲市教育局", "short_name": "甲市", "class": "city"}]
    roster = io.StringIO()
    table = csv.DictWriter(roster, list(rows[0]))
    table.writeheader()
    table.writerows(rows)
    return {"dispatch.yaml": json.dumps(spec, ensure_ascii=False), "units.csv": roster.getvalue(), **files}


def made(out: Path) -> dict[str, Path]:
    """The files of the one folder in `out`, by name."""
    (kit,) = [path for path in out.iterdir() if path.is_dir()]
    return {path.name: path for path in kit.iterdir()}


MARKS = {f"{W}br": "\n", f"{W}tab": "\t", f"{W}p": "\f"}


def word_text(path: Path) -> str:
    """All text of a .docx, in its order, with line breaks and tabs."""
    texts = []
    with zipfile.ZipFile(path) as package:
        for name in package.namelist():
            if name.startswith("word/") and name.endswith(".xml"):
                for element in etree.fromstring(package.read(name)).iter(*MARKS, f"{W}t"):
                    if element.getparent().tag != f"{W}tabs":
                        texts.append(MARKS.get(str(element.tag)) or element.text or "")
    return "".join(texts)


def sheet_text(path: Path) -> str:
    """All text of an .xlsx; no cell but a total may hold a formula."""
    texts = []
    for sheet in openpyxl.load_workbook(path):
        for cell in (cell for row in sheet.iter_rows() for cell in row if cell.value is not None):
            assert cell.data_type != "f" or str(cell.value).startswith("=SUM("), cell
            texts.append(str(cell.value))
    return "\f".join(texts)


# -- hostile values ----------------------------------------------------------------------------------------------------

HOSTILE = {
    "markup": "&<b>&amp;</w:t>]]>",
    "jinja": "{{ 7*7 }}{% raw %}{# x #}{_{ {{p body }}",
    "format": "{0}{1}%s$1\\g<0>",
    "quotes": "\"''“’\\",
    "formula": "=1+1",
    "at": "'@x",
    "breaks": "一\n二\t三",
    "emoji": "😀👩‍🏫",
    "rare": "𠮷𬺈",
    "long": "很长的文字" * 60,
}
NOTICE, CHECKLIST, FORMS = "notice", "checklist", "forms"
PLACES = {
    "机关": {NOTICE},
    "标题": {NOTICE, CHECKLIST},
    "抄送": {NOTICE},
    "正文": {NOTICE},
    "电话人": {NOTICE, CHECKLIST},
    "附注": {NOTICE},
    "某表": {NOTICE, CHECKLIST, FORMS},
    "栏目": {NOTICE, FORMS},
    "选项": {NOTICE, FORMS},
    "材料": {NOTICE, CHECKLIST},
    "所报": {NOTICE},
    "报送处": {NOTICE, CHECKLIST},
    "单位": {CHECKLIST, FORMS},
    "简称": {CHECKLIST},
    "名额": {FORMS},
}
"""Every place of a dispatch, by the word that ends its value, and the documents that show it."""

BROKEN_BY_LAYOUT = {"标题", "机关", "主送", "抄送", "某表"}


def hostile_dispatch(value: str, address: str) -> dict[str, Any]:
    body = value.replace("\n", "").replace("\t", "").replace("\\", "\\\\").replace("{{", "\\{{") + "正文"
    body += "：{{ forms.f }}、{{ evidence.e }}、{{ deadlines.d.what }}报{{ deadlines.d.to }}。"
    body += "{{ unit.name }}{{ unit.名额 }}" if address == "unit" else ""
    spec = dispatch(
        address=address,
        issuing_authorities=[f"{value}机关"],
        title=f"{value}标题",
        recipients=[f"{value}主送"],
        carbon_copy=[f"{value}抄送"],
        body=f"{body}\n",
        contacts=[{"name": f"{value}电话人"}],
        annotations=[f"{value}附注"],
        event={"name": f"{value}活动"},
        deadlines={"d": {"due": "2026-04-01", "what": f"{value}所报", "to": f"{value}报送处"}},
        forms={
            "f": {
                "title": f"{value}某表",
                "due": "d",
                "fields": [
                    {"name": "a", "title": f"{value}栏目", "categories": [f"{value}选项", "乙"]},
                    {"name": "b", "title": "名额", "prefill": "名额"},
                ],
            }
        },
        evidence={"e": {"title": f"{value}材料", "due": "d"}},
    )
    unit = {"code": "1", "name": f"{value}单位", "short_name": f"{value}简称", "class": "city", "名额": f"{value}名额"}
    return written(spec, [unit])


@pytest.mark.parametrize("address", ["all", "unit"])
@pytest.mark.parametrize("value", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_value_comes_out_literally(
    run: Run, dispatch_folder: Folder, tmp_path: Path, value: str, address: str
) -> None:
    folder, out = dispatch_folder(hostile_dispatch(value, address)), tmp_path / "out"
    said = run("batch", folder, "-o", out)
    assert said.exit_code == 0, said.output
    entries = json.loads((out / "manifest.json").read_bytes())["files"]
    assert sorted(entry["kind"] for entry in entries) == [CHECKLIST, FORMS, FORMS, NOTICE]
    own = {"单位", "名额"} if address == "unit" else {"主送"}
    places = PLACES | {place: PLACES.get(place, set()) | {NOTICE} for place in own}
    for entry in entries:
        path = out / entry["file"]
        text = word_text(path) if path.suffix == ".docx" else sheet_text(path)
        missing = [place for place in places if entry["kind"] in places[place] and not shows(text, value, place)]
        assert missing == [], path.name


def shows(text: str, value: str, place: str) -> bool:
    """Whether the value stands there as it is; where the layout breaks lines by itself, but for the blanks."""
    if place == "正文":
        value = value.replace("\n", "").replace("\t", "")
    if place in BROKEN_BY_LAYOUT:
        return "".join((value + place).split()) in "".join(text.split())
    return value + place in text


# -- templates ---------------------------------------------------------------------------------------------------------


def template_with(name: str, *paragraphs: str) -> bytes:
    """A shipped template with more paragraphs in front, as somebody edited it in Word."""
    document = docx.Document(str(SHIPPED / name))
    first = document.paragraphs[0]
    for text in paragraphs:
        first.insert_paragraph_before(text)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


REPORTING = dispatch(
    templates="own",
    forms={"f": {"title": "某表", "fields": [{"name": "a", "title": "甲"}]}},
    body="填写{{ forms.f }}。",
)
FAULTS = {
    "a tag not closed": ("共{{ title 份", "a tag is opened here and not closed in its paragraph"),
    "a condition not closed": ("共{% if title 份", "a tag is opened here and not closed in its paragraph"),
    "a block not closed": ("{% if title %}共", "{% if %} begins here and never ends"),
    "an unknown name": ("共{{ titel }}份", "unknown name {{ titel }}"),
    "a call": ("共{{ title.upper() }}份", "Call is not allowed in a template"),
    "a hidden name": ("共{{ title.__class__ }}份", "names beginning with an underscore are not allowed in a template"),
    "a filter": ("共{{ title|xmlattr }}份", "the filter xmlattr is not allowed in a template"),
    "an include": ("{% include 'x' %}份", "Include is not allowed in a template"),
}


@pytest.mark.parametrize("template", ["notice-letter.docx", "checklist.docx", "form.docx"])
@pytest.mark.parametrize(("text", "message"), FAULTS.values(), ids=FAULTS)
def test_a_broken_template_is_told_by_part_paragraph_and_words(
    run: Run, dispatch_folder: Folder, tmp_path: Path, template: str, text: str, message: str
) -> None:
    files = {f"own/{template}": template_with(template, "第一段", text)}
    folder = dispatch_folder({**written(REPORTING), **files})
    said = run("check", folder)
    assert said.exit_code == 1
    assert f"{template}: error: word/document.xml, paragraph 2 “{text}”: {message}" in said.output, said.output
    refused = run("batch", folder, "-o", tmp_path / "out")
    assert refused.exit_code == 1
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("template", ["notice-letter.docx", "checklist.docx", "form.docx"])
def test_paragraphs_are_counted_as_they_stand_in_the_template(run: Run, dispatch_folder: Folder, template: str) -> None:
    document = docx.Document(str(SHIPPED / template))
    document.add_paragraph("{{ titel }}")
    number = len(list(document.element.body.iter(f"{W}p")))
    edited = io.BytesIO()
    document.save(edited)
    folder = dispatch_folder({**written(REPORTING), f"own/{template}": edited.getvalue()})
    place = f"word/document.xml, paragraph {number} “{{{{ titel }}}}”: unknown name"
    assert place in run("check", folder).output


def test_every_fault_of_a_template_is_told_at_once(run: Run, dispatch_folder: Folder) -> None:
    template = template_with("notice-letter.docx", "{{ one }}", "{{ title }}", "{{ two }}")
    folder = dispatch_folder({**written(dispatch(templates="own")), "own/notice-letter.docx": template})
    problems = json.loads(run("check", folder, "--json").stdout)["problems"]
    found = [problem["message"].partition(": ")[0] for problem in problems if problem["code"] == "template"]
    assert found == ["word/document.xml, paragraph 1 “{{ one }}”", "word/document.xml, paragraph 3 “{{ two }}”"]


def test_a_template_of_ones_own_takes_the_place_of_the_shipped_one(
    run: Run, dispatch_folder: Folder, tmp_path: Path
) -> None:
    template = template_with("notice-letter.docx", "本厅格式：{{ title }}")
    folder = dispatch_folder({**written(dispatch(templates="own")), "own/notice-letter.docx": template})
    assert run("batch", folder, "-o", tmp_path / "out").exit_code == 0
    text = word_text(made(tmp_path / "out")["某某省教育厅关于报送材料的通知.docx"])
    assert "本厅格式：某某省教育厅关于报送材料的通知" in text


NO_TEMPLATES = {
    "no zip": (b"not a zip", "this is no .docx or .xlsx file, whatever its name says"),
    "no Word": (planted.rezip(planted.excel_parts()), "this is no Word document, whatever its name says"),
}


@pytest.mark.parametrize(("data", "message"), NO_TEMPLATES.values(), ids=NO_TEMPLATES)
@pytest.mark.parametrize("template", ["notice-letter.docx", "checklist.docx", "form.docx"])
def test_a_template_that_is_no_word_document_is_refused(
    run: Run, dispatch_folder: Folder, template: str, data: bytes, message: str
) -> None:
    said = run("check", dispatch_folder({**written(REPORTING), f"own/{template}": data}))
    assert said.exit_code == 1
    assert f"{template}: error: {message}" in said.output


# -- what is passed on -------------------------------------------------------------------------------------------------

SOURCE = {
    "issuing_authorities": ["某某部"],
    "title": "关于加强管理的意见",
    "document_number": "某部发〔2026〕1号",
}
OWN = "某某省教育厅转发某某部关于加强管理意见的通知"


def forwarded(folder: Folder, run: Run, out: Path, source: Mapping[str, Any], **more: Any) -> dict[str, Path]:
    """The kit of a dispatch that passes one source on."""
    spec = dispatch(kind="forward", sources={"s": {**SOURCE, **source}}, **more)
    del spec["title"]
    files = written(
        spec, **{"来文.txt": "关于加强管理的意见\n\n各省教育厅：\n\n要加强管理。\n", "章.pdf": b"%PDF-1.7 sealed"}
    )
    said = run("batch", folder(files), "-o", out)
    assert said.exit_code == 0, said.output
    return made(out)


def paragraphs(path: Path) -> list[str]:
    return [part.replace("\n", "") for part in word_text(path).split("\f") if part]


def test_the_issued_file_takes_the_place_of_the_notice(run: Run, dispatch_folder: Folder, tmp_path: Path) -> None:
    files = forwarded(dispatch_folder, run, tmp_path / "out", {"attach": "listed"}, issued_file="章.pdf")
    assert {name: path.read_bytes() for name, path in files.items()} == {f"{OWN}.pdf": b"%PDF-1.7 sealed"}


def test_a_source_beside_is_the_same_bytes(run: Run, dispatch_folder: Folder, tmp_path: Path) -> None:
    files = forwarded(dispatch_folder, run, tmp_path / "out", {"attach": "beside", "file": "来文.txt"})
    assert set(files) == {f"{OWN}.docx", "关于加强管理的意见.txt"}
    assert files["关于加强管理的意见.txt"].read_bytes() == (tmp_path / "dispatch" / "来文.txt").read_bytes()
    assert "要加强管理。" not in word_text(files[f"{OWN}.docx"])


def test_a_source_appended_follows_the_date_and_is_no_attachment(
    run: Run, dispatch_folder: Folder, tmp_path: Path
) -> None:
    files = forwarded(dispatch_folder, run, tmp_path / "out", {"attach": "append", "file": "来文.txt"})
    assert set(files) == {f"{OWN}.docx"}
    text = paragraphs(files[f"{OWN}.docx"])
    assert text.index("2026年3月2日") < text.index("关于加强管理的意见") < text.index("要加强管理。")
    assert not any(paragraph.startswith("附件") for paragraph in text)


def test_a_numbered_source_is_the_first_attachment(run: Run, dispatch_folder: Folder, tmp_path: Path) -> None:
    form = {"f": {"title": "某表", "fields": [{"name": "a", "title": "甲"}]}}
    source = {"attach": "append", "file": "来文.txt", "numbered": True}
    files = forwarded(dispatch_folder, run, tmp_path / "out", source, forms=form, body="填写{{ forms.f }}。")
    text = paragraphs(files[f"{OWN}.docx"])
    assert text.index("附件：1.关于加强管理的意见") + 1 == text.index("2.某表")
    assert text[text.index("附件1") + 1] == "关于加强管理的意见"
    assert text[text.index("附件2") + 1] == "某表"
    assert "现将某某部《关于加强管理的意见》（某部发〔2026〕1号，附件1）转发给你们" in "".join(text)
    assert "填写《某表》（附件2）。" in text


@pytest.mark.parametrize("body", ["请认真组织。", "请认真组织。来文见{{ sources.s.url }}。"])
def test_a_link_is_given_once(run: Run, dispatch_folder: Folder, tmp_path: Path, body: str) -> None:
    url = "https://www.example.gov.cn/a.html?x=1&y=2"
    files = forwarded(dispatch_folder, run, tmp_path / "out", {"attach": "link", "url": url}, body=body)
    assert set(files) == {f"{OWN}.docx"}
    assert word_text(files[f"{OWN}.docx"]).replace("\n", "").count(url) == 1


def test_a_listed_source_is_named_and_nothing_more(run: Run, dispatch_folder: Folder, tmp_path: Path) -> None:
    files = forwarded(dispatch_folder, run, tmp_path / "out", {"attach": "listed"})
    text = word_text(files[f"{OWN}.docx"])
    assert set(files) == {f"{OWN}.docx"}
    assert text.count("《关于加强管理的意见》（某部发〔2026〕1号）") == 1


# -- where a page ends -------------------------------------------------------------------------------------------------


def test_no_line_of_a_joint_title_ends_inside_an_issuer(run: Run, dispatch_folder: Folder, tmp_path: Path) -> None:
    names = ["某某省教育厅", "某某省人力资源和社会保障厅", "某某省财政厅"]
    title = f"{' '.join(names)}关于开展实训基地建设情况调查的通知"
    spec = dispatch(issuing_authorities=names, title=title, layout="document")
    assert run("batch", dispatch_folder(written(spec)), "-o", tmp_path / "out").exit_code == 0
    (path,) = made(tmp_path / "out").values()
    (printed,) = [part for part in word_text(path).split("\f") if part.endswith("调查的通知")]
    assert len(printed.split("\n")) == 3
    assert all(any(name in line for line in printed.split("\n")) for name in names)


def test_body_text_stands_on_the_page_of_the_signature(run: Run, dispatch_folder: Folder, tmp_path: Path) -> None:
    form = {"f": {"title": "某表", "fields": [{"name": "a", "title": "甲"}], "formats": ["docx"]}}
    alone = []
    for number in range(14):
        out = tmp_path / str(number)
        spec = dispatch(forms=form, body="\n\n".join(["请认真组织。"] * number + ["填写{{ forms.f }}。"]))
        assert run("notice", dispatch_folder(written(spec)), "-o", out).exit_code == 0
        document = docx.Document(str(made(out)["某某省教育厅关于报送材料的通知.docx"]))
        begins = [part.text for part in document.paragraphs if part.paragraph_format.page_break_before]
        alone += [text for text in begins if text.startswith("附件：")]
        assert len(begins) <= 2
    assert alone == []


def test_a_draft_leaves_number_day_and_day_of_print_open(run: Run, dispatch_folder: Folder, tmp_path: Path) -> None:
    spec = dispatch(
        status="draft", layout="document", document_number="某教发〔2026〕9号", imprint={"printing_authority": "某办"}
    )
    assert run("batch", dispatch_folder(written(spec)), "-o", tmp_path / "out").exit_code == 0
    text = word_text(made(tmp_path / "out")["某某省教育厅关于报送材料的通知.docx"])
    assert all(words in text for words in ("某教发〔2026〕　号", "2026年3月　日", "2026年3月　日印发", "送审稿"))
    assert "9号" not in text
    assert "2日" not in text


# -- checklists --------------------------------------------------------------------------------------------------------


def checklist(run: Run, folder: Folder, out: Path, **more: Any) -> Any:
    """The checklist of 甲市, read back."""
    run("checklist", folder(written(dispatch(**more))), "--unit", "1", "--out", out)
    return docx.Document(str(made(out)["甲市-报送材料清单.docx"]))


def cells(document: Any) -> list[dict[str, str]]:
    """The rows of the table, each by its heads."""
    heads, *rows = [[cell.text for cell in row.cells] for row in document.tables[0].rows]
    return [dict(zip(heads, row, strict=True)) for row in rows]


def below(document: Any) -> list[str]:
    return [paragraph.text for paragraph in document.paragraphs]


LONG_CONTACT = {
    "role": "某某省教育厅职业教育处",
    "name": ["王某某", "李某某"],
    "phone": ["（000）0000 0000", "（000）0000 0001"],
    "fax": "（000）0000 0002",
    "email": "a@example.gov.cn",
    "address": "某某市某某路1号",
    "group": "某某群000000000",
}
EVIDENCE = {"a": {"title": "方案", "due": "early"}, "b": {"title": "总结", "due": "late"}}
DUE = {"early": {"due": "2026-04-01"}, "late": {"due": "2026-05-06", "channel": ["电子邮箱"]}}


def test_each_contact_begins_a_line_and_no_fact_is_broken(run: Run, dispatch_folder: Folder, tmp_path: Path) -> None:
    contacts = [LONG_CONTACT, {"name": "赵某某", "phone": "（000）0000 0003"}]
    document = checklist(run, dispatch_folder, tmp_path / "out", evidence=EVIDENCE, deadlines=DUE, contacts=contacts)
    lines = below(document)
    first = next(number for number, line in enumerate(lines) if line.startswith("联系人："))
    assert (
        lines[first]
        == "联系人：王某某、李某某（某某省教育厅职业教育处）　　联系电话：（000）0000 0000、（000）0000 0001"
    )
    assert lines[first + 1].startswith("　　传真：（000）0000 0002　　电子邮箱：a@example.gov.cn")
    assert "联系人：赵某某　　联系电话：（000）0000 0003" in lines


@pytest.mark.parametrize(
    ("early", "late", "line", "channels"),
    [
        ({}, {}, "报送至：某某省教育厅", ["", "电子邮箱"]),
        ({"to": "职教处"}, {"to": "职教处"}, "报送至：职教处", ["", "电子邮箱"]),
        ({"to": "职教处"}, {"to": "财务处"}, "", ["职教处", "财务处（电子邮箱）"]),
        ({}, {"to": "财务处"}, "", ["某某省教育厅", "财务处（电子邮箱）"]),
    ],
)
def test_who_receives_what(
    run: Run, dispatch_folder: Folder, tmp_path: Path, early: Any, late: Any, line: str, channels: list[str]
) -> None:
    document = checklist(
        run,
        dispatch_folder,
        tmp_path / "out",
        issuing_authorities=["某某省教育厅", "某某省财政厅"],
        evidence=EVIDENCE,
        deadlines={"early": DUE["early"] | early, "late": DUE["late"] | late},
    )
    assert [row["报送渠道"] for row in cells(document)] == channels
    assert [text for text in below(document) if text.startswith("报送至")] == ([line] if line else [])


def test_numbered_files_are_named_by_a_pattern_that_shows_its_number(
    run: Run, dispatch_folder: Folder, tmp_path: Path
) -> None:
    evidence = {
        "a": {"title": "视频", "due": "early", "naming": "{unit}-{title}{n}"},
        "b": {"title": "照片", "due": "early", "count": {"min": 2}},
        "c": {"title": "总结", "due": "early", "count": {"exact": 1}},
    }
    document = checklist(run, dispatch_folder, tmp_path / "out", evidence=evidence, deadlines=DUE)
    assert [row["文件命名"] for row in cells(document)] == ["甲市-视频（序号）", "甲市-照片（序号）", "甲市-总结"]


def test_columns_of_a_checklist_are_as_wide_as_dates_and_quantities_need(
    run: Run, dispatch_folder: Folder, tmp_path: Path
) -> None:
    long = "承担试点任务的单位提供，数量按照分配的名额确定，不占其他名额"
    evidence = {
        "a": {
            "title": "关于开展活动情况的书面总结材料和有关附件",
            "due": "early",
            "unit_of_measure": "个",
            "count": {"min": 2},
        },
        "b": {"title": "典型案例", "due": "late", "condition": long, "words": {"max": 3000}, "parts": ["做法", "成效"]},
    }
    deadlines = {"early": {"due": "2026-04-24", "weekday": True}, "late": DUE["late"]}
    document = checklist(run, dispatch_folder, tmp_path / "out", evidence=evidence, deadlines=deadlines)
    rows = cells(document)
    assert rows[0]["报送期限"] == "4月24日（星期五）前"
    widths = dict(zip(rows[0], (int(column.get(f"{W}w")) for column in document.tables[0]._tbl.tblGrid), strict=True))
    assert sum(widths.values()) == 13890
    for head, text in (("报送期限", "4月24日（星期五）前"), ("数量", "不少于2个"), ("序号", "序号"), ("已备", "已备")):
        ems = sum(0.5 if character.isascii() else 1 for character in text) + 0.2 * sum(map(str.isdecimal, text))
        assert widths[head] >= ems * 240 + 114, head
    first, second = document.tables[0].rows[0], document.tables[0].rows[1]
    for row in (first, second):
        assert [cell.width.twips for cell in row.cells] == list(widths.values())
