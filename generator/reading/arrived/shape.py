"""The one shape that every reader of an arrived file gives."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from generator.base.problems import Problems, Where, error

MAX_TEXT = 4_000_000
"""Characters of one file; 300 pages of a dense table have a tenth of that."""
Progress = Callable[[int, int], None]
"""Told how many pages are read, of how many."""


@dataclass(frozen=True, slots=True)
class Arrived:
    """A file as text: one line a paragraph or printed line, a table's row as `| cell | cell |`.

    `breaks` are the places at which pages begin, the first included; empty where the file has no pages. `aside` is
    what stands in headers, footers and hidden places, which are no part of the text. `drawn` says that the text was
    recognised in a picture.
    """

    file: str
    kind: str
    text: str
    breaks: tuple[int, ...] = ()
    aside: tuple[str, ...] = ()
    drawn: bool = False
    data: bytes = field(default=b"", repr=False, compare=False)

    def page(self, place: int) -> int | None:
        """The page of a character, from 1; None where the file has none."""
        return bisect_right(self.breaks, place) or None if self.breaks else None


def row(cells: Iterable[str]) -> str:
    """A row of a table as a line of text."""
    return "| " + " | ".join(" ".join(cell.split()) for cell in cells) + " |"


def paged(pages: Iterable[str]) -> tuple[str, tuple[int, ...]]:
    """The pages as one text, and where each begins."""
    texts, breaks, place = [], [], 0
    for page in pages:
        breaks.append(place)
        texts.append(page)
        place += len(page) + 1
    return "\n".join(texts), tuple(breaks)


def refused(code: str, file: str, message: str, hint: str) -> Problems:
    """One reason why a file is not read."""
    return Problems([error(code, Where(file), message, hint)])
