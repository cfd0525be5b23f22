"""The command ``whatworks``: its sub-commands, exit codes and how errors are told.

Exit codes: 0 done, 1 something the user can put right, 2 wrong usage, 130 interrupted.
"""

import io
import signal
import sys
from types import FrameType
from typing import Annotated, NoReturn

import typer

from .. import __version__
from ..nlp.errors import WhatworksError
from . import (
    add,
    agreement,
    audit,
    cache,
    classify,
    codebook,
    demo,
    doctor,
    evaluate,
    export,
    import_,
    init,
    models,
    prelabel,
    register,
    review,
    round,
    screen,
    simulate,
    status,
    synthesize,
    train,
    upgrade,
    user,
)
from .streams import discard_standard_output, is_gone, unprintable

app = typer.Typer(
    name="whatworks",
    no_args_is_help=True,
    # Plain help: it comes at once (drawing boxes takes longer than all else), is read well by
    # screen readers, and stands as it is in the documentation.
    rich_markup_mode=None,
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
    if debug:
        # Imported here: it takes a tenth of the time that --help has.
        import logging

        log = logging.getLogger("whatworks")
        log.setLevel(logging.DEBUG)
        log.addHandler(logging.StreamHandler())


app.command("classify", epilog=classify.EPILOG)(classify.classify)
app.command("demo", epilog=demo.EPILOG)(demo.demo)
app.command("init", epilog=init.EPILOG)(init.init)
app.command("add", epilog=add.EPILOG)(add.add)
app.command("prelabel", epilog=prelabel.EPILOG)(prelabel.prelabel)
app.command("train", epilog=train.EPILOG)(train.train)
app.command("evaluate", epilog=evaluate.EPILOG)(evaluate.evaluate)
app.command("simulate", epilog=simulate.EPILOG)(simulate.simulate)
app.command("review", epilog=review.EPILOG)(review.review)
app.command("export", epilog=export.EPILOG)(export.export)
app.command("import", epilog=import_.EPILOG)(import_.import_)
app.command("status", epilog=status.EPILOG)(status.status)
app.command("agreement", epilog=agreement.EPILOG)(agreement.agreement)
app.command("audit", epilog=audit.EPILOG)(audit.audit)
app.command("synthesize", epilog=synthesize.EPILOG)(synthesize.synthesize)
app.command("upgrade", epilog=upgrade.EPILOG)(upgrade.upgrade)
app.command("doctor", epilog=doctor.EPILOG)(doctor.doctor)
app.add_typer(cache.app, name="cache")
app.add_typer(codebook.app, name="codebook")
app.add_typer(models.app, name="models")
app.add_typer(register.app, name="register")
app.add_typer(round.app, name="round")
app.add_typer(screen.app, name="screen")
app.add_typer(user.app, name="user")


def main() -> NoReturn:
    """Runs the command line and exits."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # A Windows terminal, or a file name in another encoding, has letters it cannot show.
            stream.reconfigure(errors="replace")
    for name in ("SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)
        # A run under nohup ignores SIGHUP and goes on doing so.
        if number is not None and signal.getsignal(number) is signal.SIG_DFL:
            signal.signal(number, _end)
    sys.exit(_exit_code("--debug" in sys.argv))


def _exit_code(debug: bool) -> int:
    """Runs the command; tells what went wrong, and with which code to exit."""
    try:
        try:
            app()
        finally:
            # A reader that went away (`| head`) or a full disk is met here, not at the very end.
            _flush()
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else 0
    except WhatworksError as error:
        if debug:
            raise
        _tell(str(error))
    except OSError as error:
        if debug and not is_gone(error):
            raise
        # Without a file's name it is a stream that could not be written.
        if error.filename is not None:
            _tell_unforeseen(error)
        else:
            discard_standard_output()
            if not is_gone(error):
                _tell(str(unprintable(error)))
    except Exception as error:
        if debug:
            raise
        _tell_unforeseen(error)
    return 1


def _flush() -> None:
    try:
        if sys.stdout is not None:
            sys.stdout.flush()
    except OSError as error:
        discard_standard_output()
        if not is_gone(error):
            raise unprintable(error) from error


def _tell(text: str) -> None:
    from ..labels.exchange.rows import printable

    typer.echo(f"Error: {printable(text)}", err=True)


def _tell_unforeseen(error: Exception) -> None:
    _tell(
        f"something unforeseen went wrong ({type(error).__name__}: {error}). "
        "Run the command again with --debug before its name and report what it prints."
    )


def _end(number: int, _: FrameType | None) -> NoReturn:
    """Ends like Ctrl-C does: temporary files and processes are taken away on the way out."""
    raise SystemExit(128 + number)
