"""What is wrong, or worth knowing, in what came back: codes, severities, and their words in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from generator.base.codes import Explained
from generator.base.i18n import _, later
from generator.base.problems import Problem, Severity, Where


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

    def message(self) -> str:
        """What is wrong."""
        return self._said(0)

    def remedy(self) -> str:
        """What to do; may be empty."""
        return self._said(1)

    def _said(self, part: int) -> str:
        words = PHRASES[self.code][part]
        facts = {"field": self.field, "value": self.value, "expected": self.expected, "number": len(self.cells)}
        return _(words).format(**facts) if words else ""

    def as_problem(self, file: str) -> Problem:
        """The finding as every command reports: its place is the file, its sheet and cells."""
        place = f"{file}[{self.place}]" if self.place else file
        return Problem(self.code, self.severity, Where(place), self.message(), self.remedy())


SHOWN = 8
"""Cells of one finding that are named; a wrong column has one cause, not one for each row."""

_ERRORS = (
    "return-unreadable", "file-protected", "file-archive", "form-unknown", "form-old", "unit-unknown", "unit-unsure",
    "unit-mismatch", "unit-not-asked", "field-missing", "row-missing",
    "data-outside", "cell-required", "cell-type", "cell-rough", "cell-choice", "cell-range",
    "cell-length", "cell-format", "cell-error", "cell-precision", "cell-unclear", "cell-ditto", "cell-outside-link",
    "row-doubled", "total-mismatch", "evidence-too-few",
    "evidence-too-many", "evidence-type", "evidence-size", "evidence-duration", "evidence-resolution",
)  # fmt: skip
_WARNINGS = (
    "file-empty", "file-left-out", "return-late", "carriers-disagree", "column-unknown", "row-unknown",
    "cells-unread", "cell-formula", "rows-hidden", "signoff-blank",
    "answer-in-comment", "evidence-unchecked", "evidence-naming", "form-in-notice",

)  # fmt: skip
_INFOS = (
    "found-by-heads", "normalised", "merged-filled", "rows-skipped", "form-changed",
    "zero-report", "scan-kept", "evidence-for-person", "sheet-unused",
)  # fmt: skip
SEVERITIES: Mapping[str, Severity] = {
    **dict.fromkeys(_ERRORS, "error"),
    **dict.fromkeys(_WARNINGS, "warning"),
    **dict.fromkeys(_INFOS, "info"),
}
"""Every code: an error keeps a return out of the merged tables until a new one comes, a warning asks for a reason."""


_SAVE = later("Open it in Excel, Word or WPS, save it anew as .xlsx or .docx, and send that.")
_FILES = {
    "return-unreadable": (later("the file cannot be read: {value}"), _SAVE),
    "file-protected": (
        later("the file is protected by a password, or is of an old kind that cannot be read: {value}"),
        later("Remove the password and send it again."),
    ),
    "file-archive": (
        later("the archive cannot be unpacked: {value}"),
        later("Send the files themselves, or pack them anew as .zip."),
    ),
    "file-empty": (later("the file is empty"), later("Send it again.")),
    "file-left-out": (later("the file was not looked at: {value}"), later("Look at it yourself.")),
    "form-unknown": (
        later("this is none of the forms that were sent out, and no material that was asked for"),
        later("Fill in the form that came with the notice, and do not copy its table into another file."),
    ),
    "form-old": (
        later("this is another edition of the form ({value}); the present one is {expected}"),
        later("Fill in the form that came with this notice."),
    ),
    "form-changed": (later("the form has been changed in the dispatch since this copy was made"), ""),
    "form-in-notice": (
        later("the form was filled in inside the whole notice, not in its own file"),
        later("Next time, send the form's own file."),
    ),
    "unit-unknown": (
        later("it cannot be told which unit this is from (“{value}”)"),
        later("Write the unit's code for it in the aliases file, and collect again."),
    ),
    "unit-unsure": (
        later("“{value}” may be {expected}; nobody has confirmed it yet"),
        later("Confirm it in the aliases file, and collect again."),
    ),
    "unit-mismatch": (
        later("the form was made for {expected}, and the file says it is from {value}"),
        later("Each unit fills in its own copy; if this one is right, confirm it in the aliases file."),
    ),
    "unit-not-asked": (later("{value} does not have to hand in this form"), later("Send it no further.")),
    "carriers-disagree": (
        later("the file says in different places that it is from: {value}"),
        later("Make sure that it is from {expected}."),
    ),
    "found-by-heads": (later("the form has lost its marks, and was recognised by its heads"), ""),
    "return-late": (later("it came on {value}, after the deadline {expected}"), later("Tell why it is late.")),
    "zero-report": (later("a report of nothing to report"), ""),
    "scan-kept": (later("a scan or a photo; its figures are not read"), ""),
    "sheet-unused": (later("the sheet is not part of the form, and was not read"), ""),
}


_FRESH = later("Fill in a fresh copy of the form; do not delete its rows, columns or heads.")
_FORMS = {
    "field-missing": (later("the column or box “{field}” is missing"), _FRESH),
    "row-missing": (later("the row “{field}” is missing"), _FRESH),
    "row-unknown": (later("the row “{value}” is not part of the form, and was not read"), _FRESH),
    "column-unknown": (
        later("the column “{value}” is not part of the form, and was not read"),
        later("Put what belongs to the form into its own columns."),
    ),
    "data-outside": (
        later("filled cells lie outside the table, below its total or sign-off, and were not read"),
        later("Move them into the table, above the row of totals."),
    ),
    "cells-unread": (
        later("{number} filled cells belong to no part of the form, and were not read: {value}"),
        later("Move what belongs to the form into its cells; delete the rest."),
    ),
    "rows-hidden": (
        later("rows or columns are hidden or filtered away; they were read all the same"),
        later("Show all."),
    ),
    "rows-skipped": (later("blank rows, repeated heads or subtotals inside the table were passed over"), ""),
    "merged-filled": (later("merged cells in “{field}”: their value was taken for each of the rows"), ""),
    "signoff-blank": (later("“{field}” is blank"), later("Fill it in.")),
    "row-doubled": (later("the same “{field}” stands in several rows: {value}"), later("Keep one of the rows.")),
    "total-mismatch": (
        later("the total of “{field}” is {value}; the rows add up to {expected}"),
        later("Correct the rows or the total."),
    ),
    "answer-in-comment": (
        later("a comment stands at a cell: {value}"),
        later("Write what belongs to the form into it."),
    ),
}


_CELLS = {
    "cell-required": (later("“{field}” is blank"), later("Fill it in: {expected}.")),
    "cell-type": (later("“{field}” is “{value}”"), later("It should be: {expected}.")),
    "cell-rough": (
        later("“{field}” is “{value}”: a scale or a rough figure is not counted"),
        later("Write the full number in digits: {expected}."),
    ),
    "cell-choice": (later("“{field}” is “{value}”, which is none of the choices"), later("Choose one of: {expected}.")),
    "cell-range": (later("“{field}” is {value}, outside its limits"), later("It should be: {expected}.")),
    "cell-length": (later("“{field}” has too many or too few characters: {value}"), later("It should be: {expected}.")),
    "cell-format": (later("“{field}” is “{value}”"), later("It should be: {expected}.")),
    "cell-error": (later("“{field}” holds an error: {value}"), later("Type the value itself: {expected}.")),
    "cell-precision": (
        later("“{field}” is {value}: digits beyond the fifteenth are lost, or there are too many decimals"),
        later("Write it as text, or rounded: {expected}."),
    ),
    "cell-unclear": (later("“{field}” is “{value}”, which can be read in two ways"), later("Write it as {expected}.")),
    "cell-ditto": (later("“{field}” is “{value}”"), later("Write the value out on every row.")),
    "cell-formula": (later("“{field}” is a formula: {value}"), later("Type the value itself.")),
    "cell-outside-link": (
        later("“{field}” is taken from another file or from the net: {value}"),
        later("Type the value itself."),
    ),
    "normalised": (later("“{field}” was read as {expected}: {value}"), ""),
}


_MATERIALS = {
    "evidence-too-few": (later("“{field}”: {value} came; {expected} are asked for"), later("Send what is missing.")),
    "evidence-too-many": (
        later("“{field}”: {value} came; {expected} are allowed"),
        later("Say which of them are to count."),
    ),
    "evidence-type": (later("“{field}” is of the kind {value}"), later("It should be: {expected}.")),
    "evidence-size": (later("“{field}” has {value}"), later("It should be: {expected}.")),
    "evidence-duration": (later("“{field}” lasts {value}"), later("It should be: {expected}.")),
    "evidence-resolution": (later("“{field}” has {value}"), later("It should be: {expected}.")),
    "evidence-naming": (later("the file's name is not as asked for"), later("It should be: {expected}.")),
    "evidence-unchecked": (later("not checked: {value}"), later("Look at it yourself: {expected}.")),
    "evidence-for-person": (later("to be looked at by a person: {expected}"), ""),
}
PHRASES: Mapping[str, tuple[str, str]] = {**_FILES, **_FORMS, **_CELLS, **_MATERIALS}
"""Of each code, what is wrong and what to do."""


def explained(code: str) -> Explained:
    """A code with what it means and what to do, in the reader's language."""
    finding = Finding(code, "表", ("B5",), "…", "…", "…")
    return Explained(
        code, finding.severity, finding.message(), finding.place, finding.remedy() or _("Nothing is to be done.")
    )


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
