"""The Word templates: those that came with fawen, a dispatch's own in their place, dressed in its house style."""

from __future__ import annotations

from pathlib import Path

from generator.dispatch import Dispatch
from generator.word.house import dress

_HERE = Path(__file__).parent
SHIPPED = _HERE / "templates" if (_HERE / "templates").is_dir() else _HERE.parent / "templates"
"""Inside the installed package; beside it in a checkout, where people edit them."""


def template(dispatch: Dispatch, name: str) -> bytes:
    """The template `name`: the dispatch's own where its `templates:` folder has one, else the shipped one."""
    own = dispatch.folder / dispatch.spec.templates / name if dispatch.spec.templates else None
    return dress((own if own and own.is_file() else SHIPPED / name).read_bytes(), dispatch.house)
