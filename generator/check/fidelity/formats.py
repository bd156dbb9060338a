"""How text looks after defaults, styles and direct formatting have all been applied (ECMA-376 Part 1, 17.7.2)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from lxml import etree

from generator.office.ooxml import W, compact
from generator.word.join.styles import PARAGRAPH_RESET, RUN_RESET

_VAL, _ID = f"{W}val", f"{W}styleId"
_NAMED = {f"{W}{name}" for name in ("pStyle", "rStyle", "numPr", "rPr", "sectPr", "rsid", "lang", "noProof")}
"""Children of w:pPr and w:rPr that are names, are told elsewhere, or do not show."""
_DEEPEST = 12
_Found = dict[str, dict[str, str]]


class Formats:
    """The styles of a document, for asking what a paragraph and its runs look like."""

    def __init__(self, root: etree._Element | None, *, numbered_lines: bool) -> None:
        self.root = root
        # Whether a line is numbered shows only where some lines are.
        self._unseen = frozenset() if numbered_lines else frozenset({"suppressLineNumbers"})
        styles = [] if root is None else root.findall(f"{W}style")
        self._styles = {style.get(_ID, ""): style for style in styles}
        self._defaults = {
            style.get(f"{W}type", ""): style.get(_ID, "") for style in styles if style.get(f"{W}default") == "1"
        }

    def lines(self, paragraph: etree._Element) -> Iterator[str]:
        """The paragraph's own look, then one line for each run with text: its look and how it begins."""
        below = [*self._of_document(), *self._of_table(paragraph), *self._of("paragraph", paragraph, "pPr/pStyle")]
        text = "".join(each.text or "" for each in paragraph.iter(f"{W}t"))
        if not text:
            return
        yield f"“{text[:12]}” {self._told([*below, paragraph], 'pPr', PARAGRAPH_RESET)}"
        for run in paragraph.iter(f"{W}r"):
            words = "".join(each.text or "" for each in run.findall(f"{W}t"))
            if words and next(run.iterancestors(f"{W}p")) is paragraph:
                own = self._of("character", run, "rPr/rStyle")
                yield f"  “{words[:12]}” {self._told([*below, *own, run], 'rPr', RUN_RESET)}"

    def _of_document(self) -> list[etree._Element]:
        found = (
            [] if self.root is None else [self.root.find(f"{W}docDefaults/{W}{kind}Default") for kind in ("pPr", "rPr")]
        )
        return [element for element in found if element is not None]

    def _of_table(self, paragraph: etree._Element) -> list[etree._Element]:
        around = next(paragraph.iterancestors(f"{W}tc", f"{W}txbxContent"), None)
        if around is None or around.tag != f"{W}tc":
            return []
        return self._of("table", next(around.iterancestors(f"{W}tbl")), "tblPr/tblStyle")

    def _of(self, kind: str, element: etree._Element, path: str) -> list[etree._Element]:
        """The style of an element and what it is based on, farthest first."""
        reference = element.find("/".join(f"{W}{step}" for step in path.split("/")))
        name = "" if reference is None else reference.get(_VAL, "")
        name = name if name in self._styles else self._defaults.get(kind, "")
        chain: list[etree._Element] = []
        while name in self._styles and len(chain) < _DEEPEST:
            chain.insert(0, self._styles[name])
            based = chain[0].find(f"{W}basedOn")
            name = "" if based is None else based.get(_VAL, "")
        return chain

    def _told(self, chain: list[etree._Element], tag: str, reset: Mapping[str, Mapping[str, str]]) -> str:
        """What differs from what is there when nobody says anything."""
        lines = []
        for name, given in sorted(_merged(chain, tag).items()):
            plain = reset.get(name, {})
            shown = sorted(given.items()) if name not in self._unseen else []
            lines += [f"{name}.{key}={value}" for key, value in shown if _normal(value) != plain.get(key)]
        return " ".join(lines)


def _merged(chain: list[etree._Element], tag: str) -> _Found:
    """The properties that the chain gives, later ones over earlier ones, attribute by attribute."""
    found: _Found = {}
    for holder in chain:
        properties = holder.find(f"{W}{tag}")
        for element in () if properties is None else properties:
            if element.tag in _NAMED:
                continue
            name = str(element.tag).removeprefix(W)
            given = {str(key).removeprefix(W): str(value) for key, value in element.attrib.items()}
            if len(element):
                given["content"] = compact(element, {})
            elif not given:
                given["val"] = "1"
            found.setdefault(name, {}).update(given)
    return found


def _normal(value: str) -> str:
    return {"true": "1", "on": "1", "false": "0", "off": "0"}.get(value, value)
