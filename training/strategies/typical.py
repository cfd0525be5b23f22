"""What stands for many: for a first round, when a model has nothing to say yet."""

import numpy as np

from ...models.heads import Array
from .diversity import Floats, clusters
from .interface import Chosen, Pool, Rows, checked, considered

MOST = 10_000
_NEIGHBOURS = 20
_MOST_CLUSTERS = 500
_LEAST_IN_CLUSTER = 5


class TypiClust:
    """The most typical passage of each cluster, largest first, of clusters in which nothing was
    read yet (Hacohen et al. 2022). Typical is what has its 20 nearest neighbours near.
    """

    name = "typiclust"

    def choose(self, pool: Pool, count: int, seed: int) -> Chosen:
        """One of each cluster in turn, the largest cluster that was read least first."""
        from threadpoolctl import threadpool_limits

        count = checked(pool, count)
        rows = considered(pool, max(MOST, count), seed)
        known = pool.known_vectors[-(MOST // 2) :]
        vectors = np.concatenate([pool.vectors[rows], known])
        n_clusters = min(count + len(known), _MOST_CLUSTERS, len(vectors))
        own = clusters(vectors, n_clusters, seed)
        with threadpool_limits(1):
            picked = _picked(vectors[: len(rows)], own[: len(rows)], own[len(rows) :], count)
        return Chosen(rows[picked], ("typical of passages of which none was read",) * count)


def _picked(vectors: Array, own: Rows, read: Rows, count: int) -> list[int]:
    sizes = np.bincount(own)
    taken = np.bincount(read, minlength=len(sizes))[: len(sizes)].astype(np.int64)
    order: dict[int, list[int]] = {}
    picked: list[int] = []
    small = sizes < _LEAST_IN_CLUSTER
    while len(picked) < count:
        left = np.array([len(order[c]) if c in order else sizes[c] for c in range(len(sizes))])
        # Among those with something left: what was read least, then no tiny cluster, the largest.
        rank = np.lexsort((-sizes, small, taken, left == 0))
        cluster = int(rank[0])
        if cluster not in order:
            members = np.flatnonzero(own == cluster)
            order[cluster] = members[
                np.argsort(-typicality(vectors[members]), kind="stable")
            ].tolist()
        picked.append(order[cluster].pop(0))
        taken[cluster] += 1
    return picked


def typicality(vectors: Array) -> Floats:
    """(n,): how near the nearest 20 others are; the inverse of their mean distance."""
    if len(vectors) < 2:
        return np.ones(len(vectors))
    k = min(_NEIGHBOURS, len(vectors) - 1)
    found = np.empty(len(vectors))
    for start in range(0, len(vectors), 1024):
        near = vectors[start : start + 1024] @ vectors.T
        # The nearest of all is the passage itself.
        best = np.partition(near, -k - 1, axis=1)[:, -k - 1 :]
        best.sort(axis=1)
        far = np.sqrt(np.maximum(2 - 2 * best[:, :-1].astype(np.float64), 0))
        found[start : start + 1024] = 1 / (far.mean(axis=1) + 1e-6)
    return found
