"""A plain text in whatever encoding it was saved."""

from __future__ import annotations

import codecs
import re

from generator.base.i18n import _
from generator.reading.arrived.shape import refused

_BOMS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
_COMMON = re.compile(
    "[的一是在和有为各请年月日号局厅部通知关于报送工作单位要求之為關於請通知機關局處發文年月日號說明，。：、（）]"
)
_ODD = re.compile(r"[\x00-\x08\x0e-\x1f\ufffd\ue000-\uf8ff]")


def decoded(data: bytes, file: str) -> str:
    """The text of a file in UTF-8, UTF-16, GB 18030 or Big5; Problems when it is text in none of them.

    What is both GB 18030 and Big5 is read as that in which more of the commonest characters stand.
    """
    for mark, encoding in _BOMS.items():
        if data.startswith(mark):
            return _as(data, encoding) or ""
    if (text := _as(data, "utf-8")) is not None:
        return text
    tried = [text for encoding in ("gb18030", "big5") if (text := _as(data, encoding)) is not None]
    if not tried:
        message = _("this is no text in UTF-8, GB 18030 or Big5")
        raise refused(
            "text-encoding", file, message, _("Open it where it was written, and save it as .docx or as UTF-8 text.")
        )
    return max(tried, key=_likeness)


def _as(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return None


def _likeness(text: str) -> float:
    return (len(_COMMON.findall(text)) - 5 * len(_ODD.findall(text))) / (len(text) or 1)
