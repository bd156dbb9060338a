"""What a rule is, what it finds, and the register of all rules."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Literal

from generator.base.codes import Explained
from generator.base.i18n import _
from generator.base.problems import Problem, Severity, Where
from generator.reading.document import Document, Paragraph

Level = Literal["must", "should", "practice"]
"""must: the standard demands it; should: it recommends it or another standard does; practice: what offices expect."""


def level_name(level: Level) -> str:
    """The level in the reader's language."""
    return {"must": _("must"), "should": _("should"), "practice": _("practice")}[level]


@dataclass(frozen=True, slots=True)
class Hit:
    """One place where a rule is broken; no paragraph means the document as a whole."""

    message: str
    paragraph: Paragraph | None = None


Check = Callable[[Document], Iterable[Hit]]


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule of GB/T 9704-2012 (or of the source that `clause` names). `example` is a text or value that breaks it.

    `clause`, `example` and `remedy` are messages, said in the reader's language when they are shown.

    `fixable` says that `fix` repairs it; `rendered` that it can be seen on rendered pages only.
    """

    code: str
    level: Level
    clause: str
    example: str
    remedy: str
    fixable: bool
    rendered: bool
    check: Check

    @property
    def description(self) -> str:
        return _((self.check.__doc__ or "").partition("\n")[0])


RULES: dict[str, Rule] = {}


def explained(code: str) -> Explained:
    """A rule as every other code is explained; its clause stands with the description."""
    found = RULES[code]
    severity: Severity = "error" if found.level == "must" else "warning"
    said = f"{found.description} ({level_name(found.level)}, {_(found.clause)})"
    return Explained(code, severity, said, _(found.example), found.remedy)


def rule(
    code: str, level: Level, clause: str, example: str, remedy: str, *, fixable: bool = False, rendered: bool = False
) -> Callable[[Check], Check]:
    """Registers a check under its code; the first line of the check's docstring says what is wrong (a message)."""

    def register(check: Check) -> Check:
        if code in RULES:
            raise ValueError(code)
        RULES[code] = Rule(code, level, clause, example, remedy, fixable, rendered, check)
        return check

    return register


@dataclass(frozen=True, slots=True)
class Finding(Problem):
    """A problem of a document: `where.line` is the paragraph's number; `more` counts further paragraphs of the kind."""

    level: Level = "must"
    clause: str = ""
    page: int | None = None
    words: str = ""
    more: int = 0

    def __str__(self) -> str:
        return f"{self.line}\n    {self.hint}"

    @property
    def line(self) -> str:
        """The finding without what to do."""
        said = f"{self.place}{self.message}{self.others}"
        return f"{self.where}: {level_name(self.level)}: {said} [{self.code}, {self.clause}]"

    @property
    def place(self) -> str:
        """The page and the first words, as a beginning of the message."""
        page = _("page {page}, ").format(page=self.page) if self.page else ""
        return f"{page}“{self.words}”: " if self.words else page

    @property
    def others(self) -> str:
        return _(" (and in {more} more paragraphs)").format(more=self.more) if self.more else ""

    def as_json(self) -> dict[str, Any]:
        """The shape of a problem, and what a document adds to it."""
        added = {"level": self.level, "clause": self.clause, "page": self.page, "words": self.words, "more": self.more}
        return {**Problem.as_json(self), **added}


_WORDS = 12
"""Characters of a paragraph that are shown to find it by."""


def finding(document: Document, code: str, hit: Hit, more: int = 0) -> Finding:
    """A hit as what is reported."""
    found, paragraph = RULES[code], hit.paragraph
    line = paragraph.number if paragraph and paragraph.number else None
    words = _shortened(" ".join(paragraph.bare.split())) if paragraph else ""
    return Finding(
        code,
        "error" if found.level == "must" else "warning",
        Where(document.name, line),
        hit.message,
        _(found.remedy),
        found.level,
        _(found.clause),
        paragraph.page if paragraph else None,
        words,
        more,
    )


def _shortened(text: str) -> str:
    return text if len(text) <= _WORDS else text[:_WORDS] + "…"


def rule_table() -> str:
    """The rules as Markdown: the contents of docs/lint.md."""
    lines = [
        _("| code | severity | clause | what is wrong | for example | what to do | `--fix` |"),
        "|---|---|---|---|---|---|---|",
    ]
    for code, found in sorted(RULES.items()):
        wrong = found.description + (_(" (rendered pages only)") if found.rendered else "")
        fixed = _("yes") if found.fixable else ""
        clause, example, remedy = map(_, (found.clause, found.example, found.remedy))
        cells = (f"`{code}`", level_name(found.level), clause, wrong, example, remedy, fixed)
        lines.append(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |")
    return "\n".join(lines) + "\n"
