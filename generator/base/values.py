"""The value gate: what text may enter a document, and what may stand in a file name."""

from __future__ import annotations

import re
import unicodedata

from generator.base.i18n import _, listed
from generator.base.problems import Problem, Problems, Where, error

NAME_BYTES, NAME_UNITS = 180, 120
"""A name's limits: UTF-8 bytes (ext4 takes 255, some archivers fewer) and UTF-16 units (a Windows path takes 260)."""

# XML 1.0 cannot carry the C0 controls, U+FFFE, U+FFFF and surrogates; a parser drops them, or the text after them.
# Slots are marked with noncharacters. Bidi controls make a name or a figure read as another than it is. C1 controls,
# U+2028 and U+2029 are line ends to some readers and nothing to others.
_FORBIDDEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufdd0-\ufdef"
    + "".join(chr(plane << 16 | end) for plane in range(17) for end in (0xFFFE, 0xFFFF))
    + "]"
)

# Characters that leave no mark: two names that differ in them alone look the same. Signs that choose a form of the
# character before them (U+FE00, U+E0100 and so on) belong to rare characters of names, and a joiner to an emoji.
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200c\u2060-\u2065\u206a-\u206f\u3164\ufeff\uffa0"
    "\ufff9-\ufffb\U000e0000-\U000e007f]|(?<![\u2600-\u27bf\ufe0f\U0001f000-\U0001faff])\u200d"
)

_NAMES = {  # The controls that Unicode leaves without a name, by what usually makes them.
    0x00: "NULL", 0x07: "BELL", 0x08: "BACKSPACE", 0x0B: "LINE TABULATION", 0x0C: "FORM FEED", 0x0D: "CARRIAGE RETURN",
    0x1B: "ESCAPE", 0x7F: "DELETE", 0x85: "NEXT LINE",
}  # fmt: skip


def normalise(text: str) -> str:
    r"""`text` in NFC, with \r\n as \n: the form in which texts are compared and printed."""
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n"))


def forbidden(text: str) -> list[tuple[int, str]]:
    """Each character of `text` that no document may carry, as (index, character)."""
    return [(match.start(), match[0]) for match in _FORBIDDEN.finditer(text)]


def invisible(text: str) -> list[str]:
    """Each character of `text` that is not seen, as `describe` tells it."""
    return [describe(character) for character in dict.fromkeys(_INVISIBLE.findall(text))]


def shown(text: str) -> str:
    """`text` as a message may show it: a box stands for each character that no document may carry."""
    return _FORBIDDEN.sub("□", text)


def boxed(text: str) -> str:
    """`text` with a box for each character that is not seen."""
    return _INVISIBLE.sub("□", text)


def clean(text: str, where: Where, name: str) -> str:
    """The text as it may enter a document, or Problems with one `bad-character` that tells every bad character in it.

    `name` is what the message calls the value: its path in the spec, a head of the roster, a file.
    """
    text = normalise(text)
    if found := forbidden(text):
        raise Problems([_refusal(text, found, where, name)])
    return text


def clean_file(text: str, file: str) -> str:
    """All the text of a file, as `clean`; the place is that of its first bad character."""
    text = text.replace("\r\n", "\n")
    bad = forbidden(text)
    before = text[: bad[0][0]] if bad else ""
    return clean(text, Where(file, before.count("\n") + 1, len(before) - before.rfind("\n")), file)


def describe(character: str) -> str:
    """A character that cannot be shown, by number and name: `U+202E RIGHT-TO-LEFT OVERRIDE`."""
    number = ord(character)
    if 0xD800 <= number <= 0xDFFF:
        name = "SURROGATE"
    elif unicodedata.category(character) == "Cn":
        name = "NONCHARACTER"
    else:
        name = unicodedata.name(character, _NAMES.get(number, "CONTROL"))
    return f"U+{number:04X} {name}"


def _refusal(text: str, found: list[tuple[int, str]], where: Where, name: str) -> Problem:
    index = found[0][0]
    characters = listed(dict.fromkeys(describe(character) for _index, character in found))
    context = shown(text[max(0, index - 8) : index + 9]).replace("\n", " ")
    return error(
        "bad-character",
        where,
        _('"{name}" holds a character that no document can carry: {characters}').format(
            name=name, characters=characters
        ),
        _('Delete it; it stands at the box in "{context}".').format(context=context),
    )


# -- file names --------------------------------------------------------------------------------------------------------

_FULL_WIDTH = str.maketrans({character: chr(ord(character) + 0xFEE0) for character in '<>:"/\\|?*'})
_DEVICE = re.compile(r"(CON|PRN|AUX|NUL|COM[0-9¹²³]|LPT[0-9¹²³]|CONIN\$|CONOUT\$)\s*(\.|$)", re.IGNORECASE)
_LONGEST_ENDING = 8
_SHORT = 60
"""Plain characters that fit the limits whatever they are: three bytes each."""
_PLAIN = re.compile("[0-9A-Za-z\u4e00-\u9fff]+")
_PLAIN_NAME = re.compile(
    "[0-9A-Za-z\u4e00-\u9fff](?:[0-9A-Za-z\u4e00-\u9fff（）《》、—_. -]*[0-9A-Za-z\u4e00-\u9fff）》])?"
)
"""What nearly every name is made of, and what `safe_name` therefore need not look at character by character."""


def safe_name(text: str) -> str:
    """`text` as one file or folder name that Windows, macOS and Linux all take, unchanged where it already is one.

    Characters that Windows forbids become their full-width twins, which read the same in Chinese; controls become
    spaces; invisible characters go; names of devices get `_`. At most NAME_BYTES and NAME_UNITS, cut before the ending.
    """
    if len(text) <= _SHORT and _PLAIN_NAME.fullmatch(text) and not _DEVICE.match(text):
        return text
    text = text.translate(_FULL_WIDTH)
    text = "".join(" " if unicodedata.category(character) in ("Cc", "Zl", "Zp") else character for character in text)
    # Not all of Cn goes: to a Python older than the newest Unicode, rare characters of real place names are unassigned.
    text = "".join(character for character in text if unicodedata.category(character) not in ("Cf", "Cs"))
    name = _cut(_trim(unicodedata.normalize("NFC", _FORBIDDEN.sub("", text))))
    stem, dot, ending = name.partition(".")
    if _DEVICE.match(name):
        name = _cut(f"{stem.rstrip()}_{dot}{ending}")
    return name or "_"


def is_plain(text: str) -> bool:
    """Whether a text is of letters, digits and ideographs alone that are safe in front of any safe name."""
    return _PLAIN.fullmatch(text) is not None


def collision_key(name: str) -> str:
    """Equal for two names that NTFS or APFS, or a reader, may take for one: NFKC and case-folded."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())


def _trim(name: str) -> str:
    # A leading dot hides a file, ~$ marks Word's lock files, a leading hyphen is an option; Windows drops final dots.
    return re.sub(r"^[\s.~$-]+|[\s.]+$", "", name)


def _cut(name: str) -> str:
    stem, dot, ending = name.rpartition(".")
    if not dot or len(ending) > _LONGEST_ENDING:
        stem, dot, ending = name, "", ""
    whole, stem = stem, stem[:NAME_UNITS]
    while not fits(f"{stem}{dot}{ending}"):
        stem = stem[:-1]
    return name if stem == whole else _trim(stem) + dot + ending


def room_before(name: str) -> int:
    """How many plain characters may stand in front of a name: they take three bytes, and one unit, at most."""
    return min((NAME_BYTES - len(name.encode())) // 3, NAME_UNITS - len(name.encode("utf-16-le")) // 2)


def fits(name: str) -> bool:
    """Whether a name, as `safe_name` makes it, is short enough."""
    return len(name.encode()) <= NAME_BYTES and len(name.encode("utf-16-le")) <= NAME_UNITS * 2
