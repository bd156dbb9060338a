"""The kit's documents as templates for other programs: ours, with each program's tag where a unit's value belongs.

They are as Word keeps a text that people have typed: each tag a run of its own, each run and paragraph with the mark of
its editing session, each run with its language. docxtpl gets our lean markup too, for comparison (`-lean`).
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from generator.base.problems import Where
from generator.dispatch.dispatch import Dispatch
from generator.dispatch.load import load_dispatch
from generator.kits import kinds
from generator.kits.kinds import Document
from generator.office.gate import open_package
from generator.office.package import compile_package

TAGS: Mapping[str, Callable[[str], str]] = {
    "docxtpl": "{{{{ {} }}}}".format,
    "docxtemplater": "{{{}}}".format,
    "easy-template-x": "{{{}}}".format,
    "carbone": "{{d.{}}}".format,
    "mailmerge": "«{}»".format,
}
_SESSION = "00A11F3C"
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
        marked = package.stamp({slot: f"«{name}»" for slot, name in names.items()}).data
        for program, tag in TAGS.items():
            (out / f"{kind}-{program}.docx").write_bytes(typed(marked, program, tag))
        lean = package.stamp({slot: TAGS["docxtpl"](name) for slot, name in names.items()}).data
        (out / f"{kind}-lean-docxtpl.docx").write_bytes(lean)
        filled = json.dumps(contexts(document, dispatch), ensure_ascii=False)
        for name in (kind, f"{kind}-lean"):
            (out / f"{name}.json").write_text(filled, encoding="utf-8")


def typed(data: bytes, program: str, tag: Callable[[str], str]) -> bytes:
    """The document with each «name» as a tag, in runs as Word writes them."""
    parts = dict(open_package(data, Where("template")))
    for name in [name for name in parts if re.fullmatch(r"word/(document|header\d*|footer\d*)\.xml", name)]:
        text = _RUN.sub(lambda run: _split(run, program, tag), parts[name].decode())
        parts[name] = text.replace("<w:p>", f'<w:p w:rsidR="{_SESSION}" w:rsidRDefault="{_SESSION}">').encode()
    return compile_package(parts).stamp({}).data


def _split(run: re.Match[str], program: str, tag: Callable[[str], str]) -> str:
    made = []
    for number, piece in enumerate(re.split("«(.*?)»", run["text"])):
        if number % 2 == 0:
            made.append(_run(run, piece) if piece else "")
        elif program == "mailmerge":
            field = rf" MERGEFIELD {piece} \* MERGEFORMAT "
            made.append(f'<w:fldSimple w:instr="{field}">{_run(run, tag(piece))}</w:fldSimple>')
        else:
            made.append(_run(run, tag(piece)))
    return "".join(made)


def _run(run: re.Match[str], text: str) -> str:
    own = (run["properties"] or "").removeprefix("<w:rPr>").removesuffix("</w:rPr>")
    fonts = "" if "<w:rFonts" in own else '<w:rFonts w:hint="eastAsia"/>'
    properties = f'<w:rPr>{fonts}{own}<w:lang w:val="en-US" w:eastAsia="zh-CN"/></w:rPr>'
    return f'<w:r w:rsidR="{_SESSION}">{properties}<w:t xml:space="preserve">{text}</w:t></w:r>'


if __name__ == "__main__":
    write(Path(sys.argv[1]), Path(sys.argv[2]))
