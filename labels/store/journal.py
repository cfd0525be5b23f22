"""The log of decisions as columns: read once, then kept in step, for figures over all of it."""

import json
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, Text, func, select, type_coerce

from ...nlp.passages import PassageId
from ..decisions import Answer, Verdict
from .schema import codebook_version, decision

AT_ONCE = 20_000
"""How many decisions one query reads: others get their turn in between."""
UNDO, UNSURE, CONFIRM, OTHER = range(4)
"""Verdicts in ``Columns.verdicts``; the other two are answers as well."""
_VERDICTS = {Verdict.UNDO: UNDO, Verdict.UNSURE: UNSURE, Verdict.CONFIRM: CONFIRM}


@dataclass(frozen=True, slots=True, eq=False)
class Columns:
    """Decisions in their order, one place in each array a decision."""

    ids: NDArray[np.int64]
    passages: NDArray[np.int32]
    """Places in ``Journal.passage_ids``."""
    annotators: NDArray[np.int32]
    """Ids of annotators."""
    verdicts: NDArray[np.int8]
    said: NDArray[np.int32]
    """Places in ``Journal.answers``."""
    seconds: NDArray[np.float32]
    """NaN where nobody measured."""
    days: NDArray[np.int32]
    """In UTC, as ``date.toordinal`` counts them."""
    blind: NDArray[np.bool_]
    adjudicates: NDArray[np.bool_]
    suggestions: NDArray[np.int32]
    """Ids; 0 where there was none."""
    undone: NDArray[np.bool_]
    """Whether it was taken back since."""

    def __len__(self) -> int:
        return len(self.ids)

    @property
    def holding(self) -> NDArray[np.bool_]:
        """Whether it is a decision that was not taken back."""
        holding: NDArray[np.bool_] = (self.verdicts != UNDO) & ~self.undone
        return holding

    @property
    def pairs(self) -> NDArray[np.int64]:
        """A number for each annotator and passage."""
        width = int(self.annotators.max(initial=0)) + 1
        return self.passages.astype(np.int64) * width + self.annotators


class Journal:
    """The log, as far as it was read."""

    def __init__(self) -> None:
        self.columns = _columns([])
        self.passage_ids: list[PassageId] = []
        self.answers: list[tuple[int, Answer]] = []
        """Answers as they were given, each once, with the number of the codebook version."""
        self._places: dict[str, int] = {}
        self._numbers: dict[tuple[int, str, str], int] = {}

    def follow(self, connection: Connection) -> None:
        """Takes in what was decided since the last time."""
        while True:
            last = int(self.columns.ids[-1]) if len(self.columns) else 0
            rows = connection.execute(_QUERY.where(decision.c.id > last).limit(AT_ONCE)).all()
            if rows:
                self._take(list(zip(*rows, strict=True)))
            if len(rows) < AT_ONCE:
                return

    def _take(self, given: list[tuple[Any, ...]]) -> None:
        ids, passages, annotators, verdicts, versions, labels, themes, *others = given
        seconds, days, blind, adjudicates, suggestions, undoes = others
        numbers = {one: date.fromisoformat(one).toordinal() for one in set(days)}
        new = _columns(
            [
                ids,
                [self._place(one) for one in passages],
                annotators,
                [_VERDICTS.get(one, OTHER) for one in verdicts],
                [self._number(key) for key in zip(versions, labels, themes, strict=True)],
                [np.nan if one is None else one for one in seconds],
                [numbers[one] for one in days],
                blind,
                adjudicates,
                [one or 0 for one in suggestions],
                np.zeros(len(ids)),
            ]
        )
        whole = Columns(
            *(
                np.concatenate([getattr(self.columns, one.name), getattr(new, one.name)])
                for one in fields(Columns)
            )
        )
        taken_back = [one for one in undoes if one is not None]
        undone = whole.undone | np.isin(whole.ids, taken_back)
        self.columns = replace(whole, undone=undone)

    def _place(self, passage_id: str) -> int:
        place = self._places.setdefault(passage_id, len(self.passage_ids))
        if place == len(self.passage_ids):
            self.passage_ids.append(PassageId(passage_id))
        return place

    def _number(self, key: tuple[int, str, str]) -> int:
        number = self._numbers.setdefault(key, len(self.answers))
        if number == len(self.answers):
            version, labels, themes = key
            answer = Answer(tuple(json.loads(labels)), tuple(json.loads(themes)))
            self.answers.append((version, answer))
        return number


_KINDS = {
    "ids": np.int64,
    "verdicts": np.int8,
    "seconds": np.float32,
    "blind": np.bool_,
    "adjudicates": np.bool_,
    "undone": np.bool_,
}


def _columns(given: Any) -> Columns:
    """Of lists in the order of the fields; empty ones where there are none."""
    names = [one.name for one in fields(Columns)]
    given = given or [()] * len(names)
    return Columns(
        *(
            np.array(values, _KINDS.get(name, np.int32))
            for name, values in zip(names, given, strict=True)
        )
    )


_QUERY = (
    select(
        decision.c.id,
        decision.c.passage_id,
        decision.c.annotator_id,
        decision.c.verdict,
        codebook_version.c.number,
        # As text: few answers are given often, and each is read once.
        type_coerce(decision.c.labels, Text),
        type_coerce(decision.c.themes, Text),
        decision.c.seconds,
        func.substr(decision.c.made_at, 1, 10),
        decision.c.blind,
        decision.c.adjudicates,
        decision.c.suggestion_id,
        decision.c.undoes_id,
    )
    .join(codebook_version, codebook_version.c.id == decision.c.codebook_version_id)
    .order_by(decision.c.id)
)
