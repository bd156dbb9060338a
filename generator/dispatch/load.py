"""A dispatch folder → `Dispatch`, or every problem in it with its place."""

from __future__ import annotations

import errno
from collections.abc import Mapping
from pathlib import Path, PureWindowsPath
from typing import Any

from pydantic import TypeAdapter, ValidationError
from pydantic.fields import FieldInfo

from generator.base import files
from generator.base.i18n import _
from generator.base.problems import Problem, Problems, Where, error, reason
from generator.base.values import clean, clean_file, shown
from generator.dispatch.dispatch import Dispatch, Path_
from generator.dispatch.faults import dotted, entries, validate
from generator.dispatch.roster import NO_NAME, Roster, read_roster, settle
from generator.dispatch.spec import Attachment, Form, Source, Spec, UnitClass
from generator.dispatch.style import FILE as HOUSE_FILE
from generator.dispatch.style import House
from generator.dispatch.yaml import Reading, read_yaml

SPEC_FILE = "dispatch.yaml"
MAX_FILE_BYTES = 50_000_000
_ROSTER_FILES = ("units.csv", "units.xlsx")


def load_dispatch(path: Path) -> Dispatch:
    """The dispatch in a folder, given the folder or its dispatch.yaml; Problems with everything that is wrong.

    A roster and a body that the spec does not name may be missing: units.csv (or units.xlsx) and body.md are then used
    if they are there. Every text has passed the value gate.
    """
    spec_file = path if path.is_file() or path.suffix in (".yaml", ".yml") else path / SPEC_FILE
    return _Loader(spec_file).dispatch()


class _Loader:
    """One load: what was read so far, and what was found wrong."""

    def __init__(self, spec_file: Path) -> None:
        self.spec_file = spec_file
        self.folder = spec_file.parent
        self.problems: list[Problem] = []
        self.reading = Reading()

    def dispatch(self) -> Dispatch:
        self.reading = self._read_spec()
        self.reading.data = self._cleaned(self.reading, self.reading.data, ())
        self.problems += self.reading.problems
        _complete_units(self.reading.data)
        spec, problems = validate(self.reading, Spec)
        self.problems += problems
        roster = self._roster(spec)
        body, body_file, body_line = self._body()
        named = self._files()
        house = self._house()
        if self.problems or spec is None:
            raise Problems(self.problems)
        places = {**self.reading.places, **roster.places}
        units = tuple(roster.units)
        return Dispatch(self.folder, _in_house(spec, house), units, body, body_file, body_line, named, places, house)

    def _read_spec(self) -> Reading:
        name = self.spec_file.name
        _refuse_unreadable_name(self.folder)
        if not self.spec_file.exists():
            message = _("there is no {file} in {folder}").format(file=name, folder=self.folder)
            hint = _("Name a dispatch folder, or begin one with: fawen new DIR")
            raise Problems([error("missing-file", Where(name), message, hint)])
        return read_yaml(self._read(name, Where(name)), name)

    def _house(self) -> House:
        """The house style beside the dispatch's own templates; the national rules where there is none."""
        folder = self.reading.data.get("templates")
        if not isinstance(folder, str) or not folder:
            return House()
        if outside := self._outside(folder, self._place("templates")):
            self.problems.append(outside)
            return House()
        if not (self.folder / folder / HOUSE_FILE).exists():
            return House()
        name = f"{folder.rstrip('/')}/{HOUSE_FILE}"
        try:
            reading = read_yaml(self._read(name, self._place("templates")), name)
            reading.data = self._cleaned(reading, reading.data, ())
        except Problems as found:
            # A house that says nothing follows the national rules.
            self.problems += [problem for problem in found.problems if problem.code != "empty-file"]
            return House()
        house, problems = validate(reading, House)
        self.problems += [*reading.problems, *problems]
        return house or House()

    # -- the value gate ------------------------------------------------------------------------------------------------

    def _cleaned(self, reading: Reading, value: Any, path: Path_) -> Any:
        """The data with each text through the value gate; one that is refused is marked as broken."""
        if isinstance(value, dict):
            return {
                key: self._cleaned(reading, item, (*path, key))
                for key, item in value.items()
                if self._gate(reading, key, (*path, key), reading.keys) is not None
            }
        if isinstance(value, list):
            return [self._cleaned(reading, item, (*path, index)) for index, item in enumerate(value)]
        text = self._gate(reading, value, path, reading.places)
        return "" if text is None else text

    def _gate(self, reading: Reading, text: str, path: Path_, places: Mapping[Path_, Where]) -> str | None:
        try:
            return clean(text, places[path], shown(dotted(path)))
        except Problems as refused:
            self.problems += refused.problems
            reading.broken.add(path)
            return None

    # -- roster --------------------------------------------------------------------------------------------------------

    def _roster(self, spec: Spec | None) -> Roster:
        classes = self._classes()
        named = self.reading.data.get("units")
        if isinstance(named, list):
            roster = Roster(list(spec.units) if spec and isinstance(spec.units, list) else [])
            roster.units, problems = settle(roster.units, classes, self.reading.places)
            self.problems += problems
            return roster
        if not isinstance(named, str):
            named = next((name for name in _ROSTER_FILES if (self.folder / name).exists()), None)
        try:
            return read_roster(self._read(named, self._place("units")), named, classes) if named else Roster()
        except Problems as found:
            self.problems += found.problems
            return Roster()

    def _classes(self) -> Mapping[str, UnitClass] | None:
        """The classes as far as they can be known while the rest of the spec may be wrong."""
        try:
            return TypeAdapter(dict[str, UnitClass]).validate_python(self.reading.data.get("classes", {}))
        except ValidationError:
            return None

    # -- body ----------------------------------------------------------------------------------------------------------

    def _body(self) -> tuple[str, str, int]:
        """The body, the file that it stands in and the line there on which it begins."""
        named = self.reading.data.get("body")
        if not isinstance(named, str):
            if not (self.folder / "body.md").exists():
                return "", "body.md", 1
            named = "body.md"
        elif "\n" in named or not named.endswith(".md"):
            return named, self.spec_file.name, self._place("body").line or 1
        try:
            return self._body_text(named), named, 1
        except Problems as found:
            self.problems += found.problems
            return "", named, 1

    def _body_text(self, name: str) -> str:
        content = self._read(name, self._place("body"))
        try:
            text = content.decode("utf-8-sig")
        except UnicodeDecodeError as fault:
            where = Where(name, content[: fault.start].count(b"\n") + 1)
            message = _("the file is not UTF-8 text")
            raise Problems([error("bad-encoding", where, message, _("Save it as UTF-8 in your editor."))]) from None
        if not text.strip():
            raise Problems([error("no-value", Where(name, 1, 1), _("the file is empty"), _("Write it, or delete it."))])
        return clean_file(text, name)

    # -- files ---------------------------------------------------------------------------------------------------------

    def _files(self) -> dict[str, bytes]:
        """The bytes of every file that the spec names, by its name there."""
        found: dict[str, bytes] = {}
        for entry in entries(self.reading.data, (Spec,)):
            if isinstance(entry.value, str) and entry.path not in self.reading.broken and _names_file(entry.field):
                try:
                    # As the model has it: without blanks around.
                    name = entry.value.strip()
                    found[name] = self._read(name, self.reading.places[entry.path])
                except Problems as refused:
                    self.problems += refused.problems
        return found

    def _read(self, name: str, where: Where) -> bytes:
        """The bytes of a file of the folder; Problems at `where` if it has none of that name, or none to be read."""
        if problem := self._outside(name, where):
            raise Problems([problem])
        try:
            return files.read(self.folder / PureWindowsPath(name).as_posix(), limit=MAX_FILE_BYTES, links=True)
        except FileNotFoundError:
            message = _("there is no file {file} in the dispatch folder").format(file=name)
            problem = error("missing-file", where, message, _("Put it there, or correct the name."))
        except (OSError, ValueError) as fault:
            why = reason(fault) if isinstance(fault, OSError) else fault
            message = _("{file} cannot be read: {reason}").format(file=name, reason=why)
            too_large = isinstance(fault, OSError) and fault.errno == errno.EFBIG
            hint = "" if too_large else _("Look to its permissions, or close what holds it.")
            problem = error("too-large" if too_large else "unreadable-file", where, message, hint)
        raise Problems([problem])

    def _outside(self, name: str, where: Where) -> Problem | None:
        windows = PureWindowsPath(name)
        within = not windows.anchor and ".." not in windows.parts and not name.startswith("~")
        if within and files.is_inside(self.folder, windows.as_posix()):
            return None
        message = _("{file} is not in the dispatch folder").format(file=name)
        return error("outside-folder", where, message, _("Copy the file into the folder, and name it from there."))

    def _place(self, key: str) -> Where:
        return self.reading.places.get((key,)) or Where(self.spec_file.name)


def _refuse_unreadable_name(folder: Path) -> None:
    """The folder's name goes into the manifest, and names the output folder."""
    try:
        folder.resolve().name.encode()
    except UnicodeEncodeError:
        message = _("the name of the dispatch folder is not UTF-8 text")
        hint = _("Rename the folder; or, if its name is in order, run with the environment variable PYTHONUTF8=1.")
        raise Problems([error("bad-encoding", Where(str(folder)), message, hint)]) from None


_NAMED_FILES = (
    Spec.model_fields["issued_file"],
    Source.model_fields["file"],
    Attachment.model_fields["file"],
    Form.model_fields["file"],
)


def _in_house(spec: Spec, house: House) -> Spec:
    """The spec with what the house supplies: the mark's text, and the code before a number that is only a figure."""
    number = spec.document_number
    if house.number_code and number and number.isdigit() and spec.date_of_issue:
        number = f"{house.number_code}〔{spec.date_of_issue.year}〕{int(number)}号"
    mark = spec.issuer_mark
    if house.issuer_mark and not mark.text:
        mark = mark.model_copy(update={"text": house.issuer_mark})
    return spec.model_copy(update={"document_number": number, "issuer_mark": mark})


def _names_file(field: FieldInfo | None) -> bool:
    return any(field is named for named in _NAMED_FILES)


def _complete_units(data: dict[str, Any]) -> None:
    """Units in the spec itself get what a row of a roster gets: the full name where there is no short one."""
    units = data.get("units")
    for unit in units if isinstance(units, list) else []:
        if isinstance(unit, dict):
            name = unit.get("name")
            unit.setdefault("short_name", name if isinstance(name, str) and name else NO_NAME)
