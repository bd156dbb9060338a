"""A house style laid over the national rules: fonts, margins, number code, mark, page numbers; lint knows of it."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path

import pytest
from conftest import DispatchFolder
from pages import read_pages, to_pdfs

from generator.base.problems import Problems
from generator.dispatch.load import load_dispatch
from generator.dispatch.style import House
from generator.kits.kinds.notice import NoticeDocument
from generator.lint import fix, lint

SPEC = """
kind: notice
status: issued
layout: document
issuing_authorities: [某某省教育厅]
title: 某某省教育厅关于报送统计数据的通知
document_number: "58"
date_of_issue: 2026-01-05
recipients: 各市教育局
imprint: {printing_authority: 某某省教育厅办公室}
templates: ours
"""
HOUSE = """
source: 某某省公文格式细则
fonts: {方正小标宋简体: 方正小标宋_GBK, 仿宋_GB2312: 方正仿宋_GBK}
profile: "33476"
issuer_mark: 中共某某省委教育工委
number_code: 某教发
page_number: "- {n} -"
"""
BODY = "各地要高度重视此项工作，加强组织领导，明确责任分工，确保各项任务落到实处。" * 12


def _parts(data: bytes) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return {name: package.read(name).decode() for name in package.namelist()}


def _packed(parts: dict[str, str]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        for name, text in parts.items():
            package.writestr(name, text)
    return out.getvalue()


def _notice(folder: Path) -> bytes:
    document = NoticeDocument(load_dispatch(folder))
    return document.compile(None).stamp({}).data


def test_a_house_style_changes_what_it_names_and_nothing_else(dispatch_folder: DispatchFolder) -> None:
    national = _parts(_notice(dispatch_folder({"dispatch.yaml": SPEC, "body.md": BODY, "ours/note.txt": ""})))
    ours = _parts(_notice(dispatch_folder({"ours/house.yaml": HOUSE})))
    assert "方正仿宋_GBK" in ours["word/styles.xml"]
    assert "仿宋_GB2312" not in ours["word/styles.xml"]
    assert "黑体" in ours["word/styles.xml"]
    assert 'w:top="1960"' in ours["word/document.xml"]
    assert 'w:linePitch="592"' in ours["word/document.xml"]
    text = re.sub("<[^>]+>", "", ours["word/document.xml"])
    assert "某教发〔2026〕58号" in text
    assert "中共某某省委教育工委文件" in text
    assert "- " in re.sub("<[^>]+>", "", ours["word/footer1.xml"])
    assert "—" not in ours["word/footer1.xml"] + ours["word/footer2.xml"]
    assert "某教发" not in national["word/document.xml"]


def test_lint_knows_what_the_house_changed_and_nothing_else(dispatch_folder: DispatchFolder) -> None:
    ours = _notice(dispatch_folder({"dispatch.yaml": SPEC, "body.md": BODY, "ours/house.yaml": HOUSE}))
    assert lint(ours, "notice.docx") == []
    assert "某某省公文格式细则" in _parts(ours)["word/settings.xml"]
    for part, old, new, code in [
        ("word/footer1.xml", ">- <", ">第<", "page-number-form"),
        ("word/styles.xml", "方正小标宋_GBK", "华文中宋", "title-font"),
        ("word/styles.xml", "方正仿宋_GBK", "方正书宋_GBK", "body-font"),
        ("word/settings.xml", 'w:val="- {n} -"', 'w:val="第{n}页"', "page-number-form"),
    ]:
        parts = _parts(ours)
        assert old in parts[part]
        parts[part] = parts[part].replace(old, new)
        assert code in {found.code for found in lint(_packed(parts), "notice.docx")}


def test_a_repair_follows_the_house(dispatch_folder: DispatchFolder) -> None:
    ours = _notice(dispatch_folder({"dispatch.yaml": SPEC, "body.md": BODY, "ours/house.yaml": HOUSE}))
    parts = _parts(ours)
    parts["word/footer1.xml"] = parts["word/footer1.xml"].replace(">- <", ">第<")
    parts["word/styles.xml"] = parts["word/styles.xml"].replace("方正仿宋_GBK", "宋体")
    done = fix(_packed(parts), "notice.docx")
    repaired = done.data
    assert {"page-number-form", "body-font"} <= {found.code for found in done.findings}
    assert lint(repaired, "notice.docx") == []
    assert "仿宋_GB2312" not in _parts(repaired)["word/document.xml"]


def test_a_house_that_only_says_what_is_national_leaves_no_trace(dispatch_folder: DispatchFolder) -> None:
    house = "source: 某某省公文格式细则\nnumber_code: 某教发\n"
    made = _notice(dispatch_folder({"dispatch.yaml": SPEC, "body.md": BODY, "ours/house.yaml": house}))
    assert "docVar" not in _parts(made)["word/settings.xml"]


WRONG = [
    ("profil: '33476'", "unknown-key", 'Did you mean "profile"?'),
    ("fonts: {仿宋GB2312: 仿宋}", "unknown-key", 'Did you mean "仿宋_GB2312"?'),
    ("fonts: {不存在的字体: 宋体}", "unknown-key", "The keys here are: 方正小标宋简体,"),
    ("page_number: 第页", "bad-value", "Write {n} where the number stands, as in: — {n} —"),
    ("page_number: '{n}/{n}'", "bad-value", "Write {n} where"),
    ("number_code: 某教〔2026〕", "bad-value", "Write the letters alone, as in: 某人社函"),
    ("number_code: 某教5号", "bad-value", "Write the letters alone, as in: 某人社函"),
    ("profile: 36", "bad-value", "Write one of: 9704, 33476."),
]


@pytest.mark.parametrize(("line", "code", "hint"), WRONG, ids=[line for line, _code, _hint in WRONG])
def test_a_wrong_house_style_is_reported_where_it_is_wrong(
    dispatch_folder: DispatchFolder, line: str, code: str, hint: str
) -> None:
    house = f"source: 某某省公文格式细则\n{line}\n"
    folder = dispatch_folder({"dispatch.yaml": SPEC, "body.md": BODY, "ours/house.yaml": house})
    with pytest.raises(Problems) as caught:
        load_dispatch(folder)
    (problem,) = caught.value.problems
    assert (problem.where.file, problem.where.line, problem.code) == ("ours/house.yaml", 2, code)
    assert problem.hint.startswith(hint)


@pytest.mark.parametrize("nothing", ["", "# 按国家标准\n"])
def test_a_house_style_that_says_nothing_is_the_national_one(dispatch_folder: DispatchFolder, nothing: str) -> None:
    spec = SPEC.replace('"58"', "某教发〔2026〕58号")
    folder = dispatch_folder({"dispatch.yaml": spec, "body.md": BODY, "ours/house.yaml": nothing})
    assert load_dispatch(folder).house == House()


@pytest.mark.rendered
def test_the_other_margins_have_22_lines_too(dispatch_folder: DispatchFolder, tmp_path: Path) -> None:
    """GB/T 33476.2-2016 6.2: 34.58/32.58 mm; 版记 still ends the type area."""
    house = 'profile: "33476"\n'
    folder = dispatch_folder({"dispatch.yaml": SPEC, "body.md": f"{BODY}\n\n" * 4, "ours/house.yaml": house})
    (tmp_path / "notice.docx").write_bytes(_notice(folder))
    pages = read_pages(to_pdfs([tmp_path / "notice.docx"], tmp_path, tmp_path / "profile")[0])
    full = [line for line in pages[1].lines if 30 < line.baseline < 265]
    assert len(full) == 22
    assert full[1].baseline - full[0].baseline == pytest.approx(10.44, abs=0.02)
    rules = [bar for bar in pages[-1].bars if not bar.red and bar.right - bar.left > 150]
    assert max(bar.bottom for bar in rules) == pytest.approx(297 - 32.58, abs=0.5)
    assert pages[-1].number % 2 == 0
