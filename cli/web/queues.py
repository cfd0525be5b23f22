"""Lines of the list of queues: what is in each, and how much of it is left."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...labels.codebook import Code
from ...labels.worklist import Bools, Own, Passages, View, to_decide
from .views import query_of


@dataclass(frozen=True, slots=True)
class Line:
    """A queue."""

    words: str
    query: str
    """Of its address."""
    left: int
    total: int
    note: str = ""

    @property
    def done(self) -> int:
        """How many of its passages ask nothing any more."""
        return self.total - self.left


def along(
    keys: NDArray[Any], needed: Bools, named: Sequence[tuple[int | str, str, str]]
) -> list[Line]:
    """A line for each key, counted along all passages.

    Args:
        keys: Of every passage: its report, its language.
        needed: Of every passage: whether it is still to be decided.
        named: Key, words and query of each line.
    """
    found, numbers = np.unique(keys, return_inverse=True)
    totals = np.bincount(numbers, minlength=len(found))
    left = np.bincount(numbers, weights=needed, minlength=len(found))
    places = {key: place for place, key in enumerate(found.tolist())}
    return [
        Line(words, query, int(left[places[key]]), int(totals[places[key]]))
        for key, words, query in named
        if key in places
    ]


def by_code(
    passages: Passages, own: Own, codes: Sequence[Code], kind: str, language: str
) -> list[Line]:
    """A line for each code that is suggested anywhere, as far as this person may know."""
    open_ = ~(passages.blind & ~own.seen)
    needed = to_decide(passages, own) & open_
    lines = []
    for code in codes:
        marked = passages.suggested.get((kind, code.id))
        total = 0 if marked is None else int((marked & open_).sum())
        if marked is not None and total:
            view = View(label=code.id) if kind == "finding_type" else View(theme=code.id)
            left = int((marked & needed).sum())
            lines.append(Line(code.name(language), query_of(view), left, total))
    return lines
