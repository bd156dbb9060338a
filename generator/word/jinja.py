"""The template gate: what a Word template may say, and faults named by part, paragraph and the words around them.

A template prints values, loops over lists and decides on conditions; it calls nothing, reaches into nothing and loads
nothing. The sandbox alone is not enough (hardening.md 1.1: methods of context objects, memory and time bombs pass it),
so the syntax tree is held against an allow-list before anything runs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Set
from dataclasses import dataclass
from functools import cache

from jinja2 import StrictUndefined, TemplateAssertionError, TemplateSyntaxError, meta, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment

from generator.i18n import _

_FILTERS = ("first", "join", "last", "length", "lower", "trim", "upper")
_TESTS = ("defined", "undefined", "none", "odd", "even", "eq", "ne", "in")
_NODES: tuple[type[nodes.Node], ...] = (
    nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name, nodes.Const, nodes.Getattr, nodes.Getitem, nodes.If,
    nodes.For, nodes.Compare, nodes.Operand, nodes.And, nodes.Or, nodes.Not, nodes.Filter, nodes.Test, nodes.CondExpr,
    nodes.Concat, nodes.Add, nodes.Sub, nodes.Tuple, nodes.List,
)  # fmt: skip
_LOOP_DEPTH = 4
_TAGS = re.compile(r"<[^>]*>")
_BLOCK = re.compile(r"{%[-+]?\s*(\w+)")
_OPENED = re.compile(r"{[{%#]")
_CLOSED = re.compile(r"{{(?:(?!{[{%#]).)*?}}|{%(?:(?!{[{%#]).)*?%}|{#.*?#}")
_DROPPED = re.compile(r"<w:(t[rc])[ >](?:(?!<w:\1[ >]).)*?{[{%#]\1 .*?</w:\1>", re.DOTALL)


@dataclass(frozen=True, slots=True)
class TemplateFault:
    """A fault in a template: the part, the paragraph in it (from 1), the words around, and what is wrong."""

    part: str
    paragraph: int
    words: str
    message: str


@cache
def environment() -> ImmutableSandboxedEnvironment:
    """Strict, autoescaped, without globals; filters and tests cut down to those that only look."""
    env = ImmutableSandboxedEnvironment(undefined=StrictUndefined, autoescape=True)
    env.globals.clear()
    env.filters = {name: env.filters[name] for name in _FILTERS}
    env.tests = {name: env.tests[name] for name in _TESTS}
    return env


def by_paragraph(xml: str) -> str:
    """Each paragraph on a line of its own, so that a line number of Jinja's is a paragraph (less one).

    A row or cell that docxtpl will drop for the sake of a `{%tr … %}` in it leaves its lines behind.
    """
    lines = re.sub(r"\s*(<w:p[ >])", r"\n\1", re.sub(r"[\r\n]+", " ", xml))
    return _DROPPED.sub(lambda row: "\n" + row[0].replace("\n", "") + "\n" * (row[0].count("\n") - 1), lines)


def joined(xml: str) -> str:
    """The part without the line ends of `by_paragraph`."""
    return re.sub(r"\n+(?=<w:(?:p|tbl|tr|tc|sectPr)\b|</w:(?:body|tbl|tr|tc|hdr|ftr)>)", "", xml)


def unclosed(part: str, xml: str) -> list[TemplateFault]:
    """Tags that are opened and never closed in their paragraph: docxtpl would swallow the text up to the next tag.

    `xml` is the part by paragraph, before docxtpl has seen it.
    """
    return [
        TemplateFault(part, max(number, 1), _words(line), _("a tag is opened here and not closed in its paragraph"))
        for number, line in enumerate(xml.split("\n"))
        if _OPENED.search(_CLOSED.sub("", _TAGS.sub("", line)))
    ]


def faults(part: str, xml: str, names: Set[str]) -> list[TemplateFault]:
    """Every fault that can be told without running the part: syntax, what is not allowed, names that are not there."""
    lines = xml.split("\n")

    def fault(line: int, message: str) -> TemplateFault:
        return TemplateFault(part, max(line - 1, 1), _words(lines[min(line, len(lines)) - 1]), message)

    try:
        tree = environment().parse(xml)
    except TemplateSyntaxError as bad:
        return [fault(line, message) for line, message in _syntax_faults(lines, bad)]
    found = [fault(line, message) for line, message in _forbidden(tree, 0)]
    try:
        unknown = meta.find_undeclared_variables(tree) - names
    except TemplateAssertionError:
        # A filter or test that Jinja does not know: told already.
        unknown = set()
    for node in tree.find_all(nodes.Name):
        if node.name in unknown and node.ctx == "load":
            found.append(fault(node.lineno, _("unknown name {{{{ {name} }}}}").format(name=node.name)))
    return found


def _syntax_faults(lines: list[str], whole: TemplateSyntaxError) -> Iterator[tuple[int, str]]:
    """Jinja stops at its first fault; paragraphs that are broken by themselves are found one by one beside it."""
    alone = []
    for number, line in enumerate(lines, 1):
        try:
            list(environment()._tokenize(re.sub(r"{%.*?%}", "", line), None))
            environment().parse(re.sub(r"{%.*?%}", "", line))
        except TemplateSyntaxError as bad:
            alone.append((number, bad.message or ""))
    for number, message in alone:
        yield number, _("not a template: {reason}").format(reason=message)
    if (open_block := _open_block(lines)) and (whole.message or "").startswith("Unexpected end of template"):
        number, block = open_block
        yield number, _("{{% {block} %}} begins here and never ends").format(block=block)
    elif (whole.lineno, whole.message or "") not in alone:
        yield whole.lineno, _("not a template: {reason}").format(reason=whole.message or "")


def _open_block(lines: list[str]) -> tuple[int, str] | None:
    """The innermost block that is begun and never ended, with its line."""
    begun: list[tuple[int, str]] = []
    for number, line in enumerate(lines, 1):
        for word in _BLOCK.findall(_TAGS.sub("", line)):
            if word in ("if", "for"):
                begun.append((number, word))
            elif word.startswith("end") and begun:
                begun.pop()
    return begun[-1] if begun else None


def _forbidden(node: nodes.Node, loops: int) -> Iterator[tuple[int, str]]:
    for child in node.iter_child_nodes():
        if not isinstance(child, _NODES):
            yield child.lineno, _("{what} is not allowed in a template").format(what=type(child).__name__)
            continue
        if reason := _refused(child, loops):
            yield child.lineno, reason
        yield from _forbidden(child, loops + isinstance(child, nodes.For))


def _refused(node: nodes.Node, loops: int) -> str:
    names = [getattr(node, key) for key in ("name", "attr") if isinstance(getattr(node, key, None), str)]
    if isinstance(node, nodes.Getitem) and isinstance(node.arg, nodes.Const):
        names.append(str(node.arg.value))
    if any(name.startswith("_") for name in names):
        return _("names beginning with an underscore are not allowed in a template")
    if isinstance(node, nodes.Filter) and node.name not in _FILTERS:
        return _("the filter {name} is not allowed in a template").format(name=node.name)
    if isinstance(node, nodes.Test) and node.name not in _TESTS:
        return _("the test {name} is not allowed in a template").format(name=node.name)
    if isinstance(node, nodes.For) and (loops >= _LOOP_DEPTH or node.recursive):
        return _("loops may be nested {depth} deep at most").format(depth=_LOOP_DEPTH)
    return ""


def _words(line: str) -> str:
    """The paragraph as a reader sees it, with the template's tags, cut to a recognisable length."""
    text = _TAGS.sub("", line).strip()
    return text if len(text) <= 60 else text[:57] + "…"


def decided_fields(xml: str, root: str) -> set[str]:
    """The fields of `root` that the part decides on (conditions, filters, loops) rather than simply prints.

    A unit's field that is decided on must be constant in a compiled package, so it becomes part of the shape.
    """
    try:
        tree = environment().parse(xml)
    except TemplateSyntaxError:
        # Compiling the template tells what is wrong with it.
        return set()
    printed = {id(node) for output in tree.find_all(nodes.Output) for node in output.nodes}
    return {
        node.attr
        for node in tree.find_all(nodes.Getattr)
        if isinstance(node.node, nodes.Name) and node.node.name == root and id(node) not in printed
    }
