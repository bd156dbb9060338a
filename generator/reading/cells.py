"""The first visible sheet of a workbook, cell by cell, as the text that a person sees there.

A value is never taken for another than the one that is shown: a code 1 in the format 000 is 001, and a cell whose
format this module does not know, or hides part of the value, is told as such. ISO/IEC 29500-1 18.3, 18.4, 18.8.30.
"""

from __future__ import annotations

import datetime as dt
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import Literal, NamedTuple

from lxml import etree

from generator.base.problems import Where
from generator.office.ooxml import R, main_part, relations, xml

MAX_ELEMENTS = 1_500_000
"""Elements of a part; a sheet of which every row has a format has a million."""

Fault = Literal["", "formula", "error", "format"]


class Cell(NamedTuple):
    """A cell that holds something; `row` and `column` count from 1.

    Of a fault, `text` is what causes it: nothing for a formula without a result, the error shown, the number's format.
    """

    row: int
    column: int
    text: str
    fault: Fault = ""

    @property
    def name(self) -> str:
        letters, left = "", self.column
        while left:
            left, letter = divmod(left - 1, 26)
            letters = chr(65 + letter) + letters
        return f"{letters}{self.row}"


def cells(parts: Mapping[str, bytes]) -> Iterator[Cell]:
    """The cells in the order of the file. Raises ValueError, SyntaxError and Problems for what no program writes."""
    main = main_part(parts)
    rels = relations(parts, main)
    book = xml(parts[main], Where(main)) if main else None
    if book is None:
        raise ValueError("no workbook")
    sheet = next(
        rels[relation].target
        for each in book.iter("{*}sheet")
        if (relation := each.get(f"{R}id", "")) in rels
        and rels[relation].type == "worksheet"
        and each.get("state", "visible") == "visible"
    )
    named = {relation.type: parts[relation.target] for relation in rels.values() if relation.target in parts}
    properties = next(book.iter("{*}workbookPr"), None)
    from_1904 = properties is not None and properties.get("date1904") in ("1", "true")
    reader = _Reader(_strings(named.get("sharedStrings")), _formats(named.get("styles")), from_1904=from_1904)
    return reader.cells(parts[sheet])


# -- what the cells refer to -------------------------------------------------------------------------------------------


def _elements(data: bytes, tag: str) -> Iterator[etree._Element]:
    """Each element of this name; it is forgotten when the next one is asked for."""
    if data.count(b"<") - data.count(b"</") > MAX_ELEMENTS:
        raise ValueError(f"more than {MAX_ELEMENTS} elements")
    for _event, element in etree.iterparse(
        io.BytesIO(data), ("end",), tag=f"{{*}}{tag}", resolve_entities=False, no_network=True, remove_comments=True
    ):
        yield element
        element.clear()
        parent = element.getparent()
        while parent is not None and element.getprevious() is not None:
            del parent[0]


def _strings(data: bytes | None) -> list[str]:
    return [_string(element) for element in _elements(data, "si")] if data else []


_ESCAPE = re.compile("_x([0-9A-Fa-f]{4})_")


def _string(element: etree._Element) -> str:
    """The text without its phonetic reading."""
    runs = element.iterfind("{*}r/{*}t") if element.find("{*}r") is not None else element.iterfind("{*}t")
    return _unescaped("".join(run.text or "" for run in runs))


def _unescaped(text: str) -> str:
    """Characters that XML cannot carry are written _x0007_ (ST_Xstring)."""
    return _ESCAPE.sub(lambda match: chr(int(match[1], 16)), text)


def _formats(data: bytes | None) -> list[str]:
    """The number format of each style of a cell."""
    if data is None:
        return []
    root = xml(data, Where("styles.xml"))
    own = {each.get("numFmtId", ""): each.get("formatCode", "") for each in root.iterfind("{*}numFmts/{*}numFmt")}
    ids = [each.get("numFmtId", "0") for each in root.iterfind("{*}cellXfs/{*}xf")]
    return [own.get(number, _BUILT_IN.get(number, number)) for number in ids]


# -- cells -------------------------------------------------------------------------------------------------------------

_REFERENCE = re.compile("([A-Z]{1,3})([1-9][0-9]{0,6})")


class _Reader:
    def __init__(self, strings: Sequence[str], formats: Sequence[str], *, from_1904: bool) -> None:
        self._strings = strings
        self._formats = formats
        self._first_day = dt.datetime(1904, 1, 1) if from_1904 else dt.datetime(1899, 12, 30)

    def cells(self, data: bytes) -> Iterator[Cell]:
        row, number, column = None, 0, 0
        for element in _elements(data, "c"):
            if (parent := element.getparent()) is not row:
                number, column = _row(parent, row, number), 0
                row = parent
            column = _column(element.get("r"), number, column)
            text, fault = self._read(element)
            if text.strip() or fault:
                yield Cell(number, column, text, fault)

    def _read(self, cell: etree._Element) -> tuple[str, Fault]:
        kind, value = cell.get("t", "n"), cell.findtext("{*}v")
        if kind == "inlineStr":
            text = cell.find("{*}is")
            return "" if text is None else _string(text), ""
        if value is None or (kind == "n" and not value.strip()):
            return "", "formula" if cell.find("{*}f") is not None else ""
        if kind == "n":
            code = self._formats[int(cell.get("s", "0"))] if self._formats else "General"
            number = self._number(Decimal(value.strip()), code)
            return (code, "format") if number is None else (number, "")
        return (value, "error") if kind == "e" else (self._word(kind, value), "")

    def _word(self, kind: str, value: str) -> str:
        if kind == "s":
            return self._strings[_index(value)]
        if kind == "str":
            return _unescaped(value)
        if kind == "b":
            return ("FALSE", "TRUE")[_index(value)]
        if kind == "d":
            return _moment(dt.datetime.fromisoformat(value), "ymdhs") or value
        raise ValueError(f"a cell of kind {kind}")

    def _number(self, value: Decimal, code: str) -> str | None:
        """A number as its format shows it; None where that is not known, or not the whole value."""
        if not value.is_finite() or abs(value.adjusted()) > _DIGITS:
            raise ValueError(f"the number {value}")
        if value != value.to_integral_value():
            # Programs write the sixteenth and seventeenth digit of a binary fraction too, and show neither.
            value = Decimal(f"{float(value):.15g}")
        tokens = _tokens_for(value, code)
        if tokens is None:
            return None
        letters = {letter for literal, text in tokens if not literal for letter in text.lower()}
        if letters & set("ymdhs"):
            return _moment(self._day(value), "".join(letters), within_a_day=0 <= value < 1)
        return _figure(value, tokens)

    def _day(self, value: Decimal) -> dt.datetime:
        # A day that Lotus 1-2-3 took for 29 February 1900 stands in the first calendar.
        early = self._first_day.year == 1899 and value < 60
        seconds = dt.timedelta(seconds=round(float(value) * 86400))
        return self._first_day + seconds + dt.timedelta(days=1 if early else 0)


def _row(row: etree._Element | None, last: etree._Element | None, before: int) -> int:
    """The number of a row, after the `last` one that held a cell; one without its own stands after its neighbour."""
    if row is None or etree.QName(row).localname != "row":
        raise ValueError("a cell outside a row")
    number = 0
    element: etree._Element | None = row
    while element is not None and element is not last and element.get("r") is None:
        number, element = number + 1, element.getprevious()
    if element is last:
        number += before
    elif element is not None:
        number += int(element.get("r", ""))
    if number <= before:
        raise ValueError(f"row {number} after row {before}")
    return number


def _column(reference: str | None, row: int, before: int) -> int:
    """The column of a cell; one without a reference stands after the one before it."""
    if reference is None:
        return before + 1
    match = _REFERENCE.fullmatch(reference)
    if not match or int(match[2]) != row:
        raise ValueError(f"the cell {reference[:20]} in row {row}")
    column = 0
    for letter in match[1]:
        column = column * 26 + ord(letter) - 64
    if column <= before:
        raise ValueError(f"the cell {reference} a second time")
    return column


def _index(text: str) -> int:
    number = int(text)
    if number < 0:
        raise ValueError(text)
    return number


# -- formats of numbers ------------------------------------------------------------------------------------------------

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

_PIECE = re.compile(r'"[^"]*"|\\.|.', re.DOTALL)
_TOKEN = re.compile(r'"([^"]*)"|\\(.)|[_*].|\[([^\]]*)\]|([年月日时分秒人元个号()])|(.)', re.DOTALL)
_COLOUR = re.compile(
    r"\$-[0-9A-Fa-f]*|Black|Blue|Cyan|Green|Magenta|Red|White|Yellow|Color ?\d+|[黑蓝青绿红白黄]色?", re.I
)
_FIGURE = re.compile(r"[#,?]*(?P<whole>0+)(?:\.(?P<always>0*)(?P<maybe>#*))?(?P<percent>%?)")
_PLAIN = ("general", "@", "", "g/通用格式", "0.00e+00", "##0.0e+0")


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
