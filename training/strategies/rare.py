"""The hunt for rare labels: passages that most likely have a label of which few were found."""

from collections.abc import Sequence

import numpy as np

from ...labels.codebook import unknown
from ...nlp.errors import WhatworksError
from .diversity import Floats
from .interface import Chosen, Pool, checked
from .uncertainty import entropies

NAME = "rare"
_TIE = 1e-6


class Rare:
    """What adds most to what was found of each label: the probability of a label over the number
    of its finds, summed over labels (certainty first, as in the continuous active learning of
    Cormack & Grossman 2014; several classes at once, the rare ones first, as the guided learning of
    Attenberg & Provost 2010 does with a search by hand).

    A find of a label that was found three times adds a quarter to what is known of it, one of a
    label that was found a hundred times next to nothing. What was chosen counts by its probability
    until it is read.
    """

    def __init__(self, labels: Sequence[str] = (), name: str = NAME) -> None:
        """The hunt for some labels, or for all.

        Args:
            labels: Which; all by default.
            name: As the command line names it.
        """
        self.labels = tuple(labels)
        self.name = name

    def choose(self, pool: Pool, count: int, seed: int) -> Chosen:
        """In the order of the hunt.

        Raises:
            WhatworksError: nobody knows one of the labels.
        """
        count = checked(pool, count)
        hunted = self._columns(pool)
        chance = pool.probabilities[:, hunted].astype(np.float64)
        found = pool.known_labels[:, hunted].sum(axis=0).astype(np.float64)
        # Where nothing is likely, what the model is least sure of; then by lot.
        lots = np.random.default_rng(seed).random(len(pool))
        tie = _TIE * (entropies(pool) + _TIE * lots)
        rows: list[int] = []
        reasons: list[str] = []
        for _ in range(count):
            gain = (chance / (1 + found)).sum(axis=1) + tie
            gain[rows] = -1.0
            row = int(gain.argmax())
            rows.append(row)
            reasons.append(self._reason(pool, hunted, chance[row], found))
            found = found + chance[row]
        return Chosen(np.array(rows, dtype=np.intp), tuple(reasons))

    def _columns(self, pool: Pool) -> list[int]:
        for one in self.labels:
            if one not in pool.labels:
                raise WhatworksError(
                    f"{unknown('label', one, pool.labels)} Passages with it cannot be hunted for."
                )
        return [n for n, one in enumerate(pool.labels) if not self.labels or one in self.labels]

    def _reason(self, pool: Pool, hunted: Sequence[int], chance: Floats, found: Floats) -> str:
        best = int((chance / (1 + found)).argmax())
        return f"hunt for {pool.labels[hunted[best]]}: {chance[best]:.0%}"
