"""Saves what people decide at the same moment together: one transaction instead of one for each."""

import threading
import time
from concurrent.futures import Future

from ...labels.store.batch import Recorded
from ...labels.store.database import Store
from ...labels.store.sent import Sent, record_all_sent
from ...labels.store.worklists import Worklist
from ...nlp.errors import WhatworksError

_Waiting = tuple[Sent, "Future[Recorded]"]
_BUSY_S = 0.1
"""Where the last was written so short a time ago, many people are deciding."""
_GATHERS_S = 0.03
"""Then so much is waited for others: to write one by one would keep all waiting longer."""


class Recorder:
    """Group commit: whoever's turn it is to write, writes for all who came meanwhile.

    With one reviewer a decision is written at once. With a hundred, those who would wait for
    each other share a transaction, its reading and its writing to the disk (DeWitt et al. 1984,
    'Implementation techniques for main memory database systems').
    """

    def __init__(self, store: Store, worklist: Worklist) -> None:
        self._store = store
        self._worklist = worklist
        self._turn = threading.Lock()
        self._lock = threading.Lock()
        self._waiting: list[_Waiting] = []
        self._wrote_at = -_BUSY_S

    def record(self, sent: Sent) -> Recorded:
        """Adds what a screen sent to the log; when it returns, it is saved.

        Raises:
            DecidedMeanwhileError: the screen did not know this annotator's last decision.
            WhatworksError: it cannot be recorded; the text says why, and nothing of it was.
        """
        answer: Future[Recorded] = Future()
        with self._lock:
            self._waiting.append((sent, answer))
        with self._turn:
            # Who wrote before may have written this, too.
            if not answer.done():
                if time.monotonic() - self._wrote_at < _BUSY_S:
                    time.sleep(_GATHERS_S)
                with self._lock:
                    together, self._waiting = self._waiting, []
                self._write(together)
                self._wrote_at = time.monotonic()
        return answer.result()

    def _write(self, together: list[_Waiting]) -> None:
        try:
            outcomes = record_all_sent(self._store, [sent for sent, _ in together])
            self._worklist.take([one for one in outcomes if isinstance(one, Recorded)])
        except BaseException as error:  # noqa: BLE001 - told to everybody who waits
            for _, answer in together:
                answer.set_exception(error)
            return
        for (_, answer), outcome in zip(together, outcomes, strict=True):
            if isinstance(outcome, WhatworksError):
                answer.set_exception(outcome)
            else:
                answer.set_result(outcome)
