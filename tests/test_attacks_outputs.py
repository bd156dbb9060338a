"""What is made is sound, by our own checks, the Open XML SDK and LibreOffice; what is broken is not written."""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest
from attacks.mutants import EXCEL, SOUND_EXCEL, SOUND_WORD, WORD, Mutant
from click.testing import CliRunner, Result
from conftest import GOLDEN
from fakes import DOCUMENT, SMALLEST, Copy, Letter, dispatch, planned, units
from pages import to_pdfs
from planted import rezip, unzip

from generator.base.problems import Where
from generator.cli import main
from generator.dispatch.spec import Unit
from generator.kits import kinds
from generator.kits.run import Settings, build, verify
from generator.office.package import Package, compile_package, slot
from generator.office.soundness import problems

CASES = sorted(path.parent.name for path in GOLDEN.glob("*/dispatch.yaml"))
VALIDATOR = Path(__file__).parent.parent / "node_modules" / "@xarsh" / "ooxml-validator-linux-x64" / "ooxml-validator"
Made = Mapping[str, list[Path]]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    """Every distinct .docx and .xlsx of every golden dispatch."""
    found = {}
    for case in CASES:
        out = tmp_path_factory.mktemp(case)
        for command in (*kinds.names(), "batch"):
            done: Result = CliRunner().invoke(main, [command, str(GOLDEN / case), "-o", str(out)])
            assert done.exit_code == 0, done.output
        given = {path.read_bytes() for path in (GOLDEN / case).iterdir() if path.is_file()}
        distinct = {path.read_bytes(): path for path in sorted(out.rglob("*")) if path.suffix in (".docx", ".xlsx")}
        found[case] = [path for data, path in distinct.items() if data not in given]
    return found


@pytest.fixture(scope="module")
def form(made: Made) -> Mapping[str, bytes]:
    """A form by its ending."""
    paths = [path for path in made["forward-letter"] if "附件" in path.name]
    return {path.suffix: path.read_bytes() for path in paths}


# -- our own checks ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("case", CASES)
def test_every_output_is_sound(made: Made, case: str) -> None:
    assert [problem for path in made[case] for problem in problems(path.read_bytes(), Where(path.name))] == []


@pytest.mark.parametrize("mutant", WORD, ids=lambda mutant: mutant.name)
def test_a_broken_document_is_seen(form: Mapping[str, bytes], mutant: Mutant) -> None:
    assert any(mutant.said in message for message in said(unzip(form[".docx"]), mutant))


@pytest.mark.parametrize("mutant", EXCEL, ids=lambda mutant: mutant.name)
def test_a_broken_workbook_is_seen(form: Mapping[str, bytes], mutant: Mutant) -> None:
    assert any(mutant.said in message for message in said(unzip(form[".xlsx"]), mutant))


@pytest.mark.parametrize("mutant", SOUND_WORD, ids=lambda mutant: mutant.name)
def test_a_document_that_is_only_changed_is_sound(form: Mapping[str, bytes], mutant: Mutant) -> None:
    assert said(unzip(form[".docx"]), mutant) == []


@pytest.mark.parametrize("mutant", SOUND_EXCEL, ids=lambda mutant: mutant.name)
def test_a_workbook_that_is_only_changed_is_sound(form: Mapping[str, bytes], mutant: Mutant) -> None:
    assert said(unzip(form[".xlsx"]), mutant) == []


def said(parts: dict[str, bytes], mutant: Mutant) -> list[str]:
    """What the checks say of the mutant."""
    new = mutant.new
    if "{" in new:
        first = {"{again}": rb"<w:style .*?</w:style>", "{name}": rb"<definedName .*?</definedName>"}
        names = {mark: re.search(found, b"".join(parts.values()), re.DOTALL) for mark, found in first.items()}
        names["{first}"] = re.search(rb'(?<=name=")[^"]*', parts.get("xl/workbook.xml", b""))
        for mark, match in names.items():
            new = new.replace(mark, match[0].decode() if match else "")
    if mutant.old:
        text = parts[mutant.part].decode()
        assert mutant.old in text
        parts[mutant.part] = text.replace(mutant.old, new, 1).encode()
    elif new:
        parts[mutant.part] = new.encode()
    else:
        del parts[mutant.part]
    return [problem.message for problem in problems(rezip(parts), Where("某文件"))]


@dataclass
class Styled(Letter):
    """A letter of which some units have a paragraph in a list that is not there."""

    broken: tuple[str, ...] = ()

    def compile(self, unit: Unit | None) -> Package:
        text = f'{DOCUMENT}<w:p><w:pPr><w:numPr><w:numId w:val="{slot("list")}"/></w:numPr></w:pPr></w:p>'
        return compile_package({**SMALLEST, "word/document.xml": f"{text}</w:body></w:document>".encode()})

    def values(self, unit: Unit | None) -> Mapping[str, str]:
        return {"list": "7" if unit and unit.code in self.broken else "0"}


@pytest.mark.parametrize(
    ("verify_all", "broken", "failed"),
    [
        (False, ("000", "001", "002", "003"), ["000", "001", "002", "003"]),
        (False, ("000", "001"), ["000", "001"]),
        (False, ("003",), []),
        (True, ("003",), ["003"]),
        (True, ("001", "003"), ["001", "003"]),
    ],
)
@pytest.mark.parametrize("jobs", [1, 2])
def test_a_file_that_is_not_sound_is_never_written(
    tmp_path: Path, *, jobs: int, verify_all: bool, broken: tuple[str, ...], failed: list[str]
) -> None:
    """Of each shape files are looked at until one is sound; only `verify` finds what a later unit's value breaks."""
    of = dispatch(Path("某事项"), units(4))
    settings = Settings(jobs, verify=verify_all)
    done = build(of, planned(of, Styled(broken=broken), Copy()), tmp_path, settings)
    found = [entry.unit for entry in done.failed]
    if jobs == 1 or verify_all:
        assert found == failed
    assert set(found) <= set(broken)
    assert all("there is no list 7" in (entry.reason or "") for entry in done.failed)
    assert len(list(tmp_path.rglob("*.docx"))) == 4 - len(found)
    assert len(verify(tmp_path)) == len(found)


def test_the_command_line_looks_at_every_file(tmp_path: Path) -> None:
    done = CliRunner().invoke(main, ["batch", str(GOLDEN / "letters-to-units"), "-o", str(tmp_path), "--verify"])
    assert done.exit_code == 0, done.output
    assert verify(tmp_path) == []


# -- others' checks ----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def validator() -> Path:
    if not VALIDATOR.exists():
        if os.environ.get("CI"):
            pytest.fail("run npm ci: under CI the Open XML SDK's validator may not be skipped", pytrace=False)
        pytest.skip("npm ci has not been run")
    return VALIDATOR


def errors(validator: Path, file: Path) -> list[str]:
    """What the Open XML SDK says of a file, as Microsoft 365 reads it."""
    done = subprocess.run([validator, file], capture_output=True, encoding="utf-8", check=False, timeout=120)
    assert done.returncode in (0, 1), done.stderr
    return [f"{file.name}: {error['path']}: {error['description']}" for error in json.loads(done.stdout)["errors"]]


def test_the_open_xml_sdk_finds_a_planted_fault(validator: Path, form: Mapping[str, bytes], tmp_path: Path) -> None:
    parts = unzip(form[".docx"])
    parts["word/document.xml"] = parts["word/document.xml"].replace(b"<w:body>", b"<w:body><w:nothing/>")
    (tmp_path / "a.docx").write_bytes(rezip(parts))
    assert errors(validator, tmp_path / "a.docx")


@pytest.mark.parametrize("case", CASES)
def test_the_open_xml_sdk_accepts_every_output(validator: Path, made: Made, case: str) -> None:
    with ThreadPoolExecutor(2) as threads:
        found = threads.map(lambda path: errors(validator, path), made[case])
    assert [error for of_file in found for error in of_file] == []


@pytest.mark.rendered
@pytest.mark.parametrize("ending", [".docx", ".xlsx"])
def test_libreoffice_opens_every_output(made: Made, ending: str, tmp_path: Path, office_profile: Path) -> None:
    paths = list(_numbered(made, ending, tmp_path))
    pdfs = to_pdfs(paths, tmp_path / "pdf", office_profile)
    assert len(pdfs) == len(paths) > 3
    assert [pdf.name for pdf in pdfs if pdf.stat().st_size < 5_000] == []


def _numbered(made: Made, ending: str, folder: Path) -> Iterator[Path]:
    """The outputs of one ending under names of their own."""
    paths = [path for case in CASES for path in made[case] if path.suffix == ending]
    for number, path in enumerate(paths):
        target = folder / f"{number}{ending}"
        target.write_bytes(path.read_bytes())
        yield target
