"""Where a project stands with its rounds: what is found, guaranteed, expected, and next."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

import numpy as np
from sqlalchemy import Connection, select

from ...nlp.passages import PassageId
from ..codebook import Codebook
from ..finding_rate import Pace, Yield, expected_finds, is_settled, kappa, pace
from ..lots import drawn
from ..stopping import TARGET, Draw, Guarantee, further, guarantee
from .audit_scores import AuditFigures, audit_figures
from .closing import still_open
from .codebooks import current_codebook
from .draws import Reading, drawn_rounds, read_outcomes
from .log import current_policy
from .model_answers import Floats, model_answers
from .probabilities import probabilities_of
from .rounds import StoredRound, rounds
from .schema import decision, round_, selection, suggestion
from .unread import unread

_TIMES = 500
"""Decisions, the last ones, that say how fast people read."""
_RECENT = 200
"""Passages, chosen last, on which probabilities are looked at: do as many finds come?"""
_STOP_SET = 2000
"""Passages on which models are compared (Bloodgood & Vijay-Shanker 2009 take as many)."""
_MODELS = 4
"""Each with the one before gives as many comparisons as settling takes."""


class Step(StrEnum):
    """What to do next."""

    ADD = "add"
    """Reports: there are no passages."""
    AUDIT = "audit"
    """Draw the audit sample."""
    READ = "read"
    """What is open in rounds."""
    CLOSE = "close"
    """A round in which nothing is open."""
    HUNT = "hunt"
    """A round by a strategy."""
    LOT = "lot"
    """A round by lot: strategies find little more, and only it gives a guarantee."""
    STOP = "stop"
    """Nothing: the target is reached for every finding type."""
    SETTLE = "settle"
    """What people disagree on: all else is read."""


@dataclass(frozen=True, slots=True)
class NextStep:
    """What to do next, with what goes into its sentence."""

    step: Step
    round_name: str = ""
    passages: int = 0


@dataclass(frozen=True, slots=True)
class TypeStatus:
    """How far the search for a finding type has come."""

    code: str
    guarantee: Guarantee
    more_by_lot: int | None
    """So many passages drawn by lot from those left, without a find, would reach the target; None
    where it is reached, or where only reading all that is left does."""
    by_lot: Yield | None
    """New finds in a further hour of reading by lot; None where no pace or model is known."""
    likeliest: Yield | None
    """The same, of those that the model holds for the likeliest."""
    is_settled: bool | None
    """Whether models no longer change what they suggest; None where too few can be compared."""


@dataclass(frozen=True, slots=True)
class RoundStatus:
    """All of it."""

    codebook: Codebook
    passages: int
    confirmed: int
    left: int
    """Passages that a round may be chosen from."""
    open_rounds: tuple[StoredRound, ...]
    open_readings: int
    """How many readings wait in them."""
    target: float
    types: tuple[TypeStatus, ...]
    audit: AuditFigures | None
    """None where no audit sample was drawn."""
    pace: Pace | None
    readers: int
    """How many have to read each passage."""
    next: NextStep

    @property
    def hour(self) -> int:
        """How many passages a person-hour confirms; 0 where no pace is known."""
        return 0 if self.pace is None else self.pace.passages(readers=self.readers)


def round_status(connection: Connection, *, target: float = TARGET) -> RoundStatus:
    """Where the project stands.

    Args:
        connection: A reading one.
        target: What share of all finds is wanted.
    """
    codebook = current_codebook(connection).codebook
    reading = read_outcomes(connection)
    left = unread(connection).ids
    speed = pace(_seconds(connection))
    readers = current_policy(connection).required
    hour = 0 if speed is None else speed.passages(readers=readers)
    guarantees = _guarantees(connection, codebook, reading, left, target)
    yields = _yields(connection, codebook, reading, left, hour)
    settled = _settled(connection, codebook, reading)
    found = rounds(connection)
    open_rounds = tuple(one for one in found if not one.is_closed)
    waiting = {one.id: still_open(connection, one.id) for one in open_rounds}
    readings = {
        number: sum(one.readings.values()) + one.of_nobody for number, one in waiting.items()
    }
    types = tuple(
        TypeStatus(code, *guarantees[n], *yields[n], settled[n])
        for n, code in enumerate(codebook.finding_type_ids)
    )
    figures = audit_figures(connection, codebook)
    following = _next(reading, left, open_rounds, readings, types, figures)
    return RoundStatus(
        codebook=codebook,
        passages=len(reading.ids),
        confirmed=len(reading.confirmed),
        left=len(left),
        open_rounds=open_rounds,
        open_readings=sum(readings.values()),
        target=target,
        types=types,
        audit=figures,
        pace=speed,
        readers=readers,
        next=following,
    )


def _guarantees(
    connection: Connection,
    codebook: Codebook,
    reading: Reading,
    left: Sequence[PassageId],
    target: float,
) -> list[tuple[Guarantee, int | None]]:
    """Of each finding type, with how many more by lot would reach the target."""
    made = drawn_rounds(connection, reading)
    unconfirmed = len(reading.ids) - len(reading.confirmed)
    result: list[tuple[Guarantee, int | None]] = []
    for code in codebook.finding_type_ids:
        found, draws = reading.found(code), [one.draw(reading, code) for one in made]
        now = guarantee(found, unconfirmed, draws, target=target)
        # A round by lot that would be made now; where nothing was read since the last, it goes on.
        coming = Draw(len(left), found, 0, 0, uncovered=unconfirmed - len(left))
        more = further(found, unconfirmed, [*draws, coming], target=target).passages
        result.append((now, None if now.is_reached or more >= unconfirmed else more))
    return result


def _yields(
    connection: Connection,
    codebook: Codebook,
    reading: Reading,
    left: Sequence[PassageId],
    hour: int,
) -> list[tuple[Yield | None, Yield | None]]:
    """By lot and of the likeliest, of each finding type."""
    types = codebook.finding_type_ids
    nothing: list[tuple[Yield | None, Yield | None]] = [(None, None)] * len(types)
    if not hour or not left:
        return nothing
    last = connection.execute(
        select(suggestion.c.model_version_id, suggestion.c.codebook_version_id)
        .order_by(suggestion.c.id.desc())
        .limit(1)
    ).one_or_none()
    if last is None:
        return nothing
    found_chances = probabilities_of(connection, left, types, **last._mapping)
    chances = found_chances[~np.isnan(found_chances).any(1)].astype(np.float64)
    if not len(chances):
        return nothing
    recent = _recent(connection, codebook, reading)
    found: list[tuple[Yield | None, Yield | None]] = []
    for column, code in enumerate(types):
        own = np.sort(chances[:, column])[::-1]
        expected = sum(one[column] for _, one in recent)
        came = sum(code in reading.confirmed[one] for one, _ in recent)
        number = min(hour, len(own))
        even = np.full(number, own.mean())
        found.append(
            (expected_finds(even, expected, came), expected_finds(own[:number], expected, came))
        )
    return found


def _recent(
    connection: Connection, codebook: Codebook, reading: Reading
) -> list[tuple[PassageId, Floats]]:
    """Passages chosen last for learning and confirmed, with what was said of them before."""
    query = (
        select(selection.c.passage_id, selection.c.created_at)
        .join(round_, round_.c.id == selection.c.round_id)
        .where(round_.c.purpose == "learning")
        .order_by(selection.c.id.desc())
        .limit(2 * _RECENT)
    )
    chosen_at = {
        PassageId(row.passage_id): row.created_at
        for row in connection.execute(query)
        if row.passage_id in reading.confirmed
    }
    ids = list(chosen_at)[:_RECENT]
    answers = model_answers(connection, ids, codebook.finding_type_ids)
    found = []
    for row, one in enumerate(ids):
        before = [
            each for each in answers if each.there[row] and each.model.created_at <= chosen_at[one]
        ]
        if before:
            found.append((one, before[-1].probabilities[row]))
    return found


def _settled(connection: Connection, codebook: Codebook, reading: Reading) -> list[bool | None]:
    ids = drawn(reading.ids, _STOP_SET, 0)
    answers = model_answers(connection, ids, codebook.finding_type_ids, last=_MODELS)
    found = []
    for column in range(len(codebook.finding_types)):
        kappas = []
        for before, after in pairwise(answers):
            there = before.there & after.there
            if there.any():
                kappas.append(
                    kappa(before.suggested[there, column], after.suggested[there, column])
                )
        found.append(is_settled(kappas))
    return found


def _seconds(connection: Connection) -> list[float]:
    query = (
        select(decision.c.seconds)
        .where(decision.c.seconds.is_not(None), ~decision.c.adjudicates)
        .order_by(decision.c.id.desc())
        .limit(_TIMES)
    )
    return [float(one) for one in connection.scalars(query)]


def _next(
    reading: Reading,
    left: Sequence[PassageId],
    open_rounds: Sequence[StoredRound],
    readings: dict[int, int],
    types: Sequence[TypeStatus],
    figures: AuditFigures | None,
) -> NextStep:
    if not reading.ids:
        return NextStep(Step.ADD)
    for one in open_rounds:
        if readings[one.id]:
            return NextStep(Step.READ, one.name, readings[one.id])
    if open_rounds:
        return NextStep(Step.CLOSE, open_rounds[-1].name)
    wanting = [one for one in types if not one.guarantee.is_reached]
    if not wanting:
        return NextStep(Step.STOP)
    if figures is None:
        return NextStep(Step.AUDIT)
    if not left:
        return NextStep(Step.SETTLE, passages=len(reading.ids) - len(reading.confirmed))
    hunted = [one.likeliest.expected for one in wanting if one.likeliest is not None]
    if hunted and max(hunted) < 1:
        more = [one.more_by_lot or len(left) for one in wanting]
        return NextStep(Step.LOT, passages=min(max(more), len(left)))
    return NextStep(Step.HUNT)
