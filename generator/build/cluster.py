"""The chunks of a run on a Dask cluster: its workers write into the same folder, which every machine must see."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, CancelledError, Executor, Future, wait
from dataclasses import dataclass
from typing import Any

from generator import __version__
from generator.build.disk import Writer
from generator.build.maker import Made, Maker, failed
from generator.build.pool import Limits
from generator.i18n import _
from generator.package import compile_package, slot
from generator.plan import Plan
from generator.problems import Problems, Where, error

CHUNK = 200
"""Units to a task: the scheduler takes about a millisecond for each, a kit less than one."""
_AHEAD = 4
"""Tasks that lie ready for each thread of the cluster, so that none waits for us."""
_PATIENCE = 60
"""Seconds in which a scheduler answers, and its first worker is there."""

Kits = list[tuple[int, list[Made]]]
Results = Iterator[tuple[int, list[Made]]]
_one_at_a_time = threading.Lock()


@dataclass(frozen=True)
class _Chunk:
    """Kits to make, by number."""

    start: int
    stop: int


def run(plan: Plan, writer: Writer, address: str, limits: Limits, *, verify: bool = False) -> Results:
    """Each kit's number and files, as they are done; a chunk that fails, or that nothing is heard of for as long as
    `limits` gives a file, is done again unit by unit, and a unit that fails alone is told with its reason.

    How much memory a worker may take is the cluster's own affair. Raises Problems when there is no such cluster, or
    when its workers would make other bytes than this installation.
    """
    with _connected(address) as client:
        _same_everywhere(client)
        everywhere = Writer(writer.out.resolve(), writer.durable)
        # The plan goes to each worker once; a task holds its units' numbers only. A result, unlike scattered data, is
        # made again when the workers that hold it are gone.
        maker = client.submit(Maker, plan, everywhere, verify=verify, pure=False)
        executor = client.get_executor(pure=False)
        try:
            yield from _Chunks(plan, client, executor, maker, limits.seconds).run()
        finally:
            # Without waiting: what was given up may never be done.
            executor.shutdown(wait=False)


class _Chunks:
    """The chunks of a plan, some of them on the cluster."""

    def __init__(self, plan: Plan, client: Any, executor: Executor, maker: Any, seconds: float) -> None:
        self._plan, self._client, self._executor, self._maker = plan, client, executor, maker
        self._seconds = seconds
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
            done = wait(self._running, self._seconds, FIRST_COMPLETED).done
            if not done:
                yield from self._free()
            for future in done:
                chunk = self._running.pop(future)
                try:
                    yield from future.result()
                except (Exception, CancelledError) as exc:
                    yield from self._failed(chunk, _reason(exc))

    def _feed(self) -> None:
        # What failed in company is done alone: then a worker that ends, or sits, is with the unit at fault.
        while len(self._running) < (1 if self._again else self._ahead):
            chunk = self._again.popleft() if self._again else next(self._fresh, None)
            if chunk is None:
                return
            self._running[self._executor.submit(make_kits, self._maker, chunk.start, chunk.stop)] = chunk

    def _failed(self, chunk: _Chunk, reason: str) -> Results:
        if chunk.stop - chunk.start > 1:
            self._again.extend(_Chunk(kit, kit + 1) for kit in range(chunk.start, chunk.stop))
        else:
            yield chunk.start, _lost(self._plan, chunk.start, reason)

    def _free(self) -> Results:
        """Nothing is heard any more: end the workers that sit over our tasks, and do those again."""
        sitting = [worker for worker, keys in self._client.processing().items() if keys]
        running, self._running = self._running, {}
        for future in running:
            future.cancel()
        if sitting:
            self._client.restart_workers(sitting, timeout=_PATIENCE, raise_for_error=False)
        reason = _("it was not done after {seconds:g} seconds").format(seconds=self._seconds)
        alone = len(running) == 1
        for chunk in running.values():
            if alone:
                yield from self._failed(chunk, reason)
            else:
                self._again.extend(_Chunk(kit, kit + 1) for kit in range(chunk.start, chunk.stop))


def _reason(exc: BaseException) -> str:
    if type(exc).__name__ == "KilledWorker":
        return _("every worker that tried it ended")
    return " ".join(f"{type(exc).__name__}: {exc}".split())


def _lost(plan: Plan, kit: int, reason: str) -> list[Made]:
    told = _("the cluster could not make it: {reason}").format(reason=reason)
    return [failed(job, told) for job in plan.jobs(plan.units[kit])]


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


def _connected(address: str) -> Any:
    where = Where("--cluster")
    try:
        import distributed
    except ImportError as exc:
        message, hint = _("Dask is not installed"), _("Install it: pip install fawen[cluster].")
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
