"""发文字号 in its normal form."""

from __future__ import annotations

import re
import unicodedata

_ZEROS = str.maketrans(dict.fromkeys("OoОо○〇零", "0"))
_DIGIT = "[0-9OoОо○〇零]"
_NUMBER = re.compile(rf"(?P<mark>.+?)[〔\[【(﹝［](?P<year>{_DIGIT}{{4}})[〕\]】)﹞］]第?(?P<serial>{_DIGIT}+)号?")


def _normal(text: str) -> str | None:
    compact = "".join(text.split())
    # Full-width figures and brackets are folded for recognition; the mark itself may lawfully hold full-width brackets.
    folded = "".join(unicodedata.normalize("NFKC", char) for char in compact)
    match = _NUMBER.fullmatch(folded) if len(folded) == len(compact) else None
    if not match:
        return None
    year, serial = (match[part].translate(_ZEROS) for part in ("year", "serial"))
    return f"{compact[: match.end('mark')]}〔{year}〕{int(serial)}号"


def document_number(text: str) -> str:
    """The normal form 代字〔2026〕5号 (GB/T 9704-2012, 7.2.5): 〔〕, no 第, no spaces, no leading zero.

    A text that is no such number (国务院令第5号) comes back as written, without spaces.
    """
    return _normal(text) or "".join(text.split())
