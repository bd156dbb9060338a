"""What holds in every finished .docx and .xlsx: the package hangs together, and no program will want to repair it.

The rules are those that validators of the schema do not know and that Word or Excel are known to refuse or repair a
file for: what a part refers to is there, numbers are unique, cells do not overlap. And nothing goes
out that would fetch or run something, or that waits for a value still.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from lxml import etree

from generator.base.i18n import _
from generator.base.problems import Problem, Problems, Where, error
from generator.base.values import collision_key
from generator.office.active import findings
from generator.office.gate import content_types, is_xml, open_package
from generator.office.ooxml import MAX_COLUMN, MAX_ROW, R_NS, R, S, W, column_number, local, main_part, relations, xml
from generator.office.package import SLOT_CLOSE, SLOT_OPEN

CELL_UNITS, LIST_UNITS, SHEET_NAME_UNITS = 32_767, 255, 31
"""UTF-16 units that a cell, a list of choices written out, and a sheet's name hold (ECMA-376 18.18.11, 18.3.1.32)."""
FORMULA_UNITS = 8_192
"""UTF-16 units of a formula that Excel reads (its "specifications and limits")."""

_WORD_MAIN = "wordprocessingml.document.main+xml"
_SHEET_MAIN = "spreadsheetml.sheet.main+xml"
_VAL, _ID = f"{W}val", f"{W}id"
_STYLES = {"pStyle": "paragraph", "rStyle": "character", "tblStyle": "table"}
_NOTES = {"footnoteReference": "footnotes", "endnoteReference": "endnotes", "commentReference": "comments"}
_RELATED_IDS = etree.XPath("//@r:*", namespaces={"r": R_NS}, smart_strings=False)
_STORIES = {f"{W}{name}" for name in ("document", "hdr", "ftr", "footnotes", "endnotes", "comments")}
_FURNITURE = {"header": "hdr", "footer": "ftr"}
_BLOCKS = tuple(f"{W}{name}" for name in ("body", "tc", "hdr", "ftr", "footnote", "endnote", "comment", "txbxContent"))
"""What holds paragraphs and tables, and no runs."""
_TEXT_IN = {f"{W}{name}" for name in ("t", "instrText", "delText", "delInstrText")}
_REFERENCE = re.compile(r"\$?([A-Z]{1,3})\$?([1-9]\d{0,6})(?::\$?([A-Z]{1,3})\$?([1-9]\d{0,6}))?")
_STRING = re.compile(r'"(?:[^"]|"")*"' + r"|'(?:[^']|'')*'")
_SHEET_ORDER = (
    "sheetPr", "dimension", "sheetViews", "sheetFormatPr", "cols", "sheetData", "sheetCalcPr", "sheetProtection",
    "protectedRanges", "scenarios", "autoFilter", "sortState", "dataConsolidate", "customSheetViews", "mergeCells",
    "phoneticPr", "conditionalFormatting", "dataValidations", "hyperlinks", "printOptions", "pageMargins", "pageSetup",
    "headerFooter", "rowBreaks", "colBreaks", "customProperties", "cellWatches", "ignoredErrors", "smartTags",
    "drawing", "legacyDrawing", "legacyDrawingHF", "picture", "oleObjects", "controls", "webPublishItems",
    "tableParts", "extLst",
)  # fmt: skip
_CELL_TYPES = {"b", "d", "e", "inlineStr", "n", "s", "str"}
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?", re.ASCII | re.IGNORECASE)
_FORMULAS = tuple(f"{S}{name}" for name in ("f", "formula", "formula1", "formula2", "definedName"))
_SHEET_NAMED = re.compile(
    r"""\#[A-Z/0]+[!?]             # an error, whose ! follows no name
    | "(?:[^"]|"")*"              # a text
    | \[(?:'.|[^\[\]'])*\]        # the column of a table
    | '((?:[^']|'')*)'! | ([\w.]+)!
    """,
    re.VERBOSE,
)
"""Groups: the name of a sheet with quotation marks, and without."""
_MARKS = (SLOT_OPEN.encode(), SLOT_CLOSE.encode())
_MARK_REFERENCE = re.compile(rb"&#(?:x0*[Ff][Dd]{2}[01]|0*6497[67]);")
_BLOCK_ENDS = {f"{W}p", f"{W}sdt", f"{W}customXml", f"{W}altChunk"}

Found = Iterator[tuple[str, str]]
"""Faults, each as the part and what is wrong there."""


class _File:
    """A package's parts, the root of each that is XML, and what kind of file it is."""

    def __init__(self, parts: Mapping[str, bytes]) -> None:
        self.parts = parts
        self.types = content_types(parts)
        self.roots = {
            name: xml(data, Where(name)) for name, data in parts.items() if is_xml(name, data, self.types.get(name, ""))
        }
        self.main = main_part(parts)

    def of_type(self, ending: str) -> Iterator[tuple[str, etree._Element]]:
        """The parts of a content type, by its last word, with their roots."""
        for name, kind in sorted(self.types.items()):
            if kind.endswith(ending) and name in self.roots:
                yield name, self.roots[name]

    def root_of(self, ending: str) -> etree._Element | None:
        return next((root for _name, root in self.of_type(ending)), None)


def problems(data: bytes, where: Where) -> list[Problem]:
    """Everything that is wrong with a finished file, `invalid-output` each; an empty list for a sound one."""
    try:
        parts = open_package(data, where)
        found = list(faults(parts))
    except Problems as refused:
        return list(refused.problems)
    hint = _("This is a fault of fawen or of a template, not of the dispatch. Please report it.")
    return [
        error("invalid-output", where, _("{part}: {fault}").format(part=part, fault=fault), hint)
        for part, fault in found
    ]


def faults(parts: Mapping[str, bytes]) -> Found:
    """As `problems`, for the parts of a package. Raises Problems for a part that is not well-formed."""
    file = _File(parts)
    for rule in _RULES:
        yield from rule(file)
    if file.types.get(file.main, "").endswith(_WORD_MAIN):
        for word_rule in _WORD_RULES:
            yield from word_rule(file)
    elif file.types.get(file.main, "").endswith(_SHEET_MAIN):
        for book_rule in _BOOK_RULES:
            yield from book_rule(file)
        for name, root in file.of_type("spreadsheetml.worksheet+xml"):
            for sheet_rule in _SHEET_RULES:
                yield from ((name, fault) for fault in sheet_rule(root, file))
    else:
        yield file.main or "_rels/.rels", _("the main part is neither a document nor a workbook")


# -- the package -------------------------------------------------------------------------------------------------------


def _typed(file: _File) -> Found:
    for name, kind in file.types.items():
        if not kind:
            yield name, _("the part has no content type")
    root = file.roots["[Content_Types].xml"]
    named = [element.get("PartName", "") for element in root if local(element) == "Override"]
    for name, count in Counter(map(str.casefold, named)).items():
        if count > 1:
            yield "[Content_Types].xml", _("{name} has {count} content types").format(name=name, count=count)
    for name in named:
        if name.lstrip("/") not in file.parts:
            yield "[Content_Types].xml", _("{name} has a content type, but is not there").format(name=name)


def _related(file: _File) -> Found:
    """Every relationship leads to a part, and every id that a part uses is a relationship of its own."""
    for name in ("", *file.roots):
        rels = relations(file.parts, name)
        for id_, relation in rels.items():
            if not relation.external and relation.target not in file.parts:
                yield (
                    name or "_rels/.rels",
                    _("{id} leads to {target}, which is not there").format(id=id_, target=relation.target),
                )
        if name and not name.endswith(".rels"):
            for id_ in sorted(_related_ids(file.roots[name]) - {*rels, ""}):
                yield name, _("{id} is no relationship of the part").format(id=id_)


def _related_ids(root: etree._Element) -> set[str]:
    found: Any = _RELATED_IDS(root)
    return set(found)


def _distinct(file: _File) -> Found:
    for name, root in file.roots.items():
        if name.endswith(".rels"):
            for id_ in _repeated(relation.get("Id", "") for relation in root):
                yield name, _("two relationships have the id {id}").format(id=id_)


def _stamped(file: _File) -> Found:
    # Pictures may hold any bytes.
    for name in file.roots:
        data = file.parts[name]
        if any(mark in data for mark in _MARKS) or _MARK_REFERENCE.search(data):
            yield name, _("a place for a value is left that nothing was filled in")


def _harmless(file: _File) -> Found:
    for name, what in findings(file.parts, file.roots):
        yield name, _("active content: {what}").format(what=what)


def _repeated(values: Iterable[str]) -> list[str]:
    return [value for value, count in Counter(values).items() if count > 1]


# -- Word --------------------------------------------------------------------------------------------------------------


def _stories(file: _File) -> Iterator[tuple[str, etree._Element]]:
    for name, root in file.roots.items():
        if root.tag in _STORIES:
            yield name, root


def _styled(file: _File) -> Found:
    styles = file.root_of("wordprocessingml.styles+xml")
    known = {(s.get(f"{W}type"), s.get(f"{W}styleId")) for s in ([] if styles is None else styles.iter(f"{W}style"))}
    for name, root in _stories(file):
        for word, kind in _STYLES.items():
            for style in sorted({element.get(_VAL, "") for element in root.iter(f"{W}{word}")}):
                if (kind, style) not in known:
                    yield name, _("{style} is no {kind} style").format(style=style, kind=kind)
    for style in _repeated(f"{kind} {style}" for kind, style in _style_ids(styles)):
        yield "word/styles.xml", _("two styles are called {name}").format(name=style)


def _style_ids(styles: etree._Element | None) -> list[tuple[str, str]]:
    found = [] if styles is None else styles.iter(f"{W}style")
    return [(style.get(f"{W}type", ""), style.get(f"{W}styleId", "")) for style in found]


def _numbered(file: _File) -> Found:
    numbering = file.root_of("wordprocessingml.numbering+xml")
    lists = [] if numbering is None else list(numbering.iter(f"{W}num"))
    known = {number.get(f"{W}numId", "") for number in lists} | {"0"}
    kinds = set() if numbering is None else {a.get(f"{W}abstractNumId") for a in numbering.iter(f"{W}abstractNum")}
    for number in lists:
        kind = number.find(f"{W}abstractNumId")
        if kind is None or kind.get(_VAL) not in kinds:
            yield "word/numbering.xml", _("list {id} has no definition").format(id=number.get(f"{W}numId"))
    for name, root in [*_stories(file), *file.of_type("wordprocessingml.styles+xml")]:
        used = {element.get(_VAL, "") for element in root.iter(f"{W}numId")}
        for id_ in sorted(used - known):
            yield name, _("there is no list {id}").format(id=id_)


def _noted(file: _File) -> Found:
    for word, kind in _NOTES.items():
        notes = file.root_of(f"wordprocessingml.{kind}+xml")
        known = set() if notes is None else {note.get(_ID) for note in notes}
        for name, root in _stories(file):
            for id_ in sorted({element.get(_ID, "") for element in root.iter(f"{W}{word}")} - known):
                yield name, _("there is no {kind} entry {id}").format(kind=kind, id=id_)


def _tabled(file: _File) -> Found:
    """A row has a cell and a cell ends with a paragraph: Word refuses the file otherwise."""
    for name, root in _stories(file):
        for number, table in enumerate(root.iter(f"{W}tbl"), 1):
            place = _("table {number}").format(number=number)
            if table.find(f"{W}tblGrid") is None:
                yield name, _("{place} has no grid of columns").format(place=place)
            for row in table.iterfind(f"{W}tr"):
                if next(row.iter(f"{W}tc"), None) is None:
                    yield name, _("{place} has a row without cells").format(place=place)
            for cell in table.iterfind(f"{W}tr/{W}tc"):
                if not len(cell) or cell[-1].tag not in _BLOCK_ENDS:
                    yield name, _("{place} has a cell that does not end with a paragraph").format(place=place)


def _worded(file: _File) -> Found:
    """Text stands in elements of text only; anywhere else Word reports unreadable content."""
    for name, root in _stories(file):
        for element in root.iter(f"{W}*"):
            loose = element.text if element.tag not in _TEXT_IN else None
            if (loose and loose.strip()) or (element.tail and element.tail.strip()):
                words = (loose or element.tail or "").strip()[:20]
                yield name, _("the text “{words}” stands outside any run").format(words=words)


def _nested(file: _File) -> Found:
    """Runs stand in paragraphs, and a paragraph in another only by way of a text box."""
    for name, root in _stories(file):
        if any(block.find(f"{W}r") is not None for block in root.iter(*_BLOCKS)):
            yield name, _("a run stands outside any paragraph")
        around = (next(p.iterancestors(f"{W}p", f"{W}txbxContent"), None) for p in root.iter(f"{W}p"))
        if any(outer is not None and outer.tag == f"{W}p" for outer in around):
            yield name, _("a paragraph stands within a paragraph")


def _ended(file: _File) -> Found:
    last = file.roots[file.main].find(f"{W}body/{W}sectPr")
    if last is not None and last.getnext() is not None:
        yield file.main, _("something follows the page setup that ends the document")


def _furnished(file: _File) -> Found:
    """A reference to a header leads to a header, and one to a footer to a footer."""
    rels = relations(file.parts, file.main)
    for kind, root in _FURNITURE.items():
        for reference in file.roots[file.main].iter(f"{W}{kind}Reference"):
            id_ = reference.get(f"{R}id", "")
            relation = rels.get(id_)
            if relation and (relation.type != kind or _root_name(file, relation.target) != root):
                yield file.main, _("{id} is no {kind} of the document").format(id=id_, kind=kind)


def _root_name(file: _File, part: str) -> str:
    return local(file.roots[part]) if part in file.roots else ""


def _marked(file: _File) -> Found:
    """Bookmarks and drawings have numbers of their own; a bookmark that starts ends."""
    for name, root in _stories(file):
        starts = [element.get(_ID, "") for element in root.iter(f"{W}bookmarkStart")]
        ends = {element.get(_ID, "") for element in root.iter(f"{W}bookmarkEnd")}
        for id_ in _repeated(starts):
            yield name, _("two bookmarks have the number {id}").format(id=id_)
        for id_ in sorted(set(starts) ^ ends):
            yield name, _("bookmark {id} has only one of its two marks").format(id=id_)
        labels = (element.get(f"{W}name", "").casefold() for element in root.iter(f"{W}bookmarkStart"))
        for label in _repeated(labels):
            yield name, _("two bookmarks are called {name}").format(name=label)
        drawings = (e.get("id", "") for e in root.iter("{*}docPr") if e.getparent() is not None)
        for id_ in _repeated(drawings):
            yield name, _("two drawings have the number {id}").format(id=id_)


def _fields(file: _File) -> Found:
    for name, root in _stories(file):
        depth = 0
        for mark in root.iter(f"{W}fldChar"):
            depth += {"begin": 1, "end": -1}.get(mark.get(f"{W}fldCharType", ""), 0)
            if depth < 0:
                break
        if depth:
            yield name, _("a field is begun and never ended, or ended and never begun")


# -- Excel -------------------------------------------------------------------------------------------------------------


def _number(text: str) -> int:
    """A number as the file writes it; -1 for what is none."""
    return int(text) if text.isdecimal() and len(text) < 10 else -1


def _units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _sheets(file: _File, attribute: str) -> list[str]:
    return [sheet.get(attribute, "") for sheet in file.roots[file.main].iterfind(f"{S}sheets/{S}sheet")]


def _sheet_ids(file: _File) -> Found:
    for id_ in _repeated(_sheets(file, "sheetId")):
        yield file.main, _("two sheets have the number {id}").format(id=id_)


def _sheet_names(file: _File) -> Found:
    names = _sheets(file, "name")
    if not names:
        yield file.main, _("the workbook has no sheet")
    for name in _repeated(map(collision_key, names)):
        yield file.main, _("two sheets are called {name}").format(name=name)
    for name in names:
        if not 0 < _units(name) <= SHEET_NAME_UNITS or re.search(r"[\[\]:*?/\\]|^'|'$", name):
            yield file.main, _("“{name}” cannot be the name of a sheet").format(name=name)


def _defined_names(file: _File) -> Found:
    names = list(file.roots[file.main].iterfind(f"{S}definedNames/{S}definedName"))
    scoped = (f"{name.get('name', '').casefold()} {name.get('localSheetId', '')}".strip() for name in names)
    for repeated in _repeated(scoped):
        yield file.main, _("the name {name} is defined twice").format(name=repeated)
    for name in names:
        text = name.get("name", "")
        if not re.fullmatch(r"[^\W\d]\S*|[_\\]\S*", text) or _REFERENCE.fullmatch(text.upper()):
            yield file.main, _("“{name}” cannot be the name of a range").format(name=text)
        if not _balanced(name.text or "") or "#REF!" in (name.text or ""):
            yield file.main, _("the name {name} refers to nothing").format(name=text)


def _formulas(file: _File) -> Found:
    """A formula is as long as Excel reads, and the sheets that it names are there."""
    known = {name.casefold() for name in _sheets(file, "name")}
    for part, root in ((file.main, file.roots[file.main]), *file.of_type("spreadsheetml.worksheet+xml")):
        for formula in root.iter(*_FORMULAS):
            text = formula.text or ""
            if _units(text) > FORMULA_UNITS:
                yield part, _("the formula {start}… is longer than Excel reads").format(start=text[:20])
            for name in _sheets_in(text):
                if name.casefold() not in known:
                    yield (
                        part,
                        _("the formula {formula} names the sheet “{name}”, which is not there").format(
                            formula=text[:40], name=name
                        ),
                    )


def _sheets_in(formula: str) -> list[str]:
    """The sheets that a formula names, both ends of a run of sheets among them."""
    if "!" not in formula:
        return []
    quoted = [match.groups("") for match in _SHEET_NAMED.finditer(formula)]
    names = [name.replace("''", "'") or bare for name, bare in quoted]
    return [name for named in names if named for name in named.split(":")]


def _strings(file: _File) -> Found:
    for name, root in file.of_type("spreadsheetml.sharedStrings+xml"):
        for item in root.iterfind(f"{S}si"):
            text = "".join(element.text or "" for element in item.iter(f"{S}t"))
            if _units(text) > CELL_UNITS:
                yield name, _("“{start}…” is longer than a cell holds").format(start=text[:20])


def _ordered(sheet: etree._Element, _file: _File) -> Iterator[str]:
    places = [_SHEET_ORDER.index(local(child)) for child in sheet if local(child) in _SHEET_ORDER]
    if places != sorted(places):
        yield _("the parts of the sheet stand in an order that Excel does not read")
    last_row = 0
    for row in sheet.iterfind(f"{S}sheetData/{S}row"):
        number = _number(row.get("r", str(last_row + 1)))
        if number <= last_row:
            yield _("row {row} comes after row {before}").format(row=number, before=last_row)
        last_row = number
        last = 0
        for cell in row.iterfind(f"{S}c"):
            area = _area(cell.get("r", ""))
            if area is None or area[0] != number or area[1] <= last:
                yield _("cell {cell} is out of its place").format(cell=cell.get("r"))
            last = area[1] if area else last


def _filled(sheet: etree._Element, file: _File) -> Iterator[str]:
    """A cell's text and style are there, and its formula can be read."""
    strings = file.root_of("spreadsheetml.sharedStrings+xml")
    texts = 0 if strings is None else len(strings.findall(f"{S}si"))
    styles = file.root_of("spreadsheetml.styles+xml")
    formats = 0 if styles is None else len(styles.findall(f"{S}cellXfs/{S}xf"))
    for cell in sheet.iter(f"{S}c"):
        name, value = cell.get("r"), cell.findtext(f"{S}v")
        if cell.get("t") == "s" and not 0 <= _number(value or "") < texts:
            yield _("the text of cell {cell} is not there").format(cell=name)
        if not 0 <= _number(cell.get("s", "0")) < max(formats, 1):
            yield _("the style of cell {cell} is not there").format(cell=name)
        inline = "".join(map(str, cell.itertext())) if cell.get("t") in ("str", "inlineStr") else ""
        if _units(inline) > CELL_UNITS:
            yield _("cell {cell} holds more text than a cell may").format(cell=name)
        if not _balanced(cell.findtext(f"{S}f") or ""):
            yield _("the formula of cell {cell} cannot be read").format(cell=name)


def _typed_cells(sheet: etree._Element, _file: _File) -> Iterator[str]:
    for cell in sheet.iter(f"{S}c"):
        kind, value = cell.get("t", "n"), cell.findtext(f"{S}v")
        if kind not in _CELL_TYPES:
            yield _("cell {cell} is of no type that there is: {type}").format(cell=cell.get("r"), type=kind)
        if kind == "n" and value and not _NUMBER.fullmatch(value):
            yield _("cell {cell} holds no number: {value}").format(cell=cell.get("r"), value=value[:20])


def _merged(sheet: etree._Element, _file: _File) -> Iterator[str]:
    areas: list[tuple[str, tuple[int, int, int, int]]] = []
    for merge in sheet.iterfind(f"{S}mergeCells/{S}mergeCell"):
        name = merge.get("ref", "")
        area = _area(name)
        if area is None or area[:2] == area[2:]:
            yield _("{area} is no range of cells").format(area=name)
            continue
        yield from (
            _("the merged cells {one} and {other} overlap").format(one=other, other=name)
            for other, taken in areas
            if not (area[2] < taken[0] or taken[2] < area[0] or area[3] < taken[1] or taken[3] < area[1])
        )
        areas.append((name, area))


def _chosen(sheet: etree._Element, file: _File) -> Iterator[str]:
    """Validations, conditional formats and links name ranges that there are, and lists that Excel reads."""
    styles = file.root_of("spreadsheetml.styles+xml")
    formats = 0 if styles is None else len(styles.findall(f"{S}dxfs/{S}dxf"))
    for rule in sheet.iter(f"{S}cfRule"):
        if rule.get("dxfId") and not 0 <= _number(rule.get("dxfId", "")) < formats:
            yield _("a conditional format refers to a look that is not there")
    for element in sheet.iter(f"{S}dataValidation", f"{S}conditionalFormatting"):
        for name in element.get("sqref", "").split() or [""]:
            if _area(name) is None:
                yield _("“{area}” is no range of cells").format(area=name)
    for formula in sheet.iter(f"{S}formula1", f"{S}formula2", f"{S}formula"):
        text = formula.text or ""
        if not _balanced(text):
            yield _("the formula {formula} cannot be read").format(formula=text[:40])
        if text.startswith('"') and _units(text) > LIST_UNITS + 2:
            yield _("the list of choices {start}… is longer than Excel reads").format(start=text[:20])


def _area(name: str) -> tuple[int, int, int, int] | None:
    """A range as its first row and column and its last; None for none that a sheet has."""
    match = _REFERENCE.fullmatch(name)
    if not match:
        return None
    top, left = int(match[2]), column_number(match[1])
    bottom, right = (int(match[4]), column_number(match[3])) if match[3] else (top, left)
    return (top, left, bottom, right) if top <= bottom <= MAX_ROW and left <= right <= MAX_COLUMN else None


def _balanced(formula: str) -> bool:
    """Whether quotation marks and brackets of a formula are closed."""
    bare = _STRING.sub("", formula)
    depth = 0
    for character in bare:
        depth += {"(": 1, ")": -1}.get(character, 0)
        if depth < 0:
            return False
    return depth == 0 and '"' not in bare


_Rule = Callable[[_File], Found]
_RULES: tuple[_Rule, ...] = (_typed, _related, _distinct, _stamped, _harmless)
_WORD_RULES: tuple[_Rule, ...] = (
    _styled, _numbered, _noted, _tabled, _worded, _nested, _ended, _furnished, _marked, _fields,
)  # fmt: skip
_BOOK_RULES: tuple[_Rule, ...] = (_sheet_ids, _sheet_names, _defined_names, _formulas, _strings)
_SHEET_RULES = (_ordered, _filled, _typed_cells, _merged, _chosen)
