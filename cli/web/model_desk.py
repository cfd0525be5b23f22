"""The project's model behind the pages: vectors, queries, and the words that weighed most.

All that it takes the encoder for is done by one worker, one thing after another. torch is loaded
with the first thing that needs it.
"""

import threading
from collections.abc import Iterable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, replace

from ...labels.lots import Readers
from ...labels.project import Project
from ...labels.settings import read_settings
from ...labels.store.codebooks import StoredCodebook, current_codebook
from ...labels.store.passages import passages_of
from ...labels.store.suggestions import find_model_version
from ...models.heads import Array
from ...models.known_codes import KnownCodes, known_codes
from ...models.nearest import PassageVectors, stored_vectors
from ...models.prelabel import ModelInfo, model_info
from ...models.suggester import EncoderSuggester, passage_text
from ...models.why import Weighed, weigh_words
from ...nlp.passages import Passage, PassageId
from ...training.next_round import Made, ModelAtWork, Wanted, make_next_round
from ..prelabel import project_suggester
from ..round_learning import Learned, learn
from .worker import Worker

_ASKED, _SOON, _LATER = 2, 1, 0
_AT_ONCE = 16
"""Passages that are encoded before somebody who waits has a turn again."""


@dataclass(frozen=True, slots=True)
class Explained:
    """What a suggestion rests on."""

    model: str
    """The one at work, by name."""
    weighed: Weighed | None
    """None where another model made the suggestion: this one cannot speak for it."""


@dataclass(frozen=True, slots=True)
class _Loaded:
    suggester: EncoderSuggester
    known: KnownCodes
    info: ModelInfo
    codebook_version: int


class ModelDesk:
    """Answers with what is known, or with a future of it; nobody waits for it unasked."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self._worker = Worker("model")
        self._lock = threading.Lock()
        self._loaded: _Loaded | None = None
        self._ids: Sequence[PassageId] = ()
        self._vectors = PassageVectors(())
        self._gathered = 0
        self._wanted: dict[PassageId, None] = {}
        self._filling: Future[None] | None = None
        self._filled = 0
        self._asked = 0

    def close(self) -> None:
        """Stops working."""
        self._worker.close()

    def explain(
        self, codebook: StoredCodebook, passage: Passage, fingerprint: str
    ) -> "Future[Explained]":
        """The words that a suggestion rests on.

        Args:
            codebook: The project's.
            passage: The passage.
            fingerprint: Of the model that made the suggestion.
        """

        def job() -> Explained:
            loaded = self._load()
            if loaded.info.fingerprint != fingerprint:
                return Explained(loaded.info.name, None)
            weighed = weigh_words(loaded.suggester, passage)
            return Explained(loaded.info.name, weighed.translated(loaded.known))

        key = ("why", passage.id, codebook.number, fingerprint)
        return self._worker.ask(key, job, urgency=_ASKED)

    def query(self, text: str) -> "Future[Array]":
        """The vector of what is searched for."""

        def job() -> Array:
            vector: Array = self._load().suggester.encoder.encode([text])[0]
            return vector

        return self._worker.ask(("query", text), job, urgency=_ASKED)

    def vectors(self, ids: Sequence[PassageId]) -> "Future[PassageVectors]":
        """The vectors of these passages, as far as they were encoded before.

        Args:
            ids: All current passages: the list of the worklist.
        """
        with self._lock:
            if not (ids is self._ids or ids == self._ids):
                self._worker.forget(("vectors", self._gathered))
                self._gathered += 1
            self._ids = ids
            key = ("vectors", self._gathered)
            return self._worker.ask(key, lambda: self._gather(ids), urgency=_ASKED)

    def fill(self, ids: Iterable[PassageId], *, soon: bool = False) -> None:
        """Has these passages encoded in the background, where their vectors are missing.

        Args:
            ids: Current passages.
            soon: Whether somebody waits for them: they come before the others.

        Raises:
            WhatworksError: The encoder cannot be loaded, as it turned out the last time.
        """
        with self._lock:
            wanted = dict.fromkeys(ids)
            self._wanted = {**wanted, **self._wanted} if soon else {**self._wanted, **wanted}
            filling = self._filling
            if filling is not None and not filling.done():
                return
            self._filling = None
            if self._wanted:
                self._ask_to_fill(_SOON if soon else _LATER)
        if filling is not None:
            filling.result()

    def make_round(
        self, wanted: Wanted, by: str, names: Sequence[str], readers: Readers
    ) -> "Future[Made]":
        """A round of the passages that a strategy chooses by this model, dealt out.

        Args:
            wanted: Which.
            by: Who makes it.
            names: Who is to read.
            readers: How many read each passage.
        """

        def job() -> Made:
            loaded, store = self._load(), self._project.store
            version = find_model_version(store, loaded.info.fingerprint)
            model = ModelAtWork(
                loaded.suggester.encoder, loaded.info.name, version.id if version else 0
            )
            return make_next_round(store, model, wanted, by, names, readers)

        return self._worker.ask(self._once("round"), job, urgency=_ASKED)

    def learn(self) -> "Future[Learned]":
        """Lets the model learn from what is confirmed; it suggests anew, and is asked from then."""

        def job() -> Learned:
            learned = learn(self._project, project_suggester)
            self._project = replace(
                self._project, settings=read_settings(self._project.settings_file)
            )
            self._loaded = None
            return learned

        return self._worker.ask(self._once("learn"), job, urgency=_ASKED)

    def _once(self, what: str) -> tuple[str, int]:
        """A key of what is done anew each time."""
        with self._lock:
            self._asked += 1
            return what, self._asked

    def _load(self) -> _Loaded:
        """The model with the present codebook; only the worker calls it."""
        with self._project.store.reading() as connection:
            codebook = current_codebook(connection)
        loaded = self._loaded
        if loaded is not None and loaded.codebook_version == codebook.number:
            return loaded
        if loaded is None:
            suggester, known = project_suggester(self._project, codebook.codebook, quiet=True)
        else:
            # A codebook that is foreign to it uses less of it than the next one may.
            model = loaded.suggester.whole
            known = known_codes(codebook.codebook, model.heads.finding_types, model.heads.themes)
            suggester = EncoderSuggester(model, loaded.suggester.encoder, known.codebook)
        info = model_info(suggester.model, suggester.encoder.name)
        self._loaded = _Loaded(suggester, known, info, codebook.number)
        return self._loaded

    def _gather(self, ids: Sequence[PassageId]) -> PassageVectors:
        encoder = self._load().suggester.encoder
        with self._project.store.reading() as connection:
            self._vectors = stored_vectors(connection, ids, encoder, self._vectors)
        return self._vectors

    def _ask_to_fill(self, urgency: int) -> None:
        self._filled += 1
        self._filling = self._worker.ask(("fill", self._filled), self._fill, urgency=urgency)

    def _fill(self) -> None:
        with self._lock:
            vectors = self._vectors
            missing = [one for one in self._wanted if _is_missing(vectors, one)]
            some = missing[:_AT_ONCE]
            self._wanted = dict.fromkeys(missing[_AT_ONCE:])
        if some:
            with self._project.store.reading() as connection:
                passages = passages_of(connection, some)
            texts = [passage_text(passages[one]) for one in some]
            found = self._load().suggester.encoder.encode(texts)
            vectors.put([vectors.at[one] for one in some], found)
        with self._lock:
            if self._wanted:
                self._ask_to_fill(_LATER)


def _is_missing(vectors: PassageVectors, one: PassageId) -> bool:
    place = vectors.at.get(one)
    return place is not None and not vectors.is_known[place]
