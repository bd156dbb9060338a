"""Faults as people make them, each planted in a place of its own; all of them must be told in one run."""

from __future__ import annotations

TEMPLATE_FAULTS = {
    "{% endif %}": "{% endif %} ends nothing",
    "{% else %}": "{% else %} belongs to no {% if %}",
    "甲{{ title 乙": "a tag is opened here and not closed in its paragraph",
    "甲 title }}乙": "a tag is closed here and not opened in its paragraph",
    "共{{ titel }}份": "unknown name {{ titel }}",
    "共{{ title | uper }}份": "the filter uper is not allowed in a template",
    "{{ title. }}": "is not a template",
    "{{ }}": "is not a template",
    "{{ 发文 字号 }}": "is not a template",
    "{% for x lines %}{{ x }}{% endfor %}": "is not a template",
    "{% if title = '甲' %}甲{% endif %}": "is not a template",
    "{{ title() }}": "Call is not allowed in a template",
    "{% foreach x in lines %}": "{% foreach x in lines %} is not allowed in a template",
    "{% if title %}没有完": "{% if %} begins here and never ends",
}
"""Text of a paragraph → what is said of it."""

SPEC = """\
kind: forwad # ! bad-value
status: isued # ! bad-value
address: everyone # ! bad-value
issuing_authorities: [某厅]
document_numbr: 某函〔2026〕1号 # ! unknown-key
titel: 关于甲的通知 # ! unknown-key
date_of_issue: 2026-02-30 # ! bad-value
recipients: [各市局]
seal: maybe # ! bad-value
classes: {school: 技工院校, prefecture: 盟市}
sources:
  one: {title: 甲, attach: apend} # ! bad-value
  two: {title: 乙, url: [a]} # ! wrong-type
event: {nmae: 甲, start: 2026-13-01} # ! unknown-key # ! bad-value
deadlines:
  first: {due: soon} # ! bad-value
  second: {due: 2026-09-31} # ! bad-value
forms:
  stats:
    title: 统计表
    layout: tabel # ! bad-value
    fields:
      - {name: a, title: 甲, type: integr} # ! bad-value
      - {name: b, titel: 乙} # ! unknown-key
evidence:
  video: {title: 视频, count: many} # ! bad-value
contacts: 张三 # ! wrong-type
imprint: [x] # ! wrong-type
"""
"""A spec; each fault's code stands on its line after `# !`."""

ROSTER_HEAD = "code,name,short_name,class,role,名额\n"
ROSTER_ROWS = [
    ("001,甲局,甲,盟市,主送,1\n", None, None),
    (",乙局,乙,盟市,主送,1\n", 1, "blank-code"),
    ("003,,丙,盟市,主送,1\n", 2, "blank-name"),
    ("004,丁局,丁,,主送,1\n", 4, "blank-class"),
    ("001,戊局,戊,盟市,主送,1\n", 1, "doubled-code"),
    ("００１,己局,己,盟市,主送,1\n", 1, "doubled-code"),
    ("007,庚局,庚,市局,主送,1\n", 4, "roster-class"),
    ("008,辛局,辛,盟市,转送,1\n", 5, "unknown-role"),
    ("009,壬\u202e局,壬,盟市,主送,1\n", 2, "bad-character"),
    ("010,癸局,癸\x07,盟市,主送,1\n", 3, "bad-character"),
    ("011,子局,子,盟市,主送,\ufdd0\n", 6, "bad-character"),
    ("012,丑局,丑,盟市,主送,1,多\n", 7, "roster-no-head"),
]
"""Rows with the column and code of their fault; each is planted several times over, with other codes."""
