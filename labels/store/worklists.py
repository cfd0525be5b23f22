"""The worklist of a project: read once, then kept in step with the log of decisions.

It holds nothing that the database does not say, and knows at every step whether something came
in since, from whatever program.
"""

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from sqlalchemy import Connection, func, select

from ...nlp.passages import PassageId
from ..decisions import State, Verdict
from ..resolution import Translations, name_key
from ..views import Show, View
from ..worklist import STATES, Bools, Found, Own, Passages, Queue, RoundPlaces, queue_of
from .batch import Recorded
from .blind import hidden_from
from .codebooks import StoredCodebook, current_codebook
from .confirmed import passages_with
from .log import translations
from .queue import annotator_number
from .schema import (
    assignment,
    codebook_version,
    decision,
    policy_version,
    report_version,
    round_,
    selection,
    suggestion,
)
from .sources import Source, current_sources
from .standings import waits_for
from .worklist_rows import (
    Said,
    blind_passages,
    last_votes,
    newer_states,
    placed_passages,
    set_states,
    set_suggestions,
    take_decision,
    votes_on,
)


@dataclass(frozen=True, slots=True)
class Standing:
    """How things stand for one annotator; to be read, never to be changed."""

    annotator: str
    annotator_id: int
    """0 for one who never decided."""
    passages: Passages
    own: Own
    codebook: StoredCodebook
    translations: Translations
    sources: Mapping[int, Source]
    """The newest version of every report, by the version's id."""

    def queue(self, connection: Connection, view: View, found: Found | None = None) -> Queue:
        """Which passages this annotator goes through in a view.

        Args:
            connection: The one that this was worked out on.
            view: Which passages.
            found: What the view's search found, where it has one.
        """
        in_round = confirmed = None
        if view.round_id is not None:
            in_round = _round_places(connection, self.passages, view.round_id, self.annotator_id)
        if view.show is Show.CONFIRMED:
            confirmed = self._confirmed_with(connection, view)
        return queue_of(self.passages, self.own, view, in_round, found=found, confirmed=confirmed)

    def confirmed(self, connection: Connection) -> Bools:
        """Along all passages: whether it is confirmed, and this annotator may know it.

        What others confirmed stays unknown to who is still to decide it independently, and
        what an open blind round asks to who never decided it.
        """
        known: Bools = self.passages.states == STATES.index(State.CONFIRMED)
        known &= ~(self.passages.blind & ~self.own.seen)
        waiting = waits_for(connection, self.annotator_id) if self.annotator_id else ()
        known[[self.passages.at[one] for one in waiting if one in self.passages.at]] = False
        return known

    def _confirmed_with(self, connection: Connection, view: View) -> Bools:
        known = self.confirmed(connection)
        for code in (("finding_type", view.label), ("theme", view.theme)):
            if code[1]:
                with_code = np.zeros(len(known), np.bool_)
                places = (self.passages.at.get(one) for one in passages_with(connection, code))
                with_code[[place for place in places if place is not None]] = True
                known &= with_code
        return known

    def knows(self, passage_id: PassageId) -> bool:
        """Whether this annotator may have decided the passage once."""
        place = self.passages.at.get(passage_id)
        return bool(self.annotator_id) and (place is None or bool(self.own.seen[place]))

    def waits(self, passage_id: PassageId) -> bool:
        """Whether the passage would wait for this annotator's decision, were it assigned."""
        place = self.passages.at.get(passage_id)
        return place is not None and not self.own.decided[place]

    def hides(self, connection: Connection, passage_id: PassageId) -> bool:
        """Whether a blind round hides the passage's suggestion from this annotator."""
        place = self.passages.at.get(passage_id)
        if place is None:
            return bool(hidden_from(connection, self.annotator, [passage_id]))
        return bool(self.passages.blind[place] and not self.own.seen[place])


@dataclass(frozen=True, slots=True)
class _Marks:
    """How far everything has come; each only grows."""

    decisions: int = 0
    suggestions: int = 0
    blind: int = 0
    """Selections of blind rounds."""
    rounds: tuple[int, int] = (0, 0)
    """How many there are, and how many are closed."""
    rules: tuple[int, int, int] = (0, 0, 0)
    """Codebook versions, report versions, policies: when one comes, all is read again."""


class Worklist:
    """What there is to review, for all who review; safe to be used from several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._marks = _Marks()
        self._passages = Passages.nothing()
        self._own: dict[int, Own] = {}
        self._said = Said()
        self._numbers: dict[str, int] = {}
        self._codebook: StoredCodebook | None = None
        self._translations = Translations(())
        self._sources: Mapping[int, Source] = {}

    @property
    def last_read(self) -> tuple[Passages, StoredCodebook] | None:
        """The passages and the codebook as somebody last read them; None before the first."""
        with self._lock:
            return None if self._codebook is None else (self._passages, self._codebook)

    def standing(self, connection: Connection, annotator_name: str) -> Standing:
        """How things stand for this annotator, as the connection sees the project now.

        Args:
            connection: Within ``store.reading()``.
            annotator_name: Who asks.
        """
        with self._lock:
            self._follow(connection)
            assert self._codebook is not None
            me = self._number(connection, annotator_name)
            return Standing(
                annotator_name,
                me,
                self._passages,
                self._own_of(connection, me),
                self._codebook,
                self._translations,
                self._sources,
            )

    def take(self, recorded: Sequence[Recorded]) -> None:
        """Takes in what this program has just written, without reading it again.

        Where anything else came in between, it is read at the next step as ever.

        Args:
            recorded: All decisions of one transaction, in their order.
        """
        with self._lock:
            new = [one for one in recorded if one.is_new]
            known = self._codebook is not None and all(
                one.decision.id == self._marks.decisions + n
                and one.decision.verdict is not Verdict.UNDO
                and one.decision.codebook_version == self._codebook.number
                for n, one in enumerate(new, 1)
            )
            if not known:
                return
            for one in new:
                place = self._passages.at.get(one.decision.passage_id)
                if place is not None:
                    assert one.resolution is not None
                    self._passages.states[place] = STATES.index(one.resolution.state)
                    own = self._own.get(self._numbers.get(name_key(one.decision.annotator), 0))
                    if own is not None:
                        take_decision(own, place, one.decision, self._said)
            self._marks = replace(self._marks, decisions=self._marks.decisions + len(new))

    def _number(self, connection: Connection, name: str) -> int:
        key = name_key(name)
        number = self._numbers.get(key) or annotator_number(connection, name)
        if number:
            self._numbers[key] = number
        return number

    def _own_of(self, connection: Connection, annotator_id: int) -> Own:
        own = self._own.get(annotator_id)
        if own is None:
            own = Own.nothing(len(self._passages))
            own.said = self._said.answers
            if annotator_id:
                last_votes(connection, annotator_id, self._passages, own, self._said)
                self._own[annotator_id] = own
        return own

    def _follow(self, connection: Connection) -> None:
        """Takes in what came since the last time."""
        now, was = _marks(connection), self._marks
        if now == was or now.rules < was.rules:
            # Nothing came, or this reader began before the last one.
            return
        if now.rules != was.rules:
            self._read_all(connection)
            self._marks = now
            return
        if now.suggestions > was.suggestions:
            set_suggestions(connection, self._passages, after=was.suggestions)
        if now.decisions > was.decisions:
            touched = newer_states(connection, self._passages, was.decisions)
            votes_on(connection, touched, self._passages, self._own, self._said, self._translations)
        if now.rounds > was.rounds or now.blind > was.blind:
            self._passages.blind = blind_passages(connection, self._passages)
        self._marks = _Marks(
            max(now.decisions, was.decisions),
            max(now.suggestions, was.suggestions),
            max(now.blind, was.blind),
            max(now.rounds, was.rounds),
            now.rules,
        )

    def _read_all(self, connection: Connection) -> None:
        self._codebook = current_codebook(connection)
        self._translations = translations(connection)
        self._sources = {one.version_id: one for one in current_sources(connection)}
        self._passages = placed_passages(connection)
        set_suggestions(connection, self._passages)
        set_states(connection, self._passages)
        self._passages.blind = blind_passages(connection, self._passages)
        # New lists: what was given out before goes on to be read.
        self._own, self._said = {}, Said()


_MARKS = select(
    *(
        select(func.coalesce(func.max(table.c.id), 0)).scalar_subquery()
        for table in (
            decision,
            suggestion,
            codebook_version,
            report_version,
            policy_version,
        )
    ),
    # In other rounds passages are selected with every decision; in blind ones seldom.
    select(func.count())
    .select_from(selection)
    .where(selection.c.round_id.in_(select(round_.c.id).where(round_.c.blind)))
    .scalar_subquery(),
    select(func.count()).select_from(round_).scalar_subquery(),
    select(func.count(round_.c.closed_at)).scalar_subquery(),
)


def _marks(connection: Connection) -> _Marks:
    row = connection.execute(_MARKS).one()
    return _Marks(row[0], row[1], row[5], (row[6], row[7]), (row[2], row[3], row[4]))


def _round_places(
    connection: Connection, passages: Passages, round_id: int, me: int
) -> RoundPlaces:
    """The passages of a round that are asked of this annotator."""
    mine = assignment.alias("mine")
    anybody = (
        select(assignment.c.selection_id)
        .where(assignment.c.selection_id == selection.c.id)
        .correlate(selection)
        .exists()
    )
    rows = connection.execute(
        select(selection.c.passage_id, mine.c.annotator_id, anybody)
        .outerjoin(mine, (mine.c.selection_id == selection.c.id) & (mine.c.annotator_id == me))
        .where(selection.c.round_id == round_id)
        .order_by(selection.c.id)
    ).all()
    asked = [
        (passages.at[one], number is not None)
        for one, number, some in rows
        if one in passages.at and (number is not None or not some)
    ]
    return RoundPlaces(
        np.array([place for place, _ in asked], np.int32),
        np.array([is_mine for _, is_mine in asked], np.bool_),
    )
