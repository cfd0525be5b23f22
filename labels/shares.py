"""Shares of a count, how sure they are, and how far two of them lie apart."""

import math
from dataclasses import dataclass

from .agreement.bootstrap import Interval

_Z = 1.959963984540054
"""The quantile of the normal distribution that leaves 2.5% above it."""


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
        if not self.n:
            return None
        n, p, zz = self.n, self.count / self.n, _Z * _Z
        middle = 2 * n * p + zz
        spread = _Z * math.sqrt(zz + 4 * n * p * (1 - p))
        # At the ends rounding would leave a little more than all or less than nothing.
        low = 0.0 if self.count == 0 else (middle - spread) / (2 * (n + zz))
        high = 1.0 if self.count == n else (middle + spread) / (2 * (n + zz))
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
