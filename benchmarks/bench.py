"""Measure the batch against other programs and against the floor: `python benchmarks/bench.py [--rounds N] [--most N]`.

Each measurement is a process of its own (contender.py, contender.js); a round runs every contender once, one after the
other, and the table gives medians over the rounds with their spread. Programs that are not installed are left out:
docx-mailmerge2 comes with the dependency group `bench`, those of Node are found after `npm install` in this folder.
The table goes into docs/performance.md.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path

import page
import roster
import tagged

HERE = Path(__file__).parent
OURS = 10_000
"""Units to a run of ours: what compiling costs is in it, as in the run of a real dispatch."""
THEIRS = {
    "naive": 20,
    "naive-reused": 20,
    "docxtpl": 60,
    "docxtpl-reused": 60,
    "docxtpl-lean": 60,
    "openpyxl": 60,
    "openpyxl-reused": 60,
}
OTHERS = 200
NODE = ("docxtemplater", "easy-template-x", "carbone")
SIZES = (100, 1_000, 10_000, 100_000)
GROWTHS = 3
"""Interleaved rounds of a run at each size."""

Runs = Mapping[str, Sequence[Mapping[str, float]]]
"""Each contender's runs, by its name."""


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--most", type=int, default=SIZES[-1], help="the largest roster")
    given = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="fawen-bench-", dir=page.memory()) as folder:
        work = Path(folder)
        roster.write(work / "dispatch", OURS)
        tagged.write(work / "dispatch", work)
        runs = _rounds(work, given.rounds)
        shutil.rmtree(work / "dispatch")
        grown = _grown(work, [size for size in SIZES if size <= given.most])
    text = "\n".join([*_conditions(given.rounds), *_speed(runs), *_growth(grown), *_start_up(given.rounds)])
    print(text)
    page.write("measured", text)


# -- running -----------------------------------------------------------------------------------------------------------


def contenders() -> Iterator[tuple[str, int]]:
    """Every contender that is installed, with the units of a run."""
    for what in ("kit", "notice"):
        yield f"fawen.{what}", OURS
        yield f"fawen-zlib.{what}", OURS
        yield f"floor.{what}", OURS
    for name in ("naive.kit", "naive-reused.kit", "openpyxl.form", "openpyxl-reused.form"):
        yield name, THEIRS[name.partition(".")[0]]
    others = [*(["mailmerge"] if find_spec("mailmerge") else []), *(name for name in NODE if _node_has(name))]
    for what in tagged.KINDS:
        yield from (
            (f"{name}.{what}", THEIRS.get(name, OTHERS))
            for name in ("docxtpl", "docxtpl-lean", "docxtpl-reused", *others)
        )
    for what in ("checklist", "form"):
        yield f"fawen.{what}", OURS


def _node_has(package: str) -> bool:
    found = [HERE / "node_modules", *map(Path, filter(None, os.environ.get("NODE_PATH", "").split(os.pathsep)))]
    return bool(shutil.which("node")) and any((folder / package).is_dir() for folder in found)


def _rounds(work: Path, rounds: int) -> Runs:
    runs: dict[str, list[Mapping[str, float]]] = {}
    for _round in range(rounds):
        for name, units in contenders():
            runs.setdefault(name, []).append(_run(name, units, work))
    return runs


def _run(name: str, units: int, work: Path) -> Mapping[str, float]:
    node = name.partition(".")[0] in NODE
    program = (
        ["node", str(HERE / "contender.js")] if node else [sys.executable, "-W", "ignore", str(HERE / "contender.py")]
    )
    with _fresh(work) as out:
        done = subprocess.run([*program, name, str(units), str(work), str(out)], stdout=subprocess.PIPE, check=True)
    print(done.stdout.decode().strip(), file=sys.stderr)
    found: Mapping[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


@contextmanager
def _fresh(work: Path) -> Iterator[Path]:
    out = work / "out"
    try:
        yield out
    finally:
        shutil.rmtree(out, ignore_errors=True)


def _grown(work: Path, sizes: Sequence[int]) -> Mapping[int, Mapping[str, float]]:
    """The median, by CPU time, of each size's runs."""
    runs: dict[int, list[Mapping[str, float]]] = {size: [] for size in sizes}
    for _round in range(GROWTHS):
        for size in sizes:
            runs[size].append(_at_size(work, size))
    return {size: sorted(found, key=lambda run: run["cpu"])[GROWTHS // 2] for size, found in runs.items()}


def _at_size(work: Path, units: int) -> Mapping[str, float]:
    """A run over so many units, in a folder of its own; of its roster, the file holds some."""
    roster.write(work / "dispatch", min(units, OURS))
    try:
        return _run("fawen.kit", units, work)
    finally:
        shutil.rmtree(work / "dispatch")


def _start_up(rounds: int) -> Iterator[str]:
    commands = ([sys.executable, "-m", "generator", "--help"], [sys.executable, "-c", "import click"])
    times: list[list[float]] = [[], []]
    for _round in range(4 * rounds):
        for command, found in zip(commands, times, strict=True):
            found.append(_cpu_of(command))
    ours, theirs = map(statistics.median, times)
    said = f"`fawen --help` {ours * 1000:.0f} ms of CPU, `python -c 'import click'` {theirs * 1000:.0f} ms"
    yield f"Start-up: {said}: {ours / theirs:.2f} ×."


def _cpu_of(command: list[str]) -> float:
    before = os.times()
    subprocess.run(command, stdout=subprocess.DEVNULL, check=True, cwd=HERE.parent)
    after = os.times()
    return after.children_user + after.children_system - before.children_user - before.children_system


# -- telling -----------------------------------------------------------------------------------------------------------


def _conditions(rounds: int) -> Iterator[str]:
    packages = ("docxtpl", "openpyxl", "lxml", "isal", "docx-mailmerge2")
    named = [f"{name} {found}" for name in packages if (found := _version(name))]
    if shutil.which("node"):
        node = subprocess.run(["node", "--version"], stdout=subprocess.PIPE, text=True, check=True).stdout.strip()
        named += [
            f"Node {node.removeprefix('v')}",
            *(f"{name} {found}" for name in NODE if (found := _node_version(name))),
        ]
    machine = f"{_processor()}, {os.cpu_count()} cores, {platform.system()}"
    yield f"{machine}; Python {platform.python_version()}, {', '.join(named)}."
    yield f"Medians of {rounds} interleaved rounds, CPU time (user and system) of one process; ± is half the spread."
    yield ""


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return ""


def _node_version(package: str) -> str:
    for folder in [str(HERE / "node_modules"), *os.environ.get("NODE_PATH", "").split(os.pathsep)]:
        path = Path(folder, package, "package.json")
        if path.is_file():
            return str(json.loads(path.read_bytes())["version"])
    return ""


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    return next((line.partition(": ")[2] for line in lines if line.startswith("model name")), platform.machine())


def _speed(runs: Runs) -> Iterator[str]:
    for what in ("kit", "notice", "checklist", "form"):
        names = [name for name in runs if name.endswith(f".{what}")]
        cost = {name: statistics.median(_each(runs[name])) for name in names}
        ours = cost[f"fawen.{what}"]
        yield from _head(f"{what}", "ms", "±", "n", "a second", "× fawen")
        for name in sorted(names, key=cost.__getitem__):
            each = _each(runs[name])
            row = (f"{cost[name] * 1e3:.3f}", f"{(max(each) - min(each)) * 500:.3f}", f"{runs[name][0]['units']:,}")
            yield _row(name.rpartition(".")[0], *row, f"{1 / cost[name]:,.0f}", f"{cost[name] / ours:.2f}")
        yield ""
    yield from _targets({name: statistics.median(_each(found)) for name, found in runs.items()})


def _each(runs: Iterable[Mapping[str, float]]) -> list[float]:
    """CPU seconds of one unit in each run."""
    return [run["cpu"] / run["units"] for run in runs]


def _targets(cost: Mapping[str, float]) -> Iterator[str]:
    yield from _head("ratio", "isal", "wanted", "zlib", "wanted")
    wanted = {
        "kits: docxtpl + openpyxl": ("naive.kit", "kit", 150, 80),
        "notices: docxtpl": ("docxtpl.notice", "notice", 180, 90),
        "notices: docxtemplater": ("docxtemplater.notice", "notice", 60, 35),
    }
    for title, (name, what, fast, plain) in wanted.items():
        if name in cost:
            isal, zlib = (cost[name] / cost[f"{ours}.{what}"] for ours in ("fawen", "fawen-zlib"))
            yield _row(title, f"{isal:.0f} ×", f"{fast} ×", f"{zlib:.0f} ×", f"{plain} ×")
    yield _row("kits: the floor", f"{cost['fawen.kit'] / cost['floor.kit']:.2f} ×", "at most 3 ×", "", "")
    yield ""


def _growth(grown: Mapping[int, Mapping[str, float]]) -> Iterator[str]:
    yield from _head("units", "CPU a kit, ms", "peak, MB", "before the run, MB", "wall, s")
    for size, run in grown.items():
        memory = (f"{run['peak'] / 1e6:.1f}", f"{run['before'] / 1e6:.1f}")
        yield _row(f"{size:,}", f"{run['cpu'] / size * 1e3:.3f}", *memory, f"{run['wall']:.1f}")
    yield ""
    small, large = 1_000, max(grown)
    if large > small:
        loaded, added = ({size: grown[size][name] for size in (small, large)} for name in ("before", "peak"))
        span, between = large - small, f"between {small:,} and {large:,} units"
        run = (added[large] - loaded[large] - added[small] + loaded[small]) / span
        yield f"A run adds {run:.0f} bytes a unit to what the process has taken by then, {between}. The roster itself,"
        yield f"made in memory above {OURS:,} units, takes {(loaded[large] - loaded[small]) / span:,.0f} bytes a unit."
        yield ""


def _head(*titles: str) -> Iterator[str]:
    yield _row(*titles)
    yield _row("---", *["---:"] * (len(titles) - 1))


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


if __name__ == "__main__":
    main()
