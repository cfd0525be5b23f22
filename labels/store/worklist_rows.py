"""What the worklist reads from the database: few columns of many rows."""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from sqlalchemy import Connection, Row, Select, Text, bindparam, func, select, type_coerce

from ...nlp.passages import PassageId
from ..decisions import Answer, Decision, Verdict
from ..resolution import Translations
from ..worklist import STATES, Bools, Own, Passages
from .log import in_parts, translations
from .passages import current_versions
from .schema import (
    codebook_version,
    decision,
    passage,
    placement,
    resolution,
    round_,
    selection,
    suggested_code,
    suggestion,
)

_NUMBERS = {str(state): number for number, state in enumerate(STATES) if state is not None}


class Said:
    """All answers that anybody gave, each once; it only grows."""

    def __init__(self) -> None:
        self.answers: list[Answer] = []
        self._numbers: dict[Answer, int] = {}

    def number_of(self, answer: Answer) -> int:
        """Its place in ``answers``, where it stands from now on."""
        number = self._numbers.get(answer)
        if number is None:
            number = self._numbers[answer] = len(self.answers)
            self.answers.append(answer)
        return number


def placed_passages(connection: Connection) -> Passages:
    """The passages of the newest version of every report, in the order of the queue."""
    current = current_versions()
    rows = connection.execute(
        select(
            placement.c.passage_id,
            placement.c.report_version_id,
            placement.c.position,
            current.c.report_id,
            passage.c.language,
        )
        .join(current, placement.c.report_version_id == current.c.id)
        .join(passage, placement.c.passage_id == passage.c.id)
        .order_by(placement.c.report_version_id, placement.c.position)
    ).all()
    if not rows:
        return Passages.nothing()
    ids, versions, positions, reports, languages = zip(*rows, strict=True)
    return Passages(
        ids=[PassageId(one) for one in ids],
        versions=np.array(versions, np.int32),
        positions=np.array(positions, np.int32),
        reports=np.array(reports, np.int32),
        languages=np.array(languages, np.str_),
        states=np.zeros(len(ids), np.int8),
        uncertainty=np.full(len(ids), -1, np.float32),
    )


def set_suggestions(connection: Connection, passages: Passages, *, after: int = 0) -> None:
    """Takes in the suggestions made after the one of this id, all by default."""
    known = translations(connection)
    newest = (
        select(func.max(suggestion.c.id).label("id"))
        .where(suggestion.c.id > after)
        .group_by(suggestion.c.passage_id)
        .subquery()
    )
    rows = connection.execute(
        select(suggestion.c.id, suggestion.c.passage_id, suggestion.c.uncertainty).join(
            newest, newest.c.id == suggestion.c.id
        )
    )
    places = {}
    for number, passage_id, doubt in rows:
        place = passages.at.get(passage_id)
        if place is not None:
            places[number] = place
            passages.uncertainty[place] = doubt
    changed = np.array(list(places.values()), np.int32)
    for marked in passages.suggested.values():
        marked[changed] = False
    codes: dict[int, list[tuple[str, str]]] = {}
    for number, kind, code, version in connection.execute(
        select(
            suggested_code.c.suggestion_id,
            suggested_code.c.kind,
            suggested_code.c.code,
            codebook_version.c.number,
        )
        .join(newest, newest.c.id == suggested_code.c.suggestion_id)
        .join(suggestion, suggestion.c.id == suggested_code.c.suggestion_id)
        .join(codebook_version, codebook_version.c.id == suggestion.c.codebook_version_id)
        .where(suggested_code.c.suggested)
    ):
        present = known.now(version, kind, code)
        if number in places and present is not None:
            codes.setdefault(places[number], []).append((kind, present))
    for place, given in codes.items():
        # Themes of what is no finding were never suggested.
        if any(kind == "finding_type" for kind, _ in given):
            for key in given:
                if key not in passages.suggested:
                    passages.suggested[key] = np.zeros(len(passages), np.bool_)
                passages.suggested[key][place] = True


def set_states(connection: Connection, passages: Passages) -> None:
    """Takes in where all passages stand."""
    for passage_id, state in connection.execute(
        select(resolution.c.passage_id, resolution.c.state)
    ):
        if passage_id in passages.at:
            passages.states[passages.at[passage_id]] = _NUMBERS[state]


def newer_states(connection: Connection, passages: Passages, after: int) -> list[PassageId]:
    """Takes in where the passages stand that were decided after the decision of this id.

    Returns:
        Which passages these are.
    """
    rows = connection.execute(_NEWER, {"after": after}).all()
    for passage_id, state in rows:
        if passage_id in passages.at:
            passages.states[passages.at[passage_id]] = 0 if state is None else _NUMBERS[state]
    return [PassageId(one) for one, _ in rows]


_NEWER = (
    select(decision.c.passage_id, resolution.c.state)
    .outerjoin(resolution, resolution.c.passage_id == decision.c.passage_id)
    .where(decision.c.id > bindparam("after"))
    .distinct()
)


def blind_passages(connection: Connection, passages: Passages) -> Bools:
    """Along all passages: whether it is in an open blind round."""
    found = np.zeros(len(passages), np.bool_)
    rows = connection.scalars(
        select(selection.c.passage_id)
        .join(round_, round_.c.id == selection.c.round_id)
        .where(round_.c.blind, round_.c.closed_at.is_(None))
    )
    found[[passages.at[one] for one in rows if one in passages.at]] = True
    return found


def last_votes(
    connection: Connection, annotator_id: int, passages: Passages, own: Own, answers: Said
) -> None:
    """Takes in all that one annotator decided."""
    query = _votes().where(decision.c.annotator_id == annotator_id)
    rows = connection.execute(query.order_by(decision.c.id)).all()
    _count(rows, translations(connection), passages, {annotator_id: own}, answers)


def votes_on(
    connection: Connection,
    passage_ids: Iterable[PassageId],
    passages: Passages,
    owns: Mapping[int, Own],
    answers: Said,
    known: Translations,
) -> None:
    """Takes in what these annotators decided on some passages."""
    for ids in in_parts(passage_ids):
        query = _votes().where(decision.c.passage_id.in_(ids)).order_by(decision.c.id)
        _count(connection.execute(query).all(), known, passages, owns, answers)


def take_decision(own: Own, place: int, decision: Decision, answers: Said) -> None:
    """Takes in a decision of this annotator that holds now, in codes of the present codebook."""
    own.seen[place] = own.holding[place] = own.decided[place] = True
    own.unsure[place] = decision.verdict is Verdict.UNSURE
    own.answers[place] = answers.number_of(Answer(decision.labels, decision.themes))


def _votes() -> Select[Any]:
    return select(
        decision.c.id,
        decision.c.passage_id,
        decision.c.annotator_id,
        decision.c.verdict,
        decision.c.undoes_id,
        codebook_version.c.number,
        # Few answers are given often: they are told apart as text, and read once.
        type_coerce(decision.c.labels, Text).label("labels"),
        type_coerce(decision.c.themes, Text).label("themes"),
    ).join(codebook_version, codebook_version.c.id == decision.c.codebook_version_id)


def _count(
    rows: Sequence[Row[Any]],
    known: Translations,
    passages: Passages,
    owns: Mapping[int, Own],
    answers: Said,
) -> None:
    """Replays decisions, in the order of the log; all of an annotator's on a passage."""
    holding: dict[tuple[int, str], list[Row[Any]]] = {}
    for row in rows:
        if row.annotator_id in owns and row.passage_id in passages.at:
            said = holding.setdefault((row.annotator_id, row.passage_id), [])
            if row.verdict == Verdict.UNDO:
                said[:] = [one for one in said if one.id != row.undoes_id]
            else:
                said.append(row)
    read: dict[tuple[int, str, str], tuple[Answer, bool]] = {}
    for (annotator_id, passage_id), said in holding.items():
        own, place = owns[annotator_id], passages.at[PassageId(passage_id)]
        own.seen[place] = True
        own.holding[place] = bool(said)
        own.decided[place] = own.unsure[place] = False
        own.answers[place] = -1
        if not said:
            continue
        last = said[-1]
        key = (last.number, last.labels, last.themes)
        if key not in read:
            given = Answer(tuple(json.loads(last.labels)), tuple(json.loads(last.themes)))
            read[key] = known.answer(last.number, given)
        answer, is_stale = read[key]
        own.decided[place] = not is_stale
        own.unsure[place] = last.verdict == Verdict.UNSURE
        own.answers[place] = answers.number_of(answer)
