"""The Word templates: those that came with fawen, a dispatch's own in their place, dressed in its house style."""

from __future__ import annotations

from pathlib import Path

from generator.base import files
from generator.base.i18n import _
from generator.base.problems import Problems, Where, error
from generator.dispatch.dispatch import Dispatch, once
from generator.office.gate import MAX_FILE
from generator.word.template.template import Template

_PACKAGE = Path(__file__).parents[2]
SHIPPED = _PACKAGE / "templates" if (_PACKAGE / "templates").is_dir() else _PACKAGE.parent / "templates"
"""Inside the installed package; beside it in a checkout, where people edit them."""


@once
def template(dispatch: Dispatch, name: str) -> Template:
    """The template `name`: the dispatch's own where its `templates:` folder has one, else the shipped one.

    Raises Problems for one of its own that cannot be read, or is refused.
    """
    own = _own(dispatch, name)
    return Template((SHIPPED / name).read_bytes() if own is None else own, name, dispatch.house)


def _own(dispatch: Dispatch, name: str) -> bytes | None:
    """The dispatch's own template as it stands in its file; None where it has none of that name."""
    folder = dispatch.spec.templates
    if not folder or not (dispatch.folder / folder / name).exists():
        return None
    where = Where(name)
    if not files.is_inside(dispatch.folder, f"{folder}/{name}"):
        message = _("{file} is not in the dispatch folder").format(file=name)
        hint = _("Copy the file into the folder, and name it from there.")
        raise Problems([error("outside-folder", where, message, hint)])
    try:
        return files.read(dispatch.folder / folder / name, limit=MAX_FILE, links=True)
    except OSError as fault:
        message = _("{file} cannot be read: {reason}").format(file=name, reason=fault.strerror)
        hint = _("Look to its permissions, or close what holds it.")
        raise Problems([error("template", where, message, hint)]) from fault
