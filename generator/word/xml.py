"""WordprocessingML fragments: paragraphs, runs, drawings and sections, escaped, as markup for a template's {{p tags }}.

Text may hold slots; they pass through and are filled when the package is stamped.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from xml.sax.saxutils import escape, quoteattr

from markupsafe import Markup

from generator.word.page.layout import LINE, TYPE_WIDTH
from generator.wording.body import Run

EMU_PER_MM = 36_000
RED = "FF0000"


class Styles:
    """What a template decides: style ids by name, and the grid.

    The names are the elements of GB/T 9704, the ids are whatever Word made of them. `line` is the line pitch in twips,
    `top` the top margin in mm.
    """

    def __init__(self, ids: dict[str, str], line: int = LINE, top: float = 37.0) -> None:
        self._ids = ids
        self.line = line
        self.top = top

    def id(self, name: str) -> str:
        """The id of a style; where an edited template has lost it, its name, which Word shows as Normal."""
        return self._ids.get(name, name)


def styles_in(text: str, section: str) -> Styles:
    """The styles of a template, of its part `word/styles.xml` and the w:sectPr that ends its body."""
    found = re.findall(r'<w:style [^>]*w:styleId="([^"]+)"[^>]*>\s*<w:name w:val="([^"]+)"', text)
    pitch = re.search(r'<w:docGrid [^>]*w:linePitch="(\d+)"', section)
    top = re.search(r'<w:pgMar [^>]*w:top="(\d+)"', section)
    line = int(pitch[1]) if pitch else LINE
    return Styles({name: style for style, name in found}, line, int(top[1]) / 1440 * 25.4 if top else 37.0)


def text_run(text: str, *, bold: bool = False, properties: str = "", style: str = "") -> str:
    """A run; the hint keeps “ ” … — in the Chinese font. A line break in the text becomes w:br."""
    weight = "<w:b/><w:bCs/>" if bold else ""
    named = f'<w:rStyle w:val="{style}"/>' if style else ""
    parts = [f'<w:t xml:space="preserve">{escape(line)}</w:t>' for line in text.split("\n")]
    return f'<w:r><w:rPr>{named}<w:rFonts w:hint="eastAsia"/>{weight}{properties}</w:rPr>{"<w:br/>".join(parts)}</w:r>'


HEADING_FONTS = ("一级标题字", "二级标题字", "三级标题字", "四级标题字")
"""Character styles of a heading that is run in with its paragraph."""


def paragraph(style: str, runs: str | Iterable[Run], properties: str = "", styles: Styles | None = None) -> Markup:
    """A paragraph of a style (id). `properties` are further w:pPr children, in schema order.

    `styles` is needed where runs are in a heading's font.
    """
    given = [Run(runs)] if isinstance(runs, str) else runs
    body = "".join(_run(run, styles) for run in given if run.text)
    return Markup(f"<w:p><w:pPr><w:pStyle w:val={quoteattr(style)}/>{properties}</w:pPr>{body}</w:p>")  # noqa: S704


def _run(run: Run, styles: Styles | None) -> str:
    if run.text == "\t":
        return "<w:r><w:tab/></w:r>"
    font = styles.id(HEADING_FONTS[run.heading - 1]) if run.heading and styles else ""
    return text_run(run.text, bold=run.bold, style=font)


def blank(style: str, height: int, properties: str = "") -> Markup:
    """An empty paragraph of an exact height, in twips; `properties` are w:pPr children that stand before w:spacing."""
    spacing = f'<w:spacing w:line="{height}" w:lineRule="exact"/>'
    return paragraph(style, "", properties + spacing) if height else Markup("")


def join(fragments: Iterable[Markup]) -> Markup:
    return Markup("").join(fragments)


def tab_stops(stops: Iterable[tuple[str, int]]) -> str:
    """Stops by kind (left, center, right) and place, in twips."""
    inner = "".join(f'<w:tab w:val="{kind}" w:pos="{place}"/>' for kind, place in stops)
    return f"<w:tabs>{inner}</w:tabs>" if inner else ""


PAGE_BREAK_BEFORE, KEEP_NEXT, KEEP_LINES = "<w:pageBreakBefore/>", "<w:keepNext/>", "<w:keepLines/>"
HELD = KEEP_NEXT + KEEP_LINES
"""What is not divided, and stands on one page with the beginning of what follows."""


def indent(*, left: int = 0, right: int = 0, first_line: int = 0, hanging: int = 0) -> str:
    """w:ind, in twips; the Chars forms are zeroed because a style's would win over ours in Word."""
    first = f'w:hanging="{hanging}"' if hanging else f'w:firstLineChars="0" w:firstLine="{first_line}"'
    return f'<w:ind w:left="{left}" w:right="{right}" {first}/>'


# -- drawings: what stands at a fixed place of the page ----------------------------------------------------------------


def rectangle(number: int, x: float, y: float, width: float, height: float) -> str:
    """A red bar at a fixed place, in mm from the paper's top left corner: half of a double rule, or a single one."""
    return _anchor_at(number, _on_page(x, y), width, height, _bar(width, height))


def _bar(width: float, height: float) -> str:
    return (
        '<wps:cNvSpPr/><wps:spPr><a:xfrm><a:off x="0" y="0"/>'
        f'<a:ext cx="{_emu(width)}" cy="{_emu(height)}"/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom>'
        f'<a:solidFill><a:srgbClr val="{RED}"/></a:solidFill><a:ln><a:noFill/></a:ln></wps:spPr><wps:bodyPr/>'
    )


def text_box(number: int, x: float, y: float, width: float, height: float, content: str) -> str:
    """Paragraphs or a table at a fixed place, in mm from the paper's top left corner; no frame, no inner margins."""
    return _anchor_at(number, _on_page(x, y), width, height, _box(width, height, content))


def _box(width: float, height: float, content: str) -> str:
    return (
        '<wps:cNvSpPr txBox="1"/><wps:spPr><a:xfrm><a:off x="0" y="0"/>'
        f'<a:ext cx="{_emu(width)}" cy="{_emu(height)}"/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom>'
        f"<a:noFill/><a:ln><a:noFill/></a:ln></wps:spPr><wps:txbx><w:txbxContent>{content}</w:txbxContent></wps:txbx>"
        '<wps:bodyPr lIns="0" tIns="0" rIns="0" bIns="0" anchor="t"><a:noAutofit/></wps:bodyPr>'
    )


def _on_page(x: float, y: float) -> str:
    return (
        f'<wp:positionH relativeFrom="page"><wp:posOffset>{_emu(x)}</wp:posOffset></wp:positionH>'
        f'<wp:positionV relativeFrom="page"><wp:posOffset>{_emu(y)}</wp:posOffset></wp:positionV>'
    )


def _anchor_at(
    number: int, position: str, width: float, height: float, shape: str, name: str = "版头", wrap: str = "wrapNone"
) -> str:
    return (
        '<w:r><w:drawing><wp:anchor distT="0" distB="0" distL="0" distR="0" simplePos="0" relativeHeight="'
        f'{number}" behindDoc="0" locked="1" layoutInCell="1" allowOverlap="1"><wp:simplePos x="0" y="0"/>'
        f'{position}<wp:extent cx="{_emu(width)}" cy="{_emu(height)}"/>'
        f'<wp:effectExtent l="0" t="0" r="0" b="0"/><wp:{wrap}/>'
        f'<wp:docPr id="{number}" name="{name} {number}"/><wp:cNvGraphicFramePr/><a:graphic>'
        '<a:graphicData uri="http://schemas.microsoft.com/office/word/2010/wordprocessingShape">'
        f"<wps:wsp>{shape}</wps:wsp></a:graphicData></a:graphic></wp:anchor></w:drawing></w:r>"
    )


def _emu(mm: float) -> int:
    return round(mm * EMU_PER_MM)


# -- sections ----------------------------------------------------------------------------------------------------------


def section_break(section: str) -> Markup:
    """Ends a section here: `section` is a w:sectPr."""
    properties = f'<w:spacing w:line="20" w:lineRule="exact"/>{section}'
    return Markup(f"<w:p><w:pPr>{properties}</w:pPr></w:p>")  # noqa: S704


def landscape(section: str) -> str:
    """The same section turned: the type area's 天头 and 订口 turn with the paper (GB/T 9704-2012 clause 8)."""
    section = re.sub(r"<w:pgSz [^>]*/>", '<w:pgSz w:w="16838" w:h="11906" w:orient="landscape"/>', section)
    sides = 'w:top="1588" w:right="2098" w:bottom="1474" w:left="1984"'
    margins = f'<w:pgMar {sides} w:header="850" w:footer="850" w:gutter="0"/>'
    return re.sub(r"<w:pgMar [^>]*/>", margins, section)


def type_height(section: str) -> int:
    """The height of a section's type area, in twips."""
    paper, top, bottom = (
        int(re.findall(rf'<w:{element} [^>]*w:{side}="(\d+)"', section)[0])
        for element, side in (("pgSz", "h"), ("pgMar", "top"), ("pgMar", "bottom"))
    )
    return paper - top - bottom


def without_first_page(section: str) -> str:
    """A later section has no first page of its own: the mark stands on page 1 of the document only."""
    section = section.replace("<w:titlePg/>", "")
    return re.sub(r'<w:(header|footer)Reference w:type="first"[^>]*/>', "", section)


def last_section(document: str) -> str:
    """The w:sectPr that ends the body of a document part."""
    found: list[str] = re.findall(r"<w:sectPr\b.*?</w:sectPr>", document, flags=re.DOTALL)
    return found[-1]


# -- 版记 -------------------------------------------------------------------------------------------------------------

IMPRINT_CARRIER = '<w:p><w:pPr><w:spacing w:line="20" w:lineRule="exact"/></w:pPr>'
"""The beginning of a paragraph that holds nothing but the box of 版记, until the one before takes it."""
IMPRINT_END = '<w:p><w:pPr><w:spacing w:line="10" w:lineRule="exact"/></w:pPr></w:p>'
"""What Word wants after a table at the end, no higher than what 22 lines leave over of a page."""
_OUTER_RULE, _INNER_RULE = 8, 6
"""分隔线, in eighths of a point: 0.35 mm the first and the last, 0.25 mm those between (7.4.1)."""
_IMPRINT_NUMBER = 901
_RULE_BELOW = 0.35
"""mm that the last rule reaches below its table."""
_BESIDE = 0.5
"""mm that the box is wider than its table on either side, so that no program narrows the table."""


def imprint_table(style: str, entries: Sequence[Sequence[str]], pitch: int, *, ruled: bool) -> str:
    """版记: a row for each entry, each of its lines a line of the grid (`pitch` twips), its rules their borders."""
    rows = []
    for number, entry in enumerate(entries):
        lines = "".join(_imprint_line(style, line) for line in entry)
        above = _border("top", _INNER_RULE if number else _OUTER_RULE)
        below = "" if number < len(entries) - 1 else _border("bottom", _OUTER_RULE)
        borders = f"<w:tcBorders>{above}{below}</w:tcBorders>" if ruled else ""
        height = f'<w:trHeight w:val="{len(entry) * pitch}" w:hRule="exact"/>'
        cell = f'<w:tc><w:tcPr><w:tcW w:w="{TYPE_WIDTH}" w:type="dxa"/>{borders}</w:tcPr>{lines}</w:tc>'
        rows.append(f"<w:tr><w:trPr>{height}</w:trPr>{cell}</w:tr>")
    margins = "".join(f'<w:{side} w:w="0" w:type="dxa"/>' for side in ("top", "left", "bottom", "right"))
    return (
        f'<w:tbl><w:tblPr><w:tblW w:w="{TYPE_WIDTH}" w:type="dxa"/><w:jc w:val="center"/>'
        f'<w:tblLayout w:type="fixed"/><w:tblCellMar>{margins}</w:tblCellMar></w:tblPr>'
        f'<w:tblGrid><w:gridCol w:w="{TYPE_WIDTH}"/></w:tblGrid>{"".join(rows)}</w:tbl>'
    )


def _border(side: str, eighths: int) -> str:
    return f'<w:{side} w:val="single" w:sz="{eighths}" w:space="0" w:color="000000"/>'


def _imprint_line(style: str, line: str) -> str:
    left, tab, right = line.partition("\t")
    runs = text_run(left) + (f"<w:r><w:tab/></w:r>{text_run(right)}" if tab else "")
    stops = tab_stops([("right", TYPE_WIDTH - 280)]) if tab else ""
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{stops}<w:ind w:left="0" w:right="0"/></w:pPr>{runs}</w:p>'


def imprint_box(table: str, height: int, bottom: float) -> str:
    """A run with 版记 in a box of `height` twips that ends `bottom` mm below the edge of its paragraph's page.

    Text that reaches down to it goes to the next page, and the box with it.
    """
    tiny = '<w:p><w:pPr><w:spacing w:line="20" w:lineRule="exact"/></w:pPr></w:p>'
    width, mm = TYPE_WIDTH / 1440 * 25.4 + 2 * _BESIDE, height / 1440 * 25.4
    top = _emu(bottom - _RULE_BELOW - mm)
    position = (
        '<wp:positionH relativeFrom="margin"><wp:align>center</wp:align></wp:positionH>'
        f'<wp:positionV relativeFrom="page"><wp:posOffset>{top}</wp:posOffset></wp:positionV>'
    )
    shape = _box(width, mm, table + tiny)
    return _anchor_at(_IMPRINT_NUMBER, position, width, mm, shape, "版记", "wrapTopAndBottom")
