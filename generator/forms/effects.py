"""Which keys of a form take effect: for each key of its fields and rows, where it does, by layout and type."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from pydantic import BaseModel

from generator.base.i18n import later
from generator.dispatch.spec import UNASKED, Form, FormField, Unit
from generator.forms.tables import Quota, is_summed
from generator.forms.types import Meaning, has_length, is_figure, meaning, takes_choices

Path_ = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class At:
    """Where a field stands: in which form, in an inner table or not, and whether units write into its cells."""

    form: Form
    field: FormField
    inner: bool
    open: bool

    @property
    def listed(self) -> bool:
        """The field is a column of the form's own table."""
        return self.form.layout != "pairs"

    @property
    def meaning(self) -> Meaning:
        return meaning(self.field)

    @property
    def typed(self) -> bool:
        """The unit writes a value that a workbook checks, and chooses it from no list."""
        return self.asked and not self.field.categories and not self.meaning.choices

    @property
    def asked(self) -> bool:
        """The unit is asked for a value, and a workbook tells it of which kind."""
        return self.open and self.field.type not in UNASKED and self.meaning.value != "none"


@dataclass(frozen=True, slots=True)
class Effect:
    """Where a key takes effect, and what to do where it does not."""

    takes: Callable[[At], bool]
    hint: str = ""


def _always(at: At) -> bool:
    return True


def _shown(at: At) -> bool:
    return at.asked and "xlsx" in at.form.formats


_ALWAYS = Effect(_always)
_IN_PAIRS = later("It belongs at the top level of a form with `layout: pairs`.")
_OF_TYPE = later("Remove it, or give the field a type that has it.")
_TO_BE_FILLED = later("It belongs to cells that units fill in.")
_IN_WORKBOOK = later("It is shown in cells of a workbook that units fill in.")

FIELD_KEYS: Mapping[str, Effect] = {
    "name": _ALWAYS,
    "title": _ALWAYS,
    "type": _ALWAYS,
    "description": _ALWAYS,
    "format": Effect(
        lambda at: at.field.type == "string" and (not at.field.categories or at.listed or at.inner),
        later("A text format belongs to fields of type string."),
    ),
    "unit": Effect(lambda at: at.meaning.value != "none" or at.field.type == "table", _OF_TYPE),
    "example": Effect(_shown, _IN_WORKBOOK),
    "categories": Effect(
        lambda at: takes_choices(at.field),
        later("Choices belong to texts; 是 and 否 are the choices of type boolean."),
    ),
    "constraints": _ALWAYS,
    "total": Effect(
        lambda at: at.listed and not at.inner and is_figure(at.field),
        later("Only figures in columns add up: write `type: integer` or `type: number`, in a form that is no pairs."),
    ),
    "decimals": Effect(lambda at: at.meaning.decimals, later("Decimals belong to `type: number`.")),
    "prefill": Effect(
        lambda at: (
            at.meaning.value != "none"
            and (at.field.type != "serial" or at.form.layout == "matrix")
            and (at.form.layout != "quota" or at.form.rows.from_units)
        ),
        later("It fills cells for each unit; in a quota table, under `rows: {from_units: true}`."),
    ),
    "width": Effect(
        lambda at: at.listed or at.inner,
        later("Widths belong to columns; in a form of pairs, use `span: full` or `span: half`."),
    ),
    "group": Effect(
        lambda at: at.listed and not at.inner,
        later("Upper heads belong to columns: write `layout: grouped`, or remove it."),
    ),
    "lines": Effect(
        lambda at: at.form.layout in ("table", "grouped", "pairs") and not at.inner and at.field.type != "table",
        later("Rows of lists and of pairs can be made higher; the rows of an inner table are counted by its `rows`."),
    ),
    "span": Effect(
        lambda at: at.form.layout == "pairs" and not at.inner and at.meaning.value != "none", _IN_PAIRS
    ),
    "fields": Effect(lambda at: at.field.type == "table", later("Columns of its own has a field of type table.")),
    "rows": Effect(lambda at: at.field.type == "table", later("Rows of its own has a field of type table.")),
    "seal": Effect(lambda at: at.form.layout == "pairs" and not at.inner and at.meaning.value != "none", _IN_PAIRS),
    "at": Effect(lambda at: at.form.file is not None, later("A place in a form belongs to a form with a `file`.")),
    "aliases": Effect(lambda at: bool(at.field.categories), later("Other ways of writing belong to `categories`.")),
    "relevant": _ALWAYS,
    "calculation": _ALWAYS,
}  # fmt: skip
"""Every key of a field. What is not built is refused by the loader."""

_TEXT_LENGTH = later("A length belongs to texts that units write; figures and dates have `minimum` and `maximum`.")
_BOUNDED = Effect(
    # Of a type without order, check tells that it has no bounds.
    lambda at: at.meaning.read is None or (at.typed and at.meaning.formula is not None),
    later("Bounds belong to figures and dates that units write; a duration has them with `unit: 分钟`, 秒 or 小时."),
)
_LEAST_LENGTH = Effect(lambda at: at.asked and has_length(at.field), _TEXT_LENGTH)
_LENGTH = Effect(lambda at: has_length(at.field), _TEXT_LENGTH)
CONSTRAINT_KEYS: Mapping[str, Effect] = {
    "required": Effect(lambda at: at.asked, _TO_BE_FILLED),
    "minimum": _BOUNDED,
    "maximum": _BOUNDED,
    "min_length": _LEAST_LENGTH,
    "max_length": _LENGTH,
    "pattern": _ALWAYS,
}


@dataclass(frozen=True, slots=True)
class RowsEffect:
    """Where a key of `rows` takes effect, and what to do where it does not."""

    takes: Callable[[Form], bool]
    hint: str


ROWS_KEYS: Mapping[str, RowsEffect] = {
    "reserve": RowsEffect(
        lambda form: form.layout in ("table", "grouped"),
        later("Blank rows belong to `layout: table` and `layout: grouped`."),
    ),
    "total": RowsEffect(
        lambda form: (
            form.layout != "pairs"
            and any(map(is_summed, form.fields))
            and not (form.layout == "matrix" and any(row.total for row in form.rows.fixed))
        ),
        later("A row of totals needs a column of figures with `total: sum`; a matrix may have rows of its own for it."),
    ),
    "fixed": RowsEffect(lambda form: form.layout == "matrix", later("Fixed rows belong to `layout: matrix`.")),
    "given": RowsEffect(lambda form: form.layout == "quota", later("Given rows belong to `layout: quota`.")),
    "from_units": RowsEffect(lambda form: form.layout == "quota", later("Rows of units belong to `layout: quota`.")),
}


def without_effect(form: Form, units: Sequence[Unit]) -> Iterator[tuple[Path_, str]]:
    """The path, within the form, of each key that takes no effect there, with a hint to be translated."""
    if form.file:
        # What its fields say is for those who read it back.
        return
    known = Quota(form, units).known if form.layout == "quota" else set()
    for index, field in enumerate(form.fields):
        yield from _of_field(("fields", index), At(form, field, inner=False, open=field.name not in known))
        for number, inner in enumerate(field.fields):
            yield from _of_field(("fields", index, "fields", number), At(form, inner, inner=True, open=True))
    for key in written(form.rows):
        if not ROWS_KEYS[key].takes(form):
            yield ("rows", key), ROWS_KEYS[key].hint


def _of_field(path: Path_, at: At) -> Iterator[tuple[Path_, str]]:
    for key in written(at.field):
        if not FIELD_KEYS[key].takes(at):
            yield (*path, key), FIELD_KEYS[key].hint
    for key in written(at.field.constraints):
        if not CONSTRAINT_KEYS[key].takes(at):
            alias = type(at.field.constraints).model_fields[key].alias
            yield (*path, "constraints", alias or key), CONSTRAINT_KEYS[key].hint


def written(model: BaseModel) -> Iterator[str]:
    """The keys that a spec writes and that ask for something: null, false and an empty list ask for nothing."""
    for key in type(model).model_fields:
        value = getattr(model, key)
        if key in model.model_fields_set and value is not None and value is not False and value != []:
            yield key
