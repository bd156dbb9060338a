"""What each type of a field means: one table, to which a new type is one entry.

A type (`FieldType`), and within `string` a text format and within `duration` a unit, says what a value is, how wide it
is, how a workbook shows it and what it lets in, how its limits are read and what a person is told of it.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any, Literal

from pydantic import TypeAdapter

from generator.dispatch.spec import FieldType, FormField

Value = Literal[
    "text", "figure", "year", "date", "month", "datetime", "time", "duration", "choice", "choices", "serial", "none"
]
"""What stands in a filled cell: a figure can be added up, a duration is written out (3分20秒), a month is told by a
date, choices are several with 、 between them, a serial number is written beforehand, none is no value at all."""
Rule = Literal["whole", "decimal", "date", "time"]
Align = Literal["left", "center"]
TEXT_FORMAT = "@"
_MOST = "999999999999"
_DAYS = ("1", "2958465")
"""Days count from 1900-01-01 (1) to 9999-12-31 (2958465)."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """All that a type means. Widths are 字, lines those of a blank cell.

    `read` takes a limit of the spec to a value that has an order and raises ValueError for what is none; `formula`
    makes of that value what a validation compares with. `words` tell what is expected, with `{example}` where one
    helps.
    """

    value: Value
    width: float = 15.0
    pair_width: float = 4.0
    unbroken: bool = False
    """Wrong when read over two lines."""
    align: Align = "center"
    lines: int = 2
    pair_lines: int = 1
    whole_row: bool = False
    """Takes a row of a key–value form alone."""
    pairs_only: bool = False
    """Has room at the top level of a key–value form only."""
    measured: bool = False
    """The form's unit of measure is the value's."""
    number_format: str = TEXT_FORMAT
    decimals: bool = False
    """Is shown with the decimals that the field says."""
    words: str = ""
    example: str = ""
    bound_words: tuple[str, str] = ("不小于", "不大于")
    read: Callable[[str], Any] | None = None
    formula: Callable[[Any], str] | None = None
    rule: tuple[Rule, str, str] | None = None
    """Kind of validation, with the widest range."""
    custom: str = ""
    """A validation's own formula, `{cell}` for the first cell."""
    length: int | None = None
    choices: tuple[str, ...] = ()
    by_unit: Mapping[str, Meaning] = field(default_factory=dict)


# -- limits ------------------------------------------------------------------------------------------------------------


def _number(text: str) -> Decimal:
    if re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", text) is None:
        raise ValueError(text)
    return Decimal(text)


def _integer(text: str) -> int:
    if "." in text:
        raise ValueError(text)
    return int(_number(text))


def _month(text: str) -> dt.date:
    return dt.date.fromisoformat(f"{text}-01")


def _days(day: dt.date) -> str:
    """A date as the 1900 date system counts it (ECMA-376 18.17.4.1), for days from 1900-03-01 on."""
    return str((day - dt.date(1899, 12, 30)).days)


def _moment(moment: dt.datetime) -> str:
    return f"{int(_days(moment.date())) + _day_part(moment.time()):.6f}"


def _time(time: dt.time) -> str:
    return f"{_day_part(time):.9f}"


def _day_part(time: dt.time) -> float:
    return (time.hour * 3600 + time.minute * 60 + time.second) / 86400


_FIGURE = Meaning(
    "figure", 6.0, number_format="General", decimals=True, measured=True, words="数字", example="0.5", read=_number,
    formula=str, rule=("decimal", f"-{_MOST}", _MOST),
)  # fmt: skip
_MOMENT = Meaning("date", bound_words=("不早于", "不晚于"))
_DURATION = Meaning(
    "duration", 6.0, 6.0, measured=True, example="3分钟", read=TypeAdapter(dt.timedelta).validate_strings
)  # fmt: skip


def _counted(seconds: int) -> Meaning:
    """A duration as a number of a unit of so many seconds."""
    return replace(
        _DURATION, value="figure", number_format="General", decimals=True, rule=("decimal", "0", _MOST),
        formula=lambda length: f"{length.total_seconds() / seconds:g}",
    )  # fmt: skip


# -- the table ---------------------------------------------------------------------------------------------------------


TYPES: Mapping[FieldType, Meaning] = {
    "string": Meaning("text", 7.0),
    "text": Meaning("text", 15.0, align="left", lines=3, pair_lines=4, whole_row=True),
    "integer": replace(
        _FIGURE, width=5.0, number_format="0", decimals=False, words="整数", example="20", read=_integer,
        rule=("whole", f"-{_MOST}", _MOST),
    ),
    "number": _FIGURE,
    "boolean": Meaning("choice", 4.0, choices=("是", "否")),
    "date": replace(
        _MOMENT, width=6.6, pair_width=6.6, number_format="yyyy-mm-dd", words="日期，如{example}", example="2026-09-01",
        read=dt.date.fromisoformat, formula=_days, rule=("date", *_DAYS),
    ),
    "yearmonth": replace(
        _MOMENT, value="month", width=5.0, number_format="yyyy-mm", words="年月，如{example}", example="2026-09",
        read=_month, formula=_days, rule=("date", *_DAYS),
    ),
    "year": replace(
        _MOMENT, value="year", width=4.0, number_format="0", words="四位数的年份", example="2026", read=_integer,
        formula=str, rule=("whole", "1900", "2100"),
    ),
    "datetime": replace(
        _MOMENT, value="datetime", width=9.0, pair_width=9.0, number_format="yyyy-mm-dd hh:mm",
        words="日期和时间，如{example}", example="2026-09-01T09:30", read=dt.datetime.fromisoformat, formula=_moment,
        rule=("date", "1", "2958465.99"),
    ),
    "time": replace(
        _MOMENT, value="time", width=4.5, number_format="hh:mm", words="时间，如{example}", example="09:30",
        read=dt.time.fromisoformat, formula=_time, rule=("time", "0", "0.999988426"),
    ),
    "duration": replace(
        _DURATION, by_unit={"秒": _counted(1), "分钟": _counted(60), "小时": _counted(3600)}
    ),
    "list": Meaning("choices", 7.0),
    "serial": Meaning("serial", 3.2, number_format="0"),
    "note": Meaning("text", 6.0),
    "photo": Meaning("none", 7.0, pairs_only=True),
    "table": Meaning("none", 7.0, pairs_only=True, whole_row=True),
}  # fmt: skip
FORMATS: Mapping[str, Meaning] = {
    "phone": Meaning("text", 7.5, 7.5, unbroken=True, words="电话号码，如0471-1234567"),
    "email": Meaning(
        "text", 9.5, words="电子邮箱", custom='AND(ISNUMBER(FIND("@",{cell})),LEN({cell})>FIND("@",{cell}))'
    ),
    "uri": Meaning("text", 10.0, words="网址"),
    "id_card": Meaning("text", 10.0, 10.0, unbroken=True, words="18位身份证号码", length=18),
    "uscc": Meaning("text", 10.0, 10.0, unbroken=True, words="18位统一社会信用代码", length=18),
}
"""What a `string` of a format means."""


def meaning(field: FormField) -> Meaning:
    """What a field's type means, with its text format and its unit."""
    if field.type == "string" and field.format:
        return FORMATS[field.format]
    found = TYPES[field.type]
    return found.by_unit.get(field.unit or "", found)


def is_figure(field: FormField) -> bool:
    """Whether the field's values are numbers that can be added up."""
    return meaning(field).value == "figure"


def longest(field: FormField) -> int:
    """Characters of the longest text that a field allows; 0 where it sets no limit, or its values are no free text."""
    return (field.constraints.max_length or 0) if has_length(field) else 0


def has_length(field: FormField) -> bool:
    """Whether the field's values are texts whose length the spec may limit."""
    found = meaning(field)
    free = found.value in ("text", "duration", "choices") and not (found.length or found.custom)
    return free and not choices(field)


def takes_choices(field: FormField) -> bool:
    """Whether the field's values may be chosen from `categories`."""
    found = meaning(field)
    return found.value not in ("none", "serial") and not found.choices


def choices(field: FormField) -> list[str]:
    """What may be chosen from a list; a field of several choices is typed."""
    found = meaning(field)
    return [] if found.value == "choices" else list(found.choices or field.categories)


def number_format(field: FormField) -> str:
    """The number format of a field's cells; text wherever a reader could make another value of what was typed."""
    found = meaning(field)
    if not found.decimals or field.decimals is None:
        return found.number_format
    return "0" + ("." + "0" * field.decimals if field.decimals else "")


def bounds(field: FormField) -> tuple[Any, Any]:
    """Least and greatest value, None where there is no such limit. Raises ValueError for a limit that is none."""
    read, limits = meaning(field).read, field.constraints
    if read is None:
        return None, None
    low, high = (None if text is None else read(text) for text in (limits.minimum, limits.maximum))
    return low, high
