"""What `{{ … }}` in a body may name, and the words that take its place."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from difflib import get_close_matches

from generator import wording
from generator.base.i18n import _, listed
from generator.dispatch.dispatch import Dispatch
from generator.dispatch.spec import Deadline, Event, Evidence, Form, Source, Spec, Unit

UnitValue = Callable[[str], str]
"""The text for a reference to the unit, given as it is written: `unit.name`, `unit.名额`."""

Vocabulary = Mapping[str, list[str]]
"""The words for each reference, by its dotted name; several lines where it may be a paragraph of its own each."""

_UNIT_TERMS = {
    field.alias or name: field.description or name for name, field in Unit.model_fields.items() if name != "columns"
}


def vocabulary(dispatch: Dispatch, unit_class: str | None = None, unit_value: UnitValue | None = None) -> Vocabulary:
    """Every reference that the dispatch allows; `unit.x` with `address: unit` only, ［单位全称］ if no `unit_value`."""
    spec = dispatch.spec
    value = unit_value if spec.address == "unit" else None
    words = dict(_named(spec, unit_class, value))
    if spec.contacts:
        words["contacts"] = wording.contact_lines(spec.contacts)
    if spec.address == "unit":
        for field, term in unit_fields(dispatch).items():
            reference = f"unit.{field}"
            words[reference] = [unit_value(reference) if unit_value else f"［{term}］"]
    return words


def unit_fields(dispatch: Dispatch) -> dict[str, str]:
    """The fields of a unit that may be named, with their terms: the roster's known columns and its further ones."""
    return _UNIT_TERMS | {column: column for column in dispatch.columns}


def suggestion(name: str, known: list[str]) -> str:
    """A hint that offers the known name most like `name`, else all there are."""
    if close := get_close_matches(name, known, n=1):
        return _('Did you mean "{name}"?').format(name=close[0])
    return _("There are: {names}.").format(names=listed(known)) if known else ""


def _named(spec: Spec, unit_class: str | None, value: UnitValue | None) -> Iterator[tuple[str, list[str]]]:
    def drawn(column: str) -> str:
        return value(f"unit.{column}") if value else ""

    facts: dict[str, Mapping[str, str | None]] = {}
    for name, deadline in spec.deadlines.items():
        facts[f"deadlines.{name}"] = _deadline(spec, deadline)
    for name, form in spec.forms.items():
        facts[f"forms.{name}"] = _form(spec, name, form, unit_class)
    for name, evidence in spec.evidence.items():
        counted = wording.count_words(spec, evidence, unit_class, drawn)
        whole = wording.evidence_words(spec, evidence, unit_class, drawn)
        due = wording.due_words(spec, evidence, unit_class)
        facts[f"evidence.{name}"] = _evidence(evidence, whole, counted, due)
    for name, source in spec.sources.items():
        facts[f"sources.{name}"] = _source(wording.cite_in(spec, name), source)
    if spec.event:
        facts["event"] = _event(spec, spec.event)
    for path, parts in facts.items():
        for part, words in parts.items():
            if words:
                yield (f"{path}.{part}" if part else path), [words]


def _deadline(spec: Spec, deadline: Deadline) -> Mapping[str, str | None]:
    return {
        "": wording.deadline_words(spec, deadline),
        "what": deadline.what,
        "who": "、".join(wording.each_of(spec, name) for name in deadline.who),
        "to": deadline.to,
        "channel": "、".join(deadline.channel),
        "late": deadline.late,
    }


def _form(spec: Spec, name: str, form: Form, unit_class: str | None) -> Mapping[str, str | None]:
    mention = "另行下发" if form.issued_later else wording.attachment_mention(spec, name)
    return {
        "": wording.quote(form.title) + (f"（{mention}）" if mention else ""),
        "title": form.title,
        "copies": f"一式{form.copies}份" if form.copies else "",
        "due": wording.due_words(spec, form, unit_class),
        "channel": "、".join(form.channel),
    }


def _evidence(evidence: Evidence, whole: str, counted: str, due: str) -> Mapping[str, str | None]:
    return {
        "": whole,
        "title": evidence.title,
        "count": counted,
        "parts": "、".join(evidence.parts),
        "limits": "，".join(wording.limits(evidence)),
        "condition": evidence.condition,
        "due": due,
        "channel": "、".join(evidence.channel),
        "naming": evidence.naming,
        "note": evidence.note,
    }


def _source(cited: str, source: Source) -> Mapping[str, str | None]:
    number = source.document_number
    return {
        "": cited,
        "title": source.title,
        "issuing_authorities": "、".join(source.issuing_authorities),
        "document_number": wording.document_number(number) if number else "",
        "url": source.url,
    }


def _event(spec: Spec, event: Event) -> Mapping[str, str | None]:
    # Here the year goes by the date of issue alone: the event cannot lend its year to itself.
    year = spec.date_of_issue.year if spec.date_of_issue else None
    return {
        "": wording.event_words(event, year),
        "name": event.name,
        "dates": wording.event_dates(event, year),
        "start": wording.date_range(event.start, event.start, year) if event.start else "",
        "end": wording.date_range(event.end, event.end, year) if event.end else "",
        "theme": event.theme,
        "adjustable": event.adjustable,
    }
