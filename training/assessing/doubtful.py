"""The labels that a model which has not learned from them doubts most: a list to look at again.

Confident learning's self-confidence, the probability of what was given (Northcutt et al. 2021,
"Confident Learning", https://arxiv.org/abs/1911.00068; Kuan & Mueller 2022, "Model-agnostic label
quality scoring to detect real-world label errors"), for each finding type, given or not; a passage
is as doubtful as the most doubtful of them. Of two answers, yes and no, the normalised margin
puts passages in the same order.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ...labels.codebook import Codebook
from ...nlp.passages import Passage
from ..examples import Example
from .scores import Answers

_MOST_REASONS = 2


@dataclass(frozen=True, slots=True)
class Reason:
    """A finding type that was given or left out, against what the model holds likely."""

    finding_type: str
    given: bool
    probability: float
    """That it applies."""


@dataclass(frozen=True, slots=True)
class Doubt:
    """A passage whose labels deserve a second look."""

    row: int
    """Its place among the examples."""
    passage: Passage
    given: tuple[str, ...]
    said: tuple[str, ...]
    """What the model would say, likeliest first."""
    self_confidence: float
    """In [0, 1]; the lower, the more doubtful."""
    reasons: tuple[Reason, ...]
    """The most doubtful first."""
    torn: bool
    """Whether the same text stands elsewhere with other labels."""


def doubtful(
    examples: Sequence[Example],
    passages: Sequence[Passage],
    said: Answers,
    codebook: Codebook,
    count: int,
) -> list[Doubt]:
    """So many passages, the most doubtful first."""
    types = codebook.finding_type_ids
    confidence = self_confidence(said)
    labelled = defaultdict(set)
    for one in examples:
        labelled[" ".join(one.text.split())].add(frozenset(one.labels))
    found = []
    for row in np.argsort(confidence.min(axis=1), kind="stable")[:count]:
        n = int(row)
        worst = [int(k) for k in np.argsort(confidence[n], kind="stable")]
        # Beyond the most doubtful one, only what the model holds for wrong.
        shown = [k for k in worst if k == worst[0] or confidence[n, k] < 0.5][:_MOST_REASONS]
        likeliest = sorted(range(len(types)), key=lambda k: -said.probabilities[n, k])
        found.append(
            Doubt(
                row=n,
                passage=passages[n],
                given=examples[n].labels,
                said=tuple(types[k] for k in likeliest if said.suggested[n, k]),
                self_confidence=float(confidence[n, worst[0]]),
                reasons=tuple(
                    Reason(types[k], bool(said.given[n, k]), float(said.probabilities[n, k]))
                    for k in shown
                ),
                torn=len(labelled[" ".join(examples[n].text.split())]) > 1,
            )
        )
    return found


def self_confidence(said: Answers) -> np.ndarray:
    """(n, n_types): how likely the model holds what was given, or that nothing was."""
    return np.where(said.given, said.probabilities, 1 - said.probabilities)
