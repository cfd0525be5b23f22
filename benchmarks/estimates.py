"""How often the intervals of estimates hold the truth, and how much a model narrows them.

    python benchmarks/estimates.py
    python benchmarks/estimates.py --samples 100
    python benchmarks/estimates.py --sample-reports

Each time, the passages of some reports are made up, with codes of several prevalences, which differ
from report to report, and with models of several kinds. All is known of all of them. An audit
sample is drawn by report and language as `whatworks round audit` draws it; the shares are estimated
from it alone, and from it with what the model says of all passages. A cell says how often the 95%
interval held the truth, then how wide it was: for the sample alone in shares, for a model as part
of that. With --sample-reports the passages, their labels and the suggestions are real.
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
        drawn(random, made_up(random, passages, reports), size, list(found.values()))
    return found


def drawn(random: np.random.Generator, people: Population, size: int, kept: list[Both]) -> None:
    """Draws an audit sample, and takes in how the estimate of each code did."""
    rows = audit_rows(random, people.strata, size)
    weight = weights(people.strata[rows].tolist(), dict(enumerate(np.bincount(people.strata))))
    of_all, true = people.predicted.mean(axis=0), people.given.mean(axis=0)
    for k, both in enumerate(kept):
        given, predicted = people.given[rows, k], people.predicted[rows, k]
        one = estimate(given, predicted, weight, float(of_all[k]))
        both.share.add(one.share, float(true[k]))
        both.alone.add(one.by_sample_alone, float(true[k]))


def on_sample_reports(size: int, samples: int) -> dict[str, tuple[float, Both]]:
    """Each code of the sample reports to how many passages have it, and how estimates did.

    What people gave is known for all of them; the starter model, which learned nothing from them,
    suggests.
    """
    from samples import joined

    from whatworks.cli.classify import make_suggester
    from whatworks.labels.codebook import load_codebook

    book = load_codebook()
    passages, gold, _ = joined()
    suggested = make_suggester("starter", None, book).suggest(passages)
    strata = np.unique([f"{one.report} {one.language}" for one in passages], return_inverse=True)[1]
    given, predicted = [], []
    for code in book.finding_type_ids:
        given.append([code in one.labels for one in gold])
        predicted.append([one.probabilities[code] for one in suggested])
    for code in book.theme_ids:
        given.append([code in one.themes for one in gold])
        # As the store keeps them: the likeliest themes, should the passage be a finding.
        likely = [{theme.theme: theme.probability for theme in one.themes} for one in suggested]
        chance = [max(one.probabilities.values()) for one in suggested]
        predicted.append([p * one.get(code, 0.0) for p, one in zip(chance, likely, strict=True)])
    people = Population(strata, np.array(given).T, np.array(predicted).T)
    kept = [Both(Tally(), Tally()) for _ in given]
    for number in range(samples):
        drawn(np.random.default_rng([number, size]), people, size, kept)
    shares = people.given.mean(axis=0)
    codes = (*book.finding_type_ids, *book.theme_ids)
    return {code: (float(shares[k]), kept[k]) for k, code in enumerate(codes)}


def table(found: Mapping[tuple[float, str], Both]) -> Iterator[str]:
    yield "| model | " + " | ".join(f"{one:.0%} have it" for one in PREVALENCES) + " |"
    yield "|---" * (1 + len(PREVALENCES)) + "|"
    alone = [[found[prevalence, model].alone for model in MODELS] for prevalence in PREVALENCES]
    cells = [
        f"{np.mean([one.coverage for one in some]):.1%}, {np.mean([one.width for one in some]):.3f}"
        for some in alone
    ]
    yield f"| *none: the sample alone* | {' | '.join(cells)} |"
    for model in MODELS:
        both = [found[prevalence, model] for prevalence in PREVALENCES]
        cells = [
            f"{one.share.coverage:.1%}, {one.share.width / one.alone.width:.2f}" for one in both
        ]
        yield f"| {model} | {' | '.join(cells)} |"


def table_of_codes(found: Mapping[str, tuple[float, Both]]) -> Iterator[str]:
    yield "| code | have it | holds the truth | sample alone | width | sample alone |"
    yield "|---|---|---|---|---|---|"
    for code, (share, one) in found.items():
        yield (
            f"| {code} | {share:.1%} | {one.share.coverage:.1%} | {one.alone.coverage:.1%} | "
            f"{one.share.width:.3f} | {one.alone.width:.3f} |"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--samples", type=int, default=1000)
    parser.add_argument("--sample-reports", action="store_true", help="real ones, real suggestions")
    given = parser.parse_args()
    print(f"{datetime.now(UTC).date()}, {platform.machine()}; {given.samples:,} samples of each")
    if given.sample_reports:
        print("\nThe sample reports, 100 passages audited\n")
        print("\n".join(table_of_codes(on_sample_reports(100, given.samples))))
        return
    for size, passages, reports in SIZES:
        print(f"\n{size} of some {passages:,} passages of {reports} reports\n")
        print("\n".join(table(simulated(size, passages, reports, given.samples))), flush=True)


if __name__ == "__main__":
    main()
