"""CONTRIBUTING.md and the pages it names: each task takes the files it says, each clause that is cited has a row."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from generator.lint import RULES

ROOT = Path(__file__).parent.parent
GUIDE = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
STANDARDS = (ROOT / "docs" / "standards.md").read_text(encoding="utf-8")
SOURCES = "\n".join(path.read_text(encoding="utf-8") for path in sorted((ROOT / "generator").rglob("*.py")))


@dataclass(frozen=True)
class Task:
    """A change: in each file (below generator/, or of a dispatch folder) what stands there and what will; and a program
    whose output shows it. Nothing to replace means a new file, or more at the end of one that is there."""

    edits: Mapping[str, tuple[str, str]]
    program: str
    shows: str
    files: Mapping[str, str] = field(default_factory=dict)


CHECKED = """
from pathlib import Path
from generator.check import check
from generator.dispatch.load import load_dispatch
for problem in check(load_dispatch(Path("dispatch"))):
    print(problem.code, problem.message)
"""
SPEC = """
title: 关于开展检查的通知
issuing_authorities: [某某厅]
recipients: [各市局]
classes: {city: 市}
body: 请开展检查。
"""
NOTICE = {"dispatch.yaml": SPEC, "units.csv": "code,name,short_name,class\n001,甲市局,甲市,city\n"}

TASKS: dict[str, Task] = {
    "the wording of the opening": Task(
        {"wording/titles.py": ('"转发给你们"', '"印发给你们"')},
        """
from generator.dispatch.spec import Spec
from generator.wording import opening
print(opening(Spec.model_validate({"kind": "forward", "issuing_authorities": ["某某厅"], "recipients": ["各市局"],
    "sources": {"a": {"title": "关于甲的通知", "issuing_authorities": ["某部"]}}})))
""",
        "》印发给你们，",
    ),
    "a new check": Task(
        {
            "check/heading.py": (
                "RULES = (",
                '''def long_title(dispatch: Dispatch) -> Iterator[Problem]:
    """A title of more than fifty characters takes three lines."""
    if len(dispatch.spec.title or "") > 8:
        yield report("title-long", dispatch.where("title"), _("the title is long"))


RULES = (
    long_title,''',
            ),
            "check/codes.py": (
                '    "source-missing"',
                '    "title-long": Code("warning", _("A title takes three lines.")),\n    "source-missing"',
            ),
        },
        CHECKED,
        "title-long the title is long",
        NOTICE,
    ),
    "the place of the red rule": Task(
        {"word/page/furniture.py": ("_RULE_GAP = 4.0", "_RULE_GAP = 6.0")},
        "from generator.word.page import furniture; print(furniture._RULE_GAP)",
        "6.0",
    ),
    "the names of a kit's files": Task(
        {"kits/plan.py": ('safe_name(f"{unit.code}-{unit.name}")', 'safe_name(f"{unit.name}（{unit.code}）")')},
        """
from pathlib import Path
from generator.dispatch.load import load_dispatch
from generator.kits.plan import plan
print([job.path for job in plan(load_dispatch(Path("dispatch")))])
""",
        "'甲市局（001）/关于开展检查的通知.docx'",
        NOTICE,
    ),
    "a new rule of `lint`": Task(
        {
            "lint/page.py": (
                "def _mm(",
                '''@rule("page-many", "practice", "5.2.3", _("a notice of ten sections"), _("Join the sections."))
def page_many(document: Document) -> Iterator[Hit]:
    """There are more sections than one."""
    if len(document.sections) > 1:
        yield Hit(_("{number} sections").format(number=len(document.sections)))


def _mm(''',
            )
        },
        "from generator.lint import RULES; print(RULES['page-many'].description)",
        "There are more sections than one.",
    ),
    "the time that LibreOffice is given": Task(
        {"office/libreoffice.py": ("SECONDS = 60.0", "SECONDS = 90.0")},
        "from generator.office.libreoffice import Converter, Office\n"
        "import inspect; print(inspect.signature(Converter).parameters['seconds'].default)",
        "90.0",
    ),
}


def named() -> dict[str, list[str]]:
    """The tasks of the guide's table, each with the files it names."""
    table = GUIDE.partition("| task | change |\n|---|---|\n")[2].partition("\n\n")[0]
    rows = [line.strip("| ").split(" | ", 1) for line in table.splitlines()]
    return {task: re.findall(r"`([\w./]+\.(?:py|csv))`", change) for task, change in rows}


def test_the_guide_has_these_tasks() -> None:
    assert list(named()) == list(TASKS)
    assert all(1 <= len(files) <= 2 for files in named().values())


@pytest.mark.parametrize("name", TASKS)
def test_a_task_takes_the_files_that_the_guide_names(name: str, tmp_path: Path) -> None:
    task = TASKS[name]
    assert sorted(task.edits) == sorted(named()[name])
    shutil.copytree(ROOT / "generator", tmp_path / "generator", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(ROOT / "templates", tmp_path / "templates")
    for file, text in task.files.items():
        (tmp_path / "dispatch").mkdir(exist_ok=True)
        (tmp_path / "dispatch" / file).write_text(text, encoding="utf-8")
    before = output(tmp_path, task.program)
    for file, (old, new) in task.edits.items():
        edit(tmp_path / ("generator" if file.endswith(".py") else "dispatch") / file, old, new)
    assert task.shows not in before
    assert task.shows in output(tmp_path, task.program)


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    assert text.count(old) == 1 or not old, f"{path.name}: {old}"
    path.write_text(text.replace(old, new) if old else text + new, encoding="utf-8")


def output(place: Path, program: str) -> str:
    environment = {
        **os.environ,
        "PYTHONPATH": f"{place}{os.pathsep}{ROOT}",
        "PYTHONUTF8": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, env=environment, cwd=place, capture_output=True, encoding="utf-8", check=False)
    return done.stdout if done.returncode == 0 else done.stderr


# -- standards ---------------------------------------------------------------------------------------------------------

CLAUSE = r"\d+(?:\.\d+)+(?:\(\d+\))?|\d+\(\d+\)|\b8\b"


def rows(heading: str) -> set[str]:
    """The first cells of the table below a heading."""
    section = re.split(r"^## ", STANDARDS, flags=re.MULTILINE)
    table = next(part for part in section if part.startswith(heading))
    return {line.split("|")[1].strip().rpartition(" ")[2] for line in table.splitlines() if line.startswith("| ")}


def cited(standard: str) -> set[str]:
    """The clauses that follow the standard's name somewhere in the sources, as `GB/T 9704-2012, 7.3.4 and 7.3.7`."""
    after = rf"{standard}(?:-\d{{4}})?,?(?: clause)? ((?:{CLAUSE}|, | and |–)+)"
    return {clause for found in re.findall(after, SOURCES) for clause in re.findall(CLAUSE, found)}


def test_every_clause_of_a_rule_of_lint_has_its_row() -> None:
    clauses = {clause for rule in RULES.values() for clause in re.findall(CLAUSE, rule.clause)}
    known = rows("GB/T 9704") | rows("党政机关公文处理工作条例")
    assert clauses - {"33476.2"} <= known


@pytest.mark.parametrize("standard", ["GB/T 9704", "GB/T 33476.2", "GB/T 15834", "条例", "ECMA-376"])
def test_every_clause_that_is_cited_has_its_row(standard: str) -> None:
    heading = "党政机关公文处理工作条例" if standard == "条例" else standard
    found = cited(standard)
    assert found
    assert found <= rows(heading)


def test_what_is_cited_can_be_opened() -> None:
    """Pages of this project that the sources name are there."""
    pages = set(re.findall(r"\b([\w-]+\.md)\b", SOURCES))
    there = {path.name for path in [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")]}
    assert pages - there <= {"body.md", "x.md"}


def test_the_way_to_ask_for_places_works(tmp_path: Path) -> None:
    (program,) = re.findall(r"```python\n(.*?)```", GUIDE, re.DOTALL)
    shutil.copytree(ROOT / "specs" / "2022-first-lesson", tmp_path / "specs" / "2022-first-lesson")
    assert output(tmp_path, program).startswith("Placed(page=1, line=4, text='转发关于在全国技工院校开展2022年')\n")
