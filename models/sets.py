"""What a passage's first label may be: the finding types that cannot well be ruled out."""

from collections.abc import Mapping

import numpy as np

from .heads import Array

NONE = "none"


def first_label_chances(probabilities: Array) -> Array:
    """The belief that each finding type, or at last none, is the first label; rows sum to 1.

    Finding types are given independently of each other, so that none has the chance that each is
    absent; the rest follows their probabilities.

    Args:
        probabilities: (n_passages, n_types).

    Returns:
        (n_passages, n_types + 1).
    """
    none = np.prod(1 - probabilities, axis=1, keepdims=True)
    every = np.concatenate([probabilities, none], axis=1)
    return np.asarray(every / every.sum(1, keepdims=True), dtype=np.float32)


def prediction_set(probabilities: Mapping[str, float], floor: float) -> tuple[str, ...]:
    """The finding types, or 'none', whose share of belief reaches the floor; likeliest first.

    >>> prediction_set({"obstacle": 0.6, "lesson": 0.4}, 0.25)
    ('obstacle', 'lesson')
    """
    chances = first_label_chances(np.array([list(probabilities.values())], dtype=np.float32))[0]
    names = [*probabilities, NONE]
    order = sorted(range(len(names)), key=lambda n: -chances[n])
    return tuple(names[n] for n in order if chances[n] >= floor)
