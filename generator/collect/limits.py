"""The limits of a field, made ready once: whether a value keeps to them, and how they are said to the sender."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from generator.collect.values import Value, seconds
from generator.dispatch.spec import Form, FormField
from generator.forms.types import bounds, choices, is_figure, meaning
from generator.forms.workbook.validation import expected


@dataclass(frozen=True)
class Limits:
    """`low` and `high` are as `order` makes a value comparable; `words` say in Chinese what should stand there."""

    required: bool
    low: Any
    high: Any
    order: Callable[[Value], Any] | None
    shortest: int
    longest: int
    words: str
    labels: tuple[str, ...]
    known: dict[Any, Value] = dataclasses.field(default_factory=dict)
    """What stood in cells without a fault and without a note → its value: most columns say the same again."""

    def fault(self, value: Value) -> str:
        """The code of the limit that the value breaks; "" where it keeps to all."""
        if self.order is not None:
            compared = self.order(value)
            if (self.low is not None and compared < self.low) or (self.high is not None and compared > self.high):
                return "cell-range"
        if isinstance(value, str) and self.longest and not self.shortest <= len(value) <= self.longest:
            return "cell-length"
        return ""


class FormLimits:
    """The limits of every field of a form, each made once."""

    def __init__(self, form: Form) -> None:
        self.form = form
        self._made: dict[tuple[str, str], Limits] = {}

    def of(self, block: str, field: FormField) -> Limits:
        """Those of a field in the block of that name."""
        key = block, field.name
        if key not in self._made:
            self._made[key] = _made(self.form, field)
        return self._made[key]


def _made(form: Form, field: FormField) -> Limits:
    given = field.constraints
    low, high = bounds(field)
    order = None if low is None and high is None else _order(field)
    if is_figure(field) and isinstance(low or high, dt.timedelta):
        low, high = (None if one is None else Decimal(str(meaning(field).formula(one))) for one in (low, high))  # type: ignore[misc]
    longest = given.max_length or (10**9 if given.min_length else 0)
    words = "、".join(choices(field)) or expected(field) or field.title
    labels = (f"{field.title}：", f"{field.title}:") if form.layout == "pairs" else ("\0",)
    return Limits(given.required, low, high, order, given.min_length or 0, longest, words, labels)


def _order(field: FormField) -> Callable[[Value], Any]:
    """How the values of a type are compared with its limits."""
    if is_figure(field) or meaning(field).value == "year":
        return lambda value: value
    if meaning(field).value == "duration":
        return lambda value: dt.timedelta(seconds=seconds(str(value)) or 0)
    read = meaning(field).read
    assert read is not None
    return lambda value: read(str(value))
