"""What whatworks takes where nobody says otherwise: variance reduction, every label alike.

Macro F1 counts a rare label as much as a common one, and so do people who look for good practices.
Doubt about a label therefore counts by how rarely the model expects it, and it counts squared: of
passages that the model is sure of little is to be learned. While the model says nothing yet,
typical passages come first where a round has enough for every label, else what covers them all.
See docs/decisions/0017-strategies.md.
"""

import numpy as np

from .beginning import says_nothing
from .interface import Chosen, Pool, checked, considered
from .typical import TypiClust
from .uncertainty import between
from .variance import MOST, Floats, lowering

SHARPNESS = 2.0
"""The power of doubt; chosen, like the rest, on reports that no figure in the documents is of."""
ENOUGH = 10
"""Passages a label in a first round, from which on it can do with typical ones."""
_LEAST_EXPECTED = 1e-3
"""A label counts as expected in one of a thousand passages at least."""


class Default:
    """Greedily, the passage that lowers most the variance of what is doubtful, rare labels first
    among it.
    """

    name = "default"

    def choose(self, pool: Pool, count: int, seed: int) -> Chosen:
        """The one that lowers it most first."""
        count = checked(pool, count)
        if says_nothing(pool) and count >= ENOUGH * len(pool.labels):
            return TypiClust().choose(pool, count, seed)
        rows = considered(pool, max(MOST, count), seed)
        some = pool.among(rows) if len(rows) < len(pool) else pool
        chosen = rows[lowering(some, count, even_doubt(some) ** SHARPNESS)]
        return Chosen(chosen, tuple(f"would teach most: {why}" for why in between(pool, chosen)))


def even_doubt(pool: Pool) -> Floats:
    """(n,): the variance of each label over how often it is expected, summed; 1 on average."""
    p = pool.probabilities.astype(np.float64)
    doubt = (p * (1 - p) / (p.mean(axis=0) + _LEAST_EXPECTED)).sum(axis=1)
    return np.asarray(doubt / doubt.mean()) if doubt.mean() > 0 else np.ones(len(p))
