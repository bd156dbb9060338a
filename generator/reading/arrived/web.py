"""A page saved from a portal: its text without menus, scripts and lists of links."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree, html

from generator.base.i18n import _
from generator.reading.arrived.plain import decoded
from generator.reading.arrived.shape import refused, row

_CHARSET = re.compile(rb"""charset\s*=\s*["']?\s*([\w-]+)""", re.IGNORECASE)
_GONE = {
    "script",
    "style",
    "noscript",
    "nav",
    "select",
    "button",
    "input",
    "textarea",
    "svg",
    "iframe",
    "object",
    "template",
}
_BLOCKS = {
    "p", "div", "li", "ul", "ol", "h1", "h2", "h3", "h4", "h5", "h6", "section", "article", "header", "footer", "table",
    "dl", "dt", "dd", "form", "blockquote", "pre", "center", "title", "main", "aside", "body",
}  # fmt: skip
_LINKS = 3
"""Links that make a list of a block, when most of its text is theirs."""


def page_text(data: bytes, file: str) -> str:
    """The text of an HTML page, a line each block; Problems when there is none."""
    try:
        root = html.document_fromstring(_text(data, file), parser=html.HTMLParser(no_network=True, huge_tree=False))
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as reason:
        hint = _("Open the page, copy its text into a new document, and use that one.")
        raise refused(
            "file-damaged", file, _("the page cannot be read: {reason}").format(reason=reason), hint
        ) from reason
    body = root.find("body")
    lines = "".join(_walk(root if body is None else body))
    title = root.findtext("head/title") or ""
    return _tidied(f"{title.strip()}\n\n{lines}" if _is_heading(title) else lines)


def _is_heading(title: str) -> bool:
    """Whether the window's title is the notice's, and not only the site's name."""
    return bool(re.search(r"(?:通知|通报|公告|意见|函)", title))


def _text(data: bytes, file: str) -> str:
    found = _CHARSET.search(data[:4096])
    name = found[1].decode().lower() if found else ""
    encoding = {"gb2312": "gb18030", "gbk": "gb18030"}.get(name, name)
    try:
        text = data.decode(encoding) if encoding else decoded(data, file)
    except (LookupError, UnicodeDecodeError):
        text = decoded(data, file)
    return re.sub(r"^\s*<\?xml[^>]*\?>", "", text)


def _walk(element: etree._Element) -> Iterator[str]:
    tag = element.tag if isinstance(element.tag, str) else ""
    if tag == "br":
        yield "\n"
    elif tag == "table" and _is_table(element):
        yield "\n"
        yield from (row(cells) + "\n" for cells in _rows(element))
    elif tag and tag not in _GONE and not _hidden(element) and not _list_of_links(element):
        yield from _inside(element, tag)
    if element.tail:
        yield re.sub(r"\s*\n\s*", "", element.tail)


def _inside(element: etree._Element, tag: str) -> Iterator[str]:
    block = tag in _BLOCKS or tag in ("td", "tr", "th")
    yield "\n" if block else ""
    yield re.sub(r"\s*\n\s*", "", element.text or "") if tag != "pre" else element.text or ""
    for child in element:
        yield from _walk(child)
    yield "\n" if block else ""


def _hidden(element: etree._Element) -> bool:
    return bool(re.search(r"display\s*:\s*none", element.get("style", "")))


def _is_table(element: etree._Element) -> bool:
    """Whether a table holds figures and not the layout of the page: several columns, no table inside."""
    return (
        element.find(".//table") is None
        and max((len(cells) for cells in _rows(element)), default=0) > 1
        and not _is_layout(element)
    )


def _is_layout(element: etree._Element) -> bool:
    return any(len(_all(cell)) > 600 for cell in element.iter("td"))


def _rows(element: etree._Element) -> list[list[str]]:
    return [[_all(cell) for cell in line if cell.tag in ("td", "th")] for line in element.iter("tr")]


def _all(element: etree._Element) -> str:
    return "".join(str(piece) for piece in element.itertext())


def _list_of_links(element: etree._Element) -> bool:
    if element.tag not in ("div", "ul", "ol", "td", "header", "footer", "aside"):
        return False
    links = list(element.iter("a"))
    if len(links) < _LINKS:
        return False
    inside = sum(len(_all(link).strip()) for link in links)
    return inside > 0.6 * len("".join(_all(element).split()))


def _tidied(text: str) -> str:
    return re.sub(r"\n{3,}", "\n\n", text).strip() + "\n"
