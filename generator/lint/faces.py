"""Rules on type: the font, size, weight and colour of each element."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from generator.base.i18n import _, later
from generator.lint.page import is_song
from generator.lint.rules import Hit, rule
from generator.reading.document import Document, Paragraph, Role, Run
from generator.reading.roles import is_red

FANGSONG, KAITI, HEITI, XIAOBIAOSONG, SONGTI = "仿宋_GB2312", "楷体_GB2312", "黑体", "方正小标宋简体", "宋体"
_FACES: dict[str, Callable[[str], bool]] = {
    FANGSONG: lambda font: "仿宋" in font or font.startswith(("FangSong", "STFangsong")),
    KAITI: lambda font: "楷" in font or font.startswith(("KaiTi", "STKaiti")),
    HEITI: lambda font: ("黑" in font and "雅黑" not in font) or font in ("SimHei", "STHeiti"),
    XIAOBIAOSONG: lambda font: "小标宋" in font or font.startswith("FZXiaoBiaoSong"),
    SONGTI: is_song,
}
SHORT = {FANGSONG: "仿宋", KAITI: "楷体", HEITI: "黑体", XIAOBIAOSONG: "小标宋", SONGTI: "宋体"}
SIZES = {22.0: "二号", 16.0: "三号", 14.0: "四号"}
HEADING_FACES = {1: HEITI, 2: KAITI, 3: FANGSONG, 4: FANGSONG}
PLAIN: tuple[Role, ...] = ("body", "recipients", "note", "signature", "date", "annotation")
_WRITTEN: tuple[Role, ...] = ("title", "heading", *PLAIN)
CHINESE = re.compile("[\u4e00-\u9fff]")
_QUOTES = re.compile("[“”‘’…—]")


def is_face(document: Document, font: str, face: str) -> bool:
    """Whether a font's name is one of those of a face of the standard, or what its house calls it."""
    return _FACES[face](font) or font == document.local.fonts.get(face)


FACES: dict[Role, str] = {
    **dict.fromkeys(PLAIN, FANGSONG),
    "title": XIAOBIAOSONG,
    "mark": XIAOBIAOSONG,
    "number": FANGSONG,
    "head_note": HEITI,
    "attachment_head": HEITI,
    "attachment_title": XIAOBIAOSONG,
    "imprint": FANGSONG,
}
"""The face of each element; a heading's is that of its level."""
SIZE_OF: dict[Role, float] = {
    **dict.fromkeys((*PLAIN, "heading", "number", "head_note", "attachment_head"), 16.0),
    **dict.fromkeys(("title", "attachment_title"), 22.0),
    "imprint": 14.0,
}


def _faults(document: Document, roles: tuple[Role, ...], *faces: str) -> Iterator[Hit]:
    for paragraph in document.of(*roles):
        yield from _wrong_face(document, paragraph, paragraph.runs, faces)


def _wrong_face(
    document: Document, paragraph: Paragraph, runs: tuple[Run, ...] | list[Run], faces: tuple[str, ...]
) -> Iterator[Hit]:
    fonts = dict.fromkeys(run.font for run in runs if CHINESE.search(run.text))
    for font in (font for font in fonts if not any(is_face(document, font, face) for face in faces)):
        message = _("the font is {font}, not {wanted}")
        yield Hit(message.format(font=font or _("not named"), wanted=SHORT[faces[0]]), paragraph)


def _wrong_size(document: Document, roles: tuple[Role, ...], wanted: float) -> Iterator[Hit]:
    for paragraph in document.of(*roles):
        sizes = dict.fromkeys(run.size for run in paragraph.runs if run.text.strip() and run.size != wanted)
        for size in sizes:
            message = _("the size is {size} pt, not {wanted} ({points} pt)")
            yield Hit(message.format(size=f"{size:g}", wanted=SIZES[wanted], points=f"{wanted:g}"), paragraph)


@rule("title-font", "must", "7.3.1", "宋体", later("Set the title in 小标宋."), fixable=True)
def title_font(document: Document) -> Iterator[Hit]:
    """The title is not in 小标宋."""
    yield from _faults(document, ("title",), XIAOBIAOSONG)


@rule("title-size", "must", "7.3.1", later("小二, 18 pt"), later("Set the title in 二号 (22 pt)."), fixable=True)
def title_size(document: Document) -> Iterator[Hit]:
    """The title is not in 二号."""
    yield from _wrong_size(document, ("title",), 22.0)


@rule("title-alignment", "must", "7.3.1", later("a title at the left"), later("Centre the title."), fixable=True)
def title_alignment(document: Document) -> Iterator[Hit]:
    """The title is not centred."""
    for paragraph in document.of("title"):
        if paragraph.align != "center":
            yield Hit(_("the title is not centred"), paragraph)


@rule("body-font", "must", "5.2.2, 7.3.3", "宋体", later("Set the text in 仿宋."), fixable=True)
def body_font(document: Document) -> Iterator[Hit]:
    """Text, recipients, attachment note, signature, date or annotation is not in 仿宋."""
    for paragraph in document.of(*PLAIN):
        face = HEADING_FACES.get(paragraph.level, FANGSONG) if paragraph.role == "body" else FANGSONG
        opening, rest = run_in(paragraph)
        yield from _wrong_face(document, paragraph, opening, (FANGSONG, face))
        yield from _wrong_face(document, paragraph, rest, (FANGSONG,))


def run_in(paragraph: Paragraph) -> tuple[list[Run], list[Run]]:
    """The runs of a heading that is run in with its text (its first sentence), and the rest."""
    if not paragraph.level or paragraph.role != "body":
        return [], list(paragraph.runs)
    at, opening = 0, []
    end = next((match.end() for match in re.finditer("[。：；]", paragraph.text)), len(paragraph.text))
    for run in paragraph.runs:
        if at >= end:
            break
        opening.append(run)
        at += len(run.text)
    return opening, list(paragraph.runs[len(opening) :])


@rule("body-size", "must", "5.2.2, 7.3.3", later("小三, 15 pt"), later("Set the text in 三号 (16 pt)."), fixable=True)
def body_size(document: Document) -> Iterator[Hit]:
    """Text, recipients, attachment note, signature, date or annotation is not in 三号."""
    yield from _wrong_size(document, PLAIN, 16.0)


@rule(
    "heading-font", "must", "7.3.3", later("一、… in 仿宋"),
    later("Set 一、 in 黑体, （一） in 楷体, 1. and （1） in 仿宋."), fixable=True,
)  # fmt: skip
def heading_font(document: Document) -> Iterator[Hit]:
    """A heading is not in the font of its level."""
    for paragraph in document.of("heading"):
        yield from _wrong_face(document, paragraph, paragraph.runs, (HEADING_FACES[paragraph.level],))


@rule(
    "heading-size", "must", "7.3.3", later("小二 for a heading"), later("Set headings in 三号 (16 pt)."), fixable=True
)
def heading_size(document: Document) -> Iterator[Hit]:
    """A heading is not in 三号."""
    yield from _wrong_size(document, ("heading",), 16.0)


@rule("number-font", "must", "5.2.2, 7.2.5", "宋体 四号", later("Set it in 三号 (16 pt) 仿宋."), fixable=True)
def number_font(document: Document) -> Iterator[Hit]:
    """The document number is not in 三号 仿宋."""
    yield from _faults(document, ("number",), FANGSONG, KAITI)
    yield from _wrong_size(document, ("number",), 16.0)


@rule(
    "head-note-font", "must", "7.2.1–7.2.3", later("特急 in 仿宋"),
    later("Set 密级 and 紧急程度 in 三号 (16 pt) 黑体, 份号 in 三号."), fixable=True,
)  # fmt: skip
def head_note_font(document: Document) -> Iterator[Hit]:
    """份号, 密级 or 紧急程度 is not in 三号, or the latter two not in 黑体."""
    yield from _faults(document, ("head_note",), HEITI)
    yield from _wrong_size(document, ("head_note",), 16.0)


def marks(document: Document) -> list[Paragraph]:
    """The lines of 发文机关标志, in text boxes or in the text."""
    return [paragraph for paragraph in (*document.boxes, *document.paragraphs) if paragraph.role == "mark"]


@rule("mark-font", "should", "7.2.4", "黑体", later("Set 发文机关标志 in 小标宋."), fixable=True)
def mark_font(document: Document) -> Iterator[Hit]:
    """发文机关标志 is not in 小标宋."""
    for paragraph in marks(document):
        yield from _wrong_face(document, paragraph, paragraph.runs, (XIAOBIAOSONG,))


@rule("mark-colour", "must", "7.2.4", later("a black 发文机关标志"), later("Colour it red."), fixable=True)
def mark_colour(document: Document) -> Iterator[Hit]:
    """发文机关标志 is not red."""
    for paragraph in marks(document):
        if paragraph.bare and not is_red(paragraph):
            yield Hit(_("发文机关标志 is not red"), paragraph)


@rule(
    "attachment-head-font", "must", "7.3.7", later("附件1 in 仿宋"), later("Set it in 三号 (16 pt) 黑体."), fixable=True
)
def attachment_head_font(document: Document) -> Iterator[Hit]:
    """The head of an attachment is not in 三号 黑体."""
    yield from _faults(document, ("attachment_head",), HEITI)
    yield from _wrong_size(document, ("attachment_head",), 16.0)


@rule(
    "attachment-title-font", "should", "7.3.7", later("the title of 附件1 in 黑体"),
    later("Set it like the document's own title: 二号 (22 pt) 小标宋."), fixable=True,
)  # fmt: skip
def attachment_title_font(document: Document) -> Iterator[Hit]:
    """The title of an attachment is not in 二号 小标宋."""
    yield from _faults(document, ("attachment_title",), XIAOBIAOSONG)
    yield from _wrong_size(document, ("attachment_title",), 22.0)


@rule("imprint-font", "must", "7.4.2, 7.4.3", "三号 宋体", later("Set 版记 in 四号 (14 pt) 仿宋."), fixable=True)
def imprint_font(document: Document) -> Iterator[Hit]:
    """版记 is not in 四号 仿宋."""
    yield from _faults(document, ("imprint",), FANGSONG)
    yield from _wrong_size(document, ("imprint",), 14.0)


@rule(
    "bold", "should", "7.3.3", later("a third level in bold"),
    later("Take the bold off: levels differ by font, not by weight."), fixable=True,
)  # fmt: skip
def bold(document: Document) -> Iterator[Hit]:
    """Bold stands in the title, a heading or the text."""
    for paragraph in document.of(*_WRITTEN):
        if any(run.bold and run.text.strip() for run in paragraph.runs):
            yield Hit(_("bold text"), paragraph)


@rule(
    "emphasis", "should", "7.3.3", later("a word in italics, underlined text"),
    later("Set Chinese text upright, without a line below it."), fixable=True,
)  # fmt: skip
def emphasis(document: Document) -> Iterator[Hit]:
    """Italic or underlined Chinese stands in the title, a heading or the text."""
    for paragraph in document.of(*_WRITTEN):
        chinese = [run for run in paragraph.runs if CHINESE.search(run.text)]
        if any(run.slanted for run in chinese):
            yield Hit(_("italic text"), paragraph)
        if any(run.underlined for run in chinese):
            yield Hit(_("underlined text"), paragraph)


@rule("text-colour", "must", "5.2.4", later("a sentence in red"), later("Set the text in black."), fixable=True)
def text_colour(document: Document) -> Iterator[Hit]:
    """Text other than 发文机关标志 is coloured."""
    for paragraph in document.of(*_WRITTEN, "number", "attachment_head", "attachment_title", "imprint"):
        colours = dict.fromkeys(run.colour for run in paragraph.runs if run.colour and run.text.strip())
        for colour in colours:
            yield Hit(_("the colour is {colour}, not black").format(colour=colour), paragraph)


@rule(
    "theme-font", "should", "GB/T 33476.2", "asciiTheme=\"minorHAnsi\"",
    later("Name the fonts themselves: a theme's font overrides them, and WPS reports it missing."), fixable=True,
)  # fmt: skip
def theme_font(document: Document) -> Iterator[Hit]:
    """The fonts of text come from a theme."""
    for paragraph in document.of(*_WRITTEN, "number", "attachment_head", "attachment_title", "imprint"):
        if any(run.themed and run.text.strip() for run in paragraph.runs):
            yield Hit(_("a theme decides its font"), paragraph)


@rule(
    "quote-font", "practice", "5.2.2", later("“ ” in Times New Roman"),
    later("Set Chinese quotation marks, dashes and ellipses in the Chinese font."), fixable=True,
)  # fmt: skip
def quote_font(document: Document) -> Iterator[Hit]:
    """“ ” … or — falls to the Latin font, narrow and askew."""
    for paragraph in document.of(*_WRITTEN):
        for run in paragraph.runs:
            if _QUOTES.search(run.text) and not run.hinted and run.latin != run.font:
                yield Hit(_("quotation marks or dashes stand in {font}").format(font=run.latin or "?"), paragraph)
                break
