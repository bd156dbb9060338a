"""Lint: every planted fault is found by its own code and nothing in clean documents; repairs end what is mechanical."""

from __future__ import annotations

import copy
import io
import json
import zipfile
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner, Result
from lint.hand import CLEAN, Hand
from lxml import etree

from generator.base.problems import Problems
from generator.cli import main
from generator.lint import REPAIRS, RULES, Repaired, commented, fix, lint
from generator.lint.check import recognised
from generator.lint.rendered import printed
from generator.office.ooxml import W_NS, W

Run = Callable[..., Result]
TESTS = Path(__file__).parent
ROOT = TESTS.parent
DATA = TESTS / "lint"
PAGE = ROOT / "docs" / "lint.md"
PLANTED: list[dict[str, Any]] = yaml.safe_load((DATA / "planted.yaml").read_text(encoding="utf-8"))
RENDERED: list[dict[str, Any]] = yaml.safe_load((DATA / "rendered.yaml").read_text(encoding="utf-8"))
DISPATCHES = sorted(
    path.parent for path in [*ROOT.glob("specs/*/dispatch.yaml"), *TESTS.glob("golden/*/dispatch.yaml")]
)
MEANT = {"forward-letter": {"bold"}, "document-joint": {"attachment-unmentioned"}}
"""What an example dispatch asks for against the standard: a clause in bold, an attachment that the text leaves out."""
BLIND = {"LC_ALL": "C", "PATH": ""}
"""An environment in which LibreOffice is not found."""


def made(folder: Path, out: Path) -> list[Path]:
    """The notices that our own composer makes of a dispatch."""
    done = CliRunner().invoke(main, ["notice", str(folder), "-o", str(out)])
    assert done.exit_code == 0, done.output
    return sorted((out / "master").glob("*.docx"))


@pytest.fixture(scope="session")
def ours(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    (path,) = made(DATA / "document", tmp_path_factory.mktemp("lint"))
    return path.read_bytes()


@pytest.fixture
def clean(ours: bytes) -> Callable[[str], bytes]:
    return lambda name: ours if name == "document" else _by_hand(name)


@cache
def _by_hand(name: str) -> bytes:
    return CLEAN[name]()


def codes(data: bytes) -> set[str]:
    return {found.code for found in lint(data, "notice.docx")}


# -- planting ----------------------------------------------------------------------------------------------------------


def planted(data: bytes, plant: Mapping[str, Any]) -> bytes:
    """The document with the fault in it; without one, the document."""
    if not plant.keys() & {"at", "part"}:
        return data
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    if "part" in plant:
        parts[plant["part"]] = _changed(parts[plant["part"]].decode(), plant).encode()
    else:
        root = etree.fromstring(parts["word/document.xml"])
        _plant(root, plant)
        parts["word/document.xml"] = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return out.getvalue()


def _changed(text: str, plant: Mapping[str, Any]) -> str:
    """The part with its strings replaced, all over or in one style only, or without an element."""
    if "drop" in plant:
        root = etree.fromstring(text.encode())
        for element in list(root.iter(f"{W}{plant['drop']}")):
            element.getparent().remove(element)
        return etree.tostring(root).decode()
    start = text.index(f'<w:name w:val="{plant["style"]}"') if "style" in plant else 0
    end = text.index("</w:style>", start) if "style" in plant else len(text)
    inside = text[start:end]
    for old, new in plant["replace"].items():
        assert old in inside, old
        inside = inside.replace(old, new)
    return text[:start] + inside + text[end:]


def _plant(root: etree._Element, plant: Mapping[str, Any]) -> None:
    paragraph = _at(root, plant["at"])
    for xml in plant.get("pPr", []):
        _set(paragraph, "pPr", _element(xml))
    for beginning, xml in plant.get("more_pPr", {}).items():
        _set(_at(root, beginning), "pPr", _element(xml))
    for xml in plant.get("above", []):
        _set(paragraph.getprevious(), "pPr", _element(xml))
    for run in paragraph.findall(f"{W}r"):
        for xml in plant.get("rPr", []):
            _set(run, "rPr", _element(xml))
    _retext(paragraph, plant.get("text", {}))
    if "insert" in plant:
        run = f"<w:r><w:t>{plant['insert']}</w:t></w:r>"
        paragraph.append(_element(f'<w:ins w:id="1" w:author="a">{run}</w:ins>'))
    _rearrange(root, paragraph, plant)


def _rearrange(root: etree._Element, paragraph: etree._Element, plant: Mapping[str, Any]) -> None:
    if plant.get("drop") == "before":
        paragraph.getparent().remove(paragraph.getprevious())
    if "copy" in plant:
        paragraph.addnext(_copied(paragraph, plant["copy"]))
    if "copy_of" in plant:
        paragraph.addnext(copy.deepcopy(_at(root, plant["copy_of"])))
    moved = [paragraph] if "move" in plant else []
    for beginning, change in plant.get("more", {}).items():
        if change == "move":
            moved.append(_at(root, beginning))
        else:
            _retext(_at(root, beginning), change)
    for element in reversed(moved):
        _at(root, plant["move"]).addnext(element)
    if plant.get("drop") == "self":
        paragraph.getparent().remove(paragraph)


def _element(xml: str) -> etree._Element:
    return etree.fromstring(f'<x xmlns:w="{W_NS}">{xml}</x>')[0]


def _at(root: etree._Element, beginning: str) -> etree._Element:
    """The first paragraph of the text that begins so; ｜ at the end means that this is all of it."""
    for paragraph in root.find(f"{W}body").iter(f"{W}p"):
        text = "".join(t.text or "" for t in paragraph.iterfind(f"{W}r/{W}t")).strip()
        if text == beginning[:-1] if beginning.endswith("｜") else text.startswith(beginning):
            return paragraph
    raise AssertionError(beginning)


def _set(owner: etree._Element, name: str, element: etree._Element) -> None:
    """Puts a property in place of the one that is there; a font keeps what it says of other slots."""
    properties = owner.find(f"{W}{name}")
    if properties is None:
        properties = etree.Element(f"{W}{name}")
        owner.insert(0, properties)
    old = properties.find(str(element.tag))
    if old is None:
        properties.append(element)
    elif name == "rPr":
        old.attrib.update(element.attrib)
    else:
        properties.replace(old, element)


def _retext(paragraph: etree._Element, changes: Mapping[str, str]) -> None:
    for old, new in changes.items():
        text = next(t for t in paragraph.iterfind(f"{W}r/{W}t") if old in (t.text or ""))
        first, *rest = (text.text or "").replace(old, new).split("\n")
        text.text = first
        for line in reversed(rest):
            more = etree.Element(f"{W}t")
            more.text = line
            text.addnext(more)
            text.addnext(etree.Element(f"{W}br"))


def _copied(paragraph: etree._Element, text: str) -> etree._Element:
    """A paragraph like another, with another text or none."""
    twin = copy.deepcopy(paragraph)
    first, *rest = twin.iter(f"{W}r")
    for run in rest if text else [first, *rest]:
        run.getparent().remove(run)
    for t in first.iter(f"{W}t"):
        t.text = text
    return twin


def _name(plant: Mapping[str, Any]) -> str:
    return f"{plant['finds'][0]}-{plant['in']}"


# -- finding -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("plant", PLANTED, ids=_name)
def test_a_planted_fault_is_found_by_its_own_code(plant: Mapping[str, Any], clean: Callable[[str], bytes]) -> None:
    assert codes(planted(clean(plant["in"]), plant)) == set(plant["finds"])


def test_every_rule_has_a_planted_fault() -> None:
    """A rule without one could find anything, or nothing."""
    assert {code for plant in PLANTED for code in plant["finds"]} == {
        code for code, rule in RULES.items() if not rule.rendered
    }
    assert {code for plant in RENDERED for code in plant["finds"]} >= {
        code for code, rule in RULES.items() if rule.rendered
    }


@pytest.mark.parametrize("name", CLEAN)
def test_nothing_is_found_in_what_is_clean_by_hand(name: str) -> None:
    assert lint(_by_hand(name), name) == []


@pytest.mark.parametrize("folder", [DATA / "document", *DISPATCHES], ids=lambda folder: folder.name)
def test_nothing_is_found_in_our_own_documents(folder: Path, tmp_path: Path, run: Run) -> None:
    for kind in ("notice", "forms", "checklist"):
        run(kind, folder, "-o", tmp_path)
    documents = sorted(tmp_path.glob("master/*.docx"))
    assert documents
    for path in documents:
        found = {(one.code, str(one)) for one in lint(path.read_bytes(), path.name)}
        assert {code for code, _said in found} <= MEANT.get(folder.name, set()), found


# -- repairing ---------------------------------------------------------------------------------------------------------


def test_what_is_called_fixable_has_a_repair() -> None:
    assert REPAIRS.keys() == {code for code, rule in RULES.items() if rule.fixable}


REPAIRABLE = [plant for plant in PLANTED if REPAIRS.keys() & set(plant["finds"]) and not plant.get("stays")]


@pytest.mark.parametrize("plant", REPAIRABLE, ids=_name)
def test_a_repair_ends_what_is_mechanical_and_nothing_else(
    plant: Mapping[str, Any], clean: Callable[[str], bytes]
) -> None:
    done = fix(planted(clean(plant["in"]), plant), "notice.docx")
    repaired = done.data
    assert {found.code for found in done.findings} == REPAIRS.keys() & set(plant["finds"])
    assert codes(repaired) == set(plant["finds"]) - REPAIRS.keys()
    assert fix(repaired, "notice.docx") == Repaired(repaired)


TEXTS = [
    # What is certain is repaired; what is quoted, an inch, an apostrophe, an address or a ratio is left as it is.
    ('推进"一件事"改革，主讲"A"类课程', "推进“一件事”改革，主讲“A”类课程"),
    ("学习\"11·29\"事故通报，观看'双11'案例", "学习“11·29”事故通报，观看‘双11’案例"),
    ("他说\"开展'读书'活动\"。", "他说“开展‘读书’活动”。"),
    ('屏幕为55"以上，推进"一件事"改革', '屏幕为55"以上，推进“一件事”改革'),
    ("O'Neil教授主讲", None),
    ('屏幕为55"以上，推进"一件事"改革，O\'Neil教授主讲"A"类课程，填写"甲"和"乙。', None),
    ('甲"和"乙"', None),
    ('按《关于"一件事"的通知》和“"甲"类”执行', None),
    ('阅读 "Hello World" 一文', None),
    (
        "《2020年03月简报（2020）05号》载明，详见京教（2020）3号文",
        "《2020年03月简报（2020）05号》载明，详见京教〔2020〕3号文",
    ),
    ("自2026年03月02日起，“2026年02月”作废", "自2026年3月2日起，“2026年02月”作废"),
    ("请按《办法(试行)》,《目录２》执行(从严)", "请按《办法(试行)》，《目录２》执行（从严）"),
    (
        "时间:9:30,地点:301;比例为1:2!网址http://a.cn:80/?x=1,y",
        "时间：9:30，地点：301；比例为1:2！网址http://a.cn:80/?x=1,y",
    ),
    ("消防器材...等", "消防器材……等"),
    ("网址http://a.cn/...,版本1.2...3", None),
]


@pytest.mark.parametrize(("text", "repaired"), TEXTS, ids=range(len(TEXTS)))
def test_a_repair_changes_what_is_certain_and_no_quotation(text: str, repaired: str | None) -> None:
    hand = Hand()
    hand.title("某某市教育局关于某事的通知")
    hand.body(text)
    hand.signed("某某市教育局", "2026年3月9日", sealed=True)
    wanted = ["某某市教育局关于某事的通知", repaired or text, "某某市教育局", "2026年3月9日"]
    data = fix(hand.data(), "notice.docx").data
    assert [p.bare for p in recognised(data, "notice.docx").paragraphs if p.bare] == wanted


@pytest.mark.parametrize("name", CLEAN)
def test_a_repair_leaves_what_is_clean_alone(name: str) -> None:
    assert fix(_by_hand(name), name) == Repaired(_by_hand(name))


def test_a_number_that_is_written_wrongly_is_no_title(clean: Callable[[str], bytes]) -> None:
    wrong = planted(clean("notice"), {"at": "某教〔2026〕", "text": {"某教〔2026〕12号": "某教2026〔12〕号"}})
    assert fix(wrong, "notice.docx") == Repaired(wrong)


# -- rendered pages ----------------------------------------------------------------------------------------------------


@pytest.mark.rendered
def test_rendered_pages_show_what_properties_do_not(clean: Callable[[str], bytes], tmp_path: Path) -> None:
    documents = {tmp_path / f"{number}.docx": plant for number, plant in enumerate(RENDERED)}
    for path, plant in documents.items():
        path.write_bytes(planted(clean(plant["in"]), plant))
    pdfs, skipped = printed(list(documents))
    assert not skipped
    for path, plant in documents.items():
        found = lint(path.read_bytes(), path.name, pdf=pdfs[path])
        assert {one.code for one in found} == set(plant["finds"]), (plant, [str(one) for one in found])
        # Only a footer has no place of its own in the text.
        assert all(one.page for one in found), [str(one) for one in found]


# -- the command -------------------------------------------------------------------------------------------------------


@pytest.fixture
def faulty(ours: bytes, tmp_path: Path) -> Path:
    """A document with a fault that is mechanical and one that is not."""
    once = planted(ours, {"at": "各市教育局要", "rPr": ['<w:sz w:val="30"/>']})
    path = tmp_path / "notice.docx"
    path.write_bytes(planted(once, {"at": "三、报送", "text": {"三、": "四、"}}))
    return path


def test_findings_are_printed_with_place_clause_and_remedy(run: Run, faulty: Path) -> None:
    said = run("lint", faulty, env=BLIND)
    assert said.exit_code == 1
    size, jump = (line for line in said.stderr.splitlines() if line.startswith("notice.docx:"))
    assert size == "notice.docx:20: must: “四、报送要求”: 四、 stands where 三、 is due [heading-jump, 7.3.3]"
    assert jump.startswith("notice.docx:22: must: “各市教育局要加强审核，确…”: the size is 15 pt, not 三号 (16 pt)")
    assert "Number the headings of a level without gaps or repeats." in said.stderr
    assert "what only rendered pages show was not checked" in said.stderr


def test_json_is_one_document_in_the_shape_of_problems(run: Run, faulty: Path) -> None:
    said = run("lint", faulty, "--json", env=BLIND)
    assert (said.exit_code, said.stderr) == (1, "")
    told = json.loads(said.stdout)
    assert (told["errors"], told["warnings"]) == (2, 0)
    assert told["problems"][0] == {
        "code": "heading-jump",
        "severity": "error",
        "where": {"file": "notice.docx", "line": 20, "column": None},
        "message": "四、 stands where 三、 is due",
        "hint": "Number the headings of a level without gaps or repeats.",
        "level": "must",
        "clause": "7.3.3",
        "page": None,
        "words": "四、报送要求",
        "more": 0,
    }


def test_codes_are_selected_and_ignored(run: Run, faulty: Path) -> None:
    assert "[body-size" not in run("lint", faulty, "--select", "heading-jump", env=BLIND).stderr
    assert "[heading-jump" not in run("lint", faulty, "--ignore", "heading-jump", env=BLIND).stderr
    both = ["--ignore", "heading-jump", "--ignore", "body-size"]
    assert run("lint", faulty, *both, env=BLIND).exit_code == 0
    wrong = run("lint", faulty, "--select", "no-such-rule", env=BLIND)
    assert (wrong.exit_code, "[unknown-code]" in wrong.stderr) == (2, True)


def test_should_and_practice_are_warnings_and_fail_under_strict(run: Run, ours: bytes, tmp_path: Path) -> None:
    path = tmp_path / "notice.docx"
    path.write_bytes(planted(ours, {"at": "请于5月8日", "text": {"星期五": "星期六"}}))
    assert run("lint", path, env=BLIND).exit_code == 0
    assert run("lint", path, "--strict", env=BLIND).exit_code == 1
    told = json.loads(run("lint", path, "--json", env=BLIND).stdout)
    assert (told["errors"], told["warnings"]) == (0, 1)


def test_several_files_are_reported_at_once_and_one_that_is_no_document_is_a_problem(
    run: Run, faulty: Path, tmp_path: Path
) -> None:
    junk = tmp_path / "junk.docx"
    junk.write_bytes(b"junk")
    said = run("lint", junk, faulty, env=BLIND)
    assert said.exit_code == 1
    assert "junk.docx: error: " in said.stderr
    assert "[heading-jump, 7.3.3]" in said.stderr


def test_fix_writes_a_copy_and_says_what_it_changed(run: Run, faulty: Path, tmp_path: Path) -> None:
    before, copied = faulty.read_bytes(), tmp_path / "fixed.docx"
    said = run("lint", faulty, "--fix", copied, env=BLIND)
    assert said.exit_code == 1
    assert [line for line in said.stdout.splitlines() if line.startswith("fixed: ")] == [
        "fixed: notice.docx:22: must: “各市教育局要加强审核，确…”: the size is 15 pt, not 三号 (16 pt) "
        "[body-size, 5.2.2, 7.3.3]"
    ]
    assert "fixed.docx:20: must: " in said.stderr
    assert "body-size" not in said.stderr
    assert faulty.read_bytes() == before
    assert codes(copied.read_bytes()) == {"heading-jump"}


def test_comments_stand_at_their_paragraphs_in_a_copy(run: Run, faulty: Path, tmp_path: Path) -> None:
    import docx

    copied = tmp_path / "commented.docx"
    assert run("lint", faulty, "--comments", copied, env=BLIND).exit_code == 1
    document = docx.Document(str(copied))
    texts = ["\n".join(paragraph.text for paragraph in comment.paragraphs) for comment in document.comments]
    assert [text.rpartition("[")[2] for text in texts] == ["heading-jump]", "body-size]"]
    marked = [p.text for p in document.paragraphs if p._p.findall(f"{W}commentRangeStart")]
    assert [text[:4] for text in marked] == ["四、报送", "各市教育"]
    assert codes(copied.read_bytes()) == {"heading-jump", "body-size"}
    again = commented(copied.read_bytes(), "notice.docx", lint(copied.read_bytes(), "notice.docx"))
    assert len(list(docx.Document(io.BytesIO(again)).comments)) == 4


@pytest.mark.parametrize("option", ["--fix", "--comments"])
def test_a_copy_is_of_one_file_and_never_over_it(run: Run, faulty: Path, tmp_path: Path, option: str) -> None:
    before = faulty.read_bytes()
    assert run("lint", faulty, option, faulty, env=BLIND).exit_code == 2
    assert run("lint", faulty, faulty, option, tmp_path / "copy.docx", env=BLIND).exit_code == 2
    assert run("lint", faulty, option, tmp_path / "missing" / "copy.docx", env=BLIND).exit_code == 1
    assert faulty.read_bytes() == before


def test_a_form_is_no_official_document_and_says_so(run: Run, tmp_path: Path) -> None:
    run("forms", DATA / "document", "-o", tmp_path)
    path = next(tmp_path.glob("master/*.docx"))
    said = run("lint", path, env=BLIND)
    assert said.exit_code == 0
    assert "this is no official document" in said.stderr


# -- what is not a .docx of an office ----------------------------------------------------------------------------------


def test_an_empty_document_is_no_official_document() -> None:
    import docx

    out = io.BytesIO()
    docx.Document().save(out)
    assert codes(out.getvalue()) == {"page-size"}
    assert fix(out.getvalue(), "empty.docx") == Repaired(out.getvalue())


@pytest.mark.parametrize("data", [b"", b"junk", b"PK\x05\x06" + bytes(18)], ids=["empty", "junk", "no members"])
def test_what_cannot_be_read_is_a_problem(data: bytes) -> None:
    with pytest.raises(Problems):
        lint(data, "junk.docx")


def test_documented_rules_are_those_of_the_code(
    request: pytest.FixtureRequest, in_chinese: Callable[[str, str], str]
) -> None:
    head, beginning, rest = PAGE.read_text(encoding="utf-8").partition("| 代码 |")
    table = in_chinese("generator.lint", "rule_table")
    if request.config.getoption("--update"):
        PAGE.write_text(head + table, encoding="utf-8", newline="\n")
    else:
        assert beginning + rest == table
