"""What is installed is pinned, by hash, and not older than the releases that closed known holes."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")
PINNED = dict(re.findall(r"^([\w.-]+)==(\S+) \\\n(?= +--hash=sha256:[0-9a-f]{64})", LOCK, re.MULTILINE))

CLOSED = {"jinja2": (3, 1, 6), "lxml": (6, 1)}
"""Package → the first release without a hole that matters here (sandbox escapes; entities in iterparse)."""


def version(text: str) -> tuple[int, ...]:
    return tuple(int(number) for number in re.findall(r"\d+", text))


def requirements() -> list[tuple[str, str, str]]:
    extras = PROJECT["optional-dependencies"]
    wanted = [*PROJECT["dependencies"], *extras["fast"], *extras["pdf"]]
    return [re.fullmatch(r"([\w.-]+)(==|>=)([\d.]+)", one).groups() for one in wanted]


@pytest.mark.parametrize(("name", "sign", "wanted"), requirements())
def test_the_lock_holds_what_the_project_asks_for(name: str, sign: str, wanted: str) -> None:
    pinned = version(PINNED[name])
    assert pinned[: len(version(wanted))] >= version(wanted)
    assert sign == ">=" or PINNED[name] == wanted


@pytest.mark.parametrize(("name", "closed"), CLOSED.items())
def test_the_lower_bounds_are_past_known_holes(name: str, closed: tuple[int, ...]) -> None:
    (bound,) = [version(wanted) for known, _sign, wanted in requirements() if known == name]
    assert bound >= closed


def test_the_template_engine_is_pinned_exactly() -> None:
    assert "docxtpl==0.20.2" in PROJECT["dependencies"]


def test_every_line_of_the_lock_is_pinned_by_hash() -> None:
    assert len(re.findall(r"^[\w.-]+==", LOCK, re.MULTILINE)) == len(PINNED) > 20
    assert not re.search(r"^--|://", LOCK, re.MULTILINE)


def test_the_validator_is_pinned_by_hash() -> None:
    packages = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    assert all(entry["integrity"].startswith("sha512-") for name, entry in packages.items() if name)
