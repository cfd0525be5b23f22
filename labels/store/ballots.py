"""Ballots: the independent votes on each passage, kept ready for measuring agreement.

The tables ``ballot`` and ``answer`` hold nothing that the log of decisions does not say. Reading
votes from ballots takes a tenth of the time that finding them in the log takes.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Text, delete, insert, select, type_coerce

from ...nlp.passages import PassageId
from ..agreement.independence import independent_votes
from ..decisions import Decision
from .log import decisions_on, in_parts
from .schema import annotator, answer, ballot, canonical_json, codebook_version, passage

_Said = tuple[int, tuple[str, ...], tuple[str, ...]]
"""An answer: number of the codebook version it was given under, finding types, themes."""
_Votes = Mapping[PassageId, Sequence[Decision]]


def keep_ballots(connection: Connection, decisions: _Votes) -> None:
    """Puts the ballots of these passages in the place of those kept.

    Args:
        connection: Within ``store.writing()``.
        decisions: All decisions on each passage, in the order of the log.
    """
    # Where one annotator decided, there is no ballot, and never was one: most passages, often.
    several = {
        one: said
        for one, said in decisions.items()
        if len({decision.annotator for decision in said}) > 1
    }
    for ids in in_parts(several):
        connection.execute(delete(ballot).where(ballot.c.passage_id.in_(ids)))
        votes = _doubled({one: several[one] for one in ids})
        if votes:
            answers = _kept_answers(connection, votes)
            rows = [
                {"passage_id": one, "language": language, "votes": text}
                for one, (language, text) in _ballots(connection, votes, answers).items()
            ]
            connection.execute(insert(ballot), rows)


def ballots_that_differ(
    connection: Connection, passage_ids: Iterable[PassageId], decisions: _Votes | None = None
) -> list[PassageId]:
    """Those of the passages whose kept ballot is not what follows from the log: for an audit.

    Args:
        connection: Nothing is written through it here.
        passage_ids: Which passages.
        decisions: All decisions on them, where they were read already.
    """
    found: list[PassageId] = []
    for ids in in_parts(passage_ids):
        query = select(ballot).where(ballot.c.passage_id.in_(ids))
        kept = {row.passage_id: (row.language, row.votes) for row in connection.execute(query)}
        said = decisions_on(connection, ids) if decisions is None else decisions
        votes = _doubled({one: said[one] for one in ids})
        answers = _stored_answers(connection, votes)
        wanted = _ballots(connection, votes, answers)
        found += [one for one in ids if kept.get(one) != wanted.get(one)]
    return found


def _doubled(decisions: _Votes) -> dict[PassageId, list[Decision]]:
    """The independent votes on the passages that have at least two."""
    votes = {one: independent_votes(said) for one, said in decisions.items()}
    return {one: some for one, some in votes.items() if len(some) > 1}


def _ballots(
    connection: Connection, votes: _Votes, answers: Mapping[_Said, int]
) -> dict[PassageId, tuple[str, str]]:
    """Language and votes of each ballot; an answer that is not stored has the number 0."""
    query = select(passage.c.id, passage.c.language).where(passage.c.id.in_(list(votes)))
    languages = _pairs(connection, query)
    names = {vote.annotator for some in votes.values() for vote in some}
    query = select(annotator.c.name, annotator.c.id).where(annotator.c.name.in_(names))
    annotators = _pairs(connection, query)
    return {
        one: (
            languages[one],
            _written(
                (annotators[vote.annotator], vote.round_id, answers.get(_said(vote), 0))
                for vote in some
            ),
        )
        for one, some in votes.items()
    }


def _written(votes: Iterable[tuple[int, int, int]]) -> str:
    """The numbers of annotator, round and answer, one vote after another, by annotator.

    The first annotator's is below zero: it tells where a ballot begins when many are read as one
    row of numbers.
    """
    first, *others = sorted(votes)
    numbers = [-first[0], *first[1:], *(number for vote in others for number in vote)]
    return " ".join(map(str, numbers))


def _said(vote: Decision) -> _Said:
    return vote.codebook_version, vote.labels, vote.themes


def _kept_answers(connection: Connection, votes: _Votes) -> dict[_Said, int]:
    """The number of each answer; one that nobody gave before is stored."""
    known = _stored_answers(connection, votes)
    new = {_said(vote) for some in votes.values() for vote in some} - known.keys()
    if not new:
        return known
    query = select(codebook_version.c.number, codebook_version.c.id)
    versions = _pairs(connection, query)
    rows = [
        {"codebook_version_id": versions[number], "labels": labels, "themes": themes}
        for number, labels, themes in sorted(new)
    ]
    connection.execute(insert(answer), rows)
    return _stored_answers(connection, votes)


def _stored_answers(connection: Connection, votes: _Votes) -> dict[_Said, int]:
    said = {_said(vote) for some in votes.values() for vote in some}
    query = (
        select(answer.c.id, codebook_version.c.number, answer.c.labels, answer.c.themes)
        .join(codebook_version, answer.c.codebook_version_id == codebook_version.c.id)
        .where(
            type_coerce(answer.c.labels, Text).in_({canonical_json(one) for _, one, _ in said}),
            type_coerce(answer.c.themes, Text).in_({canonical_json(one) for _, _, one in said}),
        )
    )
    return {
        (row.number, tuple(row.labels), tuple(row.themes)): row.id
        for row in connection.execute(query)
    }


def _pairs(connection: Connection, query: Any) -> dict[Any, Any]:
    return {row[0]: row[1] for row in connection.execute(query)}
