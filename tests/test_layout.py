"""GB/T 9704 on the rendered page: every element of the standard's table, and each line where the arithmetic puts it."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import docx
import pytest
from pages import Page, read_pages, squeeze, to_pdfs

from generator.dispatch.load import load_dispatch
from generator.kits.kinds.notice import NoticeDocument
from generator.office.libreoffice import Converter, find
from generator.word.notice import number_text
from generator.word.page.arrange import Arrangement, Placed, placed
from generator.word.page.layout import LIBREOFFICE, LINE, PAGE_LINES
from generator.wording import full_date

pytestmark = pytest.mark.rendered

TOP, LEFT, RIGHT, BOTTOM = 37.0, 28.0, 184.0, 262.0
LINE_MM = LINE / 1440 * 25.4
TOLERANCE = 0.5
SENTENCES = (
    "各地要高度重视此项工作，加强组织领导，明确责任分工，确保各项任务落到实处。",
    "要结合本地实际制定工作方案，于2026年9月10日前报送，联系电话（0471）000 0000。",
    "“开学第一课”活动由学校主要负责同志主讲，讲述“大国工匠”的成长故事；各校可邀请优秀毕业生代表参加。",
    "要统筹用好线上线下资源，创新活动形式（讲座、座谈、参观等），扩大覆盖面，增强实效性。",
    "对活动中涌现的典型案例，要及时总结、宣传推广，营造崇尚技能、尊重劳动的良好氛围！",
    "材料电子版请发送至example@example.gov.cn，纸质版一式3份加盖公章后邮寄，A4纸双面打印。",
)


def _paragraphs(count: int, shift: int = 0) -> str:
    """So many paragraphs of two to four sentences, all different."""
    paragraphs = []
    for number in range(count):
        chosen = [SENTENCES[(number * 2 + shift + step) % len(SENTENCES)] for step in range(2 + number % 3)]
        paragraphs.append(f"第{number + 1}项要求。" + "".join(chosen))
    return "\n\n".join(paragraphs)


def _spec(text: str, body: str) -> dict[str, str]:
    base = "kind: notice\nstatus: issued\nrecipients: [各市、县（市、区）教育局，各直属学校]\n"
    return {"dispatch.yaml": base + textwrap.dedent(text), "body.md": body}


def _table(columns: int, rows: int) -> str:
    """Every third row has a cell of several lines."""
    head = ["序号", *[f"第{number}项指标" for number in range(1, columns)]]
    lines = [head, ["---"] * columns]
    for row in range(1, rows + 1):
        lines.append([str(row), *["要求" * (1 if row % 3 else 120 // columns) for _number in range(1, columns)]])
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


FORMS = """
    forms:
      first:
        title: 活动情况统计表
        fields: [{name: seq, title: 序号, type: serial}, {name: school, title: 学校名称}, {name: people, title: 人数}]
        rows: {reserve: 6}
      second:
        title: 活动明细横表
        orientation: landscape
        fields: [{name: seq, title: 序号, type: serial}, {name: school, title: 学校名称}, {name: people, title: 人数}]
        rows: {reserve: 5}
      third:
        title: 联系人信息表
        fields: [{name: name, title: 姓名}, {name: phone, title: 联系电话}]
        rows: {reserve: 4}
"""
NAMES = ["教育", "财政", "民政", "司法", "水利", "商务", "应急管理", "审计", "交通运输", "农业农村"]
TEN = f"[{', '.join(f'甲省{name}厅' for name in NAMES)}]"
CASES: dict[str, dict[str, str]] = {
    "letter": _spec(
        """
        issuing_authorities: [某某自治区人力资源和社会保障厅]
        title: 关于做好2026年秋季学期开学第一课活动的通知
        document_number: 某人社函〔2026〕58号
        date_of_issue: 2026-07-24
        annotations: [此件主动公开]
        carbon_copy: [全区各技工院校]
        """,
        _paragraphs(14),
    ),
    "letter-bare": _spec(
        """
        issuing_authorities: [某某市教育局]
        title: 关于开展活动的通知
        date_of_issue: 2026-07-24
        seal: false
        """,
        _paragraphs(9, 1),
    ),
    "document": _spec(
        """
        layout: document
        issuing_authorities: [某某省教育厅]
        title: 某某省教育厅关于进一步做好全省职业院校学生实习管理和技能竞赛组织工作的通知
        document_number: 某教职〔2026〕7号
        date_of_issue: 2026-07-24
        copy_number: "000123"
        urgency: 特急
        carbon_copy: [省委办公厅，省人大常委会办公厅，省政府办公厅，省政协办公厅，省委各部委，省直各有关单位]
        imprint: {printing_authority: 某某省教育厅办公室, date_of_print: 2026-07-25}
        """,
        _paragraphs(13, 2),
    ),
    "two-issuers": _spec(
        """
        layout: document
        issuing_authorities: [某某省教育厅, 某某省人力资源和社会保障厅]
        title: 某某省教育厅 某某省人力资源和社会保障厅关于印发职业院校技能大赛工作方案的通知
        document_number: 某教联〔2026〕12号
        date_of_issue: 2026-10-09
        imprint: {printing_authority: 某某省教育厅办公室}
        """,
        _paragraphs(12, 3),
    ),
    "ten-issuers": _spec(
        f"""
        layout: document
        issuing_authorities: {TEN}
        title: 甲省教育厅等十部门关于做好职业教育活动周工作的通知
        document_number: 甲教联〔2026〕3号
        date_of_issue: 2026-04-17
        carbon_copy: [省政府办公厅]
        imprint: {{printing_authority: 甲省教育厅办公室}}
        """,
        _paragraphs(8, 4),
    ),
    "ten-unsealed-no-word": _spec(
        f"""
        layout: document
        issuing_authorities: {TEN}
        issuer_mark: {{text: [甲省教育厅, 甲省人力资源和社会保障厅], document_word: false}}
        title: 甲省教育厅等十部门关于做好职业教育活动周工作的通知
        document_number: 甲教联〔2026〕3号
        date_of_issue: 2026-04-17
        seal: false
        imprint: {{printing_authority: 甲省教育厅办公室}}
        """,
        _paragraphs(8, 5),
    ),
    "one-attachment": _spec(
        """
        layout: document
        issuing_authorities: [某某省教育厅]
        title: 某某省教育厅关于报送统计数据的通知
        document_number: 某教统〔2026〕1号
        date_of_issue: 2026-01-05
        attachments: [third]
        imprint: {printing_authority: 某某省教育厅办公室}
        """
        + textwrap.indent(textwrap.dedent(FORMS), " " * 8),
        _paragraphs(9, 1),
    ),
    "three-attachments": _spec(
        """
        issuing_authorities: [某某省教育厅]
        title: 某某省教育厅关于报送统计数据的通知
        date_of_issue: 2026-01-05
        carbon_copy: [各高等学校]
        """
        + textwrap.indent(textwrap.dedent(FORMS), " " * 8),
        _paragraphs(11, 2),
    ),
    "many-recipients": _spec(
        """
        layout: document
        issuing_authorities: [某某省教育厅]
        title: 某某省教育厅关于报送统计数据的通知
        document_number: 某教统〔2026〕1号
        date_of_issue: 2026-01-05
        imprint: {printing_authority: 某某省教育厅办公室}
        """,
        _paragraphs(10, 3),
    ),
    "foot-of-page": _spec(
        """
        issuing_authorities: [某某省教育厅]
        title: 某某省教育厅关于报送统计数据的通知
        date_of_issue: 2026-01-05
        """,
        _paragraphs(10, 3),
    ),
}
CASES |= {
    # One paragraph over whose lines the page turns, so that the signature has text beside it.
    "one-paragraph": _spec(
        """
        issuing_authorities: [某某市教育局]
        title: 关于开展活动的通知
        date_of_issue: 2026-07-24
        carbon_copy: [市委宣传部]
        """,
        "各校" + "要认真组织（2026年）各项活动，确保按时保质完成" * 17 + "。",
    ),
    "four-sealed": _spec(
        """
        layout: document
        issuing_authorities: [某某省发展和改革委员会, 某某省人力资源和社会保障厅, 某某省住房和城乡建设厅, 某某省总工会]
        title: 关于公布2025—2026学年度优秀班主任名单的通知
        document_number: 某教联〔2026〕3号
        date_of_issue: 2026-07-24
        attachments: [third]
        imprint: {printing_authority: 某某省发展和改革委员会办公室}
        """
        + textwrap.indent(textwrap.dedent(FORMS), " " * 8),
        _paragraphs(9, 3),
    ),
    "long-name": _spec(
        """
        layout: document
        issuing_authorities: [中共某某省委网络安全和信息化委员会办公室和某某省互联网信息办公室及教育厅联合办公室]
        title: 关于开展活动的通知
        document_number: 某网〔2026〕3号
        date_of_issue: 2026-07-24
        imprint: {printing_authority: 某某省教育厅办公室}
        """,
        _paragraphs(6, 2),
    ),
    "long-name-letter": _spec(
        """
        issuing_authorities: [中共某某省委网络安全和信息化委员会办公室]
        title: 关于开展活动的通知
        document_number: 某网函〔2026〕3号
        date_of_issue: 2026-07-24
        """,
        _paragraphs(5, 1),
    ),
    # Tables over a page's end, one of them on its side; a landscape 附件 last, so that a page before 版记 is blank.
    "tables": _spec(
        """
        layout: document
        issuing_authorities: [某某省教育厅]
        title: 关于报送统计数据的通知
        document_number: 某教统〔2026〕1号
        date_of_issue: 2026-07-24
        attachments: [second]
        imprint: {printing_authority: 某某省教育厅办公室}
        """
        + textwrap.indent(textwrap.dedent(FORMS), " " * 8),
        "\n\n".join([_paragraphs(2), _table(3, 14), _paragraphs(4, 1), _table(12, 5), _paragraphs(4, 2)]),
    ),
}
CASES["many-recipients"]["dispatch.yaml"] = CASES["many-recipients"]["dispatch.yaml"].replace(
    "[各市、县（市、区）教育局，各直属学校]",
    "[" + "，".join(f"某某省第{number:02}高级职业技术学院和附属中等专业学校" for number in range(1, 17)) + "]",
)


@dataclass(frozen=True)
class Rendered:
    document: NoticeDocument
    arranged: Arrangement
    lines: list[Placed]
    pages: list[Page]


@pytest.fixture(scope="module")
def rendered(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Rendered]:
    root = tmp_path_factory.mktemp("layout")
    documents = {}
    for name, files in CASES.items():
        folder = root / "specs" / name
        folder.mkdir(parents=True)
        for file, text in files.items():
            (folder / file).write_text(text, encoding="utf-8")
        documents[name] = NoticeDocument(load_dispatch(folder))
        (root / f"{name}.docx").write_bytes(documents[name].compile(None).stamp({}).data)
    pdfs = to_pdfs([root / f"{name}.docx" for name in CASES], root, root / "profile")
    made = {}
    for pdf, (name, document) in zip(pdfs, documents.items(), strict=True):
        # Made for Word, opened in LibreOffice: its own lines, in the arrangement that was made for Word's.
        made_for = document._compose(None)
        composed = replace(made_for, engine=LIBREOFFICE)
        arranged = composed.follow(made_for.arrange({}), {})
        made[name] = Rendered(document, arranged, list(placed(composed, arranged, {})), read_pages(pdf))
    return made


def _baseline(line: int) -> float:
    """Where the text of a line of the grid stands: four fifths down an exact line."""
    return TOP + (line - 1 + 0.8) * LINE_MM


def _misplaced(case: Rendered) -> Iterator[str]:
    for line in case.lines:
        if not squeeze(line.text):
            continue
        there = case.pages[line.page - 1] if line.page <= len(case.pages) else None
        found = there.find(line.text, _baseline(line.line)) if there else None
        if not found:
            yield f"page {line.page} line {line.line}: {line.text} is not there"
        elif abs(found.baseline - _baseline(line.line)) > TOLERANCE:
            yield f"page {line.page} line {line.line}: {line.text} stands at {found.baseline:.2f} mm"


@pytest.mark.parametrize("name", CASES)
def test_each_line_is_where_the_arithmetic_puts_it(rendered: dict[str, Rendered], name: str) -> None:
    assert list(_misplaced(rendered[name])) == []


@pytest.mark.parametrize("name", CASES)
def test_pages_and_last_line_are_foretold(rendered: dict[str, Rendered], name: str) -> None:
    case = rendered[name]
    assert len(case.pages) == case.arranged.pages


def _full_pages(case: Rendered) -> list[tuple[int, list[Placed]]]:
    """Pages of nothing but running text: all 22 lines of them."""
    by_page: dict[int, list[Placed]] = {}
    for line in case.lines:
        by_page.setdefault(line.page, []).append(line)
    return [(page, lines) for page, lines in by_page.items() if len(lines) == PAGE_LINES]


def test_full_pages_have_22_lines_of_28_characters(
    rendered: dict[str, Rendered], capsys: pytest.CaptureFixture[str]
) -> None:
    rows = []
    for name, case in rendered.items():
        for number, lines in _full_pages(case):
            page = case.pages[number - 1]
            body = [line for line in page.lines if TOP < line.baseline < BOTTOM]
            plain = [line for line in body if not any(char.isascii() for char in line.text) and line.right > RIGHT - 1]
            longest = max((len(line.text.rstrip("、，。；：？！")) for line in plain), default=0)
            rows.append((name, number, len(body), longest))
            assert len(lines) == len(body) == PAGE_LINES
    with capsys.disabled():
        print("\ncase                  page  lines  characters")
        for name, number, lines_found, longest in rows:
            print(f"{name:20}  {number:4}  {lines_found:5}  {longest:10}")
    assert len(rows) >= 12
    assert {longest for *_rest, longest in rows} == {28}


@pytest.mark.parametrize("name", CASES)
def test_page_numbers_stand_at_the_outer_side(rendered: dict[str, Rendered], name: str) -> None:
    case = rendered[name]
    unnumbered = {1} if case.document.dispatch.spec.layout == "letter" else set()
    if case.arranged.blank_page:
        unnumbered |= {len(case.pages) - 1, len(case.pages)}
    for page in case.pages:
        number = page.page_number
        assert (number is None) == (page.number in unnumbered or page.width > page.height), page.number
        if page.width > page.height:
            _assert_turned_number(page)
        elif number:
            dash = page.height - number.baseline + 1.5  # the dash stands 0.3 em above the baseline of 14 pt
            assert dash == pytest.approx(28.0, abs=TOLERANCE)
            one_character = 14 * 25.4 / 72
            if page.number % 2:
                assert number.right == pytest.approx(RIGHT - one_character, abs=TOLERANCE)
            else:
                assert number.left == pytest.approx(LEFT + one_character, abs=TOLERANCE)


def _assert_turned_number(page: Page) -> None:
    """Clause 8: on a landscape page the number keeps its place on the paper, which is the page's left edge."""
    assert "".join(glyph.text for glyph in page.turned) == f"—{page.number}—"
    assert page.turned[0].baseline + 1.5 == pytest.approx(28.0, abs=TOLERANCE)
    one_character = 14 * 25.4 / 72
    if page.number % 2:
        assert page.turned[-1].end == pytest.approx(RIGHT - one_character, abs=TOLERANCE)
    else:
        assert page.turned[0].begin == pytest.approx(LEFT + one_character, abs=TOLERANCE)


def _mark_top(page: Page) -> float:
    """The top of the mark's ink: a Chinese glyph reaches 0.84 of its size above the baseline."""
    mark = next(line for line in page.lines if line.red)
    return mark.baseline - 0.84 * mark.size * 25.4 / 72


@pytest.mark.parametrize("name", [name for name in CASES if "layout: document" not in CASES[name]["dispatch.yaml"]])
def test_letterhead(rendered: dict[str, Rendered], name: str) -> None:
    """10.1: mark 30 mm from the paper's edge; 170 mm double rules, thick over thin 4 mm below it, thin over thick
    20 mm from the paper's foot, on page 1 only; the number 7/8 of a 三号 height below the first rule, flush right."""
    first, *others = rendered[name].pages
    assert _mark_top(first) == pytest.approx(30.0, abs=TOLERANCE)
    bars = sorted((bar for bar in first.bars if bar.red), key=lambda bar: bar.top)
    assert [round(bar.right - bar.left) for bar in bars] == [170] * 4
    thick, thin, thin_below, thick_below = bars
    assert thick.bottom - thick.top > thin.bottom - thin.top
    assert thick_below.bottom - thick_below.top > thin_below.bottom - thin_below.top
    *_above, mark = (line for line in first.lines if line.red)
    assert thick.top - (mark.baseline + 0.08 * mark.size * 25.4 / 72) == pytest.approx(4.0, abs=TOLERANCE)
    assert first.height - thick_below.bottom == pytest.approx(20.0, abs=TOLERANCE)
    assert not any(bar.red for page in others for bar in page.bars)
    if number := number_text(rendered[name].document.dispatch.spec):
        line = first.find(number)
        assert line
        assert line.right == pytest.approx(RIGHT, abs=TOLERANCE)
        glyph_top = line.baseline - 0.88 * 16 * 25.4 / 72
        assert glyph_top - thin.bottom == pytest.approx(7 / 8 * 16 * 25.4 / 72, abs=TOLERANCE)


@pytest.mark.parametrize("name", [name for name in CASES if "layout: document" in CASES[name]["dispatch.yaml"]])
def test_red_head(rendered: dict[str, Rendered], name: str) -> None:
    """7.2.4, 7.2.5, 7.2.7: mark 35 mm below the top of the type area; the rule 156 mm wide, 4 mm below the number."""
    first = rendered[name].pages[0]
    assert _mark_top(first) == pytest.approx(TOP + 35.0, abs=TOLERANCE)
    (rule,) = [bar for bar in first.bars if bar.red]
    assert (rule.left, rule.right) == pytest.approx((LEFT, RIGHT), abs=TOLERANCE)
    number = first.find(number_text(rendered[name].document.dispatch.spec))
    assert number
    assert (number.left + number.right) / 2 == pytest.approx((LEFT + RIGHT) / 2, abs=TOLERANCE)
    glyph_bottom = number.baseline + 0.12 * 16 * 25.4 / 72
    assert rule.top - glyph_bottom == pytest.approx(4.0, abs=TOLERANCE)
    red = [line for line in first.lines if line.red]
    assert red[-1].baseline < number.baseline - 2 * LINE_MM


def _last_text(case: Rendered, text: str) -> tuple[Page, float]:
    for page in reversed(case.pages):
        for line in page.lines:
            if squeeze(text) in squeeze(line.text):
                return page, line.baseline
    raise AssertionError(f"{text} is on no page")


@pytest.mark.parametrize(
    "name",
    ["document", "two-issuers", "ten-issuers", "ten-unsealed-no-word", "one-attachment", "four-sealed", "tables"],
)
def test_imprint_closes_the_last_even_page(rendered: dict[str, Rendered], name: str) -> None:
    """7.4.1: rules as wide as the type area, the last one on its bottom edge, on an even page (33476)."""
    case = rendered[name]
    last = case.pages[-1]
    assert last.number % 2 == 0
    page, baseline = _last_text(case, "印发")
    assert page is last
    assert baseline == pytest.approx(_baseline(PAGE_LINES), abs=TOLERANCE)
    height = case.document._compose(None).imprint.lines * LINE_MM
    foot = [bar for bar in last.bars if not bar.red and bar.bottom > BOTTOM - height - 1]
    rules = sorted(foot, key=lambda bar: bar.top)
    assert rules[-1].bottom == pytest.approx(BOTTOM, abs=TOLERANCE)
    for bar in rules:
        assert (bar.left, bar.right) == pytest.approx((LEFT, RIGHT), abs=TOLERANCE)
    thickness = [round(bar.bottom - bar.top, 2) for bar in rules]
    assert thickness[0] == thickness[-1] == pytest.approx(0.35, abs=0.03)
    assert thickness[1:-1] == pytest.approx([0.25] * (len(rules) - 2), abs=0.03)


def test_recipients_that_would_fill_page_one_move_to_the_imprint(rendered: dict[str, Rendered]) -> None:
    """7.3.2: page 1 shows text; 主送 stands above 抄送 in 版记."""
    case = rendered["many-recipients"]
    assert not any("第01高级" in line.text for line in case.pages[0].lines)
    assert any("第1项要求" in squeeze(line.text) for line in case.pages[0].lines)
    page, _baseline_of = _last_text(case, "主送：某某省第01高级")
    assert page is case.pages[-1]


@pytest.mark.parametrize("name", CASES)
def test_the_signature_shares_its_page_with_text(rendered: dict[str, Rendered], name: str) -> None:
    """7.3.5.5: room is made by spacing; the signature never stands on a page alone, and nothing says 此页无正文."""
    case = rendered[name]
    spec = case.document.dispatch.spec
    assert spec.date_of_issue
    date = full_date(spec.date_of_issue)
    page, baseline = next(
        (page, line.baseline) for page in case.pages for line in page.lines if squeeze(line.text).endswith(date)
    )
    names = {squeeze(authority.name) for authority in spec.issuing_authorities}
    above = [
        line for line in page.lines if TOP < line.baseline < baseline and not set(line.text) <= set("".join(names))
    ]
    assert above, name
    assert not any("此页无正文" in line.text for page in case.pages for line in page.lines)


def test_a_paragraph_that_is_made_two_looks_like_one(rendered: dict[str, Rendered]) -> None:
    """The line above the place reaches the edge, and the text goes on without an indent."""
    divided = {name: case for name, case in rendered.items() if case.arranged.divided}
    assert divided
    for name, case in divided.items():
        last = case.document._compose(None).body[-1].text
        above, below = (
            next(line for page in case.pages for line in page.lines if squeeze(line.text) == squeeze(text))
            for text in _lines_at(case, last, case.arranged.divided)
        )
        assert above.right >= RIGHT - 1.0, name
        assert below.left == pytest.approx(LEFT, abs=0.5), name


def _lines_at(case: Rendered, text: str, place: int) -> tuple[str, str]:
    """The foretold lines that end and begin at a place of a text."""
    lines = [squeeze(line.text) for line in case.lines]
    above, below = squeeze(text[:place]), squeeze(text[place:])
    number = next(n for n, line in enumerate(lines) if above.endswith(line) and below.startswith(lines[n + 1]))
    return lines[number], lines[number + 1]


def test_a_blank_page_before_the_imprint_has_no_number(rendered: dict[str, Rendered]) -> None:
    """7.5: neither has the page of 版记, also after a landscape page, which has begun a section already."""
    case = rendered["tables"]
    assert case.arranged.blank_page
    assert case.pages[-2].lines == ()
    assert not case.pages[-1].page_number


@pytest.mark.parametrize(("source_pages", "pages"), [(1, 4), (2, 4), (3, 6)])
def test_the_blank_page_after_a_source_is_printed(tmp_path: Path, source_pages: int, pages: int) -> None:
    """Nobody can count the pages of a source: its section ends on an even page, whatever that leaves blank."""
    source = docx.Document()
    for number in range(source_pages):
        source.add_paragraph(f"第{number + 1}页").paragraph_format.page_break_before = bool(number)
    source.save(str(tmp_path / "source.docx"))
    spec = """
    layout: document
    issuing_authorities: [某某省教育厅]
    document_number: 某教〔2026〕5号
    date_of_issue: 2026-07-24
    imprint: {printing_authority: 某某省教育厅办公室}
    sources: {s: {issuing_authorities: [某部], title: 关于开展活动的通知, file: source.docx, attach: append}}
    """
    files = _spec(spec, "请认真组织。")
    files["dispatch.yaml"] = files["dispatch.yaml"].replace("kind: notice", "kind: forward")
    for file, text in files.items():
        (tmp_path / file).write_text(text, encoding="utf-8")
    made = tmp_path / "made.docx"
    made.write_bytes(NoticeDocument(load_dispatch(tmp_path)).compile(None).stamp({}).data)
    with Converter(find()) as converter:
        ((_label, data),) = converter.convert([("made", made)])
    assert isinstance(data, bytes)
    (tmp_path / "made.pdf").write_bytes(data)
    found = read_pages(tmp_path / "made.pdf")
    assert len(found) == pages
    assert any("印发" in line.text for line in found[-1].lines)
    assert (found[-2].lines == ()) == (source_pages % 2 == 1)


def test_a_seal_has_its_room(rendered: dict[str, Rendered]) -> None:
    """7.3.5.1: the date four characters from the right edge, 署名 centred above it."""
    case = rendered["letter"]
    date = next(page.find("2026年7月24日") for page in case.pages if page.find("2026年7月24日"))
    assert date
    assert date.right == pytest.approx(RIGHT - 4 * 15.75 * 25.4 / 72, abs=1.0)


def test_unsealed_date_begins_two_characters_after_the_name(rendered: dict[str, Rendered]) -> None:
    """7.3.5.2: 署名 two characters from the right; a date longer than it stands there itself."""
    case = rendered["letter-bare"]
    page = next(page for page in case.pages if page.find("2026年7月24日"))
    name, date = page.find("某某市教育局"), page.find("2026年7月24日")
    assert name
    assert date
    assert date.left - name.left == pytest.approx(2 * 15.75 * 25.4 / 72, abs=1.0)
    assert date.right == pytest.approx(RIGHT - 2 * 15.75 * 25.4 / 72, abs=1.0)
