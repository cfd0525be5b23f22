"""Macro F1 and accuracy over several divisions, and what one method has over another."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

RESAMPLES = 2000
_SEED = 20


@dataclass(frozen=True, slots=True)
class Answers:
    """What a method said of held-out texts, those of several divisions one after the other."""

    truth: tuple[str, ...]
    predicted: tuple[str, ...]
    reports: tuple[str, ...]

    @property
    def accuracy(self) -> float:
        """The share of texts with the right label."""
        return float(np.mean(np.array(self.truth) == np.array(self.predicted)))

    @property
    def macro_f1(self) -> float:
        """The mean F1 of the labels that occur."""
        (count,) = _counts([self])
        return float(_macro_f1(count.sum(0)))


def joined(parts: Sequence[Answers]) -> Answers:
    """The answers of several divisions as one."""
    return Answers(
        truth=tuple(label for part in parts for label in part.truth),
        predicted=tuple(label for part in parts for label in part.predicted),
        reports=tuple(report for part in parts for report in part.reports),
    )


def difference(first: Answers, second: Answers) -> tuple[float, float, float]:
    """Macro F1 of the first less that of the second, on the same texts, with its 95% interval.

    By resampling reports (percentile bootstrap, Efron & Tibshirani 1993). A report that is held
    out in several divisions is drawn with all it has in them: they are not independent.
    """
    one, other = _counts([first, second])
    reports = len(one)
    random = np.random.default_rng(_SEED)
    times = random.multinomial(reports, np.full(reports, 1 / reports), RESAMPLES)
    found = [_macro_f1(np.tensordot(times, counts, axes=1)) for counts in (one, other)]
    low, high = np.quantile(found[0] - found[1], [0.025, 0.975])
    return first.macro_f1 - second.macro_f1, float(low), float(high)


def _counts(several: Sequence[Answers]) -> list[NDArray[np.float64]]:
    """(n_reports, 3, n_labels) of each: hits, predicted, true; labels and reports in one order."""
    labels = {
        label: n
        for n, label in enumerate(
            dict.fromkeys(label for one in several for label in (*one.truth, *one.predicted))
        )
    }
    reports = {name: n for n, name in enumerate(dict.fromkeys(several[0].reports))}
    found = []
    for one in several:
        counts = np.zeros((len(reports), 3, len(labels)))
        row = np.array([reports[name] for name in one.reports])
        true = np.array([labels[label] for label in one.truth])
        predicted = np.array([labels[label] for label in one.predicted])
        is_hit = true == predicted
        for kind, (at, label) in enumerate(
            [(row[is_hit], true[is_hit]), (row, predicted), (row, true)]
        ):
            cells = np.bincount(at * len(labels) + label, minlength=counts[:, kind].size)
            counts[:, kind] = cells.reshape(len(reports), len(labels))
        found.append(counts)
    return found


def _macro_f1(counts: NDArray[np.float64]) -> NDArray[np.float64]:
    """(...) of (..., 3, n_labels): labels that do not occur among the true ones do not count."""
    hits, predicted, true = np.moveaxis(counts, -2, 0)
    f1 = 2 * hits / np.maximum(1, predicted + true)
    return np.asarray((f1 * (true > 0)).sum(-1) / np.maximum(1, (true > 0).sum(-1)))
