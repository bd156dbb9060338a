"""One kit of every class of every example opens in LibreOffice, with every page that it should have."""

from __future__ import annotations

from pathlib import Path

import pdfplumber
import pytest
from pages import squeeze, to_pdfs

from generator.dispatch.load import load_dispatch
from generator.dispatch.spec import Unit
from generator.kits import kinds

pytestmark = pytest.mark.rendered

SPECS = Path(__file__).parent.parent / "specs"
EXAMPLES = sorted(path.name for path in SPECS.iterdir() if (path / "dispatch.yaml").exists())


def _one_of_each_class(units: tuple[Unit, ...]) -> list[Unit]:
    return list({unit.class_: unit for unit in reversed(units)}.values())


@pytest.mark.parametrize("example", EXAMPLES)
def test_a_kit_of_each_class_opens(example: str, tmp_path: Path) -> None:
    dispatch = load_dispatch(SPECS / example)
    expected: dict[Path, str] = {}
    for unit in _one_of_each_class(dispatch.units):
        for number, document in enumerate(kinds.documents(dispatch)):
            if document.concerns(unit):
                name = document.file_name
                path = tmp_path / f"{unit.code}-{number}-{document.kind}{Path(name).suffix}"
                path.write_bytes(document.compile(unit).stamp(document.values(unit)).data)
                if path.suffix in (".docx", ".xlsx"):
                    expected[path] = unit.code if document.kind != "notice" else ""
    by_ending = [[path for path in expected if path.suffix == ending] for ending in (".docx", ".xlsx")]
    pdfs = [(path, pdf) for paths in by_ending if paths for path, pdf in zip(paths, _printed(paths), strict=True)]
    for path, pdf in pdfs:
        with pdfplumber.open(pdf) as printed:
            text = squeeze("".join(page.extract_text() for page in printed.pages))
        assert text, path.name
        assert squeeze(expected[path]) in text, path.name
        assert "{{" not in text, path.name


def _printed(paths: list[Path]) -> list[Path]:
    """The PDFs of files of one ending; those of two would write over one another where the stems are the same."""
    return to_pdfs(paths, paths[0].parent / f"pdf{paths[0].suffix}", paths[0].parent / "profile")
