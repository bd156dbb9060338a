"""Every code that `fawen check` reports, with its severity and what it means."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from difflib import get_close_matches

from generator.base.codes import Explained, table
from generator.base.i18n import _, later, listed
from generator.base.problems import Problem, Severity, Where
from generator.check.remedies import REMEDIES
from generator.dispatch.dispatch import Dispatch, Path_


@dataclass(frozen=True, slots=True)
class Code:
    """What a code stands for. A code is never reused for another meaning, and never changes its severity silently.

    `of_one_unit` tells an error that keeps one unit's files from being made, and no other's.
    """

    severity: Severity
    description: str
    of_one_unit: bool = False


CODES: dict[str, Code] = {
    # heading: title, number, date, sources, imprint
    "title-missing": Code(
        "error", later("A notice has no title; only a forwarding notice can derive one from its source.")
    ),
    "source-missing": Code("error", later("A forwarding notice has no source to forward.")),
    "source-secret": Code("error", later("A source bears a security level 密级: no tool may copy it on (条例 32).")),
    "source-file-missing": Code(
        "error", later("A source is to be appended or sent beside the notice, but names no file.")
    ),
    "source-file-type": Code(
        "error", later("A source is to be appended, but its file is no Word document, PDF or .txt.")
    ),
    "source-unreadable": Code("error", later("A source is to be appended, but no text can be read from its file.")),
    "source-refused": Code(
        "error", later("A source holds what cannot be appended: endnotes, embedded objects, macros.")
    ),
    "source-appended": Code("info", later("What of a source the composed notice holds, fact by fact.")),
    "source-altered": Code(
        "warning", later("Appending a source leaves out or changes something: comments, live fields.")
    ),
    "source-converted": Code("warning", later("A .doc or .wps that is appended was made a .docx by LibreOffice.")),
    "source-unseen": Code(
        "warning", later("A PDF is to be appended, and the library that looks into it is not there.")
    ),
    "source-file-unused": Code("warning", later("A source names a file, but `attach` sends it to nobody.")),
    "source-url-missing": Code("error", later("A source is to be linked, but names no url.")),
    "file-refused": Code(
        "error", later("A file that every unit gets would run, fetch or embed something, or is damaged.")
    ),
    "file-unseen": Code("warning", later("A file that every unit gets is of a kind that nobody can look into.")),
    "file-active": Code("warning", later("A PDF that every unit gets runs something, or carries files.")),
    "dispatch-secret": Code("error", later("The dispatch itself bears a security level 密级: no tool may make it.")),
    "issued-file-draft": Code("warning", later("The dispatch names its issued file, and calls itself a draft.")),
    "disclosure": Code("warning", later("此件主动公开 stands over a source that says it is not public.")),
    "number-form": Code(
        "warning", later("A document number is not in the normal form 代字〔年〕序号号 (GB/T 9704 7.2.5).")
    ),
    "number-year": Code("warning", later("The year in a document number is not the year of its date of issue.")),
    "issue-date-missing": Code("warning", later("The dispatch is issued, but has no date of issue.")),
    "issue-before-source": Code("warning", later("The date of issue is before that of a source.")),
    "imprint-empty": Code("warning", later("An imprint has neither a printing authority nor anyone in carbon copy.")),
    # names
    "unknown-name": Code("error", later("A name refers to something that is not defined.")),
    "unused-name": Code("warning", later("Something is defined and never mentioned.")),
    "duplicate-name": Code("error", later("A name stands twice where each must be unique.")),
    "unknown-column": Code("error", later("A column of the roster is referred to and not there.")),
    "unknown-placeholder": Code("error", later("A naming pattern holds a placeholder that it may not use.")),
    # the body (reported by generator.body)
    "unknown-reference": Code("error", later("A {{ reference }} of the body names nothing in the dispatch.")),
    "reference-unclosed": Code("error", later("A {{ of the body is never closed.")),
    "reference-to-unit": Code("error", later("The body of one notice to all refers to a single unit.")),
    "passage-to-class": Code("error", later("The body of one notice to all has a passage for some classes only.")),
    "passage-class": Code("error", later("A passage names a class that is not defined.")),
    "passage-stray": Code("error", later("A ::: ends a passage, but none has begun.")),
    "passage-nested": Code("error", later("A passage begins inside another.")),
    "passage-unclosed": Code("error", later("A passage is never closed.")),
    "sign-mistyped": Code(
        "error", later("A reference or a passage of the body is typed with other signs than {{ }} and :::.")
    ),
    "full-width-text": Code(
        "warning", later("A sign of the spec's or the body's language is typed in full width, and taken as text.")
    ),
    "quoted-value": Code("warning", later("Curly quotation marks stand around a whole value, and are part of it.")),
    "heading-level": Code("error", later("A heading is deeper than the four levels of GB/T 9704 7.3.3.")),
    "heading-number": Code(
        "warning", later("A heading is numbered by hand, and not with the number that it has in order.")
    ),
    "heading-space": Code("warning", later("A paragraph begins with #, so a space may be missing.")),
    "list-level": Code("error", later("A list is nested deeper than three levels.")),
    "list-number": Code(
        "warning", later("A list item is numbered by hand, and not with the number that it has in order.")
    ),
    "line-lost": Code(
        "error", later("Nothing of a line of the body would be printed: an empty item, a line of hyphens.")
    ),
    "table-row": Code("error", later("A row of a table has more cells than the head of the table.")),
    "image-in-body": Code("error", later("The body holds an image.")),
    "markdown-literal": Code(
        "warning", later("The body holds Markdown that is printed as it stands: links, HTML, code …")
    ),
    # the dispatch's own templates (the last is reported by generator.word.compile)
    "templates-missing": Code("error", later("The folder of the dispatch's own templates is not there.")),
    "template-unused": Code("warning", later("A template bears the name of none that it could replace.")),
    "template": Code("error", later("A template cannot be filled.")),
    # recipients and classes
    "class-without-units": Code("warning", later("A class is defined, but no unit of the roster belongs to it.")),
    "class-only-copied": Code("warning", later("A class has something to do, but all its units are only 抄送.")),
    "recipients-without-units": Code(
        "warning", later("Recipients are named, but no unit of the roster is 主送 for them.")
    ),
    "recipient-also-copied": Code("warning", later("A recipient stands in the carbon copy list as well.")),
    "unseen-character": Code("warning", later("A value, or a line of the body, holds a character that is not seen.")),
    "total-row": Code("error", later("A row of the roster is a total 合计, and no unit.")),
    "code-number": Code("error", later("A unit's code was made a number or a formula by a spreadsheet.")),
    "code-shorter": Code("warning", later("A unit's code is shorter than those of the others: zeros may be lost.")),
    "name-broken": Code("warning", later("A unit's name stands on several lines of its cell.")),
    "short-name-twice": Code("warning", later("Two units have one short name, so that their files have one name.")),
    "blank-cell": Code("warning", later("A cell of the roster that a text to its unit prints is blank.")),
    "doubled-unit": Code("warning", later("Two units have the same full name and the same short name.")),
    # deadlines
    "class-without-deadline": Code(
        "warning", later("Deadlines differ by class, and a class that hands it in has none.")
    ),
    "anchor-missing": Code("error", later("A deadline counts from an event, and no event is given.")),
    "dates-reversed": Code("error", later("A period ends before it starts.")),
    "deadline-before-issue": Code("warning", later("A deadline is over before the date of issue.")),
    "deadline-after-superior": Code("warning", later("A deadline is later than the superior's own.")),
    "deadline-day-off": Code("warning", later("A deadline falls on a weekend or a public holiday.")),
    "calendar-unknown": Code("warning", later("Deadlines fall in a year whose public holidays are not known.")),
    "weekday-mismatch": Code("warning", later("A weekday word disagrees with its date.")),
    "no-such-date": Code("warning", later("The body names a day that the calendar does not have.")),
    "deadline-repeated": Code(
        "warning", later("The body writes out the date of a deadline instead of referring to it.")
    ),
    "deadline-contradicted": Code(
        "warning", later("The body gives a form or an item of evidence another date than its deadline.")
    ),
    # quantities and limits
    "not-a-number": Code("error", later("A figure of a form that the roster gives is not a number.")),
    "quota-not-a-number": Code(
        "error", later("A quota of a unit is not a whole number; the other units' files are made."), of_one_unit=True
    ),
    "min-above-max": Code("error", later("A minimum lies above its maximum.")),
    "bound-unreadable": Code("error", later("A limit cannot be read as a value of its type.")),
    "total-mismatch": Code("warning", later("The units' quotas do not add up to the stated total.")),
    # forms
    "form-without-fields": Code("error", later("A form, or a table inside a form, has no fields.")),
    "form-without-rows": Code("error", later("A matrix has no fixed rows, or a quota table no figures.")),
    "form-without-groups": Code("error", later("A form of layout grouped has no field with a group.")),
    "form-file": Code("error", later("A form's own file cannot be read, or stands beside `issued_later`.")),
    "form-unnamed": Code(
        "info", later("A form's own file has no place for the unit's name, or cannot be written into.")
    ),
    "form-place": Code("error", later("A field of a form's own file is said to stand where nothing is.")),
    "field-misplaced": Code("error", later("A photo or an inner table stands outside a form of layout pairs.")),
    "cell-too-small": Code(
        "warning", later("The cells of a form have no room for the longest value that their field allows.")
    ),
    "no-effect": Code("warning", later("A key is written where it has no effect: nobody would see what it asks for.")),
    "duplicate-category": Code("error", later("A choice stands twice among the categories of a field.")),
}


def report(code: str, where: Where, message: str, hint: str = "") -> Problem:
    """The problem of that code; its severity comes from the table, so that code and severity cannot part."""
    return Problem(code, CODES[code].severity, where, message, hint)


def stops(problem: Problem) -> bool:
    """Whether nothing can be made while the problem lasts."""
    code = CODES.get(problem.code)
    return problem.severity == "error" and not (code and code.of_one_unit)


def nearest(name: str, known: Collection[str]) -> str:
    """A hint that offers the known name most like `name`, else all there are."""
    if close := get_close_matches(name, known, n=1, cutoff=0.5):
        return _('Did you mean "{name}"?').format(name=close[0])
    if known:
        return _("There are: {names}.").format(names=listed(sorted(known)))
    return ""


def explained(code: str) -> Explained:
    """A code of CODES with an example and what to do."""
    return Explained(code, CODES[code].severity, CODES[code].description, *REMEDIES[code])


def code_table() -> str:
    """CODES as a Markdown table: the contents of docs/checks.md."""
    return table(explained(code) for code in CODES)


def no_effect(dispatch: Dispatch, path: Path_, hint: str) -> Problem:
    """A key that is written where it changes nothing; `path` ends with it."""
    message = _("`{key}` has no effect here").format(key=path[-1])
    return report("no-effect", dispatch.where(*path), message, hint)
