"""A small dispatch and documents of every temper, for tests of planning and building; no document renders anything."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from generator.base.problems import Problems, Where, error
from generator.dispatch.dispatch import Dispatch
from generator.dispatch.spec import Spec, Unit
from generator.kits.plan import Plan, Selection, arrange
from generator.office.package import Package, compile_package, slot, verbatim


def unit(code: str, name: str, class_: str = "prefecture", **more: object) -> Unit:
    return Unit.model_validate({"code": code, "name": name, "short_name": name, "class": class_, **more})


def units(number: int) -> list[Unit]:
    return [
        unit(f"{index:03d}", f"单位{index}", "school" if index % 5 == 0 else "prefecture") for index in range(number)
    ]


def dispatch(folder: Path, roster: list[Unit]) -> Dispatch:
    spec = Spec.model_validate(
        {
            "title": "关于测试的通知",
            "issuing_authorities": ["某某厅"],
            "recipients": ["各单位"],
            "classes": {"prefecture": "盟市", "school": "技工院校"},
        }
    )
    return Dispatch(folder, spec, tuple(roster))


_FORMATS = "http://schemas.openxmlformats.org/"
_MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
DOCUMENT = f'<w:document xmlns:w="{_FORMATS}wordprocessingml/2006/main"><w:body>'
SMALLEST = {
    "[Content_Types].xml": f'<Types xmlns="{_FORMATS}package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Override PartName="/word/document.xml" ContentType="{_MAIN}"/></Types>'.encode(),
    "_rels/.rels": f'<Relationships xmlns="{_FORMATS}package/2006/relationships"><Relationship Id="rId1" '
    f'Type="{_FORMATS}officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/>'
    "</Relationships>".encode(),
}
"""All that a Word document needs beside its text."""


@dataclass
class Letter:
    """A package with the unit's name in it, and `text`; what some units do to it is told by `ill`: code → illness."""

    kind: str = "letter"
    file_name: str = "函.docx"
    text: str = "正文"
    ill: Mapping[str, str] = field(default_factory=dict)
    classes: tuple[str, ...] = ()
    log: Path | None = None
    to_each: bool = False

    def concerns(self, unit: Unit | None) -> bool:
        return not self.classes or (unit is not None and unit.class_ in self.classes)

    def shape(self, unit: Unit | None) -> Hashable:
        illness = self.ill.get(unit.code, "") if unit else ""
        return illness if illness.startswith("compile") else ""

    def compile(self, unit: Unit | None) -> Package:
        if self.log:
            with self.log.open("a") as file:
                file.write("compiled\n")
        if self.shape(unit):
            fall_ill(str(self.shape(unit)).removeprefix("compile "))
        text = f"<w:p><w:r><w:t>{self.text}{slot('unit.name')}</w:t></w:r></w:p>"
        return compile_package({**SMALLEST, "word/document.xml": f"{DOCUMENT}{text}</w:body></w:document>".encode()})

    def values(self, unit: Unit | None) -> Mapping[str, str]:
        if unit and not self.shape(unit) and (illness := self.ill.get(unit.code)):
            fall_ill(illness)
        return {"unit.name": unit.name if unit else ""}


@dataclass
class Copy:
    """The same bytes for everybody."""

    kind: str = "copy"
    file_name: str = "来文.pdf"
    data: bytes = b"%PDF-1.7"
    to_each: bool = False

    def concerns(self, unit: Unit | None) -> bool:
        return True

    def shape(self, unit: Unit | None) -> Hashable:
        return ""

    def compile(self, unit: Unit | None) -> Package:
        return verbatim(self.data)

    def values(self, unit: Unit | None) -> Mapping[str, str]:
        return {}


ONCE = "take the machine down, once: "


def _take_the_machine_down(mark: Path) -> None:
    """End whoever started this process, unless that was done before."""
    if not mark.exists():
        mark.touch()
        os.kill(os.getppid(), signal.SIGKILL)
        time.sleep(60)


def fall_ill(illness: str) -> None:
    """Do what the illness is called."""
    if illness == "abort":
        os.abort()
    elif illness == "segfault":
        os.kill(os.getpid(), signal.SIGSEGV)
    elif illness == "hang":
        while True:
            time.sleep(60)
    elif illness == "memory":
        bytearray(1 << 46)  # more than any limit: refused at once, however busy the machine is
    elif illness.startswith(ONCE):
        _take_the_machine_down(Path(illness.removeprefix(ONCE)))
    elif illness == "problems":
        raise Problems([error("bad-value", Where("units.csv", 7, 3), "the quota is no number")])
    elif illness == "slow":
        time.sleep(0.01)
    else:
        raise ValueError(illness)


def planned(of: Dispatch, *documents: object, **selected: object) -> Plan:
    selection = Selection(
        **{name: value if isinstance(value, bool) else frozenset(value) for name, value in selected.items()}
    )  # type: ignore[arg-type]
    return arrange(of, documents or (Letter(), Copy()), selection)  # type: ignore[arg-type]
