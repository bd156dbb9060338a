"""Lines of real official text, as two Word-like engines and LibreOffice set them, against those that are foretold."""

from __future__ import annotations

import json
from itertools import accumulate
from pathlib import Path

import pytest

from generator.word.page import layout
from generator.word.page.layout import LIBREOFFICE, TYPE_WIDTH, WORD, Engine, break_lines, width

LINES = json.loads((Path(__file__).parent / "data" / "lines.json").read_text(encoding="utf-8"))
"""Each: first-line indent in twips, text, and where its lines end, in characters that are no spaces: in both Word-like
engines, which agree on all of these, and in LibreOffice (null: there, too). Set in 三号, 28 characters a line."""


def _ends(lines: list[str]) -> list[int]:
    return list(accumulate(len(line.replace(" ", "")) for line in lines))


@pytest.mark.parametrize("engine", [WORD, LIBREOFFICE], ids=["word", "libreoffice"])
def test_lines_end_where_they_are_foretold(engine: Engine) -> None:
    lines = right = 0
    for indent, text, word, libreoffice in LINES:
        wanted = libreoffice if engine is LIBREOFFICE and libreoffice is not None else word
        whole = [*wanted, len(text.replace(" ", ""))]
        found = _ends(break_lines(text, TYPE_WIDTH, indent, engine=engine))
        # A line is right that begins and ends where it does there.
        right += len(set(zip([0, *whole], whole, strict=False)) & set(zip([0, *found], found, strict=False)))
        lines += len(whole)
    assert lines > 1100
    assert right / lines >= 0.99


def test_documents_are_arranged_as_word_sets_them() -> None:
    assert layout.ENGINE is WORD


@pytest.mark.parametrize(
    ("text", "word", "libreoffice"),
    [
        ("中文2026年", 320 // 4 * 2, 320 // 5 * 2 + 5 * 2),
        ("中文", 0, 0),
        ("（2026）", 0, 2 * 5),
        ("中3×4文", 2 * 80, 2 * (64 + 5) + round(320 * 0.564) - 320),
        ("“2026”年", 0, 5 + 5 + round(320 * 0.444) - 320),
    ],
)
def test_scripts_are_parted(text: str, word: int, libreoffice: int) -> None:
    """By a quarter em in Word; by a fifth in LibreOffice, where the last character of a run is not tightened and the
    marks that both fonts have take that of the script before them. Both against the sum of the advances."""
    plain = sum(layout.advance(character, layout.BODY_SIZE, layout.TIGHTEN) for character in text)
    assert width(text, engine=WORD) - plain == word
    assert width(text, engine=LIBREOFFICE) - plain == libreoffice


def test_an_address_stays_whole_in_word() -> None:
    text = "字" * 20 + "https://example.gov.cn/a"
    assert break_lines(text, TYPE_WIDTH, engine=WORD)[0] == "字" * 20
    assert break_lines(text, TYPE_WIDTH, engine=LIBREOFFICE)[0] == "字" * 20 + "https://"
