"""A PDF with text: its printed lines page by page, with the blanks that show where paragraphs begin."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

from generator.base.i18n import _
from generator.reading.arrived.shape import Progress, paged, refused, row

MAX_PAGES = 500
_FEW = 8
"""Characters on a page below which it is a picture, not a text."""


def pdf_text(data: bytes, file: str, progress: Progress | None = None) -> tuple[str, tuple[int, ...]]:
    """The text of a PDF and where its pages begin; empty when its pages are pictures.

    Raises Problems when it is protected or damaged, has too many pages, or when the extra `pdf` is not there.
    """
    pdf = _opened(data, file)
    with pdf:
        if len(pdf.pages) > MAX_PAGES:
            message = _("the PDF has {count} pages; at most {limit} are read").format(
                count=len(pdf.pages), limit=MAX_PAGES
            )
            raise refused("file-too-large", file, message, _("Give the notice itself, without what came with it."))
        try:
            text, breaks = paged(_pages(pdf, progress))
        except Exception as reason:
            raise _damaged(file, reason) from reason
    return (text, breaks) if len("".join(text.split())) > _FEW * len(breaks) else ("", breaks)


def _opened(data: bytes, file: str) -> Any:
    try:
        import pdfplumber
        from pdfminer.pdfdocument import PDFPasswordIncorrect
        from pdfplumber.utils.exceptions import PdfminerException
    except ImportError as reason:
        message = _("reading a PDF needs the extra: pip install fawen[pdf]")
        raise refused(
            "pdf-lacking", file, message, _("Or open the PDF, copy its text into a .docx, and use that one.")
        ) from reason
    try:
        return pdfplumber.open(io.BytesIO(data))
    except PdfminerException as reason:
        if reason.args and isinstance(reason.args[0], PDFPasswordIncorrect):
            hint = _("Remove the password, or print it into a new PDF.")
            raise refused("file-encrypted", file, _("the PDF is protected by a password"), hint) from reason
        raise _damaged(file, reason) from reason
    except Exception as reason:
        raise _damaged(file, reason) from reason


def _damaged(file: str, reason: Exception) -> Exception:
    message = _("the PDF is damaged: {reason}").format(reason=str(reason) or type(reason).__name__)
    return refused("file-damaged", file, message, _("Open it, print it into a new PDF, and use that one."))


def _pages(pdf: Any, progress: Progress | None) -> Iterator[str]:
    count = len(pdf.pages)
    for number, page in enumerate(pdf.pages, 1):
        yield "\n".join(_lines(page))
        # What a page was read into is kept until it is let go.
        page.close()
        if progress:
            progress(number, count)


def _lines(page: Any) -> Iterator[str]:
    lines = page.extract_text_lines(strip=True, return_chars=False)
    if not lines:
        return
    tables = page.find_tables() if len(page.rects) + len(page.lines) + len(page.curves) >= 6 else []
    boxes = [(table.bbox, table) for table in tables if len(table.rows) > 1 or len(table.rows[0].cells) > 1]
    margin, size = min(line["x0"] for line in lines), _size(lines)
    told: set[int] = set()
    below = None
    for line in lines:
        table = next((number for number, (box, _table) in enumerate(boxes) if _inside(line, box)), None)
        if table is not None:
            if table not in told:
                yield from (row(cell or "" for cell in cells) for cells in boxes[table][1].extract())
            told.add(table)
            continue
        if below is not None and line["top"] - below > 1.4 * size:
            yield ""
        below = line["bottom"]
        yield "\u3000" * min(round((line["x0"] - margin) / size), 30) + line["text"]


def _size(lines: list[dict[str, Any]]) -> float:
    heights = sorted(line["bottom"] - line["top"] for line in lines)
    return float(heights[len(heights) // 2]) or 10.0


def _inside(line: dict[str, Any], box: tuple[float, float, float, float]) -> bool:
    middle = (line["top"] + line["bottom"]) / 2
    return bool(box[1] <= middle <= box[3] and line["x0"] >= box[0] - 2 and line["x1"] <= box[2] + 2)
