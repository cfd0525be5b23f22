"""Disagreements: what people said independently, for the eyes of who settles it."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from ...nlp.passages import PassageId
from ..decisions import Answer, Decision, State, Verdict
from ..resolution import (
    ADJUDICATED,
    Translations,
    adjudication,
    latest_of_each,
    name_key,
)
from .log import decisions_on, in_parts, translations
from .passages import current_versions
from .schema import answer, ballot, codebook_version, decision, placement, resolution


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A passage on which people do not agree, in a list."""

    passage_id: PassageId
    report_id: int
    answers: tuple[Answer, ...]
    """The different ones, in the codes of the newest codebook."""

    @property
    def disputed(self) -> tuple[str, ...]:
        """Finding types that some give and others do not."""
        return tuple(sorted(disputed(self.answers)))


@dataclass(frozen=True, slots=True)
class Voice:
    """What one person said."""

    letter: str
    """Stands for the person on this passage alone."""
    decision: Decision


@dataclass(frozen=True, slots=True)
class Side:
    """An answer, and those who gave it."""

    answer: Answer
    """In the codes of the newest codebook."""
    is_stale: bool
    """Whether one of its codes is no longer there: it cannot be taken."""
    voices: tuple[Voice, ...]


@dataclass(frozen=True, slots=True)
class Dispute:
    """All that was said independently about one passage."""

    passage_id: PassageId
    state: State | None
    """None where nobody decided it."""
    sides: tuple[Side, ...]
    """What most people say first."""
    unsure: tuple[Voice, ...]
    settled: Decision | None
    """The adjudication that holds."""
    settled_as: Answer | None
    """What it says, in the codes of the newest codebook."""
    seen: int
    """The id of the last decision on the passage, by anybody; 0 for none."""


def disputed(answers: Iterable[Answer]) -> set[str]:
    """The finding types that some answers give and others do not."""
    given = [set(one.labels) for one in answers]
    return set[str]().union(*given) - given[0].intersection(*given) if given else set()


def disagreements(
    connection: Connection,
    *,
    report_id: int | None = None,
    label: str = "",
    settled: bool = False,
    only: PassageId | None = None,
) -> list[Disagreement]:
    """The passages on which people disagree, in reading order.

    Args:
        connection: A reading one.
        report_id: Only of this report.
        label: Only where this finding type is given by some and not by others.
        settled: Those that were adjudicated instead.
        only: At most this one.
    """
    column = resolution.c
    query = select(column.passage_id, ballot.c.votes).outerjoin(
        ballot, ballot.c.passage_id == column.passage_id
    )
    query = query.where(column.how == ADJUDICATED if settled else column.state == State.DISAGREED)
    if report_id is not None:
        query = query.where(column.report_id == report_id)
    if only is not None:
        query = query.where(column.passage_id == only)
    votes = {row.passage_id: row.votes or "" for row in connection.execute(query)}
    said = _answers(connection, votes.values())
    found = []
    for passage_id, of_report in _places(connection, votes):
        answers = tuple(dict.fromkeys(said[one] for one in _numbers(votes[passage_id])))
        found.append(Disagreement(passage_id, of_report, answers))
    return [one for one in found if not label or label in one.disputed]


def dispute(connection: Connection, passage_id: PassageId) -> Dispute:
    """What people said independently about a passage."""
    said = decisions_on(connection, [passage_id])[passage_id]
    known = translations(connection)
    settled = adjudication(said)
    state = connection.scalar(
        select(resolution.c.state).where(resolution.c.passage_id == passage_id)
    )
    # In an order that says nothing of who they are, another one for each passage.
    votes = sorted(latest_of_each(said), key=_lot)
    voices = [Voice(_letter(place), one) for place, one in enumerate(votes)]
    return Dispute(
        passage_id=passage_id,
        state=None if state is None else State(state),
        sides=_sides([one for one in voices if one.decision.verdict is not Verdict.UNSURE], known),
        unsure=tuple(one for one in voices if one.decision.verdict is Verdict.UNSURE),
        settled=settled,
        settled_as=None if settled is None else _now(settled, known)[0],
        seen=max((one.id for one in said), default=0),
    )


def last_on(connection: Connection, passage_id: PassageId) -> int:
    """The id of the last decision on a passage, by anybody; 0 for none."""
    query = select(func.max(decision.c.id)).where(decision.c.passage_id == passage_id)
    return connection.scalar(query) or 0


def _places(connection: Connection, ids: Iterable[str]) -> list[tuple[PassageId, int]]:
    """Those of the passages that are in the newest version of their report, and its id; in
    reading order.
    """
    current = current_versions()
    newest = connection.execute(select(current.c.id, current.c.report_id))
    report_of = {row.id: row.report_id for row in newest}
    query = select(placement.c.report_version_id, placement.c.position, placement.c.passage_id)
    rows = [
        tuple(row)
        for some in in_parts(ids)
        for row in connection.execute(query.where(placement.c.passage_id.in_(some)))
        if row.report_version_id in report_of
    ]
    return [(PassageId(one), report_of[version]) for version, _, one in sorted(rows)]


def _sides(voices: Sequence[Voice], known: Translations) -> tuple[Side, ...]:
    by_answer: dict[tuple[Answer, bool], list[Voice]] = {}
    for one in voices:
        by_answer.setdefault(_now(one.decision, known), []).append(one)
    sides = [Side(what, stale, tuple(who)) for (what, stale), who in by_answer.items()]
    return tuple(sorted(sides, key=lambda side: -len(side.voices)))


def _now(one: Decision, known: Translations) -> tuple[Answer, bool]:
    return known.answer(one.codebook_version, Answer(one.labels, one.themes))


def _letter(place: int) -> str:
    """A, B, ... Z, AA, AB, ..."""
    first = _letter(place // 26 - 1) if place >= 26 else ""
    return first + chr(ord("A") + place % 26)


def _lot(one: Decision) -> bytes:
    return hashlib.sha256(f"{one.passage_id} {name_key(one.annotator)}".encode()).digest()


def _numbers(votes: str) -> list[int]:
    """The numbers of the answers in a ballot, which has three numbers a vote."""
    return [int(one) for one in votes.split()[2::3]]


def _answers(connection: Connection, votes: Iterable[str]) -> dict[int, Answer]:
    known = translations(connection)
    found: dict[int, Answer] = {}
    for ids in in_parts({number for text in votes for number in _numbers(text)}):
        query = (
            select(answer.c.id, codebook_version.c.number, answer.c.labels, answer.c.themes)
            .join(codebook_version, codebook_version.c.id == answer.c.codebook_version_id)
            .where(answer.c.id.in_(ids))
        )
        for row in connection.execute(query):
            given = Answer(tuple(row.labels), tuple(row.themes))
            found[row.id], _ = known.answer(row.number, given)
    return found
