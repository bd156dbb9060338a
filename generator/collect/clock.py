"""The one place of this room that looks at the clock: when something came, and what day it is."""

from __future__ import annotations

import datetime as dt


def now() -> dt.datetime:
    """This minute, in the office's own time."""
    return dt.datetime.now().replace(second=0, microsecond=0)
