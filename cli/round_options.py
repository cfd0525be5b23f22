"""What the commands of ``whatworks round`` have in common."""

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from ..labels.lots import Readers


class Format(StrEnum):
    """How it is written."""

    text = "text"
    json = "json"


NameArgument = Annotated[
    str, typer.Argument(metavar="NAME", show_default=False, help="The round's name.")
]
FormatOption = Annotated[
    Format, typer.Option("--format", metavar="text|json", help="What to write to standard output.")
]
ReaderOption = Annotated[
    list[str] | None,
    typer.Option(
        "--annotator",
        metavar="NAME",
        show_default="nobody: whoever comes may read it",
        help="Who reads. May be repeated; passages are dealt out evenly.",
    ),
]
EachOption = Annotated[
    int, typer.Option("--each", min=1, metavar="NUMBER", help="How many people read each passage.")
]
OverlapOption = Annotated[
    str,
    typer.Option(
        "--overlap",
        metavar="SHARE",
        help="How many passages one more person reads, to see how far people agree: '20%'.",
    ),
]
NewPeopleOption = Annotated[
    bool,
    typer.Option(
        "--new-annotators", help="Names that the project does not know are new annotators."
    ),
]
QuietOption = Annotated[bool, typer.Option("--quiet", "-q", help="No progress bar and no notes.")]


def readers_of(each: int, overlap: str) -> "Readers":
    """How many people read each passage, from ``--each`` and ``--overlap``."""
    from ..labels.lots import Readers

    return Readers(each, each + 1, share_of(overlap, "--overlap"))


def share_of(given: str, option: str) -> float:
    """'20%' as 0.2."""
    try:
        return float(given.strip().removesuffix("%")) / 100
    except ValueError:
        raise typer.BadParameter(f"'{given}' is no share for {option}. Write 20%.") from None


def write(stream: Format, page: str, facts: object) -> None:
    """Prints a page, or its facts as JSON."""
    import json

    from ..labels.exchange.rows import printable

    if stream is Format.json:
        typer.echo(json.dumps(facts, ensure_ascii=False, indent=2))
    else:
        typer.echo("\n".join(map(printable, page.splitlines())))
