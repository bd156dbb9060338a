"""What a person typed into a cell, as a value of the field's type; nothing is guessed, nothing rough is zero."""

from __future__ import annotations

import datetime as dt
import math
import re
import unicodedata
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, NamedTuple

from generator.collect.papers import shown
from generator.dispatch.spec import Form, FormField
from generator.forms.types import Value as Kind
from generator.forms.types import meaning

Value = str | Decimal | None
"""A figure is a Decimal; every other value the text that the merged tables show (2022-09-01, 是, 3分20秒)."""


class Reading(NamedTuple):
    """A value, or the code of what is wrong with the cell; `note` tells that it was not typed as it was read."""

    value: Value
    fault: str = ""
    note: bool = False


BLANK = Reading(None)
_MOST_DIGITS, MOST_DECIMALS = 15, 12
_ROUGH = re.compile(r"[万亿兆千百余约近多几数]|左右|上下|以上|以下")
_DIGIT = re.compile(r"[\d一二三四五六七八九十]")
_FILLERS = frozenset({"/", "\\", "-", "—", "——", "－", "无", "没有", "暂无", "不适用", "n/a", "N/A"})
_DITTO = frozenset({"同上", "〃", "″", "同前", '"'})
_THOUSANDS = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?")
_PLAIN = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)")
_SPACES = re.compile(r"\s+")


def narrow(text: str) -> str:
    """Half-width, without blanks: for figures, dates and choices alone, since it makes 1 of ①."""
    return _SPACES.sub("", unicodedata.normalize("NFKC", text))


def read(form: Form, field: FormField, raw: Any) -> Reading:
    """The value of a cell that holds `raw`; blanks are nothing."""
    if raw == "" or raw is None:
        return BLANK
    if isinstance(raw, str):
        stripped = raw.strip()
        if not stripped:
            return BLANK
        if stripped in _DITTO:
            return Reading(None, "cell-ditto")
    return _READERS[meaning(field).value](form, field, raw)


# -- figures -----------------------------------------------------------------------------------------------------------


def _number(form: Form, field: FormField, raw: Any) -> Reading:
    if isinstance(raw, str):
        return _of_text(form, field, raw)
    if type(raw) in (int, float):
        return _of_float(raw)
    return Reading(None, "cell-type")


def _of_text(form: Form, field: FormField, raw: str) -> Reading:
    text = narrow(raw)
    if text in _FILLERS:
        return Reading(None, "cell-required" if field.constraints.required else "", note=True)
    bare = _without_unit(text, field.unit or form.unit_of_measure)
    if _THOUSANDS.fullmatch(bare):
        bare = bare.replace(",", "")
    if not _PLAIN.fullmatch(bare):
        is_rough = _ROUGH.search(bare) and _DIGIT.search(bare)
        return Reading(None, "cell-rough" if is_rough else "cell-type")
    value = Decimal(bare)
    if len(value.as_tuple().digits) > _MOST_DIGITS + 3 or abs(value) >= 10**_MOST_DIGITS:
        return Reading(None, "cell-precision")
    # Numbers that are stored as text are what Word has, and half of all spreadsheets.
    return Reading(value, note=bare != raw.strip())


def _of_float(raw: float) -> Reading:
    if math.isnan(raw) or abs(raw) >= 10**_MOST_DIGITS:
        return Reading(None, "cell-precision")
    if raw == int(raw):
        return Reading(Decimal(int(raw)))
    return Reading(Decimal(f"{raw:.15g}"))


def _without_unit(text: str, unit: str | None) -> str:
    return text.removesuffix(narrow(unit)) if unit else text


def _figure(form: Form, field: FormField, raw: Any) -> Reading:
    if isinstance(raw, (dt.timedelta, dt.time, dt.datetime)) or (isinstance(raw, str) and meaning(field).words == ""):
        # A duration that is counted in minutes may still be written out, or stand as a time.
        length = _length_of(raw)
        if length is not None and field.unit in _SECONDS:
            return Reading(Decimal(length) / _SECONDS[field.unit], note=True)
    found = _number(form, field, raw)
    if not isinstance(found.value, Decimal):
        return found
    if not meaning(field).decimals:
        whole = found.value.to_integral_value()
        return found._replace(value=whole) if whole == found.value else Reading(None, "cell-type")
    exponent = found.value.normalize().as_tuple().exponent
    decimals = -exponent if isinstance(exponent, int) and exponent < 0 else 0
    if decimals > (MOST_DECIMALS if field.decimals is None else field.decimals):
        return Reading(None, "cell-precision")
    return found


# -- days and times ----------------------------------------------------------------------------------------------------

_DAY = re.compile(r"(\d{4})(?:[-/.年])(\d{1,2})(?:[-/.月])(\d{1,2})日?(?:00:00(?::00)?)?")
_DAY_DIGITS = re.compile(r"(\d{4})(\d{2})(\d{2})")
_MONTH = re.compile(r"(\d{4})(?:[-/.年])(\d{1,2})月?(?:份)?")
_MONTH_DIGITS = re.compile(r"(\d{4})(\d{2})")
_UNCLEAR = re.compile(r"\d{1,4}[-/.]\d{1,2}([-/.]\d{1,2})?|\d{1,2}月\d{1,2}日?")
_TIME = re.compile(r"(上午|下午|晚上|中午)?(\d{1,2})(?:[:时点])(?:(\d{1,2})分?)?(?:[:]?(\d{1,2})秒?)?")
_SOME_DAY = (dt.date(1900, 3, 1), dt.date(2199, 12, 31))


def _date(_form: Form, _field: FormField, raw: Any) -> Reading:
    if isinstance(raw, dt.datetime):
        return Reading(raw.date().isoformat()) if raw.time() == dt.time() else Reading(None, "cell-type")
    if isinstance(raw, dt.date):
        return Reading(raw.isoformat())
    text = narrow(shown(raw))
    match = _DAY.fullmatch(text) or _DAY_DIGITS.fullmatch(text)
    if match:
        day = _day(match)
        return Reading(day, note=day != text) if day else Reading(None, "cell-type")
    return Reading(None, "cell-unclear" if _UNCLEAR.fullmatch(text) or type(raw) is float else "cell-type")


def _day(match: re.Match[str]) -> str:
    try:
        day = dt.date(int(match[1]), int(match[2]), int(match[3]))
    except ValueError:
        return ""
    return day.isoformat() if _SOME_DAY[0] <= day <= _SOME_DAY[1] else ""


def _yearmonth(form: Form, field: FormField, raw: Any) -> Reading:
    if isinstance(raw, (dt.datetime, dt.date)):
        return Reading(f"{raw:%Y-%m}")
    text = narrow(f"{raw:.2f}" if type(raw) is float and raw < _FIRST_MONTH else shown(raw))
    match = _MONTH.fullmatch(text) or _MONTH_DIGITS.fullmatch(text)
    if match and 1 <= int(match[2]) <= 12:
        # 2022.10 as a number is 2022.1, and nobody can tell it from January.
        if type(raw) is float and raw < _FIRST_MONTH and text.endswith("0"):
            return Reading(None, "cell-unclear")
        value = f"{match[1]}-{int(match[2]):02d}"
        return Reading(value, note=value != text)
    day = _date(form, field, raw)
    return Reading(str(day.value)[:7], note=True) if day.value else Reading(None, day.fault)


_FIRST_MONTH = 10_000


def _year(_form: Form, _field: FormField, raw: Any) -> Reading:
    text = narrow(shown(raw))
    match = re.fullmatch(r"(\d{4})年?(度)?", text)
    return Reading(Decimal(match[1]), note=match[1] != text) if match else Reading(None, "cell-type")


def _time(_form: Form, _field: FormField, raw: Any) -> Reading:
    if isinstance(raw, dt.datetime):
        raw = raw.time()
    if isinstance(raw, dt.time):
        return Reading(raw.isoformat("seconds" if raw.second else "minutes"))
    text = narrow(shown(raw))
    match = _TIME.fullmatch(text)
    if not match:
        return Reading(None, "cell-type")
    hour = int(match[2]) + (12 if match[1] in ("下午", "晚上") and int(match[2]) < 12 else 0)
    try:
        time = dt.time(hour, int(match[3] or 0), int(match[4] or 0))
    except ValueError:
        return Reading(None, "cell-type")
    value = time.isoformat("seconds" if time.second else "minutes")
    return Reading(value, note=value != text)


def _moment(form: Form, field: FormField, raw: Any) -> Reading:
    if isinstance(raw, dt.datetime):
        return Reading(raw.isoformat(" ", "seconds" if raw.second else "minutes"))
    if isinstance(raw, dt.date):
        return Reading(f"{raw.isoformat()} 00:00")
    text = unicodedata.normalize("NFKC", shown(raw)).replace("T", " ").strip()
    first, _blank, rest = text.replace("日", "日 ").partition(" ")
    day, time = _date(form, field, first), _time(form, field, rest) if rest.strip() else Reading("00:00")
    if day.value and time.value:
        value = f"{day.value} {time.value}"
        return Reading(value, note=value != text)
    return Reading(None, day.fault or time.fault or "cell-type")


_LENGTH = re.compile(r"(?:(\d+)(?:小时|时|h))?(?:(\d+)(?:分钟|分|'|m|min))?(?:(\d+)(?:秒钟|秒|\"|s))?", re.IGNORECASE)
_CLOCK = re.compile(r"(?:(\d+):)?(\d{1,2}):(\d{2})")
_SECONDS = {"秒": 1, "分钟": 60, "小时": 3600}


def seconds(text: str) -> int | None:
    """3分20秒, 03:20, PT3M20S as seconds; None for what is no length of time."""
    bare = narrow(text).removeprefix("PT")
    match = _LENGTH.fullmatch(bare) or _CLOCK.fullmatch(bare)
    if not match or not any(match.groups()):
        return None
    hours, minutes, rest = (int(part or 0) for part in match.groups())
    return hours * 3600 + minutes * 60 + rest


def _duration(_form: Form, _field: FormField, raw: Any) -> Reading:
    length = _length_of(raw)
    if length is None:
        return Reading(None, "cell-type")
    words = _in_words(length)
    return Reading(words, note=words != shown(raw))


def _length_of(raw: Any) -> int | None:
    if isinstance(raw, dt.timedelta):
        return int(raw.total_seconds())
    if isinstance(raw, (dt.time, dt.datetime)):
        return raw.hour * 3600 + raw.minute * 60 + raw.second
    return seconds(raw) if isinstance(raw, str) else None


def _in_words(length: int) -> str:
    hours, rest = divmod(length, 3600)
    minutes, left = divmod(rest, 60)
    return (f"{hours}小时" if hours else "") + (f"{minutes}分" if minutes else "") + (
        f"{left}秒" if left else ""
    ) or "0秒"


# -- words -------------------------------------------------------------------------------------------------------------

_YES, _NO = frozenset("是√✓有对Yy1"), frozenset("否×✗无错Nn0")


def _boolean(_form: Form, _field: FormField, raw: Any) -> Reading:
    if isinstance(raw, bool):
        return Reading("是" if raw else "否", note=True)
    text = narrow(shown(raw))
    if text in ("是", "否"):
        return Reading(text, note=text != raw)
    value = "是" if text in _YES else "否" if text in _NO else None
    return Reading(value, note=True) if value else Reading(None, "cell-choice")


def _text(_form: Form, field: FormField, raw: Any) -> Reading:
    if isinstance(raw, str):
        text = raw.strip()
    elif type(raw) is float and abs(raw) >= 10**_MOST_DIGITS:
        return Reading(None, "cell-precision")
    else:
        text = shown(raw)
    if field.format:
        return _formatted(field.format, text, raw)
    if field.categories:
        return _choice(field, text)
    return Reading(text, note=type(raw) is str and text != raw)


def _choice(field: FormField, text: str) -> Reading:
    if text in field.categories:
        return Reading(text)
    found = _category(field, text)
    return Reading(found, note=True) if found else Reading(None, "cell-choice")


def _category(field: FormField, text: str) -> str:
    same = (one for one in field.categories if narrow(one) == narrow(text))
    return next(same, "") or field.aliases.get(text, "")


def _list(_form: Form, field: FormField, raw: Any) -> Reading:
    text = shown(raw)
    items = [item.strip() for item in re.split(r"[、；;，,\n]", text) if item.strip()]
    if field.categories:
        found = [item if item in field.categories else _category(field, item) for item in items]
        if not all(found):
            return Reading(None, "cell-choice")
        items = list(dict.fromkeys(found))
    value = "、".join(items)
    return Reading(value, note=value != text)


# -- formats -----------------------------------------------------------------------------------------------------------

_WEIGHTS, _CHECK = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2), "10X98765432"
_USCC = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_PHONE = re.compile(r"[+\d][\d()\- ]{5,24}(?:转\d{1,6})?(?:[、,/;][+\d][\d()\- ]{5,24})*")
_MAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]{2,}")


def is_id_card(text: str) -> bool:
    """18 digits with a day of birth and the check digit of GB 11643-1999."""
    if not re.fullmatch(r"\d{17}[\dX]", text):
        return False
    try:
        dt.date(int(text[6:10]), int(text[10:12]), int(text[12:14]))
    except ValueError:
        return False
    return _CHECK[sum(int(digit) * weight for digit, weight in zip(text, _WEIGHTS, strict=False)) % 11] == text[17]


def is_uscc(text: str) -> bool:
    """18 characters with the check character of GB 32100-2015."""
    if len(text) != 18 or any(character not in _USCC for character in text):
        return False
    total = sum(_USCC.index(character) * 3**place % 31 for place, character in enumerate(text[:17]))
    return _USCC[(31 - total % 31) % 31] == text[17]


def _formatted(kind: str, text: str, raw: Any) -> Reading:
    bare = unicodedata.normalize("NFKC", text).strip()
    if kind in ("id_card", "uscc"):
        bare = narrow(bare).upper()
    valid = _FORMATS[kind](bare)
    return Reading(bare, note=bare != raw) if valid else Reading(None, "cell-format")


_FORMATS: Mapping[str, Callable[[str], bool]] = {
    "id_card": is_id_card,
    "uscc": is_uscc,
    "phone": lambda text: bool(_PHONE.fullmatch(text)),
    "email": lambda text: bool(_MAIL.fullmatch(text)),
    "uri": lambda text: bool(re.fullmatch(r"(https?://)?[^\s/]+\.[^\s]+", text)),
}
_READERS: Mapping[Kind, Callable[[Form, FormField, Any], Reading]] = {
    "figure": _figure, "date": _date, "month": _yearmonth, "year": _year, "time": _time, "datetime": _moment,
    "duration": _duration, "choice": _boolean, "choices": _list, "text": _text, "serial": _text, "none": _text,
}  # fmt: skip
