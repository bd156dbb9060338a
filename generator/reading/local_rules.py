"""What a document itself says that its house style lays over the national rules."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from lxml import etree

from generator.base.standard import PAGE_NUMBER
from generator.office.ooxml import W

LOCAL_FONT, LOCAL_PAGE_NUMBER, LOCAL_SOURCE = "fawen.font.", "fawen.page_number", "fawen.source"
"""Names of document variables (w:docVars); behind the first stands the national font's name."""


@dataclass(frozen=True, slots=True)
class LocalRules:
    """The local name of each national font that has one, and the form of the page number with {n} for the figure."""

    fonts: Mapping[str, str]
    page_number: str


def local_rules(settings: etree._Element | None) -> LocalRules:
    """What the settings of a document say that its house style lays over the national rules."""
    found = [] if settings is None else settings.findall(f"{W}docVars/{W}docVar")
    said = {variable.get(f"{W}name", ""): variable.get(f"{W}val", "") for variable in found}
    fonts = {key.removeprefix(LOCAL_FONT): value for key, value in said.items() if key.startswith(LOCAL_FONT)}
    return LocalRules(fonts, said.get(LOCAL_PAGE_NUMBER, PAGE_NUMBER))
