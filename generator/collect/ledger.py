"""The ledger of a dispatch, `returns.sqlite` beside it: what came, when, whose it is, its values and its findings."""

from __future__ import annotations

import datetime as dt
import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from generator.base.i18n import _
from generator.base.problems import Problems, Where, error
from generator.collect.findings import Finding
from generator.collect.values import Value

NAME = "returns.sqlite"
_EDITION = "1"
ReturnKind = Literal["form", "scan", "material"]

_SCHEMA = """
CREATE TABLE IF NOT EXISTS about (key TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS seen (
    name TEXT PRIMARY KEY, size INTEGER NOT NULL, stamp INTEGER NOT NULL, basis TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS files (
    id INTEGER PRIMARY KEY, name TEXT NOT NULL, sha256 TEXT NOT NULL, size INTEGER NOT NULL, stamp INTEGER NOT NULL,
    received TEXT NOT NULL, outcome TEXT NOT NULL, UNIQUE (name, sha256));
CREATE TABLE IF NOT EXISTS returns (
    id INTEGER PRIMARY KEY, file INTEGER NOT NULL REFERENCES files ON DELETE CASCADE, kind TEXT NOT NULL,
    unit TEXT NOT NULL, item TEXT NOT NULL, version TEXT NOT NULL, via TEXT NOT NULL, page TEXT NOT NULL,
    received TEXT NOT NULL, stamp INTEGER NOT NULL, counts INTEGER NOT NULL,
    is_current INTEGER NOT NULL DEFAULT 0);
CREATE INDEX IF NOT EXISTS returns_of ON returns (unit, item, kind);
CREATE INDEX IF NOT EXISTS returns_in ON returns (file);
CREATE TABLE IF NOT EXISTS blocks (
    return INTEGER NOT NULL REFERENCES returns ON DELETE CASCADE, block TEXT NOT NULL, fields TEXT NOT NULL,
    places TEXT NOT NULL, PRIMARY KEY (return, block));
CREATE TABLE IF NOT EXISTS records (
    return INTEGER NOT NULL REFERENCES returns ON DELETE CASCADE, block TEXT NOT NULL, number INTEGER NOT NULL,
    row INTEGER NOT NULL, stub TEXT NOT NULL, contents TEXT NOT NULL,
    PRIMARY KEY (return, block, number)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS findings (
    id INTEGER PRIMARY KEY, file INTEGER NOT NULL REFERENCES files ON DELETE CASCADE,
    return INTEGER REFERENCES returns ON DELETE CASCADE, code TEXT NOT NULL, sheet TEXT NOT NULL, cells TEXT NOT NULL,
    field TEXT NOT NULL, value TEXT NOT NULL, expected TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS findings_of ON findings (return);
CREATE INDEX IF NOT EXISTS findings_in ON findings (file);
CREATE TABLE IF NOT EXISTS reminders (
    id INTEGER PRIMARY KEY, day TEXT NOT NULL, unit TEXT NOT NULL, kind TEXT NOT NULL, file TEXT NOT NULL,
    UNIQUE (day, unit, kind));
"""


@dataclass
class KeptBlock:
    """A block of a return. `places`: for a list the letters of its fields' columns, for pairs their cells."""

    name: str
    fields: list[str]
    places: list[str]
    records: list[tuple[int, str, list[str | None]]] = field(default_factory=list)
    """Row of the page from 1 (0 for pairs), code of the matrix' row, values as text."""


@dataclass
class KeptReturn:
    """A form, a scan of one, or a material, as it came from one unit. `version` is the form's edition."""

    kind: ReturnKind
    unit: str
    item: str
    version: str = ""
    via: str = ""
    page: str = ""
    counts: bool = True
    blocks: list[KeptBlock] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)


@dataclass
class KeptFile:
    """A file that came, with what is in it; `outcome` says what it was taken for."""

    name: str
    sha256: str
    size: int
    stamp: int
    received: dt.datetime
    outcome: str
    returns: list[KeptReturn] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        returns = [{"kind": one.kind, "unit": one.unit, "item": one.item} for one in self.returns]
        return {"file": self.name, "sha256": self.sha256, "outcome": self.outcome, "returns": returns}


@lru_cache(maxsize=65_536)
def as_text(value: Value) -> str | None:
    """A value as the ledger keeps it: a figure without exponent and without idle zeros."""
    if isinstance(value, Decimal):
        text = format(value, "f")
        return text.rstrip("0").rstrip(".") if "." in text else text
    return value


class Ledger:
    """The ledger, open; a context. Every file is kept whole or not at all, whenever the program is ended."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / NAME
        try:
            self.db = sqlite3.connect(self.path, isolation_level=None, timeout=10)
            self.db.execute("PRAGMA journal_mode=WAL")
            self.db.execute("PRAGMA synchronous=NORMAL")
            self.db.execute("PRAGMA foreign_keys=ON")
            self.db.executescript(_SCHEMA)
            self.db.execute("INSERT OR IGNORE INTO about VALUES ('edition', ?)", (_EDITION,))
        except sqlite3.Error as fault:
            raise self._broken(fault) from fault

    def __enter__(self) -> Ledger:
        return self

    def __exit__(self, *_exc: object) -> None:
        self.db.close()

    def _broken(self, fault: sqlite3.Error) -> Problems:
        message = _("the ledger cannot be used: {reason}").format(reason=fault)
        hint = _("Close whatever else uses it; if it is damaged, move it away and collect everything again.")
        return Problems([error("bad-ledger", Where(str(self.path)), message, hint)])

    @contextmanager
    def together(self) -> Iterator[None]:
        """Everything inside is kept, or nothing of it. Raises Problems."""
        try:
            self.db.execute("BEGIN IMMEDIATE")
            yield
            self.db.execute("COMMIT")
        except sqlite3.Error as fault:
            self._take_back()
            raise self._broken(fault) from fault
        except BaseException:
            self._take_back()
            raise

    def _take_back(self) -> None:
        if self.db.in_transaction:
            self.db.execute("ROLLBACK")

    def rows(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        return self.db.execute(query, values).fetchall()

    # -- taking in -----------------------------------------------------------------------------------------------------

    def seen(self) -> dict[str, tuple[int, int, str]]:
        """What was looked at before: name → size, stamp, and the basis on which it was."""
        return {name: (size, stamp, basis) for name, size, stamp, basis in self.rows("SELECT * FROM seen")}

    def has_seen(self, name: str, size: int, stamp: int, basis: str) -> None:
        self.db.execute("INSERT OR REPLACE INTO seen VALUES (?, ?, ?, ?)", (name, size, stamp, basis))

    def keep(self, file: KeptFile) -> None:
        """Keep a file anew; what was known of this very file before gives way, but not when it was received."""
        known = self.rows("SELECT id, received FROM files WHERE name = ? AND sha256 = ?", file.name, file.sha256)
        received = known[0][1] if known else file.received.isoformat(" ", "minutes")
        if known:
            self.db.execute("DELETE FROM files WHERE id = ?", (known[0][0],))
        insert = "INSERT INTO files (name, sha256, size, stamp, received, outcome) VALUES (?, ?, ?, ?, ?, ?)"
        values = (file.name, file.sha256, file.size, file.stamp, received, file.outcome)
        number = self.db.execute(insert, values).lastrowid
        assert number is not None
        self._keep_findings(number, None, file.findings)
        for one in file.returns:
            self._keep_return(number, received, file.stamp, one)

    def _keep_return(self, file: int, received: str, stamp: int, one: KeptReturn) -> None:
        insert = (
            "INSERT INTO returns (file, kind, unit, item, version, via, page, received, stamp, counts)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
        )
        values = (file, one.kind, one.unit, one.item, one.version, one.via, one.page, received, stamp, one.counts)
        number = self.db.execute(insert, values).lastrowid
        assert number is not None
        for block in one.blocks:
            self.db.execute(
                "INSERT INTO blocks VALUES (?, ?, ?, ?)",
                (number, block.name, _json(block.fields), _json(block.places)),
            )
            self.db.executemany(
                "INSERT INTO records VALUES (?, ?, ?, ?, ?, ?)",
                (
                    (number, block.name, position, row, stub, _json(values))
                    for position, (row, stub, values) in enumerate(block.records)
                ),
            )
        self._keep_findings(file, number, one.findings)

    def _keep_findings(self, file: int, number: int | None, findings: Iterable[Finding]) -> None:
        self.db.executemany(
            "INSERT INTO findings (file, return, code, sheet, cells, field, value, expected)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (
                (file, number, one.code, one.sheet, _json(one.cells), one.field, one.value, one.expected)
                for one in findings
            ),
        )

    def settle(self) -> None:
        """Of each unit's returns of a form the latest counts; a scan or a material stands beside the others."""
        self.db.execute("UPDATE returns SET is_current = (kind = 'material' OR kind = 'scan') AND counts")
        self.db.execute(
            "UPDATE returns SET is_current = 1 WHERE id IN (SELECT id FROM (SELECT id, ROW_NUMBER() OVER ("
            "PARTITION BY unit, item ORDER BY received DESC, stamp DESC, id DESC) AS place"
            " FROM returns WHERE kind = 'form' AND counts AND unit <> '') WHERE place = 1)"
        )

    def reminded(self, moment: dt.datetime, unit: str, kind: str, file: str) -> None:
        """Enter a reminder, once a day."""
        values = (moment.date().isoformat(), unit, kind, file)
        self.db.execute("INSERT OR IGNORE INTO reminders (day, unit, kind, file) VALUES (?, ?, ?, ?)", values)

    # -- looking back --------------------------------------------------------------------------------------------------

    def findings_of(self, number: int) -> list[Finding]:
        return [
            finding_of(row)
            for row in self.rows(
                "SELECT code, sheet, cells, field, value, expected FROM findings WHERE return = ? ORDER BY id", number
            )
        ]


def finding_of(row: Sequence[Any]) -> Finding:
    code, sheet, cells, field_, value, expected = row
    return Finding(code, sheet, tuple(json.loads(cells)), field_, value, expected)


_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def _json(value: object) -> str:
    return _encode(value)
