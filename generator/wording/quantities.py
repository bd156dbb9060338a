"""数量 in words: minimum, maximum, range or exact, for all units or class by class."""

from __future__ import annotations

from collections.abc import Mapping

from generator.dispatch.spec import EVERY_CLASS, Quantity, Spec

MEASURE = "个"
"""The measure word where the spec gives none."""
BY_ROSTER = "按分配名额"
_OTHERS = "其他单位"


def bounds(low: object, high: object, unit: str, *, least: str = "不少于", most: str = "不超过") -> str:
    """不少于2个, 不超过10个, 3—5篇; 2份 where both are the same; "" where both are None."""
    if low is None or high is None:
        words, figure = (least, low) if high is None else (most, high)
        return "" if figure is None else f"{words}{figure}{unit}"
    return f"{low}{unit}" if low == high else f"{low}—{high}{unit}"


def quantity(number: Quantity, unit_of_measure: str | None, drawn: str = "") -> str:
    """不少于2个, 不超过10个, 3—5篇, 2份; `drawn` is the unit's own figure where the roster gives it (may be a slot)."""
    measure = unit_of_measure or MEASURE
    if number.column:
        return f"{drawn}{measure}" if drawn else BY_ROSTER
    if number.exact is not None:
        return f"{number.exact}{measure}"
    return bounds(number.min, number.max, measure)


def each_of(spec: Spec, name: str) -> str:
    """How every unit of a class is called: 各区县; with the class's condition: 各学校（2000人及以上）."""
    unit_class = spec.classes.get(name)
    if not unit_class:
        return name
    each = unit_class.each or (unit_class.title if unit_class.title.startswith("各") else f"各{unit_class.title}")
    return f"{each}（{unit_class.condition}）" if unit_class.condition else each


def quantity_by_class(spec: Spec, count: Mapping[str, Quantity], unit_of_measure: str | None) -> str:
    """各区县不少于2个，各高职院校不少于1个."""
    return by_class(spec, {name: quantity(number, unit_of_measure) for name, number in count.items()})


def by_class(spec: Spec, words: Mapping[str, str]) -> str:
    """What holds for each class: classes with the same words share them; no class where all are meant."""
    if set(words) == {EVERY_CLASS}:
        return words[EVERY_CLASS]
    named: dict[str, list[str]] = {}
    for name in sorted(words, key=lambda name: name == EVERY_CLASS):
        named.setdefault(words[name], []).append(_OTHERS if name == EVERY_CLASS else each_of(spec, name))
    return "，".join("、".join(who) + each for each, who in named.items())
