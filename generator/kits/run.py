"""A plan → its files in an output folder, with a manifest; safe to kill, to run again and to run twice at once."""

from __future__ import annotations

import hashlib
import heapq
import os
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path

from filelock import FileLock, Timeout

from generator import __version__
from generator.base.files import NotAFileError, opened, opened_to_append
from generator.base.i18n import _
from generator.base.problems import Problem, Problems, Where, error, warning
from generator.base.problems import sort_key as by_place
from generator.base.values import collision_key
from generator.dispatch.dispatch import Dispatch
from generator.kits import cluster, issued, journal, manifest
from generator.kits.disk import Disk, Writer, os_reason, sweep
from generator.kits.earlier import Earlier
from generator.kits.journal import Journal
from generator.kits.maker import Made, Maker
from generator.kits.manifest import Entry, Head, Seal
from generator.kits.plan import Plan, sort_key
from generator.kits.pool import Limits, Pool
from generator.kits.printer import Printer
from generator.office import fonts

__all__ = ["Disk", "Entry", "Limits", "Manifest", "Settings", "build", "verify"]

SMALL = 2_000
"""Units below which one process is done before a second has started."""
OFFICES = 8
"""LibreOffices at a time where nobody says how many: each takes some 300 MB."""
LOCK = ".lock"

Results = Generator[tuple[int, list[Made]], None, None]
"""Each kit's number and files, as they are done."""
Progress = Callable[[int, int], object]
"""Hears how many kits are done, of how many; a plan with PDFs goes over its kits twice."""


@dataclass(frozen=True)
class Settings:
    """How to build: `jobs` worker processes (1: none; None: as many as pay), `durable` (each file is on the medium
    before the next), the limits of a worker's file, and whether to `verify` every file before it is written, not only
    the first of each shape. `cluster` is the address of a Dask cluster to run on in place of processes of our own.
    `way` is the way on where the run would change what was issued; `renumber` lets it rename and remove many kits."""

    jobs: int | None = None
    durable: bool = False
    limits: Limits = field(default_factory=Limits)
    disk: Disk = field(default_factory=Disk)
    verify: bool = False
    cluster: str | None = None
    way: issued.Way = "stop"
    renumber: bool = False


@dataclass
class Manifest:
    """What a run did, in numbers, and the files that need attention; `path` holds every file (`entries`).

    `kept` are files that the dispatch no longer has but that could not be removed, each with its reason; `warnings` is
    what else should be known.
    """

    path: Path
    made: int = 0
    unchanged: int = 0
    removed: int = 0
    failed: list[Entry] = field(default_factory=list)
    kept: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)

    def entries(self) -> Iterator[Entry]:
        """Every file of the output folder, this run's and earlier ones', in order."""
        return manifest.read(self.path)

    def count(self, results: Iterable[Made]) -> None:
        for entry, written, aside in results:
            if aside:
                self.warnings.append(_edited(self.path.parent / entry.file, aside))
            if entry.status == "failed":
                self.failed.append(entry)
            elif written:
                self.made += 1
            else:
                self.unchanged += 1


def build(
    dispatch: Dispatch, plan: Plan, out: Path, settings: Settings | None = None, progress: Progress | None = None
) -> Manifest:
    """Make the files of `plan` in the folder `out` and bring its manifest.json up to date.

    What one file fails of is its entry's reason, and the others are made. Raises Problems, before the first file, when
    the folder cannot be used, belongs to another dispatch, or is being written by another run.
    """
    settings = settings or Settings()
    writer = Writer(out, settings.durable, settings.disk)
    try:
        out.mkdir(parents=True, exist_ok=True)
        opened_to_append(out / LOCK, limit=manifest.MAX_LINE).close()
        with FileLock(out / LOCK, timeout=0):
            writer.earlier = Earlier(out.resolve(), killed=(out / journal.NAME).exists())
            _probe(writer)
            return _run(dispatch, plan, writer, settings, progress)
    except Timeout as exc:
        hint = _("Wait until it is done, or name another folder with --out.")
        raise Problems([error("busy", Where(str(out)), _("another run is writing to this folder"), hint)]) from exc
    except (OSError, UnicodeEncodeError) as exc:
        raise Problems([_unusable(out, exc)]) from exc


def _unusable(out: Path, exc: OSError | UnicodeEncodeError) -> Problem:
    where, hint = Where(str(out)), _("Free space or rights there, or name another folder with --out.")
    if isinstance(exc, UnicodeEncodeError):
        reason = _("this system is set to an encoding without Chinese characters")
        hint = _("Run with the environment variable LC_ALL=C.UTF-8, or PYTHONUTF8=1.")
    else:
        reason = os_reason(exc)
        if isinstance(exc, NotAFileError):
            where, hint = Where(str(exc.filename)), _("Move it away, or name another folder with --out.")
    return error("bad-out", where, _("the output folder cannot be used: {reason}").format(reason=reason), hint)


def verify(out: Path) -> list[Problem]:
    """Every file of the manifest in `out` that is missing, is not as it was made, or could not be made.

    Raises Problems when there is no manifest.
    """
    path = out / manifest.NAME
    try:
        found = [_verified(out, entry) for entry in manifest.read(path)]
    except FileNotFoundError as exc:
        hint = _("Name a folder that fawen has made.")
        raise Problems([error("no-manifest", Where(str(path)), _("there is no such file"), hint)]) from exc
    except OSError as exc:
        raise Problems([_unreadable(path, exc)]) from exc
    return [problem for problem in found if problem]


# -- one run -----------------------------------------------------------------------------------------------------------


def _probe(writer: Writer) -> None:
    """Try a write and a rename in the folder, named as files here are. Raises OSError, UnicodeEncodeError."""
    probe = writer.out / ".~试写.tmp"
    try:
        writer.replace(probe, (b"fawen",))
    finally:
        with suppress(OSError):
            probe.unlink(missing_ok=True)


def _run(dispatch: Dispatch, plan: Plan, writer: Writer, settings: Settings, progress: Progress | None) -> Manifest:
    done = Manifest(writer.out / manifest.NAME)
    seal = issued.seal_of(dispatch.spec)
    if done.path.exists():
        before = manifest.head_of(done.path)
        _same_dispatch(done.path, before.dispatch, dispatch.name)
        # All of it is read once before anything is written: a manifest that cannot be read must stop the run here.
        guarded = issued.guard(dispatch, plan, writer, settings.way, renumber=settings.renumber)
        plan, seal = guarded.plan, _sealed(plan, before, seal)
        done.warnings += guarded.told
        if guarded.old:
            issued.keep(plan, writer, before)
    elif plan.units == (None,):
        seal = None
    offices = settings.jobs or min(OFFICES, os.cpu_count() or 1)
    printer = Printer(plan, writer, offices, settings.limits) if plan.pdf else None
    with Journal(writer.out / journal.NAME, len(plan.units), settings.durable, 2 if printer else 1) as record:
        if record.killed:
            sweep(writer.out)
        _record(_results(plan, writer, settings), 0, record, done, progress)
        if printer:
            _record(printer.run(record), 1, record, done, progress)
            done.warnings += fonts.warn(printer.lacking, Where(str(writer.out)))
        done.failed.sort(key=lambda entry: sort_key(entry.file))
        done.warnings.sort(key=by_place)
        stay = _remove_stale(plan, record, done)
        merged = _merged(plan, record, done.path, stay)
        writer.replace(done.path, manifest.text(Head(dispatch.name, __version__, seal), merged))
    (writer.out / journal.NAME).unlink()
    return done


def _record(results: Results, round_: int, record: Journal, done: Manifest, progress: Progress | None) -> None:
    """Go over the kits once, as their files are made."""
    with closing(results):
        for number, (kit, made) in enumerate(results, 1):
            record.record(kit, (result.entry for result in made), round_)
            done.count(made)
            if progress:
                progress(number, record.kits)


def _results(plan: Plan, writer: Writer, settings: Settings) -> Results:
    if settings.cluster:
        yield from cluster.run(plan, writer, settings.cluster, settings.limits, verify=settings.verify)
        return
    jobs = settings.jobs
    if jobs is None:
        jobs = 1 if len(plan.units) < SMALL else os.cpu_count() or 1
    if jobs > 1:
        with Pool(plan, writer, jobs, settings.limits, verify=settings.verify) as pool:
            yield from pool.run(range(len(plan.units)))
        return
    yield from Maker(plan, writer, verify=settings.verify).kits(range(len(plan.units)))


def _sealed(plan: Plan, before: Head, seal: Seal | None) -> Seal | None:
    """Whether the folder holds issued kits after the run: masters are nobody's kit, and some units do not undo it."""
    if plan.units == (None,):
        return before.issued
    return seal or (None if plan.codes is None and plan.kinds is None else before.issued)


def _same_dispatch(path: Path, other: str, name: str) -> None:
    if other != name:
        message = _('this folder holds the files of another dispatch, "{other}"').format(other=other)
        hint = _("Name another folder with --out; or, if the dispatch was renamed, delete manifest.json.")
        raise Problems([error("other-dispatch", Where(str(path)), message, hint)])


# -- old and new -------------------------------------------------------------------------------------------------------


Pair = tuple[Entry | None, Entry | None]
"""One file as it was known before this run, and as this run made it."""


def _pairs(plan: Plan, path: Path, record: Journal) -> Iterator[Pair]:
    """Each file once, in order; a PDF that this run was not asked for is as before while its documents are."""
    pairs = _known(path, record)
    # What a killed run left says nothing about which document its PDFs were made from.
    if plan.pdf or record.killed:
        yield from pairs
        return
    for _folder, kit in groupby(pairs, key=lambda pair: sort_key(_either(pair).file)[0]):
        yield from _carried(plan, list(kit))


def _carried(plan: Plan, kit: list[Pair]) -> Iterator[Pair]:
    changed = {_either(pair).kind for pair in kit if not _either(pair).is_print and _is_changed(plan, *pair)}
    for old, new in kit:
        carry = old and not new and old.is_print and old.kind not in changed
        yield old, old if carry else new


def _is_changed(plan: Plan, old: Entry | None, new: Entry | None) -> bool:
    if not old:
        return True
    if not new:
        return old.sha256 is not None and plan.covers(old.unit, old.kind)
    return new.status == "made" and new.sha256 != old.sha256


def _either(pair: Pair) -> Entry:
    old, new = pair
    entry = new or old
    assert entry
    return entry


def _known(path: Path, record: Journal) -> Iterator[Pair]:
    before = ((0, entry) for entry in (manifest.read(path) if path.exists() else ()))
    killed = ((1, entry) for entry in record.before)
    now = [((2, entry) for entry in entries) for entries in record.rounds()]
    merged = heapq.merge(before, killed, *now, key=lambda item: sort_key(item[1].file))
    for _file, group in groupby(merged, key=lambda item: item[1].file):
        known = dict[bool, Entry]()
        for source, entry in group:
            # A run that was killed knows better than the manifest before it, unless it failed to write.
            if source != 1 or entry.sha256 is not None:
                known[source == 2] = entry
        if known:
            yield known.get(False), known.get(True)


def _remove_stale(plan: Plan, record: Journal, done: Manifest) -> set[str]:
    """Remove what the plan answers for and no longer has; the paths of those that are ours but would not go."""
    if _is_first(done.path, record):
        return set()
    stale = [
        old
        for old, new in _pairs(plan, done.path, record)
        if old and not new and old.sha256 and plan.covers(old.unit, old.kind)
    ]
    twins = _twins(plan, stale) if stale else {}
    stay = set()
    for entry in stale:
        path = done.path.parent / entry.file
        try:
            if not path.is_file() or _is_twin(path, twins.get(collision_key(entry.file)), done.path.parent):
                continue
            if path.is_symlink() or path.parent.is_symlink() or not _is_as_made(path, entry):
                done.kept.append(_kept(path, _("it was changed since it was made")))
                continue
            path.unlink()
            done.removed += 1
        except OSError as exc:
            done.kept.append(_kept(path, os_reason(exc)))
            stay.add(entry.file)
        with suppress(OSError):
            path.parent.rmdir()
    return stay


def _twins(plan: Plan, stale: Iterable[Entry]) -> dict[str, str]:
    """The planned path that a file system without case may take each stale path for, by collision key."""
    keys = {collision_key(entry.file) for entry in stale}
    jobs = (job for unit in plan.units for job in plan.files(unit))
    return {key: job.path for job in jobs if (key := collision_key(job.path)) in keys}


def _is_twin(path: Path, planned: str | None, out: Path) -> bool:
    return planned is not None and (out / planned).exists() and path.samefile(out / planned)


def _is_first(path: Path, record: Journal) -> bool:
    """Whether nothing is known of the folder but what this run has made."""
    return not (path.exists() or record.killed)


def _merged(plan: Plan, record: Journal, path: Path, stay: set[str]) -> Iterator[bytes]:
    """The lines of the manifest."""
    if _is_first(path, record) and not plan.pdf:
        return record.lines()
    return (entry.line() for entry in _merged_entries(plan, record, path, stay))


def _merged_entries(plan: Plan, record: Journal, path: Path, stay: set[str]) -> Iterator[Entry]:
    for old, new in _pairs(plan, path, record):
        if new and new.status == "failed" and old and new.sha256 is None:
            yield new._replace(sha256=old.sha256, content=old.content, size=old.size)
        elif new:
            yield new
        elif old and (old.file in stay or not plan.covers(old.unit, old.kind)):
            yield old


def _kept(path: Path, reason: str) -> Problem:
    message = _("the dispatch no longer has this file, but it was not removed: {reason}").format(reason=reason)
    return warning("stale-file", Where(str(path)), message, _("Delete it by hand if nobody needs it."))


def _edited(path: Path, aside: str) -> Problem:
    message = _("this file was not as it was made; it was made again, and what stood there is kept as {name}")
    hint = _("What is to stay belongs into the dispatch; then delete the copy.")
    return warning("edited-file", Where(str(path)), message.format(name=aside), hint)


# -- verify ------------------------------------------------------------------------------------------------------------


def _verified(out: Path, entry: Entry) -> Problem | None:
    path = out / entry.file
    where = Where(str(path))
    again = _("Run fawen batch again.")
    if entry.status == "failed":
        ways = dict.fromkeys(problem.hint for problem in entry.problems if problem.hint)
        message = _("this file could not be made: {reason}").format(reason=entry.reason)
        return error("not-made", where, message, " ".join([*ways, again]))
    try:
        if _is_as_made(path, entry):
            return None
    except FileNotFoundError:
        return error("missing-file", where, _("this file is missing"), again)
    except OSError as exc:
        return _unreadable(path, exc)
    return error("changed-file", where, _("this file is not as it was made"), again)


def _unreadable(path: Path, exc: OSError) -> Problem:
    message = _("this file cannot be read: {reason}").format(reason=os_reason(exc))
    return error("unreadable-file", Where(str(path)), message)


def _is_as_made(path: Path, entry: Entry) -> bool:
    with opened(path, limit=manifest.MAX_BYTES) as file:
        same_size = os.fstat(file.fileno()).st_size == entry.size
        return same_size and hashlib.file_digest(file, "sha256").hexdigest() == entry.sha256
