"""What was issued: whether a run would change, remove or rename it, and the ways on."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path
from typing import Literal, NamedTuple

from generator import wording
from generator.base import files
from generator.base.i18n import _, listed
from generator.base.problems import Problem, Problems, Where, error, info
from generator.base.values import safe_name
from generator.dispatch.dispatch import Dispatch
from generator.dispatch.spec import Spec, Unit
from generator.kits import manifest
from generator.kits.disk import Writer
from generator.kits.kinds import Document
from generator.kits.maker import Maker
from generator.kits.manifest import Entry, Head, Seal
from generator.kits.plan import PRINTED, Job, Plan, sort_key
from generator.office.package import Package, Stamped, verbatim
from generator.reading.show import text as shown_text

OLD_EDITIONS = "旧版"
"""The folder of superseded kits, in the output folder."""
FEW = 3
"""Kits of earlier runs that may be renamed or removed without being asked for."""
SHOWN = 20
"""Changed files that are listed one by one."""
PHRASE = 50
"""Characters of a changed line that are shown."""
MAX_BYTES = 200 * 2**20

Way = Literal["stop", "replace", "supersede"]
Make = Callable[[str, Where, str, str], Problem]
Kit = dict[str, Entry]
"""The entries of a folder, by path."""


class Change(NamedTuple):
    """A file of an issued kit that the run would make otherwise."""

    file: str
    what: Literal["changed", "added", "removed"]
    detail: str = ""


@dataclass(frozen=True)
class Guarded:
    """A run that may go on: its plan, what is to be told of it, and the kits to keep as an old edition first."""

    plan: Plan
    told: tuple[Problem, ...] = ()
    old: Seal | None = None


def seal_of(spec: Spec) -> Seal | None:
    """What makes a run of the dispatch final: its number, where it is issued and has one."""
    if spec.status != "issued" or not spec.document_number:
        return None
    date = spec.date_of_issue
    return Seal(wording.document_number(spec.document_number), date.isoformat() if date else "")


def guard(dispatch: Dispatch, plan: Plan, writer: Writer, way: Way, *, renumber: bool) -> Guarded:
    """Look at what earlier runs left, before the first file. Raises Problems when this run would rename or remove more
    than a few kits, or change what was issued, and nobody has said that it may."""
    path = writer.out / manifest.NAME
    vanishing, kits = _vanishing(plan, manifest.read(path))
    if not renumber:
        _stop_renaming(plan, vanishing, kits, path)
    sealed, own = manifest.head_of(path).issued, seal_of(dispatch.spec)
    if not sealed or plan.units == (None,):
        return Guarded(plan)
    if own and own.number != sealed.number and plan.codes is None:
        return Guarded(plan, (_renewed(path, sealed, own),), sealed)
    return _Comparison(dispatch, plan, writer, sealed).guarded(way)


# -- kits renamed or removed -------------------------------------------------------------------------------------------


def _vanishing(plan: Plan, entries: Iterable[Entry]) -> tuple[list[tuple[str, str]], int]:
    """The code and folder of each kit that the plan answers for and no longer has; and how many kits there were."""
    found, kits = [], 0
    for unit, folder, kit in _joined(plan, entries):
        code = next((entry.unit for entry in kit.values() if entry.unit is not None), None)
        if kit and code is not None:
            kits += 1
            if unit is None and any(entry.sha256 and plan.covers(code, entry.kind) for entry in kit.values()):
                found.append((code, folder))
    return found, kits


def _stop_renaming(plan: Plan, vanishing: list[tuple[str, str]], kits: int, path: Path) -> None:
    if not vanishing:
        return
    named = {safe_name(unit.name): unit for unit in plan.units if unit}
    coded = {unit.code: unit for unit in plan.units if unit}
    lost_zeros, reasons = 0, []
    for code, folder in vanishing:
        now = named.get(folder.removeprefix(f"{safe_name(code)}-"))
        lost_zeros += bool(now and now.code != code and now.code == code.lstrip("0"))
        reasons.append(_why(folder, code, now, coded.get(code)))
    if len(vanishing) <= FEW and len(vanishing) < max(2, kits) and not lost_zeros:
        return
    message = _("this run would rename or remove {vanishing} of the {kits} kits made before: {reasons}")
    message = message.format(
        vanishing=len(vanishing), kits=kits, reasons=listed([*reasons[:FEW], *["…"][: len(reasons) - FEW]])
    )
    hint = _("Look whether this is the right roster, and the whole of it. With --renumber the run goes on.")
    if lost_zeros:
        hint = _(
            "Excel has taken zeros off the codes: make the column text (文本), and write them whole again. "
            "If the codes are meant to change, --renumber goes on."
        )
    raise Problems([error("kits-renamed", Where(str(path)), message, hint)])


def _why(folder: str, code: str, same_name: Unit | None, same_code: Unit | None) -> str:
    if same_name and same_name.code != code:
        return _("{folder} has the code {code} now").format(folder=folder, code=same_name.code)
    if same_code:
        return _("{folder} is called {name} now").format(folder=folder, name=same_code.name)
    return _("{folder} is not in the roster").format(folder=folder)


def _joined(plan: Plan, entries: Iterable[Entry]) -> Iterator[tuple[Unit | None, str, Kit]]:
    """Each folder of the plan or of the manifest, in order: its unit, if the plan has it, and its entries."""
    units = iter([(plan.folder(unit), unit) for unit in plan.units if unit])
    at = next(units, None)
    for folder, group in groupby(entries, key=lambda entry: sort_key(entry.file)[0]):
        while at and at[0] < folder:
            yield at[1], at[0], {}
            at = next(units, None)
        kit = {entry.file: entry for entry in group}
        if at and at[0] == folder:
            yield at[1], folder, kit
            at = next(units, None)
        else:
            yield None, folder, kit
    while at:
        yield at[1], at[0], {}
        at = next(units, None)


# -- issued files changed ----------------------------------------------------------------------------------------------


def _renewed(path: Path, old: Seal, new: Seal) -> Problem:
    message = _("issued as {new}; the kits of {old} are kept in {folder}")
    message = message.format(new=new.number, old=old.number, folder=f"{OLD_EDITIONS}/{edition(old)}")
    return info("issued-kept", Where(str(path)), message)


class _Comparison:
    """What a run would make beside what was issued. A document that goes to all units is the same for all of them."""

    def __init__(self, dispatch: Dispatch, plan: Plan, writer: Writer, sealed: Seal) -> None:
        self.dispatch, self.plan, self.writer, self.sealed = dispatch, plan, writer, sealed
        self.maker = Maker(plan, writer)
        self.path = writer.out / manifest.NAME
        self.shared = self._shared()
        self.packed: dict[int, Document] = {}
        self.explained: set[tuple[int, str]] = set()

    def guarded(self, way: Way) -> Guarded:
        others = list(self._of_others())
        if others:
            raise Problems(self._told(others, _of_other_units()))
        changes = [
            change for unit, _folder, kit in _joined(self.plan, self._entries()) for change in self._of(unit, kit)
        ]
        plan = self._as_packed()
        if not changes:
            return Guarded(plan)
        if way == "stop":
            raise Problems(self._told(changes, _stopped()))
        told = self._told(changes, _told_and_done(way), info)
        return Guarded(plan, tuple(told), self.sealed if way == "supersede" else None)

    def _entries(self) -> Iterator[Entry]:
        return manifest.read(self.path)

    def _shared(self) -> dict[str, Entry]:
        """The issued files that all units have alike, by name; each as it stands in the first kit."""
        names = {safe_name(document.file_name) for document in self.plan.documents if not document.to_each}
        found: dict[str, Entry] = {}
        for entry in self._entries():
            name = sort_key(entry.file)[1]
            if entry.unit is not None and entry.sha256 and name in names:
                found.setdefault(name, entry)
        return found

    def _of_others(self) -> Iterator[Change]:
        """What a run for some units shows to be otherwise for the rest, of whom one of each class and role is seen."""
        if self.plan.codes is None:
            return
        like: dict[tuple[str, str], Unit] = {}
        for unit in self.dispatch.units:
            if unit.code not in self.plan.codes:
                like.setdefault((unit.class_, unit.role), unit)
        units = tuple(sorted(like.values(), key=self.plan.folder))
        probe = replace(self.plan, units=units, codes=frozenset(unit.code for unit in units))
        for probed, _folder, kit in _joined(probe, self._entries()):
            if probed and kit:
                yield from self._of(probed, kit)

    def _of(self, unit: Unit | None, kit: Kit) -> Iterator[Change]:
        """What becomes of one folder; a unit without entries is new, and only what all units have is compared."""
        jobs = self.plan.jobs(unit) if unit else []
        paths = {job.path for job in jobs}
        for job in jobs:
            old = kit.get(job.path) or (None if job.document.to_each else self.shared.get(sort_key(job.path)[1]))
            yield from self._changed(job, old, new_unit=not kit)
        for entry in kit.values():
            printed = entry.is_print and not entry.file.endswith(PRINTED)
            if entry.unit is not None and entry.sha256 and entry.file not in paths and not printed:
                code = unit.code if unit else entry.unit
                if self.plan.covers(code, entry.kind) or unit:
                    yield Change(entry.file, "removed")

    def _changed(self, job: Job, old: Entry | None, *, new_unit: bool) -> Iterator[Change]:
        if old is None:
            if not new_unit or not job.document.to_each:
                yield Change(job.path, "added")
            return
        stamped = self.maker.stamped(job)
        if not isinstance(stamped, Stamped) or old.sha256 is None:
            return
        if stamped.content != old.content:
            yield Change(job.path, "changed", self._detail(job, old, stamped.data))
        elif stamped.sha256 != old.sha256 and not job.document.to_each and (data := self._read(old)):
            self.packed[id(job.document)] = _Packed(job.document, data, stamped.content)

    def _as_packed(self) -> Plan:
        """The plan, in which what goes to all units is packed as it was, whatever library packs today."""
        documents = tuple(self.packed.get(id(document), document) for document in self.plan.documents)
        return replace(self.plan, documents=documents) if self.packed else self.plan

    # -- what is told --------------------------------------------------------------------------------------------------

    def _detail(self, job: Job, old: Entry, data: bytes) -> str:
        """The first lines that differ, once for each document."""
        key = (id(job.document), job.path.rpartition(".")[2])
        if key in self.explained or not job.path.endswith(PRINTED):
            return ""
        self.explained.add(key)
        before = self._read(old)
        try:
            return _difference(shown_text(before, job.path), shown_text(data, job.path)) if before else ""
        except Problems:
            return ""

    def _read(self, entry: Entry) -> bytes | None:
        """The issued file, if it still is as it was made."""
        try:
            data = files.read(self.writer.out / entry.file, limit=MAX_BYTES)
        except OSError:
            return None
        return data if verbatim(data).stamp({}).sha256 == entry.sha256 else None

    def _told(self, changes: list[Change], words: tuple[str, str], make: Make = error) -> list[Problem]:
        units = {sort_key(change.file)[0] for change in changes}
        message = words[0].format(number=self.sealed.number, files=len(changes), units=len(units))
        found = [make("issued-changed", Where(str(self.writer.out)), message, words[1])]
        changes.sort(key=lambda change: not change.detail)
        for change in changes[:SHOWN]:
            found.append(make("issued-changed", Where(str(self.writer.out / change.file)), _words_for(change), ""))
        return found


def _words_for(change: Change) -> str:
    if change.detail:
        return _("changed: {detail}").format(detail=change.detail)
    return {"changed": _("changed"), "added": _("added"), "removed": _("no longer made")}[change.what]


def _stopped() -> tuple[str, str]:
    return (
        _("these kits were issued as {number}; this run would change {files} files of {units} kits"),
        _(
            "If they have been sent: undo the change, give the new edition a number of its own, or run with "
            "--supersede, which keeps these kits as the old edition. If they have not been sent: run with --replace."
        ),
    )


def _of_other_units() -> tuple[str, str]:
    return (
        _("these kits were issued as {number}; made today, those of other units would differ too"),
        _("Undo the change, so that this unit gets what the others have; or run for all units."),
    )


def _told_and_done(way: Way) -> tuple[str, str]:
    if way == "replace":
        return _("issued as {number} before: {files} files of {units} kits are replaced"), ""
    return _("issued as {number} before: {files} files of {units} kits differ from the edition that is kept"), ""


def _difference(before: str, after: str) -> str:
    lines = difflib.unified_diff(before.splitlines(), after.splitlines(), n=0, lineterm="")
    said = [(line[0], line.partition(" | ")[2]) for line in lines if " | " in line]
    old = next((text for sign, text in said if sign == "-" and text), "")
    new = next((text for sign, text in said if sign == "+" and text), "")
    if not old and not new:
        return ""
    return _("“{old}” becomes “{new}”").format(old=_around(old, new), new=_around(new, old))


def _around(text: str, other: str) -> str:
    """A line, cut to what is near its first difference."""
    same = next((at for at, pair in enumerate(zip(text, other, strict=False)) if len(set(pair)) > 1), len(text))
    start = max(0, min(same - PHRASE // 2, len(text) - PHRASE))
    end = start + PHRASE
    return ("…" if start else "") + text[start:end] + ("…" if end < len(text) else "")


@dataclass(frozen=True)
class _Packed:
    """A document that goes to all units, as it was packed when it was issued."""

    document: Document
    data: bytes
    content: str
    to_each: bool = False

    @property
    def kind(self) -> str:
        return self.document.kind

    @property
    def file_name(self) -> str:
        return self.document.file_name

    @property
    def following(self) -> tuple[bytes, ...]:
        return tuple(getattr(self.document, "following", ()))

    def concerns(self, unit: Unit | None) -> bool:
        return self.document.concerns(unit)

    def shape(self, unit: Unit | None) -> Hashable:
        return ()

    def compile(self, unit: Unit | None) -> Package:
        return verbatim(self.data, self.content)

    def values(self, unit: Unit | None) -> Mapping[str, str]:
        return {}


# -- the old edition ---------------------------------------------------------------------------------------------------


def edition(seal: Seal) -> str:
    """The name of an old edition's folder: the day of its issue and its number."""
    return safe_name(" ".join(filter(None, (seal.date, seal.number))))


def keep(plan: Plan, writer: Writer, before: Head) -> None:
    """Move the kits that the plan answers for into a folder of the old edition, with a manifest of their own, which
    comes last: what a killed run has begun the next one ends. Raises OSError."""
    path = writer.out / manifest.NAME
    assert before.issued
    folder = _free(writer.out / OLD_EDITIONS / edition(before.issued))
    kept = [entry for entry in manifest.read(path) if entry.unit is not None and _is_replaced(plan, entry)]
    for entry in kept:
        source, target = writer.out / entry.file, folder / entry.file
        if source.is_file() and not target.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            source.replace(target)
    folder.mkdir(parents=True, exist_ok=True)
    writer.replace(folder / manifest.NAME, manifest.text(before, (entry.line() for entry in kept)))


def _is_replaced(plan: Plan, entry: Entry) -> bool:
    return entry.sha256 is not None and plan.covers(entry.unit, entry.kind)


def _free(folder: Path) -> Path:
    """The folder, or one numbered after it, that holds no edition that is whole."""
    number, free = 1, folder
    while (free / manifest.NAME).exists():
        number += 1
        free = folder.with_name(f"{folder.name} ({number})")
    return free
