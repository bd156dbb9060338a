"""The sections of a rendered notice put right: one first page, footers that turn with the page, an unnumbered end.

Works on the parts after rendering, before they are compiled: a template's author sees none of this.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from generator.word.page.arrange import Arrangement
from generator.word.xml import HELD, IMPRINT_CARRIER, Styles, last_section, without_first_page

_BREAK_AT_END = re.compile(
    r'<w:p><w:pPr><w:spacing w:line="20" w:lineRule="exact"/>'
    r"(<w:sectPr\b(?:(?!</w:sectPr>).)*</w:sectPr>)</w:pPr></w:p>"
    r"(<w:sectPr\b(?:(?!</w:sectPr>).)*</w:sectPr>)(?=</w:body>)",
    re.DOTALL,
)
_SECTION = re.compile(r"<w:sectPr\b.*?</w:sectPr>", re.DOTALL)
_END = "</w:p>"
_FOOTER_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.footer+xml"
_FOOTER_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/footer"
_NAMESPACE = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def finisher(arranged: Arrangement, styles: Styles) -> Callable[[dict[str, bytes]], None]:
    """What `Template.compile` does last to the parts of a notice."""

    def finish(parts: dict[str, bytes]) -> None:
        document = _BREAK_AT_END.sub(r"\1", parts["word/document.xml"].decode())
        sections = _SECTION.findall(document)
        later = iter([sections[0], *map(without_first_page, sections[1:])])
        document = _SECTION.sub(lambda _section: next(later), document)
        if 'w:orient="landscape"' in document:
            document = _turn_numbers(document, parts, styles.id("页码"))
        if begins := arranged.imprint_begins:
            typed = f'<w:type w:val="{begins}"/><w:pgSz'
            document = _replace_last(document, lambda last: last.replace("<w:pgSz", typed, 1))
        if arranged.blank_page:
            document = _unnumbered_end(document, parts)
        parts["word/document.xml"] = _anchored(document).encode()

    return finish


def _anchored(document: str) -> str:
    """The box of 版记 anchored in the first of the paragraphs that stand together above it; the one that held it goes.

    When the last of them has no room above the box, all of them go to the next page, and it with them.
    """
    start, carrier = document.find(IMPRINT_CARRIER), "</w:drawing></w:r></w:p>"
    place = start - len(_END)
    if start < 0 or not document.endswith(_END, 0, start) or document.endswith(f"</w:sectPr></w:pPr>{_END}", 0, start):
        return document
    while _is_held(document, above := document.rfind(_END, 0, place)):
        place = above
    end = document.index(carrier, start) + len(carrier)
    box = document[start + len(IMPRINT_CARRIER) : end - len(_END)]
    return document[:place] + box + document[place:start] + document[end:]


def _is_held(document: str, end: int) -> bool:
    """Whether the paragraph that ends there keeps with the next one."""
    start = document.rfind(_END, 0, end) + len(_END)
    return end > 0 and HELD in document[start:end].partition("</w:pPr>")[0]


# -- page numbers of landscape pages -----------------------------------------------------------------------------------

_DASH_FROM_EDGE = 28.0
"""mm from the paper's edge to the dash: 7 mm below the type area (7.5)."""
_BASELINE_IN_FRAME = 5.4
"""mm from a frame's left edge to the baseline of its upright line of 四号, and on to the dash, as measured."""
_FRAME_WIDTH, _FRAME_HEIGHT = 10.0, 30.0
_ODD_END, _EVEN_BEGIN = 210 - 26 - 4.94, 28 + 4.94
"""mm along the edge: one character in from the type area, right on odd and left on even pages."""


def _turn_numbers(document: str, parts: dict[str, bytes], style: str) -> str:
    """A landscape page keeps its number where the paper's other pages have it: on its left edge, upright (clause 8).

    The sheet lies with its left edge at the foot when it is bound, so the number reads from top to bottom.
    """
    _add_footer(parts, "footerTurnedOdd.xml", _turned_footer(style, _ODD_END - _FRAME_HEIGHT, "right"))
    _add_footer(parts, "footerTurnedEven.xml", _turned_footer(style, _EVEN_BEGIN, "left"))

    def turned(match: re.Match[str]) -> str:
        if 'w:orient="landscape"' not in match[0]:
            return match[0]
        return _with_footers(match[0], "footerTurnedOdd.xml", "footerTurnedEven.xml")

    return _SECTION.sub(turned, document)


def _turned_footer(style: str, y: float, side: str) -> str:
    x = _DASH_FROM_EDGE - 1.5 - _BASELINE_IN_FRAME
    frame = (
        f'<w:framePr w:w="{_twips(_FRAME_WIDTH)}" w:h="{_twips(_FRAME_HEIGHT)}" w:hRule="exact" w:wrap="around" '
        f'w:vAnchor="page" w:hAnchor="page" w:x="{_twips(x)}" w:y="{_twips(y)}"/>'
    )
    field = "".join(
        f"<w:r>{content}</w:r>"
        for content in (
            '<w:t xml:space="preserve">— </w:t>',
            '<w:fldChar w:fldCharType="begin"/>',
            '<w:instrText xml:space="preserve"> PAGE </w:instrText>',
            '<w:fldChar w:fldCharType="separate"/>',
            "<w:t>1</w:t>",
            '<w:fldChar w:fldCharType="end"/>',
            '<w:t xml:space="preserve"> —</w:t>',
        )
    )
    properties = f'<w:pStyle w:val="{style}"/>{frame}<w:ind w:left="0" w:right="0"/><w:jc w:val="{side}"/>'
    properties += '<w:textDirection w:val="tbRl"/>'
    return f'<w:p><w:pPr>{properties}</w:pPr>{field}</w:p><w:p><w:pPr><w:pStyle w:val="{style}"/></w:pPr></w:p>'


def _twips(mm: float) -> int:
    return round(mm / 25.4 * 1440)


# -- pages without a number --------------------------------------------------------------------------------------------


def _unnumbered_end(document: str, parts: dict[str, bytes]) -> str:
    """Blank pages before 版记 and the page of 版记 bear no number (GB/T 9704-2012 7.5)."""
    _add_footer(parts, "footerBlank.xml", "<w:p/>")
    return _replace_last(document, lambda last: _with_footers(last, "footerBlank.xml", "footerBlank.xml"))


def _replace_last(document: str, change: Callable[[str], str]) -> str:
    """Changes the last section only: others may read the same."""
    last = last_section(document)
    before, _section, after = document.rpartition(last)
    return before + change(last) + after


def _with_footers(section: str, odd: str, even: str) -> str:
    for side, name in (("default", odd), ("even", even)):
        section = re.sub(rf'(<w:footerReference w:type="{side}" r:id=")[^"]*"', rf'\1{_id(name)}"', section)
    return section


def _id(name: str) -> str:
    return f"rId{name.removesuffix('.xml')}"


def _add_footer(parts: dict[str, bytes], name: str, content: str) -> None:
    parts[f"word/{name}"] = f"<w:ftr {_NAMESPACE}>{content}</w:ftr>".encode()
    override = f'<Override PartName="/word/{name}" ContentType="{_FOOTER_TYPE}"/></Types>'
    relation = f'<Relationship Id="{_id(name)}" Type="{_FOOTER_RELATION}" Target="{name}"/></Relationships>'
    _append(parts, "[Content_Types].xml", "</Types>", override)
    _append(parts, "word/_rels/document.xml.rels", "</Relationships>", relation)


def _append(parts: dict[str, bytes], name: str, end: str, addition: str) -> None:
    parts[name] = parts[name].decode().replace(end, addition).encode()
