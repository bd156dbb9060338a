"""Signs of the body's own language as a Chinese keyboard types them: they are text, and their author should know."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from generator.dispatch.dispatch import Dispatch

_SECTIONS = "deadlines|forms|evidence|sources|event|contacts|unit|quotas"
_NAME = rf"\s*(?:{_SECTIONS})(?:\s*[.．。]\s*[\w.．]+)*\s*"
_REFERENCE = re.compile(
    rf"[｛{{]\s*[｛{{]{_NAME}[｝}}]\s*[｝}}]|(?<![{{｛])[｛{{]{_NAME}[｝}}](?![}}｝])|｛\s*｛|｝\s*｝"
)
_RIGHT = re.compile(r"\{\{[^{}｛｝．]*\}\}")
_FENCE = re.compile(r"\s{0,3}(?=[:：]*：)[:：]{3,}")
_MILD = re.compile(
    r"""
      (?P<heading>^\s{0,3}\#*＃+)
    | (?P<table>  ^\s*[|｜](?=[^|｜]*[|｜]\s*$|.*｜).*｜.*$ | ^\s*[|｜](?=.*[-—－])(?=.*[—－：])[\s|｜:：—－-]+$)
    | (?P<bold>   ＊＊[^＊]+＊＊)
    """,
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Sign:
    """A piece typed in full width: its place (from 1), the piece, and whether what it means would be lost by it."""

    line: int
    column: int
    text: str
    grave: bool


def signs(dispatch: Dispatch) -> Iterator[Sign]:
    """Every such piece of the body."""
    for number, line in enumerate(dispatch.body.splitlines(), start=dispatch.body_line):
        for match in _REFERENCE.finditer(line):
            if not _RIGHT.fullmatch(match[0]) and not line[: match.start()].endswith("\\"):
                yield Sign(number, match.start() + 1, match[0], grave=True)
        if _FENCE.match(line):
            yield Sign(number, 1, line.strip(), grave=True)
        for match in _MILD.finditer(line):
            yield Sign(number, match.start() + 1, match[0].strip(), grave=False)
