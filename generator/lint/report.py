"""Files on disk: what is wrong in each, a repaired copy, a copy with comments."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from generator.base.i18n import _
from generator.base.problems import Problem, Problems, Where, error, reason
from generator.lint.check import lint, recognised
from generator.lint.comments import commented
from generator.lint.fix import Change, fix
from generator.lint.rendered import printed
from generator.lint.rules import Finding


@dataclass
class Report:
    """The problems of all files, the findings that a repair has ended, each text that it changed, and what could not be
    checked, and why.
    """

    problems: list[Problem] = field(default_factory=list)
    repaired: list[Finding] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)


def report(
    files: Sequence[Path], codes: Collection[str], *, comments: Path | None = None, fixed: Path | None = None
) -> Report:
    """What the rules `codes` find in the files, rendered where LibreOffice is there.

    `fixed` names a copy of the one file in which what is mechanical is repaired; the findings are then the copy's.
    `comments` names a copy with the findings as Word comments. A file that cannot be read is a problem like others.
    """
    done = Report()
    if fixed:
        files = _repair(files[0], fixed, codes, done)
    readable = [path for path in files if _is_readable(path, done)]
    pdfs, reason = printed(readable) if readable else ({}, "")
    done.skipped += [reason] if reason else []
    for path in readable:
        data = path.read_bytes()
        found = lint(data, path.name, codes, pdfs.get(path))
        done.problems += found
        if comments:
            _write(comments, commented(data, path.name, found))
    return done


def _is_readable(path: Path, done: Report) -> bool:
    """Whether the file can be checked at all; says so where only its paper can."""
    try:
        official = recognised(path.read_bytes(), path.name).official
    except Problems as refused:
        done.problems += refused.problems
        return False
    if not official:
        message = _("{file}: this is no official document (no number, date or title of one)")
        done.skipped.append(message.format(file=path.name) + _(": only its paper was checked"))
    return True


def _repair(path: Path, copy: Path, codes: Collection[str], done: Report) -> list[Path]:
    """Writes the repaired copy; gives the files that are left to check."""
    try:
        repaired = fix(path.read_bytes(), path.name, codes)
        done.repaired, done.changes = repaired.findings, repaired.changes
        _write(copy, repaired.data)
    except Problems as refused:
        done.problems += refused.problems
        return []
    return [copy]


def _write(path: Path, data: bytes) -> None:
    try:
        path.write_bytes(data)
    except OSError as exc:
        message = _("the file cannot be written: {reason}").format(reason=reason(exc))
        raise Problems([error("bad-out", Where(str(path)), message, _("Name another place."))]) from exc
