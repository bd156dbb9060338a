"""Rules on the page: paper, margins, the grid of 22 lines of 28 characters, page numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator

from generator.base.i18n import _, later
from generator.base.standard import PAGE_NUMBER, PAGE_NUMBER_PLACE
from generator.lint.rules import Hit, rule
from generator.office.ooxml import W
from generator.reading.document import Document, Paragraph, Role, Section, numbers_of, text_box_side
from generator.reading.inline import PAGE_FIELD
from generator.reading.properties import switched_on
from generator.word.page.layout import BODY_SIZE, LINE_CHARACTERS, PAGE_LINES

TWIPS_PER_MM = 1440 / 25.4
A4 = (11906, 16838)
_PAPER_TOLERANCE = 40
MARGIN_SETS = ((37.0, 35.0), (34.58, 32.58))
"""天头 and bottom, in mm: of the standard, and of GB/T 33476.2-2016 6.2 for a word processor."""
LEFT_MM, RIGHT_MM = 28.0, 26.0
_MARGIN_TOLERANCE = 1.05
"""7.1 allows 1 mm; twips and programs that round to a tenth of a centimetre need a little more."""
_FOOTER_MM = (21.5, 27.5)
"""Where w:footer puts a 四号 dash 7 mm below the type area, for either set of margins."""
_DASH = "—―－"
_PASSED_ON: tuple[Role, ...] = ("", "appended", "attachment_head", "attachment_title", "attachment")
_NATIONAL_FORM = re.compile(rf"^[ \u3000]*[—―－][ \u2002\u00a0]?{PAGE_FIELD}[ \u2002\u00a0]?[—―－][ \u3000]*$")
_NUMBER_SIZE = 14.0
_TEXT: tuple[Role, ...] = ("body", "heading")


def own_sections(document: Document) -> Iterator[tuple[int, Section, Paragraph | None]]:
    """The sections that hold the document itself, by number from 1, with their first text: what is passed on with it,
    attached or appended, keeps its own page.
    """
    for index, section in enumerate(document.sections):
        inside = [paragraph for paragraph in document.paragraphs if paragraph.section == index and paragraph.bare]
        if not document.official or any(paragraph.role not in _PASSED_ON for paragraph in inside):
            yield index + 1, section, inside[0] if inside else None


def _mm(twips: int) -> str:
    return f"{twips / TWIPS_PER_MM:.1f}".removesuffix(".0")


@rule(
    "page-size",
    "must",
    "5.1",
    later("Letter, 215.9 × 279.4 mm"),
    later("Set the paper to A4, 210 × 297 mm."),
    fixable=True,
)
def page_size(document: Document) -> Iterator[Hit]:
    """The paper is not A4."""
    for _number, section, first in own_sections(document):
        if not is_a4(section):
            message = _("the paper is {width} × {height} mm, not A4")
            yield Hit(message.format(width=_mm(section.width), height=_mm(section.height)), first)


def is_a4(section: Section) -> bool:
    sides = sorted((section.width, section.height))
    return all(abs(side - given) <= _PAPER_TOLERANCE for side, given in zip(sides, A4, strict=True))


@rule(
    "page-turned",
    "must",
    "5.2.1",
    later("the text on landscape A4"),
    later("Set the pages of the text upright: 210 × 297 mm."),
)
def page_turned(document: Document) -> Iterator[Hit]:
    """The pages of the text are landscape; only wide tables may be."""
    first = document.first("title", "recipients", "body")
    if document.official and first and document.sections[first.section].turned:
        yield Hit(_("the text stands on landscape pages"), first)


@rule(
    "margins", "must", "5.2.1, 7.1", later("top 25.4 mm, left 31.8 mm"),
    later("Set top 37, bottom 35, left 28 and right 26 mm, or 34.58 and 32.58 mm for top and bottom (GB/T 33476.2)."),
    fixable=True,
)  # fmt: skip
def margins(document: Document) -> Iterator[Hit]:
    """The type area is not 156 × 225 mm in its place."""
    for _number, section, first in own_sections(document):
        if document.official and is_a4(section) and not has_margins(section):
            message = _("the margins are top {top}, bottom {bottom}, left {left}, right {right} mm")
            sides = {side: _mm(getattr(section, side)) for side in ("top", "bottom", "left", "right")}
            yield Hit(message.format(**sides), first)


def has_margins(section: Section) -> bool:
    """Whether the margins are one of the two sets; a landscape page may be the portrait one turned either way."""
    top, right, bottom, left = (
        side / TWIPS_PER_MM for side in (section.top, section.right, section.bottom, section.left)
    )
    orders = [(top, bottom, left, right)]
    if section.turned:
        orders += [(right, left, top, bottom), (left, right, bottom, top), (left, right, top, bottom)]
        orders += [(right, left, bottom, top)]
    wanted = [(first, second, LEFT_MM, RIGHT_MM) for first, second in MARGIN_SETS]
    return any(_near(given, want) for given in orders for want in wanted)


def _is_standard(section: Section) -> bool:
    """Whether the type area is that of the standard; of another one its own rules speak."""
    return is_a4(section) and has_margins(section)


def _near(given: tuple[float, ...], wanted: tuple[float, ...]) -> bool:
    return all(abs(a - b) <= _MARGIN_TOLERANCE for a, b in zip(given, wanted, strict=True))


# -- grid --------------------------------------------------------------------------------------------------------------


def pitch(paragraph: Paragraph, section: Section) -> int | None:
    """The height of one of its lines in twips; None where the font decides."""
    if paragraph.line_rule == "exact":
        return paragraph.line
    if section.pitch and paragraph.snapped:
        asked = section.pitch * paragraph.line / 240 if paragraph.line_rule == "auto" else paragraph.line
        return max(section.pitch, -(-round(asked) // section.pitch) * section.pitch)
    return None


def _text(document: Document) -> Iterator[tuple[Paragraph, Section]]:
    for paragraph in document.of(*_TEXT):
        section = document.sections[paragraph.section]
        if not section.turned:
            yield paragraph, section


@rule(
    "lines-per-page", "should", "5.2.3", later("line spacing 1.5 lines"),
    later("Set exact line spacing of 28.95 pt, or a document grid of 22 lines a page."), fixable=True,
)  # fmt: skip
def lines_per_page(document: Document) -> Iterator[Hit]:
    """The line spacing of the text does not give 22 lines a page."""
    for paragraph, section in ((one, section) for one, section in _text(document) if not one.tall):
        height = pitch(paragraph, section)
        if height is None:
            yield Hit(_("the line spacing is neither exact nor on a grid"), paragraph)
        elif section.text_height // max(height, 1) != PAGE_LINES and _is_standard(section):
            message = _("a line spacing of {points} pt gives {lines} lines a page, not 22")
            lines = section.text_height // max(height, 1)
            yield Hit(message.format(points=f"{height / 20:g}", lines=lines), paragraph)


@rule(
    "characters-per-line", "should", "5.2.3", later("三号 without condensing: 27 characters"),
    later("Condense the characters by 0.25 pt, or set a grid of 28 characters a line."), fixable=True,
)  # fmt: skip
def characters_per_line(document: Document) -> Iterator[Hit]:
    """The text does not run at 28 characters a line."""
    for paragraph, section in _text(document):
        count = _characters(paragraph, section)
        if _is_standard(section) and count not in (0, LINE_CHARACTERS):
            yield Hit(_("a line holds {count} characters, not 28").format(count=count), paragraph)


def _characters(paragraph: Paragraph, section: Section) -> int:
    """How many Chinese characters fill a line; 0 for text that is not 三号, of which another rule speaks."""
    main = max(paragraph.runs, key=lambda run: len(run.text))
    if round(main.size * 20) != BODY_SIZE:
        return 0
    advance: float = BODY_SIZE + main.tighten
    if section.char_space is not None and paragraph.snapped:
        advance += section.char_space * 20 / 4096
    return int(section.text_width // max(advance, 1))


@rule(
    "paragraph-spacing", "should", "5.2.3", later("6 pt after each paragraph"),
    later("Set the space before and after paragraphs to 0."), fixable=True,
)  # fmt: skip
def paragraph_spacing(document: Document) -> Iterator[Hit]:
    """Space before or after a paragraph moves the text off the 22 lines."""
    for paragraph, _section in _text(document):
        if paragraph.space:
            yield Hit(_("{points} pt stand before or after it").format(points=f"{paragraph.space / 20:g}"), paragraph)


@rule(
    "widow-control", "practice", "5.2.3", later("widow and orphan control on"),
    later("Switch widow and orphan control off."), fixable=True,
)  # fmt: skip
def widow_control(document: Document) -> Iterator[Hit]:
    """Widow control leaves pages short of 22 lines."""
    for paragraph, _section in _text(document):
        if paragraph.widow_control:
            yield Hit(_("widow control is on, so a page may end a line early"), paragraph)


@rule(
    "width-balanced", "practice", "5.2.3", later("the option to balance single-byte and double-byte characters"),
    later("In Word's options (Layout), switch off the balancing of SBCS and DBCS characters."),
)  # fmt: skip
def width_balanced(document: Document) -> Iterator[Hit]:
    """A compatibility option tightens condensed characters twice, so that lines break elsewhere in Word."""
    condensed = any(run.tighten for paragraph, _section in _text(document) for run in paragraph.runs)
    settings = (root for root in document.roots.values() if root.tag == f"{W}settings")
    if condensed and any(switched_on(root.find(f"{W}compat/{W}balanceSingleByteDoubleByteWidth")) for root in settings):
        yield Hit(_("an option balances the widths of Chinese and Latin characters"))


# -- page numbers ------------------------------------------------------------------------------------------------------


def footers(document: Document) -> Iterator[tuple[str, Paragraph]]:
    """The page numbers of the sender's own sections, each footer once: its type and the paragraph."""
    seen = set()
    for _number, section, _first in own_sections(document):
        for kind, part in section.footers.items() if document.official and not section.turned else ():
            used = kind == "default" or (kind == "even" and document.even_and_odd)
            if part not in seen and (used or (kind == "first" and section.title_page)):
                seen.add(part)
                for paragraph in numbers_of(document, part):
                    yield kind, paragraph


@rule(
    "page-number-missing", "must", "7.5", later("a footer without a page number"),
    later("Put — 1 — into the footer, right on odd pages and left on even ones."), fixable=True,
)  # fmt: skip
def page_number_missing(document: Document) -> Iterator[Hit]:
    """A document of several pages bears no page numbers."""
    parts = [part for _number, section, _first in own_sections(document) for part in section.footers.values()]
    if not document.official or any(numbers_of(document, part) for part in parts) or not several_pages(document):
        return
    if any(numbers_of(document, part) for section in document.sections for part in section.headers.values()):
        return
    yield Hit(_("the pages are not numbered"))


@rule(
    "page-number-header", "must", "7.5", later("the page number in the header"),
    later("Move the page number into the footer."),
)  # fmt: skip
def page_number_header(document: Document) -> Iterator[Hit]:
    """The page number stands in the header."""
    for part in {part for section in document.sections for part in section.headers.values()}:
        if document.official and numbers_of(document, part):
            yield Hit(_("the page number stands in the header"))
            return


def several_pages(document: Document) -> bool:
    """Whether it has more than one page: as rendered, else by its page breaks and by how much text it has."""
    if document.pages is not None:
        return len(document.pages) > 1
    if any(paragraph.page_break for paragraph in document.paragraphs[1:]):
        return True
    lines = sum(1 + len(paragraph.text) // LINE_CHARACTERS for paragraph in document.paragraphs)
    return lines > PAGE_LINES + 4


@rule(
    "page-number-form", "must", "7.5", "第1页；- 1 -", later("Write it as — 1 —: a dash on either side."), fixable=True
)
def page_number_form(document: Document) -> Iterator[Hit]:
    """The page number does not have the form — 1 —."""
    for _kind, paragraph in footers(document):
        if not number_form(document).match(paragraph.text):
            shown = paragraph.text.strip().replace(PAGE_FIELD, "1")
            yield Hit(_("the page number is written {number}").format(number=shown))


def number_form(document: Document) -> re.Pattern[str]:
    """How the page number may be written: as the standard has it, or as its house has it instead."""
    if document.local.page_number == PAGE_NUMBER:
        return _NATIONAL_FORM
    before, _place, after = document.local.page_number.partition(PAGE_NUMBER_PLACE)
    return re.compile(rf"^[ \u3000]*{re.escape(before)}{PAGE_FIELD}{re.escape(after)}[ \u3000]*$")


@rule(
    "page-number-side", "must", "7.5", later("page number in the middle"),
    later("Give odd and even pages footers of their own: right on odd pages, left on even ones."), fixable=True,
)  # fmt: skip
def page_number_side(document: Document) -> Iterator[Hit]:
    """The page number is not right on odd pages and left on even ones."""
    section = next((section for _number, section, _first in own_sections(document)), document.sections[0])
    for kind, paragraph in footers(document):
        align = {"justify": "left", "distribute": "left"}.get(paragraph.align, paragraph.align)
        side = text_box_side(paragraph, section) or align
        if side == "outside":
            continue
        if side == "center":
            yield Hit(_("the page number stands in the middle"))
        elif side != ("left" if kind == "even" else "right"):
            odd, even = _("the page number of odd pages is not right"), _("the page number of even pages is not left")
            yield Hit(even if kind == "even" else odd)
        elif not document.even_and_odd:
            yield Hit(_("the page number stands on the same side on odd and even pages"))


@rule(
    "page-number-indent", "should", "7.5", later("page number at the very edge"),
    later("Set it one character in from the edge of the type area."), fixable=True,
)  # fmt: skip
def page_number_indent(document: Document) -> Iterator[Hit]:
    """The page number is not one character in from the edge."""
    for _kind, paragraph in footers(document):
        side = paragraph.right if paragraph.align == "right" else paragraph.left + paragraph.first
        edge = paragraph.text.startswith("\u3000") or paragraph.text.endswith("\u3000")
        if paragraph.align != "center" and not edge and not 200 <= side <= 360 and paragraph.place != "box":
            yield Hit(_("the page number is not one character in from the edge"))


@rule("page-number-font", "should", "7.5", "小五 Calibri", later("Set it in 四号 (14 pt) 宋体."), fixable=True)
def page_number_font(document: Document) -> Iterator[Hit]:
    """The page number is not in 四号 宋体."""
    for _kind, paragraph in footers(document):
        run = next(run for run in paragraph.runs if PAGE_FIELD in run.text)
        if run.size != _NUMBER_SIZE or not (is_song(run.latin) or run.latin == document.local.fonts.get("宋体")):
            message = _("the page number is in {font} of {size} pt")
            yield Hit(message.format(font=run.latin or "?", size=f"{run.size:g}"))


def is_song(font: str) -> bool:
    return font in ("宋体", "SimSun", "NSimSun", "新宋体") or (font.endswith("宋体") and "小标" not in font)


@rule(
    "page-number-height",
    "should",
    "7.5",
    later("footer 15 mm from the paper's edge"),
    later(
        "Set the footer's distance so that the dash stands 7 mm below the type area (25.5 mm from the paper's edge)."
    ),
    fixable=True,
)
def page_number_height(document: Document) -> Iterator[Hit]:
    """The page number does not stand 7 mm below the type area."""
    numbered = {part for section in document.sections for part in section.footers.values()}
    numbered = {part for part in numbered if numbers_of(document, part)}
    for _number, section, first in own_sections(document) if document.official else ():
        low, high = _FOOTER_MM
        own = numbered & set(section.footers.values())
        if own and not section.turned and not low <= section.footer / TWIPS_PER_MM <= high:
            yield Hit(_("the footer is {mm} mm from the paper's edge").format(mm=_mm(section.footer)), first)
