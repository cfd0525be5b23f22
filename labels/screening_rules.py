"""Where evaluations stand: worked out from what was said each time, and never stored."""

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from .register import TIMINGS, Evaluation
from .resolution import name_key
from .screening import Criterion, Screened, Screening, ScreeningPlan

_STATES = {
    "include": Screening.INCLUDED,
    "exclude": Screening.EXCLUDED,
    "possible": Screening.POSSIBLE,
}


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody said of an evaluation, once."""

    screener: str
    verdict: str | None
    """One of ``VERDICTS``; None takes back what the screener had said before."""
    reasons: tuple[str, ...] = ()
    """Ids of criteria."""
    note: str = ""
    settles: bool = False
    """Whether it settles a conflict, or takes such a settlement back."""
    made_at: str = ""
    """UTC."""


def that_hold(said: Iterable[Said]) -> list[Said]:
    """The last word of each screener, and the last settlement of each, in the order of the log."""
    last: dict[tuple[str, bool], Said] = {}
    for one in said:
        key = name_key(one.screener), one.settles
        last.pop(key, None)
        if one.verdict is not None:
            last[key] = one
    return list(last.values())


def is_begun(log: Mapping[int, Iterable[Said]]) -> bool:
    """Whether somebody's verdict holds: only then anything is left out for want of one."""
    return any(that_hold(said) for said in log.values())


def settlement(said: Iterable[Said]) -> Said | None:
    """The last word that settles a conflict; None where nobody's does."""
    return next((one for one in reversed(that_hold(said)) if one.settles), None)


def where_it_stands(said: Iterable[Said], plan: ScreeningPlan) -> Screened:
    """Where an evaluation stands after what was said of it, in the order of the log.

    A settlement holds whatever the screeners say. Without one they must all say the same, and be
    as many as the settings ask for.
    """
    holding = that_hold(said)
    words = [one for one in holding if not one.settles]
    screeners = tuple(dict.fromkeys(one.screener for one in words))
    settled = settlement(holding)
    if settled is not None:
        others = tuple(one for one in screeners if one != settled.screener)
        return _outcome([settled], plan, (*others, settled.screener))
    if len({one.verdict for one in words}) > 1:
        return Screened(Screening.CONFLICT, screeners=screeners)
    if len(words) < plan.screeners:
        return Screened(Screening.OPEN, screeners=screeners)
    return _outcome(words, plan, screeners)


def with_one_of_each_project(
    plan: ScreeningPlan, evaluations: Sequence[Evaluation], screened: Mapping[int, Screened]
) -> dict[int, Screened]:
    """The same, with all but one included evaluation of each project superseded.

    The one that is used is the last in the life of the project: ex-post after final after
    mid-term, then the later year, then the higher number. An evaluation that names no project
    has none in common with others. Where the settings say 'all', nothing changes.
    """
    found = dict(screened)
    if plan.prefer == "all":
        return found
    used: dict[str, Evaluation] = {}
    for one in sorted(evaluations, key=_in_the_life_of_a_project):
        if one.facts.project and found[one.id].state is Screening.INCLUDED:
            used[name_key(one.facts.project)] = one
    for one in evaluations:
        of = used.get(name_key(one.facts.project), one)
        if of.id != one.id and found[one.id].state is Screening.INCLUDED:
            found[one.id] = dataclasses.replace(
                found[one.id], state=Screening.SUPERSEDED, superseded_by=of.mark
            )
    return found


def _outcome(words: Sequence[Said], plan: ScreeningPlan, screeners: tuple[str, ...]) -> Screened:
    verdict = words[0].verdict
    assert verdict is not None
    given = dict.fromkeys(reason for one in words for reason in one.reasons)
    known = {one.id: one for one in plan.criteria_for(verdict)}
    # A reason stays readable when its criterion has left the settings.
    gone = [Criterion(one, one, verdict) for one in given if one not in known]
    return Screened(
        _STATES[verdict],
        reasons=(*(one for id_, one in known.items() if id_ in given), *gone),
        note="; ".join(dict.fromkeys(one.note for one in words if one.note)),
        screeners=screeners,
    )


def _in_the_life_of_a_project(one: Evaluation) -> tuple[int, int, int]:
    timing = one.facts.timing
    return (
        TIMINGS.index(timing) if timing in TIMINGS else -1,
        one.facts.year or 0,
        one.number,
    )
