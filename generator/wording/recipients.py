"""主送机关, 抄送 and the print line."""

from __future__ import annotations

from generator.dispatch.spec import RecipientGroup, Spec
from generator.wording.dates import full_date


def _group(group: RecipientGroup) -> str:
    places, bodies = "、".join(group.places), "、".join(group.bodies)
    if places and not places.startswith(("各", "全")):
        places = f"各{places}"
    main = group.text or (places + bodies if bodies else "")
    excluding = f"（不含{'、'.join(group.excluding)}）" if group.excluding else ""
    return "、".join(part for part in (main + excluding, *group.also) if part)


def recipient_groups(spec: Spec) -> list[str]:
    """Each group as one text: 各市、县（市、区）教育局（不含大连）、某某学院; commas and colons at its end dropped."""
    return [_group(group).rstrip("，、：:") for group in spec.recipients]


def recipients(spec: Spec) -> str:
    """All groups, without the colon: ， between groups, 、 inside one (GB/T 9704-2012, 7.3.2)."""
    return "，".join(recipient_groups(spec))


def carbon_copy(spec: Spec) -> str:
    """抄送：甲，乙。 (GB/T 9704-2012, 7.4.2); "" where nobody is in copy."""
    return f"抄送：{'，'.join(spec.carbon_copy)}。" if spec.carbon_copy else ""


def printed_on(spec: Spec) -> str:
    """2026年7月1日印发 (GB/T 9704-2012, 7.4.3): the date of print, else of issue; "" without an imprint or a date."""
    date = spec.imprint and (spec.imprint.date_of_print or spec.date_of_issue)
    return f"{full_date(date)}印发" if date else ""
