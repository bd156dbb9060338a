"""Signs typed otherwise than the spec reads them: full-width brackets and commas, quotes, unseen characters."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from generator.base.i18n import _, listed
from generator.base.problems import Problem, Where
from generator.base.values import boxed, invisible
from generator.check.codes import report
from generator.dispatch.dispatch import Dispatch, Path_

_QUOTED = re.compile(r"[“‘＂]([^“”‘’＂]+)[”’＂]")
_BRACKETED = re.compile(r"[［｛].*[］｝]", re.DOTALL)
_DASHED = re.compile(r"[－—–−]\s")
_PLACE = re.compile(r"｛\s*\w+\s*｝|\{\s*\w+\s*｝|｛\s*\w+\s*\}")
_CHOICES = ("categories", "who", "classes", "accept", "channel", "formats", "signoff")
"""Lists of short words, in which a 、 parts them as well."""
_LONGEST_WORD = 12
_SPOKEN = ("name", "theme", "written", "text")
"""What may well be a quotation as a whole."""


def written(dispatch: Dispatch) -> Iterator[Problem]:
    """Every text of dispatch.yaml but the body, which is read by rules of its own."""
    data = dispatch.spec.model_dump(by_alias=True, exclude_unset=True, exclude={"body"})
    if isinstance(dispatch.spec.units, list):
        del data["units"]
    for path, text in _texts(data, ()):
        where = dispatch.where(*path)
        yield from _quotes(path, text, where)
        yield from _unseen(text, where)
        yield from _full_width(text, where)
    for path, words in _lists(data, ()):
        yield from _commas(path, words, dispatch.where(*path))


def body(dispatch: Dispatch) -> Iterator[Problem]:
    """Characters of the body that nobody sees."""
    in_place = dispatch.body_file == dispatch.spec.body
    for number, line in enumerate(dispatch.body.splitlines(), start=dispatch.body_line):
        yield from _unseen(line, Where(dispatch.body_file, number))
        if in_place and "\t" in line.strip("\t "):
            message, hint = _("a tab stands in the text (U+0009)"), _("Type spaces, or make it a table.")
            column = line.index("\t", len(line) - len(line.lstrip("\t "))) + 1
            yield report("unseen-character", Where(dispatch.body_file, number, column), message, hint)


def _texts(value: Any, path: Path_) -> Iterator[tuple[Path_, str]]:
    if isinstance(value, str):
        yield path, value
    else:
        for key, item in _items(value):
            yield from _texts(item, (*path, key))


def _items(value: Any) -> Iterator[tuple[str | int, Any]]:
    if isinstance(value, dict):
        yield from value.items()
    elif isinstance(value, list):
        yield from enumerate(value)


def _lists(value: Any, path: Path_) -> Iterator[tuple[Path_, list[str]]]:
    if isinstance(value, list) and value and all(isinstance(item, str) for item in value):
        yield path, value
    for key, item in _items(value):
        yield from _lists(item, (*path, key))


def _quotes(path: Path_, text: str, where: Where) -> Iterator[Problem]:
    match = _QUOTED.fullmatch(text.strip())
    if match and path[-1] not in _SPOKEN:
        message = _("the quotation marks around {text} are part of the value").format(text=text)
        hint = _('Delete them, or write ordinary ones: "{text}".').format(text=match[1])
        yield report("quoted-value", where, message, hint)


def _unseen(text: str, where: Where) -> Iterator[Problem]:
    if characters := invisible(text):
        message = _('"{value}" holds a character that is not seen: {characters}')
        message = message.format(value=boxed(text.strip())[:60], characters=listed(characters))
        yield report("unseen-character", where, message, _("Delete it; it stands at the box."))


def _full_width(text: str, where: Where) -> Iterator[Problem]:
    said = text.strip()
    sign = said[0] if _BRACKETED.fullmatch(said) or _DASHED.match(said) else ""
    if place := _PLACE.search(text):
        sign = "｛" if "｛" in place[0] else "｝"
    if sign:
        message = _('the sign "{sign}" is a full-width one, and taken as text: {text}').format(sign=sign, text=said)
        hint = _("Type it in half width: [ ] {{ }} - , and a space after the hyphen.").format()
        yield report("full-width-text", where, message, hint)


def _commas(path: Path_, words: list[str], where: Where) -> Iterator[Problem]:
    signs = "，；、" if path[-1] in _CHOICES else "，；"
    for word in words if len(words) == 1 else ():
        parts = re.split(f"[{signs}]", word)
        if len(parts) > 1 and all(0 < len(part.strip()) <= _LONGEST_WORD and "。" not in part for part in parts):
            sign = next(sign for sign in signs if sign in word)
            message = _('"{word}" is one item: the sign "{sign}" in it is a full-width one').format(
                word=word, sign=sign
            )
            hint = _("Part items by ordinary commas: [{items}]").format(items=", ".join(part.strip() for part in parts))
            yield report("full-width-text", where, message, hint)


RULES = (written, body)
