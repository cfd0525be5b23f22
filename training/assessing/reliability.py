"""Whether probabilities mean what they say."""

from dataclasses import dataclass

import numpy as np

from ...labels.codebook import Codebook
from ...labels.shares import Share
from ..calibration import expected_calibration_error
from .resampling import Floats
from .scores import Answers, Bools

BINS = 10


@dataclass(frozen=True, slots=True)
class Bin:
    """Passages with about the same probability."""

    low: float
    high: float
    mean_probability: float
    share: Share
    """How many of them have the finding type."""


@dataclass(frozen=True, slots=True)
class Reliability:
    """Probability beside frequency, of one finding type or of all pairs."""

    finding_type: str
    """'' is all pairs of a passage and a finding type."""
    error: float
    """Expected calibration error (Naeini et al. 2015)."""
    bins: tuple[Bin, ...]
    """Ten equally wide ones, without those that are empty."""


def reliabilities(said: Answers, codebook: Codebook) -> list[Reliability]:
    """Of all pairs, then of each finding type."""
    found = [_reliability("", said.probabilities.ravel(), said.given.ravel())]
    for k, code in enumerate(codebook.finding_type_ids):
        found.append(_reliability(code, said.probabilities[:, k], said.given[:, k]))
    return found


def _reliability(finding_type: str, probabilities: Floats, given: Bools) -> Reliability:
    # As the error's own bins are cut.
    places = np.clip((probabilities * BINS).astype(int), 0, BINS - 1)
    bins = []
    for n in range(BINS):
        inside = places == n
        if inside.any():
            share = Share(int(given[inside].sum()), int(inside.sum()))
            mean = float(probabilities[inside].mean())
            bins.append(Bin(n / BINS, (n + 1) / BINS, mean, share))
    error = expected_calibration_error(probabilities, given, bins=BINS)
    return Reliability(finding_type, error, tuple(bins))
