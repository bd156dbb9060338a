"""A rendered page, measured: lines by their baselines, bars, page number, in mm from the paper's top left corner."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pdfplumber
import pytest

MM = 25.4 / 72


@dataclass(frozen=True)
class Line:
    """Text on one baseline; `size` in points is its first character's."""

    baseline: float
    left: float
    right: float
    text: str
    size: float
    red: bool
    columns: int


@dataclass(frozen=True)
class Bar:
    top: float
    bottom: float
    left: float
    right: float
    red: bool


@dataclass(frozen=True)
class Turned:
    """A glyph that reads from top to bottom: its baseline is the distance from the left edge."""

    text: str
    baseline: float
    begin: float
    end: float


@dataclass(frozen=True)
class Page:
    number: int
    width: float
    height: float
    lines: tuple[Line, ...]
    bars: tuple[Bar, ...]
    turned: tuple[Turned, ...]

    def find(self, text: str, baseline: float = 0.0) -> Line | None:
        """The line with this text that is nearest to `baseline`."""
        found = [line for line in self.lines if squeeze(line.text) == squeeze(text)]
        return min(found, key=lambda line: abs(line.baseline - baseline), default=None)

    @property
    def page_number(self) -> Line | None:
        return next((line for line in self.lines if squeeze(line.text) == f"—{self.number}—"), None)


def squeeze(text: str) -> str:
    return "".join(text.split())


def read_pages(path: Path) -> list[Page]:
    with pdfplumber.open(path) as pdf:
        return [_page(number, page) for number, page in enumerate(pdf.pages, 1)]


def _page(number: int, page: Any) -> Page:
    rows: dict[float, list[Any]] = {}
    for char in page.chars:
        if char["text"].strip() and char["upright"]:
            rows.setdefault(round(float(page.height) - char["matrix"][5], 1), []).append(char)
    lines = tuple(_line(baseline, chars) for baseline, chars in sorted(rows.items()))
    bars = tuple([*map(_bar, [*page.rects, *page.curves]), *map(_ruled, page.lines)])
    turned = tuple(
        Turned(char["text"], char["matrix"][4] * MM, char["top"] * MM, char["bottom"] * MM)
        for char in page.chars
        if char["text"].strip() and not char["upright"]
    )
    return Page(number, float(page.width) * MM, float(page.height) * MM, lines, bars, turned)


def _line(baseline: float, chars: list[Any]) -> Line:
    chars = sorted(chars, key=lambda char: char["x0"])
    first, last = chars[0], chars[-1]
    text = "".join(char["text"] for char in chars)
    return Line(baseline * MM, first["x0"] * MM, last["x1"] * MM, text, first["size"], _is_red(first), len(chars))


def _is_red(shape: Any) -> bool:
    return tuple(shape["non_stroking_color"] or ()) == (1, 0, 0)


def _bar(shape: Any) -> Bar:
    return Bar(shape["top"] * MM, shape["bottom"] * MM, shape["x0"] * MM, shape["x1"] * MM, _is_red(shape))


def _ruled(line: Any) -> Bar:
    """A line that is drawn with a pen, as borders of tables are."""
    half = line["linewidth"] / 2
    inside = (line["top"] - half, line["bottom"] + half, line["x0"], line["x1"])
    return Bar(*(edge * MM for edge in inside), tuple(line["stroking_color"] or ()) == (1, 0, 0))


CONVERSION_SECONDS = 240
FONTS = Path(__file__).parent.parent / "generator" / "office" / "fonts.conf"
"""The substitutes that pages are measured with: the same on every machine that has the free fonts."""


_SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Common/Filter/PDF/Export">
<prop oor:name="IsSkipEmptyPages" oor:op="fuse"><value>false</value></prop></item>
</oor:items>"""


def to_pdfs(paths: Sequence[Path], out: Path, profile: Path) -> list[Path]:
    """The files as LibreOffice prints them, all in one call, with a profile of its own; blank pages, too."""
    settings = profile / "user" / "registrymodifications.xcu"
    if not settings.exists():
        settings.parent.mkdir(parents=True)
        settings.write_text(_SETTINGS, encoding="utf-8")
    command = ["soffice", f"-env:UserInstallation={profile.as_uri()}", "--headless", "--norestore"]
    command += ["--convert-to", "pdf", "--outdir", str(out), *map(str, paths)]
    environment = {**os.environ, "FONTCONFIG_FILE": str(FONTS)}
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=CONVERSION_SECONDS, check=False, env=environment
    )
    made = [out / f"{path.stem}.pdf" for path in paths]
    if missing := [pdf.name for pdf in made if not pdf.exists()]:
        pytest.fail(f"LibreOffice made no {', '.join(missing)}:\n{done.stdout}{done.stderr}", pytrace=False)
    return made
