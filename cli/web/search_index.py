"""Search over all current passages, by words and by meaning, from what is held in memory."""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Sequence
from concurrent.futures import Future

import numpy as np
from sqlalchemy import Connection

from ...labels.store.database import Store
from ...labels.store.indexed_words import IndexedWords, indexed_words
from ...labels.store.worklists import Standing
from ...labels.worklist import By, Found, Ints, Passages, Queue, View
from ...models.heads import Array
from ...models.nearest import MOST_NEAR, PassageVectors
from ...nlp.errors import WhatworksError
from ...nlp.passages import PassageId
from ...nlp.words import read_query
from .model_desk import ModelDesk
from .worker import Result, Worker

_FEW = 64
"""Passages that are worth waiting for until their vectors are there, too."""
_REMEMBERED = 16
"""Searches whose results are kept: a queue asks for them at every step."""


class NotReadyError(WhatworksError):
    """What is searched is still being read, or the encoder loaded."""

    def __init__(self) -> None:
        super().__init__(
            "The search is still being made ready. Wait a little on the search page, then open "
            "this address again."
        )


class SearchIndex:
    """What can be searched; it follows the reports that are added, and knows no decision."""

    def __init__(self, store: Store, desk: ModelDesk) -> None:
        """Reads nothing yet.

        Args:
            store: The project's.
            desk: Knows the vectors.
        """
        self._store = store
        self._desk = desk
        self._worker = Worker("search", kept=1)
        self._lock = threading.Lock()
        self._ids: Sequence[PassageId] = ()
        self._count = 0
        self._found: OrderedDict[tuple[By, str], Ints] = OrderedDict()
        self._searched: dict[By, tuple[object, int]] = {}

    def close(self) -> None:
        """Stops reading."""
        self._worker.close()

    def prepare(self, passages: Passages, by: By) -> None:
        """Begins to read what a search of this kind will need."""
        if by is By.WORDS:
            self._words(passages.ids)
        else:
            self._desk.vectors(passages.ids)
            # The encoder is loaded with the first text, which may as well be none.
            self._desk.query("")

    def found(self, passages: Passages, view: View, *, wait_s: float) -> Found:
        """What the view searches for.

        Args:
            passages: All current ones.
            view: One with words.
            wait_s: How long to wait for what is not ready.

        Raises:
            NotReadyError: It takes longer.
            WhatworksError: The encoder cannot be loaded.
        """
        if view.by is By.WORDS:
            return Found(self._by_words(passages, view.words, wait_s))
        return Found(self._by_meaning(passages, view.words, wait_s), MOST_NEAR)

    def queue(
        self,
        connection: Connection,
        standing: Standing,
        view: View,
        *,
        wait_s: float = 15.0,
        or_all: bool = False,
    ) -> Queue:
        """The queue of a view, whether it searches or not; raises as ``found`` does.

        Args:
            connection: The one that the standing was worked out on.
            standing: Of who goes through it.
            view: Which passages.
            wait_s: How long to wait for what is not ready.
            or_all: Whether to leave the search out where it cannot be done.
        """
        if not view.words:
            return standing.queue(connection, view)
        try:
            found = self.found(standing.passages, view, wait_s=wait_s)
        except WhatworksError:
            if not or_all:
                raise
            found = None
        return standing.queue(connection, view, found)

    def unread(self, passages: Passages) -> int:
        """How many passages have no vector yet, so that no search by meaning finds them."""
        known = self._desk.vectors(passages.ids)
        return len(known.result().missing) if known.done() else 0

    def _by_words(self, passages: Passages, words: str, wait_s: float) -> Ints:
        read = _result(self._words(passages.ids), wait_s)

        def find() -> Ints:
            places: Ints = read.index.find(read_query(words))
            return places

        places = self._once(By.WORDS, words, (read, 0), find)
        if read.ids is passages.ids or read.ids == passages.ids:
            return places
        # Something was added in between; the next search reads it.
        at = (passages.at.get(read.ids[place]) for place in places)
        return np.array([place for place in at if place is not None], np.int32)

    def _by_meaning(self, passages: Passages, words: str, wait_s: float) -> Ints:
        until = time.monotonic() + wait_s
        vector, vectors = self._ready(passages, words, wait_s)
        missing = vectors.missing
        if len(missing):
            self._desk.fill([passages.ids[place] for place in missing])
        while 0 < len(missing) <= _FEW or len(missing) == len(vectors) > 0:
            # Soon there, or nothing is there yet.
            if time.monotonic() > until:
                if len(missing) == len(vectors):
                    raise NotReadyError
                break
            time.sleep(0.05)
            missing = vectors.missing

        def nearest() -> Ints:
            # What is encoded from now on is found the next time.
            return vectors.by_nearness(vector)[: len(vectors) - len(missing)]

        return self._once(By.MEANING, words, (vectors, len(missing)), nearest)

    def _ready(self, passages: Passages, words: str, wait_s: float) -> tuple[Array, PassageVectors]:
        """The vector of what is searched for, and those of the passages."""
        query, vectors = self._desk.query(words), self._desk.vectors(passages.ids)
        begun = time.monotonic()
        vector = _result(query, wait_s)
        return vector, _result(vectors, max(0.0, wait_s - (time.monotonic() - begun)))

    def _words(self, ids: Sequence[PassageId]) -> "Future[IndexedWords]":
        with self._lock:
            if not (ids is self._ids or ids == self._ids):
                self._count += 1
            self._ids = ids
            return self._worker.ask(("words", self._count), self._read)

    def _read(self) -> IndexedWords:
        with self._store.reading() as connection:
            return indexed_words(connection)

    def _once(
        self, by: By, words: str, searched: tuple[object, int], find: Callable[[], Ints]
    ) -> Ints:
        """What was found for the same words, as long as nothing that is searched has changed."""
        key = (by, words)
        with self._lock:
            was = self._searched.get(by)
            if was is None or was[0] is not searched[0] or was[1] != searched[1]:
                self._searched[by] = searched
                for one in [one for one in self._found if one[0] is by]:
                    del self._found[one]
            if key in self._found:
                self._found.move_to_end(key)
                return self._found[key]
        places = find()
        with self._lock:
            if self._searched[by][0] is searched[0]:
                self._found[key] = places
            while len(self._found) > _REMEMBERED:
                self._found.popitem(last=False)
        return places


def _result(future: "Future[Result]", wait_s: float) -> Result:
    try:
        return future.result(wait_s)
    except TimeoutError as error:
        raise NotReadyError from error
