"""Whose copy of which form a file is: the form's digest, and the string that files carry and pages print."""

from __future__ import annotations

import hashlib
import json

from generator.dispatch.spec import Form


def form_digest(form: Form) -> str:
    """sha256 of the form's own definition as canonical JSON, defaults left out: new words do not change old forms."""
    definition = form.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    text = json.dumps(definition, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def identity(form_name: str, form: Form, unit_code: str) -> str:
    """The one string that says whose copy of which form a file is: `form@version#unit`."""
    return f"{form_name}@{form.version}#{unit_code}"


def identity_line(form_name: str, form: Form, unit_code: str | None) -> str:
    """The printed carrier of a form's identity; `unit_code` is None where no unit's code will ever stand."""
    line = f"表单编码：{form_name}　版本：{form.version}"
    return line if unit_code is None else f"{line}　单位代码：{unit_code}"
