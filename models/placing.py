"""Folders that appear under their name when they are whole, whatever ends the process before."""

import logging
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

DRAFT = ".new-"
"""Begins the name of a folder that is not whole yet: no model is looked for in it."""
_A_DAY = 86_400
_log = logging.getLogger(__name__)


@contextmanager
def draft_in(folder: Path) -> Iterator[Path]:
    """An empty folder to write into, beside those that are whole; gone in the end.

    Raises:
        OSError: it cannot be made.
    """
    draft = Path(tempfile.mkdtemp(prefix=DRAFT, dir=folder))
    try:
        yield draft
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def put_in_place(draft: Path, target: Path) -> None:
    """Gives a draft its name. What is in it is on the disk before the name is.

    Raises:
        OSError: there is something of that name, or it cannot be written.
    """
    # A rename would take the place of an empty folder.
    if os.path.lexists(target):
        raise FileExistsError(17, "there is something of that name already", str(target))
    for part in (draft, *draft.rglob("*")):
        # Some libraries write for the owner alone; a model is for everyone in the office.
        part.chmod(0o755 if part.is_dir() else 0o644)
        if part.is_file():
            with part.open("r+b") as file:
                os.fsync(file.fileno())
    draft.rename(target)


@contextmanager
def claimed(folder: Path) -> Iterator[None]:
    """Keeps a folder, which is made where it is missing, for one process; no other waits for it.

    Where folders cannot be locked (Windows, some network drives) nobody is kept out.

    Raises:
        BlockingIOError: another process has it.
        OSError: the folder cannot be made or looked into.
    """
    folder.mkdir(exist_ok=True)
    with _locked(folder, waits=False):
        yield


@contextmanager
def alone_in(folder: Path) -> Iterator[None]:
    """Lets one process at a time put models into a folder, which is made where it is missing.

    Another process waits until this one is done or dead. Drafts found then belong to nobody: they
    were left when a process was killed, and are removed. Where a folder cannot be locked (Windows,
    some network drives) only those of yesterday are.

    Raises:
        OSError: the folder cannot be made or looked into.
    """
    folder.mkdir(exist_ok=True)
    with _locked(folder, waits=True) as is_locked:
        # Where there are no locks, drafts of others are told by their age.
        _remove_drafts(folder, 0 if is_locked else _A_DAY)
        yield


@contextmanager
def _locked(folder: Path, *, waits: bool) -> Iterator[bool]:
    """Whether the folder could be locked; raises BlockingIOError where another process has it, and
    nobody waits.
    """
    if sys.platform == "win32":
        yield False
        return
    import fcntl

    handle = os.open(folder, os.O_RDONLY)
    try:
        is_locked = True
        try:
            fcntl.flock(handle, fcntl.LOCK_EX if waits else fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise
        except OSError as error:
            _log.info("%s cannot be locked: %s", folder, error)
            is_locked = False
        yield is_locked
    finally:
        os.close(handle)


def _remove_drafts(folder: Path, age_s: int) -> None:
    for draft in folder.glob(f"{DRAFT}*"):
        if time.time() - draft.stat().st_mtime >= age_s:
            shutil.rmtree(draft)
