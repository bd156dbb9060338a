"""What a .docx or .xlsx says of itself in its properties: core, extended, custom (ECMA-376-2 11, ECMA-376-1 22.2)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from generator.base.problems import Where
from generator.office.ooxml import local, relations, xml


@dataclass(frozen=True, slots=True)
class Metadata:
    """Values as the file writes them, by name: core (title, creator …), extended (Application …) and custom ones."""

    core: Mapping[str, str]
    extended: Mapping[str, str]
    custom: Mapping[str, str]


def metadata(parts: Mapping[str, bytes]) -> Metadata:
    """The properties in the parts of a package; empty where it has none. Raises Problems when they are broken."""
    found: dict[str, dict[str, str]] = {"core-properties": {}, "extended-properties": {}, "custom-properties": {}}
    for relation in relations(parts, "").values():
        if relation.type in found and relation.target in parts:
            for each in xml(parts[relation.target], Where(relation.target)):
                found[relation.type][each.get("name") or local(each)] = "".join(map(str, each.itertext())).strip()
    return Metadata(*found.values())
