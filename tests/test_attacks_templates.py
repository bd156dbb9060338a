"""Attacks by templates are refused, each with its place; what people write passes; no value is ever run."""

from __future__ import annotations

import re

import pytest
from attacks import Attack
from attacks.templates import ATTACKS, CONTEXT, DOCUMENT, EXHAUSTING, ORDINARY, PARTS, PartAttack
from attacks.values import VALUES
from docx.oxml import parse_xml
from planted import rezip, unzip
from word_template import PLACES, word_template

from generator.base.problems import Problems, Where
from generator.base.values import clean
from generator.office.ooxml import W
from generator.office.package import slot
from generator.office.soundness import problems as outcheck
from generator.word.template.template import Template

NAME = "某模板.docx"


def filled(template: bytes, context: dict[str, object], **values: str) -> dict[str, str]:
    """The text of each place of a template that was filled, with line breaks and tabs."""
    parts = unzip(Template(template, NAME).compile(context).stamp(values).data)
    return {place: text_of(parts[part], place) for place, part in PLACES.items()}


def text_of(part: bytes, place: str) -> str:
    root = parse_xml(part)
    if place == "property":
        return root.findtext("{http://purl.org/dc/elements/1.1/}title")
    if place == "custom property":
        return "".join(root.itertext())
    if place == "alternative text":
        return next(root.iter("{*}docPr")).get("descr")
    marks = {f"{W}br": "\n", f"{W}tab": "\t"}
    around = [element for element in root.iter(f"{W}tc")] if place == "table" else [root]
    found = [e for cell in around for e in cell.iter(*marks, f"{W}t") if e.getparent().tag == f"{W}r"]
    return "".join(marks.get(element.tag) or element.text or "" for element in found)


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.name)
@pytest.mark.parametrize("place", PLACES)
def test_an_attack_by_a_template_is_refused(attack: Attack, place: str) -> None:
    with pytest.raises(Problems) as caught:
        Template(word_template({place: [attack.payload]}), NAME).compile(CONTEXT)
    messages = [problem.message for problem in caught.value.problems]
    assert any(attack.met in message for message in messages), messages
    assert all(message.startswith(PLACES[place]) for message in messages)


# The library that makes the templates writes no longer title than this.
@pytest.mark.parametrize(
    ("attack", "place"),
    [(attack, place) for attack in EXHAUSTING for place in PLACES if place != "property" or len(attack.payload) < 256],
    ids=lambda given: given.name if isinstance(given, Attack) else given,
)
def test_an_attack_that_exhausts_or_hides_is_refused(attack: Attack, place: str) -> None:
    with pytest.raises(Problems) as caught:
        Template(word_template({place: [attack.payload]}), NAME).compile(CONTEXT)
    assert any(attack.met in problem.message for problem in caught.value.problems)


def altered(attack: PartAttack) -> bytes:
    parts = unzip(word_template({"body": ["{{ unit.name }}"], "table": ["甲"]}))
    text = parts[attack.part].decode()
    assert attack.old in text
    new = text.replace(attack.old, attack.new, 1)
    if attack.name == "another name for Word's elements":
        new = re.sub(r"(</?)w:", r"\1u:", new).replace(" w:", " u:")
    return rezip({**parts, attack.part: new.encode()})


@pytest.mark.parametrize("attack", PARTS, ids=lambda attack: attack.name)
def test_a_tag_where_no_text_belongs_is_refused_with_its_part(attack: PartAttack) -> None:
    with pytest.raises(Problems) as caught:
        Template(altered(attack), NAME).compile({**CONTEXT, "unit": {"name": slot("unit.name")}})
    messages = [problem.message for problem in caught.value.problems]
    assert any(message.startswith(attack.part) and attack.met in message for message in messages), messages


@pytest.mark.parametrize("unseen", ["<!-- {{ unit.name }} -->", "<?x {{ unit.name }} ?>"])
def test_comments_and_instructions_are_dropped(unseen: str) -> None:
    """A unit's name of two hyphens would end a comment that is none of its own."""
    parts = unzip(word_template({"body": ["{{ unit.name }}"]}))
    parts[DOCUMENT] = parts[DOCUMENT].replace(b"<w:body>", f"<w:body>{unseen}".encode())
    package = Template(rezip(parts), NAME).compile({"unit": {"name": slot("unit.name")}})
    made = package.stamp({"unit.name": "乙--局?>"}).data
    assert outcheck(made, Where("某.docx")) == []
    assert re.findall(r"<!--|<\?x |乙--局", unzip(made)[DOCUMENT].decode()) == ["乙--局"]


def test_a_part_by_another_name_is_filled() -> None:
    parts = {
        name.replace("header1", "kopf"): data.replace(b"header1.xml", b"kopf.xml")
        for name, data in unzip(word_template({"header": ["{{ title }}"]})).items()
    }
    made = unzip(Template(rezip(parts), NAME).compile(CONTEXT).stamp({}).data)
    assert CONTEXT["title"] in made["word/kopf.xml"].decode()


def test_a_text_without_end_is_refused() -> None:
    loops = "".join(f"{{% for {name} in {['x'] * 30} %}}" for name in "abcd") + "{{ title }}" * 4 + "{% endfor %}" * 4
    with pytest.raises(Problems, match="the part becomes longer than 20 MB"):
        Template(word_template({"body": [loops]}), NAME).compile(CONTEXT)


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
