"""An installed fawen works outside the checkout: everything that it needs is in the wheel."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
NEEDED = {
    "generator/py.typed",
    "generator/office/fonts.conf",
    "generator/base/locale/zh_CN/LC_MESSAGES/click.mo",
    "generator/base/locale/zh_CN/LC_MESSAGES/fawen.mo",
    *(f"generator/dispatch/starter/{path.name}" for path in (ROOT / "generator" / "dispatch" / "starter").iterdir()),
    *(f"generator/templates/{path.name}" for path in (ROOT / "templates").glob("*.docx")),
}
Fawen = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built by the installed hatchling: the test needs no network."""
    folder = tmp_path_factory.mktemp("wheel")
    _pip("wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", str(folder), str(ROOT))
    (made,) = folder.glob("fawen-*.whl")
    return made


@pytest.fixture(scope="module")
def site(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that the wheel is installed in."""
    folder = tmp_path_factory.mktemp("site")
    _pip("install", "--no-deps", "--no-index", "--target", str(folder), str(wheel))
    return folder


@pytest.fixture(scope="module")
def installed(site: Path, tmp_path_factory: pytest.TempPathFactory) -> Fawen:
    """`installed("check", folder)`: the installed fawen, run where no checkout is in sight; its libraries are ours."""
    elsewhere = tmp_path_factory.mktemp("elsewhere")

    def run(*arguments: object) -> subprocess.CompletedProcess[str]:
        # The site comes first on the path, before the checkout that an editable install adds.
        environment = {**os.environ, "PYTHONPATH": str(site), "PYTHONUTF8": "1", "LANGUAGE": "zh_CN"}
        command = [sys.executable, "-m", "generator", *map(str, arguments)]
        return subprocess.run(
            command, cwd=elsewhere, env=environment, capture_output=True, encoding="utf-8", check=False
        )

    where = subprocess.run(
        [sys.executable, "-c", "import generator; print(generator.__file__)"],
        cwd=elsewhere,
        env={**os.environ, "PYTHONPATH": str(site)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert Path(where.stdout.strip()).is_relative_to(site)
    return run


def _pip(*arguments: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "pip", "--disable-pip-version-check", *arguments],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_wheel_holds_what_is_read_at_run_time(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    assert names >= NEEDED
    assert {name.partition("/")[0] for name in names if ".dist-info/" not in name} == {"generator"}


def test_the_wheel_holds_every_module(wheel: Path) -> None:
    """A module that .gitignore or the build leaves out would be missed only by those who install it."""
    modules = {path.relative_to(ROOT).as_posix() for path in (ROOT / "generator").rglob("*.py")}
    assert {name for name in zipfile.ZipFile(wheel).namelist() if name.endswith(".py")} == modules


def test_new_check_batch_verify(installed: Fawen, tmp_path: Path) -> None:
    folder, out = tmp_path / "某事项", tmp_path / "结果"
    for arguments in (["new", folder], ["check", folder], ["batch", folder, "--out", out], ["verify", out]):
        done = installed(*arguments)
        assert done.returncode == 0, done.stdout + done.stderr
    kit = {path.name for path in (out / "001-甲市人力资源和社会保障局").iterdir()}
    assert {name.rpartition(".")[2] for name in kit} == {"docx", "xlsx"}
    assert len(kit) == 4


def test_it_speaks_chinese(installed: Fawen) -> None:
    assert "为每个单位生成全套材料" in installed("--help").stdout


# -- the face in Python ------------------------------------------------------------------------------------------------

(SCRIPT,) = re.findall(r"```python\n(.*?)```", (ROOT / "docs" / "api.md").read_text(encoding="utf-8"), re.S)
"""The example of docs/api.md."""


def python(site: Path, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Python where the wheel is installed, and no checkout is in sight."""
    environment = {**os.environ, "PYTHONPATH": str(site), "PYTHONUTF8": "1", **variables}
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=site.parent,
        env=environment,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


def test_the_example_of_the_docs_runs_from_the_wheel(site: Path) -> None:
    done = python(site, "-c", SCRIPT, LANGUAGE="en")
    assert (done.returncode, done.stderr) == (0, "")
    *problems, last = done.stdout.splitlines()
    assert problems[0].startswith("warning deadline-day-off ")
    assert re.search("[\u4e00-\u9fff]", problems[0])
    assert re.fullmatch(r"001-甲市人力资源和社会保障局/\S+\.docx \d{4,} 字节", last)


def test_importing_the_face_is_silent_and_changes_nothing(site: Path) -> None:
    code = (
        "import os, gettext, threading\nbefore = dict(os.environ), gettext.textdomain()\nfrom generator import api\n"
        "assert (dict(os.environ), gettext.textdomain()) == before\nassert threading.active_count() == 1\n"
        "import sys\nassert not {'click', 'rich', 'generator.cli'} & set(sys.modules)"
    )
    done = python(site, "-c", code)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_who_uses_the_face_is_type_checked(site: Path, tmp_path: Path) -> None:
    right, wrong = tmp_path / "right.py", tmp_path / "wrong.py"
    right.write_text(SCRIPT, encoding="utf-8")
    wrong.write_text("from generator import api\napi.make(1, 2, unit='001')\nx: int = api.verify('out')\n")
    for file, status in ((right, 0), (wrong, 1)):
        cache = f"--cache-dir={tmp_path / 'cache'}"
        done = python(site, "-m", "mypy", "--strict", "--config-file=", cache, str(file), MYPYPATH="")
        assert done.returncode == status, done.stdout
        assert "py.typed" not in done.stdout
        assert done.stdout.count("error: ") == (0 if status == 0 else 4)
