"""A whole arrival: the notice first, then what came with it, each file read once and looked at for marks of secrecy."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from generator.draft.facts import Facts, facts_of
from generator.draft.secrecy import stop_at_marks
from generator.draft.taken import must_be_notice
from generator.reading.arrived.read import read, unpacked
from generator.reading.arrived.shape import Arrived, Progress


@dataclass(frozen=True, slots=True)
class Arrival:
    """The notice as it was read, its facts, and the other files as they came, by name."""

    notice: Arrived
    facts: Facts
    others: tuple[Arrived, ...]


def take_in(paths: Sequence[Path], progress: Progress | None = None) -> Arrival:
    """Everything that arrived. Raises Problems: a file that cannot be read, a mark of secrecy, or no notice."""
    arrived = []
    for name, data in (member for path in paths for member in unpacked(path)):
        one = read(name, data, progress)
        stop_at_marks(one)
        arrived.append(one)
    notice, *others = arrived
    facts = facts_of(notice.text)
    must_be_notice(notice, facts)
    return Arrival(notice, facts, tuple(others))
