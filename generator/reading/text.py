"""A plain text as its lines: UTF-8, or else GB 18030."""

from __future__ import annotations

from generator.base.i18n import _
from generator.base.problems import Problems, Where, error
from generator.base.values import clean_file


def read_lines(data: bytes, file: str) -> list[str]:
    """The lines of a plain text without blanks at their ends; lines of blanks only are left out.

    `file` is its name in messages. Raises Problems when the bytes are text in neither encoding, or hold what no
    document can.
    """
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        lines = [line.strip() for line in clean_file(text, file).split("\n")]
        return [line for line in lines if line]
    message = _("the text is written neither in UTF-8 nor in GB 18030")
    raise Problems([error("text-encoding", Where(file), message, _("Save it as UTF-8."))])
