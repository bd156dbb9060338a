"""What in a file would run, fetch or embed something when it is opened: such a file is not passed on to anyone.

Content types, relationships and fields are held against lists of those that programs write in ordinary documents and
that do nothing by themselves. Functions of formulas are too many for that; of these the list is of those that do.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import unquote

from lxml import etree

from generator.base.i18n import _
from generator.base.problems import Problem, Problems, Where, error
from generator.office.gate import content_types, is_xml, open_package
from generator.office.ooxml import ADDRESS, R_NS, R, S, W, is_outside, local, part_at, xml

_ACTIVE_TYPE = (
    "macroenabled", "macrosheet", "vbaproject", "vbadata", "activex", "webextension", "externallink", "connections",
    "dialogsheet", "attachedtoolbars", "jsaproject", "customui", "oleobject",
)  # fmt: skip
_KNOWN_TYPE = re.compile(
    r"(application|text)/xml|(image|audio|video|font)/[\w.+-]+|application/(x-font[\w-]*|font-[\w-]+|postscript)"
    r"|application/(inkml|rdf|mathml)\+xml|application/vnd\.openxmlformats-package\.[\w.+-]+"
    r"|application/vnd\.(openxmlformats-officedocument|ms-(office|word|excel|powerpoint)|wps-officedocument)\.[\w.+-]+"
    r"|application/vnd\.ms-package\.[\w.+-]+",
    re.IGNORECASE,
)
_KNOWN_RELATIONS = frozenset(
    {
        "audio", "authors", "bibliography", "calcChain", "cellImage", "cellimages", "cellImages", "certificate",
        "changesInfo", "chart", "chartColorStyle", "chartEx", "chartsheet", "chartStyle", "chartUserShapes",
        "classificationlabels", "commentAuthors", "comments", "commentsExtended", "commentsExtensible", "commentsIds",
        "core-properties", "ctrlProp", "custom-properties", "customProperty", "customXml", "customXmlProps",
        "diagramColors", "diagramData", "diagramDrawing", "diagramLayout", "diagramQuickStyle", "documenttasks",
        "drawing", "endnotes", "extended-properties", "FeaturePropertyBag", "font", "fontTable", "footer",
        "footnotes", "glossaryDocument", "handoutMaster", "hdphoto", "header", "hyperlink", "image", "ink",
        "keyMapCustomizations", "legacyDrawing", "media", "metadata", "namedSheetView", "notesMaster", "notesSlide",
        "numbering", "officeDocument", "origin", "people", "person", "pivotCacheDefinition", "pivotCacheRecords",
        "pivotTable", "presProps", "printerSettings", "queryTable", "rdArray", "rdRichValue", "rdRichValueStructure",
        "rdRichValueTypes", "rdRichValueWebImage", "rdSupportingPropertyBag", "rdSupportingPropertyBagStructure",
        "revisionHeaders", "revisionInfo", "revisionLog", "richStyles", "richValueRel", "settings", "sharedStrings",
        "sheetMetadata", "signature", "slicer", "slicerCache", "slide", "slideLayout", "slideMaster",
        "slideUpdateInfo", "styles", "stylesWithEffects", "svg", "table", "tableSingleCells", "tableStyles", "tags",
        "theme", "themeOverride", "threadedComment", "thumbnail", "timeline", "timelineCache", "usernames", "video",
        "viewProps", "vmlDrawing", "webSettings", "worksheet", "xmlMaps",
    }
)  # fmt: skip
"""Types of relationship by their last word, as Word, Excel, PowerPoint, WPS and LibreOffice write them."""
_HYPERLINK = f"{R_NS}/hyperlink"
_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_CHART = "{http://schemas.openxmlformats.org/drawingml/2006/chart}chartSpace"
_CLICKED = {f"{W}hyperlink", f"{S}hyperlink", f"{_A}hlinkClick", f"{_A}hlinkHover", f"{_A}hlinkMouseOver"}
_CLICKABLE = re.compile(r"\s*(https?://|mailto:|#|$)", re.IGNORECASE)
_ON_A_DISK = re.compile(r"(file:///(?=[^/\\]))?([a-z]:[/\\]|/)?[^/\\:\s\x00-\x1f][^:\x00-\x1f]*", re.IGNORECASE)
"""A path with a drive, from the root or from the document's folder; a server's begins with two slashes, of any sort."""
_RELS = re.compile(r"(.*/)?_rels/([^/]*)\.rels", re.IGNORECASE | re.DOTALL)

_ACTIVE_ELEMENTS = (f"{W}altChunk", f"{W}subDoc", f"{W}control", f"{W}mailMerge", f"{W}frameset", "{*}ddeLink",
                    "{*}oleLink", "{*}macrosheet", "{*}externalBook", "{*}OLEObject")  # fmt: skip
_VML = "{urn:schemas-microsoft-com:vml}*"
_SVG = "{http://www.w3.org/2000/svg}"
_EMBEDDED_ADDRESS = ("#", "cid:", "data:")
_STYLED_FROM = re.compile(r"""url\(\s*["']?\s*(?!data:)[a-z]+:|@import""", re.IGNORECASE)

_FIELDS = frozenset(
    {
        "ADDIN", "ADDRESSBLOCK", "ADVANCE", "ASK", "AUTHOR", "AUTONUM", "AUTONUMLGL", "AUTONUMOUT", "AUTOTEXT",
        "AUTOTEXTLIST", "BARCODE", "BIBLIOGRAPHY", "BIDIOUTLINE", "CITATION", "COMMENTS", "COMPARE", "CREATEDATE",
        "DATE", "DISPLAYBARCODE", "DOCPROPERTY", "DOCVARIABLE", "EDITTIME", "EQ", "FILENAME", "FILESIZE", "FILLIN",
        "FORMCHECKBOX", "FORMDROPDOWN", "FORMTEXT", "GLOSSARY", "GOTOBUTTON", "GREETINGLINE", "HYPERLINK", "IF",
        "INDEX", "INFO", "KEYWORDS", "LASTSAVEDBY", "LISTNUM", "MERGEBARCODE", "MERGEFIELD", "MERGEREC", "MERGESEQ",
        "NEXT", "NEXTIF", "NOTEREF", "NUMCHARS", "NUMPAGES", "NUMWORDS", "PAGE", "PAGEREF", "PRINTDATE", "PRIVATE",
        "QUOTE", "REF", "REVNUM", "SAVEDATE", "SECTION", "SECTIONPAGES", "SEQ", "SET", "SHAPE", "SKIPIF", "STYLEREF",
        "SUBJECT", "SYMBOL", "TA", "TC", "TEMPLATE", "TIME", "TITLE", "TOA", "TOC", "USERADDRESS", "USERINITIALS",
        "USERNAME", "XE",
    }
)  # fmt: skip
"""Fields that show what is in the document, in its properties or on the machine of the reader."""
_NESTED = "\0"
"""Stands for what a field inside another gives: a name must not be made of it."""
_FIELD_NAME = re.compile(r'[\s"]*([^\s"\\]*)')
_ARGUMENT = re.compile(r'\\[lmnot]\b\s*(?:"[^"]*"|[^\s"\\]+)?|"([^"]*)"|([^\s"]+)', re.IGNORECASE)

_FORMULAS = tuple(
    f"{{*}}{name}"
    for name in ("f", "formula", "formula1", "formula2", "definedName", "calculatedColumnFormula", "totalsRowFormula")
)
_STRINGS = re.compile(r'"(?:[^"]|"")*"' + r"|'(?:[^']|'')*'")
_BRACKETS = re.compile(r"\[(?:'.|[^\[\]']|\[(?:'.|[^\[\]'])*\])*\]|" + _STRINGS.pattern)
_CALLS = re.compile(
    r"\b(WEBSERVICE|IMAGE|STOCKHISTORY|TRANSLATE|DETECTLANGUAGE|COPILOT|RTD|DDE|CALL|REGISTER(\.ID)?|EXEC|EXECUTE"
    r"|INITIATE|POKE|REQUEST|SQL\.REQUEST|RUN|FOPEN|FWRITE|FWRITELN|FILE\.DELETE|SEND\.KEYS|SEND\.MAIL|_XLWS\.PY)\s*\(",
    re.IGNORECASE,
)
"""Functions that fetch or run."""
_DDE = re.compile(r"[\w')\]]\s*\|\s*['\w]")
"""`program|'topic'!item`, which starts a program."""
_LINK = re.compile(r'\bHYPERLINK\s*\(\s*"([^"]*)"', re.IGNORECASE)


def admit(data: bytes, where: Where) -> dict[str, bytes]:
    """As `gate.open_package`, for a file that goes out to every unit, as a template or as it is: nothing active in it.

    What is only read (a roster, a returned form, a file to be shown) needs no more than the gate.
    """
    parts = open_package(data, where)
    if found := active_content(parts, where):
        raise Problems(found)
    return parts


def active_content(
    parts: Mapping[str, bytes], where: Where, roots: Mapping[str, etree._Element] | None = None
) -> list[Problem]:
    """What in a package would fetch, run or embed something when it is opened; links that a reader clicks may stay.

    A file that is passed on to all units must hold none of it: what comes in goes out to everyone. `roots` are parts
    that have been read already. Raises Problems for a part that cannot be read.
    """
    hint = _("Open the file, remove the macro, the embedded object or the outside link, and save it again.")
    return [
        error("active-content", where, _("{part} holds active content: {what}").format(part=part, what=what), hint)
        for part, what in findings(parts, roots)
    ]


def findings(parts: Mapping[str, bytes], roots: Mapping[str, etree._Element] | None = None) -> list[tuple[str, str]]:
    """Each active thing as the part that holds it and what it is, by part.

    `roots` are parts that have been read already.
    """
    return sorted(dict.fromkeys(_File(parts, dict(roots or {})).findings()), key=lambda found: found[0])


def fetches(formula: str) -> bool:
    """Whether a formula fetches or runs something, or links to what is no page and no mail."""
    if any(not _may_be_clicked(match[1]) for match in _LINK.finditer(formula)):
        return True
    if not (_CALLS.search(formula) or _DDE.search(formula)):
        return False
    bare = _BRACKETS.sub("''", formula)
    # Brackets hold names of columns, quotation marks and all. Should we misread them, the call is still seen.
    return bool(_CALLS.search(bare) or _DDE.search(bare) or _CALLS.search(_STRINGS.sub("''", formula)))


def _is_on_a_disk(target: str) -> bool:
    """Whether a template lies on the disk of whoever wrote the document: elsewhere there is nothing of that name."""
    return bool(_ON_A_DISK.fullmatch(unquote(target)))


def is_clickable(target: str) -> bool:
    """Whether a link's target, as relationships name it, is a page, a mailbox or a place in the file."""
    return bool(_CLICKABLE.match(target))


def _may_be_clicked(address: str) -> bool:
    """Whether an address is a page, a mailbox or a place in the file, or no address at all."""
    return not ADDRESS.match(address) or bool(_CLICKABLE.match(address))


@dataclass(frozen=True)
class _File:
    """A package's parts; `embedded` is one that lies in a chart of another."""

    parts: Mapping[str, bytes]
    known: Mapping[str, etree._Element]
    embedded: bool = False

    @cached_property
    def types(self) -> dict[str, str]:
        return content_types(self.parts)

    @cached_property
    def roots(self) -> dict[str, etree._Element]:
        found = {
            name: self.known[name] if name in self.known else _root(name, data, self.types[name])
            for name, data in self.parts.items()
            if name in self.types and not _RELS.fullmatch(name)
        }
        return {name: root for name, root in found.items() if root is not None}

    def findings(self) -> Iterator[tuple[str, str]]:
        for name, kind in self.types.items():
            if what := _active_part(name, kind.partition(";")[0].strip()):
                yield name, what
        for name in self.parts:
            if match := _RELS.fullmatch(name):
                yield from ((name, what) for what in self._relations(name, (match[1] or "") + match[2]))
        for name, root in self.roots.items():
            yield from ((name, what) for what in _active_xml(root))

    def _relations(self, rels: str, owner: str) -> Iterator[str]:
        # Names of parts are the same in any case, to Word.
        root = next((root for name, root in self.roots.items() if name.lower() == owner.lower()), None)
        for element in xml(self.parts[rels], Where(rels)).iter("{*}Relationship"):
            kind, target = element.get("Type", ""), element.get("Target", "")
            word = kind.rpartition("/")[2]
            if word == "attachedTemplate" and _is_on_a_disk(target):
                continue
            if is_outside(element):
                clicked = kind == _HYPERLINK and is_clickable(target)
                if not clicked or _used_otherwise(root, element.get("Id", "")):
                    yield f"{word} → {target}"
            elif word == "package" and root is not None and root.tag == _CHART and not self.embedded:
                yield from self._embedded(owner, target)
            elif word not in _KNOWN_RELATIONS:
                yield f"{word} → {target}"

    def _embedded(self, owner: str, target: str) -> Iterator[str]:
        """The data of a chart: a workbook like any other."""
        name = part_at(owner, target)
        if name not in self.parts:
            return
        inner = _File(open_package(self.parts[name], Where(name)), {}, embedded=True)
        yield from (f"{name}/{part}: {what}" for part, what in inner.findings())


def _root(name: str, data: bytes, kind: str) -> etree._Element | None:
    """The part's XML; None when it is none, whatever it begins like."""
    said = is_xml(name, data, kind)
    # A program that follows a relationship does not ask what type the part is of.
    if not said and not data.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"<"):
        return None
    try:
        return xml(data, Where(name))
    except Problems as refused:
        if refused.problems[0].code != "file-damaged":
            raise
        if said and not name.lower().endswith(".vml"):
            raise
        # Old programs write drawings that are not well-formed; no other reader minds.
        return etree.fromstring(data, etree.XMLParser(recover=True, resolve_entities=False, no_network=True))


def _active_part(name: str, kind: str) -> str:
    lower = name.lower()
    if lower.endswith("vbaproject.bin") or "/activex/" in lower:
        return _("a macro or a control")
    if kind and (not _KNOWN_TYPE.fullmatch(kind) or any(word in kind.lower() for word in _ACTIVE_TYPE)):
        return kind
    return ""


def _used_otherwise(root: etree._Element | None, id_: str) -> bool:
    """Whether anything but a link to be clicked uses a relationship: a picture that does is fetched."""
    elements = () if root is None else root.iter(etree.Element)
    return any(
        value == id_ and (str(key).startswith(R) or _key(key) == "relid") and element.tag not in _CLICKED
        for element in elements
        for key, value in element.attrib.items()
    )


def _key(key: object) -> str:
    """An attribute's name without its namespace."""
    return str(key).rpartition("}")[2]


def _active_xml(root: etree._Element) -> Iterator[str]:
    for element in root.iter(*_ACTIVE_ELEMENTS):
        yield local(element)
    for instruction in _instructions(root):
        if not is_harmless(instruction):
            yield _("the field {field}").format(field=instruction.replace(_NESTED, "{…}").strip())
    for formula in root.iter(*_FORMULAS):
        if formula.text and fetches(formula.text):
            yield _("the formula {formula}").format(formula=formula.text)
    yield from _fetching_drawings(root)


# -- drawings ----------------------------------------------------------------------------------------------------------


def _fetching_drawings(root: etree._Element) -> Iterator[str]:
    for element in root.iter(_VML):
        for key, value in element.attrib.items():
            name, outside = _key(key), ADDRESS.match(str(value))
            clicked = name == "href" and not str(key).startswith("{") and _CLICKABLE.match(str(value))
            fetched = name in ("src", "href", "althref") and not str(value).startswith(_EMBEDDED_ADDRESS)
            if outside and fetched and not clicked:
                yield f"{local(element)} → {value!s}"
    for element in root.iter(f"{_SVG}*"):
        name = local(element)
        if name in ("script", "foreignObject") or _STYLED_FROM.search(element.text or ""):
            yield name
        for key, value in element.attrib.items():
            fetched = _key(key) == "href" and name != "a" and not str(value).strip().startswith(_EMBEDDED_ADDRESS)
            if fetched or _STYLED_FROM.search(str(value)):
                yield f"{name} → {value!s}"


# -- fields ------------------------------------------------------------------------------------------------------------


def is_harmless(instruction: str) -> bool:
    """Whether a field of this instruction neither fetches nor runs anything."""
    match = _FIELD_NAME.match(instruction)
    name = match[1].upper() if match else ""
    if name == "HYPERLINK" and match:
        address = next(_arguments(instruction[match.end() :]), "")
        return _NESTED not in address and _may_be_clicked(address)
    return not name or name.startswith("=") or name in _FIELDS


def _arguments(text: str) -> Iterator[str]:
    """The arguments of a field, without its switches and what they are given."""
    found = (match[1] or match[2] for match in _ARGUMENT.finditer(text))
    yield from (argument.replace("\\\\", "\\") for argument in found if argument)


class _Field:
    """A field that is open: what it says so far, and whether what follows is its result."""

    def __init__(self) -> None:
        self.text = ""
        self.shown = False


def _instructions(root: etree._Element) -> Iterator[str]:
    """What each field of a part says, however it is cut into runs and paragraphs.

    All text before a field's result is its instruction, to Word at least. A field inside leaves its mark there.
    """
    yield from (element.get(f"{W}instr", "") for element in root.iter(f"{W}fldSimple"))
    open_fields: list[_Field] = []
    marks = (f"{W}fldChar", f"{W}instrText", f"{W}delInstrText", f"{W}t", f"{W}delText")
    for element in root.iter(*marks):
        if element.tag == marks[0]:
            yield from _marked(element.get(f"{W}fldCharType", "").strip().lower(), open_fields)
            continue
        if element.tag in marks[1:3] and not open_fields:
            # Without a begin it is no field to Word, but another reader may take it for one.
            open_fields.append(_Field())
        if open_fields and not open_fields[-1].shown:
            open_fields[-1].text += element.text or ""
    yield from (one.text for one in open_fields)


def _marked(kind: str, open_fields: list[_Field]) -> Iterator[str]:
    if kind == "begin":
        if open_fields and not open_fields[-1].shown:
            open_fields[-1].text += _NESTED
        open_fields.append(_Field())
    elif kind == "separate" and open_fields:
        open_fields[-1].shown = True
    elif kind == "end" and open_fields:
        yield open_fields.pop().text
