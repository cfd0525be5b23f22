"""Two models on the same passages: is one better, or is it chance?"""

from dataclasses import dataclass

import numpy as np

from ...labels.agreement.bootstrap import Interval
from .resampling import Floats, Resampling
from .scores import Answers, f1_values


@dataclass(frozen=True, slots=True)
class Difference:
    """In a score, the first model less the second."""

    first: float
    second: float
    value: float
    interval: Interval | None
    """95%, reports resampled; None where there is nothing to resample."""
    p_value: float | None
    """How often resampling would show so large a difference were there none, both ways."""

    @property
    def is_clear(self) -> bool:
        """Whether the interval leaves out that there is none."""
        return self.interval is not None and not self.interval.low <= 0 <= self.interval.high


@dataclass(frozen=True, slots=True)
class Paired:
    """Two models, tested on the very same passages."""

    first: str
    """What to call them."""
    second: str
    micro_f1: Difference
    macro_f1: Difference
    only_first_right: int
    """Passages of which only the first model says the first finding type right."""
    only_second_right: int
    first_right_p_value: float
    """Of McNemar's exact test on these two counts."""


def paired(names: tuple[str, str], first: Answers, second: Answers, drawing: Resampling) -> Paired:
    """The paired bootstrap for F1, the exact test for the first finding type.

    Both models are scored on the same drawn reports (Efron & Tibshirani 1993; for comparing
    language models Berg-Kirkpatrick et al. 2012, "An Empirical Investigation of Statistical
    Significance in NLP"). McNemar's test (1947) counts the passages on which they differ; it takes
    passages as independent of one another, which those of one report are not quite.
    """
    from scipy.stats import binomtest

    one, other = f1_values(first, drawing), f1_values(second, drawing)
    only_first = int((first.first_right & ~second.first_right).sum())
    only_second = int((second.first_right & ~first.first_right).sum())
    differing = only_first + only_second
    return Paired(
        first=names[0],
        second=names[1],
        micro_f1=_difference(one[0], other[0]),
        macro_f1=_difference(one[1], other[1]),
        only_first_right=only_first,
        only_second_right=only_second,
        first_right_p_value=float(binomtest(only_first, differing).pvalue) if differing else 1.0,
    )


def _difference(first: Floats, second: Floats) -> Difference:
    apart = first - second
    resampled = apart[1:][~np.isnan(apart[1:])]
    interval, p_value = None, None
    if len(resampled):
        low, high = np.quantile(resampled, [0.025, 0.975])
        interval = Interval(float(low), float(high))
        # One more than was seen: a thousand draws can not show that it never happens.
        tails = ((resampled <= 0).sum() + 1, (resampled >= 0).sum() + 1)
        p_value = min(1.0, 2 * float(min(tails)) / (len(resampled) + 1))
    return Difference(float(first[0]), float(second[0]), float(apart[0]), interval, p_value)
