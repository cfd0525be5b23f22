"""Disagreements as the adjudicator's pages show them."""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlencode

from sqlalchemy import Connection

from ...labels.codebook import Codebook
from ...labels.decisions import State
from ...labels.resolution import Policy, name_key
from ...labels.store.adjudications import asked_of
from ...labels.store.disagreements import (
    Disagreement,
    Dispute,
    Side,
    Voice,
    disagreements,
    dispute,
)
from ...labels.store.log import current_policy
from ...labels.texts import Texts
from ...nlp.passages import PassageId
from .forms import number_of
from .shown import code_names


class Case(StrEnum):
    """What there is to do with a passage."""

    OPEN = "open"
    """People disagree; it is to be settled."""
    SETTLED = "settled"
    OWN_FIRST = "own first"
    """The adjudicator is asked for an independent decision, and sees nothing before it."""
    NOTHING = "nothing"
    """There is no disagreement here: what people said is not shown."""


@dataclass(frozen=True, slots=True)
class Filter:
    """Which disagreements are listed."""

    report_id: int | None = None
    label: str = ""
    settled: bool = False

    @classmethod
    def read(cls, params: Mapping[str, str]) -> "Filter":
        """Of an address."""
        return cls(
            number_of(params.get("report", "")),
            params.get("label", "")[:200],
            params.get("settled", "") == "1",
        )

    @property
    def query(self) -> str:
        """What to add to an address so that it keeps the filter."""
        given = {
            "report": self.report_id,
            "label": self.label,
            "settled": "1" if self.settled else "",
        }
        some = {name: value for name, value in given.items() if value not in (None, "")}
        return f"?{urlencode(some)}" if some else ""

    def listed(self, connection: Connection, own_first: Set[PassageId]) -> list[Disagreement]:
        """The disagreements, in reading order.

        Args:
            connection: A reading one.
            own_first: What the adjudicator is still to decide independently: whether a finding type
                is disputed there is not told.
        """
        found = disagreements(
            connection, report_id=self.report_id, label=self.label, settled=self.settled
        )
        return [one for one in found if not (self.label and one.passage_id in own_first)]


@dataclass(frozen=True, slots=True)
class Place:
    """Where in the list one is."""

    number: int
    """From 1; 0 for a passage that is not in it."""
    total: int
    before: PassageId | None
    after: PassageId | None


@dataclass(frozen=True, slots=True)
class Shown:
    """A passage that people may disagree on, as far as this adjudicator may see it."""

    case: Case
    dispute: Dispute
    refusal: str
    """Why this person cannot settle it; '' where they can."""

    @property
    def sides(self) -> tuple[Side, ...]:
        """What may be seen."""
        return self.dispute.sides if self._is_open else ()

    @property
    def unsure(self) -> tuple[Voice, ...]:
        """Those who could not tell, as far as that may be seen."""
        return self.dispute.unsure if self._is_open else ()

    @property
    def _is_open(self) -> bool:
        return self.case in (Case.OPEN, Case.SETTLED)


@dataclass(frozen=True, slots=True)
class Chip:
    """A code of an answer."""

    kind: str
    """'finding_type' or 'theme'."""
    id: str
    name: str
    number: int
    """A finding type's place in the codebook, for its colour; 0 for a theme."""
    is_shared: bool
    """Whether all give it."""


@dataclass(frozen=True, slots=True)
class Told:
    """An answer, as it is read."""

    side: Side
    words: str
    chips: tuple[Chip, ...]
    """Empty where there is no finding, and where the codebook lost a code of it."""


def look_at(connection: Connection, texts: Texts, name: str, passage_id: PassageId) -> Shown:
    """What an adjudicator sees of a passage."""
    found = dispute(connection, passage_id)
    if asked_of(connection, name, passage_id):
        case = Case.OWN_FIRST
    elif found.settled is not None:
        case = Case.SETTLED
    elif found.state is State.DISAGREED:
        case = Case.OPEN
    else:
        case = Case.NOTHING
    return Shown(case, found, refusal(current_policy(connection), texts, name))


def refusal(policy: Policy, _: Texts, name: str) -> str:
    """Why a person cannot settle disagreements; '' where they can."""
    if not policy.adjudicates:
        return _(
            "Under the policy '%(policy)s' nobody settles: talk about it, and let one of you "
            "decide the passage anew.",
            policy=policy.name,
        )
    if not policy.is_adjudicator(name):
        return _(
            "To settle disagreements, your name has to stand under 'adjudicators' in "
            'whatworks.toml: "%(name)s".',
            name=name,
        )
    return ""


def place_in(listed: list[Disagreement], passage_id: PassageId) -> Place:
    """Where a passage is in a list."""
    ids = [one.passage_id for one in listed]
    if passage_id not in ids:
        return Place(0, len(ids), None, ids[0] if ids else None)
    at = ids.index(passage_id)
    return Place(
        at + 1,
        len(ids),
        ids[at - 1] if at else None,
        ids[at + 1] if at + 1 < len(ids) else None,
    )


def told(sides: Sequence[Side], codebook: Codebook, _: Texts) -> list[Told]:
    """The answers, as they are read."""
    return [_told(side, sides, codebook, _) for side in sides]


def _told(side: Side, sides: Sequence[Side], codebook: Codebook, _: Texts) -> Told:
    if side.is_stale:
        return Told(side, _("An answer in codes that are no longer there"), ())
    answer = side.answer
    names = code_names(codebook, answer.labels, answer.themes, _.language)
    given = [("finding_type", one) for one in answer.labels]
    given += [("theme", one) for one in answer.themes]
    chips = [
        Chip(kind, code, name, _number(codebook, kind, code), _is_shared(sides, kind, code))
        for (kind, code), name in zip(given, names, strict=True)
    ]
    # Finding types as the codebook has them, then themes.
    chips.sort(key=lambda one: one.number or len(given) + 1000)
    return Told(side, " · ".join(names) or _("No finding"), tuple(chips))


def _number(codebook: Codebook, kind: str, code: str) -> int:
    ids = codebook.finding_type_ids if kind == "finding_type" else ()
    return ids.index(code) + 1 if code in ids else 0


def _is_shared(sides: Sequence[Side], kind: str, code: str) -> bool:
    return all(
        code in (side.answer.labels if kind == "finding_type" else side.answer.themes)
        for side in sides
    )


def is_own(voice: Voice, name: str) -> bool:
    """Whether it is what this person said."""
    return name_key(voice.decision.annotator) == name_key(name)
