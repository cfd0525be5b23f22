"""Shares of a count, how sure they are, and how far two of them lie apart."""

import math
from dataclasses import dataclass
from statistics import NormalDist

from .agreement.bootstrap import Interval


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many."""

    count: int
    n: int

    @property
    def value(self) -> float | None:
        """From 0 to 1; None of nothing."""
        return self.count / self.n if self.n else None

    @property
    def interval(self) -> Interval | None:
        """The 95% score interval (Wilson 1927); None of nothing.

        >>> interval = Share(81, 263).interval
        >>> round(interval.low, 4), round(interval.high, 4)
        (0.2553, 0.3662)
        """
        return score_interval(self.count / self.n, self.n) if self.n else None


def score_interval(p: float, n: float, level: float = 0.95) -> Interval:
    """The score interval of a share p of n cases (Wilson 1927); n need not be a whole number."""
    z = NormalDist().inv_cdf((1 + level) / 2)
    middle = 2 * n * p + z * z
    spread = z * math.sqrt(z * z + 4 * n * p * (1 - p))
    # At the ends rounding would leave a little more than all or less than nothing.
    low = 0.0 if p == 0 else (middle - spread) / (2 * (n + z * z))
    high = 1.0 if p == 1 else (middle + spread) / (2 * (n + z * z))
    return Interval(low, high)


@dataclass(frozen=True, slots=True)
class Difference:
    """How much larger one share is than another, of other cases."""

    value: float
    """From -1 to 1."""
    interval: Interval
    """95%."""

    @property
    def is_clear(self) -> bool:
        """Whether the interval leaves out that there is none."""
        return not self.interval.low <= 0 <= self.interval.high


def difference(one: Share, other: Share) -> Difference | None:
    """The first share less the second, None where one of them is of nothing.

    The interval is made of the two score intervals (Newcombe 1998, "Interval estimation for the
    difference between independent proportions", method 10).

    >>> found = difference(Share(56, 70), Share(48, 80))
    >>> round(found.value, 4), round(found.interval.low, 4), round(found.interval.high, 4)
    (0.2, 0.0524, 0.3339)
    """
    first, second = one.value, other.value
    of_first, of_second = one.interval, other.interval
    if first is None or second is None or of_first is None or of_second is None:
        return None
    apart = first - second
    return Difference(
        apart,
        Interval(
            apart - math.hypot(first - of_first.low, of_second.high - second),
            apart + math.hypot(of_first.high - first, second - of_second.low),
        ),
    )
