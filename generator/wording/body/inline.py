"""The text inside a block: runs of one font, with escapes undone and references replaced."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

Resolve = Callable[[str], list[str]]
"""The lines that take a reference's place."""

# Three asterisks or more are text: a masked phone number, a filled-in line.
_INLINE = re.compile(
    r"\\(?P<escaped>[!-/:-@\[-`{-~])|(?P<bold>(?<!\*)\*\*(?!\*))|\{\{(?P<name>[^{}]*)\}\}|(?P<open>\{\{)"
)
_BEGINNING, _ENDING = "（(《〈“‘「【〔[", "，。、；：！？）)》〉”’」】〕],.;:!?…"
_ALONE = re.compile(r"\{\{([^{}]*)\}\}")


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text in one font: `heading` is the level (1 to 4) whose font a run-in heading has, 0 the body's."""

    text: str
    bold: bool = False
    heading: int = 0


def runs_of(text: str, resolve: Resolve, heading: int = 0) -> tuple[Run, ...]:
    """Text → runs: a backslash makes the sign after it literal, a lone ** is text, a value is taken as it is."""
    pieces = list(_pieces(text, resolve))
    paired = _paired(pieces)
    bold, runs = False, []
    for index, (piece, _mark) in enumerate(pieces):
        if index in paired:
            bold = not bold
        else:
            runs.append(Run(piece, bold, heading))
    return merged(runs)


def _pieces(text: str, resolve: Resolve) -> Iterator[tuple[str, str]]:
    """The text cut up, each piece with what it may do to bold: open it, close it, both ("oc"), or nothing."""
    at = 0
    for match in _INLINE.finditer(text):
        yield text[at : match.start()], ""
        at = match.end()
        if match["name"] is not None:
            yield "，".join(resolve(match["name"].strip())), ""
        else:
            yield match["escaped"] or match[0], _mark(text, match) if match["bold"] else ""
    yield text[at:], ""


def _mark(text: str, match: re.Match[str]) -> str:
    """What stands beside two asterisks tells: 王**、李** is a masked name, and 2**3 no bold."""
    before, after = text[: match.start()][-1:], text[match.end() :][:1]
    opens = after and not after.isspace() and after not in _ENDING and not (before.isascii() and before.isalnum())
    closes = before and not before.isspace() and before not in _BEGINNING
    return ("o" if opens else "") + ("c" if closes else "")


def _paired(pieces: list[tuple[str, str]]) -> set[int]:
    """The marks that open or close bold; of one character after another it is none: 王**李**."""
    found: set[int] = set()
    opened = None
    for index, (_piece, mark) in enumerate(pieces):
        if opened is not None and "c" in mark and not _is_mask(pieces, opened, index):
            found |= {opened, index}
            opened = None
        elif "o" in mark:
            opened = index
    return found


def _is_mask(pieces: list[tuple[str, str]], opened: int, closed: int) -> bool:
    inside = "".join(text for text, _mark in pieces[opened + 1 : closed])
    before = "".join(text for text, _mark in pieces[:opened])
    return len(inside) < 2 and before[-1:].isalpha() and not any(mark for _text, mark in pieces[:opened])


def merged(runs: Iterable[Run]) -> tuple[Run, ...]:
    """The same text in as few runs as there are fonts; empty ones dropped."""
    out: list[Run] = []
    for run in runs:
        if out and (run.bold, run.heading) == (out[-1].bold, out[-1].heading):
            out[-1] = replace(run, text=out[-1].text + run.text)
        elif run.text:
            out.append(run)
    return tuple(out)


def reference_alone(text: str) -> str | None:
    """The reference that is all of a paragraph, else None."""
    match = _ALONE.fullmatch(text.strip())
    return match[1].strip() if match else None


def references_in(text: str) -> Iterator[tuple[int, str | None]]:
    """Each reference with its column (from 1); None for a `{{` that is never closed."""
    for match in _INLINE.finditer(text):
        if match["name"] is not None:
            yield match.start() + 1, match["name"].strip()
        elif match["open"]:
            yield match.start() + 1, None
