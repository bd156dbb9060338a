"""manifest.json: what a run made, file by file; written and read as a stream, one file to a line."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from io import BufferedReader
from itertools import islice
from json.encoder import encode_basestring
from pathlib import Path
from typing import NamedTuple

from generator.base.files import opened
from generator.base.i18n import _
from generator.base.problems import Problem, Problems, Where, as_json, error
from generator.kits.plan import sort_key

NAME = "manifest.json"
MAX_BYTES, MAX_LINE = 4 << 30, 1 << 20
"""A file and its line; ten million files of a run stay below."""
_SAFE = re.compile(r"[^/\\:\0]+/[^/\\:\0]+")


class Seal(NamedTuple):
    """What makes kits final: the 发文字号 under which they were issued, and the date of issue (ISO 8601, or "")."""

    number: str
    date: str


class Head(NamedTuple):
    """What a manifest says before its files."""

    dispatch: str
    version: str
    issued: Seal | None


class Entry(NamedTuple):
    """One file. `unit` is its code, None for the master. `content` is what no library's version changes: the hash of a
    package's parts and a unit's values in them, of a file passed on as it is, or of all that a PDF was made from. Of a
    file that could not be made, `sha256`, `content` and `size` tell the earlier file that still stands in its place,
    and are None where there is none; `problems` tell whole what `reason` says in a line."""

    unit: str | None
    kind: str
    file: str
    sha256: str | None
    content: str | None
    size: int | None
    status: str
    reason: str | None
    problems: tuple[Problem, ...] = ()

    @property
    def is_print(self) -> bool:
        """Whether this is a PDF made from a document, and not one passed on as it is."""
        return self.file.endswith(".pdf") and self.content != self.sha256

    def line(self) -> bytes:
        """The entry as one line of JSON, without its end."""
        # As json.dumps would write it, which takes three times as long.
        unit, reason = map(_quoted, (self.unit, self.reason))
        hashes = f'"sha256": {_quoted(self.sha256)}, "content": {_quoted(self.content)}'
        size = "null" if self.size is None else self.size
        named = f'"unit": {unit}, "kind": {_quoted(self.kind)}, "file": {_quoted(self.file)}'
        status = f'"status": {_quoted(self.status)}, "reason": {reason}'
        told = f', "problems": {json.dumps(as_json(self.problems), ensure_ascii=False)}' if self.problems else ""
        return f'{{{named}, {hashes}, "size": {size}, {status}{told}}}'.encode()


def _quoted(text: str | None) -> str:
    return "null" if text is None else encode_basestring(text)


def parse(line: bytes) -> Entry:
    """The entry of one line. Raises ValueError for what `Entry.line` cannot have written."""
    try:
        known = json.loads(line)
        entry = Entry(**{**known, "problems": tuple(map(Problem.from_json, known.get("problems", ())))})
        safe = _is_well_typed(entry) and _SAFE.fullmatch(entry.file) and not {".", ".."} & set(sort_key(entry.file))
    except (TypeError, AttributeError, RecursionError) as exc:
        raise ValueError(str(exc)) from exc
    if not safe:
        raise ValueError(str(entry.file))
    if b"\\u" in line:
        entry.line()  # a surrogate, which only an escape can name, is no text: UnicodeEncodeError, a ValueError
    return entry


def _is_well_typed(entry: Entry) -> bool:
    texts = (entry.kind, entry.file, entry.status)
    maybe = (entry.unit, entry.sha256, entry.content, entry.reason)
    return (
        all(isinstance(text, str) for text in texts)
        and all(text is None or isinstance(text, str) for text in maybe)
        and (entry.size is None or isinstance(entry.size, int))
    )


def text(head: Head, entries: Iterator[bytes]) -> Iterator[bytes]:
    """The manifest, for entries as lines (`Entry.line`) in the order of `sort_key`; in pieces worth writing."""
    issued = head.issued and head.issued._asdict()
    said: dict[str, object] = {"dispatch": head.dispatch, "version": head.version, "issued": issued, "files": []}
    yield json.dumps(said, ensure_ascii=False).removesuffix("]}").encode()
    separator = b"\n"
    while some := list(islice(entries, 500)):
        yield separator + b",\n".join(some)
        separator = b",\n"
    yield b"\n]}\n"


def head_of(path: Path) -> Head:
    """What a manifest says before its files. Raises Problems for what is no manifest, OSError."""
    with opened(path, limit=MAX_BYTES) as file:
        return _head(path, file.readline(MAX_LINE))


def read(path: Path) -> Iterator[Entry]:
    """The entries of a manifest in its order. Raises Problems for what is no manifest, OSError."""
    with opened(path, limit=MAX_BYTES) as file:
        _head(path, file.readline(MAX_LINE))
        before: list[str] = []
        number = 1
        for number, line in enumerate(lines(file), 2):
            if line.strip() == b"]}":
                return
            try:
                entry = parse(line.strip().removesuffix(b","))
            except ValueError as exc:
                raise Problems([_unreadable(path, number)]) from exc
            key = sort_key(entry.file)
            if key <= before:
                raise Problems([_unreadable(path, number)])
            before = key
            yield entry
        raise Problems([_unreadable(path, number)])


def lines(file: BufferedReader) -> Iterator[bytes]:
    """The lines from where the file stands; one that is longer than any of ours comes in pieces."""
    while line := file.readline(MAX_LINE):
        yield line


def _head(path: Path, line: bytes) -> Head:
    try:
        said = json.loads(line.strip() + b"]}")
        issued = Seal(**said["issued"]) if said["issued"] else None
        head = Head(said["dispatch"], said["version"], issued)
    except (ValueError, TypeError, KeyError, RecursionError) as exc:
        raise Problems([_unreadable(path, 1)]) from exc
    if not all(isinstance(text, str) for text in (head.dispatch, head.version, *(issued or ()))):
        raise Problems([_unreadable(path, 1)])
    return head


def _unreadable(path: Path, line: int) -> Problem:
    message = _("this is not a manifest as fawen writes it")
    hint = _("Delete it: the next run makes it anew, but will not remove files that the dispatch no longer has.")
    return error("bad-manifest", Where(str(path), line), message, hint)
