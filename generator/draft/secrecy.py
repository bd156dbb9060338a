"""Marks of secrecy: a paper that carries one is not for this tool, and nothing more of it is read."""

from __future__ import annotations

import re
from collections.abc import Iterator

from generator.base.i18n import _
from generator.base.problems import Problems, Where, error
from generator.reading.arrived.shape import Arrived

_MARK = re.compile(
    r"^[（(【\[]?(?:绝密|机密|秘密|絕密|機密)(?:[★☆*＊].{0,12}|[\d一二三五十]+(?:年|个月)|级)?[）)】\]]?$"
    r"|(?:绝密|机密|秘密|絕密|機密)[★☆＊]"
    r"|(?:密级|密級|密等)[^：:]{0,14}[：:](?:绝密|机密|秘密|絕密|機密|密|内部|限閱)"
    r"|^[（(【\[]?(?:内部资料|内部文件|内部材料|內部資料|工作秘密|工作秘密事项)(?:[，,、。；;（(★！!】\])）].{0,24})?$"
    r"|^(?:属于?|本件(?:属于?|为)|此件(?:属于?|为))(?:工作秘密|内部资料)"
    r"|(?:内部资料|内部文件)[，,、]?(?:注意保存|注意保密|请勿外传|严禁外传|不得外传|妥善保管)"
)
"""Regulations on state secrets (2024), article 15 and GB/T 9704-2012, 7.2.2: the degree, a star, the term. Words about
secrecy in a sentence, and a field for the degree that is empty, are no mark.
"""


def stop_at_marks(arrived: Arrived) -> None:
    """Raises Problems when a line of the text, or anything aside of it, is a mark of secrecy."""
    found = next(_marks(arrived), None)
    if found:
        mark, page = found
        place = _(" (page {page})").format(page=page) if page else ""
        message = _('it bears the mark of secrecy "{mark}"{place}; nothing more of it was read').format(
            mark=mark, place=place
        )
        hint = _("Papers with such a mark are handled only on the machines and by the ways that are approved for them.")
        raise Problems([error("secrecy-mark", Where(arrived.file), message, hint)])


def _marks(arrived: Arrived) -> Iterator[tuple[str, int | None]]:
    for line in arrived.aside:
        if match := _MARK.search(_tight(line)):
            yield match[0][:24], None
    place = 0
    for line in arrived.text.split("\n"):
        for cell in line.strip("| ").split(" | ") if line.startswith("|") else (line,):
            if match := _MARK.search(_tight(cell)):
                yield match[0][:24], arrived.page(place)
        place += len(line) + 1


def _tight(line: str) -> str:
    return re.sub(r"[\s#*]+", "", line) if not re.search("[★*]", line) else re.sub(r"\s+", "", line)
