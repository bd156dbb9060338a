"""What a run will make: a dispatch's files, unit by unit, named before anything is rendered."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from generator.base.i18n import _, listed
from generator.base.problems import Problem, Problems, Where, error
from generator.base.values import collision_key, fits, is_plain, room_before, safe_name
from generator.dispatch.dispatch import Dispatch
from generator.dispatch.spec import Unit
from generator.kits import kinds as all_kinds
from generator.kits.kinds import Document

MASTER = "master"
"""The folder of what is addressed to no unit."""
PRINTED = (".docx", ".xlsx")
"""What a PDF is made of."""


class Job(NamedTuple):
    """One file to make. `path` is relative to the output folder, posix, two parts; `unit` is None for the master."""

    unit: Unit | None
    document: Document
    path: str

    @property
    def kind(self) -> str:
        return self.document.kind


@dataclass(frozen=True)
class Plan:
    """Every file of a run, in the order of the manifest; jobs are made as they are asked for: a plan stays small.

    `units` are those asked for, in the order of their folders, or (None,) for the master. `documents` are those of
    every kind, because a file's name may depend on its neighbours; `kinds` are those asked for. `codes` are the units
    that the plan answers for: None means every unit there is or ever was. `pdf` asks for PDFs beside the documents.
    """

    units: tuple[Unit | None, ...]
    documents: tuple[Document, ...]
    kinds: frozenset[str] | None
    codes: frozenset[str | None] | None
    renumbered: Mapping[str, str]
    pdf: bool = False

    def __iter__(self) -> Iterator[Job]:
        for unit in self.units:
            yield from self.jobs(unit)

    def jobs(self, unit: Unit | None) -> list[Job]:
        """The kit of one unit, without its PDFs, in the order of the manifest."""
        return self._kit(unit, self.kinds)

    def files(self, unit: Unit | None) -> list[Job]:
        """All that a unit gets: its kit and the PDFs, in the order of the manifest."""
        pdfs = (pdf for _document, pdf in self.pdfs(unit))
        return sorted([*self.jobs(unit), *pdfs], key=lambda job: job.path)

    def pdfs(self, unit: Unit | None) -> list[tuple[Job, Job]]:
        """Each document of a kit that has a PDF, with the PDF, in the order of the PDFs in the manifest.

        A form in two formats has one PDF, of its .docx.
        """
        kit = self._kit(unit) if self.pdf else []
        taken = {collision_key(job.path) for job in kit}
        done: set[tuple[str, str]] = set()
        found = []
        for job in kit:
            stem, dot, ending = job.path.rpartition(".")
            if (dot + ending).lower() in PRINTED and (job.kind, stem) not in done:
                done.add((job.kind, stem))
                pdf = Job(unit, job.document, _free_name(f"{stem}.pdf", taken))
                if self.kinds is None or job.kind in self.kinds:
                    found.append((job, pdf))
        return sorted(found, key=lambda pair: pair[1].path)

    def _kit(self, unit: Unit | None, kinds: frozenset[str] | None = None) -> list[Job]:
        """The documents of some kinds, or of every kind."""
        kit, folder = self._named(unit), self.folder(unit)
        names = kit.names(unit.short_name if unit else None)
        found = [
            Job(unit, document, f"{folder}/{name}")
            for document, name in zip(kit.documents, names, strict=True)
            if kinds is None or document.kind in kinds
        ]
        found.sort(key=_path)
        return found

    def _named(self, unit: Unit | None) -> _Kit:
        like = (unit.class_, unit.role) if unit else None
        if like not in self._kits:
            self._kits[like] = _Kit(tuple([document for document in self.documents if document.concerns(unit)]))
        return self._kits[like]

    @cached_property
    def _kits(self) -> dict[tuple[str, str] | None, _Kit]:
        return {}

    def folder(self, unit: Unit | None) -> str:
        """`<code>-<name>`, made safe, and different from every other unit's on every file system."""
        if unit is None:
            return MASTER
        return self.renumbered.get(unit.code) or _folder(unit)

    def covers(self, unit: str | None, kind: str) -> bool:
        """Whether the plan says what files there are for this unit code (None: the master) and kind."""
        asked = unit is not None if self.codes is None else unit in self.codes
        return asked and (self.kinds is None or kind in self.kinds)


@dataclass(frozen=True)
class Selection:
    """What is asked for: some kinds (None: all), units by code or class (neither: all; both: either), or the master;
    and whether with PDFs."""

    kinds: frozenset[str] | None = None
    units: frozenset[str] = frozenset()
    classes: frozenset[str] = frozenset()
    master: bool = False
    pdf: bool = False


def plan(
    dispatch: Dispatch,
    kinds: Iterable[str] | None = None,
    units: Iterable[str] | None = None,
    classes: Iterable[str] | None = None,
    master: bool = False,
    pdf: bool = False,
) -> Plan:
    """The plan for every unit, for the units of some codes or classes (both given: either), or for the master.

    Raises Problems for a code or class that the dispatch does not have.
    """
    wanted = None if kinds is None else frozenset(kinds)
    selection = Selection(wanted, frozenset(units or ()), frozenset(classes or ()), master, pdf)
    return arrange(dispatch, all_kinds.documents(dispatch), selection)


def arrange(dispatch: Dispatch, documents: Iterable[Document], selection: Selection) -> Plan:
    """As `plan`, for documents that are at hand."""
    folders = {unit.code: _folder(unit) for unit in dispatch.units}
    renumbered = _renumbered(folders)
    if selection.master:
        return Plan((None,), tuple(documents), selection.kinds, frozenset({None}), renumbered, selection.pdf)
    some = bool(selection.units or selection.classes)
    chosen = _chosen(dispatch, selection) if some else dispatch.units
    folders |= renumbered
    ordered = tuple(sorted(chosen, key=lambda unit: folders[unit.code]))
    codes = frozenset(unit.code for unit in chosen) if some else None
    return Plan(ordered, tuple(documents), selection.kinds, codes, renumbered, selection.pdf)


def _path(job: Job) -> str:
    return job.path


def sort_key(path: str) -> list[str]:
    """The order of a plan's paths: folder by folder, which the order of whole paths is not (`-` sorts before `/`)."""
    return path.split("/")


# -- names -------------------------------------------------------------------------------------------------------------


class _Kit:
    """The documents of a class and role of units, whatever their kind, and what their files are called."""

    def __init__(self, documents: tuple[Document, ...]) -> None:
        self.documents = documents
        self._names = [(document.file_name, document.to_each) for document in documents]
        own = [f"-{name}" for name, to_each in self._names if to_each]
        alone = [collision_key(name) for name, to_each in self._names if not to_each]
        self._room = min(map(room_before, ["", *own]))
        """Characters of a plain short name that no name gets too long with."""
        self._settled = self._distinct("某") == self._raw("某") and not any(
            name.endswith(collision_key(end)) for name in alone for end in own
        )
        """Whether in front of a plain short name all names stay as they are: safe, and different from each other."""

    def names(self, short_name: str | None) -> list[str]:
        """The files' names for a unit, or for none; a document's may depend on its neighbours'."""
        if short_name and self._settled and len(short_name) <= self._room and is_plain(short_name):
            return self._raw(short_name)
        return self._distinct(short_name)

    def _raw(self, short_name: str | None) -> list[str]:
        # In front, so that what comes back by mail can be told apart.
        front = "" if short_name is None else f"{short_name}-"
        return [front + name if to_each else name for name, to_each in self._names]

    def _distinct(self, short_name: str | None) -> list[str]:
        taken: set[str] = set()
        return [_free_name(safe_name(name), taken) for name in self._raw(short_name)]


def _folder(unit: Unit) -> str:
    return safe_name(f"{unit.code}-{unit.name}")


def _renumbered(folders: Mapping[str, str]) -> dict[str, str]:
    """Code → folder, for units whose folder another unit's would be taken for."""
    # All at once: no line end joins anything in Unicode's normal forms.
    keys = collision_key("\n".join((MASTER, *folders.values()))).split("\n")
    if len(set(keys)) == len(keys):
        return {}
    taken = {collision_key(MASTER)}
    found = {}
    # By code, over all units: neither the order of the roster nor the choice of units changes a name.
    for code, folder in sorted(folders.items()):
        free = _free_name(folder, taken)
        if free != folder:
            found[code] = free
    return found


def _free_name(name: str, taken: set[str]) -> str:
    """`name`, or `name (2)` and so on before its ending; what it returns is taken from then on."""
    stem, dot, ending = name.rpartition(".")
    free, number = name, 1
    while (key := collision_key(free)) in taken:
        number += 1
        free = f"{stem} ({number}){dot}{ending}" if stem else f"{name} ({number})"
        while not fits(free):
            stem, name = stem[:-1], name[:-1]
            free = f"{stem} ({number}){dot}{ending}" if stem else f"{name} ({number})"
    taken.add(key)
    return free


# -- selection ---------------------------------------------------------------------------------------------------------


def _chosen(dispatch: Dispatch, selection: Selection) -> list[Unit]:
    titles = {known.title: name for name, known in dispatch.spec.classes.items()}
    known = {unit.class_ for unit in dispatch.units} | set(dispatch.spec.classes)
    classes = {name if name in known else titles.get(name, name) for name in selection.classes}
    problems = [_unknown_class(name, known | set(titles)) for name in sorted(classes - known)]
    problems += _unknown_units(dispatch, selection.units)
    if problems:
        raise Problems(problems)
    return [unit for unit in dispatch.units if unit.code in selection.units or unit.class_ in classes]


def _unknown_class(name: str, known: set[str]) -> Problem:
    message = _('there is no class "{name}"').format(name=name)
    near = difflib.get_close_matches(name, known, n=1)
    if near:
        hint = _('Did you mean "{name}"?').format(name=near[0])
    else:
        hint = _("Classes: {classes}").format(classes=listed(sorted(known)))
    return error("unknown-class", Where("--class"), message, hint)


def _unknown_units(dispatch: Dispatch, codes: frozenset[str]) -> list[Problem]:
    unknown = codes - {unit.code for unit in dispatch.units}
    if not unknown:
        return []
    names: dict[str, Unit] = {}
    for unit in dispatch.units:
        names |= {unit.name: unit, unit.short_name: unit, unit.code: unit}
    return [_unknown_unit(code, names) for code in sorted(unknown)]


def _unknown_unit(code: str, names: Mapping[str, Unit]) -> Problem:
    message = _('no unit has the code "{code}"').format(code=code)
    near = difflib.get_close_matches(code, names, n=1)
    if not near:
        return error("unknown-unit", Where("--unit"), message, _("The codes stand in the roster's column code."))
    unit = names[near[0]]
    hint = _("Did you mean {code} ({name})?").format(code=unit.code, name=unit.name)
    return error("unknown-unit", Where("--unit"), message, hint)
