"""The zh_CN catalogue is complete, says what the English says, and is what a clerk sees."""

from __future__ import annotations

import contextvars
import json
import os
import re
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from string import Formatter

import docx
import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import read_mo

from generator.base.i18n import language, user_languages
from generator.base.problems import severity_name
from generator.check import code_table
from generator.lint import rule_table
from tools import messages

CATALOGUES = [messages.OWN, messages.CLICK]
CHINESE = "[\u3400-\u9fff]"
HALF_WIDTH = re.compile(rf"{CHINESE}[,;:!?]|[,;!?]{CHINESE}|{CHINESE}\.(?![a-z])|\((?={CHINESE})|(?<={CHINESE})\)")
KEPT = {"{file}: ", "{key}: …", "“键: 值”"}
"""Where a half-width colon stands in a translation, it is one that people are to type or that marks a place."""

TERMS = {
    r"rosters?": "单位名录",
    r"recipients?": "主送",
    r"carbon copy": "抄送",
    r"date of issue": "成文日期",
    r"deadlines?": "期限",
    r"templates?": "模板",
    r"imprint": "版记",
    r"document number": "发文字号",
    r"sources?": "来文",
    r"quotas": "名额",
    r"workbook": "工作簿",
}
"""English word → the Chinese term that stands for it everywhere."""


def entries(catalogue: Catalog) -> dict[tuple[str, ...], tuple[str, ...]]:
    """Its texts and their translations, so far as there are any; more than one of a text that has a plural."""

    def each(text: str | Sequence[str]) -> tuple[str, ...]:
        return (text,) if isinstance(text, str) else tuple(text)

    return {each(message.id): each(message.string) for message in catalogue if message.id and message.string}


def texts(path: Path) -> list[tuple[str, str]]:
    """Each English text of a catalogue (of a plural, the last) with its translation."""
    return [(english[-1], chinese[0]) for english, chinese in entries(messages.read(path)).items()]


ALL = [pair for path in CATALOGUES for pair in texts(path)]
OWN = texts(messages.OWN)


def test_every_message_of_the_sources_is_in_the_catalogue() -> None:
    sources = {message for _file, message in messages.in_sources()}
    known = {message.id for message in messages.read(messages.OWN) if message.id}
    assert known == sources, "run: make messages"


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.stem)
def test_everything_is_translated(path: Path) -> None:
    assert messages.untranslated(messages.read(path)) == []


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.stem)
def test_the_compiled_catalogue_is_that_of_the_text(path: Path) -> None:
    with path.with_suffix(".mo").open("rb") as file:
        assert entries(read_mo(file)) == entries(messages.read(path)), "run: make messages"


def fields(text: str) -> list[tuple[str | None, str | None, str | None]]:
    """The replacement fields, as str.format would see them; text that is never formatted may hold lone braces."""
    try:
        return sorted({part[1:] for part in Formatter().parse(text) if part[1] is not None}, key=str)
    except ValueError:
        return [(brace, None, None) for brace in sorted(re.findall(r"[{}]+", text))]


def test_a_translation_has_the_same_placeholders() -> None:
    named = re.compile(r"%\(\w+\)s")
    assert [pair for pair in ALL if fields(pair[0]) != fields(pair[1])] == []
    assert [pair for pair in ALL if named.findall(pair[0]) != named.findall(pair[1])] == []


def test_what_people_type_is_not_translated() -> None:
    typed = re.compile(r"`[^`]+`|--[a-z]+|fawen (?:new|batch|check)|\w*\.(?:docx|xlsx|csv|yaml|json)|address: unit")
    wrong = [pair for pair in OWN if set(typed.findall(pair[0])) - set(typed.findall(pair[1]))]
    assert wrong == []


def test_translations_are_chinese() -> None:
    words = [(re.sub("{.*?}", "", english), english == chinese) for english, chinese in OWN]
    assert [english for english, same in words if same and re.search("[a-z]{3}", english)] == []


def test_translations_are_punctuated_as_chinese() -> None:
    def bare(text: str) -> str:
        for kept in KEPT:
            text = text.replace(kept, "")
        return text

    assert [chinese for _english, chinese in ALL if HALF_WIDTH.search(bare(chinese))] == []


def test_sentences_end_as_in_english() -> None:
    """A hint is a sentence and ends in a full stop; a message stands before its code and has none."""
    assert [chinese for english, chinese in OWN if chinese.endswith("。") and not english.endswith((".", "]"))] == []


@pytest.mark.parametrize("term", TERMS)
def test_one_term_one_word(term: str) -> None:
    word = re.compile(rf"(?<![`\w.]){term}\b(?![`.\w])")
    with_term = [pair for pair in OWN if word.search(pair[0])]
    assert with_term, f"no message says {term}"
    assert [pair for pair in with_term if TERMS[term] not in pair[1]] == []


# -- the language of a call --------------------------------------------------------------------------------------------


def test_the_language_is_the_callers_and_not_the_process_s() -> None:
    with language("zh_CN"):
        assert severity_name("error") == "错误"
        with language("en"):
            assert severity_name("error") == "error"
            seen = contextvars.copy_context()
        assert severity_name("error") == "错误"
        with ThreadPoolExecutor(1) as threads:
            elsewhere = {threads.submit(severity_name, "error").result() for _number in range(2)}
    assert elsewhere == {severity_name("error")}
    assert seen.run(severity_name, "error") == "error"
    with language("xx"):
        assert severity_name("error") == "error"


def test_tables_made_at_import_are_shown_in_the_language_of_the_call() -> None:
    with language("zh_CN"):
        chinese = [code_table(), rule_table()]
    with language("en"):
        assert [bool(re.search("[a-z]{3} [a-z]{3}", table)) for table in (code_table(), rule_table())] == [True, True]
    assert [table.splitlines()[0] for table in chinese] == [
        "| 代码 | 级别 | 含义 | 示例 | 改法 |",
        "| 代码 | 级别 | 条款 | 问题 | 示例 | 改法 | `--fix` |",
    ]
    assert "A notice has no title" not in chinese[0]
    assert "Centre the title." not in chinese[1]


# -- what a clerk sees -------------------------------------------------------------------------------------------------


def said(*arguments: object, **variables: str) -> str:
    """What fawen prints in a fresh process, whose language only these variables choose."""
    bare = {key: value for key, value in os.environ.items() if key not in ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")}
    command = [sys.executable, "-m", "generator", *map(str, arguments)]
    environment = {**bare, "PYTHONUTF8": "1", **variables}
    done = subprocess.run(command, capture_output=True, env=environment, encoding="utf-8", check=False)
    return done.stdout + done.stderr


@pytest.mark.parametrize(
    "variables",
    [{"LANGUAGE": "zh_CN"}, {"LANG": "zh_CN.UTF-8"}, {"LC_ALL": "zh_CN.UTF-8", "LANG": "C"}, {"LANG": "zh"}],
    ids=str,
)
def test_a_chinese_reader_gets_chinese(variables: dict[str, str]) -> None:
    text = said("--help", **variables)
    assert "从一个发文事项文件夹，生成每个下级单位的全套材料" in text
    assert "用法：" in text
    assert "命令" in text
    assert "为每个单位生成全套材料" in text


@pytest.mark.parametrize(
    "variables",
    [{}, {"LANG": "C.UTF-8"}, {"LANG": "en_US.UTF-8"}, {"LANGUAGE": "en_GB:zh_CN"}, {"LANGUAGE": "xx"}],
    ids=str,
)
def test_other_readers_get_english(variables: dict[str, str]) -> None:
    text = said("--help", **variables)
    assert "From one dispatch folder" in text
    assert "Usage:" in text
    assert not re.search(CHINESE, text)


@pytest.mark.parametrize(
    ("names", "languages"),
    [
        ("zh_CN.UTF-8", ["zh_CN"]),
        ("zh_TW:zh", ["zh_CN", "zh_CN"]),
        ("fr_FR:en_GB:zh_CN", ["fr_FR", "C"]),
        ("Chinese (Simplified)_China.936", ["zh_CN"]),
        ("Catalan_Spain", ["Catalan_Spain"]),
        ("C.UTF-8:zh_CN", ["C"]),
    ],
)
def test_languages(names: str, languages: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANGUAGE", names)
    assert user_languages() == languages


def test_a_broken_dispatch_is_explained_in_chinese(tmp_path: Path) -> None:
    folder = tmp_path / "某事项"
    said("new", folder)
    spec = folder / "dispatch.yaml"
    text = spec.read_text(encoding="utf-8")
    spec.write_text(text.replace("\ndeadlines:", "\ndeadlins:"), encoding="utf-8")
    line = text[: text.index("\ndeadlines:")].count("\n") + 2
    assert said("check", folder, LANGUAGE="zh_CN").startswith(
        f"dispatch.yaml:{line}:1: 错误: 没有“deadlins”这个键 [unknown-key]\n    是否应为“deadlines”？\n"
    )


def test_what_lint_finds_is_said_in_chinese_and_coded_in_english(tmp_path: Path) -> None:
    path = tmp_path / "letter.docx"
    docx.Document().save(str(path))
    assert said("lint", path, LANGUAGE="zh_CN", PATH="").splitlines()[-2].startswith("letter.docx: 必改: 纸张是")
    (found,) = json.loads(said("lint", path, "--json", LANGUAGE="zh_CN", PATH=""))["problems"]
    assert (found["level"], found["severity"]) == ("must", "error")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["bacth"], "错误：没有命令 'bacth'"),
        (["batch"], "错误：缺少参数 'DIR'"),
        (["check", "no such folder"], "不存在"),
        (["batch", ".", "--jobs", "0"], "不在范围"),
        (["check", ".", "--strickt"], "--strict"),
    ],
    ids=str,
)
def test_wrong_usage_is_explained_in_chinese(arguments: list[str], words: str) -> None:
    text = said(*arguments, LANGUAGE="zh_CN")
    assert words in text
    assert "用法说明请看" in text
