"""标题, citations and the opening of a forwarding notice (patterns of real notices; 条例 8, 9)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from generator.base.numerals import numeral
from generator.dispatch.spec import Authority, Source, Spec
from generator.wording.attachments import attachment_mention
from generator.wording.doc_numbers import document_number

TRANSMIT, JOIN, ORDER = "转发给你们", "并提出如下工作要求", "请一并抓好落实"
ORDER_ALONE = "请认真贯彻执行"
"""The closing order of a notice that adds no requirement of its own."""

_PLAN = "意见|办法|规定|条例|细则|规则|规程|守则|准则|方案|规划|纲要|计划|章程|指南|要点|制度|标准|目录|预案|措施"
_TYPE = "决议|决定|命令|令|公报|公告|通告|通知|通报|公示|报告|请示|批复|议案|函|纪要"
_TYPE_AT_END = re.compile(rf"({_PLAN}|{_TYPE})(?:（?第[\d一二三四五六七八九十百]+号）?|（[^（）]*）)*$")
_OWN_ISSUER = re.compile(
    r"(?P<issuer>(?:(?!关于|转发|印发)[^《〈“])*(?:[部厅局委办司处署会院室社组站所馆行团校学府央省市区县心司线台]|部门|单位|集团|（[^（）]*）))"
    r"\s*(?=关于|转发|印发|《)"
)
_FORWARDS = re.compile(r"(?P<by>[^《〈“]*?)(?:关于)?转发(?P<what>.+)")
_QUOTED_NOTICE = re.compile(r"(?P<issuer>[^《]*)《(?P<title>.+)》(?:的(?:紧急|补充)?通知)?")
_JOINT_WORD = re.compile(r"等[一二三四五六七八九十\d]+个?(?:部门|单位|部委|机关)")
_GOVERNMENT = re.compile(r"(部|委|委员会|厅|局|署|办|办公室|办公厅|政府)$")
_NAMED_IN_FULL = 3
_OPENING, _CLOSING = "《〈", "》〉"


def issuers(spec: Spec) -> str:
    """Every issuing authority by its full name: the author that a file names."""
    return "、".join(authority.name for authority in spec.issuing_authorities)


STATUS_MARKS = {"draft": "送审稿", "issued": "", "sample": "样例"}
"""What every page of a document says that is not the issued one."""


def quote(text: str) -> str:
    """《…》 around a title; marks inside alternate 〈 〉 and 《 》 by depth (GB/T 15834-2011, 4.14)."""
    inner = _unwrapped(text)
    out, depth = ["《"], 1
    for char in inner:
        if char in _OPENING:
            out.append(_OPENING[depth % 2])
            depth += 1
        elif char in _CLOSING and depth > 1:
            depth -= 1
            out.append(_CLOSING[depth % 2])
        else:
            out.append(char)
    return "".join(out) + "》"


def _unwrapped(text: str) -> str:
    """A title without the one pair of 《》 that its author put around all of it."""
    return text[1:-1] if text.startswith("《") and text.find("》") == len(text) - 1 else text


def source_type(source: Source) -> str | None:
    """The source's 文种 (通知, 通报, 意见, 令 …): as given, else as its title ends; None if neither tells."""
    if source.document_type:
        return source.document_type
    match = _TYPE_AT_END.search(_unwrapped(source.title))
    return match[1] if match else None


def _joint(names: Sequence[str], separator: str) -> str:
    """Up to three authorities by name, the host first; from four on 教育部等十部门."""
    if len(names) <= _NAMED_IN_FULL:
        return separator.join(names)
    return f"{names[0]}等{numeral(len(names))}{'部门' if _GOVERNMENT.search(names[0]) else '单位'}"


def joint_issuers(authorities: Sequence[Authority]) -> str:
    """Our own authorities as a title begins with them: the short names where there are, joint ones apart by a space."""
    return _joint([authority.short_name or authority.name for authority in authorities], " ")


@dataclass(frozen=True, slots=True)
class _Named:
    """A document by its issuer (may be empty) and by its title without the issuer."""

    issuer: str
    title: str


def _leading_issuer(title: str, issuers: Sequence[str]) -> str:
    """The part of the title that names its issuer: one of those given, in any joint form, else what reads like one."""
    end = 0
    while match := next((name for name in issuers if title[end:].startswith(name)), None):
        end += len(match)
        end += len(title[end:]) - len(title[end:].lstrip(" 　、"))
    if end:
        joint = _JOINT_WORD.match(title, end)
        return title[: joint.end() if joint else end]
    own = _OWN_ISSUER.match(title)
    return title[: own.end("issuer")] if own else ""


def _named(source: Source) -> _Named:
    title = _unwrapped(source.title)
    issuer = _leading_issuer(title, source.issuing_authorities)
    return _Named(issuer.strip(" 　") or _joint(source.issuing_authorities, "、"), title[len(issuer) :].strip(" 　"))


def _first_document(source: Source) -> _Named:
    """The document at the bottom of a chain of 转发: a title names that one only."""
    named = _named(source)
    if source.forwards:
        return _of_text(source.forwards)
    while named.title.startswith(("转发", "关于转发")) and (match := _FORWARDS.fullmatch(named.title)):
        named = _of_text(match["what"])
    return named


def _of_text(text: str) -> _Named:
    """A document as a forwarding title names it: C关于X的通知, 《C关于X的通知》的通知, C《X》的通知, C《X》."""
    issuer = ""
    match = _QUOTED_NOTICE.fullmatch(text)
    if match and not re.search("关于|印发", match["issuer"]) and "》《" not in text:
        text, issuer = match["title"], match["issuer"]
    text = _unwrapped(text)
    own = _leading_issuer(text, ())
    return _Named(own.strip() or issuer, text[len(own) :].strip())


def forwarded(spec: Spec) -> list[Source]:
    """The sources that are passed on, in order: all but those that the notice is merely based on."""
    return [source for source in spec.sources.values() if not source.based_on]


def title(spec: Spec) -> str:
    """The title: as given, else for a forwarding notice derived from its sources; "" where neither can be.

    A 通知 in the verb style: 某局转发某厅关于X的通知. A 意见 or a plan: 某局转发某厅关于X意见的通知. Every other kind,
    the quoted style and several sources: 某局关于转发《…》的通知. Of a chain only the first document is named.
    """
    sources = forwarded(spec)
    if spec.title or spec.kind != "forward" or not sources:
        return spec.title or ""
    issuer = joint_issuers(spec.issuing_authorities)
    if len(sources) == 1 and spec.title_style == "verb" and (act := _verb_style(sources[0])):
        return issuer + act
    return f"{issuer}关于转发{_all_quoted(sources)}的通知"


def _verb_style(source: Source) -> str:
    """转发某厅关于X的通知; "" where the kind of document asks for the quoted style."""
    first = _first_document(source)
    match = _TYPE_AT_END.search(first.title)
    at_end = match[1] if match and match.end(1) == len(first.title) else None
    kind = source.document_type if source.document_type and not _forwards(source) else at_end
    if kind == at_end == "通知":
        return f"转发{first.issuer}{first.title}"
    if kind is None or kind != at_end or kind not in _PLAN.split("|"):
        return ""
    if not first.title.startswith("关于"):
        return f"转发{first.issuer}{quote(first.title)}的通知"
    stem = first.title.removesuffix(kind).removesuffix("的")
    return f"转发{first.issuer}{stem}{kind}的通知"


def _forwards(source: Source) -> bool:
    return bool(source.forwards) or _named(source).title.startswith(("转发", "关于转发"))


def _all_quoted(sources: Sequence[Source]) -> str:
    shown = []
    for source in sources:
        first = _first_document(source)
        shown.append(quote(first.issuer + first.title if _forwards(source) else source.title))
    return "".join(shown) if len(shown) < _NAMED_IN_FULL else f"{shown[0]}等{numeral(len(shown))}个文件"


def cite(source: Source, label: str = "") -> str:
    """issuer《title》（number）, without the issuer where the title begins with it; `label` 附件1 joins the number."""
    return _cited_issuer(source) + _cited_text(source, label)


def _cited_issuer(source: Source) -> str:
    own = _leading_issuer(_unwrapped(source.title), source.issuing_authorities)
    return "" if own else _joint(source.issuing_authorities, "、")


def _cited_text(source: Source, label: str) -> str:
    number = document_number(source.document_number) if source.document_number else ""
    inside = "，".join(part for part in (number, label) if part)
    return quote(_unwrapped(source.title)) + (f"（{inside}）" if inside else "")


def cite_in(spec: Spec, name: str) -> str:
    """The citation of `spec.sources[name]`; one that is numbered among the attachments says so: （…33号，附件1）."""
    return cite(spec.sources[name], attachment_mention(spec, name, "source"))


def _cited_all(spec: Spec, names: Sequence[str]) -> str:
    """甲部《A》、《B》和《C》: an issuer that they all have is named once."""
    issuers = {_cited_issuer(spec.sources[name]) for name in names}
    texts = [_cited_text(spec.sources[name], attachment_mention(spec, name, "source")) for name in names]
    common = issuers.pop() if len(issuers) == 1 else ""
    cited = texts if common else [cite_in(spec, name) for name in names]
    return common + "、".join(cited[:-1]) + ("和" if len(cited) > 1 else "") + cited[-1]


def opening(spec: Spec, *, requirements: bool = True) -> str:
    """现将…转发给你们，并提出如下工作要求，请一并抓好落实。 "" for a plain notice, whose body has its own preamble.

    The three slots are `spec.opening`; `requirements` says whether the notice adds any of its own, and decides on the
    defaults of the second and third. A joining phrase that ends in 通知如下 needs no closing order.
    """
    names = [name for name, source in spec.sources.items() if not source.based_on]
    if spec.kind != "forward" or not names:
        return ""
    join = spec.opening.join or (JOIN if requirements else "")
    order = spec.opening.order or (ORDER if requirements else ORDER_ALONE)
    if not spec.opening.order and join.rstrip(_STOPS).endswith("通知如下"):
        order = ""
    slots = [f"现将{_cited_all(spec, names)}{spec.opening.transmit or TRANSMIT}", join, order]
    return "，".join(slot.strip(_STOPS) for slot in slots if slot) + "。"


_STOPS = "，。：；"
