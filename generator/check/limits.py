"""Minimum and maximum of every kind: words, pages, playing time, file size, and the values of a form's cells."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

from generator.base.i18n import _
from generator.base.problems import Problem
from generator.check.codes import report
from generator.dispatch.dispatch import Dispatch, Path_
from generator.dispatch.spec import FormField
from generator.forms.types import meaning

_SIZE = re.compile(r"([0-9]+(?:\.[0-9]+)?)\s*([KMGT]|千|兆)?[Bb]?", re.IGNORECASE)
_FACTOR = {"": 1, "K": 10**3, "千": 10**3, "M": 10**6, "兆": 10**6, "G": 10**9, "T": 10**12}


def _size(text: str) -> Decimal:
    match = _SIZE.fullmatch(text.strip())
    if match is None:
        raise ValueError(text)
    return Decimal(match[1]) * _FACTOR[(match[2] or "").upper()]


Reader = Callable[[str], Any]
_SIZES: tuple[Reader, str] = (_size, "5MB")


def all_fields(dispatch: Dispatch) -> Iterator[tuple[Path_, FormField]]:
    """Every field of every form with its path, those of inner tables included."""
    for name, form in dispatch.spec.forms.items():
        yield from _fields(("forms", name, "fields"), form.fields)


def _fields(path: Path_, fields: list[FormField]) -> Iterator[tuple[Path_, FormField]]:
    for index, field in enumerate(fields):
        yield (*path, index), field
        yield from _fields((*path, index, "fields"), field.fields)


def _order(
    dispatch: Dispatch, path: Path_, low: Any, high: Any, keys: tuple[str, str] = ("min", "max")
) -> Iterator[Problem]:
    if low is not None and high is not None and low > high:
        message = _("the minimum lies above the maximum")
        hint = _("Exchange or correct `{low}` and `{high}`.").format(low=keys[0], high=keys[1])
        yield report("min-above-max", dispatch.where(*path, keys[0]), message, hint)


def _bounds(
    dispatch: Dispatch,
    path: Path_,
    texts: tuple[str | None, str | None],
    keys: tuple[str, str],
    kind: tuple[Reader, str],
) -> Iterator[Problem]:
    """Bounds that are written as text: each must be readable, and in order."""
    values: list[Any] = []
    reader, example = kind
    for key, text in zip(keys, texts, strict=True):
        try:
            values.append(None if text is None else reader(text))
        except ValueError:
            message = _("{text} cannot be read as a limit here").format(text=text)
            hint = _("Write it like {example}.").format(example=example)
            yield report("bound-unreadable", dispatch.where(*path, key), message, hint)
    if len(values) == 2:
        try:
            yield from _order(dispatch, path, values[0], values[1], keys)
        except TypeError:
            # A datetime with a time zone and one without have no order.
            message = _("only one of the two limits names its time zone")
            yield report("bound-unreadable", dispatch.where(*path, keys[1]), message, _("Write both in the same way."))


def field_limits(dispatch: Dispatch) -> Iterator[Problem]:
    """Bounds of a form's cells, read by the type of the field."""
    for path, field in all_fields(dispatch):
        limits, at = field.constraints, (*path, "constraints")
        yield from _order(dispatch, at, limits.min_length, limits.max_length, ("minLength", "maxLength"))
        texts, keys = (limits.minimum, limits.maximum), ("minimum", "maximum")
        if texts == (None, None):
            continue
        found = meaning(field)
        if found.read:
            yield from _bounds(dispatch, at, texts, keys, (found.read, found.example))
        else:
            message = _("values of type {type} have no order, so they have no minimum or maximum").format(
                type=field.type
            )
            hint = _("Give the field a type of number or time, or limit its length by `minLength` and `maxLength`.")
            yield report("bound-unreadable", dispatch.where(*at), message, hint)


def evidence_limits(dispatch: Dispatch) -> Iterator[Problem]:
    """Limits on words, pages, playing time and file size; those on quantities are ordered by their model."""
    for name, evidence in dispatch.spec.evidence.items():
        for key in ("words", "pages", "duration"):
            if limit := getattr(evidence, key):
                yield from _order(dispatch, ("evidence", name, key), limit.min, limit.max)
        if size := evidence.size:
            texts, keys = (size.min, size.max), ("min", "max")
            yield from _bounds(dispatch, ("evidence", name, "size"), texts, keys, _SIZES)


RULES = (field_limits, evidence_limits)
