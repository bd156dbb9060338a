"""What a cell lets in: data validation with its prompt and its refusal, within the limits of the format."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from openpyxl.worksheet.datavalidation import DataValidation
from pydantic import TypeAdapter, ValidationError

from generator.dispatch.spec import Form, FormField
from generator.forms.grid import head_text
from generator.forms.workbook.style import DURATION_UNITS

# [MS-OI29500] 2.1.713-2.1.716: a longer text is written by every library and makes Excel repair the file.
TITLE_LIMIT, PROMPT_LIMIT, ERROR_LIMIT, LIST_LIMIT = 32, 255, 224, 255
_Kind = Literal["whole", "decimal", "date", "time"]
_SECONDS = {"秒": 1, "分钟": 60, "小时": 3600}
_KINDS = {
    "integer": "整数", "number": "数字", "boolean": "“是”或“否”", "year": "四位数的年份", "date": "日期",
    "yearmonth": "年月", "datetime": "日期和时间", "time": "时间",
}  # fmt: skip
_EXAMPLES = {"date": "2026-09-01", "yearmonth": "2026-09", "datetime": "2026-09-01T09:30", "time": "09:30"}
_MOMENTS = frozenset({*_EXAMPLES, "year"})
_FORMATS = {
    "phone": "电话号码，如0471-1234567", "email": "电子邮箱", "uri": "网址", "id_card": "18位身份证号码",
    "uscc": "18位统一社会信用代码",
}  # fmt: skip
_MOST = "999999999999"
_RANGES: Mapping[str, tuple[_Kind, str, str]] = {
    "integer": ("whole", f"-{_MOST}", _MOST), "number": ("decimal", f"-{_MOST}", _MOST),
    "duration": ("decimal", "0", _MOST), "year": ("whole", "1900", "2100"), "time": ("time", "0", "0.999988426"),
    "date": ("date", "1", "2958465"), "yearmonth": ("date", "1", "2958465"), "datetime": ("date", "1", "2958465.99"),
}  # fmt: skip
"""Kind of validation with the widest range: days count from 1900-01-01 (1) to 9999-12-31 (2958465)."""
_LENGTHS = {"id_card": 18, "uscc": 18}


@dataclass(frozen=True, slots=True)
class Bound:
    """A limit as the format wants it and as people read it."""

    formula: str
    words: str


def bounds(field: FormField) -> tuple[Bound | None, Bound | None]:
    """Least and greatest value of a number, date, time or duration. Raises ValueError for one that is none."""
    read = _reader(field)
    if read is None:
        return None, None
    low, high = field.constraints.minimum, field.constraints.maximum
    return (Bound(read(low), low) if low else None), (Bound(read(high), high) if high else None)


def validation(form: Form, field: FormField, first_cell: str, list_name: str) -> DataValidation:
    """The validation of a field whose first cell is `first_cell`.

    `list_name` is the defined name that holds the choices where they cannot stand in the sheet (`needs_list`).
    """
    rule = _rule(field, first_cell, list_name)
    rule.promptTitle = rule.errorTitle = _cut(field.title, TITLE_LIMIT)
    rule.allow_blank = True
    if prompt := prompt_text(form, field):
        rule.prompt, rule.showInputMessage = _cut(prompt, PROMPT_LIMIT), True
    if rule.type:
        rule.error, rule.showErrorMessage, rule.errorStyle = _cut(_refusal(field), ERROR_LIMIT), True, "stop"
    return rule


def choices(field: FormField) -> list[str]:
    """What may be chosen from a list; a field of several choices is typed."""
    if field.type == "boolean":
        return ["是", "否"]
    return [] if field.type == "list" else list(field.categories)


def needs_list(field: FormField) -> bool:
    """Whether the choices are too long for the sheet, or one holds the comma that parts them."""
    found = choices(field)
    return len(",".join(found)) > LIST_LIMIT or any("," in choice or '"' in choice for choice in found)


def prompt_text(form: Form, field: FormField) -> str:
    """What to fill in, told before it is typed: whether it must be, what it is, its limits, an example."""
    said = ["必填" if field.constraints.required else "", expected(field), field.description or ""]
    unit = field.unit or form.unit_of_measure
    if unit and field.type in ("integer", "number", "duration"):
        said.append(f"计量单位：{unit}")
    if field.categories and field.type == "list":
        said.append("可多选，用顿号隔开：" + "、".join(field.categories))
    said.append(f"例：{field.example}" if field.example else "")
    text = "；".join(part.rstrip("。；") for part in said if part)
    return f"{head_text(form, field)}：{text}。" if text else ""


def _cut(text: str, limit: int) -> str:
    return text if len(text) <= limit else text[: limit - 1] + "…"


def expected(field: FormField) -> str:
    """What a value should be, with its limits, as it is told before it is typed and after it is refused."""
    limits = field.constraints
    words = _FORMATS.get(field.format or "") or ("从列表中选择" if choices(field) else _KINDS.get(field.type, ""))
    if _reader(field):
        low, high = limits.minimum, limits.maximum
        least, most = ("不早于", "不晚于") if field.type in _MOMENTS else ("不小于", "不大于")
        parts = (_example(field), f"{least}{_plain(low)}" if low else "", f"{most}{_plain(high)}" if high else "")
        words = "，".join(part for part in (words, *parts) if part)
    elif limits.min_length or limits.max_length:
        low_words = f"不少于{limits.min_length}字" if limits.min_length else ""
        high_words = f"不超过{limits.max_length}字" if limits.max_length else ""
        words = "，".join(part for part in (words, low_words, high_words) if part)
    return words.lstrip("，")


def _example(field: FormField) -> str:
    """如2026-09-01: how a date or time is written, by one that the field's limits admit."""
    example = _EXAMPLES.get(field.type, "")
    read = _reader(field)
    if not example or read is None:
        return ""
    low, high = field.constraints.minimum, field.constraints.maximum
    if low and float(read(example)) < float(read(low)):
        example = low
    elif high and float(read(example)) > float(read(high)):
        example = high
    return f"如{_plain(example)}"


def _plain(limit: str) -> str:
    """A duration is told as people write it, a moment without its T, everything else as the spec has it."""
    if not limit.startswith("PT"):
        return limit.replace("T", " ")
    return limit[2:].replace("H", "小时").replace("M", "分钟").replace("S", "秒")


def _refusal(field: FormField) -> str:
    return f"“{field.title}”应{'' if choices(field) else '为'}{expected(field)}。请改正后再填。"


def _rule(field: FormField, first_cell: str, list_name: str) -> DataValidation:
    found = choices(field)
    if found:
        source = list_name if needs_list(field) else f'"{",".join(found)}"'
        return DataValidation(type="list", formula1=source)
    if field.type in _RANGES and _reader(field):
        return _between(field)
    if field.format == "email":
        at = f'FIND("@",{first_cell})'
        return DataValidation(type="custom", formula1=f"AND(ISNUMBER({at}),LEN({first_cell})>{at})")
    return _length(field)


def _between(field: FormField) -> DataValidation:
    kind, low, high = _RANGES[field.type]
    least, most = bounds(field)
    return DataValidation(
        type=kind,
        operator="between",
        formula1=least.formula if least else low,
        formula2=most.formula if most else high,
    )


def _length(field: FormField) -> DataValidation:
    if exact := _LENGTHS.get(field.format or ""):
        return DataValidation(type="textLength", operator="equal", formula1=str(exact))
    low, high = field.constraints.min_length, field.constraints.max_length
    if low is None and high is None:
        return DataValidation(type=None)
    return DataValidation(type="textLength", operator="between", formula1=str(low or 0), formula2=str(high or 32767))


# -- limits as the format wants them -----------------------------------------------------------------------------------


def _reader(field: FormField) -> Callable[[str], str] | None:
    if field.type == "duration":
        return (lambda text: _duration(text, field.unit or "")) if field.unit in DURATION_UNITS else None
    return _READERS.get(field.type)


def _number(text: str) -> str:
    try:
        return str(Decimal(text))
    except ArithmeticError as bad:
        raise ValueError(text) from bad


def _days(day: dt.date) -> int:
    """A date as the 1900 date system counts it (ECMA-376 18.17.4.1), for days from 1900-03-01 on."""
    return (day - dt.date(1899, 12, 30)).days


def _moment(text: str) -> str:
    moment = dt.datetime.fromisoformat(text)
    return f"{_days(moment.date()) + _day_part(moment.time()):.6f}"


def _day_part(time: dt.time) -> float:
    return (time.hour * 3600 + time.minute * 60 + time.second) / 86400


def _duration(text: str, unit: str) -> str:
    try:
        length = TypeAdapter(dt.timedelta).validate_python(text)
    except ValidationError as bad:
        raise ValueError(text) from bad
    return f"{length.total_seconds() / _SECONDS[unit]:g}"


_READERS: dict[str, Callable[[str], str]] = {
    "integer": _number,
    "number": _number,
    "year": _number,
    "date": lambda text: str(_days(dt.date.fromisoformat(text))),
    "yearmonth": lambda text: str(_days(dt.date.fromisoformat(f"{text}-01"))),
    "datetime": _moment,
    "time": lambda text: f"{_day_part(dt.time.fromisoformat(text)):.9f}",
}
