"""Candidates: what a passage's first label may well be, by a model that knows how sure it is."""

from collections.abc import Callable, Mapping, Sequence
from math import prod
from typing import Any

from .codebook import Codebook

NONE = "none"
"""Among candidates: that the passage holds no finding."""


def prediction_set(probabilities: Mapping[str, float], floor: float) -> tuple[str, ...]:
    """The finding types, or 'none', whose share of belief reaches the floor; likeliest first.

    Finding types are given independently of each other, so that none has the chance that each is
    absent; the shares sum to 1.

    >>> prediction_set({"obstacle": 0.6, "lesson": 0.4}, 0.25)
    ('obstacle', 'lesson')
    """
    every = {**probabilities, NONE: prod(1 - p for p in probabilities.values())}
    least = floor * sum(every.values())
    likeliest_first = sorted(every, key=lambda code: -every[code])
    return tuple(code for code in likeliest_first if every[code] >= least)


def candidates_of(
    probabilities: Mapping[str, float],
    details: Mapping[str, Any],
    present: Callable[[str], str | None],
) -> tuple[str, ...]:
    """The prediction set of a suggestion in present words; () where its model has no floor.

    Args:
        probabilities: Of the finding types under their ids of that time: what codes were merged
            or retired since changes nothing about what the model was sure of.
        details: Of the model version: its 'set_floor', and the 'finding_types' that it holds for.
        present: What a code is called now; None where it has become stale.
    """
    floor = details.get("set_floor", 0.0)
    # Of a model that knows more finding types than the codebook had, a part of the belief is gone.
    if floor <= 0 or len(probabilities) < len(details.get("finding_types", ())):
        return ()
    found = prediction_set(probabilities, floor)
    now = (code if code == NONE else present(code) for code in found)
    return tuple(dict.fromkeys(code for code in now if code is not None))


def in_doubt(
    candidates: Sequence[str], probabilities: Mapping[str, float], codebook: Codebook
) -> tuple[str, ...]:
    """The candidates where people are to be told them: two or more.

    None where the codebook has a finding type that the model never judged: it may be that one.

    Args:
        candidates: Of a suggestion.
        probabilities: Of the same suggestion, by finding type.
        codebook: The present one.
    """
    if any(code not in probabilities for code in codebook.finding_type_ids):
        return ()
    return tuple(candidates) if len(candidates) > 1 else ()
