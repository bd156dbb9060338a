"""Bombs and disguises: refused or read at once, by little memory; nothing active goes out to units."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from itertools import cycle
from pathlib import Path

import pytest
from attacks.packages import ACTIVE, BOMBS, DOCUMENT, ENCODINGS, FILES, HARMLESS, READ, SHEET, XML_BOMBS, Bomb
from planted import rezip

from generator.base.problems import Problems, Where
from generator.dispatch.load import load_dispatch
from generator.lint.check import lint
from generator.office.active import admit
from generator.office.gate import content_types, is_xml, open_package
from generator.reading.show import text

SPEC = "issuing_authorities: [某厅]\nrecipients: [各市局]\ntitle: 关于甲的通知\nclasses: {x: 盟市}\n"
WHERE = Where("某.docx")
MAIN = {"Word": DOCUMENT, "Excel": SHEET, "Word by type": "word/document.dat"}
PARTS = [
    (program, part)
    for program, make in FILES.items()
    for parts in [make()]
    for part, data in parts.items()
    if is_xml(part, data, content_types(parts).get(part, ""))
]


def dealt(attacks: Iterable[str]) -> list[tuple[str, str, str]]:
    """Every part with one attack in turn, and every attack with the main part of every program.

    The gate looks at parts one by one and knows no programs, so that all pairs of part and attack would only repeat it.
    """
    turn = cycle(attacks)
    pairs = {(program, part, next(turn)) for program, part in PARTS}
    return sorted(pairs | {(program, MAIN[program], attack) for program in FILES for attack in attacks})


HANGS = 5
"""Seconds of CPU after which an input counts as one that hangs."""


@pytest.mark.parametrize("bomb", BOMBS, ids=lambda bomb: bomb.name)
def test_a_workbook_is_read_or_refused_at_once(bomb: Bomb, tmp_path: Path) -> None:
    data = bomb.make()
    (tmp_path / "dispatch.yaml").write_text(SPEC, "utf-8")
    (tmp_path / "units.xlsx").write_bytes(data)
    started = time.process_time()
    if bomb.met == READ:
        assert [unit.name for unit in load_dispatch(tmp_path).units] == ["甲局"]
    else:
        with pytest.raises(Problems) as caught:
            load_dispatch(tmp_path)
        assert {problem.code.startswith(bomb.met) for problem in caught.value.problems} == {True}
    assert time.process_time() - started < HANGS


@pytest.mark.parametrize("bomb", BOMBS, ids=lambda bomb: bomb.name)
def test_a_workbook_is_shown_or_refused_at_once(bomb: Bomb) -> None:
    data = bomb.make()
    started = time.process_time()
    try:
        shown = text(data, "某.xlsx")
    except Problems:
        shown = "甲局"
    assert "甲局" in shown
    assert time.process_time() - started < HANGS


@pytest.mark.parametrize(("program", "part", "bomb"), dealt(XML_BOMBS))
def test_a_document_type_is_refused_in_every_part(program: str, part: str, bomb: str) -> None:
    parts, declaration = FILES[program](), XML_BOMBS[bomb]
    head, mark, rest = parts[part].partition(b"?>")
    parts[part] = head + mark + declaration + rest if mark else declaration + parts[part]
    with pytest.raises(Problems) as caught:
        text(rezip(parts), "某.docx")
    assert [part in problem.message for problem in caught.value.problems] == [True]


@pytest.mark.parametrize(("program", "part", "encoding"), dealt(ENCODINGS))
def test_an_encoding_that_hides_is_refused_in_every_part(program: str, part: str, encoding: str) -> None:
    parts = FILES[program]()
    parts[part] = ENCODINGS[encoding](parts[part].partition(b"?>")[2] or parts[part])
    with pytest.raises(Problems, match="is not written in UTF-8"):
        open_package(rezip(parts), WHERE)


@pytest.mark.parametrize("make", ACTIVE.values(), ids=ACTIVE)
def test_nothing_active_is_admitted(make: Callable[[], bytes]) -> None:
    data = make()
    open_package(data, WHERE)
    with pytest.raises(Problems) as caught:
        admit(data, WHERE)
    assert {problem.code for problem in caught.value.problems} == {"active-content"}
    assert all(problem.where == WHERE and problem.hint for problem in caught.value.problems)


@pytest.mark.parametrize("make", HARMLESS.values(), ids=HARMLESS)
def test_what_does_nothing_is_admitted(make: Callable[[], bytes]) -> None:
    assert admit(make(), WHERE)


@pytest.mark.parametrize("read", [lambda data: text(data, "某.docx"), lambda data: lint(data, "某.docx")])
def test_a_document_of_very_many_elements_is_refused_at_once(read: Callable[[bytes], object]) -> None:
    parts = FILES["Word"]()
    many = b"".join(b'<w:p w:rsidR="%08X"/>' % number for number in range(2_000_000))
    parts["word/document.xml"] = parts["word/document.xml"].replace(b"<w:body>", b"<w:body>" + many, 1)
    data = rezip(parts)
    started = time.process_time()
    with pytest.raises(Problems, match="elements of XML"):
        read(data)
    assert time.process_time() - started < HANGS
