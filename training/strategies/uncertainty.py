"""What the model is least sure of (uncertainty sampling; Lewis & Gale 1994).

Where labels exclude each other, uncertainty is that of the whole row. Where a passage may have
several, each label is a question of its own: margin takes the label that is nearest to even,
least confidence the chance that the likeliest set of labels is wrong, entropy the mean over labels.
"""

from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray

from .interface import Chosen, Pool, Rows, checked

Floats = NDArray[np.float64]
_TINY = 1e-12


def margins(pool: Pool) -> Floats:
    """(n,): 1 less the distance between the two likeliest labels (Scheffer et al. 2001; 'breaking
    ties', Luo et al. 2005); of several labels, between yes and no of the one nearest to even.
    """
    if pool.exclusive:
        if pool.probabilities.shape[1] < 2:
            return np.zeros(len(pool))
        highest = np.partition(pool.probabilities, -2, axis=1)[:, -2:].astype(np.float64)
        return np.asarray(1 - (highest[:, 1] - highest[:, 0]))
    return np.asarray((1 - np.abs(2.0 * pool.probabilities - 1)).max(axis=1), dtype=np.float64)


def doubts(pool: Pool) -> Floats:
    """(n,): 1 less the probability of the likeliest label (Lewis & Gale 1994); of several labels,
    of the likeliest set of them, taken as independent.
    """
    p = pool.probabilities.astype(np.float64)
    if pool.exclusive:
        return np.asarray(1 - p.max(axis=1))
    return np.asarray(1 - np.maximum(p, 1 - p).prod(axis=1))


def entropies(pool: Pool) -> Floats:
    """(n,): the entropy in nats (Shannon 1948); of several labels, the mean of theirs."""
    p = np.clip(pool.probabilities.astype(np.float64), _TINY, 1 - _TINY)
    if pool.exclusive:
        return np.asarray(-(p * np.log(p)).sum(axis=1))
    return np.asarray(-(p * np.log(p) + (1 - p) * np.log1p(-p)).mean(axis=1))


class Uncertain:
    """The passages with the highest of one measure, the highest first."""

    def __init__(self, name: str, measure: Callable[[Pool], Floats]) -> None:
        self.name = name
        self.measure = measure

    def choose(self, pool: Pool, count: int, seed: int) -> Chosen:
        """The least sure; between equals by lot."""
        count = checked(pool, count)
        rows = highest(self.measure(pool), count, seed)
        return Chosen(rows, tuple(f"{self.name}: {why}" for why in between(pool, rows)))


def highest(values: Floats, count: int, seed: int) -> Rows:
    """The rows of the highest values, the highest first; between equals by lot."""
    lots = np.random.default_rng(seed).permutation(len(values))
    return np.lexsort((lots, -values))[:count]


def between(pool: Pool, rows: Rows) -> Iterator[str]:
    """What each is unsure between, in words: 'obstacle 41%, lesson 38%'."""
    for row in rows:
        p = pool.probabilities[row]
        if pool.exclusive:
            shown = np.argsort(-p, kind="stable")[:2]
        else:
            shown = np.argsort(np.abs(p - 0.5), kind="stable")[:1]
        yield ", ".join(f"{pool.labels[n]} {p[n]:.0%}" for n in shown)
