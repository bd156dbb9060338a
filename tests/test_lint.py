"""Lint: every planted fault is found by its own code and nothing in clean documents; repairs end what is mechanical."""

from __future__ import annotations

import copy
import io
import zipfile
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner, Result
from lint.hand import CLEAN
from lxml import etree

from generator.cli import main
from generator.lint import REPAIRS, RULES, fix, lint
from generator.ooxml import W_NS, W

Run = Callable[..., Result]
TESTS = Path(__file__).parent
ROOT = TESTS.parent
DATA = TESTS / "lint"
PAGE = ROOT / "docs" / "lint.md"
PLANTED: list[dict[str, Any]] = yaml.safe_load((DATA / "planted.yaml").read_text(encoding="utf-8"))
DISPATCHES = sorted(
    path.parent for path in [*ROOT.glob("specs/*/dispatch.yaml"), *TESTS.glob("golden/*/dispatch.yaml")]
)
MEANT = {"forward-letter": {"bold"}}
"""What an example dispatch asks for against the standard: a clause of its body is in bold."""
BLIND = {"LC_ALL": "C", "PATH": ""}
"""An environment in which LibreOffice is not found."""


def made(folder: Path, out: Path) -> list[Path]:
    """The notices that our own composer makes of a dispatch."""
    done = CliRunner().invoke(main, ["notice", str(folder), "-o", str(out)])
    assert done.exit_code == 0, done.output
    return sorted((out / "master").glob("*.docx"))


@pytest.fixture(scope="session")
def ours(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    (path,) = made(DATA / "document", tmp_path_factory.mktemp("lint"))
    return path.read_bytes()


@pytest.fixture
def clean(ours: bytes) -> Callable[[str], bytes]:
    return lambda name: ours if name == "document" else _by_hand(name)


@cache
def _by_hand(name: str) -> bytes:
    return CLEAN[name]()


def codes(data: bytes) -> set[str]:
    return {found.code for found in lint(data, "notice.docx")}


# -- planting ----------------------------------------------------------------------------------------------------------


def planted(data: bytes, plant: Mapping[str, Any]) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    if "part" in plant:
        parts[plant["part"]] = _changed(parts[plant["part"]].decode(), plant).encode()
    else:
        root = etree.fromstring(parts["word/document.xml"])
        _plant(root, plant)
        parts["word/document.xml"] = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return out.getvalue()


def _changed(text: str, plant: Mapping[str, Any]) -> str:
    """The part with its strings replaced, all over or in one style only, or without an element."""
    if "drop" in plant:
        root = etree.fromstring(text.encode())
        for element in list(root.iter(f"{W}{plant['drop']}")):
            element.getparent().remove(element)
        return etree.tostring(root).decode()
    start = text.index(f'<w:name w:val="{plant["style"]}"') if "style" in plant else 0
    end = text.index("</w:style>", start) if "style" in plant else len(text)
    inside = text[start:end]
    for old, new in plant["replace"].items():
        assert old in inside, old
        inside = inside.replace(old, new)
    return text[:start] + inside + text[end:]


def _plant(root: etree._Element, plant: Mapping[str, Any]) -> None:
    paragraph = _at(root, plant["at"])
    for xml in plant.get("pPr", []):
        _set(paragraph, "pPr", _element(xml))
    for run in paragraph.findall(f"{W}r"):
        for xml in plant.get("rPr", []):
            _set(run, "rPr", _element(xml))
    _retext(paragraph, plant.get("text", {}))
    if "insert" in plant:
        run = f"<w:r><w:t>{plant['insert']}</w:t></w:r>"
        paragraph.append(_element(f'<w:ins w:id="1" w:author="a">{run}</w:ins>'))
    _rearrange(root, paragraph, plant)


def _rearrange(root: etree._Element, paragraph: etree._Element, plant: Mapping[str, Any]) -> None:
    if plant.get("drop") == "before":
        paragraph.getparent().remove(paragraph.getprevious())
    if "copy" in plant:
        paragraph.addnext(_copied(paragraph, plant["copy"]))
    if "copy_of" in plant:
        paragraph.addnext(copy.deepcopy(_at(root, plant["copy_of"])))
    moved = [paragraph] if "move" in plant else []
    for beginning, change in plant.get("more", {}).items():
        if change == "move":
            moved.append(_at(root, beginning))
        else:
            _retext(_at(root, beginning), change)
    for element in reversed(moved):
        _at(root, plant["move"]).addnext(element)
    if plant.get("drop") == "self":
        paragraph.getparent().remove(paragraph)


def _element(xml: str) -> etree._Element:
    return etree.fromstring(f'<x xmlns:w="{W_NS}">{xml}</x>')[0]


def _at(root: etree._Element, beginning: str) -> etree._Element:
    """The first paragraph of the text that begins so; ｜ at the end means that this is all of it."""
    for paragraph in root.find(f"{W}body").iter(f"{W}p"):
        text = "".join(t.text or "" for t in paragraph.iterfind(f"{W}r/{W}t")).strip()
        if text == beginning[:-1] if beginning.endswith("｜") else text.startswith(beginning):
            return paragraph
    raise AssertionError(beginning)


def _set(owner: etree._Element, name: str, element: etree._Element) -> None:
    """Puts a property in place of the one that is there; a font keeps what it says of other slots."""
    properties = owner.find(f"{W}{name}")
    if properties is None:
        properties = etree.Element(f"{W}{name}")
        owner.insert(0, properties)
    old = properties.find(str(element.tag))
    if old is None:
        properties.append(element)
    elif name == "rPr":
        old.attrib.update(element.attrib)
    else:
        properties.replace(old, element)


def _retext(paragraph: etree._Element, changes: Mapping[str, str]) -> None:
    for old, new in changes.items():
        text = next(t for t in paragraph.iterfind(f"{W}r/{W}t") if old in (t.text or ""))
        first, *rest = (text.text or "").replace(old, new).split("\n")
        text.text = first
        for line in reversed(rest):
            more = etree.Element(f"{W}t")
            more.text = line
            text.addnext(more)
            text.addnext(etree.Element(f"{W}br"))


def _copied(paragraph: etree._Element, text: str) -> etree._Element:
    """A paragraph like another, with another text or none."""
    twin = copy.deepcopy(paragraph)
    first, *rest = twin.iter(f"{W}r")
    for run in rest if text else [first, *rest]:
        run.getparent().remove(run)
    for t in first.iter(f"{W}t"):
        t.text = text
    return twin


def _name(plant: Mapping[str, Any]) -> str:
    return f"{plant['finds'][0]}-{plant['in']}"


# -- finding -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("plant", PLANTED, ids=_name)
def test_a_planted_fault_is_found_by_its_own_code(plant: Mapping[str, Any], clean: Callable[[str], bytes]) -> None:
    assert codes(planted(clean(plant["in"]), plant)) == set(plant["finds"])


def test_every_rule_has_a_planted_fault() -> None:
    """A rule without one could find anything, or nothing; the rendered ones have their own test."""
    found = {code for plant in PLANTED for code in plant["finds"]}
    assert found == {code for code, rule in RULES.items() if not rule.rendered}


@pytest.mark.parametrize("name", CLEAN)
def test_nothing_is_found_in_what_is_clean_by_hand(name: str) -> None:
    assert lint(_by_hand(name), name) == []


@pytest.mark.parametrize("folder", [DATA / "document", *DISPATCHES], ids=lambda folder: folder.name)
def test_nothing_is_found_in_our_own_documents(folder: Path, tmp_path: Path, run: Run) -> None:
    for kind in ("notice", "forms", "checklist"):
        run(kind, folder, "-o", tmp_path)
    documents = sorted(tmp_path.glob("master/*.docx"))
    assert documents
    for path in documents:
        found = {(one.code, str(one)) for one in lint(path.read_bytes(), path.name)}
        assert {code for code, _said in found} <= MEANT.get(folder.name, set()), found


# -- repairing ---------------------------------------------------------------------------------------------------------


def test_what_is_called_fixable_has_a_repair() -> None:
    assert REPAIRS.keys() == {code for code, rule in RULES.items() if rule.fixable}


REPAIRABLE = [plant for plant in PLANTED if REPAIRS.keys() & set(plant["finds"]) and not plant.get("stays")]


@pytest.mark.parametrize("plant", REPAIRABLE, ids=_name)
def test_a_repair_ends_what_is_mechanical_and_nothing_else(
    plant: Mapping[str, Any], clean: Callable[[str], bytes]
) -> None:
    repaired, done = fix(planted(clean(plant["in"]), plant), "notice.docx")
    assert {found.code for found in done} == REPAIRS.keys() & set(plant["finds"])
    assert codes(repaired) == set(plant["finds"]) - REPAIRS.keys()
    assert fix(repaired, "notice.docx") == (repaired, [])
