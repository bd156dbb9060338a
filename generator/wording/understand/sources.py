"""What a letter passes on: the cited document with its number and issuer, told from a mere basis and from own plans."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from generator.wording.understand.attachments import Attachment, is_form
from generator.wording.understand.names import NUMBER, TYPES, bodies, cited, document_type, title_issuers
from generator.wording.understand.paragraphs import HAN, Paragraph
from generator.wording.understand.traced import Confidence, Span

_SENTENCE = re.compile(r"[^。！？]+[。！？]?")
_VERB = re.compile(r"转发|批转|转给|现转|传达")
_GIVEN = re.compile(r"印发(?:给|至|你)")
_THIS = re.compile(r"(?:将|把)(?:此|该|上述|本|以上)?(?:通知|文件|来文|方案)转发")
_BARE = re.compile(
    rf"(?:将|把|转发)(?P<issuer>[{HAN}（）()、]{{2,40}}?)(?P<title>关于[^《》。；]{{4,80}}?的(?:{TYPES}))(?:[（(](?P<number>[^（）()]*?号)[^（）()]*[）)])?(?:转发)?"
)
_CITED_NUMBER = re.compile(
    rf"^[（(](?P<number>{NUMBER})(?:[，,、;；][^（）()]*)?[）)]|^[（(](?P<other>[^（）()]{{2,20}}号)(?:[，,][^（）()]*)?[）)]"
)
_ON = re.compile(r"(?:根据|按照|依据|遵照|接)[^《。；]{0,30}$")


@dataclass(frozen=True, slots=True)
class Source:
    """A document that is passed on, or (`based_on`) only cited as the ground; places are of title and number."""

    title: str
    number: str
    issuers: tuple[str, ...]
    span: Span
    number_span: Span | None
    paragraph: int
    rule: str
    confidence: Confidence
    based_on: bool = False


def sources(paragraphs: list[Paragraph], places: range, title: str, attachments: list[Attachment]) -> list[Source]:
    """What those paragraphs, under that title, pass on."""
    passes_on = bool(re.search("转发|批转", title))
    for place in places:
        found = list(_passed(paragraphs[place], place, passes_on))
        if found:
            return found
    for place in places:
        if _THIS.search(paragraphs[place].text) and attachments:
            one = attachments[0]
            return [
                Source(
                    one.name,
                    "",
                    tuple(title_issuers(one.name)),
                    one.span,
                    None,
                    one.paragraph,
                    "此通知即附件",
                    "likely",
                )
            ]
    return list(_annexed(paragraphs, places, attachments))


def _passed(paragraph: Paragraph, place: int, passes_on: bool) -> Iterator[Source]:
    text = paragraph.text
    for sentence in _SENTENCE.finditer(text):
        verb = _act(sentence[0], passes_on)
        if not verb:
            continue
        start = _from(sentence[0], verb.start())
        titles = [one for one in cited(sentence[0]) if start <= one[0] and document_type(one[2])]
        for first, last, _title in titles if titles and titles[0][0] <= verb.end() + 2 else []:
            yield _source(paragraph, place, sentence.start() + first, sentence.start() + last, "转发《…》", "certain")
        if not titles and (bare := _BARE.search(sentence[0])):
            yield from _unmarked(paragraph, place, sentence.start(), bare)


def _act(sentence: str, passes_on: bool) -> re.Match[str] | None:
    """The verb of passing on that stands outside every 《》."""
    inside = [(start, end) for start, end, _title in cited(sentence)]
    for pattern in (_VERB, _GIVEN) if passes_on else (_VERB,):
        for match in pattern.finditer(sentence):
            if not any(start <= match.start() < end for start, end in inside):
                return match
    return None


def _from(sentence: str, verb: int) -> int:
    """Where the words begin that are the object of the verb: behind 现将, or the sentence's begin without one."""
    given = [match.end() for match in re.finditer("现将|将|把", sentence[:verb])]
    outside = [place for place in given if sentence.count("《", 0, place) == sentence.count("》", 0, place)]
    return outside[0] if outside else 0


def _source(paragraph: Paragraph, place: int, start: int, end: int, rule: str, confidence: Confidence) -> Source:
    text = paragraph.text
    number, number_span = "", None
    if match := _CITED_NUMBER.match(text[end + 1 :]):
        group = "number" if match["number"] else "other"
        number = match[group]
        number_span = paragraph.tight.span(end + 1 + match.start(group), end + 1 + match.end(group))
    title = text[start:end]
    return Source(
        title,
        number,
        _issuers(text, start, title),
        paragraph.tight.span(start, end),
        number_span,
        place,
        rule,
        confidence,
    )


def _issuers(text: str, start: int, title: str) -> tuple[str, ...]:
    """The bodies named in the title, else directly in front of its 《."""
    if named := title_issuers(title):
        return tuple(named)
    before = re.split(r"将|把|转发|根据|按照|，|。|、", text[: start - 1])[-1]
    return tuple(bodies(before))


def _unmarked(paragraph: Paragraph, place: int, offset: int, match: re.Match[str]) -> Iterator[Source]:
    span = paragraph.tight.span(offset + match.start("title"), offset + match.end("title"))
    number_span = (
        paragraph.tight.span(offset + match.start("number"), offset + match.end("number")) if match["number"] else None
    )
    yield Source(
        match["title"],
        match["number"] or "",
        tuple(bodies(match["issuer"])),
        span,
        number_span,
        place,
        "转发…的通知",
        "likely",
    )


def _annexed(paragraphs: list[Paragraph], places: range, attachments: list[Attachment]) -> Iterator[Source]:
    """根据《…》要求 where that document is the one attachment: it is passed on without the word."""
    if len(attachments) != 1 or is_form(attachments[0].name):
        return
    name = _bare(attachments[0].name)
    for place in places:
        text = paragraphs[place].text
        for start, end, title in cited(text):
            if name and _bare(title).endswith(name) and _ON.search(text[: start - 1]):
                yield _source(paragraphs[place], place, start, end, "依据的文件即附件", "likely")
                return


def _bare(name: str) -> str:
    return re.sub(r"[（(][^（）()]*号[）)]|\s", "", name)


def grounds(paragraphs: list[Paragraph], places: range, taken: list[Source]) -> Iterator[Source]:
    """The documents that a letter of one's own is based on: 根据《…》（…号）, once each."""
    seen = {source.title for source in taken}
    for place in places:
        text = paragraphs[place].text
        for start, end, title in cited(text):
            if (
                title not in seen
                and document_type(title) in ("通知", "意见", "函", "方案", "通报")
                and _ON.search(text[: start - 1])
            ):
                seen.add(title)
                found = _source(paragraphs[place], place, start, end, "根据《…》", "certain")
                yield Source(
                    found.title,
                    found.number,
                    found.issuers,
                    found.span,
                    found.number_span,
                    place,
                    found.rule,
                    "certain",
                    True,
                )
