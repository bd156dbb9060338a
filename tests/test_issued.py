"""What is issued stays as issued: every way to change a kit by accident stops, or is shown to change nothing."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from conftest import DispatchFolder
from planted import rezip, unzip

from generator.word.template.templates import SHIPPED

Run = Callable[..., Result]

SPEC = """
kind: notice
status: issued
title: 关于开展节能宣传周活动的通知
issuing_authorities: [某某市发展改革委]
document_number: 某发改〔2026〕12号
date_of_issue: 2026-05-08
recipients: [各县（区）发展改革局]
deadlines:
  report: {due: 2026-06-30, what: 活动情况, to: 某某市发展改革委}
forms:
  stats:
    title: 活动情况统计表
    due: report
    fields: [{name: school, title: 活动名称}, {name: people, title: 人数, type: integer}]
evidence:
  summary: {title: 活动总结, due: report}
"""
BODY = "请于{{ deadlines.report }}报送{{ forms.stats }}和{{ evidence.summary }}。\n"
ROSTER = "code,name,short_name\n" + "".join(f"00{n},第{n}县发展改革局,{n}县\n" for n in range(1, 7))


@pytest.fixture
def folder(dispatch_folder: DispatchFolder) -> Path:
    return dispatch_folder({"dispatch.yaml": SPEC, "body.md": BODY, "units.csv": ROSTER})


@pytest.fixture
def out(folder: Path, run: Run) -> Path:
    """The kits as they were issued."""
    out = folder.parent / "out"
    assert run("batch", folder, "-o", out).exit_code == 0
    return out


def files(out: Path) -> dict[str, bytes]:
    found = (path for path in out.rglob("*") if path.is_file() and path.name != ".lock")
    return {path.relative_to(out).as_posix(): path.read_bytes() for path in found}


def edit(folder: Path, name: str, old: str, new: str) -> None:
    text = (folder / name).read_text(encoding="utf-8")
    assert old in text
    (folder / name).write_text(text.replace(old, new), encoding="utf-8")


def manifest(out: Path) -> dict[str, object]:
    found: dict[str, object] = json.loads((out / "manifest.json").read_bytes())
    return found


def test_a_run_with_a_number_is_sealed(out: Path) -> None:
    assert manifest(out)["issued"] == {"number": "某发改〔2026〕12号", "date": "2026-05-08"}


@pytest.mark.parametrize("status", ["draft", "sample"])
def test_a_draft_seals_nothing(folder: Path, run: Run, tmp_path: Path, status: str) -> None:
    edit(folder, "dispatch.yaml", "status: issued", f"status: {status}")
    run("batch", folder, "-o", tmp_path / "out")
    assert manifest(tmp_path / "out")["issued"] is None
    edit(folder, "dispatch.yaml", "due: 2026-06-30", "due: 2026-06-29")
    assert run("batch", folder, "-o", tmp_path / "out").exit_code == 0


# -- eight ways to change an issued kit by accident --------------------------------------------------------------------


def stopped(run: Run, folder: Path, out: Path, *options: str, code: str = "issued-changed") -> str:
    before = files(out)
    done = run("batch", folder, "-o", out, *options)
    assert done.exit_code == 1
    assert f"[{code}]" in done.stderr
    assert files(out) == before
    return done.stderr


def test_a_deadline_edited_stops_and_shows_the_change(run: Run, folder: Path, out: Path) -> None:
    edit(folder, "dispatch.yaml", "due: 2026-06-30", "due: 2026-07-01")
    said = stopped(run, folder, out)
    assert "某发改〔2026〕12号" in said
    assert "12 files of 6 kits" in said  # the notice and the checklist of each
    assert "6月30日前" in said
    assert "7月1日前" in said


def test_a_form_renamed_stops(run: Run, folder: Path, out: Path) -> None:
    edit(folder, "dispatch.yaml", "title: 活动情况统计表", "title: 活动情况汇总表")
    said = stopped(run, folder, out)
    assert ": error: added" in said
    assert ": error: no longer made" in said


def test_a_unit_added_leaves_the_others_alone(run: Run, folder: Path, out: Path) -> None:
    before = files(out)
    edit(folder, "units.csv", "006,", "007,第7县发展改革局,7县\n006,")
    done = run("batch", folder, "-o", out)
    assert (done.exit_code, "4 made" in done.output, "24 unchanged" in done.output) == (0, True, True)
    after = files(out)
    assert {name: after[name] for name in before if name != "manifest.json"} == {
        name: data for name, data in before.items() if name != "manifest.json"
    }


def test_the_roster_resorted_changes_nothing(run: Run, folder: Path, out: Path) -> None:
    before = files(out)
    head, *rows = ROSTER.splitlines()
    (folder / "units.csv").write_text("\n".join([head, *reversed(rows)]) + "\n", encoding="utf-8")
    assert run("batch", folder, "-o", out).exit_code == 0
    assert files(out) == before


@pytest.mark.parametrize("rows", [6, 1], ids=["all", "one"])
def test_codes_typed_again_by_a_spreadsheet_stop(run: Run, folder: Path, out: Path, rows: int) -> None:
    edit(folder, "units.csv", ROSTER, ROSTER.replace("\n00", "\n", rows))
    said = stopped(run, folder, out, code="kits-renamed")
    assert f"rename or remove {rows} of the 6 kits" in said
    assert "001-第1县发展改革局 has the code 1 now" in said
    assert "Excel has taken zeros off the codes" in said


def test_a_template_changed_stops(run: Run, folder: Path, out: Path) -> None:
    parts = unzip((SHIPPED / "notice-letter.docx").read_bytes())
    parts["word/styles.xml"] = parts["word/styles.xml"].replace(b'w:val="32"', b'w:val="30"')
    (folder / "own").mkdir()
    (folder / "own" / "notice-letter.docx").write_bytes(rezip(parts))
    edit(folder, "dispatch.yaml", "kind: notice", "kind: notice\ntemplates: own")
    assert "6 files of 6 kits" in stopped(run, folder, out)


def test_another_version_of_fawen_that_makes_the_same_changes_nothing(run: Run, folder: Path, out: Path) -> None:
    before = files(out)
    text = (out / "manifest.json").read_text(encoding="utf-8")
    version = json.loads(text)["version"]
    (out / "manifest.json").write_text(text.replace(f'"{version}"', '"0.0.1"', 1), encoding="utf-8")
    assert run("batch", folder, "-o", out).exit_code == 0
    assert files(out) == before


def test_another_deflate_changes_nothing(folder: Path, out: Path, tmp_path: Path) -> None:
    before = files(out)
    elsewhere(tmp_path, "batch", folder, "-o", out)
    assert files(out) == before


def elsewhere(tmp_path: Path, *arguments: object) -> None:
    """`fawen …` on an installation whose library packs otherwise."""
    (tmp_path / "isal.py").write_text("raise ImportError", encoding="utf-8")
    environment = {**os.environ, "PYTHONPATH": f"{tmp_path}{os.pathsep}{Path(__file__).parent.parent}"}
    command = [sys.executable, "-m", "generator", *map(str, arguments)]
    done = subprocess.run(command, env=environment, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()


# -- the ways on -------------------------------------------------------------------------------------------------------


def test_replace_lists_what_it_replaces(run: Run, folder: Path, out: Path) -> None:
    edit(folder, "dispatch.yaml", "due: 2026-06-30", "due: 2026-07-01")
    done = run("batch", folder, "-o", out, "--replace")
    assert done.exit_code == 0
    assert "12 files of 6 kits are replaced" in done.stderr
    assert "7月1日前" in done.stderr
    assert run("batch", folder, "-o", out).exit_code == 0
    assert not (out / "旧版").exists()


def test_supersede_keeps_the_old_edition_whole(run: Run, folder: Path, out: Path) -> None:
    before = files(out)
    edit(folder, "dispatch.yaml", "due: 2026-06-30", "due: 2026-07-01")
    assert run("batch", folder, "-o", out, "--supersede").exit_code == 0
    old = out / "旧版" / "2026-05-08 某发改〔2026〕12号"
    assert files(old) == before
    assert run("verify", old).exit_code == 0
    assert run("verify", out).exit_code == 0
    edit(folder, "dispatch.yaml", "due: 2026-07-01", "due: 2026-07-02")
    assert run("batch", folder, "-o", out, "--supersede").exit_code == 0
    assert (old.with_name(f"{old.name} (2)") / "manifest.json").exists()


def test_an_old_edition_begun_by_a_killed_run_is_ended_by_the_next(run: Run, folder: Path, out: Path) -> None:
    before = files(out)
    old = out / "旧版" / "2026-05-08 某发改〔2026〕12号"
    (old / "001-第1县发展改革局").parent.mkdir(parents=True)
    (out / "001-第1县发展改革局").rename(old / "001-第1县发展改革局")
    edit(folder, "dispatch.yaml", "due: 2026-06-30", "due: 2026-07-01")
    assert run("batch", folder, "-o", out, "--supersede").exit_code == 0
    assert files(old) == before
    assert not old.with_name(f"{old.name} (2)").exists()


def test_a_new_number_is_a_new_edition(run: Run, folder: Path, out: Path) -> None:
    before = files(out)
    edit(folder, "dispatch.yaml", "due: 2026-06-30", "due: 2026-07-01")
    edit(folder, "dispatch.yaml", "〔2026〕12号", "〔2026〕15号")
    done = run("batch", folder, "-o", out)
    assert done.exit_code == 0
    assert "某发改〔2026〕12号" in done.stderr
    assert files(out / "旧版" / "2026-05-08 某发改〔2026〕12号") == before
    assert manifest(out)["issued"] == {"number": "某发改〔2026〕15号", "date": "2026-05-08"}


def test_back_to_a_draft_only_where_it_is_said(run: Run, folder: Path, out: Path) -> None:
    edit(folder, "dispatch.yaml", "status: issued", "status: draft")
    stopped(run, folder, out)
    assert run("batch", folder, "-o", out, "--replace").exit_code == 0
    assert manifest(out)["issued"] is None


def test_renumber_goes_on(run: Run, folder: Path, out: Path) -> None:
    edit(folder, "units.csv", ROSTER, ROSTER.replace("\n00", "\n"))
    # The codes stand in the forms, too: what was issued is changed besides.
    stopped(run, folder, out, "--renumber")
    assert run("batch", folder, "-o", out, "--renumber", "--replace").exit_code == 0
    assert (out / "1-第1县发展改革局").is_dir()
    assert not (out / "001-第1县发展改革局").exists()


def test_another_roster_stops_before_the_first_file(run: Run, folder: Path, tmp_path: Path) -> None:
    edit(folder, "dispatch.yaml", "status: issued", "status: draft")
    out = tmp_path / "out"
    assert run("batch", folder, "-o", out).exit_code == 0
    edit(folder, "units.csv", ROSTER, "code,name\n901,某某学校\n")
    assert "001-第1县发展改革局 is not in the roster" in stopped(run, folder, out, code="kits-renamed")
    assert run("batch", folder, "-o", out, "--renumber").exit_code == 0


@pytest.mark.parametrize("gone", [1, 3, 4])
def test_a_few_units_may_go(run: Run, folder: Path, tmp_path: Path, gone: int) -> None:
    edit(folder, "dispatch.yaml", "status: issued", "status: draft")
    out = tmp_path / "out"
    assert run("batch", folder, "-o", out).exit_code == 0
    edit(folder, "units.csv", ROSTER, "\n".join(ROSTER.splitlines()[: 7 - gone]) + "\n")
    assert run("batch", folder, "-o", out).exit_code == (gone > 3)


# -- supplements -------------------------------------------------------------------------------------------------------


def test_a_supplement_gets_what_the_others_have(run: Run, folder: Path, out: Path, tmp_path: Path) -> None:
    edit(folder, "units.csv", "006,", "007,第7县发展改革局,7县\n006,")
    # On another machine, too.
    elsewhere(tmp_path, "batch", folder, "-o", out, "--unit", "007")
    notice = "关于开展节能宣传周活动的通知.docx"
    assert files(out)[f"007-第7县发展改革局/{notice}"] == files(out)[f"001-第1县发展改革局/{notice}"]
    assert run("verify", out).exit_code == 0
    assert "28 unchanged" in run("batch", folder, "-o", out).output


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("body.md", "请于", "请务必于"),
        ("dispatch.yaml", "{title: 活动总结", "{copies: 2, title: 活动总结"),
        ("dispatch.yaml", "〔2026〕12号", "〔2026〕15号"),
        ("dispatch.yaml", "title: 关于开展", "title: 关于组织"),
    ],
)
@pytest.mark.parametrize("options", [(), ("--replace",)], ids=["", "replace"])
def test_a_supplement_that_would_differ_stops(
    run: Run, folder: Path, out: Path, file: str, old: str, new: str, options: tuple[str, ...]
) -> None:
    edit(folder, "units.csv", "006,", "007,第7县发展改革局,7县\n006,")
    edit(folder, file, old, new)
    said = stopped(run, folder, out, "--unit", "007", *options)
    assert "those of other units would differ too" in said


def test_one_units_own_row_may_be_corrected_for_it_alone(run: Run, folder: Path, out: Path) -> None:
    edit(folder, "units.csv", "6县\n", "六县\n")
    said = stopped(run, folder, out, "--unit", "006")
    assert "of 1 kits" in said
    assert run("batch", folder, "-o", out, "--unit", "006", "--replace").exit_code == 0


def test_masters_are_nobodys_kit(run: Run, folder: Path, out: Path) -> None:
    assert run("notice", folder, "-o", out).exit_code == 0
    edit(folder, "dispatch.yaml", "due: 2026-06-30", "due: 2026-07-01")
    assert run("notice", folder, "-o", out).exit_code == 0
    assert manifest(out)["issued"] == {"number": "某发改〔2026〕12号", "date": "2026-05-08"}
