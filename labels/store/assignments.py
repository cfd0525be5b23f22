"""Assignments: who is to read which passages of a round.

They may change as long as a passage is not read. Nobody is asked again about a passage that they
have decided: it counts.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select

from ...nlp.errors import WhatworksError
from ...nlp.passages import PassageId
from ..codebook import unknown
from ..drafts import clean_name
from ..lots import Dealt, Readers, deal, wanted_readers
from ..resolution import name_key
from .closing import close_round
from .database import Store, utc_now
from .log import in_parts
from .rounds import (
    RoundDraft,
    StoredRound,
    create_round,
    get_open,
    insert_round,
    rounds,
)
from .schema import annotator, assignment
from .standings import Selected, decided_by, open_passages, selected_in, workloads

__all__ = [
    "Assigned",
    "RoundDraft",
    "StoredRound",
    "TakenBack",
    "annotator_ids",
    "assign",
    "close_round",
    "create_round",
    "make_round",
    "rounds",
    "unassign",
]

_Readings = list[tuple[PassageId, str]]
"""Passage and who is to read it."""


@dataclass(frozen=True, slots=True)
class Assigned:
    """What an assignment did."""

    given: Mapping[str, int] = field(default_factory=dict)
    """How many passages each person got to read."""
    counted: Mapping[str, int] = field(default_factory=dict)
    """How many each has decided already, which count."""
    short: int = 0
    """Passages for which there are fewer readers than wanted."""


@dataclass(frozen=True, slots=True)
class TakenBack:
    """What became of what waited for somebody."""

    taken: int = 0
    given: Mapping[str, int] = field(default_factory=dict)
    """How many passages others got."""
    left: int = 0
    """How many nobody takes over: all others have them already, or cannot read them blind."""


def assign(
    store: Store, round_id: int, names: Iterable[str], readers: Readers | None = None
) -> Assigned:
    """Deals the passages of a round to people, evenly; who has some of it keeps them.

    Who has decided a passage is one of its readers without further work. In a blind round they
    know the suggestion: there it goes to others.

    Args:
        store: The project's.
        round_id: An open round.
        names: Who is to read; who never decided anything is a new annotator.
        readers: How many read each passage; by default one.

    Raises:
        WhatworksError: no such round, no name, or fewer people than are to read a passage.
    """
    people = _people(names)
    if not people:
        raise WhatworksError("Nobody is named. Say who is to read.")
    with store.writing() as connection:
        return assign_within(connection, round_id, people, readers)


def make_round(
    store: Store,
    draft: RoundDraft,
    by: str,
    names: Iterable[str] = (),
    readers: Readers | None = None,
) -> tuple[int, Assigned]:
    """Makes a round and deals it out, both or neither; its id, and who got how much.

    Args:
        store: The project's.
        draft: The round.
        by: Who makes it.
        names: Who is to read; nobody leaves it to whoever comes.
        readers: How many read each passage; by default one.

    Raises:
        TakenError: some of its passages were taken meanwhile.
        WhatworksError: as ``create_round`` and ``assign`` do.
    """
    with store.writing() as connection:
        made = insert_round(connection, draft, by)
        return made, assign_within(connection, made, names, readers)


def assign_within(
    connection: Connection,
    round_id: int,
    names: Iterable[str],
    readers: Readers | None = None,
) -> Assigned:
    """Deals a round out as ``assign`` does, within a transaction; to nobody where none is named."""
    people, readers = _people(names), readers or Readers()
    if not people:
        return Assigned()
    in_round = get_open(connection, round_id)
    there = selected_in(connection, round_id)
    ids = annotator_ids(connection, people)
    everybody = {*ids, *(name for one in there.values() for name in one.readers)}
    if len(everybody) < readers.most:
        raise WhatworksError(
            f"{readers.most} people are to read a passage, but only {len(everybody)} read in "
            "this round. Name more, or let fewer read each passage."
        )
    wanted = wanted_readers(list(there), readers, in_round.seed or 0)
    counted, dealt = _deal(connection, there, wanted, ids, in_round)
    return Assigned(dealt.given, Counter(name for _, name in counted), len(dealt.short))


def unassign(
    store: Store, name: str, to: Iterable[str] = (), *, round_id: int | None = None
) -> TakenBack:
    """Takes back what waits for somebody, and deals it to others.

    What this person has decided stays theirs.

    Args:
        store: The project's.
        name: Who left.
        to: Who takes over; by default those who read in the same round.
        round_id: One round; by default all that are open.

    Raises:
        WhatworksError: nothing waits for anybody of that name.
    """
    others = _people(to)
    taken, left, given = 0, 0, Counter[str]()
    with store.writing() as connection:
        leaver, number = _find(connection, name)
        if name_key(leaver) in map(name_key, others):
            raise WhatworksError(f"'{leaver}' cannot take over from themselves. Name others.")
        ids = annotator_ids(connection, others)
        for one in workloads(connection, annotator_id=number, round_id=round_id):
            moved = _move(connection, one.round_id, number, ids) if one.open else TakenBack()
            taken, left = taken + moved.taken, left + moved.left
            given.update(moved.given)
    if not taken:
        raise WhatworksError(f"Nothing waits for '{leaver}': there is nothing to take back.")
    return TakenBack(taken, given, left)


def annotator_ids(connection: Connection, names: Sequence[str]) -> dict[str, int]:
    """Id of the annotators of these names, as the project spells them; new ones are added."""
    known = _known(connection)
    found: dict[str, int] = {}
    for name in names:
        if name_key(name) not in known:
            row = {"name": name, "created_at": utc_now()}
            made = connection.execute(insert(annotator).values(row)).inserted_primary_key
            assert made is not None
            known[name_key(name)] = (name, int(made[0]))
        spelled, number = known[name_key(name)]
        found[spelled] = number
    return found


def _move(connection: Connection, round_id: int, leaver: int, to: Mapping[str, int]) -> TakenBack:
    """Moves what waits for somebody in a round to others."""
    taken = open_passages(connection, round_id, leaver)
    for selections in in_parts(taken.values()):
        connection.execute(
            delete(assignment).where(
                assignment.c.annotator_id == leaver, assignment.c.selection_id.in_(selections)
            )
        )
    in_round = get_open(connection, round_id)
    there = selected_in(connection, round_id)
    if not to:
        names = {name for one in there.values() for name in one.readers}
        known = _known(connection)
        to = {name: number for name, number in known.values() if name in names}
        to = {name: number for name, number in to.items() if number != leaver}
    wanted = {one: len(there[one].readers) + 1 for one in taken}
    counted, dealt = _deal(connection, there, wanted, to, in_round)
    given = dealt.given + Counter(name for _, name in counted)
    return TakenBack(len(taken), given, len(dealt.short))


def _deal(
    connection: Connection,
    there: Mapping[PassageId, Selected],
    wanted: Mapping[PassageId, int],
    people: Mapping[str, int],
    in_round: Row[Any],
) -> tuple[_Readings, Dealt]:
    """Assigns passages until each has as many readers as wanted; first what is decided already."""
    decided = decided_by(connection, wanted, people, ever=in_round.blind)
    readers = {one: there[one].readers for one in wanted}
    counted: _Readings = []
    if not in_round.blind:
        for one, names in decided.items():
            room = max(0, wanted[one] - len(readers[one]))
            some = sorted(names - set(readers[one]))[:room]
            readers[one] = (*readers[one], *some)
            counted += [(one, name) for name in some]
    loads = {one.name: one.open for one in workloads(connection, round_id=in_round.id)}
    dealt = deal(
        wanted,
        list(people),
        seed=in_round.seed or 0,
        having=readers,
        barred=decided if in_round.blind else None,
        loads=loads,
    )
    rows = [
        {"selection_id": there[one].selection_id, "annotator_id": people[name]}
        for one, name in (*counted, *dealt.readings)
    ]
    if rows:
        connection.execute(insert(assignment), rows)
    return counted, dealt


def _people(names: Iterable[str]) -> list[str]:
    """Each person once, whatever the spelling."""
    return list({name_key(name): clean_name(name) for name in names}.values())


def _known(connection: Connection) -> dict[str, tuple[str, int]]:
    """Key of each annotator's name to name and id."""
    rows = connection.execute(select(annotator.c.name, annotator.c.id).order_by(annotator.c.id))
    return {name_key(row.name): (row.name, row.id) for row in rows}


def _find(connection: Connection, name: str) -> tuple[str, int]:
    known = _known(connection)
    if name_key(name) not in known:
        raise WhatworksError(unknown("annotator", name, [one for one, _ in known.values()]))
    return known[name_key(name)]
