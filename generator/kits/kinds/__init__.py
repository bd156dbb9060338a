"""Kinds of document: one file each, found by being here.

The file's name is the command (`fawen notice`, …). A kind is a module with a docstring (its first line is the
command's help) and one function, `documents(dispatch) -> Iterable[Document]`: the documents of this kind that the
dispatch has. Modules here import nothing heavy at the top: `fawen --help` reads their docstrings only.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Hashable, Iterable, Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Protocol, runtime_checkable

if TYPE_CHECKING:
    from generator.dispatch.dispatch import Dispatch
    from generator.dispatch.spec import Unit
    from generator.office.package import Package


class Document(Protocol):
    """One document of a dispatch, for every unit that it concerns.

    `unit=None` means the master: the document addressed to nobody in particular.
    Units of one shape differ in slot values only and share one compiled package.
    """

    @property
    def kind(self) -> str:
        """The kind's name: the module's."""
        ...

    @property
    def file_name(self) -> str:
        """The file's name with its ending, as people should read it; the planner makes it safe."""
        ...

    @property
    def to_each(self) -> bool:
        """Whether each unit's file is its own, and so bears its short name in front."""
        ...

    def concerns(self, unit: Unit | None) -> bool:
        """Whether the unit gets this document, as all units of its class and role do or do not."""
        ...

    def shape(self, unit: Unit | None) -> Hashable:
        """What decides everything but slot values; the same for all units when the document is the same for all."""
        ...

    def compile(self, unit: Unit | None) -> Package:
        """The compiled package of the shape of `unit`: the same for every unit of that shape."""
        ...

    def values(self, unit: Unit | None) -> Mapping[str, str]:
        """The unit's slot values; empty when the document is the same for all."""
        ...


@runtime_checkable
class Followed(Protocol):
    """A document whose PDF goes on with what its file cannot hold."""

    @property
    def following(self) -> tuple[bytes, ...]:
        """The PDFs whose pages come after its own."""
        ...


def names() -> list[str]:
    """The kinds there are, in alphabetical order."""
    return sorted(module.name for module in pkgutil.iter_modules(__path__))


def documents(dispatch: Dispatch, kinds: Iterable[str] | None = None) -> list[Document]:
    """Every document of the dispatch, of all kinds or of those named."""
    found: list[Document] = []
    for name in kinds if kinds is not None else names():
        found += import_module(f"{__name__}.{name}").documents(dispatch)
    return found
