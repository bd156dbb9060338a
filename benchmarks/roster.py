"""The dispatch that is measured (kit/), with a roster of as many units as wanted, its source and its template."""

from __future__ import annotations

import io
import shutil
import zipfile
from pathlib import Path
from typing import Any

from generator.dispatch.spec import Unit

HERE = Path(__file__).parent
TEMPLATES = HERE.parent / "templates"
COLUMNS = (
    *("名额", "学校数", "教师数", "协同单位", "所在地", "填报期限", "核对期限", "复核数"),
    *("排查期限", "农村名额", "推荐期限", "抽查时间", "抽查数"),
)
"""The roster's columns beyond the known ones: with those, the notice holds nineteen values of the unit."""
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
    for name in ("dispatch.yaml", "body.md"):
        shutil.copyfile(HERE / "kit" / name, folder / name)
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
    dates = [f"{9 + (number + step) % 2}月{1 + (number * 7 + step * 5) % 28}日" for step in range(5)]
    reached = (f"联络员{number % 97:02d}", f"0000-{number:07d}", f"unit{number:06d}@edu.example.cn")
    placed = (f"{town}县财政局", f"{town}县")
    planned = (dates[0], dates[1], str(5 + number % 20), dates[2], str(1 + number % 3), dates[3], dates[4])
    more = (*figures, *placed, *planned, str(2 + number % 18))
    return f"{110000 + number:06d}", name, f"{town}县局", "county", *reached, *more


def units(number: int) -> tuple[Unit, ...]:
    """The units of so many rows, without a file."""
    made = []
    for index in range(number):
        code, name, short_name, class_, contact, phone, email, *more = row(index)
        known = {"code": code, "name": name, "short_name": short_name, "class": class_}
        reached = {"contact": contact, "phone": phone, "email": email}
        columns = dict(zip(COLUMNS, more, strict=True))
        made.append(Unit.model_validate({**known, **reached, "columns": columns}))
    return tuple(made)


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
        _typed(document.add_paragraph(), text)
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def _typed(paragraph: Any, text: str) -> None:
    """The text with its looks on itself, as offices type: indent and exact lines on the paragraph, fonts on the run."""
    from docx.oxml.ns import qn
    from docx.shared import Pt

    paragraph.paragraph_format.first_line_indent = Pt(32)
    paragraph.paragraph_format.line_spacing = Pt(28.95)
    paragraph.paragraph_format.space_after = Pt(0)
    run = paragraph.add_run(text)
    run.font.size = Pt(16)
    run.font.name = "Times New Roman"
    fonts = run._r.rPr.rFonts
    fonts.set(qn("w:eastAsia"), "仿宋_GB2312")
    fonts.set(qn("w:hint"), "eastAsia")


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
