"""The house style: what an office lays over the national rules, in a small file beside its own templates.

The national rules (GB/T 9704-2012) are the shipped templates and the arithmetic; `house.yaml` in a dispatch's
`templates:` folder holds local deviations only, with the source that allows them.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from generator.spec import Model, Text, Texts

FILE = "house.yaml"
PAGE_NUMBER_PLACE = "{n}"


class House(Model):
    """Local deviations; the defaults are the national rules."""

    source: Text | None = Field(None, description="依据，如 某某省公文格式细则")
    fonts: dict[Text, Text] = Field({}, description="字体替换，如 方正小标宋简体: 方正小标宋_GBK")
    profile: Literal["9704", "33476"] = Field(
        "9704", description="页边距：9704 为 37/35 毫米，33476 为 34.58/32.58 毫米"
    )
    issuer_mark: Texts = Field([], description="发文机关标志文字")
    number_code: Text | None = Field(None, description="机关代字，文号只写序号时用，如 某人社函")
    page_number: Annotated[str, StringConstraints(pattern=r"^[^{}]*\{n\}[^{}]*$")] = Field(
        "— {n} —", description="页码样式，{n} 为页码"
    )
