"""What comes in one file: the members of a .zip, the text and the attachments of an .eml."""

from __future__ import annotations

import email
import email.policy
from collections.abc import Iterator
from email.message import EmailMessage

from generator.base.problems import Where
from generator.office.gate import open_archive

MAX_MEMBERS = 60


def members(data: bytes, file: str) -> Iterator[tuple[str, bytes]]:
    """Each file of an archive by its own name, in its order. Raises Problems when the gate refuses it."""
    for number, (name, content) in enumerate(open_archive(data, Where(file)).items()):
        own = name.rpartition("/")[2]
        if number < MAX_MEMBERS and own and not own.startswith((".", "~$")) and not name.startswith("__MACOSX"):
            yield own, content


def letter(data: bytes) -> Iterator[tuple[str, bytes]]:
    """The attachments of a letter by name, its own text last: the notice is what is attached, where anything is."""
    message = email.message_from_bytes(data, policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    for number, part in enumerate(message.iter_attachments()):
        content = part.get_payload(decode=True)
        if number < MAX_MEMBERS and isinstance(content, bytes):
            yield part.get_filename() or f"{number + 1}", content
    body = message.get_body(("plain", "html"))
    if body is not None and isinstance(content := body.get_payload(decode=True), bytes):
        charset = body.get_content_charset() or "utf-8"
        yield ("letter.html" if body.get_content_type() == "text/html" else "letter.txt"), _utf8(content, charset)


def _utf8(content: bytes, charset: str) -> bytes:
    try:
        return content.decode(charset).encode()
    except (LookupError, UnicodeDecodeError):
        return content


def is_letter(data: bytes) -> bool:
    """Whether a file is a letter as mail programs save it: lines of names and values, of which some are a letter's."""
    head = data[:4000].lower()
    return all(name in b"\n" + head for name in (b"\nfrom:", b"\nsubject:")) and b"mime-version:" in head
