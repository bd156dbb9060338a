"""Every value back exactly: forms of every layout, filled in and saved by other programs in every format."""

from __future__ import annotations

import subprocess
from pathlib import Path

import filled
import pytest

FORMS = list(filled.EXPECTED)


@pytest.mark.parametrize("form", FORMS)
def test_a_workbook_that_openpyxl_saved(form: str, tmp_path: Path) -> None:
    dispatch = filled.make(tmp_path / "事项")
    (tmp_path / "报回").mkdir()
    filled.fill_sheet(filled.blank(dispatch, form, "xlsx"), form).save(tmp_path / "报回" / "表.xlsx")
    assert filled.findings(filled.taken(dispatch, tmp_path / "报回")) == []
    assert filled.kept(dispatch, "表.xlsx") == filled.EXPECTED[form]


@pytest.mark.parametrize("form", FORMS)
def test_a_word_document(form: str, tmp_path: Path) -> None:
    dispatch = filled.make(tmp_path / "事项")
    (tmp_path / "报回").mkdir()
    filled.fill_word(filled.blank(dispatch, form, "docx"), form).save(str(tmp_path / "报回" / "表.docx"))
    assert filled.findings(filled.taken(dispatch, tmp_path / "报回")) == []
    assert filled.kept(dispatch, "表.docx") == filled.EXPECTED[form]


@pytest.mark.rendered
def test_what_libreoffice_saved_in_every_format(tmp_path: Path) -> None:
    dispatch = filled.make(tmp_path / "事项")
    plain, returned = tmp_path / "plain", tmp_path / "报回"
    for folder in (plain, returned):
        folder.mkdir()
    for form in FORMS:
        filled.fill_sheet(filled.blank(dispatch, form, "xlsx"), form).save(plain / f"{form}.xlsx")
        filled.fill_word(filled.blank(dispatch, form, "docx"), form).save(str(plain / f"{form}-w.docx"))
    for ending, names in (("xls", "*.xlsx"), ("ods", "*.xlsx"), ("xlsx", "*.xlsx"), ("docx", "*-w.docx")):
        command = ["soffice", f"-env:UserInstallation=file://{tmp_path}/profile", "--headless", "--convert-to", ending,
                   "--outdir", str(returned / ending), *map(str, sorted(plain.glob(names)))]  # fmt: skip
        subprocess.run(command, capture_output=True, check=True, timeout=180)
    assert filled.findings(filled.taken(dispatch, returned)) == []
    for ending in ("xls", "ods", "xlsx", "docx"):
        for form in FORMS:
            name = f"{ending}/{form}{'-w' if ending == 'docx' else ''}.{ending}"
            assert filled.kept(dispatch, name) == filled.EXPECTED[form], name
