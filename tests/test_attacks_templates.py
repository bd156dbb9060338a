"""Attacks by templates are refused, each with its place; what people write passes; no value is ever run."""

from __future__ import annotations

import pytest
from attacks import Attack
from attacks.templates import ATTACKS, CONTEXT, ORDINARY
from attacks.values import VALUES
from docx.oxml import parse_xml
from planted import unzip
from word_template import PLACES, word_template

from generator.ooxml import W
from generator.package import slot
from generator.problems import Problems, Where
from generator.values import clean
from generator.word.compile import compile_template

NAME = "某模板.docx"


def filled(template: bytes, context: dict[str, object], **values: str) -> dict[str, str]:
    """The text of each place of a template that was filled, with line breaks and tabs."""
    parts = unzip(compile_template(template, context, NAME).stamp(values).data)
    return {place: text_of(parts[part], place) for place, part in PLACES.items()}


def text_of(part: bytes, place: str) -> str:
    root = parse_xml(part)
    if place == "property":
        return root.findtext("{http://purl.org/dc/elements/1.1/}title")
    marks = {f"{W}br": "\n", f"{W}tab": "\t"}
    around = [element for element in root.iter(f"{W}tc")] if place == "table" else [root]
    found = [e for cell in around for e in cell.iter(*marks, f"{W}t") if e.getparent().tag == f"{W}r"]
    return "".join(marks.get(element.tag) or element.text or "" for element in found)


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.name)
@pytest.mark.parametrize("place", PLACES)
def test_an_attack_by_a_template_is_refused(attack: Attack, place: str) -> None:
    with pytest.raises(Problems) as caught:
        compile_template(word_template({place: [attack.payload]}), CONTEXT, NAME)
    messages = [problem.message for problem in caught.value.problems]
    assert any(attack.met in message for message in messages), messages
    assert all(message.startswith(PLACES[place]) for message in messages)


@pytest.mark.parametrize(("text", "printed"), ORDINARY.items())
def test_what_people_write_passes(text: str, printed: str) -> None:
    found = filled(word_template({place: [f"「{text}」"] for place in PLACES}), CONTEXT)
    assert all(f"「{printed}」" in shown for shown in found.values())


@pytest.mark.parametrize("by_slot", [False, True], ids=["by value", "by slot"])
@pytest.mark.parametrize("value", VALUES, ids=lambda value: value.name)
def test_a_value_comes_out_as_it_is_or_is_refused_everywhere(value: Attack, by_slot: bool) -> None:
    if value.met != "kept as text":
        with pytest.raises(Problems, match=value.met):
            clean(value.payload, Where("units.csv", 2, 3), "name")
        return
    text = clean(value.payload, Where("units.csv", 2, 3), "name")
    template = word_template({place: ["「{{ title }}」"] for place in PLACES})
    given = {"title": slot("unit.name") if by_slot else text}
    found = filled(template, given, **{"unit.name": text})
    assert [place for place, shown in found.items() if f"「{text}」" not in shown] == []
