"""A house style laid over the national rules: fonts, margins, number code, mark, page numbers; and its mistakes."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path

import pytest
from conftest import DispatchFolder
from pages import read_pages, to_pdfs

from generator.kinds.notice import NoticeDocument
from generator.load import load_dispatch
from generator.problems import Problems

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


def test_a_wrong_house_style_is_reported_where_it_is_wrong(dispatch_folder: DispatchFolder) -> None:
    wrong = "fonts: {仿宋_GB2312: 方正仿宋_GBK}\nprofil: '33476'\npage_number: 第页\n"
    folder = dispatch_folder({"dispatch.yaml": SPEC, "body.md": BODY, "ours/house.yaml": wrong})
    with pytest.raises(Problems) as caught:
        load_dispatch(folder)
    found = [(problem.where.file, problem.where.line, problem.code) for problem in caught.value.problems]
    assert found == [("ours/house.yaml", 2, "unknown-key"), ("ours/house.yaml", 3, "bad-value")]


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
