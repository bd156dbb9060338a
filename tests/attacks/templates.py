"""Template tags that try to run, read, reach or exhaust something; and ordinary ones, which must pass."""

from __future__ import annotations

from attacks import Attack

_CALL = "Call is not allowed in a template"
_UNDERSCORE = "names beginning with an underscore are not allowed in a template"
_BLOCK = "is not allowed in a template"
_UNKNOWN = "unknown name"
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
