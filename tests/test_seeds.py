"""The example dispatches: every unit's kit holds what the notices behind them say (tests/facts)."""

from __future__ import annotations

import json
import re
import unicodedata
import zipfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner
from lxml import etree

from generator.cli import main
from generator.dispatch.load import load_dispatch

ROOT = Path(__file__).parents[1]
FACTS = {path.stem: yaml.safe_load(path.read_text("utf-8")) for path in sorted((ROOT / "tests/facts").glob("*.yaml"))}
_LEFT_OUT = re.compile(r"[\s()\[\]{}〔〕【】《》〈〉“”‘’\"']")
_DASHES = str.maketrans(dict.fromkeys("—–－~", "-"))


@dataclass(frozen=True)
class Kits:
    """One example, built: the class of each unit by its code, and its files by unit code and kind."""

    classes: dict[str, str]
    files: dict[tuple[str, str], list[Path]]


def run(*arguments: str) -> dict[str, Any]:
    """What a command prints with --json; it must succeed."""
    result = CliRunner().invoke(main, [*arguments, "--json"])
    assert result.exit_code == 0, result.output
    printed: dict[str, Any] = json.loads(result.stdout)
    return printed


@pytest.fixture(scope="module", params=FACTS, ids=str)
def example(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def kits(example: str, tmp_path_factory: pytest.TempPathFactory) -> Kits:
    out = tmp_path_factory.mktemp(example)
    manifest = run("batch", str(ROOT / "specs" / example), "--out", str(out))
    files: dict[tuple[str, str], list[Path]] = {}
    for entry in manifest["files"]:
        assert entry["status"] == "made", entry
        files.setdefault((entry["unit"], entry["kind"]), []).append(out / entry["file"])
    units = load_dispatch(ROOT / "specs" / example).units
    return Kits({unit.code: unit.class_ for unit in units}, files)


def plain(text: str) -> str:
    """The text as it is compared: NFKC, one kind of dash, no white space, brackets or quotation marks."""
    return _LEFT_OUT.sub("", unicodedata.normalize("NFKC", text)).translate(_DASHES)


@cache
def text_of(path: Path) -> str:
    """All text of a .docx or .xlsx, its runs and cells joined, in the order of its parts' names."""
    with zipfile.ZipFile(path) as archive:
        parts = sorted(name for name in archive.namelist() if re.match(r"(word|xl)/.*\.xml$", name))
        trees = [etree.fromstring(archive.read(name)) for name in parts]
    return plain("".join(node.text or "" for tree in trees for node in tree.iter("{*}t")))


def wrong(kits: Kits, fact: dict[str, Any]) -> Iterator[str]:
    """Each text of the fact that a unit's documents lack, or hold although they should not."""
    for unit, unit_class in kits.classes.items():
        if unit_class not in fact.get("classes", [unit_class]):
            continue
        held = [text_of(path) for path in kits.files.get((unit, fact["documents"]), [])]
        if not held:
            yield f"{unit} has no {fact['documents']}"
        missing = [text for text in fact.get("texts", []) if not any(plain(text) in each for each in held)]
        present = [text for text in fact.get("absent", []) if any(plain(text) in each for each in held)]
        yield from (f"{unit} {fact['documents']} lacks {text}" for text in missing)
        yield from (f"{unit} {fact['documents']} should not say {text}" for text in present)


def test_every_example_has_its_facts() -> None:
    assert set(FACTS) == {path.parent.name for path in (ROOT / "specs").glob("*/dispatch.yaml")}


def test_check_finds_no_more_than_what_the_notice_itself_has(example: str) -> None:
    found = run("check", str(ROOT / "specs" / example))
    assert found["errors"] == 0
    asked = [problem["code"] for problem in found["problems"] if problem["severity"] != "info"]
    assert asked == FACTS[example]["warnings"]


def test_every_unit_gets_its_kit(example: str, kits: Kits) -> None:
    assert Counter(kits.classes.values()) == FACTS[example]["units"]
    assert {unit for unit, kind in kits.files if kind == "notice"} == set(kits.classes)


def test_the_notice_is_one_document(kits: Kits) -> None:
    notices = [path for (_unit, kind), paths in kits.files.items() if kind == "notice" for path in paths]
    assert len({path.read_bytes() for path in notices if path.suffix == ".docx"}) == 1


def test_kits_hold_the_facts(example: str, kits: Kits) -> None:
    assert [finding for fact in FACTS[example]["facts"] for finding in wrong(kits, fact)] == []


def test_a_missing_fact_is_found(kits: Kits) -> None:
    lacking = {"documents": "notice", "texts": ["无此内容"]}
    holding = {"documents": "notice", "absent": ["关于"]}
    for fact in (lacking, holding):
        assert len(list(wrong(kits, fact))) == len(kits.classes)
