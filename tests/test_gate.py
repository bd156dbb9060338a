"""The gate: dangerous, damaged and mistaken files are refused with a reason; ordinary ones pass unchanged."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Callable

import planted
import pytest

from generator.base.problems import Problems, Where
from generator.office.active import active_content
from generator.office.gate import MAX_FILE, MAX_PARTS, open_package

TYPES = {"[Content_Types].xml": b"<Types/>"}
WHERE = Where("a.docx")


def _two_of_a_name() -> bytes:
    return planted.rezip({**TYPES, "word/a.xml": b"<a/>", "WORD/A.xml": b"<a/>"})


def _patched(flag: int = 0, method: int = 8) -> bytes:
    """A package whose one member says that it has these flags and this method, in both of its headers."""
    data = bytearray(planted.rezip({**TYPES}))
    central = data.index(b"PK\x01\x02")
    struct.pack_into("<HH", data, 6, flag, method)
    struct.pack_into("<HH", data, central + 8, flag, method)
    return bytes(data)


def _overlapping() -> bytes:
    data = bytearray(planted.rezip({**TYPES, "word/a.xml": b"<a/>"}))
    second = data.index(b"PK\x01\x02", data.index(b"PK\x01\x02") + 4)
    struct.pack_into("<L", data, second + 42, 0)
    return bytes(data)


def _broken_member() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("[Content_Types].xml", b"<Types/>")
    return out.getvalue().replace(b"<Types/>", b"<Typos/>")


REFUSED: list[tuple[str, Callable[[], bytes], str]] = [
    ("old office file", lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "password"),
    ("no zip", lambda: b"%PDF-1.7", "no .docx or .xlsx file"),
    ("cut off", lambda: planted.rezip(TYPES)[:-30], "damaged"),
    ("another zip", lambda: planted.rezip({"a.txt": b""}), r"no \[Content_Types\].xml"),
    ("too large", lambda: b"PK" + bytes(MAX_FILE), "at most 20 MB"),
    ("too many parts", lambda: planted.rezip({**TYPES, **{f"{n}": b"" for n in range(MAX_PARTS)}}), "2001 parts"),
    ("bomb", lambda: planted.rezip({**TYPES, "word/media/a.png": bytes(2 * 2**20)}), "200 times its size"),
    ("parent folder", lambda: planted.rezip({**TYPES, "../a.xml": b"<a/>"}), "unsafe name"),
    ("absolute name", lambda: planted.rezip({**TYPES, "/a.xml": b"<a/>"}), "unsafe name"),
    ("backslash", lambda: planted.rezip({**TYPES, "word\\a.xml": b"<a/>"}), "unsafe name"),
    ("drive", lambda: planted.rezip({**TYPES, "C:a.xml": b"<a/>"}), "unsafe name"),
    ("two of a name", _two_of_a_name, "2 parts named"),
    ("encrypted", lambda: _patched(flag=1), "encrypted"),
    ("unknown method", lambda: _patched(method=14), "unknown method"),
    ("overlapping parts", _overlapping, "overlaps"),
    ("wrong checksum", _broken_member, "damaged"),
    ("document type", lambda: planted.rezip({**TYPES, "a.xml": b"<!DOCTYPE a [<!ENTITY b \"c\">]><a/>"}), "type def"),
    ("UTF-16", lambda: planted.rezip({**TYPES, "a.xml": "<a/>".encode("utf-16")}), "UTF-8"),
    ("declared GBK", lambda: planted.rezip({**TYPES, "a.xml": b'<?xml version="1.0" encoding="gbk"?><a/>'}), "UTF-8"),
]  # fmt: skip


@pytest.mark.parametrize(("make", "message"), [pytest.param(m, t, id=name) for name, m, t in REFUSED])
def test_refused(make: Callable[[], bytes], message: str) -> None:
    with pytest.raises(Problems, match=message) as caught:
        open_package(make(), WHERE)
    assert all(problem.where == WHERE and problem.hint for problem in caught.value.problems)


def test_everything_wrong_with_the_container_is_said_at_once() -> None:
    with pytest.raises(Problems) as caught:
        open_package(planted.rezip({**TYPES, "../a": b"", "/b": b""}), WHERE)
    assert len(caught.value.problems) == 2


@pytest.mark.parametrize("parts", [planted.word_parts(), planted.excel_parts()], ids=["word", "excel"])
def test_an_ordinary_file_passes_unchanged(parts: dict[str, bytes]) -> None:
    assert open_package(planted.rezip(parts), WHERE) == parts


def test_any_cut_or_flipped_file_is_read_or_refused_but_nothing_else() -> None:
    data = planted.rezip({**TYPES, "word/document.xml": b"<a>" + b"text " * 40 + b"</a>"})
    for position in range(len(data)):
        flipped = bytearray(data)
        flipped[position] ^= 0x55
        for damaged in (bytes(flipped), data[:position]):
            try:
                parts = open_package(damaged, WHERE)
            except Problems:
                continue
            assert set(map(zlib.crc32, parts.values())) <= set(map(zlib.crc32, open_package(data, WHERE).values()))


def _with_relation(kind: str, target: str, outside: str = "External") -> dict[str, bytes]:
    parts = planted.word_parts()
    rels = "word/_rels/document.xml.rels"
    relation = f'<Relationship Id="rId99" Type="x/{kind}" Target="{target}" TargetMode="{outside}"/></Relationships>'
    parts[rels] = parts[rels].replace(b"</Relationships>", relation.encode())
    return parts


ACTIVE = [
    pytest.param(_with_relation("image", "http://example.com/a.png"), "http://example.com/a.png", id="outside picture"),
    pytest.param(_with_relation("attachedTemplate", "http://example.com/a.dotm"), "attachedTemplate", id="template"),
    pytest.param(_with_relation("oleObject", "embeddings/a.bin", "Internal"), "oleObject", id="object"),
    pytest.param({**planted.word_parts(), "word/vbaProject.bin": b""}, "macro", id="macro"),
    pytest.param(
        planted.changed(
            planted.word_parts(), planted.Change("", "word/footer1.xml", " PAGE ", " INCLUDETEXT &quot;a&quot; ", "")
        ),
        "INCLUDETEXT",
        id="field",
    ),
]


@pytest.mark.parametrize(("parts", "message"), ACTIVE)
def test_active_content_is_found(parts: dict[str, bytes], message: str) -> None:
    (problem,) = active_content(parts, WHERE)
    assert message in problem.message


def test_a_link_that_a_reader_clicks_is_no_active_content() -> None:
    assert active_content(planted.word_parts(), WHERE) == []
