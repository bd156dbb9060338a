"""Where the elements of a part of XML stand in its bytes, so that one can be changed and every other byte kept."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from xml.parsers.expat import ParserCreate
from xml.sax.saxutils import escape

_TAG = re.compile(rb"<[^\s/>]+(?:\s+[^\s=]+\s*=\s*(?:\"[^\"]*\"|'[^']*'))*\s*/?>")


@dataclass
class Span:
    """An element: `start` to `stop` are its bytes, `inner` to `close` those between its tags; `tag` has no prefix.

    `text` is the characters that stand directly in it.
    """

    tag: str
    prefix: str
    attributes: dict[str, str]
    start: int
    inner: int
    close: int = 0
    stop: int = 0
    text: str = ""
    children: list[Span] = field(default_factory=list)

    @property
    def is_empty_tag(self) -> bool:
        """Whether it is written <so/>, and so has no inside that could be filled."""
        return self.inner == self.stop

    def iter(self, *tags: str) -> Iterator[Span]:
        """The element and all below it that have one of these names, in the order of the document."""
        if self.tag in tags:
            yield self
        for child in self.children:
            yield from child.iter(*tags)

    def child(self, tag: str) -> Span | None:
        return next((child for child in self.children if child.tag == tag), None)


def spans(data: bytes) -> Span:
    """The root of a part in UTF-8 without a document type, as the gate admits it. Raises ExpatError."""
    parser = ParserCreate()
    parser.buffer_text = False
    stack: list[Span] = [Span("", "", {}, 0, 0)]

    def begin(name: str, attributes: dict[str, str]) -> None:
        start = parser.CurrentByteIndex
        tag = _TAG.match(data, start)
        prefix, _colon, local = name.rpartition(":")
        span = Span(local, prefix, attributes, start, tag.end() if tag else start)
        stack[-1].children.append(span)
        stack.append(span)

    def end(_name: str) -> None:
        span = stack.pop()
        if data[span.inner - 2 : span.inner] == b"/>":
            span.close = span.stop = span.inner
        else:
            span.close = parser.CurrentByteIndex
            span.stop = data.index(b">", span.close) + 1

    def characters(text: str) -> None:
        stack[-1].text += text

    parser.StartElementHandler, parser.EndElementHandler = begin, end
    parser.CharacterDataHandler = characters
    parser.Parse(data, True)
    return stack[0].children[0]


def spliced(data: bytes, edits: Iterable[tuple[int, int, bytes]]) -> bytes:
    """The bytes with those from one place to another replaced, for each edit; they do not overlap."""
    for start, stop, new in sorted(edits, reverse=True):
        data = data[:start] + new + data[stop:]
    return data


def escaped(text: str) -> bytes:
    return escape(text).encode()
