"""Blank forms for units to fill in: each as a workbook and as a Word document."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import PurePosixPath
from typing import Literal

from generator.base.i18n import _
from generator.base.problems import Problems, Where, error
from generator.dispatch.dispatch import Dispatch
from generator.dispatch.spec import Form, Unit
from generator.forms.fields import leaf_fields
from generator.forms.given import OPEN, compile_given
from generator.forms.grid import Grid
from generator.forms.identity import identity
from generator.forms.layouts import form_grid
from generator.forms.prefill import State, prefill_of, slot_value
from generator.forms.workbook.build import defined_name
from generator.forms.workbook.compile import compile_form
from generator.office.package import Package, slot, verbatim
from generator.word.table import fitted_to, form_xml, turn_page
from generator.word.template.templates import template
from generator.wording import STATUS_MARKS, attachment_label, issuers

TEMPLATE = "form.docx"
CELL_LIMIT = 32_767
"""Characters that a cell of a workbook holds (ECMA-376 18.18.11); what is longer makes Excel repair the file."""


def documents(dispatch: Dispatch) -> Iterable[FormDocument | GivenDocument]:
    """One document for each form and format, or its file; a form that is issued later is promised, not made."""
    for name, form in dispatch.spec.forms.items():
        if form.file:
            yield GivenDocument(dispatch, name)
        elif not form.issued_later:
            for ending in dict.fromkeys(form.formats):
                yield FormDocument(dispatch, name, ending)


@dataclass(frozen=True)
class FormDocument:
    """A form in one format. Units differ in what is filled in beforehand; which cells that is makes the shape."""

    dispatch: Dispatch
    name: str
    ending: Literal["xlsx", "docx"]
    kind: str = "forms"
    to_each: bool = True

    @cached_property
    def form(self) -> Form:
        return self.dispatch.spec.forms[self.name]

    @cached_property
    def file_name(self) -> str:
        """附件1 某表.xlsx."""
        return _file_name(self.dispatch, self.name, f".{self.ending}")

    @cached_property
    def _is_prefilled(self) -> bool:
        return any(field.prefill for _name, field in leaf_fields(self.form))

    def _prefill(self, unit: Unit) -> Mapping[str, State]:
        return prefill_of(self.form, unit) if self._is_prefilled else {}

    def concerns(self, unit: Unit | None) -> bool:
        return _concerns(self.form, unit)

    def shape(self, unit: Unit | None) -> Hashable:
        return None if unit is None else tuple(sorted(self._prefill(unit).items()))

    def compile(self, unit: Unit | None) -> Package:
        """Raises Problems for a text that no cell can hold and for a faulty template."""
        grid = self._grid(unit)
        self._refuse_long((cell.text for cell in grid.cells), self.dispatch.where("forms", self.name))

        mark = STATUS_MARKS[self.dispatch.spec.status]
        if self.ending == "docx":
            return self._compile_docx(grid, unit, mark)

        return compile_form(self.dispatch.spec, grid, addressed=unit is not None, status_mark=mark)

    def values(self, unit: Unit | None) -> Mapping[str, str]:
        """Raises Problems for a value of the roster that no cell can hold."""
        if unit is None:
            return {}
        names = {"unit.name", "unit.code", *self._prefill(unit)}
        values = {name: slot_value(unit, name) for name in names}
        self._refuse_long(values.values(), self.dispatch.where("units"))
        return values

    def _grid(self, unit: Unit | None) -> Grid:
        spec = self.dispatch.spec
        prefill = None if unit is None else self._prefill(unit)
        label = attachment_label(spec, self.name)
        return form_grid(spec, self.name, units=self.dispatch.units, prefill=prefill, label=label)

    def _compile_docx(self, grid: Grid, unit: Unit | None, mark: str) -> Package:
        source = template(self.dispatch, TEMPLATE)
        label = attachment_label(self.dispatch.spec, self.name)
        context = {
            "attachment_label": label,
            "title": self.form.title,
            "status_mark": mark,
            "issuing_authority": issuers(self.dispatch.spec),
            "identity": identity(self.name, self.form, slot("unit.code") if unit else ""),
            "grid": form_xml(fitted_to(source, grid, label), source.styles),
        }
        return source.compile(context, turn_page if grid.landscape else None)

    def _refuse_long(self, texts: Iterable[str], where: Where) -> None:
        # No character takes more than two of the units that a cell is measured in.
        long = [text for text in texts if 2 * len(text) > CELL_LIMIT]
        found = [text for text in long if len(text.encode("utf-16-le")) // 2 > CELL_LIMIT]
        if found:
            raise Problems(
                error(
                    "text-too-long",
                    where,
                    _("the text “{start}…” has {length} characters; a cell of a workbook holds {limit}").format(
                        start=text[:20], length=len(text), limit=CELL_LIMIT
                    ),
                    _("Shorten the text."),
                )
                for text in found
            )


@dataclass(frozen=True)
class GivenDocument:
    """A form as the superior made it; in a .xlsx or .docx the unit's name and the identity are put."""

    dispatch: Dispatch
    name: str
    kind: str = "forms"
    to_each: bool = True

    @cached_property
    def form(self) -> Form:
        return self.dispatch.spec.forms[self.name]

    @cached_property
    def file_name(self) -> str:
        return _file_name(self.dispatch, self.name, self._ending)

    @cached_property
    def _ending(self) -> str:
        return PurePosixPath(self.form.file or "").suffix.lower()

    def concerns(self, unit: Unit | None) -> bool:
        return _concerns(self.form, unit)

    def shape(self, unit: Unit | None) -> Hashable:
        return unit is not None

    def compile(self, unit: Unit | None) -> Package:
        """Raises Problems for a file that cannot be read."""
        data = self.dispatch.files[self.form.file or ""]
        if self._ending not in OPEN:
            return verbatim(data)
        where = self.dispatch.where("forms", self.name, "file")
        cells = {defined_name(self.name, key): field.at or field.title for key, field in leaf_fields(self.form)}
        mark = identity(self.name, self.form, slot("unit.code") if unit else "")
        return compile_given(data, where, slot("unit.name") if unit else "", mark, cells)

    def values(self, unit: Unit | None) -> Mapping[str, str]:
        return {"unit.name": unit.name, "unit.code": unit.code} if unit else {}


def _file_name(dispatch: Dispatch, name: str, ending: str) -> str:
    label = attachment_label(dispatch.spec, name)
    return f"{f'{label} ' if label else ''}{dispatch.spec.forms[name].title}{ending}"


def _concerns(form: Form, unit: Unit | None) -> bool:
    """Units of the classes that the form names; where it names none, those the notice is addressed to."""
    if unit is None:
        return True
    return unit.class_ in form.who if form.who else unit.role == "主送"
