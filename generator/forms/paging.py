"""How a form's rows stand on pages: the scale at which one page holds them, or what stays together on the last one."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from generator.forms.grid import TABLE_BANDS, Row

_LEAST_POINTS, _LEAST_SCALE = 8.0, 80
"""A form is made no smaller than this, in percent, nor its text, to spare it a page."""
_RESERVE = 12.0
"""Points kept free on a page: programs differ in how high they make a row."""
_CLOSING_BODY = 3
"""Rows of the body that the closing rows (合计, sign-off, notes) take along to their page."""
_TOLERANCE = 0.97
_LOWERED = (0.0, 0.25, 0.5, 0.75, 1.0)
_STRETCHES = [1 + step / 50 for step in range(26)]


def fit(
    rows: Sequence[Row], room: float, points: float, least_row: float, *, table_only: bool = False
) -> tuple[list[Row], float]:
    """The rows and their scale on pages of `room` points in height.

    `points` is the size of the text; a list's blank rows may be lowered to `least_row`, where it is not 0; `table_only`
    scales no other rows. What is a little more than a page gets lower blank rows, a smaller scale, or both. Where that
    saves no page, the body is stretched until the closing rows are not left alone.
    """
    count = len(pages(rows, room - _RESERVE))
    if count == 1 or (count > 2 and _ends_well(rows, room, count)):
        return list(rows), 1.0
    smallest = max(_LEAST_SCALE, math.ceil(_LEAST_POINTS / points * 100))
    for lowered, scale in _candidates(rows, least_row, smallest):
        scaled = [_scaled(row, scale) if row.band in TABLE_BANDS or not table_only else row for row in lowered]
        if _ends_well(scaled, room, count - 1):
            return lowered, scale
    return _together(rows, room, count), 1.0


def pages(rows: Sequence[Row], room: float) -> list[int]:
    """The first row of each page; column heads stand again on each that the table goes on to."""
    heads = [index for index, row in enumerate(rows) if row.band == "head"]
    repeated = sum(rows[index].height for index in heads)
    starts, used = [0], 0.0
    for index, row in enumerate(rows):
        if used + row.height > room and index > starts[-1]:
            starts.append(index)
            used = repeated if heads and index > heads[-1] and row.band in TABLE_BANDS else 0.0
        used += row.height
    return starts


def _candidates(rows: Sequence[Row], least_row: float, smallest: int) -> Iterator[tuple[list[Row], float]]:
    """Rows with a scale, from those that are changed least."""
    for percent in range(100, smallest - 1, -1):
        for share in _LOWERED if least_row else _LOWERED[:1]:
            lowered = [_lowered(row, share, least_row) if row.band == "body" else row for row in rows]
            yield lowered, percent / 100


def _lowered(row: Row, share: float, least_row: float) -> Row:
    return Row(row.band, math.floor((row.height - share * (row.height - least_row)) * 10) / 10)


def _scaled(row: Row, scale: float) -> Row:
    return Row(row.band, row.height * scale)


def _ends_well(rows: Sequence[Row], room: float, most: int) -> bool:
    """Whether that many pages hold the rows, and the last of several has some of the body above the closing rows.

    It has to be so on whole pages, and on those of a program that makes rows higher.
    """
    body = [index for index, row in enumerate(rows) if row.band == "body"]
    latest = body[-_CLOSING_BODY] if len(body) > _CLOSING_BODY else len(rows)
    ends = (pages(rows, usable) for usable in (room, room - _RESERVE, (room - _RESERVE) * _TOLERANCE))
    return all(len(starts) == 1 or (len(starts) <= most and starts[-1] <= latest) for starts in ends)


def _together(rows: Sequence[Row], room: float, most: int) -> list[Row]:
    """The rows, those of the body as much higher as it takes to keep the closing rows with some of them."""
    for stretch in _STRETCHES:
        higher = [_scaled(row, stretch) if row.band == "body" else row for row in rows]
        if _ends_well(higher, room, most):
            return [Row(row.band, round(row.height, 1)) for row in higher]
    return list(rows)
