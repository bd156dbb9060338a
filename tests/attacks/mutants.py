"""Finished files, each broken in one place as programs have been seen to break them, and what the checks must say."""

from __future__ import annotations

from dataclasses import dataclass

DOCUMENT, FOOTER, STYLES = "word/document.xml", "word/footer1.xml", "word/styles.xml"
SHEET, BOOK, TYPES = "xl/worksheets/sheet1.xml", "xl/workbook.xml", "[Content_Types].xml"
_FIELD = '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
_MARK = '<w:bookmarkStart w:id="7" w:name="a"/>'
_DRAWING = (
    '<w:p><w:r><w:drawing><wp:inline xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing">'
    '<wp:docPr id="5000" name="x"/></wp:inline></w:drawing></w:r></w:p>'
)
_RULE = (
    '<conditionalFormatting sqref="{}"><cfRule type="expression" dxfId="{}" priority="1"><formula>1</formula></cfRule>'
)
_LIST = '<dataValidations count="1"><dataValidation type="list" sqref="{}"><formula1>{}</formula1></dataValidation>'


@dataclass(frozen=True)
class Mutant:
    """`old` in a part becomes `new`; with no `old` the part is gone, or is put there as `new`."""

    name: str
    part: str
    old: str
    new: str
    said: str


def _in_body(name: str, xml: str, said: str) -> Mutant:
    return Mutant(name, DOCUMENT, "<w:body>", f"<w:body>{xml}", said)


def _in_sheet(name: str, xml: str, said: str) -> Mutant:
    return Mutant(name, SHEET, "<pageMargins", f"{xml}<pageMargins", said)


WORD = [
    Mutant("a style that is not there", DOCUMENT, 'w:pStyle w:val="', 'w:pStyle w:val="x', "is no paragraph style"),
    Mutant("a table style that is not there", DOCUMENT, 'w:tblStyle w:val="', 'w:tblStyle w:val="x', "is no table st"),
    Mutant("the styles are gone", STYLES, "", "", "leads to word/styles.xml, which is not there"),
    Mutant("two styles of one name", STYLES, "</w:styles>", "{again}</w:styles>", "two styles are called"),
    Mutant("a footer is gone", FOOTER, "", "", "which is not there"),
    Mutant(
        "no content type for relationships", TYPES, 'Extension="rels"', 'Extension="x"', "the part has no content ty"
    ),
    Mutant("a content type for nothing", TYPES, "</Types>", '<Override PartName="/a.xml"/></Types>', "is not there"),
    Mutant("a part of no type", "word/a.bin", "", "x", "the part has no content type"),
    Mutant("the main part is something else", TYPES, "document.main+xml", "x+xml", "neither a document nor a workbook"),
    Mutant("a part that is no XML", FOOTER, "</w:ftr>", "", "not well-formed"),
    Mutant("a relationship that is not there", DOCUMENT, 'r:id="', 'r:id="x', "is no relationship of the part"),
    _in_body(
        "a list that is not there", '<w:p><w:pPr><w:numPr><w:numId w:val="99"/></w:numPr></w:pPr></w:p>', "no list"
    ),
    _in_body(
        "a footnote that is not there", '<w:p><w:r><w:footnoteReference w:id="9"/></w:r></w:p>', "no footnotes ent"
    ),
    _in_body(
        "an endnote that is not there", '<w:p><w:r><w:endnoteReference w:id="9"/></w:r></w:p>', "no endnotes entry"
    ),
    _in_body(
        "a comment that is not there", '<w:p><w:r><w:commentReference w:id="9"/></w:r></w:p>', "no comments entry"
    ),
    _in_body(
        "a cell without a paragraph", "<w:tbl><w:tblGrid/><w:tr><w:tc/></w:tr></w:tbl><w:p/>", "end with a paragr"
    ),
    _in_body("a row without cells", "<w:tbl><w:tblGrid/><w:tr/></w:tbl><w:p/>", "a row without cells"),
    _in_body("a table without a grid", "<w:tbl><w:tr><w:tc><w:p/></w:tc></w:tr></w:tbl><w:p/>", "no grid of columns"),
    _in_body(
        "a table in a cell's end", "<w:tbl><w:tblGrid/><w:tr><w:tc><w:p/><w:tbl/></w:tc></w:tr></w:tbl>", "end with"
    ),
    _in_body("text outside a run", "<w:p>甲</w:p>", "stands outside any run"),
    _in_body("text between paragraphs", "<w:p/>甲", "stands outside any run"),
    _in_body("a field without an end", f"<w:p>{_FIELD}</w:p>", "a field is begun and never ended"),
    _in_body("a field without a begin", f"<w:p>{_FIELD.replace('begin', 'end')}</w:p>", "ended and never begun"),
    _in_body("a bookmark without an end", f"<w:p>{_MARK}</w:p>", "only one of its two marks"),
    _in_body("two bookmarks of a number", f"<w:p>{_MARK}{_MARK}</w:p>", "two bookmarks have the number 7"),
    _in_body("two drawings of a number", _DRAWING * 2, "two drawings have the number 5000"),
]

EXCEL = [
    Mutant("a sheet is gone", SHEET, "", "", "which is not there"),
    Mutant("the styles are gone", "xl/styles.xml", "", "", "which is not there"),
    Mutant("a sheet's name too long", BOOK, 'name="_meta"', f'name="{"甲" * 32}"', "cannot be the name of a sheet"),
    Mutant("a sign in a sheet's name", BOOK, 'name="_meta"', 'name="a/b"', "cannot be the name of a sheet"),
    Mutant("two sheets of a name", BOOK, 'name="_meta"', 'name="{first}"', "two sheets are called"),
    Mutant("a name defined twice", BOOK, "</definedNames>", "{name}</definedNames>", "is defined twice"),
    Mutant(
        "a name like a cell's",
        BOOK,
        "</definedNames>",
        '<definedName name="A1">_meta!$A$1</definedName></definedNames>',
        "cannot be the name of a range",
    ),
    Mutant(
        "a name of nothing",
        BOOK,
        "</definedNames>",
        '<definedName name="x">#REF!</definedName></definedNames>',
        "refers to nothing",
    ),
    Mutant("rows out of order", SHEET, '<row r="2"', '<row r="1"', "row 1 comes after row 1"),
    Mutant("a cell twice", SHEET, '<c r="B5"', '<c r="A5"', "cell A5 is out of its place"),
    Mutant("a cell of another row", SHEET, '<c r="B5"', '<c r="B6"', "cell B6 is out of its place"),
    Mutant("a look that is not there", SHEET, 's="1"', 's="999"', "the style of cell A1 is not there"),
    Mutant("a text that is not there", SHEET, 'r="A1" s="1" t="inlineStr"', 'r="A1" t="s"', "the text of cell A1"),
    Mutant(
        "a text too long",
        SHEET,
        '<is><t xml:space="preserve">',
        f"<is><t>{'甲' * 32_768}",
        "holds more text than a cell may",
    ),
    Mutant("a formula that is not closed", SHEET, "<f>SUM(", "<f>SUM((", "the formula of cell"),
    Mutant("a quotation mark that is not closed", SHEET, "<f>SUM(", '<f>"&amp;SUM(', "the formula of cell"),
    _in_sheet(
        "merged cells that overlap",
        '<mergeCells count="2"><mergeCell ref="P1:R2"/><mergeCell ref="Q2:S3"/></mergeCells>',
        "the merged cells P1:R2 and Q2:S3 overlap",
    ),
    _in_sheet("one merged cell", '<mergeCells count="1"><mergeCell ref="P1:P1"/></mergeCells>', "is no range of cells"),
    _in_sheet("parts out of order", "<sheetPr/>", "in an order that Excel does not read"),
    _in_sheet("a look of a rule that is not there", _RULE.format("A1", 99) + "</conditionalFormatting>", "a look that"),
    _in_sheet("a rule for no cells", _RULE.format("A1:ZZZ9", 0) + "</conditionalFormatting>", "is no range of cells"),
    _in_sheet(
        "a list too long", _LIST.format("A1", f'"{"甲," * 150}"') + "</dataValidations>", "longer than Excel reads"
    ),
    _in_sheet("a list that is not closed", _LIST.format("A1", '"甲') + "</dataValidations>", "cannot be read"),
]
