"""YAML that other readers take for something else, execute, or never finish."""

from __future__ import annotations

from attacks import LITERAL, Attack

_NINES = ", ".join(["*{}"] * 9)
_LAUGHS = "a: &a [x]\n" + "".join(
    f"{new}: &{new} [{_NINES.format(*[old] * 9)}]\n" for old, new in zip("abcdefgh", "bcdefghi", strict=True)
)

READ_AS_TEXT = [
    "no", "on", "Yes", "true", "0123456", "089", "0x1F", "0o17", "1e3", "1.10", "1_000", "1:30", "12:30:45",
    "190:20:30", "2024-02-30", "2024-02-30T12:00:00Z", "2025.10", ".5", "+1", ".inf", ".nan", "=", "<<", "-1",
    "150100000000000000000000000001",
]  # fmt: skip
"""Scalars that YAML 1.1 or 1.2 makes numbers, days, hours, truth values or nothing of."""

ATTACKS = [
    *(Attack(f"the scalar {text}", f"title: {text}\n", LITERAL) for text in READ_AS_TEXT),
    Attack("the scalar null", "title: null\n", "no-value"),
    Attack("the scalar ~", "title: ~\n", "no-value"),
    Attack("a key twice", "title: 甲\ntitle: 乙\n", "duplicate-key"),
    Attack("a key twice, further in", "event: {name: 甲, name: 乙}\n", "duplicate-key"),
    Attack("an object of Python", "title: !!python/object/apply:os.system ['id']\n", "yaml-tag"),
    Attack("a module of Python", "title: !!python/name:os.system\n", "yaml-tag"),
    Attack("a tag of one's own", "title: !include /etc/passwd\n", "yaml-tag"),
    Attack("a tag of the standard", "title: !!binary aWQ=\n", "yaml-tag"),
    Attack("an alias", "title: &a 甲\nbody: *a\n", "yaml-anchor"),
    Attack("nine levels of nine aliases", _LAUGHS, "yaml-anchor"),
    Attack("merge keys", "a: &a {x: 1}\nb:\n  <<: *a\n", "yaml-anchor"),
    Attack("an alias to itself", "title: &a [*a]\n", "yaml-anchor"),
    Attack("three thousand brackets", "title: " + "[" * 3000 + "\n", "too-deep"),
    Attack("three thousand braces", "title: " + "{a: " * 3000 + "\n", "too-deep"),
    Attack("three thousand levels of indent", "".join(f"{' ' * n}a:\n" for n in range(300)), "too-deep"),
    Attack("fifty thousand keys", "\n".join(f"k{n}: 1" for n in range(50_000)), "too-many"),
    Attack("two megabytes", "title: " + "甲" * 700_000, "too-large"),
    Attack("a second document", "title: 甲\n---\ntitle: 乙\n", "yaml-documents"),
    Attack("a directive", "%TAG ! tag:example.com,2000:\n---\ntitle: !x 甲\n", "yaml-tag"),
    Attack("a list instead of keys", "- 甲\n", "not-a-mapping"),
    Attack("a full-width colon", "title：甲\n", "full-width-colon"),
    Attack("a key that is a list", "? [a, b]\n: 甲\n", "yaml-key"),
    Attack("a surrogate by its number", 'title: "a\\ud800b"\n', "bad-character"),
    Attack("a control character by its number", 'title: "a\\x0bb"\n', "bad-character"),
    Attack("text turned round by its number", 'title: "a\\u202eb"\n', "bad-character"),
    Attack("a control character in a key", '"ti\\x07tle": 甲\n', "bad-character"),
    Attack("a character beyond the last", 'title: "\\U00110000"\n', "yaml-syntax"),
    Attack("a character beyond all numbers", 'title: "\\UFFFFFFFF"\n', "yaml-syntax"),
    Attack("a version of five thousand digits", f"%YAML {'1' * 5000}.1\n---\ntitle: 甲\n", "yaml-syntax"),
    Attack("a tab as indent", "event:\n\tname: 甲\n", "yaml-syntax"),
    Attack("a tag of a template, unquoted", "title: {{ 7*7 }}\n", "yaml-key"),
    Attack("a file outside", "body: ../../../etc/passwd.md\n", "outside-folder"),
    Attack("a file by its whole path", "body: /etc/motd.md\n", "outside-folder"),
    Attack("a file on another machine", "body: \\\\server\\share\\x.md\n", "outside-folder"),
    Attack("templates outside", "templates: ../other\n", "outside-folder"),
    Attack("templates by their whole path", "templates: /etc\n", "outside-folder"),
    Attack("a file of a drive", "body: C:\\x.md\n", "outside-folder"),
    Attack("a file of somebody's home", "body: ~root/x.md\n", "outside-folder"),
]
