"""How much people decided, and how long they took, counted from the journal."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from .journal import UNDO, Columns, Journal

EVERYBODY = 0
"""Stands for all annotators; nobody has this id."""


@dataclass(frozen=True, slots=True)
class Seconds:
    """How long people look at a passage before they decide."""

    n: int
    """Decisions of which the time is known."""
    low: float
    """A quarter of them took less."""
    median: float
    high: float
    """A quarter of them took more."""


@dataclass(frozen=True, slots=True)
class Work:
    """What one annotator did."""

    passages: int
    """On which a decision of this person holds."""
    adjudicated: int
    """Disagreements of others that this person settled, as it holds."""
    last_day: date
    seconds: Seconds | None
    """None where no time was measured."""


@dataclass(frozen=True, slots=True)
class Day:
    """Decisions of a day, in UTC; what was taken back since is among them."""

    day: date
    decisions: int


@dataclass(frozen=True, slots=True)
class Week:
    """How long people took in a week."""

    monday: date
    seconds: Seconds


def work(journal: Journal) -> dict[int, Work]:
    """What each annotator did, by id."""
    columns = journal.columns
    holding = columns.holding
    votes = holding & ~columns.adjudicates
    _, first = np.unique(columns.pairs[votes], return_index=True)
    passages = np.bincount(columns.annotators[votes][first]) if len(first) else np.zeros(1, int)
    adjudicated = np.bincount(columns.annotators[holding & columns.adjudicates], minlength=1)
    times = _grouped(columns, columns.annotators)
    last: dict[int, int] = dict(
        zip(columns.annotators.tolist(), columns.days.tolist(), strict=True)
    )
    return {
        one: Work(
            passages=_at(passages, one),
            adjudicated=_at(adjudicated, one),
            last_day=date.fromordinal(day),
            seconds=times.get(one),
        )
        for one, day in last.items()
    }


def days(journal: Journal) -> dict[int, list[Day]]:
    """Decisions by day, of each annotator and of everybody; days between without any too."""
    columns = journal.columns
    made = columns.verdicts != UNDO
    found = {EVERYBODY: _days(columns.days[made])}
    for one in np.unique(columns.annotators).tolist():
        found[one] = _days(columns.days[made & (columns.annotators == one)])
    return found


def weeks(journal: Journal) -> dict[int, list[Week]]:
    """Times by week, of each annotator and of everybody; weeks without any are left out."""
    columns = journal.columns
    # Day 1 was a Monday.
    number = (columns.days - 1) // 7
    found = {EVERYBODY: _weeks(_grouped(columns, number))}
    width = int(number.max(initial=0)) + 1
    both = _grouped(columns, columns.annotators.astype(np.int64) * width + number)
    for one in np.unique(columns.annotators).tolist():
        of_one = {key % width: times for key, times in both.items() if key // width == one}
        found[one] = _weeks(of_one)
    return found


def _days(given: NDArray[np.int32]) -> list[Day]:
    if not len(given):
        return []
    first = int(given.min())
    return [
        Day(date.fromordinal(first + place), count)
        for place, count in enumerate(np.bincount(given - first).tolist())
    ]


def _weeks(given: Mapping[int, Seconds]) -> list[Week]:
    return [
        Week(date.fromordinal(7 * number + 1), times) for number, times in sorted(given.items())
    ]


def _grouped(columns: Columns, keys: NDArray[np.integer]) -> dict[int, Seconds]:
    """Times by key. An adjudication is read at length: it does not count."""
    measured = (columns.verdicts != UNDO) & ~columns.adjudicates & ~np.isnan(columns.seconds)
    some = keys[measured]
    order = np.argsort(some, kind="stable")
    values, begins = np.unique(some[order], return_index=True)
    parts = np.split(columns.seconds[measured][order], begins[1:])
    return {
        key: Seconds(len(part), *(float(one) for one in np.percentile(part, (25, 50, 75))))
        for key, part in zip(values.tolist(), parts, strict=False)
    }


def _at(counts: NDArray[np.integer], place: int) -> int:
    return int(counts[place]) if place < len(counts) else 0
