"""What a text quotes, and the straight quotation marks of which it is certain what they open and close."""

from __future__ import annotations

import re

_CLOSING: dict[str, str] = {"《": "》", "〈": "〉", "“": "”", "‘": "’"}
QUOTED = "\ufdd1"
"""Stands for a quoted character; no document can hold this noncharacter."""
_HAN = "\u4e00-\u9fff"
_MARKS = "，。；：、？！（）《》〈〉“”‘’【】〔〕…—"
_OPENS = re.compile(rf"(?:^|(?<=[{_HAN}{_MARKS}\s(\[,;:.\"']))[\"'](?=\S)")
_CLOSES = re.compile(rf"(?<=\S)[\"'](?=$|[{_HAN}{_MARKS}\s)\],;:.?!\"'])")
_NO_QUOTE = re.compile(r"(?<=[A-Za-z])'(?=[A-Za-z])")
_CHINESE = re.compile(f"[{_HAN}{_MARKS}]")


_VERBATIM = re.compile(
    r"^\s*(?:\[\d+\]|［\d+］)|\[[A-Z]{1,2}(?:/[A-Z]{2})?\](?:[.．,，]|$)"  # GB/T 7714
    r"|[A-Za-z_]\w*\s*\([^()]*[=\"',][^()]*\)|[A-Za-z_]\w*\.[a-z_]\w*\(|[{};]\s*$|</?[A-Za-z]\w*[^>]*>"
    r"|^\s*(?:#include|def |class |import |from \w+ import|public |private |int |var |let |const |SELECT |INSERT )"
    r"|[=!]=|:=|=>|&&|\|\|"
)
_LEADERS = re.compile(r"[.．·…。]{7,}\s*\d*\s*$")


def verbatim(text: str) -> bool:
    """Whether a paragraph keeps to rules of its own: a bibliography, code, a line of contents with its leaders."""
    return bool(_VERBATIM.search(text) or _LEADERS.search(text))


def unquoted(text: str) -> str:
    """A text as long as it is, with QUOTED for every character that stands in 《》 or “”; the outer marks stay."""
    ends = _quotations(text)
    pieces, at = [], 0
    while at < len(text):
        end = ends.get(at, at)
        pieces.append(text[at] if end == at else text[at] + QUOTED * (end - at - 1) + text[end])
        at = end + 1
    return "".join(pieces)


def _quotations(text: str) -> dict[int, int]:
    """Where each quotation ends, by where it begins."""
    ends: dict[int, int] = {}
    opened: dict[str, list[int]] = {closing: [] for closing in _CLOSING.values()}
    for at, character in enumerate(text):
        if character in _CLOSING:
            opened[_CLOSING[character]].append(at)
        elif opened.get(character):
            ends[opened[character].pop()] = at
    return ends


def straight_marks(text: str) -> tuple[dict[int, str], list[int]]:
    """The straight marks around Chinese text: what those that certainly are pairs ought to be, and the others.

    A mark that follows a figure may stand for inches: it opens nothing. One between letters is an apostrophe. Where
    the marks of a kind do not pair off in the whole text, none of them is certain.
    """
    certain: dict[int, str] = {}
    doubtful: list[int] = []
    bare = unquoted(text)
    for mark, opening, closing in (('"', "“", "”"), ("'", "‘", "’")):
        found = _candidates(bare, mark)
        if _pair_off(bare, found):
            certain |= {at: closing if order % 2 else opening for order, at in enumerate(found)}
        else:
            doubtful += [at for at in found if _near_chinese(bare, at)]
    pairs = list(zip(list(certain)[::2], list(certain)[1::2], strict=True))
    kept = [pair for pair in pairs if any(_near_chinese(bare, at) for at in pair)]
    return {at: certain[at] for pair in kept for at in pair}, doubtful


def _candidates(text: str, mark: str) -> list[int]:
    """Where the mark stands and may quote: no apostrophe, and no sign of inches before which nothing is open."""
    apostrophes = {match.start() for match in _NO_QUOTE.finditer(text)}
    found: list[int] = []
    for at in (index for index, character in enumerate(text) if character == mark and index not in apostrophes):
        after_figure = at > 0 and text[at - 1].isdigit()
        if not (after_figure and len(found) % 2 == 0):
            found.append(at)
    return found


def _pair_off(text: str, found: list[int]) -> bool:
    opened, closed = found[::2], found[1::2]
    if len(opened) != len(closed):
        return False
    return all(_OPENS.match(text, at) for at in opened) and all(_CLOSES.match(text, at) for at in closed)


def _near_chinese(text: str, at: int) -> bool:
    return bool(_CHINESE.search(text[max(at - 1, 0) : at] + text[at + 1 : at + 2]))
