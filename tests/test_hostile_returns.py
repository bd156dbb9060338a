"""Mutated and hostile returns end in findings, none in a traceback; a run that is ended is completed by the next."""

from __future__ import annotations

import io
import random
import sqlite3
import subprocess
import sys
import time
import zipfile
from pathlib import Path
from typing import Any

import filled
import pytest

from generator.collect.arrivals import Arrival
from generator.collect.people import Units
from generator.collect.take import Taker

MUTANTS = 300
"""Of each format; `benchmarks/` and a night's run take more."""


@pytest.fixture(scope="module")
def dispatch(tmp_path_factory: pytest.TempPathFactory) -> Any:
    return filled.make(tmp_path_factory.mktemp("d") / "事项")


def taker(dispatch: Any) -> Taker:
    return Taker(dispatch, Units.of(dispatch.folder, dispatch.units), filled.MOMENT)


def mutants(data: bytes, seed: int) -> bytes:
    """The file with a few bytes of one part changed, cut or doubled, and packed again; or the container itself."""
    chance = random.Random(seed)
    if chance.random() < 0.2:
        cut = bytearray(data)
        for _number in range(chance.randrange(1, 20)):
            cut[chance.randrange(len(cut))] = chance.randrange(256)
        return bytes(cut[: chance.randrange(1, len(cut))] if chance.random() < 0.3 else cut)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    name = chance.choice(sorted(parts))
    part = bytearray(parts[name])
    for _number in range(chance.randrange(1, 8)):
        at = chance.randrange(len(part))
        kind = chance.randrange(4)
        if kind == 0:
            part[at] = chance.randrange(256)
        elif kind == 1:
            del part[at : at + chance.randrange(1, 200)]
        elif kind == 2:
            part[at:at] = part[at : at + chance.randrange(1, 200)]
        else:
            part[at:at] = chance.choice([b"999999999999", b"\x00", b"<", b'r="XFD1048576"', b"&#xD800;", b"1E999"])
        if not part:
            part = bytearray(b"<")
    parts[name] = bytes(part)
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("form", "ending"), [("acts", "xlsx"), ("person", "xlsx"), ("staff", "docx"), ("acts", "docx")]
)
def test_mutants_end_in_findings(form: str, ending: str, dispatch: Any) -> None:
    stream = io.BytesIO()
    fill = filled.fill_sheet if ending == "xlsx" else filled.fill_word
    fill(filled.blank(dispatch, form, ending), form).save(stream)
    own = taker(dispatch)
    for seed in range(MUTANTS):
        data = mutants(stream.getvalue(), seed)
        file = own.take(Arrival(f"{seed}.{ending}", len(data), inner=data))
        assert file.outcome in ("form", "damaged", "unknown")
        assert not any("Error:" in one.value for one in file.findings), (seed, file.findings)


def far_cell(sheet: bytes) -> bytes:
    return sheet.replace(b"</sheetData>", b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>')


def bomb() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("表.xlsx", b"\x00" * (300 * 2**20))
    return stream.getvalue()


def wide_ods() -> bytes:
    content = (
        '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
        'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
        'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet>'
        '<table:table table:name="a"><table:table-row table:number-rows-repeated="1048576">'
        '<table:table-cell table:number-columns-repeated="16384" office:value-type="string"><text:p>1</text:p>'
        "</table:table-cell></table:table-row></table:table></office:spreadsheet></office:body>"
        "</office:document-content>"
    )
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", content)
        archive.writestr("META-INF/manifest.xml", "<x/>")
    return stream.getvalue()


def repacked(data: bytes, change: Any) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            part = old.read(name)
            new.writestr(name, change(part) if name == "xl/worksheets/sheet1.xml" else part)
    return stream.getvalue()


def test_bombs_are_refused(dispatch: Any, tmp_path: Path) -> None:
    plain = filled.blank(dispatch, "acts", "xlsx")
    returned = tmp_path / "报回"
    returned.mkdir()
    (returned / "远.xlsx").write_bytes(repacked(plain, far_cell))
    (returned / "宽.ods").write_bytes(wide_ods())
    (returned / "弹.zip").write_bytes(bomb())
    entity = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">]>'
    (returned / "实体.xlsx").write_bytes(repacked(plain, lambda part: entity + part))
    merged = b'<mergeCells count="1"><mergeCell ref="A1:XFD1048576"/></mergeCells>'
    (returned / "并.xlsx").write_bytes(
        repacked(plain, lambda part: part.replace(b"<mergeCells", merged + b"<mergeCells"))
    )
    (returned / "文.doc").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 2000)
    (returned / "表.xls").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\xff" * 5000)
    start = time.process_time()
    done = filled.taken(dispatch, returned)
    spent = time.process_time() - start
    told = {file.name.partition("/")[0]: {one.code for one in file.findings} for file in done.kept}
    assert told["远.xlsx"] == told["宽.ods"] == told["实体.xlsx"] == told["表.xls"] == {"return-unreadable"}
    assert told["弹.zip"] == {"file-archive"}
    assert spent < 60, "a guard was passed"


KILLED = """
import sys
sys.path.insert(0, "tests")
import filled
from pathlib import Path
from generator.dispatch.load import load_dispatch
filled.taken(load_dispatch(Path(sys.argv[1])), Path(sys.argv[2]))
"""


def test_a_killed_run_leaves_a_true_ledger_and_the_next_completes_it(tmp_path: Path) -> None:
    dispatch = filled.make(tmp_path / "事项")
    returned = tmp_path / "报回"
    returned.mkdir()
    for code in filled.CODES[:8]:
        book = filled.fill_sheet(filled.blank(dispatch, "acts", "xlsx", code), "acts")
        book.save(returned / f"{code}.xlsx")
    data = (returned / f"{filled.CODES[0]}.xlsx").read_bytes()
    for number in range(120):
        (returned / f"更多{number}.xlsx").write_bytes(data)
    for number in range(10):
        command = [sys.executable, "-c", KILLED, str(dispatch.folder), str(returned)]
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(0.35 + number * 0.06)
        process.kill()
        process.wait()
        db = sqlite3.connect(dispatch.folder / "returns.sqlite")
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        tables = db.execute("SELECT count(*) FROM sqlite_master WHERE name = 'returns'").fetchone()[0]
        if tables:
            lone = "SELECT count(*) FROM returns r WHERE NOT EXISTS (SELECT 1 FROM records c WHERE c.return = r.id)"
            assert db.execute(lone).fetchone() == (0,)
        db.close()
    filled.taken(dispatch, returned)
    db = sqlite3.connect(dispatch.folder / "returns.sqlite")
    assert db.execute("SELECT count(*) FROM files").fetchone() == (128,)
    assert db.execute("SELECT count(*) FROM returns WHERE is_current").fetchone() == (8,)
    db.close()
    assert filled.taken(dispatch, returned).unchanged == 128
