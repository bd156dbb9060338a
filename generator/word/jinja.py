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

from jinja2 import StrictUndefined, TemplateSyntaxError, nodes
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
_ENDED = re.compile(r"[}%#]}")
_RAW = re.compile(r"{%[-+]?\s*raw\b.*?%}")
_TAG = re.compile(r"{{.*?}}|{%.*?%}|{#.*?#}")
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
    """Tags that are opened and not closed in their paragraph, or closed and not opened: docxtpl would swallow the text
    up to the next tag, and print what is left of the other.

    `xml` is the part by paragraph, before docxtpl has seen it.
    """
    found = []
    for number, line in enumerate(xml.split("\n")):
        rest = _CLOSED.sub("", _TAGS.sub("", line))
        if _OPENED.search(rest):
            message = _("a tag is opened here and not closed in its paragraph")
        elif _ENDED.search(rest):
            message = _("a tag is closed here and not opened in its paragraph")
        else:
            continue
        found.append(TemplateFault(part, max(number, 1), _words(line), message))
    return found


def without_unclosed(xml: str) -> str:
    """The part without the braces of every paragraph that `unclosed` names, so that its other faults can be told."""
    lines = xml.split("\n")
    for number, line in enumerate(lines):
        rest = _CLOSED.sub("", _TAGS.sub("", line))
        if _OPENED.search(rest) or _ENDED.search(rest):
            lines[number] = re.sub(r"[{}](?![^<>]*>)", "", line)
    return "\n".join(lines)


def faults(part: str, xml: str, names: Set[str]) -> list[TemplateFault]:
    """Every fault that can be told without running the part: syntax, what is not allowed, names that are not there."""
    lines = xml.split("\n")
    found: list[tuple[int, str]] = []
    try:
        tree = environment().parse(xml)
    except TemplateSyntaxError as whole:
        repair = _Repair(lines)
        found = repair.found or [(whole.lineno, _("not a template: {reason}").format(reason=whole.message))]
        tree = environment().parse(repair.text)
    # Jinja reads past these before there is a tree: what stands between them would come out as it is.
    for number, line in enumerate(lines, 1):
        found += [(number, _("{what} is not allowed in a template").format(what=tag)) for tag in _RAW.findall(line)]
    found += [*_forbidden(tree, 0), *_unknown(tree, frozenset(names))]
    return [fault_at(part, lines, line, message) for line, message in sorted(set(found))]


def fault_at(part: str, lines: list[str], line: int, message: str) -> TemplateFault:
    """The fault at a line of the part by paragraph."""
    return TemplateFault(part, max(line - 1, 1), _words(lines[min(line, len(lines)) - 1]), message)


def line_of(fault: BaseException) -> int:
    """The line of a template, from 1, at which rendering it stopped."""
    line, trace = 1, fault.__traceback__
    while trace:
        if trace.tb_frame.f_code.co_filename == "<template>":
            line = trace.tb_lineno
        trace = trace.tb_next
    return line


def silenced(xml: str, line: int) -> str:
    """The part with nothing left to compute on one line, so that rendering gets beyond it to the next fault."""
    lines = xml.split("\n")
    text = re.sub(r"{{.*?}}", "", lines[line - 1])
    text = re.sub(r"{%([-+]?\s*(?:el)?if)\b.*?%}", r"{%\1 false %}", text)
    lines[line - 1] = re.sub(r"{%([-+]?\s*for\s.*?\sin)\s.*?%}", r"{%\1 [] %}", text)
    return "\n".join(lines)


class _Repair:
    """Jinja stops at its first fault: each tag by itself, every fault told, and the part as it may be read on.

    `text` has the lines of the part; a broken tag is left out, or stands as a condition that opens what it opened.
    """

    def __init__(self, lines: list[str]) -> None:
        self.found: list[tuple[int, str]] = []
        self._open: list[tuple[int, str]] = []
        self._line = 0
        repaired = []
        for self._line, line in enumerate(lines, 1):
            repaired.append(_TAG.sub(lambda tag: self._tag(tag[0]), line))
        self.text = "\n".join(repaired) + "".join(self._close() for _block in list(self._open))

    def _tag(self, tag: str) -> str:
        if tag.startswith("{#"):
            return tag
        if tag.startswith("{{"):
            return tag if self._reads(tag, tag) else ""
        return self._statement(tag, block[1] if (block := _BLOCK.match(tag)) else "")

    def _statement(self, tag: str, word: str) -> str:
        if word in ("if", "for"):
            return self._begin(tag, word)
        if word in ("elif", "else"):
            return self._otherwise(tag, word)
        if word in ("endif", "endfor"):
            return self._end(tag, word)
        return self._other(tag, word)

    def _begin(self, tag: str, word: str) -> str:
        self._open.append((self._line, word))
        if self._reads(tag, f"{tag}{{% end{word} %}}"):
            return tag
        target = re.search(r"\bfor\s+([^\W\d_]\w*)", tag)
        return f"{{% for {target[1] if target else 'item'} in [] %}}" if word == "for" else "{% if true %}"

    def _reads(self, tag: str, alone: str) -> bool:
        try:
            environment().parse(alone)
        except TemplateSyntaxError as bad:
            self._fault(_("{tag} is not a template: {reason}").format(tag=tag, reason=bad.message))
            return False
        return True

    def _fault(self, message: str) -> None:
        self.found.append((self._line, message))

    def _otherwise(self, tag: str, word: str) -> str:
        within = self._open[-1][1] if self._open else ""
        if not within or (word == "elif" and within == "for"):
            self._fault(_("{tag} belongs to no {{% if %}}").format(tag=tag))
            return ""
        alone = f"{{% if true %}}{tag}{{% endif %}}"
        return tag if self._reads(tag, alone) else ("{% elif false %}" if word == "elif" else "")

    def _end(self, tag: str, word: str) -> str:
        block = word.removeprefix("end")
        if block not in {opened for _line, opened in self._open}:
            self._fault(_("{tag} ends nothing").format(tag=tag))
            return ""
        before = ""
        while self._open[-1][1] != block:
            before += self._close()
        self._open.pop()
        return f"{before}{{% {word} %}}"

    def _close(self) -> str:
        line, block = self._open.pop()
        self.found.append((line, _("{{% {block} %}} begins here and never ends").format(block=block)))
        return f"{{% end{block} %}}"

    def _other(self, tag: str, word: str) -> str:
        if word in ("include", "import", "from", "extends", "set") and self._reads(tag, tag):
            return tag
        if not word.startswith("end"):
            self._fault(_("{what} is not allowed in a template").format(what=tag))
        return ""


def _unknown(node: nodes.Node, known: frozenset[str]) -> Iterator[tuple[int, str]]:
    """Names that are read and that neither the context nor a loop around gives."""
    if isinstance(node, nodes.Name) and node.ctx == "load" and node.name not in known:
        yield node.lineno, _("unknown name {{{{ {name} }}}}").format(name=node.name)
    within = known
    if isinstance(node, nodes.For):
        targets = node.target.find_all(nodes.Name) if not isinstance(node.target, nodes.Name) else [node.target]
        within = known | {target.name for target in targets} | {"loop"}
    for child in node.iter_child_nodes():
        around = isinstance(node, nodes.For) and child is node.iter
        yield from _unknown(child, known if around else within)


def _forbidden(node: nodes.Node, loops: int) -> Iterator[tuple[int, str]]:
    for child in node.iter_child_nodes():
        if not isinstance(child, _NODES):
            # Some nodes that Jinja makes up for others have no line of their own.
            line = next((node.lineno for node in (child, *child.find_all(nodes.Node)) if node.lineno), 1)
            yield line, _("{what} is not allowed in a template").format(what=type(child).__name__)
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


def printed_fields(xml: str, root: str) -> set[str]:
    """The fields of `root` that the part simply prints."""
    try:
        tree = environment().parse(xml)
    except TemplateSyntaxError:
        return set()
    printed = [node for output in tree.find_all(nodes.Output) for node in output.nodes]
    fields = [node for node in printed if isinstance(node, nodes.Getattr)]
    return {field.attr for field in fields if isinstance(field.node, nodes.Name) and field.node.name == root}


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
    } | {
        str(node.arg.value)
        for node in tree.find_all(nodes.Getitem)
        if isinstance(node.node, nodes.Name) and node.node.name == root and isinstance(node.arg, nodes.Const)
    }
