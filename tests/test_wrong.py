"""Bad input: each file in wrong/ says on its lines what must be reported there; the rest stands in tables here."""

from __future__ import annotations

import errno
import os
import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from generator.base.problems import Problem, Problems, reason
from generator.dispatch.load import load_dispatch

WRONG = Path(__file__).parent / "wrong"
EXPECTED = re.compile(r"# (error|warning) ([a-z-]+): (.*?)(?= # error |$)")
SPEC = "issuing_authorities: [某厅]\nrecipients: [各市人社局]\nclasses: {school: 技工院校, prefecture: 盟市}\n"


def problems_of(folder: Path, files: Mapping[str, str | bytes]) -> list[Problem]:
    for name, content in files.items():
        (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(Problems) as caught:
        load_dispatch(folder)
    return caught.value.problems


@pytest.mark.parametrize("file", sorted(WRONG.glob("*.yaml")), ids=lambda file: file.stem)
def test_wrong_spec(file: Path, tmp_path: Path) -> None:
    text = file.read_text("utf-8")
    expected = [
        (number, match[1], match[2], match[3])
        for number, line in enumerate(text.splitlines(), 1)
        for match in EXPECTED.finditer(line)
    ]
    found = problems_of(tmp_path, {"dispatch.yaml": text})
    assert sorted((p.where.line, p.severity, p.code, p.message) for p in found) == sorted(expected)
    assert expected
    assert all(
        p.where.file == "dispatch.yaml" and p.where.column and p.hint for p in found if p.code != "unreadable-file"
    )


def test_a_suggestion_names_the_key_that_was_meant(tmp_path: Path) -> None:
    text = SPEC + "document_numbr: 1\n发文字号: 2\nevent: {nmae: x}\n"
    hints = [problem.hint for problem in problems_of(tmp_path, {"dispatch.yaml": text})]
    assert hints == ['Did you mean "document_number"?'] * 2 + ['Did you mean "name"?']


SYNTAX = {
    "": "1:1: the file is empty [empty-file]",
    "# 只有注释\n": "1:1: the file is empty [empty-file]",
    "---\n...\n": "1:1: the file is empty [empty-file]",
    "- 甲\n- 乙\n": "1:1: the file is a list; it must be a mapping of keys and values [not-a-mapping]",
    "一段文字": "1:1: the file must be a mapping of keys and values [not-a-mapping]",
    "title:甲\nkind:notice\n": "1:1: the file must be a mapping of keys and values [not-a-mapping]",
    "单位：甲": '1:3: the colon after "单位" is a full-width one (：) [full-width-colon]',
    "title: 甲\nwho：乙\nkind: a\n": '2:4: the colon after "who" is a full-width one (：) [full-width-colon]',
    "kind：notice\ntitle: 甲\n": '1:5: the colon after "kind" is a full-width one (：) [full-width-colon]',
    "event:\n  name：甲\n  start: b\n": '2:7: the colon after "name" is a full-width one (：) [full-width-colon]',
    "title: a\n---\ntitle: b\n": "3:1: a second document begins here [yaml-documents]",
    "event:\n\tname: a\n": "2:1: the line is indented with a tab [yaml-syntax]",
    "title: a: b\n": "1:9: no key can stand here [yaml-syntax]",
    "title: a\n kind: b\n": "2:6: no key can stand here [yaml-syntax]",
    "title: '甲\nkind: notice\n": "1:8: the quotation mark that opens here is never closed [yaml-syntax]",
    'title: "C:\\q"\n': "1:12: unknown escape after a backslash [yaml-syntax]",
    "who: [a, b\nkind: notice\n": "2:5: a bracket is not closed, or a comma is missing [yaml-syntax]",
    "title: {% if x %}\n": "1:9: a value cannot begin with this character [yaml-syntax]",
    "title: @x\n": "1:8: a value cannot begin with this character [yaml-syntax]",
    "title: `x`\n": "1:8: a value cannot begin with this character [yaml-syntax]",
    'title: "甲"乙"\n': "1:11: the line does not fit those above it [yaml-syntax]",
    "title\nkind: a\n": "1:1: the file must be a mapping of keys and values [not-a-mapping]",
    "kind: a\ntitle\n": '2:1: this line is not "key: value" [yaml-syntax]',
    "title: -\n": "1:8: the line is not valid YAML (sequence entries are not allowed here) [yaml-syntax]",
    "%YAML 3.0\n---\ntitle: a\n": (
        "1:1: the line is not valid YAML (found incompatible YAML document (version 1.* is required)) [yaml-syntax]"
    ),
    "a: " + "[" * 3000: "1:23: the values are nested too deeply [too-deep]",
    "a: {? " + "[" * 3000: None,
    "a: &a [x]\nb: &b [*a, *a]\nc: *b\n": None,
    "\n".join(f"k{number}: 1" for number in range(26_000)): "25000:9: the file holds too many values [too-many]",
    "a: " + "x" * 1_000_000: " the file is too large for a spec [too-large]",
    "title: 甲\0乙\n": "1:9: the file holds a character that no document can carry: U+0000 NULL [bad-character]",
    "title: 甲\x85乙\n": "1:9: the file holds a character that no document can carry: U+0085 NEXT LINE [bad-character]",
    b"title: \xb9\xd8\xd3\xda\n": "1:8: the file is not UTF-8 text [bad-encoding]",
    "title: 甲\n".encode("utf-16"): "1:1: the file is not UTF-8 text [bad-encoding]",
    b"title: \xed\xa0\x80\n": "1:8: the file is not UTF-8 text [bad-encoding]",
    b"PK\x03\x04\x00\x00\xff\xfe": "1:7: the file is not UTF-8 text [bad-encoding]",
}


@pytest.mark.parametrize(("content", "expected"), SYNTAX.items(), ids=lambda content: repr(content)[:24])
def test_unreadable_spec(content: str | bytes, expected: str | None, tmp_path: Path) -> None:
    problems = problems_of(tmp_path, {"dispatch.yaml": content})
    if expected is not None:
        assert [str(p).split("\n")[0].replace("dispatch.yaml:", "").replace(" error:", "") for p in problems] == [
            expected
        ]
    assert all(problem.hint for problem in problems)


def test_plain_character_that_no_document_can_carry(tmp_path: Path) -> None:
    (problem,) = problems_of(tmp_path, {"dispatch.yaml": SPEC + "title: 关于\u202e\x07活动\n"})
    assert (problem.code, problem.where.line, problem.where.column) == ("bad-character", 4, 8)
    assert problem.message == (
        '"title" holds a character that no document can carry: U+202E RIGHT-TO-LEFT OVERRIDE, U+0007 BELL'
    )


ROSTERS = {
    "no header": ("150100,呼和浩特市,盟市\n", ["1:1 roster-header the first row does not name the columns"]),
    "empty": ("\n,,\n", ["1:1 roster-header the first row does not name the columns"]),
    "no class": ("code,name\n1,甲\n", ["1:1 roster-column the roster has no column class (类别)"]),
    "no code": ("单位全称,类别\n甲,盟市\n", ["1:1 roster-column the roster has no column code (单位代码)"]),
    "doubled column": (
        "code,单位代码,name,class\n",
        ['1:2 roster-column-doubled the column "code" stands here a second time'],
    ),
    "blank": (
        "code,name,class\n,甲,盟市\n2,,盟市\n3,丙,\n",
        [
            "2:1 blank-code code (单位代码) is blank",
            "3:2 blank-name name (单位全称) is blank",
            "4:3 blank-class class (类别) is blank",
        ],
    ),
    "doubled": (
        "code,name,class\n001,甲,盟市\n001,乙,盟市\n００１,丙,盟市\n",
        [
            '3:1 doubled-code code "001" stands here a second time',
            '4:1 doubled-code code "００１" stands here a second time',
        ],
    ),
    "class": ("code,name,class\n1,甲,盟市局\n", ['2:3 roster-class unknown class "盟市局"']),
    "role": ("code,name,class,role\n1,甲,盟市,抄\n", ['2:4 unknown-role unknown role "抄"']),
    "no head": ("code,name,class\n1,甲,盟市,3\n", ['2:4 roster-no-head "3" stands in a column without a head']),
    "quote": (
        'code,name,class\n1,"甲,盟市\n',
        ["2:1 roster-unreadable the row cannot be read as comma-separated cells"],
    ),
    "character": (
        "code,name,class,名额\n1,甲\u202e,盟市,\x07\n",
        [
            '2:2 bad-character "name" holds a character that no document can carry: U+202E RIGHT-TO-LEFT OVERRIDE',
            '2:4 bad-character "名额" holds a character that no document can carry: U+0007 BELL',
        ],
    ),
    "binary": (b"code,name,class\n\x00\xff", ["None:None bad-encoding the file is neither UTF-8 nor GB 18030 text"]),
    "5 MB": (b"\x8a,junk\n" * 700_000, ["None:None too-large the file is too large for a roster"]),
    "3 MB": (b"junk,junk\n" * 300_000, ["20002:None too-large the file is too large for a roster"]),
    "semicolons": ("code;name;class\n1;甲;盟市\n", ["1:1 roster-header the first row does not name the columns"]),
}


@pytest.mark.parametrize(("content", "expected"), ROSTERS.values(), ids=ROSTERS.keys())
def test_wrong_roster(content: str | bytes, expected: list[str], tmp_path: Path) -> None:
    problems = problems_of(tmp_path, {"dispatch.yaml": SPEC, "units.csv": content})
    assert [f"{p.where.line}:{p.where.column} {p.code} {p.message}" for p in problems] == expected
    assert all(problem.where.file == "units.csv" and problem.hint for problem in problems)


def test_spec_and_roster_are_reported_together(tmp_path: Path) -> None:
    files = {"dispatch.yaml": SPEC + "titel: 甲\n", "units.csv": "code,name,class\n1,,盟市\n", "body.md": "甲\n乙\x07"}
    problems = problems_of(tmp_path, files)
    assert [(p.where.file, p.where.line, p.where.column, p.code) for p in problems] == [
        ("body.md", 2, 2, "bad-character"),
        ("dispatch.yaml", 4, 1, "unknown-key"),
        ("units.csv", 2, 2, "blank-name"),
    ]


def test_many_faults_of_one_kind_are_cut_short(tmp_path: Path) -> None:
    rows = "".join(f",甲{number},盟市\n" for number in range(500))
    problems = problems_of(tmp_path, {"dispatch.yaml": SPEC, "units.csv": "code,name,class\n" + rows})
    assert len(problems) == 101
    assert problems[-1].message == "400 more problems in this file are not shown"


def test_no_dispatch(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "dispatch.yaml", tmp_path / "no" / "such"):
        with pytest.raises(Problems, match=r"dispatch\.yaml: error: there is no dispatch\.yaml in .* \[missing-file\]"):
            load_dispatch(path)


def test_spec_that_is_a_folder(tmp_path: Path) -> None:
    (tmp_path / "dispatch.yaml").mkdir()
    with pytest.raises(Problems, match=r"dispatch\.yaml cannot be read: it is a folder \[unreadable-file\]"):
        load_dispatch(tmp_path)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything")
def test_spec_without_permission(tmp_path: Path) -> None:
    file = tmp_path / "dispatch.yaml"
    file.write_text(SPEC, "utf-8")
    file.chmod(0)
    with pytest.raises(Problems, match=r"dispatch\.yaml cannot be read: permission is denied \[unreadable-file\]"):
        load_dispatch(tmp_path)


REASONS = [
    (errno.ENOTDIR, "a part of the path is a file, not a folder"),
    (errno.ENOSPC, "no space is left on the disk"),
    (errno.EXDEV, os.strerror(errno.EXDEV)),
]


@pytest.mark.parametrize(("number", "words"), REASONS)
def test_the_system_is_quoted_in_our_words(number: int, words: str) -> None:
    assert reason(OSError(number, os.strerror(number))) == words


def test_a_reason_of_our_own_is_kept() -> None:
    assert reason(OSError(errno.ELOOP, "it is a link")) == "it is a link"
    assert reason(OSError("moved")) == "moved"
