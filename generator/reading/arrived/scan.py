"""Text in pictures, recognised by rapidocr in a process of its own that has limits of memory and of time."""

from __future__ import annotations

import importlib.util
import io
import multiprocessing
from collections.abc import Iterator
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from generator.base.i18n import _
from generator.reading.arrived.shape import Progress, paged, refused

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

SECONDS = 120
"""A page may take; eight were measured on two processors."""
MEMORY = 6 * 2**30
"""Bytes of address space; 0.9 GB are used."""
MAX_PAGES = 100
DOTS = 200
_SURE = 0.5
"""Lines of which the recogniser is less sure are left out: stamps, signatures, stains."""
_PIXELS = 60_000_000
_Line = tuple[float, float, float, float, str]
"""Left, top, right and bottom edge in pixels, and the text."""


def scanned(data: bytes, file: str, progress: Progress | None = None) -> tuple[str, tuple[int, ...]]:
    """The text of a picture or of a PDF of pictures, and where its pages begin.

    Raises Problems when the extra `ocr` is not there, when the process fails or is too slow, or with too many pages.
    """
    if importlib.util.find_spec("rapidocr") is None:
        message = _("it is a picture; reading text in pictures needs the extra: pip install fawen[ocr]")
        raise refused("ocr-lacking", file, message, _("Or ask the sender for the document itself, not its picture."))
    pages = list(_recognised(data, file, progress))
    return paged("\n".join(_printed(page)) for page in pages)


def _recognised(data: bytes, file: str, progress: Progress | None) -> Iterator[list[_Line]]:
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    worker = context.Process(target=_work, args=(theirs, data), daemon=True)
    worker.start()
    theirs.close()
    try:
        for number, count, lines in _answers(ours, file):
            yield lines
            if progress:
                progress(number, count)
    finally:
        worker.kill()
        worker.join()
        ours.close()


def _answers(ours: Connection, file: str) -> Iterator[tuple[int, int, list[_Line]]]:
    number = count = 0
    while not number or number < count:
        try:
            if not ours.poll(SECONDS):
                raise _failed(file, _("a page took more than {seconds} seconds").format(seconds=SECONDS))
            answer = ours.recv()
        except EOFError as exc:
            raise _failed(file, _("the process that recognises text ended")) from exc
        if isinstance(answer, str):
            raise _failed(file, answer)
        number, count, lines = answer
        yield number, count, lines


def _failed(file: str, reason: str) -> Exception:
    message = _("its text cannot be recognised: {reason}").format(reason=reason)
    return refused("ocr-failed", file, message, _("Ask the sender for the document itself, not its picture."))


# -- in the process of its own -----------------------------------------------------------------------------------------


def _work(answers: Connection, data: bytes) -> None:
    """Send (number, count, lines) of each page, or why there are none."""
    try:
        _limit()
        pages = list(_pictures(data))[: MAX_PAGES + 1]
        if len(pages) > MAX_PAGES:
            answers.send(_("it has more than {limit} pages").format(limit=MAX_PAGES))
            return
        engine = _engine()
        for number, page in enumerate(pages, 1):
            answers.send((number, len(pages), _lines(engine, page())))
    except Exception as reason:
        with suppress(OSError):
            answers.send(str(reason) or type(reason).__name__)


def _limit() -> None:
    try:
        import resource
    except ImportError:  # Windows: the limit of time alone
        return
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


def _engine() -> Any:
    import logging

    from rapidocr import RapidOCR

    logging.disable(logging.WARNING)
    return RapidOCR()


def _pictures(data: bytes) -> Iterator[Any]:
    """A function for each page that draws it."""
    if not data.startswith(b"%PDF"):
        yield lambda: _picture(data)
        return
    import pypdfium2

    document = pypdfium2.PdfDocument(data)
    for number in range(len(document)):
        yield lambda number=number: document[number].render(scale=DOTS / 72).to_pil().convert("RGB")


def _picture(data: bytes) -> Any:
    from PIL import Image

    Image.MAX_IMAGE_PIXELS = _PIXELS
    return Image.open(io.BytesIO(data)).convert("RGB")


def _lines(engine: Any, picture: Any) -> list[_Line]:
    import numpy

    found = engine(numpy.array(picture))
    if found.boxes is None:
        return []
    edges = [
        (float(box[:, 0].min()), float(box[:, 1].min()), float(box[:, 0].max()), float(box[:, 1].max()))
        for box in found.boxes
    ]
    return [(*edge, text) for edge, text, sure in zip(edges, found.txts, found.scores, strict=True) if sure >= _SURE]


# -- lines of print ----------------------------------------------------------------------------------------------------


def _printed(found: list[_Line]) -> Iterator[str]:
    """The lines of a page from the top, what stands on one line joined, with the blanks of its indent."""
    if not found:
        return
    size = sorted(bottom - top for _left, top, _right, bottom, _text in found)[len(found) // 2] or 1
    margin = min(left for left, *_rest in found)
    below = None
    for line in _rows(found):
        if below is not None and line[0][1] - below > 1.2 * size:
            yield ""
        below = max(bottom for _left, _top, _right, bottom, _text in line)
        yield "\u3000" * min(round((line[0][0] - margin) / size), 30) + " ".join(text for *_edges, text in line)


def _rows(found: list[_Line]) -> Iterator[list[_Line]]:
    line: list[_Line] = []
    for item in sorted(found, key=lambda one: (one[1] + one[3]) / 2):
        if line and (item[1] + item[3]) / 2 - (line[0][1] + line[0][3]) / 2 > 0.5 * (item[3] - item[1]):
            yield sorted(line)
            line = []
        line.append(item)
    if line:
        yield sorted(line)
