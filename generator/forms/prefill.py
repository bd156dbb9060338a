"""What a form takes from a unit's row of the roster: which cells, in what state, and the values stamped into them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import Literal

from generator.dispatch.spec import Form, FormField, Unit
from generator.forms.fields import leaf_fields
from generator.forms.types import is_figure

State = Literal["text", "number"]
Prefill = Mapping[str, State]
"""What a shape of units has to be filled in beforehand: `unit.name` or `unit.<column>` → whether it is a figure."""

_KNOWN = {name.removesuffix("_"): name for name in Unit.model_fields if name != "columns"}


def unit_value(unit: Unit, reference: str) -> str:
    """The unit's value for `unit.name`, `unit.<column>` or plain `<column>`; empty where the roster has none."""
    name = reference.removeprefix("unit.")
    return (getattr(unit, _KNOWN[name]) if name in _KNOWN else unit.columns.get(name)) or ""


def figure(text: str) -> str | None:
    """The number as a spreadsheet stores it (`1,200` → `1200`), or None where the text is no plain number."""
    plain = unicodedata.normalize("NFKC", text).replace(",", "").strip()
    if not re.fullmatch(r"[+-]?\d{1,15}(\.\d+)?", plain):
        return None
    sign = "-" if plain.startswith("-") else ""
    whole, _, part = plain.lstrip("+-").partition(".")
    return sign + (whole.lstrip("0") or "0") + (f".{part}" if part else "")


def prefill_of(form: Form, unit: Unit) -> dict[str, State]:
    """What the form takes from the unit's row of the roster, and which of it are figures; blanks stay to be filled."""
    states: dict[str, State] = {}
    for _, field in leaf_fields(form):
        if field.prefill and (value := unit_value(unit, field.prefill)):
            states[slot_name(field)] = "number" if is_figure(field) and figure(value) is not None else "text"
    return states


def slot_name(field: FormField) -> str:
    """The name of a prefilled field's slot: figures have names of their own, for they are stamped without commas."""
    reference = "unit." + (field.prefill or "").removeprefix("unit.")
    return f"figure.{reference}" if is_figure(field) else reference


def slot_value(unit: Unit, name: str) -> str:
    """What is stamped for a slot that `slot_name` named."""
    value = unit_value(unit, name.removeprefix("figure."))
    return (figure(value) or value) if name.startswith("figure.") else value
