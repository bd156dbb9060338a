"""docs/reliability.md says which defence met which attack, and is made from the tables that the tests run."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from attacks import LITERAL
from attacks.faults import ROSTER_ROWS, SPEC, TEMPLATE_FAULTS
from attacks.mutants import EXCEL, WORD
from attacks.names import NAMES
from attacks.packages import ACTIVE, BOMBS, ENCODINGS, XML_BOMBS
from attacks.templates import ATTACKS as TEMPLATES
from attacks.values import VALUES
from attacks.yaml_cases import ATTACKS as YAML
from fuzz import TARGETS
from test_attacks_packages import PARTS
from word_template import PLACES, STORIES

PAGE = Path(__file__).parent.parent / "docs" / "reliability.md"
MARK = "<!-- made by pytest --update tests/test_attacks_report.py -->"


def by_defence(pairs: Iterable[tuple[str, str]]) -> Iterator[str]:
    """A table: each defence with the number and the names of the attacks that it met."""
    met = defaultdict(list)
    for name, defence in pairs:
        met[defence].append(name)
    yield "| 由什么拦下 | 次数 | 攻击 |"
    yield "|---|---|---|"
    for defence, names in met.items():
        shown = "; ".join(f"`{name}`" if "`" not in name else repr(name) for name in names).replace("|", "\\|")
        yield f"| {defence} | {len(names)} | {shown} |"


def section(title: str, number: int, *lines: str) -> Iterator[str]:
    yield from ("", f"### {title}（{number}）", "", *lines)


def table() -> str:
    templates = [
        (attack.name, "`" + re.sub(r"the (filter|test) \w+", r"the \1 …", attack.met) + "`") for attack in TEMPLATES
    ]
    values = [(value.name, "原样印出" if value.met == LITERAL else "`bad-character`") for value in VALUES]
    yaml = [(attack.name, "按文字读入" if attack.met == LITERAL else f"`{attack.met}`") for attack in YAML]
    bombs = [(bomb.name, f"`{bomb.met}`" if "-" in bomb.met else "只读有值的单元格") for bomb in BOMBS]
    faults = len(SPEC.split("# !")) - 1 + 4 * sum(1 for _row, column, _code in ROSTER_ROWS if column)
    lines = [
        *section(f"模板，各放进 {len(PLACES)} 处", len(TEMPLATES), *by_defence(templates)),
        *section(f"值，各放进 {len(PLACES)} 处，直接填入和逐单位填入各一次", len(VALUES), *by_defence(values)),
        *section("发文事项的 YAML", len(YAML), *by_defence(yaml)),
        *section("单位名录工作簿", len(BOMBS), *by_defence(bombs)),
        *section(
            f"文件的部件，各放进 {len(PARTS)} 个",
            len(XML_BOMBS) + len(ENCODINGS),
            *by_defence([*((name, "`file-hostile`") for name in (*XML_BOMBS, *ENCODINGS))]),
        ),
        *section("原样转发的文件", len(ACTIVE), *by_defence((name, "`file-refused`") for name in ACTIVE)),
        *section("写坏的成品", len(WORD) + len(EXCEL), *by_defence((m.name, "成品检查") for m in (*WORD, *EXCEL))),
        "",
        f"另有 {len(NAMES)} 个不能作文件夹名的单位名称（既作名称，又作代码），全部得到各自的文件夹；"
        f"一次运行中报出模板里埋下的 {len(TEMPLATE_FAULTS) * len(STORIES)} 处错误"
        f"和数据里埋下的 {faults} 处错误，位置无误；"
        f"{len(TARGETS)} 个读取入口各受变异输入考验。",
    ]
    return "\n".join(lines).strip() + "\n"


def test_the_page_is_made_from_the_tables(request: pytest.FixtureRequest) -> None:
    before, mark, rest = PAGE.read_text(encoding="utf-8").partition(MARK)
    _old, end, after = rest.partition("<!-- end -->")
    assert mark, "the page has no place for the tables"
    assert end
    text = f"{before}{MARK}\n\n{table()}\n{end}{after}"
    if request.config.getoption("--update"):
        PAGE.write_text(text, encoding="utf-8", newline="\n")
    assert PAGE.read_text(encoding="utf-8") == text


def test_there_are_as_many_attacks_as_were_promised() -> None:
    assert len(TEMPLATES) >= 26
    assert len(VALUES) >= 23
    assert len(YAML) >= 35
    assert len(BOMBS) >= 10
    assert len(NAMES) >= 75
