"""Documents → pictures of their pages (PNG), beside the documents."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from generator.base.i18n import _
from generator.base.problems import Problem, Problems, Where, error
from generator.kits.disk import NotWrittenError, Writer, os_reason
from generator.kits.plan import PRINTED
from generator.office import fonts, libreoffice
from generator.office.gate import open_package

DPI = 100
"""Enough to read 三号 text on a screen; an A4 page is 827 × 1169 pixels."""


@dataclass(frozen=True)
class Pictures:
    """The pictures of one document, page by page; all paths as in the manifest, relative to the output folder."""

    document: str
    files: tuple[str, ...]


def find() -> libreoffice.Office:
    """What `preview` needs. Raises Problems when there is no LibreOffice or nothing to draw a PDF with."""
    if not (shutil.which("pdftoppm") or _has_pdfium()):
        hint = _("Install poppler-utils; or: pip install pypdfium2 pillow")
        raise Problems([error("no-pdftoppm", Where("pdftoppm"), _("nothing here can draw the pages of a PDF"), hint)])
    return libreoffice.find()


def preview(office: libreoffice.Office, out: Path, documents: Sequence[str]) -> tuple[list[Pictures], list[Problem]]:
    """Make `<document>-1.png` … beside each document in `out`; what was made, and what went wrong or is to be known.

    `documents` are relative to `out`; what is no .docx, .xlsx or .pdf is passed over. Pictures of pages that a document
    no longer has are removed. Raises Problems when LibreOffice does not start.
    """
    writer = Writer(out)
    made, problems = [], []
    lacking: dict[str, str] = {}
    with libreoffice.Converter(office) as converter:
        for document, result in _printed(converter, out, documents, lacking):
            drawn = result if isinstance(result, libreoffice.Failure) else _drawn(writer, document, result)
            if isinstance(drawn, Pictures):
                made.append(drawn)
            else:
                message = _("no pictures were made: {reason}").format(reason=drawn.reason)
                problems.append(error("no-pictures", Where(str(out / document)), message))
    made.sort(key=lambda pictures: pictures.document)
    return made, [*problems, *fonts.warn(lacking, Where(str(out)))]


def _printed(
    converter: libreoffice.Converter, out: Path, documents: Sequence[str], lacking: dict[str, str]
) -> Iterator[tuple[str, bytes | libreoffice.Failure]]:
    """Each document as PDF."""
    office = []
    for document in documents:
        path = out / document
        try:
            if path.suffix.lower() == ".pdf":
                yield document, path.read_bytes()
            elif path.suffix.lower() in PRINTED:
                parts = open_package(path.read_bytes(), Where(document))
                lacking |= fonts.substitutes(fonts.named(parts))
                office.append((document, path))
        except OSError as exc:
            yield document, libreoffice.Failure(os_reason(exc))
        except Problems as exc:
            yield document, libreoffice.Failure("; ".join(problem.message for problem in exc.problems))
    yield from converter.convert(office)


def _drawn(writer: Writer, document: str, data: bytes) -> Pictures | libreoffice.Failure:
    """Write the pictures of one PDF."""
    try:
        pages = _pages(data)
        files = {f"{document}-{number}.png": page for number, page in enumerate(pages, 1)}
        for path, page in files.items():
            writer.write(path, page)
        _remove_beyond(writer.out / document, len(pages))
    except NotWrittenError as exc:
        return libreoffice.Failure(str(exc))
    except OSError as exc:
        return libreoffice.Failure(os_reason(exc))
    except ValueError as exc:
        return libreoffice.Failure(_("its PDF cannot be drawn: {reason}").format(reason=exc))
    return Pictures(document, tuple(files))


def _remove_beyond(document: Path, pages: int) -> None:
    """Remove the pictures of pages that the document no longer has. Raises OSError."""
    name = re.compile(re.escape(document.name) + r"-([1-9]\d*)\.png")
    for path in list(document.parent.iterdir()):
        if (found := name.fullmatch(path.name)) and int(found[1]) > pages:
            path.unlink()


# -- PDF → PNG ---------------------------------------------------------------------------------------------------------


def _has_pdfium() -> bool:
    return find_spec("pypdfium2") is not None and find_spec("PIL") is not None


def _pages(data: bytes) -> list[bytes]:
    """Each page as PNG. Raises ValueError for a PDF that cannot be read, OSError."""
    return _by_poppler(data) if shutil.which("pdftoppm") else _by_pdfium(data)


def _by_poppler(data: bytes) -> list[bytes]:
    with tempfile.TemporaryDirectory(prefix="fawen-pages-") as folder:
        command = [shutil.which("pdftoppm") or "pdftoppm", "-png", "-r", str(DPI), "-", str(Path(folder) / "page")]
        done = subprocess.run(command, input=data, capture_output=True, check=False)  # noqa: S603
        # Its names are padded to the length of the last number, so that their order is that of the pages.
        pages = [path.read_bytes() for path in sorted(Path(folder).iterdir())]
    if done.returncode or not pages:
        raise ValueError(" ".join(done.stderr.decode(errors="replace").split()))
    return pages


def _by_pdfium(data: bytes) -> list[bytes]:
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as exc:
        raise ValueError(str(exc)) from exc
    pages = []
    for page in document:
        file = io.BytesIO()
        page.render(scale=DPI / 72).to_pil().save(file, "PNG")
        pages.append(file.getvalue())
    document.close()
    return pages
