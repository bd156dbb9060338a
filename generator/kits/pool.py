"""Supervised workers: a file that crashes, hangs or eats memory costs itself and no other."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from typing import Any

from generator.base.i18n import _, language, languages
from generator.base.problems import Problems, Where, error
from generator.kits.disk import Writer
from generator.kits.maker import Fault, Made, Maker, Shape, Why, failed
from generator.kits.plan import Plan

CHUNK = 50
"""Units to a task: little enough that a crash re-does few, much enough that the pipe costs nothing."""
_TALK = 0.02
"""Seconds that a worker may keep finished units to itself."""
# Spawned, not forked: a fork would share the lock's file, and the locks of whatever threads the caller runs.
_CONTEXT = multiprocessing.get_context("spawn")


@dataclass(frozen=True)
class Limits:
    """What one file may take: seconds, and bytes of a worker's address space (POSIX only)."""

    seconds: float = 60
    memory: int = 2 << 30


@dataclass
class Task:
    """Kits to make, by number. Careful: one kit, told file by file, so that what goes wrong has a name; `done` are the
    files of it that are already settled."""

    start: int
    stop: int
    careful: bool = False
    done: list[Made] = field(default_factory=list)


class Pool:
    """`jobs` processes that make kits of a plan; to be closed, by `with` or by `end`."""

    def __init__(self, plan: Plan, writer: Writer, jobs: int, limits: Limits, *, verify: bool = False) -> None:
        self._verify = verify
        self._plan = plan
        self._writer = writer
        self._jobs = jobs
        self._limits = limits
        self._broken: dict[Shape, Why] = {}
        self._fresh: Iterator[Task] = iter(())
        self._again: deque[Task] = deque()
        self._idle = [_Worker(plan, writer, limits, verify) for _number in range(jobs)]
        self._busy: list[_Worker] = []
        self._ended = False

    def __enter__(self) -> Pool:
        return self

    def __exit__(self, *_exc: object) -> None:
        self.end()

    def run(self, kits: range) -> Iterator[tuple[int, list[Made]]]:
        """Each kit's number and files, as they are done. Raises Problems when no worker can be started."""
        size = max(1, min(CHUNK, len(kits) // (4 * self._jobs)))
        self._fresh = (Task(at, min(at + size, kits.stop)) for at in range(kits.start, kits.stop, size))
        self._feed()
        while self._busy:
            timeout = max(0.0, min(worker.deadline for worker in self._busy) - time.monotonic())
            ready = wait([worker.connection for worker in self._busy], timeout)
            for worker in list(self._busy):
                if worker.connection in ready:
                    yield from self._hear(worker)
                elif time.monotonic() > worker.deadline:
                    yield from self._lost(worker, worker.overdue(self._limits.seconds))
            self._feed()

    def end(self) -> None:
        """End the processes; a run that another thread is in fails of it."""
        self._ended = True
        for worker in (*self._busy, *self._idle):
            worker.end()

    def _feed(self) -> None:
        while self._idle and (task := self._again.popleft() if self._again else next(self._fresh, None)):
            worker = self._idle.pop()
            worker.give(task, self._broken)
            self._busy.append(worker)

    def _hear(self, worker: _Worker) -> Iterator[tuple[int, list[Made]]]:
        try:
            kits = worker.hear()
        except (EOFError, OSError):
            yield from self._lost(worker, worker.ended())
            return
        yield from kits
        if worker.task is None:
            self._busy.remove(worker)
            self._idle.append(worker)

    def _lost(self, worker: _Worker, fault: Fault) -> Iterator[tuple[int, list[Made]]]:
        """A worker is gone: do again, carefully, what it had not told of; or name the file that it went with."""
        task = worker.task
        self._busy.remove(worker)
        worker.end()
        if self._ended or not worker.ready or task is None:
            hint = _("Run with --jobs 1, which starts none.")
            raise Problems([error("no-workers", Where("--jobs"), _("no worker process can be started"), hint)])
        self._idle.append(_Worker(self._plan, self._writer, self._limits, self._verify))
        if not task.careful:
            self._again.extend(Task(kit, kit + 1, careful=True) for kit in range(task.start, task.stop))
            return
        if worker.compiling is not None:
            self._broken[worker.compiling] = (fault,)
        jobs = self._plan.jobs(self._plan.units[task.start])
        task.done += [failed(job, (fault,)) for job in jobs[len(task.done) :][:1]]
        if len(task.done) < len(jobs):
            self._again.append(task)
        else:
            yield task.start, task.done


class _Worker:
    """The supervisor's end of one process."""

    def __init__(self, plan: Plan, writer: Writer, limits: Limits, verify: bool) -> None:
        self.task: Task | None = None
        self.compiling: Shape | None = None
        self.ready = False
        self.deadline = 0.0
        self._limits = limits
        self.connection, theirs = _CONTEXT.Pipe()
        self._process = _CONTEXT.Process(
            target=_work, args=(theirs, plan, writer, limits, verify, languages()), daemon=True
        )
        with _may_have_children():
            self._process.start()
        theirs.close()

    def give(self, task: Task, broken: dict[Shape, Why]) -> None:
        self.task, self.compiling = task, None
        self._extend()
        try:
            self.connection.send((task.start, task.stop, len(task.done) if task.careful else None, broken))
        except OSError:
            return  # it is gone; whoever listens next is told so

    def hear(self) -> list[tuple[int, list[Made]]]:
        """One message: the kits that are done with it. Raises EOFError when the process is gone."""
        kind, value = self.connection.recv()
        self._extend()
        task = self.task
        if kind == "ready" or task is None:
            self.ready = True
        elif kind == "compiling":
            self.compiling = value
        elif kind == "file":
            task.done.append(value)
        elif kind == "kits":
            task.start += len(value)
            return value  # type: ignore[no-any-return]
        elif kind == "done":
            self.task = None
            return [(task.start, task.done)] if task.careful else []
        return []

    def ended(self) -> Fault:
        """How the process ended, when it ended by itself."""
        self._process.join(5)
        code = self._process.exitcode
        if code is not None and code < 0:
            crashed = _("making it crashed the program ({signal})")
            return Fault("crashed", crashed.format(signal=signal.strsignal(-code) or -code), _look_at_it())
        message = _("making it ended the program (exit status {code})").format(code=code)
        return Fault("crashed", message, _look_at_it())

    def overdue(self, seconds: float) -> Fault:
        return Fault("overdue", _("it was not done after {seconds:g} seconds").format(seconds=seconds), _look_at_it())

    def end(self) -> None:
        self._process.kill()
        self._process.join()
        self.connection.close()

    def _extend(self) -> None:
        # A new process first reads the plan and loads libraries; that is no file's fault.
        self.deadline = time.monotonic() + self._limits.seconds + (0 if self.ready else 60)


def _look_at_it() -> str:
    return _("Look at what this file alone has: a large table, a source, a long value. The other files are made.")


@contextmanager
def _may_have_children() -> Iterator[None]:
    """Let this process start others even where it is a daemon itself, as Dask's workers are.

    multiprocessing forbids that, because such children may outlive their parent; ours watch for its end.
    """
    settings: dict[str, Any] = multiprocessing.current_process()._config  # type: ignore[attr-defined]
    daemon = settings.pop("daemon", None)
    try:
        yield
    finally:
        if daemon is not None:
            settings["daemon"] = daemon


# -- the worker's end --------------------------------------------------------------------------------------------------


def _work(
    connection: Connection[Any, Any], plan: Plan, writer: Writer, limits: Limits, verify: bool, said: tuple[str, ...]
) -> None:
    """Make what the supervisor asks for until it asks no more; messages are in the languages `said`."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _limit_memory(limits.memory)
    with language(*said):
        _obey(connection, Maker(plan, writer, verify=verify))


def _obey(connection: Connection[Any, Any], maker: Maker) -> None:
    connection.send(("ready", None))
    while True:
        try:
            start, stop, done, broken = connection.recv()
        except EOFError:
            return
        maker.broken.update(broken)
        if done is None:
            _make_kits(connection, maker, range(start, stop))
        else:
            for job in maker.plan.jobs(maker.plan.units[start])[done:]:
                made = maker.make(job, lambda shape: connection.send(("compiling", shape)))
                connection.send(("file", made))
        connection.send(("done", None))


def _make_kits(connection: Connection[Any, Any], maker: Maker, numbers: range) -> None:
    kits: list[tuple[int, list[Made]]] = []
    spoke = time.monotonic()
    for kit in maker.kits(numbers):
        kits.append(kit)
        if time.monotonic() - spoke > _TALK:
            connection.send(("kits", kits))
            kits, spoke = [], time.monotonic()
    connection.send(("kits", kits))


def _end_with_parent() -> None:
    # A run that is killed must not leave a hanging worker behind.
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)


def _limit_memory(size: int) -> None:
    if sys.platform != "win32":
        import resource

        hard = resource.getrlimit(resource.RLIMIT_AS)[1]
        soft = size if hard == resource.RLIM_INFINITY else min(size, hard)
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))
