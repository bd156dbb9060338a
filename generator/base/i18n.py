"""Messages in the reader's language: English source, zh_CN catalogue in locale/."""

from __future__ import annotations

import gettext
import locale
import os
from collections.abc import Iterable
from functools import cache
from pathlib import Path

LOCALE_DIR = Path(__file__).parent / "locale"


def user_languages() -> list[str]:
    """Languages in order of preference, by the names of the catalogues; ends at English, which needs none."""
    found = []
    for name in _asked_for():
        if name.startswith(("zh", "Chinese")):
            found.append("zh_CN")
        elif name.startswith(("en", "English")) or name.partition(".")[0] in ("C", "POSIX"):
            return [*found, "C"]
        else:
            found.append(name)
    return found


def _asked_for() -> list[str]:
    """What the usual variables ask for, else the system (Windows sets no LANG)."""
    for variable in ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        if value := os.environ.get(variable):
            return value.split(":")
    return [name] if (name := locale.getlocale()[0]) else []


@cache
def _catalogue() -> gettext.NullTranslations:
    return gettext.translation("fawen", LOCALE_DIR, user_languages() or ["C"], fallback=True)


def _(message: str) -> str:
    """The message in the reader's language; the message itself where the catalogue has none."""
    return _catalogue().gettext(message)


def listed(names: Iterable[str]) -> str:
    """Names one after another, set apart as the reader's language does: 甲, 乙; in Chinese 甲、乙."""
    return _("{names}, {name}").format(names="", name="").join(names)


def ngettext(singular: str, plural: str, number: int) -> str:
    return _catalogue().ngettext(singular, plural, number)


def translate_click() -> None:
    """Let Click's own words ("Usage:", "No such option") come from locale/ too.

    Click asks for them in gettext's global domain, which looks at the variables only and knows no `zh` or `Chinese`.
    """
    os.environ["LANGUAGE"] = ":".join(user_languages())
    gettext.bindtextdomain("click", LOCALE_DIR)
    gettext.textdomain("click")
