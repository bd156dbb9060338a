"""Names of units that would be bad names of folders, or be taken for one another."""

from __future__ import annotations

NAMES = [
    "../../etc/passwd", "..", ".", "...", "/", "//server/share", "\\\\server\\share", "C:\\Windows", "C:", "a/b\\c",
    "a:b", "a|b", "a*b", "a?b", 'a"b', "a<b>c", ".hidden", "~", "~$锁定", "-rf", "--help", "$(id)", "`id`", ";id",
    "&& id", "%PATH%", "!x!", "'", "CON", "con", "Con.txt", "PRN", "AUX.docx", "NUL", "NUL.tar.gz", "COM1", "COM¹",
    "COM9.x", "LPT9 ", "LPT³", "CONIN$", "CONOUT$.txt", "CLOCK$", "CON .x", "甲局", "甲局.", "甲局 ", "甲局　",
    " 甲局", "甲\n局", "甲\t局", "e\u0301局", "é局", "É局",
    "ＡＢＣ局", "ABC局", "abc局", "①局", "1局", "ß局", "SS局", "ﬁ局", "fi局", "某" * 300, "某" * 59 + "😀" * 90,
    "😀局", "\U0002ebf0局", "desktop.ini", "thumbs.db", "manifest.json", ".journal", ".lock", "master",
    "a" * 255 + ".docx", "a b  c", "局。", "İ局", "ı局", "K局", "Ω局", "〇局",
]  # fmt: skip

UNSEEN = [
    "甲\u200b局", "甲\ufeff局", "甲\u00ad局", "甲\u200d局", "甲局\u2060", "\u206a甲局", "甲\ufff9局", "甲\u3164局",
    "甲局\U000e0041", "甲\u034f局", "甲\u180e局", "甲\uffa0局",
]  # fmt: skip
"""Names that look like 甲局 and are others."""
