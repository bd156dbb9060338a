"""Make the notice that passes the document on, with the local requirements and the attachments."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from operator import attrgetter
from pathlib import PurePosixPath
from typing import Any

from generator import wording
from generator.base.problems import Problems, error
from generator.dispatch.dispatch import Dispatch, once
from generator.dispatch.spec import Unit
from generator.dispatch.tasks import not_a_number, unreadable_quotas
from generator.kits.kinds import Document
from generator.office.package import Package, slot, verbatim
from generator.word.appended import is_pdf, joining
from generator.word.notice import compose, context, template_name
from generator.word.page.arrange import Composed
from generator.word.page.measured import Measured
from generator.word.page.sections import finisher
from generator.word.template.template import Template
from generator.word.template.templates import template
from generator.wording.body.references import unit_fields as terms

KIND = "notice"


def documents(dispatch: Dispatch) -> Iterator[Document]:
    """The notice, or its issued file in its place; then the files that lie beside it."""

    spec = dispatch.spec
    title = wording.title(spec)
    if spec.issued_file:
        yield FileDocument(title + PurePosixPath(spec.issued_file).suffix, dispatch.files[spec.issued_file])
    else:
        yield notice(dispatch)
    for source in spec.sources.values():
        if source.file and (source.attach == "beside" or is_pdf(source)):
            yield FileDocument(source.title + PurePosixPath(source.file).suffix, dispatch.files[source.file])
    for entry in wording.attachment_entries(spec):
        if entry.origin == "file" and entry.name:
            label = wording.attachment_label(spec, entry.name, "file")
            name = f"{label} {entry.title}{PurePosixPath(entry.name).suffix}"
            yield FileDocument(name, dispatch.files[entry.name])


@once
def notice(dispatch: Dispatch) -> NoticeDocument:
    """The notice of a dispatch: what it has composed serves check and making alike."""
    return NoticeDocument(dispatch)


@dataclass(frozen=True)
class FileDocument:
    """A file passed on as it is, to everyone."""

    file_name: str
    data: bytes
    kind: str = KIND
    to_each: bool = False

    def concerns(self, unit: Unit | None) -> bool:
        return True

    def shape(self, unit: Unit | None) -> Hashable:
        return ()

    def compile(self, unit: Unit | None) -> Package:
        return verbatim(self.data)

    def values(self, unit: Unit | None) -> Mapping[str, str]:
        return {}


@dataclass
class NoticeDocument:
    """The notice: one text to all (the same bytes in every kit), or with `address: unit` a letter to each."""

    dispatch: Dispatch
    kind: str = KIND

    def __reduce__(self) -> tuple[Any, ...]:
        # What it has composed stays behind: another process composes for itself.
        return type(self), (self.dispatch, self.kind)

    @property
    def to_each(self) -> bool:
        return self.dispatch.spec.address == "unit"

    @property
    def following(self) -> tuple[bytes, ...]:
        dispatch = self.dispatch
        return tuple(dispatch.files[each.file or ""] for each in dispatch.spec.sources.values() if is_pdf(each))

    def concerns(self, unit: Unit | None) -> bool:
        return True

    def shape(self, unit: Unit | None) -> Hashable:
        if unit is None or not self.to_each:
            return ()
        require_quotas(self.dispatch, unit)
        values = unit_slots(unit)
        decided = tuple([(name, values.get(f"unit.{name}", "")) for name in self._decided])
        return unit.class_, decided, self._measured(unit).arrange(values)

    def values(self, unit: Unit | None) -> Mapping[str, str]:
        if unit is None or not self.to_each:
            return {}
        return unit_slots(unit)

    def compile(self, unit: Unit | None) -> Package:
        return self._compiled(unit) if unit and self.to_each else self._to_all

    @cached_property
    def _to_all(self) -> Package:
        return self._compiled(None)

    def _compiled(self, unit: Unit | None) -> Package:
        context, finish = self.context(unit)
        return self._template.compile(context, finish)

    def context(self, unit: Unit | None) -> tuple[dict[str, Any], Any]:
        """What the template is given, and the last hand laid on its parts (sections without a first page, …)."""
        template, measured = self._template, self._measured(unit)
        composed, arranged = measured.composed, measured.arrange(self.values(unit))
        given = context(self.dispatch, composed, arranged, template.styles, template.section)
        if self.to_each and unit:
            fields = unit_fields(unit).items()
            given["unit"] = {name: text if name in self._decided else slot(f"unit.{name}") for name, text in fields}
        elif self.to_each:
            given["unit"] = {name: f"［{term}］" for name, term in terms(self.dispatch).items()}
        return given, joining(self.dispatch, arranged, finisher(arranged, template.styles))

    def _measured(self, unit: Unit | None) -> Measured:
        key = unit.class_ if unit and self.to_each else None
        if key not in self._composed:
            self._composed[key] = Measured(self._compose(key))
        return self._composed[key]

    def _compose(self, unit_class: str | None) -> Composed:
        return compose(self.dispatch, self._template.styles, unit_class, slot if unit_class else None)

    @cached_property
    def _composed(self) -> dict[str | None, Measured]:
        return {}

    @cached_property
    def file_name(self) -> str:
        title = wording.title(self.dispatch.spec).replace("\n", "")
        return f"{title}.docx"

    @property
    def _template(self) -> Template:
        return template(self.dispatch, template_name(self.dispatch.spec))

    @cached_property
    def _decided(self) -> list[str]:
        """The fields of `unit` that the template decides on, in order."""
        return sorted(self._template.decided) if self.to_each else []


def require_quotas(dispatch: Dispatch, unit: Unit) -> None:
    """Raises Problems where a quota of the unit is no number: what would say it is not made."""
    if not dispatch.draws_quotas:
        return

    if columns := unreadable_quotas(dispatch.spec, unit):
        where = dispatch.where("units")
        raise Problems(error("quota-not-a-number", where, not_a_number(unit, column)) for column in columns)


def unit_fields(unit: Unit) -> dict[str, str]:
    """A unit's row as texts, by the names that {{ unit.x }} uses."""
    return {name.removeprefix("unit."): value for name, value in unit_slots(unit).items()}


def unit_slots(unit: Unit) -> Mapping[str, str]:
    """The same by the names of their slots."""
    known, slots = _last[0]
    if known is not unit:
        names, known_texts = _slot_names(tuple(unit.columns))
        texts = [*unit.columns.values(), *known_texts(unit)]
        slots = dict(zip(names, [text or "" for text in texts], strict=True))
        _last[0] = unit, slots
    return slots


_last: list[tuple[Unit | None, Mapping[str, str]]] = [(None, {})]
"""The unit that was asked for last, and its slots: the documents of a kit ask for the same ones one after another."""


@lru_cache(maxsize=16)
def _slot_names(columns: tuple[str, ...]) -> tuple[list[str], Callable[[Unit], tuple[str | None, ...]]]:
    """The slots of a roster's further columns and then of the known ones, and what reads a unit's texts of those."""

    known = {name: field for name, field in Unit.model_fields.items() if name != "columns"}
    names = [*columns, *(field.alias or name for name, field in known.items())]
    return [f"unit.{name}" for name in names], attrgetter(*known)
