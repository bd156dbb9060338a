"""An installed fawen works outside the checkout: everything that it needs is in the wheel."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
NEEDED = {
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
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Fawen:
    """`installed("check", folder)`: the installed fawen, run where no checkout is in sight; its libraries are ours."""
    site, elsewhere = tmp_path_factory.mktemp("site"), tmp_path_factory.mktemp("elsewhere")
    _pip("install", "--no-deps", "--no-index", "--target", str(site), str(wheel))

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
