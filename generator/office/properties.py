"""What a package says of itself: an identity put into the properties of any .docx or .xlsx."""

from __future__ import annotations

from lxml import etree

_DECLARATION = b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006"
_CORE, _CUSTOM = f"{_PACKAGE}/metadata/core-properties", f"{_OFFICE}/custom-properties"
_VALUES = f"{_OFFICE}/docPropsVTypes"
_DC = "http://purl.org/dc/elements/1.1/"
_TYPES = "application/vnd.openxmlformats"
_FORMAT_ID = "{D5CDD505-2E9C-101B-9397-08002B2CF9AE}"
"""The property set of user-defined properties (ECMA-376 part 1, 22.3.2)."""
_PARSER = etree.XMLParser(resolve_entities=False, no_network=True)


def identify(parts: dict[str, bytes], name: str, identity: str) -> None:
    """Puts an identity into the core property `identifier` and the custom property `name` (may hold a slot)."""
    path = _part(
        parts,
        f"{_PACKAGE}/relationships/metadata/core-properties",
        "docProps/core.xml",
        f"{_TYPES}-package.core-properties+xml",
        etree.Element(f"{{{_CORE}}}coreProperties", nsmap={"cp": _CORE, "dc": _DC}),
    )
    core = etree.fromstring(parts[path], _PARSER)
    identifier = core.find(f"{{{_DC}}}identifier")
    if identifier is None:
        identifier = etree.SubElement(core, f"{{{_DC}}}identifier", nsmap={"dc": _DC})
    identifier.text = identity
    parts[path] = _bytes(core)
    path = _part(
        parts,
        f"{_OFFICE}/relationships/custom-properties",
        "docProps/custom.xml",
        f"{_TYPES}-officedocument.custom-properties+xml",
        etree.Element(f"{{{_CUSTOM}}}Properties", nsmap={"op": _CUSTOM, "vt": _VALUES}),
    )
    parts[path] = _with_property(parts[path], name, identity)


def _with_property(data: bytes, name: str, value: str) -> bytes:
    root = etree.fromstring(data, _PARSER)
    for known in list(root):
        if known.get("name") == name:
            root.remove(known)
    numbers = [int(known.get("pid", "1")) for known in root]
    made = etree.SubElement(root, f"{{{_CUSTOM}}}property", fmtid=_FORMAT_ID, pid=str(max([1, *numbers]) + 1))
    made.set("name", name)
    etree.SubElement(made, f"{{{_VALUES}}}lpwstr").text = value
    return _bytes(root)


def _part(parts: dict[str, bytes], relation: str, default: str, content_type: str, empty: etree._Element) -> str:
    """The name of the part that the package points to by this relationship, made where there is none."""
    relations = etree.fromstring(parts["_rels/.rels"], _PARSER)
    found = next((known.get("Target", "") for known in relations if known.get("Type") == relation), "")
    if found and found.lstrip("/") in parts:
        return found.lstrip("/")
    taken = {known.get("Id") for known in relations}
    number = next(free for free in range(1, len(taken) + 2) if f"rIdOwn{free}" not in taken)
    attributes = {"Id": f"rIdOwn{number}", "Type": relation, "Target": default}
    etree.SubElement(relations, f"{{{_PACKAGE}/relationships}}Relationship", attributes)
    parts["_rels/.rels"] = _bytes(relations)
    types = etree.fromstring(parts["[Content_Types].xml"], _PARSER)
    attributes = {"PartName": f"/{default}", "ContentType": content_type}
    etree.SubElement(types, f"{{{_PACKAGE}/content-types}}Override", attributes)
    parts["[Content_Types].xml"] = _bytes(types)
    parts[default] = _bytes(empty)
    return default


def _bytes(root: etree._Element) -> bytes:
    return _DECLARATION + etree.tostring(root, encoding="UTF-8")
