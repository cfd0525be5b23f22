"""What themes are told by: the model's own vectors, or, for a foreign codebook, more.

An encoder that was tuned to some themes has forgotten others. Where the model has learned fewer
than half of a codebook's themes, they are told by the encoder as it was before, and by the words
that a passage has in common with a definition; what is learned of them stands on the vectors of
both encoders, and on character n-grams. Measured in docs/decisions/0020-foreign-codebooks.md.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from ..labels.codebook import Codebook
from .heads import Array, Heads, ThemeEvidence
from .ngrams import ngram_counts
from .plain import VectorReader

if TYPE_CHECKING:
    from sklearn.pipeline import FeatureUnion

_NEARNESS = 10.0
"""What a cosine with a definition counts as a logit, both less the mean of many passages."""
_WORDS = 0.4
"""What words in common count."""


def heads_for(heads: Heads, codebook: Codebook) -> Heads:
    """The heads as they are used for a codebook: where it is foreign to them, by definition."""
    known = sum(theme in heads.themes for theme in codebook.theme_ids)
    return heads if 2 * known >= len(codebook.themes) else heads.without_themes


class ThemeReader:
    """Reads what speaks for each theme of a codebook."""

    def __init__(self, heads: Heads, codebook: Codebook, reader: VectorReader) -> None:
        """Joins heads, a codebook and encoders; nothing is encoded yet.

        Args:
            heads: As ``heads_for`` gives them.
            codebook: Whose themes are told.
            reader: The model's.
        """
        self.heads = heads
        self.reader = reader
        self._texts = [theme.description for theme in codebook.themes]
        self._definitions: Array | None = None
        self._words: _WordsInCommon | None = None

    def read(self, texts: Sequence[str], vectors: Array, plain: Array | None) -> ThemeEvidence:
        """The evidence for each text.

        Args:
            texts: What the model reads of passages.
            vectors: (n_texts, dim) that the model's own encoder gave them.
            plain: (n_texts, dim), where the heads go by definition.
        """
        if not self.heads.by_definition:
            if self._definitions is None:
                self._definitions = self.reader.encoder.encode(self._texts)
            return self.heads.own_evidence(vectors, self._definitions)
        if plain is None:
            raise ValueError("themes of a foreign codebook are told by plain vectors")
        if self._definitions is None or self._words is None:
            definitions = self.reader.plain(self._texts)
            self._definitions = definitions - definitions.mean(0)
            self._words = _WordsInCommon(self._texts)
        both = np.hstack([plain, vectors]) if self.reader.is_tuned else plain
        prior = _NEARNESS * plain @ self._definitions.T + _WORDS * self._words.with_each(texts)
        return ThemeEvidence(both, np.asarray(prior, dtype=np.float32), ngram_counts(texts))


class _WordsInCommon:
    """Words, and runs of letters, that texts share with definitions; rare ones count more."""

    def __init__(self, definitions: Sequence[str]) -> None:
        from sklearn.preprocessing import normalize

        self._features = _features().fit(definitions)
        self._definitions = normalize(self._features.transform(definitions))

    def with_each(self, texts: Sequence[str]) -> Array:
        """(n_texts, n_definitions); long texts do not get more for being long."""
        if not texts:
            return np.zeros((0, self._definitions.shape[0]), dtype=np.float32)
        shared = (self._features.transform(texts) @ self._definitions.T).toarray()
        words = np.array([[len(text.split()) + 1] for text in texts])
        return np.asarray(shared / np.sqrt(words), dtype=np.float32)


def _features() -> "FeatureUnion":
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.pipeline import make_union

    return make_union(
        TfidfVectorizer(sublinear_tf=True, norm=None, ngram_range=(1, 2)),
        TfidfVectorizer(sublinear_tf=True, norm=None, ngram_range=(3, 5), analyzer="char_wb"),
    )
