"""A Dask cluster makes what one process makes, and a unit that brings its workers down costs itself."""

import multiprocessing
import os
import signal
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import GOLDEN
from fakes import ONCE, Copy, Letter, dispatch, planned, units
from test_build import FOLDER, codes, files, make, numbers

from generator.base.problems import Problems
from generator.dispatch.load import load_dispatch
from generator.kits.plan import plan
from generator.kits.run import Limits, Settings, build, verify

distributed = pytest.importorskip("distributed")
# Its scheduler leaves sockets and event loops to the garbage collector as it goes down.
pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")


@pytest.fixture(scope="module")
def cluster() -> Iterator[str]:
    """The address of a cluster of two worker processes on this machine."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        local = distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None, silence_logs="CRITICAL"
        )
        with local:
            yield local.scheduler_address


@pytest.mark.parametrize("case", ["letters-to-units", "forward-append"])
def test_a_cluster_two_processes_one_and_a_resumed_run_make_the_same(tmp_path: Path, cluster: str, case: str) -> None:
    of = load_dispatch(GOLDEN / case)
    ways = {"one": Settings(1), "two": Settings(2), "cluster": Settings(cluster=cluster)}
    for name, settings in ways.items():
        done = build(of, plan(of), tmp_path / name, settings)
        assert (done.made > 0, done.failed, done.unchanged) == (True, [], 0)
    expected = files(tmp_path / "one")
    assert files(tmp_path / "two") == expected
    assert files(tmp_path / "cluster") == expected
    resumed = tmp_path / "cluster"
    gone = sorted(name for name in expected if "/" in name)[::2]
    for name in gone:
        (resumed / name).unlink()
    assert build(of, plan(of), resumed, Settings(cluster=cluster)).made == len(gone)
    assert files(resumed) == expected


def test_many_units_go_in_chunks_and_are_reported_once(tmp_path: Path, cluster: str) -> None:
    heard = []
    of = dispatch(FOLDER, units(300))
    done = build(of, planned(of), tmp_path / "cluster", Settings(cluster=cluster), lambda kit, _all: heard.append(kit))
    assert numbers(done) == (600, 0, 0, 0)
    assert heard == list(range(1, 301))
    make(tmp_path / "one", roster=units(300))
    assert files(tmp_path / "cluster") == files(tmp_path / "one")


def test_a_unit_that_crashes_hangs_or_eats_memory_costs_itself(tmp_path: Path, cluster: str) -> None:
    ill = Letter(ill={"003": "problems", "011": "hang", "017": "abort", "019": "memory"})
    settings = Settings(cluster=cluster, limits=Limits(seconds=20, memory=1 << 30))
    done = make(tmp_path, ill, Copy(), roster=units(24), settings=settings)
    reasons = {(entry.unit, entry.kind): str(entry.reason) for entry in done.failed}
    assert list(reasons) == [(unit, "letter") for unit in ("003", "011", "017", "019")]
    said = ("the quota is no number", "after 20 seconds", "crashed the program", "more memory")
    assert all(word in reason for word, reason in zip(said, reasons.values(), strict=True))
    assert make(tmp_path, roster=units(24), settings=settings).failed == []
    assert verify(tmp_path) == []


def test_what_a_lost_machine_was_making_is_made_by_another(tmp_path: Path, cluster: str) -> None:
    ill = Letter(ill={"011": f"{ONCE}{tmp_path / 'mark'}"})
    done = make(tmp_path / "cluster", ill, Copy(), roster=units(24), settings=Settings(cluster=cluster))
    assert (tmp_path / "mark").exists()
    assert done.failed == []
    make(tmp_path / "one", roster=units(24))
    assert files(tmp_path / "cluster") == files(tmp_path / "one")


def test_a_run_leaves_no_process_behind(tmp_path: Path, cluster: str) -> None:
    make(tmp_path, roster=units(24), settings=Settings(cluster=cluster))
    with distributed.Client(cluster) as client:
        assert set(client.run(lambda: len(multiprocessing.active_children())).values()) == {0}


def test_workers_that_are_just_being_replaced_are_waited_for(tmp_path: Path, cluster: str) -> None:
    with distributed.Client(cluster) as client:
        before = client.run(os.getpid)
    for process in before.values():
        os.kill(process, signal.SIGKILL)
    done = make(tmp_path, roster=units(24), settings=Settings(cluster=cluster))
    assert numbers(done) == (48, 0, 0, 0)
    assert verify(tmp_path) == []


def test_no_cluster_is_one_error(tmp_path: Path) -> None:
    with pytest.raises(Problems) as caught:
        make(tmp_path / "out", settings=Settings(cluster="no such scheme"))
    assert codes(caught) == ["no-cluster"]
    assert not [name for name in files(tmp_path / "out") if "/" in name]
