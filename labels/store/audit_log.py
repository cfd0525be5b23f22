"""The log under audit: every decision against its hash, its place and what it refers to."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Row, Select, Text, select, type_coerce

from ..decisions import Decision, Translation
from .chain import FIRST_PREVIOUS, Evidence, decision_hash
from .known import Suggested, suggestions
from .log import AT_ONCE, select_decisions, to_decision
from .schema import codebook_version, decision, passage, project, round_, selection

UNREADABLE = (ValueError, TypeError, AttributeError, LookupError)
"""What reading a row raises that whatworks did not write."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is not as it was recorded."""

    table: str
    row: str
    """The row's id, as text."""
    says: str
    """What is wrong, in a sentence."""


@dataclass(slots=True)
class Walk:
    """How far a walk through the log has come."""

    count: int = 0
    """Decisions that were there."""
    last: int = 0
    """The id of the last one."""
    head: str = FIRST_PREVIOUS
    """The hash of the last one."""
    noted: int | None = None
    """The decision whose hash is the head that was noted earlier."""


def check_log(connection: Connection, walk: Walk, noted_head: str = "") -> Iterator[Finding]:
    """What is wrong with the log; ``walk`` says afterwards where it ended."""
    columns = decision.c.id, decision.c.previous_hash, decision.c.hash
    query: Select[Any] = select(*columns).order_by(decision.c.id).limit(AT_ONCE)
    part = query
    while links := connection.execute(part).all():
        rows = _rows(connection, [link.id for link in links])
        suggested = suggestions(
            connection,
            [row.suggestion_id for row in rows.values() if row.suggestion_id is not None],
        )
        for link in links:
            yield from _place(link, walk)
            yield from _content(link, rows.get(link.id), suggested)
            walk.count, walk.last, walk.head = walk.count + 1, link.id, link.hash
            if noted_head and str(link.hash).startswith(noted_head):
                walk.noted = link.id
        part = query.where(decision.c.id > links[-1].id)
    yield from _ending(connection, walk)


def _rows(connection: Connection, ids: Sequence[int]) -> dict[int, Row[Any]]:
    """The decisions with their evidence; those that cannot be read are left out."""
    query = (
        select_decisions()
        .add_columns(
            passage.c.text_sha256,
            codebook_version.c.sha256.label("codebook_sha256"),
            type_coerce(codebook_version.c.translation, Text).label("translation"),
            round_.c.name.label("round_name"),
            selection.c.probability,
            selection.c.reason,
        )
        .outerjoin(passage, decision.c.passage_id == passage.c.id)
        .outerjoin(round_, selection.c.round_id == round_.c.id)
        .where(decision.c.id.in_(ids))
    )
    try:
        return {row.id: row for row in connection.execute(query)}
    except UNREADABLE:
        if len(ids) == 1:
            return {}
        half = len(ids) // 2
        return _rows(connection, ids[:half]) | _rows(connection, ids[half:])


def _place(link: Row[Any], walk: Walk) -> Iterator[Finding]:
    if link.id < 1:
        yield _finding(link.id, f"Decision {link.id} was inserted: the log counts from 1.")
    elif link.id > walk.last + 1:
        yield _finding(walk.last + 1, f"{_were(walk.last + 1, link.id - 1)} removed from the log.")
    elif link.previous_hash != walk.head:
        before = f"decision {walk.last}" if walk.count else "the beginning of the log"
        yield _finding(
            link.id,
            f"Decision {link.id} was not recorded after {before} as it stands there: one of the "
            "two was altered, moved or inserted.",
        )


def _content(
    link: Row[Any], row: Row[Any] | None, suggested: dict[int, Suggested]
) -> Iterator[Finding]:
    if row is None:
        yield _finding(link.id, f"Decision {link.id} cannot be read: whatworks did not write it.")
        return
    proposed = suggested.get(row.suggestion_id)
    missing = [
        what
        for what, is_there in (
            (f"passage {row.passage_id}", row.text_sha256 is not None),
            (f"annotator {row.annotator_id}", row.annotator is not None),
            (f"codebook version {row.codebook_version_id}", row.codebook_sha256 is not None),
            (f"selection {row.selection_id}", row.round_name is not None),
            (f"suggestion {row.suggestion_id}", proposed or row.suggestion_id is None),
        )
        if not is_there
    ]
    if missing:
        yield _finding(link.id, f"Decision {link.id} refers to {missing[0]}, which is not there.")
        return
    try:
        found = decision_hash(link.previous_hash, *_said(row, proposed))
    except UNREADABLE:
        found = ""
    if found != link.hash:
        yield _finding(
            link.id,
            f"Decision {link.id} (passage {row.passage_id}, by {row.annotator}) is not what was "
            "recorded: it, or what it was made on, was altered.",
        )


def _said(row: Row[Any], proposed: Suggested | None) -> tuple[Decision, Evidence]:
    return to_decision(row), Evidence(
        text_sha256=row.text_sha256,
        codebook_sha256=row.codebook_sha256,
        translation=_translation(row.translation),
        round_name=row.round_name,
        probability=row.probability,
        reason=row.reason,
        suggestion_id=row.suggestion_id,
        model_fingerprint=proposed.fingerprint if proposed else None,
        suggested=proposed.answer if proposed else None,
    )


@lru_cache(maxsize=1000)
def _translation(stored: str) -> Translation:
    found: Translation = json.loads(stored)
    return found


def _ending(connection: Connection, walk: Walk) -> Iterator[Finding]:
    kept = connection.execute(select(project.c.decisions, project.c.head)).one()
    if kept.decisions > walk.last:
        which = _were(walk.last + 1, kept.decisions)
        yield _finding(walk.last + 1, f"{which} removed from the end of the log.")
    elif kept.decisions < walk.last:
        which = _were(kept.decisions + 1, walk.last)
        yield _finding(kept.decisions + 1, f"{which} inserted at the end of the log.")
    elif kept.head != walk.head:
        yield Finding(
            "project",
            "1",
            f"The project's note of the last hash is not that of decision {walk.last}: one of the "
            "two was altered.",
        )


def _were(first: int, last: int) -> str:
    return f"Decision {first} was" if first == last else f"Decisions {first} to {last} were"


def _finding(id_: int, says: str) -> Finding:
    return Finding("decision", str(id_), says)
