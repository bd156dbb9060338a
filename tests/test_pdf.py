"""PDF and page pictures: whole or reported, made once, the same on every call, and nothing fetched from outside."""

import hashlib
import http.server
import io
import json
import os
import shutil
import subprocess
import sys
import threading
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import Result
from fakes import Copy, Letter, dispatch, planned, units

from generator.base.problems import Problems
from generator.kits import plan, preview
from generator.kits.run import Limits, Settings, build, verify
from generator.office import fonts, libreoffice, pdf

Run = Callable[..., Result]
REFUSED = "LibreOffice cannot read it"


@pytest.fixture
def folder(tmp_path: Path, run: Run) -> Path:
    """The dispatch of `fawen new`: three units that report and a school that is told."""
    path = tmp_path / "某事项"
    assert run("new", path).exit_code == 0
    return path


def inside(out: Path, ending: str) -> dict[str, bytes]:
    found = [path for path in out.rglob("*") if path.name.endswith(ending)]
    return {path.relative_to(out).as_posix(): path.read_bytes() for path in found}


def text_of(data: bytes) -> str:
    import pdfplumber

    with pdfplumber.open(io.BytesIO(data)) as document:
        return "".join(page.extract_text() for page in document.pages)


# -- what is planned ---------------------------------------------------------------------------------------------------


def pdfs(*documents: object) -> list[tuple[str, str]]:
    of = dispatch(Path("某事项"), units(1))
    made = planned(of, *documents, pdf=True)
    return [(job.path.split("/")[1], print_.path.split("/")[1]) for job, print_ in made.pdfs(made.units[0])]


@pytest.mark.parametrize(
    ("documents", "expected"),
    [
        ([Letter()], [("函.docx", "函.pdf")]),
        ([Copy()], []),
        ([Copy(file_name="来文.PPTX"), Copy(file_name="来文.txt")], []),
        ([Copy(file_name="来文.DOCX")], [("来文.DOCX", "来文.pdf")]),
        # One form in two formats has one PDF; two documents that share a name have each its own.
        ([Copy(file_name="表.xlsx"), Copy(file_name="表.docx")], [("表.docx", "表.pdf")]),
        ([Letter(file_name="表.docx"), Copy(file_name="表.xlsx")], [("表.xlsx", "表 (2).pdf"), ("表.docx", "表.pdf")]),
        ([Letter(file_name="来文.docx"), Copy(file_name="来文.pdf")], [("来文.docx", "来文 (2).pdf")]),
    ],
)
def test_the_plan_names_the_pdfs(documents: list[object], expected: list[tuple[str, str]]) -> None:
    assert pdfs(*documents) == expected


def test_without_pdf_the_plan_has_none() -> None:
    of = dispatch(Path("某事项"), units(1))
    made = planned(of, Letter())
    assert made.pdfs(made.units[0]) == []


def test_a_dry_run_names_the_pdfs(run: Run, folder: Path, tmp_path: Path) -> None:
    said = run("batch", folder, "--out", tmp_path / "out", "--pdf", "--dry-run", "--json")
    files = [entry["file"] for entry in json.loads(said.stdout)["files"]]
    assert files == sorted(files, key=plan.sort_key)
    assert sum(file.endswith(".pdf") for file in files) == 3 * 3 + 1
    assert not (tmp_path / "out").exists()


# -- LibreOffice supervised, by a stand-in that falls ill on demand ----------------------------------------------------

STAND_IN = """#!{python}
import os, pathlib, sys, time
words = sys.argv[1:]
if "--version" in words:
    print("LibreOffice 0.0 stand-in")
    sys.exit({version})
if "--outdir" in words:
    at = words.index("--outdir")
    for name in words[at + 2:]:
        data = pathlib.Path(name).read_bytes()
        package = "unreadable" if b"unreadable" in data else "package"
        illness = package if data.startswith(b"PK") else data.decode()
        pdf = pathlib.Path(words[at + 1], pathlib.Path(name).stem + ".pdf")
        with open({log!r}, "a") as log:
            log.write(illness + " ")
        if illness == "hang":
            time.sleep(600)
        elif illness == "crash":
            pdf.write_bytes(b"%PDF-1.7 torn")
            os.abort()
        elif illness == "package" and os.path.exists({blank!r}):
            pdf.write_bytes(pathlib.Path({blank!r}).read_bytes())
        elif illness == "nothing":
            pdf.write_bytes(b"")
        elif illness != "unreadable":
            pdf.write_bytes(b"%PDF-1.7 " + illness.encode() + b" %%EOF")
"""


@pytest.fixture
def stand_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Path]:
    """`stand_in()`: a program that takes LibreOffice's words is the only one on PATH; gives the log of what it read.

    Of a package it makes `blank.pdf`, if there is one.
    """

    def place(version: int = 0) -> Path:
        log = tmp_path / "log"
        programs = tmp_path / "programs"
        programs.mkdir()
        program = programs / "soffice"
        blank = str(tmp_path / "blank.pdf")
        program.write_text(STAND_IN.format(python=sys.executable, version=version, log=str(log), blank=blank))
        program.chmod(0o755)
        monkeypatch.setenv("PATH", str(programs))
        return log

    return place


def convert(tmp_path: Path, ills: list[str], processes: int = 1, seconds: float = 60) -> dict[int, bytes | str]:
    files = []
    for number, illness in enumerate(ills):
        path = tmp_path / f"同名{number}.docx"
        path.write_text(illness)
        files.append((number, path))
    with libreoffice.Converter(libreoffice.find(), processes, seconds) as converter:
        found = list(converter.convert(files))
    assert len(found) == len(files)
    return {number: item.reason if isinstance(item, libreoffice.Failure) else item for number, item in found}


@pytest.mark.parametrize("processes", [1, 2])
def test_exactly_the_file_at_fault_is_reported(tmp_path: Path, stand_in: Callable[..., Path], processes: int) -> None:
    stand_in()
    ills = ["a", "b", "crash", "c", "hang", "unreadable", "d", "nothing", "e", "f"]
    found = convert(tmp_path, ills, processes, seconds=1)
    reasons = {ills[number]: item for number, item in found.items() if isinstance(item, str)}
    assert set(reasons) == {"crash", "hang", "unreadable", "nothing"}
    assert reasons["unreadable"] == reasons["nothing"] == REFUSED
    assert "not done with it after 1 seconds" in reasons["hang"]
    assert "crashed" in reasons["crash"]
    whole = {number: item for number, item in found.items() if isinstance(item, bytes)}
    assert whole == {number: f"%PDF-1.7 {ills[number]} %%EOF".encode() for number in whole}


def test_many_files_go_into_one_call_and_none_is_converted_twice(tmp_path: Path, stand_in: Callable[..., Path]) -> None:
    log = stand_in()
    ills = [f"f{number}" for number in range(2 * libreoffice.CHUNK + 1)]
    assert all(isinstance(item, bytes) for item in convert(tmp_path, ills).values())
    assert log.read_text().split() == ills


def test_nothing_is_left_behind_when_the_run_is_broken_off(
    tmp_path: Path, stand_in: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    log = stand_in()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    (tmp_path / "x.docx").write_text("hang")

    def broken_off() -> None:
        with libreoffice.Converter(libreoffice.find(), 2) as converter:
            (tmp_path / "y.docx").write_text("quick")
            files = [(0, tmp_path / "y.docx"), (1, tmp_path / "x.docx")]
            for _number, _made in converter.convert(files):
                while "hang" not in log.read_text():
                    time.sleep(0.02)
                raise KeyboardInterrupt

    started = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        broken_off()
    assert time.monotonic() - started < 30
    assert not list(tmp_path.glob("fawen-pdf-*"))


@pytest.mark.parametrize(
    ("version", "code"),
    [(None, "no-libreoffice"), (3, "broken-libreoffice")],
)
def test_no_libreoffice_is_said_before_anything_is_made(
    tmp_path: Path,
    run: Run,
    folder: Path,
    stand_in: Callable[..., Path],
    monkeypatch: pytest.MonkeyPatch,
    version: int | None,
    code: str,
) -> None:
    if version is None:
        monkeypatch.setenv("PATH", str(tmp_path / "nothing"))
    else:
        stand_in(version)
    for command in (["batch", "--pdf"], ["preview"]):
        out = tmp_path / command[0]
        said = run(command[0], folder, *command[1:], "--out", out)
        assert said.exit_code == 1
        assert f"[{code}]" in said.stderr
        assert not inside(out, ".docx")


def test_a_pdf_that_fails_costs_no_other_file(tmp_path: Path, stand_in: Callable[..., Path]) -> None:
    """Without a blank PDF the stand-in's are none that can be read."""
    stand_in()
    of = dispatch(Path("某事项"), units(2))
    done = build(of, planned(of, Letter(), Copy(), pdf=True), tmp_path / "out", Settings(1, limits=Limits(seconds=5)))
    assert [entry.file for entry in done.failed] == ["000-单位0/函.pdf", "001-单位1/函.pdf"]
    assert {str(entry.reason).partition(":")[0] for entry in done.failed} == {"LibreOffice made a damaged PDF"}
    assert done.made == 4
    assert [problem.code for problem in verify(tmp_path / "out")] == ["not-made", "not-made"]
    assert not inside(tmp_path / "out", "函.pdf")


def blank_pdf(path: Path) -> None:
    import pikepdf

    with pikepdf.new() as document:
        document.add_blank_page()
        document.save(path)


def package(text: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", f"<t>{text}</t>")
    return out.getvalue()


@pytest.mark.parametrize("jobs", [1, 2])
def test_each_distinct_document_is_converted_once_in_a_run_and_in_its_reruns(
    tmp_path: Path, stand_in: Callable[..., Path], monkeypatch: pytest.MonkeyPatch, jobs: int
) -> None:
    log = stand_in()
    blank_pdf(tmp_path / "blank.pdf")
    monkeypatch.setattr(libreoffice, "CHUNK", 5)
    of = dispatch(Path("某事项"), units(33))
    to_all = Copy(file_name="来文.docx", data=package("同一份来文"))
    damaged = Copy(kind="damaged", file_name="坏.docx", data=package("unreadable"))
    heard: list[int] = []
    documents = (Letter(), to_all, damaged)
    made = planned(of, *documents, pdf=True)
    done = build(of, made, tmp_path / "out", Settings(jobs), lambda number, _total: heard.append(number))
    assert heard == [*range(1, 34), *range(1, 34)]
    assert (done.made, len(done.failed)) == (33 * 5, 33)
    assert {(Path(entry.file).name, entry.reason) for entry in done.failed} == {("坏.pdf", REFUSED)}
    # The damaged one is tried among others and then by itself, for all its units together.
    assert (log.read_text().count("package"), log.read_text().count("unreadable")) == (34, 2)
    assert len(set(inside(tmp_path / "out", "来文.pdf").values())) == 1
    assert [entry.file for entry in done.entries()] == [job.path for unit in made.units for job in made.files(unit)]
    log.unlink()
    again = build(of, made, tmp_path / "out", Settings(jobs))
    assert (again.made, again.unchanged, len(again.failed)) == (0, 33 * 5, 33)
    assert "package" not in log.read_text()


def test_what_a_broken_off_run_has_made_is_not_made_again(
    tmp_path: Path, stand_in: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    log = stand_in()
    blank_pdf(tmp_path / "blank.pdf")
    monkeypatch.setattr(libreoffice, "CHUNK", 2)
    out = tmp_path / "out"
    of = dispatch(Path("某事项"), units(20))
    made = planned(of, Letter(), pdf=True)
    rounds: list[int] = []

    def broken_off(number: int, _total: int) -> None:
        rounds.append(number)
        if len(rounds) == 24:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        build(of, made, out, Settings(1), broken_off)
    before = inside(out, ".pdf")
    assert 0 < len(before) < 20
    log.unlink()
    assert build(of, made, out, Settings(1)).made == 20 - len(before)
    assert log.read_text().count("package") == 20 - len(before)
    assert verify(out) == []
    whole = tmp_path / "whole"
    build(of, made, whole, Settings(1))
    assert (whole / "manifest.json").read_bytes() == (out / "manifest.json").read_bytes()


def test_after_a_broken_off_run_no_pdf_of_an_earlier_text_stays(tmp_path: Path, stand_in: Callable[..., Path]) -> None:
    """Without --pdf a PDF stays while its document does; but the document may be of the run that was broken off."""
    stand_in()
    blank_pdf(tmp_path / "blank.pdf")
    out = tmp_path / "out"
    of = dispatch(Path("某事项"), units(3))
    build(of, planned(of, Letter(), pdf=True), out)
    assert build(of, planned(of, Letter()), out).removed == 0

    def broken_off(number: int, _total: int) -> None:
        if number == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        build(of, planned(of, Letter(text="改了"), pdf=True), out, Settings(1), broken_off)
    assert len(inside(out, ".pdf")) == 3
    assert build(of, planned(of, Letter(text="改了")), out).removed == 3
    assert verify(out) == []


def test_pdfs_of_units_and_kinds_that_are_not_asked_for_stay(tmp_path: Path, stand_in: Callable[..., Path]) -> None:
    stand_in()
    blank_pdf(tmp_path / "blank.pdf")
    of = dispatch(Path("某事项"), units(3))
    to_all = Copy(file_name="来文.docx", data=package("来文"))
    build(of, planned(of, Letter(), to_all, pdf=True), tmp_path)
    made = inside(tmp_path, ".pdf")
    done = build(of, planned(of, Letter(text="改了"), to_all, units=["001"]), tmp_path)
    assert (done.made, done.removed) == (1, 1)
    assert set(made) - set(inside(tmp_path, ".pdf")) == {"001-单位1/函.pdf"}
    build(of, planned(of, Letter(text="又改了"), to_all, kinds=["copy"]), tmp_path)
    assert set(made) - set(inside(tmp_path, ".pdf")) == {"001-单位1/函.pdf"}
    assert verify(tmp_path) == []


def test_a_pdf_of_what_was_not_made_is_not_made(tmp_path: Path, stand_in: Callable[..., Path]) -> None:
    stand_in()
    of = dispatch(Path("某事项"), units(1))
    done = build(of, planned(of, Letter(ill={"000": "problems"}), pdf=True), tmp_path / "out")
    reasons = {entry.file: entry.reason for entry in done.failed}
    assert reasons["000-单位0/函.pdf"] == "its document was not made"


def test_a_hostile_file_is_not_given_to_libreoffice(tmp_path: Path, stand_in: Callable[..., Path]) -> None:
    log = stand_in()
    of = dispatch(Path("某事项"), units(1))
    garbage = Copy(file_name="来文.docx", data=b"plain text under a wrong name")
    done = build(of, planned(of, garbage, pdf=True), tmp_path / "out")
    assert [entry.file for entry in done.failed] == ["000-单位0/来文.pdf"]
    assert "whatever its name says" in str(done.failed[0].reason)
    assert not log.exists()


# -- fonts -------------------------------------------------------------------------------------------------------------


def test_fonts_that_a_document_names() -> None:
    word = (
        '<w:rFonts w:ascii="Times New Roman" w:hAnsi="Arial" w:eastAsia="仿宋_GB2312" w:cs="David" w:hint="eastAsia"/>'
    )
    parts = {
        "word/document.xml": f'<w:lang w:eastAsia="zh-CN"/>{word}'.encode(),
        "word/fontTable.xml": b'<w:rFonts w:ascii="Unused"/>',
        "xl/styles.xml": '<fonts><font><name val="A&amp;B"/></font></fonts><cellStyle name="常规"/>'.encode(),
        "docProps/app.xml": b'<name val="no font"/>',
    }
    assert fonts.named(parts) == {"Times New Roman", "Arial", "仿宋_GB2312", "A&B"}


def test_a_font_that_is_there_is_not_replaced() -> None:
    families = ["方正小标宋简体", "仿宋_GB2312", "楷体_GB2312", "宋体", "黑体", "Times New Roman"]
    assert all(f"<string>{family}</string>" in fonts.rules(()) for family in families)
    some = fonts.rules({"宋体", "times new roman"})
    kept = [family for family in families if f'<test name="family"><string>{family}</string>' in some]
    assert kept == [*families[:3], "黑体"]
    assert some.count("<match") == some.count("</match>") == 4
    assert fonts.rules(()) == fonts.SUBSTITUTES.read_text(encoding="utf-8")


@pytest.mark.skipif(not shutil.which("fc-list"), reason="fontconfig is the judge")
def test_family_names_are_read_from_font_files_as_fontconfig_reads_them() -> None:
    said = subprocess.run(["fc-list", "--format", "%{file}\t%{family}\n"], capture_output=True, text=True, check=True)
    families: dict[str, set[str]] = {}
    for line in said.stdout.splitlines():
        path, names = line.split("\t")
        if path.endswith((".ttf", ".ttc", ".otf")):
            families.setdefault(path, set()).update(names.replace("\\", "").split(","))
    assert families
    for path, expected in families.items():
        assert fonts.families_of(Path(path)) == expected, path


@pytest.mark.parametrize(
    "data", [b"", b"OTTO", b"ttcf\0\1\0\0\0\0\0\1\0\0\0\x10", b"%PDF-1.7"], ids=["empty", "OTTO", "ttcf", "PDF"]
)
def test_what_is_no_font_has_no_family(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "x.ttf").write_bytes(data)
    assert fonts.families_of(tmp_path / "x.ttf") == set()


@pytest.mark.skipif(not shutil.which("fc-match"), reason="only fontconfig tells what it takes instead")
def test_missing_fonts_are_named_once_with_their_substitutes() -> None:
    from generator.base.problems import Where

    lacking = fonts.substitutes(["某某字体，谁也没有", *sorted(fonts.installed())[:1]])
    assert list(lacking) == ["某某字体，谁也没有"]
    (problem,) = fonts.warn(lacking, Where("out"))
    assert problem.code == "missing-fonts"
    assert f"某某字体，谁也没有 (here {lacking['某某字体，谁也没有']})" in problem.message
    assert fonts.warn({}, Where("out")) == []


# -- with LibreOffice itself -------------------------------------------------------------------------------------------


@pytest.mark.rendered
def test_a_batch_with_pdfs_its_reruns_and_its_changes(run: Run, folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    said = run("batch", folder, "--out", out, "--pdf")
    assert said.exit_code == 0, said.output
    assert said.stderr.count("[missing-fonts]") == bool(fonts.substitutes(["方正小标宋简体", "仿宋_GB2312"]))
    made = inside(out, ".pdf")
    stems = {name.rpartition(".")[0] for name in (*inside(out, ".docx"), *inside(out, ".xlsx"))}
    assert set(made) == {f"{stem}.pdf" for stem in stems}
    notices = {data for name, data in made.items() if "通知" in name}
    assert len(notices) == 1
    assert "通知" in text_of(notices.pop())
    manifest = json.loads((out / "manifest.json").read_bytes())
    listed = {entry["file"]: entry for entry in manifest["files"]}
    for name, data in made.items():
        assert (listed[name]["status"], listed[name]["size"]) == ("made", len(data))
        assert listed[name]["sha256"] == hashlib.sha256(data).hexdigest()
        assert pdf.origin_of(data) == listed[name]["content"][:32]
    assert run("verify", out).exit_code == 0

    first, second = sorted(made)[:2]
    (out / first).unlink()
    changed = made[second].replace(b"obj", b"OBJ", 1)
    (out / second).write_bytes(changed)
    untouched = {name: (out / name).stat().st_mtime_ns for name in set(made) - {first, second}}
    assert "2 made" in run("batch", folder, "--out", out, "--pdf").stdout
    (kept,) = set(inside(out, ".pdf")) - set(made)
    assert "（改动备份1）" in kept
    assert (out / kept).read_bytes() == changed
    (out / kept).unlink()
    assert inside(out, ".pdf") == made
    assert {name: (out / name).stat().st_mtime_ns for name in untouched} == untouched

    # Without --pdf a PDF stays while its document is the same, and goes with it: it would be of another text.
    assert "made" not in run("batch", folder, "--out", out).stdout
    assert inside(out, ".pdf") == made
    assert run("verify", out).exit_code == 0
    spec = folder / "dispatch.yaml"
    spec.write_text(spec.read_text(encoding="utf-8").replace("活动情况统计表", "活动统计表"), encoding="utf-8")
    run("batch", folder, "--out", out)
    assert {name for name in inside(out, ".pdf") if "统计表" in name} == set()
    assert run("verify", out).exit_code == 0


@pytest.mark.rendered
def test_the_same_document_gives_the_same_pdf_on_every_call(run: Run, folder: Path, tmp_path: Path) -> None:
    import pikepdf

    assert run("notice", folder, "--out", tmp_path / "out").exit_code == 0
    assert run("forms", folder, "--out", tmp_path / "out").exit_code == 0
    paths = sorted([*(tmp_path / "out").rglob("*.docx"), *(tmp_path / "out").rglob("*.xlsx")])
    raw: dict[str, set[bytes]] = {path.name: set() for path in paths}
    with libreoffice.Converter(libreoffice.find()) as converter:
        for order in (paths, paths[::-1], [*paths, *paths]):
            for name, made in converter.convert([(path.name, path) for path in order]):
                assert isinstance(made, bytes)
                raw[name].add(made)
    for made_ in raw.values():
        assert len(made_) > 1
        (made,) = {pdf.stable(data, "ab" * 32) for data in made_}
        assert pdf.origin_of(made) == "ab" * 16
        assert pdf.origin_of(made.replace(b"Length", b"length", 1)) is None
        assert text_of(made) == text_of(next(iter(made_)))
        with pikepdf.open(io.BytesIO(made)) as document:
            assert "/CreationDate" not in document.docinfo
            assert not document.check_pdf_syntax() if hasattr(document, "check_pdf_syntax") else not document.check()


@pytest.mark.rendered
def test_a_damaged_file_among_good_ones(run: Run, folder: Path, tmp_path: Path) -> None:
    assert run("forms", folder, "--out", tmp_path / "out").exit_code == 0
    good = next((tmp_path / "out").rglob("*.docx"))
    damaged = tmp_path / "damaged.docx"
    damaged.write_bytes(good.read_bytes()[:3000])
    with libreoffice.Converter(libreoffice.find()) as converter:
        found = dict(converter.convert([("good", good), ("damaged", damaged), ("after", good)]))
    assert found["damaged"] == libreoffice.Failure(REFUSED)
    assert isinstance(found["good"], bytes)
    assert isinstance(found["after"], bytes)


@pytest.fixture
def server() -> Iterator[tuple[str, list[str]]]:
    """An address on this machine, and the requests that came in."""
    asked: list[str] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def answer(self) -> None:
            asked.append(f"{self.command} {self.path}")
            self.send_error(404)

        do_GET = do_HEAD = do_OPTIONS = do_PROPFIND = answer  # noqa: N815

        def log_message(self, format: str, *args: object) -> None:
            pass

    listening = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=listening.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{listening.server_address[1]}", asked
    listening.shutdown()
    listening.server_close()


def with_linked_picture(address: str) -> bytes:
    import docx

    out = io.BytesIO()
    document = docx.Document()
    document.add_paragraph("带链接图片的公文")
    document.save(out)
    space = "http://schemas.openxmlformats.org/drawingml/2006"
    drawing = (
        f'<w:p><w:r><w:drawing><wp:inline xmlns:wp="{space}/wordprocessingDrawing"><wp:extent cx="900000" cy="900000"/>'
        f'<wp:docPr id="1" name="p"/><a:graphic xmlns:a="{space}/main"><a:graphicData uri="{space}/picture">'
        f'<pic:pic xmlns:pic="{space}/picture"><pic:nvPicPr><pic:cNvPr id="1" name="p"/><pic:cNvPicPr/></pic:nvPicPr>'
        '<pic:blipFill><a:blip r:link="rIdX"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill><pic:spPr><a:xfrm>'
        '<a:off x="0" y="0"/><a:ext cx="900000" cy="900000"/></a:xfrm><a:prstGeom prst="rect"/></pic:spPr></pic:pic>'
        "</a:graphicData></a:graphic></wp:inline></w:drawing></w:r></w:p>"
    )
    relation = (
        '<Relationship Id="rIdX" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/image" '
        f'Target="{address}/picture.png" TargetMode="External"/>'
    )
    changed = io.BytesIO()
    with zipfile.ZipFile(out) as source, zipfile.ZipFile(changed, "w") as target:
        for name in source.namelist():
            part = source.read(name).decode() if name.endswith((".xml", ".rels")) else source.read(name)
            if name == "word/document.xml":
                part = part.replace("<w:sectPr", drawing + "<w:sectPr", 1)
            elif name == "word/_rels/document.xml.rels":
                part = part.replace("</Relationships>", relation + "</Relationships>")
            target.writestr(name, part)
    return changed.getvalue()


@pytest.mark.rendered
def test_links_are_not_followed(tmp_path: Path, server: tuple[str, list[str]], to_pdf: Callable[[Path], Path]) -> None:
    address, asked = server
    path = tmp_path / "linked.docx"
    path.write_bytes(with_linked_picture(address))
    with libreoffice.Converter(libreoffice.find()) as converter:
        ((_label, made),) = converter.convert([("linked", path)])
    assert isinstance(made, bytes)
    assert "带链接图片的公文" in text_of(made)
    assert asked == []
    # The same file in a profile as it comes: had nothing been asked for, the test would show nothing.
    to_pdf(path)
    assert asked


# -- pictures ----------------------------------------------------------------------------------------------------------


@pytest.mark.rendered
def test_preview_makes_pictures_beside_the_documents(run: Run, folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    said = run("preview", folder, "--out", out)
    assert said.exit_code == 0, said.output
    documents = [path for path in out.rglob("*") if path.suffix in (".docx", ".xlsx")]
    assert documents
    for document in documents:
        picture = document.with_name(f"{document.name}-1.png").read_bytes()
        assert picture.startswith(b"\x89PNG")
        assert str(document) in said.stdout
    width, height = (int.from_bytes(picture[at : at + 4], "big") for at in (16, 20))
    assert {width, height} <= {827, 828, 1169, 1170}
    beyond = documents[0].with_name(f"{documents[0].name}-99.png")
    other = documents[0].with_name("other.docx-99.png")
    for path in (beyond, other):
        path.write_bytes(b"a picture of an earlier page")
    assert run("preview", folder, "--out", out).exit_code == 0
    assert not beyond.exists()
    assert other.exists()
    unit = run("preview", folder, "--out", out, "--unit", "001")
    assert unit.exit_code == 0, unit.output
    assert [path for path in out.rglob("*-1.png") if path.parent.name.startswith("001-")]
    assert run("verify", out).exit_code == 0


@pytest.mark.parametrize("poppler", [True, False])
def test_a_pdf_is_drawn_page_by_page_with_what_there_is(
    tmp_path: Path, stand_in: Callable[..., Path], poppler: bool
) -> None:
    import pikepdf

    program = shutil.which("pdftoppm")
    stand_in()
    if poppler:
        if program is None:
            pytest.skip("pdftoppm is not installed")
        os.symlink(program, tmp_path / "programs" / "pdftoppm")
    (tmp_path / "master").mkdir()
    with pikepdf.new() as document:
        for _number in range(11):
            document.add_blank_page(page_size=(595.28, 841.89))
        document.save(tmp_path / "master" / "来文.pdf")
    (tmp_path / "master" / "坏.pdf").write_bytes(b"%PDF-1.7 nothing %%EOF")
    (tmp_path / "master" / "说明.txt").write_bytes(b"no pages")
    made, problems = preview.preview(preview.find(), tmp_path, ["master/来文.pdf", "master/坏.pdf", "master/说明.txt"])
    assert [pictures.document for pictures in made] == ["master/来文.pdf"]
    assert made[0].files == tuple(f"master/来文.pdf-{number}.png" for number in range(1, 12))
    assert all((tmp_path / name).read_bytes().startswith(b"\x89PNG") for name in made[0].files)
    assert [(problem.code, Path(problem.where.file).name) for problem in problems] == [("no-pictures", "坏.pdf")]


def test_nothing_to_draw_with_is_said(
    tmp_path: Path, stand_in: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    stand_in()
    monkeypatch.setattr(sys, "path", [])
    monkeypatch.delitem(sys.modules, "pypdfium2", raising=False)
    with pytest.raises(Problems) as caught:
        preview.find()
    assert [problem.code for problem in caught.value.problems] == ["no-pdftoppm"]
