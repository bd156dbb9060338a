"""Same dispatch, same bytes: in any process, zone, language, folder and order of work, with or without a manifest."""

import hashlib
import io
import json
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from conftest import GOLDEN

HERE = Path(__file__).parent
Run = Callable[..., Result]
CASES = ["forward-append", "letters-to-units", "notice-tables"]


def files(out: Path) -> dict[str, bytes]:
    """Every file, the manifest among them, by path."""
    paths = (path for path in out.rglob("*") if path.is_file() and path.name != ".lock")
    return {path.relative_to(out).as_posix(): path.read_bytes() for path in paths}


def parts(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return {name: package.read(name) for name in package.namelist()}


def batch(folder: Path, out: Path, *options: str, cwd: Path | None = None, **environment: str) -> dict[str, bytes]:
    """What `fawen batch` makes in a process of its own."""
    command = [sys.executable, "-m", "generator", "batch", str(folder), "-o", str(out), *options]
    done = subprocess.run(command, env={**os.environ, **environment}, cwd=cwd, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
    return files(out)


@pytest.fixture(scope="module", params=CASES)
def made(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, bytes]]:
    """A dispatch and its files, as a plain run makes them."""
    folder = GOLDEN / request.param
    found = batch(folder, tmp_path_factory.mktemp("plain"), PYTHONHASHSEED="1", TZ="UTC", LC_ALL="C", LANGUAGE="en")
    assert {Path(name).suffix for name in found} >= {".docx", ".json"}
    return folder, found


def test_in_another_process_zone_language_and_folder(made: tuple[Path, dict[str, bytes]], tmp_path: Path) -> None:
    folder, expected = made
    elsewhere = tmp_path / "别处" / folder.name
    shutil.copytree(folder, elsewhere, copy_function=shutil.copyfile)
    environment = {"TZ": "Asia/Shanghai", "LC_ALL": "zh_CN.UTF-8", "LANGUAGE": "zh_CN", "SOURCE_DATE_EPOCH": "1"}
    assert batch(elsewhere, tmp_path / "out", cwd=tmp_path, PYTHONHASHSEED="2", **environment) == expected
    environment = {"TZ": "America/New_York", "LC_ALL": "C.UTF-8", "LANGUAGE": "en", "COLUMNS": "20"}
    assert batch(elsewhere, tmp_path / "again", cwd=folder, PYTHONHASHSEED="3", **environment) == expected


def test_with_several_workers(made: tuple[Path, dict[str, bytes]], tmp_path: Path) -> None:
    folder, expected = made
    assert batch(folder, tmp_path, "--jobs", "2", "--durable") == expected


def test_unit_by_unit_and_over_what_is_there(made: tuple[Path, dict[str, bytes]], tmp_path: Path, run: Run) -> None:
    folder, expected = made
    units = {entry["unit"] for entry in json.loads(expected["manifest.json"])["files"]}
    for unit in sorted(units, reverse=True):
        assert run("batch", folder, "-o", tmp_path, "--unit", unit).exit_code == 0
    assert files(tmp_path) == expected
    for name in expected:
        if name.endswith(".docx"):
            (tmp_path / name).unlink()
    assert run("batch", folder, "-o", tmp_path).exit_code == 0
    assert files(tmp_path) == expected
    (tmp_path / "manifest.json").unlink()
    again = run("batch", folder, "-o", tmp_path)
    assert f"{len(expected) - 1} unchanged" in again.output
    assert files(tmp_path) == expected


def test_another_spec_gives_other_bytes(made: tuple[Path, dict[str, bytes]], tmp_path: Path, run: Run) -> None:
    folder, expected = made
    changed = tmp_path / folder.name
    shutil.copytree(folder, changed)
    spec = (changed / "dispatch.yaml").read_text(encoding="utf-8")
    (changed / "dispatch.yaml").write_text(spec.replace("某某", "某", 1), encoding="utf-8")
    assert run("batch", changed, "-o", tmp_path / "out").exit_code == 0
    assert files(tmp_path / "out") != expected


def test_the_manifest_tells_each_file_as_it_is(made: tuple[Path, dict[str, bytes]]) -> None:
    _folder, expected = made
    of_content: dict[str, dict[str, bytes]] = {}
    for entry in json.loads(expected["manifest.json"])["files"]:
        data = expected[entry["file"]]
        assert (entry["sha256"], entry["size"]) == (hashlib.sha256(data).hexdigest(), len(data))
        assert parts(data) == of_content.setdefault(entry["content"], parts(data))
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            assert {info.date_time for info in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_another_deflate_makes_other_bytes_of_the_same_content(
    made: tuple[Path, dict[str, bytes]], tmp_path: Path
) -> None:
    folder, fast = made
    (tmp_path / "isal.py").write_text("raise ImportError", encoding="utf-8")
    plain = batch(folder, tmp_path / "out", PYTHONPATH=f"{tmp_path}{os.pathsep}{HERE.parent}")

    def contents(found: dict[str, bytes]) -> dict[str, str]:
        return {entry["file"]: entry["content"] for entry in json.loads(found["manifest.json"])["files"]}

    assert contents(plain) == contents(fast)
    changing = [name for name in fast if name.endswith((".docx", ".xlsx")) and plain[name] != fast[name]]
    assert changing or folder.name != "letters-to-units"
    for name in changing:
        with zipfile.ZipFile(io.BytesIO(plain[name])) as one, zipfile.ZipFile(io.BytesIO(fast[name])) as other:
            assert {part: one.read(part) for part in one.namelist()} == {
                part: other.read(part) for part in other.namelist()
            }


def test_the_content_hash_of_a_file_passed_on_is_its_own(tmp_path: Path, run: Run) -> None:
    assert run("notice", GOLDEN / "forward-letter", "-o", tmp_path).exit_code == 0
    entries = json.loads((tmp_path / "manifest.json").read_bytes())["files"]
    source = (GOLDEN / "forward-letter" / "source.txt").read_bytes()
    passed_on = [entry for entry in entries if entry["file"].endswith(".txt")]
    assert [entry["content"] for entry in passed_on] == [hashlib.sha256(source).hexdigest()]
