"""A stamped package: any zip program reads out of it what the parts say with the values in their places."""

import hashlib
import io
import zipfile
import zlib

from hypothesis import given, settings
from hypothesis import strategies as st

from generator.package import compile_package, slot

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
    content = hashlib.sha256()
    for name, data in sorted(expected.items()):
        content.update(name.encode() + hashlib.sha256(data).digest())
    assert stamped.content == content.hexdigest()


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
