"""Which passages are alike: their vectors held in memory, compared by cosine."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum
from itertools import islice
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection

from ..labels.store.passages import current_texts
from ..nlp.encoders import Encoder
from ..nlp.locations import cache_folder
from ..nlp.passages import PassageId
from ..nlp.vectors import VectorCache
from .heads import Array
from .suggester import passage_text

Places = NDArray[np.int32]

MOST_NEAR = 100
"""How many passages a search by meaning gives: everything is near to everything by some measure."""
_ROWS = 1024
"""Half precision is widened for this many rows at once: they stay in the processor's cache."""
_LOOKED_UP = 2000
_SAMPLE = 300


class Nearness(IntEnum):
    """How alike two passages are, beside how alike any two passages of the project are."""

    LITTLE = 0
    SOME = 1
    """Closer than two passages picked at random by a standard deviation: with the starter model
    1 of 6 pairs are."""
    CLOSE = 2
    """By one and three quarters: 1 of 17."""
    VERY = 3
    """By two and a half: 1 of 100."""


_STEPS = (1.0, 1.75, 2.5)


@dataclass(frozen=True, slots=True)
class Usual:
    """The similarity of two passages picked at random; encoders differ much in it."""

    mean: float
    deviation: float

    def nearness(self, similarity: float) -> Nearness:
        """What a similarity means beside it."""
        return Nearness(sum(similarity >= self.mean + step * self.deviation for step in _STEPS))


# Measured with the starter model on its sample reports, for projects with too few passages.
_USUAL = Usual(0.2, 0.2)
_FEWEST = 10


@dataclass(frozen=True, slots=True)
class Near:
    """A passage that is near to something."""

    place: int
    """Among the passages that vectors are held of."""
    similarity: float
    """The cosine, at most 1."""


class PassageVectors:
    """The unit vectors of passages in half precision; of some they may still be missing.

    One thread may fill it while others read.
    """

    def __init__(self, ids: Sequence[PassageId]) -> None:
        """Knows no vector yet.

        Args:
            ids: The passages; places are places in this list.
        """
        self.ids = ids
        self.at = {one: place for place, one in enumerate(ids)}
        self.is_known: NDArray[np.bool_] = np.zeros(len(ids), np.bool_)
        self._rows: NDArray[np.float16] = np.zeros((0, 0), np.float16)

    def __len__(self) -> int:
        """How many passages there are."""
        return len(self.ids)

    @property
    def missing(self) -> Places:
        """The places without a vector."""
        return np.flatnonzero(~self.is_known).astype(np.int32)

    def put(self, places: Sequence[int] | Places, vectors: NDArray[np.floating[Any]]) -> None:
        """Takes vectors, (n_places, dim), for these places."""
        if not len(places):
            return
        if not self._rows.size:
            self._rows = np.zeros((len(self), vectors.shape[1]), np.float16)
        self._rows[places] = vectors
        # Last, so that nobody reads a row that is half written.
        self.is_known[places] = True

    def take_over(self, other: "PassageVectors") -> None:
        """Takes the vectors that another one has of the same passages."""
        shared = [
            (self.at[other.ids[place]], place)
            for place in map(int, np.flatnonzero(other.is_known))
            if other.ids[place] in self.at
        ]
        if shared:
            here, there = map(list, zip(*shared, strict=True))
            self.put(here, other._rows[there])

    def vector(self, place: int) -> Array | None:
        """The vector of a passage, None where it is missing."""
        return self._rows[place].astype(np.float32) if self.is_known[place] else None

    def similarities(self, vector: Array, places: Places | None = None) -> Array:
        """The cosine of a unit vector with those of these passages, or of all; -1 if missing."""
        wanted = np.arange(len(self), dtype=np.int32) if places is None else places
        found = np.full(len(wanted), -1, np.float32)
        if not self._rows.size:
            return found
        for start in range(0, len(wanted), _ROWS):
            some = wanted[start : start + _ROWS]
            rows = self._rows[start : start + _ROWS] if places is None else self._rows[some]
            near = rows.astype(np.float32) @ vector
            found[start : start + _ROWS] = np.where(self.is_known[some], near, -1)
        return found

    def nearest(self, vector: Array, count: int, places: Places) -> list[Near]:
        """The nearest of these passages, the nearest first; those of like vectors in order."""
        known = places[self.is_known[places]]
        found = self.similarities(vector, known)
        best = np.argsort(-found, kind="stable")[:count]
        return [Near(int(known[n]), min(1.0, float(found[n]))) for n in best]

    def by_nearness(self, vector: Array) -> Places:
        """The places of all passages, the nearest to a unit vector first, unread ones last."""
        return np.argsort(-self.similarities(vector), kind="stable").astype(np.int32)

    def usual(self) -> Usual:
        """How alike passages of this project are, from all pairs of 300 of them."""
        known = np.flatnonzero(self.is_known)
        if len(known) < _FEWEST:
            return _USUAL
        # The same ones each time: what is called near must not change from page to page.
        sample = known[np.linspace(0, len(known) - 1, min(_SAMPLE, len(known))).astype(np.int64)]
        rows = self._rows[sample].astype(np.float32)
        pairs = (rows @ rows.T)[np.triu_indices(len(rows), 1)]
        return Usual(float(pairs.mean()), max(float(pairs.std()), 1e-3))


def stored_vectors(
    connection: Connection,
    ids: Sequence[PassageId],
    encoder: Encoder,
    earlier: PassageVectors | None = None,
) -> PassageVectors:
    """The vectors of current passages, as far as they were encoded before, on this computer.

    Args:
        connection: A reading one.
        ids: Which passages.
        encoder: Whose vectors.
        earlier: Those that it has already are taken from it.
    """
    found = PassageVectors(ids)
    if earlier is not None:
        found.take_over(earlier)
    texts = ((one.id, passage_text(one)) for one in current_texts(connection))
    take_stored(found, texts, VectorCache(cache_folder() / "vectors.sqlite"), encoder.fingerprint)
    return found


def take_stored(
    vectors: PassageVectors,
    texts: Iterable[tuple[PassageId, str]],
    cache: VectorCache,
    encoder: str,
) -> None:
    """Takes the vectors that were kept when the passages were encoded before.

    Args:
        vectors: Those that it has already are not looked up.
        texts: Passages with what the encoder reads of them.
        cache: Where vectors are kept.
        encoder: Its fingerprint.
    """
    left = (
        (vectors.at[one], text)
        for one, text in texts
        if one in vectors.at and not vectors.is_known[vectors.at[one]]
    )
    while some := list(islice(left, _LOOKED_UP)):
        found = cache.find(encoder, [text for _, text in some])
        known = [(place, found[text]) for place, text in some if text in found]
        if known:
            vectors.put([place for place, _ in known], np.stack([row for _, row in known]))
