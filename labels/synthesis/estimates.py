"""Estimates of how much there is in all, from the audit sample and what a model suggests."""

from collections.abc import Mapping
from dataclasses import dataclass

from ..agreement.bootstrap import Figure


@dataclass(frozen=True, slots=True)
class Estimate:
    """How many of all passages have a code: an estimate, never a count."""

    share: Figure
    """From 0 to 1, from the audit sample and the model together."""
    by_sample_alone: Figure
    """The same from the audit sample alone."""


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
    """Whose suggestions they rest on; it learned nothing from this project."""
    level: float
    """How often the intervals are to hold the truth."""
    finding_types: Mapping[str, Estimate]
    themes: Mapping[str, Estimate]
