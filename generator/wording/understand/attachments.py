"""What comes with a document: the list of attachments, and forms under the names that text, list and annex give."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from generator.wording.understand.names import cited, document_type
from generator.wording.understand.numbers import number
from generator.wording.understand.paragraphs import HAN, ITEM, Paragraph
from generator.wording.understand.traced import Confidence, Span

_LIST = re.compile(r"^附件(?:清单|目录)?[：:]?(?P<rest>.*)$")
_LIST_HEAD = re.compile(r"^(?:附件(?:清单|目录)?[：:]|附[：:]|附件$)")
_ENTRY = re.compile(r"^(?:附件(?P<m>\d{1,2})[．.、:：]?|(?P<n>\d{1,2})[．.、:：])(?P<name>[^。；]{2,90}?)[；;。]?$")
_FILE = re.compile(r"^(?P<stem>.{2,80}?)\.(?:docx?|xlsx?|wps|et|pdf|zip|rar)$", re.IGNORECASE)
_FILES_ONLY = re.compile(r"^(?:附件[\d一二三四五六七八九十]*|[\dA-Z_]+|\d+号附件|相关附件)$")
_REFERENCE = re.compile(
    r"[（(](?:详?见)?(?:附件|附表)(?P<n>\d{1,2}|[一二三四五六七八九十])?[^（）()]{0,12}[）)]|(?:附件|附表)(?P<m>\d{1,2}|[一二三四五六七八九十])"
)
_FORM = (
    "统计表|汇总表|申报表|申请表|登记表|推荐表|信息表|情况表|审批表|审核表|报名表|填报表|征集表|备案表|考核表|一览表|调查表|明细表|采集表|测评表|自查表|确认表|承诺表|反馈表|回执表|报表|表"
    "|承诺书|申报书|申请书|推荐书|任务书|责任书|授权委托书|委托书|声明书|确认书|意向书|计划书|保证书|告知书回执|回执单?|登记卡|名册|花名册|台账|汇总单|联系单|报告单|反馈单|问卷|申报单"
)
_NO_FORM = re.compile(
    r"分配表|评分表|评价表|日程表|安排表|进度表|课程表|时间表|指标|代表$|发表$|图表$|电表$|手表$|对照表|名额|标准表|评分|样表说明|参考表|政策一览表|任务分解表|任务清单"
)
_IS_FORM = re.compile(rf"(?:{_FORM})(?:[（(][^（）()]{{1,20}}[）)]|-[{HAN}]{{1,6}}|样表|样式|模板)?$")
_LISTED_FORM = re.compile(rf"(?:{_FORM}|通知书|(?:推荐|申报|报送|选送|作品|材料)目录)(?:[（(][^（）()]{{1,20}}[）)])?$")
_FILLED = re.compile(r"(?:填写|填报|填好|填妥|填制|填具|报送|提交|上报|签订|签署)(?:好|完)?[^《》，。；：]{0,6}$")
_SENT = re.compile(
    r"^(?:（[^（）]{1,30}）|\([^()]{1,30}\)|[^，。；《》]{0,6})?[^，。；《》]{0,24}?(?:发送|报送|发至|报至|提交|上报|上传|交至|报)"
)


@dataclass(frozen=True, slots=True)
class Attachment:
    """An entry of the list of attachments: its number (0 for a single one), its name without 《》, its place."""

    number: int
    name: str
    span: Span
    paragraph: int


@dataclass(frozen=True, slots=True)
class FormName:
    """A form by the name that is used for it, with its number among the attachments (0 for none known)."""

    name: str
    number: int
    span: Span
    rule: str
    confidence: Confidence
    paragraph: int


def is_form(name: str) -> bool:
    """Whether a name is that of something to be filled in."""
    return bool(_IS_FORM.search(name)) and not _NO_FORM.search(name)


def attachment_list(paragraphs: list[Paragraph], places: range) -> list[Attachment]:
    """The entries of the last list of attachments that has some (annex heads alone are no list)."""
    best: list[Attachment] = []
    for place in places:
        text = paragraphs[place].text
        if not _LIST_HEAD.match(text) or (
            re.match(r"^附件[：:]?\d{0,2}$", text) and not _numbered(paragraphs, place + 1, places)
        ):
            continue
        found = _entries(paragraphs, place, places)
        if len(found) >= max(1, len(best)) and not (best and len(found) == 1):
            best = found
    return best


def _numbered(paragraphs: list[Paragraph], place: int, places: range) -> bool:
    return place in places and bool(_ENTRY.match(paragraphs[place].text))


def _entries(paragraphs: list[Paragraph], head: int, places: range) -> list[Attachment]:
    match = _LIST.match(paragraphs[head].text) or re.match(r"^附[：:](?P<rest>.*)$", paragraphs[head].text)
    assert match
    found: list[Attachment] = []
    if match["rest"]:
        found += _line(paragraphs[head], head, match.start("rest"), single=True)
    for place in range(head + 1, places.stop):
        paragraph = paragraphs[place]
        if _FILE.match(paragraph.text) and not _ENTRY.match(paragraph.text):
            continue
        entries = _line(paragraph, place, 0, single=False)
        if not entries or (found and entries[0].number != found[-1].number + 1):
            break
        found += entries
    return found


_NEXT = re.compile(r"(?<=[^\d.])(?=\d{1,2}[．.、](?!\d))")


def _line(paragraph: Paragraph, place: int, start: int, *, single: bool) -> list[Attachment]:
    """The entries of one line: usually one, several where they were run together."""
    text = paragraph.text
    cuts = [start, *(start + match.start() for match in _NEXT.finditer(text[start:])), len(text)]
    found = []
    for first, last in pairwise(cuts):
        match = _ENTRY.match(text[first:last])
        if match:
            found.append(
                _entry(
                    paragraph,
                    place,
                    int(match["n"] or match["m"]),
                    first + match.start("name"),
                    first + match.end("name"),
                )
            )
        elif single and not found:
            found.append(_entry(paragraph, place, 0, first, last))
        else:
            break
    return [entry for entry in found if entry.name]


def _entry(paragraph: Paragraph, place: int, count: int, start: int, end: int) -> Attachment:
    name = re.sub(r"\.(?:docx?|xlsx?|wps|et|pdf|zip|rar)$", "", paragraph.text[start:end].strip("。；;"))
    if name.startswith("《") and name.endswith("》"):
        name = name[1:-1]
    return Attachment(count, name, paragraph.tight.span(start, end), place)


# -- forms -------------------------------------------------------------------------------------------------------------


def forms(paragraphs: list[Paragraph], places: range, attachments: list[Attachment]) -> list[FormName]:
    """Every form that is to be filled in, once, by the name in the text, or in the list where the text has an alias."""
    quoted = [form for place in places for form in _quoted(paragraphs[place], place)]
    plain = [form for place in places for form in _plain(paragraphs[place], place)]
    listed = [
        FormName(one.name, one.number, one.span, "附件说明中的表", "likely", one.paragraph)
        for one in attachments
        if _LISTED_FORM.search(one.name) and not _NO_FORM.search(one.name)
    ]
    annexed = [*_annexed(paragraphs, places), *_files(paragraphs, places)]
    return _once([*quoted, *listed, *annexed, *plain])


def _reference(text: str, end: int) -> int:
    match = _REFERENCE.match(text, end)
    return (number(match["n"] or match["m"] or "") or 0) if match else 0


def _quoted(paragraph: Paragraph, place: int) -> Iterator[FormName]:
    text = paragraph.text
    if re.match(r"^附件", text) and len(text) < 60 and not re.search("填|报送", text):
        return
    for start, end, title in cited(text):
        before, after = text[: start - 1], text[end + 1 :]
        strong = is_form(title)
        if not strong and not _asked_for(title, before, after):
            continue
        rule = "《…表》" if strong else "报送的《…》"
        span = paragraph.tight.span(start, end)
        yield FormName(
            title,
            _reference(text, end + 1) or _number_before(before),
            span,
            rule,
            "certain" if strong else "likely",
            place,
        )


def _number_before(before: str) -> int:
    match = re.search(r"附件(\d{1,2}|[一二三四五六七八九十])[：:]?$", before)
    return (number(match[1]) or 0) if match else 0


def _asked_for(title: str, before: str, after: str) -> bool:
    """Whether a title of no certain kind is that of something to be filled in or sent: 填报《…》, 将《…》报送."""
    if document_type(title) in (
        "通知",
        "意见",
        "函",
        "通报",
        "公告",
        "办法",
        "规定",
        "条例",
        "细则",
        "决定",
    ) or _NO_FORM.search(title):
        return False
    clause = re.split(r"[。；，]", before)[-1]
    return bool(_FILLED.search(before)) or bool(
        re.search(r"将[^，。；]{0,16}$", clause) and _SENT.match(after) and not re.search("要求|规定|精神", after[:4])
    )


_NAME = rf"[{HAN}A-Za-z\d“”\"（）()·+]{{0,30}}?"
_FILLED_FORM = re.compile(
    rf"(?:填写|填好|填妥|填报|将)(?P<name>{_NAME}(?:表|清单|承诺书|申报书|申请书|回执))(?=电子|纸质|[，。；、（(]|发|报|提交|上报|一式|$)"
)
_REFERRED = re.compile(
    rf"(?:^|[，。；、：:）)以及和与]|填写|填报)(?P<name>{_NAME}(?:{_FORM}))[（(](?:详?见)?附件(?P<n>\d{{1,2}}|[一二三四五六七八九十])?[）)]"
)


def _plain(paragraph: Paragraph, place: int) -> Iterator[FormName]:
    """Forms named without 《》."""
    text = paragraph.text
    if paragraph.is_row:
        return
    for pattern, rule in ((_REFERRED, "…表（附件）"), (_FILLED_FORM, "填写…表")):
        for match in pattern.finditer(text):
            name = re.sub(rf"^(?:{ITEM}|好|本|以及|和|及|与|相关|各自的?)", "", match["name"])
            start = match.end("name") - len(name)
            if len(name) < 3 or _NO_FORM.search(name) or not _sent_list(name, text[match.end("name") :]):
                continue
            count = number(match["n"] or "") if pattern is _REFERRED and match["n"] else 0
            yield FormName(name, count or 0, paragraph.tight.span(start, match.end("name")), rule, "likely", place)


def _sent_list(name: str, after: str) -> bool:
    """A list is a form only where it is sent; every other name says that it is one."""
    return not name.endswith("清单") or bool(_SENT.match(after))


def _annexed(paragraphs: list[Paragraph], places: range) -> Iterator[FormName]:
    """Annexes that are forms: a head 附件N and the name below it, or a name with a table below it."""
    for place in places:
        head = re.match(r"^附件[：:]?(?P<n>\d{1,2}|[一二三四五六七八九十])?[：:]?$", paragraphs[place].text)
        if head and place + 1 in places:
            yield from _annex_title(paragraphs, place + 1, places, number(head["n"] or "") or 0 if head["n"] else 0)
        elif (
            not head
            and paragraphs[place].is_row is False
            and place + 1 in places
            and _opens_table(paragraphs, place, places)
        ):
            yield from _annex_title(paragraphs, place, places, 0)


def _opens_table(paragraphs: list[Paragraph], place: int, places: range) -> bool:
    below = [paragraphs[one] for one in range(place + 1, min(place + 2, places.stop))]
    return any(one.is_row for one in below)


def _annex_title(paragraphs: list[Paragraph], place: int, places: range, count: int) -> Iterator[FormName]:
    for last in (place, place + 1):
        if last not in places:
            return
        pieces = [paragraphs[one] for one in range(place, last + 1)]
        name = "".join(piece.text for piece in pieces)
        if (
            len(name) <= 50
            and _LISTED_FORM.search(name)
            and not re.search(rf"^{ITEM}|[：:，。|]", name)
            and not _NO_FORM.search(name)
        ):
            span = pieces[0].tight.span(0, len(pieces[0].text))[0], pieces[-1].tight.span(0, len(pieces[-1].text))[1]
            yield FormName(name, count, span, "附件标题", "likely", place)
            return


def _files(paragraphs: list[Paragraph], places: range) -> Iterator[FormName]:
    for place in places:
        match = _FILE.match(paragraphs[place].text)
        if match and not _FILES_ONLY.match(match["stem"]):
            stem = re.sub(r"^附件\d{1,2}[.．、：:-]?", "", match["stem"])
            if is_form(stem):
                span = paragraphs[place].tight.span(0, match.end("stem"))
                yield FormName(stem, 0, span, "附件文件名", "likely", place)


def _key(name: str) -> str:
    return re.sub(r"[\s《》“”\"‘’]", "", name).translate(str.maketrans("（）", "()"))


def _once(found: list[FormName]) -> list[FormName]:
    """Each form once: aliases go (the end of a longer name, or another name with the same number of attachment)."""
    kept: list[FormName] = []
    for form in found:
        twin = next((place for place, one in enumerate(kept) if _same(one, form)), None)
        if twin is None:
            kept.append(form)
        elif _is_alias(kept[twin], form):
            kept[twin] = FormName(
                form.name, form.number or kept[twin].number, form.span, form.rule, form.confidence, form.paragraph
            )
        elif not kept[twin].number and form.number:
            old = kept[twin]
            kept[twin] = FormName(old.name, form.number, old.span, old.rule, old.confidence, old.paragraph)
    return kept


def _same(one: FormName, other: FormName) -> bool:
    first, second = _key(one.name), _key(other.name)
    if first == second or (one.number and one.number == other.number and _related(first, second)):
        return True
    return (first.endswith(second) or second.endswith(first)) and not (
        one.number and other.number and one.number != other.number
    )


def _related(first: str, second: str) -> bool:
    return len(set(first) & set(second)) >= 0.5 * min(len(set(first)), len(set(second)))


def _is_alias(short: FormName, full: FormName) -> bool:
    """Whether the name that is kept is only the end of the other."""
    return _key(full.name).endswith(_key(short.name)) and len(_key(full.name)) > len(_key(short.name))
