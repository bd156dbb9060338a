"""Which form, which edition and whose a returned file is: every mark that our forms bear is read, and they vote."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from generator.collect.findings import Finding
from generator.collect.papers import Page, Paper
from generator.collect.people import Units
from generator.dispatch.dispatch import Dispatch
from generator.dispatch.spec import Form
from generator.forms.identity import form_digest

IDENTITY = re.compile(r"表单编码[:：]\s*([^\s@#]+?)\s*版本[:：]\s*(\S+?)(?:\s*单位代码[:：]\s*(\S*))?(?=\s|$)")
"""The printed line that carries form, version and unit."""
_MARK = re.compile(r"([^@]+)@(.*)#(.*)", re.DOTALL)
_FILLED_BY = re.compile(r"填报单位(?:（盖章）|\(盖章\))?[:：]\s*([^\s:：].*?)\s*(?:计量单位[:：].*)?$")


class Mark(NamedTuple):
    """What one carrier says; what it does not say is empty."""

    carrier: str
    form: str
    version: str
    unit: str


@dataclass
class Identity:
    """Whose copy of which form a page is; `via` names the carriers that were believed, `findings` what they are worth.

    `unit` and `form` are empty where nothing says. `counts` is false where the unit is in dispute.
    """

    form: str = ""
    version: str = ""
    unit: str = ""
    via: tuple[str, ...] = ()
    findings: list[Finding] = field(default_factory=list)
    counts: bool = True


def plain(text: str) -> str:
    """A label without blanks, in half-width where it can be: how labels are compared."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))


@dataclass(frozen=True)
class Identifier:
    """Recognises the forms of one dispatch."""

    dispatch: Dispatch
    units: Units

    @cached_property
    def titles(self) -> Mapping[str, str]:
        return {plain(form.title): name for name, form in self.dispatch.spec.forms.items()}

    @cached_property
    def digests(self) -> Mapping[str, str]:
        return {name: form_digest(form) for name, form in self.dispatch.spec.forms.items()}

    @cached_property
    def heads(self) -> Mapping[str, frozenset[str]]:
        return {name: frozenset(_labels(form)) for name, form in self.dispatch.spec.forms.items()}

    def identify(self, paper: Paper, page: Page, file_name: str, *, alone: bool) -> Identity:
        """The identity of one page; `alone`: no other page of the file can be the form that the file's marks name."""
        marks = [mark for mark in self._marks(paper, page, alone=alone) if mark.form in self.dispatch.spec.forms]
        found = Identity()
        if marks:
            found.form = _elected(mark.form for mark in marks)
            marks = [mark for mark in marks if mark.form == found.form]
            found.version = _elected(mark.version for mark in marks)
            found.via = tuple(dict.fromkeys(mark.carrier for mark in marks))
        elif named := self._by_heads(paper, page):
            found.form, found.via = named, ("heads",)
            found.version = self.dispatch.spec.forms[named].version
            found.findings.append(Finding("found-by-heads", page.name))
        if found.form:
            self._settle_unit(found, marks, paper, page, file_name)
            self._settle_version(found, paper, page)
        return found

    def plain_texts(self, value: object) -> Iterator[str]:
        """A cell's text as labels are compared, with and without the unit that a head is printed with."""
        if isinstance(value, str) and value:
            yield from (plain(text) for text in _with_and_without_unit(value))

    def _marks(self, paper: Paper, page: Page, *, alone: bool) -> Iterator[Mark]:
        for text in _texts(paper, page):
            if "表单编码" in text and (match := IDENTITY.search(text)):
                yield Mark("line", match[1], match[2], match[3] or "")
        if not alone:
            return
        facts = paper.facts
        if "form_id" in facts:
            yield Mark("sheet", facts["form_id"], facts.get("version", ""), facts.get("unit_code", ""))
        for mark in paper.marks:
            if match := _MARK.fullmatch(mark):
                yield Mark("properties", match[1], match[2], match[3])
        prefixes = {name.partition(".")[0] for name, (sheet, _area) in paper.names.items() if sheet == page.name}
        yield from (Mark("names", form, "", "") for form in sorted(prefixes & set(self.dispatch.spec.forms)))

    def _by_heads(self, paper: Paper, page: Page) -> str:
        """The form whose title stands there, or most of whose labels do."""
        texts = {plain(text) for text in _texts(paper, page)}
        for title, name in self.titles.items():
            if title in texts and len(texts & self.heads[name]) * 3 >= len(self.heads[name]):
                return name
        rated = [(len(texts & labels) / len(labels), name) for name, labels in self.heads.items() if labels]
        share, best = max(rated, default=(0.0, ""))
        return best if share >= _ENOUGH else ""

    def _settle_unit(self, found: Identity, marks: list[Mark], paper: Paper, page: Page, file_name: str) -> None:
        codes = [mark.unit for mark in marks if mark.unit in self.units.codes]
        found.unit = _elected(codes)
        if len(set(codes)) > 1:
            names = "、".join(self.units.name(code) for code in dict.fromkeys(codes))
            found.findings.append(
                Finding("carriers-disagree", page.name, value=names, expected=self.units.name(found.unit))
            )
        written = self.filled_by(paper, page)
        said = self.units.find(written) if written else None
        called = self.units.in_name(file_name)
        if confirmed := self.units.confirmed(file_name):
            found.unit = confirmed
        elif found.unit:
            self._doubt(found, page, [said.code] if said else [], called)
        else:
            found.unit = said.code if said else next(iter(called), "")
            if not found.unit:
                found.findings.append(self._unsure(written or file_name))

    def _unsure(self, text: str) -> Finding:
        guess = self.units.guess(text)
        self.units.propose(text, guess)
        if guess:
            return Finding("unit-unsure", value=text, expected=self.units.name(guess))
        return Finding("unit-unknown", value=text)

    def _doubt(self, found: Identity, page: Page, *witnesses: list[str]) -> None:
        """A copy of a neighbour's form: the name in it, or that of its file, is somebody else's."""
        for said in witnesses:
            if said and not any(self.units.are_close(code, found.unit) for code in said):
                value, expected = self.units.name(said[0]), self.units.name(found.unit)
                found.findings.append(Finding("unit-mismatch", page.name, value=value, expected=expected))
                found.counts = False
                return

    def filled_by(self, paper: Paper, page: Page) -> str:
        """What stands after 填报单位："""
        for row in page.rows[:_TOP]:
            for column, value in enumerate(row):
                if isinstance(value, str) and value.startswith("填报单位"):
                    if match := _FILLED_BY.match(value.strip()):
                        return match[1]
                    return next((str(after).strip() for after in row[column + 1 :] if after != ""), "")
        found = (_FILLED_BY.match(line.strip()) for line in paper.lines if line.strip().startswith("填报单位"))
        return next((match[1] for match in found if match), "")

    def _settle_version(self, found: Identity, paper: Paper, page: Page) -> None:
        spec, form = self.dispatch.spec, self.dispatch.spec.forms[found.form]
        issued = paper.facts.get("date_of_issue", "") if "sheet" in found.via else ""
        today = spec.date_of_issue.isoformat() if spec.date_of_issue else ""
        if found.version and found.version != form.version:
            found.findings.append(Finding("form-old", page.name, value=found.version, expected=form.version))
        elif issued and today and issued < today:
            found.findings.append(Finding("form-old", page.name, value=issued, expected=today))
        elif paper.facts.get("form_sha256", self.digests[found.form]) != self.digests[found.form]:
            found.findings.append(Finding("form-changed", page.name))


_ENOUGH, _TOP = 0.7, 15


def _labels(form: Form) -> Iterator[str]:
    for field_ in form.fields:
        yield plain(field_.title)
        yield from (plain(inner.title) for inner in field_.fields)


def _texts(paper: Paper, page: Page) -> Iterator[str]:
    for row in page.rows[:_FIRST] + page.rows[_FIRST:][-_LAST:]:
        for value in row:
            if isinstance(value, str) and value:
                yield from _with_and_without_unit(value)
    if page.is_word:
        yield from paper.lines


def _with_and_without_unit(text: str) -> Iterator[str]:
    yield text
    if "（" in text or "(" in text:
        # A head is printed with its unit.
        yield re.sub(r"[（(][^（()）]*[)）]$", "", text)


_FIRST, _LAST = 60, 60
"""Rows of a page that may hold a title, heads, or the printed line."""


def _elected(votes: Iterator[str] | list[str]) -> str:
    """What most say; of equals the first."""
    counted = Counter(vote for vote in votes if vote)
    return counted.most_common(1)[0][0] if counted else ""
