"""What the store knows about decisions that are about to be recorded, fetched in few queries."""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from typing import Protocol

from sqlalchemy import Connection, select, true

from ...nlp.errors import WhatworksError
from ...nlp.passages import PassageId
from ..codebook import nearest
from ..decisions import Answer, Decision
from ..drafts import clean_name
from ..resolution import name_key
from .database import READING_ROUND
from .log import decisions_on, in_parts, select_decisions, to_decision
from .schema import (
    annotator,
    codebook_version,
    decision,
    model_version,
    passage,
    project,
    round_,
    selection,
    suggested_code,
    suggestion,
)

READERS_CHOICE = "reviewer's choice"
"""Why a passage was selected that nobody and nothing selected."""


class Asked(Protocol):
    """Something that is about to become a decision."""

    @property
    def passage_id(self) -> PassageId:
        """Of the passage that it is about."""
        ...

    @property
    def key(self) -> str:
        """The sender's."""
        ...

    @property
    def suggestion_id(self) -> int | None:
        """Of the suggestion that it answers."""
        ...

    @property
    def round_id(self) -> int | None:
        """Of the round that it belongs to."""
        ...


@dataclass(frozen=True, slots=True)
class Round:
    """As far as a decision cares."""

    id: int
    name: str
    is_closed: bool


@dataclass(frozen=True, slots=True)
class Selected:
    """Why a passage is in a round."""

    id: int
    """0 where it is not stored yet."""
    reason: str = READERS_CHOICE
    probability: float | None = None


@dataclass(frozen=True, slots=True)
class Suggested:
    """What a model proposed for a passage."""

    id: int
    passage_id: PassageId
    model: str
    fingerprint: str
    number: int
    """Of the codebook version it was made under."""
    answer: Answer
    """In the codes of that version."""


@dataclass(frozen=True, slots=True)
class End:
    """Where the log ends."""

    count: int
    head: str


@dataclass(slots=True)
class Known:
    """Grows as decisions are added to it."""

    end: End
    text_sha256: dict[PassageId, str]
    reports: dict[PassageId, int]
    """Id of the report of each passage."""
    said: dict[PassageId, list[Decision]]
    by_key: dict[str, tuple[Decision, int | None]]
    """Key to the decision and the suggestion it answers."""
    annotators: dict[str, str]
    """``name_key`` to the name as it is stored."""
    annotator_ids: dict[str, int]
    """Name to id, of those who have one."""
    rounds: dict[int, Round]
    reading: Round
    selections: dict[tuple[int, PassageId], Selected]
    suggestions: dict[int, Suggested]


def known_to(connection: Connection, asked: Iterable[Asked]) -> Known:
    """All that is needed to check these drafts and to store them.

    Raises:
        WhatworksError: the log's end is not where the project says.
    """
    asked = list(asked)
    passage_ids = [one for one in dict.fromkeys(d.passage_id for d in asked) if is_text(one)]
    rounds = {
        row.id: Round(row.id, row.name, row.closed_at is not None)
        for row in connection.execute(select(round_.c.id, round_.c.name, round_.c.closed_at))
    }
    reading = next((one for one in rounds.values() if one.name == READING_ROUND), None)
    if reading is None:
        raise WhatworksError(
            f"The database has no round '{READING_ROUND}', which every project has: somebody "
            "changed it by other means. Put the last backup in its place."
        )
    wanted = {reading.id, *(d.round_id for d in asked if d.round_id is not None)}
    people = connection.execute(select(annotator.c.name, annotator.c.id)).all()
    known = Known(
        end=_end(connection),
        text_sha256={},
        reports={},
        said=decisions_on(connection, passage_ids),
        by_key=_by_key(connection, [d.key for d in asked]),
        annotators={name_key(row.name): row.name for row in people},
        annotator_ids={row.name: row.id for row in people},
        rounds=rounds,
        reading=reading,
        selections=selections(connection, passage_ids, wanted),
        suggestions=suggestions(
            connection, [d.suggestion_id for d in asked if d.suggestion_id is not None]
        ),
    )
    for part in in_parts(passage_ids):
        query = select(passage.c.id, passage.c.text_sha256, passage.c.report_id)
        for row in connection.execute(query.where(passage.c.id.in_(part))):
            known.text_sha256[row.id], known.reports[row.id] = row.text_sha256, row.report_id
    return known


def suggestions(connection: Connection, ids: Iterable[int]) -> dict[int, Suggested]:
    """The suggestions of these ids, as they were made; ids nobody knows are left out."""
    found: dict[int, Suggested] = {}
    for part in in_parts(dict.fromkeys(ids)):
        codes: dict[tuple[int, str], list[str]] = {}
        column = suggested_code.c
        chosen = select(column.suggestion_id, column.kind, column.code).where(
            column.suggestion_id.in_(part), column.suggested
        )
        for id_, kind, code in connection.execute(chosen):
            codes.setdefault((id_, kind), []).append(code)
        query = (
            select(
                suggestion.c.id,
                suggestion.c.passage_id,
                model_version.c.name,
                model_version.c.fingerprint,
                codebook_version.c.number,
            )
            .join(model_version, suggestion.c.model_version_id == model_version.c.id)
            .join(codebook_version, suggestion.c.codebook_version_id == codebook_version.c.id)
            .where(suggestion.c.id.in_(part))
        )
        for row in connection.execute(query):
            answer = Answer.of(
                codes.get((row.id, "finding_type"), ()), codes.get((row.id, "theme"), ())
            )
            found[row.id] = Suggested(
                row.id, row.passage_id, row.name, row.fingerprint, row.number, answer
            )
    return found


def unknown_passage(connection: Connection, given: str) -> WhatworksError:
    """The error for a passage that is not there, with the nearest id."""
    near = ""
    if is_text(given) and len(given) <= 40:
        # Ids that begin alike, and the neighbours in the order: the index finds both.
        column = passage.c.id
        query = select(column).limit(50)
        after = connection.scalars(query.where(column >= given[:4]).order_by(column))
        before = connection.scalars(query.where(column < given).order_by(column.desc()))
        near = nearest(given, [*after, *before])
    return WhatworksError(
        f"Unknown passage '{given}'."
        + (f" Nearest: '{near}'." if near else " Is it of another project?")
    )


def is_text(given: str) -> bool:
    """Whether every engine takes it as text: no NUL, no half of a surrogate pair."""
    return "\0" not in given and not any("\ud800" <= sign <= "\udfff" for sign in given)


def _end(connection: Connection) -> End:
    last = select(decision.c.id, decision.c.hash).order_by(decision.c.id.desc()).limit(1)
    newest = last.subquery()
    said = connection.execute(
        select(project.c.decisions, project.c.head, newest.c.id, newest.c.hash).outerjoin(
            newest, true()
        )
    ).one()
    found = (0, said.head) if said.id is None else (said.id, said.hash)
    if found != (said.decisions, said.head):
        raise WhatworksError(
            f"The log ends with decision {found[0]}, but the project counts {said.decisions}: "
            "somebody changed the database by other means. Nothing was recorded. Run: whatworks "
            "audit"
        )
    return End(said.decisions, said.head)


def _by_key(connection: Connection, keys: Iterable[str]) -> dict[str, tuple[Decision, int | None]]:
    found: dict[str, tuple[Decision, int | None]] = {}
    clean = []
    for key in dict.fromkeys(keys):
        # What is no key is told when the decision is added.
        with suppress(WhatworksError):
            clean.append(clean_name(key, "key"))
    for part in in_parts(clean):
        query = select_decisions().where(decision.c.key.in_(part))
        found |= {
            row.key: (to_decision(row), row.suggestion_id) for row in connection.execute(query)
        }
    return found


def selections(
    connection: Connection, ids: Iterable[PassageId], rounds: Iterable[int]
) -> dict[tuple[int, PassageId], Selected]:
    """(Round, passage) to why these passages are in these rounds; where they are not, nothing."""
    found: dict[tuple[int, PassageId], Selected] = {}
    for part in in_parts(ids):
        query = (
            select(
                selection.c.id,
                selection.c.round_id,
                selection.c.passage_id,
                selection.c.reason,
                selection.c.probability,
            )
            .where(selection.c.passage_id.in_(part))
            .where(selection.c.round_id.in_(rounds))
        )
        found |= {
            (row.round_id, row.passage_id): Selected(row.id, row.reason, row.probability)
            for row in connection.execute(query)
        }
    return found
