"""What a new return changed against the one it replaced, cell by cell."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import NamedTuple

from generator.collect.ledger import Ledger

_CURRENT = """
SELECT r.id, r.unit, r.item, f.name, (
    SELECT o.id FROM returns o
    WHERE o.unit = r.unit AND o.item = r.item AND o.kind = 'form' AND o.id <> r.id AND o.counts
    ORDER BY o.received DESC, o.stamp DESC, o.id DESC LIMIT 1)
FROM returns r JOIN files f ON f.id = r.file WHERE r.is_current AND r.kind = 'form' ORDER BY r.unit, r.item
"""


class Change(NamedTuple):
    """A value that is not what it was: `before` in the file that was replaced, `after` in `file` at `cell`."""

    unit: str
    item: str
    field: str
    replaced: str
    before: str
    file: str
    cell: str
    after: str


def changes(ledger: Ledger) -> Iterator[Change]:
    """Every change of every return that replaced another, by unit."""
    for number, unit, item, file, earlier in ledger.rows(_CURRENT):
        if earlier is None:
            continue
        replaced = ledger.rows("SELECT f.name FROM files f JOIN returns r ON r.file = f.id WHERE r.id = ?", earlier)[0][
            0
        ]
        old, new = _values(ledger, earlier), _values(ledger, number)
        for key in sorted({*old, *new}):
            before, after = (some.get(key, ("", ""))[0] for some in (old, new))
            if before != after:
                cell = new.get(key, old.get(key, ("", "")))[1]
                yield Change(unit, item, key[2], replaced, before, file, cell, after)


def _values(ledger: Ledger, number: int) -> dict[tuple[str, int, str], tuple[str, str]]:
    """The values of a return with their cells, by block, record and field."""
    query = (
        "SELECT c.block, c.number, c.row, c.contents, b.fields, b.places FROM records c"
        " JOIN blocks b ON b.return = c.return AND b.block = c.block WHERE c.return = ?"
    )
    found = {}
    for block, record, row, contents, fields, places in ledger.rows(query, number):
        for field, place, value in zip(json.loads(fields), json.loads(places), json.loads(contents), strict=True):
            if value is not None:
                found[block, record, field] = value, f"{place}{row}" if row and place else place
    return found
