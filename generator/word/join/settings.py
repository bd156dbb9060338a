"""What a document says once for all its pages: taken over where ours is silent, made up for where it speaks.

Word measures the indent of a table to the text of its first cell up to compatibility mode 14, and to the border of
that cell from 15 on; one document has one mode.
"""

from __future__ import annotations

from lxml import etree

from generator.office.ooxml import W
from generator.office.parts import Host
from generator.word.join.source import Source

_VAL, _WIDTH = f"{W}val", f"{W}w"
_BORDER_MODE = 15
_OLDEST_MODE = 12
_CELL_MARGIN = 108
"""Twips beside the text of a cell where no style says it."""
_BEFORE_INDENT = (
    "tblStyle", "tblpPr", "tblOverlap", "bidiVisual", "tblStyleRowBandSize", "tblStyleColBandSize", "tblW", "jc",
    "tblCellSpacing",
)  # fmt: skip
_BEFORE_LINE_NUMBERS = (
    "pStyle", "keepNext", "keepLines", "pageBreakBefore", "framePr", "widowControl", "numPr",
)  # fmt: skip
BEFORE_TABS = (
    "writeProtection", "view", "zoom", "removePersonalInformation", "removeDateAndTime", "doNotDisplayPageBoundaries",
    "displayBackgroundShape", "printPostScriptOverText", "printFractionalCharacterWidth", "printFormsData",
    "embedTrueTypeFonts", "embedSystemFonts", "saveSubsetFonts", "saveFormsData", "mirrorMargins",
    "alignBordersAndEdges", "bordersDoNotSurroundHeader", "bordersDoNotSurroundFooter", "gutterAtTop",
    "hideSpellingErrors", "hideGrammaticalErrors", "activeWritingStyle", "proofState", "formsDesign",
    "attachedTemplate", "linkStyles", "stylePaneFormatFilter", "stylePaneSortMethod", "documentType", "mailMerge",
    "revisionView", "trackRevisions", "doNotTrackMoves", "doNotTrackFormatting", "documentProtection",
    "autoFormatOverride", "styleLockTheme", "styleLockQFSet",
)  # fmt: skip
BEFORE_EVEN_AND_ODD = (
    *BEFORE_TABS, "defaultTabStop", "autoHyphenation", "consecutiveHyphenLimit", "hyphenationZone",
    "doNotHyphenateCaps", "showEnvelope", "summaryLength", "clickAndTypeStyle", "defaultTableStyle",
)  # fmt: skip
"""The children of w:tblPr before w:tblInd, of w:pPr before w:suppressLineNumbers, and of w:settings before
w:defaultTabStop and w:evenAndOddHeaders."""


def insert_after(parent: etree._Element, element: etree._Element, before: tuple[str, ...]) -> None:
    """Puts an element where its schema has it: after whatever of `before` is there; it replaces its like."""
    for like in parent.findall(str(element.tag)):
        parent.remove(like)
    tags = {f"{W}{name}" for name in before}
    parent.insert(max((number for number, child in enumerate(parent, 1) if child.tag in tags), default=0), element)


def numbers_lines(source: Source) -> bool:
    """Whether lines are numbered in some section of the source."""
    return next(source.body.iter(f"{W}lnNumType"), None) is not None


def hold_line_numbers(host: Host, source: Source) -> None:
    """Keeps numbers of lines to a source that has them: in LibreOffice one section has them for the whole document."""
    if not numbers_lines(source) or next(host.body.iter(f"{W}lnNumType"), None) is not None:
        return
    holder = host.make("styles")
    for tag in ("docDefaults", "pPrDefault", "pPr"):
        inner = holder.find(f"{W}{tag}")
        if inner is None:
            inner = etree.Element(f"{W}{tag}")
            holder.insert(0 if tag == "docDefaults" else len(holder), inner)
        holder = inner
    insert_after(holder, etree.Element(f"{W}suppressLineNumbers"), _BEFORE_LINE_NUMBERS)


def take_tab_stops(host: Host, source: Source) -> None:
    """The distance of tab stops, where ours sets none: our own tabs all have stops of their own."""
    theirs = source.root("settings")
    given = None if theirs is None else theirs.find(f"{W}defaultTabStop")
    settings = host.make("settings")
    if given is not None and settings.find(f"{W}defaultTabStop") is None:
        stop = etree.Element(f"{W}defaultTabStop")
        stop.set(_VAL, given.get(_VAL, "720"))
        insert_after(settings, stop, BEFORE_TABS)


def keep_table_edges(host: Host, source: Source) -> None:
    """Moves the tables of the source by their cells' margin where the two documents measure the indent differently."""
    theirs, ours = mode(source.root("settings")) >= _BORDER_MODE, mode(host.make("settings")) >= _BORDER_MODE
    if theirs == ours:
        return
    styles = source.root("styles")
    by_id = {} if styles is None else {style.get(f"{W}styleId", ""): style for style in styles.findall(f"{W}style")}
    default = next((name for name, style in by_id.items() if _is_default_table(style)), "")
    for table in source.body.iter(f"{W}tbl"):
        if next(table.iterancestors(f"{W}tc"), None) is None:
            _move(table, by_id, default, -1 if ours else 1)


def mode(settings: etree._Element | None) -> int:
    """The compatibility mode of a document: 12 where it says nothing (MS-DOCX 2.2.5)."""
    found = [] if settings is None else settings.findall(f"{W}compat/{W}compatSetting")
    values = (one.get(_VAL, "") for one in found if one.get(f"{W}name") == "compatibilityMode")
    return next((int(value) for value in values if value.isdecimal()), _OLDEST_MODE)


def _is_default_table(style: etree._Element) -> bool:
    return style.get(f"{W}type") == "table" and style.get(f"{W}default") in ("1", "true", "on")


def _move(table: etree._Element, styles: dict[str, etree._Element], default: str, direction: int) -> None:
    properties = table.find(f"{W}tblPr")
    if properties is None:
        properties = etree.Element(f"{W}tblPr")
        table.insert(0, properties)
    reference = properties.find(f"{W}tblStyle")
    holders = [table]
    name = default if reference is None else reference.get(_VAL, "")
    while name in styles and styles[name] not in holders:
        holders.append(styles[name])
        based = styles[name].find(f"{W}basedOn")
        name = "" if based is None else based.get(_VAL, "")
    alignment = next((one for holder in holders if (one := holder.find(f"{W}tblPr/{W}jc")) is not None), None)
    floats = properties.find(f"{W}tblpPr") is not None
    if floats or (alignment is not None and alignment.get(_VAL) not in ("left", "start")):
        return
    margin = _first_width(holders, f"{W}tblPr/{W}tblCellMar/{W}left", _CELL_MARGIN)
    indent = etree.Element(f"{W}tblInd")
    indent.set(_WIDTH, str(_first_width(holders, f"{W}tblPr/{W}tblInd", 0) + direction * margin))
    indent.set(f"{W}type", "dxa")
    insert_after(properties, indent, _BEFORE_INDENT)


def _first_width(holders: list[etree._Element], path: str, otherwise: int) -> int:
    found = (one for holder in holders if (one := holder.find(path)) is not None)
    value = next(found, None)
    width = "" if value is None or value.get(f"{W}type", "dxa") != "dxa" else value.get(_WIDTH, "")
    return int(width) if width.lstrip("-").isdecimal() else otherwise
