"""The command `fawen`, also as `python -m generator` where its script is not on the path."""

from __future__ import annotations

from generator.base.i18n import translate_click


def main() -> None:
    translate_click()
    # Only now: some of Click's own words are looked up when a command or a type is declared.
    from generator.cli import main as command

    command(prog_name="fawen")


if __name__ == "__main__":
    main()
