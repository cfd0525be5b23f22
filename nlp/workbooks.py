"""Excel workbooks, opened for reading; what is wrong with them is said in a sentence."""

import warnings
import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from .errors import UnreadableReportError

_MAX_SHARED_TEXT = 1_000_000_000


@contextmanager
def open_workbook(path: Path, *, formulas: bool = False) -> Iterator[Any]:
    """An openpyxl workbook, read row by row.

    Args:
        path: An .xlsx file.
        formulas: Give a cell's formula, where it has one, and not what it last came to.

    Raises:
        UnreadableReportError: It is damaged or encrypted; also while its cells are being read.
        OSError: It cannot be opened.
    """
    damaged = UnreadableReportError(
        path,
        "The workbook is damaged, or encrypted with a password.",
        "Open it in a spreadsheet program and save it again as .xlsx without a password.",
    )
    if not zipfile.is_zipfile(path):
        # Says why where it is not there or may not be read.
        with path.open("rb"):
            raise damaged
    import openpyxl

    load = partial(openpyxl.load_workbook, read_only=True, data_only=not formulas)
    try:
        _check_size(path)
        with closing(quietly(load, path)) as book:
            yield book
    except (zipfile.BadZipFile, KeyError, ValueError, TypeError, SyntaxError, EOFError) as error:
        raise damaged from error


def quietly(call: Callable[..., Any], argument: object) -> Any:
    """The outcome of a call without openpyxl's warnings of styles and rules it does not know."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return call(argument)


def _check_size(path: Path) -> None:
    with zipfile.ZipFile(path) as archive:
        shared = sum(i.file_size for i in archive.infolist() if "sharedStrings" in i.filename)
    if shared > _MAX_SHARED_TEXT:
        raise UnreadableReportError(
            path,
            f"Its texts unpack to {shared / 1e9:.1f} GB.",
            "Save it as CSV, or in parts.",
        )
