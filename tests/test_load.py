"""Loading: a folder becomes a typed dispatch with the place of each value; junk becomes problems, never a traceback."""

from __future__ import annotations

import datetime as dt
import io
import json
import re
import tempfile
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.base.problems import Problems, Where
from generator.dispatch.load import load_dispatch
from generator.dispatch.schema import json_schema, key_table
from generator.dispatch.spec import EVERY_CLASS, Spec

SPEC = "issuing_authorities: 某厅\nrecipients: 各市人社局\nclasses: {school: 技工院校, prefecture: {title: 盟市}}\n"
ROSTER = (
    "单位代码,单位全称,简称,类别,主送/抄送,联系电话,名额\n001,甲市人社局,甲市,盟市,主送,010,3\n002,乙校,,school,cc,,\n"
)


def folder_of(folder: Path, **files: str | bytes) -> Path:
    """A dispatch folder; `units_csv="…"` is its units.csv."""
    for name, content in {"dispatch_yaml": SPEC, **files}.items():
        data = content if isinstance(content, bytes) else content.encode()
        (folder / name.replace("_", ".")).write_bytes(data)
    return folder


def codes_of(folder: Path) -> list[str]:
    with pytest.raises(Problems) as caught:
        load_dispatch(folder)
    return [problem.code for problem in caught.value.problems]


def workbook(*rows: list[Any]) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def test_smallest_dispatch(tmp_path: Path) -> None:
    dispatch = load_dispatch(folder_of(tmp_path))
    assert [authority.name for authority in dispatch.spec.issuing_authorities] == ["某厅"]
    assert (dispatch.units, dispatch.body, dict(dispatch.files), dispatch.name) == ((), "", {}, tmp_path.name)


def test_folder_and_file_are_the_same(tmp_path: Path) -> None:
    folder_of(tmp_path, units_csv=ROSTER, body_md="# 要求\n")
    assert load_dispatch(tmp_path) == load_dispatch(tmp_path / "dispatch.yaml")


def test_scalars_are_text_until_the_model_types_them(tmp_path: Path) -> None:
    spec = load_dispatch(
        folder_of(
            tmp_path,
            dispatch_yaml=SPEC
            + """
title: no
copy_number: 000123
date_of_issue: 2026-07-24
deadlines:
  a: {due: 2026-09-10 17:00, weekday: true}
  b: {due: {daily: 12:30}}
forms: {s: {title: on, version: 2025.10}}
evidence: {v: {title: 1e3, count: 2, duration: {max: PT5M}}, w: {title: x, count: {school: {min: 1}}}}
""",
        )
    ).spec
    assert (spec.title, spec.copy_number, spec.date_of_issue) == ("no", "000123", dt.date(2026, 7, 24))
    assert (spec.deadlines["a"].due.time, spec.deadlines["a"].weekday) == (dt.time(17), True)
    assert spec.deadlines["b"].due.daily == dt.time(12, 30)
    assert (spec.forms["s"].title, spec.forms["s"].version) == ("on", "2025.10")
    video, other = spec.evidence["v"], spec.evidence["w"]
    assert video.title == "1e3"
    assert video.duration
    assert video.duration.max == dt.timedelta(minutes=5)
    assert video.count
    assert video.count[EVERY_CLASS].exact == 2
    assert other.count
    assert other.count["school"].min == 1


@pytest.mark.parametrize("text", ["R&D部门", "a<b", "{{ 7*7 }}", "{% for %}", "]]>", "=1+1", "<w:t>", "a：b"])
def test_signs_are_only_text(text: str, tmp_path: Path) -> None:
    files = {"units_csv": f'code,name,class\n1,"{text}",盟市\n', "body_md": text}
    dispatch = load_dispatch(folder_of(tmp_path, dispatch_yaml=f"{SPEC}title: {json.dumps(text)}\n", **files))
    assert (dispatch.spec.title, dispatch.units[0].name, dispatch.body) == (text, text, text)


# -- places ------------------------------------------------------------------------------------------------------------


def test_places(tmp_path: Path) -> None:
    text = SPEC + "event:\n  name: 甲\ncontacts:\n  - {name: [乙, 丙]}\n"
    dispatch = load_dispatch(folder_of(tmp_path, dispatch_yaml=text, units_csv=ROSTER))
    assert dispatch.where("event", "name") == Where("dispatch.yaml", 5, 9)
    assert dispatch.where("event") == dispatch.where("event", "start") == Where("dispatch.yaml", 4, 1)
    assert dispatch.where("contacts", 0, "name", 1) == Where("dispatch.yaml", 7, 16)
    assert dispatch.where("units", 1, "name") == Where("units.csv", 3, 2)
    assert dispatch.where("units", 0, "名额") == Where("units.csv", 2, 7)
    assert dispatch.where("units", 1) == Where("units.csv", 3, 1)


def test_body_from_its_file(tmp_path: Path) -> None:
    dispatch = load_dispatch(folder_of(tmp_path, body_md="\ufeff# 一\r\n正文\r\n".encode()))
    assert (dispatch.body, dispatch.body_file, dispatch.body_line) == ("# 一\n正文\n", "body.md", 1)


@pytest.mark.parametrize(
    ("written", "body", "line"), [("body: |\n  # 一\n  正文\n", "# 一\n正文\n", 5), ("body: 正文\n", "正文", 4)]
)
def test_body_in_the_spec(written: str, body: str, line: int, tmp_path: Path) -> None:
    dispatch = load_dispatch(folder_of(tmp_path, dispatch_yaml=SPEC + written, body_md="不用"))
    assert (dispatch.body.strip(), dispatch.body_file, dispatch.body_line) == (body.strip(), "dispatch.yaml", line)


def test_files_that_the_spec_names(tmp_path: Path) -> None:
    text = (
        SPEC + "sources: {m: {title: 甲, file: s.docx}}\nattachments: [{title: 乙, file: 附.pdf}]\nissued_file: i.pdf\n"
    )
    (tmp_path / "附.pdf").write_bytes(b"3")
    dispatch = load_dispatch(folder_of(tmp_path, dispatch_yaml=text, s_docx=b"1", i_pdf=b"2"))
    assert dispatch.files == {"s.docx": b"1", "附.pdf": b"3", "i.pdf": b"2"}


def test_link_that_leads_out_of_the_folder(tmp_path: Path) -> None:
    inside = tmp_path / "a"
    inside.mkdir()
    (tmp_path / "b.docx").write_bytes(b"1")
    (inside / "s.docx").symlink_to(tmp_path / "b.docx")
    assert codes_of(folder_of(inside, dispatch_yaml=SPEC + "issued_file: s.docx\n")) == ["outside-folder"]


# -- roster ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_roster_csv(encoding: str, tmp_path: Path) -> None:
    first, second = load_dispatch(folder_of(tmp_path, units_csv=ROSTER.encode(encoding))).units
    assert (first.code, first.name, first.short_name, first.class_) == ("001", "甲市人社局", "甲市", "prefecture")
    assert (first.role, first.phone, first.columns) == ("主送", "010", {"名额": "3"})
    assert (second.short_name, second.class_, second.role, second.phone) == ("乙校", "school", "抄送", None)
    assert second.columns == {"名额": ""}


def test_roster_xlsx(tmp_path: Path) -> None:
    rows = [
        ["单位代码", "单位名称", "类别", "日期", "数"],
        [150100, "甲", "盟市", dt.datetime(2026, 9, 10), 1.5],
        [],
        [150200.0, "乙", "school"],
    ]
    units = load_dispatch(folder_of(tmp_path, units_xlsx=workbook(*rows))).units
    assert [(unit.code, unit.name, unit.class_) for unit in units] == [
        ("150100", "甲", "prefecture"),
        ("150200", "乙", "school"),
    ]
    assert units[0].columns == {"日期": "2026-09-10", "数": "1.5"}


def test_roster_line_of_a_cell_with_line_ends(tmp_path: Path) -> None:
    text = 'code,name,class,注\n1,甲,盟市,"a\nb"\n1,乙,盟市,\n'
    with pytest.raises(Problems) as caught:
        load_dispatch(folder_of(tmp_path, units_csv=text))
    assert [(p.code, p.where.line) for p in caught.value.problems] == [("doubled-code", 4)]


def test_roster_without_classes(tmp_path: Path) -> None:
    text = "issuing_authorities: 某厅\nrecipients: 各市\n"
    folder_of(tmp_path, dispatch_yaml=text, units_csv="code,name\n1,甲\n")
    assert load_dispatch(tmp_path).units[0].class_ == EVERY_CLASS


def test_units_in_the_spec(tmp_path: Path) -> None:
    text = SPEC + "units:\n  - {code: 001, name: 甲, class: 盟市}\n"
    (unit,) = load_dispatch(folder_of(tmp_path, dispatch_yaml=text)).units
    assert (unit.code, unit.short_name, unit.class_) == ("001", "甲", "prefecture")


def test_formula_without_a_value(tmp_path: Path) -> None:
    rows = [["code", "name", "class"], [1, "=A1", "盟市"], ["#N/A", "甲", "盟市"]]
    assert codes_of(folder_of(tmp_path, units_xlsx=workbook(*rows))) == ["roster-formula", "roster-formula"]


def bomb() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", b"<Types/>")
        archive.writestr("xl/workbook.xml", b" " * 40_000_000)
    return stream.getvalue()


def with_doctype() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("[Content_Types].xml", b"<Types/>")
        archive.writestr("xl/workbook.xml", b'<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>')
    return stream.getvalue()


def far_cell() -> bytes:
    """A sheet whose one cell stands in the last column of the last row, which a reader that fills gaps never leaves."""
    source, stream = zipfile.ZipFile(io.BytesIO(workbook(["code", "name", "class"]))), io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for member in source.namelist():
            data = source.read(member)
            if member.endswith("sheet1.xml"):
                cell = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
                data = data.replace(b"</sheetData>", cell)
            archive.writestr(member, data)
    return stream.getvalue()


BAD_BOOKS = {
    "text": (b"code,name", "file-not-office"),
    "empty": (b"", "file-not-office"),
    "xls": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "file-ole2"),
    "cut": (workbook(["code"])[:-40], "file-damaged"),
    "bomb": (bomb(), "file-hostile"),
    "doctype": (with_doctype(), "file-hostile"),
    "large": (b"PK" * 3_000_000, "too-large"),
}


@pytest.mark.parametrize(("content", "code"), BAD_BOOKS.values(), ids=BAD_BOOKS.keys())
def test_bad_workbook(content: bytes, code: str, tmp_path: Path) -> None:
    assert codes_of(folder_of(tmp_path, units_xlsx=content)) == [code]


def test_workbook_with_a_cell_in_the_last_row_and_column(tmp_path: Path) -> None:
    assert codes_of(folder_of(tmp_path, units_xlsx=far_cell())) == ["too-large"]


def test_workbook_with_too_many_columns(tmp_path: Path) -> None:
    assert codes_of(folder_of(tmp_path, units_xlsx=workbook([*range(250)]))) == ["too-large"]


# -- junk --------------------------------------------------------------------------------------------------------------

KEYS = st.sampled_from(
    [*Spec.model_fields, "due", "name", "title", "count", "min", "school", "标题", "x", "file", "fields"]
)
LEAVES = st.one_of(
    st.text(max_size=8),
    st.sampled_from(["2026-09-10", "5", "true", "units.csv", "", "body.md"]),
    st.none(),
    st.integers(),
)
TREES = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4), max_leaves=20
)


def loads_or_reports(data: bytes) -> None:
    """Every outcome but these two fails: a dispatch, or problems that each have a place and can be printed."""
    problems = None
    with tempfile.TemporaryDirectory() as folder:
        try:
            load_dispatch(folder_of(Path(folder), dispatch_yaml=data))
        except Problems as found:
            problems = found.problems
    if problems is not None:
        assert problems
        assert all(problem.where.file and str(problem).encode() for problem in problems)


@settings(deadline=None, max_examples=150)
@given(st.binary(max_size=60) | st.text("[]{}:,-&*!|>'\"%@`?# \n\tab：", max_size=40).map(str.encode))
def test_any_bytes(data: bytes) -> None:
    loads_or_reports(data)


@settings(deadline=None, max_examples=300)
@given(st.dictionaries(KEYS, TREES, max_size=5))
def test_any_tree(tree: dict[str, Any]) -> None:
    loads_or_reports(json.dumps({"issuing_authorities": "甲", "recipients": "乙", **tree}).encode())


# -- schema ------------------------------------------------------------------------------------------------------------


def test_schema_is_json_with_a_term_for_every_key() -> None:
    schema = json_schema()
    json.dumps(schema)
    objects = [schema, *(part for shape in schema["$defs"].values() for part in [shape, *shape.get("anyOf", ())])]
    keys = [(key, value) for shape in objects for key, value in shape.get("properties", {}).items()]
    assert len(keys) > 150
    assert [key for key, value in keys if not re.search("[\u4e00-\u9fff]", value["description"])] == []
    names = {key for key, _value in keys}
    assert not names & {"signatory", "ratio"}
    references = set(re.findall(r'"#/\$defs/(\w+)"', json.dumps(schema)))
    assert references == set(schema["$defs"])


def test_schema_takes_short_forms_and_natural_scalars() -> None:
    schema = json_schema()
    assert schema["required"] == ["issuing_authorities", "recipients"]
    assert {"$ref": "#/$defs/RecipientGroup"} in schema["properties"]["recipients"]["anyOf"]
    assert schema["properties"]["copy_number"]["type"] == ["string", "number", "boolean"]
    assert schema["properties"]["carbon_copy"]["anyOf"][0]["type"] == ["string", "number", "boolean"]
    assert schema["$defs"]["Quantity"]["anyOf"][0] == {"type": "integer", "minimum": 0}
    assert "short_name" not in schema["$defs"]["Unit"]["required"]
    assert {"$ref": "#/$defs/Quantity"} in schema["$defs"]["Evidence"]["properties"]["count"]["anyOf"]


def test_key_table() -> None:
    table = key_table()
    assert "| `recipients` | 主送机关 | 列表：`RecipientGroup` | **必填** |" in table
    assert "| `class` | 类别 | 文字 | **必填** |" in table
    assert "| `formats` | 文件格式 | 列表：`xlsx` / `docx` | `[xlsx, docx]` |" in table
    assert "signatory" not in table
