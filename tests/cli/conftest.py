"""Reports to classify, and the command with the tiny model."""

import os
import shutil
from pathlib import Path

import pytest

from tests.command import Ran, Run, text_report


@pytest.fixture
def report(tmp_path: Path) -> Path:
    """A sound report of three passages."""
    return text_report(tmp_path / "sound.txt")


@pytest.fixture
def classify(run: Run, tiny_model: Path) -> Run:
    """``whatworks classify`` with the tiny model, in this process."""

    def call(*arguments: object, stdin: bytes | None = None) -> Ran:
        return run("classify", *arguments, "--model", tiny_model, stdin=stdin)

    return call


@pytest.fixture
def classify_apart(run_apart: Run, tiny_model: Path) -> Run:
    """The same in a process of its own."""

    def call(*arguments: object, **more: object) -> Ran:
        return run_apart("classify", *arguments, "--model", tiny_model, **more)

    return call


@pytest.fixture
def as_user() -> tuple[str, ...]:
    """What to put before a command so that permissions hold for it, for root too."""
    if os.geteuid() != 0:
        return ()
    if shutil.which("setpriv") is None:
        pytest.skip("root may do everything, and setpriv, which could forbid it, is missing")
    return ("setpriv", "--bounding-set=-dac_override,-dac_read_search")
