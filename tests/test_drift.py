"""Pages that hold: the rules of the page in documents whose text has become some lines longer or shorter.

Another program breaks lines elsewhere, and a clerk corrects a sentence: lines are written into, or taken out of, the
finished document, which is then set by LibreOffice.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from lxml import etree
from pages import Line, Page, read_pages, squeeze, to_pdfs

from generator.dispatch.load import load_dispatch
from generator.kits.kinds.notice import NoticeDocument
from generator.office.ooxml import W
from generator.word.notice import date_line
from generator.word.page.arrange import Composed
from generator.word.page.items import HEADINGS, Text
from generator.word.page.layout import LINE, LINE_CHARACTERS, PAGE_LINES

pytestmark = pytest.mark.rendered

ROOT = Path(__file__).parent
GOLDEN = sorted(path.parent for path in ROOT.glob("golden/*/dispatch.yaml"))
EXAMPLES = sorted(path.parent for path in ROOT.parent.glob("specs/*/dispatch.yaml"))
DRIFTS = range(-3, 4)
TOP, LEFT, RIGHT, BOTTOM = 37.0, 28.0, 184.0, 262.0
FOOT = TOP + (PAGE_LINES - 0.2) * LINE / 1440 * 25.4
"""The baseline of a page's last line."""
TOLERANCE = 0.7


def drifted(data: bytes, lines: int) -> bytes | None:
    """A document with so many lines more, each in another paragraph; None where too few can be made shorter."""
    source = zipfile.ZipFile(io.BytesIO(data))
    root = etree.fromstring(source.read("word/document.xml"))
    runs = [text for paragraph in root.iterfind(f"{W}body/{W}p") for text in paragraph.iterfind(f"{W}r/{W}t")]
    for run in sorted(runs, key=lambda run: -len(run.text or ""))[: abs(lines)]:
        words = run.text or ""
        if lines < 0 and len(words) < 3 * LINE_CHARACTERS:
            return None
        middle = len(words) // 2
        added = "字" * LINE_CHARACTERS if lines > 0 else ""
        run.text = words[:middle] + added + words[middle + LINE_CHARACTERS * (lines < 0) :]
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        for name in source.namelist():
            made.writestr(name, etree.tostring(root) if name == "word/document.xml" else source.read(name))
    return out.getvalue()


@dataclass(frozen=True)
class Case:
    composed: Composed
    date: str
    pages: dict[int, list[Page]]


@pytest.fixture(scope="module")
def cases(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Case]:
    root = tmp_path_factory.mktemp("drift")
    cases, made = {}, {}
    for folder in (*GOLDEN, *EXAMPLES):
        document = NoticeDocument(load_dispatch(folder))
        if document.dispatch.spec.issued_file:
            continue
        cases[folder.name] = Case(document._compose(None), date_line(document.dispatch.spec), {})
        data = document.compile(None).stamp({}).data
        for drift in DRIFTS:
            if changed := drifted(data, drift):
                made[folder.name, drift] = root / f"{folder.name}{drift:+}.docx"
                made[folder.name, drift].write_bytes(changed)
    for (name, drift), pdf in zip(made, to_pdfs(list(made.values()), root, root / "profile"), strict=True):
        cases[name].pages[drift] = read_pages(pdf)
    return cases


NAMES = [folder.name for folder in (*GOLDEN, *EXAMPLES)]


@pytest.mark.parametrize("name", NAMES)
def test_pages_hold(cases: dict[str, Case], name: str) -> None:
    case = cases[name]
    found = {drift: list(_faults(case, pages)) for drift, pages in case.pages.items()}
    assert {drift: faults for drift, faults in found.items() if faults} == {}


def test_most_texts_can_be_made_shorter(cases: dict[str, Case]) -> None:
    assert sum(len(case.pages) for case in cases.values()) >= 5 * len(cases)


def _faults(case: Case, pages: list[Page]) -> Iterator[str]:
    texts = [squeeze(item.text) for item in (*case.composed.body, *case.composed.note) if isinstance(item, Text)]
    imprint = [squeeze(line) for row in case.composed.imprint.rows() for line in row]
    yield from _misplaced_imprint(pages, imprint)
    signed = max(
        (
            page.number
            for page in pages
            for line in page.lines
            if case.date and squeeze(case.date) in squeeze(line.text)
        ),
        default=1,
    )
    for page in pages:
        own = [line for line in page.lines if line.baseline < BOTTOM + 3 and squeeze(line.text) not in imprint]
        yield from _last_headings(case, page, own)
        yield from _lonely_signature(case, page, own, "".join(texts))
        yield from _stranded(page, own, texts) if page.number <= signed else ()
        yield from _wrong_numbers(page)


def _misplaced_imprint(pages: list[Page], imprint: list[str]) -> Iterator[str]:
    if not imprint:
        return
    there = [(page, line) for page in pages for line in page.lines if squeeze(line.text) == imprint[-1]]
    if not there:
        yield "版记 is gone"
    for page, line in there[-1:]:
        if page is not pages[-1] or abs(line.baseline - FOOT) > TOLERANCE:
            yield f"版记 stands on page {page.number} of {len(pages)} at {line.baseline:.2f} mm"


def _last_headings(case: Case, page: Page, own: list[Line]) -> Iterator[str]:
    headings = {squeeze(item.text) for item in case.composed.body if isinstance(item, Text) and item.style in HEADINGS}
    if own and squeeze(own[-1].text) in headings:
        yield f"page {page.number} ends with {own[-1].text}"


def _lonely_signature(case: Case, page: Page, own: list[Line], text: str) -> Iterator[str]:
    date = [line for line in own if case.date and squeeze(line.text).endswith(squeeze(case.date))]
    if date and not any(squeeze(line.text) in text for line in own if line.baseline < date[-1].baseline):
        yield f"page {page.number} has the signature alone"


def _stranded(page: Page, own: list[Line], texts: list[str]) -> Iterator[str]:
    """Lines that do not reach the edge, or are stretched to it, though their paragraph goes on."""
    for line in own:
        words = squeeze(line.text)
        inside = [text for text in texts if words in text]
        if (
            line.left < LEFT + 1
            and inside
            and not words.startswith("附件")
            and not any(text.endswith(words) for text in texts)
        ):
            if line.right < RIGHT - 6:
                yield f"page {page.number}: {line.text} ends short"
            elif words.isalpha() and not words.isascii() and len(words) < LINE_CHARACTERS - 6:
                yield f"page {page.number}: {line.text} is stretched"


def _wrong_numbers(page: Page) -> Iterator[str]:
    for line in page.lines:
        if found := re.fullmatch(r"—(\d+)—", squeeze(line.text)):
            outside = line.right > RIGHT - 6 if page.number % 2 else line.left < LEFT + 6
            if int(found[1]) != page.number or not outside:
                yield f"page {page.number} bears {line.text}"
