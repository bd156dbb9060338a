"""Jobs → files: each shape compiled once, each unit stamped, every failure kept to the file it belongs to."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable, Iterator
from typing import NamedTuple

from generator.base.i18n import _
from generator.base.problems import Problems, Where
from generator.kits.disk import NotSyncedError, NotWrittenError, Writer
from generator.kits.manifest import Entry
from generator.kits.plan import Job, Plan
from generator.office.package import Compiled, Package, Stamped
from generator.office.soundness import problems

SHAPES = 256
"""Compiled packages kept at a time, of about 50 kB each."""

TOGETHER, TOGETHER_BYTES = 16, 4 << 20
"""How many kits are stamped before they are written, and how much of them is held in memory."""

_StampedKit = tuple[int, list[tuple[Job, Stamped | str]]]
"""A kit's number, and its files or why there is none."""
Shape = tuple[int, Hashable]
"""A document by its number in the plan, and one of its shapes."""


class Made(NamedTuple):
    """What became of a job; `written` is False for a file that was there as it should be, and `aside` names the copy of
    one that was there and was not ours."""

    entry: Entry
    written: bool
    aside: str = ""


class _UncompiledError(Exception):
    """A shape that cannot be compiled, with the reason that each of its files gets."""


class Maker:
    """Makes the files of a plan, one at a time. `broken` names shapes that are known not to compile, and why.

    Files of a shape are looked at before they are written until one is sound; with `verify`, all files.
    """

    def __init__(self, plan: Plan, writer: Writer, *, verify: bool = False) -> None:
        self.plan = plan
        self._verify = verify
        self._numbers = {id(document): number for number, document in enumerate(plan.documents)}
        self._writer = writer
        self._compiled: OrderedDict[Shape, Package] = OrderedDict()
        self._doubted: set[Shape] = set()
        self._has_compiled = False
        self.broken: dict[Shape, str] = {}

    def kits(self, numbers: Iterable[int]) -> Iterator[tuple[int, list[Made]]]:
        """Each of the kits, by number in the plan, and its files."""
        # Some kits are stamped, then written: a processor runs each the faster for having just done the same.
        for some in self._stamped_kits(numbers):
            for number, kit in some:
                yield number, [self._written(job, stamped) for job, stamped in kit]

    def make(self, job: Job, compiling: Callable[[Shape | None], object] | None = None) -> Made:
        """Write the job's file; a failure of any sort is its entry's reason. `compiling` hears of a shape before it is
        compiled, and None after."""
        return self._written(job, self.stamped(job, compiling))

    def _stamped_kits(self, numbers: Iterable[int]) -> Iterator[list[_StampedKit]]:
        some: list[_StampedKit] = []
        size = 0
        for number in numbers:
            self._has_compiled = False
            kit = [(job, self.stamped(job)) for job in self.plan.jobs(self.plan.units[number])]
            some.append((number, kit))
            size += sum(len(stamped.data) for _job, stamped in kit if isinstance(stamped, Stamped))
            # Compiling may take seconds: whoever waits for a sign of life hears of each such kit.
            if len(some) == TOGETHER or size > TOGETHER_BYTES or self._has_compiled:
                yield some
                some, size = [], 0
        yield some

    def stamped(self, job: Job, compiling: Callable[[Shape | None], object] | None = None) -> Stamped | str:
        """The job's file as it is to be written, or why there is none."""
        try:
            shape = (self._numbers[id(job.document)], job.document.shape(job.unit))
            package = self._package(job, shape, compiling)
            stamped = package.stamp(job.document.values(job.unit))
            self._look_at(job, shape, package, stamped)
        except Exception as exc:
            return _reason(exc)
        return stamped

    def _written(self, job: Job, stamped: Stamped | str) -> Made:
        if isinstance(stamped, str):
            return failed(job, stamped)
        hashes = Hashes(stamped.sha256, stamped.content, len(stamped.data))
        try:
            written = self._writer.write(job.path, stamped.data, stamped.content)
        except NotSyncedError as exc:
            return failed(job, _reason(exc), hashes)
        except Exception as exc:
            return failed(job, _reason(exc))
        if written.stands:
            hashes = Hashes(written.stands[0], stamped.content, written.stands[1])
        return Made(Entry(_code(job), job.kind, job.path, *hashes, "made", None), written.new, written.aside)

    def _look_at(self, job: Job, shape: Shape, package: Package, stamped: Stamped) -> None:
        """Raises Problems when the file is not sound. A file passed on as it came is its sender's."""
        if isinstance(package, Compiled) and (self._verify or (self._doubted and shape in self._doubted)):
            if found := problems(stamped.data, Where(job.path)):
                raise Problems(found)
            self._doubted.discard(shape)

    def _package(self, job: Job, shape: Shape, compiling: Callable[[Shape | None], object] | None) -> Package:
        if known := self._compiled.get(shape):
            self._compiled.move_to_end(shape)
            return known
        if shape in self.broken:
            raise _UncompiledError(self.broken[shape])
        if compiling:
            compiling(shape)
        self._has_compiled = True
        try:
            package = self._compiled[shape] = job.document.compile(job.unit)
        except Exception as exc:
            self.broken[shape] = _reason(exc)
            raise
        if compiling:
            compiling(None)
        if len(self._compiled) > SHAPES:
            self._compiled.popitem(last=False)
        self._doubted.add(shape)
        return package


class Hashes(NamedTuple):
    """What an entry tells of the file that stands under its name."""

    sha256: str | None = None
    content: str | None = None
    size: int | None = None


NOTHING = Hashes()


def failed(job: Job, reason: str, stands: Hashes = NOTHING) -> Made:
    """The result of a job that failed; `stands` is what it left there all the same."""
    return Made(Entry(_code(job), job.kind, job.path, *stands, "failed", reason), False)


def _code(job: Job) -> str | None:
    return job.unit.code if job.unit else None


def _reason(exc: Exception) -> str:
    """Why a file cannot be made, in one line."""
    if isinstance(exc, Problems):
        return "; ".join(f"{problem.where}: {problem.message}" for problem in exc.problems)
    if isinstance(exc, NotWrittenError | _UncompiledError):
        return str(exc)
    if isinstance(exc, MemoryError):
        return _("it needs more memory than a file may take")
    return " ".join(f"{type(exc).__name__}: {exc}".split())
