"""How much room a text takes: its width in characters, and the lines on which Word and LibreOffice break it."""

from __future__ import annotations

import math
import re
import unicodedata

from generator.office.package import fill_slots, slots_in

SLOT_ROOM = 14.0
"""Room in 字 that is kept for a unit's value in a line of text."""


def text_width(text: str) -> float:
    """Width in 字: a full-width character is 1, a half-width one 1/2; a unit's value counts as a usual one does."""
    slots = slots_in(text)
    plain = fill_slots(text, dict.fromkeys(slots, "")) if slots else text
    return sum(1.0 if unicodedata.east_asian_width(char) in "WFA" else 0.5 for char in plain) + SLOT_ROOM * len(slots)


_PIECE = re.compile(r"[（《“〔]*(?:[!-~]+|.)[）》”〕、，。；：？！]*", re.DOTALL)
"""What no line ends inside: a character or a half-width word, with the brackets and marks that cling to it."""


def text_lines(text: str, room: float) -> int:
    """The lines that a text takes where each holds `room` 字, broken as Word and LibreOffice break it."""
    lines, used = 1, 0.0
    for piece in _PIECE.findall(fill_slots(text, dict.fromkeys(slots_in(text), "一" * int(SLOT_ROOM)))):
        wide = text_width(piece)
        if used and used + wide > room:
            lines, used = lines + 1, 0.0
        # A word that is wider than a line is broken anywhere.
        lines += max(0, math.ceil(wide / room) - 1)
        used = used + wide if wide <= room else wide % room
    return lines
