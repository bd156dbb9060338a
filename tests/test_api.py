"""The face in Python: what it takes, what it returns, and how it fails."""

from __future__ import annotations

import ast
import gc
import re
from pathlib import Path

import pytest
from click.testing import Result

from generator import api

ROOT = Path(__file__).parent.parent
FILES = {
    "dispatch.yaml": """
kind: notice
title: 关于报送材料的通知
issuing_authorities: [某厅]
recipients: [各市]
templates: own
body: 请遵照执行。
""".encode(),
    "units.csv": "代码,单位全称,简称\n001,甲市局,甲市\n002,乙市局,乙市\n".encode(),
}


def files(**more: bytes) -> dict[str, bytes]:
    return {**FILES, "own/notice-document.docx": (ROOT / "templates" / "notice-document.docx").read_bytes(), **more}


def test_files_in_memory_are_a_dispatch_with_its_templates_and_leave_nothing_behind() -> None:
    dispatch = api.open_dispatch(files(), name="某事项")
    folder = dispatch.folder
    assert (dispatch.name, [unit.code for unit in dispatch.units]) == ("某事项", ["001", "002"])
    assert api.check(dispatch).errors == 0
    (notice,) = api.plan(dispatch, kinds=["notice"], units=["001"])
    assert api.document(notice).startswith(b"PK")
    assert api.document(notice) == api.document(notice)
    del dispatch, notice
    gc.collect()
    assert not folder.parent.exists()


@pytest.mark.parametrize("name", ["../x", "/x", "C:\\x", "a/../../x", ""])
def test_a_file_in_memory_lies_in_its_folder(name: str) -> None:
    with pytest.raises(api.Problems) as caught:
        api.open_dispatch({**files(), name: b""})
    assert [problem.code for problem in caught.value.problems] == ["outside-folder"]


def test_a_dispatch_in_memory_and_one_in_a_folder_are_made_alike(tmp_path: Path) -> None:
    api.new(tmp_path / "某事项")
    there = {path.name: path.read_bytes() for path in (tmp_path / "某事项").iterdir()}
    heard: list[tuple[int, int]] = []
    made = []
    for number, source in enumerate((tmp_path / "某事项", there)):
        dispatch = api.open_dispatch(source, name="某事项")
        made.append(
            api.make(dispatch, tmp_path / str(number), units=["001"], progress=lambda *seen: heard.append(seen))
        )
    assert heard == [(1, 1)] * 2
    assert [(one.made, one.errors, one.failed) for one in made] == [(4, 0, ())] * 2
    assert list(made[0].files()) == list(made[1].files())
    planned = list(api.plan(dispatch, units=["001"]))
    assert [one.file for one in planned] == [entry.file for entry in made[0].files()]
    assert all(api.document(one) == (made[0].out / one.file).read_bytes() for one in planned)
    assert api.verify(made[0].out).problems == ()


def test_a_failure_is_data(tmp_path: Path) -> None:
    dispatch = api.open_dispatch(files(), name="某事项")
    (tmp_path / "001-甲市局").write_text("in the way")
    result = api.make(dispatch, tmp_path)
    (failed,) = result.failed
    assert (result.made, failed.unit, failed.status) == (1, "001", "failed")
    (problem,) = failed.problems
    assert (problem.code, problem.message) == ("not-written", failed.reason)
    assert [entry for entry in result.files() if entry.problems] == [failed]


def test_the_language_is_the_call_s() -> None:
    with pytest.raises(api.Problems, match="no unit has the code"), api.language("en"):
        api.plan(api.open_dispatch(files()), units=["9"])
    with pytest.raises(api.Problems, match="没有"), api.language("zh_CN"):
        api.plan(api.open_dispatch(files()), units=["9"])


# -- codes -------------------------------------------------------------------------------------------------------------

REPORTS = {"error", "warning", "info", "report", "Problem", "Fault", "_report", "_problem", "Explained"}
"""What takes a problem's code as its first argument."""


def used_codes() -> set[str]:
    """Every code that stands in the sources where a problem is made, whatever the expression around it."""
    found = set()
    for path in (ROOT / "generator").rglob("*.py"):
        for call in ast.walk(ast.parse(path.read_bytes())):
            if isinstance(call, ast.Call) and call.args and _name(call.func) in REPORTS:
                found |= set(_constants(call.args[0]))
    return {code for code in found if re.fullmatch("[a-z0-9]+(-[a-z0-9]+)*", code)}


def _name(function: ast.expr) -> str:
    return function.id if isinstance(function, ast.Name) else getattr(function, "attr", "")


def _constants(node: ast.expr) -> list[str]:
    if isinstance(node, ast.IfExp):
        return [*_constants(node.body), *_constants(node.orelse)]
    if isinstance(node, ast.JoinedStr):
        # blank-{key}: of each key that a roster cannot do without.
        prefix = node.values[0].value if isinstance(node.values[0], ast.Constant) else ""
        return [f"{prefix}{key}" for key in ("code", "name", "class")]
    return [node.value] if isinstance(node, ast.Constant) and isinstance(node.value, str) else []


def expected_codes() -> set[str]:
    """Every code that the data of the tests expect somewhere: those that reach a problem by a variable, too."""
    said = re.compile(r"# (?:error|warning|info) ([a-z0-9-]+):")
    return {
        code
        for folder in ("wrong", "checks")
        for path in (ROOT / "tests" / folder).rglob("*")
        if path.is_file() and path.suffix in (".yaml", ".md", ".csv")
        for code in said.findall(path.read_text(encoding="utf-8"))
    }


def test_every_code_in_use_is_explained() -> None:
    assert len(used_codes()) > 100
    assert sorted((used_codes() | expected_codes()) - set(api.codes())) == []


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_an_explanation_is_whole(language: str) -> None:
    with api.language(language):
        for code in api.codes():
            found = api.explain(code)
            assert found.code == code
            assert found.description
            assert found.example
            assert found.remedy
            if language == "zh_CN":
                assert re.search("[\u4e00-\u9fff]", found.description)
                assert re.search("[\u4e00-\u9fff]", found.remedy)


def test_explain_on_the_command_line(run: object) -> None:
    assert callable(run)
    said: Result = run("explain", "deadline-day-off")
    assert said.exit_code == 0
    assert "weekend" in said.stdout
    wrong: Result = run("explain", "deadline-dayoff")
    assert wrong.exit_code == 2
    assert 'Did you mean "deadline-day-off"?' in wrong.stderr
