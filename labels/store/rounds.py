"""Rounds: passages that are read together, and for what."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from sqlalchemy import Connection, Row, func, insert, select

from ...nlp.errors import WhatworksError
from ...nlp.passages import PassageId
from ..codebook import unknown
from ..drafts import clean_name
from ..resolution import name_key
from .database import READING_ROUND, Store, utc_now
from .kept_apart import kept_apart
from .log import in_parts
from .schema import assignment, passage, round_, selection
from .standings import workloads
from .unread import taken

NamedRound = TypeVar("NamedRound", "StoredRound", Row[Any])

PURPOSES = ("learning", "audit")
BY_LOT = "random"
"""The strategy of a round that was drawn by lot from all that was unread."""
LIMITED = ", from a part"
"""Behind the strategy of a round that was not chosen from all that was unread."""


@dataclass(frozen=True, slots=True)
class OpenRound:
    """A round in which decisions can be made."""

    id: int
    name: str
    is_blind: bool
    """Whether suggestions are hidden until the decision."""


@dataclass(frozen=True, slots=True)
class RoundDraft:
    """A round that somebody is about to make."""

    name: str
    passages: tuple[PassageId, ...]
    """In the order in which they are to be read."""
    strategy: str
    """How they were chosen, in a few words: 'by lot'."""
    reason: str = ""
    """Why each of them is in it: for the history of a passage."""
    probability: float | None = None
    """How likely each was to be chosen: passages chosen over passages there were. None where
    chance had no part."""
    seed: int = 0
    """Of the lots by which passages are drawn, and by which they are dealt to people."""
    blind: bool = False
    """Whether the suggestion is hidden until the decision is made."""
    purpose: str = "learning"
    """'learning', or 'audit': kept apart, to measure models and people by."""
    reasons: Mapping[PassageId, str] = field(default_factory=dict)
    """Of passages that have one of their own."""
    probabilities: Mapping[PassageId, float] = field(default_factory=dict)
    """Of passages that have one of their own."""
    unread: bool = False
    """Whether it is for a first reading: then none of its passages may have been decided, or be
    asked for by another open round, when it is made."""

    def probability_of(self, passage_id: PassageId) -> float | None:
        """How likely this passage was to be chosen."""
        return self.probabilities.get(passage_id, self.probability)


class TakenError(WhatworksError):
    """Somebody else took passages of a round just before it was made: choose again."""


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody to whom passages of a round are assigned."""

    name: str
    assigned: int
    open: int
    """Those of them that wait for a decision."""

    @property
    def done(self) -> int:
        """How many wait no more."""
        return self.assigned - self.open


@dataclass(frozen=True, slots=True)
class StoredRound:
    """A round, and how far it has come."""

    id: int
    name: str
    purpose: str
    strategy: str
    seed: int | None
    blind: bool
    created_at: str
    created_by: str
    closed_at: str | None
    passages: int
    unassigned: int
    """Passages that are assigned to nobody: anybody may read them."""
    readers: tuple[Reader, ...]
    """By name."""

    @property
    def is_closed(self) -> bool:
        """Whether nothing is decided in it any more."""
        return self.closed_at is not None

    @property
    def assigned(self) -> int:
        """How many decisions it asks for, of those to whom its passages are assigned."""
        return sum(one.assigned for one in self.readers)

    @property
    def open(self) -> int:
        """How many of these are still to be made."""
        return sum(one.open for one in self.readers)


def open_round(connection: Connection, given: str) -> OpenRound:
    """The round of this name that is gone through passage by passage.

    Raises:
        WhatworksError: there is none, or it is closed.
    """
    # What one reads as one pleases belongs to a round too, but nobody selected it beforehand.
    rows = connection.execute(select(round_).where(round_.c.name != READING_ROUND))
    found = round_called(given, list(rows))
    if found.closed_at is not None:
        raise WhatworksError(
            f"The round '{found.name}' is closed: nothing is decided in it any more."
        )
    return OpenRound(found.id, found.name, found.blind)


def create_round(store: Store, draft: RoundDraft, by: str) -> int:
    """Makes a round; what is selected for it stays selected. Its id.

    Raises:
        TakenError: it is for a first reading, and some of its passages were taken meanwhile.
        WhatworksError: the name is taken or no name, or the passages will not do.
    """
    with store.writing() as connection:
        return insert_round(connection, draft, by)


def insert_round(connection: Connection, draft: RoundDraft, by: str) -> int:
    """The same within a transaction."""
    if not draft.name.strip():
        raise WhatworksError("A round needs a name, by which people will find it.")
    name = clean_name(draft.name, "round")
    wanted = tuple(dict.fromkeys(draft.passages))
    _check(draft, name, wanted)
    _check_name(connection, name)
    _check_passages(connection, draft, wanted)
    now = utc_now()
    made = connection.execute(
        insert(round_).values(
            name=name,
            purpose=draft.purpose,
            strategy=draft.strategy,
            seed=draft.seed,
            blind=draft.blind,
            created_at=now,
            created_by=by,
        )
    ).inserted_primary_key
    assert made is not None
    rows = [
        {
            "round_id": made[0],
            "passage_id": one,
            "probability": draft.probability_of(one),
            "reason": draft.reasons.get(one, draft.reason),
            "created_at": now,
        }
        for one in wanted
    ]
    connection.execute(insert(selection), rows)
    return int(made[0])


def rounds(connection: Connection) -> list[StoredRound]:
    """All rounds that people made, the newest first, and how far each has come."""
    per_round = selection.c.round_id, func.count(selection.c.id.distinct())
    counted = _numbers(connection, select(*per_round).group_by(selection.c.round_id))
    asked = _numbers(
        connection,
        select(*per_round)
        .join(assignment, assignment.c.selection_id == selection.c.id)
        .group_by(selection.c.round_id),
    )
    readers: dict[int, list[Reader]] = {}
    for one in workloads(connection):
        readers.setdefault(one.round_id, []).append(Reader(one.name, one.assigned, one.open))
    query = select(round_).where(round_.c.name != READING_ROUND).order_by(round_.c.id.desc())
    return [
        StoredRound(
            **row._mapping,
            passages=counted.get(row.id, 0),
            unassigned=counted.get(row.id, 0) - asked.get(row.id, 0),
            readers=tuple(sorted(readers.get(row.id, []), key=lambda one: name_key(one.name))),
        )
        for row in connection.execute(query)
    ]


def find_round(connection: Connection, given: str) -> StoredRound:
    """The round of this name, open or closed, in any spelling.

    Raises:
        WhatworksError: there is none; the nearest is named.
    """
    return round_called(given, rounds(connection))


def round_called(given: str, among: Sequence[NamedRound]) -> NamedRound:
    """The one of this name, in any spelling.

    Raises:
        WhatworksError: there is none; the nearest is named.
    """
    for one in among:
        if name_key(one.name) == name_key(given):
            return one
    known = [one.name for one in among]
    there = f" There are {', '.join(known)}." if known else " The project has no rounds yet."
    raise WhatworksError(f"{unknown('round', given, known)}{there}")


def get_open(connection: Connection, round_id: int) -> Row[Any]:
    """The row of an open round that people made.

    Raises:
        WhatworksError: there is none of this id, or it is closed.
    """
    row = connection.execute(
        select(round_).where(round_.c.id == round_id, round_.c.name != READING_ROUND)
    ).one_or_none()
    if row is None:
        raise WhatworksError("This round is not there. Load the page again.")
    if row.closed_at is not None:
        raise WhatworksError(f"The round '{row.name}' is closed. Make a new one.")
    return row


def _check(draft: RoundDraft, name: str, wanted: tuple[PassageId, ...]) -> None:
    if draft.purpose not in PURPOSES:
        raise WhatworksError(unknown("purpose", draft.purpose, PURPOSES))
    if not wanted:
        raise WhatworksError(f"The round '{name}' would hold no passage. Choose others.")
    for probability in {draft.probability_of(one) for one in wanted}:
        if probability is None and draft.purpose == "audit":
            raise WhatworksError(
                "An audit measures the whole by a part of it, so that its passages have to be "
                "drawn by lot. Draw them, or make the round for learning."
            )
        if probability is not None and not 0 < probability <= 1:
            raise WhatworksError(
                f"No passage is chosen with a probability of {probability:g}: it lies above 0, "
                "and is at most 1."
            )


def _check_name(connection: Connection, name: str) -> None:
    for known in connection.scalars(select(round_.c.name)):
        if name_key(known) == name_key(name):
            raise WhatworksError(f"There is a round '{known}' already. Take another name.")


def _check_passages(
    connection: Connection, draft: RoundDraft, wanted: tuple[PassageId, ...]
) -> None:
    known: set[str] = set()
    gone: set[PassageId] = set()
    for ids in in_parts(wanted):
        known.update(connection.scalars(select(passage.c.id).where(passage.c.id.in_(ids))))
        if draft.unread:
            gone |= taken(connection, ids)
    missing = [one for one in wanted if one not in known]
    if missing:
        more = f" and {len(missing) - 1:,} more" if len(missing) > 1 else ""
        raise WhatworksError(f"There is no passage {missing[0][:40]}{more} in this project.")
    if gone:
        raise TakenError(
            f"{_passages(len(gone))} of this round were decided, or put into another round, in "
            "the meantime. Make the round again."
        )
    apart = kept_apart(connection).intersection(wanted) if draft.purpose == "learning" else ()
    if apart:
        raise WhatworksError(
            f"{_passages(len(apart))} of the audit sample would be in this round. The sample is "
            "kept apart, so that nothing is learned from it: leave it out."
        )


def _passages(count: int) -> str:
    return "1 passage" if count == 1 else f"{count:,} passages"


def _numbers(connection: Connection, query: Any) -> dict[int, int]:
    return {row[0]: row[1] for row in connection.execute(query)}
