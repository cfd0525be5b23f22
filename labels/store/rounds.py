"""Rounds: passages that are read together, and for what."""

from dataclasses import dataclass

from sqlalchemy import Connection, select

from ...nlp.errors import WhatworksError
from ..codebook import unknown
from .database import READING_ROUND
from .schema import round_


@dataclass(frozen=True, slots=True)
class OpenRound:
    """A round in which decisions can be made."""

    id: int
    name: str
    is_blind: bool
    """Whether suggestions are hidden until the decision."""


def open_round(connection: Connection, given: str) -> OpenRound:
    """The round of this name that is gone through passage by passage.

    Raises:
        WhatworksError: there is none, or it is closed.
    """
    # What one reads as one pleases belongs to a round too, but nobody selected it beforehand.
    rows = connection.execute(select(round_).where(round_.c.name != READING_ROUND))
    known = {row.name: row for row in rows}
    if given not in known:
        there = f" There are {', '.join(known)}." if known else " The project has no rounds yet."
        raise WhatworksError(f"{unknown('round', given, known)}{there}")
    found = known[given]
    if found.closed_at is not None:
        raise WhatworksError(f"The round '{given}' is closed: nothing is decided in it any more.")
    return OpenRound(found.id, found.name, found.blind)
