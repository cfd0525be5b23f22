"""The pages made from the program itself are up to date."""

import subprocess
import sys
from pathlib import Path

import typer.main

from whatworks.cli.app import app

ROOT = Path(__file__).parents[1]


def test_the_pages_made_from_help_are_up_to_date() -> None:
    ran = subprocess.run(
        [sys.executable, ROOT / "scripts" / "update_docs.py", "--check"],
        capture_output=True,
        text=True,
    )
    assert ran.returncode == 0, ran.stderr


def test_every_command_has_its_section() -> None:
    page = (ROOT / "docs" / "commands.md").read_text("utf-8")
    for name in typer.main.get_command(app).commands:  # type: ignore[attr-defined]
        assert f"## whatworks {name}\n" in page


def test_the_readme_names_every_command() -> None:
    text = (ROOT / "README.md").read_text("utf-8")
    help_block = text.split("<!-- help:begin -->")[1].split("<!-- help:end -->")[0]
    for name in typer.main.get_command(app).commands:  # type: ignore[attr-defined]
        assert f"\n  {name} " in help_block
