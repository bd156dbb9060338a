"""A batch for units with hostile names: every unit gets a folder of its own inside, whatever file system it is."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from attacks.names import NAMES, UNSEEN
from click.testing import Result

from generator.base.values import NAME_BYTES, NAME_UNITS, collision_key

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


def written(**more: object) -> str:
    return json.dumps({**SPEC, "classes": {"x": "单位"}, **more}, ensure_ascii=False)


@pytest.mark.parametrize("name", UNSEEN, ids=ascii)
@pytest.mark.parametrize("key", ["code", "name", "short_name"])
def test_a_name_with_a_character_that_is_not_seen_is_refused(
    run: Callable[..., Result], dispatch_folder: Callable[[Mapping[str, str]], Path], key: str, name: str
) -> None:
    unit = {"code": "2", "name": "乙局", "short_name": "乙", "class": "x", key: name}
    units = [{"code": "甲局", "name": "甲局", "short_name": "甲局", "class": "x"}, unit]
    folder = dispatch_folder({"dispatch.yaml": written(units=units)})
    problems = json.loads(run("check", "--json", folder).output)["problems"]
    assert [problem["code"] for problem in problems] == ["unseen-in-name"]
    heads = "code,name,short_name,class,注"
    csv = "".join(",".join([*unit.values(), "甲\u200b\u200b"]) + "\n" for unit in (units[0], unit))
    folder = dispatch_folder({"dispatch.yaml": written(), "units.csv": f"{heads}\n{csv}"})
    problems = json.loads(run("check", "--json", folder).output)["problems"]
    place = list(unit).index(key) + 1
    assert [(each["code"], each["where"]["line"], each["where"]["column"]) for each in problems] == [
        ("unseen-in-name", 3, place)
    ]


@pytest.mark.parametrize("value", [*UNSEEN, "甲\u200c局"], ids=ascii)
def test_elsewhere_in_the_roster_it_is_a_warning(
    run: Callable[..., Result], dispatch_folder: Callable[[Mapping[str, str]], Path], value: str
) -> None:
    csv = f"code,name,short_name,class,联系人,注\n1,甲局,甲,x,{value},{value}\n2,𠮷\U000e0100👩\u200d🏫局,乙,x,某,1\n"
    folder = dispatch_folder({"dispatch.yaml": written(), "units.csv": csv})
    problems = json.loads(run("check", "--json", folder).output)["problems"]
    assert [(p["code"], p["severity"], p["where"]["line"], p["where"]["column"]) for p in problems] == [
        ("unseen-character", "warning", 2, 5),
        ("unseen-character", "warning", 2, 6),
    ]


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
