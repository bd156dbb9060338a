"""Attacks on everything that comes from outside, as data: what each is, and the defence that must meet it.

`met` is found in what is said of the attack, or is LITERAL where the text comes out as it is and nothing else happens.
docs/reliability.md is made from these tables by `pytest --update tests/test_attacks_report.py`.
"""

from __future__ import annotations

from dataclasses import dataclass

LITERAL = "kept as text"


@dataclass(frozen=True)
class Attack:
    """One attack: a name that says what it tries, what is put in, and what meets it."""

    name: str
    payload: str
    met: str
