"""The command line as a user meets it: what it prints where, what it writes, and its exit status."""

import ast
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import click
import pytest
from click.testing import Result

from generator.cli import main
from generator.kits import kinds

Run = Callable[..., Result]
CONTEXT = click.Context(main)
ROOT = Path(__file__).parent.parent
FORMS = {"附件 2026年开学第一课活动情况统计表.docx", "附件 2026年开学第一课活动情况统计表.xlsx"}


@pytest.fixture
def folder(tmp_path: Path, run: Run) -> Path:
    """The dispatch of `fawen new`: three units that report and a school that is told."""
    path = tmp_path / "某事项"
    assert run("new", path).exit_code == 0
    return path


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "out"


def written(out: Path) -> set[str]:
    return {path.relative_to(out).as_posix() for path in out.rglob("*") if path.is_file() and path.name != ".lock"}


def test_help_loads_nothing_but_click() -> None:
    code = (
        "import sys\nfrom generator.cli import main\n"
        "main(['--help'], standalone_mode=False)\n"
        "print('loaded:', *sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    text, _mark, loaded = done.stdout.partition("loaded: ")
    outside = {name.partition(".")[0] for name in loaded.split()} - set(sys.stdlib_module_names)
    assert {name for name in outside if not name.startswith(("_", "sitecustomize", "usercustomize"))} == {
        "click",
        "generator",
    }
    assert {name for name in loaded.split() if name.startswith("generator.")} == {
        "generator.cli",
        "generator.base",
        "generator.base.i18n",
    }
    assert all(f"  {name}" in text for name in (*kinds.names(), "batch", "check", "new", "schema", "show", "verify"))


@pytest.mark.parametrize("kind", kinds.names())
def test_a_kind_is_a_command_with_its_docstring_as_help(run: Run, kind: str) -> None:
    source = (ROOT / "generator" / "kits" / "kinds" / f"{kind}.py").read_text(encoding="utf-8")
    said = run(kind, "--help", env={"COLUMNS": "200"})
    assert said.exit_code == 0
    if not os.environ.get("LANG", "").startswith("zh"):
        assert (ast.get_docstring(ast.parse(source)) or "").splitlines()[0] in " ".join(said.stdout.split())


@pytest.mark.parametrize(
    "arguments",
    [
        ["batch"],
        ["batch", "no such folder"],
        ["batch", ".", "--jobs", "0"],
        ["nothing"],
        ["check", ".", "--no-such-option"],
        ["verify", "no such folder"],
    ],
)
def test_wrong_usage_is_2(run: Run, arguments: list[str]) -> None:
    assert run(*arguments).exit_code == 2


@pytest.mark.parametrize(
    ("option", "value", "hint"), [("--unit", "0001", "001"), ("--class", "盟", "盟市"), ("--class", "zzz", "盟市")]
)
def test_an_unknown_unit_or_class_is_wrong_usage(
    run: Run, folder: Path, out: Path, option: str, value: str, hint: str
) -> None:
    said = run("batch", folder, "-o", out, option, value)
    assert said.exit_code == 2
    assert said.stderr.startswith(f"{option}: error: ")
    assert hint in said.stderr.splitlines()[1]
    assert said.stdout == ""
    assert not out.exists()


def test_batch_makes_every_kit_and_says_where(run: Run, folder: Path, out: Path) -> None:
    said = run("batch", folder, "--out", out)
    assert (said.exit_code, said.stderr) == (0, "")
    assert said.stdout.splitlines()[0].startswith("13 ")
    assert said.stdout.splitlines()[-1] == str(out)
    assert {name.split("/")[0] for name in written(out) if "/" in name} == {
        "001-甲市人力资源和社会保障局",
        "002-乙市人力资源和社会保障局",
        "003-丙盟人力资源和社会保障局",
        "101-某某技师学院",
    }
    assert len(written(out)) == 14
    again = run("batch", folder / "dispatch.yaml", "--out", out)
    assert again.exit_code == 0
    assert again.stdout.splitlines()[0].startswith("13 ")
    assert again.stdout.splitlines()[0] != said.stdout.splitlines()[0]


def test_the_default_folder_is_out_and_the_name_of_the_dispatch(
    run: Run, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run("batch", folder).exit_code == 0
    assert (tmp_path / "out" / "某事项" / "manifest.json").is_file()


def test_batch_as_json_is_one_envelope_with_the_files_of_the_manifest(run: Run, folder: Path, out: Path) -> None:
    said = run("batch", folder, "-o", out, "--json")
    assert (said.exit_code, said.stderr) == (0, "")
    told, manifest = json.loads(said.stdout), json.loads((out / "manifest.json").read_bytes())
    assert told["files"] == manifest["files"]
    assert {entry["status"] for entry in told.pop("files")} == {"made"}
    assert told == {
        "dispatch": "某事项",
        "version": manifest["version"],
        "issued": manifest["issued"],
        "problems": [],
        "errors": 0,
        "warnings": 0,
        "made": 13,
        "unchanged": 0,
        "removed": 0,
        "failed": 0,
        "out": str(out),
    }


def test_json_hides_nothing(run: Run, folder: Path, out: Path) -> None:
    """A warning of check, a file that was edited and a unit that fails: each whole, with its code and what to do."""
    assert run("batch", folder, "-o", out).exit_code == 0
    spec = folder / "dispatch.yaml"
    spec.write_text(spec.read_text(encoding="utf-8").replace("due: 2026-09-10", "due: 2026-09-12"), encoding="utf-8")
    next(out.glob("001-*/*清单.docx")).write_bytes(b"edited")
    for path in (taken := next(out.glob("002-*"))).iterdir():
        path.unlink()
    taken.rmdir()
    taken.write_text("in the way")
    said = run("batch", folder, "-o", out, "--json")
    assert (said.exit_code, said.stderr) == (3, "")
    told = json.loads(said.stdout)
    by_code = {problem["code"]: problem for problem in told["problems"]}
    assert {"deadline-day-off", "edited-file"} <= set(by_code)
    assert "改动备份1" in by_code["edited-file"]["message"]
    assert told["warnings"] == len(told["problems"])
    failed = [entry for entry in told["files"] if entry["status"] == "failed"]
    assert {entry["unit"] for entry in failed} == {"002"}
    assert told["failed"] == len(failed)
    for entry in failed:
        (problem,) = entry["problems"]
        assert (problem["code"], problem["severity"], problem["message"]) == ("not-written", "error", entry["reason"])
        assert problem["where"]["file"] == entry["file"]
        assert problem["hint"]
    assert all(problem["hint"] for problem in told["problems"])
    assert all("problems" not in entry for entry in told["files"] if entry["status"] == "made")
    text = run("batch", folder, "-o", out)
    assert text.exit_code == 3
    assert all(f"[{code}]" in text.stderr for code in ("deadline-day-off", "not-written"))
    assert failed[0]["problems"][0]["hint"] in text.stderr
    verified = json.loads(run("verify", out, "--json").stdout)
    assert {problem["code"] for problem in verified["problems"]} == {"not-made"}
    assert all(failed[0]["problems"][0]["hint"] in problem["hint"] for problem in verified["problems"])


@pytest.mark.parametrize("kind", kinds.names())
def test_a_kind_takes_what_batch_takes(run: Run, folder: Path, out: Path, kind: str) -> None:
    said = run(kind, folder, "-o", out, "--unit", "001", "--class", "技工院校", "--jobs", "1", "--strict", "--json")
    assert said.exit_code == 0, said.output
    files = json.loads(said.stdout)["files"]
    assert {entry["kind"] for entry in files} == {kind}
    assert "001" in {entry["unit"] for entry in files} <= {"001", "101"}
    planned = json.loads(run(kind, folder, "--unit", "001", "--class", "技工院校", "--dry-run", "--json").stdout)
    assert [entry["file"] for entry in planned["files"]] == [entry["file"] for entry in files]
    of = {option for parameter in main.get_command(CONTEXT, kind).params for option in parameter.opts}
    assert of == {option for parameter in main.commands["batch"].params for option in parameter.opts}


def test_preview_takes_what_makes_pictures_differ() -> None:
    of = {option for parameter in main.commands["preview"].params for option in parameter.opts}
    assert {"--unit", "--class", "--pdf", "--json", "--strict", "--jobs", "--out"} <= of


@pytest.mark.parametrize("asked", [(), ("--unit", "002"), ("--class", "技工院校", "--unit", "001")])
def test_a_dry_run_says_what_batch_makes_and_writes_nothing(
    run: Run, folder: Path, out: Path, asked: tuple[str, ...]
) -> None:
    before = {path: path.stat().st_mtime_ns for path in folder.parent.rglob("*")}
    text = run("batch", folder, "-o", out, *asked, "--dry-run")
    data = run("batch", folder, "-o", out, *asked, "--dry-run", "--json")
    assert (text.exit_code, data.exit_code) == (0, 0)
    assert {path: path.stat().st_mtime_ns for path in folder.parent.rglob("*")} == before
    assert run("batch", folder, "-o", out, *asked).exit_code == 0
    files = [entry["file"] for entry in json.loads(data.stdout)["files"]]
    assert set(files) == written(out) - {"manifest.json"}
    assert [line.strip() for line in text.stdout.splitlines()[:-1] if line.startswith(" ")] == [
        file.split("/")[1] for file in files
    ]


def test_a_kind_makes_the_master_or_one_unit(run: Run, folder: Path, out: Path) -> None:
    assert run("forms", folder, "-o", out).exit_code == 0
    assert written(out) == {"manifest.json", *(f"master/{name}" for name in FORMS)}
    assert run("forms", folder, "-o", out, "--unit", "002").exit_code == 0
    assert run("checklist", folder, "-o", out, "--unit", "002").exit_code == 0
    assert written(out) == {
        "manifest.json",
        *(f"master/{name}" for name in FORMS),
        *(f"002-乙市人力资源和社会保障局/乙市-{name}" for name in FORMS),
        "002-乙市人力资源和社会保障局/乙市-报送材料清单.docx",
    }
    assert run("batch", folder, "-o", out).stdout.splitlines()[0].startswith("10 ")
    assert run("notice", folder, "-o", out).exit_code == 0
    assert run("verify", out).exit_code == 0


def test_a_unit_that_cannot_be_made_is_named_and_the_status_is_3(run: Run, folder: Path, out: Path) -> None:
    out.mkdir()
    (out / "002-乙市人力资源和社会保障局").write_text("in the way")
    said = run("batch", folder, "-o", out)
    assert said.exit_code == 3
    assert said.stderr.count("002-乙市人力资源和社会保障局/") == 4
    assert "9 " in said.stdout.splitlines()[0]
    assert "4 " in said.stdout.splitlines()[0]
    data = run("batch", folder, "-o", out, "--json")
    assert data.exit_code == 3
    failed = [entry for entry in json.loads(data.stdout)["files"] if entry["status"] == "failed"]
    assert {entry["unit"] for entry in failed} == {"002"}
    assert all(entry["reason"] for entry in failed)


def test_a_file_that_is_no_longer_ours_is_told_and_fails_under_strict(run: Run, folder: Path, out: Path) -> None:
    run("batch", folder, "-o", out)
    roster = folder / "units.csv"
    lines = roster.read_text(encoding="utf-8").splitlines()
    for options, status in (((), 0), (("--strict",), 3)):
        name = lines.pop(1).split(",")[1]
        for path in out.glob(f"*{name}/*.docx"):
            path.write_bytes(b"edited")
        roster.write_text("\n".join(lines) + "\n", encoding="utf-8")
        said = run("batch", folder, "-o", out, *options)
        assert said.exit_code == status, said.output
        assert "[stale-file]" in said.stderr


def test_an_output_folder_that_is_a_file_is_one_error(run: Run, folder: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    said = run("batch", folder, "-o", tmp_path / "file" / "below")
    assert said.exit_code == 1
    assert said.stderr.count("[bad-out]") == 1


def test_problems_end_every_command_before_it_writes(run: Run, folder: Path, out: Path) -> None:
    spec = folder / "dispatch.yaml"
    spec.write_text(spec.read_text(encoding="utf-8") + "\nno_such_key: 1\n", encoding="utf-8")
    line = len(spec.read_text(encoding="utf-8").splitlines())
    for command in ("check", "batch", *kinds.names()):
        said = run(command, folder, *(() if command == "check" else ("-o", out)))
        assert said.exit_code == 1
        assert f"dispatch.yaml:{line}:1: error: " in said.stderr
        assert said.stdout == ""
        data = run(command, folder, "--json", *(() if command == "check" else ("-o", out)))
        assert (data.exit_code, data.stderr) == (1, "")
        told = json.loads(data.stdout)
        assert (told["errors"], told["warnings"]) == (1, 0)
        assert told["problems"][0]["where"] == {"file": "dispatch.yaml", "line": line, "column": 1}
    assert not out.exists()


def test_warnings_are_shown_and_fail_only_under_strict(run: Run, folder: Path, out: Path) -> None:
    # The 10th of September 2026 is a Thursday.
    spec = folder / "dispatch.yaml"
    text = spec.read_text(encoding="utf-8").replace("due: 2026-09-10", "due: 2026-09-12")
    spec.write_text(text, encoding="utf-8")
    assert "2026-09-12" in text
    checked = json.loads(run("check", folder, "--json").stdout)
    assert (checked["errors"], checked["warnings"] > 0) == (0, True)
    assert run("check", folder).exit_code == 0
    assert run("check", folder, "--strict").exit_code == 1
    assert run("batch", folder, "-o", out, "--strict").exit_code == 1
    assert not out.exists()
    said = run("batch", folder, "-o", out)
    assert said.exit_code == 0
    assert said.stderr.count(": warning: ") == checked["warnings"]
    assert json.loads(run("batch", folder, "-o", out, "--json").stdout)["problems"] == checked["problems"]


def test_check_finds_nothing_in_what_new_makes(run: Run, folder: Path) -> None:
    assert run("check", folder).exit_code == 0
    assert json.loads(run("check", folder, "--json").stdout) == {
        "problems": [],
        "errors": 0,
        "warnings": 0,
        "files": [],
    }


def test_verify_tells_what_is_not_as_it_was_made(run: Run, folder: Path, out: Path) -> None:
    out.mkdir()
    assert run("verify", out).exit_code == 1
    run("batch", folder, "-o", out)
    assert run("verify", out).exit_code == 0
    next(out.glob("001-*/*.xlsx")).write_bytes(b"")
    said = run("verify", out, "--json")
    assert said.exit_code == 1
    assert [problem["code"] for problem in json.loads(said.stdout)["problems"]] == ["changed-file"]


def test_show_and_schema_print_what_they_are_asked_for(run: Run, folder: Path, out: Path) -> None:
    run("forms", folder, "-o", out)
    for path in (out / "master").iterdir():
        assert "参与学生人数" in run("show", path).stdout
    assert json.loads(run("schema").stdout)["properties"]["issuing_authorities"]


def test_new_does_not_write_over_a_dispatch(run: Run, folder: Path) -> None:
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert run("new", folder).exit_code == 1
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


@pytest.mark.skipif(sys.platform == "win32", reason="a pseudo-terminal")
@pytest.mark.parametrize("terminal", [True, False])
def test_the_bar_is_for_a_terminal_only(folder: Path, out: Path, terminal: bool) -> None:
    ours, theirs = os.openpty()
    command = [sys.executable, "-m", "generator", "batch", str(folder), "-o", str(out)]
    environment = {**os.environ, "TERM": "xterm", "COLUMNS": "100", "PYTHONIOENCODING": "utf-8"}
    stdout = theirs if terminal else subprocess.PIPE
    done = subprocess.run(command, stdout=stdout, env=environment, cwd=ROOT, check=True)
    os.close(theirs)
    said = os.read(ours, 1 << 20).decode() if terminal else done.stdout.decode()
    os.close(ours)
    assert ("4/4" in said, "\x1b" in said) == (terminal, terminal)
    assert str(out) in said


def test_every_command_has_help(run: Run) -> None:
    assert run("--version").exit_code == 0
    for name in main.commands:
        assert run(name, "--help").exit_code == 0
        assert main.commands[name].help


def test_worker_processes_make_the_same_files(run: Run, folder: Path, out: Path) -> None:
    assert run("batch", folder, "-o", out / "one", "--jobs", "1").exit_code == 0
    assert run("batch", folder, "-o", out / "two", "--jobs", "2").exit_code == 0
    one, two = out / "one", out / "two"
    assert written(one) == written(two)
    assert all((one / name).read_bytes() == (two / name).read_bytes() for name in written(one))


def test_an_unknown_class_is_wrong_usage_on_the_command_line_only(run, dispatch_folder):
    folder = dispatch_folder({"dispatch.yaml": SMALL.format(rows="city")})
    assert run("batch", folder, "--class", "contry").exit_code == 2
    assert run("batch", dispatch_folder({"dispatch.yaml": SMALL.format(rows="contry")})).exit_code == 1


SMALL = """
kind: notice
title: 关于报送材料的通知
issuing_authorities: [某厅]
recipients: [各市]
classes: {{city: 市}}
units: [{{code: "1", name: 甲市, class: {rows}}}]
body: 请遵照执行。
"""
