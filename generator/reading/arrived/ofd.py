"""An .ofd (GB/T 33190-2016): pages of text objects, put together to lines by where they stand."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

from lxml import etree

from generator.base.i18n import _
from generator.base.problems import Where
from generator.office.gate import open_archive, parsed
from generator.reading.arrived.shape import paged, refused

MAX_PAGES = 500


@dataclass(frozen=True, slots=True)
class _Piece:
    """Text at a place: the left edge, the baseline and the size, in mm."""

    left: float
    base: float
    size: float
    text: str

    @property
    def right(self) -> float:
        return self.left + sum(self.size if ord(character) > 0x2E7F else self.size / 2 for character in self.text)


def ofd_text(data: bytes, file: str) -> tuple[str, tuple[int, ...]]:
    """The text of an .ofd and where its pages begin. Raises Problems when the gate refuses it or it has no page."""
    parts = open_archive(data, Where(file))
    pages = list(_pages(parts, file))
    if not pages:
        message = _("the .ofd has no pages")
        raise refused("file-damaged", file, message, _("Open it in its reader, print it into a PDF, and use that one."))
    return paged("\n".join(_lines(page)) for page in pages[:MAX_PAGES])


def _pages(parts: Mapping[str, bytes], file: str) -> Iterator[etree._Element]:
    """The content of each page, in the order of the document."""
    for root in _named(parts, "OFD.xml", "DocRoot"):
        for location in _locations(parts, root, file):
            if location in parts:
                yield parsed(parts[location], Where(f"{file}/{location}"))


def _named(parts: Mapping[str, bytes], part: str, element: str) -> Iterator[str]:
    if part in parts:
        for found in parsed(parts[part], Where(part)).iter("{*}" + element):
            yield (found.text or "").strip().lstrip("/")


def _locations(parts: Mapping[str, bytes], root: str, file: str) -> Iterator[str]:
    if root not in parts:
        return
    document = parsed(parts[root], Where(f"{file}/{root}"))
    for page in document.iter("{*}Page"):
        location = page.get("BaseLoc", "")
        yield (
            location.lstrip("/")
            if location.startswith("/")
            else posixpath.normpath(posixpath.join(posixpath.dirname(root), location))
        )


def _lines(page: etree._Element) -> Iterator[str]:
    """The printed lines of a page, from the top; two blanks in front of one that is indented."""
    pieces = sorted(
        (piece for item in page.iter("{*}TextObject") for piece in _pieces(item)),
        key=lambda one: (round(one.base, 1), one.left),
    )
    rows = [list(row) for row in _rows(pieces)]
    margin = min((row[0].left for row in rows), default=0.0)
    for row in rows:
        indent = round((row[0].left - margin) / (row[0].size or 1))
        yield "\u3000" * min(indent, 30) + _joined(row)


def _rows(pieces: list[_Piece]) -> Iterator[list[_Piece]]:
    row: list[_Piece] = []
    for piece in pieces:
        if row and piece.base - row[0].base > 0.5 * (row[0].size or 1):
            yield sorted(row, key=lambda one: one.left)
            row = []
        row.append(piece)
    if row:
        yield sorted(row, key=lambda one: one.left)


def _joined(row: list[_Piece]) -> str:
    text = row[0].text
    for before, piece in pairwise(row):
        text += (" " if piece.left - before.right > 0.6 * piece.size else "") + piece.text
    return text


def _numbers(text: str) -> list[float]:
    """Numbers set apart by blanks; `g n x` stands for n times x (7.5.3)."""
    words = iter(text.split())
    found: list[float] = []
    for word in words:
        if word == "g":
            times, value = next(words, "0"), next(words, "0")
            found += [_number(value)] * min(int(_number(times)), 1000)
        else:
            found.append(_number(word))
    return found


def _number(word: str) -> float:
    return float(word) if re.fullmatch(r"-?\d*\.?\d+(?:[eE][-+]?\d+)?", word) else 0.0


def _pieces(item: etree._Element) -> Iterator[_Piece]:
    boundary = [*_numbers(item.get("Boundary", "")), 0.0, 0.0][:2]
    size = _number(item.get("Size", "3.5")) or 3.5
    scale = ([*_numbers(item.get("CTM", "")), 1.0][0:1] or [1.0])[0] or 1.0
    for code in item.iter("{*}TextCode"):
        left = boundary[0] + _number(code.get("X", "0")) * scale
        base = boundary[1] + _number(code.get("Y", "0")) * scale
        text = code.text or ""
        yield from _spread(
            text, left, base, size * abs(scale), [value * scale for value in _numbers(code.get("DeltaX", ""))]
        )


def _spread(text: str, left: float, base: float, size: float, steps: list[float]) -> Iterator[_Piece]:
    """The text, cut where the steps between its characters leave a gap."""
    start, place = 0, left
    begin = left
    for index in range(len(text) - 1):
        step = steps[index] if index < len(steps) else 0.0
        place += step
        if step > 1.9 * size:
            yield _Piece(begin, base, size, text[start : index + 1])
            start, begin = index + 1, place
    if text[start:].strip():
        yield _Piece(begin, base, size, text[start:])
