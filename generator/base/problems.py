"""What is wrong, where, and what to do about it: the one form in which fawen reports."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal, get_args

from generator.base.i18n import _

MAX_PROBLEMS = 100
"""Of one file; one wrong column makes a problem of each row, and beyond some, more of them say no more."""

Severity = Literal["error", "warning", "info"]
"""`info` asks for nothing: it tells what was found."""


def severity_name(severity: Severity) -> str:
    """The severity in the reader's language."""
    return {"error": _("error"), "warning": _("warning"), "info": _("info")}[severity]


@dataclass(frozen=True, slots=True)
class Where:
    """A place in a file: `line` and `column` count from 1, None when the place is the whole file."""

    file: str
    line: int | None = None
    column: int | None = None

    def __str__(self) -> str:
        return ":".join(str(part) for part in (self.file, self.line, self.column) if part is not None)


@dataclass(frozen=True, slots=True)
class Problem:
    """One finding: `code` is stable, `message` says what is wrong, `hint` what to do (may be empty)."""

    code: str
    severity: Severity
    where: Where
    message: str
    hint: str = ""

    def __str__(self) -> str:
        hint = f"\n    {self.hint}" if self.hint else ""
        return f"{self.where}: {severity_name(self.severity)}: {self.message} [{self.code}]{hint}"

    def as_json(self) -> dict[str, Any]:
        """The shape that `--json` prints (docs/commands.md)."""
        return {
            "code": self.code,
            "severity": self.severity,
            "where": {"file": self.where.file, "line": self.where.line, "column": self.where.column},
            "message": self.message,
            "hint": self.hint,
        }

    @classmethod
    def from_json(cls, data: Any) -> Problem:
        """The problem that `as_json` told of. Raises ValueError for anything else."""
        try:
            where = Where(**data["where"])
            problem = Problem(**{**data, "where": where})
        except (TypeError, KeyError) as exc:
            raise ValueError(str(data)) from exc
        texts = (problem.code, problem.message, problem.hint, where.file)
        numbers = (where.line, where.column)
        if not all(isinstance(text, str) for text in texts) or problem.severity not in get_args(Severity):
            raise ValueError(str(data))
        if not all(number is None or isinstance(number, int) for number in numbers):
            raise ValueError(str(data))
        return problem


class Problems(Exception):
    """The one exception of fawen: carries every problem found, never only the first."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = sorted(problems, key=sort_key)
        super().__init__("\n".join(str(problem) for problem in self.problems))


def as_json(problems: Iterable[Problem]) -> list[dict[str, Any]]:
    """Problems in the shape that `--json` prints and a manifest keeps."""
    return [problem.as_json() for problem in problems]


def sort_key(problem: Problem) -> tuple[str, int, int, str]:
    """By file, then place, then code, so that reports are the same on every run."""
    where = problem.where
    return where.file, where.line or 0, where.column or 0, problem.code


def reason(fault: OSError) -> str:
    """Why the system refused, in the reader's language where it is one of the usual reasons, else in the system's."""
    known = {
        errno.ENOENT: _("there is no such file or folder"),
        errno.ENOTDIR: _("a part of the path is a file, not a folder"),
        errno.EISDIR: _("it is a folder, not a file"),
        errno.EEXIST: _("there is already something of that name"),
        errno.EACCES: _("permission is denied"),
        errno.EPERM: _("permission is denied"),
        errno.EROFS: _("the disk cannot be written to"),
        errno.ENOSPC: _("no space is left on the disk"),
        errno.EDQUOT: _("the quota on the disk is used up"),
        errno.EFBIG: _("the file is larger than the disk allows"),
        errno.EIO: _("the disk does not answer as it should"),
        errno.ELOOP: _("the links there lead to one another"),
        errno.ENAMETOOLONG: _("the name is too long"),
        errno.EBUSY: _("it is in use"),
        errno.EMFILE: _("too many files are open"),
    }
    # Who raises an OSError with words of his own has said it better.
    is_the_system = fault.errno is not None and fault.strerror == os.strerror(fault.errno)
    return known.get(fault.errno or 0, "") if is_the_system and fault.errno in known else fault.strerror or str(fault)


def error(code: str, where: Where, message: str, hint: str = "") -> Problem:
    return Problem(code, "error", where, message, hint)


def warning(code: str, where: Where, message: str, hint: str = "") -> Problem:
    return Problem(code, "warning", where, message, hint)


def info(code: str, where: Where, message: str, hint: str = "") -> Problem:
    return Problem(code, "info", where, message, hint)


def first_of(problems: list[Problem], file: str) -> list[Problem]:
    """The first MAX_PROBLEMS of a file's, and how many more there are."""
    if len(problems) <= MAX_PROBLEMS:
        return problems
    message = _("{number} more problems in this file are not shown").format(number=len(problems) - MAX_PROBLEMS)
    severity: Severity = "error" if any(problem.severity == "error" for problem in problems) else "warning"
    more = Problem("more-problems", severity, Where(file, problems[-1].where.line), message)
    return [*problems[:MAX_PROBLEMS], more]
