"""Sources appended to a rendered notice as they are: sections, styles, lists, notes, pictures and all.

A rendered document holds a processing instruction where a source's pages belong (`place`). `join_sources` puts them
there, part by part: the source is never read as a template, nothing of it counts on with ours, and what cannot be kept
was refused before. The same inputs give the same bytes.
"""

from __future__ import annotations

from generator.base.problems import Problem, Where
from generator.word.join.join import EXTENT, Joining, join_sources, place
from generator.word.join.source import omissions, read_source, refusals

__all__ = ["EXTENT", "Joining", "examine", "join_sources", "place"]


def examine(data: bytes, where: Where) -> tuple[list[Problem], list[str]]:
    """Why a .docx cannot be appended as it is, and what is left out where it can.

    Raises Problems when it cannot be read at all.
    """
    source = read_source(data, where)
    return refusals(source, where), omissions(source)
