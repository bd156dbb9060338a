"""`show`: every planted change is read in its text, and nothing that means nothing changes it."""

from __future__ import annotations

import difflib
import io
import re
import zipfile

import planted
import pytest
from lxml import etree

from generator.base.problems import Problems
from generator.reading import show

HANDFUL = 8
WORD, EXCEL = planted.word_parts(), planted.excel_parts()
CASES = [pytest.param(WORD, change, id=f"word-{change.name}") for change in planted.WORD]
CASES += [pytest.param(EXCEL, change, id=f"excel-{change.name}") for change in planted.EXCEL]
BOTH = [pytest.param(WORD, id="word"), pytest.param(EXCEL, id="excel")]


def shown(parts: dict[str, bytes]) -> str:
    return show.text(planted.rezip(parts), "sample")


def difference(before: str, after: str) -> list[str]:
    lines = difflib.unified_diff(before.splitlines(), after.splitlines(), lineterm="", n=0)
    return [line for line in lines if re.match(r"[+-](?![+-]{2} )", line)]


@pytest.mark.parametrize(("parts", "change"), CASES)
def test_a_planted_change_is_read(parts: dict[str, bytes], change: planted.Change) -> None:
    lines = difference(shown(parts), shown(planted.changed(parts, change)))
    assert any(change.shown in line for line in lines), lines
    assert len(lines) <= HANDFUL, lines


WITHOUT_STYLES = {name: data for name, data in WORD.items() if not name.startswith("word/styles")}
MEANS_NOTHING = re.compile("rsid|count$")
WHOLE = [
    pytest.param(WITHOUT_STYLES, "word/document.xml", id="document"),
    pytest.param(WITHOUT_STYLES, "word/footer1.xml", id="footer"),
    pytest.param(EXCEL, "xl/worksheets/sheet1.xml", id="sheet"),
    pytest.param(EXCEL, "xl/workbook.xml", id="workbook"),
    pytest.param(EXCEL, "xl/styles.xml", id="styles"),
]


def shown_or_refused(parts: dict[str, bytes]) -> str:
    try:
        return shown(parts)
    except Problems as problems:
        return f"refused: {problems}"


@pytest.mark.parametrize(("parts", "part"), WHOLE)
def test_every_attribute_of_a_part_is_in_the_text(parts: dict[str, bytes], part: str) -> None:
    root = etree.fromstring(parts[part])
    before, unseen = shown(parts), []
    for element in root.iter():
        for key, value in element.attrib.items():
            element.set(key, f"{value}7")
            if shown_or_refused({**parts, part: etree.tostring(root)}) == before:
                unseen.append((etree.QName(element).localname, etree.QName(key).localname))
            element.set(key, value)
    assert [name for _element, name in unseen if not MEANS_NOTHING.match(name)] == []


def _reversed_attributes(data: bytes) -> bytes:
    root = etree.fromstring(data)
    for element in root.iter():
        items = list(element.attrib.items())
        element.attrib.clear()
        for key, value in reversed(items):
            element.set(key, value)
    return etree.tostring(root)


def _other_prefix(data: bytes) -> bytes:
    return re.sub(rb"(</?|\s|xmlns:)w(?=:|=)", rb"\1ns0", data)


@pytest.mark.parametrize("parts", BOTH)
def test_zip_order_and_dates_mean_nothing(parts: dict[str, bytes]) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for name in sorted(parts, reverse=True):
            archive.writestr(zipfile.ZipInfo(name, (2001, 2, 3, 4, 5, 6)), parts[name])
    assert show.text(out.getvalue(), "sample") == shown(parts)


@pytest.mark.parametrize("parts", BOTH)
def test_attribute_order_means_nothing(parts: dict[str, bytes]) -> None:
    turned = {
        name: _reversed_attributes(data) if name.endswith((".xml", ".rels")) else data for name, data in parts.items()
    }
    assert turned != parts
    assert shown(turned) == shown(parts)


def test_prefixes_save_marks_and_relationship_ids_mean_nothing() -> None:
    turned = dict(WORD)
    text = WORD["word/document.xml"].decode()
    text = text.replace("<w:p>", '<w:p w:rsidR="00AA11BB"><w:proofErr w:type="spellStart"/>', 1).replace(
        "rId90", "rId190"
    )
    turned["word/document.xml"] = _other_prefix(text.encode())
    rels = "word/_rels/document.xml.rels"
    turned[rels] = turned[rels].replace(b"rId90", b"rId190")
    assert b"ns0:body" in turned["word/document.xml"]
    assert shown(turned) == shown(WORD)


def test_how_text_is_cut_into_runs_means_nothing() -> None:
    cut = planted.Change("", "word/document.xml", "各单位要</w:t>", "各单</w:t></w:r><w:r><w:t>位要</w:t>", "")
    assert shown(planted.changed(WORD, cut)) == shown(WORD)


def test_marks_of_the_text_form_are_told_from_the_same_characters_in_a_text() -> None:
    tab = planted.changed(WORD, planted.Change("", "word/document.xml", "各单位要</w:t>", "各单位要</w:t><w:tab/>", ""))
    arrow = planted.changed(WORD, planted.Change("", "word/document.xml", "各单位要", "各单位要→", ""))
    assert "各单位要→‹高度重视›" in shown(tab)
    assert "各单位要\\→‹高度重视›" in shown(arrow)


def test_blank_rows_that_look_alike_are_one_line() -> None:
    lines = shown(EXCEL).splitlines()
    assert "row 3-5" in lines
    assert sum(line.startswith("C3:C5 | ") for line in lines) == 1


def test_what_is_neither_word_nor_excel_is_refused() -> None:
    parts = {name: data.replace(b"wordprocessingml", b"presentationml") for name, data in WORD.items()}
    with pytest.raises(Problems, match="neither a Word document"):
        shown(parts)
