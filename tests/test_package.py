"""A stamped package: any zip program reads out of it what the parts say with the values in their places."""

import hashlib
import io
import zipfile
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.office.package import compile_package, slot

SIZES = st.sampled_from([0, 1, 127, 128, 4095, 4096, 8191, 8192, 40_000])
"""About the sizes from which on pieces are stored, deflated with each level, and deflated once."""
PIECES = st.lists(st.tuples(SIZES, st.integers(0, 9)), min_size=1, max_size=5)
VALUES = st.text(st.characters(exclude_categories=["Cs", "Cc", "Cn", "Co"]), max_size=40)


def text_of(size: int, seed: int) -> str:
    """So many bytes of XML text that deflate can make smaller, but not to nothing."""
    digest = "".join(hashlib.sha256(f"{seed}-{number}".encode()).hexdigest() for number in range(size // 64 + 1))
    return digest[:size]


@settings(deadline=None, max_examples=60)
@given(PIECES, VALUES)
def test_a_part_is_its_pieces_with_the_values_between(pieces: list[tuple[int, int]], value: str) -> None:
    texts = [text_of(*piece) for piece in pieces]
    parts = {"word/document.xml": f"<t>{slot('unit.name').join(texts)}</t>".encode(), "constant.xml": b"<a/>"}
    stamped = compile_package(parts).stamp({"unit.name": value})
    escaped = value.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    expected = {"word/document.xml": f"<t>{escaped.join(texts)}</t>".encode(), "constant.xml": b"<a/>"}
    with zipfile.ZipFile(io.BytesIO(stamped.data)) as package:
        # testzip reads every member and compares its CRC.
        assert package.testzip() is None
        assert {name: package.read(name) for name in package.namelist()} == expected
        (member,) = (info for info in package.infolist() if info.filename == "word/document.xml")
    # Each constant piece may begin and end a stream of its own, and what cannot be made smaller is stored.
    assert member.compress_size <= member.file_size + 10 * len(texts) + 5
    assert stamped.sha256 == hashlib.sha256(stamped.data).hexdigest()


TWO = {"a.xml": f"<t>{slot('x')}，{slot('y')}</t>".encode(), "b.xml": b"<b/>"}
OTHERS = {
    "a value": (TWO, {"x": "甲", "y": "丙"}),
    "an escaped value": (TWO, {"x": "甲", "y": "<乙>"}),
    "where one value ends": (TWO, {"x": "甲乙", "y": ""}),
    "which value is which": (TWO, {"x": "乙", "y": "甲"}),
    "the text around": ({**TWO, "a.xml": f"<t>{slot('x')}、{slot('y')}</t>".encode()}, {"x": "甲", "y": "乙"}),
    "a constant part": ({**TWO, "b.xml": b"<c/>"}, {"x": "甲", "y": "乙"}),
    "a part's name": ({"a.xml": TWO["a.xml"], "c.xml": b"<b/>"}, {"x": "甲", "y": "乙"}),
}


@pytest.mark.parametrize(("parts", "values"), OTHERS.values(), ids=OTHERS.keys())
def test_the_content_hash_changes_with(parts: dict[str, bytes], values: dict[str, str]) -> None:
    content = compile_package(TWO).stamp({"x": "甲", "y": "乙"}).content
    assert compile_package(dict(reversed(TWO.items()))).stamp({"y": "乙", "x": "甲", "z": "丙"}).content == content
    assert compile_package(parts).stamp(values).content != content


@pytest.mark.parametrize("bad", ["甲\x1f乙", "\x1f", "\x00", "\ufdd0", "\uffff", "\ud800"])
def test_a_value_that_xml_cannot_hold_is_refused(bad: str) -> None:
    package = compile_package(TWO)
    for values in ({"x": bad, "y": "乙"}, {"x": "甲", "y": bad}, {"x": "<", "y": bad}):
        with pytest.raises(ValueError, match=f"U\\+{max(ord(each) for each in bad if each not in '甲乙'):04X} cannot"):
            package.stamp(values)


def test_a_slot_without_a_value_is_an_error() -> None:
    with pytest.raises(KeyError):
        compile_package(TWO).stamp({"x": "甲"})


def test_a_member_is_one_deflate_stream_to_programs_that_read_as_it_comes() -> None:
    parts = {"a.xml": f"<t>{'公文' * 9000}{slot('x')}{'格式' * 9000}</t>".encode()}
    data = compile_package(parts).stamp({"x": "某"}).data
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        info = package.infolist()[0]
    raw = data[info.header_offset + 30 + len("a.xml") :]
    reader = zlib.decompressobj(-15)
    got = b"".join(reader.decompress(raw[at : at + 100]) for at in range(0, info.compress_size, 100))
    assert reader.eof
    assert got.decode() == f"<t>{'公文' * 9000}某{'格式' * 9000}</t>"
