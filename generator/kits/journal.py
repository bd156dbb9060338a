"""The journal of a run: each file as it is made, so that a killed run loses no knowledge of what is ours."""

from __future__ import annotations

import os
from array import array
from collections.abc import Iterable, Iterator
from pathlib import Path

from generator.base.files import opened, opened_to_append
from generator.kits.manifest import MAX_BYTES, Entry, lines, parse
from generator.kits.plan import sort_key

NAME = ".journal"
STRETCH = 1 << 15
"""Bytes of it that are read at a time."""


class Journal:
    """One line of JSON a file, kit after kit as they are done; 16 bytes of memory a kit tell where each kit stands.

    A run may go over its kits in several `rounds`: documents, then PDFs.

    `before` holds what a killed run left, in the order of paths; it stays in the file until this run is done.
    """

    def __init__(self, path: Path, kits: int, durable: bool, rounds: int = 1) -> None:
        self.killed = path.exists()
        last = {entry.file: entry for entry in entries_of(path)} if self.killed else {}
        self.before = sorted(last.values(), key=lambda entry: sort_key(entry.file))
        # Unbuffered: a line is with the system when `record` returns, so that only a power cut can lose it.
        self._file = opened_to_append(path, limit=MAX_BYTES)
        self._durable = durable
        self.kits = kits
        self._starts = array("Q", bytes(8 * kits * rounds))
        self._sizes = array("Q", bytes(8 * kits * rounds))
        if self.killed:
            self._file.write(b"\n")
        self._end = self._file.seek(0, os.SEEK_END)

    def __enter__(self) -> Journal:
        return self

    def __exit__(self, *_exc: object) -> None:
        self._file.close()

    def record(self, kit: int, entries: Iterable[Entry], round_: int = 0) -> None:
        """Note what became of the files of kit number `kit`, all at once. Raises OSError."""
        text = b"".join(entry.line() + b"\n" for entry in entries)
        if text and self._file.write(text) != len(text):
            raise OSError("short write")
        if self._durable:
            os.fsync(self._file.fileno())
        at = round_ * self.kits + kit
        self._starts[at], self._sizes[at] = self._end, len(text)
        self._end += len(text)

    def lines(self) -> Iterator[bytes]:
        """What the first round recorded, as it stands in the file, in the order of the kits' numbers."""
        at = 0
        while at < self.kits:
            # Kits that were recorded one after the other are read so.
            start, size = self._starts[at], self._sizes[at]
            at += 1
            while at < self.kits and self._starts[at] == start + size < start + STRETCH:
                size += self._sizes[at]
                at += 1
            yield from self._read(start, size)

    def rounds(self) -> list[Iterator[Entry]]:
        """What this run recorded: each round in the order of the kits' numbers."""
        starts = range(0, len(self._starts), max(1, self.kits))
        return [self._entries(range(start, start + self.kits)) for start in starts]

    def kit(self, number: int) -> list[Entry]:
        """What the first round recorded of a kit."""
        return list(self._entries(range(number, number + 1)))

    def _entries(self, places: Iterable[int]) -> Iterator[Entry]:
        for at in places:
            for line in self._read(self._starts[at], self._sizes[at]):
                yield parse(line)

    def _read(self, start: int, size: int) -> list[bytes]:
        self._file.seek(start)
        return self._file.read(size).split(b"\n")[:-1]


def entries_of(path: Path) -> Iterator[Entry]:
    """What a journal that a killed run left holds, as it was written. Raises OSError."""
    with opened(path, limit=MAX_BYTES) as file:
        for line in lines(file):
            try:
                yield parse(line)
            except ValueError:
                continue  # the torn last line of a killed run
