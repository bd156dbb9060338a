"""Finished files, each broken in one place as programs have been seen to break them, and what the checks must say."""

from __future__ import annotations

from dataclasses import dataclass

DOCUMENT, FOOTER, STYLES = "word/document.xml", "word/footer1.xml", "word/styles.xml"
WORD_RELS, BOOK_RELS = "word/_rels/document.xml.rels", "xl/_rels/workbook.xml.rels"
SHEET, BOOK, TYPES = "xl/worksheets/sheet1.xml", "xl/workbook.xml", "[Content_Types].xml"
_FIELD = '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
_MARK = '<w:bookmarkStart w:id="7" w:name="a"/>'
_DRAWING = (
    '<w:p><w:r><w:drawing><wp:inline xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing">'
    '<wp:docPr id="5000" name="x"/></wp:inline></w:drawing></w:r></w:p>'
)
_RUN = "<w:r><w:t>甲</w:t></w:r>"
_BOX = '<w:r><w:pict><v:shape xmlns:v="urn:schemas-microsoft-com:vml">{}</v:shape></w:pict></w:r>'
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
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


def _field(instruction: str) -> str:
    return f'<w:p><w:fldSimple w:instr="{instruction}">{_RUN}</w:fldSimple></w:p>'


def _relation(kind: str, target: str, id_: str = "rId900") -> str:
    mode = ' TargetMode="External"' if ":" in target else ""
    return f'<Relationship Id="{id_}" Type="{_OFFICE}/{kind}" Target="{target}"{mode}/></Relationships>'


def _in_rels(name: str, relation: str, said: str, part: str = WORD_RELS) -> Mutant:
    return Mutant(name, part, "</Relationships>", relation, said)


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
    _in_body("a slot", "<w:p><w:r><w:t>\ufdd0unit.name\ufdd1</w:t></w:r></w:p>", "nothing was filled in"),
    _in_body("half a slot", "<w:p><w:r><w:t>甲\ufdd1</w:t></w:r></w:p>", "nothing was filled in"),
    _in_body("a slot in an attribute", '<w:p w:rsidR="\ufdd0a\ufdd1"/>', "nothing was filled in"),
    _in_body("a slot as a reference", "<w:p><w:r><w:t>&#xFDD0;a</w:t></w:r></w:p>", "nothing was filled in"),
    Mutant("a slot in a footer", FOOTER, "</w:ftr>", "<w:p><w:r><w:t>\ufdd0a</w:t></w:r></w:p></w:ftr>", "filled in"),
    Mutant("a slot in the properties", "docProps/core.xml", "<dc:title>", "<dc:title>\ufdd0a\ufdd1", "filled in"),
    _in_body("a field that starts a program", _field("DDEAUTO cmd a"), "active content: the field DDEAUTO cmd a"),
    _in_body("a field that takes in a file", _field("INCLUDETEXT c:/a"), "active content: the field INCLUDETEXT"),
    _in_body("a link to a program", _field("HYPERLINK &quot;file:///c:/a.exe&quot;"), "active content: the field HYP"),
    _in_rels("a picture outside", _relation("image", "https://example.com/a.png"), "active content: image → https"),
    _in_rels("a template outside", _relation("attachedTemplate", "https://example.com/a.dotm"), "active content: att"),
    Mutant("a macro", "word/vbaProject.bin", "", "x", "active content: a macro or a control"),
    _in_rels("two relationships of an id", _relation("styles", "styles.xml", "rId1"), "two relationships have the id"),
    _in_body("a run in the body", _RUN, "a run stands outside any paragraph"),
    _in_body(
        "a run in a cell",
        f"<w:tbl><w:tblGrid/><w:tr><w:tc>{_RUN}<w:p/></w:tc></w:tr></w:tbl><w:p/>",
        "a run stands outside any paragraph",
    ),
    _in_body("a paragraph in a paragraph", "<w:p><w:p/></w:p>", "a paragraph stands within a paragraph"),
    _in_body("a paragraph in a run", "<w:p><w:r><w:p/></w:r></w:p>", "a paragraph stands within a paragraph"),
    _in_body(
        "a table in a paragraph",
        "<w:p><w:tbl><w:tblGrid/><w:tr><w:tc><w:p/></w:tc></w:tr></w:tbl></w:p>",
        "a paragraph stands within a paragraph",
    ),
    Mutant("a paragraph after the end", DOCUMENT, "</w:body>", "<w:p/></w:body>", "follows the page setup"),
    Mutant("two ends", DOCUMENT, "</w:body>", "<w:sectPr/></w:body>", "follows the page setup"),
    Mutant("a footer called a header", DOCUMENT, "w:footerReference", "w:headerReference", "is no header of the"),
    Mutant("a header called a footer", DOCUMENT, "w:headerReference", "w:footerReference", "is no footer of the"),
    Mutant("a footer related as a header", WORD_RELS, '/footer"', '/header"', "is no footer of the document"),
    Mutant("a header that is a footer", WORD_RELS, '"header1.xml"', '"footer1.xml"', "is no header of the document"),
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
    Mutant("a formula that is not closed", SHEET, "<f>IF(COUNT(", "<f>IF(COUNT((", "the formula of cell"),
    Mutant("a quotation mark that is not closed", SHEET, "<f>IF(COUNT(", '<f>"&amp;IF(COUNT(', "the formula of cell"),
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
    Mutant("a slot", SHEET, "<f>IF(COUNT(", "<f>IF(COUNT(\ufdd0a\ufdd1,", "nothing was filled in"),
    Mutant(
        "a formula that starts a program",
        SHEET,
        "<f>IF(COUNT(",
        "<f>IF(COUNT(cmd|'/c calc'!A0,",
        "active content: the formula",
    ),
    _in_rels("a workbook outside", _relation("externalLink", "file:///a.xlsx"), "active content: externalL", BOOK_RELS),
    _in_rels("two relationships of an id", _relation("styles", "styles.xml", "rId1"), "have the id rId1", BOOK_RELS),
    Mutant("a number that is none", SHEET, "<v>1</v>", "<v>甲</v>", "cell A5 holds no number: 甲"),
    Mutant("a number without end", SHEET, "<v>1</v>", "<v>inf</v>", "cell A5 holds no number: inf"),
    Mutant("a number with a comma", SHEET, 't="n"><v>1<', "><v>1,000<", "holds no number: 1,000"),
    Mutant("a cell of no type", SHEET, 't="inlineStr"', 't="text"', "cell A1 is of no type that there is: text"),
    Mutant("a formula too long", SHEET, "<f>IF(COUNT(", f"<f>IF(COUNT({'0,' * 4_100}", "is longer than Excel reads"),
    Mutant("a sheet that is not there", SHEET, "<f>IF(COUNT(", "<f>IF(COUNT(甲表!A1,", "names the sheet “甲表”"),
    Mutant(
        "a quoted sheet that is not there",
        SHEET,
        "<f>IF(COUNT(",
        "<f>IF(COUNT('甲''s 表'!A1,",
        "names the sheet “甲's 表”",
    ),
    Mutant("sheets that end nowhere", SHEET, "<f>IF(COUNT(", "<f>IF(COUNT('_meta:乙'!A1,", "names the sheet “乙”"),
    Mutant(
        "a name of no sheet",
        BOOK,
        "</definedNames>",
        '<definedName name="x">甲表!$A$1</definedName></definedNames>',
        "names the sheet “甲表”",
    ),
    _in_sheet("a list of no sheet", _LIST.format("A1", "甲表!$A$1") + "</dataValidations>", "names the sheet “甲表”"),
    Mutant("two sheets of a number", BOOK, 'sheetId="2"', 'sheetId="1"', "two sheets have the number 1"),
]

SOUND_WORD = [
    _in_body(
        "a text box in a paragraph",
        f"<w:p>{_BOX.format(f'<v:textbox><w:txbxContent><w:p>{_RUN}</w:p></w:txbxContent></v:textbox>')}</w:p>",
        "",
    ),
    _in_body("a field of the page", _field("PAGE"), ""),
    _in_body("a link to a page", _field("HYPERLINK https://example.com/"), ""),
    _in_rels("a related link to a page", _relation("hyperlink", "https://example.com/"), ""),
    Mutant("another noncharacter's neighbour", DOCUMENT, "</w:t>", "\ufdcf&#xFDD;</w:t>", ""),
]
SOUND_EXCEL = [
    Mutant("a small number", SHEET, "<v>1</v>", "<v>-1.5E-05</v>", ""),
    Mutant("a result that is not reckoned yet", SHEET, "<v>1</v>", "<f>1</f><v/>", ""),
    Mutant("a truth", SHEET, 't="n"><v>1<', 't="b"><v>1<', ""),
    Mutant("a sheet in small letters", BOOK, 'name="_meta"', 'name="_META"', ""),
    *(
        Mutant(f"a formula of {term}", SHEET, "<f>IF(COUNT(", f"<f>IF(COUNT({term},", "")
        for term in (
            "_meta!A1", "'_meta'!A1", "_META!$A$1:_meta!B2", '"甲!"', "#REF!A1", "#DIV/0!", "'_meta:_meta'!A1",
            "表[甲!]", "表[[#This Row],[甲!]]", "IF(A1&lt;&gt;&quot;乙!&quot;,1)",
        )
    ),
]  # fmt: skip
"""Changed, and sound all the same."""
