"""Encoders that ask for no text twice."""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from .encoders import Array, Encoder, Progress, SentenceEncoder
from .vectors import VectorCache

_Known = dict[str, NDArray[np.float16]]
_STRETCH = 512


class CachedEncoder:
    """An encoder that asks for no text twice: what was encoded before comes from the cache."""

    def __init__(self, encoder: Encoder, cache: VectorCache) -> None:
        self.encoder = encoder
        self.cache = cache
        self.name = encoder.name
        self.fingerprint = encoder.fingerprint

    def encode(self, texts: Sequence[str], *, on_progress: Progress | None = None) -> Array:
        """Unit vectors of shape (n_texts, dim). New ones are kept every 512 passages."""
        known = self.cache.find(self.fingerprint, list(dict.fromkeys(texts)))
        return self._completed(known, texts, on_progress)

    def _completed(
        self, known: _Known, texts: Sequence[str], on_progress: Progress | None
    ) -> Array:
        """The vectors of the texts, of which some are known."""
        missing = [text for text in dict.fromkeys(texts) if text not in known]
        for stretch, report in _stretches(missing, len(texts), on_progress):
            self._keep(stretch, self.encoder.encode(stretch, on_progress=report), known)
        if on_progress is not None:
            on_progress(len(texts), len(texts))
        if not texts:
            return np.zeros((0, 0), dtype=np.float32)
        return np.stack([known[text] for text in texts]).astype(np.float32)

    def _keep(self, texts: Sequence[str], found: Array, known: _Known) -> None:
        vectors = found.astype(np.float16)
        self.cache.store(self.fingerprint, texts, vectors)
        known.update(zip(texts, vectors, strict=True))


def encode_both(
    tuned: Encoder,
    untuned: Encoder,
    texts: Sequence[str],
    *,
    on_progress: Progress | None = None,
) -> tuple[Array, Array]:
    """The vectors of a tuned encoder, and those of what it was before.

    Where they differ in tuned layers alone, a text that neither knows goes through the others once.

    Args:
        tuned: With a cache or without.
        untuned: With the same cache, or without as well.
        texts: Any number.
        on_progress: Told as texts get their vectors.
    """
    inner = uncached(tuned)
    if not (isinstance(inner, SentenceEncoder) and inner.layers is not None):
        own = tuned.encode(texts, on_progress=on_progress)
        return own, untuned.encode(texts, on_progress=on_progress)
    if not (isinstance(tuned, CachedEncoder) and isinstance(untuned, CachedEncoder)):
        return inner.encode_both(texts, on_progress=on_progress)
    distinct = list(dict.fromkeys(texts))
    known = tuned.cache.find(tuned.fingerprint, distinct)
    before = untuned.cache.find(untuned.fingerprint, distinct)
    missing = [text for text in distinct if text not in known and text not in before]
    for stretch, report in _stretches(missing, len(texts), on_progress):
        own, plain = inner.encode_both(stretch, on_progress=report)
        tuned._keep(stretch, own, known)
        untuned._keep(stretch, plain, before)
    own = tuned._completed(known, texts, on_progress)
    return own, untuned._completed(before, texts, on_progress)


def uncached(encoder: Encoder) -> Encoder:
    """The encoder itself, for texts that nobody will ask for again."""
    return encoder.encoder if isinstance(encoder, CachedEncoder) else encoder


def _stretches(
    missing: Sequence[str], total: int, on_progress: Progress | None
) -> Iterator[tuple[Sequence[str], Progress]]:
    """Texts to encode and keep together, and what is told of them.

    They keep what an interrupted run has done; within one, like lengths go together.
    """
    for start in range(0, len(missing), _STRETCH):
        done = total - len(missing) + start

        def report(count: int, _: int, done: int = done) -> None:
            if on_progress is not None:
                on_progress(done + count, total)

        yield missing[start : start + _STRETCH], report
