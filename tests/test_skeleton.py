"""The folder of `fawen new`: loads, checks clean, and never harms a folder that is in use."""

from __future__ import annotations

import os

import pytest

from generator.base.problems import Problems
from generator.check import check
from generator.dispatch.load import load_dispatch
from generator.dispatch.skeleton import STARTER, write
from generator.kits import kinds


def test_writes_every_file(tmp_path):
    written = write(tmp_path / "事项" / "2026-开学第一课")
    assert [path.name for path in written] == ["body.md", "dispatch.yaml", "source.txt", "units.csv"]
    assert all(path.read_bytes() == (STARTER / path.name).read_bytes() for path in written)


def test_an_empty_folder_is_used(tmp_path):
    assert len(write(tmp_path)) == 4


def test_checks_without_a_finding(tmp_path):
    write(tmp_path)
    assert check(load_dispatch(tmp_path)) == []


def test_builds_as_it_is(tmp_path):
    write(tmp_path)
    dispatch = load_dispatch(tmp_path)
    made = kinds.documents(dispatch)
    assert {document.kind for document in made} == set(kinds.names())
    for document in made:
        for unit in filter(document.concerns, dispatch.units):
            assert document.compile(unit).stamp(document.values(unit)).data.startswith(b"PK")


def test_a_folder_in_use_is_left_alone(tmp_path):
    (tmp_path / "body.md").write_text("mine", encoding="utf-8")
    with pytest.raises(Problems) as raised:
        write(tmp_path)
    assert [(p.code, p.where.file) for p in raised.value.problems] == [("folder-not-empty", str(tmp_path))]
    assert [path.name for path in tmp_path.iterdir()] == ["body.md"]


def test_a_file_in_the_way_is_reported(tmp_path):
    (tmp_path / "taken").write_text("mine", encoding="utf-8")
    for folder in (tmp_path / "taken", tmp_path / "taken" / "new"):
        with pytest.raises(Problems) as raised:
            write(folder)
        assert [problem.code for problem in raised.value.problems] == ["cannot-write"]


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="the superuser may write anywhere")
def test_a_place_without_permission_is_reported(tmp_path):
    tmp_path.chmod(0o500)
    with pytest.raises(Problems) as raised:
        write(tmp_path / "new")
    assert [problem.code for problem in raised.value.problems] == ["cannot-write"]
