"""Sources passed on inside the notice: whether they can be, and what of them its recipients will have."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath

from generator.base.i18n import _, listed
from generator.base.problems import Problem, Problems, Where
from generator.check import fidelity
from generator.check.codes import report
from generator.dispatch.dispatch import Dispatch
from generator.dispatch.spec import Source
from generator.kits.kinds.notice import notice
from generator.office import pdf
from generator.reading.text import read_lines
from generator.word import join
from generator.word.appended import is_joined, is_pdf, joined


def appendable(dispatch: Dispatch) -> Iterator[Problem]:
    """A file to be appended is of a kind that can be, and can be read."""
    for key, source in dispatch.spec.sources.items():
        if source.file and source.attach == "append":
            where = dispatch.where("sources", key, "file")
            try:
                yield from _refused(dispatch, source, source.file, where)
            except Problems as refused:
                for problem in refused.problems:
                    # A place within the file says more than that of its name.
                    place = problem.where if problem.where.line else where
                    yield report("source-unreadable", place, problem.message, problem.hint)


def _refused(dispatch: Dispatch, source: Source, file: str, where: Where) -> Iterator[Problem]:
    """A Word document is appended as it is, a PDF page by page, and a plain text set anew."""
    ending = PurePosixPath(file).suffix.lower()
    if is_joined(source):
        refused, _omitted = join.examine(dispatch.appendable(file), where)
        for problem in refused:
            yield report("source-refused", where, problem.message, problem.hint)
        if dispatch.is_old_word(file):
            message = _("LibreOffice has turned {file} into a .docx, which is appended").format(file=file)
            hint = _("Look through its pages in the notice; `attach: beside` sends the file unchanged.")
            yield report("source-converted", where, message, hint)
    elif is_pdf(source):
        yield from _pdf(dispatch.files[file], where)
    elif ending != ".txt":
        message = _("a {ending} file cannot be appended to the notice").format(ending=ending or file)
        hint = _("Write `attach: beside` to send it as a file of its own, or save it as .docx.")
        yield report("source-file-type", where, message, hint)
    elif not read_lines(dispatch.files[file], file):
        message = _("the file holds no text that could be appended")
        hint = _("If it is a scan, write `attach: beside` to send it as a file of its own.")
        yield report("source-unreadable", where, message, hint)


def _pdf(data: bytes, where: Where) -> Iterator[Problem]:
    try:
        pdf.require()
    except Problems as missing:
        message = _("nobody can look into this PDF before it is sent: {reason}")
        for problem in missing.problems:
            yield report("source-unseen", where, message.format(reason=problem.message), problem.hint)
        return
    pages, dropped = pdf.examine(data, where)
    message = _("the PDF lies beside the notice; with --pdf its pages follow the notice's: {count} pages")
    yield report("source-appended", where, message.format(count=pages))
    if dropped:
        message = _("joined to the notice's PDF, its pages are without: {what}").format(what=listed(dropped))
        yield report("source-altered", where, message, _("The file beside the notice keeps it."))


RULES = (appendable,)


def kept(dispatch: Dispatch) -> Iterator[Problem]:
    """What the notice, once it is composed, holds of each source; the dispatch must have no error otherwise."""
    sources = joined(dispatch)
    if not sources or dispatch.spec.issued_file:
        return
    made = notice(dispatch).compile(None).stamp({}).data
    for number, (name, source) in enumerate(sources.items(), 1):
        found = fidelity.report(source, made, number)
        where = dispatch.where("sources", name, "file")
        message = _("the composed notice holds of the source, as it was: {kept}").format(kept=found.summary())
        yield report("source-appended", where, message)
        yield from _altered(found, where)


def _altered(found: fidelity.Report, where: Where) -> Iterator[Problem]:
    if found.settings:
        message = _(
            "what a document says once for all its pages is as in the notice, and lines may end elsewhere: {settings}"
        )
        yield report("source-settings", where, message.format(settings=found.settings_named()))
    changes = list(found.omitted)
    for aspect in found.aspects:
        if not aspect.kept:
            lost = "; ".join(aspect.lost) or _("their order")
            changes.append(_("{facts} differ: {lost}").format(facts=aspect.label, lost=lost))
    for change in changes:
        message = _("appending changes the source: {what}").format(what=change)
        hint = _("Look whether that is meant; `attach: beside` sends the file unchanged.")
        yield report("source-altered", where, message, hint)
