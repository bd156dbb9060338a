"""Template tags that try to run, read, reach or exhaust something; and ordinary ones, which must pass."""

from __future__ import annotations

from dataclasses import dataclass

from attacks import Attack

DOCUMENT, RELS = "word/document.xml", "word/_rels/document.xml.rels"


@dataclass(frozen=True)
class PartAttack:
    """`old` in a part of a template becomes `new`."""

    name: str
    part: str
    old: str
    new: str
    met: str


_CALL = "Call is not allowed in a template"
_UNDERSCORE = "names beginning with an underscore are not allowed in a template"
_BLOCK = "is not allowed in a template"
_UNKNOWN = "unknown name"
_CHARACTER = "a text holds a character that no document can carry"
_FILTER = "the filter {} is not allowed in a template"

ATTACKS = [
    Attack("run a command by cycler", "{{ cycler.__init__.__globals__.os.popen('id').read() }}", _CALL),
    Attack("run a command by lipsum", "{{ lipsum.__globals__['os'].popen('id').read() }}", _CALL),
    Attack("run a command by joiner", "{{ joiner.__init__.__globals__.os.system('id') }}", _CALL),
    Attack("run a command by namespace", "{{ namespace.__init__.__globals__.os.system('id') }}", _CALL),
    Attack("run a command by a class's ancestors", "{{ ''.__class__.__mro__[1].__subclasses__() }}", _CALL),
    Attack("reach a class", "{{ title.__class__ }}", _UNDERSCORE),
    Attack("reach a class by key", "{{ title['__class__'] }}", _UNDERSCORE),
    Attack("reach a class by a key put together", "{{ title['__cla' ~ 'ss__'] }}", "is unsafe"),
    Attack("reach a class by attr", "{{ title|attr('__class__') }}", _FILTER.format("attr")),
    Attack("reach a class by map", "{{ lines|map(attribute='__class__')|list }}", _FILTER.format("map")),
    Attack("reach a class by format", "{{ '{0.__class__}'.format(title) }}", _CALL),
    Attack("format by filter", "{{ '%999999999d'|format(1) }}", _FILTER.format("format")),
    Attack("call a method of a value", "{{ title.upper() }}", _CALL),
    Attack("call a block", "{% call title() %}x{% endcall %}", _BLOCK),
    Attack("change a list", "{{ lines.append(99) }}", _CALL),
    Attack("count to a billion", "{% for x in range(999999999) %}x{% endfor %}", _CALL),
    Attack("a gigabyte by multiplying", "{{ 'a' * 999999999 }}", "Mul is not allowed"),
    Attack("a gigabyte by padding", "{{ title|center(500000000) }}", _FILTER.format("center")),
    Attack("a gigabyte by indenting", "{{ title|indent(500000000) }}", _FILTER.format("indent")),
    Attack("a gigabyte by formatting", "{{ '%999999999d' % 1 }}", "Mod is not allowed"),
    Attack("a number without end", "{{ 9 ** 99999999 }}", "Pow is not allowed"),
    Attack(
        "five loops in one another",
        "{% for a in lines %}{% for b in lines %}{% for c in lines %}{% for d in lines %}{% for e in lines %}x"
        "{% endfor %}{% endfor %}{% endfor %}{% endfor %}{% endfor %}",
        "loops may be nested 4 deep at most",
    ),
    Attack(
        "a loop that calls itself", "{% for x in lines recursive %}{{ loop(lines) }}{% endfor %}", "loops may be nes"
    ),
    Attack("read a file", "{% include '/etc/passwd' %}", "Include is not allowed"),
    Attack("import a file", "{% import '/etc/passwd' as x %}", "Import is not allowed"),
    Attack("import from a file", "{% from '/etc/passwd' import x %}", "FromImport is not allowed"),
    Attack("extend a file", "{% extends '/etc/passwd' %}", "Extends is not allowed"),
    Attack("define a macro", "{% macro x() %}{{ x() }}{% endmacro %}", _BLOCK),
    Attack("set a name", "{% set title = 'x' %}", "Assign is not allowed"),
    Attack("set a block", "{% set x %}y{% endset %}", _BLOCK),
    Attack("filter a block", "{% filter upper %}x{% endfilter %}", _BLOCK),
    Attack("switch escaping off", "{% autoescape false %}{{ title }}{% endautoescape %}", _BLOCK),
    Attack("mark as safe", "{{ title|safe }}", _FILTER.format("safe")),
    Attack("attributes from a value", "{{ unit|xmlattr }}", _FILTER.format("xmlattr")),
    Attack("leave tags unread", "{% raw %}{{ title }}{% endraw %}", _BLOCK),
    Attack("cut by steps", "{{ title[::-1] }}", "Slice is not allowed"),
    Attack("print the surroundings", "{{ self }}", _UNKNOWN),
    Attack("print everything there is", "{{ context }}", _UNKNOWN),
    Attack("print the settings", "{{ config }}", _UNKNOWN),
    Attack("debug", "{% debug %}", _BLOCK),
    Attack("load an extension", "{% do lines.append(1) %}", _BLOCK),
    Attack("test with a function", "{{ title is callable }}", "the test callable is not allowed"),
]

EXHAUSTING = [
    Attack("the mark of a slot as a text", r"{{ '\ufdd0unit.code\ufdd1' }}", _CHARACTER),
    Attack("a lone surrogate as a text", r"{{ '\ud800' }}", _CHARACTER),
    Attack("a text turned round", r"{{ title ~ '\u202e' }}", _CHARACTER),
    Attack("a key with a control", r"{{ unit['\x0b'] }}", _CHARACTER),
    Attack("a number of five thousand digits", f"{{{{ {'1' * 5000} }}}}", "too long or too deep"),
    Attack("two thousand brackets", f"{{{{ {'(' * 2000}title{')' * 2000} }}}}", "too long or too deep"),
    Attack("a hundred denials", f"{{{{ {'not ' * 100}title }}}}", "more than 50 things in one another"),
    Attack("three thousand fields of fields", f"{{{{ title{'.a' * 3000} }}}}", "more than 50 things in one another"),
    Attack(
        "a hundred conditions in one another",
        "{% if title %}" * 100 + "{% endif %}" * 100,
        "more than 50 things in one another",
    ),
    Attack("gigabytes by joining", f"{{{{ {'title|join(' * 12}title{')' * 12} }}}}", "is given what it may not"),
    Attack("gigabytes by joining what is joined", "{{ lines|join('0123456789')|join('0123456789') }}", "only a list"),
    Attack("a text joined", "{{ title|join('、') }}", "only a list can be joined"),
    Attack("a loop over a text", "{% for x in title %}{% endfor %}", "a loop goes over a list, not over a text"),
    Attack(
        "two million rounds",
        "".join(f"{{% for {name} in {['x'] * 40} %}}" for name in "abcd") + "{% endfor %}" * 4,
        "the loops go round more than 1048576 times",
    ),
    Attack("forty thousand comments begun", "{#" * 40_000, "a tag is opened here and not closed"),
    Attack("forty thousand tags begun", "{{" * 40_000, "a tag is opened here and not closed"),
    Attack("twenty thousand rows begun", "{%tr " * 20_000, "a tag is opened here and not closed"),
]

_TEXT = "<w:t>甲</w:t>"
_RUN = f"<w:r>{_TEXT}"
_FIELD = '<w:r><w:fldChar w:fldCharType="{}"/></w:r>'
_PAGE = f"{_FIELD.format('begin')}<w:r><w:instrText>{{}}</w:instrText></w:r>{_FIELD.format('end')}"
_PLACE = "where no text belongs"
_STRAY = "there is a tag in it, and tags of this part are not filled"

PARTS = [
    PartAttack("a field's instruction", DOCUMENT, _RUN, f"{_PAGE.format(' PAGE {{ title }}')}{_RUN}", _PLACE),
    PartAttack("a whole instruction", DOCUMENT, _RUN, f"{_PAGE.format('{{ title }}')}{_RUN}", "active content"),
    PartAttack(
        "an instruction in two pieces",
        DOCUMENT,
        _RUN,
        f"{_PAGE.format(' PAGE {</w:instrText><w:instrText>{ title }}')}{_RUN}",
        _PLACE,
    ),
    PartAttack("a simple field", DOCUMENT, _RUN, f'<w:fldSimple w:instr=" PAGE {{{{ title }}}}"/>{_RUN}', _PLACE),
    PartAttack("a style", DOCUMENT, _RUN, f'<w:r><w:rPr><w:rStyle w:val="{{{{ title }}}}"/></w:rPr>{_TEXT}', _PLACE),
    PartAttack("a relationship", DOCUMENT, _RUN, f'<w:hyperlink r:id="{{{{ title }}}}" xmlns:r="x"/>{_RUN}', _PLACE),
    PartAttack("a colour by docxtpl", DOCUMENT, _TEXT, "<w:t>{% cellbg title %}</w:t>", _PLACE),
    PartAttack("text between runs", DOCUMENT, _RUN, f"{{{{ unit.name }}}}{_RUN}", "a unit's value comes to stand in p"),
    PartAttack("the styles", "word/styles.xml", 'w:val="Normal"', 'w:val="{{ title }}"', _STRAY),
    PartAttack("the settings", "word/settings.xml", "</w:settings>", "<a>{{ title }}</a></w:settings>", _STRAY),
    PartAttack("a tag in pieces", "word/settings.xml", "</w:settings>", "<a>{</a><a>{ x }}</a></w:settings>", _STRAY),
    PartAttack("a relationship's target", RELS, 'Target="styles.xml"', 'Target="{{ title }}"', _STRAY),
    PartAttack("the mark of a slot", DOCUMENT, "甲", "\ufdd0unit.code\ufdd1", "no document can carry"),
    PartAttack(
        "the mark in another part", "word/settings.xml", "</w:settings>", "<a>&#xfdd0;</a></w:settings>", "carry"
    ),
    PartAttack(
        "another name for Word's elements", DOCUMENT, "xmlns:w=", "xmlns:w='x' xmlns:u=", "save it anew in Word"
    ),
]
"""Tags and marks where no text belongs; what is said of each."""

ORDINARY = {
    "{{ title }}": "关于甲乙的通知",
    "{{ unit.name }}": "甲局",
    "{{ unit['name'] }}": "甲局",
    "{{ lines|join('、') }}": "一、二",
    "{{ lines|length }}": "2",
    "{{ lines|first }}{{ lines|last }}": "一二",
    "{% for x in lines %}{{ loop.index }}.{{ x }}{% if not loop.last %}；{% endif %}{% endfor %}": "1.一；2.二",
    "{% if unit.name == '甲局' and lines %}是{% else %}否{% endif %}": "是",
    "{{ title ~ '（' ~ unit.name ~ '）' }}": "关于甲乙的通知（甲局）",
    "{{ '有' if lines else '无' }}": "有",
    "{% if '一' in lines %}在{% endif %}": "在",
    "{% if unit.none is undefined %}没有{% endif %}": "没有",
    "{# 说明 #}甲{{ title|trim|lower }}": "甲关于甲乙的通知",
}
"""Expressions as people write them, and what they print."""

CONTEXT = {"title": "关于甲乙的通知", "lines": ["一", "二"], "unit": {"name": "甲局"}}
