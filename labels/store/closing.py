"""The end of a round: done, or given up with what is still open in it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy import Connection, delete, exists, func, select, update

from ...nlp.errors import WhatworksError
from .database import Store, utc_now
from .log import in_parts
from .rounds import get_open
from .schema import assignment, resolution, round_, selection
from .standings import is_there, open_passages, workloads


@dataclass(frozen=True, slots=True)
class StillOpen:
    """What a round still waits for."""

    readings: Mapping[str, int] = field(default_factory=dict)
    """How many passages wait for each person; who has none left is not in it."""
    of_nobody: int = 0
    """Passages that are assigned to nobody, and that nobody decided."""

    def __bool__(self) -> bool:
        return bool(self.readings or self.of_nobody)

    def __str__(self) -> str:
        """'Ana: 8, João: 4, nobody: 2'."""
        parts = [f"{name}: {count:,}" for name, count in self.readings.items()]
        return ", ".join([*parts, *([f"nobody: {self.of_nobody:,}"] if self.of_nobody else [])])


def still_open(connection: Connection, round_id: int) -> StillOpen:
    """What an open round still waits for; nothing in a closed one."""
    rows = workloads(connection, round_id=round_id)
    readings = {one.name: one.open for one in rows if one.open}
    of_nobody = connection.scalar(
        select(func.count())
        .select_from(selection)
        .join(round_, round_.c.id == selection.c.round_id)
        .where(
            selection.c.round_id == round_id,
            round_.c.closed_at.is_(None),
            ~exists().where(assignment.c.selection_id == selection.c.id),
            ~exists().where(resolution.c.passage_id == selection.c.passage_id),
            is_there(),
        )
    )
    return StillOpen(readings, of_nobody or 0)


def close_round(store: Store, round_id: int, *, anyway: bool = False) -> StillOpen:
    """Ends a round: nothing is decided in it any more, and it hides no suggestion.

    What is open is taken back: it is assigned to nobody, and can be chosen for another round.

    Args:
        store: The project's.
        round_id: An open round.
        anyway: Also where something is open.

    Returns:
        What was taken back.

    Raises:
        WhatworksError: there is no such round, it is closed already, or something is open.
    """
    with store.writing() as connection:
        row = get_open(connection, round_id)
        left = still_open(connection, round_id)
        if left and not anyway:
            raise WhatworksError(
                f"The round '{row.name}' is half done. Still open, by person: {left}. Wait for "
                "these, give them to others, or close it all the same (--anyway on the command "
                "line): what is open is taken back."
            )
        for one in workloads(connection, round_id=round_id) if left.readings else ():
            for selections in in_parts(
                open_passages(connection, round_id, one.annotator_id).values()
            ):
                connection.execute(
                    delete(assignment).where(
                        assignment.c.annotator_id == one.annotator_id,
                        assignment.c.selection_id.in_(selections),
                    )
                )
        connection.execute(
            update(round_).where(round_.c.id == round_id).values(closed_at=utc_now())
        )
    return left
