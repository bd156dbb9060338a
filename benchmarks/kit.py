"""The dispatch that is measured: a letter to each unit with an appended source, a form of 15 × 40 and a checklist of 12."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

TEMPLATES = Path(__file__).parent.parent / "templates"
COLUMNS = ("名额", "学校数", "教师数", "协同单位", "所在地")
"""The roster's columns beyond the known ones: with those, the notice holds eleven values of the unit."""
_COLUMN_TITLES = (
    "学校名称", "学校标识码", "办学类型", "举办者", "负责人", "联系电话", "在校生数", "教职工数", "专任教师数", "占地面积",
    "建筑面积", "是否寄宿制", "核查结果", "备注",
)  # fmt: skip
_FIGURES = {"在校生数": "人", "教职工数": "人", "专任教师数": "人"}
_AREAS = {"占地面积": "平方米", "建筑面积": "平方米"}
_CHOICES = {
    "办学类型": "[幼儿园, 小学, 初中, 九年一贯制学校, 完全中学, 高级中学, 中等职业学校, 特殊教育学校]",
    "举办者": "[公办, 民办, 其他]",
    "是否寄宿制": "[是, 否]",
    "核查结果": "[相符, 不相符, 待核实]",
}
_MATERIALS = (
    "自查报告", "问题整改台账", "教职工编制批复文件", "学籍系统导出名册", "经费拨付凭证", "校舍安全鉴定报告", "消防验收合格证明",
    "食品经营许可证", "公示照片", "公示结果说明", "工作联络员备案表",
)  # fmt: skip

_SPEC = """\
kind: forward
status: issued
layout: letter
address: unit
issuing_authorities: [某某省教育厅]
title: 某某省教育厅关于转发全国各级各类学校基本情况摸底核查工作文件的通知
document_number: 某教函〔2026〕18号
date_of_issue: 2026-08-20
sources:
  check:
    issuing_authorities: [某某部办公厅]
    title: 某某部办公厅关于开展全国各级各类学校基本情况摸底核查工作的通知
    document_number: 某教厅函〔2026〕31号
    file: source.docx
    attach: append
recipients: [各县（市、区）教育局]
carbon_copy: [某某省机构编制委员会办公室, 某某省财政厅]
units: units.csv
classes: {county: {title: 县（市、区）教育局, each: 各县（市、区）教育局}}
deadlines:
  report: {due: 2026-09-30, what: 核查材料, to: 某某省教育厅发展规划处, channel: [电子邮箱]}
body: body.md
templates: templates
contacts: [{role: 发展规划处, name: 王某某, phone: （000）0000 0001}]
imprint: {printing_authority: 某某省教育厅办公室, date_of_print: 2026-08-20}
"""

_BODY = """\
# 提高思想认识

{{ unit.所在地 }}各有关单位要充分认识开展本次摸底核查工作的重要意义，将其作为当前一项重要任务摆上议事日程，主要负责同志亲自抓、分管负责同志具体抓，明确专人负责，确保工作不断档、责任不悬空、任务不落空。

# 明确核查范围

{{ unit.name }}（单位代码{{ unit.code }}）本次应核查学校{{ unit.学校数 }}所、教职工{{ unit.教师数 }}人，核查范围包括所辖公办和民办幼儿园、中小学校、中等职业学校以及特殊教育学校，做到不漏一校、不漏一人、不漏一项。

# 细化工作任务

{{ unit.short_name }}须会同{{ unit.协同单位 }}组织所属学校逐校逐项填报，对照台账逐一复核，形成问题清单和整改清单，并由单位主要负责人签字确认；推荐规范办学典型{{ unit.名额 }}个，每个典型材料须包括主要做法、工作成效、存在问题和下一步打算四个部分。

# 压实工作责任

教育、编制、财政等部门要建立会商机制，加强数据比对和信息共享，对核查中发现的问题建立台账，实行清单管理、销号整改，整改完成一项、销号一项，确保核查数据真实、准确、完整。省教育厅将适时组织抽查复核，抽查比例不低于百分之十。

# 严肃工作纪律

对弄虚作假、瞒报漏报、敷衍塞责的单位和个人，将按照有关规定严肃追究责任，并在全省范围内通报批评。对工作成效明显的县（市、区）予以表扬，其做法汇编印发各地学习借鉴。

# 做好信息报送

请{{ unit.short_name }}于{{ deadlines.report }}，将{{ forms.schools }}和{{ evidence.m01 }}等材料报送{{ deadlines.report.to }}。你单位备案的工作联络员为{{ unit.contact }}，联系电话{{ unit.phone }}，电子邮箱{{ unit.email }}，如有变动请于五个工作日内告知。
"""

_SENTENCE = (
    "各级教育行政部门负责本行政区域内核查工作的组织实施，制定具体工作方案，明确责任分工和时间进度",
    "坚持问题导向、目标导向和结果导向相统一，聚焦基层反映集中的突出问题，摸清底数、找准症结、分类施策",
    "数据填报应当以学年初事业统计数据为基础，凡与事业统计数据不一致的，须逐项说明原因并附佐证材料",
    "各级各类学校是核查工作的责任主体，应当对照核查内容逐项开展自查，完整留存材料，自觉接受监督检查",
)
_PLACES = "安平昌宁德化龙泉青山临江永丰长乐东阳西岭南湖北川新会大足石门白水金堂玉田"


def write(folder: Path, units: int) -> Path:
    """The dispatch folder, with a roster of so many units."""
    (folder / "templates").mkdir(parents=True)
    (folder / "dispatch.yaml").write_text(_SPEC + _form() + _evidence(), encoding="utf-8")
    (folder / "body.md").write_text(_BODY, encoding="utf-8")
    (folder / "source.docx").write_bytes(_source())
    (folder / "templates" / "notice-letter.docx").write_bytes(_template())
    with open(folder / "units.csv", "w", encoding="utf-8") as file:
        file.write(",".join(("code", "name", "short_name", "class", "contact", "phone", "email", *COLUMNS)) + "\n")
        file.writelines(",".join(row(number)) + "\n" for number in range(units))
    return folder


def row(number: int) -> tuple[str, ...]:
    """A unit's row of the roster; names of one length, so that the layout is that of a real roster: mostly the same."""
    town = "".join(_PLACES[(number // 36**place * 7 + number) % 36] for place in range(3))
    name = f"{town}县{'' if number % 3 else '市'}教育局"
    figures = (str(1 + number % 9), str(20 + number % 180), str(1500 + number * 37 % 9000))
    reached = (f"联络员{number % 97:02d}", f"0000-{number:07d}", f"unit{number:06d}@edu.example.cn")
    return f"{110000 + number:06d}", name, f"{town}县局", "county", *reached, *figures, f"{town}县财政局", f"{town}县"


def _form() -> str:
    fields = [f"      - {{name: c{number:02d}, title: {title}{_field(title)}}}" for number, title in _numbered()]
    return "\n".join(
        [
            "forms:",
            "  schools:",
            "    title: 学校基本情况统计表",
            "    due: report",
            "    formats: [xlsx]",
            "    fields:",
            "      - {name: number, title: 序号, type: serial}",
            *fields,
            "    rows: {reserve: 40, total: bottom}",
            "attachments: [{title: 核查工作说明}]",
            "",
        ]
    )


def _numbered() -> list[tuple[int, str]]:
    return list(enumerate(_COLUMN_TITLES, 1))


def _field(title: str) -> str:
    if title in _FIGURES:
        return f", type: integer, unit: {_FIGURES[title]}, constraints: {{minimum: 0}}, total: sum"
    if title in _AREAS:
        return f", type: number, unit: {_AREAS[title]}, constraints: {{minimum: 0}}, total: sum"
    return f", categories: {_CHOICES[title]}" if title in _CHOICES else ""


def _evidence() -> str:
    items = [
        f"  m{number:02d}: {{title: {title}, due: report, seal: true, copies: 2, accept: [pdf], count: {{min: 1}}}}"
        for number, title in enumerate(_MATERIALS, 1)
    ]
    return "\n".join(["evidence:", *items, ""])


def _source() -> bytes:
    """The superior's document: thirty paragraphs of text under its head."""
    from docx import Document

    document = Document()
    head = ("某某部办公厅关于开展全国各级各类学校基本情况摸底核查工作的通知", "某教厅函〔2026〕31号")
    body = [
        f"（{number}）" + "。".join(_SENTENCE[(number + step) % 4] for step in range(1 + number % 2)) + "。"
        for number in range(1, 31)
    ]
    for text in (*head, "各省、自治区、直辖市教育厅（教委）：", *body, "某某部办公厅", "2026年8月1日"):
        document.add_paragraph(text)
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def _template() -> bytes:
    """The shipped letter, with the unit in the header of the pages after the first."""
    stream = io.BytesIO()
    with (
        zipfile.ZipFile(TEMPLATES / "notice-letter.docx") as shipped,
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as own,
    ):
        for name in shipped.namelist():
            data = shipped.read(name)
            if name == "word/header1.xml":
                text = "<w:r><w:t>{{ unit.name }}（{{ unit.code }}）</w:t></w:r></w:p>"
                data = data.decode().replace("</w:p>", text, 1).encode()
            own.writestr(name, data)
    return stream.getvalue()
