"""The units by code, by name, and by the other spellings that a clerk has confirmed in the aliases file."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cached_property
from pathlib import Path

from generator.base.files import read
from generator.collect.disk import write
from generator.dispatch.spec import Unit

ALIASES = "aliases.csv"
"""Beside the dispatch: 写法 (as it came), 单位代码 (proposed), 确认 (是 makes it count)."""
_HEAD = ("写法", "单位代码", "确认")
_YES = frozenset({"是", "y", "yes", "√", "1", "对"})
_LIMIT = 4_000_000
_ALIKE = 0.75


def squeezed(text: str) -> str:
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)).casefold()


@dataclass
class Units:
    """The units of a dispatch, and how else they are written."""

    folder: Path
    units: tuple[Unit, ...]
    aliases: dict[str, tuple[str, str, bool]] = field(default_factory=dict)
    proposed: int = 0

    @classmethod
    def of(cls, folder: Path, units: tuple[Unit, ...]) -> Units:
        """With the aliases file of the dispatch, if there is one."""
        found = cls(folder, units)
        try:
            data = read(folder / ALIASES, limit=_LIMIT)
        except OSError:
            return found
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = data.decode("gb18030", "replace")
        for row in list(csv.reader(io.StringIO(text)))[1:]:
            spelling, code, yes = (*(cell.strip() for cell in row[:3]), "", "", "")[:3]
            if spelling:
                found.aliases[squeezed(spelling)] = (spelling, code, yes.casefold() in _YES)
        return found

    def save(self) -> None:
        """Write the aliases file anew where something was proposed. Raises Problems."""
        if not self.proposed:
            return
        stream = io.StringIO()
        writer = csv.writer(stream, lineterminator="\r\n")
        writer.writerow(_HEAD)
        for spelling, code, yes in self.aliases.values():
            writer.writerow((spelling, code, "是" if yes else ""))
        write(self.folder / ALIASES, stream.getvalue().encode("utf-8-sig"))
        self.proposed = 0

    @cached_property
    def codes(self) -> dict[str, Unit]:
        return {unit.code: unit for unit in self.units}

    @cached_property
    def _by_name(self) -> dict[str, Unit]:
        found: dict[str, Unit] = {}
        for unit in self.units:
            for name in (unit.name, unit.short_name):
                found.setdefault(squeezed(name), unit)
        return found

    @cached_property
    def _longest_first(self) -> list[tuple[str, str]]:
        names = [(name, unit.code) for name, unit in self._by_name.items()]
        names += [(squeezed(unit.code), unit.code) for unit in self.units if len(unit.code) >= _LONG_CODE]
        return sorted(names, key=lambda pair: -len(pair[0]))

    def name(self, code: str) -> str:
        unit = self.codes.get(code)
        return unit.name if unit else code

    def find(self, text: str) -> Unit | None:
        """The unit that is written so: its name, its short name, or a confirmed spelling."""
        key = squeezed(text)
        return self._by_name.get(key) or self.codes.get(self._confirmed(key)) or self.codes.get(text.strip())

    def confirmed(self, text: str) -> str:
        """The code of the unit that a clerk has confirmed this very text to mean; "" where nobody has."""
        return self._confirmed(squeezed(text))

    def _confirmed(self, key: str) -> str:
        _spelling, code, yes = self.aliases.get(key, ("", "", False))
        return code if yes and code in self.codes else ""

    def in_name(self, file_name: str) -> list[str]:
        """The codes of the units whose names or codes stand in a file's name, those within longer names left out."""
        text, found = squeezed(file_name), []
        confirmed = [(key, code) for key, (_as, code, yes) in self.aliases.items() if yes and code in self.codes]
        for name, code in [*confirmed, *self._longest_first]:
            if name in text:
                found.append(code)
                text = text.replace(name, "\n")
        return found

    def guess(self, text: str) -> str:
        """The code of the unit whose name is most like it; "" where none is."""
        key = squeezed(text)
        if held := [code for name, code in self._longest_first if name in key or (len(key) > 1 and key in name)]:
            return held[0]
        close = get_close_matches(key, self._by_name, 1, _ALIKE)
        return self._by_name[close[0]].code if close else ""

    def propose(self, text: str, code: str) -> None:
        """Note a spelling for the clerk to confirm, once."""
        key = squeezed(text)
        if key and key not in self.aliases:
            self.aliases[key] = (text.strip(), code, False)
            self.proposed += 1

    def are_close(self, one: str, other: str) -> bool:
        """Whether two units are the same, or one reports to the other: a county may send its schools' forms."""
        first, second = self.codes.get(one), self.codes.get(other)
        if first is None or second is None or one == other:
            return one == other
        return other == first.reports_to or one == second.reports_to


_LONG_CODE = 5
"""Characters of a code that is told from a number of a date or a count in a file's name."""
