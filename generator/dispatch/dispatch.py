"""A loaded dispatch: the spec, its roster, its texts and files, and where in the files each value stands."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property, wraps
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar

from generator.base.problems import Where
from generator.dispatch.spec import Spec, Unit
from generator.dispatch.style import House
from generator.office import libreoffice

Path_ = tuple[str | int, ...]
"""The path of a value in the spec, as ("deadlines", "report", "due"); of a roster's cell, ("units", index, head)."""


WORD = (".docx", ".doc", ".wps")
"""The endings of Word documents; what does not hold a package is made .docx before it is read."""
_PACKAGE = b"PK"
"""How a .docx begins, whatever it calls itself."""


@dataclass(frozen=True)
class Dispatch:
    """One 发文事项, whole and typed; made by `load.load_dispatch`, never by hand outside tests.

    `files` holds the bytes of every file that the spec names (sources, issued file, attachments), by that name.
    `body_line` is the line of `body_file` on which `body` begins.
    """

    folder: Path
    spec: Spec
    units: tuple[Unit, ...]
    body: str = ""
    body_file: str = "body.md"
    body_line: int = 1
    files: Mapping[str, bytes] = field(default_factory=dict)
    places: Mapping[Path_, Where] = field(default_factory=dict)
    house: House = field(default_factory=House)

    @cached_property
    def results(self) -> dict[tuple[object, ...], Any]:
        """What functions `once` have made of the dispatch."""
        return {}

    @cached_property
    def columns(self) -> list[str]:
        """The columns of the roster beyond the known ones, in order."""
        rows = dict.fromkeys(tuple(unit.columns) for unit in self.units)
        return list(dict.fromkeys(column for row in rows for column in row))

    @cached_property
    def draws_quotas(self) -> bool:
        """Whether a quantity of evidence is drawn from the roster; asked for each document of each unit."""
        counts = (item.count or {} for item in self.spec.evidence.values())
        return any(quantity.column for count in counts for quantity in count.values())

    def __getstate__(self) -> dict[str, object]:
        """For another process, which makes documents: results stay behind, and the place of each cell of the roster."""
        places = {path: where for path, where in self.places.items() if path[:1] != ("units",) or len(path) == 1}
        return {key: value for key, value in self.__dict__.items() if key != "results"} | {"places": places}

    def appendable(self, name: str) -> bytes:
        """The bytes of a file as it can be appended: an old Word document is made a .docx, once.

        Raises Problems when LibreOffice cannot do that, or is not there.
        """
        if not self.is_old_word(name):
            return self.files[name]
        if name not in self._converted:
            self._converted[name] = libreoffice.to_docx(self.files[name], Where(name))
        return self._converted[name]

    def is_old_word(self, name: str) -> bool:
        """Whether a file that calls itself a Word document is an old one, or a web page, by what it holds."""
        return name.lower().endswith(WORD) and not self.files[name].startswith(_PACKAGE)

    @cached_property
    def _converted(self) -> dict[str, bytes]:
        return {}

    @property
    def name(self) -> str:
        """The folder's name: the default name of the output folder."""
        return self.folder.resolve().name

    def where(self, *path: str | int) -> Where:
        """The place of a value, or of the nearest thing around it that has one."""
        for end in range(len(path), -1, -1):
            if place := self.places.get(path[:end]):
                return place
        return Where("dispatch.yaml")


_More = ParamSpec("_More")
_Made = TypeVar("_Made")


def once(make: Callable[Concatenate[Dispatch, _More], _Made]) -> Callable[Concatenate[Dispatch, _More], _Made]:
    """A function of a dispatch that makes each thing once, for check and making alike, and keeps it with the dispatch.

    What is made must be the same in every language; further arguments are hashable.
    """

    @wraps(make)
    def made(dispatch: Dispatch, /, *more: _More.args, **named: _More.kwargs) -> _Made:
        key = (make, *more, *named.items())
        if key not in dispatch.results:
            dispatch.results[key] = make(dispatch, *more, **named)
        result: _Made = dispatch.results[key]
        return result

    return made
