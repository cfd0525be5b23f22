"""What is uncertain and like many others: no oddities."""

import numpy as np

from .diversity import Floats
from .interface import Chosen, Pool, checked
from .uncertainty import between, entropies, highest


class Density:
    """Entropy times the mean similarity to all unread passages (information density; Settles &
    Craven 2008).

    All passages of an encoder are alike to some degree: similarity is stretched so that the least
    typical passage has 0 and the most typical 1.
    """

    name = "density"

    def choose(self, pool: Pool, count: int, seed: int) -> Chosen:
        """The highest first."""
        count = checked(pool, count)
        rows = highest(entropies(pool) * _similarity(pool), count, seed)
        reasons = tuple(f"unsure, and like many others: {why}" for why in between(pool, rows))
        return Chosen(rows, reasons)


def _similarity(pool: Pool) -> Floats:
    # The mean of the products is the product with the mean.
    mean = (pool.vectors @ pool.vectors.mean(axis=0)).astype(np.float64)
    low, high = mean.min(), mean.max()
    return (mean - low) / (high - low) if high > low else np.ones(len(mean))
