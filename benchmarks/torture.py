"""Kill runs at random moments, and start two at once, many times over: `python benchmarks/torture.py [--kills N]`.

Every run is a process that builds the kit of 500 units; every second one is killed once files come, the others at any
moment. After each SIGKILL no file under a final name may differ from an undisturbed run's, and the next run must leave
the very folder of an undisturbed run. Of two runs at once one must be refused, and the other be whole. Figures go into
docs/performance.md.
"""

from __future__ import annotations

import argparse
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import page
import roster

UNITS = 500


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--kills", type=int, default=200)
    options.add_argument("--twice", type=int, default=100)
    options.add_argument("--run", nargs=4, metavar=("DISPATCH", "OUT", "JOBS", "GATE"), help=argparse.SUPPRESS)
    given = options.parse_args()
    if given.run:
        dispatch, out, jobs, gate = given.run
        sys.exit(run(Path(dispatch), Path(out), int(jobs), Path(gate)))
    with tempfile.TemporaryDirectory(prefix="fawen-torture-", dir=page.memory()) as folder:
        lines = Torture(Path(folder)).all(given.kills, given.twice)
    print("\n".join(lines))
    page.write("torture", "\n".join(lines))


def run(folder: Path, out: Path, jobs: int, gate: Path) -> int:
    """One run, from the moment that `gate` exists on; 3 when another run has the folder."""
    from generator.base.problems import Problems
    from generator.dispatch.load import load_dispatch
    from generator.kits.plan import plan
    from generator.kits.run import Settings, build

    dispatch = load_dispatch(folder)
    planned = plan(dispatch)
    gate.with_suffix(f".{time.monotonic_ns()}.ready").touch()
    while not gate.exists():
        time.sleep(0.0005)
    try:
        return int(bool(build(dispatch, planned, out, Settings(jobs)).failed))
    except Problems as problems:
        return 3 if [problem.code for problem in problems.problems] == ["busy"] else 1


class Torture:
    """A folder to work in, and what an undisturbed run leaves."""

    def __init__(self, work: Path) -> None:
        self._work = work
        self._gates = 0
        self._random = random.Random(20_260_820)
        roster.write(work / "dispatch", UNITS)
        processes = self._start(work / "whole", 1)
        began = time.time()
        assert self._ends(processes) == [0]
        self._whole = contents(work / "whole")
        made = [path.stat().st_mtime for path in (work / "whole").glob("*/*")]
        # Up to the last file: what comes after it can break none.
        self._seconds, self._filling = max(made) - began, max(made) - min(made)

    def all(self, kills: int, twice: int) -> list[str]:
        hit: Counter[str] = Counter()
        while hit["early"] + hit["amid"] < kills:
            hit[self._kill(hit.total())] += 1
        refused = sum(self._two_at_once(1 + number % 2) for number in range(twice))
        return [
            f"- SIGKILL at {kills} random moments of a run of {UNITS} units ({hit['early']} before the first file, "
            f"{hit['amid']} amid; {hit['done']} more came after the last file and do not count): no broken file under "
            "a final name, and every interrupted run was completed by the next, to the same files and manifest.",
            f"- Two runs started at once, {twice} times: one made everything; the other was refused {refused} times, "
            f"and {twice - refused} times came after it and found nothing to do.",
        ]

    def _kill(self, number: int) -> str:
        out = self._work / "out"
        shutil.rmtree(out, ignore_errors=True)
        (process,) = self._start(out, 2 if number % 4 > 1 else 1)
        if number % 2:
            time.sleep(self._random.uniform(0, self._seconds))
        else:
            while process.poll() is None and not any(path.is_dir() for path in out.glob("*")):
                time.sleep(0.0005)
            time.sleep(self._random.uniform(0, self._filling))
        process.kill()
        process.wait()
        found = contents(out)
        made = {name: data for name, data in found.items() if "/" in name and "/.~" not in name}
        assert made.items() <= self._whole.items(), "a broken file stands under a final name"
        state = "done" if found == self._whole else "amid" if made else "early"
        assert self._ends(self._start(out, 1)) == [0]
        assert contents(out) == self._whole, "the next run did not complete it"
        return state

    def _two_at_once(self, jobs: int) -> bool:
        out = self._work / "out"
        shutil.rmtree(out, ignore_errors=True)
        ends = sorted(self._ends(self._start(out, jobs, jobs)))
        # The second may come when the first is done, and then finds nothing to do.
        assert ends in ([0, 3], [0, 0]), ends
        assert contents(out) == self._whole
        return ends == [0, 3]

    def _start(self, out: Path, *jobs: int) -> list[subprocess.Popen[bytes]]:
        """A process for each number of jobs; all have loaded the dispatch, and begin now."""
        self._gates += 1
        gate = self._work / f"gate-{self._gates}"
        command = [sys.executable, __file__, "--run", str(self._work / "dispatch"), str(out)]
        # A worker that is born as its parent dies complains to nobody.
        quiet = subprocess.DEVNULL
        processes = [subprocess.Popen([*command, str(number), str(gate)], stderr=quiet) for number in jobs]
        while len(list(self._work.glob(f"{gate.name}.*.ready"))) < len(jobs):
            assert all(process.poll() is None for process in processes)
            time.sleep(0.005)
        gate.touch()
        return processes

    @staticmethod
    def _ends(processes: list[subprocess.Popen[bytes]]) -> list[int]:
        return [process.wait() for process in processes]


def contents(out: Path) -> dict[str, bytes]:
    """Every file but the lock, by path."""
    paths = [path for path in out.rglob("*") if path.is_file() and path.name != ".lock"]
    return {path.relative_to(out).as_posix(): path.read_bytes() for path in paths}


if __name__ == "__main__":
    main()
