"""Official Chinese: titles, openings, dates, deadlines, quantities, recipients, numbering."""

from generator.base.numerals import numeral, ordinal
from generator.wording.attachments import (
    CHECKLIST_TITLE,
    attachment_entries,
    attachment_label,
    attachment_mention,
    attachment_note,
    attachment_titles,
)
from generator.wording.contacts import contact_lines
from generator.wording.dates import (
    clock,
    date_range,
    day,
    event_dates,
    event_words,
    full_date,
    known_year,
    weekday_word,
)
from generator.wording.deadlines import deadline_words, due_date, due_words
from generator.wording.doc_numbers import document_number
from generator.wording.evidence import bracketed, count_words, evidence_words, limits, several
from generator.wording.quantities import each_of, quantity, quantity_by_class
from generator.wording.recipients import carbon_copy, printed_on, recipient_groups, recipients
from generator.wording.titles import (
    STATUS_MARKS,
    cite,
    cite_in,
    forwarded,
    issuers,
    joint_issuers,
    opening,
    quote,
    source_type,
    title,
)

__all__ = [
    "CHECKLIST_TITLE",
    "STATUS_MARKS",
    "attachment_entries",
    "attachment_label",
    "attachment_mention",
    "attachment_note",
    "attachment_titles",
    "bracketed",
    "carbon_copy",
    "cite",
    "cite_in",
    "clock",
    "contact_lines",
    "count_words",
    "date_range",
    "day",
    "deadline_words",
    "document_number",
    "due_date",
    "due_words",
    "each_of",
    "event_dates",
    "event_words",
    "evidence_words",
    "forwarded",
    "full_date",
    "issuers",
    "joint_issuers",
    "known_year",
    "limits",
    "numeral",
    "opening",
    "ordinal",
    "printed_on",
    "quantity",
    "quantity_by_class",
    "quote",
    "recipient_groups",
    "recipients",
    "several",
    "source_type",
    "title",
    "weekday_word",
]
