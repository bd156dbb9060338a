"""Jobs → files: each shape compiled once, each unit stamped, every failure kept to the file it belongs to."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable, Iterator
from typing import NamedTuple

from generator.base.i18n import _
from generator.base.problems import Problem, Problems, Where, error, first_of
from generator.kits.disk import NotSyncedError, NotWrittenError, Writer
from generator.kits.manifest import Entry
from generator.kits.plan import Job, Plan
from generator.office.package import Compiled, Package, Stamped
from generator.office.soundness import problems as unsound

SHAPES = 256
"""Compiled packages kept at a time, of about 50 kB each."""

TOGETHER, TOGETHER_BYTES = 16, 4 << 20
"""How many kits are stamped before they are written, and how much of them is held in memory."""


class Fault(NamedTuple):
    """What keeps a file from being made, apart from which file it is: of a shape, all files of it."""

    code: str
    message: str
    hint: str = ""


Why = tuple[Problem | Fault, ...]
"""Why there is no file."""
_StampedKit = tuple[int, list[tuple[Job, Stamped | Why]]]
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
    """A shape that cannot be compiled, and why: it is what each of its files gets."""

    def __init__(self, why: Why) -> None:
        self.why = why
        super().__init__(why)


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
        self.broken: dict[Shape, Why] = {}

    def kits(self, numbers: Iterable[int]) -> Iterator[tuple[int, list[Made]]]:
        """Each of the kits, by number in the plan, and its files."""
        # Some kits are stamped, then written: a processor runs each the faster for having just done the same.
        for some in self._stamped_kits(numbers):
            for number, kit in some:
                yield number, [self._written(job, stamped) for job, stamped in kit]

    def make(self, job: Job, compiling: Callable[[Shape | None], object] | None = None) -> Made:
        """Write the job's file; a failure of any sort is told by its entry. `compiling` hears of a shape before it is
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

    def stamped(self, job: Job, compiling: Callable[[Shape | None], object] | None = None) -> Stamped | Why:
        """The job's file as it is to be written, or why there is none."""
        try:
            shape = (self._numbers[id(job.document)], job.document.shape(job.unit))
            package = self._package(job, shape, compiling)
            stamped = package.stamp(job.document.values(job.unit))
            self._look_at(job, shape, package, stamped)
        except Exception as exc:
            return why(exc)
        return stamped

    def _written(self, job: Job, stamped: Stamped | Why) -> Made:
        if not isinstance(stamped, Stamped):
            return failed(job, stamped)
        hashes = Hashes(stamped.sha256, stamped.content, len(stamped.data))
        try:
            written = self._writer.write(job.path, stamped.data, stamped.content)
        except NotSyncedError as exc:
            return failed(job, why(exc), hashes)
        except Exception as exc:
            return failed(job, why(exc))
        if written.stands:
            hashes = Hashes(written.stands[0], stamped.content, written.stands[1])
        return Made(Entry(_code(job), job.kind, job.path, *hashes, "made", None), written.new, written.aside)

    def _look_at(self, job: Job, shape: Shape, package: Package, stamped: Stamped) -> None:
        """Raises Problems when the file is not sound. A file passed on as it came is its sender's."""
        if self._verify or (self._doubted and shape in self._doubted):
            _must_be_sound(job, package, stamped)
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
            self.broken[shape] = why(exc)
            raise
        if compiling:
            compiling(None)
        if len(self._compiled) > SHAPES:
            self._compiled.popitem(last=False)
        self._doubted.add(shape)
        return package


def stamp(job: Job) -> bytes:
    """One file by itself, written nowhere. Raises Problems when it cannot be made."""
    try:
        package = job.document.compile(job.unit)
        stamped = package.stamp(job.document.values(job.unit))
        _must_be_sound(job, package, stamped)
    except Exception as exc:
        raise Problems(_at(why(exc), job.path)) from exc
    return stamped.data


def _must_be_sound(job: Job, package: Package, stamped: Stamped) -> None:
    """Raises Problems when the file is not sound. A file passed on as it came is its sender's."""
    if isinstance(package, Compiled) and (found := unsound(stamped.data, Where(job.path))):
        raise Problems(found)


class Hashes(NamedTuple):
    """What an entry tells of the file that stands under its name."""

    sha256: str | None = None
    content: str | None = None
    size: int | None = None


NOTHING = Hashes()


def failed(job: Job, reasons: Why, stands: Hashes = NOTHING) -> Made:
    """The result of a job that failed; `stands` is what it left there all the same."""
    told = tuple(first_of(_at(reasons, job.path), job.path))
    reason = "; ".join(_without_place(problem, job.path) for problem in told)
    return Made(Entry(_code(job), job.kind, job.path, *stands, "failed", reason, told), False)


def _at(reasons: Why, path: str) -> list[Problem]:
    return [error(one.code, Where(path), one.message, one.hint) if isinstance(one, Fault) else one for one in reasons]


def _without_place(problem: Problem, path: str) -> str:
    return problem.message if problem.where == Where(path) else f"{problem.where}: {problem.message}"


def _code(job: Job) -> str | None:
    return job.unit.code if job.unit else None


def why(exc: Exception) -> Why:
    """What an exception says of the file that it was raised for."""
    if isinstance(exc, Problems):
        return tuple(exc.problems)
    if isinstance(exc, _UncompiledError):
        return exc.why
    if isinstance(exc, NotWrittenError):
        hint = _("Free space or rights there, close the file where it is open, and run again.")
        return (Fault("not-written", str(exc), hint),)
    if isinstance(exc, MemoryError):
        hint = _("Make the source or the form smaller, or run with --jobs 1, which sets no limit.")
        return (Fault("out-of-memory", _("it needs more memory than a file may take"), hint),)
    hint = _("This is a fault of fawen, not of the dispatch: report it with the dispatch that shows it.")
    return (Fault("internal-error", " ".join(f"{type(exc).__name__}: {exc}".split()), hint),)
