"""The worklist: which passages somebody goes through, in which order, and how many are left.

It is worked out in memory, over all passages at once, so that a screen can show at every step how
far one has come. Where to read what it needs: ``labels/store/worklists.py``.
"""

from collections.abc import Collection
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from ..nlp.passages import PassageId
from .decisions import Answer, State
from .views import By as By
from .views import Order as Order
from .views import Show as Show
from .views import View as View

Bools = NDArray[np.bool_]
Ints = NDArray[np.int32]
Kind = tuple[str, str]
"""('finding_type' or 'theme', code)."""


STATES = (None, State.IN_REVIEW, State.DISAGREED, State.CONFIRMED, State.STALE)
"""What the numbers in ``Passages.states`` mean; the first is a passage on which nothing holds."""
_DISAGREED, _CONFIRMED, _STALE = 2, 3, 4


@dataclass(slots=True)
class Passages:
    """All current passages in reading order; every array has one entry a passage."""

    ids: list[PassageId]
    versions: Ints
    """The version of the report."""
    positions: Ints
    """In that version."""
    reports: Ints
    languages: NDArray[np.str_]
    states: NDArray[np.int8]
    uncertainty: NDArray[np.float32]
    """Of the last suggestion; -1 where there is none."""
    suggested: dict[Kind, Bools] = field(default_factory=dict)
    blind: Bools = field(default_factory=lambda: np.zeros(0, np.bool_))
    """Whether it is in an open blind round."""
    at: dict[PassageId, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.at = {one: place for place, one in enumerate(self.ids)}
        if len(self.blind) != len(self.ids):
            self.blind = np.zeros(len(self.ids), np.bool_)

    def __len__(self) -> int:
        return len(self.ids)

    @classmethod
    def nothing(cls) -> "Passages":
        """Of a project without reports."""
        none = np.zeros(0, np.int32)
        doubt, states = np.zeros(0, np.float32), np.zeros(0, np.int8)
        return cls([], none, none, none, np.zeros(0, "U8"), states, doubt)

    @property
    def languages_there(self) -> list[str]:
        """The languages of the passages, sorted."""
        return [str(one) for one in np.unique(self.languages)]


@dataclass(slots=True)
class Own:
    """What one annotator did; every array has one entry a passage."""

    decided: Bools
    """Whether a decision holds, and the last one's codes still mean what they meant."""
    holding: Bools
    """Whether a decision holds at all."""
    unsure: Bools
    seen: Bools
    """Whether the annotator ever decided it, were it taken back since: the suggestion is known."""
    answers: Ints
    """Which of ``said`` holds; -1 where none."""
    said: list[Answer] = field(default_factory=list)
    """One list for all annotators: it only grows."""

    @classmethod
    def nothing(cls, count: int) -> "Own":
        """Of somebody who never decided."""
        decided, holding, unsure, seen = (np.zeros(count, np.bool_) for _ in range(4))
        return cls(decided, holding, unsure, seen, np.full(count, -1, np.int32))


@dataclass(frozen=True, slots=True)
class RoundPlaces:
    """The passages of a round that are asked of one annotator."""

    places: Ints
    """Places in ``Passages``, in the order of their selection."""
    assigned: Bools
    """Along ``places``: whether it is assigned to this annotator; else it is to nobody."""


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found."""

    places: Ints
    """Places in ``Passages``, in the order of the search."""
    most: int | None = None
    """How many are taken of those that the view shows, from the first; None takes all."""


class Queue:
    """A view of one annotator at one moment."""

    def __init__(self, passages: Passages, order: Ints, is_open: Bools, *, ends: bool) -> None:
        """What is worked out.

        Args:
            passages: All.
            order: Places of those in the queue, in order.
            is_open: Along ``order``: whether it is still to be decided.
            ends: Whether one stops at its end instead of going on at its beginning.
        """
        self._passages = passages
        self._order = order
        self._open = is_open
        self._ends = ends

    @property
    def total(self) -> int:
        """How many passages it has."""
        return len(self._order)

    @property
    def left(self) -> int:
        """How many of them are still to be decided."""
        return int(self._open.sum())

    def stretch(self, start: int, end: int) -> Ints:
        """The places in ``Passages`` of those from one place of the queue to another, from 0."""
        return self._order[start:end]

    def nth(self, place: int) -> PassageId:
        """The passage at a place, counted from 1."""
        return self._id(place - 1)

    def place_of(self, passage_id: PassageId) -> int:
        """Its place, counted from 1; 0 where it is not in the queue."""
        found = np.flatnonzero(self._order == self._passages.at.get(passage_id, -1))
        return int(found[0]) + 1 if len(found) else 0

    def before(self, passage_id: PassageId) -> PassageId | None:
        """The passage before it, decided or not."""
        start = self._start(passage_id)
        return self._id(start - 1) if start > 0 else None

    def after(self, passage_id: PassageId) -> PassageId | None:
        """The passage after it, decided or not."""
        start = self._start(passage_id)
        start += self.place_of(passage_id) > 0
        return self._id(start) if start < self.total else None

    def following(
        self, passage_id: PassageId | None = None, avoid: Collection[PassageId] = ()
    ) -> PassageId | None:
        """The next passage to be decided after this one, or from the beginning.

        Args:
            passage_id: Never given back itself.
            avoid: Taken only where there is nothing else: what was skipped, or somebody else
                has on the screen.
        """
        start = 0 if passage_id is None else self._start(passage_id)
        places = np.flatnonzero(self._open)
        if passage_id is not None:
            places = places[self._order[places] != self._passages.at.get(passage_id, -1)]
        cut = int(np.searchsorted(places, start))
        ahead = places[cut:] if self._ends else np.concatenate([places[cut:], places[:cut]])
        if not len(ahead):
            return None
        return next((one for n in ahead if (one := self._id(n)) not in avoid), self._id(ahead[0]))

    def _start(self, passage_id: PassageId) -> int:
        """Its place from 0, or where a passage that is not in the queue would be passed."""
        place = self.place_of(passage_id)
        if place:
            return place - 1
        # Along reading order that can be told; in any other order one begins again.
        at = self._passages.at.get(passage_id)
        is_reading = bool((np.diff(self._order) > 0).all())
        return 0 if at is None or not is_reading else int(np.searchsorted(self._order, at))

    def _id(self, place: int | np.intp) -> PassageId:
        return self._passages.ids[int(self._order[place])]


def queue_of(
    passages: Passages,
    own: Own,
    view: View,
    in_round: RoundPlaces | None = None,
    *,
    found: Found | None = None,
    confirmed: Bools | None = None,
) -> Queue:
    """The queue of one annotator.

    What a blind round hides has no part in it: by its suggestion no passage is found or sorted
    that the annotator has not decided yet.

    Args:
        passages: All.
        own: Of the annotator.
        view: Which of them.
        in_round: The passages of the view's round.
        found: What the view's search found: it gives the order.
        confirmed: Along all passages, which the annotator may know to be confirmed with the
            view's codes; needed to show what is confirmed.
    """
    hidden = passages.blind & ~own.seen
    wanted = _filtered(passages, own, view, hidden, confirmed)
    needed = to_decide(passages, own)
    if in_round is not None:
        asked = np.zeros(len(passages), np.bool_)
        asked[in_round.places] = True
        wanted &= asked
        needed[in_round.places] = np.where(
            in_round.assigned, ~own.decided[in_round.places], needed[in_round.places]
        )
    if found is not None:
        order = found.places[wanted[found.places]][: found.most]
    elif in_round is not None:
        order = in_round.places[wanted[in_round.places]]
    else:
        order = np.flatnonzero(wanted).astype(np.int32)
    is_open = needed[order]
    if view.order is Order.UNCERTAIN:
        doubt = np.where(hidden, -1, passages.uncertainty)[order]
        by_doubt = np.argsort(-doubt, kind="stable")
        order, is_open = order[by_doubt], is_open[by_doubt]
    if view.show is not Show.OPEN:
        is_open = np.ones(len(order), np.bool_)
    return Queue(passages, order, is_open, ends=view.show is not Show.OPEN)


def to_decide(passages: Passages, own: Own) -> Bools:
    """Along all passages: whether this annotator has to decide it, unless a round asks for it."""
    settled = (passages.states == _CONFIRMED) | (passages.states == _DISAGREED)
    needed: Bools = (passages.states == 0) | (~settled & ~own.decided)
    return needed


def _filtered(
    passages: Passages, own: Own, view: View, hidden: Bools, confirmed: Bools | None
) -> Bools:
    wanted: Bools = np.ones(len(passages), np.bool_)
    if view.report_id is not None:
        wanted &= passages.reports == view.report_id
    if view.language:
        wanted &= passages.languages == view.language
    by_own = view.show in (Show.MINE, Show.UNSURE)
    for kind, code in (("finding_type", view.label), ("theme", view.theme)):
        if code and by_own:
            wanted &= _said(own, kind, code)
        elif code and view.show is not Show.CONFIRMED:
            wanted &= passages.suggested.get((kind, code), False) & ~hidden
    if view.show is Show.MINE:
        wanted &= own.holding
    elif view.show is Show.UNSURE:
        wanted &= own.unsure
    elif view.show is Show.STALE:
        wanted &= (passages.states == _STALE) & ~own.decided
    elif view.show is Show.DISAGREED:
        wanted &= passages.states == _DISAGREED
    elif view.show is Show.CONFIRMED:
        wanted &= np.zeros(len(passages), np.bool_) if confirmed is None else confirmed
    return wanted


def _said(own: Own, kind: str, code: str) -> Bools:
    with_code = [
        number
        for number, answer in enumerate(own.said)
        if code in (answer.labels if kind == "finding_type" else answer.themes)
    ]
    found: Bools = np.isin(own.answers, with_code)
    return found
