"""What GB/T 9704-2012 finds wrong in any .docx: findings, repairs in a copy, findings as Word comments."""

from generator.lint.check import lint, selected
from generator.lint.comments import commented
from generator.lint.fix import REPAIRS, Change, Repaired, fix
from generator.lint.report import Report, report
from generator.lint.rules import RULES, Finding, explained, rule_table

__all__ = [
    "REPAIRS",
    "RULES",
    "Change",
    "Finding",
    "Repaired",
    "Report",
    "commented",
    "explained",
    "fix",
    "lint",
    "report",
    "rule_table",
    "selected",
]
