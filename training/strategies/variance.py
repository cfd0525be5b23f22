"""What leaves the model least to guess about all the rest (variance reduction; Cohn et al. 1996).

For heads that are linear in the vector the variance of the log-odds follows from the vectors that
were read, whatever their labels will be: the sequential form of transductive experimental design
(Yu, Bi & Tresp 2006), and of BAIT (Ash et al. 2021) with one matrix for all labels. A passage
counts as much as the model is unsure of it, both as one to read and as one to be right about.
"""

import numpy as np
from numpy.typing import NDArray

from ...models.heads import Array
from ..logistic import STRENGTH
from .interface import Chosen, Pool, Rows, checked, considered
from .uncertainty import between

Floats = NDArray[np.float64]
MOST = 10_000
"""So many passages are considered, by lot where there are more."""
_FREE = 1e-3
"""The penalty on the bias, which has none."""


class Variance:
    """Greedily, the passage that lowers most the mean variance over all unread ones."""

    name = "variance"

    def choose(self, pool: Pool, count: int, seed: int) -> Chosen:
        """The one that lowers it most first."""
        count = checked(pool, count)
        rows = considered(pool, max(MOST, count), seed)
        some = pool.among(rows) if len(rows) < len(pool) else pool
        chosen = rows[lowering(some, count, doubt(some))]
        return Chosen(
            chosen, tuple(f"leaves least to guess: {why}" for why in between(pool, chosen))
        )


def doubt(pool: Pool) -> Floats:
    """(n,): the variance of the labels, as the model has it, summed over labels."""
    p = pool.probabilities.astype(np.float64)
    return np.asarray((p * (1 - p)).sum(axis=1))


def lowering(pool: Pool, count: int, weights: Floats) -> Rows:
    """The rows that lower most the mean variance of the log-odds, in order.

    Args:
        pool: The passages; its known ones count with the mean weight.
        count: How many.
        weights: (n,): how much is learned from each, and how much it matters.
    """
    from threadpoolctl import threadpool_limits

    # On a busy machine threads wait for each other longer than they work.
    with threadpool_limits(1):
        return _lowering(pool, count, weights)


def _lowering(pool: Pool, count: int, weights: Floats) -> Rows:
    vectors, known = _with_bias(pool.vectors), _with_bias(pool.known_vectors)
    typical = float(weights.mean())
    if not typical > 0:
        weights, typical = np.ones(len(vectors)), 1.0
    information = np.eye(vectors.shape[1]) / STRENGTH
    information[-1, -1] = _FREE
    information += typical * (known.T @ known).astype(np.float64)
    spread = np.linalg.inv(information).astype(np.float32)
    share = (weights / weights.sum()).astype(np.float32)
    wanted = (vectors * share[:, None]).T @ vectors
    reach = vectors @ spread
    own = (reach * vectors).sum(axis=1).astype(np.float64)
    gain = ((reach @ wanted) * reach).sum(axis=1).astype(np.float64)
    picked: list[int] = []
    # What reading the picked ones takes off ``reach``, (n, dim), is kept as its factors: per pick
    # a column (n,) of how much, and a row (dim,) of what (Sherman & Morrison 1950).
    taken = np.zeros((len(vectors), count), dtype=np.float32)
    rows = np.zeros((count, vectors.shape[1]), dtype=np.float32)
    for n in range(count):
        score = weights * gain / (1 + weights * own)
        score[picked] = -1.0
        best = int(score.argmax())
        picked.append(best)
        row = reach[best] - taken[best, :n] @ rows[:n]
        target = wanted @ row
        aim = (reach @ target - taken[:, :n] @ (rows[:n] @ target)).astype(np.float64)
        shared = (vectors @ row).astype(np.float64)
        off = weights[best] / (1 + weights[best] * own[best]) * shared
        gain = np.maximum(gain - 2 * off * aim + off**2 * float(row @ target), 0)
        own = np.maximum(own - off * shared, 0)
        taken[:, n], rows[n] = off, row
    return np.array(picked, dtype=np.intp)


def _with_bias(vectors: Array) -> Array:
    return np.concatenate([vectors, np.ones((len(vectors), 1), dtype=np.float32)], axis=1)
