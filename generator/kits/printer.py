"""The PDFs of a run: each distinct document converted once, and none that is there already."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Generator, Hashable, Iterable
from dataclasses import dataclass
from pathlib import Path

from generator.base import files
from generator.base.i18n import _
from generator.base.problems import Problems, Where
from generator.kits.disk import NotSyncedError, NotWrittenError, Writer, os_reason
from generator.kits.journal import Journal
from generator.kits.kinds import Followed
from generator.kits.maker import Fault, Hashes, Made, Why, failed, why
from generator.kits.manifest import Entry
from generator.kits.plan import Job, Plan
from generator.kits.pool import Limits
from generator.office import fonts, libreoffice, pdf
from generator.office.gate import open_package
from generator.office.libreoffice import Failure

MAX_BYTES = 200 * 2**20
"""A document or PDF that is read whole."""
KNOWN = 1024
"""PDFs remembered for the units that get the same: what all units get is asked for again and again, and stays."""
WINDOW = 2
"""Calls for each LibreOffice before kits are recorded: enough that the last to finish keeps others waiting little."""


@dataclass
class _Page:
    """A PDF to make of the file `source`; `origin` (`pdf.made_from`) tells all that decides it."""

    job: Job
    source: str
    origin: str = ""
    made: Made | None = None


class Printer:
    """Makes the PDFs of a plan whose documents are made; `lacking` are the fonts that were asked for and not there.

    Raises Problems when there is no LibreOffice, or no library to make its PDFs stable.
    """

    def __init__(self, plan: Plan, writer: Writer, processes: int, limits: Limits) -> None:
        pdf.require()
        self._office = libreoffice.find()
        self._plan = plan
        self._writer = writer
        self._processes = processes
        self._limits = limits
        self._known: OrderedDict[str, str | Why] = OrderedDict()
        self._fonts: OrderedDict[Hashable, dict[str, str] | Why] = OrderedDict()
        self._following: dict[int, tuple[str, ...]] = {}
        self.lacking: dict[str, str] = {}

    def run(self, record: Journal) -> Generator[tuple[int, list[Made]], None, None]:
        """Each kit's number and PDFs, as they are done, for the documents that the journal tells of."""
        with libreoffice.Converter(self._office, self._processes, self._limits.seconds) as converter:
            window: list[tuple[int, list[_Page]]] = []
            wanted: dict[str, list[_Page]] = {}
            for number, unit in enumerate(self._plan.units):
                entries = {entry.file: entry for entry in record.kit(number)}
                pages = [_Page(job, source.path) for source, job in self._plan.pdfs(unit)]
                window.append((number, pages))
                for page in pages:
                    self._settle(page, entries[page.source])
                    if not page.made:
                        wanted.setdefault(page.origin, []).append(page)
                enough = len(wanted) >= WINDOW * libreoffice.CHUNK * self._processes or len(window) >= KNOWN
                if enough or not wanted:
                    yield from self._print(converter, window, wanted)
                    window, wanted = [], {}
            yield from self._print(converter, window, wanted)

    def _print(
        self, converter: libreoffice.Converter, window: list[tuple[int, list[_Page]]], wanted: dict[str, list[_Page]]
    ) -> Iterable[tuple[int, list[Made]]]:
        sources = [(origin, self._writer.out / pages[0].source) for origin, pages in wanted.items()]
        for origin, result in converter.convert(sources):
            done = (
                _no_pdf(result.reason)
                if isinstance(result, Failure)
                else _stable(result, origin, _following(wanted[origin][0].job))
            )
            for page in wanted[origin]:
                self._finish(page, done)
        return [(number, [page.made for page in pages if page.made]) for number, pages in window]

    def _settle(self, page: _Page, source: Entry) -> None:
        """Decide what can be decided without a conversion."""
        if source.status == "failed" or source.content is None:
            self._finish(page, _no_pdf(_("its document was not made")))
            return
        lacking = self._lacking(page)
        if isinstance(lacking, tuple):
            self._finish(page, lacking)
            return
        page.origin = pdf.made_from(self._office, source.content, lacking, self._added(page.job))
        known = self._known.get(page.origin)
        # In its own place first: on a rerun every file is its own.
        for path in (page.job.path, known):
            if isinstance(path, str) and (data := self._made_before(path, page.origin)):
                self._finish(page, data)
                return
        if isinstance(known, tuple):
            self._finish(page, known)

    def _added(self, job: Job) -> tuple[str, ...]:
        """The hashes of the PDFs whose pages follow; a document is the same for all units."""
        key = id(job.document)
        if key not in self._following:
            self._following[key] = tuple(hashlib.sha256(data).hexdigest() for data in _following(job))
        return self._following[key]

    def _made_before(self, path: str, origin: str) -> bytes | None:
        try:
            data = files.read(self._writer.out / path, limit=MAX_BYTES)
        except OSError:
            return None
        return data if pdf.origin_of(data) == origin[:32] else None

    def _finish(self, page: _Page, result: bytes | Why) -> None:
        """Write the PDF, or note why there is none."""
        if page.origin:
            self._known[page.origin] = result if isinstance(result, tuple) else page.job.path
            self._known.move_to_end(page.origin)
            if len(self._known) > KNOWN:
                self._known.popitem(last=False)
        if isinstance(result, tuple):
            page.made = failed(page.job, result)
            return
        hashes = Hashes(hashlib.sha256(result).hexdigest(), page.origin, len(result))
        try:
            written = self._writer.write(page.job.path, result)
        except NotWrittenError as exc:
            self._known.pop(page.origin, None)
            page.made = failed(page.job, why(exc), hashes if isinstance(exc, NotSyncedError) else Hashes())
            return
        code = page.job.unit.code if page.job.unit else None
        page.made = Made(Entry(code, page.job.kind, page.job.path, *hashes, "made", None), written.new, written.aside)

    def _lacking(self, page: _Page) -> dict[str, str] | Why:
        """The fonts that the document asks for in vain; the units of one shape ask for the same."""
        shape = (id(page.job.document), page.job.document.shape(page.job.unit))
        if shape not in self._fonts:
            self._fonts[shape] = found = _lacking(self._writer.out / page.source)
            if len(self._fonts) > KNOWN:
                self._fonts.popitem(last=False)
            if isinstance(found, dict):
                self.lacking |= found
        return self._fonts[shape]


def _lacking(path: Path) -> dict[str, str] | Why:
    # A file passed on as it is may be anything; LibreOffice is given only what the gate lets in.
    try:
        return fonts.substitutes(fonts.named(open_package(files.read(path, limit=MAX_BYTES), Where(path.name))))
    except OSError as exc:
        return _no_pdf(os_reason(exc))
    except Problems as exc:
        return tuple(exc.problems)


def _following(job: Job) -> tuple[bytes, ...]:
    return job.document.following if isinstance(job.document, Followed) else ()


def _stable(data: bytes, origin: str, following: tuple[bytes, ...]) -> bytes | Why:
    try:
        return pdf.stable(data, origin, following)
    except ValueError as exc:
        return _no_pdf(_("LibreOffice made a damaged PDF: {reason}").format(reason=exc))


def _no_pdf(reason: str) -> Why:
    hint = _("Open the document in Word or WPS: if it prints there, run again; if not, correct what it is made from.")
    return (Fault("no-pdf", reason, hint),)
