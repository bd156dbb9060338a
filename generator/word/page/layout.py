"""Where text falls on the page, by arithmetic: the exact grid of GB/T 9704, 22 lines of 28 characters.

Every line of a page is 579 twips high and nothing floats, so a position is a sum. Measures are in twips (1/20 pt).
Rendering tests these sums; it is never part of making a document (docs/layout.md).
"""

from __future__ import annotations

import itertools
import re
import string
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

LINE = 579
"""One line: 28.95 pt; 22 of them fill 224.7 of the type area's 225 mm (33476; 580 already gives 21)."""
PAGE_LINES = 22
LINE_CHARACTERS = 28
TYPE_WIDTH = 8844
"""156 mm."""
LANDSCAPE_WIDTH, LANDSCAPE_ROOM = 12756, TYPE_WIDTH
"""The type area of a landscape page: 225 mm wide, 156 mm high (clause 8)."""
BODY_SIZE = 320
"""三号, 16 pt."""
TIGHTEN = -5
"""28 × 16 pt is wider than 156 mm: each character gives a quarter of a point (`w:spacing w:val="-5"`)."""
EM = BODY_SIZE + TIGHTEN
"""The advance of one character of body text."""

# Advances of the printable ASCII characters in Times New Roman and its metric twins, in thousandths of the size.
_LATIN = (
    250, 333, 408, 500, 500, 833, 778, 180, 333, 333, 500, 564, 250, 333, 250, 278, 500, 500, 500, 500, 500, 500, 500,
    500, 500, 500, 278, 278, 564, 564, 564, 444, 921, 722, 667, 667, 722, 611, 556, 722, 722, 333, 389, 722, 611, 889,
    722, 722, 556, 722, 667, 556, 611, 722, 722, 944, 722, 722, 611, 333, 278, 333, 469, 500, 333, 444, 500, 444, 500,
    444, 333, 500, 500, 278, 278, 500, 278, 778, 500, 500, 500, 500, 333, 389, 278, 500, 500, 722, 500, 500, 444, 480,
    200, 480, 541,
)  # fmt: skip

NO_LINE_START = "!%),.:;>?]}¢°·’”…‰′″℃、。〃〉》」』】〕〗〞！％），．：；？］｝～"
"""May not begin a line; the templates' settings say the same to Word and LibreOffice (w:noLineBreaksBefore)."""
NO_LINE_END = "$([{£¥‘“〈《「『【〔〖〝＄（［｛￥"
_PAIRED = "—…"
_WEAK = frozenset("“”‘’—…·× ")
"""Found in Chinese and in Latin fonts; where a program sets text in runs, it belongs to the script before it."""
_WEAK_LATIN = {"“": 444, "”": 444, "‘": 333, "’": 333, "·": 250, "×": 564}
"""Advances of these in the Latin font, in thousandths of the size; dashes and ellipses are as wide in both."""


@dataclass(frozen=True, eq=False)
class Engine:
    """How a program sets a line. Shares are thousandths of the size.

    Found by comparing the lines of 257 paragraphs of official documents (tests/data/lines.json).
    """

    gap: int
    """What parts a Chinese character from a Latin letter or digit."""
    give: int
    """How much of its gaps and spaces, in thousandths, a line gives up where one more word then fits."""
    hanging: frozenset[str]
    """Marks that may stand outside the right edge at the end of a full line."""
    hangs_after_latin: bool
    """Whether they do so after a Latin letter or digit, too."""
    breaks_after: str
    """Marks inside a Latin word or an address after which a line may end."""
    runs: bool
    """Whether text is set in runs of a script: marks that both fonts have take that of the script before them, and the
    last character of a run, or of a line, is not tightened."""
    chinese_space: int
    """A space after a Chinese character."""


WORD = Engine(
    gap=250,
    give=250,
    hanging=frozenset("、，。．；：？！,.;:?!）》」』】〕”’％"),
    hangs_after_latin=True,
    breaks_after="-",
    runs=False,
    chinese_space=250,
)
"""Word and WPS, as two programs that imitate Word's layout set lines; the marks are those of [MS-OI29500] 2.1.52."""
LIBREOFFICE = Engine(
    gap=200,
    give=0,
    hanging=frozenset("、，。．；：？！,.;:?!"),
    hangs_after_latin=False,
    breaks_after="/-",
    runs=True,
    chinese_space=350,
)
"""LibreOffice 7.4."""
ENGINE = WORD
"""The one by which documents are arranged: they are opened in Word and WPS."""


@lru_cache(maxsize=20_000)
def advance(character: str, size: int, tighten: int) -> int:
    """The width of one character, in twips: half-width Latin by its metrics, everything else a full em."""
    code = ord(character)
    if 32 <= code < 127:
        return round(size * _LATIN[code - 32] / 1000) + tighten
    if unicodedata.combining(character):
        return 0
    return size + tighten


@lru_cache(maxsize=20_000)
def _step(before: str, character: str, size: int, tighten: int, engine: Engine) -> tuple[int, int, int]:
    """A character's advance after another one, with the gap between them; that gap; and what may be given up of both.

    `before` is empty at the beginning, and of runs stands for its script alone.
    """
    own = advance(character, size, tighten)
    gap = size * engine.gap // 1000 if _parted(before, character) else 0
    loose = gap + (own if character == " " else 0)
    return own + gap, gap, loose * engine.give


def _parted(before: str, after: str) -> bool:
    return bool(before) and before.isascii() != after.isascii() and before.isalnum() and after.isalnum()


def _steps(text: str, size: int, tighten: int, engine: Engine) -> list[tuple[int, int, int]]:
    if engine.runs:
        return list(_steps_in_runs(text, size, tighten, engine))
    return [_step(*pair, size, tighten, engine) for pair in zip(("", *text), text, strict=False)]


def _steps_in_runs(text: str, size: int, tighten: int, engine: Engine) -> Iterator[tuple[int, int, int]]:
    latin: bool | None = None
    before = ""
    for character in text:
        weak = character in _WEAK
        now = bool(latin) if weak else character.isascii()
        wide, gap, loose = _step(before, character, size, tighten, engine)
        if weak and now:
            wide += round(size * (_WEAK_LATIN.get(character, 1000 if character != " " else 250) / 1000)) + tighten
            wide -= advance(character, size, tighten)
        elif character == " ":
            wide += size * (engine.chinese_space - 250) // 1000
        if latin is not None and now != latin:
            wide -= tighten
        yield wide, gap, loose
        latin, before = now, character


@lru_cache(maxsize=20_000)
def width(text: str, size: int = BODY_SIZE, tighten: int = TIGHTEN, engine: Engine = ENGINE) -> int:
    """The width of a text on one line, in twips."""
    return sum(wide for wide, _gap, _loose in _steps(text, size, tighten, engine))


def chunks(text: str, engine: Engine = ENGINE) -> list[str]:
    """The text in pieces between which a line may break."""
    chunks: list[str] = []
    previous = ""
    for character in text:
        if chunks and not _may_break(previous, character, engine.breaks_after):
            chunks[-1] += character
        else:
            chunks.append(character)
        previous = character
    return chunks


@lru_cache(maxsize=20_000)
def _may_break(before: str, after: str, breaks_after: str) -> bool:
    if after in NO_LINE_START or before in NO_LINE_END or after == " ":
        return False
    if before == after and before in _PAIRED:
        return False
    if "!" <= before <= "~" and "!" <= after <= "~":
        return before in breaks_after and after.isalpha()
    return True


def break_lines(
    text: str,
    line_width: int,
    first_indent: int = 0,
    size: int = BODY_SIZE,
    tighten: int = TIGHTEN,
    engine: Engine = ENGINE,
) -> list[str]:
    """`text` as it falls on lines of `line_width`, the first one shorter by `first_indent` (negative: hanging)."""
    lines: list[str] = []
    for paragraph in text.split("\n"):
        setting = _Setting(paragraph, size, tighten, engine)
        lines += setting.lines(line_width, line_width - (0 if lines else first_indent))
    return lines


class _Setting:
    """A paragraph's advances added up, so that the width of any part of it is a difference."""

    def __init__(self, text: str, size: int, tighten: int, engine: Engine) -> None:
        steps = _steps(text, size, tighten, engine)
        self._text, self._engine, self._end = text, engine, -tighten if engine.runs else 0
        self._gaps = [gap for _wide, gap, _loose in steps]
        self._reached = list(itertools.accumulate((wide for wide, _gap, _loose in steps), initial=0))
        self._loose = list(itertools.accumulate((loose for _wide, _gap, loose in steps), initial=0))

    def lines(self, line_width: int, room: int) -> list[str]:
        """Its lines, the first one of which has `room`."""
        found, start, end = [], 0, 0
        for piece in self._pieces(line_width):
            if start < end and not self._fits(start, end, end + len(piece), room):
                found.append(self._text[start:end])
                start, room = end, line_width
            end += len(piece)
        return [*found, self._text[start:]]

    def _pieces(self, line_width: int) -> Iterable[str]:
        """The chunks; one that is wider than a whole line (a long address) breaks anywhere."""
        end = 0
        for chunk in chunks(self._text, self._engine):
            end += len(chunk)
            if len(chunk) > 1 and self._wide(end - len(chunk), end) > line_width:
                yield from chunk
            else:
                yield chunk

    def _fits(self, start: int, last: int, end: int, room: int) -> bool:
        """Whether a line from `start` may end with the piece from `last` to `end`: spaces and a mark may hang out."""
        while end > last and self._text[end - 1] == " ":
            end -= 1
        used = self._wide(start, end) + self._end
        if end - last > 1 and self._text[end - 1] in self._engine.hanging:
            hangs = self._engine.hangs_after_latin or not self._text[end - 2].isascii()
            used -= self._wide(end - 1, end) if hangs else 0
        # Where nothing is given up, the first comparison is the whole of it.
        return used <= room or 1000 * (used - room) <= self._loose[end] - self._loose[start + 1]

    def _wide(self, start: int, end: int) -> int:
        return self._reached[end] - self._reached[start] - (self._gaps[start] if start < end else 0)


_IDEOGRAPH = "一"


class _Alike(dict[int, int]):
    """Each character's stand-in, found when it is first met: one that is as wide and breaks as it does."""

    def __missing__(self, code: int) -> int:
        character = chr(code)
        if character.isascii() and character.isalnum():
            wide = _LATIN[code - 32]
            found = next(ord(twin) for twin in _twins(character) if _LATIN[ord(twin) - 32] == wide)
        elif character.isalnum() and not unicodedata.combining(character):
            found = ord(_IDEOGRAPH)
        else:
            found = code
        self[code] = found
        return found


def _twins(character: str) -> str:
    return string.ascii_letters if character.isalpha() else string.digits


_STAND_INS = _Alike()


def alike(texts: Iterable[str]) -> tuple[str, ...]:
    """For each text, one that breaks just where it does, on lines as wide: one for all names of so many letters."""
    # Days and figures come again and again; names, addresses and numbers of telephones never do.
    return tuple([_KNOWN.get(text) or _alike(text) for text in texts])


_KNOWN: dict[str, str] = {}
"""Some short texts with figures or marks in them, and theirs."""


def _alike(text: str) -> str:
    # Three bytes a letter: ideographs and their like, as nearly every name has and nothing else.
    if text.isalpha() and len(text.encode()) == 3 * len(text):
        return _IDEOGRAPH * len(text)
    found = text.translate(_STAND_INS)
    if len(text) < 8 and len(_KNOWN) < 20_000:
        _KNOWN[text] = found
    return found


# -- titles ------------------------------------------------------------------------------------------------------------

TITLE_SIZE = 440
"""二号, 22 pt."""
_CLINGING = "的了和与及厅局司处委、，。；：）》〉”’〕】之"
"""Words and marks that do not begin a line of a title, nor words that begin with them."""
_SUFFIXES = frozenset("省市县区州部院办周")
"""Nor these, where they are words of their own: 某某省, 活动周."""


def title_lines(title: str, line_width: int = TYPE_WIDTH, size: int = TITLE_SIZE, tighten: int = 0) -> list[str]:
    """A title broken between words, its lines forming a trapezium or a diamond (GB/T 9704-2012 7.3.1).

    Line breaks that the author made are kept. Of all breaks between words into the least possible number of lines, the
    most even wins; an hourglass (a middle line shorter than both its neighbours) loses to any other. A long name is
    broken likewise, in its own `size`.
    """
    if "\n" in title:
        return title.split("\n")
    if width(title, size, tighten) <= line_width:
        return [title]
    measure = _Measure(size, tighten, line_width)
    words = title_words(title)
    for count in range(2, 6):
        if splits := list(_splits(words, count, measure)):
            return [line.rstrip(" ") for line in min(splits, key=measure.unevenness)]
    return break_lines(title, line_width, size=size, tighten=tighten)


def divided(text: str, count: int) -> list[str]:
    """A text in so many lines that are as even as its words allow; in fewer where it has fewer words."""
    measure = _Measure(TITLE_SIZE, 0, width(text, TITLE_SIZE, 0))
    words = title_words(text)
    return min(_splits(words, min(count, len(words)), measure), key=measure.unevenness)


@dataclass(frozen=True)
class _Measure:
    """How wide lines are, and how wide they may be."""

    size: int
    tighten: int
    line_width: int

    def of(self, line: str) -> int:
        return width(line, self.size, self.tighten)

    def unevenness(self, lines: Sequence[str]) -> tuple[bool, int]:
        widths = [self.of(line) for line in lines]
        inner = zip(widths, widths[1:], widths[2:], strict=False)
        hourglass = any(middle < before and middle < after for before, middle, after in inner)
        mean = sum(widths) // len(widths)
        equal = sum(a == b for a, b in itertools.pairwise(widths))
        return hourglass, sum((one - mean) ** 2 for one in widths) + equal * (self.size // 2) ** 2


_BOUND = re.compile(
    r"第[〇一二三四五六七八九十百千\d]+[届批次期号轮个季]"
    r"|\d+(?:[—–~～.．/-]\d+)*(?:学年度?|年度?|月|日|届|批|次|期|号|个|项|名|%)?"
    r"|“[^”]{1,10}”"
)
"""What stays together: a figure and its counter (第三批, 2022年, 2025—2026学年度), the short name of an activity."""
_ISSUERS = re.compile(r"(?:(?!关于|转发|批转|印发)[^“《])*? (?=[^ ]*?(?:关于|转发|批转|印发))")
"""The names of joint issuers, which spaces set apart: no line ends inside one."""


def title_words(title: str) -> list[str]:
    """The pieces of a title between which a line may end."""
    import rjieba

    issuers = found[0] if (found := re.match(_ISSUERS, title)) else ""
    words = [f"{issuer} " for issuer in issuers.split()]
    reached = len(issuers)
    for bound in (*_BOUND.finditer(title, reached), None):
        between = title[reached : bound.start()] if bound else title[reached:]
        for word in (*rjieba.cut(between), *([bound[0]] if bound else [])):
            if words and _clings(word, words[-1]):
                words[-1] += word
            else:
                words.append(word)
        reached = bound.end() if bound else reached
    return words


def _clings(word: str, before: str) -> bool:
    return word[0] in _CLINGING or word.strip() == "" or word in _SUFFIXES or before[-1] in NO_LINE_END


def _splits(words: Sequence[str], count: int, measure: _Measure) -> Iterable[list[str]]:
    """Every way to set the words on so many lines that each fits; a way that leaves too much is not gone down."""
    whole = measure.of("".join(words))
    if whole > count * measure.line_width or count == 1:
        if whole <= measure.line_width:
            yield ["".join(words)]
        return
    line = ""
    for end, word in enumerate(words[: 1 - count], 1):
        line += word
        if measure.of(line) > measure.line_width:
            return
        for rest in _splits(words[end:], count - 1, measure):
            yield [line, *rest]


# -- pages -------------------------------------------------------------------------------------------------------------


@dataclass
class Flow:
    """A running position: `page` from 1, `line` lines already used on it. Some pages begin with lines taken."""

    page: int = 1
    line: int = 0

    def add(self, lines: int) -> None:
        """Lines that flow on; a page that is full is left only when something follows."""
        self.line += lines
        while self.line > PAGE_LINES:
            self.line -= PAGE_LINES
            self.page += 1

    def add_whole(self, lines: int) -> None:
        """Lines that stay together: a row of a table, a blank of several lines."""
        if lines > self.left:
            self.new_page()
        self.add(lines)

    def add_rows(self, head: int, rows: Sequence[int], room: int = PAGE_LINES) -> bool:
        """A table on pages of `room` lines: its rows stay whole; the head stands above the first row of each page.

        Gives whether all of it goes to a new page.
        """
        opening = head + sum(rows[:1])
        pushed = bool(self.line) and self.line + opening > room
        if pushed:
            self.new_page()
        self.line = min(room, self.line + opening)
        for row in rows[1:]:
            if self.line + row > room:
                self.new_page()
                self.line = head
            self.line = min(room, self.line + row)
        return pushed

    def new_page(self) -> None:
        self.page += 1
        self.line = 0

    @property
    def left(self) -> int:
        return PAGE_LINES - self.line
