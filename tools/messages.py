"""The catalogues in generator/base/locale: messages taken from the sources, compiled for gettext (`make messages`)."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).parent.parent
SOURCES = ROOT / "generator"
CATALOGUES = SOURCES / "base" / "locale" / "zh_CN" / "LC_MESSAGES"
OWN = CATALOGUES / "fawen.po"
CLICK = CATALOGUES / "click.po"
"""Click's own words. Written by hand: which there are depends on the version of Click that is installed."""

COUNTS = {"_": 1, "later": 1, "ngettext": 2}
"""The functions of generator.base.i18n that take messages, and how many."""

MessageId = str | tuple[str, ...]


def in_sources() -> Iterator[tuple[str, MessageId]]:
    """Every message of the sources: the file that holds it, from the project's root, and its English text.

    Read from the syntax tree: a tokenizer does not see what stands inside an f-string before Python 3.12.
    """
    for path in sorted(SOURCES.rglob("*.py")):
        tree, name = ast.parse(path.read_bytes()), path.relative_to(ROOT).as_posix()
        for call in ast.walk(tree):
            if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in COUNTS:
                texts = [part.value for part in call.args if isinstance(part, ast.Constant) and type(part.value) is str]
                if len(texts) == COUNTS[call.func.id]:
                    yield name, texts[0] if len(texts) == 1 else tuple(texts)
        for documented in _whose_docstring_is_shown(path, tree):
            yield name, (ast.get_docstring(documented) or "").partition("\n")[0]


def _whose_docstring_is_shown(path: Path, tree: ast.Module) -> Iterator[ast.Module | ast.FunctionDef]:
    """A kind of document, whose first line is the help of its command; a check of `lint`, whose first line tells it."""
    if path.parent.name == "kinds" and not path.name.startswith("_"):
        yield tree
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef):
            made_by = [item.func for item in function.decorator_list if isinstance(item, ast.Call)]
            if any(isinstance(item, ast.Name) and item.id == "rule" for item in made_by):
                yield function


def read(path: Path) -> Catalog:
    """The catalogue of a .po file."""
    with path.open("rb") as file:
        return read_po(file, locale="zh_CN", domain=path.stem)


def untranslated(catalogue: Catalog) -> list[Any]:
    """The messages that have no translation, or only a guessed one."""
    return [
        message.id
        for message in catalogue
        if message.id and (message.fuzzy or not message.string or not all(message.string))
    ]


def compile_catalogue(source: Path, target: Path) -> None:
    """Write the .mo of a .po, as gettext reads it."""
    with target.open("wb") as file:
        write_mo(file, read(source))


def update() -> list[Any]:
    """Bring fawen.po up to the sources and compile both catalogues; the messages that still want a translation."""
    catalogue, template = read(OWN), Catalog()
    for file, message in in_sources():
        template.add(message, locations=[(file, 0)])
    template.creation_date = catalogue.creation_date
    catalogue.update(template, no_fuzzy_matching=True)
    catalogue.obsolete.clear()
    with OWN.open("wb") as po:
        write_po(po, catalogue, width=120, sort_by_file=True, include_lineno=False)
    for path in (OWN, CLICK):
        compile_catalogue(path, path.with_suffix(".mo"))
    return untranslated(catalogue)


if __name__ == "__main__":
    if missing := update():
        sys.exit("\n".join([f"To be translated in {OWN.relative_to(ROOT)}:", *(f"  {message}" for message in missing)]))
