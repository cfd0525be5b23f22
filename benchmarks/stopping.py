"""How often a stopping rule says stop too early, over simulated reviews.

    python benchmarks/stopping.py                   # made-up reviews
    python benchmarks/stopping.py --corpus          # reviews of the starter corpus
    python benchmarks/stopping.py --reviews 100 --target 0.9

A review has 1,500 to 6,000 passages and four finding types, from 1 in 50 passages to 1 in 5. A
model ranks the passages, better in one review than in another. With `--corpus`, a review is a lot
of three in five of the corpus' reports, ranked by logistic regressions on the bundled encoder's
vectors that learned from other reports.

The team reads batches of 50: what the model thinks likeliest, or by lot from what is unread. It
looks after every batch, and stops for a finding type at the first look at which the rule says so.
Ways of working, by lot:

    until dry        the model until two batches in a row bring next to nothing, then by lot
    in a hurry       the model for a tenth to a third of the passages, then by lot
    in turns         six batches by the model, two by lot, and so on
    by lot           from the first passage on

Rules:

    guarantee           whatworks: labels/stopping.py
    test at every look  the hypergeometric test of Callaghan and Müller-Hansen 2020, at 5%, on the
                        last draw, looked at after every batch as if it were the only look
    nothing new         the last two batches brought no find

At last, draws alone, looked at after every passage: how often a bound on what there is was ever too
low, for any target.
"""

import argparse
import platform
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
from numpy.typing import NDArray
from scipy.stats import hypergeom
from sklearn.linear_model import LogisticRegression

from whatworks.labels.shares import Share
from whatworks.labels.stopping import Draw, guarantee, hypergeometric_p
from whatworks.nlp.cached import CachedEncoder
from whatworks.nlp.encoders import SentenceEncoder
from whatworks.nlp.locations import cache_folder
from whatworks.nlp.vectors import VectorCache
from whatworks.training.examples import CORPUS_FILES, HEADED_FILES, load_corpus
from whatworks.training.ground import fold_rows

TYPES = ("success_factor", "obstacle", "lesson", "good_practice")
PREVALENCES = ((0.12, 0.2), (0.08, 0.15), (0.04, 0.08), (0.02, 0.05))
WAYS = ("until dry", "in a hurry", "in turns", "by lot")
SIZES = (1500, 6001)
BATCH = 50
EVERY = 7
"""The guarantee is asked for after so many passages: a bound hardly moves between."""
Bools = NDArray[np.bool_]
Rows = NDArray[np.intp]


@dataclass(frozen=True)
class Review:
    """Passages with what is in them, and what a model makes of them."""

    truth: Bools
    """(n, n_types)."""
    scores: NDArray[np.float64]
    """(n, n_types), higher is likelier."""
    way: str


@dataclass(frozen=True)
class Look:
    """Where a team stands after a batch, for one finding type."""

    found: int
    unread: int
    draws: tuple[Draw, ...]
    lately: int
    """Finds in the last two batches."""


@dataclass(frozen=True)
class Stop:
    """Where a rule stopped."""

    way: str
    recall: float
    """NaN where there is nothing to be found."""
    share_read: float


Rule = Callable[[Look, float], bool]


def by_guarantee(look: Look, target: float) -> bool:
    return guarantee(look.found, look.unread, look.draws, target=target).is_reached


def by_test(look: Look, target: float) -> bool:
    if not look.unread:
        return True
    return bool(look.draws) and look.found > 0 and hypergeometric_p(look.draws[-1], target) < 0.05


def by_nothing_new(look: Look, _: float) -> bool:
    return not look.unread or (look.found > 0 and look.lately == 0)


RULES: dict[str, Rule] = {
    "guarantee": by_guarantee,
    "test at every look": by_test,
    "nothing new": by_nothing_new,
}


def made_up(random: np.random.Generator, sizes: tuple[int, int] = SIZES) -> Review:
    n = int(random.integers(*sizes))
    chances = [random.uniform(*ends) for ends in PREVALENCES]
    truth = random.random((n, len(chances))) < chances
    # Of pairs of one with and one without, 86 to 99 in 100 stand in the right order.
    skill = random.uniform(1.5, 3.5, size=len(chances))
    scores = truth * skill + random.standard_normal(truth.shape)
    return Review(truth, scores, str(random.choice(WAYS)))


def of_corpus() -> Callable[[np.random.Generator], Review]:
    """Makes reviews of the starter corpus."""
    examples = load_corpus(files=(*CORPUS_FILES, *HEADED_FILES))
    encoder = CachedEncoder(SentenceEncoder(), VectorCache(cache_folder() / "vectors.sqlite"))
    vectors = encoder.encode([one.text for one in examples])
    truth = np.array([[code in one.labels for code in TYPES] for one in examples])
    scores = np.zeros(truth.shape)
    for seen, held_out in fold_rows(examples):
        for k in range(len(TYPES)):
            heads = LogisticRegression(C=10, max_iter=1000).fit(vectors[seen], truth[seen, k])
            scores[held_out, k] = heads.decision_function(vectors[held_out])
    reports = np.array([one.report for one in examples])
    names = np.unique(reports)

    def make(random: np.random.Generator) -> Review:
        chosen = random.choice(names, size=len(names) * 3 // 5, replace=False)
        rows = np.flatnonzero(np.isin(reports, chosen))
        return Review(truth[rows], scores[rows], str(random.choice(WAYS)))

    return make


def batches(review: Review, random: np.random.Generator) -> Iterator[tuple[Rows, bool]]:
    """What is read, batch by batch, and whether by lot; the caller marks nothing: all is read."""
    n = len(review.truth)
    unread = np.ones(n, dtype=np.bool_)
    # Ranked by the best of the four, each seen beside its own spread.
    standard = (review.scores - review.scores.mean(axis=0)) / review.scores.std(axis=0)
    order = np.argsort(-standard.max(axis=1), kind="stable")
    poor = number = 0
    hurry = int(random.uniform(0.1, 0.33) * n)
    while unread.any():
        by_lot = {
            "until dry": poor >= 2,
            "in a hurry": number * BATCH >= hurry,
            "in turns": number % 8 >= 6,
            "by lot": True,
        }[review.way]
        left = np.flatnonzero(unread)
        rows = random.permutation(left)[:BATCH] if by_lot else order[unread[order]][:BATCH]
        # Next to nothing: fewer than one find in ten passages.
        few = review.truth[rows].any(axis=1).sum() < BATCH / 10
        poor = poor + 1 if few or by_lot else 0
        unread[rows] = False
        number += 1
        yield rows, by_lot


def stops(
    review: Review, random: np.random.Generator, target: float, rules: Sequence[str]
) -> dict[str, list[Stop]]:
    """For each rule, where it stopped for each finding type."""
    n, n_types = review.truth.shape
    total = review.truth.sum(axis=0)
    found, read = np.zeros(n_types, dtype=int), 0
    draws: list[list[Draw]] = [[] for _ in range(n_types)]
    late: list[NDArray[np.int_]] = []
    done: dict[str, dict[int, Stop]] = {name: {} for name in rules}
    was_by_lot = False
    for rows, by_lot in batches(review, random):
        new = review.truth[rows].sum(axis=0)
        for k in range(n_types) if by_lot else ():
            if was_by_lot:
                last = draws[k].pop()
                more = last.read + len(rows), last.found + int(new[k])
                draws[k].append(Draw(last.left, last.before, *more))
            else:
                draws[k].append(Draw(n - read, int(found[k]), len(rows), int(new[k])))
        was_by_lot = by_lot
        found, read = found + new, read + len(rows)
        late = [*late[-1:], new]
        for k in range(n_types):
            look = Look(int(found[k]), n - read, tuple(draws[k]), int(sum(one[k] for one in late)))
            for name in rules:
                if k not in done[name] and RULES[name](look, target):
                    recall = found[k] / total[k] if total[k] else np.nan
                    done[name][k] = Stop(review.way, float(recall), read / n)
        if all(len(one) == n_types for one in done.values()):
            break
    return {name: [one[k] for k in range(n_types)] for name, one in done.items()}


def simulated(
    reviews: int,
    target: float,
    *,
    make: Callable[[np.random.Generator], Review] = made_up,
    rules: Sequence[str] = tuple(RULES),
    seed: int = 0,
) -> dict[str, list[list[Stop]]]:
    """Rule to finding type to where it stopped in each review."""
    found: dict[str, list[list[Stop]]] = {name: [[] for _ in TYPES] for name in rules}
    for number in range(reviews):
        random = np.random.default_rng([seed, number])
        for name, by_type in stops(make(random), random, target, rules).items():
            for k, stop in enumerate(by_type):
                found[name][k].append(stop)
    return found


def missed(found: Sequence[Stop], target: float) -> Share:
    """How many of the stops came too early."""
    return Share(sum(one.recall < target for one in found), len(found))


def ever_wrong(
    draws: int, left: int, there: int, before: int, seed: int = 0
) -> tuple[Share, Share]:
    """How often a bound was too low at any look: that of the guarantee, that of the plain test."""
    wrong = plain = 0
    read = np.arange(1, left + 1)
    for number in range(draws):
        random = np.random.default_rng([seed, number])
        found = np.cumsum(random.permutation(left) < there)
        # The test rejects the truth itself.
        plain += bool((hypergeom.cdf(found, left, there, read) < 0.05).any())
        for n in read[:-1:EVERY].tolist():
            k = int(found[n - 1])
            draw = Draw(left, before, n, k)
            if guarantee(before + k, left - n, (draw,)).most < before + there:
                wrong += 1
                break
    return Share(wrong, draws), Share(plain, draws)


def tell_ever(draws: int) -> None:
    print("\nDraws looked at all the time: a bound that was ever too low\n")
    print("| unread | finds among them | found before | guarantee | plain test |")
    print("|---|---|---|---|---|")
    for left, there, before in ((2000, 5, 100), (2000, 30, 100), (2000, 100, 100), (4000, 400, 0)):
        ours, plain = ever_wrong(draws, left, there, before)
        print(f"| {left:,} | {there} | {before} | {_said(ours)} | {_said(plain)} |")


def _said(share: Share) -> str:
    assert share.interval is not None
    low, high = share.interval.low, share.interval.high
    return f"{share.count} of {share.n} ({low:.1%} to {high:.1%})"


def tell(found: dict[str, list[list[Stop]]], target: float) -> None:
    print("| rule | finding type | stopped too early | read at the stop, median |")
    print("|---|---|---|---|")
    for name, by_type in found.items():
        for code, own in zip(TYPES, by_type, strict=True):
            read = np.median([one.share_read for one in own])
            print(f"| {name} | {code} | {_said(missed(own, target))} | {read:.0%} |")
    print("\nRead at the stop by the guarantee, median, by way of working\n")
    print("| way | " + " | ".join(TYPES) + " |\n|---|" + "---|" * len(TYPES))
    for way in WAYS:
        medians = [
            np.median([one.share_read for one in own if one.way == way])
            for own in found["guarantee"]
        ]
        print(f"| {way} | " + " | ".join(f"{one:.0%}" for one in medians) + " |")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--reviews", type=int, default=500)
    parser.add_argument("--target", type=float, nargs="+", default=[0.8, 0.9, 0.95])
    parser.add_argument("--corpus", action="store_true", help="reviews of the starter corpus")
    arguments = parser.parse_args()
    make = of_corpus() if arguments.corpus else made_up
    print(f"{datetime.now(UTC).date()}, {platform.machine()}; {arguments.reviews} reviews, looked "
          f"at after every batch of {BATCH}")  # fmt: skip
    for target in arguments.target:
        print(f"\nAt least {target:.0%} of all finds, at 95% confidence\n")
        tell(simulated(arguments.reviews, target, make=make), target)
    tell_ever(arguments.reviews)


if __name__ == "__main__":
    main()
