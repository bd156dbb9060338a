"""What a cell lets in: data validation with its prompt and its refusal, within the limits of the format."""

from __future__ import annotations

from openpyxl.worksheet.datavalidation import DataValidation

from generator.dispatch.spec import Form, FormField
from generator.forms.fields import head_text
from generator.forms.types import bounds, choices, has_length, meaning

# [MS-OI29500] 2.1.713-2.1.716: a longer text is written by every library and makes Excel repair the file.
TITLE_LIMIT, PROMPT_LIMIT, ERROR_LIMIT, LIST_LIMIT = 32, 255, 224, 255


def validation(form: Form, field: FormField, first_cell: str, list_name: str) -> DataValidation:
    """The validation of a field whose first cell is `first_cell`.

    `list_name` is the defined name that holds the choices where they cannot stand in the sheet (`needs_list`).
    """
    rule = _rule(field, first_cell, list_name)
    rule.promptTitle = rule.errorTitle = _cut(field.title, TITLE_LIMIT)
    rule.allow_blank = True
    if prompt := prompt_text(form, field):
        rule.prompt, rule.showInputMessage = _cut(prompt, PROMPT_LIMIT), True
    if rule.type:
        rule.error, rule.showErrorMessage, rule.errorStyle = _cut(_refusal(field), ERROR_LIMIT), True, "stop"
    return rule


def needs_list(field: FormField) -> bool:
    """Whether the choices are too long for the sheet, or one holds the comma that parts them."""
    found = choices(field)
    return len(",".join(found)) > LIST_LIMIT or any("," in choice or '"' in choice for choice in found)


def prompt_text(form: Form, field: FormField) -> str:
    """What to fill in, told before it is typed: whether it must be, what it is, its limits, an example."""
    said = ["必填" if field.constraints.required else "", expected(field), field.description or ""]
    unit = field.unit or form.unit_of_measure
    if unit and meaning(field).measured:
        said.append(f"计量单位：{unit}")
    if field.categories and meaning(field).value == "choices":
        said.append("可多选，用顿号隔开：" + "、".join(field.categories))
    said.append(f"例：{field.example}" if field.example else "")
    text = "；".join(part.rstrip("。；") for part in said if part)
    return f"{head_text(form, field)}：{text}。" if text else ""


def _cut(text: str, limit: int) -> str:
    return text if len(text) <= limit else text[: limit - 1] + "…"


def expected(field: FormField) -> str:
    """What a value should be, with its limits, as it is told before it is typed and after it is refused."""
    found, limits = meaning(field), field.constraints
    if choices(field):
        return "从列表中选择"
    words = found.words.format(example=_example(field))
    if found.formula:
        (least, most), low, high = found.bound_words, limits.minimum, limits.maximum
        parts = [f"{least}{_plain(low)}" if low else "", f"{most}{_plain(high)}" if high else ""]
    elif not has_length(field):
        parts = []
    else:
        fewest, longest = limits.min_length, limits.max_length
        parts = [f"不少于{fewest}字" if fewest else "", f"不超过{longest}字" if longest else ""]
    return "，".join(part for part in (words, *parts) if part)


def _example(field: FormField) -> str:
    """How a value is written, by one that the field's limits admit."""
    found = meaning(field)
    if found.read is None or "{example}" not in found.words:
        return ""
    limits, (low, high), example = field.constraints, bounds(field), found.read(found.example)
    if low is not None and limits.minimum and example < low:
        return _plain(limits.minimum)
    return _plain(limits.maximum if high is not None and limits.maximum and example > high else found.example)


def _plain(limit: str) -> str:
    """A duration is told as people write it, a moment without its T, everything else as the spec has it."""
    if not limit.startswith("PT"):
        return limit.replace("T", " ")
    return limit[2:].replace("H", "小时").replace("M", "分钟").replace("S", "秒")


def _refusal(field: FormField) -> str:
    return f"“{field.title}”应{'' if choices(field) else '为'}{expected(field)}。请改正后再填。"


def _rule(field: FormField, first_cell: str, list_name: str) -> DataValidation:
    own, found = choices(field), meaning(field)
    if own:
        source = list_name if needs_list(field) else f'"{",".join(own)}"'
        return DataValidation(type="list", formula1=source)
    if found.rule and found.formula:
        kind, *widest = found.rule
        low, high = (
            given if bound is None else found.formula(bound) for given, bound in zip(widest, bounds(field), strict=True)
        )
        return DataValidation(type=kind, operator="between", formula1=low, formula2=high)
    if found.custom:
        return DataValidation(type="custom", formula1=found.custom.format(cell=first_cell))
    return _length(field)


def _length(field: FormField) -> DataValidation:
    if exact := meaning(field).length:
        return DataValidation(type="textLength", operator="equal", formula1=str(exact))
    low, high = field.constraints.min_length, field.constraints.max_length
    if low is None and high is None:
        return DataValidation(type=None)
    return DataValidation(type="textLength", operator="between", formula1=str(low or 0), formula2=str(high or 32767))
