"""The template gate: what a Word template may say, and faults named by part, paragraph and the words around them.

A template prints values, loops over lists and decides on conditions; it calls nothing, reaches into nothing and loads
nothing. Jinja's sandbox alone is not enough (methods of context objects, memory and time bombs pass it), so the syntax
tree is held against an allow-list before anything runs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from jinja2 import StrictUndefined, Template, TemplateSyntaxError, nodes, pass_context, pass_eval_context
from jinja2.filters import do_join
from jinja2.nodes import EvalContext
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment

from generator.base.i18n import _
from generator.base.values import describe, forbidden

MAX_PART = 4 * 2**20
"""Characters of a part with tags; the longest of ours has 0.1 million."""
MAX_TEXT = 20 * 2**20
"""Characters that a part may become."""
MAX_ROUNDS = 2**20
"""How often all loops of a part may go round."""

_FILTERS = ("first", "join", "last", "length", "lower", "trim", "upper")
_TESTS = ("defined", "undefined", "none", "odd", "even", "eq", "ne", "in")
_NODES: tuple[type[nodes.Node], ...] = (
    nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name, nodes.Const, nodes.Getattr, nodes.Getitem, nodes.If,
    nodes.For, nodes.Compare, nodes.Operand, nodes.And, nodes.Or, nodes.Not, nodes.Filter, nodes.Test, nodes.CondExpr,
    nodes.Concat, nodes.Add, nodes.Sub, nodes.Tuple, nodes.List,
)  # fmt: skip
_LOOP_DEPTH = 4
_DEPTH = 50
"""How deep expressions and blocks may stand in one another; Python itself gives up at 100."""
_SEPARATOR = 10
"""Characters that a list may be joined by."""
_EACH, _ROUNDS = "_each", "_rounds"
"""Our own filter around what a loop goes over, and the count it keeps: names that no template may use."""
_TAGS = re.compile(r"<[^>]*>")
_BLOCK = re.compile(r"{%[-+]?\s*(\w+)")
_OPENED = re.compile(r"{[{%#]")
_RAW = re.compile(r"{%[-+]?\s*raw\b.*?%}")
_TAG = re.compile(r"{{.*?}}|{%.*?%}|{#.*?#}")
_BRACES = re.compile(r"{[{%#]|[}%#]}")
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
    env.filters = {name: env.filters[name] for name in _FILTERS} | {"join": _join}
    env.tests = {name: env.tests[name] for name in _TESTS}
    return env


@pass_eval_context
def _join(context: EvalContext, value: Any, separator: str = "") -> str:
    """A list alone is joined: a text joined again and again would grow without end."""
    if not isinstance(value, list | tuple):
        iter(value)
        raise TypeError(_("only a list can be joined"))
    joined_list: str = do_join(context, value, separator)
    return joined_list


@pass_context
def _each(context: Context, value: Any) -> list[Any]:
    if isinstance(value, str):
        raise TypeError(_("a loop goes over a list, not over a text"))
    items = list(value)
    rounds = context.resolve(_ROUNDS)
    rounds[0] += len(items)
    if rounds[0] > MAX_ROUNDS:
        raise ValueError(_("the loops go round more than {limit} times").format(limit=MAX_ROUNDS))
    return items


@cache
def _runner() -> ImmutableSandboxedEnvironment:
    env = environment().overlay()
    env.filters = {**env.filters, _EACH: _each}
    return env


def render(program: Template, context: Mapping[str, Any]) -> str:
    """The part with the context in it. Raises whatever Python, Jinja or a limit of ours says of it."""
    pieces, size = [], 0
    for piece in program.generate({**context, _ROUNDS: [0]}):
        pieces.append(piece)
        size += len(piece)
        if size > MAX_TEXT:
            raise ValueError(_("the part becomes longer than {limit} MB").format(limit=MAX_TEXT // 2**20))
    return "".join(pieces)


def program_of(text: str) -> Template:
    """The part as Jinja runs it. Raises TemplateSyntaxError for whatever it cannot take."""
    env, tree = _runner(), _parse(text)
    for loop in tree.find_all(nodes.For):
        loop.iter = nodes.Filter(loop.iter, _EACH, [], [], None, None, lineno=loop.lineno, environment=env)
    return env.from_string(tree)


def _parse(xml: str) -> nodes.Template:
    """Jinja's tree of a part. Raises TemplateSyntaxError for whatever it cannot take."""
    try:
        tree = environment().parse(xml)
    except (RecursionError, ValueError, MemoryError) as bad:
        raise TemplateSyntaxError(_("too long or too deep"), 1) from bad
    inner: list[tuple[nodes.Node, int]] = [(tree, 0)]
    while inner:
        node, depth = inner.pop()
        if depth > _DEPTH:
            raise TemplateSyntaxError(_("more than {depth} things in one another").format(depth=_DEPTH), node.lineno)
        inner += [(child, depth + 1) for child in node.iter_child_nodes()]
    return tree


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
        if (wrong := _unpaired(line)) is None:
            continue
        if wrong.startswith("{"):
            message = _("a tag is opened here and not closed in its paragraph")
        else:
            message = _("a tag is closed here and not opened in its paragraph")
        found.append(TemplateFault(part, max(number, 1), _words(line), message))
    return found


def without_unclosed(xml: str) -> str:
    """The part without the braces of every paragraph that `unclosed` names, so that its other faults can be told."""
    lines = xml.split("\n")
    for number, line in enumerate(lines):
        if _unpaired(line) is not None:
            lines[number] = re.sub("[{}]", "", line)
    return "\n".join(lines)


def _unpaired(line: str) -> str | None:
    """The braces of a paragraph, in its text or in its attributes, that have no partner, one that opens before one that
    closes; None if all have."""
    return _first_unpaired(_TAGS.sub("", line)) or _first_unpaired("".join(_TAGS.findall(line)))


def _first_unpaired(text: str) -> str | None:
    opened, closed = "", None
    for braces in _BRACES.findall(text):
        if opened == "{#" and braces != "#}":
            continue
        if braces[0] == "{":
            if opened:
                return opened
            opened = braces
        elif not opened:
            closed = braces
        elif braces[0] == opened[1].replace("{", "}"):
            opened = ""
    return opened or closed


def faults(part: str, xml: str, names: Set[str]) -> list[TemplateFault]:
    """Every fault that can be told without running the part: syntax, what is not allowed, names that are not there."""
    lines = xml.split("\n")
    found: list[tuple[int, str]] = []
    try:
        tree = _parse(xml)
    except TemplateSyntaxError as whole:
        repair = _Repair(lines)
        found = repair.found or [(whole.lineno, _("not a template: {reason}").format(reason=whole.message))]
        tree = repair.tree
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

    `tree` has the lines of the part; a broken tag is left out, or stands as a condition that opens what it opened.
    """

    def __init__(self, lines: list[str]) -> None:
        self.found: list[tuple[int, str]] = []
        self._open: list[tuple[int, str]] = []
        self._line = 0
        repaired = []
        for self._line, line in enumerate(lines, 1):
            repaired.append(_TAG.sub(lambda tag: self._tag(tag[0]), line))
        text = "\n".join(repaired) + "".join(self._close() for _block in list(self._open))
        try:
            self.tree = _parse(text)
        except TemplateSyntaxError:
            # Every tag can be read, but not all of them in one another: no more is told than that.
            self.tree = nodes.Template([], lineno=1)

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
            _parse(alone)
        except TemplateSyntaxError as bad:
            self._fault(_("{tag} is not a template: {reason}").format(tag=_short(tag), reason=bad.message))
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
    if isinstance(node, nodes.Const) and isinstance(node.value, str) and (bad := forbidden(node.value)):
        return _("a text holds a character that no document can carry: {character}").format(
            character=describe(bad[0][1])
        )
    if isinstance(node, nodes.Filter):
        return _refused_filter(node)
    if isinstance(node, nodes.Test) and node.name not in _TESTS:
        return _("the test {name} is not allowed in a template").format(name=node.name)
    if isinstance(node, nodes.For) and (loops >= _LOOP_DEPTH or node.recursive):
        return _("loops may be nested {depth} deep at most").format(depth=_LOOP_DEPTH)
    return ""


def _refused_filter(node: nodes.Filter) -> str:
    if node.name not in _FILTERS:
        return _("the filter {name} is not allowed in a template").format(name=node.name)
    short = all(
        isinstance(given, nodes.Const) and isinstance(given.value, str) and len(given.value) <= _SEPARATOR
        for given in node.args
    )
    more = node.kwargs or node.dyn_args or node.dyn_kwargs or len(node.args) > (node.name == "join")
    if more or not short:
        return _("the filter {name} is given what it may not be given").format(name=node.name)
    return ""


# -- where tags may stand ----------------------------------------------------------------------------------------------

_BLANK = "\0"
"""Stands for each character of a tag, so that what is left can be read as markup."""
_MARKUP = re.compile(rf"<(/?)([\w:.-]+)[^>]*?(/?)>|{_BLANK}+")
_ATTRIBUTE = re.compile(r"""([\w:.-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_CONTAINERS = frozenset(
    f"w:{name}"
    for name in (
        "t", "r", "p", "tbl", "tr", "tc", "body", "hdr", "ftr", "footnotes", "footnote", "endnotes", "endnote",
        "sdtContent", "txbxContent", "hyperlink", "ins", "smartTag", "fldSimple",
    )
)  # fmt: skip
"""Elements of a story in which a tag may stand: those of text, and those that hold them."""
_WORDS = ("descr", "title", "alt")
"""Attributes of drawings that are text to a reader and to nobody else."""
_MERGED = ("w:vMerge", "w:gridSpan")
"""Where docxtpl puts what it makes of {% vm %}, {% hm %} and {% colspan %}."""
_LABELS = ("w:alias", "w:tblCaption", "w:tblDescription")
"""Elements whose w:val is such a text."""


def misplaced(part: str, raw: str, text: str, *, story: bool) -> list[TemplateFault]:
    """Tags that stand where a program would take what they print for something else than text: a field's instruction,
    the id of a relationship, a number.

    `raw` is the part by paragraph, `text` what docxtpl makes of it; in properties (no `story`) every element is text.
    """
    blanked = _TAG.sub(lambda tag: _BLANK * len(tag[0]), text)
    found = [*_in_attributes(raw, _OPENED), *_in_attributes(blanked, re.compile(_BLANK))]
    found += _in_elements(blanked) if story else ()
    lines = raw.split("\n")
    return [
        fault_at(part, lines, line, _("a tag stands in {place}, where no text belongs").format(place=place))
        for line, place in dict.fromkeys(found)
    ]


def _in_attributes(xml: str, tag: re.Pattern[str]) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(xml.split("\n"), 1):
        for markup in _MARKUP.finditer(line) if tag.search(line) else ():
            for key, *values in _ATTRIBUTE.findall(markup[0]) if markup[2] and tag.search(markup[0]) else ():
                if tag.search("".join(values)) and markup[2] not in _MERGED and not is_words(markup[2], key):
                    yield number, f"{markup[2]}/@{key}"


def is_words(element: str, attribute: str) -> bool:
    """Whether an attribute holds words for readers; names with Word's prefix."""
    return attribute in _WORDS or (attribute == "w:val" and element in _LABELS)


def _in_elements(blanked: str) -> Iterator[tuple[int, str]]:
    around: list[str] = []
    for number, line in enumerate(blanked.split("\n"), 1):
        for markup in _MARKUP.finditer(line):
            end, element, empty = markup.groups()
            if element is None:
                if around and around[-1] not in _CONTAINERS:
                    yield number, around[-1]
            elif end:
                del around[-1:]
            elif not empty:
                around.append(element)


@lru_cache(maxsize=16)
def _words(line: str) -> str:
    """The paragraph as a reader sees it, with the template's tags, cut to a recognisable length."""
    return _short(_TAGS.sub("", line).strip())


def _short(text: str) -> str:
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
        tree = _parse(xml)
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
