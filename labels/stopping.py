"""When a team may stop: how much of what there is has been found, and how sure that is.

The guarantee rests on passages drawn by lot from all that were unread, and on nothing else. What a
strategy chose says how good the strategy is, not what is left.
"""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from fractions import Fraction

from ..nlp.errors import WhatworksError
from .urns import most_left

TARGET = 0.95
"""What share of the finds a team wants to have, where it says nothing else."""
CONFIDENCE = 0.95
_EXPECTED_LEFT = 0.02
"""How many finds a draw is sharpest at: so many of what was found before it. Any number is valid;
a good one needs fewer passages (chosen on made-up urns, see docs/decisions/0018-stopping.md)."""


class Outcome(StrEnum):
    """What came of a passage that was drawn, for one finding type."""

    FOUND = "found"
    NOT_FOUND = "not_found"
    UNSETTLED = "unsettled"
    """Read, but people disagree or are unsure."""
    UNREAD = "unread"


@dataclass(frozen=True, slots=True)
class Draw:
    """Passages drawn by lot from all that were unread then, and what came of them.

    Of one finding type. Passages that nobody confirmed count as unread. Every unread passage must
    have had the same chance: a sample by strata is not such a draw.

    Raises:
        ValueError: numbers that contradict each other.
    """

    left: int
    """How many passages were unread when it was drawn, those that were drawn among them."""
    before: int
    """Finds in all other passages, as they are confirmed now."""
    read: int
    """How many of the drawn passages were read, from the first drawn on and without a gap."""
    found: int
    """Finds among these."""
    unsettled: int = 0
    """Passages among these on which people disagree or are unsure."""
    uncovered: int = 0
    """Passages that are unread now and were not when it was drawn, or not there: the draw says
    nothing of them."""

    def __post_init__(self) -> None:
        numbers = (self.before, self.found, self.unsettled, self.uncovered)
        if min(numbers) < 0 or not self.found + self.unsettled <= self.read <= self.left:
            raise ValueError(f"no draw has these numbers: {self}")


@dataclass(frozen=True, slots=True)
class Guarantee:
    """How much of a finding type has been found at least, with a stated confidence."""

    found: int
    """Passages that are confirmed to have it."""
    most: int
    """With this confidence, no more passages than this have it, those found among them."""
    recall: float | None
    """At least this share of them has been found, from 0 to 1; None where none was found and some
    may be left: of nothing there is no share."""
    target: float
    confidence: float
    rests_on: int
    """Passages drawn by lot and read that it rests on; 0 where it needs none or has none."""

    @property
    def is_reached(self) -> bool:
        """Whether the team may stop. Never without a guarantee."""
        return self.recall is not None and _reaches(self.found, self.most, self.target)

    @property
    def left(self) -> int:
        """At most so many are still to be found."""
        return self.most - self.found


def guarantee(
    found: int,
    unread: int,
    draws: Sequence[Draw] = (),
    *,
    target: float = TARGET,
    confidence: float = CONFIDENCE,
) -> Guarantee:
    """What is guaranteed for one finding type now.

    It holds however often a team looks, whatever it then does, and whatever strategies read in
    between: each draw gives a confidence sequence for sampling without replacement (Waudby-Smith &
    Ramdas 2020, "Confidence sequences for sampling without replacement", the prior-posterior-ratio
    martingale), and draws share out what may go wrong: half for the first, a quarter for the
    second, and so on. Draws of which one follows upon the other, with nothing read between, count
    as one. It speaks of one finding type: of four, each may go wrong by itself.

    Args:
        found: Passages that are confirmed to have it, however they were chosen.
        unread: All other passages that are not confirmed: unread, disagreed on, unsure.
        draws: In the order in which they were made. Leaving one out for what came of it makes the
            guarantee void.
        target: The share of all finds that is wanted, above 0 and at most 1.
        confidence: How sure it is to be.

    Raises:
        WhatworksError: a target or a confidence that makes no sense.
    """
    if not 0 < target <= 1 or not 0 < confidence < 1:
        raise WhatworksError(
            f"Nobody can be {100 * confidence:g}% sure of {100 * target:g}% of all finds. Give a "
            "target above 0 and up to 100%, and a confidence between 0 and 100%."
        )
    joined = _joined(draws)
    most, rests_on = found + unread, 0
    for number, draw in enumerate(joined):
        bound = _most(draw, _risk(confidence, number))
        # A bound below what was found since is one of those that went wrong: it says nothing.
        if found <= bound < most:
            most, rests_on = bound, draw.read
    recall = found / most if found else None if most else 1.0
    return Guarantee(found, most, recall, target, confidence, rests_on)


@dataclass(frozen=True, slots=True)
class Further:
    """What it takes to reach the target, if no further find comes up."""

    passages: int
    """How many more to draw by lot and read."""
    anew: bool
    """Whether to draw anew from all that is unread now; else the last draw goes on."""


def further(
    found: int,
    unread: int,
    draws: Sequence[Draw] = (),
    *,
    target: float = TARGET,
    confidence: float = CONFIDENCE,
) -> Further:
    """The shortest way to the target: going on with the last draw, or drawing anew.

    For planning, where the target is not reached yet; with every find that comes up it takes more.
    Arguments as those of ``guarantee``.

    >>> further(200, 5000)
    Further(passages=1855, anew=True)
    """

    def reaches(more: int, anew: bool) -> bool:
        if anew:
            others, last = draws, Draw(left=unread, before=found, read=more, found=0)
        else:
            others, last = draws[:-1], replace(draws[-1], read=draws[-1].read + more)
        now = guarantee(found, unread - more, [*others, last], target=target, confidence=confidence)
        return now.is_reached

    # Reading all that is unread always does.
    best = Further(bisect_left(range(unread), True, key=lambda more: reaches(more, True)), True)
    if draws:
        limit = min(draws[-1].left - draws[-1].read, unread)
        on = bisect_left(range(limit), True, key=lambda more: reaches(more, False))
        if on <= best.passages and reaches(on, False):
            best = Further(on, False)
    return best


def draw_of(left: int, before: int, outcomes: Iterable[Outcome], *, uncovered: int = 0) -> Draw:
    """A draw from what came of its passages, in the order in which they were drawn.

    It counts up to the first unread one: who may choose which to read first may choose the easy
    ones. What another round read of them counts.
    """
    read = []
    for one in outcomes:
        if one is Outcome.UNREAD:
            break
        read.append(one)
    return Draw(
        left=left,
        before=before,
        read=len(read),
        found=read.count(Outcome.FOUND),
        unsettled=read.count(Outcome.UNSETTLED),
        uncovered=uncovered,
    )


def hypergeometric_p(draw: Draw, target: float = TARGET) -> float:
    """How likely so few finds would come up in the draw, were the target missed.

    The test of Callaghan and Müller-Hansen 2020, "Statistical stopping criteria for automated
    screening in systematic reviews", Systematic Reviews 9:273. It holds for one look at one draw:
    who looks again after every batch is wrong more often than it says. ``guarantee`` is not.
    """
    from scipy.stats import hypergeom

    missed = (draw.before + draw.found) // _exact(target) + 1 - draw.before
    if missed > draw.left:
        return 0.0
    return float(hypergeom.cdf(draw.found + draw.unsettled, draw.left, missed, draw.read))


def _most(draw: Draw, risk: float) -> int:
    """The most finds in all passages, after a draw."""
    expected = max(1.0, _EXPECTED_LEFT * draw.before)
    # Where people disagree there may be a find.
    found = draw.found + draw.unsettled
    return draw.before + most_left(draw.left, draw.read, found, risk, expected) + draw.uncovered


def _risk(confidence: float, number: int) -> float:
    return (1 - confidence) * 0.5 ** (number + 1)


def _joined(draws: Sequence[Draw]) -> list[Draw]:
    """Draws, with those put together that are one draw which went on."""
    found: list[Draw] = []
    for one in draws:
        last = found[-1] if found else None
        if (
            last is not None
            and not last.unsettled
            and last.left - last.read == one.left
            and last.before + last.found == one.before
        ):
            found[-1] = Draw(
                left=last.left,
                before=last.before,
                read=last.read + one.read,
                found=last.found + one.found,
                unsettled=one.unsettled,
                uncovered=one.uncovered,
            )
        else:
            found.append(one)
    return found


def _reaches(found: int, most: int, target: float) -> bool:
    return found >= _exact(target) * most


def _exact(target: float) -> Fraction:
    """As it is written: 0.95 is 19 / 20, so that 19 of 20 reach it."""
    return Fraction(str(target))
