"""Who has to hand in what by when: the checklists that units get, and what the notice says of it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from click.testing import Result

from generator.dispatch.load import load_dispatch
from generator.reading import show
from generator.wording import body

Run = Callable[..., Result]
Folder = Callable[[Mapping[str, str | bytes]], Path]

SPEC = """
kind: notice
title: 关于报送材料的通知
date_of_issue: 2026-03-02
issuing_authorities: [某某省教育厅]
recipients: [{text: 各市教育局, classes: [city]}, {text: 各职业院校, classes: [school]}]
classes: {city: {title: 市教育局, each: 各市}, school: 职业院校}
units:
  - {code: "1", name: 甲市教育局, short_name: 甲市, class: city}
  - {code: "2", name: 某职业学院, short_name: 某职院, class: school}
  - {code: "3", name: 乙市财政局, short_name: 乙市, class: city, role: 抄送}
"""


@pytest.fixture
def checklist(run: Run, dispatch_folder: Folder, tmp_path: Path) -> Callable[[str, str], str]:
    """`checklist(spec, code)`: the text of a unit's checklist, "" where it gets none."""

    def made(spec: str, code: str) -> str:
        out = tmp_path / code
        result = run("batch", dispatch_folder({"dispatch.yaml": SPEC + spec}), "-o", out, "--unit", code)
        assert result.exit_code == 0, result.output
        return "".join(show.text(path) for path in out.glob("*/*报送材料清单.docx"))

    return made


BARE = """
deadlines:
  enrol:
    due: {start: 2026-03-20, end: 2026-03-31, time: "17:00"}
    what: 网上报名
    who: [city]
    to: 省教育厅信息中心
    channel: [网上申报系统]
    late: 逾期不予受理
    zero_report: true
body: 请于{{ deadlines.enrol }}报名。
"""


def test_a_deadline_without_form_or_evidence_is_a_task(checklist: Callable[[str, str], str]) -> None:
    text = checklist(BARE, "1")
    for words in ("网上报名", "3月20日—3月31日17时", "省教育厅信息中心", "网上申报系统", "逾期不予受理", "零报告"):
        assert words in text
    assert "网上报名" in checklist(BARE, "3")


def test_it_is_one_for_the_classes_that_it_names_only(checklist: Callable[[str, str], str]) -> None:
    assert checklist(BARE, "2") == ""


def test_what_is_asked_by_a_form_or_evidence_is_no_task_of_its_own(checklist: Callable[[str, str], str]) -> None:
    spec = """
deadlines:
  report: {due: 2026-03-31, what: 总结材料, who: [city, school]}
body: 请于{{ deadlines.report }}报送{{ evidence.summary }}。
evidence:
  summary: {title: 总结, due: report, who: [city]}
"""
    assert "总结材料" not in checklist(spec, "1")
    assert "总结材料" in checklist(spec, "2")


BY_CLASS = """
deadlines:
  report: {due: 2026-08-17, what: 材料, to: 省教育厅职教处}
  early: {due: 2026-07-10, what: 材料, to: 省教育厅高教处, channel: [电子邮箱], late: 逾期不候}
body: 请各单位报送{{ forms.stats }}、{{ evidence.plan }}，期限{{ evidence.plan.due }}。
forms:
  stats: {title: 统计表, due: {city: report, school: early}, fields: [{name: a, title: 甲}]}
evidence:
  plan: {title: 方案, due: {all: report, school: early}}
"""


def test_each_class_has_its_own_deadline(checklist: Callable[[str, str], str]) -> None:
    city, school = checklist(BY_CLASS, "1"), checklist(BY_CLASS, "2")
    own = {"city": ["8月17日前", "省教育厅职教处"], "school": ["7月10日前", "省教育厅高教处", "逾期不候", "电子邮箱"]}
    assert {name: [words for words in all_ if words in city] for name, all_ in own.items()} == {**own, "school": []}
    assert {name: [words for words in all_ if words in school] for name, all_ in own.items()} == {**own, "city": []}


DUE_WORDS = {
    "evidence.plan.due": ("各职业院校7月10日前，其他单位8月17日前", "8月17日前", "7月10日前"),
    "forms.stats.due": ("各市8月17日前，各职业院校7月10日前", "8月17日前", "7月10日前"),
}


@pytest.mark.parametrize("name", DUE_WORDS)
def test_the_notice_to_all_says_every_deadline(name: str, dispatch_folder: Folder) -> None:
    spec = f"{SPEC}{BY_CLASS.replace('{{ evidence.plan.due }}', f'{{{{ {name} }}}}')}address: unit\n"
    dispatch = load_dispatch(dispatch_folder({"dispatch.yaml": spec}))
    said = [body.compose(dispatch, unit_class, lambda name: name)[0].text for unit_class in (None, "city", "school")]
    assert [text.partition("期限")[2] for text in said] == [f"{words}。" for words in DUE_WORDS[name]]


QUOTAS = """
deadlines:
  report: {due: 2026-03-31}
body: 请于{{ deadlines.report }}报送{{ evidence.essay }}。
evidence:
  essay: {title: 征文, count: {column: 名额}, due: report}
"""
ROSTER = "code,name,class,名额\n1,甲市教育局,市教育局,八个\n2,某职业学院,职业院校,3\n3,乙市教育局,市教育局,5\n"


@pytest.mark.parametrize(("address", "failed"), [("all", ["checklist"]), ("unit", ["checklist", "notice"])])
def test_a_quota_that_is_no_number_costs_its_own_unit_only(
    run: Run, dispatch_folder: Folder, tmp_path: Path, address: str, failed: list[str]
) -> None:
    spec = SPEC[: SPEC.index("units:")] + QUOTAS + f"address: {address}\n"
    folder = dispatch_folder({"dispatch.yaml": spec, "units.csv": ROSTER})
    assert run("check", folder).exit_code == 1
    made = run("batch", folder, "-o", tmp_path / "out")
    assert made.exit_code == 3
    assert 'column "名额" of 甲市教育局 is "八个", not a number' in made.output
    entries = json.loads((tmp_path / "out" / "manifest.json").read_bytes())["files"]
    found = {(entry["unit"], entry["kind"], entry["status"]) for entry in entries if entry["kind"] in failed}
    assert found == {(unit, kind, "failed" if unit == "1" else "made") for kind in failed for unit in ("1", "2", "3")}
    assert run("batch", folder, "-o", tmp_path / "strict", "--strict").exit_code == 1
    assert not (tmp_path / "strict").exists()
