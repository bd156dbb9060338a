"""The documentation: tables made from the code, and examples that work."""

from __future__ import annotations

import gettext
import io
import re
from collections.abc import Callable, Mapping
from pathlib import Path

import click
import docx
import pytest
import yaml
from planted import excel_parts, rezip

from generator.base.i18n import LOCALE_DIR
from generator.check import check
from generator.cli import main
from generator.dispatch.faults import key_names
from generator.dispatch.load import load_dispatch
from generator.dispatch.schema import key_table
from generator.dispatch.skeleton import write
from generator.dispatch.style import House
from generator.kits import kinds
from generator.kits.kinds.checklist import ChecklistDocument
from generator.kits.kinds.notice import NoticeDocument
from generator.word.template.jinja import environment
from generator.word.template.templates import SHIPPED

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
MADE = re.compile(r"<!-- made: (?P<name>\S+) -->\n(?P<text>.*?)<!-- end -->", re.S)
CHINESE = gettext.translation("fawen", LOCALE_DIR, ["zh_CN"])


# -- tables made from the code -----------------------------------------------------------------------------------------


def command_tables() -> dict[str, str]:
    """For each command what it does and a table of its arguments and options, in Chinese."""
    context = click.Context(main)
    commands = {name: main.get_command(context, name) for name in main.list_commands(context)}
    return {name: _command_table(command) for name, command in commands.items() if command}


def _command_table(command: click.Command) -> str:
    rows = [_parameter(command, parameter) for parameter in command.params]
    table = ["", "| 参数 | 说明 |", "|---|---|", *rows] if rows else []
    return "\n".join([CHINESE.gettext(command.help or ""), *table]) + "\n\n"


ARGUMENTS = {
    "code": "问题代码",
    "folder": "发文事项文件夹，或其中的 dispatch.yaml",
    "out": "输出文件夹",
    "file": "文件",
    "files": "文件",
    "returned": "报回的文件夹、压缩包、邮件或文件",
    "cell": "汇总表中的单元格，如 `汇总!E7`",
}
"""What an argument is; Click's arguments have no help of their own."""


def _parameter(command: click.Command, parameter: click.Parameter) -> str:
    name = parameter.name or ""
    if isinstance(parameter, click.Option):
        takes = "" if parameter.is_flag else f" {parameter.metavar or name.upper()}"
        written = "、".join(f"`{option}{takes}`" for option in parameter.opts)
        return f"| {written} | {CHINESE.gettext(parameter.help or '')} |"
    what = "要新建的文件夹" if command.name == "new" else ARGUMENTS[name]
    return f"| `{parameter.make_metavar(click.Context(command))}` | {what} |"


def spec_tables() -> dict[str, str]:
    """The table of keys of each mapping in dispatch.yaml, by the mapping's name."""
    sections = key_table().split("## ")[1:]
    return {
        name: f"**`{name}`**\n\n{table.strip()}\n\n" for name, _, table in (part.partition("\n\n") for part in sections)
    }


def template_tables() -> dict[str, str]:
    """The styles that the shipped templates hold, in the order of the page; and the keys of house.yaml."""
    keys = [
        f"| `{key}` | {field.description} | {f'`{field.default}`' if field.default else ''} |"
        for key, field in key_names(House).items()
    ]
    return {
        "styles": "、".join(f"`{name}`" for name in _styles("notice-letter.docx")) + "\n\n",
        "house.yaml": "\n".join(["| 键 | 含义 | 缺省 |", "|---|---|---|", *keys]) + "\n\n",
    }


def _styles(template: str) -> list[str]:
    styles = docx.Document(str(SHIPPED / template)).styles
    return [style.name or "" for style in styles if re.search("[\u4e00-\u9fff]", style.name or "")]


PAGES: dict[str, Callable[[], Mapping[str, str]]] = {
    "commands.md": command_tables,
    "spec.md": spec_tables,
    "templates.md": template_tables,
}


@pytest.mark.parametrize("page", PAGES)
def test_tables_are_those_of_the_code(page: str, request: pytest.FixtureRequest) -> None:
    path, tables = DOCS / page, PAGES[page]()
    text = path.read_text(encoding="utf-8")
    if request.config.getoption("--update"):
        text = _updated(text, tables, "fawen " if page == "commands.md" else "")
        path.write_text(text, encoding="utf-8", newline="\n")
    assert {match["name"]: match["text"] for match in MADE.finditer(text)} == tables


def _updated(text: str, tables: Mapping[str, str], heading: str) -> str:
    known = {match["name"] for match in MADE.finditer(text)}
    new = [f"\n## {heading}{name}\n\n<!-- made: {name} -->\n<!-- end -->\n" for name in tables if name not in known]

    def filled(match: re.Match[str]) -> str:
        name = match["name"]
        return f"<!-- made: {name} -->\n{tables[name]}<!-- end -->" if name in tables else ""

    return MADE.sub(filled, text + "".join(new))


def test_every_template_has_the_styles() -> None:
    names = {path.name: _styles(path.name) for path in SHIPPED.glob("*.docx")}
    assert set(map(tuple, names.values())) == {tuple(_styles("notice-letter.docx"))}


# -- examples ----------------------------------------------------------------------------------------------------------


def word_file(*paragraphs: str) -> bytes:
    document, stream = docx.Document(), io.BytesIO()
    for text in paragraphs:
        document.add_paragraph(text)
    document.save(stream)
    return stream.getvalue()


def blocks(page: str, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", (DOCS / page).read_text(encoding="utf-8"), re.S | re.M)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The dispatch of `fawen new`, with the files that the examples name."""
    write(tmp_path)
    for name in ("source.docx", "guide.docx"):
        (tmp_path / name).write_bytes(word_file("来文"))
    (tmp_path / "来文附件2.xlsx").write_bytes(rezip(excel_parts()))
    return tmp_path


def changed(folder: Path, keys: Mapping[str, object]) -> Path:
    """The folder, with these keys in place of its spec's own."""
    path = folder / "dispatch.yaml"
    # As text, as fawen itself reads it: 2026-09-10 and 17:00 must come through as they are written.
    spec = yaml.load(path.read_text(encoding="utf-8"), yaml.BaseLoader)
    path.write_text(yaml.safe_dump({**spec, **keys}, allow_unicode=True), encoding="utf-8")
    return folder


def errors(folder: Path) -> list[str]:
    return [str(problem) for problem in check(load_dispatch(folder)) if problem.severity == "error"]


@pytest.mark.parametrize("example", blocks("spec.md", "yaml"), ids=lambda text: text.split(":")[0])
def test_spec_examples_check(folder: Path, example: str) -> None:
    keys = yaml.load(example, yaml.BaseLoader)
    assert errors(changed(folder, {"body": "正文。", **keys})) == []


@pytest.mark.parametrize("example", blocks("spec.md", "markdown"), ids=["all", "unit"])
def test_body_examples_check(folder: Path, example: str) -> None:
    (folder / "body.md").write_text(example, encoding="utf-8")
    assert errors(changed(folder, {"address": "unit" if "{{ unit" in example else "all"})) == []


SPEC = (DOCS / "spec.md").read_text(encoding="utf-8")
DEADLINES = re.findall(r"^\| `(.+?)` \| (\S+) \|$", SPEC.partition("| 写法 | 印成 |")[2].partition("<!--")[0], re.M)


@pytest.mark.parametrize(("written", "printed"), DEADLINES)
def test_deadlines_print_as_documented(folder: Path, written: str, printed: str) -> None:
    from generator.wording.body.references import vocabulary

    due = yaml.load(written, yaml.BaseLoader)
    event = {"name": "活动", "start": "2026-09-01", "end": "2026-09-04"}
    changed(folder, {"deadlines": {"x": {"due": due}}, "forms": {}, "evidence": {}, "event": event, "body": "正文。"})
    assert vocabulary(load_dispatch(folder))["deadlines.x"] == [printed]


def test_references_are_those_documented(folder: Path) -> None:
    """Each `{{ name }}` and `.part` of the table, and no other, can be written in a body."""
    from generator.wording.body.references import vocabulary

    rows = re.findall(r"^\| `{{ (\w+)(?:\.x)? }}` \| (.*) \|$", SPEC, re.M)
    documented = {name: set(re.findall(r"`\.(\w+)`", words)) for name, words in rows}
    found: dict[str, set[str]] = {}
    for path in [ROOT / "specs" / name for name in ("2022-first-lesson", "2023-vocational-week")] + [folder]:
        for reference in vocabulary(load_dispatch(path)):
            name, *parts = reference.split(".")
            found.setdefault(name, set()).update(parts[-1:] if name == "event" else parts[1:])
    assert set(found) == set(documented)
    assert all(found[name] <= documented[name] for name in found)


# -- templates ---------------------------------------------------------------------------------------------------------


def documented_names(template: str) -> dict[str, bool]:
    """The names that docs/templates.md gives for a template, and whether each fills whole paragraphs."""
    section = (DOCS / "templates.md").read_text(encoding="utf-8").split("## 名称")[1].split("## 写法")[0]
    part = next(part for part in section.split("\n### ")[1:] if template in part.partition("\n")[0])
    return {name: "整段" in words for name, words in re.findall(r"^\| `(\w+)` \| (.*) \|$", part, re.M)}


@pytest.mark.parametrize("example", blocks("templates.md", "yaml"), ids=["house.yaml"])
def test_the_house_style_example_checks(folder: Path, example: str) -> None:
    (folder / "模板").mkdir()
    (folder / "模板" / "house.yaml").write_text(example, encoding="utf-8")
    keys = changed(folder, {"templates": "模板", "document_number": "58"})
    assert errors(keys) == []
    assert load_dispatch(keys).spec.document_number == "某人社函〔2026〕58号"


LISTS = {"items", "notes", "contacts"}
TEMPLATES = ["notice-letter.docx", "notice-document.docx", "checklist.docx", "form.docx"]


def filled_with(folder: Path, template: str, names: Mapping[str, bool]) -> Path:
    """The folder, its template one that prints these names alone."""
    own = folder / "模板"
    own.mkdir()
    document = docx.Document(str(SHIPPED / template))
    for element in [paragraph._p for paragraph in document.paragraphs] + [table._tbl for table in document.tables]:
        element.getparent().remove(element)
    for name, whole in names.items():
        if name in LISTS:
            document.add_paragraph(f"{{%p for one in {name} %}}")
            document.add_paragraph("{{ one }}")
            document.add_paragraph("{%p endfor %}")
        else:
            document.add_paragraph(f"{{{{p {name} }}}}" if whole else f"{{{{ {name} }}}}")
    document.save(str(own / template))
    return changed(folder, {"templates": "模板", "layout": "document" if "document" in template else "letter"})


@pytest.mark.parametrize("template", TEMPLATES)
def test_a_template_may_use_the_documented_names(folder: Path, template: str) -> None:
    names = {name: whole for name, whole in documented_names(template).items() if name != "unit"}
    assert names
    assert errors(filled_with(folder, template, names)) == []


@pytest.mark.parametrize("template", TEMPLATES)
def test_no_other_name_may_be_used(folder: Path, template: str) -> None:
    used = re.findall(r"{{p? (\w+)|in (\w+) %}|if (\w+) %}", _template_text(template))
    assert {name for names in used for name in names if name} - {"item", "line"} <= documented_names(template).keys()
    assert "{{ nonsense }}" in errors(filled_with(folder, template, {"nonsense": False}))[0]


def _template_text(template: str) -> str:
    document = docx.Document(str(SHIPPED / template))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    heads = [p.text for section in document.sections for p in section.header.paragraphs]
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells, *heads])


def test_contexts_hold_the_documented_names(folder: Path) -> None:
    """Nothing that a template is given is missing from the page."""
    made = kinds.documents(load_dispatch(folder))
    (notice,) = [document for document in made if isinstance(document, NoticeDocument)]
    checklists = [document.context(None) for document in made if isinstance(document, ChecklistDocument)]
    assert {*notice.context(None)[0], "unit"} == documented_names("notice-letter.docx").keys()
    assert {name for context in checklists for name in context} == documented_names("checklist.docx").keys()
    fields = set(re.findall(r"`item\.(\w+)`", (DOCS / "templates.md").read_text(encoding="utf-8")))
    assert {field for context in checklists for item in context["items"] for field in item} == fields


def test_the_documented_filters_are_those_there_are() -> None:
    text = (DOCS / "templates.md").read_text(encoding="utf-8")
    (listed,) = re.findall(r"可用的过滤器：([\w、]+)", text)
    assert set(listed.split("、")) == set(environment().filters)


# -- links -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", [*ROOT.glob("*.md"), *DOCS.glob("*.md")], ids=lambda path: path.name)
def test_links_lead_somewhere(path: Path) -> None:
    targets = re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", path.read_text(encoding="utf-8"))
    assert [target for target in targets if "://" not in target and not (path.parent / target).exists()] == []
