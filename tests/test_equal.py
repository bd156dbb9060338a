"""What is stamped equals what the libraries make by themselves, part by part, in canonical XML.

A letter and a checklist: docxtpl renders the template with the unit's values where we compile it with slots. A form:
openpyxl saves the workbook with the unit's values in its cells. The values try what XML and the slots might trip over.
"""

import io
import re
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from conftest import GOLDEN
from docxtpl import DocxTemplate
from lxml import etree
from markupsafe import Markup, escape
from planted import rezip

from generator.dispatch.dispatch import Dispatch
from generator.dispatch.load import load_dispatch
from generator.dispatch.spec import Unit
from generator.forms.layouts import form_grid
from generator.forms.prefill import prefill_of
from generator.forms.workbook.build import build_workbook
from generator.forms.workbook.compile import workbook_parts
from generator.kits import kinds
from generator.kits.kinds import Document
from generator.office.package import SLOT_OPEN, fill_slots, verbatim
from generator.word.template.templates import template

Parts = dict[str, bytes]
COLUMN_WIDTH = re.compile(rb'(?<=<w:gridCol w:w=")\d+|(?<=<w:tcW w:w=")\d+')
LETTERS = GOLDEN / "letters-to-units"
ODD = {"name": "甲<市>教育局 & “某某”", "short_name": "甲'市\"", "columns": {"名额": "7", "协同单位": " &amp; 协会 "}}
"""Values that must be escaped, or kept as they are."""


def odd_dispatch() -> Dispatch:
    """Letters to units, one of which has odd values."""
    dispatch = load_dispatch(LETTERS)
    first, *rest = dispatch.units
    columns = {**first.columns, **ODD["columns"]}  # type: ignore[dict-item]
    return replace(dispatch, units=(first.model_copy(update={**ODD, "columns": columns}), *rest))


DISPATCH = odd_dispatch()


def documents(kind: str) -> list[Any]:
    return [document for document in kinds.documents(DISPATCH, [kind]) if document.concerns(DISPATCH.units[0])]


def stamped(document: Document, unit: Unit) -> Parts:
    """Our file, from the package that is compiled for another unit of the same shape where there is one."""
    alike = [other for other in DISPATCH.units if other is not unit and document.shape(other) == document.shape(unit)]
    package = document.compile(alike[0] if alike else unit)
    return parts(package.stamp(document.values(unit)).data)


def parts(data: bytes) -> Parts:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def filled(value: Any, values: Mapping[str, str]) -> Any:
    """A template's context with the unit's values in place of slots."""
    if isinstance(value, Markup):
        return Markup(fill_slots(value, {name: str(escape(text)) for name, text in values.items()}))
    if isinstance(value, str):
        return fill_slots(value, values)
    if isinstance(value, dict):
        return {name: filled(item, values) for name, item in value.items()}
    return [filled(item, values) for item in value] if isinstance(value, list) else value


def by_docxtpl(source: bytes, context: Mapping[str, Any], finish: Callable[[Parts], None] | None = None) -> Parts:
    document = DocxTemplate(io.BytesIO(source))
    document.render(dict(context), autoescape=True)
    stream = io.BytesIO()
    document.save(stream)
    found = parts(stream.getvalue())
    if finish:
        finish(found)
    return found


def canonical(name: str, data: bytes) -> bytes:
    """Canonical XML; sets (types, relationships) in one order; no word on spaces where there are none."""
    root = etree.fromstring(data)
    if name == "[Content_Types].xml" or name.endswith(".rels"):
        root[:] = sorted(root, key=lambda item: sorted(item.attrib.items()))
    if name == "docProps/core.xml":
        # docxtpl looks each property up, and python-docx makes an empty one of what is not there.
        root[:] = [item for item in root if item.text]
    for text in root.iter("{http://schemas.openxmlformats.org/wordprocessingml/2006/main}t"):
        if (text.text or "").strip(" ") == (text.text or ""):
            text.attrib.pop("{http://www.w3.org/XML/1998/namespace}space", None)
    return etree.tostring(root, method="c14n")


def assert_equal(ours: Parts, theirs: Parts) -> None:
    assert sorted(ours) == sorted(theirs)
    for name in ours:
        assert canonical(name, ours[name]) == canonical(name, theirs[name]), name


@pytest.mark.parametrize("number", range(len(DISPATCH.units)))
def test_a_letter_is_what_docxtpl_makes_of_it(number: int) -> None:
    unit = DISPATCH.units[number]
    (document,) = documents("notice")
    given, finish = document.context(unit)
    source = rezip(template(DISPATCH, "notice-letter.docx").parts)
    theirs = by_docxtpl(source, filled(given, document.values(unit)), finish)
    assert_equal(stamped(document, unit), theirs)


@pytest.mark.parametrize("number", range(len(DISPATCH.units)))
def test_a_checklist_is_what_docxtpl_makes_of_it(number: int) -> None:
    unit = DISPATCH.units[number]
    (document,) = documents("checklist")
    context = filled(document.context(unit), document.values(unit))
    ours = stamped(document, unit)
    # Only the columns are not the template's: they are as wide as the shape's texts ask for.
    widths = iter(COLUMN_WIDTH.findall(ours["word/document.xml"]))
    theirs = by_docxtpl(rezip(template(DISPATCH, "checklist.docx").parts), context)
    theirs["word/document.xml"] = COLUMN_WIDTH.sub(lambda _match: next(widths), theirs["word/document.xml"])
    assert_equal(ours, theirs)


@pytest.mark.parametrize("number", range(len(DISPATCH.units)))
def test_a_form_is_what_openpyxl_makes_of_it(number: int) -> None:
    unit = DISPATCH.units[number]
    (document,) = [document for document in documents("forms") if document.ending == "xlsx"]
    spec, values = DISPATCH.spec, document.values(unit)
    prefill = prefill_of(document.form, unit)
    grid = form_grid(spec, document.name, units=DISPATCH.units, prefill=prefill, label="附件")
    book = build_workbook(spec, grid, addressed=True)
    for cell in (cell for sheet in book for row in sheet.iter_rows() for cell in row):
        if isinstance(cell.value, str) and SLOT_OPEN in cell.value:
            text, kind = fill_slots(cell.value, values), cell.data_type
            cell.value = int(text) if kind == "n" else text
            cell.data_type = kind
    book.properties.identifier = fill_slots(book.properties.identifier or "", values)
    for item in book.custom_doc_props.props:  # type: ignore[attr-defined]
        item.value = fill_slots(item.value, values)
    assert spec.date_of_issue
    theirs = workbook_parts(book, spec.date_of_issue, {})
    assert_equal(stamped(document, unit), theirs)


def test_a_template_of_ones_own_may_name_the_unit_anywhere(tmp_path: Path) -> None:
    """Also in a header; in the master of the letters the unit's fields stand by their terms."""
    own = dict(template(DISPATCH, "notice-letter.docx").parts)
    header = own["word/header1.xml"].decode()
    own["word/header1.xml"] = header.replace("</w:p>", "<w:r><w:t>{{ unit.name }}</w:t></w:r></w:p>", 1).encode()
    folder = tmp_path / "own"
    folder.mkdir()
    (folder / "notice-letter.docx").write_bytes(rezip(own))
    spec = DISPATCH.spec.model_copy(update={"templates": "own"})
    dispatch = replace(DISPATCH, spec=spec, folder=tmp_path)
    (document,) = kinds.documents(dispatch, ["notice"])
    unit = dispatch.units[0]
    ours = parts(document.compile(unit).stamp(document.values(unit)).data)
    assert escape(unit.name).encode() in ours["word/header1.xml"]
    assert "［单位全称］".encode() in parts(document.compile(None).stamp({}).data)["word/header1.xml"]


def test_a_file_passed_on_is_the_file() -> None:
    data = bytes(range(256))
    assert verbatim(data).stamp({}).data is data
