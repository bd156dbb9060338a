"""The house style: what an office lays over the national rules, in a small file beside its own templates.

The national rules (GB/T 9704-2012) are the shipped templates and the arithmetic; `house.yaml` in a dispatch's
`templates:` folder holds local deviations only, with the source that allows them.
"""

from __future__ import annotations

import re
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from generator.base.standard import PAGE_NUMBER, PAGE_NUMBER_PLACE
from generator.dispatch.spec import Model, Text, Texts

FILE = "house.yaml"


def _page_number(text: str) -> str:
    if text.count(PAGE_NUMBER_PLACE) != 1 or re.search("[{}]", text.replace(PAGE_NUMBER_PLACE, "")):
        raise ValueError("page_number_form")
    return text


def _number_code(text: str) -> str:
    if re.search(r"[\d〔〕\[\]【】﹝﹞［］]|号$", text):
        raise ValueError("number_code_form")
    return text


class Fonts(Model):
    """The local name of each national font; None where it keeps its own."""

    xiaobiaosong: Text | None = Field(None, alias="方正小标宋简体")
    fangsong: Text | None = Field(None, alias="仿宋_GB2312")
    kaiti: Text | None = Field(None, alias="楷体_GB2312")
    heiti: Text | None = Field(None, alias="黑体")
    song: Text | None = Field(None, alias="宋体")
    latin: Text | None = Field(None, alias="Times New Roman")


class House(Model):
    """Local deviations; the defaults are the national rules."""

    source: Text | None = Field(None, description="依据，如 某某省公文格式细则")
    fonts: Fonts | None = Field(None, description="字体替换，如 方正小标宋简体: 方正小标宋_GBK")
    profile: Literal["9704", "33476"] = Field(
        "9704", description="页边距：9704 为 37/35 毫米，33476 为 34.58/32.58 毫米"
    )
    issuer_mark: Texts = Field([], description="发文机关标志文字")
    number_code: Annotated[Text, AfterValidator(_number_code)] | None = Field(
        None, description="机关代字，文号只写序号时用，如 某人社函"
    )
    page_number: Annotated[str, AfterValidator(_page_number)] = Field(PAGE_NUMBER, description="页码样式，{n} 为页码")

    @property
    def local_fonts(self) -> dict[str, str]:
        """The local name by the national one, of the fonts that have one."""
        return self.fonts.model_dump(by_alias=True, exclude_none=True) if self.fonts else {}
