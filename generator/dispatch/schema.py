"""The JSON Schema of dispatch.yaml, and its table of keys: both from the models."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any, Literal, get_args, get_origin

from pydantic import BaseModel, BeforeValidator
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from generator.dispatch.faults import is_model, key_names, types_of
from generator.dispatch.spec import Due, Quantity, Spec, Unit

_DRAFT = "https://json-schema.org/draft/2020-12/schema"
_FILLED_IN: dict[tuple[type[BaseModel], str], str] = {(Unit, "short_name"): "`name`"}
"""Keys that a model requires and the loader fills in where they are missing, and with what."""
_SCALAR = ["string", "number", "boolean"]


def json_schema() -> dict[str, Any]:
    """JSON Schema (2020-12) of dispatch.yaml as people write it, with Chinese descriptions.

    Wider than the models' own where YAML types a scalar itself (001, true) and where a key has a short form: one value
    for a list, text for a mapping. Keys that nothing renders yet are left out, so that an editor marks them.
    """
    schema = Spec.model_json_schema()
    definitions = schema.pop("$defs")
    for model in _models(Spec):
        target = schema if model is Spec else definitions[model.__name__]
        _adapt_properties(model, target)
        if model is not Spec:
            definitions[model.__name__] = _with_short_form(model, target)
    return {"$schema": _DRAFT, "title": "dispatch.yaml", **schema, "$defs": definitions}


def _models(model: type[BaseModel], seen: set[type[BaseModel]] | None = None) -> Iterator[type[BaseModel]]:
    """The model and every model within it, each once."""
    seen = set() if seen is None else seen
    if model in seen:
        return
    seen.add(model)
    yield model
    for field in model.model_fields.values():
        for kind in _leaves(field.annotation):
            if is_model(kind):
                yield from _models(kind, seen)


def _leaves(annotation: Any) -> Iterator[Any]:
    for kind in types_of(annotation):
        if get_origin(kind) in (list, dict):
            yield from _leaves(get_args(kind)[-1])
        else:
            yield kind


def _adapt_properties(model: type[BaseModel], target: dict[str, Any]) -> None:
    """Gives each key of a model its short forms, and takes out what is not built."""
    kept = key_names(model)
    properties = {key: value for key, value in target["properties"].items() if key in kept}
    for key, field in kept.items():
        shape = _widened(properties[key])
        described = {"description": shape.pop("description")}
        shape.pop("title", None)
        default = shape.pop("default", None)
        if default and not isinstance(default, dict):
            described["default"] = default
        if _takes_one(field):
            items = next(part["items"] for part in [*shape.get("anyOf", []), shape] if "items" in part)
            shape = {"anyOf": [items, shape]}
        if Quantity in _leaves(field.annotation):
            shape = {"anyOf": [{"$ref": "#/$defs/Quantity"}, shape]}
        properties[key] = described | shape
    target["properties"] = properties
    target["required"] = [key for key, field in kept.items() if _is_required(model, key, field)]
    del target["title"], target["description"]


def _widened(shape: Any) -> Any:
    """A schema that takes each scalar also as YAML reads it; null is taken out: a key without a value is an error."""
    if isinstance(shape, list):
        return [_widened(part) for part in shape if part != {"type": "null"}]
    if not isinstance(shape, dict):
        return shape
    shape = {key: _widened(part) if isinstance(part, (dict, list)) else part for key, part in shape.items()}
    if shape.get("type") == "string" and not shape.keys() & {"format", "enum", "const"}:
        shape["type"] = _SCALAR
    if "patternProperties" in shape:
        shape["additionalProperties"] = False
    if len(shape.get("anyOf", ())) == 1:
        return {**shape.pop("anyOf")[0], **shape}
    return shape


def _is_required(model: type[BaseModel], key: str, field: FieldInfo) -> bool:
    return field.is_required() and (model, key) not in _FILLED_IN


def _takes_one(field: FieldInfo) -> bool:
    """Whether one value may stand for the list: the field has a validator that makes a list of it."""
    hints = [*field.metadata, *(part for kind in get_args(field.annotation) for part in get_args(kind)[1:])]
    listed = any(isinstance(hint, BeforeValidator) for hint in hints)
    return listed and any(get_origin(kind) is list for kind in types_of(field.annotation))


def _with_short_form(model: type[BaseModel], shape: dict[str, Any]) -> dict[str, Any]:
    """A model that can be made from one value: text, or for a quantity a number, or for a mark its lines."""
    if "_from_scalar" not in model.__pydantic_decorators__.model_validators:
        return shape
    short: list[dict[str, Any]] = [{"type": "integer", "minimum": 0} if model is Quantity else {"type": _SCALAR}]
    if model.__name__ == "IssuerMark":
        short.append({"type": "array", "items": {"type": _SCALAR}})
    return {"anyOf": [*short, shape]}


# -- the table of keys -------------------------------------------------------------------------------------------------

_TYPE_WORDS = {
    str: "文字",
    int: "整数",
    float: "数字",
    bool: "true / false",
    dt.date: "日期",
    dt.time: "时刻",
    dt.timedelta: "时长（3分钟、90秒、1小时，或 PT3M）",
    Due: "日期，或 `Due`",
}


def key_table() -> str:
    """Markdown tables of every key, one for dispatch.yaml and one for each mapping in it: key, term, type, default."""
    return "\n\n".join(_table(model) for model in _models(Spec)) + "\n"


def _table(model: type[BaseModel]) -> str:
    heading = "## dispatch.yaml" if model is Spec else f"## {model.__name__}"
    rows = [
        f"| `{key}` | {field.description} | {_type_words(field.annotation)} | {_default_words(model, key, field)} |"
        for key, field in key_names(model).items()
    ]
    return "\n".join([heading, "", "| 键 | 含义 | 类型 | 缺省 |", "|---|---|---|---|", *rows])


def _type_words(annotation: Any) -> str:
    return "，或 ".join(dict.fromkeys(_kind_words(kind) for kind in types_of(annotation)))


def _kind_words(kind: Any) -> str:
    if get_origin(kind) is list:
        return f"列表：{_type_words(get_args(kind)[0])}"
    if get_origin(kind) in (dict, Mapping):
        return f"映射：名称 → {_type_words(get_args(kind)[1])}"
    if get_origin(kind) is Literal:
        return " / ".join(f"`{word}`" for word in get_args(kind))
    return _TYPE_WORDS.get(kind) or f"`{kind.__name__}`"


def _default_words(model: type[BaseModel], key: str, field: FieldInfo) -> str:
    if field.is_required():
        return _FILLED_IN.get((model, key), "**必填**")
    if field.default is PydanticUndefined or field.default in (None, [], {}) or isinstance(field.default, BaseModel):
        return ""
    if isinstance(field.default, list):
        return f"`[{', '.join(field.default)}]`"
    return f"`{str(field.default).lower() if isinstance(field.default, bool) else field.default}`"
