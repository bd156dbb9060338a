"""A notice composed from its dispatch: which element of GB/T 9704 holds what, in which order.

The template places the groups (`{{p body }}`, `{{p signature }}` …) and holds the styles; this module fills the groups.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from typing import Any

from markupsafe import Markup

from generator import wording
from generator.dispatch.dispatch import Dispatch
from generator.dispatch.spec import Spec
from generator.word.appended import source_items
from generator.word.bound import bound_forms
from generator.word.page import furniture
from generator.word.page.arrange import Arrangement, Composed, arranged_signature, arranged_text
from generator.word.page.bodytable import body_table
from generator.word.page.items import HEADINGS, Item, Table, Text, held, kept, markup
from generator.word.page.layout import EM, PAGE_LINES, TYPE_WIDTH
from generator.word.page.official import (
    Imprint,
    attachment_note_items,
    blank_item,
    body_item,
    signature_items,
    text_item,
    title_items,
)
from generator.word.xml import (
    IMPRINT_CARRIER,
    IMPRINT_END,
    Styles,
    blank,
    imprint_box,
    imprint_table,
    join,
    section_break,
    type_height,
)
from generator.wording import body
from generator.wording.body import Block, Run

_STYLES = {"paragraph": "公文正文", **{f"heading_{level}": name for level, name in enumerate(HEADINGS, 1)}}
UnitValue = Callable[[str], str]


def template_name(spec: Spec) -> str:
    return f"notice-{spec.layout}.docx"


def compose(dispatch: Dispatch, styles: Styles, unit_class: str | None, unit_value: UnitValue | None) -> Composed:
    """The notice's elements, for all units or for those of a class; unit values may be slots."""
    spec = dispatch.spec
    drawn, number = _page_head(spec, styles)
    recipients = _recipients(spec, unit_value)
    head = _head_items(spec) if spec.layout == "document" else []
    title = [*title_items(wording.title(spec)), blank_item(1)]
    note = attachment_note_items(wording.attachment_note(spec))
    body = _body_items(dispatch, unit_class, unit_value)
    annotations = [text_item("附注", _bracketed(text), first=2 * EM) for text in spec.annotations]
    names = spec.signature_line or [authority.name for authority in spec.issuing_authorities]
    appended = tuple(source_items(dispatch))
    composed = Composed(
        line=styles.line,
        above_number=drawn.above_number,
        below_number=drawn.below_number,
        head=tuple(head),
        number=tuple(number),
        title=tuple(title),
        body=tuple(body),
        note=tuple([blank_item(1), *note] if note else ()),
        signature=tuple(signature_items(names, date_line(spec), sealed=spec.seal)),
        annotations=tuple(annotations),
        appended=appended,
        bound=tuple(bound_forms(dispatch, on_new_page=bool(appended and appended[-1].ends_section))),
        imprint=_imprint(spec, ""),
        even_imprint=spec.layout == "document",
    )
    composed = _held_together(composed)
    line = text_item("主送机关", f"{recipients}：")
    if line.depends_on_unit or composed.lines_to_text + line.lines({}) < PAGE_LINES:
        return replace(composed, title=(*title, line))
    # So many that page 1 would show no text: they move to 版记 (7.3.2).
    return replace(composed, imprint=_imprint(spec, recipients))


_LARGE = PAGE_LINES // 2
"""Lines of 附件说明 and signature above which no more than the last paragraph is kept with them."""


def _loose(item: Item) -> Item:
    return replace(item, kept=False) if isinstance(item, Text) and not item.heading else item


def _held_together(composed: Composed) -> Composed:
    """The last paragraph, 附件说明, signature and 附注 on one page: each keeps with the next (7.3.5.5)."""
    closing = [*composed.note, *composed.signature, *composed.annotations]
    if not closing:
        return composed
    if sum(item.lines({}) for item in closing) > _LARGE:
        composed = replace(composed, body=tuple(map(_loose, composed.body)))
    standing = [*map(held, closing[:-1]), closing[-1]]
    note, signature = len(composed.note), len(composed.note) + len(composed.signature)
    return replace(
        composed,
        body=(*composed.body[:-1], *map(kept, composed.body[-1:])),
        note=tuple(standing[:note]),
        signature=tuple(standing[note:signature]),
        annotations=tuple(standing[signature:]),
    )


def context(
    dispatch: Dispatch, composed: Composed, arranged: Arrangement, styles: Styles, section: str
) -> dict[str, Any]:
    """What the template asks for; `section` is the template's own w:sectPr."""
    spec = dispatch.spec
    drawn, _number = _page_head(spec, styles)
    text = arranged_text(composed, arranged)
    body_count = len(composed.body)
    return {
        "title": wording.title(spec).replace("\n", ""),
        "document_number": number_text(spec),
        "issuing_authority": wording.issuers(spec),
        "status_mark": wording.STATUS_MARKS[spec.status],
        "head": _head(composed, drawn.drawings, styles),
        "title_block": markup(composed.title[: _title_end(composed)], styles),
        "recipients_block": markup(composed.title[_title_end(composed) :], styles),
        "body": markup(text[:body_count], styles, section),
        "attachment_note": markup(text[body_count:], styles),
        "signature": markup(arranged_signature(composed, arranged), styles),
        "annotations_block": markup(composed.annotations, styles),
        "appended_sources": markup(composed.appended, styles, section),
        "bound_attachments": join(form.markup(styles, section) for form in composed.bound),
        "imprint_block": _imprint_block(composed, arranged, styles, section),
    }


def _title_end(composed: Composed) -> int:
    """The title and the blank line below it; what follows is the recipients' line."""
    return 2


# -- elements ----------------------------------------------------------------------------------------------------------


def number_text(spec: Spec) -> str:
    """发文字号 in its normal form; a draft's is left open, 某发〔2026〕　号."""
    if not spec.document_number:
        return ""
    number = wording.document_number(spec.document_number)
    return re.sub(r"\d+号$", "　号", number) if spec.status == "draft" else number


def date_line(spec: Spec) -> str:
    """成文日期; a draft's day is left open."""
    date = spec.date_of_issue
    if not date:
        return ""
    return f"{date.year}年{date.month}月　日" if spec.status == "draft" else wording.full_date(date)


def printed_on_line(spec: Spec) -> str:
    """印发日期; a draft's day is left open."""
    printed = wording.printed_on(spec)
    return re.sub(r"\d+日印发$", "　日印发", printed) if spec.status == "draft" else printed


def _page_head(spec: Spec, styles: Styles) -> tuple[furniture.Furniture, list[Item]]:
    names = spec.issuer_mark.text or [authority.name for authority in spec.issuing_authorities]
    number = number_text(spec)
    marks = _head_marks(spec)
    if spec.layout == "letter":
        lines = max(len(marks), bool(number))
        drawn = furniture.letter(names[0], styles, number_lines=lines)
        return drawn, _letter_number(number, marks) if lines else []
    word = spec.issuer_mark.document_word
    drawn = furniture.document(names, styles, document_word=word, head_lines=len(marks), numbered=bool(number))
    return drawn, [_number_item(number)]


def _head_marks(spec: Spec) -> list[str]:
    return [mark for mark in (spec.copy_number, spec.security_level, spec.urgency) if mark]


def _head_items(spec: Spec) -> list[Item]:
    return [text_item("版头标注", mark) for mark in _head_marks(spec)]


def _number_item(number: str) -> Item:
    return Text("发文字号", (Run(number),), styled=True, broken_by_hand=True)


def _letter_number(number: str, marks: list[str]) -> list[Item]:
    """The number flush right below the rule; 份号, 密级 and 紧急程度 flush left from the same line on (10.1)."""
    if not marks:
        return [_number_item(number)]
    beside = (Run(marks[0]), Run("\t"), Run(number))
    stops = (("right", TYPE_WIDTH),)
    first = Text("版头标注", beside, styled=True, justify="left", stops=stops, broken_by_hand=True)
    return [first, *(Text("版头标注", (Run(mark),), styled=True, broken_by_hand=True) for mark in marks[1:])]


def _head(composed: Composed, drawings: str, styles: Styles) -> Markup:
    """Everything above the title; the drawings are anchored in its first paragraph."""
    body_style = styles.id("公文正文")
    elements = [
        markup(composed.head, styles),
        blank(body_style, composed.above_number),
        markup(composed.number, styles),
        blank(body_style, composed.below_number),
    ]
    return Markup(str(join(elements)).replace("</w:pPr>", f"</w:pPr>{drawings}", 1))  # noqa: S704


def _recipients(spec: Spec, unit_value: UnitValue | None) -> str:
    if spec.address == "unit":
        return unit_value("unit.name") if unit_value else "各单位"
    return wording.recipients(spec)


def _body_items(dispatch: Dispatch, unit_class: str | None, unit_value: UnitValue | None) -> list[Item]:
    blocks = body.compose(dispatch, unit_class, unit_value)
    items: list[Item] = []
    if opening := wording.opening(dispatch.spec, requirements=bool(blocks)):
        items.append(body_item("公文正文", [Run(opening)]))
    items += [_block_item(block) for block in blocks]
    written = "".join(block.text for block in blocks)
    items += [body_item("公文正文", [Run(line)]) for line in _links(dispatch.spec, written)]
    contacts = wording.contact_lines(dispatch.spec.contacts)
    if ("contacts", "") not in body.references(dispatch):
        items += [body_item("公文正文", [Run(line)]) for line in contacts]
    return _contacts_kept(items, contacts)


def _contacts_kept(items: Sequence[Item], contacts: Collection[str]) -> list[Item]:
    """The lines that say whom to ask, on one page."""
    following = [*(item.text in contacts for item in items[1:]), False]
    return [kept(item) if item.text in contacts and more else item for item, more in zip(items, following, strict=True)]


def _links(spec: Spec, written: str) -> list[str]:
    """Where to find each source that is passed on as a link, unless the body says so itself."""
    linked = [source for source in spec.sources.values() if source.attach == "link"]
    return [
        f"{wording.quote(source.title)}见：{source.url}"
        for source in linked
        if source.url and source.url not in written
    ]


def _bracketed(text: str) -> str:
    return text if text.startswith("（") else f"（{text}）"


def _block_item(block: Block) -> Item:
    if block.style != "table":
        return body_item(_STYLES[block.style], block.runs)
    return Table(body_table(block.rows))


# -- imprint 版记 -----------------------------------------------------------------------------------------------------


def _imprint(spec: Spec, moved_recipients: str) -> Imprint:
    """A letter has no 印发 line and no rules (10.1); recipients moved here stand above 抄送 (7.4.3)."""
    entries = [f"主送：{moved_recipients}。"] if moved_recipients else []
    if copy := wording.carbon_copy(spec):
        entries.append(copy)
    if spec.layout == "letter" or not spec.imprint:
        return Imprint(tuple(entries), ruled=spec.layout == "document")
    return Imprint(tuple(entries), spec.imprint.printing_authority or "", printed_on_line(spec))


def _imprint_block(composed: Composed, arranged: Arrangement, styles: Styles, section: str) -> Markup:
    """版记 in a box at the foot of the last page; what is longer than a page is set on pages of its own."""
    imprint = composed.imprint
    if not imprint.lines:
        return Markup("")
    table = imprint_table(styles.id("版记"), imprint.rows(), styles.line, ruled=imprint.ruled)
    # After a landscape page or a source, the section that ends the document has begun already.
    closed = section_break(section) if arranged.imprint_begins and arranged.last_line else Markup("")
    if imprint.lines >= PAGE_LINES:
        above = blank(styles.id("公文正文"), -imprint.lines % PAGE_LINES * styles.line)
        return closed + above + Markup(table + IMPRINT_END)  # noqa: S704
    bottom = styles.top + type_height(section) / 1440 * 25.4
    box = imprint_box(table, imprint.lines * styles.line, bottom)
    own_page = arranged.imprint_begins or not arranged.last_line
    opening = f'<w:p><w:pPr><w:pStyle w:val="{styles.id("公文正文")}"/></w:pPr>' if own_page else IMPRINT_CARRIER
    return closed + Markup(f"{opening}{box}</w:p>")  # noqa: S704
