"""What was selected for a round: which passages, why, and how likely each was."""

from dataclasses import dataclass

from sqlalchemy import Connection, select

from ...nlp.passages import PassageId
from .schema import passage, report, resolution, selection


@dataclass(frozen=True, slots=True)
class SelectedPassage:
    """A passage of a round."""

    passage_id: PassageId
    report: str
    language: str
    reason: str
    probability: float | None
    """How likely it was to be chosen; None where chance had no part."""
    is_decided: bool
    """Whether somebody's decision on it holds."""


def selections_in(connection: Connection, round_id: int) -> list[SelectedPassage]:
    """The passages of a round, in the order in which they are read."""
    query = (
        select(
            selection.c.passage_id,
            report.c.name.label("report"),
            passage.c.language,
            selection.c.reason,
            selection.c.probability,
            resolution.c.passage_id.is_not(None).label("is_decided"),
        )
        .join(passage, passage.c.id == selection.c.passage_id)
        .join(report, report.c.id == passage.c.report_id)
        .outerjoin(resolution, resolution.c.passage_id == selection.c.passage_id)
        .where(selection.c.round_id == round_id)
        .order_by(selection.c.id)
    )
    return [SelectedPassage(**row._mapping) for row in connection.execute(query)]
