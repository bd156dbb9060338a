"""Fixtures that every test may use: golden files, small dispatch folders, the command line, LibreOffice."""

from __future__ import annotations

import difflib
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from pages import to_pdfs

if TYPE_CHECKING:
    from click.testing import Result

GOLDEN = Path(__file__).parent / "golden"

Golden = Callable[[str, str], None]
DispatchFolder = Callable[[Mapping[str, str | bytes]], Path]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update", action="store_true", help="rewrite the golden files; then read the diff")


def pytest_configure() -> None:
    """Messages are compared in English, whatever the language of the machine."""
    os.environ["LANGUAGE"] = "en"


def pytest_make_parametrize_id(val: object) -> str | None:
    """Ids show Chinese as it is; what no terminal and no pipe can carry is spelt."""
    if isinstance(val, str):
        return "".join(char if char.isprintable() else ascii(char)[1:-1] for char in val)
    return ascii(val) if isinstance(val, bytes) else None


def pytest_runtest_setup(item: pytest.Item) -> None:
    """A test marked `rendered` needs LibreOffice: skipped where there is none, but never under CI."""
    if item.get_closest_marker("rendered") is None or shutil.which("soffice"):
        return
    if os.environ.get("CI"):
        pytest.fail("soffice is not installed, and under CI no rendered test may be skipped", pytrace=False)
    pytest.skip("soffice is not installed")


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Golden:
    """`golden("case/notice.txt", text)`: the text must be that of tests/golden/case/notice.txt."""
    update = bool(request.config.getoption("--update"))

    def compare(name: str, text: str) -> None:
        path = (GOLDEN / name).resolve()
        if not path.is_relative_to(GOLDEN):
            pytest.fail(f"{name} lies outside tests/golden", pytrace=False)
        expected = path.read_text(encoding="utf-8") if path.exists() else ""
        if text == expected and path.exists():
            return
        if update:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="\n")
            return
        pytest.fail(_difference(name, expected, text), pytrace=False)

    return compare


def _difference(name: str, expected: str, text: str) -> str:
    lines = difflib.unified_diff(
        expected.splitlines(), text.splitlines(), f"golden/{name}", "this run", lineterm="", n=2
    )
    return "\n".join([*lines, "", "If this is what you want: pytest --update, then read the diff in review."])


@pytest.fixture
def dispatch_folder(tmp_path: Path) -> DispatchFolder:
    """`dispatch_folder({"dispatch.yaml": "…", "units.csv": "…"})`: a folder that holds these files."""

    def write(files: Mapping[str, str | bytes]) -> Path:
        folder = tmp_path / "dispatch"
        for name, content in files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content.encode() if isinstance(content, str) else content)
        return folder

    return write


@pytest.fixture
def run() -> Callable[..., Result]:
    """`run("check", folder)`: the command line as a user meets it; gives Click's Result."""
    from click.testing import CliRunner

    from generator.cli import main

    def invoke(*arguments: object, **options: Any) -> Result:
        return CliRunner().invoke(main, [str(argument) for argument in arguments], **options)

    return invoke


@pytest.fixture
def in_chinese() -> Callable[[str, str], str]:
    """`in_chinese("generator.lint", "rule_table")`: what that function gives a Chinese reader.

    In a process of its own: the language of a process is settled with its first message.
    """

    def called(module: str, function: str) -> str:
        code = f"import sys, {module}; sys.stdout.write({module}.{function}())"
        environment = {**os.environ, "LANGUAGE": "zh_CN", "PYTHONUTF8": "1"}
        command = [sys.executable, "-c", code]
        return subprocess.run(command, env=environment, capture_output=True, encoding="utf-8", check=True).stdout

    return called


@pytest.fixture(scope="session")
def office_profile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("office-profile")


@pytest.fixture
def to_pdf(office_profile: Path, tmp_path: Path) -> Callable[[Path], Path]:
    """`to_pdf(path)`: the file as LibreOffice prints it, with a profile of its own; mark the test `rendered`."""

    def convert(path: Path) -> Path:
        return to_pdfs([path], tmp_path / "pdf", office_profile)[0]

    return convert
