"""What each model of the project said of the same passages, in the codes of today."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, func, select

from ...nlp.passages import PassageId
from .log import in_parts, translations
from .schema import codebook_version, model_version, suggested_code, suggestion
from .suggestions import FINDING_TYPE, ModelVersion

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class ModelAnswers:
    """Of one model; every array has a row a passage and a column a finding type."""

    model: ModelVersion
    there: Bools
    """(n,): whether it suggested for the passage."""
    probabilities: Floats
    suggested: Bools

    @property
    def learned_from(self) -> int:
        """How many confirmed passages of the project it learned from; 0 for one it came with."""
        return self.model.learned_from


def model_answers(
    connection: Connection,
    passage_ids: Sequence[PassageId],
    finding_types: Sequence[str],
    *,
    last: int | None = None,
) -> list[ModelAnswers]:
    """What all models said, in the order in which they came to work; the last so many.

    Args:
        connection: A reading one.
        passage_ids: Which passages; each once.
        finding_types: Of the newest codebook version.
        last: Only so many models, the newest ones.
    """
    versions = [
        ModelVersion(**row._mapping)
        for row in connection.execute(select(model_version).order_by(model_version.c.id))
    ]
    versions = versions if last is None else versions[-last:]
    rows = {one: row for row, one in enumerate(passage_ids)}
    columns = {code: column for column, code in enumerate(finding_types)}
    shape = len(rows), len(columns)
    found = [
        ModelAnswers(one, np.zeros(shape[0], np.bool_), np.zeros(shape), np.zeros(shape, np.bool_))
        for one in versions
    ]
    at = {one.model.id: one for one in found}
    for passage_id, model_id, code, probability, is_suggested in _said(connection, passage_ids, at):
        answers, row = at[model_id], rows[passage_id]
        answers.there[row] = True
        column = columns.get(code or "")
        if column is not None:
            # Of two codes that were merged the likelier one speaks for both.
            likeliest = max(probability, answers.probabilities[row, column])
            answers.probabilities[row, column] = likeliest
            answers.suggested[row, column] |= is_suggested
    return [one for one in found if one.there.any()]


def _said(
    connection: Connection, passage_ids: Sequence[PassageId], models: Collection[int]
) -> Iterator[tuple[PassageId, int, str | None, float, bool]]:
    """Passage, model, code, probability, and whether it is suggested; no code where it has none."""
    now = translations(connection)
    for ids in in_parts(passage_ids):
        newest = (
            select(func.max(suggestion.c.id))
            .where(suggestion.c.passage_id.in_(ids), suggestion.c.model_version_id.in_(models))
            .group_by(suggestion.c.passage_id, suggestion.c.model_version_id)
        )
        query = (
            select(
                suggestion.c.passage_id,
                suggestion.c.model_version_id,
                codebook_version.c.number,
                suggested_code.c.code,
                suggested_code.c.probability,
                suggested_code.c.suggested,
            )
            .join(codebook_version, codebook_version.c.id == suggestion.c.codebook_version_id)
            .outerjoin(
                suggested_code,
                (suggested_code.c.suggestion_id == suggestion.c.id)
                & (suggested_code.c.kind == FINDING_TYPE),
            )
            .where(suggestion.c.id.in_(newest))
        )
        for row in connection.execute(query):
            code = None if row.code is None else now.now(row.number, FINDING_TYPE, row.code)
            yield row.passage_id, row.model_version_id, code, row.probability, row.suggested
