"""Forms of every layout, small, for the tests of grids, workbooks and Word tables."""

from pathlib import Path
from typing import Any

from generator.dispatch.dispatch import Dispatch
from generator.dispatch.spec import Spec, Unit

LIST_FIELDS: list[dict[str, Any]] = [
    {"name": "no", "title": "序号", "type": "serial"},
    {"name": "school", "title": "学校名称", "constraints": {"required": "true", "maxLength": "40"}},
    {"name": "kind", "title": "活动类型", "categories": ["讲座", "竞赛"]},
    {"name": "students", "title": "学生人数", "type": "integer", "unit": "人", "total": "sum"},
    {
        "name": "videos",
        "title": "视频数",
        "type": "integer",
        "unit": "个",
        "total": "sum",
        "constraints": {"minimum": "2"},
    },
    {"name": "note", "title": "备注", "type": "note"},
]
UNITS: list[dict[str, Any]] = [
    {"code": "001", "name": "甲市教育局", "short_name": "甲市", "class": "city", "columns": {"名额": "1,200"}},
    {"code": "002", "name": "乙市<教育>局", "short_name": "乙市", "class": "city", "columns": {"名额": ""}},
    {
        "code": "003",
        "name": "某某学院",
        "short_name": "学院",
        "class": "college",
        "role": "抄送",
        "columns": {"名额": "3"},
    },
]


def spec(form: dict[str, Any], **rest: Any) -> Spec:
    """A spec with one form, named f."""
    heads = {"issuing_authorities": ["某某厅"], "recipients": ["各市教育局"], "status": "issued"}
    return Spec.model_validate({**heads, "forms": {"f": {"title": "某表", **form}}, **rest})


def units() -> tuple[Unit, ...]:
    return tuple(Unit.model_validate(unit) for unit in UNITS)


def dispatch(form: dict[str, Any], **rest: Any) -> Dispatch:
    return Dispatch(Path("d"), spec(form, **rest), units())
