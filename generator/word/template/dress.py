"""A template dressed in a house style: its fonts, its margins and line pitch, its page numbers.

What is laid over the national rules stands in the document itself, as document variables (w:docVars): whoever judges it
knows that it is meant.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

from generator.base.standard import PAGE_NUMBER, PAGE_NUMBER_PLACE
from generator.dispatch.style import House
from generator.reading.local_rules import LOCAL_FONT, LOCAL_PAGE_NUMBER, LOCAL_SOURCE


@dataclass(frozen=True)
class _Profile:
    """A page in twips: margins and the exact line of which 22 fill it."""

    top: int
    bottom: int
    line: int


_PROFILES = {"9704": _Profile(2098, 1984, 579), "33476": _Profile(1960, 1847, 592)}
"""37/35 mm (GB/T 9704-2012 5.2.1), and 34.58/32.58 mm (GB/T 33476.2-2016 6.2).

That part says 10.39 mm a line (589 twips); 592 is the most that gives 22 lines, and fills the page to its foot, where
版记 ends. LibreOffice puts half of what a grid leaves over above its first line.
"""

_PAGE_NUMBER = re.compile(
    r'(<w:t xml:space="preserve">)— (</w:t>(?:(?!</w:p>).)*?PAGE(?:(?!</w:p>).)*?<w:t xml:space="preserve">) —(</w:t>)',
    re.DOTALL,
)


def dress(parts: Mapping[str, bytes], house: House) -> Mapping[str, bytes]:
    """The parts of a template as the house has them; unchanged where it follows the national rules."""
    if house == House(source=house.source):
        return parts
    return {
        name: _part(data.decode(), house).encode() if name.startswith("word/") and name.endswith(".xml") else data
        for name, data in parts.items()
    }


def _part(text: str, house: House) -> str:
    for national, local in house.local_fonts.items():
        text = text.replace(f"={quoteattr(national)}", f"={quoteattr(local)}")
    before, _place, after = house.page_number.partition(PAGE_NUMBER_PLACE)
    text = _PAGE_NUMBER.sub(rf"\g<1>{_literal(before)}\g<2>{_literal(after)}\g<3>", text)
    return _page(_with_variables(text, house), _PROFILES[house.profile])


def _literal(text: str) -> str:
    return escape(text).replace("\\", r"\\")


def _page(text: str, profile: _Profile) -> str:
    """Margins and line pitch of the official page; pages set otherwise (checklist, forms) keep theirs."""
    national = _PROFILES["9704"]
    text = text.replace(f'w:top="{national.top}"', f'w:top="{profile.top}"')
    text = text.replace(f'w:bottom="{national.bottom}"', f'w:bottom="{profile.bottom}"')
    for attribute in ("w:line", "w:linePitch"):
        text = text.replace(f'{attribute}="{national.line}"', f'{attribute}="{profile.line}"')
    return text


# -- what the document says of it --------------------------------------------------------------------------------------

_AFTER_VARIABLES = re.compile(
    r"<(?:w:rsids|m:mathPr|w:attachedSchema|w:themeFontLang|w:clrSchemeMapping|w:doNotIncludeSubdocsInStats|w:doNotAutoCompressPictures|w:forceUpgrade|w:captions|w:readModeInkLockDown|w:smartTagType|w:shapeDefaults|w:decimalSymbol"
    r"|w:listSeparator|/w:settings)\b"
)
"""Of the settings: what the schema has after w:docVars."""


def _with_variables(text: str, house: House) -> str:
    """The settings with the house's variables; any other part as it is."""
    said = {f"{LOCAL_FONT}{national}": local for national, local in house.local_fonts.items()}
    if house.page_number != PAGE_NUMBER:
        said[LOCAL_PAGE_NUMBER] = house.page_number
    if said and house.source:
        said[LOCAL_SOURCE] = house.source
    place = _AFTER_VARIABLES.search(text)
    if not said or not place or "<w:settings" not in text:
        return text
    listed = "".join(f"<w:docVar w:name={quoteattr(key)} w:val={quoteattr(value)}/>" for key, value in said.items())
    if "</w:docVars>" in text:
        return text.replace("</w:docVars>", f"{listed}</w:docVars>")
    return f"{text[: place.start()]}<w:docVars>{listed}</w:docVars>{text[place.start() :]}"
