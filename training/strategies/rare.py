"""The hunt for rare labels: passages that most likely have the label of which fewest were found."""

import numpy as np

from .interface import Chosen, Pool, checked
from .uncertainty import entropies, highest

NEVER = 0.01
"""Below this probability a label is not expected anywhere, and the hunt for it would be blind."""


class Rare:
    """For the label with the fewest finds, the likeliest passage, then again (guided learning for
    rare classes, Attenberg & Provost 2010, with the continuous active learning of Cormack &
    Grossman 2014 in place of a search by hand).

    Each passage that is chosen for a label counts as a find until it is read, so that a round
    raises the rarest labels to one level. A label that the model expects nowhere is passed over.
    """

    def __init__(self, labels: tuple[str, ...] = (), name: str = "rare") -> None:
        """The hunt for some labels, or for all.

        Args:
            labels: Which; all by default.
            name: As the command line names it.
        """
        self.labels = labels
        self.name = name

    def choose(self, pool: Pool, count: int, seed: int) -> Chosen:
        """In the order of the hunt."""
        count = checked(pool, count)
        found = pool.known_labels.sum(axis=0).astype(np.float64)
        hunted = [n for n, one in enumerate(pool.labels) if not self.labels or one in self.labels]
        chance = pool.probabilities.astype(np.float64).copy()
        rows: list[int] = []
        reasons: list[str] = []
        while len(rows) < count:
            best = chance[:, hunted].max(axis=0) if hunted else np.zeros(0)
            open_ = [n for n, p in zip(hunted, best, strict=True) if p >= NEVER]
            if not open_:
                break
            label = min(open_, key=lambda n: (found[n], n))
            row = int(chance[:, label].argmax())
            rows.append(row)
            reasons.append(f"hunt for {pool.labels[label]}: {chance[row, label]:.0%}")
            found[label] += 1
            chance[row] = -1.0
        if len(rows) < count:
            rest = np.setdiff1d(np.arange(len(pool)), rows)
            more = rest[highest(entropies(pool.among(rest)), count - len(rows), seed)]
            rows += more.tolist()
            reasons += ["hunt: nothing likely is left, least sure"] * len(more)
        return Chosen(np.array(rows, dtype=np.intp), tuple(reasons))
