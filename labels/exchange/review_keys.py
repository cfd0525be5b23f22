"""Keys of decisions from a review workbook: the same row twice is one decision."""

import hashlib
import json
from collections.abc import Iterable

from ..decisions import Decision
from .review_answer import RowSaid


def row_key(workbook_id: str, place: tuple[str, ...], said: RowSaid, number: int) -> str:
    """The key of what a row says.

    Args:
        workbook_id: Of the export.
        place: Project, passage and annotator.
        said: What stands in the row.
        number: How many decisions came from this workbook for this place before: a row that is
            changed, and changed back later, is three decisions.
    """
    answer = (said.answer.labels, said.answer.themes)
    content = json.dumps([place, said.word, answer, said.comment, said.seconds, number])
    return f"{_prefix(workbook_id)}{hashlib.sha256(content.encode()).hexdigest()[:40]}"


def earlier_from(workbook_id: str, decisions: Iterable[Decision]) -> list[Decision]:
    """Those of the decisions that came from this workbook."""
    return [one for one in decisions if one.key.startswith(_prefix(workbook_id))]


def _prefix(workbook_id: str) -> str:
    return f"review-{workbook_id}-"
