"""Some mutated inputs for every reader, and all that ever broke one: read or refused, never anything else."""

from __future__ import annotations

from pathlib import Path

import fuzz
import pytest
from fuzz import CRASHES, MEMORY, SECONDS, TARGETS, Target, one, some

KEPT = sorted(path for path in CRASHES.glob("*") if path.is_file())
INPUTS = 120
"""Of each target, in every run; `make fuzz` runs many more."""


@pytest.mark.parametrize("name", TARGETS)
def test_a_mutated_input_is_read_or_refused(name: str) -> None:
    found = some(name, range(INPUTS))
    assert found.wrong == {}
    assert found.read + found.refused == INPUTS
    assert found.read > 0, "inputs of which all are refused at the gate try nothing"
    assert found.slowest < SECONDS
    assert found.memory < MEMORY


@pytest.mark.parametrize("path", KEPT, ids=lambda path: path.name)
def test_what_once_broke_a_reader_does_not_any_more(path: Path) -> None:
    name = path.name.rpartition("-")[0].replace("-", " ")
    _read, seconds = one(name, path.read_bytes())
    assert seconds < SECONDS


def test_what_is_slow_or_takes_memory_or_hangs_counts_as_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    def glutton(_data: bytes) -> object:
        return len(b"x" * (fuzz.memory() + (50 << 20)))

    def hang(_data: bytes) -> object:
        while True:
            pass

    for name, read in (("glutton", glutton), ("hang", hang)):
        monkeypatch.setitem(TARGETS, name, Target(lambda _chance: b"", read))
    monkeypatch.setattr(fuzz, "MEMORY", 1 << 20)
    assert set(some("glutton", range(1)).wrong) == {"too much memory"}
    monkeypatch.setattr(fuzz, "SECONDS", 0.1)
    assert [reason.split(":")[0] for reason in some("hang", range(1)).wrong] == ["TimeoutError"]
