"""The dispatch folder that `fawen new` makes: commented, complete, and built as it is."""

from __future__ import annotations

from pathlib import Path

from generator.base.i18n import _
from generator.base.problems import Problem, Problems, Where, error, reason

STARTER = Path(__file__).parent / "starter"
"""The files of the folder, as plain text, to be edited as such."""


def write(folder: Path) -> list[Path]:
    """The files written into `folder`, which is made if need be and must hold nothing yet.

    Raises Problems: `folder-not-empty`, or `cannot-write` with the system's reason.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if any(folder.iterdir()):
            raise Problems([_not_empty(folder)])
        return [_copy(source, folder) for source in sorted(STARTER.iterdir())]
    except OSError as fault:
        message = _("the folder cannot be written: {reason}").format(reason=reason(fault))
        hint = _("Name a folder in a place where you may write.")
        raise Problems([error("cannot-write", Where(str(folder)), message, hint)]) from fault


def _not_empty(folder: Path) -> Problem:
    message = _("the folder is not empty; nothing was written")
    return error("folder-not-empty", Where(str(folder)), message, _("Name a folder that does not exist yet."))


def _copy(source: Path, folder: Path) -> Path:
    target = folder / source.name
    with target.open("xb") as file:
        file.write(source.read_bytes())
    return target
