"""What one model says of many passages, in the codes of today: for estimates."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, Select, func, select

from ...nlp.passages import PassageId
from ..codebook import Codebook
from .log import translations
from .schema import codebook_version, model_version, suggested_code, suggestion
from .suggestions import FINDING_TYPE, THEME, ModelVersion

Floats = NDArray[np.float64]


def model_of_most(connection: Connection) -> ModelVersion | None:
    """The model that suggested for most passages, of those that learned nothing of this project.

    Of equals the first; None where there is none. No decision has a say in which it is: chosen by
    how well it does on the audit sample, it would seem better than it is.
    """
    suggested = func.count(suggestion.c.passage_id.distinct())
    counts = select(suggestion.c.model_version_id, suggested.label("passages"))
    counted = counts.group_by(suggestion.c.model_version_id).subquery()
    rows = connection.execute(
        select(model_version)
        .join(counted, counted.c.model_version_id == model_version.c.id)
        .order_by(counted.c.passages.desc(), model_version.c.id)
    )
    found = (ModelVersion(**row._mapping) for row in rows)
    return next((one for one in found if not one.learned_from), None)


def predictions(
    connection: Connection, model: ModelVersion, passage_ids: Sequence[PassageId], book: Codebook
) -> tuple[Floats, Floats]:
    """How likely each finding type is, (n, n_types), and each theme, (n, n_themes).

    Passages for which the model did not suggest have 0. Models say how likely a theme is should
    the passage be a finding: here it is multiplied by how likely its likeliest finding type is.

    Args:
        connection: A reading one.
        model: Whose suggestions; of several for a passage the last one.
        passage_ids: Which passages; each once.
        book: The newest codebook.
    """
    types = np.zeros((len(passage_ids), len(book.finding_types)))
    themes = np.zeros((len(passage_ids), len(book.themes)))
    rows = {one: row for row, one in enumerate(passage_ids)}
    columns = {(FINDING_TYPE, code): (types, n) for n, code in enumerate(book.finding_type_ids)}
    columns |= {(THEME, code): (themes, n) for n, code in enumerate(book.theme_ids)}
    now = translations(connection)
    for passage_id, number, kind, code, probability in connection.execute(_said(model)):
        row, present = rows.get(passage_id), now.now(number, kind, code)
        place = None if present is None else columns.get((kind, present))
        if row is not None and place is not None:
            array, column = place
            # Of two codes that were merged the likelier one speaks for both.
            array[row, column] = max(array[row, column], probability)
    return types, themes * types.max(axis=1, initial=0)[:, None]


def _said(model: ModelVersion) -> Select[Any]:
    """All that it said: one pass over it is sooner done than asking for most of it by ids."""
    newest = (
        select(func.max(suggestion.c.id))
        .where(suggestion.c.model_version_id == model.id)
        .group_by(suggestion.c.passage_id)
    )
    return (
        select(
            suggestion.c.passage_id,
            codebook_version.c.number,
            suggested_code.c.kind,
            suggested_code.c.code,
            suggested_code.c.probability,
        )
        .join(codebook_version, codebook_version.c.id == suggestion.c.codebook_version_id)
        .join(suggested_code, suggested_code.c.suggestion_id == suggestion.c.id)
        .where(suggestion.c.id.in_(newest))
    )
