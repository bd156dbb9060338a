"""body.md → numbered blocks, with its references resolved.

The body is Markdown, of which only what an official document has is read: headings, paragraphs, ordered and bulleted
lists, tables and **bold**. Everything else (HTML, links, code, quotations, single asterisks) is literal text, of which
what looks like Markdown is told; an image is refused, and so is whatever would vanish.

Headings `#` to `####` are numbered 一、（一）1.（1） in order, anew under each parent; a number that the author typed
is taken off. A heading that ends in 。 is run in: it opens the paragraph that follows it. Ordered lists become
paragraphs numbered 1. and, nested, （1） ①; one level deeper under a heading that already has that number. A list
that starts with 1 starts anew, any other goes on from the last list under the same heading. Bulleted items begin
with ——. A line that begins with a typed ordinal (一、 （一） 1. ①), with —— or with a full-width space begins a new
paragraph, as people type them. `::: school, prefecture` … `:::` encloses a passage for those classes, and
`::: not school` one for all others.
`{{ deadlines.report }}` is replaced by the words for it, which are never read as Markdown or as a reference themselves.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from generator import wording
from generator.base.i18n import _
from generator.base.problems import Problem, Problems, Where, error, first_of, sort_key, warning
from generator.dispatch.dispatch import Dispatch, once
from generator.wording.body.inline import Resolve, Run, merged, reference_alone, references_in, runs_of
from generator.wording.body.literal import literals, sort_words
from generator.wording.body.markdown import Fence, Item, Raw, fences, read
from generator.wording.body.references import UnitValue, suggestion, unit_fields, vocabulary
from generator.wording.body.signs import signs

__all__ = ["Block", "Run", "UnitValue", "compose", "parse", "problems", "references"]

Style = Literal["heading_1", "heading_2", "heading_3", "heading_4", "paragraph", "table"]
_HEADINGS: tuple[Style, ...] = ("heading_1", "heading_2", "heading_3", "heading_4")
_BULLET = "——"
_LIST_LEVELS = 3
"""1.（1）①: deeper ones could not be told apart."""


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph of the document, its number included in its first run; or a table, whose cells are `rows`.

    `classes` are those that the passage is for, None where it is for all; `line` counts from 1 in the body file.
    """

    style: Style
    runs: tuple[Run, ...]
    rows: tuple[tuple[str, ...], ...]
    classes: frozenset[str] | None
    line: int

    @property
    def text(self) -> str:
        """All of a paragraph, whatever its fonts."""
        return "".join(run.text for run in self.runs)


def parse(dispatch: Dispatch) -> list[Block]:
    """Every block of all passages, numbered, its references as written. Raises Problems if the body has an error."""
    _raise_errors(dispatch)
    return _blocks(read(dispatch).blocks, lambda name: [f"{{{{ {name} }}}}"])


def compose(dispatch: Dispatch, unit_class: str | None = None, unit_value: UnitValue | None = None) -> list[Block]:
    """The body as it is sent: the passages of one class (None: all), numbered, with references resolved.

    `unit_value("unit.name")` gives the text for a reference to the unit; it may be a slot and is passed through.
    Raises Problems if the body has an error.
    """
    _raise_errors(dispatch)
    words = vocabulary(dispatch, unit_class, unit_value)
    return _blocks(_kept(read(dispatch).blocks, unit_class), words.__getitem__)


def _raise_errors(dispatch: Dispatch) -> None:
    if not _is_sound(dispatch):
        raise Problems(problems(dispatch))


@once
def _is_sound(dispatch: Dispatch) -> bool:
    return not any(problem.severity == "error" for problem in problems(dispatch))


def references(dispatch: Dispatch, unit_class: str | None = None) -> set[tuple[str, str]]:
    """What the body, or what a class gets of it, mentions: ("forms", "stats"), ("unit", "name"), ("event", "") …

    Known names and unknown ones.
    """
    blocks = _kept(read(dispatch).blocks, unit_class)
    texts = [text for raw in blocks for text in (raw.text, *(cell for row in raw.rows for cell in row))]
    paths = [name.split(".") for text in texts for _column, name in references_in(text) if name is not None]
    return {(path[0], path[1] if len(path) > 1 else "") for path in paths}


# -- numbering ---------------------------------------------------------------------------------------------------------


class _Numbers:
    """The counters of headings and lists, as the blocks that are kept go by."""

    def __init__(self) -> None:
        self.headings = [0] * len(_HEADINGS)
        self.level = 0
        self.items: list[int] = []

    def heading(self, level: int) -> str:
        self.headings[level - 1] += 1
        self.headings[level:] = [0] * (len(_HEADINGS) - level)
        self.level, self.items = level, []
        return wording.ordinal(level, self.headings[level - 1])

    def item(self, item: Item) -> str:
        if not item.ordered:
            return _BULLET
        self.items = (self.items + [0] * (item.depth + 1))[: item.depth + 1]
        self.items[-1] = 1 if item.restarts else self.items[-1] + 1
        return wording.ordinal(min(max(3, self.level + 1) + item.depth, 5), self.items[-1])


def _kept(written: list[Raw], unit_class: str | None) -> list[Raw]:
    return [raw for raw in written if unit_class is None or raw.classes is None or unit_class in raw.classes]


def _level(raw: Raw) -> int:
    return min(raw.level, len(_HEADINGS))


def _blocks(written: list[Raw], resolve: Resolve) -> list[Block]:
    numbers, out = _Numbers(), list[Block]()
    opened: tuple[Run, ...] = ()
    for raw, following in zip(written, [*written[1:], None], strict=False):
        if raw.level:
            number = Run(numbers.heading(_level(raw)))
            opened = (number, *runs_of(raw.text, resolve))
            if following and _runs_in(raw, following):
                opened = tuple(Run(run.text, run.bold, _level(raw)) for run in opened)
            else:
                out.append(Block(_HEADINGS[_level(raw) - 1], merged(opened), (), raw.classes, raw.line))
                opened = ()
        elif raw.rows:
            rows = tuple(tuple(_plain(cell, resolve) for cell in row) for row in raw.rows)
            out.append(Block("table", (), rows, raw.classes, raw.line))
        else:
            head = (Run(numbers.item(raw.item)),) if raw.item else opened
            out += [Block("paragraph", runs, (), raw.classes, raw.line) for runs in _paragraphs(head, raw, resolve)]
            opened = ()
    return out


def _runs_in(heading: Raw, following: Raw) -> bool:
    """Whether the paragraph after a heading goes on in its line."""
    plain = not (following.level or following.rows or following.item or reference_alone(following.text) == "contacts")
    return plain and heading.text.endswith("。") and heading.classes == following.classes


def _paragraphs(head: tuple[Run, ...], raw: Raw, resolve: Resolve) -> Iterator[tuple[Run, ...]]:
    """One paragraph, or one a line where it is nothing but a reference that has several."""
    name = None if head else reference_alone(raw.text)
    if name is None:
        yield merged([*head, *runs_of(raw.text, resolve)])
    else:
        yield from ((Run(line),) for line in resolve(name))


def _plain(text: str, resolve: Resolve) -> str:
    return "".join(run.text for run in runs_of(text, resolve))


# -- problems ----------------------------------------------------------------------------------------------------------


def problems(dispatch: Dispatch) -> list[Problem]:
    """Everything wrong with the body: passages, references, headings, lists, tables; in the order of the file,
    and not without end."""
    written = read(dispatch)
    found = [
        *_fence_problems(dispatch),
        *_reference_problems(dispatch),
        *_heading_problems(dispatch, written.blocks),
        *_list_problems(dispatch, written.blocks),
        *_lost_problems(dispatch, written.lost, written.overfull),
        *_literal_problems(dispatch, written.blocks),
        *_sign_problems(dispatch),
    ]
    return first_of(sorted(found, key=sort_key), dispatch.body_file)


def _where(dispatch: Dispatch, line: int, column: int | None = None) -> Where:
    # A body inside dispatch.yaml stands there indented, so that its own columns would point beside the fault.
    return Where(dispatch.body_file, line, column if dispatch.body_file == dispatch.spec.body else None)


def _references(dispatch: Dispatch) -> Iterator[tuple[Where, str | None]]:
    for number, line in enumerate(dispatch.body.splitlines(), start=dispatch.body_line):
        for column, name in references_in(line):
            yield _where(dispatch, number, column), name


def _reference_problems(dispatch: Dispatch) -> Iterator[Problem]:
    known = vocabulary(dispatch)
    for where, name in _references(dispatch):
        if name is None:
            hint = _('Close it with "}}" on the same line, or write "\\{{" for the signs themselves.')
            yield error("reference-unclosed", where, _('"{{" begins a reference that is never closed.'), hint)
        elif name not in known:
            yield _unknown(dispatch, where, name, sorted(known))


def _unknown(dispatch: Dispatch, where: Where, name: str, known: list[str]) -> Problem:
    if name.removeprefix("unit.") in unit_fields(dispatch) and name.startswith("unit."):
        message = _('One notice goes to all recipients, so its body cannot say "{name}".').format(name=name)
        hint = _('Take the reference out, or set "address: unit" to write to each unit.')
        return error("reference-to-unit", where, message, hint)
    message = _('"{name}" refers to nothing in this dispatch.').format(name=name)
    return error("unknown-reference", where, message, suggestion(name, known))


def _fence_problems(dispatch: Dispatch) -> Iterator[Problem]:
    opened = 0
    for fence in fences(dispatch):
        yield from _one_fence(dispatch, fence)
        opened = fence.line if fence.names else 0
    if opened:
        message = _("The passage that begins here is never closed.")
        yield error("passage-unclosed", _where(dispatch, opened, 1), message, _('End it with a line ":::".'))


def _one_fence(dispatch: Dispatch, fence: Fence) -> Iterator[Problem]:
    where, known = _where(dispatch, fence.line, 1), sorted(dispatch.spec.classes)
    if not fence.names and not fence.inside:
        hint = _('Begin a passage with the names of its classes, as in "::: school", or remove the line.')
        yield error("passage-stray", where, _('":::" ends a passage, but none has begun.'), hint)
    if fence.names and fence.inside:
        message = _("A passage begins inside the one of line {line}.").format(line=fence.inside)
        hint = _('End the first with a line ":::"; one passage may name several classes.')
        yield error("passage-nested", where, message, hint)
    if fence.names and dispatch.spec.address == "all":
        message = _("One notice goes to all recipients, so no passage of it can be for some classes only.")
        hint = _('Take the lines beginning with ":::" out, or set "address: unit" to write to each unit.')
        yield error("passage-to-class", where, message, hint)
    for name in fence.names:
        if name not in known:
            message = _('There is no class "{name}".').format(name=name)
            yield error("passage-class", where, message, suggestion(name, known))


def _heading_problems(dispatch: Dispatch, written: list[Raw]) -> Iterator[Problem]:
    right = _right_numbers(written, [None, *dispatch.spec.classes])
    for raw in written:
        where = _where(dispatch, raw.line, 1)
        if raw.level > len(_HEADINGS):
            message = _("Headings have four levels, and this one is level {level}.").format(level=raw.level)
            yield error("heading-level", where, message, _('Use at most four "#", or a numbered list.'))
        elif raw.typed and raw.typed.translate(_HALF_WIDTH) not in right[raw.line]:
            message = _('The heading is numbered "{typed}" by hand, but comes {number} in order.')
            message = message.format(typed=raw.typed, number=" / ".join(sorted(right[raw.line])))
            yield warning(
                "heading-number", where, message, _("Leave the number out: headings are numbered by themselves.")
            )
        elif not raw.level and raw.text.startswith("#"):
            hint = _('Put a space after "#" to make it a heading, or write "\\#" for the sign itself.')
            yield warning("heading-space", where, _('A paragraph begins with "#".'), hint)


_HALF_WIDTH = str.maketrans("（）．", "().")


def _right_numbers(written: list[Raw], classes: list[str | None]) -> dict[int, set[str]]:
    """The numbers that each heading and list item has, by its line: in the whole body, and in what each class gets."""
    found: dict[int, set[str]] = {}
    for unit_class in classes:
        numbers = _Numbers()
        for raw in _kept(written, unit_class):
            if raw.level:
                number = numbers.heading(_level(raw)).translate(_HALF_WIDTH)
                found.setdefault(raw.line, set()).add(number)
            elif raw.item and numbers.item(raw.item) != _BULLET:
                found.setdefault(raw.line, set()).add(str(numbers.items[-1]))
    return found


def _list_problems(dispatch: Dispatch, written: list[Raw]) -> Iterator[Problem]:
    right = _right_numbers(written, [None, *dispatch.spec.classes])
    for raw in written:
        where, item = _where(dispatch, raw.line, 1), raw.item
        if item and item.depth >= _LIST_LEVELS:
            message = _("Lists have three levels, and this item is on level {level}.").format(level=item.depth + 1)
            yield error("list-level", where, message, _("Bring it up a level, or make headings of the upper ones."))
        elif item and item.typed is not None and str(item.typed) not in right[raw.line]:
            message = _("The item is numbered {typed} by hand, but comes {number} in order.")
            message = message.format(typed=item.typed, number=" / ".join(sorted(right[raw.line], key=int)))
            hint = _('Correct the number, or write "{typed}\\." to have it printed as it stands.')
            yield warning("list-number", where, message, hint.format(typed=item.typed))


def _lost_problems(dispatch: Dispatch, lost: list[int], overfull: list[int]) -> Iterator[Problem]:
    for line in lost:
        message = _("Nothing of this line would be printed.")
        hint = _("Give the item a text, or delete the line; a line of hyphens or asterisks is read as empty lists.")
        yield error("line-lost", _where(dispatch, line, 1), message, hint)
    for line in overfull:
        message = _("The row has more cells than the head of its table.")
        hint = _('Give the head as many, or write "\\|" for the sign itself.')
        yield error("table-row", _where(dispatch, line, 1), message, hint)


def _sign_problems(dispatch: Dispatch) -> Iterator[Problem]:
    for sign in signs(dispatch):
        where = _where(dispatch, sign.line, sign.column)
        message = _("The signs here are not those that are read, and would be printed: {text}").format(text=sign.text)
        hint = _("Type them in half width: {{{{ name }}}}, ::: class, # heading, | cell |, **bold**.").format()
        if sign.grave:
            yield error("sign-mistyped", where, message, hint)
        else:
            yield warning("full-width-text", where, message, hint)


def _literal_problems(dispatch: Dispatch, blocks: list[Raw]) -> Iterator[Problem]:
    for each in literals(dispatch, blocks):
        where = _where(dispatch, each.line, each.column)
        if each.sort == "image":
            message = _("The body cannot hold an image: {text}").format(text=each.text)
            yield error("image-in-body", where, message, _("Name the file under `attachments`, and point to it."))
        else:
            message = _("Here stands {sort} of Markdown, which is printed as it stands: {text}")
            hint = _("Write it as it is to be printed; a backslash before the first sign says that it is meant.")
            message = message.format(sort=sort_words(each.sort), text=each.text)
            yield warning("markdown-literal", where, message, hint)
