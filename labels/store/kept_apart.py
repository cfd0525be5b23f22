"""What nothing is learned from: the passages of audit rounds. Said here, and nowhere else.

They measure models and people; a model that had learned from them would be measured on what it
knows. Once drawn, a passage stays apart for good.
"""

from typing import Any

from sqlalchemy import Connection, Select, select

from ...nlp.passages import PassageId
from .schema import round_, selection


def select_kept_apart() -> Select[Any]:
    """The ids of these passages: for queries."""
    return (
        select(selection.c.passage_id)
        .join(round_, round_.c.id == selection.c.round_id)
        .where(round_.c.purpose == "audit")
    )


def kept_apart(connection: Connection) -> frozenset[PassageId]:
    """These passages."""
    return frozenset(PassageId(one) for one in connection.scalars(select_kept_apart()))
