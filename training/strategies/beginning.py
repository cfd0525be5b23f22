"""Where probabilities say nothing yet, passages that stand for many come first."""

import numpy as np

from .interface import Chosen, Pool, QueryStrategy, checked
from .typical import TypiClust


class FromVectorsFirst:
    """Another strategy, and typical passages as long as the model says the same of all.

    A starter model has something to say before anything was read: then the other strategy goes by
    that.
    """

    def __init__(self, inner: QueryStrategy) -> None:
        self.inner = inner
        self.name = inner.name

    def choose(self, pool: Pool, count: int, seed: int) -> Chosen:
        """What the one that is due chooses."""
        count = checked(pool, count)
        return (TypiClust() if says_nothing(pool) else self.inner).choose(pool, count, seed)


def says_nothing(pool: Pool) -> bool:
    """Whether the model says the same of all passages."""
    return bool(np.all(np.ptp(pool.probabilities, axis=0) < 1e-6))
