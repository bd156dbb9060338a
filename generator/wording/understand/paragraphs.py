"""The paragraphs that were meant: running page numbers, hard wraps, stretched words and the chrome of sites undone."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass

from generator.wording.understand.traced import Traced

HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_SPACES = re.compile("[\t\u3000\xa0\u2000-\u200a\u202f\u205f]")
_DROPPED = re.compile(
    r"[\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\u00ad\x00-\x08\x0b\x0e-\x1f]"
    r"|\[bookmark:[^\]\n]*\]|-->|\*\*|<(?=https?:)|(?<=[\w/])>(?=[)）])|<br ?/?>"
)
_HEADING = re.compile(r"(?m)^#{1,6} +(?!\w+: )")
_PAGE = r"[-—–－·] ?\d{1,3} ?[-—–－·]"
_PAGE_LINE = re.compile(
    rf"(?m)^[ ]*(?:{_PAGE}(?: *{_PAGE})*|第? ?\d{{1,3}} ?[页頁](?:[，, /]*共? ?\d{{1,3}} ?[页頁])?"
    r"|第 ?\d{1,3} ?[页頁][，, ]*共 ?\d{1,3} ?[页頁]|[裝訂線](?=\n))[ ]*(?:\n|\Z)"
)
_PAGE_INSIDE = re.compile(rf"(?<=[{HAN}，、；])[ ]*- \d{{1,3}} -(?: *- \d{{1,3}} -)*(?=[{HAN}]|[ ]*$)", re.MULTILINE)
_STRETCHED = re.compile(rf"(?<![{HAN}][{HAN}])(?<=[{HAN}]) +(?=[{HAN}](?![{HAN}]))")
_ENTITIES = {"nbsp": " ", "lt": "〈", "gt": "〉", "ldquo": "“", "rdquo": "”", "amp": "&", "mdash": "—", "middot": "·"}
_LINE = re.compile(r"\n|\f")
_BLANK = re.compile(r"\s")
_FULL_DIGITS = {**{0xFF10 + value: 0x30 + value for value in range(10)}, ord("∶"): ord("："), ord("＠"): ord("@")}

NUMERAL = (
    r"(?:[一二三四五六七八九十]{1,3}[、．.]|[（(][一二三四五六七八九十]{1,3}[）)]|[ⅠⅡⅢⅣⅤ]、|"
    r"第[一二三四五六七八九十百]{1,4}[条章])"
)
ITEM = rf"(?:{NUMERAL}|\d{{1,2}}(?:[、．]|\.(?!\d))|[（(]\d{{1,2}}[）)]|[①-⑳])"
_OPENS = re.compile(
    rf"{ITEM}|附件|附[:：]|附表|抄送|主送|联系|电话|传真|电子邮箱|邮箱|地址|[（(]?此件|[（(]联系|[|]|——|正本|副本|主旨|[說说]明[:：]|注[:：]"
)
_TERMINAL = re.compile(r"[。；;！!？?：:|]$|[。！？][”’」』）)]$")
_ENDS = re.compile(r"(?:通\s*知|通报|公告|意见|函|决定|方案|办法|细则)(?:[（(].{2,6}[）)])?$")
_LONG = 200
"""Characters of one line above which a text is taken to be run together."""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """`raw` as it stands, trimmed; `tight` the same without any blank and with plain digits: what rules match.

    `gap` says that an empty line stands above, `indent` how many blanks it began with.
    """

    raw: Traced
    tight: Traced
    gap: bool
    indent: int

    @property
    def text(self) -> str:
        return self.tight.text

    @property
    def is_row(self) -> bool:
        """Whether it is the row of a table, cells between bars."""
        return self.text.startswith("|")


def tight(line: Traced) -> Traced:
    """Without blanks, and with plain digits and colons."""
    return line.sub(_BLANK).translated(_FULL_DIGITS)


def paragraphs(text: str) -> list[Paragraph]:
    """The paragraphs of a document's text, with their places in it."""
    traced = _tidied(Traced.of(text))
    return _joined(_measured(_lines(traced)))


def _tidied(traced: Traced) -> Traced:
    for pattern, replacement in _STEPS:
        traced = traced.sub(pattern, replacement)
    return traced


_STEPS = [
    (re.compile(r"\r\n?"), "\n"),
    *((re.compile(f"&{name};"), sign) for name, sign in _ENTITIES.items()),
    (_SPACES, " "),
    (_DROPPED, ""),
    (_HEADING, ""),
    (_PAGE_LINE, ""),
    (_PAGE_INSIDE, ""),
    (_STRETCHED, ""),
]


# -- text run together -------------------------------------------------------------------------------------------------

_DAY = (
    r"(?:(?:19|20)\d{2}|"
    r"[二一][〇○零0OΟ一二三四五六七八九]{3})年[\d一二三四五六七八九十]{1,3}月[\d一二三四五六七八九十]{1,3}日"
)
_BODY = "部|委|办|局|厅|院|会|处|室|中心|公司|府"
_AT_BLANKS = [
    rf"(?<=[{HAN}》）):：。；>]) +(?=[{HAN}“《（(])",
    rf"(?<=[号日]) +(?=[{HAN}])",
    rf"(?<=[{HAN}）》]) +(?=\d[.．、])",
    r" +(?=附件[：:])",
]
_AT_WORDS = [
    rf"(?<=通知|意见|通报|公告|决定)(?=(?:(?!通知|意见|的)[{HAN}]){{2,12}}[〔\[【](?:19|20)\d{{2}}[〕\]】]\d{{1,4}}号)",
    r"[〕\]】]\d{1,4}号(?=各|有关)",
    r"(?:^|(?<=号))(?:各|有关|国务院各)[^。；：:]{1,500}[：:]",
    rf"(?<=[。；：日号])(?={NUMERAL})",
    r"(?<=[。；：）)])(?=附件[:：\d一二]|抄送[:：]|[（(]此件)",
    r"(?<=[。；])(?=联系人|联系电话)",
    rf"(?<=[。；！])(?=[{HAN}（）()]{{2,60}}?(?:{_BODY})(?:{_DAY}))",
    rf"(?<=[。；！])(?={_DAY}(?:$|[^，,、。前起至到]))",
    rf"(?:{_BODY}){_DAY}(?=关于|[（(]此件|[（(]联系|附件|抄送|[{HAN}]{{2,30}}(?:细则|办法|方案|意见|通知))",
]
_GLUED = re.compile(r"(?<=[月日。；])(?=[二三四五六七八九十]{1,2}、[^。；]{2,20}$)")
_CUT = re.compile("|".join(f"(?:{cut})" for cut in (*_AT_BLANKS, *_AT_WORDS)))
_WHOLE = re.compile(r"《[^《》]{1,150}》|[（(][^（）()]{1,60}[）)]")


def cut(line: Traced, pattern: re.Pattern[str]) -> list[Traced]:
    """The lines that a line holds: cut where the pattern ends, but not within a title or brackets."""
    whole = [match.span() for match in _WHOLE.finditer(line.text)]
    pieces, last = [], 0
    for match in pattern.finditer(line.text):
        place = match.end()
        if place > last and not any(start < place < end for start, end in whole):
            pieces.append(line[last:place])
            last = place
    return [*pieces, line[last:]]


def _lines(traced: Traced) -> list[Traced]:
    """The lines of a text; one that holds half of it and more was run together, and is cut."""
    lines = list(traced.split(_LINE))
    half = max(_LONG, len(traced.text) // 2)
    return [piece for line in lines for piece in cut(line, _CUT if len(line.text) > half else _GLUED)]


# -- hard wraps --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Row:
    line: Traced
    gap: bool
    indent: int
    width: int


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)


def _measured(lines: list[Traced]) -> list[_Row]:
    rows, gap = [], False
    for line in lines:
        bare = line.strip()
        if not bare.text:
            gap = True
            continue
        indent = len(line.text) - len(line.text.lstrip())
        rows.append(_Row(bare, gap, indent, _width(line.text.rstrip())))
        gap = False
    return rows


def _wrap_width(rows: list[_Row]) -> int:
    """The width at which lines were broken, in half-width columns; 0 when no such width shows."""
    widths = Counter(row.width for row in rows if row.width >= 40 and not row.line.text.startswith("|"))
    if not widths:
        return 0
    best = max(widths, key=lambda width: (sum(widths[near] for near in range(width - 3, width + 1)), width))
    full = sum(widths[near] for near in range(best - 3, best + 1))
    return best if full >= 4 and full >= 0.35 * sum(widths.values()) and not _wider(widths, best) else 0


def _wider(widths: Counter[int], best: int) -> bool:
    return sum(count for width, count in widths.items() if width > best + 4) > 0.1 * sum(widths.values())


def _joined(rows: list[_Row]) -> list[Paragraph]:
    width = _wrap_width(rows)
    found: list[Paragraph] = []
    last: _Row | None = None
    for row in rows:
        if last is not None and found and _goes_on(last, row, width):
            found[-1] = _paragraph(found[-1].raw + row.line, found[-1].gap, found[-1].indent)
        else:
            found.append(_paragraph(row.line, row.gap, row.indent))
        last = row
    return found


def _paragraph(raw: Traced, gap: bool, indent: int) -> Paragraph:
    return Paragraph(raw, tight(raw), gap, indent)


def _goes_on(last: _Row, row: _Row, width: int) -> bool:
    """Whether a line goes on with the sentence of the line above."""
    above, below = last.line.text, row.line.text
    if above.startswith("|") or below.startswith("|"):
        return False
    if re.search(r"@[\w.-]+\.$", above) and re.match(r"[a-z]{2,6}\b", below):
        return True
    if _TERMINAL.search(above) or _ENDS.search(above) or _OPENS.match(below.replace(" ", "")):
        return False
    if width and not row.gap and last.width >= width - 3:
        return row.indent < 2 or (row.indent <= last.indent and last.indent >= 2)
    return _broken(last, row)


def _broken(last: _Row, row: _Row) -> bool:
    """Whether a page or a careless copy cut a paragraph in two: a long line that ends amid a sentence."""
    ends = re.search(rf"[{HAN}，、,\d]$", last.line.text)
    return (
        bool(ends)
        and last.width > 76
        and row.indent == 0
        and re.match(rf"[{HAN}（(“\d，、]", row.line.text) is not None
    )
