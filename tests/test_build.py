"""Building: whole files or none, reruns that touch nothing, and failures that cost one file."""

import errno
import json
import os
import signal
import subprocess
import sys
import time
import tracemalloc
import zipfile
from collections.abc import Iterable
from pathlib import Path

import pytest
from fakes import Copy, Letter, dispatch, planned, unit, units
from filelock import FileLock

from generator import __version__
from generator.base.problems import Problems
from generator.kits.earlier import Earlier
from generator.kits.run import Disk, Limits, Manifest, Settings, build, verify

FOLDER = Path("某事项")
ROSTER = units(6)
HERE = Path(__file__).parent


def make(out: Path, *documents: object, roster: Iterable[object] = ROSTER, **more: object) -> Manifest:
    of = dispatch(FOLDER, list(roster))  # type: ignore[arg-type]
    settings = more.pop("settings", None)
    return build(of, planned(of, *documents, **more), out, settings)  # type: ignore[arg-type]


def numbers(done: Manifest) -> tuple[int, int, int, int]:
    return done.made, done.unchanged, done.removed, len(done.failed)


def files(out: Path) -> dict[str, bytes]:
    """Every file but the lock, by path."""
    found = {path.relative_to(out).as_posix(): path for path in out.rglob("*") if path.is_file()}
    return {name: path.read_bytes() for name, path in found.items() if name != ".lock"}


def codes(caught: pytest.ExceptionInfo[Problems]) -> list[str]:
    return [problem.code for problem in caught.value.problems]


# -- the main story ----------------------------------------------------------------------------------------------------


def test_a_run_makes_every_file_and_says_so_in_the_manifest(tmp_path: Path) -> None:
    out = tmp_path / "new" / "out"
    assert numbers(make(out)) == (12, 0, 0, 0)
    assert set(files(out)) == {f"00{n}-单位{n}/{name}" for n in range(6) for name in ("函.docx", "来文.pdf")} | {
        "manifest.json"
    }
    with zipfile.ZipFile(out / "003-单位3" / "函.docx") as package:
        assert package.read("word/document.xml").decode().count(">正文单位3<") == 1
    manifest = json.loads((out / "manifest.json").read_bytes())
    assert (manifest["dispatch"], manifest["version"]) == ("某事项", __version__)
    first = manifest["files"][0]
    assert list(first) == ["unit", "kind", "file", "sha256", "content", "size", "status", "reason"]
    assert (first["unit"], first["kind"], first["file"]) == ("000", "letter", "000-单位0/函.docx")
    assert (first["status"], first["reason"]) == ("made", None)
    assert first["size"] == (out / first["file"]).stat().st_size
    assert verify(out) == []


def test_a_rerun_leaves_files_alone_and_rewrites_only_what_changed(tmp_path: Path) -> None:
    make(tmp_path)
    before = files(tmp_path)
    old = {name: (tmp_path / name).stat().st_mtime_ns for name in before if name != "manifest.json"}
    assert numbers(make(tmp_path)) == (0, 12, 0, 0)
    assert files(tmp_path) == before
    assert {name: (tmp_path / name).stat().st_mtime_ns for name in old} == old
    assert numbers(make(tmp_path, Letter(text="改了"), Copy())) == (6, 6, 0, 0)
    assert (tmp_path / "000-单位0/来文.pdf").stat().st_mtime_ns == old["000-单位0/来文.pdf"]
    assert verify(tmp_path) == []


def test_a_shape_is_compiled_once(tmp_path: Path) -> None:
    log = tmp_path / "log"
    make(tmp_path / "out", Letter(log=log))
    assert log.read_text() == "compiled\n"


@pytest.mark.parametrize(("jobs", "durable"), [(2, False), (1, True), (2, True)])
def test_processes_and_durability_change_nothing(tmp_path: Path, jobs: int, durable: bool) -> None:
    make(tmp_path / "one", roster=units(60), settings=Settings(1))
    done = make(tmp_path / "two", roster=units(60), settings=Settings(jobs, durable))
    assert numbers(done) == (120, 0, 0, 0)
    assert files(tmp_path / "one") == files(tmp_path / "two")


def test_progress_counts_kits(tmp_path: Path) -> None:
    of = dispatch(FOLDER, ROSTER)
    heard: list[tuple[int, int]] = []
    build(of, planned(of), tmp_path, progress=lambda number, total: heard.append((number, total)))
    assert heard == [(n, 6) for n in range(1, 7)]


def test_memory_does_not_grow_with_the_units(tmp_path: Path) -> None:
    # The slope between two sizes: what a unit costs once caches are warm; the roster itself is the loader's.
    peaks = []
    for number in (200, 1_000):
        of = dispatch(FOLDER, units(number))
        tracemalloc.start()
        build(of, planned(of), tmp_path / str(number), Settings(1))
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert (peaks[1] - peaks[0]) / 800 < 500


# -- old and new -------------------------------------------------------------------------------------------------------


def test_a_partial_run_merges_into_the_manifest(tmp_path: Path) -> None:
    make(tmp_path)
    make(tmp_path, master=True)
    done = make(tmp_path, Letter(text="改了"), Copy(), units=["003"])
    assert numbers(done) == (1, 1, 0, 0)
    assert [entry.file for entry in done.entries()] == sorted(set(files(tmp_path)) - {"manifest.json"})
    assert verify(tmp_path) == []
    make(tmp_path / "whole")
    make(tmp_path / "whole", Letter(text="改了"), Copy(), units=["003"])
    make(tmp_path / "whole", master=True)
    assert (tmp_path / "manifest.json").read_bytes() == (tmp_path / "whole" / "manifest.json").read_bytes()


def test_what_the_dispatch_no_longer_has_is_removed_if_it_is_still_ours(tmp_path: Path) -> None:
    make(tmp_path)
    (tmp_path / "004-单位4" / "函.docx").write_bytes(b"edited by hand")
    (tmp_path / "005-单位5" / "notes.txt").write_bytes(b"not ours")
    done = make(tmp_path, roster=ROSTER[:3])
    assert numbers(done) == (0, 6, 5, 0)
    assert [(problem.code, Path(problem.where.file).name) for problem in done.kept] == [("stale-file", "函.docx")]
    assert not (tmp_path / "003-单位3").exists()
    assert set(files(tmp_path)) == {entry.file for entry in done.entries()} | {
        "manifest.json",
        "004-单位4/函.docx",
        "005-单位5/notes.txt",
    }


def test_a_renamed_unit_moves(tmp_path: Path) -> None:
    make(tmp_path)
    done = make(tmp_path, roster=[*ROSTER[:5], unit("005", "新名")])
    assert numbers(done) == (2, 10, 2, 0)
    assert not (tmp_path / "005-单位5").exists()


def test_a_partial_run_removes_nothing_of_others(tmp_path: Path) -> None:
    make(tmp_path)
    assert numbers(make(tmp_path, Copy(), roster=ROSTER[:3], units=["001"])) == (0, 1, 1, 0)
    assert "005-单位5/函.docx" in files(tmp_path)


def test_a_link_is_never_followed_out_of_the_folder(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "来文.pdf").write_bytes(b"theirs")
    out = tmp_path / "out"
    out.mkdir()
    (out / "000-单位0").symlink_to(elsewhere)
    done = make(out)
    assert [entry.unit for entry in done.failed] == ["000", "000"]
    assert files(elsewhere) == {"来文.pdf": b"theirs"}


HEAD = '{"dispatch": "某事项", "version": "1", "files": ['
OUTSIDE = '"sha256": "0", "content": "0", "size": 1, "status": "made", "reason": null}'


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{}",
        "[1]",
        f"{HEAD}\n",
        HEAD + '\n{"unit": 1}\n]}\n',
        HEAD + '\n{"unit": "1", "kind": "a", "file": "../x", ' + OUTSIDE + "\n]}\n",
        HEAD + '\n{"unit": "1", "kind": "a", "file": "/etc/x", ' + OUTSIDE + "\n]}\n",
        HEAD + '\n{"unit": [], "kind": "a", "file": "a/x", ' + OUTSIDE + "\n]}\n",
        HEAD + '\n{"unit": "1", "kind": {}, "file": "a/x", ' + OUTSIDE + "\n]}\n",
        HEAD + '\n{"unit": "1", "kind": "a", "file": "a/\\ud800", ' + OUTSIDE + "\n]}\n",
        HEAD + '\n{"unit": "1", "kind": "\\udfff", "file": "a/x", ' + OUTSIDE + "\n]}\n",
        HEAD + "\n" + "[" * 200_000 + "\n]}\n",
        "[" * 200_000,
        HEAD + "\n" + " " * 3_000_000 + "\n]}\n",
    ],
)
def test_a_manifest_that_is_not_ours_stops_the_run_before_it_writes(tmp_path: Path, text: str) -> None:
    (tmp_path / "manifest.json").write_text(text, encoding="utf-8")
    with pytest.raises(Problems) as caught:
        make(tmp_path)
    assert codes(caught) == ["bad-manifest"]
    assert files(tmp_path) == {"manifest.json": text.encode()}


def test_a_cut_manifest_stops_the_run(tmp_path: Path) -> None:
    make(tmp_path)
    path = tmp_path / "manifest.json"
    path.write_bytes(path.read_bytes()[:-4])
    with pytest.raises(Problems) as caught:
        make(tmp_path)
    assert codes(caught) == ["bad-manifest"]


def test_the_folder_of_another_dispatch_is_left_alone(tmp_path: Path) -> None:
    make(tmp_path)
    before = files(tmp_path)
    of = dispatch(Path("另一事项"), ROSTER[:1])
    with pytest.raises(Problems) as caught:
        build(of, planned(of), tmp_path)
    assert codes(caught) == ["other-dispatch"]
    assert files(tmp_path) == before


# -- what goes wrong ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_unit_that_cannot_be_made_is_reported_and_the_others_are_made(tmp_path: Path, jobs: int) -> None:
    ill = Letter(ill={"001": "problems", "004": "compile odd"})
    done = make(tmp_path, ill, Copy(), settings=Settings(jobs))
    assert numbers(done) == (10, 0, 0, 2)
    assert [(entry.unit, entry.sha256, entry.status) for entry in done.failed] == [
        ("001", None, "failed"),
        ("004", None, "failed"),
    ]
    assert done.failed[0].reason == "units.csv:7:3: the quota is no number"
    assert done.failed[1].reason == "ValueError: odd"
    assert [problem.code for problem in verify(tmp_path)] == ["not-made", "not-made"]


def test_the_file_of_a_unit_that_fails_later_stays_and_stays_ours(tmp_path: Path) -> None:
    make(tmp_path)
    before = files(tmp_path)["001-单位1/函.docx"]
    done = make(tmp_path, Letter(ill={"001": "problems"}), Copy())
    assert files(tmp_path)["001-单位1/函.docx"] == before
    (entry,) = (entry for entry in done.entries() if entry.status == "failed")
    assert entry.size == len(before)
    assert numbers(make(tmp_path, roster=[unit for unit in ROSTER if unit.code != "001"])) == (0, 10, 2, 0)


def test_a_crash_a_hang_a_glutton_and_a_bad_value_cost_their_own_file_only(tmp_path: Path) -> None:
    ill = {"007": "abort", "013": "segfault", "022": "hang", "031": "memory", "044": "problems"}
    settings = Settings(2, limits=Limits(seconds=20, memory=1 << 29))
    done = make(tmp_path / "ill", Letter(ill=ill), Copy(), roster=units(50), settings=settings)
    assert [entry.unit for entry in done.failed] == sorted(ill)
    assert all(entry.reason for entry in done.failed)
    assert len({entry.reason for entry in done.failed}) == 5
    make(tmp_path / "well", roster=units(50))
    well = files(tmp_path / "well")
    assert {name: data for name, data in files(tmp_path / "ill").items() if name != "manifest.json"} == {
        name: data for name, data in well.items() if name != "manifest.json" and not ("函" in name and name[:3] in ill)
    }


def test_of_500_units_a_crash_a_hang_a_glutton_and_a_bad_value_cost_four(tmp_path: Path) -> None:
    ill = {"100": "segfault", "199": "hang", "300": "memory", "444": "problems"}
    settings = Settings(2, limits=Limits(seconds=20, memory=1 << 29))
    done = make(tmp_path, Letter(ill=ill), roster=units(500), settings=settings)
    # What a worker had made before it was lost is found as it should be by the one that does it again.
    assert (done.made + done.unchanged, len(done.failed)) == (496, 4)
    assert [entry.unit for entry in done.failed] == sorted(ill)
    assert [problem.code for problem in verify(tmp_path)] == ["not-made"] * 4
    assert numbers(make(tmp_path, Letter(), roster=units(500))) == (4, 496, 0, 0)
    assert verify(tmp_path) == []


def test_a_shape_that_crashes_is_compiled_once_and_costs_its_units(tmp_path: Path) -> None:
    log = tmp_path / "log"
    ill = Letter(ill={f"{number:03d}": "compile abort" for number in range(30)}, log=log)
    done = make(tmp_path / "out", ill, Copy(), roster=units(40), settings=Settings(2))
    assert numbers(done) == (50, 0, 0, 30)
    assert len(log.read_text().splitlines()) < 12


@pytest.mark.skipif(sys.platform == "win32", reason="a folder without rights is made otherwise there")
def test_an_output_folder_that_cannot_be_used_is_one_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    locked = tmp_path / "locked"
    locked.mkdir(mode=0o500)
    unusable = [tmp_path / "file", tmp_path / "file" / "out", Path("/proc/out")]
    if os.geteuid() != 0:  # root may write anywhere
        unusable.append(locked)
    for out in unusable:
        with pytest.raises(Problems) as caught:
            make(out)
        assert codes(caught) == ["bad-out"]


class Full(Disk):
    """A disk that has no room left for some files: it writes half of each."""

    def __init__(self, full: str) -> None:
        self.full = full

    def write(self, path: Path, pieces: Iterable[bytes], durable: bool) -> None:
        if self.full in str(path):
            super().write(path, [b"".join(pieces)[:100]], durable)
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        super().write(path, pieces, durable)


class Busy(Disk):
    """A disk on which another program holds some files, as Word does on Windows, for a number of tries."""

    def __init__(self, held: str, tries: int) -> None:
        self.held, self.tries = held, tries

    def replace(self, source: Path, target: Path) -> None:
        if self.held in str(target) and self.tries:
            self.tries -= 1
            exc = PermissionError(errno.EACCES, os.strerror(errno.EACCES))
            exc.winerror = 32  # type: ignore[attr-defined,unused-ignore]
            raise exc
        super().replace(source, target)


@pytest.mark.parametrize("disk", [Full("002-"), Busy("002-", 99)], ids=["full", "busy"])
def test_a_file_that_cannot_be_written_stays_as_it_was(tmp_path: Path, disk: Disk) -> None:
    make(tmp_path)
    before = files(tmp_path)
    done = make(tmp_path, Letter(text="改了"), Copy(), settings=Settings(disk=disk))
    assert numbers(done) == (5, 6, 0, 1)
    assert done.failed[0].file == "002-单位2/函.docx"
    after = files(tmp_path)
    assert after["002-单位2/函.docx"] == before["002-单位2/函.docx"]
    assert set(after) == set(before)


def test_a_file_held_for_a_moment_is_waited_for(tmp_path: Path) -> None:
    assert numbers(make(tmp_path, settings=Settings(disk=Busy("002-", 2)))) == (12, 0, 0, 0)


def test_a_disk_that_is_full_for_the_manifest_is_told_and_loses_nothing(tmp_path: Path) -> None:
    with pytest.raises(Problems) as caught:
        make(tmp_path, settings=Settings(disk=Full("manifest.json")))
    assert codes(caught) == ["bad-out"]
    assert numbers(make(tmp_path, roster=ROSTER[:2])) == (0, 4, 8, 0)
    assert set(files(tmp_path)) == {f"00{n}-单位{n}/{name}" for n in range(2) for name in ("函.docx", "来文.pdf")} | {
        "manifest.json"
    }


class Failing(Disk):
    """A disk that fails, once, at its n-th call."""

    def __init__(self, call: int) -> None:
        self.left = call

    def _count(self) -> None:
        self.left -= 1
        if self.left == 0:
            raise OSError(errno.EIO, os.strerror(errno.EIO))

    def write(self, path: Path, pieces: Iterable[bytes], durable: bool) -> None:
        self._count()
        super().write(path, pieces, durable)

    def replace(self, source: Path, target: Path) -> None:
        self._count()
        super().replace(source, target)


@pytest.mark.parametrize("call", range(1, 13))
def test_whatever_call_fails_only_whole_files_stand_and_a_rerun_completes(tmp_path: Path, call: int) -> None:
    make(tmp_path / "well", roster=ROSTER[:2])
    well, out = files(tmp_path / "well"), tmp_path / "out"
    settings = Settings(disk=Failing(call))
    if 3 <= call <= 10:  # two calls a file: of the probe, of four files, of the manifest
        assert len(make(out, roster=ROSTER[:2], settings=settings).failed) == 1
    else:
        with pytest.raises(Problems) as caught:
            make(out, roster=ROSTER[:2], settings=settings)
        assert codes(caught) == ["bad-out"]
    found = files(out)
    assert {name: found[name] for name in found if "/" in name}.items() <= well.items()
    make(out, roster=ROSTER[:2])
    assert files(out) == well


# -- killed, and twice at once -----------------------------------------------------------------------------------------


def start(out: Path, jobs: int) -> subprocess.Popen[str]:
    command = [sys.executable, str(HERE / "killed_run.py"), str(out), str(jobs)]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(HERE.parent), *sys.path])}
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)


@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL")
def test_a_killed_run_is_completed_by_the_next(tmp_path: Path) -> None:
    rosters = units(40), units(40)[1:]
    well = []
    for number, roster in enumerate(rosters):
        make(tmp_path / f"well{number}", roster=roster)
        well.append(files(tmp_path / f"well{number}"))
    interrupted = 0
    for kill in range(24):
        out = tmp_path / str(kill)
        run = start(out, 1 if kill % 6 else 2)
        while run.poll() is None and len(list(out.glob("0*"))) <= kill:
            time.sleep(0.002)
        time.sleep(kill / 10_000)
        run.send_signal(signal.SIGKILL)
        run.communicate()
        interrupted += (out / ".journal").exists()
        found = {name: data for name, data in files(out).items() if "/" in name and "/.~" not in name}
        assert found.items() <= well[0].items()
        # The next run is of the same dispatch, or of one that has lost a unit.
        make(out, roster=rosters[kill % 2])
        assert files(out) == well[kill % 2]
    assert interrupted > 12


def test_a_run_that_was_killed_leaves_nothing_behind_that_the_dispatch_no_longer_has(tmp_path: Path) -> None:
    make(tmp_path)
    entries = (tmp_path / "manifest.json").read_text().splitlines()[1:-1]
    # As a first run leaves it that was killed while it wrote its ninth line.
    foreign = ["[" * 200_000, "5", "[1]", '{"unit": "1", "kind": [], "file": "a/x"}', "\0" * 5000]
    (tmp_path / ".journal").write_text("\n".join([*foreign, *(line.removesuffix(",") for line in entries)])[:-9])
    (tmp_path / "manifest.json").unlink()
    (tmp_path / "005-单位5" / ".~来文.pdf.123.tmp").write_bytes(b"%PD")
    assert numbers(make(tmp_path, roster=ROSTER[:5])) == (0, 10, 1, 0)
    assert not (tmp_path / ".journal").exists()
    assert [name for name in files(tmp_path) if name.startswith("005")] == ["005-单位5/来文.pdf"]


def test_two_runs_at_once(tmp_path: Path) -> None:
    with FileLock(tmp_path / ".lock"), pytest.raises(Problems) as caught:
        make(tmp_path)
    assert codes(caught) == ["busy"]
    for number in range(4):
        out = tmp_path / f"out{number}"
        runs = [start(out, 1 + number % 2) for _number in range(2)]
        ends = sorted(run.wait() for run in runs)
        said = [run.communicate()[0] for run in runs]
        # One is refused; or, where the machine starts it late, it comes after and finds everything made.
        assert (ends, sorted(said)) in [([0, 1], ["", "80 0 0 0\n"]), ([0, 0], ["0 80 0 0\n", "80 0 0 0\n"])]
        assert verify(out) == []


# -- verify ------------------------------------------------------------------------------------------------------------


def test_verify_tells_what_is_missing_and_what_is_changed(tmp_path: Path) -> None:
    make(tmp_path)
    (tmp_path / "001-单位1" / "函.docx").unlink()
    (tmp_path / "002-单位2" / "函.docx").write_bytes(b"")
    assert [(problem.code, Path(problem.where.file).parent.name) for problem in verify(tmp_path)] == [
        ("missing-file", "001-单位1"),
        ("changed-file", "002-单位2"),
    ]


def test_verify_needs_a_manifest(tmp_path: Path) -> None:
    with pytest.raises(Problems) as caught:
        verify(tmp_path)
    assert codes(caught) == ["no-manifest"]


# -- what was changed since it was made --------------------------------------------------------------------------------


def edited(done: Manifest) -> list[str]:
    assert {problem.code for problem in done.warnings} <= {"edited-file"}
    return ["/".join(Path(problem.where.file).parts[-2:]) for problem in done.warnings]


@pytest.mark.parametrize("jobs", [1, 2])
@pytest.mark.parametrize("text", ["正文", "改了"], ids=["same dispatch", "changed dispatch"])
def test_what_was_edited_or_is_foreign_is_kept_beside(tmp_path: Path, text: str, jobs: int) -> None:
    settings, roster = Settings(jobs), units(40)
    make(tmp_path, roster=roster)
    for code in ("001", "017", "039"):
        path = tmp_path / f"{code}-单位{int(code)}" / "函.docx"
        path.write_bytes(path.read_bytes() + b"by hand")
    edits = (tmp_path / "017-单位17" / "函.docx").read_bytes()
    done = make(tmp_path, Letter(text=text), Copy(), roster=roster, settings=settings)
    assert edited(done) == ["001-单位1/函.docx", "017-单位17/函.docx", "039-单位39/函.docx"]
    assert numbers(done) == ((3, 77, 0, 0) if text == "正文" else (40, 40, 0, 0))
    assert (tmp_path / "017-单位17" / "函（改动备份1）.docx").read_bytes() == edits
    assert len(list(tmp_path.rglob("*改动备份*"))) == 3
    assert verify(tmp_path) == []
    assert edited(make(tmp_path, Letter(text=text), Copy(), roster=roster, settings=settings)) == []


def test_a_second_edit_gets_a_second_copy_and_a_foreign_file_its_first(tmp_path: Path) -> None:
    foreign = tmp_path / "002-单位2" / "来文.pdf"
    foreign.parent.mkdir()
    foreign.write_bytes(b"theirs")
    assert edited(make(tmp_path)) == ["002-单位2/来文.pdf"]
    for number in (2, 3):
        foreign.write_bytes(b"%d" % number)
        assert edited(make(tmp_path)) == ["002-单位2/来文.pdf"]
    copies = {path.name: path.read_bytes() for path in foreign.parent.glob("*备份*")}
    assert copies == {"来文（改动备份1）.pdf": b"theirs", "来文（改动备份2）.pdf": b"2", "来文（改动备份3）.pdf": b"3"}
    foreign.unlink()
    foreign.symlink_to(tmp_path / "elsewhere")
    assert edited(make(tmp_path)) == ["002-单位2/来文.pdf"]
    assert (foreign.parent / "来文（改动备份4）.pdf").is_symlink()
    assert not foreign.is_symlink()


def test_what_a_killed_run_made_is_ours(tmp_path: Path) -> None:
    make(tmp_path)
    old = files(tmp_path)
    make(tmp_path, Letter(text="改了"), Copy())
    entries = (tmp_path / "manifest.json").read_bytes().replace(b",\n", b"\n").split(b"\n")[1:7]
    (tmp_path / ".journal").write_bytes(b"\n".join(entries))
    (tmp_path / "manifest.json").write_bytes(old["manifest.json"])
    for name in ("004-单位4/函.docx", "005-单位5/函.docx"):
        (tmp_path / name).write_bytes(old[name])
    (tmp_path / "001-单位1" / "函.docx").write_bytes(b"by hand")
    done = make(tmp_path, Letter(text="又改了"), Copy())
    # Of unit 3 the journal has lost the line: its file is nobody's.
    assert edited(done) == ["001-单位1/函.docx", "003-单位3/函.docx"]
    assert verify(tmp_path) == []


def test_a_copy_is_taken_back_when_the_file_cannot_be_written(tmp_path: Path) -> None:
    make(tmp_path)
    path = tmp_path / "002-单位2" / "函.docx"
    path.write_bytes(b"by hand")
    done = make(tmp_path, settings=Settings(disk=Full("002-")))
    assert [entry.file for entry in done.failed] == ["002-单位2/函.docx"]
    assert (path.read_bytes(), list(tmp_path.rglob("*备份*"))) == (b"by hand", [])
    assert edited(make(tmp_path)) == ["002-单位2/函.docx"]


def test_of_many_files_the_record_of_each_is_found(tmp_path: Path) -> None:
    roster = units(300)
    done = make(tmp_path, roster=roster)
    known = {entry.file: entry.sha256 or "" for entry in done.entries()}
    earlier = Earlier(tmp_path, killed=False)
    assert all(earlier.made(file, sha256) for file, sha256 in known.items())
    assert not any(earlier.made(file, "0") for file in known)
    strangers = [
        "",
        "a",
        "000",
        "zzz/a.docx",
        "000-单位0/",
        "000-单位0/函.doc",
        "299-单位299/来文.pdf2",
        "299-单位299/z",
    ]
    assert not any(earlier.made(file, known["000-单位0/函.docx"]) for file in strangers)
