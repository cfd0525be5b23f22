"""How many passages each stratum gives to a sample."""

import heapq
from collections.abc import Hashable, Mapping
from fractions import Fraction
from typing import TypeVar

Key = TypeVar("Key", bound=Hashable)


def enlarged(sizes: Mapping[Key, int], have: Mapping[Key, int], add: int) -> dict[Key, int]:
    """How many passages each stratum gives to a sample that so many are added to.

    In proportion to the sizes, and none gives fewer than before. Each next passage goes to the
    stratum that is shortest of its share (Sainte-Laguë's divisors), so that one large sample and
    one that was enlarged step by step are the same.

    Args:
        sizes: How many passages each stratum has.
        have: How many it gives already.
        add: How many are to be added; all that there are, where there are fewer.

    >>> enlarged({"a": 60, "b": 30, "c": 10}, {"a": 0, "b": 0, "c": 0}, 10)
    {'a': 6, 'b': 3, 'c': 1}
    """
    given = dict(have)
    order = list(sizes)
    waiting = [
        (-Fraction(sizes[key], 2 * given[key] + 1), place)
        for place, key in enumerate(order)
        if given[key] < sizes[key]
    ]
    heapq.heapify(waiting)
    for _ in range(min(add, sum(sizes.values()) - sum(given.values()))):
        _, place = heapq.heappop(waiting)
        key = order[place]
        given[key] += 1
        if given[key] < sizes[key]:
            heapq.heappush(waiting, (-Fraction(sizes[key], 2 * given[key] + 1), place))
    return given
