"""Values that other programs alter, drop or run."""

from __future__ import annotations

from attacks import LITERAL, Attack

VALUES = [
    Attack("ampersand", "R&D部门", LITERAL),
    Attack("angle bracket", "a<b>c", LITERAL),
    Attack("an entity", "&amp;&lt;&#65;&nbsp;", LITERAL),
    Attack("the end of a text element", "x</w:t></w:r></w:p><w:p><w:r><w:t>y", LITERAL),
    Attack("the end of a CDATA section", "]]><![CDATA[", LITERAL),
    Attack("a comment", "<!-- x -->", LITERAL),
    Attack("a processing instruction", "<?xml version='1.0'?>", LITERAL),
    Attack("a document type", '<!DOCTYPE a [<!ENTITY b "c">]>&b;', LITERAL),
    Attack("a tag that computes", "{{ 7*7 }}", LITERAL),
    Attack("a tag that runs a command", "{{ cycler.__init__.__globals__.os.popen('id').read() }}", LITERAL),
    Attack("a statement", "{% for x in range(9) %}x{% endfor %}", LITERAL),
    Attack("a template comment", "甲{# 乙 #}丙", LITERAL),
    Attack("tags of the template engine", "{{p x }}{%tr endfor %}{{r x }}{_{ y }_}", LITERAL),
    Attack("a tag that is not closed", "甲{{ 乙{%", LITERAL),
    Attack("a formula", "=1+1", LITERAL),
    Attack("a formula that starts a program", "=cmd|'/c calc'!A0", LITERAL),
    Attack("quotation marks", "\"甲\"'乙'“丙”", LITERAL),
    Attack("line break and tab", "一\n二\t三", LITERAL),
    Attack("emoji and rare characters", "😀👩‍🏫𠮷𬺈〇㊙", LITERAL),
    Attack("blanks at the ends", " 甲　 ", LITERAL),
    Attack("placeholders of other languages", "%s%(x)d{0}{x}$1\\1\\g<0>", LITERAL),
    Attack("something very long", "很长的文字" * 2000, LITERAL),
    Attack("a lone surrogate", "a\ud800b", r"U\+D800 SURROGATE"),
    Attack("vertical tab", "a\x0bb", r"U\+000B LINE TABULATION"),
    Attack("bell, which a template engine takes for a paragraph", "a\ab", r"U\+0007 BELL"),
    Attack("form feed, which it takes for a page", "a\fb", r"U\+000C FORM FEED"),
    Attack("null", "a\0b", r"U\+0000 NULL"),
    Attack("a noncharacter", "a\uffffb", r"U\+FFFF NONCHARACTER"),
    Attack("the mark of a slot", "\ufdd0unit.code\ufdd1", r"U\+FDD0 NONCHARACTER"),
    Attack("text turned round", "a\u202egpj.exe", r"U\+202E RIGHT-TO-LEFT OVERRIDE"),
    Attack("a line end of another kind", "a\u2028b", r"U\+2028 LINE SEPARATOR"),
]
