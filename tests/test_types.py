"""The table of field types: each type of the vocabulary has its entry, and each entry holds together."""

from __future__ import annotations

from typing import Any, get_args

import pytest

from generator.dispatch.spec import FieldType, FormField
from generator.forms.types import FORMATS, TYPES, bounds, choices, is_figure, meaning, number_format

DURATIONS = TYPES["duration"].by_unit
MEANINGS = {**TYPES, **FORMATS, **{f"duration in {unit}": found for unit, found in DURATIONS.items()}}


def field(**keys: Any) -> FormField:
    return FormField.model_validate({"name": "a", "title": "甲", **keys})


def test_each_type_and_format_of_the_vocabulary_has_its_entry() -> None:
    assert set(TYPES) == set(get_args(FieldType))
    assert set(FORMATS) == set(get_args(get_args(FormField.model_fields["format"].annotation)[0]))


@pytest.mark.parametrize("name", MEANINGS)
def test_an_entry_holds_together(name: str) -> None:
    found = MEANINGS[name]
    assert (found.rule is None) == (found.formula is None)
    assert found.formula is None or found.read is not None
    assert ("{example}" in found.words) <= bool(found.example)
    assert bool(found.custom) <= ("{cell}" in found.custom)


@pytest.mark.parametrize("name", [name for name, found in TYPES.items() if found.read])
def test_the_example_of_a_limit_can_be_read(name: str) -> None:
    low, high = bounds(field(type=name, constraints={"minimum": TYPES[name].example}))  # type: ignore[index]
    assert low is not None
    assert high is None


@pytest.mark.parametrize(
    ("keys", "value"),
    [
        ({}, "text"),
        ({"format": "phone"}, "text"),
        ({"type": "integer"}, "figure"),
        ({"type": "duration"}, "duration"),
        ({"type": "duration", "unit": "分钟"}, "figure"),
        ({"type": "duration", "unit": "天"}, "duration"),
        ({"type": "yearmonth"}, "month"),
        ({"type": "list"}, "choices"),
    ],
)
def test_what_a_value_is(keys: dict[str, str], value: str) -> None:
    assert meaning(field(**keys)).value == value
    assert is_figure(field(**keys)) == (value == "figure")


@pytest.mark.parametrize(
    ("keys", "shown"),
    [
        ({"type": "number", "decimals": 2}, "0.00"),
        ({"type": "number", "decimals": 0}, "0"),
        ({"type": "number"}, "General"),
        ({"type": "duration", "unit": "小时", "decimals": 1}, "0.0"),
        ({"type": "integer"}, "0"),
        ({}, "@"),
    ],
)
def test_number_formats(keys: dict[str, Any], shown: str) -> None:
    assert number_format(field(**keys)) == shown


def test_choices() -> None:
    assert choices(field(type="boolean")) == ["是", "否"]
    assert choices(field(categories=["甲", "乙"])) == ["甲", "乙"]
    assert choices(field(type="list", categories=["甲", "乙"])) == []
