"""The command line: what is asked for, what is printed, and the exit status."""

from __future__ import annotations

import ast
import functools
import io
import json
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import click

from generator import __version__
from generator.base.i18n import _, listed, ngettext

if TYPE_CHECKING:
    from generator.base.problems import Problem
    from generator.dispatch.dispatch import Dispatch
    from generator.kits.plan import Plan
    from generator.kits.run import Entry, Manifest, Progress

KINDS = Path(__file__).parent / "kits" / "kinds"
WRONG_USAGE = frozenset({"unknown-unit", "unknown-class", "unknown-code"})
"""Problems of the command line itself: exit status 2, as click's own."""
SHOWN = 20
"""Failed files named one by one; the manifest names them all."""


# -- printing ----------------------------------------------------------------------------------------------------------


def _json(value: object) -> None:
    # JSON is UTF-8 whatever the terminal's encoding is.
    click.echo(json.dumps(value, ensure_ascii=False, indent=2).encode(errors="backslashreplace"))


def _as_json() -> bool:
    return bool(click.get_current_context().find_root().meta.get(__name__))


def _report(problems: Iterable[Problem]) -> tuple[int, int]:
    """Print the problems; the numbers of errors and of warnings."""
    found = list(problems)
    errors, warnings = (sum(problem.severity == one for problem in found) for one in ("error", "warning"))
    if _as_json():
        shown = [problem.as_json() for problem in found]
        _json({"problems": shown, "errors": errors, "warnings": warnings})
    else:
        for problem in found:
            click.echo(str(problem), err=True)
    return errors, warnings


def _fail_on(problems: Iterable[Problem], strict: bool) -> bool:
    """Print the problems and leave with status 1 if there is an error, or under `strict` a warning.

    Whether there is neither.
    """
    errors, warnings = _report(problems)
    if errors or (strict and warnings):
        raise click.exceptions.Exit(1)
    return not warnings


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
durable_option = click.option("--durable", is_flag=True, help=_("Have each file on the disk before the next is made."))
out_option = click.option(
    "-o",
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    help=_("The output folder.  [default: out/<dispatch>]"),
)


@dataclass(frozen=True)
class Making:
    """What every command that makes files is told."""

    folder: Path
    out: Path | None
    strict: bool
    durable: bool
    jobs: int | None = None
    verify: bool = False
    cluster: str | None = None
    way: Literal["replace", "supersede"] | None = None
    renumber: bool = False


def making_options(function: Callable[..., None]) -> Callable[..., None]:
    """The options of a command that makes files, handed to it as one Making."""

    @functools.wraps(function)
    def collected(**given: Any) -> None:
        names = [item.name for item in fields(Making) if item.name in given]
        function(Making(**{name: given.pop(name) for name in names}), **given)

    for option in (json_option, durable_option, strict_option, out_option, dispatch_argument):
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


def _loaded(folder: Path, strict: bool) -> Dispatch:
    """The dispatch, checked; its warnings are shown. Errors end the command, but those that concern one unit only."""
    from generator.check import check as check_dispatch
    from generator.check import stops
    from generator.dispatch.load import load_dispatch

    dispatch = load_dispatch(folder)
    problems = list(check_dispatch(dispatch))
    # With --json the document on stdout is the manifest, so that warnings alone must not be another.
    grave = any(stops(problem) or (strict and problem.severity != "info") for problem in problems)
    if problems and grave:
        _fail_on(problems, strict)
    elif problems and not _as_json():
        _report(problems)
    return dispatch


def _out(dispatch: Dispatch, making: Making) -> Path:
    return making.out or Path("out") / dispatch.name


def _make(dispatch: Dispatch, plan: Plan, making: Making) -> None:
    from generator.kits.run import Settings, build

    out = _out(dispatch, making)
    settings = Settings(making.jobs, making.durable, verify=making.verify, cluster=making.cluster)
    settings = replace(settings, way=making.way or "stop", renumber=making.renumber)
    with _progress(len(plan.units)) as progress:
        done = build(dispatch, plan, out, settings, progress)
    if _as_json():
        click.echo(done.path.read_bytes(), nl=False)
    else:
        _summary(done)
    if done.failed or (making.strict and (done.kept or done.warnings)):
        raise click.exceptions.Exit(1)


@contextmanager
def _progress(kits: int) -> Iterator[Progress | None]:
    """A progress bar, if somebody is there to see it."""
    if _as_json() or not sys.stdout.isatty():
        yield None
        return
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, transient=True) as bar:
        task = bar.add_task(_("units"), total=kits)
        yield lambda number, _total: bar.update(task, completed=number)


def _summary(done: Manifest) -> None:
    for entry in done.failed[:SHOWN]:
        click.echo(_failure(entry), err=True)
    if rest := len(done.failed[SHOWN:]):
        click.echo(_("and {rest} more, which {path} names").format(rest=rest, path=done.path), err=True)
    for problem in (*done.kept, *done.warnings):
        click.echo(str(problem), err=True)
    counts = {
        _("{number} made"): done.made,
        _("{number} unchanged"): done.unchanged,
        _("{number} removed"): done.removed,
        _("{number} failed"): len(done.failed),
    }
    said = [words.format(number=number) for words, number in counts.items() if number]
    click.echo(listed(said) or _("nothing to make"))
    click.echo(str(done.path.parent))


def _failure(entry: Entry) -> str:
    unit = entry.unit or _("master")
    return _("{file}: error: unit {unit} was not made: {reason}").format(
        file=entry.file, unit=unit, reason=entry.reason
    )


@main.command(help=_("The whole kit for every unit, with a manifest."))
@making_options
@click.option("--unit", "units", multiple=True, metavar="CODE", help=_("Only this unit; may be repeated."))
@click.option("--class", "classes", multiple=True, metavar="NAME", help=_("Only this class of units; may be repeated."))
@click.option(
    "--jobs",
    type=click.IntRange(1),
    help=_("Worker processes; with more than one, a crash costs one file.  [default: as many as pay]"),
)
@click.option(
    "--cluster",
    metavar="ADDRESS",
    help=_("Make them on the Dask cluster there (tcp://host:8786), whose workers see the same output folder."),
)
@click.option("--verify", is_flag=True, help=_("Check every file before it is written, not only one of each sort."))
@click.option("--pdf", is_flag=True, help=_("Also a PDF beside each document, by LibreOffice."))
@click.option("--dry-run", is_flag=True, help=_("Say what would be made, and write nothing."))
@click.option("--replace", "way", flag_value="replace", help=_("Replace kits that were issued, but not sent yet."))
@click.option(
    "--supersede", "way", flag_value="supersede", help=_("Keep issued kits as the old edition, beside the new.")
)
@click.option("--renumber", is_flag=True, help=_("Let many kits be renamed or removed."))
def batch(making: Making, units: tuple[str, ...], classes: tuple[str, ...], pdf: bool, dry_run: bool) -> None:
    from generator.kits.plan import plan

    dispatch = _loaded(making.folder, making.strict)
    planned = plan(dispatch, units=units, classes=classes, pdf=pdf)
    if dry_run:
        _show_plan(dispatch, planned)
    else:
        _make(dispatch, planned, making)


def _show_plan(dispatch: Dispatch, plan: Plan) -> None:
    kits = ((unit, plan.files(unit)) for unit in plan.units)
    if _as_json():
        jobs = [job for _unit, kit in kits for job in kit]
        files = [{"unit": job.unit and job.unit.code, "kind": job.kind, "file": job.path} for job in jobs]
        _json({"dispatch": dispatch.name, "version": __version__, "files": files})
        return
    number = 0
    for unit, jobs in kits:
        number += len(jobs)
        click.echo(plan.folder(unit) + "/")
        for job in jobs:
            click.echo("    " + job.path.rpartition("/")[2])
    click.echo(_("{files} files for {units} units; nothing was written").format(files=number, units=len(plan.units)))


def _kind_command(kind: str) -> click.Command:
    """`fawen <kind> DIR`: the documents of one kind, for the master or one unit."""

    @click.command(kind, help=_(_help_of(kind)))
    @making_options
    @click.option("--unit", metavar="CODE", help=_("For this unit, not for all."))
    def command(making: Making, unit: str | None) -> None:
        from generator.kits.plan import plan

        dispatch = _loaded(making.folder, making.strict)
        planned = plan(dispatch, [kind], [unit] if unit else (), master=unit is None)
        _make(dispatch, planned, making)

    return command


def _help_of(kind: str) -> str:
    tree = ast.parse((KINDS / f"{kind}.py").read_bytes())
    return (ast.get_docstring(tree) or kind).partition("\n")[0]


@main.command(help=_("Page pictures (PNG) of the master documents, or of one unit's."))
@dispatch_argument
@out_option
@click.option("--unit", metavar="CODE", help=_("For this unit, not for all."))
def preview(folder: Path, out: Path | None, unit: str | None) -> None:
    from generator.kits.plan import plan
    from generator.kits.preview import find
    from generator.kits.preview import preview as make_pictures

    office = find()
    dispatch = _loaded(folder, strict=False)
    planned = plan(dispatch, units=[unit] if unit else (), master=unit is None)
    making = Making(folder, out, strict=False, durable=False)
    _make(dispatch, planned, making)
    place = _out(dispatch, making)
    made, problems = make_pictures(office, place, [job.path for job in planned])
    for pictures in made:
        pages = len(pictures.files)
        said = ngettext("{file}: {pages} page", "{file}: {pages} pages", pages)
        click.echo(said.format(file=place / pictures.document, pages=pages))
    _fail_on(problems, strict=False)


# -- the rest ----------------------------------------------------------------------------------------------------------


@main.command(help=_("A commented dispatch folder that builds as it is."))
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
def new(folder: Path) -> None:
    from generator.dispatch.skeleton import write

    write(folder)
    click.echo(_("made {folder}; look at dispatch.yaml, then: fawen batch {folder}").format(folder=folder))


@main.command(help=_("A dispatch folder drafted from the superior's notice and what came with it."))
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
    from generator.check import check as check_dispatch
    from generator.dispatch.load import load_dispatch

    clean = _fail_on(check_dispatch(load_dispatch(folder)), strict)
    if clean and not _as_json():
        click.echo(_("no problems"))


@main.command(help=_("Any .docx or .xlsx as reviewable text."))
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def show(file: Path) -> None:
    from generator.reading.show import text

    click.echo(text(file.read_bytes(), file.name).encode(), nl=False)


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
    from generator.lint import report, selected

    codes = selected(select, ignore)
    copies = [copy for copy in (comments, fixed) if copy]
    if copies and len(files) > 1:
        raise click.UsageError(_("--comments and --fix take one file"))
    if len({copy.resolve() for copy in (*copies, *files)}) < len(copies) + len(files):
        raise click.UsageError(_("--comments and --fix write a copy: name another file"))
    done = report(files, codes, comments=comments, fixed=fixed)
    if not _as_json():
        for finding in done.repaired:
            click.echo(_("fixed: {finding}").format(finding=finding.line))
        for change in done.changes:
            click.echo(f"    {change}")
        for copy in copies:
            click.echo(_("written: {file}").format(file=copy))
        for reason in done.skipped:
            click.echo(reason, err=True)
    _fail_on(done.problems, strict)
    if not done.problems and not _as_json():
        click.echo(_("no problems"))


@main.command(help=_("JSON Schema of dispatch.yaml."))
def schema() -> None:
    from generator.dispatch.schema import json_schema

    _json(json_schema())


@main.command(help=_("Rehash a made folder against its manifest."))
@click.argument("out", type=click.Path(exists=True, file_okay=False, path_type=Path))
@json_option
def verify(out: Path) -> None:
    from generator.kits.run import verify as verify_folder

    problems = verify_folder(out)
    _fail_on(problems, strict=False)
    if not problems and not _as_json():
        click.echo(_("every file is as it was made"))
