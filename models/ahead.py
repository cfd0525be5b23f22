"""Reading reports ahead of the model, in processes of their own."""

import signal
from collections import deque
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from functools import partial
from multiprocessing import active_children, get_context
from pathlib import Path

from ..nlp.errors import UnreadableReportError
from ..nlp.reading import ReadReport, read_report


def read_ahead(
    reports: Sequence[tuple[Path, str]], language: str | None, cache: Path | None, jobs: int
) -> Generator[Callable[[], ReadReport], None, None]:
    """For each report in order, a call that returns it or raises what its reading raised.

    Args:
        reports: path and report id of each.
        language: of all of them, instead of detecting it.
        cache: a folder for what was read.
        jobs: processes; with 1 the call itself reads. At most twice as many reports are held.
    """
    read = partial(read_report, language=language, cache=cache)
    if jobs <= 1 or len(reports) <= 1:
        for path, name in reports:
            yield partial(read, path, name=name)
        return
    waiting = iter(reports)
    ahead: deque[tuple[Path, Future[ReadReport]]] = deque()
    others = set(active_children())
    # Spawned, not forked: torch's threads do not survive a fork.
    pool = ProcessPoolExecutor(
        min(jobs, len(reports)), mp_context=get_context("spawn"), initializer=_ignore_interrupts
    )

    def fill() -> None:
        while len(ahead) < 2 * jobs and (one := next(waiting, None)) is not None:
            path, name = one
            with _interrupts_held():
                ahead.append((path, pool.submit(read, path, name=name)))

    try:
        fill()
        while ahead:
            yield partial(_result, *ahead[0])
            ahead.popleft()
            fill()
    finally:
        # Broken off: nobody waits for a long report that is still being read.
        if not all(future.done() for _, future in ahead):
            for process in set(active_children()) - others:
                process.terminate()
        pool.shutdown(cancel_futures=True)


def _result(path: Path, future: "Future[ReadReport]") -> ReadReport:
    try:
        return future.result()
    except BrokenProcessPool as error:
        raise UnreadableReportError(
            path,
            "The process that read it was ended, perhaps for want of memory.",
            "Try again with --jobs 1.",
        ) from error


def _ignore_interrupts() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)


@contextmanager
def _interrupts_held() -> Iterator[None]:
    """For processes begun here: they inherit that Ctrl-C, which reaches them too, is held back,
    and print no tracebacks. What is held back from this process comes afterwards.
    """
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
