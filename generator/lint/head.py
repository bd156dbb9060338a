"""Rules on what stands above the text: 份号, 密级, 发文字号, the title, the recipients."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator

from generator.base.i18n import _, later
from generator.lint.layout import blank_lines_between
from generator.lint.quotations import unquoted
from generator.lint.rules import Hit, rule
from generator.reading.document import Document, Paragraph
from generator.reading.roles import NUMBER, malformed_number, names_kind, title_text
from generator.word.page.layout import title_words

_IN_QUOTES = re.compile("《[^《》]*(?:《[^《》]*》[^《》]*)*》")
_NUMBER_IN_TEXT = re.compile(
    r"(?P<letters>[\u4e00-\u9fff]{1,12})[\[（(【﹝［]\s*(?:19|20)\d{2}\s*[\])）】﹞］]\s*第?\s*\d+\s*号(?P<after>[\u4e00-\u9fff]?)"
)
_OTHER_NUMBER = re.compile(
    "(?:小区|园区|社区|合同|合字|协议|协字|证字|证|许可|登记|备字|判字|裁字|编号|班|队|组|区|院)$|合同字$|.证.字$"
)
_AFTER_HOUSE = "楼房院门室线铺库桌车厂井坝池泵机炉梯塔桥地选"
"""What follows the number of a house, a room, a machine: 5号楼."""


def numbers_in(text: str) -> Iterator[re.Match[str]]:
    """The document numbers in a text whose year does not stand in 〔〕; no numbers of houses, contracts, licences."""
    for match in _NUMBER_IN_TEXT.finditer(text):
        if not _OTHER_NUMBER.search(match["letters"]) and match["after"] not in tuple(_AFTER_HOUSE):
            yield match


@rule(
    "copy-number", "must", "7.2.1", "00012", later("Write 份号 with six digits, padded with zeros."),
)  # fmt: skip
def copy_number(document: Document) -> Iterator[Hit]:
    """份号 does not have six digits."""
    for paragraph in document.of("head_note"):
        if paragraph.bare.isdecimal() and len(paragraph.bare) != 6:
            yield Hit(_("份号 has {count} digits, not six").format(count=len(paragraph.bare)), paragraph)


@rule(
    "security-level", "must", "7.2.2", "机密 1年",
    later("Write the level and its term with a star between: 机密★1年."),
)  # fmt: skip
def security_level(document: Document) -> Iterator[Hit]:
    """密级 and its term are not parted by a star."""
    for paragraph in document.of("head_note"):
        text = paragraph.bare
        if text.startswith(("绝密", "机密", "秘密")) and not re.fullmatch(r"(绝密|机密|秘密)(★\S+)?", text):
            yield Hit(_("密级 is written {text}").format(text=text), paragraph)


@rule(
    "urgency", "must", "7.2.3", "平急", later("Write 特急 or 加急 (a telegram: 特提, 特急, 加急 or 平急)."),
)  # fmt: skip
def urgency(document: Document) -> Iterator[Hit]:
    """紧急程度 is neither 特急 nor 加急."""
    for paragraph in document.of("head_note"):
        text = "".join(paragraph.bare.split())
        if text.endswith(("急", "特提")) and text not in ("特急", "加急"):
            yield Hit(_("紧急程度 is written {text}").format(text=text), paragraph)


# -- number ------------------------------------------------------------------------------------------------------------


@rule("number-brackets", "must", "7.2.5", "某人社函[2026]5号", later("Put the year into 〔〕."), fixable=True)
def number_brackets(document: Document) -> Iterator[Hit]:
    """The year of a document number does not stand in 〔〕."""
    for paragraph in document.of("number", "title_note", "title", "body", "heading", "note"):
        match = next(numbers_in(unquoted(paragraph.text)), None) or _bad_number(paragraph)
        if match:
            number = (
                match[0][match.end("letters") - match.start() - 1 :] if "letters" in match.groupdict() else match[0]
            )
            shown = re.sub(r"(?<=号).$", "", number)
            yield Hit(_("the year does not stand in 〔〕: {number}").format(number=shown), paragraph)


def _bad_number(paragraph: Paragraph) -> re.Match[str] | None:
    match = NUMBER.search(paragraph.text) if paragraph.role in ("number", "title_note") else None
    return match if match and not re.fullmatch(r"〔\s*\d+\s*〕", match["year"]) else None


def _numbers(document: Document) -> Iterator[tuple[Paragraph, re.Match[str]]]:
    for paragraph in document.of("number", "title_note"):
        if match := NUMBER.search(paragraph.text):
            yield paragraph, match


@rule(
    "number-padding",
    "must",
    "7.2.5",
    "某人社函〔2026〕005号",
    later("Write the serial number without leading zeros."),
    fixable=True,
)
def number_padding(document: Document) -> Iterator[Hit]:
    """The serial number is padded with zeros."""
    for paragraph, match in _numbers(document):
        if re.match(r"第?\s*0\d", match["serial"]):
            yield Hit(_("the number {number} is padded with zeros").format(number=match[0]), paragraph)


@rule(
    "number-form", "must", "7.2.5", "某人社函2026〔5〕号",
    later("Write letters, year and serial number as in 某人社函〔2026〕5号."),
)  # fmt: skip
def number_form(document: Document) -> Iterator[Hit]:
    """The parts of the document number do not stand in their order."""
    for paragraph in document.of("number"):
        if malformed_number(paragraph.bare):
            yield Hit(_("the number is written {number}").format(number=paragraph.bare), paragraph)


_CITED = re.compile(r"[\u4e00-\u9fff]\s*[〔\[（(【﹝［]\s*(?:19|20)\d{2}\s*[〕\])）】﹞］]\s*(?:第\s*\d+|0\d+)\s*号")


@rule(
    "number-cited", "should", "7.2.5", "根据某教〔2025〕第03号文件",
    later("Cite the number as its document bears it: without 第 and without leading zeros."),
)  # fmt: skip
def number_cited(document: Document) -> Iterator[Hit]:
    """A document number in the text stands with 第 or is padded with zeros."""
    for paragraph in document.of("title", "body", "heading", "note"):
        if match := _CITED.search(unquoted(paragraph.text)):
            yield Hit(_("the text cites the number as {number}").format(number=match[0][1:].strip()), paragraph)


@rule("number-word", "must", "7.2.5", "某人社函〔2026〕第5号", later("Leave 第 out and end with 号."))
def number_word(document: Document) -> Iterator[Hit]:
    """The serial number stands with 第, or without 号."""
    for paragraph, match in _numbers(document):
        if match["serial"].startswith("第") or not match["serial"].endswith("号"):
            yield Hit(_("the number is written {number}").format(number=match[0]), paragraph)


@rule("number-year", "must", "7.2.5", "某人社函〔26〕5号", later("Write the year with four digits: 〔2026〕."))
def number_year(document: Document) -> Iterator[Hit]:
    """The year of the number is cut short."""
    for paragraph, match in _numbers(document):
        if len(re.sub(r"\D", "", match["year"])) != 4:
            yield Hit(_("the year is written {year}").format(year=match["year"]), paragraph)


@rule(
    "number-spaces",
    "must",
    "7.2.5",
    "某人社函 〔2026〕 5 号",
    later("Take the blanks out of the number."),
    fixable=True,
)
def number_spaces(document: Document) -> Iterator[Hit]:
    """Blanks stand inside the document number."""
    for paragraph, match in _numbers(document):
        # A draft leaves its number open: 〔2026〕　号.
        if re.search(r"\S[ \u3000]+\S", match[0]):
            yield Hit(_("blanks stand in {number}").format(number=match[0]), paragraph)


@rule(
    "number-other-year", "should", "7.2.5", later("〔2025〕 under a date of 2026"),
    later("A number bears the year in which the document is issued."),
)  # fmt: skip
def number_other_year(document: Document) -> Iterator[Hit]:
    """The number is of another year than the date of issue."""
    date = document.first("date")
    issued = re.match(r"\s*(\d{4})年", date.text) if date else None
    for paragraph, match in _numbers(document):
        year = re.sub(r"\D", "", match["year"])
        if issued and len(year) == 4 and year != issued[1]:
            message = _("the number is of {year}, the date of {issued}")
            yield Hit(message.format(year=year, issued=issued[1]), paragraph)


@rule(
    "number-place", "must", "7.2.5, 10.1", later("the number at the left"),
    later("Centre it; in a letter set it flush right; beside 签发人 one character in from the left."), fixable=True,
)  # fmt: skip
def number_place(document: Document) -> Iterator[Hit]:
    """The document number is neither centred nor, in a letter, flush right."""
    signed = any("签发人" in paragraph.text for paragraph in document.paragraphs[:20])
    for paragraph in document.of("number"):
        indented = paragraph.left + paragraph.first > 640 or "\t" in paragraph.text
        if (
            paragraph.place == "body"
            and paragraph.align in ("left", "justify", "distribute")
            and not indented
            and not signed
        ):
            yield Hit(_("the number stands at the left"), paragraph)


# -- title -------------------------------------------------------------------------------------------------------------


def _outside_quotes(title: str) -> str:
    return _IN_QUOTES.sub("《》", title)


@rule(
    "title-about-twice", "should", "条例 9(7)", "关于转发省厅关于做好某事的通知",
    later("Drop one 关于, or put the forwarded title into 《》."),
)  # fmt: skip
def title_about_twice(document: Document) -> Iterator[Hit]:
    """关于 stands twice in the title."""
    if _outside_quotes(title_text(document)).count("关于") > 1:
        yield Hit(_("关于 stands twice in the title"), document.first("title"))


@rule(
    "title-kind-twice",
    "should",
    "条例 9(7)",
    "…的通知的通知",
    later("Drop one 的通知, or put the forwarded title into 《》."),
)
def title_kind_twice(document: Document) -> Iterator[Hit]:
    """的通知 or 通知 stands twice at the title's end."""
    if re.search(
        r"(通知|通报|函|意见|公告|通告|报告|决定|请示|批复|纪要)的?\1$", _outside_quotes(title_text(document))
    ):
        yield Hit(_("the title ends in the same kind of document twice"), document.first("title"))


@rule(
    "title-kind",
    "should",
    "条例 8, 9(7)",
    "关于做好某事",
    later("End the title with the kind of document: 通知, 函, 意见 …"),
)
def title_kind(document: Document) -> Iterator[Hit]:
    """The title does not end in a kind of official document."""
    title = title_text(document)
    if title and not names_kind(title):
        yield Hit(_("the title names no kind of document at its end"), document.first("title"))


@rule("title-punctuation", "practice", "7.3.1", "…的通知。", later("Take the mark out of the title."))
def title_punctuation(document: Document) -> Iterator[Hit]:
    """A full stop, colon or semicolon stands in the title."""
    if match := re.search("[。；;：:]|[，,.．]$", _outside_quotes(title_text(document))):
        yield Hit(_("the title holds a {mark}").format(mark=match[0]), document.first("title"))


@rule(
    "title-break", "should", "7.3.1", "…职业教育活动 / 的通知",
    later("Break the title between words so that no line begins with 的 or a mark."),
)  # fmt: skip
def title_break(document: Document) -> Iterator[Hit]:
    """A line of the title begins with 的, 了 or a mark, or inside a word."""
    lines = "\n".join(paragraph.text for paragraph in document.of("title")).split("\n")
    for word in _broken_words([line.strip() for line in lines]):
        yield Hit(_("a line of the title ends inside {word}").format(word=word), document.first("title"))
    for line in lines[1:]:
        if line.strip()[:1] in tuple("的了、，。；：）》”"):
            yield Hit(
                _("a line of the title begins with {text}").format(text=line.strip()[:4]), document.first("title")
            )


_WORD_LENGTH = 5
"""Longer ones are names."""
_MAX_BREAKS = 9
"""A title of more lines is none."""
_CLINGING = "的了和与及、，。；：）》〉”’〕】之 "


def _broken_words(lines: list[str]) -> Iterator[str]:
    breaks, at = set(itertools.accumulate(len(line) for line in lines[:-1])), 0
    for piece in title_words("".join(lines)) if 0 < len(breaks) <= _MAX_BREAKS else ():
        word = piece.rstrip(_CLINGING)
        inside = [place - at for place in breaks if at < place < at + len(word)]
        # A compound of two words, 安全检查, may be parted between them.
        if len(word) <= _WORD_LENGTH and any(place % 2 or len(word) % 2 for place in inside):
            yield word
        at += len(piece)


@rule(
    "title-shape", "should", "7.3.1", later("a short line between two long ones"),
    later("Shape the lines as a trapezium or a diamond."),
)  # fmt: skip
def title_shape(document: Document) -> Iterator[Hit]:
    """The title's lines form an hourglass."""
    lines = [line.strip() for line in "\n".join(p.text for p in document.of("title")).split("\n")]
    for before, line, after in zip(lines, lines[1:], lines[2:], strict=False):
        if len(line) < len(before) and len(line) < len(after):
            yield Hit(_("the title's lines form an hourglass"), document.first("title"))
            return


# -- recipients --------------------------------------------------------------------------------------------------------


@rule(
    "title-gap", "should", "7.3.2", later("no blank line below the title"),
    later("Leave one blank line between title and recipients."), fixable=True,
)  # fmt: skip
def title_gap(document: Document) -> Iterator[Hit]:
    """There is not one blank line between the title and the recipients."""
    titles, recipients = document.of("title", "title_note"), document.first("recipients")
    if titles and recipients and recipients.place == "body":
        lines = blank_lines_between(document, titles[-1], recipients)
        if not 0.5 <= lines <= 1.5:
            message = _("there are {lines} blank lines above the recipients, not one")
            yield Hit(message.format(lines=f"{round(lines, 1):g}"), recipients)


@rule(
    "recipients-colon",
    "must",
    "7.3.2",
    "各市教育局:",
    later("End the recipients with a full-width colon ：."),
    fixable=True,
)
def recipients_colon(document: Document) -> Iterator[Hit]:
    """The recipients do not end with a full-width colon."""
    for paragraph in document.of("recipients")[-1:]:
        if not paragraph.bare.endswith("："):
            yield Hit(_("the recipients end with “{mark}”").format(mark=paragraph.bare[-1]), paragraph)


@rule(
    "recipients-indent",
    "must",
    "7.3.2",
    later("recipients two characters in"),
    later("Set the recipients flush left."),
    fixable=True,
)
def recipients_indent(document: Document) -> Iterator[Hit]:
    """The recipients are not flush left."""
    for paragraph in document.of("recipients"):
        if paragraph.left + paragraph.first > 100 or paragraph.text.startswith(("\u3000", "  ")):
            yield Hit(_("the recipients are indented"), paragraph)
        elif paragraph.align in ("center", "right"):
            yield Hit(_("the recipients are not flush left"), paragraph)


@rule(
    "recipient-copied", "should", "条例 9(8), 9(16)", later("主送 and 抄送 to the same office"),
    later("Name it once: who must act is 主送."),
)  # fmt: skip
def recipient_copied(document: Document) -> Iterator[Hit]:
    """A recipient stands in the carbon copy list as well."""
    recipients = {name for paragraph in document.of("recipients") for name in _names(paragraph.bare)}
    for paragraph in document.of("imprint"):
        head, _colon, names = paragraph.bare.partition("：")
        for name in _names(names if "抄" in head else ""):
            if name in recipients:
                yield Hit(_("{name} is both 主送 and 抄送").format(name=name), paragraph)


def _names(text: str) -> list[str]:
    return [name for name in re.split(r"[，、,：:。\s]", text) if len(name) > 2]
