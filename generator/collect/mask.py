"""Personal data: which fields hold it, and the one rule by which it is hidden."""

from __future__ import annotations

import re

from generator.dispatch.spec import FormField

_FORMATS = frozenset({"id_card", "phone", "email"})
_TITLES = re.compile(r"身份证|证件号|护照|手机|电话|账号|账户|帐号|帐户|卡号|银行")
_LONG_NUMBER = re.compile(r"(?<![\d.])\d{11,19}[Xx]?(?![\d.])")
_FIRST, _LAST = 3, 2


def is_personal(field: FormField) -> bool:
    """Numbers of identity cards, phones, mailboxes and bank accounts; a photo is personal, and never taken over."""
    return field.format in _FORMATS or (field.type == "string" and bool(_TITLES.search(field.title)))


def masked(text: str) -> str:
    """The first three and the last two characters, a star for each between; of a short text the first alone."""
    if len(text) <= _FIRST + _LAST:
        return text[:1] + "*" * (len(text) - 1)
    return text[:_FIRST] + "*" * (len(text) - _FIRST - _LAST) + text[-_LAST:]


def masked_in(text: str) -> str:
    """A text with every long number in it masked."""
    return _LONG_NUMBER.sub(lambda match: masked(match[0]), text)
