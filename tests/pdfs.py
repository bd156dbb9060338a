"""PDFs of superiors, made object by object: plain ones, and ones that carry what no joined page may bring along."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, String

SIZE = (420, 595)
"""Points: A5, so that a page of ours is never taken for one of theirs."""
SECRETS = ("app.alert", "cmd.exe", "附件.exe", "/JavaScript", "/Launch", "/EmbeddedFiles", "/AcroForm")
"""What stands in a `loaded` PDF and must not stand in one that its pages are joined to."""


def pdf(pages: int, change: Callable[[pikepdf.Pdf], None] | None = None, **saved: Any) -> bytes:
    """A PDF with `Page 1` … on its pages, after `change`; `saved` as pikepdf takes it."""
    document = pikepdf.new()
    font = document.make_indirect(Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica))
    for number in range(1, pages + 1):
        document.add_blank_page(page_size=SIZE)
        page = document.pages[-1].obj
        page.Contents = document.make_stream(f"BT /F1 24 Tf 50 500 Td (Page {number}) Tj ET".encode())
        page.Resources = Dictionary(Font=Dictionary(F1=font))
    if change:
        change(document)
    out = io.BytesIO()
    document.save(out, static_id=True, **saved)
    return out.getvalue()


def loaded(document: pikepdf.Pdf) -> None:
    """A script, an embedded file, a link that starts a program, and a stamp with its picture."""
    script = Dictionary(S=Name.JavaScript, JS=String("app.alert(1)"))
    file = document.make_stream(b"MZ")
    embedded = Dictionary(Type=Name.Filespec, F=String("附件.exe"), EF=Dictionary(F=file))
    document.Root.OpenAction = script
    document.Root.Names = Dictionary(
        JavaScript=Dictionary(Names=Array([String("a"), script])),
        EmbeddedFiles=Dictionary(Names=Array([String("附件.exe"), embedded])),
    )
    document.Root.AcroForm = Dictionary(Fields=Array([]), SigFlags=3)
    page = document.pages[0].obj
    page.AA = Dictionary(O=script)
    stamp = document.make_stream(
        b"1 0 0 rg 0 0 50 50 re f", Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 50, 50]), AF=embedded
    )
    link = Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=Array([0, 0, 9, 9]))
    link.A = Dictionary(S=Name.Launch, F=String("cmd.exe"))
    mark = Dictionary(Type=Name.Annot, Subtype=Name.Stamp, F=4, Rect=Array([100, 100, 150, 150]))
    mark.AP = Dictionary(N=stamp)
    page.Annots = Array([document.make_indirect(link), document.make_indirect(mark)])


def inherited(document: pikepdf.Pdf) -> None:
    """Paper, fonts and rotation said once for all pages."""
    document.Root.Pages.MediaBox = document.pages[0].obj.MediaBox
    document.Root.Pages.Resources = document.pages[0].obj.Resources
    document.Root.Pages.Rotate = 90
    for page in document.pages:
        del page.obj.MediaBox
        del page.obj.Resources


def layered(document: pikepdf.Pdf) -> None:
    """A layer that is not shown."""
    layer = document.make_indirect(Dictionary(Type=Name.OCG, Name=String("底稿")))
    document.Root.OCProperties = Dictionary(OCGs=Array([layer]), D=Dictionary(OFF=Array([layer])))


def contents(data: bytes) -> str:
    """Every object and stream of a PDF as text, whatever it is packed in."""
    with pikepdf.open(io.BytesIO(data)) as document:
        found = [repr(document.trailer), *(item.unparse(resolved=True).decode("latin-1") for item in document.objects)]
        streams = [item for item in document.objects if isinstance(item, pikepdf.Stream)]
        return "\n".join([*found, *(item.read_raw_bytes().decode("latin-1") for item in streams)])
