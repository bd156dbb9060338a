"""A batch for units with hostile names: every unit gets a folder of its own inside, whatever file system it is."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from pathlib import Path

from attacks.names import NAMES
from click.testing import Result

from generator.values import NAME_BYTES, NAME_UNITS, collision_key

RESERVED = re.compile(r"(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$|clock\$)\s*(\.|$)", re.IGNORECASE)
SPEC = {
    "kind": "notice",
    "status": "issued",
    "date_of_issue": "2026-03-02",
    "issuing_authorities": ["某厅"],
    "title": "关于甲的通知",
    "recipients": ["各单位"],
    "body": "请遵照执行，报送{{ evidence.video }}。",
    "evidence": {"video": {"title": "视频"}},
}


def test_every_hostile_name_becomes_a_folder_and_no_two_the_same(
    run: Callable[..., Result], dispatch_folder: Callable[[Mapping[str, str]], Path], tmp_path: Path
) -> None:
    units = [{"code": f"{number:03d}", "name": name, "short_name": name} for number, name in enumerate(NAMES)]
    as_codes = {collision_key(name): name for name in NAMES if name.strip() == name}
    units += [{"code": name, "name": "某局"} for name in as_codes.values()]
    spec = {**SPEC, "units": [{"class": "x", **unit} for unit in units], "classes": {"x": "单位"}}
    folder = dispatch_folder({"dispatch.yaml": json.dumps(spec, ensure_ascii=False)})
    out = tmp_path / "some" / "out"
    said = run("batch", folder, "-o", out)
    assert said.exit_code == 0, said.output
    entries = json.loads((out / "manifest.json").read_bytes())["files"]
    assert {entry["unit"] for entry in entries} == {unit["code"] for unit in units}
    assert sorted(path.name for path in out.parent.iterdir()) == ["out"]
    folders = {entry["file"].split("/")[0] for entry in entries}
    assert len(folders) == len({collision_key(name) for name in folders}) == len(units)
    made = sorted(path.relative_to(out).as_posix() for path in out.rglob("*.docx") if path.is_file())
    assert made == sorted(entry["file"] for entry in entries)
    for entry in entries:
        assert [fault for name in entry["file"].split("/") for fault in faults(name)] == [], entry["file"]


def faults(name: str) -> list[str]:
    """What some system would hold against a name."""
    rules = {
        "a sign that Windows refuses": re.search(r'[<>:"/\\|?*\x00-\x1f]', name),
        "a sign that is not seen": re.search("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]", name),
        "blank or dot at an end": name != name.strip(" .　"),
        "a mark of hidden and lock files or of options": name.startswith((".", "~", "-", "$")),
        "a device": RESERVED.match(name),
        "too long": len(name.encode()) > NAME_BYTES or len(name.encode("utf-16-le")) // 2 > NAME_UNITS,
    }
    return [rule for rule, broken in rules.items() if broken]


def test_the_rules_would_see_a_bad_name() -> None:
    bad = ["a:b", "a\u200bb", "a.", ".a", "~$a", "-a", "con", "AUX.docx", "CON .x", "a" * 300]
    assert [name for name in bad if not faults(name)] == []
