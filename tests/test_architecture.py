"""The house: who may import whom, who prints, who looks at the world, and what a new kind of document takes."""

from __future__ import annotations

import ast
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path

import docx
import pytest
from click.testing import Result

Run = Callable[..., Result]
ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "generator"
DOCUMENT = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
FILES = {
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path
    for path in sorted(PACKAGE.rglob("*.py"))
}
MODULES = list(FILES)

USERS = {
    "docx": ("generator.word",),
    "docxtpl": ("generator.word",),
    "openpyxl": ("generator.forms.workbook",),
    "yaml": ("generator.dispatch.yaml",),
    "chinese_calendar": ("generator.base.workdays",),
    "markdown_it": ("generator.wording.body",),
    "rich": ("generator.cli",),
    "click": ("generator.cli",),
    "python_calamine": ("generator.collect.sheets",),
    "sqlite3": ("generator.collect.ledger",),
}
"""Libraries, and who alone may import them."""

CLOCKS = {"time", "random", "secrets", "uuid", "locale", "platform", "getpass", "socket", "tempfile"}
LOOKS = {"environ", "environb", "getenv", "now", "today", "utcnow", "cpu_count", "urandom", "getcwd", "gettempdir"}
PRINTS = {"print", "input", "breakpoint", "exit", "quit", "SystemExit"}
ENDS = {"sys.exit", "sys.stdout", "sys.stderr", "sys.stdin", "os._exit", "os.abort"}
MAY_END = {
    "generator.cli": "prints, and sets the exit status",
    "generator.kits.pool": "ends a worker process whose parent is gone",
}
OUTSIDE = {
    "generator.api": "a folder for a dispatch whose files are in memory",
    "generator.base.i18n": "the reader's language",
    "generator.kits.run": "as many workers as there are processors",
    "generator.kits.pool": "a worker that has stopped answering is given up",
    "generator.kits.cluster": "workers that are being replaced are waited for, and a run has a name of its own there",
    "generator.kits.disk": "a file that another program holds is tried again",
    "generator.office.fonts": "which fonts this machine has",
    "generator.office.libreoffice": "an office program with a time limit and a profile of its own",
    "generator.kits.preview": "a folder for what a program draws",
    "generator.collect.clock": "when a return came, and whether a deadline is over: commands take a --date instead",
}
"""The modules that look at clock, chance or environment, and what for. None of them renders."""


@cache
def tree(module: str) -> ast.Module:
    return ast.parse(FILES[module].read_bytes())


def imports(module: str) -> Iterator[str]:
    """Every module that a module imports, at its top or inside a function, for types or for use."""
    for node in ast.walk(tree(module)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module}: relative import"
            source = node.module or ""
            for alias in node.names:
                yield f"{source}.{alias.name}" if f"{source}.{alias.name}" in FILES else source


def rows() -> list[list[str]]:
    """The rows of the table in docs/architecture.md: the names in their first columns."""
    lines = [line for line in DOCUMENT.splitlines() if line.startswith("| `")]
    return [re.findall(r"`([^`]+)`", line.split("|")[1]) for line in lines]


def row_of(module: str) -> int:
    name = module.removeprefix("generator.").split(".")[0]
    found = [number for number, names in enumerate(rows()) if {name + ".py", name + "/"} & set(names)]
    assert len(found) == 1, f"{module} stands in {len(found)} rows of docs/architecture.md"
    return found[0]


def test_the_table_names_what_there_is() -> None:
    named = [name for names in rows() for name in names]
    assert [name for name in named if not (PACKAGE / name).exists()] == []
    assert sorted({module.split(".")[1] for module in MODULES if "." in module}) == sorted(
        name.removesuffix(".py").removesuffix("/") for name in named
    )


@pytest.mark.parametrize("module", MODULES[1:])
def test_a_module_imports_only_from_rows_above_its_own(module: str) -> None:
    own = module.split(".")[1]
    wrong = [
        used
        for used in imports(module)
        if used.startswith("generator.") and used.split(".")[1] != own and row_of(used) >= row_of(module)
    ]
    assert wrong == []


def test_no_imports_in_a_circle() -> None:
    graph = {module: {used for used in imports(module) if used in FILES} for module in MODULES}
    # A package names what its modules hold, and these may name the package's own types.
    for module, used in graph.items():
        used -= {module, *(package for package in used if module.startswith(f"{package}."))}
    list(TopologicalSorter(graph).static_order())


@pytest.mark.parametrize("module", MODULES)
def test_a_library_has_its_users(module: str) -> None:
    used = {name.split(".")[0] for name in imports(module)} & set(USERS)
    assert {name for name in used if not module.startswith(USERS[name])} == set()


@pytest.mark.parametrize("module", MODULES)
def test_only_the_command_line_prints_or_exits(module: str) -> None:
    names = {node.id for node in ast.walk(tree(module)) if isinstance(node, ast.Name)}
    attributes = {ast.unparse(node) for node in ast.walk(tree(module)) if isinstance(node, ast.Attribute)}
    assert names & PRINTS | attributes & ENDS == set() or module in MAY_END


@pytest.mark.parametrize("module", MODULES)
def test_nothing_that_renders_looks_at_clock_chance_or_environment(module: str) -> None:
    found = CLOCKS & {name.split(".")[0] for name in imports(module)}
    found |= LOOKS & {node.attr for node in ast.walk(tree(module)) if isinstance(node, ast.Attribute)}
    assert bool(found) == (module in OUTSIDE), found


@pytest.mark.parametrize("module", MODULES)
def test_a_module_opens_with_one_sentence(module: str) -> None:
    opening = (ast.get_docstring(tree(module)) or "").split("\n\n")[0].replace("\n", " ")
    assert opening.endswith(".")
    assert re.findall(r"[.!?](?= +[A-Z])", opening) == []


# -- a new kind of document --------------------------------------------------------------------------------------------


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """A copy of the package with one more template and one more file in kinds/, as docs/architecture.md shows it."""
    copy = tmp_path / "house"
    shutil.copytree(PACKAGE, copy / "generator", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(ROOT / "templates", copy / "templates")
    code = re.search(r"```python\n(.*?)```", DOCUMENT, re.DOTALL)
    assert code
    (copy / "generator" / "kits" / "kinds" / "receipt.py").write_text(code[1], encoding="utf-8")
    template = docx.Document()
    template.add_paragraph("{{ unit }}收到《{{ title }}》。")
    template.save(str(copy / "templates" / "receipt.docx"))
    return copy


def fawen(house: Path, *arguments: object) -> str:
    environment = {**os.environ, "PYTHONPATH": str(house), "PYTHONUTF8": "1", "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, "-m", "generator", *map(str, arguments)]
    done = subprocess.run(command, env=environment, cwd=house, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_a_kind_is_one_template_and_one_file(house: Path, tmp_path: Path, run: Run) -> None:
    folder, out = tmp_path / "事项", tmp_path / "out"
    assert run("new", folder).exit_code == 0
    assert "  receipt    Make the receipt that a unit sends back" in fawen(house, "--help")
    fawen(house, "check", folder)
    fawen(house, "receipt", folder, "-o", out)
    fawen(house, "batch", folder, "-o", out)
    entries = json.loads((out / "manifest.json").read_bytes())["files"]
    assert {entry["file"] for entry in entries if entry["kind"] == "receipt"} == {
        "master/回执.docx",
        "001-甲市人力资源和社会保障局/甲市-回执.docx",
        "002-乙市人力资源和社会保障局/乙市-回执.docx",
        "003-丙盟人力资源和社会保障局/丙盟-回执.docx",
    }
    written = docx.Document(str(out / "002-乙市人力资源和社会保障局" / "乙市-回执.docx")).paragraphs[0].text
    assert written.startswith("乙市人力资源和社会保障局收到《某某自治区人力资源和社会保障厅转发")
