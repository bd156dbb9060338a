"""Sources passed on inside the notice, on new pages after the date: a .docx as it is, a plain text set on our grid.

A PDF has no place in a .docx: it lies beside the notice, and its pages follow those of the notice's PDF.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from generator import wording
from generator.dispatch.dispatch import OLD_WORD, Dispatch
from generator.dispatch.spec import Source
from generator.reading.text import read_lines
from generator.word.join import Joining, join_sources
from generator.word.page.arrange import Arrangement
from generator.word.page.items import Item, Joined, Text, on_new_page
from generator.word.page.official import blank_item, body_item, text_item, title_items
from generator.wording.body import Run

_HEADINGS = (
    (re.compile(r"^[一二三四五六七八九十]+、"), "一级标题"),
    (re.compile(r"^[（(][一二三四五六七八九十]+[）)]"), "二级标题"),
)
_DATE = re.compile(r"^\s*\d{4}\s*年\s*\d{1,2}\s*月\s*\d{1,2}\s*日\s*$")
_SIGNATURE_LENGTH = 30
Finish = Callable[[dict[str, bytes]], None]


def source_items(dispatch: Dispatch) -> list[Item]:
    """The items of every source that is appended, each beginning a new page; a .docx is one item, joined as it is."""
    items: list[Item] = []
    for name, source in _appended(dispatch):
        label = wording.attachment_label(dispatch.spec, name, "source")
        if is_joined(source):
            items.append(Joined(name, label))
        else:
            items += _set_anew(dispatch, source, label, new_page=not (items and items[-1].ends_section))
    return items


def _appended(dispatch: Dispatch) -> Iterator[tuple[str, Source]]:
    appended = ((name, each) for name, each in dispatch.spec.sources.items() if each.attach == "append" and each.file)
    return ((name, source) for name, source in appended if not is_pdf(source))


def is_pdf(source: Source) -> bool:
    """Whether a source to be appended is a PDF."""
    return source.attach == "append" and (source.file or "").lower().endswith(".pdf")


def is_joined(source: Source) -> bool:
    """Whether a source to be appended is a Word document."""
    return source.attach == "append" and (source.file or "").lower().endswith((".docx", *OLD_WORD))


# -- joined as it is ---------------------------------------------------------------------------------------------------


def joined(dispatch: Dispatch) -> dict[str, bytes]:
    """The sources that are joined as they are, by name, in their order: each as a .docx."""
    found = ((name, source) for name, source in _appended(dispatch) if is_joined(source))
    return {name: dispatch.appendable(source.file or "") for name, source in found}


def joining(dispatch: Dispatch, arranged: Arrangement, finish: Finish) -> Finish:
    """`finish`, and then every such source joined to the parts, which no template engine sees any more."""
    restart = dispatch.spec.page_numbers == "restart"
    found = [
        Joining(name, data, restart, page if restart else None)
        for (name, data), page in zip(joined(dispatch).items(), arranged.resumed, strict=True)
    ]

    def finish_and_join(parts: dict[str, bytes]) -> None:
        finish(parts)
        join_sources(parts, found, dispatch.where("sources"))

    return finish_and_join


# -- set anew ----------------------------------------------------------------------------------------------------------


def _set_anew(dispatch: Dispatch, source: Source, label: str, *, new_page: bool) -> list[Item]:
    file = source.file or ""
    lines = read_lines(dispatch.files[file], file)
    items: list[Item] = [text_item("附件标识", label), blank_item(1)] if label else []
    items += _set(lines)
    return [*map(on_new_page, items[:1]), *items[1:]] if new_page else items


def _set(lines: Sequence[str]) -> list[Item]:
    items: list[Item] = []
    head = True
    for text, following in zip(lines, [*lines[1:], ""], strict=True):
        head = head and not text.endswith(("：", ":", "。"))
        items.append(_paragraph(text, following, head=head))
    return items


def _paragraph(text: str, following: str, *, head: bool) -> Item:
    if head:
        return title_items(text)[0] if len(text) > 8 and "号" not in text[-2:] else _centred(text)
    if _DATE.match(text) or (_DATE.match(following) and len(text) < _SIGNATURE_LENGTH):
        return Text("成文日期", (Run(text),), right=4 * 315)
    if text.endswith(("：", ":")) and "。" not in text:
        return text_item("主送机关", text)
    for pattern, style in _HEADINGS:
        if pattern.match(text) and len(text) < _SIGNATURE_LENGTH and not text.endswith("。"):
            return body_item(style, [Run(text)])
    return body_item("公文正文", [Run(text)])


def _centred(text: str) -> Item:
    return Text("公文正文", (Run(text),), justify="center")
