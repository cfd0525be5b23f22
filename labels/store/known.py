"""What the store knows about decisions that are about to be recorded, fetched in few queries."""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Protocol

from sqlalchemy import Connection, select

from ...nlp.errors import WhatworksError
from ...nlp.passages import PassageId
from ..codebook import nearest
from ..decisions import Answer, Decision
from ..drafts import clean_name
from ..resolution import name_key
from .database import READING_ROUND
from .log import in_parts, select_decisions, to_decision
from .resolutions import is_kept
from .rules import Rules
from .schema import (
    annotator,
    codebook_version,
    decision,
    model_version,
    passage,
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


@dataclass(frozen=True, slots=True)
class Stored:
    """What is there of a passage."""

    text_sha256: str
    report_id: int
    has_resolution: bool
    """Whether the tables say where it stands."""


@dataclass(slots=True)
class Known:
    """Grows as decisions are added to it."""

    end: End
    passages: dict[PassageId, Stored]
    said: dict[PassageId, list[Decision]]
    by_key: dict[str, tuple[Decision, int | None]]
    """Key to the decision and the suggestion it answers."""
    annotators: dict[str, str]
    """``name_key`` to the name as it is stored."""
    annotator_ids: dict[str, int]
    """Name to id, of those who have one."""
    rounds: dict[int, Round]
    """Those that were asked about, or all, and always the one of ``reading``."""
    reading: Round
    selections: dict[tuple[int, PassageId], Selected]
    suggestions: dict[int, Suggested]


def known_to(connection: Connection, asked: Iterable[Asked], rules: Rules) -> Known:
    """All that is needed to check these drafts and to store them."""
    asked = list(asked)
    passage_ids = [one for one in dict.fromkeys(d.passage_id for d in asked) if is_text(one)]
    in_rounds = {d.round_id for d in asked if d.round_id is not None} - {rules.reading}
    reading = Round(rules.reading, READING_ROUND, False)
    rounds = {reading.id: reading}
    if in_rounds:
        query = select(round_.c.id, round_.c.name, round_.c.closed_at)
        for row in connection.execute(query.order_by(round_.c.id)):
            rounds[row.id] = Round(row.id, row.name, row.closed_at is not None)
    people = connection.execute(_PEOPLE).all()
    said, by_key = _said(connection, passage_ids, [d.key for d in asked])
    return Known(
        end=End(rules.count, rules.head),
        passages=_passages(connection, passage_ids),
        said=said,
        by_key=by_key,
        annotators={name_key(row.name): row.name for row in people},
        annotator_ids={row.name: row.id for row in people},
        rounds=rounds,
        reading=rounds[reading.id],
        selections=_selections(connection, passage_ids, {reading.id, *in_rounds}),
        suggestions=suggestions(
            connection, [d.suggestion_id for d in asked if d.suggestion_id is not None]
        ),
    )


_PEOPLE = select(annotator.c.name, annotator.c.id)


def suggestions(connection: Connection, ids: Iterable[int]) -> dict[int, Suggested]:
    """The suggestions of these ids, as they were made; ids nobody knows are left out."""
    found: dict[int, Suggested] = {}
    for part in in_parts(dict.fromkeys(ids)):
        rows: dict[int, Any] = {}
        codes: dict[tuple[int, str | None], list[str]] = {}
        for row in connection.execute(_SUGGESTIONS.where(suggestion.c.id.in_(part))):
            rows[row.id] = row
            codes.setdefault((row.id, row.kind), []).append(row.code)
        for row in rows.values():
            answer = Answer.of(
                codes.get((row.id, "finding_type"), ()), codes.get((row.id, "theme"), ())
            )
            found[row.id] = Suggested(
                row.id, row.passage_id, row.name, row.fingerprint, row.number, answer
            )
    return found


_SUGGESTIONS = (
    select(
        suggestion.c.id,
        suggestion.c.passage_id,
        model_version.c.name,
        model_version.c.fingerprint,
        codebook_version.c.number,
        suggested_code.c.kind,
        suggested_code.c.code,
    )
    .join(model_version, suggestion.c.model_version_id == model_version.c.id)
    .join(codebook_version, suggestion.c.codebook_version_id == codebook_version.c.id)
    .outerjoin(
        suggested_code,
        (suggested_code.c.suggestion_id == suggestion.c.id) & suggested_code.c.suggested,
    )
)


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


def _said(
    connection: Connection, passage_ids: Iterable[PassageId], keys: Iterable[str]
) -> tuple[dict[PassageId, list[Decision]], dict[str, tuple[Decision, int | None]]]:
    """What was decided on these passages, and the decisions of these keys."""
    said: dict[PassageId, list[Decision]] = {one: [] for one in passage_ids}
    by_key: dict[str, tuple[Decision, int | None]] = {}
    clean = set()
    for key in keys:
        # What is no key is told when the decision is added.
        with suppress(WhatworksError):
            clean.add(clean_name(key, "key"))
    for some in in_parts([*said, *sorted(clean)]):
        # An id is looked for among the keys as well: two queries would take longer.
        query = select_decisions().where(decision.c.passage_id.in_(some) | decision.c.key.in_(some))
        for row in connection.execute(query.order_by(decision.c.id)):
            if row.passage_id in said and row.passage_id in some:
                said[row.passage_id].append(to_decision(row))
            if row.key in clean:
                by_key[row.key] = to_decision(row), row.suggestion_id
    return said, by_key


def _passages(connection: Connection, ids: Iterable[PassageId]) -> dict[PassageId, Stored]:
    found = {}
    for part in in_parts(ids):
        for row in connection.execute(_PASSAGES.where(passage.c.id.in_(part))):
            found[PassageId(row.id)] = Stored(row.text_sha256, row.report_id, row.resolved)
    return found


_PASSAGES = select(
    passage.c.id,
    passage.c.text_sha256,
    passage.c.report_id,
    is_kept(passage.c.id).label("resolved"),
)


def _selections(
    connection: Connection, ids: Iterable[PassageId], rounds: Iterable[int]
) -> dict[tuple[int, PassageId], Selected]:
    """(Round, passage) to why these passages are in these rounds; where they are not, nothing."""
    found: dict[tuple[int, PassageId], Selected] = {}
    for part in in_parts(ids):
        query = _SELECTIONS.where(
            selection.c.passage_id.in_(part), selection.c.round_id.in_(list(rounds))
        )
        found |= {
            (row.round_id, row.passage_id): Selected(row.id, row.reason, row.probability)
            for row in connection.execute(query)
        }
    return found


_SELECTIONS = select(
    selection.c.id,
    selection.c.round_id,
    selection.c.passage_id,
    selection.c.reason,
    selection.c.probability,
)
