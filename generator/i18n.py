"""Messages in the reader's language: English source, zh_CN catalogue in locale/."""

from __future__ import annotations

import gettext
import locale
import os
from functools import cache
from pathlib import Path

LOCALE_DIR = Path(__file__).parent / "locale"


def user_languages() -> list[str]:
    """Languages in order of preference, from the usual variables, else from the system (Windows sets no LANG)."""
    for variable in ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        if value := os.environ.get(variable):
            return value.split(":")
    return [name] if (name := locale.getlocale()[0]) else []


@cache
def _catalogue() -> gettext.NullTranslations:
    languages = ["zh_CN" if name.startswith(("zh", "Chinese")) else name for name in user_languages()]
    return gettext.translation("fawen", LOCALE_DIR, languages or None, fallback=True)


def _(message: str) -> str:
    """The message in the reader's language; the message itself where the catalogue has none."""
    return _catalogue().gettext(message)


def ngettext(singular: str, plural: str, number: int) -> str:
    return _catalogue().ngettext(singular, plural, number)
