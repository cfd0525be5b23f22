"""Work behind the pages: one thing at a time, what somebody waits for before what can wait."""

import heapq
import itertools
import os
import sys
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any, TypeVar

from ...nlp.errors import WhatworksError

Result = TypeVar("Result")

_IDLE_S = 20.0
"""A thread that has nothing to do for so long ends; the next work begins another."""
_MOST_WAITING = 200
_NICE = 5
_FAILED_S = 3.0
"""For so long an error is told to whoever asks for the same; then it is tried again."""


class BusyError(WhatworksError):
    """More is asked for than can be done in a minute or two."""


@dataclass(slots=True)
class _Task:
    future: Future[Any] = field(default_factory=Future)
    failed_at: float | None = None


class Worker:
    """A thread that does what it is asked for, and remembers what came out."""

    def __init__(self, name: str, *, kept: int = 256) -> None:
        """Begins nothing yet.

        Args:
            name: Of the thread.
            kept: How many results are remembered, the last that were asked for.
        """
        self._name = name
        self._most_kept = kept
        self._condition = threading.Condition()
        self._waiting: list[tuple[int, int, _Task, Callable[[], Any]]] = []
        self._count = itertools.count()
        self._kept: OrderedDict[Hashable, _Task] = OrderedDict()
        self._thread: threading.Thread | None = None
        self._is_closed = False

    def ask(
        self, key: Hashable, job: Callable[[], Result], *, urgency: int = 0
    ) -> "Future[Result]":
        """What the job gives, or will give; what was asked for before is not done again.

        What failed is tried again by who asks a few seconds later.

        Args:
            key: Stands for the job.
            job: Is called in the worker's thread.
            urgency: Greater ones are done first.

        Raises:
            BusyError: Too much is waiting, or the worker is closed.
        """
        with self._condition:
            known = self._kept.get(key)
            if known is not None and not _is_over(known):
                self._kept.move_to_end(key)
                return known.future
            if len(self._waiting) >= _MOST_WAITING or self._is_closed:
                raise BusyError("Too much is asked of the model at once. Try again in a minute.")
            made = self._kept[key] = _Task()
            self._kept.move_to_end(key)
            while len(self._kept) > self._most_kept:
                self._kept.popitem(last=False)
            heapq.heappush(self._waiting, (-urgency, next(self._count), made, job))
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name=self._name, daemon=True)
                self._thread.start()
            self._condition.notify()
            return made.future

    def forget(self, key: Hashable) -> None:
        """No longer remembers a result, which may be large."""
        with self._condition:
            self._kept.pop(key, None)

    def close(self, wait_s: float = 20.0) -> None:
        """Lets go of what waits, and waits for what is being done.

        torch does not bear being broken off when Python ends.
        """
        with self._condition:
            self._is_closed = True
            for _, _, task, _ in self._waiting:
                task.future.cancel()
            self._waiting.clear()
            thread = self._thread
            self._condition.notify()
        if thread is not None:
            thread.join(wait_s)

    def _work(self) -> None:
        _step_back()
        while True:
            with self._condition:
                if not self._waiting and not self._is_closed:
                    self._condition.wait(_IDLE_S)
                if not self._waiting:
                    self._thread = None
                    return
                _, _, task, job = heapq.heappop(self._waiting)
            if not task.future.set_running_or_notify_cancel():
                continue
            try:
                result = job()
            except BaseException as error:  # noqa: BLE001 - told to whoever asks
                task.failed_at = time.monotonic()
                task.future.set_exception(error)
            else:
                task.future.set_result(result)
                del result
            # Else they would stay as long as there is nothing else to do.
            del task, job


def _is_over(task: _Task) -> bool:
    """Whether it failed long enough ago to be tried again."""
    return task.failed_at is not None and time.monotonic() - task.failed_at > _FAILED_S


def _step_back() -> None:
    """Lets the threads that answer people go first, where the system does that by thread."""
    if sys.platform == "linux":
        # What it starts, such as torch's own threads, steps back with it.
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _NICE)
