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
    marks = [index for index, (piece, is_mark) in enumerate(pieces) if is_mark]
    paired = set(marks[: len(marks) // 2 * 2])
    bold, runs = False, []
    for index, (piece, _is_mark) in enumerate(pieces):
        if index in paired:
            bold = not bold
        else:
            runs.append(Run(piece, bold, heading))
    return merged(runs)


def _pieces(text: str, resolve: Resolve) -> Iterator[tuple[str, bool]]:
    """The text cut up, each piece with whether it is a mark for bold."""
    at = 0
    for match in _INLINE.finditer(text):
        yield text[at : match.start()], False
        at = match.end()
        if match["name"] is not None:
            yield "，".join(resolve(match["name"].strip())), False
        else:
            yield match["escaped"] or match[0], bool(match["bold"])
    yield text[at:], False


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
