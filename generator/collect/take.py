"""Taking in what came back: every file is read once, recognised, checked, and kept in the ledger with what it holds."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

from generator import __version__
from generator.base.problems import Problem, reason
from generator.collect.arrivals import MAX_READ, Arrival, arrivals, opened
from generator.collect.documents import read_document
from generator.collect.findings import Finding
from generator.collect.identify import Identifier, Identity
from generator.collect.ledger import KeptBlock, KeptFile, KeptReturn, Ledger, as_text
from generator.collect.limits import FormLimits
from generator.collect.locate import locate
from generator.collect.materials import PICTURES, SOUNDS, VIDEOS, Materials
from generator.collect.papers import Page, Paper
from generator.collect.people import Units
from generator.collect.readings import Filled, Table, read_form
from generator.collect.sheets import Unreadable, read_sheets
from generator.dispatch.dispatch import Dispatch
from generator.dispatch.tasks import falls_to
from generator.office.ooxml import column_letters

BATCH = 50
"""Files that are kept together: a run that is ended loses at most so many, and takes them in again."""
_SHEETS = frozenset({"xlsx", "xls", "et", "ods", "xlsm", "ett", "xlt"})
_WORDS = frozenset({"docx", "docm"})
_OLD_WORDS = frozenset({"doc", "wps", "rtf"})
_SEEN = PICTURES | {"pdf", "ofd"}
_MOST_PAGES, _LONGEST = 30, 200


@dataclass
class Taken:
    """What a run did: files looked at and left as they were, and what was kept."""

    files: int = 0
    unchanged: int = 0
    kept: list[KeptFile] = field(default_factory=list)

    def problems(self) -> Iterator[Problem]:
        """Everything that was found, file by file."""
        for file in self.kept:
            yield from (finding.as_problem(file.name) for finding in file.findings)
            yield from (finding.as_problem(file.name) for one in file.returns for finding in one.findings)


@dataclass
class Taker:
    """Takes in the returns of one dispatch. `moment` is when what lies there is taken to have been received."""

    dispatch: Dispatch
    units: Units
    moment: dt.datetime
    limits: dict[str, FormLimits] = field(default_factory=dict)

    @cached_property
    def identifier(self) -> Identifier:
        return Identifier(self.dispatch, self.units)

    @cached_property
    def materials(self) -> Materials:
        return Materials(self.dispatch)

    @cached_property
    def basis(self) -> str:
        """What decides how a file is read: where it changes, everything is read again."""
        spec = self.dispatch.spec
        said = {
            "version": __version__,
            "forms": {name: form.model_dump(mode="json", by_alias=True) for name, form in spec.forms.items()},
            "evidence": {name: item.model_dump(mode="json") for name, item in spec.evidence.items()},
            "units": [(unit.code, unit.name, unit.short_name, unit.class_, unit.role) for unit in self.dispatch.units],
            "aliases": sorted(alias for alias in self.units.aliases.values() if alias[2]),
            "issued": str(spec.date_of_issue),
        }
        return hashlib.sha256(json.dumps(said, ensure_ascii=False, sort_keys=True).encode()).hexdigest()

    def take(self, arrival: Arrival) -> KeptFile:
        """One file, read and checked; whatever it is, it gives findings and no exception."""
        received = arrival.received or self.moment
        try:
            sha256 = arrival.sha256
        except OSError as fault:
            arrival.faults.append(Finding("return-unreadable", value=reason(fault)))
            sha256 = hashlib.sha256(arrival.name.encode()).hexdigest()
        file = KeptFile(arrival.name, sha256, arrival.size, arrival.stamp, received, "unknown")
        file.findings += arrival.faults
        if arrival.faults:
            file.outcome = "damaged"
        elif arrival.size == 0:
            file.outcome, file.findings = "damaged", [Finding("file-empty")]
        else:
            try:
                self._recognise(arrival, file)
            except Exception as fault:
                # Whatever a file makes a reader do, it must cost no more than itself.
                file.returns, file.outcome = [], "damaged"
                file.findings.append(Finding("return-unreadable", value=f"{type(fault).__name__}: {fault}"[:_LONGEST]))
        return file

    def _recognise(self, arrival: Arrival, file: KeptFile) -> None:
        paper: Paper | None = None
        if arrival.size <= MAX_READ and (arrival.ending in _SHEETS | _WORDS or not arrival.ending):
            try:
                paper = self._paper(arrival)
            except Unreadable as unreadable:
                file.findings.append(unreadable.finding)
                file.outcome = "damaged"
        if paper is not None and self._forms(paper, arrival, file):
            file.outcome = "form"
        elif file.outcome != "damaged" or self._called(arrival):
            self._other(arrival, file)

    def _paper(self, arrival: Arrival) -> Paper:
        if arrival.ending in _WORDS:
            return read_document(arrival.data, arrival.name)
        return read_sheets(arrival.data, arrival.name)

    def _forms(self, paper: Paper, arrival: Arrival, file: KeptFile) -> bool:
        pages = [page for page in paper.pages if any(value != "" for row in page.rows for value in row)][:_MOST_PAGES]
        alone = sum(1 for page in pages if page.visible) <= 1
        found: list[tuple[Page, Identity]] = []
        for page in pages:
            identity = self.identifier.identify(paper, page, arrival.base, alone=alone or self._is_named(paper, page))
            if identity.form:
                found.append((page, identity))
        if paper.pages and paper.pages[0].is_word:
            found = self._one_of_each(found, paper)
        for page, identity in found:
            file.returns.append(self._form(paper, page, identity, arrival))
        if found:
            pages_used = {id(page) for page, _identity in found}
            file.findings += [
                Finding("sheet-unused", page.name)
                for page in pages
                if id(page) not in pages_used and not page.is_word and page.visible
            ]
        return bool(found)

    def _is_named(self, paper: Paper, page: Page) -> bool:
        """Whether a defined name of a form leads to the page."""
        forms = self.dispatch.spec.forms
        return any(sheet == page.name and name.partition(".")[0] in forms for name, (sheet, _a) in paper.names.items())

    def _one_of_each(self, found: list[tuple[Page, Identity]], paper: Paper) -> list[tuple[Page, Identity]]:
        """Of a document's tables the one that has most of a form's labels: its marks hold for the whole document."""
        best: dict[str, tuple[int, Page, Identity]] = {}
        for page, identity in found:
            labels = self.identifier.heads[identity.form]
            rated = len(
                labels & {text for row in page.rows for value in row for text in self.identifier.plain_texts(value)}
            )
            if rated > best.get(identity.form, (0, page, identity))[0]:
                best[identity.form] = rated, page, identity
        long = sum(len(line) for line in paper.lines) > _NOTICE
        for _rated, page, identity in best.values():
            if long:
                identity.findings.append(Finding("form-in-notice", page.name))
        return [(page, identity) for _rated, page, identity in best.values()]

    def _form(self, paper: Paper, page: Page, identity: Identity, arrival: Arrival) -> KeptReturn:
        form = self.dispatch.spec.forms[identity.form]
        limits = self.limits.setdefault(identity.form, FormLimits(form))
        filled = read_form(locate(identity.form, form, paper, page), limits)
        findings = [*identity.findings, *filled.findings]
        unit = self.units.codes.get(identity.unit)
        if unit and not falls_to(self.dispatch.spec, form, unit):
            findings.append(Finding("unit-not-asked", value=unit.name))
        kept = KeptReturn(
            "form", identity.unit, identity.form, identity.version, "、".join(identity.via), page.name,
            identity.counts and bool(identity.unit), findings=findings,
        )  # fmt: skip
        kept.blocks = [_kept(table) for table in filled.tables]
        if _is_zero(filled):
            kept.findings = [one for one in findings if one.code not in ("cell-required",)]
            kept.findings.append(Finding("zero-report", page.name))
        return kept

    # -- what is no form -----------------------------------------------------------------------------------------------

    def _called(self, arrival: Arrival) -> str:
        found = self.units.in_name(arrival.base) or self.units.in_name(arrival.name)
        return self.units.confirmed(arrival.base) or next(iter(found), "")

    def _other(self, arrival: Arrival, file: KeptFile) -> None:
        """A material, a scan of a form, a copy of what was sent out, or nothing that anybody asked for."""
        unit = self.units.codes.get(self._called(arrival))
        if unit and (name := self.materials.find(arrival, unit)):
            findings = list(self.materials.check(arrival, name, unit))
            file.returns.append(KeptReturn("material", unit.code, name, findings=findings))
            file.outcome = "material"
        elif unit and arrival.ending in _SEEN and (form := self._form_named(arrival, unit.code)):
            findings = [Finding("scan-kept")]
            file.returns.append(KeptReturn("scan", unit.code, form, findings=findings))
            file.outcome = "scan"
        elif file.outcome != "damaged":
            file.findings.append(Finding("form-unknown"))
            media = arrival.ending in _SEEN | VIDEOS | SOUNDS | _OLD_WORDS
            if media and not unit:
                self.units.propose(arrival.base, self.units.guess(arrival.base))

    def _form_named(self, arrival: Arrival, code: str) -> str:
        """The form whose title stands in the file's name, else the only one that the unit hands in."""
        spec, unit = self.dispatch.spec, self.units.codes[code]
        own = [name for name, form in spec.forms.items() if falls_to(spec, form, unit)]
        called = [name for name in own if spec.forms[name].title in arrival.base]
        return (called or (own if len(own) == 1 else [""]))[0]


_NOTICE = 1500
"""Characters of text outside its tables that make a document more than a form."""


def _kept(table: Table) -> KeptBlock:
    block = table.block
    if block.spots is not None:
        places = [block.cell(0, number) for number in range(len(block.fields))]
    else:
        places = ["" if column is None else column_letters(column + 1) for column in block.columns]
    kept = KeptBlock(block.name, [one.name for one in block.fields], places)
    for record in range(len(block)):
        row = 0 if block.spots is not None else block.rows[record] + 1
        stub = block.stubs[record] if block.stubs else ""
        kept.records.append((row, stub, [as_text(column[record]) for column in table.values]))
    return kept


def _is_zero(filled: Filled) -> bool:
    """Whether nothing was reported: no row, or noughts and 无 alone."""
    values = [value for table in filled.tables for column in table.values for value in column if value is not None]
    return all(str(value) in ("0", "无") for value in values) and not any(
        one.severity == "error" and one.code != "cell-required" for one in filled.findings
    )


def take_in(dispatch: Dispatch, place: Path, moment: dt.datetime) -> Taken:
    """Everything under `place` into the ledger of the dispatch; what was there and is unchanged is left alone."""
    units = Units.of(dispatch.folder, dispatch.units)
    taker = Taker(dispatch, units, moment)
    taken = Taken()
    with Ledger(dispatch.folder) as ledger:
        seen = ledger.seen()
        batch: list[Arrival] = []
        for arrival in arrivals(place):
            taken.files += 1
            if seen.get(arrival.name) == (arrival.size, arrival.stamp, taker.basis) and not arrival.faults:
                taken.unchanged += 1
                continue
            batch.append(arrival)
            if len(batch) == BATCH:
                _keep(ledger, taker, batch, taken)
                batch = []
        _keep(ledger, taker, batch, taken)
    units.save()
    return taken


def _keep(ledger: Ledger, taker: Taker, batch: list[Arrival], taken: Taken) -> None:
    if not batch:
        return
    found = [(outer, [taker.take(inner) for inner in _inside(outer)]) for outer in batch]
    with ledger.together():
        for outer, files in found:
            for file in files:
                ledger.keep(file)
                taken.kept.append(replace(file, returns=[replace(one, blocks=[]) for one in file.returns]))
            ledger.has_seen(outer.name, outer.size, outer.stamp, taker.basis)
        ledger.settle()


def _inside(outer: Arrival) -> Iterator[Arrival]:
    try:
        yield from opened(outer)
    except OSError as fault:
        outer.faults.append(Finding("return-unreadable", value=reason(fault)))
        yield outer
