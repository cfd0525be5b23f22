"""How often the intervals of estimates hold the truth, and how much a model narrows them.

    python benchmarks/estimates.py
    python benchmarks/estimates.py --samples 100

Each time, the passages of some reports are made up, with codes of several prevalences, which differ
from report to report, and with models of several kinds. All is known of all of them. An audit
sample is drawn by report and language as `whatworks round audit` draws it; the shares are estimated
from it alone, and from it with what the model says of all passages.
"""

import argparse
import platform
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
from numpy.typing import NDArray

from whatworks.labels.agreement.bootstrap import Figure
from whatworks.labels.audit_estimates import weights
from whatworks.labels.audit_sample import allocate
from whatworks.labels.synthesis.estimates import estimate

PREVALENCES = (0.01, 0.05, 0.15, 0.4)
SIZES = ((60, 1000, 8), (60, 4000, 15), (150, 3000, 25), (300, 9000, 80))
"""Audited passages, passages, reports."""
MODELS: Mapping[str, float] = {
    "knows nothing": 0.0,
    "weak": 1.0,
    "good": 2.2,
    "very good": 4.0,
    "good, too sure of itself": 2.2,
    "good, in two of three reports": 2.2,
    "says the opposite": 2.2,
}
"""How far what a model sees moves the log odds; the last three are put wrong in their way."""
Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Population:
    """All passages, with what is known of them here alone."""

    strata: NDArray[np.int64]
    """(n,)."""
    given: Bools
    """(n, n_codes): for each prevalence, and each model."""
    predicted: Floats
    """(n, n_codes)."""


def made_up(random: np.random.Generator, passages: int, reports: int) -> Population:
    parts = random.lognormal(0, 0.6, reports)
    sizes = np.maximum(8, (parts / parts.sum() * passages).astype(np.int64))
    report = np.repeat(np.arange(reports), sizes)
    n = len(report)
    # One passage in thirty is of another language than its report.
    strata = np.unique(2 * report + (random.random(n) < 1 / 30), return_inverse=True)[1]
    given, predicted = [], []
    for prevalence in PREVALENCES:
        for name, strength in MODELS.items():
            seen = strength * random.standard_normal(n)
            unseen = 0.7 * random.standard_normal(reports)[report]
            base = _base(seen + unseen, prevalence)
            given.append(random.random(n) < _chance(base + seen + unseen))
            predicted.append(_said(name, base, seen, report))
    return Population(strata, np.array(given).T, np.array(predicted).T)


def _said(name: str, base: float, seen: Floats, report: NDArray[np.int64]) -> Floats:
    if name == "good, too sure of itself":
        return _chance(1.5 * (base + seen + 0.7))
    if name == "good, in two of three reports":
        return _chance(base + np.where(report % 3, seen, 0))
    return _chance(base + (-seen if name == "says the opposite" else seen))


def _chance(logit: Floats) -> Floats:
    found: Floats = 1 / (1 + np.exp(-logit))
    return found


def _base(logit: Floats, prevalence: float) -> float:
    """What is to be added so that the mean chance is the prevalence."""
    low, high = -20.0, 20.0
    for _ in range(30):
        middle = (low + high) / 2
        if _chance(middle + logit).mean() < prevalence:
            low = middle
        else:
            high = middle
    return low


def audit_rows(
    random: np.random.Generator, strata: NDArray[np.int64], size: int
) -> NDArray[np.intp]:
    """The rows of an audit sample."""
    sizes = np.bincount(strata)
    counts = allocate(dict(enumerate(map(int, sizes))), size)
    order = np.lexsort((random.random(len(strata)), strata))
    place = np.arange(len(strata)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    wanted = np.array([counts[one] for one in range(len(sizes))])
    return order[place < wanted[strata[order]]]


@dataclass
class Tally:
    """How often an interval held the truth, how wide it was, and how far off the figure."""

    held: int = 0
    n: int = 0
    wide: float = 0.0
    off: float = 0.0

    def add(self, figure: Figure, true: float) -> None:
        assert figure.value is not None
        assert figure.interval is not None
        self.n += 1
        self.held += figure.interval.low - 1e-12 <= true <= figure.interval.high + 1e-12
        self.wide += figure.interval.high - figure.interval.low
        self.off += figure.value - true

    @property
    def coverage(self) -> float:
        return self.held / self.n

    @property
    def width(self) -> float:
        return self.wide / self.n

    @property
    def bias(self) -> float:
        return self.off / self.n


@dataclass(frozen=True)
class Both:
    """With the model, and from the sample alone."""

    share: Tally
    alone: Tally


def simulated(
    size: int, passages: int, reports: int, samples: int, seed: int = 0
) -> dict[tuple[float, str], Both]:
    """Prevalence and model to how the estimates did."""
    codes = [(one, name) for one in PREVALENCES for name in MODELS]
    found = {code: Both(Tally(), Tally()) for code in codes}
    for number in range(samples):
        random = np.random.default_rng([seed, number, size, passages])
        people = made_up(random, passages, reports)
        rows = audit_rows(random, people.strata, size)
        weight = weights(people.strata[rows].tolist(), dict(enumerate(np.bincount(people.strata))))
        of_all, true = people.predicted.mean(axis=0), people.given.mean(axis=0)
        for k, code in enumerate(codes):
            one = estimate(
                people.given[rows, k], people.predicted[rows, k], weight, float(of_all[k])
            )
            found[code].share.add(one.share, float(true[k]))
            found[code].alone.add(one.by_sample_alone, float(true[k]))
    return found


def table(found: Mapping[tuple[float, str], Both]) -> Iterator[str]:
    yield "| share of passages | model | holds the truth | sample alone | width | sample alone | width for width | off by |"  # noqa: E501
    yield "|---|---|---|---|---|---|---|---|"
    for (prevalence, model), one in found.items():
        yield (
            f"| {prevalence:.0%} | {model} | {one.share.coverage:.1%} | {one.alone.coverage:.1%} | "
            f"{one.share.width:.3f} | {one.alone.width:.3f} | "
            f"{one.share.width / one.alone.width:.2f} | {one.share.bias:+.4f} |"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--samples", type=int, default=1000)
    samples = parser.parse_args().samples
    print(f"{datetime.now(UTC).date()}, {platform.machine()}; {samples:,} samples of each kind")
    for size, passages, reports in SIZES:
        print(f"\n{size} of some {passages:,} passages of {reports} reports\n")
        print("\n".join(table(simulated(size, passages, reports, samples))), flush=True)


if __name__ == "__main__":
    main()
