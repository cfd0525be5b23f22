"""Frames: the passages from which a round is taken."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from ..nlp.passages import PassageId
from .worklist import Bools, Passages


class Decided(StrEnum):
    """Which passages, by what happened to them."""

    ANY = ""
    NOT_YET = "not yet"
    """Nobody's decision holds."""
    ONCE = "once"
    """Somebody's decision holds: for a second reading."""


@dataclass(frozen=True, slots=True)
class Frame:
    """Passages of the newest versions of reports; all where nothing is said."""

    report_id: int | None = None
    label: str = ""
    """A finding type that is suggested."""
    theme: str = ""
    """A theme that is suggested."""
    language: str = ""
    decided: Decided = Decided.ANY


def passages_in(passages: Passages, frame: Frame) -> list[PassageId]:
    """The passages of a frame in reading order."""
    wanted: Bools = np.ones(len(passages), np.bool_)
    if frame.report_id is not None:
        wanted &= passages.reports == frame.report_id
    if frame.language:
        wanted &= passages.languages == frame.language
    for kind, code in (("finding_type", frame.label), ("theme", frame.theme)):
        if code:
            wanted &= passages.suggested.get((kind, code), np.zeros(len(passages), np.bool_))
    if frame.decided is not Decided.ANY:
        wanted &= (passages.states == 0) == (frame.decided is Decided.NOT_YET)
    return [passages.ids[place] for place in np.flatnonzero(wanted)]
