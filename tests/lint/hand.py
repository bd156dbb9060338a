"""Clean official documents as offices make them by hand: no template of ours, ten different ways."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import docx
from docx.document import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm

FANGSONG, KAITI, HEITI, TITLE = "仿宋_GB2312", "楷体_GB2312", "黑体", "方正小标宋简体"
EM = 315
_GAP = 64
"""Twips that Word puts between a Chinese character and a figure."""


def _element(xml: str) -> Any:
    return parse_xml(re.sub(r"^<w:\w+", lambda name: f"{name[0]} {nsdecls('w')}", xml))


@dataclass
class Hand:
    """A document in the making, and what distinguishes one office's way from another's."""

    top: float = 37
    bottom: float = 35
    line: int | None = 579
    tighten: int = -5
    names: dict[str, str] = field(default_factory=dict)
    grid: str = ""
    document: Document = field(default_factory=docx.Document)

    def __post_init__(self) -> None:
        section = self.document.sections[0]
        section.page_width, section.page_height = Mm(210), Mm(297)
        section.top_margin, section.bottom_margin = Mm(self.top), Mm(self.bottom)
        section.left_margin, section.right_margin = Mm(28), Mm(26)
        section.footer_distance = Mm(25.5)
        if self.grid:
            old = section._sectPr.find(qn("w:docGrid"))
            if old is not None:
                section._sectPr.remove(old)
            section._sectPr.append(_element(self.grid))

    def line_of(self, text: str, font: str = FANGSONG, size: float = 16, **more: Any) -> Any:
        """A paragraph; `first`, `left`, `right` in twips, `align` a w:jc, `heading` the font of its first sentence."""
        paragraph = self.document.add_paragraph()
        self.shape(paragraph, **more)
        head, stop, rest = text.partition("。") if more.get("heading") else ("", "", text)
        for part, face in ((head + stop, more.get("heading", "")), (rest, font)):
            if part:
                self.run(paragraph, part, face, size, more.get("colour", ""))
        return paragraph

    def shape(self, paragraph: Any, **more: Any) -> None:
        properties = paragraph._p.get_or_add_pPr()
        rule = f'w:line="{self.line}" w:lineRule="exact"' if self.line else 'w:line="240" w:lineRule="auto"'
        page = "<w:pageBreakBefore/>" if more.get("new_page") else ""
        indent = more.get("chars") or (
            f'<w:ind w:left="{more.get("left", 0)}" w:right="{more.get("right", 0)}" '
            f'w:firstLine="{more.get("first", 0)}"/>'
        )
        pieces = f'{page}<w:widowControl w:val="0"/><w:spacing w:before="0" w:after="0" {rule}/>{indent}'
        pieces += f'<w:jc w:val="{more.get("align", "both")}"/>'
        for child in _element(f"<w:pPr>{pieces}</w:pPr>"):
            properties.append(child)

    def run(self, paragraph: Any, text: str, font: str, size: float, colour: str = "") -> None:
        run = paragraph.add_run(text)
        face = self.names.get(font, font)
        properties = run._r.get_or_add_rPr()
        latin = 'w:ascii="Times New Roman" w:hAnsi="Times New Roman"'
        pieces = f'<w:rFonts w:hint="eastAsia" {latin} w:eastAsia="{face}"/>'
        pieces += f'<w:color w:val="{colour}"/>' if colour else ""
        pieces += f'<w:spacing w:val="{self.tighten if size == 16 else 0}"/>'
        pieces += f'<w:sz w:val="{round(size * 2)}"/><w:szCs w:val="{round(size * 2)}"/>'
        for child in _element(f"<w:rPr>{pieces}</w:rPr>"):
            properties.append(child)

    # -- elements

    def mark(self, text: str) -> None:
        self.line_of(text, TITLE, 48, align="center", colour="FF0000")

    def title(self, *lines: str) -> None:
        for line in lines:
            self.line_of(line, TITLE, 22, align="center")

    def blank(self) -> None:
        self.line_of("")

    def signed(self, name: str, date: str, *, sealed: bool) -> None:
        """Signature and date: the name centred over the date, or the date two characters right of its beginning."""
        em = 320 + self.tighten
        longer = len(name) * em - self._wide(date)
        right = 4 * em if sealed else max(longer, 2 * em)
        shift = right - longer // 2 if sealed else right - longer + 2 * em
        self.line_of(name, align="right", right=shift)
        self.line_of(date, align="right", right=right)

    def _wide(self, date: str) -> int:
        figures = sum(character.isascii() for character in date)
        return figures * (160 + self.tighten) + (len(date) - figures) * (320 + self.tighten) + 5 * _GAP

    def filler(self, height: int) -> None:
        """An empty paragraph of that height, in twips."""
        line, self.line = self.line, height
        self.blank()
        self.line = line

    def body(self, *texts: str, **more: Any) -> None:
        for text in texts:
            self.line_of(text, first=2 * (320 + self.tighten), **more)

    def page_numbers(self, *, framed: bool = False) -> None:
        """— 1 — right on odd pages and left on even ones; or in a frame that goes to the outer edge."""
        section = self.document.sections[0]
        section.different_first_page_header_footer = False
        self.document.settings.odd_and_even_pages_header_footer = not framed
        footers = (
            [(section.footer, "right")] if framed else [(section.footer, "right"), (section.even_page_footer, "left")]
        )
        for footer, side in footers:
            paragraph = footer.paragraphs[0]
            frame = '<w:framePr w:wrap="around" w:vAnchor="text" w:hAnchor="margin" w:xAlign="outside" w:y="1"/>'
            pieces = (frame if framed else "") + f'<w:ind w:{side}="280"/><w:jc w:val="{side}"/>'
            for child in _element(f"<w:pPr>{pieces}</w:pPr>"):
                paragraph._p.get_or_add_pPr().append(child)
            for piece in ("— ", "begin", " PAGE \\* MERGEFORMAT ", "separate", "1", "end", " —"):
                self._page_piece(paragraph, piece)

    def _page_piece(self, paragraph: Any, piece: str) -> None:
        face = '<w:rPr><w:rFonts w:ascii="宋体" w:hAnsi="宋体" w:eastAsia="宋体"/><w:sz w:val="28"/></w:rPr>'
        content = f'<w:t xml:space="preserve">{piece}</w:t>'
        if piece in ("begin", "separate", "end"):
            content = f'<w:fldChar w:fldCharType="{piece}"/>'
        elif "PAGE" in piece:
            content = f'<w:instrText xml:space="preserve">{piece}</w:instrText>'
        paragraph._p.append(_element(f"<w:r>{face}{content}</w:r>"))

    def data(self) -> bytes:
        out = io.BytesIO()
        self.document.save(out)
        return out.getvalue()


def notice() -> bytes:
    """A plain notice, everything set by hand; sealed; two attachments; 版记 in paragraphs."""
    hand = Hand()
    hand.mark("某某市教育局文件")
    hand.blank()
    hand.line_of("某教〔2026〕12号", align="center")
    hand.blank()
    hand.title("某某市教育局关于开展校园安全检查的通知")
    hand.blank()
    hand.line_of("各县（市、区）教育局，市直属各学校：")
    hand.body("为做好春季学期校园安全工作，决定开展校园安全检查。现就有关事项通知如下。")
    hand.line_of("一、检查内容", HEITI, first=630)
    hand.line_of("（一）消防安全", KAITI, first=630)
    hand.body("检查消防通道、消防器材和值班记录，“三合一”场所要逐一登记，见附件1。")
    hand.body("1.消防通道。保持畅通，不得堆放杂物。", "2.消防器材。逐件检查有效期。")
    hand.line_of("（二）食品安全", KAITI, first=630)
    hand.body("检查食堂许可证和从业人员健康证明，按照《学校食品安全检查表》（附件2）填写。")
    hand.line_of("二、时间安排", HEITI, first=630)
    hand.body("3月16日（星期一）至3月27日（星期五）自查，4月10日前报送检查表。")
    hand.body("检查中发现的问题要立即整改，一时不能整改的，要明确责任人和期限，整改情况随检查表一并报送。")
    hand.blank()
    hand.line_of("附件：1.消防安全检查登记表", first=630)
    hand.line_of("2.学校食品安全检查表", left=1575)
    hand.blank()
    hand.blank()
    hand.signed("某某市教育局", "2026年3月9日", sealed=True)
    hand.line_of("（此件主动公开）", first=630)
    for number, title in enumerate(("消防安全检查登记表", "学校食品安全检查表"), 1):
        hand.line_of(f"附件{number}", HEITI, new_page=True)
        hand.blank()
        hand.title(title)
        table = hand.document.add_table(rows=2, cols=3)
        table.cell(0, 0).text = "学校名称"
    hand.filler(8400)
    hand.line_of("　抄送：某某市消防救援支队，某某市市场监督管理局。", size=14)
    hand.line_of("　某某市教育局办公室　　　　　　　　　　　2026年3月10日印发", size=14)
    hand.page_numbers()
    return hand.data()


def wide() -> bytes:
    """The margins and the line of GB/T 33476.2, a grid of 28 characters, another foundry's names; no seal."""
    names = {FANGSONG: "仿宋", KAITI: "楷体", TITLE: "FZXiaoBiaoSong-B05S"}
    hand = Hand(
        34.58, 32.58, 590, 0, names, '<w:docGrid w:type="linesAndChars" w:linePitch="590" w:charSpace="-1000"/>'
    )
    hand.title("关于转发《某某省教育厅关于做好汛期", "安全工作的通知》的通知")
    hand.blank()
    hand.line_of("各学校：")
    two = '<w:ind w:firstLineChars="200" w:firstLine="640"/>'
    texts = (
        "现将《某某省教育厅关于做好汛期安全工作的通知》（某教函〔2026〕30号）转发给你们，请结合实际贯彻执行。",
        "一、加强值守。落实24小时值班制度，电话（0471）000 0000保持畅通。",
        "二、排查隐患。低洼校舍要在6月12日前排查完毕，需要转移的，提前制定方案；需要加固的，立即加固。",
    )
    for text in texts:
        hand.line_of(text, chars=two, heading=HEITI if text[1] == "、" else "")
    hand.blank()
    hand.signed("某某市教育局", "2026年6月1日", sealed=False)
    hand.page_numbers(framed=True)
    return hand.data()


def on_grid() -> bytes:
    """Spacing by the document grid alone; ordinals that Word counts; the day in Chinese brackets; blanks for places."""
    grid = '<w:docGrid w:type="linesAndChars" w:linePitch="579" w:charSpace="-1024"/>'
    hand = Hand(line=None, tighten=0, grid=grid)
    numbering = hand.document.part.numbering_part.element
    level = '<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="chineseCounting"/><w:lvlText w:val="%1、"/></w:lvl>'
    numbering.insert(0, _element(f'<w:abstractNum w:abstractNumId="90">{level}</w:abstractNum>'))
    numbering.append(_element('<w:num w:numId="90"><w:abstractNumId w:val="90"/></w:num>'))
    hand.title("某某县人力资源和社会保障局", "关于报送技能人才统计数据的函")
    hand.blank()
    hand.line_of("县总工会、县教育局：")
    hand.body("为掌握全县技能人才情况，请协助提供以下数据。")
    for heading, text in (("数据范围", "2025年末在册的技能人才。"), ("报送方式", "加盖公章后送我局。")):
        paragraph = hand.line_of(heading, HEITI, first=640)
        number = '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="90"/></w:numPr>'
        paragraph._p.pPr.insert(2, _element(number))
        hand.body(text)
    hand.blank()
    hand.line_of("附件：技能人才统计表", first=640)
    hand.blank()
    hand.signed("某某县人力资源和社会保障局", "2026年2月6日", sealed=False)
    hand.page_numbers()
    return hand.data()


def request() -> bytes:
    """An upward 请示 with 签发人, two levels 一、 and 1., contacts in the annotation, 版记 in a table."""
    hand = Hand()
    hand.mark("某某县教育局文件")
    hand.blank()
    hand.line_of("　某教请〔2026〕2号　　　　　　　　　　签发人：王某某")
    hand.blank()
    hand.title("某某县教育局关于新建实训基地的请示")
    hand.blank()
    hand.line_of("某某市教育局：")
    hand.body("我县拟新建公共实训基地，现将有关情况请示如下。")
    hand.line_of("一、建设理由", HEITI, first=630)
    hand.body("1.现有工位不足。缺口约300个。", "2.产业需要。新引进企业12家。")
    hand.line_of("二、建设内容", HEITI, first=630)
    hand.body("1.实训楼一栋，建筑面积5000平方米。", "2.设备购置。清单另报。")
    hand.body("妥否，请批示。")
    hand.blank()
    hand.blank()
    hand.signed("某某县教育局", "2026年11月2日", sealed=True)
    hand.line_of("（联系人：李某某，联系电话：0000000）", first=630)
    hand.filler(11560)
    table = hand.document.add_table(rows=2, cols=1)
    for cell, text in zip(
        table.column_cells(0), ("抄送：某某县财政局。", "某某县教育局办公室　　　　　　2026年11月3日印发"), strict=True
    ):
        hand.shape(cell.paragraphs[0])
        hand.run(cell.paragraphs[0], text, FANGSONG, 14)
    hand.page_numbers()
    return hand.data()


def short() -> bytes:
    """A note of one page without number, page number or attachments, with a title date of its own."""
    hand = Hand()
    hand.line_of("（内部）", align="center")
    hand.line_of("某办〔2026〕4号", align="center")
    hand.title("会议通知")
    hand.blank()
    hand.line_of("局机关各科室：")
    hand.body("定于2026年7月3日（星期五）上午9:30召开半年工作会，网址https://example.gov.cn/meet，请准时参加。")
    hand.body("会议材料（一式3份）请于7月1日下班前送办公室。")
    hand.blank()
    hand.signed("办公室", "2026年6月29日", sealed=True)
    return hand.data()


def long() -> bytes:
    """Three pages of running text: full pages of full lines."""
    hand = Hand()
    hand.title("某某市教育局关于加强校园安全工作的意见")
    hand.blank()
    hand.line_of("各学校：")
    sentence = "各学校要坚持预防为主，健全制度，落实责任，定期检查，及时整改，把安全工作做细做实。"
    hand.body(*[sentence * 4] * 11)
    hand.blank()
    hand.signed("某某市教育局", "2026年3月9日", sealed=False)
    hand.page_numbers()
    return hand.data()


def forwarded() -> bytes:
    """A notice that forwards another: contacts above the signature, 抄送 without 印发, then the source with its own
    mark, number, lapses and attachments.
    """
    hand = Hand()
    hand.mark("某某省教育厅")
    hand.blank()
    hand.line_of("某教函〔2026〕7号", align="center")
    hand.blank()
    hand.title("转发关于开展劳动教育周活动的通知")
    hand.blank()
    hand.line_of("各市教育局：")
    hand.body(
        "现将教育部某司《关于开展劳动教育周活动的通知》（教某司函〔2026〕33号）转发给你们，请一并抓好落实。",
        "各市要充分认识劳动教育周的意义，组织学校积极参加，活动情况于5月20日前报送我厅。",
        "联系人：王某某",
        "联系电话：（0000）0000000",
        "电子邮箱：a@example.gov.cn",
    )
    hand.blank()
    hand.blank()
    hand.signed("某某省教育厅", "2026年4月25日", sealed=True)
    hand.line_of("（此件主动公开）", first=630)
    hand.line_of("（联系单位：基础教育处）", first=630)
    hand.filler(500)
    hand.line_of("　抄送：省内各高等学校。", size=14)
    hand.line_of("教育部某司函件", TITLE, 36, align="center", colour="FF0000", new_page=True)
    hand.line_of("教某司函【2026】033号", "宋体", 14)
    hand.title("关于开展劳动教育周活动的通知")
    hand.line_of("各省教育厅:")
    hand.line_of('为进一步加强劳动教育,定于2026年05月开展"劳动教育周"活动（见附件1）。', "宋体", 14)
    hand.line_of("附件1：活动安排。", "宋体", 14)
    hand.line_of("教育部某司", "宋体", 14, align="right")
    hand.line_of("二〇二六年四月十日", "宋体", 14, align="right")
    hand.line_of("抄送:教育部某中心", "宋体", 16)
    hand.line_of("附件1", "宋体", 14, align="center", new_page=True)
    hand.line_of("活动安排", "宋体", 14)
    hand.page_numbers()
    return hand.data()


def contacts() -> bytes:
    """A notice without mark and number; its contacts are a list of their own, with headings, right above the date."""
    hand = Hand()
    hand.title("市教育局关于在全市开展2026年", "“读书周”活动的通知")
    hand.blank()
    hand.line_of("各区教育局，各市直学校：")
    hand.body("为推进书香校园建设，决定开展“读书周”活动。现将有关事宜通知如下。")
    hand.line_of("一、活动时间", HEITI, first=630)
    hand.body("2026年4月20日—26日。")
    hand.line_of("二、活动要求", HEITI, first=630)
    hand.body("（一）做好组织。各区要制定方案，于4月17日（星期五）前报市教育局。", heading=KAITI)
    hand.body("（二）及时总结。各区要总结好的做法，于5月8日（星期五）前报市教育局。", heading=KAITI)
    hand.body("联系人及联系方式：", "市教育局基础教育处　李某", "电话　0000000")
    hand.blank()
    hand.signed("市教育局", "2026年4月9日", sealed=False)
    hand.line_of("（此件主动公开）", first=630)
    hand.page_numbers()
    return hand.data()


def quoting() -> bytes:
    """A reply full of what only looks like faults: quoted numbers and dates, inches, an apostrophe, addresses."""
    hand = Hand()
    hand.line_of("某教函〔2026〕9号", align="center")
    hand.title("某某市教育局关于答复某项建议的函")
    hand.blank()
    hand.line_of("某某市科学技术协会：")
    hand.body(
        "《2020年03月科普工作简报（2020）05号》和《关于<科普办法>的说明...(试行)》收悉，你会建议的“自2026年02月起,实行”可行。",
        "展厅屏幕为55\"以上，O'Neil教授2026年1月曾来讲学，画面比例为16:9，开放时间为9:30—17:00。",
        "请登录https://example.gov.cn/a?b=1,2;c=3查询，或者使用APP（iOS、Android），以A4纸打印，增长3.5%。",
        "讲座内容包括1）科学史；2）方法论。",
        "此前已于2026年3月1日前报送有关材料。",
    )
    hand.blank()
    hand.signed("某某市教育局", "2026年3月9日", sealed=False)
    return hand.data()


def joint() -> bytes:
    """Two offices sign in one row under their seals; the appended rules and the only attachment follow, then 版记."""
    hand = Hand()
    hand.line_of("某教联〔2026〕12号", align="center")
    hand.title("某某市教育局　某某市财政局", "关于印发资助办法的通知")
    hand.blank()
    hand.line_of("各学校：")
    hand.body("现将《学生资助办法》印发给你们，资助情况填入附件，按季报送。")
    hand.blank()
    hand.line_of("附件：学生资助情况表", first=630)
    hand.blank()
    hand.blank()
    hand.line_of("某某市教育局　　　　　　　某某市财政局", align="right", right=1400)
    hand.line_of("2026年3月9日", align="right", right=1260)
    hand.line_of("学生资助办法", TITLE, 22, align="center", new_page=True)
    hand.line_of("第一条　为规范资助工作,制定本办法。", "宋体", 14)
    hand.line_of("第二条　本办法自印发之日起施行.", "宋体", 14, new_page=True)
    hand.line_of("附件", HEITI, new_page=True)
    hand.blank()
    hand.title("学生资助情况表")
    hand.document.add_table(rows=2, cols=3).cell(0, 0).text = "学校名称"
    hand.filler(8400)
    hand.line_of("　抄送：某某市民政局。", size=14)
    hand.line_of("　某某市教育局办公室　　　　　　　　　　　2026年3月10日印发", size=14)
    hand.page_numbers()
    return hand.data()


CLEAN: dict[str, Callable[[], bytes]] = {
    "notice": notice,
    "wide": wide,
    "on-grid": on_grid,
    "request": request,
    "short": short,
    "long": long,
    "forwarded": forwarded,
    "contacts": contacts,
    "quoting": quoting,
    "joint": joint,
}
