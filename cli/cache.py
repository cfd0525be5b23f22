"""``whatworks cache``: what is kept to save time, how large it is, and clearing it."""

import shutil
from pathlib import Path
from typing import Annotated

import typer

from ..nlp.errors import WhatworksError
from ..nlp.locations import cache_folder
from .asking import agrees

app = typer.Typer(
    help="Show or clear what is kept to save time.",
    no_args_is_help=True,
    epilog="\b\nExamples:\n  whatworks cache size\n  whatworks cache clear --yes",
)

PARTS = {
    "encoders": "the unpacked encoder",
    "models": "heads fitted for other encoders",
    "reports": "reports that were read",
    "vectors.sqlite": "vectors of passages",
}


_BESIDE = ("vectors.sqlite-journal", "vectors.sqlite-wal", "vectors.sqlite-shm")
"""What SQLite keeps beside the vectors while it writes them."""


def _size(path: Path) -> int:
    """In bytes; 0 for what is not there."""
    if path.is_file():
        return path.stat().st_size
    return sum(part.stat().st_size for part in path.rglob("*") if part.is_file())


def _words(size: int) -> str:
    return f"{size / 1e6:,.1f} MB"


@app.command(epilog="Example: whatworks cache size")
def size() -> None:
    """Show where the cache is and how much each part takes."""
    folder = cache_folder()
    typer.echo(f"Cache: {folder}")
    for name, what in PARTS.items():
        typer.echo(f"  {_words(_size(folder / name)):>12}  {what} ({name})")


@app.command(epilog="Example: whatworks cache clear --yes")
def clear(
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
) -> None:
    """Delete what is kept; the next run makes it again.

    Results and reports are never in the cache.
    """
    folder = cache_folder()
    total = sum(_size(folder / name) for name in PARTS)
    if not yes and not agrees(f"Delete {_words(total)} in {folder}?", "Nothing was deleted"):
        typer.echo("Nothing was deleted.")
        raise typer.Exit(1)
    try:
        # Part by part: the folder may be one the user chose and uses for other things too.
        for name in (*PARTS, *_BESIDE):
            path = folder / name
            if path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink(missing_ok=True)
    except OSError as error:
        raise WhatworksError(
            f"{error.filename}: cannot be deleted: {error.strerror}. "
            "Close other runs of whatworks, or delete the folder yourself."
        ) from error
    typer.echo(f"Deleted {_words(total)}.")
