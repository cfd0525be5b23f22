"""What would change the model most, and each in another way (BADGE; Ash et al. 2020)."""

import numpy as np

from .diversity import Floats, drawn
from .interface import Chosen, Pool, checked, considered
from .uncertainty import between

MOST = 50_000


class Badge:
    """k-means++ seeding on the gradients that the passages would give the heads, were the model's
    own guess right: long where it is unsure, apart where passages or labels differ.
    """

    name = "badge"

    def choose(self, pool: Pool, count: int, seed: int) -> Chosen:
        """The first has the longest gradient, the others are by lot."""
        count = checked(pool, count)
        rows = considered(pool, max(MOST, count), seed)
        vectors, gaps = pool.vectors[rows], _gaps(pool)[rows]
        random = np.random.default_rng(seed)
        # A gradient is the product of gap and vector: it is never written out.
        length = (gaps**2).sum(axis=1)
        picked = [int(length.argmax())]
        far = np.full(len(rows), np.inf)
        while len(picked) < count:
            last = picked[-1]
            shared = (gaps @ gaps[last]) * (vectors @ vectors[last])
            far = np.minimum(far, np.maximum(length + length[last] - 2 * shared, 0))
            picked.append(drawn(far, picked, random))
        chosen = rows[picked]
        reasons = tuple(
            f"would teach most, unlike the others: {why}" for why in between(pool, chosen)
        )
        return Chosen(chosen, reasons)


def _gaps(pool: Pool) -> Floats:
    """(n, n_labels): probability less the likeliest answer."""
    p = pool.probabilities.astype(np.float64)
    if pool.exclusive:
        gaps = p.copy()
        gaps[np.arange(len(p)), p.argmax(axis=1)] -= 1
        return gaps
    return p - (p > 0.5)
