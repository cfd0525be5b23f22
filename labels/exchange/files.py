"""Result files that appear whole or not at all."""

import errno
import os
import shutil
import tempfile
import zipfile
from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

from ...nlp.errors import WhatworksError
from ..suggestions import ReportSuggestions, SkippedFile

NOTES = "_whatworks"
"""The hidden sheet of a reviewer's workbook."""
_OPEN_ELSEWHERE = (
    "It is open in another program or write-protected.",
    "Close it there (Excel locks the files it shows), or give another name with {option}.",
)
_CAUSES: dict[int, tuple[str, str]] = {
    errno.ENOSPC: ("The disk is full.", "Free some space, or write to another disk with {option}."),
    errno.EDQUOT: (
        "Your disk quota is used up.",
        "Free some space, or write elsewhere with {option}.",
    ),
    errno.EFBIG: (
        "The file grew past the size allowed here.",
        "Write to another disk with {option}.",
    ),
    errno.EROFS: ("The disk is read-only.", "Write to another folder with {option}."),
    errno.ENAMETOOLONG: ("The file name is too long.", "Give a shorter one with {option}."),
}


class WholeFile:
    """A file that appears, whole, in its place when it is done; on failure nothing changes.

    All that is written goes to a hidden folder beside the result (on the same disk, so that the
    last step is one rename); leaving the ``with`` block removes that folder, whatever happened.
    """

    encoding: str | None = "utf-8"
    """Of the result; None is binary."""
    option = "-o"
    """The command's option that names the file, for messages."""
    spares_decisions = True
    """Whether a reviewer's workbook is left alone that has the name."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._resources = ExitStack()

    def __enter__(self) -> Self:
        with self._told():
            self._target = _checked_target(self.path, self.option)
            if self.spares_decisions:
                _spare_decisions(self.path, self.option)
            self._folder = Path(tempfile.mkdtemp(prefix=".whatworks-", dir=self._target.parent))
            self._resources.callback(shutil.rmtree, self._folder, ignore_errors=True)
            # Under its own name: one the disk does not take fails now, not after hours.
            self._file = self._open(self._target.name, self.encoding)
            self._begin()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._resources.close()

    def _begin(self) -> None:
        """Opens what a format needs beside ``self._file``; most need nothing."""

    def _put(self) -> None:
        """The last step: what was written takes its place."""
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()
        done = self._folder / self._target.name
        if self._target.exists():
            shutil.copymode(self._target, done)
        done.replace(self._target)

    def _open(self, name: str, encoding: str | None) -> IO[Any]:
        """A new file in the temporary folder, closed with it."""
        path = self._folder / name
        if encoding is None:
            file: IO[Any] = path.open("w+b")
        else:
            # 'replace': names of files may hold bytes that are no text in any encoding.
            file = path.open("w+", encoding=encoding, errors="replace", newline="")
        self._resources.callback(_close_quietly, file)
        return file

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Operating system errors as sentences; after any failure nothing temporary is left."""
        try:
            yield
        except BaseException as error:
            self._resources.close()
            if isinstance(error, OSError):
                raise explain(self.path, error, self.option) from error
            raise


class FileWriter(WholeFile, ABC):
    """The part all result formats share."""

    def write(self, report: ReportSuggestions) -> None:
        """Takes the suggestions for the next report, or the next stretch of a table."""
        with self._told():
            self._add(report)

    def finish(self, skipped: Sequence[SkippedFile]) -> None:
        """Completes the file and puts it in its place. Without this call nothing is written."""
        with self._told():
            self._end(skipped)
            self._put()

    @abstractmethod
    def _add(self, report: ReportSuggestions) -> None: ...

    @abstractmethod
    def _end(self, skipped: Sequence[SkippedFile]) -> None: ...


def explain(path: Path, error: OSError, option: str = "-o") -> WhatworksError:
    """The error as file name, cause and cure; the option is the one that names the file."""
    cause, cure = _CAUSES.get(error.errno or 0, ("", ""))
    if isinstance(error, FileNotFoundError):
        cause = f"There is no folder '{path.parent}'."
        cure = "Create it, or give another place with {option}."
    elif isinstance(error, PermissionError):
        about_the_file = error.filename2 is not None or error.filename == str(path.resolve())
        if about_the_file:
            cause, cure = _OPEN_ELSEWHERE
        else:
            cause = f"You may not write in the folder '{path.parent}'."
            cure = "Give another place with {option}."
    elif not cause:
        cause = f"It cannot be written: {error.strerror or error}."
        cure = "Give another place with {option}."
    kept = "The earlier file is unchanged." if _is_file(path) else "No file was written."
    return WhatworksError(f"{path}: {cause} {cure.format(option=option)} {kept}")


def check_target(path: Path, option: str = "-o") -> None:
    """Says before any work is done where a file cannot come to be in its place.

    Raises:
        WhatworksError: it is a folder, write-protected, a reviewer's workbook, or its folder is
            none that can be written in.
    """
    try:
        target = _checked_target(path, option)
        # Tried, not asked: what a folder's rights say does not hold on every drive.
        with tempfile.TemporaryFile(prefix=".whatworks-", dir=target.parent):
            pass
    except OSError as error:
        raise explain(path, error, option) from error
    _spare_decisions(path, option)


def _spare_decisions(path: Path, option: str) -> None:
    try:
        with zipfile.ZipFile(path) as book:
            is_workbook_of_decisions = f'"{NOTES}"'.encode() in book.read("xl/workbook.xml")
    except (OSError, KeyError, zipfile.BadZipFile):
        # None there, or no workbook.
        return
    if is_workbook_of_decisions:
        raise WhatworksError(
            f"{path}: this is a workbook for a reviewer and may hold decisions. Give another name "
            f"with {option}."
        )


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:
        # Such as a name that is too long: then there is none.
        return False


def _checked_target(path: Path, option: str) -> Path:
    """Where the result goes; raises early, before hours of reading, where it could not."""
    target = path.resolve()
    if target.is_dir():
        raise WhatworksError(f"{path}: This is a folder. Give the name of a file with {option}.")
    if target.exists():
        if not target.is_file():
            raise WhatworksError(
                f"{path}: This is not an ordinary file. Give another with {option}."
            )
        # Opened for change and left alone: fails where it is write-protected or open in Excel.
        with target.open("r+b"):
            pass
    return target


def _close_quietly(file: IO[Any]) -> None:
    """Closes a file that is thrown away; what it still held could not be written anyway."""
    try:
        file.close()
    except OSError:
        # A second failure of the same full disk; the first is being reported.
        return
