"""Independent votes, read from the ballots: who said what before anybody settled it.

Which decisions are independent is said in ``labels/agreement/independence.py``. The answers are
in the codes of the newest codebook version.
"""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from sqlalchemy import Connection, Table, Text, func, select, type_coerce

from ...nlp.errors import WhatworksError
from ..agreement.distances import Ints
from ..agreement.votes import Votes
from ..codebook import unknown_among
from ..decisions import Answer
from ..resolution import name_key
from .log import translations
from .schema import annotator, answer, ballot, codebook_version, passage, round_


@dataclass(frozen=True, slots=True)
class IndependentVotes:
    """What agreement is measured on."""

    votes: Votes
    n_stale: int
    """Votes left out because the codebook has made one of their codes stale."""


def read_independent_votes(
    connection: Connection,
    *,
    report_ids: Collection[int] | None = None,
    language: str | None = None,
    round_name: str | None = None,
    annotators: Sequence[str] = (),
) -> IndependentVotes:
    """The independent votes on passages that at least two people voted on.

    Passages that are no longer in the newest version of their report are among them: how far
    people agreed does not depend on it.

    Args:
        connection: A reading or writing one.
        report_ids: Only passages of these reports.
        language: Only passages in this language.
        round_name: Only votes given in this round.
        annotators: Only votes of these people; all where none is named.

    Raises:
        WhatworksError: there is no such annotator or round; the nearest name is told.
    """
    people = _numbered(connection, annotator)
    rounds = _numbered(connection, round_)
    keys = [name_key(name) for name in people.names]
    for one in annotators:
        if name_key(one) not in keys:
            raise WhatworksError(unknown_among("annotator", one, people.names))
    round_keys = [name_key(name) for name in rounds.names]
    if round_name is not None and name_key(round_name) not in round_keys:
        raise WhatworksError(unknown_among("round", round_name, rounds.names))
    query = select(ballot.c.language, func.aggregate_strings(ballot.c.votes, " "))
    if report_ids is not None:
        of_reports = select(passage.c.id).where(passage.c.report_id.in_(report_ids))
        query = query.where(ballot.c.passage_id.in_(of_reports))
    if language is not None:
        query = query.where(ballot.c.language == language)
    rows = sorted(map(tuple, connection.execute(query.group_by(ballot.c.language))))
    answers = _answers(connection)
    votes = _votes(rows, people, rounds, answers)
    wanted = np.ones(len(votes.passages), dtype=np.bool_)
    if annotators:
        wanted &= np.isin(votes.annotators, [keys.index(name_key(one)) for one in annotators])
    if round_name is not None:
        wanted &= votes.rounds == round_keys.index(name_key(round_name))
    stale = votes.finding_types == _STALE
    return IndependentVotes(votes.only(wanted & ~stale), int((wanted & stale).sum()))


_STALE = -1


@dataclass(frozen=True, slots=True)
class _Numbered:
    places: Ints
    """Id to place in ``names``."""
    names: tuple[str, ...]


def _numbered(connection: Connection, table: Table) -> _Numbered:
    rows = connection.execute(select(table.c.id, table.c.name).order_by(table.c.id)).all()
    places = np.full(max((row.id for row in rows), default=0) + 1, -1, dtype=np.int64)
    places[[row.id for row in rows]] = np.arange(len(rows))
    return _Numbered(places, tuple(row.name for row in rows))


@dataclass(frozen=True, slots=True)
class _Answers:
    finding_types: Ints
    """Id of a stored answer to the place of its finding types, ``_STALE`` where it is stale."""
    themes: Ints
    finding_type_sets: tuple[frozenset[str], ...]
    theme_sets: tuple[frozenset[str], ...]


def _answers(connection: Connection) -> _Answers:
    """The stored answers in the codes of the newest codebook."""
    known = translations(connection)
    labels, themes = type_coerce(answer.c.labels, Text), type_coerce(answer.c.themes, Text)
    query = select(answer.c.id, codebook_version.c.number, labels, themes).join(
        codebook_version, answer.c.codebook_version_id == codebook_version.c.id
    )
    of_labels: dict[frozenset[str], int] = {}
    of_themes: dict[frozenset[str], int] = {}

    # Thousands of answers are made of a few hundred sets of codes.
    @cache
    def place_of_labels(number: int, text: str) -> int:
        now, is_stale = known.answer(number, Answer(labels=tuple(json.loads(text))))
        return _STALE if is_stale else of_labels.setdefault(frozenset(now.labels), len(of_labels))

    @cache
    def place_of_themes(number: int, text: str) -> int:
        now, is_stale = known.answer(number, Answer(themes=tuple(json.loads(text))))
        return _STALE if is_stale else of_themes.setdefault(frozenset(now.themes), len(of_themes))

    rows = connection.execute(query).all()
    places = np.full((max((row[0] for row in rows), default=0) + 1, 2), _STALE, dtype=np.int64)
    for id_, number, some_labels, some_themes in rows:
        both = place_of_labels(number, some_labels), place_of_themes(number, some_themes)
        if _STALE not in both:
            places[id_] = both
    return _Answers(places[:, 0], places[:, 1], tuple(of_labels), tuple(of_themes))


def _votes(
    rows: Sequence[tuple[str, str]], people: _Numbered, rounds: _Numbered, answers: _Answers
) -> Votes:
    """The ballots of each language, written one after another, as arrays."""
    parts = [np.fromstring(text, dtype=np.int64, sep=" ").reshape(-1, 3) for _, text in rows]
    numbers = np.concatenate(parts) if parts else np.empty((0, 3), dtype=np.int64)
    person, in_round, said = numbers.T
    return Votes(
        passages=np.cumsum(person < 0) - 1,
        annotators=people.places[np.abs(person)],
        rounds=rounds.places[in_round],
        languages=np.repeat(np.arange(len(parts)), [len(part) for part in parts]),
        finding_types=answers.finding_types[said],
        themes=answers.themes[said],
        annotator_names=people.names,
        round_names=rounds.names,
        language_codes=tuple(code for code, _ in rows),
        finding_type_sets=answers.finding_type_sets,
        theme_sets=answers.theme_sets,
    )
