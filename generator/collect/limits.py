"""The limits of a field, made ready once: whether a value keeps to them, and how they are said to the sender."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from pydantic import TypeAdapter

from generator.collect.values import Value, seconds
from generator.dispatch.spec import Form, FormField
from generator.forms.workbook.style import DURATION_UNITS
from generator.forms.workbook.validation import expected

_length = TypeAdapter(dt.timedelta).validate_python
_SECONDS = {"秒": 1, "分钟": 60, "小时": 3600}


@dataclass(frozen=True)
class Limits:
    """`low` and `high` are as `order` makes a value comparable; `words` say in Chinese what should stand there."""

    required: bool
    low: Any
    high: Any
    order: Callable[[Value], Any] | None
    shortest: int
    longest: int
    pattern: re.Pattern[str] | None
    words: str
    labels: tuple[str, ...]

    def fault(self, value: Value) -> str:
        """The code of the limit that the value breaks; "" where it keeps to all."""
        if self.order is not None:
            compared = self.order(value)
            if (self.low is not None and compared < self.low) or (self.high is not None and compared > self.high):
                return "cell-range"
        if isinstance(value, str):
            if self.longest and not self.shortest <= len(value) <= self.longest:
                return "cell-length"
            if self.pattern is not None and not self.pattern.fullmatch(value):
                return "cell-format"
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
    order = _ORDERS.get(field.type)
    low, high = (None if text is None else _bound(field, text) for text in (given.minimum, given.maximum))
    if order is None or (low is None and high is None):
        order = low = high = None
    elif field.type == "duration" and field.unit in DURATION_UNITS:
        order = _plain
    longest = given.max_length or (10**9 if given.min_length else 0)
    pattern = re.compile(given.pattern) if given.pattern else None
    labels = (f"{field.title}：", f"{field.title}:") if form.layout == "pairs" else ()
    words = "、".join(field.categories) if field.categories else expected(field) or "如实填写"
    return Limits(given.required, low, high, order, given.min_length or 0, longest, pattern, words, labels or ("\0",))


def _plain(value: Value) -> Any:
    return value


_ORDERS: dict[str, Callable[[Value], Any]] = {
    "integer": _plain, "number": _plain, "year": _plain, "date": _plain, "yearmonth": _plain, "datetime": _plain,
    "time": _plain, "duration": lambda value: seconds(str(value)) or 0,
}  # fmt: skip
"""How the values of each type that has an order are compared; days and times are as text what they are as days."""


def _bound(field: FormField, text: str) -> Any:
    if field.type in ("integer", "number", "year"):
        return Decimal(text)
    if field.type == "duration":
        length = _length(text).total_seconds()
        return Decimal(int(length)) / _SECONDS[field.unit] if field.unit in _SECONDS else int(length)
    if field.type == "datetime":
        return dt.datetime.fromisoformat(text).isoformat(" ", "minutes")
    if field.type == "time":
        return dt.time.fromisoformat(text).isoformat("minutes")
    return text
