"""Where every passage stands: worked out from the log, kept in two tables for reading.

The tables ``resolution`` and ``resolved_code`` hold nothing that the log does not say; they are
made again whenever decisions, the policy or the codebook change.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, delete, exists, insert, or_, select

from ...nlp.passages import PassageId
from ..decisions import State, Translation
from ..resolution import Resolution, resolve
from .database import utc_now
from .log import AT_ONCE, current_policy, decisions_on, in_parts, translations
from .schema import (
    ballot,
    codebook_version,
    decision,
    passage,
    resolution,
    resolved_code,
    suggestion,
)


@dataclass(frozen=True, slots=True)
class Effect:
    """What a new codebook version or policy does to the passages that people decided."""

    moves: Mapping[tuple[State, State], int] = field(default_factory=dict)
    """How many passages went from one state to another; those that stay are not in it."""
    relabelled: int = 0
    """Passages that stay confirmed, under other codes: renamed or merged."""
    stale_codes: Mapping[tuple[str, str], int] = field(default_factory=dict)
    """('finding_type' or 'theme', code that became stale): how many confirmed passages it made
    stale. A passage with two such codes counts under both."""

    @property
    def changed(self) -> int:
        """How many passages went to another state."""
        return sum(self.moves.values())

    @property
    def requeued(self) -> int:
        """How many confirmed passages are to be looked at again."""
        return sum(n for (before, _), n in self.moves.items() if before is State.CONFIRMED)

    def into(self, state: State) -> int:
        """How many passages came to this state from another."""
        return sum(n for (_, after), n in self.moves.items() if after is state)


@dataclass(frozen=True, slots=True)
class Change:
    """A passage whose stored resolution is not what follows from the log."""

    passage_id: PassageId
    before: Resolution | None
    after: Resolution | None


def resolutions_of(
    connection: Connection, passage_ids: Iterable[PassageId]
) -> dict[PassageId, Resolution]:
    """The stored resolutions of these passages; those that nobody decided have none."""
    found: dict[PassageId, Resolution] = {}
    for ids in in_parts(passage_ids):
        rows = connection.execute(select(resolution).where(resolution.c.passage_id.in_(ids)))
        found |= {row.passage_id: _resolution(row) for row in rows}
    return found


def passage_states(
    connection: Connection, passage_ids: Iterable[PassageId]
) -> dict[PassageId, State]:
    """Where each passage stands, in the order given."""
    wanted = list(dict.fromkeys(passage_ids))
    states: dict[PassageId, State] = dict.fromkeys(wanted, State.NEW)
    for ids in in_parts(wanted):
        suggested = select(suggestion.c.passage_id).where(suggestion.c.passage_id.in_(ids))
        states |= dict.fromkeys(connection.scalars(suggested.distinct()), State.SUGGESTED)
        decided = select(resolution.c.passage_id, resolution.c.state)
        for row in connection.execute(decided.where(resolution.c.passage_id.in_(ids))):
            states[row.passage_id] = State(row.state)
    return states


def changes(
    connection: Connection,
    passage_ids: Collection[PassageId] | None = None,
    following: Translation | None = None,
) -> Iterator[Change]:
    """The passages whose stored resolution differs from what follows from the log.

    Args:
        connection: Nothing is written through it here.
        passage_ids: Which passages; all where None.
        following: A codebook change to take as made.
    """
    policy, known = current_policy(connection), translations(connection)
    if following is not None:
        known = known.followed_by(following)
    parts = decided_passages(connection) if passage_ids is None else in_parts(passage_ids)
    for ids in parts:
        stored = resolutions_of(connection, ids)
        for passage_id, decisions in decisions_on(connection, ids).items():
            after = resolve(decisions, policy, known)
            if after != (before := stored.get(passage_id)):
                yield Change(passage_id, before, after)


def resolve_all(connection: Connection, passage_ids: Collection[PassageId] | None = None) -> Effect:
    """Works out where all (or these) passages stand, keeps it, and says what changed.

    To be called within ``store.writing()`` after whatever changed the rules.
    """
    found = _Counted(_last_step(connection))
    waiting: dict[PassageId, Resolution | None] = {}
    for change in changes(connection, passage_ids):
        found.add(change)
        waiting[change.passage_id] = change.after
        if len(waiting) >= AT_ONCE:
            keep(connection, waiting)
            waiting.clear()
    keep(connection, waiting)
    return found.effect()


def effect_of(connection: Connection, translation: Translation) -> Effect:
    """What a codebook change would do, were it applied now; nothing is written.

    It is exactly what ``resolve_all`` says after the change.
    """
    found = _Counted(translation)
    for change in changes(connection, following=translation):
        found.add(change)
    return found.effect()


def keep(
    connection: Connection,
    resolved: Mapping[PassageId, Resolution | None],
    reports: Mapping[PassageId, int] | None = None,
    stored: Collection[PassageId] | None = None,
) -> None:
    """Puts these resolutions in the place of the stored ones; None takes them away.

    Args:
        connection: Within ``store.writing()``.
        resolved: Of each passage.
        reports: Id of each passage's report, where it is known already.
        stored: Those that have something stored; all may have by default.
    """
    for ids in in_parts(resolved if stored is None else stored):
        connection.execute(delete(resolved_code).where(resolved_code.c.passage_id.in_(ids)))
        connection.execute(delete(resolution).where(resolution.c.passage_id.in_(ids)))
    now = utc_now()
    reports = _reports_of(connection, resolved) if reports is None else reports
    rows = [
        {**_row(one, to, now), "report_id": reports[one]}
        for one, to in resolved.items()
        if to is not None
    ]
    codes = [
        {"passage_id": one, "kind": kind, "code": code}
        for one, to in resolved.items()
        if to is not None and to.state is State.CONFIRMED
        for kind, code in codes_of(to)
    ]
    if rows:
        connection.execute(insert(resolution), rows)
    if codes:
        connection.execute(insert(resolved_code), codes)


def is_kept(passage_id: ColumnElement[str]) -> ColumnElement[bool]:
    """Whether anything is stored of where a passage stands: as a condition of a query."""
    return exists().where(resolution.c.passage_id == passage_id) | exists().where(
        resolved_code.c.passage_id == passage_id
    )


def _reports_of(connection: Connection, ids: Iterable[PassageId]) -> dict[PassageId, int]:
    found: dict[PassageId, int] = {}
    for part in in_parts(ids):
        query = select(passage.c.id, passage.c.report_id).where(passage.c.id.in_(part))
        found |= {row.id: row.report_id for row in connection.execute(query)}
    return found


def codes_of(resolved: Resolution) -> list[tuple[str, str]]:
    """Its ('finding_type' or 'theme', code)."""
    return [
        *(("finding_type", code) for code in resolved.labels),
        *(("theme", code) for code in resolved.themes),
    ]


def decided_passages(connection: Connection) -> Iterator[list[PassageId]]:
    """All passages that somebody decided, or of which the tables say so, in parts."""
    some = or_(
        exists().where(decision.c.passage_id == passage.c.id),
        exists().where(resolution.c.passage_id == passage.c.id),
        exists().where(resolved_code.c.passage_id == passage.c.id),
        exists().where(ballot.c.passage_id == passage.c.id),
    )
    query = select(passage.c.id).where(some).order_by(passage.c.id).limit(AT_ONCE)
    last = ""
    while ids := connection.scalars(query.where(passage.c.id > last)).all():
        yield [PassageId(one) for one in ids]
        last = ids[-1]


class _Counted:
    def __init__(self, step: Translation) -> None:
        self._step = step
        self._moves: Counter[tuple[State, State]] = Counter()
        self._stale: Counter[tuple[str, str]] = Counter()
        self._relabelled = 0

    def add(self, change: Change) -> None:
        before, after = change.before, change.after
        if before is None or after is None:
            return
        if before.state is not after.state:
            self._moves[before.state, after.state] += 1
        elif (before.labels, before.themes) != (after.labels, after.themes):
            self._relabelled += 1
        if before.state is State.CONFIRMED and after.state is State.STALE:
            self._stale.update(
                (kind, code)
                for kind, code in codes_of(before)
                if self._step.get(kind, {}).get(code, code) is None
            )

    def effect(self) -> Effect:
        return Effect(dict(self._moves), self._relabelled, dict(self._stale))


def _last_step(connection: Connection) -> Translation:
    newest = select(codebook_version.c.translation).order_by(codebook_version.c.number.desc())
    return connection.scalar(newest.limit(1)) or {}


def _resolution(row: Row[Any]) -> Resolution:
    return Resolution(
        state=State(row.state),
        labels=tuple(row.labels),
        themes=tuple(row.themes),
        how=row.how,
        votes=row.votes,
        decision_id=row.decision_id,
    )


def _row(passage_id: PassageId, resolved: Resolution, now: str) -> dict[str, Any]:
    return {
        "passage_id": passage_id,
        "state": str(resolved.state),
        "labels": resolved.labels,
        "themes": resolved.themes,
        "how": resolved.how,
        "votes": resolved.votes,
        "decision_id": resolved.decision_id,
        "updated_at": now,
    }
