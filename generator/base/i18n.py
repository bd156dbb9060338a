"""Messages in the reader's language: English source, zh_CN catalogue in locale/."""

from __future__ import annotations

import gettext
import locale
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path

LOCALE_DIR = Path(__file__).parent / "locale"

_chosen: ContextVar[tuple[str, ...]] = ContextVar("_chosen")
"""The languages that the caller asks for, by the names of the catalogues; without them, the environment's."""


def languages() -> tuple[str, ...]:
    """The languages that messages are in here and now, in order of preference."""
    return _chosen.get(None) or _usual()


@contextmanager
def language(*names: str) -> Iterator[None]:
    """Messages inside are in these languages, named as in LANG ("zh_CN", "en"), whatever the environment says.

    It holds for this thread or task alone. What no catalogue has is said in English.
    """
    before = _chosen.set((*_catalogues(names), "C"))
    try:
        yield
    finally:
        _chosen.reset(before)


def user_languages() -> list[str]:
    """The environment's languages in order of preference; ends at English, which needs none."""
    return _catalogues(_asked_for())


def _catalogues(names: Iterable[str]) -> list[str]:
    """The names of the catalogues of some languages, up to English."""
    found = []
    for name in names:
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
def _usual() -> tuple[str, ...]:
    return tuple(user_languages()) or ("C",)


@cache
def _catalogue(names: tuple[str, ...]) -> gettext.NullTranslations:
    return gettext.translation("fawen", LOCALE_DIR, names, fallback=True)


def _(message: str) -> str:
    """The message in the reader's language; the message itself where the catalogue has none."""
    return _catalogue(languages()).gettext(message)


def later(message: str) -> str:
    """The message itself, for a table that is made once and read in many languages: who shows it calls `_` then."""
    return message


def listed(names: Iterable[str]) -> str:
    """Names one after another, set apart as the reader's language does: 甲, 乙; in Chinese 甲、乙."""
    return _("{names}, {name}").format(names="", name="").join(names)


def ngettext(singular: str, plural: str, number: int) -> str:
    return _catalogue(languages()).ngettext(singular, plural, number)


def translate_click() -> None:
    """Let Click's own words ("Usage:", "No such option") come from locale/ too; for a process that is a command.

    Click asks for them in gettext's global domain, which looks at the variables only and knows no `zh` or `Chinese`.
    """
    os.environ["LANGUAGE"] = ":".join(user_languages())
    gettext.bindtextdomain("click", LOCALE_DIR)
    gettext.textdomain("click")
