"""The bars on a terminal: which file is at work, and nothing left of them in the end."""

import io
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from rich.console import Console
from rich.progress import Progress

from tests.command import text_report
from whatworks.cli.progress import Bars, watching


def bars(n_files: int) -> Bars:
    console = Console(file=io.StringIO(), force_terminal=True, width=100)
    return Bars(Progress(console=console, disable=True), n_files)


def shown(bars: Bars) -> dict[str, tuple[float, float | None]]:
    return {t.description: (t.completed, t.total) for t in bars.progress.tasks if t.visible}


def test_there_is_a_bar_for_the_file_and_one_for_all() -> None:
    both = bars(2)
    assert shown(both) == {"All reports": (0, 2)}
    on_progress = both.begin_file(0, Path("deep/a.pdf"))
    assert shown(both) == {"All reports": (0, 2), "a.pdf": (0, None)}
    on_progress(30, 70)
    assert shown(both) == {"All reports": (0, 2), "a.pdf": (30, 70)}
    both.end_file(0)
    assert shown(both) == {"All reports": (1, 2)}
    both.begin_file(1, Path("b.pdf"))
    # Nothing of the file before is left.
    assert shown(both) == {"All reports": (1, 2), "b.pdf": (0, None)}


def test_long_and_odd_names_do_no_harm() -> None:
    both = bars(1)
    both.begin_file(0, Path(f"[red]{'x' * 80}.pdf"))
    (name,) = set(shown(both)) - {"All reports"}
    assert name == "\\[red]" + "x" * 32 + "..."


def test_without_a_terminal_nothing_is_drawn(capsys: pytest.CaptureFixture[str]) -> None:
    with watching(1) as both:
        both.begin_file(0, Path("a.pdf"))(1, 2)
        with both.paused():
            sys.stdout.write("a result\n")
        both.end_file(0)
    assert capsys.readouterr() == ("a result\n", "")


@pytest.mark.slow
def test_on_a_terminal_the_bars_vanish_and_leave_results_whole(
    tiny_model: Path, tmp_path: Path
) -> None:
    import pty

    for name in ("first.txt", "second.txt"):
        text_report(tmp_path / "in" / name)
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "whatworks", "classify", tmp_path / "in", "--model", tiny_model,
         "-o", tmp_path / "r.csv"],
        stdout=subprocess.PIPE, stderr=theirs, text=True, env={**os.environ, "TERM": "xterm"},
    )  # fmt: skip
    os.close(theirs)
    drawn = b""
    try:
        while part := os.read(ours, 65536):
            drawn += part
    except OSError:
        pass  # how a terminal says that nobody writes to it any more
    out, _ = process.communicate(timeout=60)
    os.close(ours)
    assert process.returncode == 0
    assert "\x1b" not in out
    assert out.count("3 passages") == 2
    text = drawn.decode()
    assert "All reports" in text
    assert text.index("first.txt") < text.index("second.txt")
    # The cursor is shown again, the lines of the bars are erased, then the last message stands.
    end = text[text.rindex("\x1b[?25h") :]
    assert end.count("\x1b[2K") >= 1
    plain = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", end).split()
    assert plain == ["Wrote", f"{tmp_path}/r.csv"]
