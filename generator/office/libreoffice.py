""".docx and .xlsx → PDF through LibreOffice: many files a call, calls side by side, each supervised.

Old Word documents become .docx, and old workbooks .xlsx, in the same way.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, Literal, TypeVar

from generator.base.i18n import _
from generator.base.problems import Problem, Problems, Where, error, reason
from generator.office import fonts

if TYPE_CHECKING:
    pass

CHUNK = 50
"""Files a call. Starting LibreOffice costs as much as converting some ten files."""
SECONDS = 60.0
_FIRST_START = 180.0
"""Seconds: on a cold machine the first start reads half a gigabyte."""
_PAUSE = 0.02
_WORDS = ("--headless", "--norestore", "--nologo", "--nodefault", "--nofirststartwizard", "--nolockcheck")
_PLACES = {
    "win32": ("%ProgramFiles%", "%ProgramFiles(x86)%"),
    "darwin": ("/Applications/LibreOffice.app/Contents/MacOS", "~/Applications/LibreOffice.app/Contents/MacOS"),
}

_SETTINGS: tuple[tuple[str, str, str], ...] = (
    # Nothing outside the file is fetched, nothing in it is run (three: only signed macros from trusted places).
    ("Office.Common/Security/Scripting", "BlockUntrustedRefererLinks", "true"),
    ("Office.Common/Security/Scripting", "DisableMacrosExecution", "true"),
    ("Office.Common/Security/Scripting", "MacroSecurityLevel", "3"),
    ("Office.Common/Misc", "FirstRun", "false"),
    ("Office.Common/Misc", "UseLocking", "false"),
    ("Office.Common/Misc", "UseDocumentSystemFileLocking", "false"),
    ("Office.Recovery/AutoSave", "Enabled", "false"),
    ("Office.Jobs/Jobs/org.openoffice.Office.Jobs:Job['UpdateCheck']/Arguments", "AutoCheckEnabled", "false"),
    # The blank page that ends on an even page's back is part of the document (33476).
    ("Office.Common/Filter/PDF/Export", "IsSkipEmptyPages", "false"),
    # Dates, paper and line breaking as in China, whatever the machine is set to.
    ("Setup/L10N", "ooLocale", "en-US"),
    ("Setup/L10N", "ooSetupSystemLocale", "zh-CN"),
)

Label = TypeVar("Label")
Target = Literal["pdf", "docx", "xlsx"]
_ZIP = (b"PK\3\4", b"PK\5\6")
_ENDS: Mapping[Target, tuple[bytes, bytes]] = {"pdf": (b"%PDF-", b"%%EOF"), "docx": _ZIP, "xlsx": _ZIP}
"""How each kind of file begins, and what stands near its end."""


@dataclass(frozen=True)
class Failure:
    """Why a file was not made."""

    reason: str


@dataclass(frozen=True)
class Office:
    """An installed LibreOffice and what it says of its version."""

    program: Path
    version: str


def find() -> Office:
    """LibreOffice on PATH or in its usual place. Raises Problems when there is none, or none that starts."""
    program = next((path for path in map(shutil.which, _candidates()) if path), None)
    if program is None:
        hint = _(
            "PDF, pictures and old Word documents need it. Get it from www.libreoffice.org or the system's packages."
        )
        raise Problems([error("no-libreoffice", Where("soffice"), _("LibreOffice is not installed"), hint)])
    try:
        command = [program, "--version"]
        done = subprocess.run(command, capture_output=True, timeout=_FIRST_START, check=True)  # noqa: S603
    except (OSError, subprocess.SubprocessError) as exc:
        raise Problems([_broken(Path(program), str(exc))]) from exc
    return Office(Path(program), done.stdout.decode(errors="replace").strip())


def _candidates() -> list[str]:
    found = ["soffice", "libreoffice"]
    for place in _PLACES.get(sys.platform, ()):
        folder = Path(os.path.expandvars(place)).expanduser()
        if sys.platform == "win32":
            # soffice.exe returns before it is done and prints nothing; soffice.com waits.
            found.append(str(folder / "LibreOffice" / "program" / "soffice.com"))
        else:
            found.append(str(folder / "soffice"))
    return found


def _broken(program: Path, reason: str) -> Problem:
    message = _("LibreOffice does not start: {reason}").format(reason=" ".join(reason.split()))
    return error("broken-libreoffice", Where(str(program)), message, _("Start it by hand once; repair or update it."))


# -- converting --------------------------------------------------------------------------------------------------------


class Converter:
    """`processes` LibreOffices at a time, each with a profile of its own; `seconds` may pass without a file done.

    A context: on leaving, whatever still runs is ended and the working folder removed.
    """

    def __init__(self, office: Office, processes: int = 1, seconds: float = SECONDS) -> None:
        self._office = office
        self._processes = processes
        self._seconds = seconds
        self._calls: list[_Call[Any]] = []
        self._idle: list[Path] = []
        self._started = 0

    def __enter__(self) -> Converter:
        self._folder = Path(tempfile.mkdtemp(prefix="fawen-pdf-"))
        return self

    def __exit__(self, *_exc: object) -> None:
        for call in self._calls:
            call.kill()
        shutil.rmtree(self._folder, ignore_errors=True)

    def convert(
        self, files: Sequence[tuple[Label, Path]], target: Target = "pdf"
    ) -> Iterator[tuple[Label, bytes | Failure]]:
        """Each file as LibreOffice writes it anew, or why it does not; in the order in which they are done.

        A call that crashes, or that is silent for too long, costs no other file: what it has made is kept, the file it
        was at is tried by itself, and the others go into another call. Raises Problems when LibreOffice does not start
        at all or its working folder cannot be written.
        """
        size = max(1, min(CHUNK, -(-len(files) // self._processes)))
        tasks = deque(files[at : at + size] for at in range(0, len(files), size))
        while tasks or self._calls:
            while tasks and len(self._calls) < self._processes:
                self._calls.append(self._start(tasks.popleft(), target))
            time.sleep(_PAUSE)
            for call in [call for call in self._calls if call.is_over()]:
                self._calls.remove(call)
                yield from self._settle(call, tasks)

    def _start(self, files: Sequence[tuple[Label, Path]], target: Target) -> _Call[Label]:
        self._started += 1
        folder = self._folder / f"call{self._started}"
        try:
            profile = self._idle.pop() if self._idle else self._profile()
            return _Call(self._office, profile, folder, files, target, self._environment, self._seconds)
        except OSError as exc:
            message = _("PDF cannot be made here: {reason}").format(reason=reason(exc))
            hint = _("Free space there, or name another folder by the variable TMPDIR.")
            raise Problems([error("bad-temporary", Where(str(self._folder)), message, hint)]) from exc

    def _settle(
        self, call: _Call[Label], tasks: deque[Sequence[tuple[Label, Path]]]
    ) -> Iterator[tuple[Label, bytes | Failure]]:
        made, missing = call.outcome()
        yield from made
        if not call.lost:
            self._idle.append(call.profile)
        if len(call.files) == 1:
            yield from ((label, Failure(call.reason())) for label, _path in missing)
        elif not call.lost:
            tasks.extend([file] for file in missing)
        elif missing:
            tasks.append(missing[:1])
            if missing[1:]:
                tasks.append(missing[1:])

    @cached_property
    def _environment(self) -> dict[str, str]:
        rules = self._folder / "fonts.conf"
        rules.write_text(fonts.rules(fonts.installed()), encoding="utf-8")
        return {**os.environ, "FONTCONFIG_FILE": str(rules), "LC_ALL": "C.UTF-8"}

    @cached_property
    def _fresh_profile(self) -> Path:
        """A profile with our settings that LibreOffice has started with once, to be copied."""
        profile = self._folder / "profile"
        (profile / "user").mkdir(parents=True)
        (profile / "user" / "registrymodifications.xcu").write_text(_registry(), encoding="utf-8")
        process = _run(self._office, profile, ["--terminate_after_init"], self._folder, self._environment)
        try:
            status = process.wait(_FIRST_START)
        except subprocess.TimeoutExpired:
            _kill(process)
            reason = _("it was not done after {seconds:g} seconds").format(seconds=_FIRST_START)
            raise Problems([_broken(self._office.program, reason)]) from None
        if status:
            raise Problems([_broken(self._office.program, _ended(status))])
        return profile

    def _profile(self) -> Path:
        return Path(shutil.copytree(self._fresh_profile, self._folder / f"profile{self._started}"))


def _registry() -> str:
    """The profile's settings. Source: org.openoffice.Office schemas of LibreOffice 7.4."""
    items = "\n".join(
        f'<item oor:path="/org.openoffice.{path}">'
        f'<prop oor:name="{name}" oor:op="fuse"><value>{value}</value></prop></item>'
        for path, name, value in _SETTINGS
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<oor:items xmlns:oor="http://openoffice.org/2001/registry" '
        'xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">\n'
        f"{items}\n</oor:items>\n"
    )


def _run(
    office: Office, profile: Path, words: Iterable[str], folder: Path, environment: Mapping[str, str]
) -> subprocess.Popen[bytes]:
    command = [str(office.program), f"-env:UserInstallation={profile.as_uri()}", *_WORDS, *words]
    null = subprocess.DEVNULL
    # A session of its own: soffice is a script, and what it starts must be ended with it.
    return subprocess.Popen(  # noqa: S603
        command, cwd=folder, env=environment, stdin=null, stdout=null, stderr=null, start_new_session=True
    )


def _kill(process: subprocess.Popen[bytes]) -> None:
    if sys.platform == "win32":
        command = [shutil.which("taskkill") or "taskkill", "/F", "/T", "/PID", str(process.pid)]
        subprocess.run(command, capture_output=True, check=False)  # noqa: S603
    else:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _ended(status: int) -> str:
    return _("LibreOffice crashed on it (exit status {status})").format(status=status)


@dataclass
class _Call(Generic[Label]):
    """One run of LibreOffice over copies of some files, under names that collide with nothing."""

    office: Office
    profile: Path
    folder: Path
    files: Sequence[tuple[Label, Path]]
    target: Target
    environment: Mapping[str, str]
    seconds: float
    overdue: bool = field(default=False, init=False)

    def __post_init__(self) -> None:
        self._out = self.folder / "made"
        self._out.mkdir(parents=True)
        names = [f"{number}{path.suffix}" for number, (_label, path) in enumerate(self.files)]
        for name, (_label, path) in zip(names, self.files, strict=True):
            shutil.copyfile(path, self.folder / name)
        words = ["--convert-to", self.target, "--outdir", str(self._out), *names]
        self._process = _run(self.office, self.profile, words, self.folder, self.environment)
        self._made = 0
        self._heard = time.monotonic()

    @property
    def lost(self) -> bool:
        """Whether it crashed or was ended; its profile may be in any state."""
        return self.overdue or bool(self._process.returncode)

    def is_over(self) -> bool:
        """Whether the call has ended; ends it when it has made no file for too long."""
        if self._process.poll() is not None:
            return True
        made = len(os.listdir(self._out))
        if made != self._made:
            self._made, self._heard = made, time.monotonic()
        elif time.monotonic() - self._heard > self.seconds:
            self.overdue = True
            self.kill()
        return self.overdue

    def kill(self) -> None:
        _kill(self._process)

    def outcome(self) -> tuple[list[tuple[Label, bytes | Failure]], list[tuple[Label, Path]]]:
        """The files that are made and whole, and those of which none is; the call's folder is removed."""
        made: list[tuple[Label, bytes | Failure]] = []
        missing = []
        for number, (label, path) in enumerate(self.files):
            file = self._out / f"{number}.{self.target}"
            data = file.read_bytes() if file.exists() else b""
            if _is_whole(data, self.target):
                made.append((label, data))
            else:
                missing.append((label, path))
        shutil.rmtree(self.folder, ignore_errors=True)
        return made, missing

    def reason(self) -> str:
        """Why the one file of this call was not made."""
        if self.overdue:
            return _("LibreOffice was not done with it after {seconds:g} seconds").format(seconds=self.seconds)
        if self._process.returncode:
            return _ended(self._process.returncode)
        return _("LibreOffice cannot read it")


def _is_whole(data: bytes, target: Target) -> bool:
    start, end = _ENDS[target]
    return data.startswith(start) and end in data[-1024:]


_OLD_WORD = {b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1": ".doc", b"{\\rtf": ".rtf"}
"""How the files begin that call themselves .doc or .wps, and what LibreOffice takes each for by its name.

WPS writes its .wps as Word wrote .doc; by that ending LibreOffice would take it for a file of Microsoft Works.
"""


def to_docx(data: bytes, where: Where) -> bytes:
    """An old Word document (.doc, .wps) as .docx, as LibreOffice reads it.

    Raises Problems when it is none, when LibreOffice cannot read it, or when there is no LibreOffice.
    """
    hint = _("Open it in Word or WPS and save it as .docx; or write `attach: beside` to send it as it is.")
    ending = next((ending for start, ending in _OLD_WORD.items() if data.startswith(start)), None)
    if ending is None:
        raise Problems([error("source-unreadable", where, _("this is no Word document, whatever its name says"), hint)])
    message = _("an old Word document is appended by way of LibreOffice: {reason}")
    return _renewed(data, where, (ending, "docx"), (message, hint))


def to_xlsx(data: bytes, where: Where) -> bytes:
    """An old workbook (.xls, .et) as .xlsx, as LibreOffice reads it. Raises Problems as `to_docx` does."""
    message = _("an old workbook is read by way of LibreOffice: {reason}")
    return _renewed(data, where, (".xls", "xlsx"), (message, _("Open it in Excel or WPS and save it as .xlsx.")))


def _renewed(data: bytes, where: Where, kinds: tuple[str, Target], said: tuple[str, str]) -> bytes:
    """The file by that ending written anew as another; `said` is what to say without LibreOffice, and the way out."""
    (ending, target), (lacking, hint) = kinds, said
    try:
        office = find()
    except Problems as missing:
        found = [replace(one, where=where, message=lacking.format(reason=one.message)) for one in missing.problems]
        raise Problems(found) from missing
    with tempfile.TemporaryDirectory(prefix="fawen-word-") as folder, Converter(office) as converter:
        path = Path(folder) / f"source{ending}"
        path.write_bytes(data)
        ((_label, made),) = converter.convert([("", path)], target)
    if isinstance(made, Failure):
        message = _("LibreOffice cannot turn it into a .{kind}: {reason}").format(kind=target, reason=made.reason)
        raise Problems([error("source-unreadable", where, message, hint)])
    return made
