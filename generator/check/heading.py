"""Title, number, date, sources and imprint: what heads and closes the document, and what it passes on."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator

from generator import wording
from generator.base.i18n import _
from generator.base.problems import Problem
from generator.check.codes import report
from generator.dispatch.dispatch import Dispatch, Path_

NOT_SECRET = ("公开", "无")
_NORMAL_NUMBER = re.compile(r"[^\s〔〕\d]+〔(\d{4})〕[1-9]\d*号")
_YEAR = re.compile(r"[〔\[［【﹝（(]((?:19|20)\d{2})[〕\]］】﹞）)]")
_PUBLIC = re.compile(r"(?<![不非])主动公开")


def title_and_source(dispatch: Dispatch) -> Iterator[Problem]:
    """A forwarding notice needs a source to forward; any other notice needs a title."""
    spec = dispatch.spec
    if spec.kind == "notice" and not spec.title:
        message, hint = _("a notice needs a title"), _("Give `title`, or write `kind: forward` and a source.")
        yield report("title-missing", dispatch.where("kind"), message, hint)
    if spec.kind == "forward" and all(source.based_on for source in spec.sources.values()):
        message = _("a forwarding notice has no source to forward")
        hint = _("Name the document under `sources`, or write `kind: notice`.")
        yield report("source-missing", dispatch.where("sources" if spec.sources else "kind"), message, hint)


def secret_sources(dispatch: Dispatch) -> Iterator[Problem]:
    """条例 26, 32: a document with 密级 goes through the office for confidential papers only."""
    for key, source in dispatch.spec.sources.items():
        if source.security_level and source.security_level not in NOT_SECRET:
            message = _('source "{source}" is marked {level} and may not be copied on by a tool').format(
                source=key, level=source.security_level
            )
            hint = _("Pass it on through your confidential office 机要; make this dispatch without it.")
            yield report("source-secret", dispatch.where("sources", key, "security_level"), message, hint)


def secret_dispatch(dispatch: Dispatch) -> Iterator[Problem]:
    """The same for what we issue ourselves."""
    level = dispatch.spec.security_level
    if level and level not in NOT_SECRET:
        message = _("the dispatch is marked {level} and may not be made by a tool").format(level=level)
        hint = _("Make it in your confidential office 机要, on a machine for secret papers.")
        yield report("dispatch-secret", dispatch.where("security_level"), message, hint)


def source_files(dispatch: Dispatch) -> Iterator[Problem]:
    """What `attach` asks for must be there: a file that can be sent or appended, or a link."""
    for key, source in dispatch.spec.sources.items():
        sent = source.attach in ("append", "beside")
        if sent and not source.file:
            message = _('source "{source}" is to be sent along (attach: {attach}), but names no file')
            hint = _("Name it under `file`, or write `attach: listed`.")
            message = message.format(source=key, attach=source.attach)
            yield report("source-file-missing", dispatch.where("sources", key, "attach"), message, hint)
        if source.attach == "link" and not source.url:
            message = _('source "{source}" is to be linked, but names no url').format(source=key)
            hint = _("Name it under `url`, or write `attach: listed`.")
            yield report("source-url-missing", dispatch.where("sources", key, "attach"), message, hint)
        if source.file and not sent:
            message = _("attach: {attach} sends this file to nobody").format(attach=source.attach)
            hint = _("Write `attach: append` or `attach: beside`, or remove `file`.")
            yield report("source-file-unused", dispatch.where("sources", key, "file"), message, hint)


def disclosure(dispatch: Dispatch) -> Iterator[Problem]:
    """此件主动公开 over a source whose own mark says otherwise; a source without a mark says nothing."""
    spec = dispatch.spec
    public = [index for index, text in enumerate(spec.annotations) if _PUBLIC.search(text)]
    closed = [
        (key, source.disclosure)
        for key, source in spec.sources.items()
        if not source.based_on and source.disclosure and not _PUBLIC.search(source.disclosure)
    ]
    for index in public:
        for key, mark in closed:
            message = _('主动公开 stands over source "{source}", which is marked {mark}').format(source=key, mark=mark)
            hint = _("Remove the annotation, or ask the issuer of the source.")
            yield report("disclosure", dispatch.where("annotations", index), message, hint)


def _numbers(dispatch: Dispatch) -> Iterator[tuple[Path_, str, dt.date | None]]:
    """The dispatch's own number first, then those of its sources, each with its date of issue."""
    spec = dispatch.spec
    if spec.document_number:
        yield ("document_number",), spec.document_number, spec.date_of_issue
    for key, source in spec.sources.items():
        if source.document_number:
            yield ("sources", key, "document_number"), source.document_number, source.date_of_issue


def document_numbers(dispatch: Dispatch) -> Iterator[Problem]:
    """Normal form (GB/T 9704 7.2.5: 〔〕, no 第, no zero in front), and the year of the date of issue."""
    for path, number, issued in _numbers(dispatch):
        normal = wording.document_number(number)
        # A source may bear another kind of number (国务院令第5号), which is normal as it is.
        own = path == ("document_number",)
        if number != normal or (own and not _NORMAL_NUMBER.fullmatch(normal)):
            message = _("{number} is not in the normal form of a document number").format(number=number)
            yield report("number-form", dispatch.where(*path), message, _number_hint(normal))
        year = _YEAR.search(number)
        if issued and year and int(year[1]) != issued.year:
            message = _("the number is of {year}, the date of issue of {issued}").format(
                year=year[1], issued=issued.year
            )
            yield report("number-year", dispatch.where(*path), message, _("Correct the one that is wrong."))


def _number_hint(normal: str) -> str:
    if _NORMAL_NUMBER.fullmatch(normal):
        return _("Write {normal}.").format(normal=normal)
    return _("Write it as 代字〔2026〕5号.")


def issue_date(dispatch: Dispatch) -> Iterator[Problem]:
    """Many real notices lack a date, so this is said only of one that calls itself issued."""
    spec = dispatch.spec
    if spec.status == "issued" and spec.date_of_issue is None:
        message = _("the dispatch is issued, but has no date of issue")
        hint = _("Give `date_of_issue`, or write `status: draft`.")
        yield report("issue-date-missing", dispatch.where("status"), message, hint)


def before_source(dispatch: Dispatch) -> Iterator[Problem]:
    """What is passed on was there before: our own date is not before that of a source."""
    issued = dispatch.spec.date_of_issue
    for key, source in dispatch.spec.sources.items():
        if issued and source.date_of_issue and issued < source.date_of_issue:
            message = _('the date of issue ({issued}) is before that of source "{source}" ({date})')
            message = message.format(issued=issued, source=key, date=source.date_of_issue)
            yield report(
                "issue-before-source", dispatch.where("date_of_issue"), message, _("Correct the one that is wrong.")
            )


def issued_draft(dispatch: Dispatch) -> Iterator[Problem]:
    """A file that is sealed and issued is no draft; forms and checklists beside it would be marked 送审稿."""
    if dispatch.spec.issued_file and dispatch.spec.status == "draft":
        message = _("the dispatch names its issued file, and calls itself a draft")
        yield report("issued-file-draft", dispatch.where("issued_file"), message, _("Write `status: issued`."))


def imprint(dispatch: Dispatch) -> Iterator[Problem]:
    """版记 holds 抄送 and 印发机关; with neither it would be two empty rules."""
    spec = dispatch.spec
    if spec.imprint and not spec.imprint.printing_authority and not spec.carbon_copy:
        message = _("the imprint has neither a printing authority nor anyone in carbon copy")
        hint = _("Give `printing_authority` or `carbon_copy`, or remove `imprint`.")
        yield report("imprint-empty", dispatch.where("imprint"), message, hint)


RULES = (
    title_and_source,
    secret_sources,
    secret_dispatch,
    source_files,
    issued_draft,
    disclosure,
    document_numbers,
    issue_date,
    before_source,
    imprint,
)
