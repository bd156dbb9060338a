"""Writing files of this room: whole under their names, or not at all."""

from __future__ import annotations

from pathlib import Path

from generator.base.i18n import _
from generator.base.problems import Problems, Where, error, reason
from generator.kits.disk import NotWrittenError, Writer


def write(path: Path, data: bytes) -> Path:
    """The file with these bytes; its path. Raises Problems."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        Writer(path.parent).write(path.name, data)
    except (OSError, NotWrittenError) as fault:
        why = reason(fault) if isinstance(fault, OSError) else str(fault)
        message = _("it cannot be written: {reason}").format(reason=why)
        hint = _("If it is open in another program, close it there; then run the command again.")
        raise Problems([error("cannot-write", Where(str(path)), message, hint)]) from fault
    return path
