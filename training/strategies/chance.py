"""By lot: what every other strategy is measured against."""

import numpy as np

from .interface import Chosen, Pool, checked


class Random:
    """Each passage as likely as any other: what is found estimates what there is."""

    name = "random"

    def choose(self, pool: Pool, count: int, seed: int) -> Chosen:
        """So many by lot."""
        count = checked(pool, count)
        rows = np.random.default_rng(seed).permutation(len(pool))[:count]
        return Chosen(rows, ("by lot",) * count, probability=count / len(pool))
