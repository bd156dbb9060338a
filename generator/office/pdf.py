"""PDFs: the same bytes on any day, pages of one joined to another, and what is left behind of what they hold."""

from __future__ import annotations

import hashlib
import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from generator.base.i18n import _
from generator.base.problems import Problems, Where, error
from generator.office.libreoffice import Office

if TYPE_CHECKING:
    import pikepdf

_FILE_ID = re.compile(rb"/ID \[<([0-9a-f]{32})><([0-9a-f]{32})>\]")
_UNIQUE = re.compile(rb"(/UniqueID )(\d+)(?= )")


def made_from(office: Office, content: str, lacking: Mapping[str, str], following: Iterable[str] = ()) -> str:
    """The hash (hex) of all that decides a PDF: LibreOffice, the document's content hash, fonts and substitutes, and
    the hashes of the PDFs whose pages follow."""
    decisive = [office.version, content, sorted(lacking.items()), *following]
    return hashlib.sha256(json.dumps(decisive).encode()).hexdigest()


def require() -> None:
    """Raises Problems when the library that `stable` and `examine` need is not installed."""
    try:
        import pikepdf  # noqa: F401
    except ImportError as exc:
        hint = _("Install it: pip install pikepdf")
        raise Problems([error("no-pikepdf", Where("pikepdf"), _("--pdf needs the library pikepdf"), hint)]) from exc


def stable(data: bytes, origin: str, following: Iterable[bytes] = ()) -> bytes:
    """LibreOffice's PDF without what changes from call to call; `origin` (hex, see `made_from`) becomes its /ID.

    The pages of the PDFs `following` come after its own, as `examine` describes them.

    Gone are times and checksums; the numbers of Type 1 fonts, which count up while LibreOffice runs, come from the
    font itself. The second half of /ID (ISO 32000-1, 14.4) is the digest of the file, so that `origin_of` can tell
    whether it is as it was made. Raises ValueError for what is no PDF.
    """
    import pikepdf

    try:
        with pikepdf.open(io.BytesIO(data)) as pdf:
            _strip(pdf)
            for item in pdf.objects:
                if isinstance(item, pikepdf.Dictionary) and "/FontFile" in item:
                    _renumber(item["/FontFile"])
            for other in following:
                _join(pdf, other)
            first = pikepdf.String(bytes.fromhex(origin)[:16])
            pdf.trailer["/ID"] = pikepdf.Array([first, first])
            out = io.BytesIO()
            pdf.save(out, deterministic_id=True)
    except pikepdf.PdfError as exc:
        raise ValueError(str(exc)) from exc
    return _sealed(out.getvalue())


def origin_of(data: bytes) -> str | None:
    """The first 32 digits of the `origin` that `stable` was given; None for a file that is not just as it was made."""
    at = data.rfind(b"/ID [<")
    found = _FILE_ID.match(data, at) if at >= 0 else None
    return found[1].decode() if found and _sealed(data) == data else None


def _sealed(data: bytes) -> bytes:
    found = _FILE_ID.match(data, data.rfind(b"/ID [<"))
    if not found:
        raise ValueError("no /ID")
    start, end = found.span(2)
    digest = hashlib.sha256(data[:start] + data[end:]).hexdigest()[:32].encode()
    return data[:start] + digest + data[end:]


# -- pages of other PDFs -----------------------------------------------------------------------------------------------

_PAGE = frozenset(
    f"/{name}"
    for name in ("Type", "Parent", "MediaBox", "CropBox", "BleedBox", "TrimBox", "ArtBox", "Rotate", "UserUnit",
                 "Resources", "Contents", "Group")
)  # fmt: skip
"""What of a page is its content and its paper (ISO 32000-1, table 30)."""
_ELSEWHERE = ("/AA", "/AF", "/OPI", "/Ref", "/Metadata", "/PieceInfo", "/Alternates", "/PS")
"""What a stream that is drawn may carry beside its drawing: scripts, files, other files' pages, other pictures."""


def examine(data: bytes, where: Where) -> tuple[int, list[str]]:
    """The number of pages of a PDF from outside, and what its pages lose when they are joined to another PDF.

    Only what is drawn is joined: form fields, stamps and signatures as they look. Raises Problems when it is damaged,
    encrypted, or shows some of its layers only.
    """
    try:
        with _opened(data) as pdf:
            return len(pdf.pages), list(_left_behind(pdf))
    except ValueError as exc:
        hint = _("Open it, print it into a new PDF, and use that one; or write `attach: beside`.")
        raise Problems([error("source-unreadable", where, str(exc), hint)]) from exc


def _opened(data: bytes) -> pikepdf.Pdf:
    """Raises ValueError, with the reason, for a PDF whose pages cannot be joined."""
    import pikepdf

    try:
        # What has to be guessed might be another document than its sender's.
        pdf = pikepdf.open(io.BytesIO(data), attempt_recovery=False)
        pages = len(pdf.pages)
    except pikepdf.PasswordError as exc:
        raise ValueError(_("the PDF is protected by a password")) from exc
    except (pikepdf.PdfError, RuntimeError, TypeError, ValueError) as exc:
        raise ValueError(_("the PDF is damaged: {reason}").format(reason=str(exc).rpartition(": ")[2])) from exc
    if pdf.is_encrypted:
        raise ValueError(_("the PDF is protected by a password"))
    if not pages:
        raise ValueError(_("the PDF has no pages"))
    layers = _inner(_inner(pdf.Root, "/OCProperties"), "/D")
    if len(layers.get("/OFF", [])) or layers.get("/BaseState", "/ON") != "/ON":
        raise ValueError(_("the PDF has layers that are not shown"))
    return pdf


def _inner(holder: Any, key: str) -> Any:
    """A dictionary in a dictionary; an empty one where there is none."""
    found = holder.get(key)
    return {} if found is None else found


def _left_behind(pdf: pikepdf.Pdf) -> Iterator[str]:
    names, form = _inner(pdf.Root, "/Names"), _inner(pdf.Root, "/AcroForm")
    kinds = {str(one.get("/Subtype", "")) for page in pdf.pages for one in page.get("/Annots", [])}
    actions = any("/AA" in holder for holder in (pdf.Root, *(page.obj for page in pdf.pages)))
    if "/OpenAction" in pdf.Root or "/JavaScript" in names or actions:
        yield _("scripts and actions")
    if "/EmbeddedFiles" in names or "/AF" in pdf.Root or kinds & {"/FileAttachment", "/RichMedia", "/Screen"}:
        yield _("embedded files")
    if int(form.get("/SigFlags", 0)) & 1:
        yield _("digital signatures (their look stays)")
    elif "/Widget" in kinds:
        yield _("form fields (their look stays)")
    if "/Link" in kinds or "/Outlines" in pdf.Root:
        yield _("links and bookmarks")


def _join(pdf: pikepdf.Pdf, data: bytes) -> None:
    """Adds the pages of another PDF. Raises ValueError when they cannot be joined."""
    import pikepdf

    with _opened(data) as other:
        if "/AcroForm" in other.Root:
            other.generate_appearance_streams()
        other.flatten_annotations("print")
        for item in other.objects:
            if isinstance(item, pikepdf.Stream):
                for key in _ELSEWHERE:
                    if key in item:
                        del item[key]
        for page in other.pages:
            for key in set(page.obj.keys()) - _PAGE:
                del page.obj[key]
        pdf.pages.extend(other.pages)


def _strip(pdf: pikepdf.Pdf) -> None:
    volatile = [(pdf.trailer, "/DocChecksum"), (pdf.Root, "/Metadata")]
    if "/Info" in pdf.trailer:
        volatile += [(pdf.trailer["/Info"], "/CreationDate"), (pdf.trailer["/Info"], "/ModDate")]
    for holder, key in volatile:
        if key in holder:
            del holder[key]


def _renumber(stream: Any) -> None:
    """Give a Type 1 font program a UniqueID that is its own digest, in its clear and in its encrypted portion.

    Source: Adobe Type 1 Font Format, chapters 5 (UniqueID: 4,000,000 to 4,999,999 are free for all) and 7 (eexec).
    """
    program = stream.read_bytes()
    clear, coded = int(stream["/Length1"]), int(stream["/Length2"])
    head, tail = program[:clear], program[clear + coded :]
    private = _decrypted(program[clear : clear + coded])
    if not _UNIQUE.search(head):
        return
    digest = hashlib.sha256(_UNIQUE.sub(rb"\1", head) + _UNIQUE.sub(rb"\1", private)).digest()
    number = rb"\g<1>%d" % (4_000_000 + int.from_bytes(digest[:8], "big") % 1_000_000)
    head, private = _UNIQUE.sub(number, head), _UNIQUE.sub(number, private, count=1)
    stream.write(head + _encrypted(private) + tail)
    stream["/Length1"], stream["/Length2"], stream["/Length3"] = len(head), len(private), len(tail)


_EEXEC, _C1, _C2 = 55665, 52845, 22719


def _decrypted(data: bytes) -> bytes:
    state, plain = _EEXEC, bytearray()
    for byte in data:
        plain.append(byte ^ (state >> 8))
        state = ((byte + state) * _C1 + _C2) & 0xFFFF
    return bytes(plain)


def _encrypted(plain: bytes) -> bytes:
    state, data = _EEXEC, bytearray()
    for byte in plain:
        coded = byte ^ (state >> 8)
        data.append(coded)
        state = ((coded + state) * _C1 + _C2) & 0xFFFF
    return bytes(data)
