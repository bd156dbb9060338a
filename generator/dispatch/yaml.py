"""The strict reading of YAML: every scalar as text, nothing that acts at a distance, and the place of everything."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml

from generator.base.i18n import _
from generator.base.problems import Problem, Problems, Where, error
from generator.base.values import describe, normalise
from generator.dispatch.dispatch import Path_

MAX_BYTES, MAX_NODES, MAX_DEPTH = 1_000_000, 50_000, 20
"""What no spec of hand needs; beyond them, a file is refused before it costs memory."""


@dataclass
class Reading:
    """What a YAML file says, and where.

    `data`     mappings, lists and text; each scalar is text
    `places`   by path: a scalar's own place (in a block, that of its first line); for a mapping or list that of its key
    `keys`     by path: the place of the key
    `broken`   paths whose value could not be read and is "" in `data`
    """

    data: dict[str, Any] = field(default_factory=dict)
    places: dict[Path_, Where] = field(default_factory=dict)
    keys: dict[Path_, Where] = field(default_factory=dict)
    broken: set[Path_] = field(default_factory=set)
    problems: list[Problem] = field(default_factory=list)


def read_yaml(content: bytes, file: str) -> Reading:
    """The mapping that `content` (UTF-8) holds. `file` is its name in messages.

    Problems of single values are in `Reading.problems`; a file that cannot be read to its end raises Problems.
    """
    text = _decode(content, file)
    reader = _Reader(file, text)
    try:
        reader.document()
    except yaml.MarkedYAMLError as fault:
        raise Problems([*reader.reading.problems, _syntax_problem(fault, file, text)]) from None
    except (ValueError, OverflowError) as fault:
        # PyYAML makes numbers of an escape in a text and of a %YAML directive, and minds their size as Python does.
        mark = reader.loader.get_mark()
        message = _("the line holds a number that nothing can be made of ({detail})").format(detail=fault)
        hint = _("Look to the backslash, and write the character itself.")
        found = error("yaml-syntax", Where(file, mark.line + 1, mark.column + 1), message, hint)
        raise Problems([*reader.reading.problems, found]) from None
    return reader.reading


# -- bytes to text -----------------------------------------------------------------------------------------------------


def _decode(content: bytes, file: str) -> str:
    if len(content) > MAX_BYTES:
        size = _("The file has {size} bytes; the limit is {limit}.").format(size=len(content), limit=MAX_BYTES)
        raise Problems([error("too-large", Where(file), _("the file is too large for a spec"), size)])
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        where = _place_of(content[: fault.start].decode("utf-8", "replace"), file)
        message = _("the file is not UTF-8 text")
        raise Problems([error("bad-encoding", where, message, _("Save it as UTF-8 in your editor."))]) from None
    # To PyYAML a NUL is the end of the file, and the others are line ends, which it would turn into spaces.
    if found := re.search("[\x00\x85\u2028\u2029]", text):
        message = _("the file holds a character that no document can carry: {character}").format(
            character=describe(found[0])
        )
        raise Problems([error("bad-character", _place_of(text[: found.start()], file), message, _("Delete it."))])
    return text


def _place_of(before: str, file: str) -> Where:
    lines = _lines(before)
    return Where(file, len(lines), len(lines[-1]) + 1)


def _lines(text: str) -> list[str]:
    return re.split("\r\n|\r|\n", text)


# -- text to data ------------------------------------------------------------------------------------------------------


class _Loader(yaml.reader.Reader, yaml.scanner.Scanner, yaml.parser.Parser):
    """PyYAML as far as events; what they mean is decided here."""

    def __init__(self, text: str) -> None:
        yaml.reader.Reader.__init__(self, text)
        yaml.scanner.Scanner.__init__(self)
        yaml.parser.Parser.__init__(self)

    def check_printable(self, data: str) -> None:
        """The value gate refuses unprintable characters too, but knows in which value they stand."""


class _Reader:
    def __init__(self, file: str, text: str) -> None:
        self.file = file
        self.lines = _lines(text)
        self.loader = _Loader(text)
        self.reading = Reading()

    def document(self) -> None:
        """Reads the one document of the file."""
        events = self._events()
        first = next(events, None)
        if first is None or _is_nothing(first):
            self._stop(
                "empty-file",
                Where(self.file, 1, 1),
                _("the file is empty"),
                _("Write key, colon, space, value, as in: title: 关于……的通知"),
            )
        if not isinstance(first, yaml.MappingStartEvent):
            raise Problems([self._not_a_mapping(first)])
        self.reading.places[()] = self._where(first)
        self._refuse_decoration(first)
        self.reading.data = self._mapping((), events)
        if another := next(events, None):
            message = _("a second document begins here")
            self._stop("yaml-documents", self._where(another), message, _("Delete it, and the line of --- before it."))

    def _events(self) -> Iterator[Any]:
        nodes = depth = 0
        while self.loader.check_event():
            event = self.loader.get_event()  # type: ignore[no-untyped-call]
            nodes += isinstance(event, yaml.NodeEvent)
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            if nodes > MAX_NODES:
                limit = _("The limit is {limit} values.").format(limit=MAX_NODES)
                self._stop("too-many", self._where(event), _("the file holds too many values"), limit)
            if depth > MAX_DEPTH:
                limit = _("The limit is {limit} levels.").format(limit=MAX_DEPTH)
                self._stop("too-deep", self._where(event), _("the values are nested too deeply"), limit)
            if isinstance(event, (yaml.NodeEvent, yaml.CollectionEndEvent)):
                yield event

    def _mapping(self, path: Path_, events: Iterator[Any]) -> dict[str, Any]:
        mapping: dict[str, Any] = {}
        for key_event in events:
            if isinstance(key_event, yaml.MappingEndEvent):
                break
            key = self._key(key_event, path, events)
            value_event = next(events)
            if key is None:
                self._skip(value_event, events)
                continue
            here = (*path, key)
            where = self._where(key_event)
            if key in mapping:
                message = _('key "{key}" stands here a second time').format(key=key)
                first = _("The first is on line {line}. Keep one of the two.").format(line=self.reading.keys[here].line)
                self._report("duplicate-key", where, message, first)
                self._skip(value_event, events)
                continue
            self.reading.keys[here] = where
            mapping[key] = self._value(value_event, here, where, events)
        return mapping

    def _sequence(self, path: Path_, events: Iterator[Any]) -> list[Any]:
        items: list[Any] = []
        for event in events:
            if isinstance(event, yaml.SequenceEndEvent):
                break
            items.append(self._value(event, (*path, len(items)), self._where(event), events))
        return items

    def _value(self, event: Any, path: Path_, where: Where, events: Iterator[Any]) -> Any:
        """The value that begins with `event`; `where` is the place of its key, or of the item."""
        self.reading.places[path] = where
        if not self._refuse_decoration(event):
            self._skip(event, events)
        elif isinstance(event, yaml.MappingStartEvent):
            return self._mapping(path, events)
        elif isinstance(event, yaml.SequenceStartEvent):
            return self._sequence(path, events)
        elif _is_nothing(event):
            name = path[-1]
            if isinstance(name, int):
                self._report(
                    "no-value", where, _("this item of the list has no value"), _("Write one, or delete the item.")
                )
            else:
                message = _('"{key}" has no value').format(key=name)
                self._report("no-value", where, message, _("Write one after the colon, or delete the line."))
        else:
            self.reading.places[path] = self._where(event)
            return event.value
        self.reading.broken.add(path)
        return ""

    def _key(self, event: Any, path: Path_, events: Iterator[Any]) -> str | None:
        if isinstance(event, yaml.ScalarEvent):
            if event.value == "<<" and event.implicit[0]:
                message = _("a merge key << is not allowed")
                self._report("yaml-merge", self._where(event), message, _("Write the keys out."))
                return None
            if not self._refuse_decoration(event) or self._refuse_odd(event):
                return None
            return normalise(event.value)
        if not isinstance(event, yaml.AliasEvent):
            message = _("a key must be a plain word")
            hint = _('If this is text that begins with a bracket, such as {{ event.name }}, put it in "quotes".')
            self._report("yaml-key", self._where(event), message, hint)
        else:
            self._refuse_decoration(event)
        self._skip(event, events)
        if path:
            self.reading.broken.add(path)
        return None

    def _refuse_odd(self, event: Any) -> bool:
        """Whether the key begins with a blank or a hyphen that YAML does not take for one."""
        if not _ODD_KEY.match(event.value):
            return False
        where = self._where(event)
        self.reading.problems.append(_odd_sign(self.lines, [(where.line or 1) - 1], self.file) or _odd_blank(where))
        return True

    def _skip(self, event: Any, events: Iterator[Any]) -> None:
        """Passes over a value that was refused as a whole."""
        depth = 0
        while True:
            if isinstance(event, yaml.CollectionStartEvent):
                depth += 1
            elif isinstance(event, yaml.CollectionEndEvent):
                depth -= 1
            if depth == 0:
                return
            event = next(events)

    def _refuse_decoration(self, event: Any) -> bool:
        """Whether the node has no anchor, alias or tag: with one, a value is not what it shows."""
        hint = _('Write the value itself; if this is text, put it in "quotes".')
        if isinstance(event, yaml.AliasEvent):
            message = _("the alias *{name} is not allowed").format(name=event.anchor)
            self._report("yaml-alias", self._where(event), message, hint)
            return False
        if event.anchor is not None:
            message = _("the anchor &{name} is not allowed").format(name=event.anchor)
            self._report("yaml-anchor", self._where(event), message, hint)
            return False
        if event.tag is not None:
            message = _("the tag {name} is not allowed").format(name=event.tag.replace("tag:yaml.org,2002:", "!!"))
            self._report("yaml-tag", self._where(event), message, hint)
            return False
        return True

    def _not_a_mapping(self, event: Any) -> Problem:
        if isinstance(event, yaml.ScalarEvent) and (
            problem := _full_width_colon(self.lines, range(len(self.lines)), self.file)
        ):
            return problem
        if isinstance(event, yaml.SequenceStartEvent):
            message = _("the file is a list; it must be a mapping of keys and values")
        else:
            message = _("the file must be a mapping of keys and values")
        return error(
            "not-a-mapping",
            self._where(event),
            message,
            _("Write key, colon, space, value, as in: title: 关于……的通知"),
        )

    def _where(self, event: Any) -> Where:
        mark = event.start_mark
        line: int = mark.line
        if isinstance(event, yaml.ScalarEvent) and event.style in ("|", ">") and line + 1 < len(self.lines):
            text = self.lines[line + 1]
            return Where(self.file, line + 2, len(text) - len(text.lstrip(" ")) + 1)
        return Where(self.file, line + 1, mark.column + 1)

    def _report(self, code: str, where: Where, message: str, hint: str) -> None:
        self.reading.problems.append(error(code, where, message, hint))

    def _stop(self, code: str, where: Where, message: str, hint: str) -> None:
        raise Problems([*self.reading.problems, error(code, where, message, hint)])


def _is_nothing(event: Any) -> bool:
    return (
        isinstance(event, yaml.ScalarEvent) and event.style is None and event.value in ("", "~", "null", "Null", "NULL")
    )


# -- faults of syntax --------------------------------------------------------------------------------------------------

_FULL_WIDTH_KEY = re.compile(r"\s*(?:- +)*([^\s:：#\"'\[{|>-][^:：#\"']{0,30}?)\s*：")


def _full_width_colon(lines: list[str], numbers: Iterable[int], file: str) -> Problem | None:
    """The first of these lines (from 0) that would be `key: value` but for a full-width colon."""
    for number in numbers:
        if match := _FULL_WIDTH_KEY.match(lines[number]):
            message = _('the colon after "{key}" is a full-width one (：)').format(key=match[1])
            hint = _("Type an ordinary colon and a space: {key}: …").format(key=match[1])
            return error("full-width-colon", Where(file, number + 1, match.end()), message, hint)
    return None


_ODD_BLANK = re.compile("[\xa0\u2000-\u200b\u202f\u3000\ufeff]")
_ODD_LINE = re.compile(
    rf"[ ]*{_ODD_BLANK.pattern}\s*[A-Za-z_]\w*\s*:(?:\s|$)|\s*(?:-[ ]+)*[A-Za-z_]\w*:{_ODD_BLANK.pattern}"
)
_ODD_KEY = re.compile(rf"{_ODD_BLANK.pattern}|[－—–−]\s")
_ODD_SIGNS = re.compile(
    rf"""
      (?P<blank>^[ ]*{_ODD_BLANK.pattern})
    | (?P<after>^\s*(?:-[ ]+)*[A-Za-z_]\w*:{_ODD_BLANK.pattern})
    | (?P<dash>^\s*[－—–−](?=\s|$))
    | (?P<bracket>(?:^|[:：,，\[{{]|-\s)\s*(?P<sign>[｛［]))
    | (?P<comma>[\[{{][^\]}}]*(?P<between>，)\s*[A-Za-z_]\w*\s*[:：])
    """,
    re.VERBOSE,
)
"""What a Chinese keyboard types where YAML means the half-width sign."""


def _odd_sign(lines: list[str], numbers: Iterable[int], file: str) -> Problem | None:
    """The first of these lines (from 0) with a sign of YAML in full width."""
    for number in numbers:
        if match := _ODD_SIGNS.search(lines[number]):
            if match["blank"]:
                return _odd_blank(Where(file, number + 1, match.end()), match[0][-1])
            if match["after"]:
                message = _("after the colon stands {blank}").format(blank=describe(match[0][-1]))
                hint = _("Type an ordinary space.")
                return error("full-width-sign", Where(file, number + 1, match.end()), message, hint)
            sign = match["sign"] or match["between"] or match[0].strip()
            column = match.start("sign" if match["sign"] else "between" if match["between"] else 0) + 1
            message = _('the sign "{sign}" is a full-width one').format(sign=sign)
            hint = _("Type it in half width: [ ] {{ }} - , and a space after the hyphen.").format()
            return error("full-width-sign", Where(file, number + 1, column), message, hint)
    return None


def _odd_blank(where: Where, blank: str = "\u3000") -> Problem:
    message = _("the line is indented with {blank}").format(blank=describe(blank))
    return error("full-width-sign", where, message, _("Indent with ordinary spaces."))


def _syntax_problem(fault: yaml.MarkedYAMLError, file: str, text: str) -> Problem:
    lines = _lines(text)
    mark = fault.problem_mark or fault.context_mark
    if fault.context_mark and str(fault.problem).startswith(("could not find expected ':'", "found unexpected end")):
        mark = fault.context_mark
    number, column = (min(mark.line, len(lines) - 1), mark.column) if mark else (0, 0)
    near = [number, *(line for line in range(number - 1, -1, -1) if lines[line].strip())][:2]
    if problem := _full_width_colon(lines, near, file) or _odd_sign(lines, near, file):
        return problem
    indented = (number for number, line in enumerate(lines) if _ODD_LINE.match(line))
    if problem := _odd_sign(lines, indented, file):
        return problem
    message, hint = _explain(f"{fault.context or ''}; {fault.problem or ''}", lines[number])
    return error("yaml-syntax", Where(file, number + 1, column + 1), message, hint)


def _explain(fault: str, line: str) -> tuple[str, str]:
    """PyYAML's words for a fault of syntax, in those of the person who wrote the line."""
    quotes = _('Put text that begins with a bracket or sign, or that holds ": ", in "quotes".')
    indent = _("Lines of one level begin in the same column; what belongs to a key stands further right.")
    if "\t" in line and "'\\t'" in fault:
        return _("the line is indented with a tab"), _("Use spaces.")
    known = {
        "could not find expected ':'": (_('this line is not "key: value"'), _("After a key come a colon and a space.")),
        "mapping values are not allowed": (_("no key can stand here"), f"{indent} {quotes}"),
        "cannot start any token": (_("a value cannot begin with this character"), quotes),
        "while scanning a quoted": (
            _("the quotation mark that opens here is never closed"),
            _("Close it, or double it where it is part of the text."),
        ),
        "while scanning a double-quoted": (
            _("unknown escape after a backslash"),
            _("Write the text in 'single quotes'."),
        ),
        "while parsing a flow": (_("a bracket is not closed, or a comma is missing"), quotes),
        "while parsing a block": (_("the line does not fit those above it"), f"{indent} {quotes}"),
    }  # fmt: skip
    for words, explanation in known.items():
        if words in fault:
            return explanation
    return _("the line is not valid YAML ({detail})").format(detail=fault.strip("; ")), quotes
