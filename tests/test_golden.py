"""Golden dispatches: every document of a small dispatch, made through the command line, is the text that was reviewed.

A folder of tests/golden is a dispatch; its `expected/` holds a text for the master and one for each unit. A section
that a template or an earlier document has too is named, not repeated, and one that is nearly the same is given by the
lines that differ: what stands written out is what is new there, and nothing is left out.
"""

import difflib
import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import Result
from conftest import GOLDEN, Golden

from generator.kits import kinds
from generator.kits.plan import MASTER
from generator.reading import show
from generator.word.template.templates import SHIPPED

Run = Callable[..., Result]
CASES = sorted(path.parent.name for path in GOLDEN.glob("*/dispatch.yaml"))
TEMPLATES = sorted(path.name for path in SHIPPED.glob("*.docx"))


Section = tuple[str, ...]


class Shown:
    """The sections that were written out so far, each with the document that it stands in."""

    def __init__(self) -> None:
        self.written = {section: f"templates/{name}" for name in TEMPLATES for section in _sections(_template(name))}

    def lines(self, name: str, text: str) -> Iterator[str]:
        """A document: sections that are known named, those that are nearly known as the lines that differ."""
        for section in _sections(text):
            nearest = min(self._alike(section), key=lambda found: len(found[1]), default=None)
            if nearest and len(nearest[1]) <= len(section) // 2:
                known, difference = nearest
                yield f"{section[0]} = {self.written[known]}" + (", but" if difference else "")
                yield from difference
            else:
                self.written[section] = name
                yield from section
            yield ""

    def _alike(self, section: Section) -> Iterator[tuple[Section, list[str]]]:
        for known in self.written:
            if known[0].split()[:2] == section[0].split()[:2]:
                lines = difflib.unified_diff(known[1:], section[1:], lineterm="", n=0)
                yield known, [line for line in lines if not line.startswith(("---", "+++", "@@"))]


def _template(name: str) -> str:
    return show.text(SHIPPED / name)


def _sections(text: str) -> Iterator[Section]:
    for section in text.rstrip().split("\n\n# "):
        yield tuple(f"# {section.removeprefix('# ')}".splitlines())


@pytest.mark.parametrize("name", TEMPLATES)
def test_template(golden: Golden, name: str) -> None:
    golden(f"templates/{name}.txt", _template(name))


@pytest.mark.parametrize("case", CASES)
def test_dispatch(run: Run, golden: Golden, tmp_path: Path, case: str) -> None:
    folder = GOLDEN / case
    checked = run("check", folder, "--strict")
    asked = [line for line in checked.output.splitlines() if ": info: " not in line]
    assert (checked.exit_code, asked) == (0, ["no problems"])
    for command in (*kinds.names(), "batch"):
        made = run(command, folder, "-o", tmp_path)
        assert made.exit_code == 0, made.output
    assert run("verify", tmp_path).exit_code == 0
    kits = dict(_kits(tmp_path))
    given = {path.read_bytes(): path.name for path in folder.iterdir() if path.is_file()}
    shown = Shown()
    for code in sorted(kits, key=lambda code: (code != MASTER, code)):
        lines = [line for file in kits[code] for line in _document(tmp_path, file, given, shown)]
        golden(f"{case}/expected/{code}.txt", "\n".join(lines).rstrip() + "\n")
    assert {path.stem for path in (folder / "expected").iterdir()} == set(kits)


def _kits(out: Path) -> Iterator[tuple[str, list[str]]]:
    entries = json.loads((out / "manifest.json").read_bytes())["files"]
    for code in {entry["unit"] for entry in entries}:
        yield code or MASTER, [entry["file"] for entry in entries if entry["unit"] == code]


def _document(out: Path, file: str, given: dict[bytes, str], shown: Shown) -> Iterator[str]:
    yield f"======== {file}"
    data = (out / file).read_bytes()
    if data in given:
        yield from (f"the bytes of {given[data]}", "")
    else:
        yield from shown.lines(file, show.text(data, file))
