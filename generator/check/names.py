"""Names that refer to nothing, and things that nothing refers to."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from generator.base.i18n import _
from generator.base.problems import Problem
from generator.check.codes import nearest, report
from generator.dispatch.dispatch import Dispatch, Path_
from generator.dispatch.spec import EVERY_CLASS, Evidence, Form, Spec
from generator.wording import body

_PLACEHOLDER = re.compile(r"\{(\w*)\}")


@dataclass(frozen=True, slots=True)
class Use:
    """A place that refers to `name`, which should be defined under `section`."""

    section: str
    name: str
    path: Path_


def _dated_items(spec: Spec) -> Iterator[tuple[Path_, Form | Evidence]]:
    """Forms, then evidence, each with its path."""
    yield from ((("forms", key), form) for key, form in spec.forms.items())
    yield from ((("evidence", key), evidence) for key, evidence in spec.evidence.items())


def _deadline_uses(spec: Spec) -> Iterator[Use]:
    for path, item in _dated_items(spec):
        if isinstance(item.due, dict):
            yield from (Use("deadlines", name, (*path, "due", who)) for who, name in item.due.items())
        elif item.due:
            yield Use("deadlines", item.due, (*path, "due"))
    for key, source in spec.sources.items():
        for name in source.deadlines:
            yield Use("deadlines", name, ("sources", key, "deadlines", name))


def class_uses(spec: Spec) -> Iterator[Use]:
    """Every place that gives a class something to do, then those that address it."""
    for section in ("deadlines", "forms", "evidence"):
        for key, item in getattr(spec, section).items():
            for index, name in enumerate(item.who):
                yield Use("classes", name, (section, key, "who", index))
    for path, item in _dated_items(spec):
        counted = isinstance(item, Evidence) and item.count
        for key, by_class in (("count", counted), ("due", item.due)):
            names = by_class if isinstance(by_class, dict) else ()
            yield from (Use("classes", name, (*path, key, name)) for name in names if name != EVERY_CLASS)
    for index, group in enumerate(spec.recipients):
        for position, name in enumerate(group.classes):
            yield Use("classes", name, ("recipients", index, "classes", position))


def _other_uses(spec: Spec) -> Iterator[Use]:
    for index, attachment in enumerate(spec.attachments or []):
        if attachment.form:
            yield Use("forms", attachment.form, ("attachments", index))
    for name in spec.stated_total:
        yield Use("evidence", name, ("stated_total", name))


def unknown_names(dispatch: Dispatch) -> Iterator[Problem]:
    """Deadlines, forms, evidence and classes that the spec refers to and does not define."""
    spec = dispatch.spec
    for use in (*_deadline_uses(spec), *class_uses(spec), *_other_uses(spec)):
        known: Collection[str] = getattr(spec, use.section)
        if use.name not in known:
            message = _('"{name}" is not defined under {section}').format(name=use.name, section=use.section)
            hint = nearest(use.name, known) or _("Define it under {section}.").format(section=use.section)
            yield report("unknown-name", dispatch.where(*use.path), message, hint)


def undated_classes(dispatch: Dispatch) -> Iterator[Problem]:
    """Where deadlines differ by class, each class that hands the item in has one."""
    for path, item in _dated_items(dispatch.spec):
        for index, name in enumerate(item.who):
            if isinstance(item.due, dict) and name not in item.due and EVERY_CLASS not in item.due:
                message = _('no deadline is given for class "{name}"').format(name=name)
                hint = _("Name one under `due`, or one for every other class under `due: {{all: …}}`.").format()
                yield report("class-without-deadline", dispatch.where(*path, "who", index), message, hint)


def unused_names(dispatch: Dispatch) -> Iterator[Problem]:
    """Deadlines, forms and evidence that nothing mentions; an issued file says what it mentions itself."""
    spec = dispatch.spec
    if spec.issued_file:
        return
    used = body.references(dispatch)
    used |= {("deadlines", use.name) for use in _deadline_uses(spec) if use.path[0] != "sources"}
    for attachment in spec.attachments or []:
        used |= {("forms", attachment.form or "")}
        used |= {("evidence", name) for name in spec.evidence if attachment.checklist}
    defined: Mapping[str, Collection[str]] = {
        "deadlines": spec.deadlines,
        "forms": spec.forms,
        "evidence": spec.evidence,
    }
    for section, names in defined.items():
        for name in names:
            if (section, name) not in used:
                message = _('"{name}" is defined under {section} and never mentioned').format(
                    name=name, section=section
                )
                reference = f"{{{{ {section}.{name} }}}}"
                hint = _("Write {reference} in the body where it belongs, or remove it.").format(reference=reference)
                yield report("unused-name", dispatch.where(section, name), message, hint)


def placeholders(dispatch: Dispatch) -> Iterator[Problem]:
    """{…} in a file's or a mail's name that is not among those which can be filled."""
    spec = dispatch.spec
    patterns: list[tuple[Path_, str | None, tuple[str, ...]]] = [
        (("evidence", key, "naming"), evidence.naming, ("unit", "title", "n"))
        for key, evidence in spec.evidence.items()
    ]
    patterns.append((("mail_subject",), spec.mail_subject, ("unit", "title")))
    for path, pattern, known in patterns:
        for name in _PLACEHOLDER.findall(pattern or ""):
            if name not in known:
                message = _("the placeholder {placeholder} means nothing here").format(placeholder=f"{{{name}}}")
                hint = _("There are: {names}.").format(names=" ".join(f"{{{each}}}" for each in known))
                yield report("unknown-placeholder", dispatch.where(*path), message, hint)


RULES = (unknown_names, undated_classes, unused_names, placeholders)
