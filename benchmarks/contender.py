"""One program makes one thing many times: `python contender.py PROGRAM.WHAT UNITS WORK OUT` → one line of JSON.

WHAT is notice, checklist, form or kit; WORK holds the dispatch and the templates of tagged.py. Imports, reading of the
dispatch and three documents to warm up are outside what is measured. For `fawen` and `fawen-zlib` it is planning and
building, with compiling, journal, hashes and manifest; for `floor`, what any program must do for the same files.
"""

from __future__ import annotations

import hashlib
import json
import os
import resource
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from generator.dispatch.spec import Unit
    from generator.kits.kinds import Document

Make = Callable[[int, str], None]
"""Makes the document of a unit, by its number, at a path without ending."""


def main(name: str, units: int, work: Path, out: Path) -> None:
    program, _, what = name.rpartition(".")
    out.mkdir(parents=True)
    if program == "fawen-zlib":
        sys.modules["isal"] = None  # type: ignore[assignment]
    if program.startswith("fawen"):
        measure(name, units, fawen(what, units, work, out))
        return
    make = floor(what, work) if program == "floor" else PROGRAMS[program](what, work)
    for number in range(3):
        make(number, str(out / f"warm-{number}"))

    def run() -> None:
        for number in range(units):
            make(number, str(out / f"{number:06d}"))

    measure(name, units, run)


def measure(name: str, units: int, run: Callable[[], None]) -> None:
    memory, cpu, clock = peak(), time.process_time(), time.perf_counter()
    run()
    used = {"cpu": time.process_time() - cpu, "wall": time.perf_counter() - clock}
    print(json.dumps({"name": name, "units": units, **used, "before": memory, "peak": peak()}))


def peak() -> int:
    """The most bytes this process has had; what getrusage tells on Linux counts the parent's before it."""
    try:
        status = Path("/proc/self/status").read_text(encoding="utf-8")
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    return int(status.partition("VmHWM:")[2].split()[0]) * 1024


# -- ours --------------------------------------------------------------------------------------------------------------


def fawen(what: str, units: int, work: Path, out: Path) -> Callable[[], None]:
    from dataclasses import replace

    import roster

    from generator.dispatch.load import load_dispatch
    from generator.kits.plan import plan
    from generator.kits.run import Settings, build

    dispatch = load_dispatch(work / "dispatch")
    if units > len(dispatch.units):
        # More than the file of a roster may hold.
        dispatch = replace(dispatch, units=roster.units(units))
    kinds = None if what == "kit" else [{"form": "forms"}.get(what, what)]
    codes = [unit.code for unit in dispatch.units[:3]]
    build(dispatch, plan(dispatch, units=codes), out / "warm", Settings(1))

    def run() -> None:
        done = build(dispatch, plan(dispatch, kinds), out / "made", Settings(1))
        assert not done.failed

    return run


def floor(what: str, work: Path) -> Make:
    """Deflate what changes, hash the file, write and rename it; a folder and a line of the journal for each unit."""
    from isal import isal_zlib
    from tagged import documents

    from generator.dispatch.load import load_dispatch

    dispatch = load_dispatch(work / "dispatch")
    found = documents(dispatch)
    chosen = [found[kind] for kind in ("notice", "checklist", "forms") if what in ("kit", kind.removesuffix("s"))]
    made = [_stamped(document, dispatch.units[:500]) for document in chosen]
    ready = list(zip(*[zip(map(_changing(files), files), files, strict=True) for files in made], strict=True))
    journal = open(work / "floor.journal", "wb", buffering=0)  # noqa: SIM115

    def make(number: int, path: str) -> None:
        os.mkdir(path)
        digests = []
        for index, (changing, data) in enumerate(ready[number % len(ready)]):
            for part in changing:
                isal_zlib.compress(part, 1, -15)
            digests.append(hashlib.sha256(data).hexdigest())
            with open(f"{path}/{index}.tmp", "wb", buffering=0) as file:
                file.write(data)
            os.replace(f"{path}/{index}.tmp", f"{path}/{index}.docx")
        journal.write(f"{path} {digests}\n".encode())

    return make


def _stamped(document: Document, units: Sequence[Unit]) -> list[bytes]:
    package = document.compile(units[0])
    return [package.stamp(document.values(unit)).data for unit in units]


def _changing(files: Sequence[bytes]) -> Callable[[bytes], list[bytes]]:
    """What picks out of a file the parts that differ from one unit to the next."""
    from generator.base.problems import Where
    from generator.office.gate import open_package

    one, other = (open_package(data, Where("stamped")) for data in files[:2])
    names = [name for name in one if one[name] != other[name]]

    def parts(data: bytes) -> list[bytes]:
        found = open_package(data, Where("stamped"))
        return [found[name] for name in names]

    return parts


# -- theirs ------------------------------------------------------------------------------------------------------------


def _filled(what: str, work: Path) -> list[dict[str, str]]:
    contexts: list[dict[str, str]] = json.loads((work / f"{what}.json").read_bytes())
    return contexts


def docxtpl(what: str, work: Path) -> Make:
    from docxtpl import DocxTemplate

    contexts, template = _filled(what, work), work / f"{what}-docxtpl.docx"

    def make(number: int, path: str) -> None:
        document = DocxTemplate(template)
        document.render(contexts[number % len(contexts)], autoescape=True)
        document.save(f"{path}.docx")

    return make


def docxtpl_lean(what: str, work: Path) -> Make:
    """docxtpl with our own lean markup for its template, which no word processor writes."""
    return docxtpl(f"{what}-lean", work)


def docxtpl_reused(what: str, work: Path) -> Make:
    from docxtpl import DocxTemplate

    contexts, document = _filled(what, work), DocxTemplate(work / f"{what}-docxtpl.docx")

    def make(number: int, path: str) -> None:
        document.render(contexts[number % len(contexts)], autoescape=True)
        document.save(f"{path}.docx")

    return make


def mailmerge(what: str, work: Path) -> Make:
    from mailmerge import MailMerge

    contexts, template = _filled(what, work), work / f"{what}-mailmerge.docx"

    def make(number: int, path: str) -> None:
        with MailMerge(template) as document:
            document.merge(**contexts[number % len(contexts)])
            document.write(f"{path}.docx")

    return make


def openpyxl(what: str, work: Path) -> Make:
    from openpyxl_form import build
    from roster import row

    def make(number: int, path: str) -> None:
        code, name, *_rest = row(number)
        build(name, code).save(f"{path}.xlsx")

    return make


def openpyxl_reused(what: str, work: Path) -> Make:
    from openpyxl_form import build, fill
    from roster import row

    book = build("", "")

    def make(number: int, path: str) -> None:
        code, name, *_rest = row(number)
        fill(book, name, code)
        book.save(f"{path}.xlsx")

    return make


def naive(what: str, work: Path) -> Make:
    """The kit as somebody would write it: docxtpl anew for each document, openpyxl anew for each form."""
    return _kit(docxtpl, openpyxl, work)


def naive_reused(what: str, work: Path) -> Make:
    return _kit(docxtpl_reused, openpyxl_reused, work)


def _kit(word: Callable[[str, Path], Make], excel: Callable[[str, Path], Make], work: Path) -> Make:
    makers = {"1": word("notice", work), "2": word("checklist", work), "3": excel("form", work)}

    def make(number: int, path: str) -> None:
        os.mkdir(path)
        for name, maker in makers.items():
            maker(number, f"{path}/{name}")

    return make


PROGRAMS: dict[str, Callable[[str, Path], Make]] = {
    "docxtpl": docxtpl,
    "docxtpl-lean": docxtpl_lean,
    "docxtpl-reused": docxtpl_reused,
    "mailmerge": mailmerge,
    "openpyxl": openpyxl,
    "openpyxl-reused": openpyxl_reused,
    "naive": naive,
    "naive-reused": naive_reused,
}

if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), Path(sys.argv[3]), Path(sys.argv[4]))
