"""What is wrong, or worth knowing, in what came back: codes, severities, and their words in the reader's language."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache

from generator.base.i18n import _ as in_own_language
from generator.base.problems import Problem, Severity, Where

Translate = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Finding:
    """One cause in one returned file: `cells` are A1 names on `sheet`; `field` is what the form calls the value.

    `value` is what stands there, `expected` what should, both as the sender reads them.
    """

    code: str
    sheet: str = ""
    cells: tuple[str, ...] = ()
    field: str = ""
    value: str = ""
    expected: str = ""

    @property
    def severity(self) -> Severity:
        return SEVERITIES[self.code]

    @property
    def place(self) -> str:
        """Where to look: 表一!B5、B7."""
        cells = "、".join(self.cells[:SHOWN]) + ("…" if len(self.cells) > SHOWN else "")
        return "!".join(part for part in (self.sheet, cells) if part)

    def message(self, translate: Translate = in_own_language) -> str:
        return _phrases(translate)[self.code][0].format(
            field=self.field, value=self.value, expected=self.expected, number=len(self.cells)
        )

    def remedy(self, translate: Translate = in_own_language) -> str:
        return _phrases(translate)[self.code][1].format(field=self.field, value=self.value, expected=self.expected)

    def as_problem(self, file: str) -> Problem:
        """The finding as every command reports: its place is the file, its sheet and cells."""
        place = f"{file}[{self.place}]" if self.place else file
        return Problem(self.code, self.severity, Where(place), self.message(), self.remedy())


SHOWN = 8
"""Cells of one finding that are named; a wrong column has one cause, not one for each row."""

_ERRORS = (
    "file-unreadable", "file-protected", "file-archive", "form-unknown", "form-old", "unit-unknown", "unit-unsure",
    "unit-mismatch", "unit-not-asked", "field-missing", "row-missing", "rows-too-few", "rows-too-many",
    "data-outside", "given-changed", "cell-required", "cell-type", "cell-rough", "cell-choice", "cell-range",
    "cell-length", "cell-format", "cell-error", "cell-precision", "cell-unclear", "cell-ditto", "cell-outside-link",
    "row-doubled", "rule-broken", "total-mismatch", "control-mismatch", "evidence-missing", "evidence-too-few",
    "evidence-too-many", "evidence-type", "evidence-size", "evidence-duration", "evidence-resolution",
)  # fmt: skip
_WARNINGS = (
    "file-empty", "file-left-out", "return-late", "carriers-disagree", "column-unknown", "row-unknown",
    "cells-unread", "cell-formula", "rows-hidden", "signoff-blank", "rule-unusual", "change-unusual",
    "answer-in-comment", "evidence-unchecked", "evidence-naming", "evidence-copy", "form-in-notice",
    "control-missing",
)  # fmt: skip
_INFOS = (
    "return-again", "return-same", "found-by-heads", "normalised", "merged-filled", "rows-skipped", "form-changed",
    "zero-report", "scan-kept", "evidence-for-person", "sheet-unused",
)  # fmt: skip
SEVERITIES: Mapping[str, Severity] = {
    **dict.fromkeys(_ERRORS, "error"),
    **dict.fromkeys(_WARNINGS, "warning"),
    **dict.fromkeys(_INFOS, "info"),
}
"""Every code: an error keeps a return out of the merged tables until a new one comes, a warning asks for a reason."""


@cache
def _phrases(_: Translate) -> Mapping[str, tuple[str, str]]:
    """Of each code, what is wrong and what to do."""
    return {**_file_phrases(_), **_form_phrases(_), **_cell_phrases(_), **_evidence_phrases(_)}


def _file_phrases(_: Translate) -> Mapping[str, tuple[str, str]]:
    save = _("Open it in Excel, Word or WPS, save it anew as .xlsx or .docx, and send that.")
    return {
        "file-unreadable": (_("the file cannot be read: {value}"), save),
        "file-protected": (
            _("the file is protected by a password, or is of an old kind that cannot be read: {value}"),
            _("Remove the password and send it again."),
        ),
        "file-archive": (
            _("the archive cannot be unpacked: {value}"),
            _("Send the files themselves, or pack them anew as .zip."),
        ),
        "file-empty": (_("the file is empty"), _("Send it again.")),
        "file-left-out": (_("the file was not looked at: {value}"), _("Look at it yourself.")),
        "form-unknown": (
            _("this is none of the forms that were sent out, and no material that was asked for"),
            _("Fill in the form that came with the notice, and do not copy its table into another file."),
        ),
        "form-old": (
            _("this is another edition of the form ({value}); the present one is {expected}"),
            _("Fill in the form that came with this notice."),
        ),
        "form-changed": (_("the form has been changed in the dispatch since this copy was made"), ""),
        "form-in-notice": (
            _("the form was filled in inside the whole notice, not in its own file"),
            _("Next time, send the form's own file."),
        ),
        "unit-unknown": (
            _("it cannot be told which unit this is from (“{value}”)"),
            _("Write the unit's code for it in the aliases file, and collect again."),
        ),
        "unit-unsure": (
            _("“{value}” may be {expected}; nobody has confirmed it yet"),
            _("Confirm it in the aliases file, and collect again."),
        ),
        "unit-mismatch": (
            _("the form was made for {expected}, and the file says it is from {value}"),
            _("Each unit fills in its own copy; if this one is right, confirm it in the aliases file."),
        ),
        "unit-not-asked": (_("{value} does not have to hand in this form"), _("Send it no further.")),
        "carriers-disagree": (
            _("the file says in different places that it is from: {value}"),
            _("Make sure that it is from {expected}."),
        ),
        "found-by-heads": (_("the form has lost its marks, and was recognised by its heads"), ""),
        "return-late": (_("it came on {value}, after the deadline {expected}"), _("Tell why it is late.")),
        "return-again": (_("it replaces an earlier return; changed: {value}"), ""),
        "return-same": (_("the same file came before"), ""),
        "zero-report": (_("a report of nothing to report"), ""),
        "scan-kept": (_("a scan or a photo; its figures are not read"), ""),
        "sheet-unused": (_("the sheet is not part of the form, and was not read"), ""),
    }


def _form_phrases(_: Translate) -> Mapping[str, tuple[str, str]]:
    fresh = _("Fill in a fresh copy of the form; do not delete its rows, columns or heads.")
    return {
        "field-missing": (_("the column or box “{field}” is missing"), fresh),
        "row-missing": (_("the row “{field}” is missing"), fresh),
        "row-unknown": (_("the row “{value}” is not part of the form, and was not read"), fresh),
        "column-unknown": (
            _("the column “{value}” is not part of the form, and was not read"),
            _("Put what belongs to the form into its own columns."),
        ),
        "rows-too-few": (_("there are {value} rows; at least {expected} are asked for"), _("Add what is missing.")),
        "rows-too-many": (_("there are {value} rows; at most {expected} are allowed"), _("Keep to the number.")),
        "data-outside": (
            _("filled cells lie outside the table, below its total or sign-off, and were not read"),
            _("Move them into the table, above the row of totals."),
        ),
        "cells-unread": (
            _("{number} filled cells belong to no part of the form, and were not read: {value}"),
            _("Move what belongs to the form into its cells; delete the rest."),
        ),
        "given-changed": (
            _("a given value was changed: “{field}” is {value}"),
            _("Restore what was given: {expected}."),
        ),
        "rows-hidden": (_("rows or columns are hidden or filtered away; they were read all the same"), _("Show all.")),
        "rows-skipped": (_("blank rows, repeated heads or subtotals inside the table were passed over"), ""),
        "merged-filled": (_("merged cells in “{field}”: their value was taken for each of the rows"), ""),
        "signoff-blank": (_("“{field}” is blank"), _("Fill it in.")),
        "row-doubled": (_("the same “{field}” stands in several rows: {value}"), _("Keep one of the rows.")),
        "rule-broken": (_("the rule does not hold: {expected}"), _("Correct the figures: {value}.")),
        "rule-unusual": (_("unusual: {expected}"), _("Correct the figures ({value}), or give the reason.")),
        "change-unusual": (
            _("“{field}” is {value}; last time it was {expected}"),
            _("Check the figure, and give the reason for the change."),
        ),
        "total-mismatch": (
            _("the total of “{field}” is {value}; the rows add up to {expected}"),
            _("Correct the rows or the total."),
        ),
        "answer-in-comment": (_("a comment stands at a cell: {value}"), _("Write what belongs to the form into it.")),
        "control-mismatch": (
            _("the control number on paper is {value}; that of the electronic form is {expected}"),
            _("Print the very form that is sent, have it sealed, and send both again."),
        ),
        "control-missing": (
            _("the scan shows no control number; it was not compared with the electronic form"),
            _("Type the number on paper: --control UNIT FORM NUMBER."),
        ),
    }


def _cell_phrases(_: Translate) -> Mapping[str, tuple[str, str]]:
    return {
        "cell-required": (_("“{field}” is blank"), _("Fill it in: {expected}.")),
        "cell-type": (_("“{field}” is “{value}”"), _("It should be: {expected}.")),
        "cell-rough": (
            _("“{field}” is “{value}”: a scale or a rough figure is not counted"),
            _("Write the full number in digits: {expected}."),
        ),
        "cell-choice": (_("“{field}” is “{value}”, which is none of the choices"), _("Choose one of: {expected}.")),
        "cell-range": (_("“{field}” is {value}, outside its limits"), _("It should be: {expected}.")),
        "cell-length": (_("“{field}” has too many or too few characters: {value}"), _("It should be: {expected}.")),
        "cell-format": (_("“{field}” is “{value}”"), _("It should be: {expected}.")),
        "cell-error": (_("“{field}” holds an error: {value}"), _("Type the value itself: {expected}.")),
        "cell-precision": (
            _("“{field}” is {value}: digits beyond the fifteenth are lost, or there are too many decimals"),
            _("Write it as text, or rounded: {expected}."),
        ),
        "cell-unclear": (_("“{field}” is “{value}”, which can be read in two ways"), _("Write it as {expected}.")),
        "cell-ditto": (_("“{field}” is “{value}”"), _("Write the value out on every row.")),
        "cell-formula": (_("“{field}” is a formula: {value}"), _("Type the value itself.")),
        "cell-outside-link": (
            _("“{field}” is taken from another file or from the net: {value}"),
            _("Type the value itself."),
        ),
        "normalised": (_("“{field}” was read as {expected}: {value}"), ""),
    }


def _evidence_phrases(_: Translate) -> Mapping[str, tuple[str, str]]:
    return {
        "evidence-missing": (_("“{field}” is missing"), _("Send it.")),
        "evidence-too-few": (_("“{field}”: {value} came; {expected} are asked for"), _("Send what is missing.")),
        "evidence-too-many": (
            _("“{field}”: {value} came; {expected} are allowed"),
            _("Say which of them are to count."),
        ),
        "evidence-type": (_("“{field}” is of the kind {value}"), _("It should be: {expected}.")),
        "evidence-size": (_("“{field}” has {value}"), _("It should be: {expected}.")),
        "evidence-duration": (_("“{field}” lasts {value}"), _("It should be: {expected}.")),
        "evidence-resolution": (_("“{field}” has {value}"), _("It should be: {expected}.")),
        "evidence-naming": (_("the file's name is not as asked for"), _("It should be: {expected}.")),
        "evidence-copy": (_("the same file came from elsewhere: {value}"), _("Look whether it is a copy.")),
        "evidence-unchecked": (_("not checked: {value}"), _("Look at it yourself: {expected}.")),
        "evidence-for-person": (_("to be looked at by a person: {expected}"), ""),
    }


def grouped(findings: Iterable[Finding]) -> list[Finding]:
    """One finding for each cause: those that differ in their cells and values alone become one, in order."""
    found: dict[tuple[str, ...], list[Finding]] = {}
    for one in findings:
        own = "" if one.code in _OF_MANY else one.value
        found.setdefault((one.code, one.sheet, one.field, one.expected, own), []).append(one)
    return [_joined(same) for same in found.values()]


_OF_MANY = frozenset(code for code in SEVERITIES if code.startswith("cell-") or code == "normalised")
"""Codes of cells: a column filled wrongly throughout has one cause, whatever stands in each cell."""


def _joined(same: list[Finding]) -> Finding:
    if len(same) == 1:
        return same[0]
    cells = tuple(cell for one in same for cell in one.cells)
    values = list(dict.fromkeys(one.value for one in same if one.value))
    shown = "、".join(values[:_VALUES]) + ("…" if len(values) > _VALUES else "")
    return replace(same[0], cells=cells, value=shown)


_VALUES = 4
