"""PDF per call against chunked calls, with one LibreOffice and with two: documents a second, and the ratios.

    python benchmarks/bench_pdf.py [documents] [rounds]

Builds a dispatch of its own, converts the same documents each way in interleaved rounds, and puts medians with their
spread into docs/performance.md. `one per call` starts LibreOffice anew for each file, with a profile that is ready; it
is timed on few files.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import page

from generator.dispatch.load import load_dispatch
from generator.dispatch.skeleton import write
from generator.kits.plan import plan
from generator.kits.run import build
from generator.office import libreoffice, pdf

ONE_BY_ONE = 8
"""Files that are converted one per call in each round: enough to know the price of a call."""


def documents(folder: Path, number: int) -> list[Path]:
    """Real documents, and again until there are enough: notices of several pages, forms and checklists."""
    write(folder / "dispatch")
    dispatch = load_dispatch(folder / "dispatch")
    build(dispatch, plan(dispatch), folder / "out")
    made = sorted(path for path in (folder / "out").rglob("*") if path.suffix in (".docx", ".xlsx"))
    return [made[at % len(made)] for at in range(number)]


def chunked(office: libreoffice.Office, processes: int, paths: Sequence[Path]) -> float:
    """Documents a second, the profile's first start not counted."""
    with libreoffice.Converter(office, processes) as converter:
        list(converter.convert([(0, paths[0])] * processes))
        return timed(lambda: list(converter.convert(list(enumerate(paths)))), len(paths))


def one_by_one(office: libreoffice.Office, paths: Sequence[Path]) -> float:
    with libreoffice.Converter(office) as converter:
        list(converter.convert([(0, paths[0])]))
        return timed(lambda: [list(converter.convert([(0, path)])) for path in paths[:ONE_BY_ONE]], ONE_BY_ONE)


def timed(work: Callable[[], object], number: int) -> float:
    started = time.perf_counter()
    work()
    return number / (time.perf_counter() - started)


def stabilised(office: libreoffice.Office, paths: Sequence[Path]) -> float:
    """PDFs a second that are made the same on every call, for comparison: this runs beside LibreOffice."""
    with libreoffice.Converter(office) as converter:
        made = [data for _label, data in converter.convert(list(enumerate(paths[:20]))) if isinstance(data, bytes)]
    return timed(lambda: [pdf.stable(data, "ab" * 32) for data in made], len(made))


def main(number: int, rounds: int) -> None:
    office = libreoffice.find()
    with tempfile.TemporaryDirectory() as folder:
        paths = documents(Path(folder), number)
        ways: dict[str, Callable[[], float]] = {
            "one per call": lambda: one_by_one(office, paths),
            f"{libreoffice.CHUNK} per call": lambda: chunked(office, 1, paths),
            f"{libreoffice.CHUNK} per call, two processes": lambda: chunked(office, 2, paths),
        }
        found: dict[str, list[float]] = {way: [] for way in ways}
        for _round in range(rounds):
            for way, measure in ways.items():
                found[way].append(measure())
        rate = stabilised(office, paths)
    told = "\n".join(
        _told(found, rate, f"{office.version}; {number} documents; medians of {rounds} interleaved rounds")
    )
    print(told)
    page.write("pdf", told)


def _told(found: Mapping[str, Sequence[float]], rate: float, conditions: str) -> Iterator[str]:
    yield f"{conditions}."
    yield ""
    yield "| way | documents a second | from | to | × one per call |"
    yield "| --- | ---: | ---: | ---: | ---: |"
    base = statistics.median(found["one per call"])
    for way, rates in found.items():
        middle = statistics.median(rates)
        yield f"| {way} | {middle:.2f} | {min(rates):.2f} | {max(rates):.2f} | {middle / base:.1f} |"
    yield ""
    yield f"Making a PDF the same on every call: {rate:.0f} documents a second, beside LibreOffice."


if __name__ == "__main__":
    words = [int(word) for word in sys.argv[1:]]
    main(*[*words, *(200, 3)[len(words) :]])
