"""One replay: rounds on passages whose labels are known, as if people read them one after another.

After each round the same classifier learns from all that was read, whatever the strategy: a
class-balanced logistic regression on the vectors. It begins with nothing: no starter, so that what
is compared are the strategies alone.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ...models.heads import Array
from ..logistic import Logistic, fit_logistic
from ..strategies.interface import Pool, QueryStrategy
from .material import Bools, Division, Material, Rows

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Replay:
    """What happened, round by round."""

    read: NDArray[np.int64]
    """(n_rounds,): passages read so far."""
    macro_f1: Floats
    """(n_rounds,): on the held-out reports, over the labels that occur there."""
    found: NDArray[np.int64]
    """(n_passages_read, n_labels): how often each label was found, passage by passage."""
    in_pool: NDArray[np.int64]
    """(n_labels,): how often each label is there to be found."""
    pool: int
    """How many passages there are to be read."""
    full: float
    """Macro F1 after learning from all of them."""


def replay(
    material: Material,
    division: Division,
    strategy: QueryStrategy,
    *,
    batch: int,
    rounds: int | None,
    seed: int,
) -> Replay:
    """Reads the pool in rounds.

    Args:
        material: The passages.
        division: Which are read, and which are scored on.
        strategy: What chooses.
        batch: Passages a round.
        rounds: How many at most; until all is read by default.
        seed: Of the strategy.
    """
    languages, reports = material.languages, np.unique(material.reports, return_inverse=True)[1]
    left, known = division.pool, np.zeros(0, dtype=np.intp)
    model: Logistic | None = None
    read: list[int] = []
    scores: list[float] = []
    while len(left) and (rounds is None or len(read) < rounds):
        pool = Pool(
            vectors=material.vectors[left],
            probabilities=said(model, material, left),
            labels=material.labels,
            reports=reports[left],
            languages=[languages[int(n)] for n in left],
            known_vectors=material.vectors[known],
            known_labels=material.given[known],
            exclusive=material.exclusive,
        )
        chosen = strategy.choose(pool, batch, seed + len(read))
        known = np.concatenate([known, left[chosen.rows]])
        left = np.delete(left, chosen.rows)
        model = fit_logistic(
            material.vectors[known], material.given[known], exclusive=material.exclusive,
            start=model,
        )  # fmt: skip
        read.append(len(known))
        scores.append(score(model, material, division.held_out))
    return Replay(
        read=np.array(read),
        macro_f1=np.array(scores),
        found=material.given[known].cumsum(axis=0),
        in_pool=material.given[division.pool].sum(axis=0),
        pool=len(division.pool),
        full=full_score(material, division),
    )


def full_score(material: Material, division: Division) -> float:
    """Macro F1 after learning from the whole pool."""
    model = fit_logistic(
        material.vectors[division.pool], material.given[division.pool],
        exclusive=material.exclusive,
    )  # fmt: skip
    return score(model, material, division.held_out)


def said(model: Logistic | None, material: Material, rows: Rows) -> Array:
    """(n, n_labels): what the model says; before the first round the same of every passage."""
    if model is not None:
        return model.probabilities(material.vectors[rows])
    nothing = 1 / len(material.labels) if material.exclusive else 0.5
    return np.full((len(rows), len(material.labels)), nothing, dtype=np.float32)


def score(model: Logistic, material: Material, rows: Rows) -> float:
    """Macro F1 over the labels that occur."""
    p, given = model.probabilities(material.vectors[rows]), material.given[rows]
    if material.exclusive:
        suggested = np.zeros_like(given)
        suggested[np.arange(len(p)), p.argmax(axis=1)] = True
    else:
        suggested = p >= 0.5
    return macro_f1(given, suggested)


def macro_f1(given: Bools, suggested: Bools) -> float:
    """The mean F1 of the labels that occur among the given; 0 where none does."""
    hits = (given & suggested).sum(axis=0)
    occurring = given.any(axis=0)
    f1 = 2 * hits / np.maximum(1, given.sum(axis=0) + suggested.sum(axis=0))
    return float(f1[occurring].mean()) if occurring.any() else 0.0
