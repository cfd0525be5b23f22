"""The file ``codebook.yaml`` of a project, brought up to a version that was applied elsewhere."""

import os
from enum import StrEnum
from pathlib import Path


class FileState(StrEnum):
    """How the file stands to the version that holds."""

    SAME = "same"
    """It holds just this text."""
    WRITTEN = "written"
    """It held the version before, and was brought up to this one."""
    DIFFERS = "differs"
    """Somebody changed it: it was left as it is."""
    FAILED = "failed"
    """It could not be read or written."""


def bring_up(file: Path, before: str, now: str) -> FileState:
    """Writes the version that holds now to the file that held the one before, whole or not at all.

    Args:
        file: The project's ``codebook.yaml``.
        before: The text of the version before.
        now: The text of the version that holds.
    """
    try:
        state = state_of(file, now)
        if state is not FileState.DIFFERS or not _is_same(file.read_text("utf-8-sig"), before):
            return state
        write_whole(file, now)
    except (OSError, UnicodeDecodeError):
        return FileState.FAILED
    return FileState.WRITTEN


def write_whole(file: Path, text: str) -> None:
    """Puts another text into a file that is there, whole or not at all; raises OSError."""
    new = file.with_name(f".{file.name}.{os.getpid()}.new")
    try:
        with new.open("w", encoding="utf-8", newline="\n") as out:
            out.write(text)
            out.flush()
            os.fsync(out.fileno())
        new.chmod(file.stat().st_mode)
        new.replace(file)
    finally:
        new.unlink(missing_ok=True)


def state_of(file: Path, now: str) -> FileState:
    """How the file stands to the version that holds; nothing is written."""
    try:
        text = file.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError):
        return FileState.FAILED
    return FileState.SAME if _is_same(text, now) else FileState.DIFFERS


def _is_same(one: str, other: str) -> bool:
    """Whether they differ at most in how their last line ends."""
    return one.rstrip("\n") == other.rstrip("\n")
