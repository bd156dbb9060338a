"""Whom to ask: names, telephones, fax, mail and address of a document's contacts, each number once."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from generator.wording.understand.paragraphs import HAN, Paragraph
from generator.wording.understand.traced import Confidence, Span

_MOBILE = r"1[3-9]\d(?:[ -]?\d{4}){2}"
_LAND = (
    r"(?:[（(]?0\d{1,3}[）)]?[ —－–-]{0,3})?(?!(?:19|20)\d{2}[ -]?(?:19|"
    r"20)\d{2})[2-9]\d{2,3}[ -]?\d{4}(?:[-转*]\d{1,5})?(?!\d)"
)
_PHONE = re.compile(rf"(?<![\d.@A-Za-z_〔-])(?P<number>{_MOBILE}|{_LAND})(?![\d@A-Za-z]|[.]\d|元|万|人|号令)")
_EMAIL = re.compile(r"(?<![A-Za-z0-9._+-])[A-Za-z0-9][A-Za-z0-9._+-]*[@＠][A-Za-z0-9-]+(?:\.\s?[A-Za-z0-9-]+)+")
_CALLED = re.compile(
    r"联\s*系|电\s*话|电話|传\s*真|傳真|咨询|手机|致电|办公|邮\s*箱|信箱|電子|承辦人|联络|咨\s*询|热线|监督|受理|Tel|TEL|座机"
)
_NO_PHONE = re.compile(
    r"(?:QQ|群|账号|帐号|卡号|邮编|邮政编码|代码|编号|证号|http\S*|网址|会议号|[Mm]eeting)[^，。；\d]{0,6}$"
)
_FAX_BEFORE = re.compile(r"传\s*真[^，。；\d]{0,3}[（(]?0?[\d ()（）-]{0,6}$|傳真[：:]$")
_FAX_AFTER = re.compile(r"^\s*[（(]?\s*传\s*真")
_NAME = re.compile(
    rf"(?:联\s*系\s*人|承\s*辦\s*人|联络\s*人|经办人|负责人)(?:及(?:联系)?(?:电话|方式))?[：:]\s*(?:[{HAN}]{{0,16}}(?:处|科|室|部|办|局|中心))?\s*(?P<names>[{HAN}]{{2,4}}(?:[、,，\s]+[{HAN}]{{2,4}})*)"
)
_BEFORE_NUMBER = re.compile(
    rf"(?P<names>[{HAN}]{{2,3}}(?:[、\s][{HAN}]{{2,3}})*)(?:老师|同志|处长|科长|主任)?[，,：:\s]*$"
)
_NOT_NAMES = re.compile(
    r"电话|传真|联系|方式|手机|办公|咨询|邮箱|固话|热线|座机|号码|监督|地址|邮编|致电|技术|工作|学院|部门|时间|短信|微信|监管"
)
_ADDRESS = re.compile(r"(?:地\s*址|报送地址|通讯地址)[：:]\s*(?P<address>[^。；，,\n]{4,60})")


@dataclass(frozen=True, slots=True)
class Contact:
    """One way to reach somebody: its names, number, fax or mail, with the place of what was found."""

    span: Span
    paragraph: int
    names: tuple[str, ...] = ()
    phone: str = ""
    fax: str = ""
    email: str = ""
    address: str = ""
    rule: str = ""
    confidence: Confidence = "certain"


def contacts(paragraphs: list[Paragraph], places: range) -> list[Contact]:
    """The contacts in those paragraphs; rows of a table of contacts are left out, as one such table is one contact."""
    found: list[Contact] = []
    seen: set[str] = set()
    near = -9
    for place in places:
        paragraph = paragraphs[place]
        if paragraph.is_row:
            continue
        called = bool(_CALLED.search(paragraph.raw.text))
        near = place if called else near
        one_found = [one for one in _in_paragraph(paragraph, place, called or place - near <= 2) if _new(one, seen)]
        near = place if one_found else near
        found += one_found
    return found


def _new(contact: Contact, seen: set[str]) -> bool:
    key = re.sub(r"\D", "", contact.phone or contact.fax)[-7:] or contact.email or contact.address
    known = key in seen
    seen.add(key)
    return not known


def _in_paragraph(paragraph: Paragraph, place: int, called: bool) -> Iterator[Contact]:
    text = paragraph.raw.text
    for match in _EMAIL.finditer(text):
        address = re.sub(r"\s", "", match[0]).replace("＠", "@").rstrip(".-")
        yield Contact(paragraph.raw.span(*match.span()), place, email=address, rule="电子邮箱")
    if not called:
        return
    for match in _PHONE.finditer(text):
        if not _NO_PHONE.search(text[: match.start()]) and not _in_mail(text, match):
            yield _phone(paragraph, place, match)
    for match in _ADDRESS.finditer(text):
        yield Contact(paragraph.raw.span(*match.span("address")), place, address=match["address"].strip(), rule="地址")


def _in_mail(text: str, match: re.Match[str]) -> bool:
    return any(one.start() <= match.start() < one.end() for one in _EMAIL.finditer(text))


def _phone(paragraph: Paragraph, place: int, match: re.Match[str]) -> Contact:
    text = paragraph.raw.text
    span = paragraph.raw.span(*match.span())
    number = match["number"].strip()
    if _FAX_AFTER.match(text[match.end() :]) or _FAX_BEFORE.search(text[: match.start()]):
        return Contact(span, place, fax=number, rule="传真")
    return Contact(span, place, names=_names(text[: match.start()]), phone=number, rule="电话")


def _names(before: str) -> tuple[str, ...]:
    """The persons named in front of a number: after 联系人：, else the words directly before it."""
    clause = re.split(r"[；;。\n]", before)[-1]
    labelled = list(_NAME.finditer(clause))
    match = labelled[-1] if labelled else _BEFORE_NUMBER.search(re.sub(r"\s*(?:联系)?电\s*话[：:]?\s*$", "", clause))
    if not match:
        return ()
    names = re.split(r"[、,，\s]+", match["names"])
    return tuple(name for name in names if not _NOT_NAMES.search(name))


def person(paragraphs: list[Paragraph], places: range) -> Iterator[tuple[tuple[str, ...], Span, int]]:
    """Contacts that are named alone, on a line 联系人：… without a number."""
    for place in places:
        text = paragraphs[place].raw.text
        match = _NAME.search(text)
        if match and not _PHONE.search(text):
            yield (
                tuple(re.split(r"[、,，\s]+", match["names"])),
                paragraphs[place].raw.span(*match.span("names")),
                place,
            )
