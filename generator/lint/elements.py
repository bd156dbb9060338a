"""Which element of GB/T 9704 a paragraph is: by the style's name in our documents, by place and wording in others'."""

from __future__ import annotations

import re
from collections.abc import Mapping

from generator.lint.model import Document, Paragraph, Role

_BY_STYLE: Mapping[str, Role] = {
    "发文机关标志": "mark",
    "版头标注": "head_note",
    "发文字号": "number",
    "公文标题": "title",
    "主送机关": "recipients",
    "公文正文": "body",
    "一级标题": "heading",
    "二级标题": "heading",
    "三级标题": "heading",
    "四级标题": "heading",
    "附件说明": "note",
    "发文机关署名": "signature",
    "成文日期": "date",
    "附注": "annotation",
    "附件标识": "attachment_head",
    "附件标题": "attachment_title",
    "版记": "imprint",
}
_TELLING = {"公文标题", "公文正文", "主送机关", "成文日期", "发文机关署名"}
"""Styles by whose use a document is known to be set with our templates."""

_KINDS = (
    "决议", "决定", "命令", "令", "公报", "公告", "通告", "意见", "通知", "通报", "报告", "请示", "批复", "议案", "函",
    "纪要",
)  # fmt: skip
"""条例, article 8."""
_TITLE_TAIL = re.compile("[（(][^（）()]*[）)]$")
_HEADING_STYLES = {"一级标题": 1, "二级标题": 2, "三级标题": 3, "四级标题": 4}

NUMERAL = "[〇零一二三四五六七八九十百]"
_BRACKETED = r"[〔\[【（(﹝［]\s*\d{2,4}\s*[〕\]】）)﹞］]"
NUMBER = re.compile(rf"(?P<mark>[\u4e00-\u9fff（）]{{1,20}})\s*(?P<year>{_BRACKETED})\s*(?P<serial>第?\s*\d+\s*号?)")
ORDINALS = (
    re.compile(rf"^(?P<form>(?P<number>{NUMERAL}+)\s*[、.．，,])"),
    re.compile(rf"^(?P<form>[（(]\s*(?P<number>{NUMERAL}+)\s*[）)][、.．]?)"),
    re.compile(r"^(?P<form>(?P<number>\d{1,2})[.．、](?!\d))"),
    re.compile(r"^(?P<form>[（(]\s*(?P<number>\d{1,2})\s*[）)][、.．]?)"),
)
"""The ordinals of the four levels (7.3.3), also as they are written wrongly."""
_CHINESE_DIGIT = "[〇○０零一二三四五六七八九十]"
DATE = re.compile(
    rf"^\s*(?:\d{{2,4}}\s*[年./-]\s*[\d　 ]{{1,3}}\s*[月./-]\s*[\d　 ]{{0,3}}\s*日?|"
    rf"{_CHINESE_DIGIT}{{2,4}}年{_CHINESE_DIGIT}{{1,3}}月{_CHINESE_DIGIT}{{1,3}}日)\s*$"
)
_HEAD = re.compile(rf"^附\s*件\s*(?:\d{{1,2}}|{NUMERAL}{{1,3}})?\s*[:：]?$")
_NOTE = re.compile(rf"^附\s*件\s*(?:\d{{1,2}}|{NUMERAL}{{1,3}})?\s*[:：]\s*\S")
_NOTE_ITEM = re.compile(r"^\d{1,2}\s*[.．、]\s*\S")
_IMPRINT = re.compile(r"^(?:抄\s*[送报]|主\s*送)\s*[:：]|\d\s*日\s*印\s*发$")
_PRINTED = re.compile(r"\d{1,2}日(?:印发)?$")
_ANNOTATION = re.compile(r"^[（(].*[）)]$|^此件|^联系人|^联系电话|^联系单位")
_HEAD_NOTE = re.compile(r"^(?:\d{5,7}|(?:绝密|机密|秘密)\S*|特急|加急|特提|平急|特\s+急|加\s+急)$")
_SENTENCE_END = re.compile(r"[。；：，、,;:！？!?]$")
_SIGNATURE_LENGTH = 40
_HEADING_LENGTH = 45
_TITLE_SIZE = 18.0
"""Points: what is larger and centred, above the recipients, is the title or a mark."""
_MAX_NAMES = 12
RED_SHARE = 0xB0


def recognise(document: Document) -> None:
    """Sets `role` and `level` of every paragraph of the document, text boxes included."""
    _boxes(document)
    if any(paragraph.style in _TELLING for paragraph in document.paragraphs):
        _by_style(document)
    else:
        _by_place(document)
    for paragraph in document.paragraphs:
        if paragraph.role == "body":
            paragraph.level = ordinal_level(paragraph.bare)
    document.official = bool(document.of("number", "date", "signature")) or names_kind(title_text(document))
    if not document.official:
        for paragraph in document.paragraphs:
            paragraph.role, paragraph.level = "", 0


def title_text(document: Document) -> str:
    """The title as one line."""
    return "".join("".join(paragraph.text.split()) for paragraph in document.of("title"))


def names_kind(title: str) -> bool:
    """Whether a title ends in a kind of official document; a mark at its end is of no account."""
    return _TITLE_TAIL.sub("", title).rstrip("。．.，,；;：:》").endswith(_KINDS)


def is_red(paragraph: Paragraph) -> bool:
    """Whether its text is red, of any shade."""
    colours = [run.colour for run in paragraph.runs if run.text.strip()]
    return bool(colours) and all(_is_red(colour) for colour in colours)


def _is_red(colour: str) -> bool:
    if not re.fullmatch(r"[0-9A-F]{6}", colour):
        return False
    red, green, blue = (int(colour[start : start + 2], 16) for start in (0, 2, 4))
    return red >= RED_SHARE and max(green, blue) < red // 2


def ordinal_of(text: str) -> tuple[int, re.Match[str]] | None:
    """The level (1 to 4) of the ordinal that a text begins with."""
    for level, pattern in enumerate(ORDINALS, 1):
        if match := pattern.match(text):
            return level, match
    return None


def _boxes(document: Document) -> None:
    for paragraph in document.boxes:
        if paragraph.style == "发文机关标志" or (is_red(paragraph) and paragraph.size >= _TITLE_SIZE):
            paragraph.role = "mark"


def ordinal_level(text: str) -> int:
    """The level of the ordinal that a text begins with; 0 without one."""
    found = ordinal_of(text)
    return found[0] if found else 0


def _stands_alone(text: str) -> bool:
    """Whether it is a heading on a line of its own, not the beginning of a sentence."""
    return bool(ordinal_of(text)) and len(text) <= _HEADING_LENGTH and not re.search("[。；;，,]", text)


# -- by style ----------------------------------------------------------------------------------------------------------


def _by_style(document: Document) -> None:
    state = "main"
    seen: set[Role] = set()
    for paragraph in document.paragraphs:
        role = _BY_STYLE.get(paragraph.style, "")
        if role == "attachment_head":
            state = "attachment"
        elif role == "imprint":
            state = "imprint"
        elif state == "main" and _begins_appended(paragraph, role, seen):
            state = "appended"
        if paragraph.bare:
            paragraph.role = _styled_role(role, state)
            paragraph.level = _HEADING_STYLES.get(paragraph.style, 0)
            seen.add(role)


def _begins_appended(paragraph: Paragraph, role: Role, seen: set[Role]) -> bool:
    """A passed-on document follows the date on a new page, or begins with a title of its own."""
    after_text = "date" in seen or "signature" in seen or "annotation" in seen
    return ("title" in seen and "body" in seen and role == "title") or (after_text and paragraph.page_break)


def _styled_role(role: Role, state: str) -> Role:
    if state == "main" or role in ("attachment_head", "imprint"):
        return role
    if state == "appended":
        return "appended"
    return "attachment_title" if role == "attachment_title" and state == "attachment" else "attachment"


# -- by place and wording ----------------------------------------------------------------------------------------------


def _by_place(document: Document) -> None:
    written = [paragraph for paragraph in document.paragraphs if paragraph.bare]
    cursor = _head(written)
    cursor = _title(written, cursor)
    cursor = _recipients(written, cursor)
    date = _closing_date(written, cursor)
    end = len(written) if date is None else date
    for paragraph in written[cursor:end]:
        paragraph.role = "" if paragraph.place == "table" else "body"
        if paragraph.role and _stands_alone(paragraph.bare):
            paragraph.role, paragraph.level = "heading", ordinal_level(paragraph.bare)
    _note(written, cursor, end)
    if date is not None:
        written[date].role = "date"
        _signature(written, cursor, date)
        _tail(written, date + 1)
    else:
        _tail_without_date(written, cursor)


def _head(written: list[Paragraph]) -> int:
    """Marks, notes and the number above the title; gives the index after them. What else stands there is let be."""
    cursor = 0
    for index, paragraph in enumerate(written[:_MAX_NAMES]):
        if paragraph.bare.endswith(("：", ":", "。")):
            break
        paragraph.role = _head_role(paragraph)
        cursor = index + 1 if paragraph.role else cursor
    return cursor


def _head_role(paragraph: Paragraph) -> Role:
    text = paragraph.bare
    if _HEAD_NOTE.match(text):
        return "head_note"
    if NUMBER.match(text) and len(text) < _SIGNATURE_LENGTH:
        return "number"
    return "mark" if is_red(paragraph) and paragraph.size >= _TITLE_SIZE else ""


def _title(written: list[Paragraph], cursor: int) -> int:
    start = cursor
    while cursor < len(written) and _titular(written[cursor]) and cursor - start < 5:
        written[cursor].role = "title"
        cursor += 1
    return cursor


def _titular(paragraph: Paragraph) -> bool:
    text = paragraph.bare
    if text.endswith(("：", ":", "。")) or ordinal_of(text):
        return False
    return paragraph.align == "center" or paragraph.size >= _TITLE_SIZE


def _recipients(written: list[Paragraph], cursor: int) -> int:
    if cursor >= len(written):
        return cursor
    paragraph = written[cursor]
    text = paragraph.bare
    addressed = text.endswith(("：", ":")) or (
        re.search("[局厅委府院校位会司部企门]）?$", text) is not None and paragraph.first <= 0
    )
    if addressed and "。" not in text and not _NOTE.match(text) and not ordinal_of(text):
        paragraph.role = "recipients"
        return cursor + 1
    return cursor


def _closing_date(written: list[Paragraph], cursor: int) -> int | None:
    for index in range(cursor, len(written)):
        if written[index].place == "body" and DATE.match(written[index].bare):
            return index
    return None


def _note(written: list[Paragraph], start: int, end: int) -> None:
    for index in range(start, end):
        if _NOTE.match(written[index].bare):
            written[index].role = "note"
            following = index + 1
            while following < end and _NOTE_ITEM.match(written[following].bare):
                written[following].role = "note"
                following += 1
            return


def _signature(written: list[Paragraph], start: int, date: int) -> None:
    for index in range(date - 1, max(start, date - _MAX_NAMES), -1):
        paragraph = written[index]
        text = paragraph.bare
        if (
            paragraph.role not in ("body", "heading")
            or len(text) > _SIGNATURE_LENGTH
            or _SENTENCE_END.search(text)
            or ordinal_of(text)
        ):
            return
        if _NO_TEXT_PAGE.search(text):
            return
        paragraph.role = "signature"


_NO_TEXT_PAGE = re.compile("此页无正文")


def _tail(written: list[Paragraph], start: int) -> None:
    """What follows the date: annotations, appended documents, attachments, the imprint."""
    state: Role = "annotation"
    for paragraph in written[start:]:
        state = _next_state(paragraph, state)
        paragraph.role = state
        if state == "attachment_head":
            state = "attachment_title"
        elif state == "attachment_title":
            state = "attachment"
        elif state == "imprint" and _PRINTED.search(paragraph.bare):
            state = "appended"


def _next_state(paragraph: Paragraph, state: Role) -> Role:
    """What a paragraph below the date is, where the one before it left off with `state`."""
    text = paragraph.bare
    if _begins_imprint(paragraph, state):
        return "imprint"
    if _HEAD.match(text) and paragraph.place == "body":
        return "attachment_head"
    if state in ("annotation", "note"):
        if not paragraph.page_break and (_NOTE.match(text) or (state == "note" and _NOTE_ITEM.match(text))):
            return "note"
        return "annotation" if _stays_annotation(paragraph) else "appended"
    return state


def _begins_imprint(paragraph: Paragraph, state: Role) -> bool:
    text = paragraph.bare
    if state == "imprint":
        return bool(_IMPRINT.search(text) or _PRINTED.search(text)) or paragraph.place == "table"
    return bool(_IMPRINT.search(text)) and "。" not in text[:-1]


def _stays_annotation(paragraph: Paragraph) -> bool:
    return not paragraph.page_break and bool(_ANNOTATION.match(paragraph.bare))


def _tail_without_date(written: list[Paragraph], start: int) -> None:
    for index in range(start, len(written)):
        if _HEAD.match(written[index].bare) or _begins_imprint(written[index], "body"):
            _tail(written, index)
            return
