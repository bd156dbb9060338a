"""What an office's own program calls: open a dispatch, check it, make its files, verify them, lint any document.

Importing it starts nothing and prints nothing. What is wrong is data: `Problem` in what a call returns, or `Problems`,
the one exception, when nothing can be returned. Messages are in the language of the environment, or of `language`:

    from generator import api

    with api.language("zh_CN"):
        dispatch = api.open_dispatch("2022-first-lesson")
        print(*api.check(dispatch).problems, sep="\\n")
        result = api.make(dispatch, "out", units=["150100"])
        print(result.made, result.failed)
"""

from __future__ import annotations

import datetime as dt
import shutil
import tempfile
import weakref
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path, PureWindowsPath
from typing import Any, TypedDict, Unpack

from generator import __version__
from generator.base.codes import CODES, Explained
from generator.base.i18n import _, language
from generator.base.problems import Problem, Problems, Where, as_json, error
from generator.base.values import safe_name
from generator.check import CODES as CHECKS
from generator.check import check as check_dispatch
from generator.check import explained as explained_check
from generator.check import stops
from generator.collect import findings as return_findings
from generator.collect import status as returns
from generator.collect.ledger import KeptFile, Ledger
from generator.collect.merge import FILE as MERGED_FILE
from generator.collect.merge import merge as merge_returns
from generator.collect.reminders import remind as chase
from generator.collect.status import Standing
from generator.collect.take import take_in
from generator.collect.trace import Way as Traced
from generator.collect.trace import trace as trace_number
from generator.dispatch import skeleton
from generator.dispatch.dispatch import Dispatch
from generator.dispatch.load import load_dispatch
from generator.dispatch.schema import json_schema
from generator.kits import manifest, run
from generator.kits import plan as plans
from generator.kits import preview as previews
from generator.kits.issued import Way
from generator.kits.maker import stamp
from generator.kits.manifest import Entry, Seal
from generator.lint import RULES, Change, Finding, selected
from generator.lint import explained as explained_rule
from generator.lint import lint as lint_document
from generator.lint import report as lint_report
from generator.reading.show import text

__all__ = [
    "Change",
    "Collected",
    "Dispatch",
    "Entry",
    "Explained",
    "Finding",
    "LintReport",
    "Merged",
    "Options",
    "Pictures",
    "Planned",
    "Preview",
    "Problem",
    "Problems",
    "Progress",
    "Report",
    "Result",
    "Seal",
    "Standing",
    "Status",
    "Traced",
    "Way",
    "Where",
    "Which",
    "__version__",
    "allowed",
    "as_json",
    "check",
    "codes",
    "collect",
    "document",
    "explain",
    "language",
    "lint",
    "lint_files",
    "make",
    "merge",
    "new",
    "open_dispatch",
    "plan",
    "preview",
    "remind",
    "schema",
    "show",
    "status",
    "trace",
    "verify",
]

Pictures = previews.Pictures
Progress = Callable[[int, int], object]
"""Hears how many kits are done, of how many; with PDFs the kits are gone over twice."""


# -- what comes back ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Report:
    """What was found: each problem with its code, severity, place, message and hint."""

    problems: tuple[Problem, ...] = ()

    @property
    def errors(self) -> int:
        return sum(problem.severity == "error" for problem in self.problems)

    @property
    def warnings(self) -> int:
        return sum(problem.severity == "warning" for problem in self.problems)


@dataclass(frozen=True)
class LintReport(Report):
    """Findings; those that a repair has ended, and each text that it changed; what could not be checked, and why."""

    repaired: tuple[Finding, ...] = ()
    changes: tuple[Change, ...] = ()
    skipped: tuple[str, ...] = ()


@dataclass(frozen=True)
class Planned:
    """A file that would be made: `unit` is the unit's code, None for the master; `file` its path in the folder."""

    unit: str | None
    kind: str
    file: str
    job: plans.Job = field(repr=False, compare=False)


@dataclass(frozen=True)
class Result(Report):
    """What a run did, in numbers, and the files that failed, each with its own problems.

    `problems` are what check found, and what the run met: files that were edited and are kept aside, files that the
    dispatch no longer has, fonts that are not there. `manifest` lists every file of the folder `out`.
    """

    out: Path = Path()
    made: int = 0
    unchanged: int = 0
    removed: int = 0
    failed: tuple[Entry, ...] = ()
    dispatch: str = ""

    @property
    def unmade(self) -> bool:
        """Whether something beside the files failed; of files alone, never."""
        return False

    @property
    def manifest(self) -> Path:
        return self.out / manifest.NAME

    @property
    def issued(self) -> Seal | None:
        """The number and date under which the folder's kits were issued, if they were."""
        return manifest.head_of(self.manifest).issued

    def files(self) -> Iterator[Entry]:
        """Every file of the folder, this run's and earlier ones', in order; read as it is asked for."""
        return manifest.read(self.manifest)


@dataclass(frozen=True)
class Preview(Result):
    """As Result, and the pictures of each document's pages."""

    pictures: tuple[Pictures, ...] = ()

    @property
    def unmade(self) -> bool:
        """Whether a document has no pictures."""
        return any(problem.code == "no-pictures" for problem in self.problems)


class Which(TypedDict, total=False):
    """Which files: of some kinds (all, if not said), for some units by code or classes by name (all, if neither is
    said), or the master, which is addressed to nobody; and whether with a PDF beside each."""

    kinds: Iterable[str] | None
    units: Iterable[str]
    classes: Iterable[str]
    master: bool
    pdf: bool


class Options(Which, total=False):
    """How: `strict` stops at warnings; `jobs` are worker processes (None: as many as pay); `durable` has each file on
    the medium before the next; `verify` looks at every file, not only one of each sort; `cluster` is a Dask address.
    What was issued stays, unless `way` lets it be replaced or superseded; `renumber` lets many kits be renamed."""

    strict: bool
    jobs: int | None
    durable: bool
    verify: bool
    cluster: str | None
    way: Way | None
    renumber: bool


# -- a dispatch --------------------------------------------------------------------------------------------------------


def open_dispatch(source: str | Path | Mapping[str, bytes], name: str = "dispatch") -> Dispatch:
    """The dispatch in a folder (or of its dispatch.yaml), or of files in memory: name in the folder → bytes.

    `name` is what a dispatch in memory is called. Raises Problems with everything that is wrong.
    """
    if not isinstance(source, Mapping):
        return load_dispatch(Path(source))
    folder = Path(tempfile.mkdtemp(prefix="fawen-"))
    try:
        dispatch = load_dispatch(_laid_out(folder / safe_name(name), source))
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    # Its own templates are read from there for as long as it lives.
    weakref.finalize(dispatch, shutil.rmtree, folder, ignore_errors=True)
    return dispatch


def _laid_out(folder: Path, files: Mapping[str, bytes]) -> Path:
    folder.mkdir()
    for name, data in files.items():
        windows = PureWindowsPath(name)
        if windows.anchor or ".." in windows.parts or not windows.name:
            message = _("{file} is not in the dispatch folder").format(file=name)
            raise Problems([error("outside-folder", Where(name), message, _("Name the file as in a folder."))])
        path = folder / windows.as_posix()
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return folder


def check(dispatch: Dispatch) -> Report:
    """Every problem of a dispatch that could be opened, by place."""
    return Report(tuple(check_dispatch(dispatch)))


# -- its files ---------------------------------------------------------------------------------------------------------


def plan(dispatch: Dispatch, **which: Unpack[Which]) -> Iterator[Planned]:
    """What would be made, in order; nothing is. Raises Problems for a unit or class that the dispatch does not have."""
    planned = plans.plan(dispatch, **which)
    jobs = (job for unit in planned.units for job in planned.files(unit))
    return (Planned(job.unit.code if job.unit else None, job.kind, job.path, job) for job in jobs)


def document(planned: Planned) -> bytes:
    """One planned file, as bytes; no PDF. Raises Problems when it cannot be made."""
    return stamp(planned.job)


def make(
    dispatch: Dispatch, out: str | Path, *, progress: Progress | None = None, **options: Unpack[Options]
) -> Result:
    """Check, then make the files in the folder `out`, and its manifest.json.

    A file that fails is one of `failed`, and the others are made. Raises Problems, before the first file, for errors of
    the dispatch (but those of one unit), under `strict` for warnings, and when the folder cannot be used.
    """
    found = allowed(dispatch, options.get("strict", False)).problems
    settings = run.Settings(
        options.get("jobs"),
        options.get("durable", False),
        verify=options.get("verify", False),
        cluster=options.get("cluster"),
        way=options.get("way") or "stop",
        renumber=options.get("renumber", False),
    )
    done = run.build(dispatch, plans.plan(dispatch, **_which(options)), Path(out), settings, progress)
    problems = (*found, *done.kept, *done.warnings)
    return Result(problems, Path(out), done.made, done.unchanged, done.removed, tuple(done.failed), dispatch.name)


def _which(options: Options) -> Which:
    return Which(
        kinds=options.get("kinds"),
        units=options.get("units", ()),
        classes=options.get("classes", ()),
        master=options.get("master", False),
        pdf=options.get("pdf", False),
    )


def allowed(dispatch: Dispatch, strict: bool = False) -> Report:
    """As `check`, but raises Problems when `make` would: for what stops it, and under `strict` for warnings."""
    report = check(dispatch)
    if any(stops(problem) or (strict and problem.severity != "info") for problem in report.problems):
        raise Problems(report.problems)
    return report


def preview(
    dispatch: Dispatch, out: str | Path, *, progress: Progress | None = None, **options: Unpack[Options]
) -> Preview:
    """As `make`, and pictures (PNG) of every page beside each document.

    Raises Problems as `make` does, and without LibreOffice or anything to draw with.
    """
    office = previews.find()
    result = make(dispatch, out, progress=progress, **options)
    failed = {entry.file for entry in result.failed}
    files = [file.file for file in plan(dispatch, **_which(options)) if file.file not in failed]
    pictures, problems = previews.preview(office, Path(out), files)
    return Preview(**{**vars(result), "problems": (*result.problems, *problems)}, pictures=tuple(pictures))


def verify(out: str | Path) -> Report:
    """What of a made folder is missing, is not as made, or could not be made. Raises Problems for no manifest."""
    return Report(tuple(run.verify(Path(out))))


# -- what units return -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Collected(Report):
    """What a run took in: the files that are new or have changed, of how many that were looked at."""

    files: tuple[KeptFile, ...] = ()
    looked_at: int = 0
    unchanged: int = 0


@dataclass(frozen=True)
class Merged:
    """The merged workbook, and what is missing in it."""

    file: Path
    missing: tuple[Standing, ...]


@dataclass(frozen=True)
class Status(Report):
    """Where every unit stands; `problems` are those of files that could not be given to any unit."""

    standings: tuple[Standing, ...] = ()

    @property
    def counts(self) -> Mapping[returns.State, int]:
        """How many stand in each state."""
        return returns.counted(self.standings)

    @property
    def summary(self) -> str:
        """未报3，逾期1 …"""
        return "，".join(f"{returns.STATES[state]}{number}" for state, number in self.counts.items() if number)

    @property
    def heads(self) -> list[str]:
        return returns.heads()

    @property
    def lines(self) -> list[list[str]]:
        """The standings as rows under `heads`, without those of whom nothing is asked."""
        return [returns.line(one) for one in self.standings if one.state != "exempt"]


def collect(dispatch: Dispatch, returned: str | Path, moment: dt.datetime) -> Collected:
    """Take in what lies at `returned` (a folder or a file), received at `moment` unless a mail says when it came.

    Raises Problems when the ledger beside the dispatch cannot be used.
    """
    taken = take_in(dispatch, Path(returned), moment)
    return Collected(tuple(taken.problems()), tuple(taken.kept), taken.files, taken.unchanged)


def merge(dispatch: Dispatch, out: str | Path, moment: dt.datetime, *, identified: bool = False) -> Merged:
    """The merged workbook in the folder `out`. Raises Problems when two ways of adding up disagree."""
    made = merge_returns(dispatch, Path(out), moment, identified=identified)
    return Merged(Path(out) / MERGED_FILE, tuple(made.missing))


def status(dispatch: Dispatch, moment: dt.datetime) -> Status:
    """Where every unit stands at a moment."""
    with Ledger(dispatch.folder) as ledger:
        loose = tuple(one.finding.as_problem(one.file) for one in returns.loose_files(ledger))
        return Status(loose, tuple(returns.standings(dispatch, ledger, moment)))


def remind(dispatch: Dispatch, out: str | Path, moment: dt.datetime) -> list[Path]:
    """Write into `out` what chases: 催报通知 and 退回意见 with drafts of mails, a text for a chat, a calendar."""
    return chase(dispatch, Path(out), moment)


def trace(dispatch: Dispatch, cell: str, moment: dt.datetime) -> Traced:
    """Where a number of the merged workbook comes from (`汇总!E7`). Raises Problems for what is none."""
    return trace_number(dispatch, cell, moment)


# -- any document ------------------------------------------------------------------------------------------------------


def lint(data: bytes, name: str, select: Iterable[str] = (), ignore: Iterable[str] = ()) -> LintReport:
    """What GB/T 9704 finds wrong in a .docx in memory, without printing it: what only pages show is not looked for.

    Raises Problems for a code that is none, and for what is no Word document.
    """
    return LintReport(tuple(lint_document(data, name, selected(tuple(select), tuple(ignore)))))


def lint_files(
    files: Sequence[str | Path],
    select: Iterable[str] = (),
    ignore: Iterable[str] = (),
    *,
    comments: Path | None = None,
    fixed: Path | None = None,
) -> LintReport:
    """The findings of files, printed where LibreOffice is there; a file that cannot be read is a problem like others.

    Of one file, `comments` names a copy with the findings as Word comments, `fixed` one that is repaired where repair
    is mechanical; the findings are then the copy's.
    """
    codes = selected(tuple(select), tuple(ignore))
    done = lint_report([Path(file) for file in files], codes, comments=comments, fixed=fixed)
    return LintReport(tuple(done.problems), tuple(done.repaired), tuple(done.changes), tuple(done.skipped))


def show(data: bytes, name: str) -> str:
    """A .docx or .xlsx as text in which two files can be compared. Raises Problems for what is neither."""
    return text(data, name)


# -- beginnings --------------------------------------------------------------------------------------------------------


def new(folder: str | Path) -> list[Path]:
    """The files of a commented dispatch that builds as it is, written into an empty folder. Raises Problems."""
    return skeleton.write(Path(folder))


def schema() -> dict[str, Any]:
    """The JSON Schema of dispatch.yaml."""
    return json_schema()


def explain(code: str) -> Explained:
    """What a problem's code means, an example and what to do, in the reader's language.

    Raises Problems, with the nearest code, for one that is none.
    """
    if code in CHECKS:
        found = explained_check(code)
    elif code in RULES:
        found = explained_rule(code)
    elif code in CODES:
        found = CODES[code]
    elif code in return_findings.SEVERITIES:
        found = return_findings.explained(code)
    else:
        raise Problems([_no_such_code(code)])
    return found._replace(description=_(found.description), remedy=_(found.remedy))


def codes() -> list[str]:
    """Every code that a problem may have, in alphabetical order."""
    return sorted({*CHECKS, *RULES, *CODES, *return_findings.SEVERITIES})


def _no_such_code(code: str) -> Problem:
    near = get_close_matches(code, codes(), n=1)
    listed_in = _("docs/checks.md and docs/lint.md list the codes.")
    hint = _('Did you mean "{name}"?').format(name=near[0]) if near else listed_in
    return error("unknown-code", Where("CODE"), _("there is no code {code}").format(code=code), hint)
