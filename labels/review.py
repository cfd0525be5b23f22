"""A review session: one annotator, one passage after another, every decision kept at once.

Knows no screen: the terminal draws its cards, and so may any other. It holds nothing that cannot
be lost: where somebody stopped is in the log of decisions.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ..nlp.errors import WhatworksError
from ..nlp.passages import PassageId
from .cards import Card, Dealt, deal
from .decisions import Answer, Decision, DecisionDraft, Verdict, verdict_for
from .resolution import Resolution
from .store.database import Store
from .store.decisions import record
from .store.last import last_decision
from .store.queue import Wanted, left, next_passage, where_stopped
from .store.suggestions import StoredSuggestion

MAX_SECONDS = 600.0
"""A longer look at one passage was a break; it counts as this."""
_RECOUNT = 25
"""After so many passages the rest is counted anew: others work on it too."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a decision."""

    decision: Decision
    resolution: Resolution | None
    """Where the passage stands now. Not for the eyes of who decides independently."""
    suggestion: StoredSuggestion | None
    """What was suggested, hidden or not."""


class ReviewSession:
    """Goes through a queue from where the annotator stopped to its end, and round to there.

    Args:
        store: The project's.
        annotator: Who decides.
        wanted: Which passages; by default all that this annotator still has to decide.
        blind: Whether suggestions are hidden until the decision.
        adjudicates: Whether the decisions settle what others disagree on.
        source: What the decisions are made with.
        clock: Seconds that pass.
    """

    def __init__(
        self,
        store: Store,
        annotator: str,
        wanted: Wanted | None = None,
        *,
        blind: bool = False,
        adjudicates: bool = False,
        source: str = "terminal",
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.annotator = annotator
        self.decided = 0
        """Decisions of this session that were not taken back in it."""
        self._store = store
        self._wanted = wanted or Wanted()
        self._blind = blind
        self._adjudicates = adjudicates
        self._source = source
        self._clock = clock
        self._made: set[int] = set()
        self._dealt: Dealt | None = None
        self._shown_at = clock()
        self._visited: list[PassageId] = []
        self._at = 0
        self._left = 0
        with store.reading() as connection:
            self._cursor = where_stopped(connection, annotator, self._wanted)
        self._go_on()

    def current(self) -> Card | None:
        """The passage to decide; None at the end of the queue."""
        if self._at == len(self._visited):
            return None
        if self._dealt is None:
            with self._store.reading() as connection:
                self._dealt = deal(
                    connection,
                    self.annotator,
                    self._visited[self._at],
                    round_id=self._wanted.round_id,
                    left=self._left,
                    blind=self._blind,
                    adjudicates=self._adjudicates,
                )
            self._shown_at = self._clock()
        return self._dealt.card

    def decide(self, labels: Sequence[str], themes: Sequence[str], comment: str = "") -> Outcome:
        """Records the answer and goes on to the next passage; () and () is no finding.

        Raises:
            WhatworksError: it cannot be recorded; the text says why, and the card stays.
        """
        return self._record(Answer.of(labels, themes), None, comment)

    def confirm(self, comment: str = "") -> Outcome:
        """Records what was suggested.

        Raises:
            WhatworksError: nothing is suggested, or it is hidden.
        """
        card = self._card()
        if card.suggestion is None:
            raise WhatworksError("There is no suggestion to confirm. Say what the passage holds.")
        return self._record(card.suggestion.answer, None, comment)

    def reject(self, comment: str = "") -> Outcome:
        """Records that the passage holds no finding."""
        return self.decide((), (), comment)

    def unsure(self, comment: str = "") -> Outcome:
        """Records that the annotator cannot tell.

        Raises:
            WhatworksError: also where the annotator adjudicates.
        """
        if self._adjudicates:
            raise WhatworksError("To settle a passage is to say what it holds. Skip it instead.")
        return self._record(Answer(), Verdict.UNSURE, comment)

    def skip(self) -> None:
        """Goes on without a decision; the passage comes again when all others are through."""
        self.forward()

    def back(self) -> bool:
        """Goes to the passage seen before; whether there is one."""
        return self._go_to(self._at - 1)

    def forward(self) -> None:
        """Goes to the passage seen after this one, or to the next one in the queue."""
        if self._at < len(self._visited) - 1:
            self._go_to(self._at + 1)
        elif self._at < len(self._visited):
            self._go_on()

    def last(self) -> Decision | None:
        """The annotator's last decision that can be taken back, of this session or before."""
        with self._store.reading() as connection:
            return last_decision(connection, self.annotator)

    def is_of_this_session(self, decision: Decision) -> bool:
        """Whether it was made in it."""
        return decision.id in self._made

    def undo(self) -> Decision:
        """Takes back the annotator's last decision and goes to its passage; what it was.

        Raises:
            WhatworksError: there is none.
        """
        last = self.last()
        if last is None:
            raise WhatworksError("There is nothing to take back: you have decided nothing yet.")
        record(
            self._store,
            DecisionDraft(last.passage_id, self.annotator, Verdict.UNDO, source=self._source),
        )
        if last.id in self._made:
            self._made.remove(last.id)
            self.decided -= 1
        if last.passage_id not in self._visited:
            # Before the passage that is still open, which comes next then.
            self._visited.insert(max(0, len(self._visited) - 1), last.passage_id)
        self._go_to(self._visited.index(last.passage_id))
        return last

    def left_over(self) -> int:
        """How many passages are in the queue still, with those that were skipped."""
        with self._store.reading() as connection:
            return left(connection, self.annotator, self._wanted)

    def again(self) -> None:
        """Begins once more at the beginning of the queue: with those that were skipped."""
        self._visited, self._at, self._cursor = [], 0, None
        self._go_on()

    def _card(self) -> Card:
        card = self.current()
        if card is None:
            raise WhatworksError("The queue is at its end: there is no passage to decide.")
        return card

    def _record(self, answer: Answer, verdict: Verdict | None, comment: str) -> Outcome:
        self._card()
        dealt = self._dealt
        assert dealt is not None
        draft = DecisionDraft(
            passage_id=dealt.card.passage.id,
            annotator=self.annotator,
            verdict=verdict or verdict_for(answer.labels, answer.themes, dealt.suggested),
            labels=answer.labels,
            themes=answer.themes,
            comment=comment,
            seconds=min(self._clock() - self._shown_at, MAX_SECONDS),
            blind=dealt.card.is_hidden,
            adjudicates=self._adjudicates,
            suggestion_id=None if dealt.suggestion is None else dealt.suggestion.id,
            round_id=dealt.round_id,
            source=self._source,
        )
        try:
            recorded = record(self._store, draft)
        except WhatworksError:
            # The codebook or the suggestion may have changed since the card was made.
            self._dealt = None
            raise
        self._made.add(recorded.decision.id)
        self.decided += 1
        outcome = Outcome(recorded.decision, recorded.resolution, dealt.suggestion)
        self._go_past_seen()
        return outcome

    def _go_past_seen(self) -> None:
        """From a passage gone back to, to the one that was open then."""
        if self._at < len(self._visited) - 1:
            self._go_to(len(self._visited) - 1)
        else:
            self._go_on()

    def _go_to(self, place: int) -> bool:
        if not 0 <= place < len(self._visited):
            return False
        self._at, self._dealt = place, None
        return True

    def _go_on(self) -> None:
        """To a passage that was not seen in this session yet."""
        with self._store.reading() as connection:
            found = next_passage(
                connection,
                self.annotator,
                self._wanted,
                after=self._cursor,
                without=self._visited,
            )
            if found is None and self._cursor is not None:
                found = next_passage(
                    connection, self.annotator, self._wanted, without=self._visited
                )
            if len(self._visited) % _RECOUNT == 0:
                self._left = left(connection, self.annotator, self._wanted, without=self._visited)
            else:
                self._left = max(self._left - 1, 0 if found is None else 1)
        self._dealt = None
        self._at = len(self._visited)
        if found is not None:
            self._visited.append(found.passage_id)
            self._cursor = found.at
