"""What is wrong, where, and what to do about it: the one form in which fawen reports."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

from generator.i18n import _

Severity = Literal["error", "warning", "info"]
"""`info` asks for nothing: it tells what was found."""


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
        severity = {"error": _("error"), "warning": _("warning"), "info": _("info")}[self.severity]
        return f"{self.where}: {severity}: {self.message} [{self.code}]{hint}"

    def as_json(self) -> dict[str, Any]:
        """The shape that `--json` prints (docs/commands.md)."""
        return {
            "code": self.code,
            "severity": self.severity,
            "where": {"file": self.where.file, "line": self.where.line, "column": self.where.column},
            "message": self.message,
            "hint": self.hint,
        }


class Problems(Exception):
    """The one exception of fawen: carries every problem found, never only the first."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = sorted(problems, key=sort_key)
        super().__init__("\n".join(str(problem) for problem in self.problems))


def sort_key(problem: Problem) -> tuple[str, int, int, str]:
    """By file, then place, then code, so that reports are the same on every run."""
    where = problem.where
    return where.file, where.line or 0, where.column or 0, problem.code


def error(code: str, where: Where, message: str, hint: str = "") -> Problem:
    return Problem(code, "error", where, message, hint)


def warning(code: str, where: Where, message: str, hint: str = "") -> Problem:
    return Problem(code, "warning", where, message, hint)
