"""What is unlike the rest: passages that cover all that there is, whatever the model says."""

import warnings

import numpy as np
from numpy.typing import NDArray

from ...models.heads import Array
from .interface import Chosen, Pool, Rows, checked, considered

Floats = NDArray[np.float64]
MOST = 20_000
"""So many passages are considered, by lot where there are more: time grows with passages x known
ones."""
_MOST_KNOWN = 5_000
_BLOCK = 4_096


class Coreset:
    """The passage farthest from all that was read or chosen, again and again (k-centre greedy;
    Sener & Savarese 2018).
    """

    name = "coreset"

    def choose(self, pool: Pool, count: int, seed: int) -> Chosen:
        """The farthest first; the first of all, where nothing was read, by lot."""
        count = checked(pool, count)
        rows = considered(pool, max(MOST, count), seed)
        vectors = pool.vectors[rows]
        random = np.random.default_rng(seed)
        far = distances(vectors, known_sample(pool, seed))
        picked: list[int] = []
        while len(picked) < count:
            at = int(far.argmax()) if np.isfinite(far[0]) else int(random.integers(len(rows)))
            picked.append(at)
            far = np.minimum(far, distances(vectors, vectors[[at]]))
            far[picked] = -1.0
        return Chosen(rows[picked], ("unlike all that was read or chosen",) * count)


class PlusPlus:
    """By lot, the likelier the farther from all that was read or chosen (the seeding of k-means++;
    Arthur & Vassilvitskii 2007).
    """

    name = "kmeans++"

    def choose(self, pool: Pool, count: int, seed: int) -> Chosen:
        """In the order of the lots."""
        count = checked(pool, count)
        rows = considered(pool, max(MOST, count), seed)
        vectors = pool.vectors[rows]
        random = np.random.default_rng(seed)
        far = distances(vectors, known_sample(pool, seed))
        picked: list[int] = []
        while len(picked) < count:
            picked.append(drawn(far, picked, random))
            far = np.minimum(far, distances(vectors, vectors[[picked[-1]]]))
        return Chosen(rows[picked], ("by lot among what is unlike the rest",) * count)


def drawn(weights: Floats, picked: list[int], random: np.random.Generator) -> int:
    """A row not picked yet, by lot with these weights; all alike where none has any."""
    weights = np.where(np.isfinite(weights), np.maximum(weights, 0), 1.0)
    weights[picked] = 0
    if not weights.sum() > 0:
        weights = np.ones(len(weights))
        weights[picked] = 0
    heap = weights.cumsum()
    return min(int(np.searchsorted(heap, random.random() * heap[-1], "right")), len(weights) - 1)


def distances(vectors: Array, others: Array) -> Floats:
    """(n,): the squared distance of unit vectors to the nearest other; infinite without others."""
    far = np.full(len(vectors), np.inf)
    for start in range(0, len(others), _BLOCK):
        near = (vectors @ others[start : start + _BLOCK].T).max(axis=1)
        far = np.minimum(far, 2 - 2 * near.astype(np.float64))
    return np.asarray(np.maximum(far, 0))


def known_sample(pool: Pool, seed: int) -> Array:
    """The vectors that were read, or so many of them by lot as can be compared with in time."""
    known = pool.known_vectors
    if len(known) <= _MOST_KNOWN:
        return known
    return known[np.random.default_rng(seed).permutation(len(known))[:_MOST_KNOWN]]


def clusters(vectors: Array, count: int, seed: int) -> Rows:
    """(n,): the cluster of each, by mini-batches where there are many (Sculley 2010)."""
    from sklearn.cluster import KMeans, MiniBatchKMeans
    from sklearn.exceptions import ConvergenceWarning
    from threadpoolctl import threadpool_limits

    kind = KMeans if len(vectors) * count <= 400_000 else MiniBatchKMeans
    fitted = kind(n_clusters=count, n_init=1, random_state=seed, max_iter=50)
    with threadpool_limits(1), warnings.catch_warnings():
        # Passages that repeat each other make fewer clusters, which is as it should be.
        warnings.simplefilter("ignore", ConvergenceWarning)
        return np.asarray(fitted.fit_predict(vectors), dtype=np.intp)
