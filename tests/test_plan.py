"""Plans: which files, under which names, for whom."""

from pathlib import Path

import pytest
from fakes import Copy, Letter, dispatch, planned, unit, units

from generator.base.problems import Problems
from generator.base.values import fits

DISPATCH = dispatch(Path("某事项"), units(6))


def paths(*args: object, **selected: object) -> list[str]:
    return [job.path for job in planned(*args, **selected)]  # type: ignore[arg-type]


def test_each_unit_gets_a_folder_with_its_documents() -> None:
    assert paths(DISPATCH)[:4] == ["000-单位0/函.docx", "000-单位0/来文.pdf", "001-单位1/函.docx", "001-单位1/来文.pdf"]
    assert len(paths(DISPATCH)) == 12


def test_the_master_is_addressed_to_nobody() -> None:
    (job,) = planned(DISPATCH, kinds=["copy"], master=True)
    assert (job.unit, job.kind, job.path) == (None, "copy", "master/来文.pdf")


def test_a_document_may_concern_some_classes_only() -> None:
    assert paths(DISPATCH, Letter(classes=("school",))) == ["000-单位0/函.docx", "005-单位5/函.docx"]


@pytest.mark.parametrize(
    ("selected", "expected"),
    [
        ({"units": ["003"]}, ["003"]),
        ({"classes": ["school"]}, ["000", "005"]),
        ({"classes": ["技工院校"]}, ["000", "005"]),
        ({"classes": ["school"], "units": ["003", "005"]}, ["000", "003", "005"]),
        ({}, ["000", "001", "002", "003", "004", "005"]),
    ],
)
def test_selection(selected: dict[str, list[str]], expected: list[str]) -> None:
    assert [job.unit.code for job in planned(DISPATCH, Copy(), **selected) if job.unit] == expected


@pytest.mark.parametrize(
    ("selected", "code", "hint"),
    [
        ({"units": ["0003"]}, "unknown-unit", "003"),
        ({"units": ["单位3"]}, "unknown-unit", "003"),
        ({"units": ["zzz"]}, "unknown-unit", "code"),
        ({"classes": ["schol"]}, "unknown-class", "school"),
        ({"classes": ["技工学校"]}, "unknown-class", "技工院校"),
        ({"classes": ["zzz"]}, "unknown-class", "prefecture, school"),
    ],
)
def test_what_is_not_there_is_told_with_what_is_near(selected: dict[str, list[str]], code: str, hint: str) -> None:
    with pytest.raises(Problems) as caught:
        planned(DISPATCH, **selected)
    (problem,) = caught.value.problems
    assert problem.code == code
    assert hint in problem.hint


def test_all_unknown_codes_and_classes_are_told_at_once() -> None:
    with pytest.raises(Problems) as caught:
        planned(DISPATCH, units=["a", "b"], classes=["c"])
    assert [problem.code for problem in caught.value.problems] == ["unknown-class", "unknown-unit", "unknown-unit"]


TWINS = [unit("b1", "甲"), unit("B1", "甲"), unit("B１", "甲"), unit("c", "乙/丙"), unit("c:", "x"), unit("../..", "e")]


def test_folders_differ_on_every_file_system_whatever_the_roster_order() -> None:
    folders = {job.unit.code: job.path.split("/")[0] for job in planned(dispatch(Path("d"), TWINS), Copy()) if job.unit}
    assert folders["B1"] == "B1-甲"
    assert folders["b1"] == "b1-甲 (3)"
    assert folders["B１"] == "B１-甲 (2)"
    again = planned(dispatch(Path("d"), TWINS[::-1]), Copy())
    assert {job.unit.code: job.path.split("/")[0] for job in again if job.unit} == folders
    assert all(len(job.path.split("/")) == 2 and not job.path.startswith(".") for job in again)


def test_a_choice_of_units_or_kinds_changes_no_name() -> None:
    documents = (Letter(file_name="通知.docx"), Copy(file_name="通知.DOCX"))
    of = dispatch(Path("d"), TWINS)
    whole = set(paths(of, *documents))
    assert "b1-甲 (3)/通知 (2).DOCX" in whole
    assert set(paths(of, *documents, units=["b1"])) == {path for path in whole if path.startswith("b1-")}
    assert set(paths(of, *documents, kinds=["copy"])) == {path for path in whole if path.endswith("(2).DOCX")}


NAMED = {
    "plain": ("甲市", ["来文.pdf", "甲市-表.docx", "甲市-表.xlsx"]),
    "to be made safe": ("甲/市", ["来文.pdf", "甲／市-表.docx", "甲／市-表.xlsx"]),
    "full-width": ("甲Ａ", ["来文.pdf", "甲Ａ-表.docx", "甲Ａ-表.xlsx"]),
    "hidden": (".甲", ["来文.pdf", "甲-表.docx", "甲-表.xlsx"]),
    "a device": ("CON.", ["CON_.-表.docx", "CON_.-表.xlsx", "来文.pdf"]),
    "long": ("某" * 70, ["来文.pdf", f"{'某' * 58}.docx", f"{'某' * 58}.xlsx"]),
}


@pytest.mark.parametrize(("short_name", "expected"), NAMED.values(), ids=NAMED.keys())
def test_each_ones_own_bears_its_short_name_in_front(short_name: str, expected: list[str]) -> None:
    of = dispatch(Path("d"), [unit("a", "甲市", short_name=short_name)])
    own = [Letter(file_name=f"表.{ending}", to_each=True) for ending in ("docx", "xlsx")]
    assert [path.split("/")[1] for path in paths(of, *own, Copy())] == expected
    assert [path.split("/")[1] for path in paths(of, *own, master=True)] == ["表.docx", "表.xlsx"]


@pytest.mark.parametrize("title", ["𠮷" * 40, "a" * 100, "表" * 30])
def test_no_name_gets_too_long_by_what_stands_in_front(title: str) -> None:
    for length in range(1, 40):
        of = dispatch(Path("d"), [unit("a", "甲市", short_name="某" * length)])
        (path,) = paths(of, Letter(file_name=f"{title}.docx", to_each=True))
        assert fits(path.split("/")[1]), length


CLASHES = {
    "two of its own": ([Letter(file_name="表.docx", to_each=True)] * 2, "甲", ["甲-表 (2).docx", "甲-表.docx"]),
    "but for the case": (
        [Letter(file_name="A.docx", to_each=True), Letter(file_name="a.docx", to_each=True)],
        *("甲", ["甲-A.docx", "甲-a (2).docx"]),
    ),
    "with one to all": (
        [Copy(file_name="甲-表.docx"), Letter(file_name="表.docx", to_each=True)],
        *("甲", ["甲-表 (2).docx", "甲-表.docx"]),
    ),
    "cut alike": (
        [Letter(file_name=f"{'某' * 70}{end}.docx", to_each=True) for end in "一二"],
        *("甲", [f"甲-{'某' * 55} (2).docx", f"甲-{'某' * 57}.docx"]),
    ),
}


@pytest.mark.parametrize(("documents", "short_name", "expected"), CLASHES.values(), ids=CLASHES.keys())
def test_names_of_a_kit_differ(documents: list[Letter | Copy], short_name: str, expected: list[str]) -> None:
    of = dispatch(Path("d"), [unit("a", short_name)])
    assert [path.split("/")[1] for path in paths(of, *documents)] == expected


def test_jobs_come_folder_by_folder() -> None:
    of = dispatch(Path("d"), [unit("a", "b"), unit("a-b", "c"), unit("0", "z")])
    assert [path.split("/") for path in paths(of)] == sorted(path.split("/") for path in paths(of))


def test_a_plan_answers_for_what_was_asked() -> None:
    whole, some = planned(DISPATCH), planned(DISPATCH, units=["003"], kinds=["copy"])
    master = planned(DISPATCH, master=True)
    assert whole.covers("gone", "letter")
    assert not whole.covers(None, "letter")
    assert some.covers("003", "copy")
    assert not some.covers("003", "letter")
    assert not some.covers("004", "copy")
    assert master.covers(None, "copy")
    assert not master.covers("003", "copy")
