"""A source passed on inside the notice: its text set again on the grid, on new pages after the date (gbt9704.md)."""

from __future__ import annotations

import re
from dataclasses import replace

from generator import wording
from generator.body import Run
from generator.dispatch import Dispatch
from generator.spec import Source
from generator.word.official import Item, blank_item, body_item, text_item, title_items
from generator.word.read import SourceBlock, read_blocks, read_text_blocks
from generator.word.xml import grid_table

_HEADINGS = (
    (re.compile(r"^[一二三四五六七八九十]+、"), "一级标题"),
    (re.compile(r"^[（(][一二三四五六七八九十]+[）)]"), "二级标题"),
)
_DATE = re.compile(r"^\s*\d{4}\s*年\s*\d{1,2}\s*月\s*\d{1,2}\s*日\s*$")
_SIGNATURE_LENGTH = 30


def source_items(dispatch: Dispatch) -> list[Item]:
    """The items of every source that is appended, each beginning a new page."""
    items: list[Item] = []
    for name, source in dispatch.spec.sources.items():
        if source.attach == "append" and source.file:
            label = wording.attachment_label(dispatch.spec, name, "source")
            items += _one(dispatch, source, label)
    return items


def _one(dispatch: Dispatch, source: Source, label: str) -> list[Item]:
    file = source.file or ""
    read = read_blocks if file.lower().endswith(".docx") else read_text_blocks
    blocks = read(dispatch.files[file], dispatch.where("sources"))
    items = [text_item("附件标识", label), blank_item(1)] if label else []
    items += _set(blocks)
    return [replace(items[0], new_page=True), *items[1:]] if items else []


def _set(blocks: list[SourceBlock]) -> list[Item]:
    items: list[Item] = []
    head = True
    for number, block in enumerate(blocks):
        if block.kind == "table":
            xml, lines = grid_table(block.rows)
            items.append(Item("表格文字", xml=xml, fixed_lines=lines))
            continue
        following = blocks[number + 1].text if number + 1 < len(blocks) else ""
        head = head and not block.text.rstrip().endswith(("：", ":", "。"))
        items += _paragraph(block, following, head=head)
    return items


def _paragraph(block: SourceBlock, following: str, *, head: bool) -> list[Item]:
    text = block.text.strip()
    if not text:
        return [blank_item(1)]
    if block.alignment == "center" or head:
        return title_items(text) if len(text) > 8 and "号" not in text[-2:] else [_centred(text)]
    if block.alignment == "right" or _DATE.match(text) or (_DATE.match(following) and len(text) < _SIGNATURE_LENGTH):
        return [Item("成文日期", (Run(text),), right=4 * 315)]
    if text.endswith(("：", ":")) and "。" not in text:
        return [text_item("主送机关", text)]
    for pattern, style in _HEADINGS:
        if pattern.match(text) and len(text) < _SIGNATURE_LENGTH and not text.endswith("。"):
            return [body_item(style, [Run(text)])]
    return [body_item("公文正文", [Run(text)])]


def _centred(text: str) -> Item:
    return Item("公文正文", (Run(text),), justify="center")
