"""The rounds drawn by lot from all that was unread, as draws that a guarantee can rest on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, select

from ...nlp.passages import PassageId
from ..decisions import Verdict
from ..stopping import Draw, Outcome, draw_of
from .confirmed import finding_types_of_confirmed
from .passages import current_versions, first_added
from .rounds import BY_LOT
from .schema import decision, placement, resolution, round_, selection


@dataclass(frozen=True, slots=True)
class Reading:
    """What became of all current passages."""

    ids: frozenset[PassageId]
    confirmed: Mapping[PassageId, frozenset[str]]
    """To the finding types that they have."""
    undecided: frozenset[PassageId]
    """Nobody's decision on them holds."""

    def found(self, finding_type: str) -> int:
        """How many passages are confirmed to have it."""
        return sum(finding_type in one for one in self.confirmed.values())

    def outcome(self, passage_id: PassageId, finding_type: str) -> Outcome:
        """What came of a passage."""
        labels = self.confirmed.get(passage_id)
        if labels is not None:
            return Outcome.FOUND if finding_type in labels else Outcome.NOT_FOUND
        return Outcome.UNREAD if passage_id in self.undecided else Outcome.UNSETTLED


@dataclass(frozen=True, slots=True)
class DrawnRound:
    """A round that was drawn by lot."""

    name: str
    passages: tuple[PassageId, ...]
    """In the order in which they were drawn."""
    left: frozenset[PassageId]
    """Those it was drawn from, as far as they are still there."""

    def draw(self, reading: Reading, finding_type: str) -> Draw:
        """What it says of a finding type."""
        others = reading.ids - self.left
        return draw_of(
            left=len(self.left),
            before=sum(finding_type in reading.confirmed.get(one, ()) for one in others),
            outcomes=[reading.outcome(one, finding_type) for one in self.passages],
            uncovered=sum(one not in reading.confirmed for one in others),
        )


def read_outcomes(connection: Connection) -> Reading:
    """What became of all current passages."""
    versions = current_versions()
    query = (
        select(placement.c.passage_id, resolution.c.state)
        .join(versions, versions.c.id == placement.c.report_version_id)
        .outerjoin(resolution, resolution.c.passage_id == placement.c.passage_id)
    )
    states = {PassageId(row.passage_id): row.state for row in connection.execute(query)}
    return Reading(
        frozenset(states),
        finding_types_of_confirmed(connection),
        frozenset(one for one, state in states.items() if state is None),
    )


def drawn_rounds(connection: Connection, reading: Reading) -> list[DrawnRound]:
    """The rounds by lot in the order in which they were drawn, with what they were drawn from.

    That is worked out again from the log: all that was there at that moment, that nobody had
    decided, and that no open round or audit sample asked for.
    """
    made = connection.execute(
        select(round_).where(round_.c.strategy == BY_LOT).order_by(round_.c.id)
    ).all()
    if not made:
        return []
    past = _Past.read(connection)
    found = []
    for row in made:
        passages = _selected(connection, row.id)
        left = {one for one in reading.ids if past.was_unread(one, row.created_at)}
        there = tuple(one for one in passages if one in left)
        found.append(DrawnRound(row.name, there, frozenset(left)))
    return found


@dataclass(frozen=True, slots=True)
class _Past:
    """When what happened to passages; spans end before their second moment, '' is never."""

    came: Mapping[PassageId, str]
    decided: Mapping[PassageId, Sequence[tuple[str, str]]]
    asked: Mapping[PassageId, Sequence[tuple[str, str]]]

    @classmethod
    def read(cls, connection: Connection) -> "_Past":
        """As the log has it."""
        rows = connection.execute(select(first_added()))
        came = {PassageId(row.passage_id): row.at for row in rows}
        return cls(came, _decided(connection), _asked(connection))

    def was_unread(self, passage_id: PassageId, at: str) -> bool:
        """Whether a round could be chosen from it at that moment."""
        spans = (*self.decided.get(passage_id, ()), *self.asked.get(passage_id, ()))
        # A round's own selections begin at its own moment.
        taken = any(begin < at and (not end or at < end) for begin, end in spans)
        return self.came[passage_id] < at and not taken


def _decided(connection: Connection) -> dict[PassageId, list[tuple[str, str]]]:
    """From when to when each decision held."""
    undo = decision.alias("undo")
    query = (
        select(decision.c.passage_id, decision.c.made_at, undo.c.made_at.label("undone_at"))
        .outerjoin(
            undo,
            (undo.c.undoes_id == decision.c.id) & (undo.c.passage_id == decision.c.passage_id),
        )
        .where(decision.c.verdict != Verdict.UNDO)
    )
    found: dict[PassageId, list[tuple[str, str]]] = {}
    for passage_id, begin, end in connection.execute(query):
        found.setdefault(PassageId(passage_id), []).append((begin, end or ""))
    return found


def _asked(connection: Connection) -> dict[PassageId, list[tuple[str, str]]]:
    """From when to when rounds asked for each passage; the audit sample does so for ever."""
    query = (
        select(selection.c.passage_id, round_.c.created_at, round_.c.closed_at, round_.c.purpose)
        .join(round_, round_.c.id == selection.c.round_id)
        .where(round_.c.purpose != "reading")
    )
    found: dict[PassageId, list[tuple[str, str]]] = {}
    for passage_id, begin, closed, purpose in connection.execute(query):
        end = "" if purpose == "audit" else closed or ""
        found.setdefault(PassageId(passage_id), []).append((begin, end))
    return found


def _selected(connection: Connection, round_id: int) -> list[PassageId]:
    query = select(selection.c.passage_id).where(selection.c.round_id == round_id)
    return [PassageId(one) for one in connection.scalars(query.order_by(selection.c.id))]
