"""Repairs of what is mechanical, in a copy: page set-up, fonts, spacing, marks; no text is reworded."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from dataclasses import asdict, dataclass, field
from xml.sax.saxutils import escape

from lxml import etree

from generator.base.i18n import _
from generator.base.problems import sort_key
from generator.base.standard import PAGE_NUMBER_PLACE
from generator.lint.attachments import NOTE_LABEL, attached, listed
from generator.lint.check import lint, recognised
from generator.lint.edit import (
    add_part,
    drop,
    edit_text,
    exact_line,
    no_space,
    one_blank_line,
    packed,
    properties,
    put,
    refer,
    set_font,
    set_indent,
    set_size,
    substitute,
)
from generator.lint.faces import CHINESE, FACES, HEADING_FACES, SIZE_OF, is_face, run_in
from generator.lint.head import numbers_in
from generator.lint.kept import content, texts
from generator.lint.layout import line_unit
from generator.lint.page import A4, own_sections
from generator.lint.punctuation import ELLIPSIS, wide_marks
from generator.lint.quotations import straight_marks, unquoted
from generator.lint.rules import RULES, Finding, Hit
from generator.office.ooxml import W_NS, R, W, remove
from generator.reading.document import Document, Paragraph, Section, numbers_of
from generator.reading.inline import PAGE_FIELD
from generator.reading.roles import NUMBER, ordinal_level, ordinal_of
from generator.word.page.layout import BODY_SIZE, LINE_CHARACTERS, PAGE_LINES

Repair = Callable[[Document, list[Hit]], None]
_ParagraphRepair = Callable[[Document, Paragraph], None]
REPAIRS: dict[str, Repair] = {}
"""What repairs a code; the codes are those whose rule says that it is fixable."""
REWRITES = {
    "number-brackets", "number-padding", "number-spaces", "recipients-colon", "copy-colon", "heading-form",
    "date-padding", "straight-quotes", "punctuation-width", "ellipsis", "full-width-figures", "note-colon", "note-stop",
    "note-ordinal", "attachment-head", "annotation-brackets",
}  # fmt: skip
"""Codes whose repair changes characters of the text; no other does but for blanks."""
_LATIN = "Times New Roman"
_GRIDDED = (
    "title", "number", "head_note", "recipients", "body", "heading", "note", "signature", "date", "annotation",
    "attachment_head",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Change:
    """What a repair did to the text of one paragraph."""

    code: str
    number: int
    before: str
    after: str

    def as_json(self) -> dict[str, str | int]:
        return asdict(self)

    def __str__(self) -> str:
        place = _("paragraph {number}").format(number=self.number)
        return _("{place}: “{before}” → “{after}”").format(place=place, before=self.before, after=self.after)


@dataclass
class Repaired:
    """A repaired copy: its bytes, the findings that are gone, and each text that is another now."""

    data: bytes
    findings: list[Finding] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)


def fix(data: bytes, name: str, codes: Collection[str] | None = None) -> Repaired:
    """A copy of a .docx with what is mechanical repaired; `codes` as for `lint`.

    Nothing is lost: a repair that would take anything away but blanks and the marks that it is about is not made.
    Raises Problems when the document cannot be read.
    """
    wanted = [code for code in REPAIRS if codes is None or code in codes]
    done = Repaired(data)
    if not recognised(data, name).official:
        return done
    seen: dict[tuple[str, str], Finding] = {}
    for _pass in range(_PASSES):
        seen |= {(found.code, found.message): found for found in reversed(lint(done.data, name, wanted))} | seen
        before = done.data
        _repair_all(done, name, wanted)
        if done.data == before:
            break
    left = {(found.code, found.message) for found in lint(done.data, name, wanted)}
    done.findings = sorted((found for key, found in seen.items() if key not in left), key=sort_key)
    return done


_PASSES = 3
"""One repair may show what another rule could not tell before: characters a line, once the size is right."""


def _repair_all(done: Repaired, name: str, wanted: Collection[str]) -> None:
    document = recognised(done.data, name)
    for code in wanted:
        hits = list(RULES[code].check(document))
        if not hits:
            continue
        if not _try(done, name, code, document, hits):
            for number in sorted({at for hit in hits if (at := _at(hit))}, reverse=True):
                document = recognised(done.data, name)
                _try(done, name, code, document, [hit for hit in RULES[code].check(document) if _at(hit) == number])
        document = recognised(done.data, name)


def _try(done: Repaired, name: str, code: str, document: Document, hits: list[Hit]) -> bool:
    """Makes the repairs of a code in the document; False where they would lose something, and are not kept."""
    held, said = content(document), texts(document)
    before, as_it_was = [paragraph.text for paragraph in document.paragraphs], packed(document)
    REPAIRS[code](document, hits)
    data = packed(document)
    if data == as_it_was:
        return True
    repaired = recognised(data, name)
    if held != content(repaired) or (code not in REWRITES and said != texts(repaired)):
        return False
    done.data = data
    after = [paragraph.text for paragraph in repaired.paragraphs]
    if code in REWRITES and len(before) == len(after):
        pairs = enumerate(zip(before, after, strict=True), 1)
        done.changes += [Change(code, at, old.strip(), new.strip()) for at, (old, new) in pairs if old != new]
    return True


def _at(hit: Hit) -> int | None:
    return hit.paragraph.number if hit.paragraph else None


def _repairs(*codes: str) -> Callable[[Repair], Repair]:
    def register(repair: Repair) -> Repair:
        REPAIRS.update(dict.fromkeys(codes, repair))
        return repair

    return register


def _repairs_paragraph(*codes: str) -> Callable[[_ParagraphRepair], _ParagraphRepair]:
    """Registers a repair that is made to each paragraph in which a rule is broken."""

    def register(repair: _ParagraphRepair) -> _ParagraphRepair:
        def each(document: Document, hits: list[Hit]) -> None:
            # Two faults of one paragraph are repaired at once: a second edit would count in the old text.
            for paragraph in {id(hit.paragraph): hit.paragraph for hit in hits if hit.paragraph}.values():
                repair(document, paragraph)

        REPAIRS.update(dict.fromkeys(codes, each))
        return repair

    return register


# -- page --------------------------------------------------------------------------------------------------------------


@_repairs("page-size")
def _paper(document: Document, _hits: list[Hit]) -> None:
    for _number, section, _first in own_sections(document):
        width, height = reversed(A4) if section.turned else A4
        put(section.element, "pgSz", w=str(width), h=str(height))


@_repairs("margins")
def _margins(document: Document, _hits: list[Hit]) -> None:
    for _number, section, _first in own_sections(document):
        portrait = {"top": "2098", "right": "1474", "bottom": "1984", "left": "1588"}
        turned = {"top": "1588", "right": "2098", "bottom": "1474", "left": "1984"}
        put(section.element, "pgMar", gutter="0", **(turned if section.turned else portrait))


@_repairs("page-number-height")
def _footer_height(document: Document, _hits: list[Hit]) -> None:
    for _number, section, _first in own_sections(document):
        if not section.turned:
            put(section.element, "pgMar", footer="1446")


@_repairs("lines-per-page")
def _exact_lines(document: Document, _hits: list[Hit]) -> None:
    inside = _GRIDDED
    for paragraph in document.paragraphs:
        section = document.sections[paragraph.section]
        ours = paragraph.place == "body" and (paragraph.empty or paragraph.role in inside)
        # A picture in a line of exact height shows a strip of itself.
        if ours and not paragraph.tall and not section.turned:
            exact_line(paragraph.element, section.text_height // PAGE_LINES)


@_repairs_paragraph("characters-per-line")
def _condense(document: Document, paragraph: Paragraph) -> None:
    section = document.sections[paragraph.section]
    advance = section.text_width // LINE_CHARACTERS
    if section.char_space is not None and paragraph.snapped:
        put(section.element, "docGrid", charSpace=str((advance - BODY_SIZE) * 4096 // 20))
        advance = BODY_SIZE
    for run in paragraph.runs:
        put(properties(run.element), "spacing", val=str(advance - BODY_SIZE))


@_repairs_paragraph("paragraph-spacing")
def _spacing(_document: Document, paragraph: Paragraph) -> None:
    no_space(paragraph)


@_repairs_paragraph("widow-control")
def _widows(_document: Document, paragraph: Paragraph) -> None:
    put(properties(paragraph.element), "widowControl", val="0")


@_repairs("page-number-missing", "page-number-form", "page-number-side", "page-number-indent", "page-number-font")
def _number_pages(document: Document, _hits: list[Hit]) -> None:
    sections = [section for _number, section, _first in own_sections(document)]
    if not all(_can_number(document, section) for section in sections):
        return
    made: dict[str, str] = {}
    for section in sections:
        parts = dict(section.footers)
        for kind in ("default", "even"):
            part = parts.get(kind, "")
            if part in document.roots and part != parts.get("default" if kind == "even" else ""):
                _number_part(document, part, kind)
                continue
            if kind not in made:
                _name, made[kind] = add_part(document, "footer", _footer(document, kind))
            refer(section.element, kind, "footer", made[kind])
        first = parts.get("first", "")
        if section.title_page and numbers_of(document, first):
            _number_part(document, first, "first")
    _even_and_odd(document)


def _can_number(document: Document, section: Section) -> bool:
    """Whether its footers hold nothing that a new page number would push out, or that even pages would lose."""
    shared = section.footers.get("default", "")
    if not document.even_and_odd and any(
        paragraph.bare or paragraph.holds
        for paragraph in document.stories.get(shared, ())
        if PAGE_FIELD not in paragraph.text
    ):
        return False
    numbers = [paragraph for part in section.footers.values() for paragraph in numbers_of(document, part)]
    return all(_ONLY_NUMBER.fullmatch(paragraph.text) and _is_bare_number(paragraph) for paragraph in numbers)


_ONLY_NUMBER = re.compile(rf"[\s—―－–\-~·.]*(?:第\s*)?{PAGE_FIELD}(?:\s*页)?[\s—―－–\-~·.]*")


def _is_bare_number(paragraph: Paragraph) -> bool:
    return paragraph.place == "body" and not paragraph.holds - {"fldChar", "instrText", "fldSimple"}


def _number_part(document: Document, part: str, kind: str) -> None:
    """Puts the page number of its side into a footer, in place of the one that it has."""
    root = document.roots[part]
    old = [paragraph.element for paragraph in numbers_of(document, part)]
    new = _number_paragraph(document, kind)
    if old:
        old[0].addprevious(new)
        for element in old:
            remove(element)
    else:
        root.insert(0, new)


def _footer(document: Document, kind: str) -> etree._Element:
    root = etree.Element(f"{W}ftr", nsmap={"w": W_NS})
    root.append(_number_paragraph(document, kind))
    return root


def _number_paragraph(document: Document, kind: str) -> etree._Element:
    before, _place, after = document.local.page_number.partition(PAGE_NUMBER_PLACE)
    side = "left" if kind == "even" else "right"
    face = '<w:rFonts w:ascii="宋体" w:hAnsi="宋体" w:eastAsia="宋体"/>'
    font = f'<w:rPr>{face}<w:sz w:val="28"/><w:szCs w:val="28"/></w:rPr>'
    text = f'<w:r>{font}<w:t xml:space="preserve">{{}}</w:t></w:r>'
    field = '<w:fldChar w:fldCharType="begin"/>', "<w:instrText>PAGE</w:instrText>", '<w:fldChar w:fldCharType="end"/>'
    marks = "".join(f"<w:r>{font}{part}</w:r>" for part in field)
    return etree.fromstring(
        f'<w:p xmlns:w="{W_NS}"><w:pPr><w:spacing w:before="0" w:after="0" w:line="280" w:lineRule="exact"/>'
        f'<w:ind w:{side}="280" w:firstLine="0" w:firstLineChars="0"/><w:jc w:val="{side}"/></w:pPr>'
        f"{text.format(escape(before))}{marks}{text.format(escape(after))}</w:p>"
    )


def _even_and_odd(document: Document) -> None:
    """Switches footers for even pages on; a header that all pages shared goes on to both."""
    if document.even_and_odd:
        return
    settings = next((root for root in document.roots.values() if root.tag == f"{W}settings"), None)
    if settings is None:
        settings = etree.Element(f"{W}settings", nsmap={"w": W_NS})
        add_part(document, "settings", settings)
    switch = put(settings, "evenAndOddHeaders")
    drop(switch, f"{W}val")
    for section in document.sections:
        references = section.element.findall(f"{W}headerReference")
        own = {each.get(f"{W}type", "default"): each for each in references}
        if "default" in own and "even" not in own:
            refer(section.element, "even", "header", own["default"].get(f"{R}id", ""))


# -- appearance --------------------------------------------------------------------------------------------------------


def _face(paragraph: Paragraph) -> str:
    return HEADING_FACES[paragraph.level] if paragraph.role == "heading" else FACES[paragraph.role]


@_repairs_paragraph(
    "title-font", "body-font", "heading-font", "number-font", "head-note-font", "mark-font", "attachment-head-font",
    "attachment-title-font", "imprint-font", "title-size", "body-size", "heading-size",
)  # fmt: skip
def _type(document: Document, paragraph: Paragraph) -> None:
    opening, _rest = run_in(paragraph)
    for run in paragraph.runs:
        allowed = {_face(paragraph)} | ({HEADING_FACES[paragraph.level]} if run in opening else set())
        if CHINESE.search(run.text) and not any(is_face(document, run.font, face) for face in allowed):
            set_font(run, document.local.fonts.get(_face(paragraph), _face(paragraph)), "eastAsia")
        if size := SIZE_OF.get(paragraph.role):
            set_size(run, size)


@_repairs_paragraph("theme-font")
def _named_fonts(_document: Document, paragraph: Paragraph) -> None:
    face = HEADING_FACES.get(paragraph.level) if paragraph.role == "heading" else FACES.get(paragraph.role)
    for run in paragraph.runs:
        if run.themed:
            set_font(run, run.font or face or FACES["body"], "eastAsia")
            set_font(run, _LATIN, "ascii", "hAnsi")


@_repairs_paragraph("quote-font")
def _chinese_quotes(_document: Document, paragraph: Paragraph) -> None:
    for run in paragraph.runs:
        put(properties(run.element), "rFonts", hint="eastAsia")


@_repairs_paragraph("bold")
def _regular(_document: Document, paragraph: Paragraph) -> None:
    for run in paragraph.runs:
        put(properties(run.element), "b", val="0")
        put(properties(run.element), "bCs", val="0")


@_repairs_paragraph("emphasis")
def _plain(_document: Document, paragraph: Paragraph) -> None:
    for run in (run for run in paragraph.runs if CHINESE.search(run.text)):
        for name, off in (("i", "0"), ("iCs", "0"), ("u", "none")):
            put(properties(run.element), name, val=off)


@_repairs_paragraph("mark-colour")
def _red(_document: Document, paragraph: Paragraph) -> None:
    for run in paragraph.runs:
        put(properties(run.element), "color", val="FF0000")


@_repairs_paragraph("text-colour")
def _black(_document: Document, paragraph: Paragraph) -> None:
    for run in paragraph.runs:
        colour = put(properties(run.element), "color", val="000000")
        for key in ("themeColor", "themeShade", "themeTint"):
            drop(colour, f"{W}{key}")


@_repairs_paragraph("title-alignment", "attachment-title-alignment")
def _centre(_document: Document, paragraph: Paragraph) -> None:
    set_indent(paragraph)
    put(properties(paragraph.element), "jc", val="center")


@_repairs_paragraph("number-place")
def _number_place(document: Document, paragraph: Paragraph) -> None:
    put(properties(paragraph.element), "jc", val="right" if document.letter else "center")


@_repairs_paragraph("body-indent", "indent-by-blanks", "text-centred", "annotation-indent")
def _two_characters(_document: Document, paragraph: Paragraph) -> None:
    advance = BODY_SIZE + (paragraph.runs[0].tighten if paragraph.runs else 0)
    set_indent(paragraph, first=2 * advance)
    put(properties(paragraph.element), "jc", val="both")


@_repairs_paragraph("text-ragged")
def _justified(_document: Document, paragraph: Paragraph) -> None:
    put(properties(paragraph.element), "jc", val="both")


@_repairs_paragraph("recipients-indent", "attachment-head-place")
def _flush_left(_document: Document, paragraph: Paragraph) -> None:
    set_indent(paragraph)
    put(properties(paragraph.element), "jc", val="both")


@_repairs_paragraph("note-indent")
def _hanging(_document: Document, paragraph: Paragraph) -> None:
    advance = BODY_SIZE + (paragraph.runs[0].tighten if paragraph.runs else 0)
    set_indent(paragraph, left=5 * advance, first=-3 * advance)


# -- blank lines and pages ---------------------------------------------------------------------------------------------


@_repairs_paragraph("title-gap", "note-gap", "attachment-gap", "signature-gap")
def _gap(document: Document, paragraph: Paragraph) -> None:
    before = [other for other in document.paragraphs[: paragraph.number - 1] if other.bare]
    if before:
        one_blank_line(document, before[-1], paragraph, line_unit(document))


@_repairs("empty-paragraph")
def _no_empty_paragraphs(document: Document, hits: list[Hit]) -> None:
    for before in (hit.paragraph for hit in hits if hit.paragraph):
        for paragraph in document.paragraphs[before.number :]:
            if not paragraph.empty or not paragraph.plain:
                break
            remove(paragraph.element)


@_repairs_paragraph("attachment-page")
def _new_page(_document: Document, paragraph: Paragraph) -> None:
    drop(put(properties(paragraph.element), "pageBreakBefore"), f"{W}val")


# -- text --------------------------------------------------------------------------------------------------------------


@_repairs_paragraph("number-brackets")
def _brackets(_document: Document, paragraph: Paragraph) -> None:
    text, edits = unquoted(paragraph.text), {}
    ours = paragraph.role in ("number", "title_note")
    for match in NUMBER.finditer(text) if ours else numbers_in(text):
        for found in re.finditer(r"[\[(（【﹝［](?=\s*\d)|(?<=\d)\s*[\])）】﹞］]", match[0]):
            edits[match.start() + found.end() - 1] = "〔" if found[0] in "[(（【﹝［" else "〕"
    edit_text(paragraph, edits)


@_repairs_paragraph("number-padding")
def _no_zeros(_document: Document, paragraph: Paragraph) -> None:
    if match := NUMBER.search(paragraph.text):
        zeros = re.match(r"第?\s*(0+)(?=\d)", match["serial"])
        if zeros:
            start = match.start("serial")
            edit_text(paragraph, dict.fromkeys(range(start + zeros.start(1), start + zeros.end(1)), ""))


@_repairs_paragraph("number-spaces")
def _no_blanks(_document: Document, paragraph: Paragraph) -> None:
    if match := NUMBER.search(paragraph.text):
        blanks = [match.start() + found.start() for found in re.finditer(r"\s", match[0])]
        edit_text(paragraph, dict.fromkeys(blanks, ""))


@_repairs_paragraph("recipients-colon", "copy-colon")
def _full_colon(_document: Document, paragraph: Paragraph) -> None:
    at = paragraph.text.find(":") if paragraph.role == "imprint" else len(paragraph.text.rstrip()) - 1
    if at >= 0 and paragraph.text[at] == ":":
        edit_text(paragraph, {at: "："})


@_repairs_paragraph("heading-form")
def _ordinal(_document: Document, paragraph: Paragraph) -> None:
    lead = len(paragraph.text) - len(paragraph.text.lstrip())
    found = ordinal_of(paragraph.text.lstrip())
    if found and ordinal_level(paragraph.bare) == found[0]:
        level, match = found
        new = {1: "{}、", 2: "（{}）", 3: "{}.", 4: "（{}）"}[level].format(match["number"])
        edits = dict.fromkeys(range(lead, lead + match.end("form")), "") | {lead: new}
        edit_text(paragraph, edits)


@_repairs_paragraph("date-padding")
def _no_padding(_document: Document, paragraph: Paragraph) -> None:
    zeros = re.compile(r"(?<=[年月])0(?=\d[月日])|(?<!\d)0(?=\d月\d)")
    substitute(paragraph, zeros, lambda _match: "")


@_repairs_paragraph("straight-quotes")
def _curly(_document: Document, paragraph: Paragraph) -> None:
    edit_text(paragraph, straight_marks(paragraph.text)[0])


@_repairs_paragraph("punctuation-width")
def _full_width(_document: Document, paragraph: Paragraph) -> None:
    edit_text(paragraph, wide_marks(paragraph))


@_repairs_paragraph("ellipsis")
def _dots(_document: Document, paragraph: Paragraph) -> None:
    substitute(paragraph, ELLIPSIS, lambda _match: "……")


@_repairs_paragraph("full-width-figures")
def _half_width(_document: Document, paragraph: Paragraph) -> None:
    substitute(paragraph, re.compile("[０-９Ａ-Ｚａ-ｚ]"), lambda match: chr(ord(match[0]) - 0xFEE0))


@_repairs_paragraph("note-colon")
def _note_colon(_document: Document, paragraph: Paragraph) -> None:
    substitute(paragraph, NOTE_LABEL, lambda _match: "附件：")


@_repairs_paragraph("note-stop")
def _note_stop(_document: Document, paragraph: Paragraph) -> None:
    substitute(paragraph, re.compile(r"[。；;，,、.]+(?=\s*$|\n)"), lambda _match: "")


@_repairs_paragraph("note-ordinal")
def _note_ordinal(_document: Document, paragraph: Paragraph) -> None:
    substitute(paragraph, re.compile(r"(?<=\d)\s*、"), lambda _match: ".")


@_repairs("attachment-head")
def _heads(document: Document, hits: list[Hit]) -> None:
    broken = {hit.paragraph.number for hit in hits if hit.paragraph}
    heads = attached(document)
    several = max(len(heads), len(listed(document))) > 1
    for place, entry in enumerate(heads, 1):
        # Where the text calls it 附件一 too, one place alone would be another name.
        if entry.head.number in broken and not _named_elsewhere(document, entry.head):
            label = f"附件{entry.number or place}" if several else "附件"
            edit_text(entry.head, dict.fromkeys(range(len(entry.head.text)), "") | {0: label})


def _named_elsewhere(document: Document, head: Paragraph) -> bool:
    """Whether the text names attachments with Chinese numerals, as the head does."""
    name = "".join(head.bare.split()).rstrip("：:")
    others = (paragraph for paragraph in document.paragraphs if paragraph is not head)
    return not re.fullmatch(r"附件\d*", name) and any(name in "".join(other.text.split()) for other in others)


@_repairs_paragraph("annotation-brackets")
def _annotation(_document: Document, paragraph: Paragraph) -> None:
    text = paragraph.text
    start, end = len(text) - len(text.lstrip(" \u3000")), len(text.rstrip()) - 1
    inside = text[start : end + 1]
    if inside.startswith(("(", "（")) and inside.endswith((")", "）")):
        edit_text(paragraph, {start: "（", end: "）"})
    else:
        edit_text(paragraph, {start: "（" + text[start], end: text[end] + "）"})
