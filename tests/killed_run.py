"""A run to be killed: `python killed_run.py OUT JOBS` builds forty slow units in a process of its own."""

import sys
from pathlib import Path

from fakes import Copy, Letter, dispatch, planned, units

from generator.kits.run import Settings, build


def main(out: Path, jobs: int) -> None:
    of = dispatch(Path("某事项"), units(40))
    letter = Letter(ill={unit.code: "slow" for unit in of.units})
    done = build(of, planned(of, letter, Copy()), out, Settings(jobs))
    sys.stdout.write(f"{done.made} {done.unchanged} {done.removed} {len(done.failed)}\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
