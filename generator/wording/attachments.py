"""附件: which there are, in which order, how each is called and numbered (GB/T 9704-2012, 7.3.4 and 7.3.7)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from generator.dispatch.spec import Attachment, Spec

CHECKLIST_TITLE = "报送材料清单"

Origin = Literal["source", "form", "checklist", "file"]


@dataclass(frozen=True, slots=True)
class Entry:
    """One 附件: `name` is that of the source or form; for a file, the file's; for the checklist ""."""

    origin: Origin
    name: str
    title: str


def attachment_entries(spec: Spec) -> list[Entry]:
    """Every 附件 in order: sources that are numbered, then the list of the spec, else its forms.

    A form that is issued later is promised, not attached; a name of the list that no form has is left to the checker.
    """
    entries = [Entry("source", name, source.title) for name, source in spec.sources.items() if source.numbered]
    listed = spec.attachments
    if listed is None:
        listed = [Attachment.model_validate(name) for name in spec.forms]
    return entries + [entry for item in listed if (entry := _entry(spec, item))]


def _entry(spec: Spec, item: Attachment) -> Entry | None:
    if item.checklist:
        return Entry("checklist", "", CHECKLIST_TITLE)
    if item.title is not None:
        return Entry("file", item.file or "", item.title)
    form = spec.forms.get(item.form or "")
    return Entry("form", item.form or "", form.title) if form and not form.issued_later else None


def attachment_titles(spec: Spec) -> list[str]:
    return [entry.title for entry in attachment_entries(spec)]


def attachment_label(spec: Spec, name: str, origin: Origin = "form") -> str:
    """附件1, or 附件 where it is the only one; "" for what is not attached."""
    entries = attachment_entries(spec)
    for number, entry in enumerate(entries, start=1):
        if (entry.origin, entry.name) == (origin, name):
            return f"附件{number}" if len(entries) > 1 else "附件"
    return ""


def attachment_mention(spec: Spec, name: str, origin: Origin = "form") -> str:
    """How the text points to it, in brackets: 附件1, or 见附件 where it is the only one; "" if not attached."""
    label = attachment_label(spec, name, origin)
    return f"见{label}" if label == "附件" else label


def attachment_note(spec: Spec) -> list[str]:
    """附件说明, one line each: 附件：名称, or 附件：1.名称 and 2.名称 …; no punctuation after a name (7.3.4)."""
    titles = [title.rstrip("，。；、") for title in attachment_titles(spec)]
    if len(titles) < 2:
        return [f"附件：{title}" for title in titles]
    numbered = [f"{number}.{title}" for number, title in enumerate(titles, start=1)]
    return [f"附件：{numbered[0]}", *numbered[1:]]
