"""Data of a spec against its models: pydantic's findings in the words of the person who wrote the spec."""

from __future__ import annotations

import datetime as dt
import re
import types
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Annotated, Any, Literal, TypeVar, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from generator.base.i18n import _, listed
from generator.base.problems import Problem, Where, error
from generator.dispatch.dispatch import Path_
from generator.dispatch.spec import DUE_FORMS, LENGTH, Due, Quantity
from generator.dispatch.yaml import Reading

M = TypeVar("M", bound=BaseModel)


@dataclass(frozen=True)
class Entry:
    """A value of the data with what the models say: its field (for an item, the list's), the types it may have."""

    path: Path_
    value: Any
    field: FieldInfo | None
    types: tuple[Any, ...]


def validate(reading: Reading, model: type[M]) -> tuple[M | None, list[Problem]]:
    """What the data makes, None if it makes nothing; and everything that is wrong with it, with its place."""
    survey = _Survey(reading, model)
    problems = survey.own_findings()
    try:
        made = model.model_validate(reading.data)
    except ValidationError as fault:
        return None, [*problems, *survey.explain(fault.errors(include_url=False))]
    return (None if problems else made), problems


# -- what the models say -----------------------------------------------------------------------------------------------


def types_of(annotation: Any) -> tuple[Any, ...]:
    """The alternatives of an annotation without Annotated, None and Union: `Text | list[Unit]` → (str, list[Unit])."""
    if get_origin(annotation) is Annotated:
        return types_of(get_args(annotation)[0])
    if isinstance(annotation, types.UnionType) or get_origin(annotation) is Union:
        return tuple(kind for part in get_args(annotation) for kind in types_of(part))
    return () if annotation is type(None) else (annotation,)


def is_model(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, BaseModel)


def field_of(model: type[BaseModel], key: str) -> FieldInfo | None:
    """The field that `key` names, by its alias or by its name."""
    by_alias = {field.alias: field for field in model.model_fields.values() if field.alias}
    return by_alias.get(key) or model.model_fields.get(key)


def key_names(model: type[BaseModel]) -> dict[str, FieldInfo]:
    """The keys of a model as they are written, without those that are not built."""
    return {field.alias or name: field for name, field in model.model_fields.items() if not is_not_built(field)}


def is_not_built(field: FieldInfo) -> bool:
    extra = field.json_schema_extra
    return isinstance(extra, dict) and bool(extra.get("not_built"))


def term(field: FieldInfo) -> str:
    """The Chinese term of a field; empty where the description lists terms of the values, as in 转发 / 通知."""
    description = field.description or ""
    return "" if " / " in description else re.split("[；，（]", description)[0]


def entries(data: Any, kinds: tuple[Any, ...], path: Path_ = (), field: FieldInfo | None = None) -> Iterator[Entry]:
    """Every value in `data` that stands where a model has a field, outermost first."""
    yield Entry(path, data, field, kinds)
    if isinstance(data, list):
        items = next((types_of(get_args(kind)[0]) for kind in kinds if get_origin(kind) is list), ())
        for index, item in enumerate(data):
            yield from entries(item, items, (*path, index), field)
    elif isinstance(data, Mapping):
        yield from _members(data, kinds, path)


def _members(data: Mapping[str, Any], kinds: tuple[Any, ...], path: Path_) -> Iterator[Entry]:
    model = _model_for(data, kinds)
    values = next((types_of(get_args(kind)[1]) for kind in kinds if get_origin(kind) is dict), ())
    for key, value in data.items():
        field = field_of(model, key) if model else None
        if field or (not model and values):
            yield from entries(value, types_of(field.annotation) if field else values, (*path, key), field)


def _model_for(data: Mapping[str, Any], kinds: tuple[Any, ...]) -> type[BaseModel] | None:
    """The model that a mapping is to be. One item may stand for a list of it, one quantity for that of every class."""
    for kind in kinds:
        if is_model(kind):
            return kind  # type: ignore[no-any-return]
        if get_origin(kind) is list:
            return _model_for(data, types_of(get_args(kind)[0]))
        if get_origin(kind) is dict and get_args(kind)[1] is Quantity and set(data) & set(Quantity.model_fields):
            return Quantity
    return None


# -- findings ----------------------------------------------------------------------------------------------------------

# pydantic also takes a count of seconds for a day, a time and a duration.
_FORMS = {
    dt.date: re.compile(r"\d{4}-\d\d-\d\d"),
    dt.time: re.compile(r"\d\d:\d\d(:\d\d)?"),
    dt.timedelta: re.compile(r"P(?=.)(\d+D)?(T(?=.)(\d+H)?(\d+M)?(\d+S)?)?|" + LENGTH),
    float: re.compile(r"\d{1,6}(\.\d{1,6})?"),
    Due: re.compile(r"\d{4}-\d\d-\d\d([ T]\d\d:\d\d)?"),
}


def _form_hints() -> dict[Any, tuple[str, str]]:
    """By type: what a value is not, and how to write it."""
    return {
        dt.date: (_("is not a date"), _("Write it as in 2026-09-10.")),
        dt.time: (_("is not a time"), _("Write it as in 09:00.")),
        dt.timedelta: (_("is not a duration"), _("Write it as in 3分钟, 90秒 or 1小时 (or PT3M, PT90S, PT1H).")),
        float: (_("is not a number"), _("Write it in digits, as in 7.5.")),
        int: (_("is not a whole number"), _("Write it in digits, as in 20.")),
        bool: (_("is neither true nor false"), _("Write true or false.")),
        Due: (
            _("is not a date"),
            _("Write 2026-09-10 or 2026-09-10 17:00, or a mapping such as {{after: event.end, days: 2}}.").format(),
        ),
    }


_FORM_ERRORS = {
    "date": dt.date,
    "time_delta": dt.timedelta,
    "time": dt.time,
    "float": float,
    "finite": float,
    "int": int,
    "bool": bool,
}


def _token_messages() -> dict[str, tuple[str, str]]:
    """The ValueErrors of the models, by their token."""
    return {
        "due_forms": (
            _("must say in exactly one way when it is due"),
            _("Give one of: date, after, start with end, daily, monthly, yearly, month, dates; or during alone."),
        ),
        "due_count": (
            _("days, weeks and working_days exclude one another"),
            _("Give one of them."),
        ),
        "due_moment": (_("time and before exclude one another"), _("Give one of them.")),
        "due_moment_of_day": (
            _("has a time of day, but no day that it belongs to"),
            _("Count in days or working_days, or leave time and before out."),
        ),
        "weekday_without_day": (
            _("has a weekday, but no date to write it beside"),
            _("Take weekday out, or write the whole deadline under `written`."),
        ),
        "due_window": (_("must have both start and end"), _("Add the one that is missing, or write a date instead.")),
        "min_above_max": (_("has a min above its max"), _("Exchange the two, or correct one.")),
        "quantity_empty": (_("says no quantity"), _("Give min, max, exact or column.")),
        "recipients_empty": (_("names no recipient"), _("Give text, bodies or also.")),
        "page_number_form": (
            _("must hold the place of the number once"),
            _("Write {{n}} where the number stands, as in: — {{n}} —").format(),
        ),
        "number_code_form": (
            _("must be the letters alone, without year and number"),
            _("Write the letters alone, as in: 某人社函"),
        ),
        "attachment_one": (
            _("must be exactly one thing"),
            _("Give one of: form, checklist: true, title (with file)."),
        ),
    }


class _Survey:
    """One reading beside the models."""

    def __init__(self, reading: Reading, model: type[BaseModel]) -> None:
        self.reading = reading
        self.model = model
        self.entries = {entry.path: entry for entry in entries(reading.data, (model,))}
        self.judged: set[Path_] = set()

    def own_findings(self) -> list[Problem]:
        """What pydantic lets pass: keys that nothing renders yet, and numbers taken for days and times."""
        problems = []
        for entry in self.entries.values():
            path = entry.path
            if path and isinstance(path[-1], str) and entry.field and is_not_built(entry.field):
                message = _("{name} cannot be rendered yet").format(name=self.label(path))
                hint = _("Delete it; say what it means in the body or in a note.")
                problems.append(error("not-built", self.reading.keys[path], message, hint))
                self.judged.add(path)
            elif isinstance(entry.value, str) and not self._is_broken(path) and str not in entry.types:
                problems += self._form_problems(entry)
        return problems

    def _form_problems(self, entry: Entry) -> list[Problem]:
        kind = next((kind for kind in _single(entry.types) if kind in _FORMS), None)
        if kind is None or _FORMS[kind].fullmatch(entry.value.strip()):
            return []
        self.judged.add(entry.path)
        return [self._malformed(kind, entry.path, entry.value)]

    def _malformed(self, kind: Any, path: Path_, value: Any) -> Problem:
        what, hint = _form_hints()[kind]
        message = _('{name} {is_not}: "{value}"').format(name=self.label(path), is_not=what, value=_short(value))
        if kind is Due and "：" in str(value):
            hint = _colon_hint()
        return error("bad-value", self.place(path), message, hint)

    # -- pydantic's errors ---------------------------------------------------------------------------------------------

    def explain(self, faults: list[ErrorDetails]) -> list[Problem]:
        """One problem for each error that is not the consequence of another."""
        located = [(self._data_path(fault), fault) for fault in faults]
        unknown = [self._unknown(path) for path, fault in located if fault["type"] == "extra_forbidden"]
        meant = {path for path, _problem in unknown if path}
        problems = [problem for _path, problem in unknown]
        for path, fault in located:
            if self._is_broken(path) or fault["type"] == "extra_forbidden":
                continue
            if fault["type"] == "missing":
                key = str(fault["loc"][-1])
                if (*path, key) not in meant:
                    problems.append(self._missing(path, key))
            elif not self._of_another_alternative(path, fault):
                problems.append(self._wrong(path, fault))
        return list(dict.fromkeys(problems))

    def _data_path(self, fault: ErrorDetails) -> Path_:
        """The path of a fault in the data: its loc without the names of alternatives and what validators put in."""
        path: Path_ = ()
        value: Any = self.reading.data
        for part in fault["loc"]:
            inside = part in value if isinstance(value, dict) else isinstance(value, list) and part in range(len(value))
            if inside:
                path, value = (*path, part), value[part]
        return path

    def _is_broken(self, path: Path_) -> bool:
        bad = self.reading.broken | self.judged
        return any(path[:end] in bad for end in range(1, len(path) + 1))

    def _of_another_alternative(self, path: Path_, fault: ErrorDetails) -> bool:
        """Whether it says only that a value is not of the other shape that might stand there as well."""
        entry = self.entries.get(path)
        shapes = {get_origin(kind) or kind for kind in entry.types} if entry else set()
        if fault["type"] == "dict_type":
            return shapes >= {dict, str}
        return fault["type"] == "string_type" and type(fault["input"]) in shapes - {str}

    def _unknown(self, path: Path_) -> tuple[Path_, Problem]:
        """The problem of an unknown key, and the path of the key that was meant, () if none is known."""
        key = str(path[-1])
        model = self._model_at(path[:-1])
        names = key_names(model)
        by_term = {term(field): name for name, field in names.items() if term(field)}
        near = [by_term[key]] if key in by_term else get_close_matches(key, names, 1)
        hint = _('Did you mean "{name}"?') if near else _("The keys here are: {names}.")
        message = _('unknown key "{key}"').format(key=key)
        hint = hint.format(name="".join(near), names=listed(names))
        problem = error("unknown-key", self.reading.keys.get(path, self.place(path)), message, hint)
        return ((*path[:-1], near[0]) if near else ()), problem

    def _model_at(self, path: Path_) -> type[BaseModel]:
        entry = self.entries[path]
        return _model_for(entry.value, entry.types) or self.model

    def _missing(self, path: Path_, key: str) -> Problem:
        field = field_of(self._model_at(path), key)
        name = f'"{key}" ({term(field)})' if field else f'"{key}"'
        if path:
            message = _("{parent} has no key {name}").format(parent=self.label(path), name=name)
        else:
            message = _("the key {name} is missing").format(name=name)
        return error("missing-key", self._key_place(path), message, _("Add a line: {key}: …").format(key=key))

    def _wrong(self, path: Path_, fault: ErrorDetails) -> Problem:
        kind, value = fault["type"], fault["input"]
        if kind == "value_error":
            what, hint = _token_messages()[str(fault["ctx"]["error"])]
            return error("bad-value", self._key_place(path), f"{self.label(path)} {what}", hint)
        if kind == "due_beside":
            return self._beside(path, fault["ctx"]["extra"], fault["ctx"]["form"])
        if isinstance(value, (dict, list)) or kind in ("model_type", "dict_type", "list_type"):
            return self._wrong_shape(path, kind, value)
        if form := next((form for prefix, form in _FORM_ERRORS.items() if kind.startswith(prefix)), None):
            return self._malformed(form, path, value)
        return self._wrong_text(path, fault)

    def _beside(self, path: Path_, extra: list[str], form: str) -> Problem:
        """A deadline's key that says nothing beside the one that tells its form."""
        names = listed(self.label((*path, name)) for name in extra)
        message = _('{names} cannot stand beside "{form}"').format(names=names, form=form)
        hint = _("Beside {form} may stand: {names}.") if DUE_FORMS[form] else _("Nothing may stand beside {form}.")
        hint = hint.format(form=form, names=listed(DUE_FORMS[form]))
        return error("bad-value", self._key_place((*path, extra[0])), message, hint)

    def _wrong_text(self, path: Path_, fault: ErrorDetails) -> Problem:
        kind, value = fault["type"], fault["input"]
        if kind == "string_pattern_mismatch":
            return self._mismatch(path, value, is_key=fault["loc"][-1] == "[key]")
        if kind == "literal_error":
            return self._not_among(path, value)
        if kind == "string_too_short":
            message = _("{name} has no value").format(name=self.label(path))
            return error("no-value", self.place(path), message, _("Write one after the colon, or delete the line."))
        return self._out_of_range(path, fault)

    def _wrong_shape(self, path: Path_, kind: str, value: Any) -> Problem:
        if kind == "too_short":
            message = _("{name} has no item").format(name=self.label(path))
            return error("no-value", self._key_place(path), message, _("Write at least one."))
        if kind in ("model_type", "dict_type"):
            message = _("{name} must be a mapping of keys and values").format(name=self.label(path))
            hint = _("Write its keys on lines of their own, further to the right.")
            hint = _colon_hint() if "：" in str(value) else hint
        elif kind == "list_type":
            message = _("{name} must be a list").format(name=self.label(path))
            hint = _("Begin each item with a hyphen and a space, on a line of its own.")
        else:
            message = _("{name} must be a single value").format(name=self.label(path))
            hint = _("Write it on the line of its key; put text that holds brackets or colons in quotes.")
        return error("wrong-type", self._key_place(path), message, hint)

    def _mismatch(self, path: Path_, value: Any, *, is_key: bool) -> Problem:
        field = None if is_key else (self.entries[path].field if path in self.entries else None)
        if field is not None and term(field) in ("每月几日前", "每年何时前", "年月"):
            hint = _("monthly is 1 to 31 or last; yearly is as in 02-28 or 02-end; month is as in 2026-11.")
        else:
            hint = _("A name has lower-case letters, digits and _, and begins with a letter, as in work_plan.")
        message = _('{name} is not written as it must be: "{value}"').format(name=self.label(path), value=_short(value))
        if is_key:
            message = _('"{value}" cannot be a name here').format(value=_short(value))
        return error(
            "bad-name" if is_key else "bad-value", self._key_place(path) if is_key else self.place(path), message, hint
        )

    def _not_among(self, path: Path_, value: Any) -> Problem:
        entry = self.entries[path]
        allowed = [name for kind in _single(entry.types) if get_origin(kind) is Literal for name in get_args(kind)]
        message = _('{name} cannot be "{value}"').format(name=self.label(path), value=_short(value))
        hint = _("Write one of: {names}.").format(names=listed(allowed))
        return error("bad-value", self.place(path), message, hint)

    def _out_of_range(self, path: Path_, fault: ErrorDetails) -> Problem:
        bounds: dict[str, Callable[[], str]] = {
            "ge": lambda: _("{name} must be at least {bound}"),
            "gt": lambda: _("{name} must be more than {bound}"),
            "le": lambda: _("{name} must be at most {bound}"),
        }
        for key, words in bounds.items():
            if key in fault.get("ctx", {}):
                message = words().format(name=self.label(path), bound=f"{fault['ctx'][key]:g}")
                return error("bad-value", self.place(path), message, _("Correct the figure."))
        # A fault that spec.py cannot have now; better in pydantic's words than not at all.
        return error("bad-value", self.place(path), f"{self.label(path)}: {fault['msg']}")

    # -- names and places ----------------------------------------------------------------------------------------------

    def label(self, path: Path_) -> str:
        """What a message calls a value: its path in quotes, and its Chinese term."""
        entry = self.entries.get(path)
        words = term(entry.field) if entry and entry.field and isinstance(path[-1], str) else ""
        return f'"{dotted(path)}"' + (f" ({words})" if words else "")

    def place(self, path: Path_) -> Where:
        return next(
            self.reading.places[path[:end]] for end in range(len(path), -1, -1) if path[:end] in self.reading.places
        )

    def _key_place(self, path: Path_) -> Where:
        return self.reading.keys.get(path) or self.place(path)


def dotted(path: Path_) -> str:
    """A path as people write it; items count from 1: `forms.stats.fields[2].title`."""
    text = "".join(f"[{part + 1}]" if isinstance(part, int) else f".{part}" for part in path)
    return text.removeprefix(".")


def _single(kinds: tuple[Any, ...]) -> tuple[Any, ...]:
    """The types of a single value: one item may stand for a list of it."""
    return tuple(
        part for kind in kinds for part in (types_of(get_args(kind)[0]) if get_origin(kind) is list else (kind,))
    )


def _short(value: Any) -> str:
    text = str(value)
    return text if len(text) <= 40 else text[:39] + "…"


def _colon_hint() -> str:
    return _("The colon (：) in it is a full-width one; a key is followed by an ordinary colon and a space.")
