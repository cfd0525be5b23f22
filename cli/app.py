"""The command ``whatworks``: its sub-commands, exit codes and how errors are told.

Exit codes: 0 done, 1 something the user can put right, 2 wrong usage, 130 interrupted.
"""

import logging
import os
import sys
from typing import Annotated

import click
import typer

from .. import __version__
from ..nlp.errors import WhatworksError
from . import cache, classify, demo, doctor

app = typer.Typer(
    name="whatworks",
    no_args_is_help=True,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Example: whatworks classify reports/ -o results.xlsx -o results.html",
)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"whatworks {__version__}")
        raise typer.Exit


@app.callback()
def whatworks(
    context: typer.Context,
    _: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
    debug: Annotated[
        bool, typer.Option("--debug", help="Show the full traceback of an error.")
    ] = False,
) -> None:
    """Finds what works in evaluation reports.

    Suggests which passages hold a success factor, an obstacle, a lesson or a good practice, and
    what they are about. A model suggests; people decide.
    """
    context.obj = {"debug": debug}
    logging.getLogger("whatworks").setLevel(logging.DEBUG if debug else logging.WARNING)


app.command("classify", epilog=classify.EPILOG)(classify.classify)
app.command("demo", epilog=demo.EPILOG)(demo.demo)
app.command("doctor", epilog=doctor.EPILOG)(doctor.doctor)
app.add_typer(cache.app, name="cache")


def main() -> None:
    """Runs the command line and exits."""
    debug = "--debug" in sys.argv
    try:
        code = app(standalone_mode=False)
        # A reader that went away (`| head`) is met here, not at the interpreter's end.
        sys.stdout.flush()
    except click.exceptions.Abort:
        code = _interrupted()
    except KeyboardInterrupt:
        code = _interrupted()
    except click.ClickException as error:
        error.show()
        code = error.exit_code
    except WhatworksError as error:
        if debug:
            raise
        typer.echo(f"Error: {error}", err=True)
        code = 1
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 1
    except Exception as error:
        if debug:
            raise
        typer.echo(
            f"Error: something unforeseen went wrong ({type(error).__name__}: {error}). "
            "Run the command again with --debug before its name and report what it prints.",
            err=True,
        )
        code = 1
    sys.exit(code)


def _interrupted() -> int:
    typer.echo(
        "Interrupted. No result file was written; passages already encoded are kept, so the same "
        "command goes on from there.",
        err=True,
    )
    return 130
