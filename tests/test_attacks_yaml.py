"""YAML is read as what it looks like, or refused at once, with its place."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from attacks import LITERAL, Attack
from attacks.yaml_cases import ATTACKS

from generator.base.problems import Problems
from generator.dispatch.load import load_dispatch
from generator.dispatch.yaml import read_yaml

REST = "issuing_authorities: [某厅]\nrecipients: [各市局]\n"

HANGS = 5
"""Seconds of CPU after which an input counts as one that hangs."""


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.name)
def test_yaml_is_text_or_is_refused(attack: Attack, tmp_path: Path) -> None:
    (tmp_path / "dispatch.yaml").write_bytes(attack.payload.encode())
    started = time.process_time()
    if attack.met == LITERAL:
        (tmp_path / "dispatch.yaml").write_text(attack.payload + REST, "utf-8")
        assert load_dispatch(tmp_path).spec.title == attack.payload.removeprefix("title: ").strip()
    else:
        with pytest.raises(Problems) as caught:
            load_dispatch(tmp_path)
        assert attack.met in [problem.code for problem in caught.value.problems]
    assert time.process_time() - started < HANGS


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("classes: ｛county: 区县｝", 'the sign "｛"'),
        ("classes: {county: 区县，school: 学校}", 'the sign "，"'),
        ("who:\n  － county: 区县", 'the sign "－"'),
        ("who:\n  — a: b", 'the sign "—"'),
        ("event:\n\u3000\u3000name: 某活动", "U+3000"),
        ("event:\n\u00a0\u00a0name: 某活动", "U+00A0"),
        ("event:\n  \u2003name: 某活动", "U+2003"),
        ("status:\u00a0issued", "U+00A0"),
        ("deadlines: ［a: b］", 'the sign "［"'),
    ],
)
def test_a_full_width_sign_is_named(line: str, said: str) -> None:
    try:
        problems = read_yaml(f"kind: notice\n{line}\n".encode(), "dispatch.yaml").problems
    except Problems as found:
        problems = found.problems
    assert said in "\n".join(map(str, problems))
