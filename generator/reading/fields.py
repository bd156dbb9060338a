"""Fields of a story, simple and complex, as one thing that has an instruction (ECMA-376 Part 1, 17.16)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from generator.office.ooxml import W, remove, unwrap

_FROZEN = {
    "TOC", "INDEX", "TOA", "FILENAME", "AUTHOR", "TITLE", "SUBJECT", "KEYWORDS", "COMMENTS", "INFO", "DOCPROPERTY",
    "DOCVARIABLE", "CREATEDATE", "SAVEDATE", "PRINTDATE", "LASTSAVEDBY", "EDITTIME", "NUMWORDS", "NUMCHARS",
    "TEMPLATE", "FILESIZE", "DATE", "TIME", "USERNAME", "USERINITIALS", "USERADDRESS", "SECTION", "RD", "REVNUM",
    "ASK", "FILLIN", "FORMTEXT", "MERGEFIELD", "MERGEREC", "MERGESEQ", "NEXT",
    "NEXTIF", "SKIPIF", "ADDRESSBLOCK", "GREETINGLINE", "PRINT",
}  # fmt: skip
"""Fields that read the file, the whole document, the clock or whoever opens it: there they would say something else."""
_COMPUTED = {"IF", "COMPARE", "=", "QUOTE"}
"""Fields that compute with others: they stay only where they compute with a page's number or the like."""


@dataclass
class Field:
    """A field: the elements that hold its instruction, and those that only mark where its parts begin and end.

    `unseen` is whatever stands before its result: its instruction, and the results of fields in it; `results` whatever
    its result is made of, results of fields in that among it.
    """

    simple: etree._Element | None = None
    instructions: list[etree._Element] = field(default_factory=list)
    marks: list[etree._Element] = field(default_factory=list)
    unseen: list[etree._Element] = field(default_factory=list)
    results: list[etree._Element] = field(default_factory=list)
    inner: list[Field] = field(default_factory=list)
    in_result: bool = False

    @property
    def instruction(self) -> str:
        if self.simple is not None:
            return self.simple.get(f"{W}instr", "")
        return "".join(element.text or "" for element in self.instructions)

    @instruction.setter
    def instruction(self, text: str) -> None:
        if self.simple is not None:
            self.simple.set(f"{W}instr", text)
            return
        for number, element in enumerate(self.instructions):
            element.text = "" if number else text
            element.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")

    @property
    def keyword(self) -> str:
        words = self.instruction.split()
        first = words[0].upper() if words else ""
        return "=" if first.startswith("=") else first

    @property
    def computes(self) -> bool:
        """Whether it computes with other fields."""
        return self.keyword in _COMPUTED

    @property
    def frozen(self) -> bool:
        """Whether it has to become its last result; of one without a result nothing is left."""
        if self.computes:
            return all(one.frozen for one in self.inner)
        return self.keyword in _FROZEN

    def freeze(self) -> None:
        """Leaves of the field what it shows."""
        if self.simple is not None:
            unwrap(self.simple)
        for element in (*self.marks, *self.unseen):
            run = element.getparent()
            remove(element)
            if run is not None and run.tag == f"{W}r" and all(child.tag == f"{W}rPr" for child in run):
                remove(run)


def fields(story: etree._Element) -> Iterator[Field]:
    """Every field of the story, inner ones before the one around them."""
    open_fields: list[Field] = []
    for element in list(story.iter(etree.Element)):
        if element.tag == f"{W}fldSimple":
            yield Field(simple=element, results=[each for each in element.iter() if _is_run_content(each)])
        elif element.tag == f"{W}fldChar":
            yield from _marked(open_fields, element)
        elif open_fields and _is_run_content(element):
            if element.tag == f"{W}instrText" and not open_fields[-1].in_result:
                open_fields[-1].instructions.append(element)
            for one in open_fields:
                (one.results if one.in_result else one.unseen).append(element)


def drop_unseen(story: etree._Element) -> None:
    """Removes what no reader sees though it looks like text: the results of fields inside the instruction of others."""
    for one in list(fields(story)):
        for element in one.unseen:
            if element.tag != f"{W}instrText":
                remove(element)


def _marked(open_fields: list[Field], mark: etree._Element) -> Iterator[Field]:
    """Takes a field's mark; gives the field when it is its end."""
    kind = mark.get(f"{W}fldCharType")
    if kind == "begin":
        open_fields.append(Field())
    if not open_fields:
        return
    open_fields[-1].marks.append(mark)
    open_fields[-1].in_result |= kind == "separate"
    if kind == "end":
        done = open_fields.pop()
        for around in open_fields[-1:]:
            around.inner.append(done)
        yield done


def _is_run_content(element: etree._Element) -> bool:
    parent = element.getparent()
    return parent is not None and parent.tag == f"{W}r" and element.tag != f"{W}rPr"


_WORD = r'(?:"(?P<quoted>[^"]*)"|(?P<bare>[^\s"\\]+))'
_TO_BOOKMARK = re.compile(rf"^\s*(?:REF|PAGEREF|NOTEREF)\s+{_WORD}", re.IGNORECASE)
_TO_ANCHOR = re.compile(rf"^\s*HYPERLINK\b.*?\\l\s+{_WORD}", re.IGNORECASE)
_TO_SEQUENCE = re.compile(rf"^\s*SEQ\s+{_WORD}", re.IGNORECASE)
_TO_STYLE = re.compile(rf"^\s*STYLEREF\s+{_WORD}", re.IGNORECASE)


@dataclass(frozen=True)
class Names:
    """What the names of a source are called where it is joined: bookmarks and styles (by lower case), sequences."""

    bookmarks: dict[str, str]
    styles: dict[str, str]
    prefix: str

    def bookmark(self, name: str) -> str:
        return self.bookmarks.get(name.lower(), name)

    def style(self, name: str) -> str:
        """A style as a field calls it: by its name, by a heading's name in Chinese Word, or by a heading's level."""
        heading = re.fullmatch(r"(?:标题\s*)?([1-9])", name)
        known = f"heading {heading[1]}" if heading else name
        return self.styles.get(known.lower(), self.styles.get(name.lower(), name))

    def sequence(self, name: str) -> str:
        return f"{self.prefix}{name}"


def renamed(instruction: str, names: Names) -> str:
    """The instruction with the names that it refers to as they are now."""
    rules = (
        (_TO_BOOKMARK, names.bookmark),
        (_TO_ANCHOR, names.bookmark),
        (_TO_SEQUENCE, names.sequence),
        (_TO_STYLE, names.style),
    )
    for pattern, rename in rules:
        if match := pattern.match(instruction):
            group = "bare" if match["bare"] is not None else "quoted"
            new = rename(match[group])
            new = f'"{new}"' if group == "bare" and " " in new else new
            return instruction[: match.start(group)] + new + instruction[match.end(group) :]
    words = instruction.split()
    if words and words[0].lower() in names.bookmarks:  # {name} alone is short for {REF name}
        return instruction.replace(words[0], names.bookmark(words[0]), 1)
    return instruction
