"""Every hostile value through a whole batch: in cells it is text, in file names safe, or it is refused by name."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path

import openpyxl
import pytest
from attacks import LITERAL, Attack
from attacks.values import VALUES
from click.testing import Result
from docx import Document

from generator.base.values import safe_name

Run = Callable[..., Result]
Folder = Callable[[Mapping[str, str | bytes]], Path]


def spec(value: str) -> str:
    """A dispatch with the value in its title, in a form's title, heads, choices and cells, and in the unit's names.

    What is looked for stands between two marks, because the names of people, units and files lose blanks at their ends.
    """
    marked = f"甲{value}乙"
    return json.dumps(
        {
            "kind": "notice",
            "status": "issued",
            "date_of_issue": "2026-03-02",
            "issuing_authorities": ["某厅"],
            "title": f"关于{marked}的通知",
            "recipients": ["各单位"],
            "body": "填写{{ forms.stats }}。",
            "forms": {
                "stats": {
                    "title": "统计表",
                    "fields": [
                        {"name": "a", "title": marked, "categories": ["是", "否"]},
                        {"name": "b", "title": "栏目", "prefill": "名额"},
                    ],
                }
            },
            "classes": {"x": "单位"},
            "units": [{"code": "1", "name": marked, "short_name": marked, "class": "x", "columns": {"名额": marked}}],
        },
        ensure_ascii=True,
    )


def written(value: str) -> str:
    """The spec as JSON writes it, but for characters beyond U+FFFF, which YAML does not write as two."""
    text = spec(value)
    return json.dumps(json.loads(text), ensure_ascii=False) if any(ord(sign) > 0xFFFF for sign in value) else text


@pytest.mark.parametrize("value", VALUES, ids=lambda value: value.name)
def test_a_value_is_text_in_cells_and_safe_in_names_or_is_refused(
    run: Run, dispatch_folder: Folder, tmp_path: Path, value: Attack
) -> None:
    folder, out = dispatch_folder({"dispatch.yaml": written(value.payload)}), tmp_path / "out"
    said = run("batch", folder, "-o", out, "--verify")
    if value.met != LITERAL:
        assert said.exit_code == 1
        refused = [line for line in said.output.splitlines() if "[bad-character]" in line]
        fields = ["title", "fields[1].title", "units[1].name", "short_name", "名额"]
        assert all(any(field in line for line in refused) for field in fields), said.output
        assert not out.exists()
        return
    assert said.exit_code == 0, said.output
    marked = f"甲{value.payload}乙"
    (book,) = out.rglob("*.xlsx")
    cells = [cell for row in openpyxl.load_workbook(book).worksheets[0].iter_rows() for cell in row if cell.value]
    texts = [cell.value for cell in cells if cell.data_type in ("s", "inlineStr")]
    assert [cell.coordinate for cell in cells if cell.data_type == "f" and not cell.value.startswith("=SUM(")] == []
    assert texts.count(marked) >= 2, "the head and the cell that is filled in beforehand"
    assert any(marked in text and text != marked for text in texts), "the unit's name"
    assert book.parent.name == safe_name(f"1-{marked}")
    assert book.name.startswith(safe_name(f"{marked}-附件 统计表.xlsx")[:20])
    entries = json.loads((out / "manifest.json").read_bytes())["files"]
    (notice,) = [entry["file"] for entry in entries if entry["kind"] == "notice"]
    title = Document(str(out / notice)).core_properties.title
    assert "".join(marked.split()) in "".join(title.split())
