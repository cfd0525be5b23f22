"""Encoders that ask for no text twice."""

from collections.abc import Iterator, Sequence

import numpy as np

from .encoders import Array, Encoder, Progress, SentenceEncoder
from .vectors import VectorCache

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
        distinct = list(dict.fromkeys(texts))
        known = self.cache.find(self.fingerprint, distinct)
        missing = [text for text in distinct if text not in known]
        for stretch, report in _stretches(missing, len(texts), on_progress):
            vectors = self.encoder.encode(stretch, on_progress=report).astype(np.float16)
            self.cache.store(self.fingerprint, stretch, vectors)
            known.update(zip(stretch, vectors, strict=True))
        if on_progress is not None:
            on_progress(len(texts), len(texts))
        if not texts:
            return np.zeros((0, 0), dtype=np.float32)
        return np.stack([known[text] for text in texts]).astype(np.float32)


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
    if isinstance(inner, SentenceEncoder) and inner.layers is not None:
        if not isinstance(tuned, CachedEncoder):
            return inner.encode_both(texts, on_progress=on_progress)
        cache, names = tuned.cache, (tuned.fingerprint, untuned.fingerprint)
        distinct = list(dict.fromkeys(texts))
        known = set().union(*(cache.find(name, distinct) for name in names))
        missing = [text for text in distinct if text not in known]
        for stretch, report in _stretches(missing, len(texts), on_progress):
            both = inner.encode_both(stretch, on_progress=report)
            for name, vectors in zip(names, both, strict=True):
                cache.store(name, stretch, vectors.astype(np.float16))
    own = tuned.encode(texts, on_progress=on_progress)
    return own, untuned.encode(texts, on_progress=on_progress)


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
