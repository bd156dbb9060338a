"""A whole form laid out: its layout between what stands above and what stands below it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Literal

from generator.dispatch.spec import Form, FormField, Legal, Spec, Unit
from generator.forms.builder import Builder, Layout
from generator.forms.entries import placed
from generator.forms.grid import Cell, Entry, Grid
from generator.forms.identity import identity_line
from generator.forms.matrix import Matrix
from generator.forms.measure import text_width
from generator.forms.pairs import Pairs
from generator.forms.prefill import Prefill
from generator.forms.tables import Quota, Table
from generator.forms.types import meaning, takes_choices

_LAYOUTS: Mapping[str, type[Layout]] = {
    "table": Table,
    "grouped": Table,
    "pairs": Pairs,
    "matrix": Matrix,
    "quota": Quota,
}


def form_grid(
    spec: Spec,
    form_name: str,
    *,
    units: Sequence[Unit] = (),
    prefill: Prefill | None = None,
    label: str = "",
    bound: bool = False,
) -> Grid:
    """The grid of a form.

    `prefill` says what the shape of units has (`prefill_of`), None is the master that belongs to no unit; `units` is
    the roster, of which a quota form with `from_units` gives one row each; `label` is the form's 附件N. `bound`: the
    form is a page of a notice, to be read: it has no unit's code, and no identity where there is nothing to fill in.
    """
    form = spec.forms[form_name]
    layout = _LAYOUTS[form.layout](form, units)
    builder = Builder(form, layout, prefill)
    _above(builder, form, label)
    layout.draw(builder)
    _below(builder, form, form_name, bound=bound)
    return Grid(
        form_name, form, tuple(builder.widths), tuple(builder.rows), tuple(builder.cells),
        builder.line, builder.signoff, builder.landscape, builder.points, builder.least_row,
    )  # fmt: skip


def _above(builder: Builder, form: Form, label: str) -> None:
    if label:
        builder.whole("label", label)
    builder.whole("title", form.title)
    if form.legal:
        _right_block(builder, legal_lines(form.legal))
    _entry_rows(builder, builder.line, "line")


def legal_lines(legal: Legal) -> list[str]:
    """What makes a survey lawful, in the order of the national returns."""
    return [
        f"表　　号：{legal.number}",
        f"制定机关：{legal.drafted_by}",
        f"批准文号：{legal.approval}",
        f"有效期至：{legal.valid_until}",
    ]


def _right_block(builder: Builder, lines: list[str]) -> None:
    """The legal block: left-aligned in the narrowest run of columns at the right that holds it."""
    need, first = (max(text_width(text) for text in lines) + 1) * 10.5, builder.count - 1
    while first > 0 and builder.span(first, builder.count) < need:
        first -= 1
    for text in lines:
        index = builder.row("legal", 16)
        builder.add(Cell(index, first, text, "legal", columns=builder.count - first, align="left"))


def _below(builder: Builder, form: Form, form_name: str, *, bound: bool) -> None:
    _entry_rows(builder, builder.signoff, "signoff")
    for text in note_lines(form):
        builder.whole("note", text)
    if not bound:
        builder.whole("identity", identity_line(form_name, form, builder.unit_code))
    elif any(not cell.locked for cell in builder.cells):
        builder.whole("identity", identity_line(form_name, form, None))


def note_lines(form: Form) -> list[str]:
    """说明 below the form: the form's own, what its fields say of themselves, and how many paper copies there are."""
    lines = list(form.notes)
    for field in _all_fields(form.fields):
        said = [text for text in (field.description, _choices(field)) if text]
        if said:
            lines.append(f"“{field.title}”栏：" + "；".join(text.rstrip("。；") for text in said) + "。")
    if form.copies:
        lines.append(f"本表一式{form.copies}份。")
    if form.example_design:
        lines.append("本表栏目为示例设计，以正式印发的表式为准。")
    if len(lines) == 1:
        return [f"说明：{lines[0]}"]
    return [f"{'说明：' if number == 1 else '　　　'}{number}.{text}" for number, text in enumerate(lines, 1)]


def _all_fields(fields: Sequence[FormField]) -> Iterator[FormField]:
    """Every field, an inner table before its columns."""
    for field in fields:
        yield field
        yield from _all_fields(field.fields)


def _choices(field: FormField) -> str:
    if not field.categories or not takes_choices(field):
        return ""
    said = "可多选，用顿号隔开：" if meaning(field).value == "choices" else "从下列选项中选填："
    return said + "、".join(field.categories)


def _entry_rows(builder: Builder, entries: tuple[Entry, ...], band: Literal["line", "signoff"]) -> None:
    """The rows of the entries of a band."""
    for cells, edges in placed(entries, builder.widths):
        index = builder.row(band, 24)
        for (entry, text, locked, _), (first, end) in zip(cells, pairwise(edges), strict=True):
            key = entry.key if not locked or entry.text else ""
            builder.add(Cell(index, first, text, band, columns=end - first, align=entry.align, locked=locked, key=key))
