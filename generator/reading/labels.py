"""The labels that Word counts by itself (一、 （二） 3.): part of what a reader sees, but in no paragraph's text."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from lxml import etree

from generator.base.numerals import numeral
from generator.office.ooxml import W

_VAL, _LEVEL = f"{W}val", f"{W}ilvl"
_STEMS = "甲乙丙丁戊己庚辛壬癸"
_ROMAN = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"),
          (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))  # fmt: skip
_CHINESE = (
    "chineseCounting", "chineseCountingThousand", "ideographDigital", "japaneseCounting", "taiwaneseCounting",
    "taiwaneseCountingThousand",
)  # fmt: skip


@dataclass
class Labels:
    """Counts the numbered paragraphs of one story, in reading order; `root` is the numbering part, None without one."""

    root: etree._Element | None
    _counts: dict[tuple[str, int], int] = field(default_factory=dict)
    _restarted: set[tuple[str, int]] = field(default_factory=set)
    _nums: dict[str, etree._Element] = field(default_factory=dict)
    _known: dict[str, dict[int, etree._Element]] = field(default_factory=dict)

    def next(self, number_id: str, level: int) -> str:
        """The label of the next paragraph in list `number_id` (w:numId) at `level`, from 0; "" where there is none."""
        levels = self._levels(number_id)
        if level not in levels:
            return ""
        list_id = self._list_id(number_id)
        override = self._override_start(number_id, level)
        if override is not None and (number_id, level) not in self._restarted:
            self._restarted.add((number_id, level))
            self._counts[list_id, level] = override - 1
        start = _number(levels[level], "start", 1)
        self._counts[list_id, level] = self._counts.get((list_id, level), start - 1) + 1
        for deeper in levels:
            if deeper > level:
                self._counts.pop((list_id, deeper), None)
        return self._label(levels, list_id, level)

    def level_of(self, number_id: str, style: str) -> int:
        """The level of a list that a style stands for, by the style's id; the first where none is tied to it."""
        for level, element in self._levels(number_id).items():
            if style and _word(element, "pStyle", "") == style:
                return level
        return 0

    def _label(self, levels: Mapping[int, etree._Element], list_id: str, level: int) -> str:
        text = levels[level].find(f"{W}lvlText")
        if _word(levels[level], "numFmt", "decimal") == "bullet":
            return "•"

        def count(match: re.Match[str]) -> str:
            shown = int(match[1]) - 1
            if shown not in levels:
                return ""
            value = self._counts.get((list_id, shown), _number(levels[shown], "start", 1))
            return counted(value, _word(levels[shown], "numFmt", "decimal"))

        return re.sub(r"%([1-9])", count, "" if text is None else text.get(_VAL, ""))

    def _num(self, number_id: str) -> etree._Element | None:
        if not self._nums and self.root is not None:
            self._nums = {num.get(f"{W}numId", ""): num for num in reversed(self.root.findall(f"{W}num"))}
        return self._nums.get(number_id)

    def _list_id(self, number_id: str) -> str:
        num = self._num(number_id)
        return "" if num is None else _word(num, "abstractNumId", "")

    def _levels(self, number_id: str) -> dict[int, etree._Element]:
        """The levels of a list by number, its own definitions before those of the list that it is made from."""
        if number_id not in self._known:
            self._known[number_id] = self._read_levels(number_id)
        return self._known[number_id]

    def _read_levels(self, number_id: str) -> dict[int, etree._Element]:
        num = self._num(number_id)
        if num is None or self.root is None:
            return {}
        list_id = self._list_id(number_id)
        abstract = (a for a in self.root.findall(f"{W}abstractNum") if a.get(f"{W}abstractNumId") == list_id)
        found = [level for element in abstract for level in element.findall(f"{W}lvl")]
        found += num.findall(f"{W}lvlOverride/{W}lvl")
        return {int(level.get(_LEVEL, "0")): level for level in found if level.get(_LEVEL, "0").isdecimal()}

    def _override_start(self, number_id: str, level: int) -> int | None:
        num = self._num(number_id)
        for override in [] if num is None else num.findall(f"{W}lvlOverride"):
            if override.get(_LEVEL) == str(level) and override.find(f"{W}startOverride") is not None:
                return _number(override, "startOverride", 1)
        return None


def counted(value: int, form: str) -> str:
    """A count in a form of ECMA-376 17.18.59 (ST_NumberFormat); decimal for what Chinese documents do not use."""
    write = _FORMS.get(form)
    return str(value) if write is None else write(value)


def _roman(value: int) -> str:
    text = ""
    for size, letters in _ROMAN:
        text += letters * (value // size)
        value %= size
    return text


def _letters(value: int) -> str:
    """1 → a, 27 → aa, as Word repeats letters."""
    return chr(97 + (value - 1) % 26) * ((value - 1) // 26 + 1)


def _chinese(value: int) -> str:
    return numeral(value) if value < 1000 else str(value)


def _circled(value: int) -> str:
    return chr(0x2460 + value - 1) if 1 <= value <= 20 else str(value)


_FORMS: Mapping[str, Callable[[int], str]] = {
    "none": lambda _value: "",
    "lowerLetter": _letters,
    "upperLetter": lambda value: _letters(value).upper(),
    "lowerRoman": _roman,
    "upperRoman": lambda value: _roman(value).upper(),
    "decimalEnclosedCircle": _circled,
    "decimalEnclosedCircleChinese": _circled,
    "ideographTraditional": lambda value: _STEMS[value - 1] if 1 <= value <= 10 else str(value),
    "decimalFullWidth": lambda value: "".join(chr(ord(digit) + 0xFEE0) for digit in str(value)),
    "decimalZero": lambda value: f"{value:02}",
    **dict.fromkeys(_CHINESE, _chinese),
}


def _word(element: etree._Element, name: str, default: str) -> str:
    found = element.find(f"{W}{name}")
    return default if found is None else found.get(_VAL, default)


def _number(element: etree._Element, name: str, default: int) -> int:
    value = _word(element, name, str(default))
    return int(value) if value.isdecimal() else default
