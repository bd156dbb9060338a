"""Materials that came: which of those asked for a file is, and what of it can be checked without a person."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import NamedTuple

from generator.collect.arrivals import Arrival
from generator.collect.findings import Finding
from generator.collect.people import squeezed
from generator.dispatch.dispatch import Dispatch
from generator.dispatch.spec import Evidence, Unit
from generator.dispatch.tasks import falls_to
from generator.wording import limits as limit_words

PICTURES = frozenset({"jpg", "jpeg", "png", "bmp", "tif", "tiff", "gif", "heic", "webp"})
VIDEOS = frozenset({"mp4", "mov", "avi", "wmv", "mkv", "flv", "mpg", "mpeg", "m4v", "rmvb", "webm"})
SOUNDS = frozenset({"mp3", "wav", "m4a", "aac", "flac", "wma", "ogg"})
_SAME = {"jpeg": "jpg", "tiff": "tif", "word": "docx", "excel": "xlsx", "doc": "doc", "ppt": "pptx"}
_FAMILIES = {"word": ("doc", "docx", "wps"), "excel": ("xls", "xlsx", "et"), "ppt": ("ppt", "pptx")}
_STARTS: tuple[tuple[bytes, int, str], ...] = (
    (b"%PDF-", 0, "pdf"), (b"\x89PNG", 0, "png"), (b"\xff\xd8\xff", 0, "jpg"), (b"GIF8", 0, "gif"), (b"BM", 0, "bmp"),
    (b"ftyp", 4, "mp4"), (b"RIFF", 0, "avi"), (b"\x1aE\xdf\xa3", 0, "mkv"), (b"ID3", 0, "mp3"),
    (b"0&\xb2u\x8ef\xcf\x11", 0, "wmv"), (b"FLV", 0, "flv"), (b"PK\x03\x04", 0, "zip"), (b"\xd0\xcf\x11\xe0", 0, "ole"),
)  # fmt: skip
_BY_CONTENT = {
    "mp4": {"mp4", "mov", "m4v", "m4a", "heic"}, "avi": {"avi", "wav", "webp"}, "mkv": {"mkv", "webm"},
    "zip": {"docx", "xlsx", "pptx", "zip", "ofd", "ods", "odt"}, "ole": {"doc", "xls", "ppt", "wps", "et", "dps"},
    "jpg": {"jpg", "jpeg"}, "wmv": {"wmv", "wma"},
}  # fmt: skip
"""By how a file begins: the endings that such a file may have."""
_SIZE = re.compile(r"([0-9]+(?:\.[0-9]+)?)\s*([KMGT千兆]?)", re.IGNORECASE)
_FACTOR = {"": 1, "K": 10**3, "千": 10**3, "M": 10**6, "兆": 10**6, "G": 10**9, "T": 10**12}
_LINES = re.compile(r"(\d{3,4})\s*[pP]|(\d{3,5})\s*[x×*]\s*(\d{3,5})|([248])\s*[kK]")
_K_LINES = {"2": 1440, "4": 2160, "8": 4320}


class Measured(NamedTuple):
    """Playing time in seconds, and width and height in pixels; 0 where it has none."""

    seconds: float
    width: int
    height: int


@dataclass(frozen=True)
class Materials:
    """The materials that a dispatch asks for."""

    dispatch: Dispatch

    @cached_property
    def _titles(self) -> list[tuple[str, str]]:
        """Titles and what is left of them without what only sets the scene, the longest first."""
        found = [(squeezed(item.title), name) for name, item in self.dispatch.spec.evidence.items()]
        return sorted(found, key=lambda pair: -len(pair[0]))

    def find(self, arrival: Arrival, unit: Unit) -> str:
        """The name of the material that the file is: by its title in the name of the file or its folder, else the only
        one that is of its kind; "" for none.
        """
        spec = self.dispatch.spec
        for text in (squeezed(arrival.base), squeezed(arrival.name)):
            for title, name in self._titles:
                if title in text and falls_to(spec, spec.evidence[name], unit):
                    return name
        kinds = [
            name
            for name, item in spec.evidence.items()
            if item.accept and falls_to(spec, item, unit) and arrival.ending in _endings(item)
        ]
        return kinds[0] if len(kinds) == 1 else ""

    def check(self, arrival: Arrival, name: str, unit: Unit) -> Iterator[Finding]:
        """Everything that can be told of one file."""
        item = self.dispatch.spec.evidence[name]
        if arrival.size == 0:
            yield Finding("file-empty", field=item.title)
            return
        yield from _kind(arrival, item)
        yield from _size(arrival, item)
        yield from _media(arrival, item)
        yield from _naming(arrival, item, unit)
        if people := [part for part in limit_words(item) if not _is_machine(part)] + item.parts:
            yield Finding("evidence-for-person", field=item.title, expected="、".join(people))


def _endings(item: Evidence) -> set[str]:
    """The endings that are accepted."""
    found: set[str] = set()
    for accepted in item.accept:
        plain = accepted.lower().lstrip(".")
        found |= set(_FAMILIES.get(plain, (plain, _SAME.get(plain, plain))))
        found |= {"jpeg", "jpg"} if plain in ("jpeg", "jpg") else set()
    return found


def _kind(arrival: Arrival, item: Evidence) -> Iterator[Finding]:
    accepted = "、".join(item.accept)
    if item.accept and arrival.ending not in _endings(item):
        yield Finding("evidence-type", field=item.title, value=arrival.ending or "—", expected=accepted)
        return
    start = arrival.data[:16]
    content = next((kind for sign, at, kind in _STARTS if start[at : at + len(sign)] == sign), "")
    known = {ending for kinds in _BY_CONTENT.values() for ending in kinds} | {kind for _s, _a, kind in _STARTS}
    if arrival.ending in known and arrival.ending not in _BY_CONTENT.get(content, {content}):
        if arrival.ending == "mp3" and not content:
            return  # a sound without a tag begins with its first frame
        yield Finding("evidence-type", field=item.title, value=content or "?", expected=arrival.ending)


def _size(arrival: Arrival, item: Evidence) -> Iterator[Finding]:
    if item.size is None:
        return
    low, high = _bytes(item.size.min), _bytes(item.size.max)
    if (low is not None and arrival.size < low) or (high is not None and arrival.size > high):
        said = [f"{sign}{text}" for sign, text in (("≥", item.size.min), ("≤", item.size.max)) if text]
        yield Finding(
            "evidence-size", field=item.title, value=f"{arrival.size / 10**6:.1f} MB", expected=" ".join(said)
        )


def _bytes(text: str | None) -> Decimal | None:
    match = _SIZE.match(text.strip()) if text else None
    return Decimal(match[1]) * _FACTOR[match[2].upper()] if match else None


def _media(arrival: Arrival, item: Evidence) -> Iterator[Finding]:
    if not (item.duration or item.resolution):
        return
    wanted = "、".join(part for part in limit_words(item) if _is_machine(part))
    measured = _measure(arrival)
    if measured is None:
        yield Finding("evidence-unchecked", field=item.title, value=arrival.base, expected=wanted)
        return
    if item.duration and measured.seconds:
        low = item.duration.min.total_seconds() if item.duration.min else 0
        high = item.duration.max.total_seconds() if item.duration.max else float("inf")
        if not low <= measured.seconds < high + 1:
            value = f"{int(measured.seconds) // 60}分{int(measured.seconds) % 60}秒"
            yield Finding("evidence-duration", field=item.title, value=value, expected=wanted)
    elif item.duration:
        yield Finding("evidence-unchecked", field=item.title, value=arrival.base, expected=wanted)
    least = _least_lines(item.resolution or "")
    if least and measured.height and min(measured.width, measured.height) < least:
        value = f"{measured.width}×{measured.height}"
        yield Finding("evidence-resolution", field=item.title, value=value, expected=item.resolution or "")


def _least_lines(text: str) -> int:
    """1080p, 1920×1080 and 4K as the shorter side in pixels; 0 for words that say none."""
    match = _LINES.search(text)
    if not match:
        return 0
    if match[1]:
        return int(match[1])
    return min(int(match[2]), int(match[3])) if match[2] else _K_LINES[match[4]]


def _measure(arrival: Arrival) -> Measured | None:
    """By MediaInfo, where it is installed; None where nobody can tell."""
    try:
        from pymediainfo import MediaInfo
    except ImportError:
        return None
    try:
        source = str(arrival.path) if arrival.path else _stream(arrival)
        tracks = MediaInfo.parse(source).tracks
    except Exception:
        # The library or the file is broken: what could not be checked is told, and never passed.
        return None
    seconds = max((float(track.duration or 0) / 1000 for track in tracks if track.track_type == "General"), default=0.0)
    pictures = [track for track in tracks if track.track_type in ("Video", "Image")]
    sides = [(int(track.width or 0), int(track.height or 0)) for track in pictures]
    return Measured(seconds, *max(sides, default=(0, 0)))


def _stream(arrival: Arrival) -> object:
    import io

    return io.BytesIO(arrival.data)


def _naming(arrival: Arrival, item: Evidence, unit: Unit) -> Iterator[Finding]:
    """The name that the checklist asks for."""
    pattern = item.naming or ("{unit}-{title}{n}")
    names = "|".join(map(re.escape, (unit.short_name, unit.name)))
    wanted = re.escape(pattern).replace(r"\{unit\}", f"(?:{names})")
    wanted = wanted.replace(r"\{title\}", re.escape(item.title)).replace(r"\{n\}", r"[（(]?\d*[)）]?")
    wanted = re.sub(r"\\\{[^{}]*\\\}", ".*", wanted)
    stem = arrival.base.rpartition(".")[0] or arrival.base
    if not re.fullmatch(wanted, stem):
        shown = pattern.replace("{unit}", unit.short_name).replace("{title}", item.title).replace("{n}", "")
        yield Finding("evidence-naming", field=item.title, expected=shown)


def _is_machine(words: str) -> bool:
    """Whether a limit is one of those that are measured here."""
    return bool(re.search(r"分钟|秒|小时|MB|GB|KB|格式|分辨率", words))
