"""A workbook written as a stream: rows of texts, figures and formulas with their results, in a handful of styles."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple
from xml.sax.saxutils import escape, quoteattr

from generator.office.ooxml import column_letters
from generator.office.package import sheet_string

PLAIN, HEAD, TITLE, FIGURE, TOTAL, NOTE, ALARM = range(7)
"""Styles of cells, by their number in `_STYLES`."""
_DATE = (1980, 1, 1, 0, 0, 0)
_DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_DOCUMENT = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_FAST = 1
"""The level of compression: a large table takes longer to deflate than to write."""


class Formula(NamedTuple):
    """A formula without its = sign, with what it comes to."""

    text: str
    result: str | Decimal


Content = str | int | Decimal | Formula | None


@dataclass
class Sheet:
    """A sheet: its rows as (style, contents); `widths` in characters; rows above `frozen` stay in sight."""

    name: str
    widths: Sequence[float]
    rows: Iterable[tuple[int, Sequence[Content]]]
    frozen: int = 0
    wide: list[int] = field(default_factory=list)
    """Numbers of rows, from 1, of which the first cell goes over the full width."""
    landscape: bool = True


def workbook(sheets: Sequence[Sheet]) -> bytes:
    """The bytes of an .xlsx; the same for the same sheets."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=_FAST) as archive:
        _put(archive, "[Content_Types].xml", [_types(len(sheets))])
        _put(archive, "_rels/.rels", [_relations([("officeDocument", "xl/workbook.xml")])])
        targets = [("worksheet", f"worksheets/sheet{number}.xml") for number in range(1, len(sheets) + 1)]
        _put(archive, "xl/_rels/workbook.xml.rels", [_relations([*targets, ("styles", "styles.xml")])])
        _put(archive, "xl/workbook.xml", [_book(sheets)])
        _put(archive, "xl/styles.xml", [_STYLES])
        for number, sheet in enumerate(sheets, 1):
            _put(archive, f"xl/worksheets/sheet{number}.xml", _sheet(sheet))
    return stream.getvalue()


def _put(archive: zipfile.ZipFile, name: str, texts: Iterable[str]) -> None:
    info = zipfile.ZipInfo(name, _DATE)
    info.compress_type = zipfile.ZIP_DEFLATED
    with archive.open(info, "w") as part:
        for text in texts:
            part.write(text.encode())


def _types(count: int) -> str:
    sheet = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    names = [f"worksheets/sheet{number}" for number in range(1, count + 1)]
    overrides = [("workbook", "sheet.main"), ("styles", "styles"), *((name, "worksheet") for name in names)]
    said = "".join(
        f'<Override PartName="/xl/{name}.xml" ContentType="{sheet}.{kind}+xml"/>' for name, kind in overrides
    )
    return (
        f'{_DECLARATION}<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" ContentType='
        '"application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{said}</Types>'
    )


def _relations(targets: Sequence[tuple[str, str]]) -> str:
    said = "".join(
        f'<Relationship Id="rId{number}" Type="{_DOCUMENT}/{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(targets, 1)
    )
    return f'{_DECLARATION}<Relationships xmlns="{_PACKAGE}/relationships">{said}</Relationships>'


def _book(sheets: Sequence[Sheet]) -> str:
    said = "".join(
        f'<sheet name={quoteattr(sheet.name)} sheetId="{number}" r:id="rId{number}"/>'
        for number, sheet in enumerate(sheets, 1)
    )
    return (
        f'{_DECLARATION}<workbook xmlns="{_MAIN}" xmlns:r="{_DOCUMENT}"><sheets>{said}</sheets>'
        '<calcPr calcId="191029" fullCalcOnLoad="1"/></workbook>'
    )


def _sheet(sheet: Sheet) -> Iterator[str]:
    pane = ""
    if sheet.frozen:
        pane = (
            f'<pane ySplit="{sheet.frozen}" topLeftCell="A{sheet.frozen + 1}" activePane="bottomLeft" state="frozen"/>'
        )
    widths = "".join(
        f'<col min="{number}" max="{number}" width="{width}" customWidth="1"/>'
        for number, width in enumerate(sheet.widths, 1)
    )
    yield (
        f'{_DECLARATION}<worksheet xmlns="{_MAIN}"><sheetPr><pageSetUpPr fitToPage="1"/></sheetPr>'
        f'<sheetViews><sheetView workbookViewId="0">{pane}</sheetView></sheetViews>'
        f'<sheetFormatPr defaultRowHeight="18"/><cols>{widths}</cols><sheetData>'
    )
    letters = [column_letters(number) for number in range(1, len(sheet.widths) + 1)]
    pieces: list[str] = []
    for number, (style, contents) in enumerate(sheet.rows, 1):
        pieces.append(_row(number, style, contents, letters))
        if len(pieces) == _PIECES:
            yield "".join(pieces)
            pieces = []
    last = letters[-1]
    merges = "".join(f'<mergeCell ref="A{number}:{last}{number}"/>' for number in sheet.wide)
    merged = f'<mergeCells count="{len(sheet.wide)}">{merges}</mergeCells>' if sheet.wide and last != "A" else ""
    orientation = "landscape" if sheet.landscape else "portrait"
    yield (
        f'{"".join(pieces)}</sheetData>{merged}<pageMargins left="0.5" right="0.5" top="0.6" bottom="0.6" header="0.3" '
        f'footer="0.3"/><pageSetup paperSize="9" orientation="{orientation}" fitToHeight="0"/></worksheet>'
    )


_PIECES = 500


def _row(number: int, style: int, contents: Sequence[Content], letters: Sequence[str]) -> str:
    cells = []
    for letter, content in zip(letters, contents, strict=False):
        if content is None or content == "":
            if style:
                cells.append(f'<c r="{letter}{number}" s="{style}"/>')
        elif type(content) is str:
            cells.append(f'<c r="{letter}{number}" s="{style}"{_text(content)}')
        elif type(content) is Formula:
            cells.append(_formula(f"{letter}{number}", style, content))
        else:
            cells.append(f'<c r="{letter}{number}" s="{FIGURE if style == PLAIN else style}"><v>{content}</v></c>')
    return f'<row r="{number}">{"".join(cells)}</row>'


@lru_cache(maxsize=65_536)
def _text(content: str) -> str:
    """The rest of a cell that holds a text; most texts of a large table stand in it many times."""
    return f' t="inlineStr"><is><t xml:space="preserve">{escape(sheet_string(content))}</t></is></c>'


def _formula(cell: str, style: int, formula: Formula) -> str:
    kind = ' t="str"' if isinstance(formula.result, str) else ""
    result = escape(formula.result) if isinstance(formula.result, str) else f"{formula.result:f}"
    return f'<c r="{cell}" s="{style}"{kind}><f>{escape(formula.text)}</f><v>{result}</v></c>'


def _font(size: float, face: str, extra: str = "") -> str:
    return f'<font>{extra}<sz val="{size}"/><name val="{face}"/><family val="3"/><charset val="134"/></font>'


def _xf(font: int, fill: int, border: int, horizontal: str, number: int = 0) -> str:
    return (
        f'<xf numFmtId="{number}" fontId="{font}" fillId="{fill}" borderId="{border}" xfId="0" applyFont="1" '
        f'applyFill="1" applyBorder="1" applyAlignment="1" applyNumberFormat="1"><alignment horizontal="{horizontal}" '
        'vertical="center" wrapText="1"/></xf>'
    )


_RED = '<color rgb="FFC00000"/>'
_LINE = "".join(f'<{side} style="thin"><color auto="1"/></{side}>' for side in ("left", "right", "top", "bottom"))
_STYLES = (
    f'{_DECLARATION}<styleSheet xmlns="{_MAIN}"><fonts count="5">{_font(11, "宋体")}{_font(11, "黑体")}'
    f"{_font(16, '方正小标宋简体')}{_font(10.5, '仿宋_GB2312')}{_font(11, '黑体', _RED)}</fonts>"
    '<fills count="3"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>'
    '<fill><patternFill patternType="solid"><fgColor rgb="FFEDEDED"/></patternFill></fill></fills>'
    f'<borders count="2"><border><left/><right/><top/><bottom/><diagonal/></border><border>{_LINE}<diagonal/></border>'
    '</borders><cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    f'<cellXfs count="7">{_xf(0, 0, 1, "left", 49)}{_xf(1, 2, 1, "center")}{_xf(2, 0, 0, "center")}'
    f"{_xf(0, 0, 1, 'right')}{_xf(1, 2, 1, 'right')}{_xf(3, 0, 0, 'left')}{_xf(4, 0, 0, 'left')}</cellXfs>"
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
)
