"""Mutated inputs for every reader: each must be read or refused with problems, soon and in little memory.

`python tests/fuzz.py 200000` (or `make fuzz`) runs so many and says what was found; an input that breaks something is
kept in tests/attacks/crashes/, where test_fuzz.py replays it from then on.
"""

from __future__ import annotations

import hashlib
import io
import random
import re
import resource
import signal
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from attacks.faults import ROSTER_HEAD, ROSTER_ROWS, SPEC
from attacks.names import NAMES, UNSEEN
from attacks.packages import roster
from attacks.templates import ATTACKS, CONTEXT, ORDINARY
from attacks.values import VALUES
from planted import excel_parts, rezip, word_parts
from word_template import PLACES, word_template

from generator.base.problems import Problems, Where
from generator.base.values import clean, safe_name
from generator.check import check
from generator.dispatch.faults import validate
from generator.dispatch.load import load_dispatch
from generator.dispatch.roster import read_roster
from generator.dispatch.spec import UnitClass
from generator.dispatch.style import House
from generator.dispatch.yaml import read_yaml
from generator.kits import journal, manifest
from generator.kits.manifest import Entry
from generator.lint.check import lint
from generator.office.active import admit
from generator.office.gate import open_package
from generator.office.package import compile_package
from generator.office.soundness import problems
from generator.reading.document import read_document
from generator.reading.show import text
from generator.reading.text import read_lines
from generator.word.join import Joining, join_sources, place
from generator.word.join.source import read_source
from generator.word.template.template import Template
from generator.word.template.templates import SHIPPED

ROOT = Path(__file__).parent.parent
CRASHES = Path(__file__).parent / "attacks" / "crashes"
SECONDS, MEMORY = 5.0, 1 << 30
"""What one input may take, of the processor's time; memory beyond what the process has when it begins."""

Chance = random.Random
Read = Callable[[bytes], object]

WORDS = [
    *(value.payload.encode(errors="surrogatepass") for value in VALUES if len(value.payload) < 200),
    *(name.encode() for name in NAMES if len(name) < 60),
    *(attack.payload.encode() for attack in ATTACKS),
    *map(str.encode, ORDINARY),
    *(str(number).encode() for number in (-1, 0, 1, 2**31, 2**63, 10**400, 1048577, 16385, "1e999", "NaN")),
    b'"\\UFFFFFFFF"', b'"\\U00110000"', b"%YAML " + b"1" * 5000 + b".1\n---\n", b"[" * 3000, b"{a: " * 3000, b"\\ud800",
    b"_x0007_", b"000", b"yyyy-mm-dd", b"[h]:mm", *map(str.encode, UNSEEN),
    b"A1:XFD1048576", b"XFD1048576", b"true", b"", b" ", b"\xff\xfe", b"\x00", b"&#0;", b"&#55296;", b"&a;", b"<!--",
]  # fmt: skip


# -- mutations ---------------------------------------------------------------------------------------------------------


def of_bytes(data: bytes, chance: Chance) -> bytes:
    """Bits turned, pieces cut out, doubled, moved or replaced."""
    changed = bytearray(data)
    for _turn in range(chance.choice((1, 1, 2, 4, 16))):
        at = chance.randrange(len(changed) + 1)
        size = chance.choice((1, 1, 2, 8, 64, 1024))
        piece = bytes(changed[at : at + size])
        kind = chance.randrange(5)
        if kind == 0 and at < len(changed):
            changed[at] ^= 1 << chance.randrange(8)
        elif kind == 1:
            del changed[at : at + size]
        elif kind == 2:
            changed[at:at] = piece * chance.choice((1, 2, 50))
        elif kind == 3:
            changed[at : at + size] = chance.choice(WORDS)
        else:
            other = chance.randrange(len(changed) + 1)
            changed[other:other] = piece
    return bytes(changed)


def of_markup(data: bytes, chance: Chance) -> bytes:
    """Elements cut out, doubled, nested or moved; attributes and text replaced: still XML, most of the time."""
    pieces = re.split(rb"(<[^>]*>)", data)
    for _turn in range(chance.choice((1, 1, 2, 5))):
        at = chance.randrange(len(pieces))
        piece = pieces[at]
        kind = chance.randrange(6)
        if kind == 0:
            pieces[at] = b""
        elif kind == 1:
            pieces[at] = piece * chance.choice((2, 3, 300))
        elif kind == 2:
            word = chance.choice(WORDS)
            pieces[at] = word.replace(b"<", b"&lt;") if not piece.startswith(b"<") else _attribute(piece, word, chance)
        elif kind == 3:
            other = chance.randrange(len(pieces))
            pieces[at], pieces[other] = pieces[other], piece
        elif kind == 4:
            end = min(len(pieces), at + chance.choice((2, 10, 100)))
            pieces[at:at] = pieces[at:end]
        else:
            del pieces[at : at + chance.choice((1, 2, 10))]
        pieces = pieces or [b""]
    return b"".join(pieces)


def _attribute(tag: bytes, word: bytes, chance: Chance) -> bytes:
    places = [match.span(1) for match in re.finditer(rb'="([^"]*)"', tag)]
    if not places:
        return tag
    start, end = chance.choice(places)
    return tag[:start] + re.sub(rb'[<"&]', b"", word) + tag[end:]


def of_package(parts: dict[str, bytes], chance: Chance) -> bytes:
    """A package with some of its parts changed, renamed, swapped or gone; sometimes its bytes."""
    parts = dict(parts)
    for _turn in range(chance.choice((1, 1, 1, 3))):
        name = chance.choice(sorted(parts))
        kind = chance.randrange(12)
        if kind < 8:
            parts[name] = of_markup(parts[name], chance)
        elif kind == 8:
            parts[name] = of_bytes(parts[name], chance)
        elif kind == 9 and len(parts) > 1:
            del parts[name]
        elif kind == 10:
            parts[name] = parts[chance.choice(sorted(parts))]
        else:
            parts[name + chance.choice(("x", "/a", ".rels"))] = parts[name]
    data = rezip(parts)
    return of_bytes(data, chance) if chance.random() < 0.1 else data


def of_lines(data: bytes, chance: Chance) -> bytes:
    """A text with lines and cells changed, doubled and moved."""
    lines = data.split(b"\n")
    for _turn in range(chance.choice((1, 2, 5))):
        at, other = chance.randrange(len(lines)), chance.randrange(len(lines))
        kind = chance.randrange(5)
        if kind == 0:
            lines[at] = lines[at].replace(chance.choice((b",", b":", b" ", b"-")), chance.choice(WORDS), 1)
        elif kind == 1:
            lines[at], lines[other] = lines[other], lines[at]
        elif kind == 2:
            lines.insert(at, b" " * chance.choice((1, 2, 4)) + lines[other].strip())
        elif kind == 3:
            cells = lines[at].split(chance.choice((b",", b": ")))
            cells[chance.randrange(len(cells))] = chance.choice(WORDS)
            lines[at] = chance.choice((b",", b": ")).join(cells)
        else:
            lines[at] = of_bytes(lines[at], chance)
    return b"\n".join(lines)


# -- targets -----------------------------------------------------------------------------------------------------------


def slim(parts: dict[str, bytes]) -> dict[str, bytes]:
    """A document without the styles that it does not use: what is left is what a mutation should meet."""
    used = set(
        re.findall(rb'w:(?:pStyle|rStyle|tblStyle|basedOn|link|next) w:val="([^"]*)"', parts["word/document.xml"])
    )
    styles = re.sub(rb"<w:latentStyles.*?</w:latentStyles>", b"", parts["word/styles.xml"], flags=re.DOTALL)

    def kept(style: re.Match[bytes]) -> bytes:
        return style[0] if style[1] in used or b'w:default="1"' in style[0] else b""

    short = re.sub(rb'<w:style [^>]*w:styleId="([^"]*)".*?</w:style>\s*', kept, styles, flags=re.DOTALL)
    return {**parts, "word/styles.xml": short}


@cache
def notice() -> dict[str, bytes]:
    """The superior's notice of an example."""
    data = (ROOT / "specs" / "2022-first-lesson" / "source.docx").read_bytes()
    return open_package(data, Where("source.docx"))


@cache
def templates() -> list[dict[str, bytes]]:
    places = {place: [*list(ORDINARY)[:4], ATTACKS[5].payload] for place in PLACES}
    good = word_template({place: list(ORDINARY) for place in PLACES})
    return [slim(open_package(data, Where(""))) for data in (good, word_template(places))]


FOLDERS = [
    {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}
    for folder in sorted((ROOT / "tests" / "golden").glob("*/"))
    if (folder / "dispatch.yaml").exists() and not (folder / "source.docx").exists()
]
"""Small dispatches without a source that would have to be read each time."""


def spec(chance: Chance) -> bytes:
    """A changed spec or body, after a digit for its folder and one for which of the two."""
    number = chance.randrange(len(FOLDERS))
    name = chance.choice(sorted({"dispatch.yaml", "body.md"} & set(FOLDERS[number])))
    return b"%d%d" % (number, name == "body.md") + of_lines(FOLDERS[number][name], chance)


def load(data: bytes) -> object:
    files = FOLDERS[int(data[:1])]
    changed = "body.md" if data[1:2] == b"1" else "dispatch.yaml"
    with tempfile.TemporaryDirectory() as folder:
        for name, content in {**files, changed: data[2:]}.items():
            (Path(folder) / name).write_bytes(content)
        return check(load_dispatch(Path(folder)))


@cache
def host() -> dict[str, bytes]:
    """A notice with a place for a source."""
    parts = open_package((SHIPPED / "notice-letter.docx").read_bytes(), Where("host.docx"))
    body = parts["word/document.xml"]
    return slim({**parts, "word/document.xml": body.replace(b"<w:body>", b"<w:body>" + str(place("s")).encode(), 1)})


def append(data: bytes) -> object:
    """A source from its file to the whole notice."""
    parts = dict(host())
    join_sources(parts, [Joining("s", data, False, None)], Where("来文.docx"))
    return problems(rezip(parts), Where("某通知.docx"))


RECORD = b"\n".join(
    Entry(f"{n:03d}", "notice", f"{n:03d}-某局/{name}", f"{n:064x}", "0" * 64, 9000 + n, *status).line() + b","
    for n in range(20)
    for name, status in (("通知.docx", ("made", None)), ("附件.xlsx", ("failed", "它\\说\n“不”")))
)
MANIFEST = b'{"dispatch": "\xe6\x9f\x90", "version": "1", "issued": null, "files": [\n' + RECORD[:-1] + b"\n]}\n"
HOUSE = """\
source: 某某省公文格式细则
fonts: {方正小标宋简体: 方正小标宋_GBK}
profile: "33476"
issuer_mark: [某厅, 某局]
number_code: 某函
page_number: "— {n} —"
""".encode()


def read_record(data: bytes, read: Callable[[Path], Iterable[object]]) -> object:
    with tempfile.TemporaryDirectory() as folder:
        (path := Path(folder) / "record").write_bytes(data)
        return list(read(path))


def read_house(data: bytes) -> object:
    return validate(read_yaml(data, "house.yaml"), House)


def fill(data: bytes) -> object:
    made = Template(data, "某模板.docx").compile(CONTEXT).stamp({}).data
    return problems(made, Where("某模板.docx"))


def stamp(data: bytes) -> object:
    """A value through its gate, into a document and into a name; what comes out must be what went in."""
    value = clean(data.decode(errors="surrogateescape"), Where(""), "name")
    assert safe_name(safe_name(value)) == safe_name(value)
    package = compile_package({"word/document.xml": "<w:t>\ufdd0x\ufdd1</w:t>".encode()})
    with zipfile.ZipFile(io.BytesIO(package.stamp({"x": value}).data)) as archive:
        return archive.read("word/document.xml")


@dataclass(frozen=True)
class Target:
    """A reader, and how an input for it is made."""

    make: Callable[[Chance], bytes]
    read: Read


ROSTERS = [
    (ROSTER_HEAD + "".join(f"{n:03d},某{n}局,某{n},盟市,主送,{n}\n" for n in range(9))).encode(),
    (ROSTER_HEAD + "".join(row for row, _column, _code in ROSTER_ROWS)).encode(),
]
CLASSES = {"prefecture": UnitClass.model_validate({"title": "盟市"})}
TARGETS: dict[str, Target] = {
    "show a document": Target(lambda c: of_package(word_parts_(), c), lambda data: text(data, "某.docx")),
    "show a workbook": Target(lambda c: of_package(excel_parts_(), c), lambda data: text(data, "某.xlsx")),
    "admit a document": Target(lambda c: of_package(word_parts_(), c), lambda data: admit(data, Where("某.docx"))),
    "check a document": Target(lambda c: of_package(word_parts_(), c), lambda data: problems(data, Where("某.docx"))),
    "check a workbook": Target(lambda c: of_package(excel_parts_(), c), lambda data: problems(data, Where("某.xlsx"))),
    "read a notice": Target(lambda c: of_package(notice(), c), lambda data: read_document(data, "来文.docx")),
    "append a notice": Target(lambda c: of_package(notice(), c), lambda data: read_source(data, Where("来文.docx"))),
    "lint a notice": Target(lambda c: of_package(notice(), c), lambda data: lint(data, "来文.docx")),
    "read a text": Target(lambda c: of_lines(SPEC.encode(), c), lambda data: read_lines(data, "来文.txt")),
    "read a roster .xlsx": Target(
        lambda c: of_package(roster_(), c), lambda data: read_roster(data, "u.xlsx", CLASSES)
    ),
    "read a roster .csv": Target(
        lambda c: of_lines(c.choice(ROSTERS), c),
        lambda data: read_roster(data, "u.csv", CLASSES),
    ),
    "load a dispatch": Target(spec, load),
    "fill a template": Target(lambda c: of_package(c.choice(templates()), c), fill),
    "append a notice to ours": Target(lambda c: of_package(notice(), c), append),
    "read a manifest": Target(lambda c: of_lines(MANIFEST, c), lambda data: read_record(data, manifest.read)),
    "read a journal": Target(lambda c: of_lines(RECORD, c), lambda data: read_record(data, journal.entries_of)),
    "read a house style": Target(lambda c: of_lines(HOUSE, c), read_house),
    "stamp a value": Target(lambda c: of_bytes(c.choice(WORDS), c), stamp),
}
word_parts_, excel_parts_, roster_ = cache(lambda: slim(word_parts())), cache(excel_parts), cache(roster)


# -- running -----------------------------------------------------------------------------------------------------------


@dataclass
class Found:
    """What some inputs did: how many were read and refused, the slowest, what the process came to hold more than before
    (bytes), and what went wrong, by name."""

    read: int = 0
    refused: int = 0
    slowest: float = 0.0
    memory: int = 0
    wrong: dict[str, tuple[str, bytes]] = field(default_factory=dict)


def one(name: str, data: bytes) -> tuple[bool, float]:
    """Whether the input was read, not refused, and how long it took. Raises whatever else happens, and TimeoutError."""
    started = time.process_time()
    signal.signal(signal.SIGVTALRM, _too_slow)
    signal.setitimer(signal.ITIMER_VIRTUAL, 4 * SECONDS)
    try:
        TARGETS[name].read(data)
    except Problems as refused:
        if not refused.problems:
            raise ValueError("refused without a reason") from refused
        return False, time.process_time() - started
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
    return True, time.process_time() - started


def _too_slow(*_signal: object) -> None:
    raise TimeoutError(f"not done after {4 * SECONDS} s")


def some(name: str, seeds: range) -> Found:
    """Inputs of one target, one for each seed."""
    found = Found()
    before = memory()
    for seed in seeds:
        data = TARGETS[name].make(Chance(f"{name} {seed}"))
        known = found.memory
        try:
            was_read, seconds = one(name, data)
        except Exception as exc:
            found.wrong.setdefault(f"{type(exc).__name__}: {exc}"[:160], (name, data))
            continue
        found.read += was_read
        found.refused += not was_read
        found.slowest = max(found.slowest, seconds)
        found.memory = max(known, memory() - before)
        if seconds > SECONDS:
            found.wrong.setdefault("too slow", (name, data))
        if found.memory > max(known, MEMORY):
            found.wrong.setdefault("too much memory", (name, data))
    return found


def memory() -> int:
    """Bytes that this process has held at most."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def limit_memory() -> None:
    """Of the process, to what it has and a little more than an input may take: beyond, MemoryError tells of it."""
    has = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (has + MEMORY * 3 // 2, resource.getrlimit(resource.RLIMIT_AS)[1]))


def main(inputs: int, processes: int = 2) -> int:
    """Run so many inputs, spread over the targets, and print what came of it; the number of things found wrong."""
    each = -(-inputs // len(TARGETS))
    wrong = 0
    with ProcessPoolExecutor(processes, initializer=limit_memory) as pool:
        for name in TARGETS:
            chunks = [range(at, min(at + 500, each)) for at in range(0, each, 500)]
            results = list(pool.map(some, [name] * len(chunks), chunks))
            faults = {key: value for result in results for key, value in result.wrong.items()}
            print(
                f"{name}: {sum(r.read for r in results)} read, {sum(r.refused for r in results)} refused, "
                f"slowest {max(r.slowest for r in results):.2f} s, memory {max(r.memory for r in results) >> 20} MB, "
                f"{len(faults)} wrong",
                flush=True,
            )
            for reason, (target, data) in faults.items():
                print(f"  {reason}")
                CRASHES.mkdir(exist_ok=True)
                kept = f"{target.replace(' ', '-')}-{hashlib.sha256(data).hexdigest()[:8]}"
                (CRASHES / kept).write_bytes(data)
            wrong += len(faults)
    return wrong


if __name__ == "__main__":
    sys.exit(bool(main(int(sys.argv[1]))))
