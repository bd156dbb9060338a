"""A hundred planted faults and more: each is told with its part and paragraph, or its line and column, in one run."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from attacks.faults import ROSTER_HEAD, ROSTER_ROWS, SPEC, TEMPLATE_FAULTS
from attacks.templates import CONTEXT
from docx.oxml import parse_xml
from planted import unzip
from word_template import STORIES, word_template

from generator.base.problems import Problem, Problems
from generator.dispatch.load import load_dispatch
from generator.office.ooxml import W
from generator.word.template.template import Template

FAULTS = {place: list(TEMPLATE_FAULTS) for place in STORIES}
FAULTS["body"].pop()  # What is begun in the body and never ended, the {% endif %} of the table would end.
DispatchFolder = Callable[[Mapping[str, str | bytes]], Path]


def template_problems() -> list[Problem]:
    with pytest.raises(Problems) as caught:
        Template(word_template({**FAULTS, "property": ["{{ titel }}"]}), "某模板.docx").compile(CONTEXT)
    return caught.value.problems


def planted_in_template() -> dict[tuple[str, int, str], str]:
    """Part, paragraph and words of each fault, with what must be said of it."""
    found = {}
    for part, data in unzip(word_template(FAULTS)).items():
        if part in STORIES.values():
            for number, paragraph in enumerate(parse_xml(data).iter(f"{W}p"), 1):
                text = "".join(element.text or "" for element in paragraph.iter(f"{W}t"))
                if text in TEMPLATE_FAULTS:
                    found[part, number, text] = TEMPLATE_FAULTS[text]
    return found


def test_all_faults_of_a_template_are_told_at_once_each_in_its_place() -> None:
    wanted = planted_in_template()
    assert len(wanted) == len(TEMPLATE_FAULTS) * len(STORIES) - 1
    messages = {problem.message for problem in template_problems()}
    missing = [
        (place, message)
        for (part, number, words), message in wanted.items()
        for place in [f"{part}, paragraph {number} “{words}”: "]
        if not any(said.startswith(place) and message in said for said in messages)
    ]
    assert missing == []
    places = {re.match(r"(.*?), paragraph (\d+)", message).groups() for message in messages}
    core = {("docProps/core.xml", "1")}
    assert places == {(part, str(number)) for part, number, _words in wanted} | core, "a fault where there is none"


RUNS = {
    "a value that is not there": ("{{ unit.nmae }}", "has no attribute 'nmae'"),
    "a loop over a number": ("{% for x in number %}{{ x }}{% endfor %}", "not iterable"),
    "words and numbers compared": ("{% if title > number %}甲{% endif %}", "not supported between"),
    "words and numbers added": ("{{ title + number }}", "can only concatenate"),
}


def test_all_faults_that_only_filling_shows_are_told_at_once() -> None:
    """Two faults of a part must not hide one another, nor the one that stops Jinja the others."""
    texts = [text for text, _message in RUNS.values()]
    with pytest.raises(Problems) as caught:
        Template(word_template({"body": texts}), "某模板.docx").compile({**CONTEXT, "number": 3})
    said = [problem.message for problem in caught.value.problems]
    assert len(said) == len(RUNS)
    for number, (text, message) in enumerate(RUNS.values(), 2):
        assert said[number - 2].startswith(f"word/document.xml, paragraph {number} “{text}”: ")
        assert message in said[number - 2]


def test_all_faults_of_spec_and_roster_are_told_at_once_each_in_its_place(dispatch_folder: DispatchFolder) -> None:
    rows, wanted = [ROSTER_HEAD], set[tuple[str, int, int | None, str]]()
    for turn in range(4):
        for row, column, code in ROSTER_ROWS:
            if turn == 0 or column:
                rows.append(row if code == "doubled-code" else re.sub(r"^(\d)", rf"{turn}\1", row))
                wanted |= {("units.csv", len(rows), column, code)} if column and code else set()
    rows[1] = ROSTER_ROWS[0][0]
    lines = SPEC.splitlines()
    for number, line in enumerate(lines, 1):
        wanted |= {("dispatch.yaml", number, None, code) for code in re.findall(r"# ! (\S+)", line)}
    spec = "\n".join(line.partition(" # !")[0] for line in lines) + "\n"
    folder = dispatch_folder({"dispatch.yaml": spec, "units.csv": "".join(rows), "body.md": "甲\n乙\x07\n"})
    with pytest.raises(Problems) as caught:
        load_dispatch(folder)
    found = {
        (p.where.file, p.where.line, p.where.column if p.where.file == "units.csv" else None, p.code)
        for p in caught.value.problems
    }
    assert found == wanted | {("body.md", 2, None, "bad-character")}
    assert len(wanted) + len(planted_in_template()) + len(RUNS) >= 100
