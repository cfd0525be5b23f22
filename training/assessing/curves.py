"""What more confirmed passages would bring, and what crosses over from one language to another."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from ...labels.agreement.bootstrap import Figure
from ..evaluation import Predictions
from ..ground import SEED, Ground, Rows, thresholds_on
from .resampling import Resampling, figure
from .scores import Answers, answers, f1_values

SMALLEST = (30, 100)
"""The first sizes of the curve; from there on each is twice the one before."""
LEAST = 30
"""Passages of a language, before it is looked at by itself."""


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """Scores with so many passages to learn from, over the folds."""

    passages: int
    """0 is the base as it is; the last are all of the other folds, on average."""
    is_all: bool
    micro_f1: float
    micro_range: tuple[float, float]
    """The lowest and the highest fold."""
    macro_f1: float
    macro_range: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Crossing:
    """A language by heads that learned from other languages alone, and from all."""

    language: str
    passages: int
    reports: int
    learned_from: int
    """Passages of other languages, and of reports that hold none of this one."""
    without: Figure
    """Micro F1 after learning from those."""
    with_all: Figure
    """Micro F1 out of fold, after learning from all languages."""
    difference: Figure
    """With all less without."""


def learning_curve(ground: Ground, parts: Sequence[tuple[Rows, Rows]]) -> list[CurvePoint]:
    """Each fold's passages by heads refitted on more and more of the others.

    Whole reports are drawn by lot until there are as many passages as wanted. What is suggested
    goes by the base's thresholds throughout, so that sizes differ in what was learned alone.
    """
    fewest = min(len(seen) for seen, _ in parts)
    sizes = [size for size in SMALLEST if size < fewest]
    while sizes and sizes[-1] >= SMALLEST[-1] and 2 * sizes[-1] < fewest:
        sizes.append(2 * sizes[-1])
    scores: dict[int, list[tuple[float, float]]] = {size: [] for size in (0, *sizes, fewest)}
    for number, (seen, held_out) in enumerate(parts):
        seen = _by_lot(ground, seen, number)
        scores[0].append(_f1(ground, held_out, ground.as_it_is(held_out)))
        for size in sizes:
            scores[size].append(_f1(ground, held_out, ground.refitted(seen[:size], held_out)))
        scores[fewest].append(_f1(ground, held_out, ground.refitted(seen, held_out)))
    mean = round(float(np.mean([len(seen) for seen, _ in parts])))
    points = []
    for size, found in scores.items():
        micro, macro = np.array(found).T
        points.append(
            CurvePoint(
                passages=mean if size == fewest else size,
                is_all=size == fewest,
                micro_f1=float(np.nanmean(micro)),
                micro_range=(float(np.nanmin(micro)), float(np.nanmax(micro))),
                macro_f1=float(np.nanmean(macro)),
                macro_range=(float(np.nanmin(macro)), float(np.nanmax(macro))),
            )
        )
    return points


def crossings(ground: Ground, said: Answers, drawing: Resampling) -> list[Crossing]:
    """For each language with enough passages, where there are two such.

    Args:
        ground: What is refitted from.
        said: Out of fold.
        drawing: Of the reports of the same examples.
    """
    languages = np.array([one.language for one in ground.examples])
    reports = np.array([one.report for one in ground.examples])
    counts = Counter(languages.tolist())
    enough = sorted(name for name, count in counts.items() if count >= LEAST)
    if len(enough) < 2:
        return []
    rows = []
    for language in enough:
        own = languages == language
        seen = np.flatnonzero(~own & ~np.isin(reports, reports[own]))
        if not len(seen):
            continue
        alone = ground.refitted(seen, np.flatnonzero(own))
        # Thresholds move with what was learned from, here as out of fold.
        thresholds = thresholds_on(ground, said.probabilities.astype(np.float32), seen)
        ids = ground.codebook.finding_type_ids
        alone = replace(alone, suggested=alone.probabilities >= [thresholds[one] for one in ids])
        some = [ground.examples[int(n)] for n in np.flatnonzero(own)]
        drawn = drawing.among(own)
        first, _ = f1_values(answers(some, alone, ground.codebook), drawn)
        second, _ = f1_values(said.among(own), drawn)
        n = int(own.sum())
        rows.append(
            Crossing(
                language=language,
                passages=n,
                reports=len(set(reports[own])),
                learned_from=len(seen),
                without=figure(first, n),
                with_all=figure(second, n),
                difference=figure(second - first, n),
            )
        )
    return rows


def _by_lot(ground: Ground, seen: Rows, number: int) -> Rows:
    """The same rows, report by report, reports in an order drawn by lot."""
    names = sorted({ground.examples[int(n)].report for n in seen})
    drawn = np.random.default_rng([SEED, number]).permutation(len(names))
    place = {names[n]: order for order, n in enumerate(drawn)}
    return np.array(sorted(seen, key=lambda n: (place[ground.examples[int(n)].report], n)))


def _f1(ground: Ground, rows: Rows, found: Predictions) -> tuple[float, float]:
    some = [ground.examples[int(n)] for n in rows]
    drawing = Resampling([one.report for one in some], resamples=0)
    micro, macro = f1_values(answers(some, found, ground.codebook), drawing)
    return float(micro[0]), float(macro[0])
