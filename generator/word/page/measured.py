"""The layout of a document for many units, at the price of one for each set of lengths that their values have."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache

from generator.office.package import slots_in
from generator.word.page.arrange import Arrangement, Composed
from generator.word.page.items import Item
from generator.word.page.layout import alike

_LENGTHS = 4096
"""Lengths of values that the lines of each paragraph, and of all together, are remembered for."""


class Measured:
    """A composed document whose `arrange` is `Composed.arrange`, remembered by what it depends on.

    An arrangement depends on the number of lines of each paragraph (and row) with slots in it, and that number on the
    widths of the unit's values and on where those break: on `layout.alike`, which most units share.
    """

    def __init__(self, composed: Composed) -> None:
        self.composed = composed
        groups = (composed.title, composed.body, composed.note, composed.signature, composed.annotations)
        items = [item for group in groups for item in group if item.depends_on_unit]
        self._counters = [_counter(item) for item in items]
        self._names = sorted({name for item in items for name in slots_in(item.text)})
        self._arranged: dict[tuple[tuple[int, ...], ...], Arrangement] = {}
        self._counted = lru_cache(maxsize=_LENGTHS)(self._count)

    def arrange(self, values: Mapping[str, str]) -> Arrangement:
        """Where everything falls for a unit's values."""
        counts = self._counted(alike([values[name] for name in self._names]))
        if counts not in self._arranged:
            self._arranged[counts] = self.composed.arrange(values)
        return self._arranged[counts]

    def _count(self, texts: tuple[str, ...]) -> tuple[tuple[int, ...], ...]:
        named = dict(zip(self._names, texts, strict=True))
        return tuple([count(named) for count in self._counters])


def _counter(item: Item) -> Callable[[Mapping[str, str]], tuple[int, ...]]:
    names = sorted(slots_in(item.text))

    @lru_cache(maxsize=_LENGTHS)
    def lines(texts: tuple[str, ...]) -> tuple[int, ...]:
        return item.measured(dict(zip(names, texts, strict=True)))

    return lambda texts: lines(tuple([texts[name] for name in names]))
