"""Every rule applied to one document."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from generator.base.i18n import _
from generator.base.problems import Problems, Where, error, sort_key
from generator.lint import attachments, closing, faces, head, page, punctuation, rendered, text
from generator.lint.rules import RULES, Finding, Hit, finding
from generator.reading.document import Document, read_document
from generator.reading.roles import recognise

THEMES = (page, faces, head, text, punctuation, attachments, closing, rendered)


def lint(data: bytes, name: str, codes: Collection[str] | None = None, pdf: bytes | None = None) -> list[Finding]:
    """What is wrong in a .docx, by paragraph; a message that holds for many paragraphs stands once.

    `codes` are the rules to apply, all without it. `pdf` is the document as printed: without it the rules that only
    rendered pages can show find nothing, and findings name no page. Raises Problems when it cannot be read.
    """
    document = recognised(data, name)
    if pdf is not None:
        document.pages = rendered.page_lines(pdf)
        rendered.place(document)
    found = [
        one
        for code, rule in RULES.items()
        if codes is None or code in codes
        for one in _gathered(document, code, rule.check(document))
    ]
    return sorted(found, key=sort_key)


def recognised(data: bytes, name: str) -> Document:
    """The document, its elements recognised. Raises Problems."""
    document = read_document(data, name)
    recognise(document)
    return document


def _gathered(document: Document, code: str, hits: Iterable[Hit]) -> list[Finding]:
    by_message: dict[str, list[Hit]] = {}
    for hit in hits:
        by_message.setdefault(hit.message, []).append(hit)
    return [finding(document, code, same[0], len(same) - 1) for same in by_message.values()]


def selected(select: Collection[str], ignore: Collection[str]) -> frozenset[str]:
    """The codes to apply: those selected, else all, without those ignored. Raises Problems for an unknown code."""
    unknown = sorted({*select, *ignore} - RULES.keys())
    if unknown:
        hint = _("docs/lint.md lists the codes.")
        raise Problems(
            error("unknown-code", Where(code), _("there is no rule {code}").format(code=code), hint) for code in unknown
        )
    return frozenset(select or RULES) - frozenset(ignore)
