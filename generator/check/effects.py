"""Keys that say nothing beside what else is written: one limit beside another, a file beside a form, an empty list."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import BaseModel

from generator.base.i18n import _
from generator.base.problems import Problem
from generator.check.codes import no_effect
from generator.dispatch.dispatch import Dispatch, Path_


def limits(dispatch: Dispatch) -> Iterator[Problem]:
    """左右 stands alone: a minimum or a maximum beside it is not printed."""
    for name, evidence in dispatch.spec.evidence.items():
        for key in ("words", "pages", "duration"):
            limit = getattr(evidence, key)
            if limit is not None and limit.about is not None:
                for other in ("min", "max"):
                    if getattr(limit, other) is not None:
                        hint = _("Write either `about`, or `min` and `max`.")
                        yield no_effect(dispatch, ("evidence", name, key, other), hint)
        if evidence.unit_of_measure and not evidence.count:
            hint = _("A measure word belongs to a quantity: write `count`, or remove it.")
            yield no_effect(dispatch, ("evidence", name, "unit_of_measure"), hint)


def attachment_files(dispatch: Dispatch) -> Iterator[Problem]:
    """A form and the checklist are files of their own: another file beside them is sent to nobody."""
    for index, attachment in enumerate(dispatch.spec.attachments or []):
        if attachment.file and not attachment.title:
            hint = _("Give the file an entry of its own, with a `title`.")
            yield no_effect(dispatch, ("attachments", index, "file"), hint)


def empty_lists(dispatch: Dispatch) -> Iterator[Problem]:
    """An empty list asks for nothing: `who: []` names everybody, as if it were not there."""
    yield from _empty(dispatch, dispatch.spec, ())


def _empty(dispatch: Dispatch, model: BaseModel, path: Path_) -> Iterator[Problem]:
    for key, about in type(model).model_fields.items():
        value, place = getattr(model, key), (*path, about.alias or key)
        if value == [] and about.default == [] and key in model.model_fields_set:
            yield no_effect(dispatch, place, _("An empty list is as none: name what is meant, or remove the key."))
        yield from _inside(dispatch, value, place)


def _inside(dispatch: Dispatch, value: object, path: Path_) -> Iterator[Problem]:
    if isinstance(value, BaseModel):
        yield from _empty(dispatch, value, path)
    elif isinstance(value, (list, dict)):
        for name, item in value.items() if isinstance(value, dict) else enumerate(value):
            yield from _inside(dispatch, item, (*path, name))


RULES = (limits, attachment_files, empty_lists)
