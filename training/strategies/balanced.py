"""No language and no report left behind: another strategy's choice, shared out evenly."""

from collections import Counter
from collections.abc import Sequence

import numpy as np

from .interface import Chosen, Pool, QueryStrategy, checked

_AHEAD = 3
"""So many times what is wanted is asked for, to find reports of every kind among it."""


class Balanced:
    """As many passages of each language, and within it of as many reports as possible (stratified
    choice; the order within a report is the other strategy's).
    """

    def __init__(self, inner: QueryStrategy, name: str) -> None:
        self.inner = inner
        self.name = name

    def choose(self, pool: Pool, count: int, seed: int) -> Chosen:
        """Languages and reports take turns."""
        count = checked(pool, count)
        languages = np.array(pool.languages)
        names = sorted(set(pool.languages))
        sizes = [int((languages == name).sum()) for name in names]
        rows: list[list[int]] = []
        reasons: dict[int, str] = {}
        for name, quota in zip(names, even_shares(sizes, count), strict=True):
            if not quota:
                continue
            own = np.flatnonzero(languages == name)
            best = self.inner.choose(pool.among(own), min(len(own), _AHEAD * quota), seed)
            ranked = own[best.rows].tolist()
            why = dict(zip(ranked, best.reasons, strict=True))
            taken = _by_report(ranked, pool.reports[ranked].tolist(), quota)
            reasons |= {row: f"{why[row]}; language and report in turn" for row in taken}
            rows.append(taken)
        order = _in_turn(rows)
        return Chosen(np.array(order, dtype=np.intp), tuple(reasons[row] for row in order))


def even_shares(sizes: Sequence[int], count: int) -> list[int]:
    """How many of each group: as even as the sizes allow, the larger first where one is over."""
    shares = [0] * len(sizes)
    while sum(shares) < min(count, sum(sizes)):
        open_ = [n for n, size in enumerate(sizes) if shares[n] < size]
        lowest = min(shares[n] for n in open_)
        fewest = [n for n in open_ if shares[n] == lowest]
        shares[max(fewest, key=lambda n: (sizes[n], -n))] += 1
    return shares


def _by_report(ranked: Sequence[int], reports: Sequence[int], quota: int) -> list[int]:
    """The first of each report, then the second of each, until there are enough."""
    seen: Counter[int] = Counter()
    turns = []
    for place, (row, report) in enumerate(zip(ranked, reports, strict=True)):
        turns.append((seen[report], place, row))
        seen[report] += 1
    return [row for *_, row in sorted(turns)[:quota]]


def _in_turn(groups: Sequence[Sequence[int]]) -> list[int]:
    turns = [(place, n, row) for n, group in enumerate(groups) for place, row in enumerate(group)]
    return [row for *_, row in sorted(turns)]
