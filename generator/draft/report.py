"""Facts as the JSON that `fawen draft --json` prints: the values, and beside each its place and how sure it is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from generator.draft.facts import Facts
from generator.reading.arrived.shape import Arrived
from generator.wording.understand.contacts import Contact
from generator.wording.understand.deadlines import Deadline
from generator.wording.understand.sources import Source
from generator.wording.understand.traced import Confidence, Found, Span


def as_json(facts: Facts, arrived: Arrived) -> dict[str, Any]:
    """The facts by name; `findings` holds the place, the rule and the confidence of every value."""
    evidence = _Evidence(facts, arrived)
    return {
        "title": _value(facts.title),
        "document_number": _value(facts.document_number),
        "date_of_issue": _value(facts.date_of_issue),
        "issuing_authorities": [found.value for found in facts.issuing_authorities],
        "recipients": [found.value for found in facts.recipients],
        "sources": [evidence.source(one) for one in facts.sources],
        "based_on": [evidence.source(one) for one in facts.grounds],
        "deadlines": [
            *evidence.deadlines(facts.deadlines, "own"),
            *evidence.deadlines(facts.source_deadlines, "source"),
        ],
        "forms": [form.name for form in facts.forms],
        "attachments": [one.name for one in facts.attachments],
        "contacts": [*evidence.contacts(facts.contacts, "own"), *evidence.contacts(facts.source_contacts, "source")],
        "carbon_copy": [found.value for found in facts.carbon_copy],
        "annotations": [found.value for found in facts.annotations],
        "findings": list(evidence.findings()),
    }


def _value(found: Found | None) -> str | None:
    return found.value if found else None


class _Evidence:
    """Places and sentences of one notice."""

    def __init__(self, facts: Facts, arrived: Arrived) -> None:
        self.facts, self.arrived = facts, arrived

    def of(self, span: Span, rule: str, confidence: Confidence) -> dict[str, Any]:
        if self.arrived.drawn and confidence == "certain":
            confidence = "likely"
        return {"span": list(span), "page": self.arrived.page(span[0]), "confidence": confidence, "rule": rule}

    def source(self, source: Source) -> dict[str, Any]:
        said = {
            "title": source.title,
            "document_number": source.number or None,
            "issuing_authorities": list(source.issuers),
        }
        return {**said, **self.of(source.span, source.rule, source.confidence)}

    def deadlines(self, found: tuple[Deadline, ...], layer: str) -> Iterator[dict[str, Any]]:
        for one in found:
            local = one.paragraph in self.facts.parts.local
            said = {"due": one.due or None, "written": one.written, "layer": "local" if local else layer}
            yield {**said, **self.of(one.span, one.rule, one.confidence)}

    def contacts(self, found: tuple[Contact, ...], layer: str) -> Iterator[dict[str, Any]]:
        for one in found:
            said = {
                "name": "、".join(one.names) or None,
                "phone": one.phone or None,
                "fax": one.fax or None,
                "email": one.email or None,
            }
            yield {
                **said,
                "address": one.address or None,
                "layer": layer,
                **self.of(one.span, one.rule, one.confidence),
            }

    def findings(self) -> Iterator[dict[str, Any]]:
        single = {
            "title": self.facts.title,
            "document_number": self.facts.document_number,
            "date_of_issue": self.facts.date_of_issue,
        }
        for field, value in single.items():
            if value:
                yield self._finding(field, value)
        for field in ("issuing_authorities", "recipients", "carbon_copy", "annotations"):
            yield from (self._finding(field, value) for value in getattr(self.facts, field))
        for form in self.facts.forms:
            yield {"field": "forms", "value": form.name, **self.of(form.span, form.rule, form.confidence)}

    def _finding(self, field: str, found: Found) -> dict[str, Any]:
        return {"field": field, "value": found.value, **self.of(found.span, found.rule, found.confidence)}
