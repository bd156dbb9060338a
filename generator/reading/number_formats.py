"""Numbers as their formats show them (ISO/IEC 29500-1 18.8.30), and whether a format makes a day of one.

A value is never taken for another than the one that is shown: of a number whose format this module does not know, or
hides part of the value, it says that it cannot tell.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

from lxml import etree

from generator.office.ooxml import S

_DIGITS, _LONGEST = 300, 255
"""Of a number's exponent, and of a format, as Excel has them."""
_BUILT_IN = {
    "0": "General", "1": "0", "2": "0.00", "3": "#,##0", "4": "#,##0.00", "9": "0%", "10": "0.00%", "11": "0.00E+00",
    "14": "yyyy/m/d", "15": "d-mmm-yy", "16": "d-mmm", "17": "mmm-yy", "20": "h:mm", "21": "h:mm:ss",
    "22": "yyyy/m/d h:mm", "27": "yyyy年m月", "28": "m月d日", "29": "m月d日", "30": "m/d/yy", "31": "yyyy年m月d日",
    "32": "h时mm分", "33": "h时mm分ss秒", "36": "yyyy年m月", "37": "#,##0;-#,##0", "38": "#,##0;-#,##0",
    "39": "#,##0.00;-#,##0.00", "40": "#,##0.00;-#,##0.00", "41": "#,##0", "43": "#,##0.00", "49": "@",
    "50": "yyyy年m月", "51": "m月d日", "52": "yyyy年m月", "53": "m月d日", "54": "m月d日", "57": "yyyy年m月",
    "58": "m月d日",
}  # fmt: skip
"""Formats that a file names by number only (18.8.30, those of Chinese systems among them)."""

_OF_TIME = set("ymdhs")
_PIECE = re.compile(r'"[^"]*"|\\.|.', re.DOTALL)
_TOKEN = re.compile(r'"([^"]*)"|\\(.)|[_*].|\[([^\]]*)\]|([年月日时分秒人元个号()])|(.)', re.DOTALL)
_COLOUR = re.compile(
    r"\$-[0-9A-Fa-f]*|Black|Blue|Cyan|Green|Magenta|Red|White|Yellow|Color ?\d+|[黑蓝青绿红白黄]色?", re.I
)
_FIGURE = re.compile(r"[#,?]*(?P<whole>0+)(?:\.(?P<always>0*)(?P<maybe>#*))?(?P<percent>%?)")
_PLAIN = ("general", "@", "", "g/通用格式", "0.00e+00", "##0.0e+0")


def number_formats(styles: etree._Element | None) -> list[str]:
    """The code of the number format of each cell format (xf) of a styles part; none without one."""
    if styles is None:
        return []
    own = {each.get("numFmtId", ""): each.get("formatCode", "") for each in styles.iterfind(f"{S}numFmts/{S}numFmt")}
    ids = [each.get("numFmtId", "0") for each in styles.iterfind(f"{S}cellXfs/{S}xf")]
    return [own.get(number, _BUILT_IN.get(number, number)) for number in ids]


def shown_number(value: Decimal, code: str, first_day: dt.datetime) -> str | None:
    """A number as its format shows it; None where that is not known, or not the whole value.

    Raises ValueError for a number that no sheet can hold.
    """
    if not value.is_finite() or abs(value.adjusted()) > _DIGITS:
        raise ValueError(f"the number {value}")
    value = rounded(value)
    tokens = _tokens_for(value, code)
    if tokens is None:
        return None
    letters = _letters(tokens)
    if set(letters) & _OF_TIME:
        return _moment(moment(value, first_day), letters, within_a_day=0 <= value < 1)
    return _figure(value, tokens)


def rounded(value: Decimal) -> Decimal:
    """The number of fifteen digits: programs write the next two of a binary fraction too, and show neither."""
    return value if value == value.to_integral_value() else Decimal(f"{float(value):.15g}")


def is_moment(value: Decimal, code: str) -> bool:
    """Whether the format shows the number as a day or an hour."""
    tokens = _tokens_for(value, code)
    return tokens is not None and bool(set(_letters(tokens)) & _OF_TIME)


def moment(value: Decimal, first_day: dt.datetime) -> dt.datetime:
    """The day and hour that a number stands for; raises ValueError or OverflowError where the calendar has none."""
    # A day that Lotus 1-2-3 took for 29 February 1900 stands in the first calendar.
    early = first_day.year == 1899 and value < 60
    seconds = dt.timedelta(seconds=round(float(value) * 86400))
    return first_day + seconds + dt.timedelta(days=1 if early else 0)


def _letters(tokens: Sequence[tuple[bool, str]]) -> str:
    return "".join({letter for literal, text in tokens if not literal for letter in text.lower()})


@lru_cache(1024)
def _sections(code: str) -> list[list[tuple[bool, str]] | None]:
    """The parts of a format (for positive numbers, negative ones, zero), each as `_tokens` gives it."""
    if len(code) > _LONGEST:
        return [None]
    sections = [""]
    for match in _PIECE.finditer(code):
        if match[0] == ";":
            sections.append("")
        else:
            sections[-1] += match[0]
    return [_tokens(section) for section in sections]


def _tokens(section: str) -> list[tuple[bool, str]] | None:
    """The format in pieces, text as (True, text) and signs as (False, sign); None where it has a condition."""
    tokens = []
    for match in _TOKEN.finditer(section):
        quoted, escaped, bracket, text, sign = match.groups()
        if bracket is not None and not _COLOUR.fullmatch(bracket):
            return None
        if (literal := quoted or escaped or text) is not None:
            tokens.append((True, literal))
        elif sign is not None:
            tokens.append((False, sign))
    return tokens


def _tokens_for(value: Decimal, code: str) -> list[tuple[bool, str]] | None:
    sections = _sections(code)
    if value < 0:
        own = sections[min(1, len(sections) - 1)]
        # There a negative number has the sign that is written there, and brackets stand for one.
        return own and [token for token in own if token[1] not in ("(", ")", "-")]
    return sections[2] if value == 0 and len(sections) > 2 else sections[0]


def _figure(value: Decimal, tokens: Sequence[tuple[bool, str]]) -> str | None:
    """A number with its zeros and decimals, the text around it, and without marks between thousands."""
    signs = [number for number, (literal, _text) in enumerate(tokens) if not literal]
    first, last = (signs[0], signs[-1]) if signs else (0, 0)
    if not signs:
        return "0" if value == 0 and tokens == [(True, "-")] else None  # as accounts write nothing
    if last - first + 1 > len(signs):
        return None
    core = "".join(text for _literal, text in tokens[first : last + 1]).strip()
    before, after = ("".join(text for _literal, text in some) for some in (tokens[:first], tokens[last + 1 :]))
    if core.lower() in _PLAIN:
        return f"{before}{_plain(value)}{after}" if core else None
    match = _FIGURE.fullmatch(core)
    if not match:
        return None
    shown = value * 100 if match["percent"] else value
    always, maybe = len(match["always"] or ""), len(match["maybe"] or "")
    rounded = shown.quantize(Decimal(1).scaleb(-always - maybe), ROUND_HALF_UP)
    if rounded != shown:
        return None
    whole, _point, decimals = format(abs(rounded), "f").partition(".")
    decimals = decimals[:always] + decimals[always:].rstrip("0")
    text = whole.zfill(len(match["whole"])) + (f".{decimals}" if decimals else "") + match["percent"]
    return f"{before}{'-' if value < 0 else ''}{text}{after}"


def _plain(value: Decimal) -> str:
    """150100 and 150100.0 are "150100"."""
    text = format(value, "f")
    return (text.rstrip("0").rstrip(".") if "." in text else text) or "0"


def _moment(moment: dt.datetime, letters: str, *, within_a_day: bool = False) -> str | None:
    """A day as 2026-09-10, an hour as 08:30, both as 2026-09-10 08:30; None for less than a day, or more than is shown.

    `letters` are those of the format, in which m is a month beside a day or a year, and a minute beside an hour.
    """
    shown = set(letters)
    if shown - set("ymdhsa/:-.,年月日时分秒 "):
        return None
    time = moment.time().isoformat("seconds" if moment.second else "minutes")
    if "h" not in shown and (shown & {"s"} or moment.time() != dt.time()):
        return None
    if moment.second and "s" not in shown:
        return None
    if shown >= {"m", "d"}:
        return moment.date().isoformat() + (f" {time}" if moment.time() != dt.time() else "")
    return time if within_a_day and "h" in shown and not shown & {"y", "d"} else None
