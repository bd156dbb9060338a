"""Who a document is addressed to: the line that says so, its groups, and the places and bodies of each group."""

from __future__ import annotations

import re

from generator.wording.understand.paragraphs import HAN

_ENDS = (
    "局|厅|委|办|部|处|室|中心|院|校|会|公司|集团|单位|部门|企业|政府|机构|组织|所|站|馆|社|科室|老师|教师|同学|同志|教工|员工|职工|人员|个人|法人|总支|支部"
    "|团委|工会|系|班级|师生|兵团|区|县|市|镇|街道|园|队|大学|小学|中学|学部|科|司|署|省|旗|盟|教职工|家长|会员|专家|员|）|\\)|局處|機關|學校|單位|代表|户|者|家庭|银行|商户|业主"
)
_STARTS = (
    rf"各|有关|相关|全体|全[省市区县校院]|校[内属各]|局[各机]|院[各属内]|机关|[{HAN}]{{0,6}}直|[{HAN}]{{0,8}}各|尊敬的|亲爱的"
    rf"|[{HAN}（）()]{{2,30}}(?:人民政府|委员会|局|厅|委|院|部|公司|中心|大学|学院|学校|办公室|团委|总工会|兵团)"
)
_NOT = re.compile(
    r"时间|地点|内容|主题|要求|如下|名称|方式|对象|条件|电话|邮箱|联系|附件|标准|材料|主办|承办|协办|报名|来源|作者|发布|通知|关于|程序|机关[：:]|位置|栏目|以下|包括|负责|发文|索引"
)
_LINE = re.compile(rf"^(?:主送(?:机关)?[：:])?(?P<who>(?:{_STARTS})[^。；：:！？]{{0,600}}?)[：:]")
_INNER = re.compile(r"(?:部门|科室|处室|单位|人员|个人|企业)$")


def addressed(text: str) -> tuple[int, int] | None:
    """The place of the recipients at the front of a paragraph without blanks, up to its colon; None without any."""
    match = _LINE.match(text)
    if not match or _NOT.search(match["who"]) or not re.search(rf"(?:{_ENDS})$", match["who"]):
        return None
    return match.span("who")


def groups(text: str) -> list[tuple[int, int]]:
    """The groups of recipients, as places in the text: parted by commas, or by 、 where each part is 各… or 有关…."""
    parts = _split(text, "，,")
    if len(parts) > 1:
        return [piece for start, end in parts for piece in _alternatives(text, start, end)]
    return _alternatives(text, 0, len(text))


def _alternatives(text: str, start: int, end: int) -> list[tuple[int, int]]:
    inside = [(start + first, start + last) for first, last in _split(text[start:end], "、")]
    words = [text[first:last] for first, last in inside]
    each_named = len(words) > 1 and all(re.match("各|有关|相关", word) for word in words)
    if each_named and not (len(words) == 2 and _INNER.search(words[0])):
        return inside
    return [(start, end)]


def _split(text: str, signs: str) -> list[tuple[int, int]]:
    """The pieces between the signs that stand outside brackets."""
    found, start, depth = [], 0, 0
    for place, character in enumerate(text):
        depth += (character in "（([〔") - (character in "）)]〕")
        if character in signs and depth <= 0:
            found.append((start, place))
            start = place + 1
    found.append((start, len(text)))
    return [(first, last) for first, last in found if text[first:last].strip()]
