"""Plain vectors: those of the encoder as it was before it was tuned.

Tuning has the encoder keep what the starter's finding types and themes need, and forget other
things. What an office's people mean is learned from the plain vectors, which have them still:
docs/decisions/0023-plain-vectors.md.
"""

from collections.abc import Sequence

import numpy as np

from ..nlp.cached import CachedEncoder, encode_both, uncached
from ..nlp.encoders import Encoder, Progress, SentenceEncoder
from .folder import Model
from .heads import Array


class VectorReader:
    """Reads a model's vectors of texts, and the plain ones where they are wanted."""

    def __init__(self, encoder: Encoder, untuned: Encoder, mean: Array | None) -> None:
        """Joins two encoders; nothing is encoded yet.

        Args:
            encoder: The model's own.
            untuned: The same as it was before it was tuned; the same again where it never was.
            mean: (dim,): the mean plain vector of many passages; None where nobody knows it.
        """
        self.encoder = encoder
        self.untuned = untuned
        self.mean = mean

    @property
    def is_tuned(self) -> bool:
        """Whether the plain vectors are others than the encoder's own."""
        return self.untuned is not self.encoder

    def read(
        self,
        texts: Sequence[str],
        *,
        with_plain: bool,
        keep: bool = True,
        on_progress: Progress | None = None,
    ) -> tuple[Array, Array | None]:
        """The encoder's own unit vectors and the plain ones, each (n_texts, dim).

        Args:
            texts: What the model reads of passages.
            with_plain: Without it there are none, which takes less time.
            keep: Whether vectors that have to be made are kept for the next time.
            on_progress: Told as texts get their vectors.
        """
        own, untuned = (one if keep else uncached(one) for one in (self.encoder, self.untuned))
        if with_plain and self.is_tuned:
            vectors, before = encode_both(own, untuned, texts, on_progress=on_progress)
            return vectors, self._apart(before)
        vectors = own.encode(texts, on_progress=on_progress)
        return vectors, self._apart(vectors) if with_plain else None

    def plain(self, texts: Sequence[str]) -> Array:
        """The plain vectors alone, (n_texts, dim)."""
        return self._apart(self.untuned.encode(texts))

    def _apart(self, vectors: Array) -> Array:
        """What sets texts apart: all have much in common (Mu & Viswanath 2018)."""
        if self.mean is None or not len(vectors):
            return vectors
        apart = vectors - self.mean
        return np.asarray(
            apart / np.maximum(np.linalg.norm(apart, axis=1, keepdims=True), 1e-6), np.float32
        )


def vector_reader(model: Model, encoder: Encoder) -> VectorReader:
    """For a model and its encoder.

    The encoder as it was before shares the cache, and is loaded when the first text needs it.
    """
    if not model.is_tuned:
        return VectorReader(encoder, encoder, model.heads.mean)
    untuned: Encoder = SentenceEncoder(model.untuned)
    if isinstance(encoder, CachedEncoder):
        untuned = CachedEncoder(untuned, encoder.cache)
    return VectorReader(encoder, untuned, model.heads.mean)
