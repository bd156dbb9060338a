"""Forms bound into a notice as its 附件: on new pages, label on line 1, title on line 3 (GB/T 9704-2012 7.3.7)."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate

from markupsafe import Markup

from generator import wording
from generator.dispatch.dispatch import Dispatch
from generator.forms.grid import TABLE_BANDS, Grid, Row
from generator.forms.layouts import form_grid
from generator.forms.paging import pages
from generator.word import table
from generator.word.page.layout import LANDSCAPE_ROOM, LANDSCAPE_WIDTH, PAGE_LINES, TYPE_WIDTH, Flow, title_lines
from generator.word.xml import PAGE_BREAK_BEFORE, Styles, blank, join, landscape, paragraph, section_break

_TWIPS = 20


@dataclass(frozen=True)
class Bound:
    """A form as an attachment: on pages of its own, in a landscape section where its columns ask for it."""

    label: str
    title: str
    grid: Grid
    after_turned: bool = False
    """Whether what stands before ended a section (a landscape one, a source's), so that a new page has begun."""

    @property
    def turned(self) -> bool:
        return self.grid.landscape

    def markup(self, styles: Styles, section: str) -> Markup:
        """The pages; `section` is the w:sectPr of the pages before."""
        width = LANDSCAPE_WIDTH if self.turned else TYPE_WIDTH
        # Rows of exact height, so that what follows them can be placed; the grid has made them high enough.
        form = str(table.form_xml(self._fitted(styles.line), styles)).replace('w:hRule="atLeast"', 'w:hRule="exact"')
        opening = "" if self.turned or self.after_turned else PAGE_BREAK_BEFORE
        lines = title_lines(self.title, width)
        page = [
            paragraph(styles.id("附件标识"), self.label, opening),
            blank(styles.id("公文正文"), styles.line),
            paragraph(styles.id("附件标题"), "\n".join(lines)),
            blank(styles.id("公文正文"), styles.line // 2),
            Markup(form),  # noqa: S704 - it was markup before
        ]
        if not self.turned:
            return join(page)
        closed = [] if self.after_turned else [section_break(section)]
        return join([*closed, *page, section_break(landscape(section))])

    def advance(self, flow: Flow, line: int) -> None:
        """Moves the flow past the form; after a landscape section it stands on a new page."""
        if flow.line:
            flow.new_page()
        rows = [Row("title", self._above(line)), *table.form_rows(self._fitted(line))]
        starts = pages(rows, self._room(line))
        for _page in starts[1:]:
            flow.new_page()
        if self.turned:
            flow.new_page()
        else:
            last = rows[starts[-1] :]
            repeated = (
                [row for row in rows if row.band == "head"] if len(starts) > 1 and last[0].band in TABLE_BANDS else []
            )
            used = sum(row.height for row in (*repeated, *last))
            flow.line = min(PAGE_LINES, -(-int(used * _TWIPS) // line))

    def _fitted(self, line: int) -> Grid:
        return table.fitted(self.grid, self._room(line), self._above(line))

    def _room(self, line: int) -> float:
        """The height of the type area, in points."""
        return (LANDSCAPE_ROOM if self.turned else PAGE_LINES * line) / _TWIPS

    def _above(self, line: int) -> float:
        """The height in points of label, title and the blanks after them."""
        width = LANDSCAPE_WIDTH if self.turned else TYPE_WIDTH
        return ((2 + len(title_lines(self.title, width))) * line + line // 2) / _TWIPS


def bound_forms(dispatch: Dispatch, *, on_new_page: bool = False) -> list[Bound]:
    """The forms among the 附件, in order; the master's, with nothing of a unit in them.

    `on_new_page`: a section has ended before them, so that the first one stands on a new page already.
    """
    spec = dispatch.spec
    entries = wording.attachment_entries(spec)
    forms = [entry for entry in entries if entry.origin == "form" and not spec.forms[entry.name].file]
    grids = [form_grid(spec, entry.name, units=dispatch.units, bound=True) for entry in forms]
    after_turned = [on_new_page, *accumulate((grid.landscape for grid in grids), lambda _before, turned: turned)]
    return [
        Bound(wording.attachment_label(spec, entry.name), entry.title, grid, before)
        for entry, grid, before in zip(forms, grids, after_turned, strict=False)
    ]
