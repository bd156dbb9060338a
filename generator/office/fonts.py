"""Which fonts a document asks for, which of them the machine lacks, and what stands in for them in pictures and PDF."""

from __future__ import annotations

import os
import re
import shutil
import struct
import subprocess
import sys
from collections.abc import Container, Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import BinaryIO
from xml.sax.saxutils import unescape

from generator.base.i18n import _, listed
from generator.base.problems import Problem, Where, warning

SUBSTITUTES = Path(__file__).with_name("fonts.conf")
"""Free substitutes, as rules of fontconfig: one `match` for each family of GB/T 9704."""

_WORD = re.compile(rb"<w:rFonts\b[^>]*>")
_FAMILY = re.compile(rb'\bw:(?:ascii|hAnsi|eastAsia)="([^"]+)"')
_EXCEL = re.compile(rb'<(?:name|rFont) val="([^"]+)"')
_RULE = re.compile(r"[ \t]*<match\b.*?</match>\n?", re.DOTALL)
_RULE_FAMILY = re.compile(r"<test name=\"family\"><string>(.*?)</string>")
_COLLECTION = b"ttcf"
_OUTLINES = (b"\x00\x01\x00\x00", b"OTTO", b"true")
_FAMILY_NAMES = (1, 16)
"""Name identifiers of the family, and of the family that typographers would call so (OpenType, `name` table)."""
_ENCODINGS = {0: "utf-16-be", 3: "utf-16-be", 1: "mac-roman"}


def named(parts: Mapping[str, bytes]) -> frozenset[str]:
    """The families that the parts of a .docx or .xlsx name, for Chinese and for Latin text; themes are not followed."""
    found: set[bytes] = set()
    for name, data in parts.items():
        if name.startswith("word/") and name.endswith(".xml") and name != "word/fontTable.xml":
            for fonts in _WORD.findall(data):
                found.update(_FAMILY.findall(fonts))
        elif name in ("xl/styles.xml", "xl/sharedStrings.xml"):
            found.update(_EXCEL.findall(data))
    return frozenset(unescape(family.decode(), {"&quot;": '"', "&apos;": "'"}) for family in found)


def substitutes(families: Iterable[str]) -> dict[str, str]:
    """The families that the machine lacks, each with what stands in for it ("" where nobody can tell)."""
    lacking = sorted(family for family in families if family.casefold() not in installed())
    return {family: _match(family) for family in lacking}


def rules(present: Container[str]) -> str:
    """The rules of fontconfig without those for the families that are `present` (casefolded): a font that the machine
    has is never replaced."""

    def keep(rule: re.Match[str]) -> str:
        family = _RULE_FAMILY.search(rule[0])
        return "" if family and family[1].casefold() in present else rule[0]

    return _RULE.sub(keep, SUBSTITUTES.read_text(encoding="utf-8"))


def warn(lacking: Mapping[str, str], where: Where) -> list[Problem]:
    """One warning that names every font the machine lacks and its substitute; none when it lacks none."""
    if not lacking:
        return []
    pairs = listed(
        _("{font} (here {substitute})").format(font=font, substitute=substitute) if substitute else font
        for font, substitute in sorted(lacking.items())
    )
    message = _("this machine lacks fonts that the documents ask for: {pairs}").format(pairs=pairs)
    hint = _("Pages may look otherwise than in Word. Install the fonts, then run again.")
    return [warning("missing-fonts", where, message, hint)]


# -- what the machine has ----------------------------------------------------------------------------------------------


@cache
def installed() -> frozenset[str]:
    """The families on this machine under all their names, casefolded: as fontconfig says, else as the files say."""
    families = _listed() if _has_fontconfig() else _scanned()
    return frozenset(family.casefold() for family in families)


def _has_fontconfig() -> bool:
    # LibreOffice asks fontconfig on Linux and the BSDs only, even where fc-list is installed elsewhere.
    return sys.platform not in ("win32", "darwin") and shutil.which("fc-list") is not None


def _listed() -> Iterator[str]:
    for line in _ask("fc-list", ":", "family").splitlines():
        yield from (family.strip().replace("\\", "") for family in line.split(","))


def _match(family: str) -> str:
    if not _has_fontconfig():
        return ""
    pattern = re.sub(r"([\\:,-])", r"\\\1", family)
    return _ask("fc-match", "--format=%{family[0]}", pattern, FONTCONFIG_FILE=str(SUBSTITUTES))


def _ask(program: str, *words: str, **environment: str) -> str:
    # Words, not a line for a shell: nothing in them is run.
    done = subprocess.run(  # noqa: S603
        [shutil.which(program) or program, *words],
        capture_output=True,
        check=False,
        env={**os.environ, **environment},
    )
    return done.stdout.decode(errors="replace")


def _scanned() -> Iterator[str]:
    for folder in _folders():
        for path in folder.rglob("*"):
            if path.suffix.lower() in (".ttf", ".ttc", ".otf", ".otc"):
                yield from families_of(path)


def _folders() -> list[Path]:
    home = Path.home()
    if sys.platform == "win32":
        local = Path(os.environ.get("LOCALAPPDATA", home))
        found = [Path(os.environ.get("WINDIR", r"C:\Windows")) / "Fonts", local / "Microsoft" / "Windows" / "Fonts"]
    elif sys.platform == "darwin":
        found = [Path("/System/Library/Fonts"), Path("/Library/Fonts"), home / "Library" / "Fonts"]
    else:
        found = [Path("/usr/share/fonts"), Path("/usr/local/share/fonts"), home / ".local" / "share" / "fonts"]
    return found


def families_of(path: Path) -> set[str]:
    """The family names in every language that a .ttf, .otf or collection carries; none for what is no font file.

    Source: OpenType specification, "Font file" and "name - Naming table".
    """
    try:
        with open(path, "rb") as file:
            return {family for start in _starts(file) for family in _families(file, start)}
    except (OSError, struct.error, ValueError):
        return set()


def _starts(file: BinaryIO) -> list[int]:
    """Where each font of the file begins."""
    magic = file.read(4)
    if magic == _COLLECTION:
        _version, number = struct.unpack(">LL", file.read(8))
        return list(struct.unpack(f">{number}L", file.read(4 * number)))
    return [0] if magic in _OUTLINES else []


def _families(file: BinaryIO, start: int) -> Iterator[str]:
    file.seek(start + 4)
    (tables,) = struct.unpack(">H6x", file.read(8))
    for _number in range(tables):
        tag, offset, length = struct.unpack(">4s4xLL", file.read(16))
        if tag == b"name":
            file.seek(offset)
            yield from _family_names(file.read(length))
            return


def _family_names(table: bytes) -> Iterator[str]:
    _format, count, strings = struct.unpack_from(">HHH", table)
    for number in range(count):
        platform, _encoding, _language, name, length, offset = struct.unpack_from(">6H", table, 6 + 12 * number)
        if name in _FAMILY_NAMES and platform in _ENCODINGS:
            text = table[strings + offset : strings + offset + length]
            yield text.decode(_ENCODINGS[platform], errors="replace")
