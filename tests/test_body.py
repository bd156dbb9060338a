"""The body: Markdown as numbered blocks, passages for classes, references and what can be wrong with them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from generator.base.problems import Problems
from generator.dispatch.dispatch import Dispatch
from generator.dispatch.spec import Spec, Unit
from generator.office.package import slot
from generator.wording import body
from generator.wording.body import Block, Run

VALUES: dict[str, Any] = {
    "issuing_authorities": ["甲市教育局"],
    "recipients": ["各区县教育局"],
    "date_of_issue": "2026-07-24",
    "classes": {"county": "区县", "school": "技工院校"},
    "event": {"name": "开学第一课", "start": "2026-09-01", "end": "2026-09-04", "theme": "匠心逐梦"},
    "sources": {
        "mohrss": {"title": "关于X的通知", "issuing_authorities": ["某部"], "document_number": "某函〔2026〕33 号"}
    },
    "deadlines": {
        "report": {
            "due": "2026-09-10",
            "what": "**组织**情况",
            "who": ["county"],
            "to": "市教育局",
            "channel": ["email"],
        }
    },
    "forms": {
        "stats": {"title": "统计表", "due": "report"},
        "names": {"title": "《名册》说明"},
        "later": {"title": "汇总表", "issued_later": True},
    },
    "evidence": {
        "video": {
            "title": "视频",
            "count": {"county": {"min": 2}, "school": {"column": "名额"}},
            "duration": {"max": "PT5M"},
            "due": "report",
        },
        "hostile": {"title": "<b>{{ event }}</b> {% raw %} # *x*"},
    },
    "contacts": [{"name": "甲", "phone": "1"}],
}
UNIT = Unit.model_validate(
    {"code": "001", "name": "乙县教育局", "short_name": "乙县", "class": "county", "columns": {"名额": "7"}}
)


def dispatch(text: str, **values: Any) -> Dispatch:
    return Dispatch(Path("case"), Spec.model_validate(VALUES | values), (UNIT,), body=text)


def lines(blocks: list[Block]) -> list[str]:
    """`style text`, a paragraph without its style, a table's cells between bars."""
    return [
        " ".join("|".join(row) for row in block.rows)
        if block.style == "table"
        else block.text
        if block.style == "paragraph"
        else f"{block.style[-1]} {block.text}"
        for block in blocks
    ]


STRUCTURE = {
    "headings are numbered anew under each parent": (
        "# 甲\n## 乙\n### 丙\n#### 丁\n#### 戊\n## 己\n### 庚\n# 辛\n## 壬",
        [
            "1 一、甲",
            "2 （一）乙",
            "3 1.丙",
            "4 （1）丁",
            "4 （2）戊",
            "2 （二）己",
            "3 1.庚",
            "1 二、辛",
            "2 （一）壬",
        ],
    ),
    "a typed number is not doubled": (
        "# 一、甲\n## (一) 乙\n### 1．丙\n# 二、 丁",
        ["1 一、甲", "2 （一）乙", "3 1.丙", "1 二、丁"],
    ),
    "a figure at the front of a heading is no number": (
        "# 2.5万人参加\n# 2026年安排",
        ["1 一、2.5万人参加", "1 二、2026年安排"],
    ),
    "a heading that ends in 。 is run in": (
        "## 高度重视。\n各地要重视。\n\n另起。",
        ["（一）高度重视。各地要重视。", "另起。"],
    ),
    "a heading that does not is not": ("# 活动主题\n匠心逐梦。", ["1 一、活动主题", "匠心逐梦。"]),
    "a run-in heading before another heading stands alone": ("# 甲。\n## 乙。\n丙", ["1 一、甲。", "（一）乙。丙"]),
    "a run-in heading before a list stands alone": ("# 甲。\n1. 乙", ["1 一、甲。", "1.乙"]),
    "lists": (
        "1. 甲\n2. 乙\n   1. 丙\n   2. 丁\n      1. 戊\n3. 己",
        ["1.甲", "2.乙", "（1）丙", "（2）丁", "①戊", "3.己"],
    ),
    "a list under a third-level heading goes one deeper": ("### 甲\n1. 乙\n2. 丙", ["3 1.甲", "（1）乙", "（2）丙"]),
    "a list under a fourth-level heading": ("#### 甲\n1. 乙", ["4 （1）甲", "①乙"]),
    "a list that starts with 1 starts anew": ("1. 甲\n\n文。\n\n1. 乙", ["1.甲", "文。", "1.乙"]),
    "any other list goes on": ("1. 甲\n\n文。\n\n2. 乙\n\n# 丙\n2. 丁", ["1.甲", "文。", "2.乙", "1 一、丙", "1.丁"]),
    "each nested list starts anew": ("1. 甲\n   1. 乙\n2. 丙\n   1. 丁", ["1.甲", "（1）乙", "2.丙", "（1）丁"]),
    "a second paragraph of an item has no number": ("1. 甲\n\n   乙\n2. 丙", ["1.甲", "乙", "2.丙"]),
    "bullets": ("- 坚持高位推动。\n- 坚持产教融合。", ["——坚持高位推动。", "——坚持产教融合。"]),
    "Chinese lines join without a space, Latin ones with": ("文件\n要求 PDF\nfile", ["文件要求 PDF file"]),
    "typed ordinals begin paragraphs": (
        "一、甲\n二、乙\n（一）丙\n　　丁\n①戊\n——己",
        ["一、甲", "二、乙", "（一）丙", "丁", "①戊", "——己"],
    ),
    "a hard break begins a paragraph": ("甲  \n乙\\\n丙", ["甲", "乙", "丙"]),
    "indented text is no code": ("甲\n\n    乙", ["甲", "乙"]),
    "the rest of Markdown is literal": (
        "<b>甲</b> [乙](丙) `丁` <http://x.cn> 1280*720和1920*1080 &nbsp; ___ > x\n\n> 戊\n\n---",
        ["<b>甲</b> [乙](丙) `丁` <http://x.cn> 1280*720和1920*1080 &nbsp; ___ > x", "> 戊", "---"],
    ),
    "escapes": (r"\# 甲 \*\*乙\*\* \{{ event }}" + "\n\n2026\\. 丙", ["# 甲 **乙** {{ event }}", "2026. 丙"]),
    "statements of Jinja are literal": ("{% if x %}甲{% endif %} {# 乙 #}", ["{% if x %}甲{% endif %} {# 乙 #}"]),
    "tables": ("| 项 | 目 |\n|---|---|\n| {{ event.name }} | **乙** |", ["项|目 开学第一课|乙"]),
    "nothing": ("", []),
}


@pytest.mark.parametrize("name", STRUCTURE)
def test_structure(name: str) -> None:
    text, expected = STRUCTURE[name]
    assert lines(body.compose(dispatch(text))) == expected


def test_a_run_in_heading_keeps_its_font() -> None:
    block = body.compose(dispatch("## 高度**重视**。\n各地要{{ deadlines.report }}**报送**。"))[0]
    assert block.style == "paragraph"
    assert block.runs == (
        Run("（一）高度", heading=2),
        Run("重视", bold=True, heading=2),
        Run("。", heading=2),
        Run("各地要9月10日前"),
        Run("报送", bold=True),
        Run("。"),
    )


BOLD = [
    ("**重点。**各区", [("重点。", True), ("各区", False)]),
    ("甲**{{ deadlines.report }}**乙", [("甲", False), ("9月10日前", True), ("乙", False)]),
    ("一个**孤立", [("一个**孤立", False)]),
    ("**甲**乙**丙", [("甲", True), ("乙**丙", False)]),
    ("138****5678", [("138****5678", False)]),
]


@pytest.mark.parametrize(("text", "runs"), BOLD)
def test_bold(text: str, runs: list[tuple[str, bool]]) -> None:
    assert [(run.text, run.bold) for run in body.compose(dispatch(text))[0].runs] == runs


REFERENCES = {
    "deadlines.report": "9月10日前",
    "deadlines.report.what": "**组织**情况",
    "deadlines.report.who": "各区县",
    "deadlines.report.to": "市教育局",
    "deadlines.report.channel": "email",
    "forms.stats": "《统计表》（附件1）",
    "forms.stats.title": "统计表",
    "forms.stats.due": "9月10日前",
    "forms.names": "《〈名册〉说明》（附件2）",
    "forms.later": "《汇总表》（另行下发）",
    "evidence.video": "视频（各区县不少于2个，各技工院校按分配名额，每个不超过5分钟）",
    "evidence.video.title": "视频",
    "evidence.video.count": "各区县不少于2个，各技工院校按分配名额",
    "evidence.video.limits": "每个不超过5分钟",
    "evidence.video.due": "9月10日前",
    "evidence.hostile": "<b>{{ event }}</b> {% raw %} # *x*",
    "sources.mohrss": "某部《关于X的通知》（某函〔2026〕33号）",
    "sources.mohrss.document_number": "某函〔2026〕33号",
    "event": "开学第一课（9月1日至4日）",
    "event.name": "开学第一课",
    "event.dates": "9月1日至4日",
    "event.end": "9月4日",
    "event.theme": "匠心逐梦",
}


@pytest.mark.parametrize("name", REFERENCES)
def test_reference(name: str) -> None:
    (block,) = body.compose(dispatch(f"请{{{{ {name} }}}}，{{{{{name}}}}}报送"))
    assert block.runs == (Run(f"请{REFERENCES[name]}，{REFERENCES[name]}报送"),)


def test_contacts_alone_are_lines_and_in_a_sentence_are_words() -> None:
    text = "# 其他。\n{{ contacts }}\n\n详询{{ contacts }}。"
    assert lines(body.compose(dispatch(text))) == [
        "1 一、其他。",
        "联系人：甲",
        "联系电话：1",
        "详询联系人：甲，联系电话：1。",
    ]


def test_references_lists_what_is_mentioned_known_or_not() -> None:
    text = (
        "{{ forms.stats }} {{ evidence.video.count }} {{ event }} {{ unit.name }} {{ forms.none }} \\{{ forms.names }}"
    )
    expected = {("forms", "stats"), ("evidence", "video"), ("event", ""), ("unit", "name"), ("forms", "none")}
    assert body.references(dispatch(text)) == expected


PASSAGES = """# 甲
::: county
# 乙
1. 子
:::
::: school, county
2. 丑
:::
::: school
# 丙
:::
# 丁
"""


@pytest.mark.parametrize(
    ("unit_class", "expected"),
    [
        ("county", ["1 一、甲", "1 二、乙", "1.子", "2.丑", "1 三、丁"]),
        ("school", ["1 一、甲", "1.丑", "1 二、丙", "1 三、丁"]),
        ("other", ["1 一、甲", "1 二、丁"]),
        (None, ["1 一、甲", "1 二、乙", "1.子", "2.丑", "1 三、丙", "1 四、丁"]),
    ],
)
def test_passages_are_numbered_as_each_class_gets_them(unit_class: str | None, expected: list[str]) -> None:
    blocks = body.compose(dispatch(PASSAGES, address="unit"), unit_class)
    assert lines(blocks) == expected


@pytest.mark.parametrize(
    ("unit_class", "expected"), [("county", ["甲", "丙"]), ("school", ["乙", "丙"]), ("other", [])]
)
def test_passages_for_all_but_some(unit_class: str, expected: list[str]) -> None:
    classes = {"county": "区县", "school": "技工院校", "other": "其他"}
    text = "::: not school, other\n甲\n:::\n::: not county other\n乙\n:::\n::: not other\n丙\n:::"
    assert lines(body.compose(dispatch(text, address="unit", classes=classes), unit_class)) == expected


def test_blocks_know_their_classes_and_lines() -> None:
    blocks = body.parse(dispatch(PASSAGES + "\n尾\n{{ event }}", address="unit"))
    places = [(block.text, sorted(block.classes or ()), block.line) for block in blocks]
    assert places == [
        ("一、甲", [], 1),
        ("二、乙", ["county"], 3),
        ("1.子", ["county"], 4),
        ("2.丑", ["county", "school"], 7),
        ("三、丙", ["school"], 10),
        ("四、丁", [], 12),
        ("尾{{ event }}", [], 14),
    ]


def test_unit_values_pass_through_untouched() -> None:
    case = dispatch("{{ unit.name }}：{{ unit.名额 }}，{{ evidence.video }}", address="unit")
    text = "［单位全称］：［名额］，视频（各区县不少于2个，各技工院校按分配名额，每个不超过5分钟）"
    assert lines(body.compose(case)) == [text]
    (block,) = body.compose(case, "school", slot)
    quota = slot("unit.名额")
    assert block.text == f"{slot('unit.name')}：{quota}，视频（{quota}个，每个不超过5分钟）"
    assert lines(body.compose(case, "county", lambda reference: "**{{ event }}**"))[0].startswith("**{{ event }}**：")


def found(text: str, **values: Any) -> list[str]:
    return [f"{problem.severity} {problem.code} {problem.where}" for problem in body.problems(dispatch(text, **values))]


WRONG = {
    "unknown name": ("甲\n请{{ deadlines.reprot }}", {}, ["error unknown-reference body.md:2:2"]),
    "unknown part": ("{{ deadlines.report.late }}", {}, ["error unknown-reference body.md:1:1"]),
    "empty": ("{{ }}", {}, ["error unknown-reference body.md:1:1"]),
    "nothing to name": ("{{ event }}", {"event": None}, ["error unknown-reference body.md:1:1"]),
    "unclosed": ("甲{{ deadlines.report }乙", {}, ["error reference-unclosed body.md:1:2"]),
    "several on one line": (
        "{{ a }}{{ b }}", {}, ["error unknown-reference body.md:1:1", "error unknown-reference body.md:1:8"]
    ),
    "inside a table": ("|甲|\n|---|\n|{{ x }}|", {}, ["error unknown-reference body.md:3:2"]),
    "a unit in a notice to all": ("{{ unit.name }}", {}, ["error reference-to-unit body.md:1:1"]),
    "a unit's unknown field": ("{{ unit.nam }}", {"address": "unit"}, ["error unknown-reference body.md:1:1"]),
    "a passage in a notice to all": ("::: school\n甲\n:::", {}, ["error passage-to-class body.md:1:1"]),
    "a passage that is set in": ("  ::: school\n甲\n  :::", {}, ["error passage-to-class body.md:1:1"]),
    "nested": ("::: school\n::: county\n:::", {"address": "unit"}, ["error passage-nested body.md:2:1"]),
    "unclosed passage": ("甲\n::: school\n乙", {"address": "unit"}, ["error passage-unclosed body.md:2:1"]),
    "stray end": ("甲\n:::", {"address": "unit"}, ["error passage-stray body.md:2:1"]),
    "all but an unknown class": ("::: not schol\n:::", {"address": "unit"}, ["error passage-class body.md:1:1"]),
    "all but nothing": ("::: not\n:::", {"address": "unit"}, ["error passage-class body.md:1:1"]),
    "unknown class": ("::: schol\n:::", {"address": "unit"}, ["error passage-class body.md:1:1"]),
    "a wrong number by hand": ("# 一、甲\n# 三、乙", {}, ["warning heading-number body.md:2:1"]),
    "a number of another style": ("# 1.甲", {}, ["warning heading-number body.md:1:1"]),
    "too deep": ("##### 甲", {}, ["error heading-level body.md:1:1"]),
    "no space": ("#甲", {}, ["warning heading-space body.md:1:1"]),
    "empty items": ("1.\n2. 甲\n\n-\n\n乙", {}, ["error line-lost body.md:1:1", "error line-lost body.md:4:1"]),
    "a line of hyphens": ("甲\n\n" + "- " * 12 + "\n\n乙", {}, ["error line-lost body.md:3:1"]),
    "a line of asterisks": ("* * *\n乙", {}, ["error line-lost body.md:1:1"]),
    "lists nested too deeply": (
        "\n".join("  " * depth + "- 甲" for depth in range(12)) + "\n\n乙", {},
        [f"error list-level body.md:{line}:1" for line in range(4, 10)] + ["error line-lost body.md:10:1"],
    ),
    "a list that starts anywhere": ("3. 甲\n4. 乙", {}, ["warning list-number body.md:1:1"]),
    "a list that goes on with a gap": ("1. 甲\n2. 乙\n\n丙\n\n4. 丁\n5. 戊", {}, ["warning list-number body.md:6:1"]),
    "a list that goes on in a passage": (
        "1. 甲\n::: school\n2. 乙\n:::\n::: county\n2. 丙\n:::\n3. 丁", {"address": "unit"}, []
    ),
    "all items numbered 1": ("1. 甲\n1. 乙\n1. 丙", {}, []),
    "a rule that does not fit the head": (
        "甲\n\n|甲|乙|丙|\n|---|---|\n|1|2|3|", {}, ["warning markdown-literal body.md:3:1"]
    ),
    "a row too wide": ("甲\n\n|甲|乙|\n|---|---|\n|1|2|\n|1|2|3|\n|1\\|2|3|", {}, ["error table-row body.md:6:1"]),
    "numbers right for one class each": (
        "::: school\n# 一、甲\n:::\n::: county\n# 一、乙\n:::\n# 二、丙", {"address": "unit"}, []
    ),
    "all is well": ("# 一、甲\n## (一)乙\n{{ event }} {{ contacts }}", {}, []),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_problems(name: str) -> None:
    text, values, expected = WRONG[name]
    assert [each.replace(":None", "") for each in found(text, **values)] == expected


def test_an_unknown_reference_says_what_was_meant() -> None:
    (problem,) = body.problems(dispatch("{{ deadlines.reprot }}"))
    assert "deadlines.reprot" in problem.message
    assert "deadlines.report" in problem.hint
    (other,) = body.problems(dispatch("::: schol\n:::", address="unit"))
    assert "schol" in other.message
    assert "school" in other.hint


@pytest.mark.parametrize("read", [body.parse, body.compose])
def test_an_error_is_raised_with_all_others(read: Any) -> None:
    with pytest.raises(Problems) as raised:
        read(dispatch("{{ a }}\n{{ b }}"))
    assert len(raised.value.problems) == 2


def test_a_body_inside_the_spec_is_reported_by_line() -> None:
    case = Dispatch(
        Path("case"),
        Spec.model_validate(VALUES | {"body": "甲\n{{ x }}"}),
        (),
        "甲\n{{ x }}",
        "dispatch.yaml",
        body_line=9,
    )
    (problem,) = body.problems(case)
    assert str(problem.where) == "dispatch.yaml:10"


def test_of_very_many_problems_the_first_are_told() -> None:
    found = body.problems(dispatch("{{ a }}\n\n" * 500))
    assert [problem.code for problem in found] == ["unknown-reference"] * 100 + ["more-problems"]
    assert (found[-1].severity, found[-1].message) == ("error", "400 more problems in this file are not shown")
