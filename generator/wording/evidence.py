"""报送材料 in words: what is wanted, how much of it, within which limits."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from generator.dispatch.spec import EVERY_CLASS, Duration, Evidence, Range, Spec
from generator.wording.quantities import MEASURE, bounds, quantity, quantity_by_class

_INNER = str.maketrans("（）", "〔〕")
"""Brackets of one form do not stand within one another (GB/T 15834-2011, 4.9.4)."""
_FORMAT_NAMES = {"word": "Word", "excel": "Excel"}


def evidence_words(
    spec: Spec, evidence: Evidence, unit_class: str | None = None, drawn: Callable[[str], str] | None = None
) -> str:
    """优秀成果视频（不少于2个，每个3—5分钟，MP4格式）; for one class only its own figure, without its name.

    `drawn` gives the unit's own figure by the name of its column in the roster (may give a slot).
    """
    details = [evidence.condition or "", "自愿报送" if evidence.optional else ""]
    details.append(f"含{'、'.join(evidence.parts)}" if evidence.parts else "")
    details.append(count_words(spec, evidence, unit_class, drawn))
    details += limits(evidence)
    details.append("不占名额" if evidence.outside_quota else "")
    return bracketed(evidence.title, "，".join(detail for detail in details if detail))


def bracketed(text: str, detail: str) -> str:
    """A text with a detail in brackets behind it, if there is one: brackets within the detail become 〔〕."""
    return f"{text}（{detail.translate(_INNER)}）" if detail else text


def count_words(
    spec: Spec, evidence: Evidence, unit_class: str | None = None, drawn: Callable[[str], str] | None = None
) -> str:
    """How many: for every class, or for one (its own figure, else the general one); "" where none is asked for."""
    count = evidence.count or {}
    if unit_class is None:
        return quantity_by_class(spec, count, evidence.unit_of_measure)
    own = count.get(unit_class, count.get(EVERY_CLASS))
    figure = drawn(own.column) if own and own.column and drawn else ""
    return quantity(own, evidence.unit_of_measure, figure) if own else ""


def limits(evidence: Evidence) -> list[str]:
    """Every limit on the evidence, one phrase each: 每个3—5分钟, MP4格式, 不超过3000字, 一式3份, 加盖公章."""
    sizes = [
        _range(evidence.words, "字"),
        _range(evidence.pages, "页"),
        _duration(evidence.duration),
        bounds(evidence.size.min, evidence.size.max, "", least="不小于") if evidence.size else "",
    ]
    measured = [size for size in sizes if size]
    if measured and several(evidence):
        measured[0] = f"每{evidence.unit_of_measure or MEASURE}{measured[0]}"
    return measured + [phrase for phrase in (_resolution(evidence), _formats(evidence), *_paper(evidence)) if phrase]


def several(evidence: Evidence) -> bool:
    """Whether a unit may hand in more than one, so that a limit must say that it is meant for each."""
    if not evidence.count:
        return False
    return any(1 not in (number.exact, number.max) for number in evidence.count.values())


def _range(limit: Range | None, unit: str) -> str:
    if not limit:
        return ""
    return f"{limit.about}{unit}左右" if limit.about is not None else bounds(limit.min, limit.max, unit)


def _time(length: dt.timedelta) -> str:
    """5分钟, 1分30秒, 90秒 as 1分30秒, 1小时30分钟."""
    minutes, seconds = divmod(int(length.total_seconds()), 60)
    hours, minutes = divmod(minutes, 60)
    text = f"{hours}小时" if hours else ""
    if minutes:
        text += f"{minutes}分" if seconds else f"{minutes}分钟"
    return text + (f"{seconds}秒" if seconds or not text else "")


def _duration(limit: Duration | None) -> str:
    if not limit:
        return ""
    if limit.about is not None:
        return f"{_time(limit.about)}左右"
    low, high = (None if bound is None else _time(bound) for bound in (limit.min, limit.max))
    if low and high and low.removesuffix("分钟").isdigit() and high.removesuffix("分钟").isdigit():
        low, high, unit = low.removesuffix("分钟"), high.removesuffix("分钟"), "分钟"
        return bounds(low, high, unit)
    return bounds(low, high, "")


def _resolution(evidence: Evidence) -> str:
    text = evidence.resolution
    if not text or text.startswith("分辨率"):
        return text or ""
    return f"分辨率{text}" if text.startswith("不") or text.endswith(("以上", "以内")) else f"分辨率不低于{text}"


def _formats(evidence: Evidence) -> str:
    names = [name.lstrip(".") for name in evidence.accept]
    shown = [_FORMAT_NAMES.get(name, name.upper()) if name.islower() else name for name in names]
    return "、".join(shown[:-1]) + ("或" if len(shown) > 1 else "") + f"{shown[-1]}格式" if shown else ""


def _paper(evidence: Evidence) -> list[str]:
    copies = f"一式{evidence.copies}份" if evidence.copies else ""
    anonymous = f"{evidence.anonymous_copies}份不署名" if evidence.anonymous_copies else ""
    return [
        {"original": "原件", "copy": "复印件"}.get(evidence.original or "", ""),
        copies,
        f"其中{anonymous}" if copies and anonymous else anonymous,
        "加盖公章" if evidence.seal else "",
        "签字" if evidence.signature else "",
    ]
