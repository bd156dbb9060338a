"""Sources that are no .docx: PDFs, whose pages follow the notice's own, and old Word documents, made .docx first."""

from __future__ import annotations

import hashlib
import io
import json
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pdfplumber
import pdfs
import pikepdf
import pytest
import sources
from click.testing import Result

from generator.base.problems import Where
from generator.check import check, fidelity
from generator.dispatch.load import load_dispatch
from generator.kits.kinds.notice import NoticeDocument
from generator.office import pdf

DispatchFolder = Callable[[Mapping[str, str | bytes]], Path]
Run = Callable[..., Result]
WHERE = Where("source.pdf")
ORIGIN = "ab" * 32
SPEC = """
kind: forward
status: issued
issuing_authorities: [某某厅]
document_number: 某函〔2026〕1号
date_of_issue: 2026-07-24
sources:
  first: {{title: 关于来文的通知, file: {first}, attach: {attach}}}
  {second}
recipients: [各单位]
units: [{{code: "01", name: 某单位, short_name: 某单位, class: all_units}}]
classes: {{all_units: 各单位}}
body: 请遵照执行。
"""


@pytest.fixture
def folder(dispatch_folder: DispatchFolder) -> Callable[..., Path]:
    """`folder("source.doc", data)`: a dispatch with this source, to be appended unless `attach` says otherwise."""

    def make(name: str, data: bytes, attach: str = "append", second: str = "") -> Path:
        spec = SPEC.format(first=name, attach=attach, second=second)
        return dispatch_folder({"dispatch.yaml": spec, name: data})

    return make


# -- PDF ---------------------------------------------------------------------------------------------------------------


def pages(data: bytes) -> list[Any]:
    with pdfplumber.open(io.BytesIO(data)) as document:
        return [(page.width, page.height, page.extract_text(), len(page.rects)) for page in document.pages]


def test_only_what_is_drawn_is_joined() -> None:
    """The stamp stays as it looks; the script, the embedded file and the link that starts a program do not."""
    source = pdfs.pdf(2, pdfs.loaded)
    assert all(secret in pdfs.contents(source) for secret in pdfs.SECRETS)
    made = pdf.stable(pdfs.pdf(1), ORIGIN, [source])
    assert [secret for secret in pdfs.SECRETS if secret in pdfs.contents(made)] == []
    assert pages(made)[1:] == [(*pdfs.SIZE, "Page 1", 1), (*pdfs.SIZE, "Page 2", 0)]
    assert pdf.origin_of(made) == ORIGIN[:32]


def test_what_a_page_inherits_comes_along() -> None:
    made = pdf.stable(pdfs.pdf(1), ORIGIN, [pdfs.pdf(2, pdfs.inherited), pdfs.pdf(1)])
    with pikepdf.open(io.BytesIO(made)) as document:
        assert [int(page.get("/Rotate", 0)) for page in document.pages] == [0, 90, 90, 0]
        assert all("/F1" in page.resources.Font for page in document.pages)
        assert all(page.mediabox == [0, 0, *pdfs.SIZE] for page in document.pages)


def test_the_same_pages_give_the_same_bytes() -> None:
    source = pdfs.pdf(2, pdfs.loaded)
    assert pdf.stable(pdfs.pdf(1), ORIGIN, [source]) == pdf.stable(pdfs.pdf(1), ORIGIN, [source])


WHOLE = pdfs.pdf(2)
REFUSED = {
    "password to open": (pdfs.pdf(1, encryption=pikepdf.Encryption(owner="a", user="b")), "protected by a password"),
    "password to change": (pdfs.pdf(1, encryption=pikepdf.Encryption(owner="a", user="")), "protected by a password"),
    "half": (WHOLE[: len(WHOLE) // 2], "the PDF is damaged"),
    "torn inside": (WHOLE.replace(b"1 0 obj", b"1 0 obx"), "the PDF is damaged"),
    "no pages": (pdfs.pdf(0), "no pages"),
    "no PDF": (b"PK", "the PDF is damaged"),
    "layers": (pdfs.pdf(1, pdfs.layered), "layers that are not shown"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_pdf_that_cannot_be_joined_is_one_clear_problem(name: str, folder: Callable[..., Path]) -> None:
    data, reason = REFUSED[name]
    found = check(load_dispatch(folder("source.pdf", data)))
    errors = [problem for problem in found if problem.severity == "error"]
    assert [problem.code for problem in errors] == ["source-unreadable"]
    assert reason in errors[0].message
    assert "object at" not in errors[0].message


def test_without_the_library_a_pdf_is_sent_unseen(folder: Callable[..., Path], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pikepdf", None)
    found = {problem.code: problem for problem in check(load_dispatch(folder("source.pdf", WHOLE)))}
    assert "pip install pikepdf" in found["source-unseen"].hint


def test_a_pdf_lies_beside_the_notice_and_not_in_it(folder: Callable[..., Path], run: Run, tmp_path: Path) -> None:
    source, out = pdfs.pdf(2), tmp_path / "out"
    assert run("batch", folder("source.pdf", source), "--out", out).exit_code == 0
    (beside,) = out.rglob("*.pdf")
    assert (beside.name, beside.read_bytes()) == ("关于来文的通知.pdf", source)
    listed = {entry["file"]: entry["sha256"] for entry in json.loads((out / "manifest.json").read_bytes())["files"]}
    assert listed[beside.relative_to(out).as_posix()] == hashlib.sha256(source).hexdigest()


@pytest.mark.rendered
def test_with_pdf_its_pages_follow_those_of_the_notice(folder: Callable[..., Path], run: Run, tmp_path: Path) -> None:
    out, source = tmp_path / "out", pdfs.pdf(2, pdfs.loaded)
    path = folder("source.pdf", source)

    def notice() -> bytes:
        return next(each.read_bytes() for each in out.rglob("*.pdf") if each.name != "关于来文的通知.pdf")

    assert run("batch", path, "--out", out, "--pdf").exit_code == 0
    first = notice()
    assert [text for *_size, text, _rects in pages(first)][-2:] == ["Page 1", "Page 2"]
    assert "请遵照执行" in pages(first)[0][2]
    assert "made" not in run("batch", path, "--out", out, "--pdf").stdout
    assert run("verify", out).exit_code == 0

    # Another source: without --pdf its PDF goes, as it would be of another text; with it, it is made anew.
    (path / "source.pdf").write_bytes(pdfs.pdf(3))
    assert run("batch", path, "--out", out, "--replace").exit_code == 0
    assert [each.name for each in out.rglob("*.pdf")] == ["关于来文的通知.pdf"]
    assert run("batch", path, "--out", out, "--pdf", "--replace").exit_code == 0
    assert pages(notice())[-1][2] == "Page 3"


# -- .doc and .wps -----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def old_word(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A .doc, as LibreOffice writes it of a source with a list, a table and a picture."""
    folder = tmp_path_factory.mktemp("old")
    (folder / "a.docx").write_bytes(sources.source("numbering", "merged-cells", "images", "footnotes"))
    words = [
        f"-env:UserInstallation={(folder / 'profile').as_uri()}",
        "--headless",
        "--norestore",
        "--convert-to",
        "doc",
    ]
    subprocess.run(["soffice", *words, "a.docx"], cwd=folder, capture_output=True, timeout=240, check=True)
    return (folder / "a.doc").read_bytes()


@pytest.mark.rendered
@pytest.mark.parametrize("name", ["source.doc", "source.wps"])
def test_an_old_document_is_appended_as_libreoffice_reads_it(
    name: str, folder: Callable[..., Path], old_word: bytes
) -> None:
    dispatch = load_dispatch(folder(name, old_word))
    found = check(dispatch)
    assert [problem.code for problem in found if problem.severity == "error"] == []
    assert [problem.code for problem in found].count("source-converted") == 1
    notice = NoticeDocument(dispatch).compile(None).stamp({}).data
    report = fidelity.report(dispatch.appendable(name), notice)
    assert report.kept, report
    said = {aspect.name: aspect.before for aspect in report.aspects}
    assert {"来文末段", "一、甲"} <= set(said["text"])
    assert (len(said["images"]), len(said["footnotes"]), bool(said["tables"])) == (2, 2, True)


@pytest.mark.rendered
def test_an_old_document_gives_the_same_bytes_on_every_load(folder: Callable[..., Path], old_word: bytes) -> None:
    again = "second: {title: 关于又一次的通知, file: source.doc, attach: append}"
    path = folder("source.doc", old_word, second=again)
    one, other = (load_dispatch(path) for _time in range(2))
    assert one.appendable("source.doc") is one.appendable("source.doc"), "a file is converted once, whoever asks"
    made = {NoticeDocument(each).compile(None).stamp({}).data for each in (one, other)}
    assert len(made) == 1


def test_an_old_document_beside_the_notice_stays_as_it_is(folder: Callable[..., Path]) -> None:
    data = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512)
    dispatch = load_dispatch(folder("source.doc", data, "beside"))
    assert [problem.code for problem in check(dispatch) if problem.code == "source-converted"] == []
    assert dispatch.files["source.doc"] == data


def test_a_document_that_only_calls_itself_old_is_read_as_it_is(folder: Callable[..., Path]) -> None:
    data = sources.source()
    dispatch = load_dispatch(folder("source.wps", data))
    assert dispatch.appendable("source.wps") is dispatch.files["source.wps"] == data


def test_no_libreoffice_is_said_at_the_file(folder: Callable[..., Path], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    dispatch = load_dispatch(folder("source.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512)))
    (problem,) = [problem for problem in check(dispatch) if problem.severity == "error"]
    assert (problem.code, problem.where.file, problem.where.line) == ("source-unreadable", "dispatch.yaml", 8)
    assert "LibreOffice" in problem.message


@pytest.mark.rendered
@pytest.mark.parametrize("data", [b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000), b"words!", b""], ids=len)
def test_what_is_no_word_document_is_said(data: bytes, folder: Callable[..., Path]) -> None:
    found = check(load_dispatch(folder("source.wps", data)))
    assert [problem.code for problem in found if problem.severity == "error"] == ["source-unreadable"]
