"""A dispatch folder with hostile texts, links, pipes and names; terminals that have no Chinese characters."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from generator.cli import main
from generator.word.template.templates import SHIPPED

Run = Callable[..., Result]
Folder = Callable[[Mapping[str, str | bytes]], Path]

UNITS = "code,name,short_name,class,phone\n001,𠮷局,𠮷局,x,13900000000\n"
SPEC = """\
kind: notice
status: issued
date_of_issue: 2026-03-02
issuing_authorities: [某厅]
title: 关于甲的通知
recipients: [各单位]
body: 请遵照执行，报送{{ evidence.video }}。
classes: {x: 单位}
evidence: {video: {title: 视频}}
"""
FORWARD = SPEC.replace("kind: notice", "kind: forward").replace(
    "title: 关于甲的通知",
    "sources: {s: {issuing_authorities: [某部], title: 关于甲的通知, file: source.txt, attach: append}}",
)


def told(result: Result) -> list[tuple[str, str, int | None]]:
    """What `--json` tells: code, file and line of each problem."""
    problems = json.loads(result.output)["problems"]
    return [(each["code"], each["where"]["file"], each["where"]["line"]) for each in problems]


@pytest.mark.parametrize("address", ["all", "unit"])
@pytest.mark.parametrize("sign", ["\ufdd0unit.phone\ufdd1", "\u202e", "\x85", "\u2028", "\x0c", "\x07"])
def test_a_source_that_is_text_passes_the_value_gate(
    run: Run, dispatch_folder: Folder, tmp_path: Path, address: str, sign: str
) -> None:
    source = f"关于甲的通知\n各单位：\n来文{sign}完。\n"
    folder = dispatch_folder(
        {"dispatch.yaml": f"address: {address}\n{FORWARD}", "units.csv": UNITS, "source.txt": source}
    )
    assert told(run("check", "--json", folder)) == [("source-unreadable", "source.txt", 3)]
    assert run("batch", folder, "-o", tmp_path / "out").exit_code == 1
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("what", ["link", "pipe"])
@pytest.mark.parametrize("name", ["checklist.docx", "house.yaml"])
def test_own_templates_are_files_of_the_folder(
    run: Run, dispatch_folder: Folder, tmp_path: Path, name: str, what: str
) -> None:
    if what == "pipe" and sys.platform == "win32":
        pytest.skip("there is no such pipe")
    folder = dispatch_folder({"dispatch.yaml": SPEC + "templates: own\n", "units.csv": UNITS, "own/x": ""})
    (tmp_path / "checklist.docx").write_bytes((SHIPPED / "checklist.docx").read_bytes())
    (tmp_path / "house.yaml").write_text("issuer_mark: [某厅]\n", encoding="utf-8")
    if what == "pipe":
        os.mkfifo(folder / "own" / name)
    else:
        (folder / "own" / name).symlink_to(tmp_path / name)
    expected = {"link": "outside-folder", "pipe": "template" if name == "checklist.docx" else "unreadable-file"}
    assert [code for code, _file, _line in told(run("check", "--json", folder))] == [expected[what]]


def test_a_link_within_the_folder_is_followed(run: Run, dispatch_folder: Folder) -> None:
    files = {"dispatch.yaml": SPEC + "templates: own\n", "units.csv": UNITS, "own/x": ""}
    folder = dispatch_folder({**files, "mine/c.docx": (SHIPPED / "checklist.docx").read_bytes()})
    (folder / "own" / "checklist.docx").symlink_to("../mine/c.docx")
    assert told(run("check", "--json", folder)) == []


@pytest.mark.skipif(sys.platform != "linux", reason="names are text elsewhere")
def test_a_folder_whose_name_is_no_text_is_refused_before_anything_is_made(
    run: Run, dispatch_folder: Folder, tmp_path: Path
) -> None:
    folder = dispatch_folder({"dispatch.yaml": SPEC, "units.csv": UNITS})
    named = folder.rename(os.fsdecode(os.fsencode(tmp_path / "d") + b"\xff"))
    assert [code for code, _file, _line in told(run("check", "--json", named))] == ["bad-encoding"]
    assert run("batch", named, "-o", tmp_path / "out").exit_code == 1
    assert not (tmp_path / "out").exists()
    inside = named / "事项"
    inside.mkdir()
    for name in ("dispatch.yaml", "units.csv"):
        (named / name).rename(inside / name)
    assert run("batch", inside, "-o", named / "out").exit_code == 0
    assert "every file is as it was made" in run("verify", named / "out").output


@pytest.mark.parametrize("charset", ["gbk", "latin-1", "utf-8"])
def test_a_terminal_without_a_character_is_told_its_number(
    dispatch_folder: Folder, tmp_path: Path, charset: str
) -> None:
    folder = dispatch_folder({"dispatch.yaml": SPEC, "units.csv": UNITS})
    done = CliRunner(charset=charset).invoke(main, ["batch", str(folder), "-o", str(tmp_path / "out"), "--dry-run"])
    assert done.exception is None
    assert ("001-𠮷局/" if charset == "utf-8" else "001-\\U00020bb7") in done.stdout_bytes.decode(charset)


def test_a_system_without_chinese_characters_is_one_error(dispatch_folder: Folder, tmp_path: Path) -> None:
    folder, out = dispatch_folder({"dispatch.yaml": SPEC, "units.csv": UNITS}), tmp_path / "out"
    plain = {**os.environ, "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    probe = [sys.executable, "-c", "import sys; print(sys.getfilesystemencoding())"]
    if subprocess.check_output(probe, env=plain).strip() == b"utf-8":
        pytest.skip("this system always has them")
    command = [sys.executable, "-m", "generator", "batch", str(folder), "-o", str(out)]
    done = subprocess.run(command, env=plain, capture_output=True, check=False, cwd=SHIPPED.parent)
    assert done.returncode == 1
    assert done.stderr.count(b"[bad-out]") == 1
    assert b"PYTHONUTF8=1" in done.stderr
    assert [path.name for path in out.iterdir()] == [".lock"]
