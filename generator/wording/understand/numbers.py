"""Numbers as documents write them: Arabic, Chinese, and years digit by digit with any zero in use."""

from __future__ import annotations

CHINESE = "〇○Ｏ零一二三四五六七八九十两"
ZEROS = "〇○Ｏ零OoΟО0０"
_DIGITS = {**dict.fromkeys(ZEROS, 0), **{character: value for value, character in enumerate("一二三四五六七八九", 1)}}
_DIGITS |= {"两": 2, "壹": 1, "贰": 2, "叁": 3}
_DIGITS |= {str(value): value for value in range(10)}
_UNITS = {"十": 10, "百": 100, "千": 1000, "万": 10000}


def digits(text: str) -> int | None:
    """A number written digit by digit, as years are: 二〇二六, 二0一0, 2026; None for anything else."""
    if not text or any(character not in _DIGITS for character in text):
        return None
    return int("".join(str(_DIGITS[character]) for character in text))


def number(text: str) -> int | None:
    """A whole number: 12, １２, 十二, 二十一, 两, 一百零五, 3千, 1万; None for anything else."""
    if text and text[-1] in "千万" and text[:-1].isdecimal():
        return int(text[:-1]) * _UNITS[text[-1]]
    if text.isdecimal():
        return int(text)
    if not any(character in _UNITS for character in text):
        return digits(text)
    return _counted(text)


def _counted(text: str) -> int | None:
    total, pending = 0, 0
    for character in text:
        if character in _UNITS:
            total += (pending or 1) * _UNITS[character]
            pending = 0
        elif character in _DIGITS:
            pending = _DIGITS[character]
        else:
            return None
    return total + pending
