"""Automation bias: how much more people agree with a suggestion because they see it.

Compared are answers to the same passages with the same suggestion, which some people saw when
they decided and from others it was hidden. Everything else, such as that suggestions for some
passages are easier to get right, is then the same on both sides.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from .decisions import Answer
from .shares import Difference, Share, difference

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


class About(StrEnum):
    """What of a suggestion is compared."""

    ANSWER = "answer"
    """All of it: finding types and themes."""
    TYPES = "types"
    """The set of finding types."""
    TYPE = "type"
    """One finding type, where it is suggested: whether people give it."""
    NOTHING = "nothing"
    """That there is no finding, where none is suggested."""


@dataclass(frozen=True, slots=True, eq=False)
class Looks:
    """What people said when they first looked at a passage; one place in each array a look."""

    passages: Ints
    """Which passage: any number of its own."""
    blind: Bools
    """Whether the suggestion was hidden."""
    suggested: Ints
    """Place in ``answers`` of what the model says."""
    given: Ints
    """Place in ``answers`` of what the person said; equal answers have one place."""
    answers: Sequence[Answer]


@dataclass(frozen=True, slots=True)
class Row:
    """How often people say what is suggested."""

    about: About
    code: str
    """The finding type, '' where it is not about one."""
    seen: Share
    """Of the answers by people who saw the suggestion."""
    blind: Share
    """Of the answers by people from whom it was hidden."""

    @property
    def difference(self) -> Difference | None:
        """How much more often they say it when they see it."""
        return difference(self.seen, self.blind)


@dataclass(frozen=True, slots=True)
class Bias:
    """What seeing suggestions does."""

    seen: Share
    """Of all first answers by people who saw a suggestion: those that are what it says."""
    blind: Share
    """The same of those from whom it was hidden. On other passages: not to be compared."""
    changed: Share
    """Of the blind answers that were not what was suggested: those that people changed once they
    saw it."""
    adopted: int
    """How many of these they changed into what was suggested."""
    passages: int
    """How many passages are compared: there are answers of both kinds to the same suggestion."""
    rows: tuple[Row, ...]
    """Over these passages; of a finding type that was never suggested there is none."""


def comparable(looks: Looks) -> Looks:
    """The looks at passages that some people saw with the suggestion and others without."""
    keys = looks.passages * max(1, len(looks.answers)) + looks.suggested
    both = np.intersect1d(keys[looks.blind], keys[~looks.blind])
    return _only(looks, np.isin(keys, both))


def compare(looks: Looks, finding_types: Sequence[str]) -> tuple[int, tuple[Row, ...]]:
    """How many passages can be compared, and how often people say what is suggested there.

    Args:
        looks: All of them: those that cannot be compared are left out.
        finding_types: Of which there is a row each, in this order.
    """
    some = comparable(looks)
    types = [frozenset(answer.labels) for answer in some.answers]
    number = {one: place for place, one in enumerate(dict.fromkeys(types))}
    of_types = np.array([number[one] for one in types], np.int64)
    empty = np.array([not one for one in types], np.bool_)
    everywhere = np.ones(len(some.passages), np.bool_)
    same_types = of_types[some.given] == of_types[some.suggested] if types else everywhere
    rows = [
        _row(some, About.ANSWER, "", everywhere, some.given == some.suggested),
        _row(some, About.TYPES, "", everywhere, same_types),
    ]
    if types:
        for code in finding_types:
            has = np.array([code in one for one in types], np.bool_)
            rows.append(_row(some, About.TYPE, code, has[some.suggested], has[some.given]))
        rows.append(_row(some, About.NOTHING, "", empty[some.suggested], empty[some.given]))
    there = tuple(row for row in rows if row.seen.n or row.blind.n)
    return len(np.unique(some.passages)), there


def _row(looks: Looks, about: About, code: str, where: Bools, same: Bools) -> Row:
    def share(of: Bools) -> Share:
        return Share(int((same & of & where).sum()), int((of & where).sum()))

    return Row(about, code, seen=share(~looks.blind), blind=share(looks.blind))


def _only(looks: Looks, wanted: Bools) -> Looks:
    return Looks(
        looks.passages[wanted],
        looks.blind[wanted],
        looks.suggested[wanted],
        looks.given[wanted],
        looks.answers,
    )
