"""A dispatch's own Word templates: whether they are there, are ever used, and can be filled."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from generator.base.i18n import _
from generator.base.problems import Problem, Problems
from generator.check.codes import nearest, report
from generator.dispatch.dispatch import Dispatch
from generator.kits import kinds
from generator.word.template.templates import SHIPPED, template


def own_templates(dispatch: Dispatch) -> Iterator[Problem]:
    """The folder holds templates by the names of those that it replaces; any other would never be used, in silence."""
    if not dispatch.spec.templates:
        return
    folder, where = dispatch.folder / dispatch.spec.templates, dispatch.where("templates")
    if not folder.is_dir():
        message = _("there is no folder {folder} in the dispatch").format(folder=dispatch.spec.templates)
        yield report("templates-missing", where, message, _("Correct the name, or remove `templates`."))
        return
    known = sorted(path.name for path in SHIPPED.glob("*.docx"))
    for path in sorted(folder.glob("*.docx")):
        # Word and WPS lay a lock file of such a name beside a document that is open.
        if path.name not in known and not path.name.startswith("~$"):
            message = _("the template {name} replaces none and is never used").format(name=path.name)
            yield report("template-unused", where, message, nearest(path.name, known))
        elif path.name in known:
            yield from _not_word(dispatch, path.name)


def _not_word(dispatch: Dispatch, name: str) -> Iterator[Problem]:
    """Why a template cannot even be opened."""
    try:
        template(dispatch, name)
    except Problems as refused:
        yield from refused.problems


def template_faults(dispatch: Dispatch) -> Iterator[Problem]:
    """Faults of the dispatch's own templates, found by filling them; the dispatch must have no error otherwise."""
    if not dispatch.spec.templates:
        return
    seen: set[Problem] = set()
    for document in kinds.documents(dispatch):
        receivers = filter(document.concerns, (None, *dispatch.units))
        try:
            for unit in islice(receivers, 1):
                document.compile(unit)
        except Problems as faults:
            for problem in faults.problems:
                if problem not in seen:
                    yield problem
                seen.add(problem)


RULES = (own_templates,)
