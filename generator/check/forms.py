"""Forms that cannot be laid out as they are described."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from generator.base.i18n import _
from generator.base.problems import Problem, Problems, Where
from generator.check.codes import nearest, no_effect, report
from generator.check.limits import all_fields
from generator.dispatch.dispatch import Dispatch, Path_
from generator.dispatch.spec import Form, FormField
from generator.forms.effects import without_effect
from generator.forms.given import OPEN, asks_for_unit, compile_given, located
from generator.forms.layouts import form_grid
from generator.forms.sizes import holds_allowed
from generator.forms.types import meaning


def _doubled(names: Iterable[str]) -> list[int]:
    """The positions at which a name stands that has stood before."""
    seen: Counter[str] = Counter()
    positions = []
    for index, name in enumerate(names):
        if seen[name]:
            positions.append(index)
        seen[name] += 1
    return positions


def fields(dispatch: Dispatch) -> Iterator[Problem]:
    """A form has fields, and so has each table inside it; one that is issued later may still be unknown."""
    for name, form in dispatch.spec.forms.items():
        if not (form.fields or form.issued_later or form.file):
            message = _('form "{name}" has no fields').format(name=name)
            hint = _("List its columns under `fields`, or write `issued_later: true`.")
            yield report("form-without-fields", dispatch.where("forms", name), message, hint)
    for path, field in all_fields(dispatch):
        if field.type == "table" and not field.fields:
            message = _('the table "{name}" has no fields').format(name=field.title)
            hint = _("List its columns under its own `fields`.")
            yield report("form-without-fields", dispatch.where(*path), message, hint)


def field_names(dispatch: Dispatch) -> Iterator[Problem]:
    """Field names are unique within their form or inner table: returned cells are found by them."""
    for name, form in dispatch.spec.forms.items():
        yield from _unique(dispatch, ("forms", name, "fields"), form.fields)
    for path, field in all_fields(dispatch):
        yield from _unique(dispatch, (*path, "fields"), field.fields)


def _unique(dispatch: Dispatch, path: Path_, siblings: list[FormField]) -> Iterator[Problem]:
    for index in _doubled(field.name for field in siblings):
        message = _('the field name "{name}" stands twice in this form').format(name=siblings[index].name)
        yield report(
            "duplicate-name", dispatch.where(*path, index, "name"), message, _("Give one of them another name.")
        )


def rows(dispatch: Dispatch) -> Iterator[Problem]:
    """A matrix has fixed rows; a quota table has figures, under the names of its fields."""
    for name, form in dispatch.spec.forms.items():
        if form.file:
            continue
        where = dispatch.where("forms", name, "layout")
        if form.layout == "matrix" and not form.rows.fixed:
            message = _('the matrix "{name}" has no fixed rows').format(name=name)
            yield report("form-without-rows", where, message, _("List them under `rows: {fixed: […]}`."))
        if form.layout == "quota" and not (form.rows.given or form.rows.from_units):
            message = _('the quota table "{name}" has no figures').format(name=name)
            hint = _(
                "Give them under `rows: {given: […]}`, or take them from the roster by `rows: {from_units: true}`."
            )
            yield report("form-without-rows", where, message, hint)
        yield from _given(dispatch, name, form)


def _given(dispatch: Dispatch, name: str, form: Form) -> Iterator[Problem]:
    known = [field.name for field in form.fields]
    for index, row in enumerate(form.rows.given):
        for key in row:
            if key not in known:
                message = _('form "{form}" has no field "{name}"').format(form=name, name=key)
                where = dispatch.where("forms", name, "rows", "given", index, key)
                yield report("unknown-name", where, message, nearest(key, known))


def groups(dispatch: Dispatch) -> Iterator[Problem]:
    """A form with two-level heads has at least one upper head."""
    for name, form in dispatch.spec.forms.items():
        if form.layout == "grouped" and form.fields and not any(field.group for field in form.fields):
            message = _('form "{name}" is grouped, but none of its fields has a group').format(name=name)
            hint = _("Give the fields their upper head under `group`, or write `layout: table`.")
            yield report("form-without-groups", dispatch.where("forms", name, "layout"), message, hint)


def given(dispatch: Dispatch) -> Iterator[Problem]:
    """A form's own file: whether it can be read, and where the unit's name and the fields stand in it."""
    for name, form in dispatch.spec.forms.items():
        if form.file and form.file in dispatch.files:
            where = dispatch.where("forms", name, "file")
            if form.issued_later:
                message = _('form "{name}" has a file, and is to be issued later').format(name=name)
                yield report("form-file", where, message, _("Keep one of `file` and `issued_later`."))
            if not form.file.lower().endswith(OPEN):
                message = _("{file} goes out as it is: nothing can be written into it").format(file=form.file)
                hint = _("Save it as .xlsx or .docx: the unit's name and the form's identity are then put into it.")
                yield report("form-unnamed", where, message, hint)
            else:
                yield from _read_given(dispatch, name, form, where)


def _read_given(dispatch: Dispatch, name: str, form: Form, where: Where) -> Iterator[Problem]:
    data = dispatch.files[form.file or ""]
    try:
        compile_given(data, where, "", "", {})
        if not asks_for_unit(data, where):
            message = _("{file} has no blank place for the unit's name, such as 填报单位：").format(file=form.file)
            hint = _("It goes out as it is; the file's name and its properties tell whose it is.")
            yield report("form-unnamed", where, message, hint)
    except Problems as refused:
        # What may not be passed on is told by the rule on files.
        own = (problem for problem in refused.problems if problem.code == "form-file")
        yield from (report("form-file", where, problem.message, problem.hint) for problem in own)
        return
    for index, field in enumerate(form.fields):
        place = field.at or field.title
        if field.type != "table" and located(data, where, place) is None:
            message = _('{file} has no "{place}"').format(file=form.file, place=place)
            hint = _("Write under `at` the cell (C5), or the text on its left or before it, as it stands in the form.")
            place_of = dispatch.where("forms", name, "fields", index, "at" if field.at else "title")
            yield report("form-place", place_of, message, hint)


def misplaced(dispatch: Dispatch) -> Iterator[Problem]:
    """Only a key–value form has room for a photo or for an inner table, and only at its top level."""
    for path, field in all_fields(dispatch):
        layout = dispatch.spec.forms[str(path[1])].layout
        if meaning(field).pairs_only and (layout != "pairs" or len(path) > 4):
            message = _("a field of type {type} cannot stand here").format(type=field.type)
            hint = _("It belongs at the top level of a form with `layout: pairs`.")
            yield report("field-misplaced", dispatch.where(*path, "type"), message, hint)


def categories(dispatch: Dispatch) -> Iterator[Problem]:
    """Each choice stands once."""
    for path, field in all_fields(dispatch):
        for index in _doubled(field.categories):
            message = _('the choice "{choice}" stands twice').format(choice=field.categories[index])
            where = dispatch.where(*path, "categories", index)
            yield report("duplicate-category", where, message, _("Remove one of them."))


def room(dispatch: Dispatch) -> Iterator[Problem]:
    """What a field allows can be read in its cells; on paper nobody makes them larger."""
    small = {
        id(field) for name, form in dispatch.spec.forms.items() if _is_whole(form) for field in _small(dispatch, name)
    }
    for path, field in all_fields(dispatch):
        if id(field) in small:
            message = _('the cells of "{title}" have no room for the longest value that is allowed').format(
                title=field.title
            )
            hint = _("Give the field more `lines` or a greater `width`, or a lower `maxLength`.")
            yield report("cell-too-small", dispatch.where(*path), message, hint)


def _is_whole(form: Form) -> bool:
    """Whether a form can be laid out; what it lacks is told by other rules. Quota tables are given, not filled in."""
    tables = [field for field in form.fields if field.type == "table"]
    return bool(form.fields) and not form.file and form.layout != "quota" and all(table.fields for table in tables)


def _small(dispatch: Dispatch, name: str) -> Iterator[FormField]:
    grid = form_grid(dispatch.spec, name, units=dispatch.units)
    for cell in grid.cells:
        if cell.field and cell.role == "value" and not holds_allowed(grid, cell):
            yield cell.field


def effects(dispatch: Dispatch) -> Iterator[Problem]:
    """Every key that is written changes something: what has no effect in its layout or type is told."""
    for name, form in dispatch.spec.forms.items():
        for path, hint in without_effect(form, dispatch.units):
            yield no_effect(dispatch, ("forms", name, *path), _(hint))


RULES = (effects, fields, field_names, rows, groups, given, misplaced, categories, room)
