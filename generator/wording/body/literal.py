"""Markdown that an official document has no place for: it is printed as it stands, and its author should know."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from generator.base.i18n import _
from generator.dispatch.dispatch import Dispatch
from generator.wording.body.markdown import Raw

_LITERAL = re.compile(
    r"""
      (?P<image>   (?<!\\)!\[[^\]]*\]\([^)]*\))
    | (?P<footnote>(?<!\\)\[\^[^\]\s]+\])
    | (?P<link>    (?<!\\)\[[^\]]+\]\([^)\s]+\) | (?<!\\)<[A-Za-z]+:[^\s<>]+>)
    | (?P<comment> (?<!\\)<!--.*?(?:-->|$) | -->)
    | (?P<html>    (?<!\\)</?[A-Za-z][A-Za-z0-9-]*(?:\s[^<>]*)?/?> | (?<!\\)</?(?:a|b|br|center|details|div|em|font
                   |h[1-6]|hr|i|img|li|ol|p|script|span|strong|style|sub|sup|table|td|tr|u|ul)(?:\s[^<>]*)?$)
    | (?P<entity>  (?<!\\)&(?:[A-Za-z]{2,8}|\#\d{2,6}|\#[xX][0-9A-Fa-f]{2,5});)
    | (?P<code>    ^\s*(?:```|~~~).* | (?<![\\`])`[^`]+`)
    | (?P<quotation>^\s{0,3}>(?=\s|$))
    | (?P<rule>    ^\s{0,3}(?:-{3,}|\*{3,}|_{3,})\s*$)
    | (?P<task>    (?<=[-*+.)]\s)\[[\ xX]\](?=\s))
    """,
    re.VERBOSE,
)
"""The sorts are told by what nobody writes by chance: < and > alone, asterisks and brackets are text."""

_TABLE_RULE = re.compile(r"\|\s*:?-{2,}:?\s*\|")


@dataclass(frozen=True, slots=True)
class Literal:
    """A piece of Markdown that is not read: its place (from 1), its sort, and the piece."""

    line: int
    column: int
    sort: str
    text: str


def literals(dispatch: Dispatch, blocks: Iterable[Raw]) -> Iterator[Literal]:
    """Every such piece of the body and of its blocks."""
    for number, line in enumerate(dispatch.body.splitlines(), start=dispatch.body_line):
        for match in _LITERAL.finditer(line):
            yield Literal(number, match.start() + 1, match.lastgroup or "", match[0].strip())
    for raw in blocks:
        if not raw.rows and (rule := _TABLE_RULE.search(raw.text)):
            yield Literal(raw.line, 1, "table", rule[0])


def sort_words(sort: str) -> str:
    """What a message calls the sort."""
    words = {
        "footnote": _("a footnote"),
        "link": _("a link"),
        "comment": _("an HTML comment"),
        "html": _("an HTML tag"),
        "entity": _("an HTML entity"),
        "code": _("code"),
        "quotation": _("a quotation"),
        "rule": _("a rule"),
        "task": _("a task list"),
        "table": _("a table whose second line does not fit its head"),
    }
    return words[sort]
