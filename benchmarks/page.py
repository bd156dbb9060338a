"""What is measured, written into docs/performance.md between its marks; and where to measure."""

from __future__ import annotations

from pathlib import Path

PAGE = Path(__file__).parent.parent / "docs" / "performance.md"
_MEMORY = Path("/dev/shm")


def write(name: str, text: str) -> None:
    """Replace what stands between the marks of that name."""
    begin, end = f"<!-- {name}: begin -->", f"<!-- {name}: end -->"
    page = PAGE.read_text(encoding="utf-8")
    before, found, rest = page.partition(begin)
    assert found, f"no {begin} in {PAGE}"
    PAGE.write_text(f"{before}{begin}\n\n{text}\n\n{end}{rest.partition(end)[2]}", encoding="utf-8", newline="\n")


def memory() -> Path | None:
    """A file system in memory, where there is one: what a disk's own journal costs differs from hour to hour, by more
    than all that is measured."""
    return _MEMORY if _MEMORY.is_dir() else None
