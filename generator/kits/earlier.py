"""What earlier runs left in an output folder: whether a file there is still as one of them made it."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from io import BufferedReader
from pathlib import Path

from generator.base.files import opened
from generator.kits import journal, manifest
from generator.kits.plan import sort_key


@dataclass
class Earlier:
    """The records in the folder `out` (absolute): the manifest, in which a file is looked for by halving, so that it
    takes no memory; and where a run was `killed`, the journal that it left."""

    out: Path
    killed: bool
    _journal: dict[str, set[str]] | None = field(default=None, init=False, repr=False)

    def made(self, path: str, sha256: str) -> bool:
        """Whether the file at `path`, as in an entry, had this content when a run had made it. Raises OSError."""
        if sha256 in self._killed().get(path, ()):
            return True
        found = self.entry(path)
        return found is not None and found.sha256 == sha256

    def same(self, path: str, sha256: str, content: str) -> int | None:
        """The size of the file at `path` with this hash where a run made it with this content, packed otherwise; or
        None. Raises OSError."""
        found = self.entry(path)
        return found.size if found and (found.sha256, found.content) == (sha256, content) else None

    def entry(self, path: str) -> manifest.Entry | None:
        """What the manifest says of a file. Raises OSError."""
        try:
            with opened(self.out / manifest.NAME, limit=manifest.MAX_BYTES) as file:
                return _entry(file, path)
        except FileNotFoundError:
            return None

    def _killed(self) -> dict[str, set[str]]:
        if self._journal is None:
            self._journal = {}
            for entry in journal.entries_of(self.out / journal.NAME) if self.killed else ():
                if entry.sha256:
                    self._journal.setdefault(entry.file, set()).add(entry.sha256)
        return self._journal


def _entry(file: BufferedReader, path: str) -> manifest.Entry | None:
    """What a manifest, whose lines are in order, says of a file."""
    wanted = sort_key(path)
    # The line begins at `low` or after it, and before `high`.
    low, high = 0, os.fstat(file.fileno()).st_size
    while low < high:
        middle = (low + high) // 2
        file.seek(max(low, middle - 1))
        if middle > low:
            file.readline(manifest.MAX_LINE)
        start = file.tell()
        line = file.readline(manifest.MAX_LINE)
        if start >= high:
            high = middle
            continue
        try:
            entry = manifest.parse(line.strip().removesuffix(b","))
        except ValueError:  # the first line, or the last
            is_before = start == 0
        else:
            if entry.file == path:
                return entry
            is_before = sort_key(entry.file) < wanted
        low, high = (file.tell(), high) if is_before else (low, middle)
    return None
