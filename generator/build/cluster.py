"""The chunks of a run on a Dask cluster: its workers write into the same folder, which every machine must see."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, CancelledError, Executor, Future, wait
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from generator import __version__
from generator.build.disk import Writer
from generator.build.maker import Made, Maker, failed
from generator.i18n import _
from generator.package import compile_package, slot
from generator.plan import Plan
from generator.problems import Problems, Where, error
from generator.spec import Unit

if TYPE_CHECKING:
    from distributed import Client

CHUNK = 200
"""Units to a task: the scheduler takes about a millisecond for each, a kit less than one."""
_AHEAD = 4
"""Tasks that lie ready for each thread of the cluster, so that none waits for us."""
_PATIENCE = 15
"""Seconds in which a scheduler answers, and its first worker is there."""

Kits = list[tuple[int, list[Made]]]
Units = Sequence["Unit | None"]
_one_at_a_time = threading.Lock()


@dataclass(frozen=True)
class _Chunk:
    """Kits to make, by number."""

    start: int
    stop: int


def run(plan: Plan, writer: Writer, address: str, *, verify: bool = False) -> Iterator[tuple[int, list[Made]]]:
    """Each kit's number and files, as they are done; a chunk that a worker fails of is done again unit by unit.

    What becomes of a worker that hangs or eats memory is the cluster's own affair (its nannies end it). Raises
    Problems when there is no such cluster, or when its workers would make other bytes than this installation.
    """
    with _connected(address) as client:
        _same_everywhere(client)
        everywhere = Writer(writer.out.resolve(), writer.durable)
        # The plan goes to each worker once; a task holds its units' numbers only. A result, unlike scattered data, is
        # made again when the workers that hold it are gone.
        maker = client.submit(Maker, plan, everywhere, verify=verify, pure=False)
        threads = sum(client.nthreads().values())
        with client.get_executor(pure=False) as executor:
            yield from _chunks(plan, executor, maker, _AHEAD * max(1, threads))


def _chunks(plan: Plan, executor: Executor, maker: Any, ahead: int) -> Iterator[tuple[int, list[Made]]]:
    size = max(1, min(CHUNK, len(plan.units) // ahead))
    fresh = (_Chunk(at, min(at + size, len(plan.units))) for at in range(0, len(plan.units), size))
    again: deque[_Chunk] = deque()
    running: dict[Future[Kits], _Chunk] = {}
    while True:
        while len(running) < ahead and (chunk := again.popleft() if again else next(fresh, None)):
            running[executor.submit(make_kits, maker, chunk.start, chunk.stop)] = chunk
        if not running:
            return
        for future in wait(running, return_when=FIRST_COMPLETED).done:
            chunk = running.pop(future)
            try:
                yield from future.result()
            except (Exception, CancelledError) as exc:
                if chunk.stop - chunk.start > 1:
                    again.extend(_Chunk(kit, kit + 1) for kit in range(chunk.start, chunk.stop))
                else:
                    yield chunk.start, _lost(plan, chunk.start, exc)


def _lost(plan: Plan, kit: int, exc: BaseException) -> list[Made]:
    reason = _("the cluster could not make it: {reason}").format(reason=" ".join(f"{type(exc).__name__}: {exc}".split()))
    return [failed(job, reason) for job in plan.jobs(plan.units[kit])]


# -- on the workers ----------------------------------------------------------------------------------------------------


def make_kits(maker: Maker, start: int, stop: int) -> Kits:
    """What a task does, on a worker; `maker` is the worker's own for the whole run, with what it has compiled."""
    # The threads of a worker share it; one of them at a time is as fast, since Python runs one at a time.
    with _one_at_a_time:
        units = maker.plan.units
        return [(kit, [maker.make(job) for job in maker.plan.jobs(units[kit])]) for kit in range(start, stop)]


def installation() -> tuple[str, str]:
    """The version, and what its deflate makes of a sample: where both are the same, so are all files."""
    sample = compile_package({"[Content_Types].xml": f"<t>{'发文' * 100}{slot('unit.name')}</t>".encode()})
    return __version__, sample.stamp({"unit.name": "某单位"}).sha256


# -- the cluster -------------------------------------------------------------------------------------------------------


def _connected(address: str) -> Client:
    where = Where("--cluster")
    try:
        from distributed import Client
    except ImportError as exc:
        message, hint = _("Dask is not installed"), _("Install it: pip install fawen[cluster].")
        raise Problems([error("no-cluster", where, message, hint)]) from exc
    hint = _("Name the address that dask scheduler prints, as tcp://host:8786, and start its workers.")
    try:
        client = Client(address, timeout=_PATIENCE)
    except (OSError, ValueError, TypeError) as exc:
        message = _("there is no cluster at {address}").format(address=address)
        raise Problems([error("no-cluster", where, message, hint)]) from exc
    try:
        client.wait_for_workers(1, timeout=_PATIENCE)
    except TimeoutError as exc:
        client.close()
        message = _("the cluster at {address} has no workers").format(address=address)
        raise Problems([error("no-cluster", where, message, hint)]) from exc
    return client


def _same_everywhere(client: Client) -> None:
    try:
        found = client.run(installation)
    except Exception as exc:
        message = _("fawen does not run on the workers: {reason}").format(reason=exc)
        hint = _("Install this version of fawen on every worker.")
        raise Problems([error("other-installation", Where("--cluster"), message, hint)]) from exc
    others = sorted(worker for worker, there in found.items() if there != installation())
    if others:
        message = _("these workers have another version of fawen, or another deflate: {workers}")
        hint = _("Install the same fawen on all, with or without fawen[fast].")
        where = Where("--cluster")
        raise Problems([error("other-installation", where, message.format(workers=", ".join(others)), hint)])
