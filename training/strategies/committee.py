"""Where models that learned from other draws of the same passages disagree (query by committee;
Seung et al. 1992). The members are heads on bootstrap draws of what was read (query by bagging; Abe
& Mamitsuka 1998), and the model itself.
"""

from collections.abc import Callable

import numpy as np

from ...models.heads import Array
from ..logistic import Logistic, fit_logistic
from .diversity import Floats
from .interface import Chosen, Pool, checked
from .uncertainty import entropies, highest

MEMBERS = 5
_MOST_KNOWN = 3_000
_TINY = 1e-12


class Committee:
    """The passages on which the members disagree most; before anything was read, where the model
    alone is least sure.
    """

    def __init__(self, name: str, measure: Callable[[Floats, bool], Floats]) -> None:
        self.name = name
        self.measure = measure

    def choose(self, pool: Pool, count: int, seed: int) -> Chosen:
        """The most disputed first."""
        count = checked(pool, count)
        said = _members(pool, seed)
        # What no member disputes goes by the model's own doubt.
        disputed = self.measure(said, pool.exclusive)
        rows = highest(disputed + 1e-6 * entropies(pool), count, seed)
        reasons = tuple(
            f"{self.name}: models disagree"
            if len(said) > 1 and disputed[n] > 0
            else f"{self.name}: least sure"
            for n in rows
        )
        return Chosen(rows, reasons)


def vote_entropy(said: Floats, exclusive: bool) -> Floats:
    """(n,): the entropy of the members' votes (Dagan & Engelson 1995); of several labels, the mean.

    Args:
        said: (n_members, n, n_labels) probabilities.
        exclusive: Whether a passage has exactly one label.
    """
    if exclusive:
        votes = (said == said.max(axis=2, keepdims=True)).astype(np.float64)
        share = np.clip((votes / votes.sum(axis=2, keepdims=True)).mean(axis=0), _TINY, 1)
        return np.asarray(-(share * np.log(share)).sum(axis=1))
    share = np.clip((said > 0.5).mean(axis=0), _TINY, 1 - _TINY)
    return np.asarray(-(share * np.log(share) + (1 - share) * np.log1p(-share)).mean(axis=1))


def divergence(said: Floats, exclusive: bool) -> Floats:
    """(n,): the members' mean Kullback-Leibler divergence from what they say together (McCallum &
    Nigam 1998); of several labels, the mean.
    """
    p = np.clip(said, _TINY, 1 - _TINY)
    together = p.mean(axis=0)
    apart = p * np.log(p / together)
    if exclusive:
        return np.asarray(apart.sum(axis=2).mean(axis=0))
    apart += (1 - p) * np.log((1 - p) / (1 - together))
    return np.asarray(apart.mean(axis=(0, 2)))


def _members(pool: Pool, seed: int) -> Floats:
    """(n_members, n, n_labels): what the model says, and what each head on a draw says."""
    known, given = pool.known_vectors[-_MOST_KNOWN:], pool.known_labels[-_MOST_KNOWN:]
    said: list[Array] = [pool.probabilities]
    random = np.random.default_rng(seed)
    head: Logistic | None = None
    for _ in range(MEMBERS if len(known) else 0):
        times = random.multinomial(len(known), np.full(len(known), 1 / len(known)))
        head = fit_logistic(
            known,
            given,
            exclusive=pool.exclusive,
            counts=times.astype(np.float64),
            # Where it begins changes how soon it is there, not where it ends.
            start=head,
        )
        said.append(head.probabilities(pool.vectors))
    return np.stack(said).astype(np.float64)
