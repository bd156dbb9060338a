"""Where a document's text ends, by arithmetic alone: the signature, 附件说明 and tables over many lengths of text."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Iterator
from io import BytesIO
from itertools import accumulate, pairwise
from pathlib import Path

import pytest
from lxml import etree

from generator.dispatch.load import load_dispatch
from generator.kits.kinds.notice import NoticeDocument
from generator.word.page.arrange import Arrangement, Composed, Placed, arranged_body, arranged_text, placed
from generator.word.page.bodytable import body_table
from generator.word.page.furniture import document, letter
from generator.word.page.items import Text
from generator.word.page.layout import EM, LIBREOFFICE, PAGE_LINES, TYPE_WIDTH, WORD, title_lines, width
from generator.word.xml import Styles

Make = Callable[..., NoticeDocument]
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
SEAL = 50 / 25.4 * 1440
DATE = "2026年7月24日"
BODIES = ("教育", "财政", "民政", "司法", "水利", "商务", "应急管理", "审计", "交通运输", "农业农村")
TEN = f"[{', '.join(f'甲省{name}厅' for name in BODIES)}]"
LONG = "中共某某省委网络安全和信息化委员会办公室"
VERY_LONG = f"{LONG}和某某省互联网信息办公室及教育厅联合办公室"
FOUR = "[某某省发展和改革委员会, 某某省人力资源和社会保障厅, 某某省住房和城乡建设厅, 某某省总工会]"
IMPRINT = "imprint: {printing_authority: 某某省教育厅办公室}\n"
FILES = "attachments: [{title: 甲表, file: a.pdf}, {title: 乙表, file: a.pdf}, {title: 丙表, file: a.pdf}]\n"
CONTACTS = "contacts: [{name: 吴老师, phone: （000）0000 0000, email: a@example.gov.cn}]\n"
KINDS = {
    "letter": "issuing_authorities: [某某市教育局]\ncarbon_copy: [市委宣传部]\n",
    "letter, unsealed, 附件": "issuing_authorities: [某某市教育局]\nseal: false\n" + FILES,
    "document": "layout: document\nissuing_authorities: [某某市教育局]\nannotations: [此件主动公开]\n" + IMPRINT,
    "document, 附件": "layout: document\nissuing_authorities: [某某市教育局]\n" + IMPRINT + FILES + CONTACTS,
    "two unsealed": "layout: document\nseal: false\nissuing_authorities: [某某市教育局, 某某市财政局]\n" + IMPRINT,
    "four sealed, 附件": f"layout: document\nissuing_authorities: {FOUR}\n" + IMPRINT + FILES,
    "ten sealed": f"layout: document\nissuing_authorities: {TEN}\n" + IMPRINT,
    "ten sealed, contacts": f"layout: document\nissuing_authorities: {TEN}\n" + IMPRINT + CONTACTS,
}
TABLE = "| 序号 | 内容 | 期限 |\n|---|---|---|\n" + "".join(
    f"| {number} | {'要求' * (30 if number % 3 else 5)} | 4月{number}日 |\n" for number in range(1, 8)
)


@pytest.fixture
def make(tmp_path: Path) -> Make:
    def notice(spec: str, body: str) -> NoticeDocument:
        common = (
            "kind: notice\nstatus: issued\ntitle: 关于开展活动的通知\ndocument_number: 某教〔2026〕5号\n"
            "date_of_issue: 2026-07-24\nrecipients: [各市教育局]\n"
        )
        (tmp_path / "dispatch.yaml").write_text(common + spec, encoding="utf-8")
        (tmp_path / "body.md").write_text(body, encoding="utf-8")
        (tmp_path / "a.pdf").write_bytes(b"%PDF-1.4\n%%EOF")
        return NoticeDocument(load_dispatch(tmp_path))

    return notice


def short(count: int) -> str:
    """So many paragraphs of one line."""
    return "\n\n".join(f"第{number:02}项工作要按时完成并报送备案审核。" for number in range(1, count + 1))


def one(count: int) -> str:
    """One paragraph of so many lines."""
    return ("各单位要认真组织落实好各项工作任务，确保按时（保质）完成" * 60)[: 28 * count - 3] + "。"


def several(count: int) -> str:
    """So many paragraphs of two to six lines, no two alike."""
    return "\n\n".join(one(2 + number % 5).replace("各", f"第{number}", 1) for number in range(1, count + 1))


def tabled(count: int) -> str:
    return f"{short(count)}\n\n{TABLE}\n\n最后一段。"


TEXTS: dict[str, tuple[Callable[[int], str], range]] = {
    "short paragraphs": (short, range(2, 27)),
    "one paragraph": (one, range(2, 27)),
    "paragraphs": (several, range(1, 14)),
    "a table": (tabled, range(1, 24)),
}


def arrange(notice: NoticeDocument) -> tuple[Composed, Arrangement, list[Placed]]:
    composed = notice._compose(None)
    arranged = composed.arrange({})
    return composed, arranged, list(placed(composed, arranged, {}))


def faults(notice: NoticeDocument) -> Iterator[str]:
    composed, arranged, lines = arrange(notice)
    body = {line for item in composed.body if isinstance(item, Text) for line in item.broken({})}
    note = [line for item in composed.note if isinstance(item, Text) for line in item.broken({})]
    pages: dict[int, list[str]] = {}
    for line in lines:
        pages.setdefault(line.page, []).append(line.text)
    if not body & set(pages[1]):
        yield "page 1 shows no text"
    signed = next(page for page, texts in pages.items() if DATE in texts)
    if not body & set(pages[signed]):
        yield f"the signature has no line of the body beside it: {pages[signed]}"
    if len({page for page, texts in pages.items() if set(note) & set(texts)}) > 1:
        yield "附件说明 is torn"
    if max(line.line for line in lines) > PAGE_LINES:
        yield "a page is too long"
    for page, texts in pages.items():
        if 1 < page < signed and len(texts) < 2 and not arranged.table_lines:
            yield f"page {page} holds nothing but {texts}"


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("kind", KINDS)
def test_the_end_of_the_text_has_no_fault_at_any_length(make: Make, kind: str, text: str) -> None:
    write, lengths = TEXTS[text]
    found = {count: list(faults(make(KINDS[kind], write(count)))) for count in lengths}
    assert {count: said for count, said in found.items() if said} == {}


@pytest.mark.parametrize("kind", KINDS)
def test_a_page_before_the_signature_is_not_left_half_empty(make: Make, kind: str) -> None:
    """A long last paragraph comes along with the signature in part: at most eight lines of it, wherever it can."""
    for count in range(4, 45):
        composed, arranged, _lines = arrange(make(KINDS[kind], one(count)))
        if arranged.divided:
            head, tail = arranged_body(composed, arranged.divided, -1)[-2:]
            assert head.text + tail.text == composed.body[-1].text
            assert tail.lines({}) <= 8, count


def test_a_paragraph_is_made_two_where_both_engines_end_a_line(make: Make) -> None:
    """The line above is spread to the edge, the text below has no indent and is not divided again."""
    composed, arranged, _lines = arrange(notice := make(KINDS["letter"], one(14)))
    (long,) = composed.body
    assert isinstance(long, Text)
    for engine in (WORD, LIBREOFFICE):
        assert arranged.divided in accumulate(map(len, long.broken({}, engine)))
    text = long.text
    above, below = (
        next(p for p in paragraphs(notice) if own_text(p) == part)
        for part in (text[: arranged.divided], text[arranged.divided :])
    )
    assert above.find(f"{W}pPr/{W}jc").get(f"{W}val") == "distribute"
    assert below.find(f"{W}pPr/{W}ind").get(f"{W}firstLine") == "0"
    assert below.find(f"{W}pPr/{W}keepLines") is not None
    assert not [p for p in paragraphs(notice) if p.find(f".//{W}br[@{W}type='page']") is not None]


def test_what_belongs_together_is_kept_together(make: Make) -> None:
    """Headings with their text, the lines of a contact with one another, the last paragraph down to 附注."""
    body = "# 一、总体要求\n\n" + short(2) + "\n\n## （一）组织\n\n" + short(1)
    spec = KINDS["document, 附件"] + "annotations: [此件主动公开]\n"
    held = {own_text(p): p.find(f"{W}pPr/{W}keepNext") is not None for p in paragraphs(make(spec, body))}
    told = [
        "一、总体要求",
        "（一）组织",
        "联系人：吴老师",
        "联系电话：（000）0000 0000",
        "附件：1.甲表",
        "某某市教育局",
        DATE,
    ]
    assert [text for text in told if not held[text]] == []
    assert not held["（此件主动公开）"]
    assert not held["第02项工作要按时完成并报送备案审核。"]


def paragraphs(notice: NoticeDocument) -> list[etree._Element]:
    with zipfile.ZipFile(BytesIO(notice.compile(None).stamp({}).data)) as package:
        return list(etree.fromstring(package.read("word/document.xml")).iter(f"{W}p"))


def own_text(paragraph: etree._Element) -> str:
    """Without that of a box which is anchored in it."""
    return "".join(text.text or "" for text in paragraph.iterfind(f"{W}r/{W}t"))


def text_of(element: etree._Element) -> str:
    return "".join(text.text or "" for text in element.iter(f"{W}t"))


# -- seals, marks, titles, tables --------------------------------------------------------------------------------------

ISSUERS = {
    "three short": ["某某省教育厅", "某某省财政厅", "某某省民政厅"],
    "three long": ["某某省发展和改革委员会", "某某省人力资源和社会保障厅", "某某省住房和城乡建设厅"],
    "long and short": ["中国共产主义青年团某某省委员会", "某某局"],
    "five": ["某某省人力资源和社会保障厅", "某某局", "中国共产主义青年团某某省委员会", "某某省财政厅", LONG],
    "wider than the page": [VERY_LONG, "某某省教育厅"],
}


@pytest.mark.parametrize("names", ISSUERS.values(), ids=ISSUERS)
def test_seals_and_names_of_a_row_stand_apart(make: Make, names: list[str]) -> None:
    """7.3.5.1: no seal touches another or leaves the type area; a name is a character from its neighbours."""
    notice = make(f"layout: document\nissuing_authorities: [{', '.join(names)}]\n", short(4))
    rows = list(_rows(notice))
    assert "".join(text for row in rows for text, _centre in row).replace(DATE, "") == "".join(names)
    for row in rows:
        for text, centre in row:
            assert centre - max(width(text), SEAL) / 2 >= 0
            assert centre + max(width(text), SEAL) / 2 <= TYPE_WIDTH
        for (left, at), (right, beside) in pairwise(row):
            assert beside - at > SEAL
            assert beside - width(right) / 2 - (at + width(left) / 2) >= EM


def _rows(notice: NoticeDocument) -> Iterator[list[tuple[str, int]]]:
    """Each line of a joint signature: its texts with the centres that they stand on."""
    for paragraph in paragraphs(notice):
        stops = [int(stop.get(f"{W}pos")) for stop in paragraph.iterfind(f"{W}pPr/{W}tabs/{W}tab[@{W}val='center']")]
        texts = [""]
        for part in paragraph.iterfind(f"{W}r/*"):
            if part.tag == f"{W}tab":
                texts.append("")
            elif part.tag == f"{W}t":
                texts[-1] += part.text or ""
        if stops:
            yield [(text, centre) for text, centre in zip(texts[1:], stops, strict=True) if text]


def test_a_long_name_under_a_seal_keeps_to_the_type_area(make: Make) -> None:
    composed = make(f"issuing_authorities: [{VERY_LONG}]\n", short(4))._compose(None)
    _blank, name, date = composed.signature
    lines = name.broken({})
    assert "".join(lines) == VERY_LONG
    assert name.lines({}) == len(lines) == 2
    assert name.left >= 0 <= name.right
    middle = (name.left + TYPE_WIDTH - name.right) / 2
    assert TYPE_WIDTH - date.right - width(DATE) / 2 == pytest.approx(middle, abs=EM)


@pytest.mark.parametrize(
    ("names", "in_letter", "in_document"),
    [
        (["某某省教育厅"], [33], [50]),
        (["某某自治区人力资源和社会保障厅"], [29], [26]),
        ([LONG], [33] * 2, [33] * 2),
        ([VERY_LONG], [27] * 3, [24] * 3),
        ([LONG, "某某省教育厅"], [33] * 2, [33] * 3),
    ],
)
def test_a_mark_is_larger_than_the_title(names: list[str], in_letter: list[float], in_document: list[float]) -> None:
    """Sizes in points, line by line; 文件 stands beside several lines and at the end of a single one."""
    styles = Styles({})
    drawn = letter(names[0], styles, number_lines=1)
    assert _sizes(drawn.drawings) == in_letter
    drawn = document(names, styles, document_word=True, head_lines=0, numbered=True)
    assert _sizes(drawn.drawings) == in_document + in_document[:1] * (len(in_document) > 1)


def _sizes(drawings: str) -> list[float]:
    return [int(half) / 2 for half in re.findall(r'<w:sz w:val="(\d+)"', drawings)]


@pytest.mark.parametrize(
    ("title", "lines"),
    [
        (
            "某某市教育局关于公布2025—2026学年度优秀班主任名单的通知",
            ["某某市教育局关于公布", "2025—2026学年度优秀班主任名单的通知"],
        ),
        (
            "关于公布第三批省级现代产业学院建设名单和第12届技能大赛结果的通知",
            ["关于公布第三批省级现代产业学院建设", "名单和第12届技能大赛结果的通知"],
        ),
        (
            "重庆市教育委员会关于在职业院校开展“技能成才 强国有我”主题教育活动的通知",
            ["重庆市教育委员会关于在职业院校开展", "“技能成才 强国有我”主题教育活动的通知"],
        ),
        (
            "某某省教育厅 某某省财政厅关于下达2026年第一批中央财政支持地方高校改革发展资金预算的通知",
            ["某某省教育厅 某某省财政厅关于", "下达2026年第一批中央财政支持", "地方高校改革发展资金预算的通知"],
        ),
    ],
)
def test_a_title_is_broken_between_words(title: str, lines: list[str]) -> None:
    assert title_lines(title) == lines


def test_columns_are_as_wide_as_they_need() -> None:
    head, row = ("序号", "内容", "期限"), ("1", "要求" * 40, "4月1日—20日")
    table = body_table([head, row, ("2", "短")])
    number, content, due = table.columns
    assert sum(table.columns) == TYPE_WIDTH
    assert number < due < content
    assert not table.turned
    assert table.heights({}) == (1, 3, 1)


def test_a_table_of_many_columns_lies_on_its_side(make: Make) -> None:
    rows = [["序号", "单位名称", *[f"{month}月指标" for month in "一二三四五六七八九"], "全年合计"], ["1"] * 12]
    assert body_table(rows).turned
    written = "\n".join(f"| {' | '.join(row)} |" for row in [rows[0], ["---"] * 12, rows[1]])
    notice = make(KINDS["letter"], f"{short(3)}\n\n{written}\n\n{short(2)}")
    _composed, arranged, lines = arrange(notice)
    assert {line.page for line in lines} == {1, 3}
    with zipfile.ZipFile(BytesIO(notice.compile(None).stamp({}).data)) as package:
        root = etree.fromstring(package.read("word/document.xml"))
    turned = [size.get(f"{W}orient") for size in root.iter(f"{W}pgSz")]
    assert turned == [None, "landscape", None]
    assert arranged.pages == 3


def test_text_that_ends_near_the_foot_shares_its_page_with_the_imprint(make: Make) -> None:
    """A blank line above the signature is worth less than two pages."""
    kind = "layout: document\nissuing_authorities: [某某市教育局]\ncarbon_copy: [市委宣传部]\n" + IMPRINT
    found = {count: arrange(make(kind, short(count)))[1] for count in (24, 25, 26)}
    ends = {count: (each.pages, each.signature_blanks, each.blank_page) for count, each in found.items()}
    assert ends == {24: (2, 2, False), 25: (2, 1, False), 26: (4, 2, True)}


def test_recipients_of_more_than_a_page_end_at_the_foot(make: Make) -> None:
    copies = "，".join(f"某某省人民政府第{number}办公室和附属机构" for number in range(1, 70))
    composed, arranged, lines = arrange(
        make(f"issuing_authorities: [某某省教育厅]\ncarbon_copy: [{copies}]\n", short(3))
    )
    assert composed.imprint.lines > PAGE_LINES
    assert arranged.imprint_begins == "nextPage"
    assert arranged.pages == lines[-1].page + 1 + (composed.imprint.lines - 1) // PAGE_LINES


def test_arranged_text_is_the_text(make: Make) -> None:
    composed, arranged, _lines = arrange(make(KINDS["ten sealed"], one(30)))
    arranged_words = "".join(item.text for item in arranged_text(composed, arranged))
    assert arranged_words == "".join(item.text for item in (*composed.body, *composed.note))
