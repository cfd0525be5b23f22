"""Progress bars on standard error: one for the report at hand, one for all."""

import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

from ..nlp.encoders import Progress as OnProgress


class Bars:
    """Draws how far the work is; implements ``models.classify.Watcher``."""

    def __init__(self, progress: Progress, n_files: int) -> None:
        self.progress = progress
        self.overall = progress.add_task("All reports", total=n_files)
        self.current = progress.add_task("", total=None, visible=False)

    def begin_file(self, index: int, path: Path) -> OnProgress:
        """Shows the file's name; its bar runs once its passages are known."""
        name = escape(path.name if len(path.name) <= 40 else path.name[:37] + "...")
        # A new task, not a reset one: that would keep the passages of the file before as its total.
        self.progress.remove_task(self.current)
        self.current = self.progress.add_task(name, total=None)
        self.progress.update(self.overall, completed=index)

        def on_progress(done: int, total: int) -> None:
            self.progress.update(self.current, completed=done, total=total)

        return on_progress

    def end_file(self, index: int) -> None:
        """Moves the overall bar."""
        self.progress.update(self.current, visible=False)
        self.progress.update(self.overall, completed=index + 1)

    @contextmanager
    def paused(self) -> Iterator[None]:
        """Takes the bars off the screen while something is printed on standard output."""
        live = self.progress.live.is_started
        if live:
            self.progress.stop()
        try:
            yield
        finally:
            sys.stdout.flush()
            if live:
                self.progress.start()


@contextmanager
def watching(n_files: int, *, quiet: bool = False) -> Iterator[Bars]:
    """Bars for that many files; none where standard error is no terminal."""
    with _progress(quiet) as progress:
        yield Bars(progress, n_files)


@contextmanager
def counting(what: str, *, quiet: bool = False) -> Iterator[OnProgress]:
    """One bar, moved by what is called with how much is done and how much there is."""
    with _progress(quiet) as progress:
        task = progress.add_task(what, total=None)

        def on_progress(done: int, total: int) -> None:
            progress.update(task, completed=done, total=total)

        yield on_progress


@contextmanager
def stages(
    names: Mapping[str, str], *, quiet: bool = False
) -> Iterator[Callable[[str, int, int], None]]:
    """A bar for each stage of a work, moved by its key, steps done and steps in all."""
    with _progress(quiet) as progress:
        tasks = {key: progress.add_task(name, total=None) for key, name in names.items()}

        def on_step(stage: str, done: int, total: int) -> None:
            progress.update(tasks[stage], completed=done, total=total)

        yield on_step


def _progress(quiet: bool) -> Progress:
    console = Console(stderr=True)
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
        console=console,
        transient=True,
        disable=quiet or not console.is_terminal,
    )
