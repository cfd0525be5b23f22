"""The files that the arguments of a command stand for."""

import os
import shutil
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import typer

from ..labels.suggestions import SkippedFile
from ..nlp.errors import UnreadableReportError, WhatworksError
from ..nlp.readers.interface import find_reports

_STANDARD_INPUT = "standard input"
_OUR_PAGE = b'<meta name="generator" content="whatworks'


@dataclass(slots=True)
class Inputs:
    """Files to classify, and what was given but holds none."""

    files: list[Path] = field(default_factory=list)
    skipped: list[SkippedFile] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    """What a user should know of files that were left out on purpose."""
    standard_input: Path | None = None
    """Where standard input was put, if it was asked for."""

    def shown(self, path: str) -> str:
        """The path as a user should see it."""
        here = self.standard_input is not None and path == str(self.standard_input)
        return _STANDARD_INPUT if here else path


@contextmanager
def given_inputs(paths: Sequence[str], outputs: Sequence[Path]) -> Iterator[Inputs]:
    """The files behind files, folders, patterns and '-', each once, without the result files.

    Raises:
        WhatworksError: a file is named both as a report and as a result.
    """
    inputs = Inputs()
    results = {_key(path) for path in outputs}
    seen: set[str] = set()
    folder: Path | None = None
    try:
        for given in paths:
            if given == "-":
                if inputs.standard_input is None:
                    folder = Path(tempfile.mkdtemp(prefix="whatworks-"))
                    inputs.standard_input = _stored_standard_input(folder)
                    inputs.files.append(inputs.standard_input)
                continue
            for path in _reports(given, inputs):
                if _key(path) not in seen and not _is_result(path, given, results, inputs):
                    inputs.files.append(path)
                seen.add(_key(path))
        yield inputs
    finally:
        if folder is not None:
            shutil.rmtree(folder, ignore_errors=True)


def _reports(given: str, inputs: Inputs) -> Iterable[Path]:
    try:
        return find_reports([given])
    except UnreadableReportError as error:
        # An empty folder among others must not stop them.
        inputs.skipped.append(SkippedFile(error.path, error.cause, error.cure))
        return ()


def _is_result(path: Path, given: str, results: set[str], inputs: Inputs) -> bool:
    """Whether a file is a result of this run, or a page of results of an earlier one."""
    named_outright = path == Path(given)
    if _key(path) in results:
        if named_outright:
            raise WhatworksError(
                f"{path}: named both as what to read and, with -o, as the result. "
                "Give the result another name."
            )
        return True
    if named_outright or path.suffix.lower() != ".html" or not _is_our_page(path):
        return False
    inputs.notes.append(f"{path}: left out, it holds results of whatworks, no report.")
    return True


def _is_our_page(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return _OUR_PAGE in file.read(2000)
    except OSError:
        # The reader meets the same error and explains it.
        return False


def _stored_standard_input(folder: Path) -> Path:
    path = folder / _STANDARD_INPUT
    if sys.stdin is not None and sys.stdin.isatty():
        typer.echo("Reading the report from standard input; end with Ctrl-D.", err=True)
    try:
        path.write_bytes(b"" if sys.stdin is None else sys.stdin.buffer.read())
    except OSError as error:
        raise WhatworksError(
            f"Standard input cannot be read into {folder}: {error.strerror}. "
            "Store it as a file and give that."
        ) from error
    return path


def _key(path: Path) -> str:
    """The same for all ways to write a path."""
    return os.path.normcase(os.path.abspath(path))  # noqa: PTH100  (links stay what they are)
