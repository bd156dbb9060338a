"""Chinese numerals and the ordinals of headings and lists."""

from __future__ import annotations

_DIGITS = "零一二三四五六七八九"
LIST_LEVEL = 5
"""The deepest level: ①, met in practice below the four of GB/T 9704-2012, 7.3.3."""


def numeral(number: int) -> str:
    """`number` in Chinese, 0 to 999: 12 → 十二, 105 → 一百零五. Raises ValueError outside that."""
    if not 0 <= number <= 999:
        raise ValueError(number)
    hundreds, rest = divmod(number, 100)
    tens, ones = divmod(rest, 10)
    if not hundreds and tens == 1:
        return "十" + (_DIGITS[ones] if ones else "")
    text = f"{_DIGITS[hundreds]}百" if hundreds else ""
    if tens:
        text += f"{_DIGITS[tens]}十"
    elif hundreds and ones:
        text += "零"
    return text + (_DIGITS[ones] if ones or not number else "")


def _circled(number: int) -> str:
    for first, last, code in ((1, 20, 0x2460), (21, 35, 0x3251), (36, 50, 0x32B1)):
        if first <= number <= last:
            return chr(code + number - first)
    return f"{number}）"


def ordinal(level: int, number: int) -> str:
    """The ordinal of a heading or list item: 一、（一）1.（1） for levels 1 to 4 (GB/T 9704-2012, 7.3.3), ① for 5."""
    forms = {1: f"{numeral(number)}、", 2: f"（{numeral(number)}）", 3: f"{number}.", 4: f"（{number}）"}
    return forms[level] if level < LIST_LEVEL else _circled(number)
