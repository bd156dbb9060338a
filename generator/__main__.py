"""`python -m generator`: the command line, for where its script is not on the path."""

from generator.cli import main

if __name__ == "__main__":
    main(prog_name="fawen")
