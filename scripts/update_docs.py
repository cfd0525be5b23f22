"""Writes docs/commands.md and the README's help block from ``whatworks --help``.

python scripts/update_docs.py           writes them
python scripts/update_docs.py --check   says which are out of date; exit code 1 if any is
"""

import sys
from collections.abc import Iterator
from pathlib import Path

import typer.main
from typer.testing import CliRunner

from whatworks.cli.app import app

ROOT = Path(__file__).parents[1]
BEGIN, END = "<!-- help:begin -->", "<!-- help:end -->"
INTRODUCTION = """# Commands

Made from `whatworks --help` by `scripts/update_docs.py`; do not edit it by hand.

Results go to standard output or to the files named with `-o`; progress, notes and errors go to
standard error. Exit codes: 0 done, 1 something you can put right (see
[troubleshooting](troubleshooting.md)), 2 wrong usage, 130 interrupted with Ctrl-C.
What the result files hold is described in [results](results.md).
"""


def main() -> None:
    """Writes or checks."""
    stale = []
    for path, text in ((ROOT / "docs" / "commands.md", commands_page()), readme()):
        if path.is_file() and path.read_text("utf-8") == text:
            continue
        stale.append(path.relative_to(ROOT))
        if "--check" not in sys.argv:
            path.write_text(text, "utf-8")
            print(f"Wrote {path.relative_to(ROOT)}")
    if stale and "--check" in sys.argv:
        sys.exit(f"Out of date: {', '.join(map(str, stale))}. Run: python scripts/update_docs.py")


def commands_page() -> str:
    """The text of docs/commands.md."""
    sections = [
        f"## {' '.join(('whatworks', *words))}\n\n```text\n{help_text(words)}\n```\n"
        for words in commands()
    ]
    return "\n".join([INTRODUCTION, *sections])


def commands() -> Iterator[tuple[str, ...]]:
    """The words of every command and group, () for the program itself."""

    def under(command: object, words: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
        yield words
        for name, inner in getattr(command, "commands", {}).items():
            yield from under(inner, (*words, name))

    return under(typer.main.get_command(app), ())


def help_text(words: tuple[str, ...]) -> str:
    """What ``--help`` prints in a terminal of 80 columns."""
    found = CliRunner(env={"COLUMNS": "80"}).invoke(app, [*words, "--help"], prog_name="whatworks")
    assert found.exit_code == 0, found.output
    return "\n".join(line.rstrip() for line in found.output.strip().splitlines())


def readme() -> tuple[Path, str]:
    """The README's path, and its text with the help block as it should be."""
    path = ROOT / "README.md"
    text = path.read_text("utf-8")
    if BEGIN not in text or END not in text:
        sys.exit(f"README.md: the lines '{BEGIN}' and '{END}' are missing.")
    before, rest = text.split(BEGIN, 1)
    after = rest.split(END, 1)[1]
    return path, f"{before}{BEGIN}\n```text\n{help_text(())}\n```\n{END}{after}"


if __name__ == "__main__":
    main()
