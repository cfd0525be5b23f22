"""What a search found, and how far each passage has come: confirmed, only suggested, or neither."""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection

from ...nlp.errors import WhatworksError
from ...nlp.passages import Passage, PassageId
from ..decisions import State
from ..register import source_mark
from ..worklist import STATES, Bools, Ints
from .confirmed import confirmed_among, passages_with
from .passages import passages_of
from .register import evaluations
from .reports import find_report
from .suggestions import latest_suggestions
from .worklists import Standing

CONFIRMED, SUGGESTED, NOTHING = "confirmed", "only suggested", ""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which passages are looked for, beside what is searched for; nothing given takes all."""

    label: str = ""
    """A finding type: confirmed, or suggested where nothing is confirmed yet."""
    theme: str = ""
    reports: Collection[int] = ()
    """Their ids."""
    language: str = ""
    states: Collection[State] = ()


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that was found."""

    passage: Passage
    source: str
    """'E12, p. 34'; with the report's name where the register does not have it."""
    title: str
    """Of the evaluation, or else of the report."""
    state: State
    basis: str
    """What its labels are: ``CONFIRMED``, ``SUGGESTED``, or ``NOTHING`` where there are none to
    show."""
    labels: tuple[str, ...] = ()
    themes: tuple[str, ...] = ()
    model: str = ""
    """Whose suggestion it is."""


def find_report_id(connection: Connection, given: str) -> int:
    """The report of this name, or that the evaluation of this mark stands for.

    Raises:
        WhatworksError: there is none; the nearest is named.
    """
    if re.fullmatch(r"[Ee]\d+", given.strip()):
        mark = given.strip().upper()
        for one in evaluations(connection):
            if one.mark == mark and one.report_id is not None:
                return one.report_id
            if one.mark == mark:
                raise WhatworksError(f"{mark}: its report is not in the project yet.")
    return find_report(connection, given).report_id


class Finder:
    """Looks through all current passages for one person, who sees no more than in the review app.

    What an open blind round asks of them, and what they are still to decide independently, shows
    no label.
    """

    def __init__(self, connection: Connection, standing: Standing) -> None:
        """Reads what is known of all passages.

        Args:
            connection: The one that the standing was worked out on.
            standing: Of who searches.
        """
        self._connection = connection
        self._standing = standing
        self._confirmed = standing.confirmed(connection)
        self._hidden = standing.passages.blind & ~standing.own.seen
        self._states = self._all_states()

    def among(self, wanted: Wanted, places: Ints) -> Ints:
        """Those of these places that are wanted, in the same order."""
        passages = self._standing.passages
        fits = np.ones(len(passages), np.bool_)
        if wanted.reports:
            fits &= np.isin(passages.reports, list(wanted.reports))
        if wanted.language:
            fits &= passages.languages == wanted.language
        if wanted.states:
            fits &= np.isin(self._states, [_NUMBERS[one] for one in wanted.states])
        for kind, code in (("finding_type", wanted.label), ("theme", wanted.theme)):
            if code:
                fits &= self._with((kind, code))
        found: Ints = places[fits[places]]
        return found

    def hits(self, places: Iterable[int]) -> list[Hit]:
        """What is found at these places of the worklist, and what is known of it."""
        passages = self._standing.passages
        at = [(passages.ids[place], place) for place in places]
        read = passages_of(self._connection, [one for one, _ in at])
        confirmed = confirmed_among(
            self._connection, [one for one, place in at if self._confirmed[place]]
        )
        left = [one for one, place in at if one not in confirmed and not self._hidden[place]]
        known = self._standing.translations
        suggested = latest_suggestions(self._connection, left, known)
        listed = {one.report_id: one for one in evaluations(self._connection)}

        def hit(one: PassageId, place: int) -> Hit:
            entry = listed.get(int(passages.reports[place]))
            source = self._standing.sources[int(passages.versions[place])]
            said = confirmed.get(one) or suggested.get(one)
            basis = CONFIRMED if one in confirmed else SUGGESTED if said else NOTHING
            return Hit(
                passage=read[one],
                source=source_mark(source.name if entry is None else entry.mark, read[one]),
                title=source.title if entry is None else entry.facts.title,
                state=_STATES[int(self._states[place])],
                basis=basis,
                labels=said.labels if said else (),
                themes=said.themes if said else (),
                model=suggested[one].model if basis == SUGGESTED else "",
            )

        return [hit(one, place) for one, place in at]

    def _with(self, code: tuple[str, str]) -> Bools:
        """Along all passages: whether it has the code, confirmed or else suggested."""
        passages = self._standing.passages
        given = np.zeros(len(passages), np.bool_)
        places = (passages.at.get(one) for one in passages_with(self._connection, code))
        given[[place for place in places if place is not None]] = True
        suggested = passages.suggested.get(code, np.zeros(len(passages), np.bool_))
        found: Bools = np.where(self._confirmed, given, suggested & ~self._hidden)
        return found

    def _all_states(self) -> NDArray[np.int64]:
        """Along all passages: the number of its state, as far as this person may know it."""
        passages = self._standing.passages
        early = np.where(passages.uncertainty >= 0, _NUMBERS[State.SUGGESTED], _NUMBERS[State.NEW])
        numbers = np.array([0, *(_NUMBERS[one] for one in STATES if one is not None)])
        found = np.where(passages.states == 0, early, numbers[passages.states])
        # That others agreed is not told to who is still to decide.
        apart = (found == _NUMBERS[State.CONFIRMED]) & ~self._confirmed
        return np.where(apart, _NUMBERS[State.IN_REVIEW], found)


_STATES = tuple(State)
_NUMBERS = {state: number for number, state in enumerate(_STATES)}
