"""Files that go out byte for byte: what comes in with them goes out to everyone."""

from __future__ import annotations

import re
from collections.abc import Iterator

from generator import wording
from generator.active import admit
from generator.check.codes import report
from generator.dispatch import Dispatch, Path_
from generator.i18n import _
from generator.problems import Problem, Problems, Where

_PACKAGE = re.compile(r".*\.(doc|dot|xls|xlt|ppt|pot)[xm]", re.IGNORECASE)
_OLD = re.compile(r".*\.(doc|dot|xls|xlt|ppt|pot|wps|et|dps|rtf)", re.IGNORECASE)


def passed_on(dispatch: Dispatch) -> Iterator[Problem]:
    """A document that is sent on runs nothing, fetches nothing and embeds nothing when a recipient opens it."""
    for path, name in _passed_on(dispatch):
        if name not in dispatch.files:
            continue
        where = dispatch.where(*path)
        if _PACKAGE.fullmatch(name):
            try:
                admit(dispatch.files[name], Where(name))
            except Problems as refused:
                for problem in refused.problems:
                    message = _("{file} is sent to every unit, and {fault}").format(file=name, fault=problem.message)
                    yield report("file-refused", where, message, problem.hint)
        elif _OLD.fullmatch(name):
            message = _("{file} is sent to every unit, and nobody can look into it for macros").format(file=name)
            yield report("file-unseen", where, message, _("Save it as .docx, .xlsx or .pdf, and send that."))


def _passed_on(dispatch: Dispatch) -> Iterator[tuple[Path_, str]]:
    """Each file that is sent as it is, with the place in the spec that names it."""
    spec = dispatch.spec
    if spec.issued_file:
        yield ("issued_file",), spec.issued_file
    for key, source in spec.sources.items():
        if source.attach == "beside" and source.file:
            yield ("sources", key, "file"), source.file
    for entry in wording.attachment_entries(spec):
        if entry.origin == "file" and entry.name:
            yield ("attachments", _index(dispatch, entry.name), "file"), entry.name


def _index(dispatch: Dispatch, name: str) -> int:
    listed = dispatch.spec.attachments or []
    return next((number for number, item in enumerate(listed) if item.file == name), 0)


RULES = (passed_on,)
