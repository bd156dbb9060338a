"""The kit's documents as templates for other programs: ours, with each program's tag where a unit's value belongs."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from generator import kinds
from generator.dispatch import Dispatch
from generator.gate import open_package
from generator.kinds import Document
from generator.load import load_dispatch
from generator.package import compile_package
from generator.problems import Where

TAGS: Mapping[str, Callable[[str], str]] = {
    "docxtpl": "{{{{ {} }}}}".format,
    "docxtemplater": "{{{}}}".format,
    "easy-template-x": "{{{}}}".format,
    "carbone": "{{d.{}}}".format,
    "mailmerge": "«{}»".format,
}
KINDS = ("notice", "checklist")
_RUN = re.compile(r"<w:r>(?P<properties><w:rPr>(?:(?!</w:rPr>).)*</w:rPr>)?<w:t(?: [^>]*)?>(?P<text>[^<]*)</w:t></w:r>")


def documents(dispatch: Dispatch) -> dict[str, Document]:
    """The three documents of a unit's kit, by kind."""
    unit = dispatch.units[0]
    return {document.kind: document for document in kinds.documents(dispatch) if document.concerns(unit)}


def tag_names(document: Document, dispatch: Dispatch) -> dict[str, str]:
    """Slot → a name that every program takes for one."""
    slots = document.compile(dispatch.units[0]).slots
    return {slot: f"v{number}" for number, slot in enumerate(sorted(slots))}


def contexts(document: Document, dispatch: Dispatch) -> list[dict[str, str]]:
    """What each unit's document is filled with."""
    names = tag_names(document, dispatch)
    values = (document.values(unit) for unit in dispatch.units)
    return [{name: unit[slot] for slot, name in names.items()} for unit in values]


def write(folder: Path, out: Path) -> None:
    """`<kind>-<program>.docx` and `<kind>.json` for every kind and program."""
    dispatch = load_dispatch(folder)
    found = documents(dispatch)
    for kind in KINDS:
        document = found[kind]
        names = tag_names(document, dispatch)
        package = document.compile(dispatch.units[0])
        for program, tag in TAGS.items():
            data = package.stamp({slot: tag(name) for slot, name in names.items()}).data
            (out / f"{kind}-{program}.docx").write_bytes(_with_fields(data) if program == "mailmerge" else data)
        (out / f"{kind}.json").write_text(
            json.dumps(contexts(document, dispatch), ensure_ascii=False), encoding="utf-8"
        )


def _with_fields(data: bytes) -> bytes:
    """Each «name» as a merge field of Word, in a run of its own."""
    parts = dict(open_package(data, Where("template")))
    changed = {name: data for name, data in parts.items() if name.startswith("word/") and "«".encode() in data}
    parts |= {name: _RUN.sub(_split, data.decode()).encode() for name, data in changed.items()}
    return compile_package(parts).stamp({}).data


def _split(run: re.Match[str]) -> str:
    properties = run["properties"] or ""
    pieces = re.split("«(.*?)»", run["text"])
    if len(pieces) == 1:
        return run[0]
    made = []
    for number, piece in enumerate(pieces):
        text = f"«{piece}»" if number % 2 else piece
        made.append(f'<w:r>{properties}<w:t xml:space="preserve">{text}</w:t></w:r>' if text else "")
        if number % 2:
            instruction = rf" MERGEFIELD {piece} \* MERGEFORMAT "
            made[-1] = f'<w:fldSimple w:instr="{instruction}">{made[-1]}</w:fldSimple>'
    return "".join(made)


if __name__ == "__main__":
    write(Path(sys.argv[1]), Path(sys.argv[2]))
