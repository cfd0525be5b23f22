"""The log of decisions as it is read: who said what, under which policy and codebook."""

import json
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import islice
from typing import Any, TypeVar

from sqlalchemy import Connection, Row, Select, Text, select, type_coerce

from ...nlp.passages import PassageId
from ..decisions import Decision, Translation, Verdict
from ..resolution import Policy, Translations
from .schema import (
    annotator,
    codebook_version,
    decision,
    model_version,
    policy_version,
    selection,
    suggestion,
)

_Id = TypeVar("_Id", bound=int | str)

AT_ONCE = 1000
"""How many ids one query names."""


def decisions_on(
    connection: Connection, passage_ids: Iterable[PassageId]
) -> dict[PassageId, list[Decision]]:
    """Everything that was decided on each of these passages, in the order of the log.

    Undos and what they took back are among it; a passage without decisions has an empty list.
    """
    found: dict[PassageId, list[Decision]] = {one: [] for one in passage_ids}
    for ids in in_parts(found):
        query = select_decisions().where(decision.c.passage_id.in_(ids)).order_by(decision.c.id)
        for row in connection.execute(query):
            found[row.passage_id].append(to_decision(row))
    return found


def current_policy(connection: Connection) -> Policy:
    """The policy of the project; one reviewer suffices where none was ever set."""
    stored = connection.scalar(
        select(policy_version.c.policy).order_by(policy_version.c.id.desc()).limit(1)
    )
    return Policy() if stored is None else to_policy(stored)


def to_policy(stored: dict[str, Any]) -> Policy:
    """A policy as it stands in the database."""
    return Policy(stored["name"], tuple(stored["adjudicators"]))


def translations(connection: Connection) -> Translations:
    """What each codebook version did to the codes of the one before."""
    steps: Sequence[Translation] = connection.scalars(
        select(codebook_version.c.translation).order_by(codebook_version.c.number)
    ).all()
    return Translations(steps)


def in_parts(ids: Iterable[_Id]) -> Iterator[list[_Id]]:
    """The ids in lists of a length that a query takes well."""
    left = iter(ids)
    while part := list(islice(left, AT_ONCE)):
        yield part


def select_decisions() -> Select[Any]:
    """The select that ``to_decision`` reads; whatever it joins may be missing in a forged log."""
    return (
        select(
            *(column for column in decision.columns if column.name not in ("labels", "themes")),
            # As text: most answers were given before, and parsing them again takes long.
            type_coerce(decision.c.labels, Text).label("labels"),
            type_coerce(decision.c.themes, Text).label("themes"),
            annotator.c.name.label("annotator"),
            codebook_version.c.number.label("codebook_number"),
            model_version.c.name.label("model_name"),
            selection.c.round_id,
        )
        .outerjoin(annotator, decision.c.annotator_id == annotator.c.id)
        .outerjoin(codebook_version, decision.c.codebook_version_id == codebook_version.c.id)
        .outerjoin(suggestion, decision.c.suggestion_id == suggestion.c.id)
        .outerjoin(model_version, suggestion.c.model_version_id == model_version.c.id)
        .outerjoin(selection, decision.c.selection_id == selection.c.id)
    )


def to_decision(row: Row[Any]) -> Decision:
    """One row of ``select_decisions``."""
    return Decision(
        id=row.id,
        passage_id=row.passage_id,
        annotator=row.annotator,
        verdict=Verdict(row.verdict),
        labels=_codes(row.labels),
        themes=_codes(row.themes),
        comment=row.comment,
        seconds=row.seconds,
        blind=row.blind,
        adjudicates=row.adjudicates,
        undoes=row.undoes_id,
        codebook_version=row.codebook_number,
        model_version=row.model_name or "",
        round_id=row.round_id,
        source=row.source,
        key=row.key,
        made_at=row.made_at,
        hash=row.hash,
    )


@lru_cache(maxsize=10_000)
def _codes(stored: str) -> tuple[str, ...]:
    return tuple(json.loads(stored))
