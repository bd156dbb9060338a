"""The fields of a form as they are printed above their cells and named when they are read back."""

from __future__ import annotations

from collections.abc import Iterator

from generator.dispatch.spec import Form, FormField


def head_text(form: Form, field: FormField) -> str:
    """A column's head: the title with its unit, unless the whole form has that unit or the title says it already."""
    unit = field.unit
    if not unit or unit == form.unit_of_measure or field.title.endswith((f"（{unit}）", f"({unit})")):
        return field.title
    return f"{field.title}（{unit}）"


def leaf_fields(form: Form) -> Iterator[tuple[str, FormField]]:
    """Every field that is filled in, with the key it is read back by (`family.name` inside an inner table)."""
    for field in form.fields:
        if field.type == "table":
            yield from ((f"{field.name}.{inner.name}", inner) for inner in field.fields)
        else:
            yield field.name, field
