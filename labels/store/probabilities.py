"""What one model says of many passages: the probabilities of finding types, as an array."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, select

from ...nlp.passages import PassageId
from .schema import suggested_code, suggestion
from .suggestions import FINDING_TYPE


def probabilities_of(
    connection: Connection,
    passage_ids: Sequence[PassageId],
    finding_types: Sequence[str],
    *,
    model_version_id: int,
    codebook_version_id: int,
) -> NDArray[np.float32]:
    """(n_passages, n_types), in the order given; NaN in the row of a passage without a suggestion.

    A finding type that the model never learned has 0.

    Args:
        connection: A reading one.
        passage_ids: Which passages; each once.
        finding_types: Codes of the codebook version.
        model_version_id: Whose suggestions.
        codebook_version_id: Made under this version.
    """
    rows = {one: row for row, one in enumerate(passage_ids)}
    columns = {code: column for column, code in enumerate(finding_types)}
    found = np.full((len(rows), len(columns)), np.nan, dtype=np.float32)
    # All of the model's, not some by their ids: most are wanted, and one pass is sooner done.
    query = (
        select(suggestion.c.passage_id, suggested_code.c.code, suggested_code.c.probability)
        .outerjoin(
            suggested_code,
            (suggested_code.c.suggestion_id == suggestion.c.id)
            & (suggested_code.c.kind == FINDING_TYPE),
        )
        .where(
            suggestion.c.model_version_id == model_version_id,
            suggestion.c.codebook_version_id == codebook_version_id,
        )
    )
    for passage_id, code, probability in connection.execute(query).all():
        row = rows.get(passage_id)
        if row is None:
            continue
        if np.isnan(found[row, 0]):
            found[row] = 0
        column = columns.get(code)
        if column is not None:
            found[row, column] = probability
    return found
