"""Estimates of how much there is in all, from the audit sample and what a model suggests."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from ..agreement.bootstrap import Figure
from ..audit_estimates import Bools, Floats, prevalence, worth
from ..shares import score_interval


@dataclass(frozen=True, slots=True)
class Estimate:
    """How many of all passages have a code: an estimate, never a count."""

    share: Figure
    """From 0 to 1, from the audit sample and the model together."""
    by_sample_alone: Figure
    """The same from the audit sample alone."""
    trust: float = 0.0
    """How far the model was followed, from 0 (not at all) to 1."""


@dataclass(frozen=True, slots=True)
class Estimates:
    """How much there is in all, told by a random sample."""

    population: int
    """Passages that it speaks of: those of included evaluations from which some were drawn."""
    not_covered: int
    """Passages of included evaluations of which it says nothing."""
    audited: int
    """Passages of the sample on which people agreed."""
    model: str
    """Whose suggestions they rest on; it learned nothing from this project. '' where there is no
    such model: then all is from the sample alone."""
    level: float
    """How often the intervals are to hold the truth."""
    finding_types: Mapping[str, Estimate]
    themes: Mapping[str, Estimate]


def estimate(
    given: Bools, predicted: Floats, weight: Floats, predicted_of_all: float, level: float = 0.95
) -> Estimate:
    """How many of all passages have a code: the model's guess, put right by the audited passages.

    The difference estimator of survey sampling (Särndal, Swensson & Wretman 1992, "Model Assisted
    Survey Sampling", 6.3), which is prediction-powered inference with a power-tuned model
    (Angelopoulos et al. 2023; Angelopoulos, Duchi & Zrnic 2023, "PPI++"): it holds whatever the
    model is worth. The interval is that of the sample alone with as many more passages as the model
    spares: a score interval, since a normal one fails where a code is rare.

    Args:
        given: (n,): whether people gave the code to an audited passage.
        predicted: (n,): what the model says of each, from 0 to 1; 0 where it says nothing. The
            model must not have learned from any passage that could be drawn.
        weight: (n,), from ``weights``.
        predicted_of_all: The mean of what the model says of all passages, audited or not.
        level: How often the interval is to hold the truth.
    """
    alone = prevalence(given, weight, level)
    if alone.value is None:
        return Estimate(alone, alone)
    trust, left = _tuned(given, predicted, weight)
    cases = worth(weight)
    if not trust or np.isinf(cases):
        return Estimate(alone, alone)
    moved = trust * (predicted_of_all - float(weight @ predicted / weight.sum()))
    p = min(1.0, max(0.0, alone.value + moved))
    return Estimate(Figure(p, score_interval(p, cases / left, level)), alone, trust)


def _tuned(given: Bools, predicted: Floats, weight: Floats) -> tuple[float, float]:
    """How far to follow the model, and how much of the variance it then leaves, above 0 to 1.

    Both as if one more passage had been found of which the model knew nothing: in a small sample
    it may have been right by luck.
    """
    part = weight / weight.sum()
    off, said = given - part @ given, predicted - part @ predicted
    variance, spread = float(part @ off**2), float(part @ said**2)
    if variance <= 0 or spread <= 0:
        return 0.0, 1.0
    found = variance / float(part @ part)
    trust = float(part @ (off * said)) / spread * found / (found + 1)
    trust = min(1.0, max(0.0, trust))
    left = float(part @ (off - trust * said) ** 2) / variance
    return trust, (found * left + 1) / (found + 1)
