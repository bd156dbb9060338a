"""The value gate: refused or kept as it is; and names that every system takes."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.base.problems import Problems, Where
from generator.base.values import NAME_BYTES, NAME_UNITS, clean, collision_key, forbidden, safe_name, shown

HERE = Where("dispatch.yaml", 3, 8)
REFUSED = [
    *(chr(code) for code in (*range(0x09), *range(0x0B, 0x20), *range(0x7F, 0xA0))),
    *"\u061c\u200e\u200f\u2028\u2029\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069",
    *"\ud800\udbff\udc00\udfff\ufdd0\ufdef\ufffe\uffff\U0001fffe\U0010ffff",
]
KEPT = [
    "&",
    "<",
    "{{ x }}",
    "{% x %}",
    "]]>",
    "\t",
    "\n",
    "=1+1",
    "\U0002ebf0",
    "〇",
    "é",
    "\u200b",
    "\ufeff",
    "㊙",
    "'\"",
    "\\ud800",
]


@pytest.mark.parametrize("character", REFUSED, ids=lambda character: f"U+{ord(character):04X}")
def test_refused_with_path_place_and_number(character: str) -> None:
    with pytest.raises(Problems) as caught:
        clean(f"甲{character}乙", HERE, "forms.stats.title")
    (problem,) = caught.value.problems
    assert (problem.code, problem.where) == ("bad-character", HERE)
    assert '"forms.stats.title"' in problem.message
    assert f"U+{ord(character):04X} " in problem.message
    assert "甲□乙" in problem.hint
    assert not forbidden(str(problem))


@pytest.mark.parametrize("text", KEPT)
def test_kept_as_it_is(text: str) -> None:
    assert clean(f"甲{text}乙", HERE, "title") == f"甲{text}乙"


def test_normalised() -> None:
    assert clean("e\u0301\r\n乙", HERE, "title") == "é\n乙"


def test_each_bad_character_is_named_once() -> None:
    with pytest.raises(Problems, match=r"U\+0007 BELL, U\+202E RIGHT-TO-LEFT OVERRIDE \[") as caught:
        clean("\x07a\u202eb\x07", HERE, "title")
    assert len(caught.value.problems) == 1


@given(st.text())
def test_clean_is_total(text: str) -> None:
    """Every text is either refused or comes out in NFC with nothing lost but carriage returns before line ends."""
    try:
        cleaned = clean(text, HERE, "title")
    except Problems:
        assert forbidden(text.replace("\r\n", "\n"))
    else:
        assert cleaned == unicodedata.normalize("NFC", text.replace("\r\n", "\n")) == shown(cleaned)


NAMES = {
    "呼和浩特市-附件1 统计表.xlsx": "呼和浩特市-附件1 统计表.xlsx",
    'a<b>c:d"e/f\\g|h?i*j': "a＜b＞c：d＂e／f＼g｜h？i＊j",
    "../../etc/passwd": "／..／etc／passwd",
    "C:\\x": "C：＼x",
    "": "_",
    ".": "_",
    "..": "_",
    " . ": "_",
    ".hidden": "hidden",
    "~$锁.docx": "锁.docx",
    "-rf": "rf",
    "a. ": "a",
    "a\u3000": "a",
    "a\tb\nc": "a b c",
    "a\u202eb\u200bc\ufeffd\ud800e\uffff": "abcde",
    "CON": "CON_",
    "con": "con_",
    "aux.docx": "aux_.docx",
    "CON .x": "CON_.x",
    "LPT9 ": "LPT9_",
    "COM¹": "COM¹_",
    "CONIN$": "CONIN$_",
    "CONOUT$.txt": "CONOUT$_.txt",
    "CON\u200b": "CON_",
    "CONTRACT": "CONTRACT",
    "COM10": "COM10",
    "\U0002ebf0某县": "\U0002ebf0某县",
    "e\u200d\u0301": "é",
}


@pytest.mark.parametrize(("text", "name"), NAMES.items())
def test_safe_name(text: str, name: str) -> None:
    assert safe_name(text) == name


@pytest.mark.parametrize(
    "text",
    [
        "某" * 61,
        "某" * 75 + ".docx",
        "某" * 300,
        "某" * 300 + ".docx",
        "😀" * 100,
        "a" * 1000,
        "a" * 1_000_000 + ".xlsx",
        "AUX." + "x" * 300,
    ],
)
def test_long_names_are_cut_before_the_ending(text: str) -> None:
    name = safe_name(text)
    assert NAME_BYTES - 6 <= len(name.encode()) <= NAME_BYTES or len(name.encode("utf-16-le")) / 2 >= NAME_UNITS - 2
    assert len(name.encode()) <= NAME_BYTES
    assert len(name.encode("utf-16-le")) <= NAME_UNITS * 2
    if text.endswith((".docx", ".xlsx")):
        assert name.endswith(text[-5:])


@given(st.text(st.characters(codec=None), max_size=200))
def test_safe_name_is_a_name_and_stays(text: str) -> None:
    name = safe_name(text)
    assert safe_name(name) == name
    assert not set(name) & set('<>:"/\\|?*\0')
    assert name == name.strip()
    assert not name.startswith((".", "-", "~", "$"))
    assert not name.endswith(".")


def test_safe_names_can_be_made(tmp_path: Path) -> None:
    for text in NAMES:
        (tmp_path / safe_name(text)).write_text("")
    assert {file.parent for file in tmp_path.rglob("*")} == {tmp_path}


@pytest.mark.parametrize(
    ("one", "other"), [("ABC", "abc"), ("ＡＢＣ", "abc"), ("001", "００１"), ("é", "e\u0301"), ("ß", "SS"), ("①", "1")]
)
def test_names_that_collide(one: str, other: str) -> None:
    assert collision_key(one) == collision_key(other)


def test_names_that_do_not_collide() -> None:
    assert collision_key("001") != collision_key("01")
