"""The command line: what is asked for, what is printed, and the exit status."""

from __future__ import annotations

import ast
import datetime as dt
import functools
import io
import json
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from generator import __version__
from generator.base.i18n import _, listed, ngettext

if TYPE_CHECKING:
    from generator import api
    from generator.base.problems import Problem

Result = TypeVar("Result", bound="api.Result")
KINDS = Path(__file__).parent / "kits" / "kinds"
WRONG_USAGE = frozenset({"unknown-unit", "unknown-class", "unknown-code", "unknown-cell"})
"""Problems of the command line itself: exit status 2, as click's own."""
MADE_IN_PART = 3
"""Made, but some failed: an exit status of its own."""
SHOWN = 20
"""Failed files named one by one; the manifest names them all."""


# -- printing ----------------------------------------------------------------------------------------------------------


def _json(value: object) -> None:
    # JSON is UTF-8 whatever the terminal's encoding is.
    click.echo(json.dumps(value, ensure_ascii=False, indent=2).encode(errors="backslashreplace"))


def _as_json() -> bool:
    return bool(click.get_current_context().find_root().meta.get(__name__))


def _envelope(problems: Iterable[Problem], **more: object) -> dict[str, Any]:
    """The one shape that every command prints: what is wrong, and what files there are."""
    from generator import api

    found = api.Report(tuple(problems))
    counts = {"errors": found.errors, "warnings": found.warnings}
    return {"problems": api.as_json(found.problems), **counts, "files": [], **more}


def _report(problems: Iterable[Problem]) -> None:
    """Print the problems, each with what to do."""
    found = list(problems)
    if _as_json():
        _json(_envelope(found))
    else:
        for problem in found:
            click.echo(str(problem), err=True)


def _fail_on(report: api.Report, strict: bool) -> None:
    """Leave with status 1 if there is an error, or under `strict` a warning."""
    if report.errors or (strict and report.warnings):
        raise click.exceptions.Exit(1)


class Commands(click.Group):
    """The commands written below and one for each kind of document, found by being in kinds/; no kind is imported."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted([*super().list_commands(ctx), *_kinds()])

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        command = super().get_command(ctx, cmd_name) or (_kind_command(cmd_name) if cmd_name in _kinds() else None)
        if command:
            command.options_metavar = _("[OPTIONS]")
        return command

    def main(self, *arguments: Any, **settings: Any) -> Any:
        # A terminal or a pipe may have no such character, and a path may hold bytes that are none.
        for stream in (sys.stdout, sys.stderr):
            if isinstance(stream, io.TextIOWrapper):
                stream.reconfigure(errors="backslashreplace")
        return super().main(*arguments, **settings)

    def invoke(self, ctx: click.Context) -> Any:
        from generator.base.problems import Problems

        try:
            return super().invoke(ctx)
        except Problems as exc:
            _report(exc.problems)
            usage = all(problem.code in WRONG_USAGE for problem in exc.problems)
            raise click.exceptions.Exit(2 if usage else 1) from exc


def _kinds() -> list[str]:
    return sorted(path.stem for path in KINDS.glob("*.py") if not path.stem.startswith("_"))


# -- options, each said once -------------------------------------------------------------------------------------------


def _set_json(ctx: click.Context, _option: click.Parameter, value: bool) -> None:
    ctx.find_root().meta[__name__] = value


dispatch_argument = click.argument("folder", metavar="DIR", type=click.Path(exists=True, path_type=Path))
json_option = click.option(
    "--json",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_set_json,
    help=_("Print one JSON document and nothing else."),
)
strict_option = click.option("--strict", is_flag=True, help=_("Let warnings fail."))
out_option = click.option(
    "-o",
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    help=_("The output folder.  [default: out/<dispatch>]"),
)
MAKING = (
    dispatch_argument,
    out_option,
    click.option("--unit", "units", multiple=True, metavar="CODE", help=_("Only this unit; may be repeated.")),
    click.option(
        "--class", "classes", multiple=True, metavar="NAME", help=_("Only this class of units; may be repeated.")
    ),
    click.option("--pdf", is_flag=True, help=_("Also a PDF beside each document, by LibreOffice.")),
    strict_option,
    json_option,
    click.option(
        "--jobs",
        type=click.IntRange(1),
        help=_("Worker processes; with more than one, a crash costs one file.  [default: as many as pay]"),
    ),
    click.option(
        "--cluster",
        metavar="ADDRESS",
        help=_("Make them on the Dask cluster there (tcp://host:8786), whose workers see the same output folder."),
    ),
    click.option("--verify", is_flag=True, help=_("Check every file before it is written, not only one of each sort.")),
    click.option("--durable", is_flag=True, help=_("Have each file on the disk before the next is made.")),
    click.option("--replace", "way", flag_value="replace", help=_("Replace kits that were issued, but not sent yet.")),
    click.option(
        "--supersede", "way", flag_value="supersede", help=_("Keep issued kits as the old edition, beside the new.")
    ),
    click.option("--renumber", is_flag=True, help=_("Let many kits be renamed or removed.")),
)
"""What every command that makes files takes."""
dry_run_option = click.option("--dry-run", is_flag=True, help=_("Say what would be made, and write nothing."))


@dataclass(frozen=True)
class Making:
    """What a command that makes files is told: the folder, where to, and which files and how."""

    folder: Path
    out: Path | None
    options: api.Options

    @property
    def is_for_some(self) -> bool:
        return bool(self.options["units"] or self.options["classes"])


def making_options(function: Callable[..., None]) -> Callable[..., None]:
    """The options of a command that makes files, handed to it as one Making."""

    @functools.wraps(function)
    def collected(folder: Path, out: Path | None, dry_run: bool | None = None, **given: Any) -> None:
        rest = () if dry_run is None else (dry_run,)
        function(Making(folder, out, given), *rest)  # type: ignore[arg-type]

    for option in reversed(MAKING):
        collected = option(collected)
    return collected


@click.group(
    cls=Commands,
    context_settings={"help_option_names": ["-h", "--help"]},
    options_metavar=_("[OPTIONS]"),
    subcommand_metavar=_("COMMAND [ARGS]…"),
    help=_("From one dispatch folder to every subordinate unit's kit of notice, blank forms and evidence checklist."),
)
@click.version_option(__version__, prog_name="fawen")
def main() -> None:
    pass


# -- making ------------------------------------------------------------------------------------------------------------


def _make(making: Making, make: Callable[..., Result], **which: Any) -> tuple[Result, Path]:
    """What was made, and where; its problems are shown. Errors end the command, but those that concern one unit."""
    from generator import api

    dispatch = api.open_dispatch(making.folder)
    out = making.out or Path("out") / dispatch.name
    with _progress() as progress:
        return make(dispatch, out, progress=progress, **{**making.options, **which}), out


def _tell(result: api.Result, strict: bool, **more: object) -> None:
    """Print what was made, and leave with status 3 if not all is as it should be."""
    if _as_json():
        _print_run(result, more)
    else:
        _summary(result)
    if result.failed or result.unmade or (strict and result.warnings):
        raise click.exceptions.Exit(MADE_IN_PART)


def _print_run(result: api.Result, more: Mapping[str, object]) -> None:
    """The envelope of a run, with the files of its manifest: as a stream, since they may be millions."""
    numbers = {"made": result.made, "unchanged": result.unchanged, "removed": result.removed}
    counts = {**numbers, "failed": len(result.failed), "out": str(result.out), **more}
    head = _envelope(result.problems, **counts)
    files = head.pop("files")
    assert not files
    issued = result.issued and result.issued._asdict()
    dispatch = {"dispatch": result.dispatch, "version": __version__, "issued": issued}
    text = json.dumps({**dispatch, **head}, ensure_ascii=False, indent=2).removesuffix("\n}")
    click.echo((text + ',\n  "files": [').encode(errors="backslashreplace"), nl=False)
    separator = b"\n    "
    for entry in result.files():
        click.echo(separator + entry.line(), nl=False)
        separator = b",\n    "
    click.echo("\n  ]\n}")


@contextmanager
def _progress() -> Iterator[api.Progress | None]:
    """A progress bar, if somebody is there to see it."""
    if _as_json() or not sys.stdout.isatty():
        yield None
        return
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    bar = Progress(*columns, transient=True)
    task = bar.add_task(_("units"), total=None)

    def heard(number: int, total: int) -> None:
        bar.start()
        bar.update(task, completed=number, total=total)

    try:
        yield heard
    finally:
        bar.stop()


def _summary(result: api.Result) -> None:
    for problem in result.problems:
        click.echo(str(problem), err=True)
    for entry in result.failed[:SHOWN]:
        click.echo(_failure(entry), err=True)
    if rest := len(result.failed[SHOWN:]):
        click.echo(_("and {rest} more, which {path} names").format(rest=rest, path=result.manifest), err=True)
    counts = {
        _("{number} made"): result.made,
        _("{number} unchanged"): result.unchanged,
        _("{number} removed"): result.removed,
        _("{number} failed"): len(result.failed),
    }
    said = [words.format(number=number) for words, number in counts.items() if number]
    click.echo(listed(said) or _("nothing to make"))
    click.echo(str(result.out))


def _failure(entry: api.Entry) -> str:
    """A failed file, why, and each thing to do once."""
    unit, codes = entry.unit or _("master"), dict.fromkeys(problem.code for problem in entry.problems)
    said = _("{file}: error: unit {unit} was not made: {reason}").format(
        file=entry.file, unit=unit, reason=entry.reason
    )
    hints = dict.fromkeys(problem.hint for problem in entry.problems if problem.hint)
    return "\n    ".join([f"{said} [{', '.join(codes)}]", *hints])


@main.command(help=_("The whole kit for every unit, with a manifest."))
@making_options
@dry_run_option
def batch(making: Making, dry_run: bool) -> None:
    _run(making, dry_run)


def _run(making: Making, dry_run: bool, **which: Any) -> None:
    from generator import api

    if dry_run:
        _show_plan(making, which)
        return
    result, _out = _make(making, api.make, **which)
    _tell(result, making.options["strict"])


def _show_plan(making: Making, which: Mapping[str, Any]) -> None:
    from generator import api

    dispatch = api.open_dispatch(making.folder)
    found = api.allowed(dispatch, making.options["strict"])
    wanted = {key: making.options.get(key) for key in ("units", "classes", "pdf")}
    files = api.plan(dispatch, **{**wanted, **which})
    if _as_json():
        planned = [{"unit": file.unit, "kind": file.kind, "file": file.file} for file in files]
        head = {"dispatch": dispatch.name, "version": __version__}
        _json({**head, **_envelope(found.problems, files=planned)})
        return
    _report(found.problems)
    number, kits = 0, 0
    for folder, kit in groupby(files, lambda file: file.file.partition("/")[0]):
        kits += 1
        click.echo(folder + "/")
        for file in kit:
            number += 1
            click.echo("    " + file.file.partition("/")[2])
    click.echo(_("{files} files for {units} units; nothing was written").format(files=number, units=kits))


def _kind_command(kind: str) -> click.Command:
    """`fawen <kind> DIR`: the documents of one kind, for the master or for some units."""

    @click.command(kind, help=_(_help_of(kind)))
    @making_options
    @dry_run_option
    def command(making: Making, dry_run: bool) -> None:
        _run(making, dry_run, kinds=[kind], master=not making.is_for_some)

    return command


def _help_of(kind: str) -> str:
    tree = ast.parse((KINDS / f"{kind}.py").read_bytes())
    return (ast.get_docstring(tree) or kind).partition("\n")[0]


@main.command(help=_("Page pictures (PNG) of the master documents, or of some units'."))
@making_options
def preview(making: Making) -> None:
    from generator import api

    result, out = _make(making, api.preview, master=not making.is_for_some)
    pictures = [{"document": one.document, "files": list(one.files)} for one in result.pictures]
    if not _as_json():
        for one in result.pictures:
            click.echo(_pictures(out, one))
    _tell(result, making.options["strict"], pictures=pictures)


def _pictures(out: Path, made: api.Pictures) -> str:
    """A document, how many pages it has, and where their pictures are."""
    pages = len(made.files)
    said = ngettext("{file}: {pages} page", "{file}: {pages} pages", pages).format(
        file=out / made.document, pages=pages
    )
    return "\n    ".join([said, *(str(out / file) for file in made.files)])


# -- the rest ----------------------------------------------------------------------------------------------------------


@main.command(help=_("A commented dispatch folder that builds as it is."))
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@json_option
def new(folder: Path) -> None:
    from generator import api

    files = api.new(folder)
    if _as_json():
        _json(_envelope((), files=[{"file": str(file)} for file in files]))
        return
    click.echo(_("made {folder}; look at dispatch.yaml, then: fawen batch {folder}").format(folder=folder))


@main.command(
    help=_("What a superior's notice states, as JSON: each fact with its place, its rule and how sure it is.")
)
@click.argument(
    "files", metavar="FILE…", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
@json_option
def draft(files: tuple[Path, ...]) -> None:
    from generator.draft.arrival import take_in
    from generator.draft.report import as_json

    arrival = take_in(files)
    _json({"facts": as_json(arrival.facts, arrival.notice), "problems": []})


@main.command(help=_("Every problem in spec, roster, source and templates; writes nothing."))
@dispatch_argument
@strict_option
@json_option
def check(folder: Path, strict: bool) -> None:
    from generator import api

    report = api.check(api.open_dispatch(folder))
    _report(report.problems)
    _fail_on(report, strict)
    if not (report.errors or report.warnings or _as_json()):
        click.echo(_("no problems"))


@main.command(help=_("Any .docx or .xlsx as reviewable text."))
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def show(file: Path) -> None:
    from generator import api

    click.echo(api.show(file.read_bytes(), file.name).encode(), nl=False)


@main.command("lint", help=_("GB/T 9704 findings on any .docx, ours or not."))
@click.argument(
    "files", metavar="FILE…", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
@click.option("--select", multiple=True, metavar="CODE", help=_("Only this rule; may be repeated."))
@click.option("--ignore", multiple=True, metavar="CODE", help=_("Not this rule; may be repeated."))
@click.option(
    "--comments",
    metavar="OUT.docx",
    type=click.Path(dir_okay=False, path_type=Path),
    help=_("Write the findings into a copy as Word comments."),
)
@click.option(
    "--fix",
    "fixed",
    metavar="OUT.docx",
    type=click.Path(dir_okay=False, path_type=Path),
    help=_("Repair what is mechanical in a copy, and report on the copy."),
)
@strict_option
@json_option
def lint_files(
    files: tuple[Path, ...],
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    comments: Path | None,
    fixed: Path | None,
    strict: bool,
) -> None:
    from generator import api

    copies = [copy for copy in (comments, fixed) if copy]
    if copies and len(files) > 1:
        raise click.UsageError(_("--comments and --fix take one file"))
    if len({copy.resolve() for copy in (*copies, *files)}) < len(copies) + len(files):
        raise click.UsageError(_("--comments and --fix write a copy: name another file"))
    done = api.lint_files(files, select, ignore, comments=comments, fixed=fixed)
    if _as_json():
        repaired, written = api.as_json(done.repaired), [{"file": str(copy)} for copy in copies]
        changes = [change.as_json() for change in done.changes]
        told: dict[str, Any] = {"repaired": repaired, "changes": changes, "skipped": list(done.skipped)}
        _json(_envelope(done.problems, files=written, **told))
    else:
        _tell_lint(done, copies)
    _fail_on(done, strict)


def _tell_lint(done: api.LintReport, copies: list[Path]) -> None:
    for finding in done.repaired:
        click.echo(_("fixed: {finding}").format(finding=finding.line))
    for change in done.changes:
        click.echo(f"    {change}")
    for copy in copies:
        click.echo(_("written: {file}").format(file=copy))
    for reason in done.skipped:
        click.echo(reason, err=True)
    _report(done.problems)
    if not done.problems:
        click.echo(_("no problems"))


@main.command(help=_("What a problem's code means, with an example and what to do."))
@click.argument("code", metavar="CODE")
@json_option
def explain(code: str) -> None:
    from generator import api
    from generator.base.problems import severity_name

    found = api.explain(code)
    if _as_json():
        _json(_envelope((), explained=found._asdict()))
        return
    click.echo(f"{found.code} [{severity_name(found.severity)}]")
    click.echo(found.description)
    click.echo(_("For example: {example}").format(example=found.example))
    click.echo(_("What to do: {remedy}").format(remedy=found.remedy))


@main.command(help=_("JSON Schema of dispatch.yaml."))
def schema() -> None:
    from generator import api

    _json(api.schema())


@main.command(help=_("Rehash a made folder against its manifest."))
@click.argument("out", type=click.Path(exists=True, file_okay=False, path_type=Path))
@json_option
def verify(out: Path) -> None:
    from generator import api

    report = api.verify(out)
    _report(report.problems)
    _fail_on(report, strict=False)
    if not report.problems and not _as_json():
        click.echo(_("every file is as it was made"))


# -- what comes back ---------------------------------------------------------------------------------------------------


def _moment(_ctx: click.Context, _option: click.Parameter, value: dt.datetime | None) -> dt.datetime:
    from generator.collect.clock import now

    return value or now()


date_option = click.option(
    "--date",
    "moment",
    metavar="DATE",
    type=click.DateTime(["%Y-%m-%d", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M"]),
    callback=_moment,
    help=_("As on this day, 2026-09-10 or 2026-09-10 17:00.  [default: now]"),
)
returns_option = click.option(
    "-o",
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    help=_("The output folder.  [default: out/<dispatch>-returns]"),
)


@main.command(help=_("Take in and check returned forms and materials, into the ledger beside the dispatch."))
@dispatch_argument
@click.argument("returned", metavar="RETURNED", type=click.Path(exists=True, path_type=Path))
@date_option
@strict_option
@json_option
def collect(folder: Path, returned: Path, moment: dt.datetime, strict: bool) -> None:
    from generator import api

    taken = api.collect(api.open_dispatch(folder), returned, moment)
    if _as_json():
        files = [file.as_json() for file in taken.files]
        _json(_envelope(taken.problems, files=files, looked_at=taken.looked_at, unchanged=taken.unchanged))
    else:
        _report(problem for problem in taken.problems if problem.severity != "info")
        said = _("{files} files: {taken} taken in, {unchanged} as before")
        click.echo(said.format(files=taken.looked_at, taken=len(taken.files), unchanged=taken.unchanged))
    _fail_on(taken, strict)


@main.command(
    "merge",
    help=_("One workbook of what was returned: sums, rows with the cells they came from, findings, who is missing."),
)
@dispatch_argument
@returns_option
@date_option
@click.option("--identified", is_flag=True, help=_("Leave personal data as it is."))
@json_option
def merge_returns(folder: Path, out: Path | None, moment: dt.datetime, identified: bool) -> None:
    from generator import api

    dispatch = api.open_dispatch(folder)
    made = api.merge(dispatch, _returns_folder(dispatch.name, out), moment, identified=identified)
    if _as_json():
        _json(_envelope((), files=[str(made.file)], missing=[one.as_json() for one in made.missing]))
        return
    click.echo(_("written: {file}").format(file=made.file))
    if made.missing:
        number = len({one.unit.code for one in made.missing})
        said = ngettext("{number} unit is missing in it", "{number} units are missing in it", number)
        click.echo(said.format(number=number))


def _returns_folder(dispatch: str, out: Path | None) -> Path:
    return out or Path("out") / f"{dispatch}-returns"


@main.command(help=_("Who has returned what, against each deadline."))
@dispatch_argument
@returns_option
@date_option
@click.option(
    "--reminders", is_flag=True, help=_("Write the reminders: documents, drafts of mails, a text for a chat.")
)
@json_option
def status(folder: Path, out: Path | None, moment: dt.datetime, reminders: bool) -> None:
    from generator import api

    dispatch = api.open_dispatch(folder)
    found = api.status(dispatch, moment)
    place = _returns_folder(dispatch.name, out)
    files = [str(file) for file in api.remind(dispatch, place, moment)] if reminders else []
    if _as_json():
        standings = [one.as_json() for one in found.standings]
        _json(_envelope(found.problems, files=files, standings=standings, counts=found.counts))
        return
    _table(found.heads, found.lines)
    click.echo(found.summary)
    for file in files:
        click.echo(_("written: {file}").format(file=file))
    _report(found.problems)


def _table(heads: list[str], rows: list[list[str]]) -> None:
    """Columns as wide as what stands in them, a Chinese character two places wide."""
    from rich.cells import cell_len

    widths = [max(cell_len(row[number]) for row in [heads, *rows]) for number in range(len(heads))]
    for row in [heads, ["-" * width for width in widths], *rows]:
        cells = (text + " " * (width - cell_len(text)) for text, width in zip(row, widths, strict=True))
        click.echo("  ".join(cells).rstrip())


@main.command(help=_("Where a merged number comes from: units, files and cells."))
@dispatch_argument
@click.argument("cell", metavar="CELL")
@date_option
@json_option
def trace(folder: Path, cell: str, moment: dt.datetime) -> None:
    from generator import api

    way = api.trace(api.open_dispatch(folder), cell, moment)
    if _as_json():
        _json(_envelope((), **way.as_json()))
        return
    click.echo(f"{way.cell}  {way.title} = {way.value}")
    heads = [_("code"), _("unit"), _("value"), _("cell"), _("sheet"), _("file")]
    _table(heads, [[one.unit, one.name, one.value, one.cell, one.sheet, one.file] for one in way.parts])
