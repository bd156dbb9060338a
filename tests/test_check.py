"""`check` against small dispatches, each line of which carries the problem that must be reported there."""

from __future__ import annotations

import io
import re
import zlib
from collections.abc import Callable, Mapping
from pathlib import Path

import docx
import pdfs
import planted
import pytest
import sources

from generator.base.problems import Problem
from generator.check import CODES, check
from generator.dispatch.load import load_dispatch

ROOT = Path(__file__).parent.parent
CASES = sorted((Path(__file__).parent / "checks").iterdir())
EXPECTED = re.compile(
    r"# (?P<severity>error|warning|info) (?P<code>[a-z-]+): (?P<message>.*?)(?= # (?:error|warning|info) |$)", re.M
)


def word_file(text: str) -> bytes:
    document, stream = docx.Document(), io.BytesIO()
    document.add_paragraph(text)
    document.save(stream)
    return stream.getvalue()


FETCHING = '<sheetData><row r="1"><c r="A1"><f>WEBSERVICE("http://example.com/")</f></c></row>'
SOURCES = {
    "source.docx": word_file("来文"),
    "edited.docx": sources.source("tracked-changes", "comments"),
    "endnotes.docx": sources.source(extra='<w:p><w:r><w:endnoteReference w:id="1"/></w:r></w:p>'),
    "empty.docx": word_file(""),
    "source.pdf": pdfs.pdf(3),
    "loaded.pdf": pdfs.pdf(3, pdfs.loaded),
    "damaged.pdf": b"%PDF-1.4",
    "source.rtf": b"{\\rtf1 }",
    "source.doc": sources.source("footers", "counted-pages"),
    **dict.fromkeys(
        ("macros.docx", "macros.docx\u200b", "macros.docx.", "macros.ｄｏｃｘ", "macros.pdf"),
        planted.rezip({**planted.word_parts(), "word/vbaProject.bin": b""}),
    ),
    **dict.fromkeys(("tool.exe", "tool.pdf"), b"MZ\x90"),
    **dict.fromkeys(("page.html", "start.lnk", "plain", "sheet.xlsb", "list.zip", "list.csv"), b"a,b\n1,2\n"),
    "running.csv": b"a,b\n1,\"=cmd|'/c calc'!A0\"\n",
    "running.pdf": b"%PDF-1.7\n1 0 obj <</OpenAction <</S /J#61vaScript /JS (x)>> >> endobj",
    "hiding.pdf": b"%PDF-1.7\n1 0 obj <</Type /ObjStm /DecodeParms <<>> /Length 9>>\nstream\n"
    + zlib.compress(b"1 0 <</Names <</EmbeddedFiles 2 0 R>> /S /Launch>>"),
    "fetching.xlsx": planted.rezip(
        planted.changed(
            planted.excel_parts(), planted.Change("", "xl/worksheets/sheet1.xml", "<sheetData>", FETCHING, "")
        )
    ),
    "old.doc": b"\xd0\xcf\x11\xe0",
    "junk.docx": b"junk",
    "blank.txt": b" \n\n",
    "own/notice-leter.docx": word_file("{{ title }}"),
    "own/~$form.docx": b"",
}
"""Files that the cases name."""

DispatchFolder = Callable[[Mapping[str, str | bytes]], Path]
Finding = tuple[str, int | None, str, str, str]


def findings(files: Mapping[str, str], dispatch_folder: DispatchFolder) -> list[Problem]:
    """What is found in the case, once the expectations are taken out: in a body they would be text."""
    bare = {name: EXPECTED.sub("", text) for name, text in files.items()}
    return check(load_dispatch(dispatch_folder({**SOURCES, **bare})))


def case_files(case: Path) -> Mapping[str, str]:
    """A case is one dispatch.yaml, or a folder of files."""
    files = [(path.name, path) for path in case.iterdir()] if case.is_dir() else [("dispatch.yaml", case)]
    return {name: path.read_text(encoding="utf-8") for name, path in files}


def expected(files: Mapping[str, str]) -> set[Finding]:
    return {
        (name, number, match["severity"], match["code"], match["message"].strip())
        for name, text in files.items()
        for number, line in enumerate(text.splitlines(), 1)
        for match in EXPECTED.finditer(line)
    }


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.stem)
def test_case(case, dispatch_folder):
    files = case_files(case)
    found = findings(files, dispatch_folder)
    assert {(p.where.file, p.where.line, p.severity, p.code, p.message) for p in found} == expected(files)
    assert len(found) == len(expected(files)), "the same problem is reported twice"


def test_cases_cover_every_code():
    """A code without a case could be reported wrongly, or never."""
    raised = {(code, severity) for case in CASES for _, _, severity, code, _ in expected(case_files(case))}
    # tests of their own: test_a_template_that_cannot_be_filled here, the others in test_attach.py and test_joined.py
    raised |= {("template", "error"), ("source-converted", "warning"), ("source-unseen", "warning")}
    assert raised == {(name, code.severity) for name, code in CODES.items()}


def test_codes_are_kebab_case():
    assert [code for code in CODES if not re.fullmatch(r"[a-z]+(-[a-z]+)*", code)] == []


def test_documented_codes(request, in_chinese):
    path = ROOT / "docs" / "checks.md"
    tables = (in_chinese(module, "code_table") for module in ("generator.check", "generator.base.codes"))
    text = DOCUMENT.format(*tables)
    if request.config.getoption("--update"):
        path.write_text(text, encoding="utf-8", newline="\n")
    assert path.read_text(encoding="utf-8") == text


DOCUMENT = """# `fawen check` 报告的问题

错误使所有生成命令停止；只涉及一个单位的错误（`quota-not-a-number`）只使这个单位的文件不能生成，其他单位照常。
警告不影响生成，除非加 `--strict`：实际的通知中就有落在星期六的期限、合计不符的总数，也可能是上级来文有误。
说明不要求处理，只告知查到的情况。加 `--json` 时，三种级别写作 `error`、`warning`、`info`。

`fawen explain 代码` 显示同样的说明。

本页由程序从 `generator/check/codes.py`、`generator/base/codes.py` 生成（`pytest --update tests/test_check.py`）。

{}
## 读入、生成等环节的代码

下列代码不是 `fawen check` 的检查项目，而是读入发文事项、检查文件安全、生成文件和命令本身报告的。

{}"""


HINTS = {
    "a misspelt deadline": ("names", "unknown-name", 'Did you mean "report"?'),
    "a number with a normal form": ("heading", "number-form", "Write 某人社函〔2026〕58号."),
    "a number without one": ("no-title", "number-form", "Write it as 代字〔2026〕5号."),
    "the working day before": ("deadlines", "deadline-day-off", "The working day before it is 2026-09-11."),
    "a holiday that starts on a Friday": ("deadlines", "deadline-day-off", "The working day before it is 2026-09-24."),
    "a deadline to refer to": ("body", "deadline-repeated", "{{ deadlines.report }}"),
    "a column": ("quantities", "unknown-column", 'Did you mean "名额"?'),
    "how to write a date": ("limits", "bound-unreadable", "2026-09-01"),
}


@pytest.mark.parametrize(("case", "code", "hint"), HINTS.values(), ids=HINTS)
def test_hint(case, code, hint, dispatch_folder):
    files = case_files(ROOT / "tests" / "checks" / f"{case}.yaml")
    assert any(hint in problem.hint for problem in findings(files, dispatch_folder) if problem.code == code)


def test_order_is_by_place(dispatch_folder):
    files = case_files(ROOT / "tests" / "checks" / "forms.yaml")
    lines = [problem.where.line for problem in findings(files, dispatch_folder)]
    assert lines == sorted(lines)


def test_columns_of_a_body_file(dispatch_folder):
    files = case_files(ROOT / "tests" / "checks" / "roster")
    columns = {p.where.column for p in findings(files, dispatch_folder) if p.where.file == "body.md"}
    assert columns == {files["body.md"].splitlines()[4].index("9月9日") + 1}


def test_a_template_that_cannot_be_filled(dispatch_folder):
    """What is wrong stands in the template, where no line can carry the expectation."""
    clean = (ROOT / "tests" / "checks" / "clean.yaml").read_text(encoding="utf-8")
    own = {"dispatch.yaml": clean + "templates: mine\n"}
    folder = dispatch_folder({**SOURCES, **own, "mine/form.docx": word_file("{{ titel }}")})
    assert {(p.code, p.severity, p.where.file) for p in check(load_dispatch(folder))} == {
        ("template", "error", "form.docx")
    }


def test_a_blank_cell_that_an_own_template_prints(dispatch_folder):
    clean = (ROOT / "tests" / "checks" / "clean.yaml").read_text(encoding="utf-8")
    own = {"dispatch.yaml": clean + "templates: mine\n"}
    text = "{{ unit.phone }}{% if unit.email %}{{ unit.email }}{% endif %}"
    folder = dispatch_folder({**SOURCES, **own, "mine/checklist.docx": word_file(text)})
    (found,) = (problem for problem in check(load_dispatch(folder)) if problem.severity != "info")
    assert (found.code, found.where.line) == ("blank-cell", 22)
    assert 'column "phone"' in found.message
    assert "呼和浩特市, 包头市" in found.message


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.stem)
def test_every_finding_says_what_to_do(case, dispatch_folder):
    found = [problem for problem in findings(case_files(case), dispatch_folder) if problem.severity != "info"]
    assert [problem.code for problem in found if not problem.hint] == []
