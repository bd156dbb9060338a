"""The chunks of a run on a Dask cluster: its workers write into the same folder, which every machine must see."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, CancelledError, Executor, Future, wait
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from typing import Any
from uuid import uuid4

from generator import __version__
from generator.base.i18n import _, language, languages, listed
from generator.base.problems import Problems, Where, error
from generator.kits.disk import Writer
from generator.kits.maker import Fault, Made, failed
from generator.kits.plan import Plan
from generator.kits.pool import Limits, Pool
from generator.office.package import compile_package, slot

CHUNK = 200
"""Units to a task: the scheduler takes about a millisecond for each, a kit less than one."""
_AHEAD = 4
"""Tasks that lie ready for each thread of the cluster, so that none waits for us."""
_PATIENCE = 60
"""Seconds in which a scheduler answers, and its first worker is there."""
_PAUSE = 0.2
"""Seconds after which workers that were just being replaced are asked again."""

Kits = list[tuple[int, list[Made]]]
Results = Iterator[tuple[int, list[Made]]]


@dataclass(frozen=True)
class _Chunk:
    """Kits to make, by number."""

    start: int
    stop: int


@dataclass(frozen=True)
class Order:
    """What each worker of a cluster is sent once a run: all that its own processes need, and who asks."""

    run: str
    plan: Plan
    writer: Writer
    limits: Limits
    verify: bool
    installed: tuple[str, str]
    languages: tuple[str, ...]


def run(plan: Plan, writer: Writer, address: str, limits: Limits, *, verify: bool = False) -> Results:
    """Each kit's number and files, as they are done.

    Each thread of each worker has a supervised process of its own (pool.py), so that a file that crashes, hangs or eats
    memory costs itself, with the same words as on one machine. A chunk that is lost all the same, with a machine, is
    done again unit by unit. Raises Problems when there is no such cluster, or when its workers would make other bytes
    than this installation.
    """
    with _connected(address) as client:
        _same_everywhere(client)
        everywhere = Writer(writer.out.resolve(), writer.durable, earlier=writer.earlier)
        order = Order(uuid4().hex, plan, everywhere, limits, verify, installation(), languages())
        # The order goes to each worker once; a task holds its units' numbers only. A result, unlike scattered data, is
        # made again when the workers that hold it are gone.
        sent = client.submit(_sent, order, pure=False)
        executor = client.get_executor(pure=False)
        try:
            yield from _Chunks(plan, client, executor, sent).run()
        finally:
            # Without waiting: what was given up may never be done.
            executor.shutdown(wait=False)
            with suppress(OSError):
                client.run(dismiss, order.run)


class _Chunks:
    """The chunks of a plan, some of them on the cluster."""

    def __init__(self, plan: Plan, client: Any, executor: Executor, order: Any) -> None:
        self._plan, self._executor, self._order = plan, executor, order
        self._ahead = _AHEAD * max(1, sum(client.nthreads().values()))
        size = max(1, min(CHUNK, len(plan.units) // self._ahead))
        self._fresh = (_Chunk(at, min(at + size, len(plan.units))) for at in range(0, len(plan.units), size))
        self._again: deque[_Chunk] = deque()
        self._running: dict[Future[Kits], _Chunk] = {}

    def run(self) -> Results:
        while True:
            self._feed()
            if not self._running:
                return
            for future in wait(self._running, return_when=FIRST_COMPLETED).done:
                chunk = self._running.pop(future)
                try:
                    yield from future.result()
                except (Exception, CancelledError) as exc:
                    yield from self._failed(chunk, _reason(exc))

    def _feed(self) -> None:
        # What failed in company is done alone: then a worker that ends is with the unit at fault.
        while len(self._running) < (1 if self._again else self._ahead):
            chunk = self._again.popleft() if self._again else next(self._fresh, None)
            if chunk is None:
                return
            self._running[self._executor.submit(make_kits, self._order, chunk.start, chunk.stop)] = chunk

    def _failed(self, chunk: _Chunk, reason: str) -> Results:
        if chunk.stop - chunk.start > 1:
            self._again.extend(_Chunk(kit, kit + 1) for kit in range(chunk.start, chunk.stop))
        else:
            yield chunk.start, _lost(self._plan, chunk.start, reason)


def _reason(exc: BaseException) -> str:
    if type(exc).__name__ == "KilledWorker":
        return _("every worker that tried it ended")
    return " ".join(f"{type(exc).__name__}: {exc}".split())


def _lost(plan: Plan, kit: int, reason: str) -> list[Made]:
    told = _("the cluster could not make it: {reason}").format(reason=reason)
    hint = _("Look at the workers' logs, or make the unit without --cluster.")
    return [failed(job, (Fault("cluster-failed", told, hint),)) for job in plan.jobs(plan.units[kit])]


# -- on the workers ----------------------------------------------------------------------------------------------------

_pools: dict[int, tuple[str, Pool]] = {}
"""Each thread's pool of one process, with the run that it is for."""


def _sent(order: Order) -> Order:
    return order


def make_kits(order: Order, start: int, stop: int) -> Kits:
    """What a task does, in a worker's thread.

    Raises RuntimeError on a worker that came when the others had been looked at, and would make other bytes.
    """
    with language(*order.languages):
        if installation() != order.installed:
            raise RuntimeError(_("a worker has another version of fawen, or another deflate"))
        return _made(order, start, stop)


def _made(order: Order, start: int, stop: int) -> Kits:
    thread = threading.get_ident()
    known, pool = _pools.get(thread, ("", None))
    if pool is None or known != order.run:
        if pool:
            pool.end()
        pool = Pool(order.plan, order.writer, 1, order.limits, verify=order.verify)
        _pools[thread] = order.run, pool
    try:
        return list(pool.run(range(start, stop)))
    except BaseException:
        del _pools[thread]
        pool.end()
        raise


def dismiss(run: str) -> None:
    """End the processes of a run that is over."""
    for thread, (known, pool) in list(_pools.items()):
        if known == run:
            _pools.pop(thread, None)
            pool.end()


@cache
def installation() -> tuple[str, str]:
    """The version, and what its deflate makes of a sample: where both are the same, so are all files."""
    sample = compile_package({"[Content_Types].xml": f"<t>{'发文' * 100}{slot('unit.name')}</t>".encode()})
    return __version__, sample.stamp({"unit.name": "某单位"}).sha256


# -- the cluster -------------------------------------------------------------------------------------------------------


def _connected(address: str) -> Any:
    where = Where("--cluster")
    try:
        import distributed
    except ImportError as exc:
        message, hint = _("Dask is not installed"), _("Install it: pip install distributed")
        raise Problems([error("no-cluster", where, message, hint)]) from exc
    connect: Any = distributed.Client
    hint = _("Name the address that dask scheduler prints, as tcp://host:8786, and start its workers.")
    try:
        client = connect(address, timeout=_PATIENCE)
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


def _same_everywhere(client: Any) -> None:
    where = Where("--cluster")
    others = sorted(worker for worker, there in _installations(client).items() if there != installation())
    if others:
        message = _("these workers have another version of fawen, or another deflate: {workers}")
        hint = _("Install the same fawen on all, with isal or without it.")
        raise Problems([error("other-installation", where, message.format(workers=listed(others)), hint)])


def _installations(client: Any) -> dict[str, tuple[str, str]]:
    """What is installed on each worker. Raises Problems when that cannot be told."""
    patient_until = time.monotonic() + _PATIENCE
    while True:
        try:
            found: dict[str, tuple[str, str]] = client.run(installation)
        except Exception as exc:
            # A worker that has just ended, and is being replaced, breaks the connection.
            if not isinstance(exc, OSError) or time.monotonic() > patient_until:
                message = _("fawen does not run on the workers: {reason}").format(reason=exc)
                hint = _("Install this version of fawen on every worker.")
                raise Problems([error("other-installation", Where("--cluster"), message, hint)]) from exc
        else:
            if found or time.monotonic() > patient_until:
                return found
        time.sleep(_PAUSE)
