"""Character n-grams of passages: what is learned of a foreign codebook's themes beside vectors.

An encoder sees what passages mean; names of things, 'latrine' or 'EVCA', it may not know. Runs of
three to five letters have them, whatever the language and the ending. They are hashed into a fixed
number of columns (Weinberger et al. 2009), so that a model holds no words of anybody's reports.
"""

from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix
    from sklearn.feature_extraction.text import HashingVectorizer

    from .heads import Array

N_COLUMNS = 2**14


def ngram_counts(texts: Sequence[str]) -> "csr_matrix":
    """(n_texts, N_COLUMNS): how often each occurs, 1 + its logarithm."""
    from scipy.sparse import csr_matrix

    if not texts:
        return csr_matrix((0, N_COLUMNS), dtype=np.float32)
    counts = _hashing().transform(texts).tocsr()
    counts.data = 1 + np.log(counts.data)
    return counts.astype(np.float32)


def rarity(counts: "csr_matrix") -> "Array":
    """(N_COLUMNS,): the smoothed inverse document frequency."""
    given = np.bincount(counts.indices, minlength=N_COLUMNS)
    return np.asarray(np.log((1 + counts.shape[0]) / (1 + given)) + 1, dtype=np.float32)


def weighed(counts: "csr_matrix", rare: "Array") -> "csr_matrix":
    """The counts times how rare each is, in rows of length 1."""
    from sklearn.preprocessing import normalize

    found: Any = normalize(counts.multiply(rare[None, :]).tocsr())
    return found


@cache
def _hashing() -> "HashingVectorizer":
    from sklearn.feature_extraction.text import HashingVectorizer

    return HashingVectorizer(
        n_features=N_COLUMNS,
        analyzer="char_wb",
        ngram_range=(3, 5),
        alternate_sign=False,
        norm=None,
    )
