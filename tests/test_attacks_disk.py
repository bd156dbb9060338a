"""Every call to the disk of a whole batch fails in turn: under final names stand whole files, and a rerun completes."""

from __future__ import annotations

import errno
import io
import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from fakes import Copy, Letter, dispatch, planned, units

from generator.base import files as files_module
from generator.base.problems import Problems
from generator.kits.run import Settings, build, verify

FOLDER = Path("某事项")
CALLS = ("open", "write", "fsync", "replace", "mkdir", "unlink", "rmdir", "lstat", "scandir", "link")
KINDS = (errno.EIO, errno.ENOSPC, errno.EACCES)
BEFORE, AFTER = units(3), units(3)[1:]
"""The second dispatch has lost a unit and changed its text: files are written, replaced and removed."""


class Disk:
    """The system's calls, of which some from the n-th on fail; a write that fails has written half.

    With no `times`, the n-th call writes half and says so, if it is a write, and fails in nothing.
    """

    def __init__(self, fail_at: int, kind: int, times: int = 1) -> None:
        self.left, self.kind, self.times = fail_at, kind, times
        self.failed = ""

    def call(self, name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def counted(*arguments: Any, **named: Any) -> Any:
            self.left -= 1
            if not 0 >= self.left > -max(1, self.times):
                return real(*arguments, **named)
            self.failed = self.failed or name
            if name == "write":
                written = real(arguments[0], bytes(arguments[1])[: len(arguments[1]) // 2])
            if self.times:
                raise OSError(self.kind, os.strerror(self.kind))
            return written if name == "write" else real(*arguments, **named)

        return counted

    def file(self) -> type[io.FileIO]:
        """A file that is held open, of which reads and writes are counted."""
        disk = self

        class File(io.FileIO):
            def write(self, data: Any) -> int:
                return disk.call("write", lambda _file, some: super(File, self).write(some))(self, data)

            def readinto(self, buffer: Any) -> int | None:
                return disk.call("read", super().readinto)(buffer)

        return File

    @contextmanager
    def failing(self) -> Iterator[None]:
        with pytest.MonkeyPatch.context() as patch:
            for name in CALLS:
                patch.setattr(os, name, self.call(name, getattr(os, name)))
            patch.setattr(files_module.io, "FileIO", self.file())
            yield


def run(out: Path, *, second: bool = False, durable: bool = False) -> None:
    of = dispatch(FOLDER, AFTER if second else BEFORE)
    build(of, planned(of, Letter(text="改了" if second else "正文"), Copy()), out, Settings(1, durable))


def files(out: Path) -> dict[str, bytes]:
    """What stands under final names, but for the manifest."""
    found = (path for path in out.rglob("*") if path.is_file() and not path.name.startswith("."))
    return {path.relative_to(out).as_posix(): path.read_bytes() for path in found if path.name != "manifest.json"}


def holds(out: Path, whole: list[dict[str, bytes]], *, finished: bool) -> None:
    """Whole files only, each as one of the runs makes it; and of a finished run the manifest is the truth."""
    for name, data in files(out).items():
        assert any(run.get(name) == data for run in whole), name
    manifest = out / "manifest.json"
    if manifest.exists():
        entries = json.loads(manifest.read_bytes())["files"]
        assert all(entry["reason"] for entry in entries if entry["status"] == "failed")
        if finished:
            assert {problem.code for problem in verify(out)} <= {"not-made"}
            ours = {entry["file"] for entry in entries if entry["sha256"]}
            assert set(files(out)) == ours, "a file that the manifest does not know, or does not find"


@pytest.mark.parametrize("durable", [False, True], ids=["fast", "durable"])
@pytest.mark.parametrize("times", [0, 1, 2], ids=["short", "once", "twice"])
@pytest.mark.parametrize("second", [False, True], ids=["first run", "rerun of a changed dispatch"])
def test_whatever_fails_only_whole_files_stand_and_a_rerun_completes(
    tmp_path: Path, *, second: bool, durable: bool, times: int
) -> None:
    whole: list[dict[str, bytes]] = []
    for number in (False, True):
        run(tmp_path / f"whole{number}", second=number)
        whole.append(files(tmp_path / f"whole{number}"))
    met = set()
    for call in range(1, 1000):
        disk, out = Disk(call, KINDS[call % len(KINDS)], times), tmp_path / f"out{call}"
        if second:
            run(out)
        refused: list[str] = []
        with disk.failing():
            try:
                run(out, second=second, durable=durable)
            except Problems as problems:
                refused = [problem.code for problem in problems.problems]
        assert refused in ([], ["bad-out"])
        holds(out, whole, finished=not refused)
        run(out, second=second)
        assert files(out) == whole[second]
        assert verify(out) == []
        assert not [path for path in out.rglob(".*") if path.name not in (".lock",)]
        if not disk.failed:
            break
        met.add(disk.failed)
    again = {"read"} if second else set()
    assert met >= {"open", "write", "replace", "unlink", "lstat"} | ({"fsync"} if durable else set()) | again, met


# -- what lies in the output folder already ----------------------------------------------------------------------------


def lay(what: str, at: Path) -> None:
    """Lay a link, a pipe or a folder there, in place of what there was."""
    at.unlink(missing_ok=True)
    if what == "pipe":
        os.mkfifo(at)
    elif what == "folder":
        at.mkdir()
    else:
        at.symlink_to({"link": "../theirs", "link to nothing": "../nothing", "link to a device": "/dev/zero"}[what])


@pytest.mark.skipif(sys.platform == "win32", reason="pipes and devices lie elsewhere there")
@pytest.mark.parametrize("what", ["link", "link to nothing", "link to a device", "pipe", "folder"])
@pytest.mark.parametrize("name", [".lock", ".journal", "manifest.json"])
def test_what_is_no_file_is_neither_followed_nor_waited_for(tmp_path: Path, name: str, what: str) -> None:
    out, theirs = tmp_path / "out", tmp_path / "theirs"
    theirs.write_bytes(b"precious")
    run(out)
    lay(what, out / name)
    if (name, what) == ("manifest.json", "link to nothing"):
        run(out)
        assert not (out / name).is_symlink()
    else:
        with pytest.raises(Problems) as caught:
            run(out)
        (problem,) = caught.value.problems
        assert (problem.code, problem.where.file) == ("bad-out", str(out / name))
    assert theirs.read_bytes() == b"precious"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out", "theirs"]


@pytest.mark.skipif(sys.platform == "win32", reason="pipes and devices lie elsewhere there")
@pytest.mark.parametrize("what", ["link", "link to a device", "pipe", "folder"])
def test_verify_neither_follows_nor_waits(tmp_path: Path, what: str) -> None:
    out = tmp_path / "out"
    (tmp_path / "theirs").write_bytes(b"precious")
    run(out)
    lay(what, out / "001-单位1" / "函.docx")
    assert [problem.code for problem in verify(out)] == ["unreadable-file"]
    lay(what, out / "manifest.json")
    with pytest.raises(Problems) as caught:
        verify(out)
    assert [problem.code for problem in caught.value.problems] == ["unreadable-file"]


@pytest.mark.parametrize("link", [True, False], ids=["a link", "what a killed run left"])
def test_what_lies_under_a_temporary_name_is_not_written_through(tmp_path: Path, *, link: bool) -> None:
    out, theirs = tmp_path / "out", tmp_path / "theirs"
    theirs.write_bytes(b"precious")
    (out / "001-单位1").mkdir(parents=True)
    temporary = out / "001-单位1" / f".~函.docx.{os.getpid()}.tmp"
    temporary.symlink_to(theirs) if link else temporary.write_bytes(b"half")
    run(out)
    assert theirs.read_bytes() == b"precious"
    assert not (out / "001-单位1" / "函.docx").is_symlink()
    assert verify(out) == []
    assert not list(out.rglob(".~*"))


def test_a_folder_with_the_name_of_a_temporary_file_stays_and_stops_nothing(tmp_path: Path) -> None:
    run(tmp_path)
    (tmp_path / "001-单位1" / ".~d.tmp").mkdir()
    (tmp_path / ".journal").touch()
    run(tmp_path)
    assert (tmp_path / "001-单位1" / ".~d.tmp").is_dir()
    assert not (tmp_path / ".journal").exists()
