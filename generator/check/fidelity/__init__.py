"""Whether an appended source is still what its sender made: the source and its pages in the result, fact by fact."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from generator.base.i18n import _, listed
from generator.base.problems import Problems, Where, error
from generator.check.fidelity.facts import OPTIONS, Paging, facts, paging, setting_term, settings
from generator.office.gate import open_package
from generator.office.ooxml import W, main_part, xml
from generator.office.package import compile_package
from generator.reading.document import read_document, refuse_foreign
from generator.word.join import EXTENT
from generator.word.join.source import omissions, read_source


@dataclass(frozen=True)
class Aspect:
    """One kind of facts, each a line of text in reading order, of the source and of its pages in the result."""

    name: str
    before: tuple[str, ...]
    after: tuple[str, ...]

    @property
    def label(self) -> str:
        """What the facts are, for whoever reads the report."""
        return {
            "text": _("paragraphs and tables"),
            "numbering": _("counted numbers"),
            "formats": _("formats of text"),
            "tables": _("tables"),
            "images": _("pictures"),
            "sections": _("sections"),
            "headers and footers": _("headers and footers"),
            "footnotes": _("footnotes"),
            "references": _("references"),
            "links": _("links"),
            "text boxes": _("text boxes"),
            "content controls": _("content controls"),
        }[self.name]

    @property
    def kept(self) -> bool:
        """Whether everything of the source is there, in its order; something may have been added."""
        return list(self.before) == [line for line in self.after if line in self.before]

    @property
    def lost(self) -> list[str]:
        """What the source has and the result has not; empty where only the order differs."""
        return list((Counter(self.before) - Counter(self.after)).elements())

    @property
    def added(self) -> list[str]:
        """What the result has beyond the source: our page numbers, where it has none."""
        return list((Counter(self.after) - Counter(self.before)).elements())


@dataclass(frozen=True)
class Report:
    """Every aspect compared; what was left out or changed on purpose; and what the whole document now says otherwise.

    `settings` are what one document says once for all its pages: ours stay, so the source's give way.
    """

    aspects: tuple[Aspect, ...]
    omitted: tuple[str, ...]
    settings: tuple[str, ...]

    @property
    def kept(self) -> bool:
        return all(aspect.kept for aspect in self.aspects)

    def settings_named(self) -> str:
        """The settings that differ, for whoever sends the document."""
        return listed(dict.fromkeys(setting_term(each.partition(":")[0]) for each in self.settings))

    def summary(self) -> str:
        """In a line, how many facts of each sort are kept, for whoever sends the document."""
        kept = [each for each in self.aspects if each.kept and each.before]
        return listed(_("{facts}: {count}").format(facts=each.label, count=len(each.before)) for each in kept)


def report(source: bytes, result: bytes, number: int = 1) -> Report:
    """Compares a source with its pages in a result, where it is the `number`th source that was joined.

    Text and numbering, formats as they apply, tables, pictures (by hash), page geometry, headers and footers, notes,
    bookmarks with what refers to them, links, text boxes and content controls. Raises Problems when either is no Word
    document, or the result has no such source.
    """
    theirs, ours = Told(source, Where("source.docx")), Told(pages_of(result, number), Where("result.docx"))
    return Report(
        tuple(Aspect(name, before, ours.facts[name]) for name, before in theirs.facts.items()),
        (*theirs.omitted, *_recounted(theirs.paging, ours.paging)),
        tuple(
            _difference(name, value, ours.settings[name])
            for name, value in theirs.settings.items()
            if value != ours.settings[name]
        ),
    )


class Told:
    """All that is compared of a document, which is opened once. Raises Problems when it is no Word document."""

    def __init__(self, data: bytes, where: Where) -> None:
        source = read_source(data, where)
        self.settings, self.paging, self.omitted = settings(source), paging(source), omissions(source)
        document = read_document(data, where.file)
        refuse_foreign(document)
        self.facts = facts(source, document)


def _difference(name: str, theirs: str, ours: str) -> str:
    """A setting that differs; of options, those that the source has not (+) or has alone (-)."""
    before, after = theirs.split(), ours.split()
    if name != OPTIONS:
        return f"{name}: {theirs} → {ours}"
    added, gone = ([one for one in some if one not in others] for some, others in ((after, before), (before, after)))
    return " ".join([f"{name}:", *(f"+{one}" for one in added), *(f"-{one}" for one in gone)])


def _recounted(before: Paging, after: Paging) -> Iterator[str]:
    """How pages are counted otherwise than in the source."""
    if "NUMPAGES" in before.counts and "NUMPAGES" in after.counts:
        yield _("the number of pages (NUMPAGES) is that of the whole notice")
    elif "NUMPAGES" in before.counts:
        yield _("the number of pages (NUMPAGES) is counted in Word only (SECTIONPAGES)")
    lost = [one for one, other in zip(before.starts, after.starts, strict=False) if one and one != other]
    if lost:
        yield _("page numbers run on and do not begin with {starts}").format(starts=listed(lost))


def pages_of(result: bytes, number: int = 1) -> bytes:
    """The pages of the `number`th joined source as a document of their own. Raises Problems when there are none."""
    where = Where("result.docx")
    parts = open_package(result, where)
    main = main_part(parts)
    root = xml(parts[main], Where(main))
    body = root.find(f"{W}body")
    blocks = [] if body is None else _extent(body, f"{EXTENT}{number}")
    if body is None or not blocks:
        message = _("the document holds no appended source {number}").format(number=number)
        raise Problems([error("source-not-there", where, message)])
    ending = next((section for section in reversed(blocks[-1].findall(f"{W}pPr/{W}sectPr"))), None)
    last = body[-1] if ending is None else ending
    body[:] = [*blocks, last]
    return compile_package({**parts, main: etree.tostring(root, encoding="UTF-8")}).stamp({}).data


def _extent(body: etree._Element, name: str) -> list[etree._Element]:
    """The blocks between the two ends of a bookmark that stand in the body itself."""
    start = next((mark for mark in body.findall(f"{W}bookmarkStart") if mark.get(f"{W}name") == name), None)
    blocks: list[etree._Element] = []
    for block in () if start is None else start.itersiblings():
        if block.tag == f"{W}bookmarkEnd" and start is not None and block.get(f"{W}id") == start.get(f"{W}id"):
            break
        blocks.append(block)
    return blocks
