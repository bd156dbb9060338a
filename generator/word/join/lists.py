"""A source's numbering taken over: its lists under new numbers, so that they count for themselves."""

from __future__ import annotations

import copy
import hashlib

from lxml import etree

from generator.office.ooxml import W
from generator.office.parts import Host
from generator.word.join.source import Source

_VAL = f"{W}val"


class Lists:
    """The lists of one source; `new_id` takes those over that are used, `write` puts them into the host."""

    def __init__(self, source: Source, host: Host, prefix: str) -> None:
        self._root = source.root("numbering")
        self._host, self._prefix = host, prefix
        self.lists: dict[str, etree._Element] = {}
        """By abstractNumId of the source: the lists that were taken over, for styles and pictures to be renamed in."""
        self._nums: dict[str, tuple[str, etree._Element]] = {}
        self._bullets: dict[str, str] = {}
        self.bullets: list[etree._Element] = []
        self._first = {kind: self._highest(kind) + 1 for kind in ("num", "abstractNum", "numPicBullet")}
        self._abstract_ids: dict[str, str] = {}

    def _highest(self, kind: str) -> int:
        if not (name := self._host.part("numbering")):
            return 0
        key = f"{W}{kind}Id"
        values = [element.get(key, "") for element in self._host.tree(name).findall(f"{W}{kind}")]
        return max((int(value) for value in values if value.isdecimal()), default=0)

    def new_id(self, num_id: str) -> str:
        """The number under which a list of the source goes on; "0", no numbering, for one that is not defined."""
        if num_id not in self._nums:
            num = self._find("num", "numId", num_id)
            abstract = None if num is None else self._abstract(num)
            if num is None or abstract is None:
                return "0"
            new = str(self._first["num"] + len(self._nums))
            num = copy.deepcopy(num)
            num.set(f"{W}numId", new)
            reference = num.find(f"{W}abstractNumId")
            assert reference is not None
            reference.set(_VAL, self._take(abstract))
            for level in num.iter(f"{W}lvlPicBulletId"):
                self._take_bullet(level)
            _strip(num)
            self._nums[num_id] = (new, num)
        return self._nums[num_id][0]

    def _find(self, tag: str, key: str, value: str) -> etree._Element | None:
        found = [] if self._root is None else self._root.findall(f"{W}{tag}")
        return next((element for element in found if element.get(f"{W}{key}") == value), None)

    def _abstract(self, num: etree._Element) -> etree._Element | None:
        """The definition that a list counts by; one that only names a numbering style is replaced by that style's."""
        reference = num.find(f"{W}abstractNumId")
        abstract = None if reference is None else self._find("abstractNum", "abstractNumId", reference.get(_VAL, ""))
        link = None if abstract is None else abstract.find(f"{W}numStyleLink")
        if link is None or self._root is None:
            return abstract
        for other in self._root.findall(f"{W}abstractNum"):
            style = other.find(f"{W}styleLink")
            if style is not None and style.get(_VAL) == link.get(_VAL):
                return other
        return None

    def _take(self, abstract: etree._Element) -> str:
        old = abstract.get(f"{W}abstractNumId", "")
        if old not in self._abstract_ids:
            new = str(self._first["abstractNum"] + len(self._abstract_ids))
            self._abstract_ids[old] = new
            taken = copy.deepcopy(abstract)
            taken.set(f"{W}abstractNumId", new)
            _strip(taken)
            for tag in ("styleLink", "numStyleLink", "name"):
                for element in taken.findall(f"{W}{tag}"):
                    taken.remove(element)
            # Word takes lists of one nsid for the same list.
            nsid = taken.find(f"{W}nsid")
            if nsid is None:
                nsid = etree.Element(f"{W}nsid")
                taken.insert(0, nsid)
            nsid.set(_VAL, hashlib.sha256(f"{self._prefix}{old}".encode()).hexdigest()[:8].upper())
            for level in taken.iter(f"{W}lvlPicBulletId"):
                self._take_bullet(level)
            self.lists[old] = taken
        return self._abstract_ids[old]

    def _take_bullet(self, reference: etree._Element) -> None:
        """Takes over the picture of a bullet; a reference to none is removed."""
        old = reference.get(_VAL, "")
        if old not in self._bullets:
            bullet = self._find("numPicBullet", "numPicBulletId", old)
            if bullet is None:
                parent = reference.getparent()
                if parent is not None:
                    parent.remove(reference)
                return
            taken = copy.deepcopy(bullet)
            self._bullets[old] = str(self._first["numPicBullet"] + len(self._bullets))
            taken.set(f"{W}numPicBulletId", self._bullets[old])
            self.bullets.append(taken)
        reference.set(_VAL, self._bullets[old])

    def elements(self) -> list[etree._Element]:
        """What was taken over: its styles, pictures and fonts are still those of the source."""
        return [*self.bullets, *self.lists.values(), *(num for _new, num in self._nums.values())]

    def write(self) -> None:
        """Puts the lists into the host's numbering, in the order of its schema."""
        if not self._nums or self._root is None:
            return
        self._host.make("numbering")
        root = self._host.widen(self._host.part("numbering"), self._root)
        for element in self.elements():
            root.append(element)
        order = [f"{W}{tag}" for tag in ("numPicBullet", "abstractNum", "num", "numIdMacAtCleanup")]
        root[:] = sorted(root, key=lambda element: order.index(str(element.tag)))


def _strip(element: etree._Element) -> None:
    """Removes the numbers by which later versions of Word follow a list through its changes."""
    for key in [key for key in element.attrib if not str(key).startswith(W)]:
        del element.attrib[key]
