"""Which element of GB/T 9704 a paragraph is: by the style's name in our documents, by place and wording in others'."""

from __future__ import annotations

import re
from collections.abc import Mapping

from generator.reading.document import Document, Paragraph, Role

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

_OWN_STYLES: Mapping[str, Role] = {
    "标题名": "title", "公文大标题": "title", "文件标题": "title", "日期文号": "title_note", "抬头": "recipients",
    "主送": "recipients", "主送单位": "recipients", "落款": "signature", "落款单位": "signature", "署名": "signature",
    "落款日期": "date", "发文日期": "date", "文号": "number", "发文字号": "number",
}  # fmt: skip
"""Styles by which other houses name the elements."""

_KINDS = (
    "决议", "决定", "命令", "令", "公报", "公告", "通告", "意见", "通知", "通报", "报告", "请示", "批复", "议案", "函",
    "纪要",
)  # fmt: skip
"""条例, article 8."""
_LOOSE_KINDS = ("报告", "意见", "公报", "议案", "纪要", "函", "令")
"""Kinds whose names end titles of much that is no official document."""
_TITLE_TAIL = re.compile("[（(][^（）()]*[）)]$")
_HEADING_STYLES = {"一级标题": 1, "二级标题": 2, "三级标题": 3, "四级标题": 4}

NUMERAL = "[〇零一二三四五六七八九十百]"
_BRACKETED = r"[〔\[【（(﹝［]\s*\d{2,4}\s*[〕\]】）)﹞］]"
NUMBER = re.compile(rf"(?P<mark>[\u4e00-\u9fff（）]{{1,20}})\s*(?P<year>{_BRACKETED})\s*(?P<serial>第?\s*\d+\s*号?)")
_MALFORMED = re.compile(r"^(?!.*年)[\u4e00-\u9fff（）]{1,20}(?=(?:\D*\d){3})[\d\s第〔〕\[\]【】（）()﹝﹞［］]+号\W*$")
"""Letters, figures and brackets up to 号, in whatever order: a document number, however it is written."""
_OPEN_NUMBER = re.compile(r"〔\d{4}〕\s*号$")
"""A draft leaves its number open."""
_DATED = r"(?:19|20)\d{2}\s*年|\d{1,2}月\d{1,2}日"
ORDINALS = (
    re.compile(rf"^(?P<form>(?P<number>{NUMERAL}+)\s*[、.．，,])"),
    re.compile(rf"^(?P<form>[（(]\s*(?P<number>{NUMERAL}+)\s*[）)][、.．]?)"),
    re.compile(rf"^(?P<form>(?P<number>\d{{1,2}})[.．、](?:(?!\d)|(?={_DATED})))"),
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
_NUMBERED_NOTE = re.compile(rf"^附\s*件\s*(?:\d{{1,2}}|{NUMERAL}{{1,3}})\s*[:：]\s*\S")
"""A line of 附件说明 that names one attachment of several, as it ought not to be written."""
_NOTE_LABEL = re.compile(r"^附\s*件\s*[:：]$")
_NOTE_ITEM = re.compile(r"^\d{1,2}\s*[.．、]\s*\S")
_IMPRINT = re.compile(r"^(?:抄\s*[送报]|主\s*送)\s*[:：]|\d\s*日\s*印\s*发$")
_PRINTED = re.compile(r"\D\d{4}年\d{1,2}月\d{1,2}日$|印\s*发$")
_ANNOTATION = re.compile(r"^[（(].*[）)]$|^此件|^联系人|^联系电话|^联系单位")
_HEAD_NOTE = re.compile(r"^(?:\d{5,7}|(?:绝密|机密|秘密)\S*|特急|加急|特提|平急|特\s+急|加\s+急)$")
_SENTENCE_END = re.compile(r"[。；：，、,;:！？!?]$")
_SIGNATURE_LENGTH = 40
_HEADING_LENGTH = 45
_TITLE_SIZE = 18.0
"""Points: what is larger and centred, above the recipients, is the title or a mark."""
_MARK_SIZE = 26.0
"""Points: what is so large above a document number is the mark, of whatever colour; a title has 22."""
_MAX_NAMES = 12
RED_SHARE = 0xB0


def recognise(document: Document) -> None:
    """Sets `role` and `level` of every paragraph of the document, text boxes included."""
    _boxes(document)
    document.styled = any(paragraph.style in _TELLING for paragraph in document.paragraphs)
    if document.styled:
        _by_style(document)
    else:
        _by_place(document)
    for paragraph in document.paragraphs:
        if paragraph.role == "body":
            paragraph.level = ordinal_level(paragraph.bare)
    document.official = _is_official(document)
    if not document.official:
        for paragraph in document.paragraphs:
            paragraph.role, paragraph.level = "", 0


def _is_official(document: Document) -> bool:
    """Whether its elements are those of an official document: a date or a title that ends in 报告 alone say nothing."""
    title = title_text(document)
    named = names_kind(title)
    if document.of("number") or (document.styled and (named or document.of("date"))):
        return True
    addressed, dated = bool(document.of("recipients")), bool(document.of("date"))
    if named and ("关于" in title or addressed or (document.of("mark") and dated)):
        return True
    if named and not _TITLE_TAIL.sub("", title).endswith(_LOOSE_KINDS):
        return True
    signed = any(_OFFICE.search(paragraph.bare) for paragraph in document.of("signature"))
    return dated and signed and (addressed or "关于" in title)


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


def malformed_number(text: str) -> bool:
    """Whether a text is a document number whose parts do not stand in the order 代字〔年份〕序号号."""
    return bool(_MALFORMED.match(text)) and not NUMBER.match(text) and not _OPEN_NUMBER.search(text)


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
    cursor = _title_note(written, cursor)
    cursor = _recipients(written, cursor)
    date = _closing_date(written, cursor)
    end = _undated_end(written, cursor) if date is None else date
    for paragraph in written[cursor:end]:
        paragraph.role = "" if paragraph.place == "table" else "body"
        if paragraph.role and _stands_alone(paragraph.bare):
            paragraph.role, paragraph.level = "heading", ordinal_level(paragraph.bare)
    notes = _note(written, cursor, end)
    _signature(written, cursor, end)
    if date is not None:
        written[date].role = "date"
    tail = _Tail(written[end if date is None else date + 1 :], "\n".join(note.bare for note in notes))
    tail.recognise()


def _head(written: list[Paragraph]) -> int:
    """Marks, notes and the number above the title; gives the index after them. What else stands there is let be."""
    cursor = 0
    for index, paragraph in enumerate(written[:_MAX_NAMES]):
        if paragraph.bare.endswith(("：", ":", "。")):
            break
        paragraph.role = _head_role(paragraph)
        cursor = index + 1 if paragraph.role else cursor
    for paragraph in _above_number(written[:cursor]):
        if not paragraph.role and paragraph.align == "center" and paragraph.size >= _MARK_SIZE:
            paragraph.role = "" if names_kind(paragraph.bare) else "mark"
    return cursor


def _above_number(head: list[Paragraph]) -> list[Paragraph]:
    roles = [paragraph.role for paragraph in head]
    return head[: roles.index("number")] if "number" in roles else []


def _head_role(paragraph: Paragraph) -> Role:
    text = paragraph.bare
    if _HEAD_NOTE.match(text):
        return "head_note"
    if len(text) < _SIGNATURE_LENGTH and (NUMBER.match(text) or (_is_small(paragraph) and malformed_number(text))):
        return "number"
    return "mark" if is_red(paragraph) and paragraph.size >= _TITLE_SIZE else ""


def _is_small(paragraph: Paragraph) -> bool:
    return paragraph.size < _TITLE_SIZE


def _title(written: list[Paragraph], cursor: int) -> int:
    start = cursor
    while cursor < len(written) and _titular(written[cursor]) and cursor - start < 5:
        written[cursor].role = "title"
        cursor += 1
    return cursor


_NOTED_DATE = (
    rf"\d{{4}}\s*年\s*\d{{1,2}}\s*月\s*\d{{1,2}}\s*日|"
    rf"{_CHINESE_DIGIT}{{4}}年{_CHINESE_DIGIT}{{1,3}}月{_CHINESE_DIGIT}{{1,3}}日"
)
_TITLE_NOTE = re.compile(
    rf"^[（(]?\s*(?:{_NOTED_DATE})\s*(?:[\u4e00-\u9fff（）]{{1,20}}\s*{_BRACKETED}\s*\d+\s*号)?\s*[）)]?$"
)
"""A date, alone or with the number behind it."""


def _title_note(written: list[Paragraph], cursor: int) -> int:
    """Marks the date, often with the number, right below the title; gives the index after it."""
    noted = 0 < cursor < len(written) and written[cursor - 1].role == "title"
    if noted and (_TITLE_NOTE.match(written[cursor].bare) or _OWN_STYLES.get(written[cursor].style) == "title_note"):
        written[cursor].role = "title_note"
        return cursor + 1
    return cursor


def _titular(paragraph: Paragraph) -> bool:
    text = paragraph.bare
    own = _OWN_STYLES.get(paragraph.style)
    if own or _TITLE_NOTE.match(text):
        return own == "title"
    if text.endswith(("：", ":", "。")) or ordinal_of(text):
        return False
    return paragraph.align == "center" or paragraph.size >= _TITLE_SIZE


def _recipients(written: list[Paragraph], cursor: int) -> int:
    if cursor >= len(written):
        return cursor
    paragraph = written[cursor]
    text = paragraph.bare
    addressed = (
        _OWN_STYLES.get(paragraph.style) == "recipients"
        or text.endswith(("：", ":"))
        or (
            re.search("[局厅委府院校位会司部企门室处所办科]）?[。；，,;.]?$", text) is not None
            and _indent(paragraph) <= _EDGE
        )
    )
    if addressed and "。" not in text[:-1] and not _NOTE.match(text) and not ordinal_of(text):
        paragraph.role = "recipients"
        return cursor + 1
    return cursor


def _indent(paragraph: Paragraph) -> int:
    """How far its first line begins from the left edge, blanks included."""
    blanks = len(paragraph.text) - len(paragraph.text.lstrip("\u3000"))
    return paragraph.left + paragraph.first + blanks * round(paragraph.size * 20)


def _begins_document(paragraph: Paragraph) -> bool:
    """Whether another document may begin here: a new page, a title or a mark, a number, its recipients."""
    text = paragraph.bare
    if paragraph.page_break or (paragraph.align == "center" and not _is_small(paragraph)):
        return True
    return bool(NUMBER.fullmatch(text)) or (text.endswith(("：", ":")) and _indent(paragraph) <= _EDGE)


def _closing_date(written: list[Paragraph], cursor: int) -> int | None:
    for index in range(cursor, len(written)):
        paragraph = written[index]
        if paragraph.page_break and (_HEAD.match(paragraph.bare) or not _is_small(paragraph)):
            return None
        if paragraph.place == "body" and DATE.match(paragraph.bare) and _closes(written, index):
            return index
    return None


def _closes(written: list[Paragraph], index: int) -> bool:
    """Whether a date ends the text: it stands to the right, below a name, or nothing of the text follows it."""
    paragraph, before = written[index], written[index - 1] if index else None
    if _placed_right(paragraph) or _OWN_STYLES.get(paragraph.style) in ("signature", "date"):
        return True
    if before and (ordinal_of(before.bare) or before.bare.endswith(("：", ":"))):
        return False
    following = written[index + 1] if index + 1 < len(written) else None
    if following is None or following.page_break or _stays_annotation(following) or following.place == "table":
        return True
    ends = _HEAD.match(following.bare) or _IMPRINT.search(following.bare) or _NOTE.match(following.bare)
    return bool(ends) or (before is not None and bool(_OFFICE.search(before.bare)) and not ordinal_of(following.bare))


def _undated_end(written: list[Paragraph], start: int) -> int:
    """Where the text and its signature end in a document without a date."""
    rest = range(start, len(written))
    end = next((index for index in rest if _ends_text(written, index)), len(written))
    last = end
    while last > start and _stays_annotation(written[last - 1]):
        last -= 1
    return last if last > start and _signs(written[last - 1]) and _placed_right(written[last - 1]) else end


def _ends_text(written: list[Paragraph], index: int) -> bool:
    paragraph = written[index]
    if paragraph.page_break and not _is_small(paragraph):
        return True
    head = _HEAD.match(paragraph.bare) and not _begins_note(written, index)
    return bool(head) or (bool(_IMPRINT.search(paragraph.bare)) and "。" not in paragraph.bare[:-1])


def _begins_note(written: list[Paragraph], index: int) -> bool:
    """Whether 附件说明 begins here; its label may stand on a line of its own."""
    if _NOTE.match(written[index].bare):
        return True
    labelled = _NOTE_LABEL.match(written[index].bare) and not written[index].page_break
    return bool(labelled) and index + 1 < len(written) and bool(_NOTE_ITEM.match(written[index + 1].bare))


def _note(written: list[Paragraph], start: int, end: int) -> list[Paragraph]:
    """Marks 附件说明; gives its paragraphs."""
    first = next((index for index in range(start, end) if _begins_note(written, index)), end)
    notes = written[first : first + 1] if first < end else []
    for paragraph in written[first + 1 : end]:
        if not (_NOTE_ITEM.match(paragraph.bare) or _NUMBERED_NOTE.match(paragraph.bare)) or paragraph.page_break:
            break
        notes.append(paragraph)
    for paragraph in notes:
        paragraph.role = "note"
    return notes


# -- signature ---------------------------------------------------------------------------------------------------------


def _signature(written: list[Paragraph], start: int, end: int) -> None:
    """Marks the names above the date; text that stands apart from them, or as text does, is none."""
    for index in range(end - 1, max(start, end - _MAX_NAMES), -1):
        paragraph = written[index]
        apart = index + 1 < len(written) and written[index + 1].number > paragraph.number + 1
        if not _signs(paragraph) or (apart and not _placed_right(paragraph)):
            return
        paragraph.role = "signature"


def _signs(paragraph: Paragraph) -> bool:
    """Whether it reads and stands like the name of an office below the text."""
    text = paragraph.bare
    if _OWN_STYLES.get(paragraph.style) == "signature" and paragraph.role in ("body", "heading", ""):
        return True
    if paragraph.role not in ("body", "heading", "") or paragraph.place != "body" or len(text) > _SIGNATURE_LENGTH:
        return False
    if _SENTENCE_END.search(text) or _NO_NAME.search(text) or ordinal_of(text):
        return False
    return _placed_right(paragraph) or _indent(paragraph) <= _EDGE or bool(_OFFICE.search(text))


def _placed_right(paragraph: Paragraph) -> bool:
    return paragraph.align in ("right", "center") or _indent(paragraph) > _DEEP or paragraph.text.startswith("\t")


_NO_NAME = re.compile("此页无正文|[：:]|^[（(]")
_OFFICE = re.compile("[局厅委府院校位会司部企门室处所办科]）?$")
_EDGE = 100
_DEEP = 1440
"""Twips: what begins nearer to the left edge is flush with it; what begins farther from it is no indented text."""


# -- below the date ----------------------------------------------------------------------------------------------------


_FIRST_LINES = 5
"""A document shows by so many lines what it is: its mark, its number, its title, its recipients."""
_LISTED = re.compile(r"^(?:附件\d*[:：])?(?:\d{1,2}[.．、])?|[《》]|[。；]$")
"""Of a line of 附件说明, what is not the name."""


class _Tail:
    """What follows the date: annotations, an appended document, attachments, the imprint."""

    def __init__(self, written: list[Paragraph], listed: str) -> None:
        self.written = written
        self.listed = {_LISTED.sub("", "".join(line.split())) for line in listed.split("\n")}
        self.own_heads = bool(listed)
        self.state: Role = "annotation"
        self.closed = False

    def recognise(self) -> None:
        for index, paragraph in enumerate(self.written):
            self.state = paragraph.role = self._role(index)

    def _role(self, index: int) -> Role:
        if self._is_imprint(index):
            self.closed = True
            return "imprint"
        if self._is_head(index):
            return "attachment_head"
        if self.state in ("attachment_head", "attachment_title"):
            return "attachment_title" if self._is_title(index) else "attachment"
        if self.state in ("annotation", "note"):
            return self._below_date(index)
        if self.state in ("imprint", ""):
            begun = any(_begins_document(other) for other in self.written[index : index + _FIRST_LINES])
            return "appended" if begun else ""
        # A source that lists attachments has attachments of its own.
        self.own_heads = self.own_heads and not (self.state == "appended" and _begins_note(self.written, index))
        return self.state

    def _is_imprint(self, index: int) -> bool:
        paragraph, text = self.written[index], self.written[index].bare
        if self.state == "imprint":
            return self._is_more_imprint(paragraph, self.written[index - 1])
        if self.closed or not _IMPRINT.search(text) or "。" in text[:-1]:
            return False
        # What an appended source closes with is its own, as long as another document follows.
        return self.state != "appended" or not any(_begins_document(other) for other in self.written[index + 1 :])

    @staticmethod
    def _is_more_imprint(paragraph: Paragraph, before: Paragraph) -> bool:
        if paragraph.place == "table" or _begins_document(paragraph):
            return paragraph.place == "table" and before.place == "table"
        if _IMPRINT.search(paragraph.bare) or _PRINTED.search(paragraph.bare):
            return True
        return before.bare.endswith(("，", "、", ","))

    def _is_head(self, index: int) -> bool:
        paragraph = self.written[index]
        if not _HEAD.match(paragraph.bare) or paragraph.place != "body" or _begins_note(self.written, index):
            return False
        return self.state != "appended" or (self.own_heads and not self.closed)

    def _is_title(self, index: int) -> bool:
        """Whether it is the title of the attachment, or its next line."""
        paragraph, before = self.written[index], self.written[index - 1]
        if paragraph.place != "body" or paragraph.bare.endswith(("：", ":", "。")):
            return False
        if self.state == "attachment_title":
            return (paragraph.align, paragraph.size) == ("center", before.size) and not _is_small(paragraph)
        known = _LISTED.sub("", "".join(paragraph.bare.split())) in self.listed
        return paragraph.align == "center" or not _is_small(paragraph) or known

    def _below_date(self, index: int) -> Role:
        paragraph = self.written[index]
        noted = _begins_note(self.written, index) or (self.state == "note" and _NOTE_ITEM.match(paragraph.bare))
        if noted and not paragraph.page_break:
            return "note"
        return "annotation" if _stays_annotation(paragraph) else "appended"


def _stays_annotation(paragraph: Paragraph) -> bool:
    return not paragraph.page_break and bool(_ANNOTATION.match(paragraph.bare))
