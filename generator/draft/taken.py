"""What a text is taken for that is no notice: a novel, an invoice, a thesis, tables, another language."""

from __future__ import annotations

import re

from generator.base.i18n import _
from generator.base.problems import Problems, Where, error
from generator.draft.facts import Facts
from generator.reading.arrived.shape import Arrived

_HAN = re.compile("[\u3400-\u9fff]")
_SIGNS = (
    (re.compile("价税合计|发票号码|纳税人识别号|开票日期|销售方"), 2),
    (re.compile("参考文献|关键词|学位论文|致谢|指导教师|绪论|摘要"), 3),
    (re.compile(r"(?m)^\s*第[一二三四五六七八九十百\d]{1,4}[章回卷]|“[^”]{2,40}[。！？]”"), 4),
)


def _names() -> list[str]:
    return [_("an invoice"), _("a thesis or paper"), _("a novel")]


def must_be_notice(arrived: Arrived, facts: Facts) -> None:
    """Raises Problems with what the text is taken for, unless it is a notice."""
    if _is_notice(facts):
        return
    message = _("this is no notice; it is taken for {what}, and nothing was written").format(
        what=_taken_for(arrived.text)
    )
    hint = _(
        "Give the notice first, then what came with it. A notice has a title (…的通知), recipients and who issued it."
    )
    raise Problems([error("not-a-notice", Where(arrived.file), message, hint)])


def _is_notice(facts: Facts) -> bool:
    """A title, and two of what else a notice has."""
    says = re.search(
        "通知如下|通报如下|现将|请.{0,40}(?:报送|上报|执行|组织|贯彻|提交|遵照|落实|查照)|转发|印发", facts.text
    )
    signs = (
        facts.recipients,
        facts.document_number,
        facts.date_of_issue,
        facts.issuing_authorities,
        says,
        facts.deadlines,
    )
    count = sum(bool(sign) for sign in signs)
    return count >= (2 if facts.title else 3) and _share_of_han(facts.text) > 0.3


def _share_of_han(text: str) -> float:
    plain = "".join(text.split())
    return len(_HAN.findall(plain)) / (len(plain) or 1)


def _taken_for(text: str) -> str:
    plain = "".join(text.split())
    if len(plain) < 20:
        return _("an empty page or a picture without text")
    lines = [line for line in text.split("\n") if line.strip()]
    if sum(line.startswith("|") for line in lines) > 0.6 * len(lines):
        return _("tables alone")
    if _share_of_han(text) < 0.3:
        return _("a text in another language")
    found = [
        (len(pattern.findall(text)) / least, name) for (pattern, least), name in zip(_SIGNS, _names(), strict=True)
    ]
    best, name = max(found)
    return name if best >= 1 else _("a text of another kind")
