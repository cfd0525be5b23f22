"""Where evaluations stand after what screeners said of them."""

import itertools
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from whatworks.labels.register import Evaluation, Facts
from whatworks.labels.screening import Criterion, Screened, Screening, ScreeningPlan, flow
from whatworks.labels.screening_rules import (
    Said,
    that_hold,
    where_it_stands,
    with_one_of_each_project,
)

IN = Criterion("on-topic", "It is on the topic", "include")
OUT = Criterion("off-topic", "It is not on the topic", "exclude")
EMPTY = Criterion("empty", "It has no findings", "exclude")
ONE = ScreeningPlan(1, (IN, OUT, EMPTY))
TWO = ScreeningPlan(2, (IN, OUT, EMPTY))


def ana(verdict: str | None, *reasons: str, note: str = "", settles: bool = False) -> Said:
    return Said("Ana", verdict, reasons, note, settles)


def ben(verdict: str | None, *reasons: str, note: str = "", settles: bool = False) -> Said:
    return Said("Ben", verdict, reasons, note, settles)


def test_nothing_said_is_open() -> None:
    assert where_it_stands([], ONE) == Screened(Screening.OPEN)


def test_one_screener_is_enough_where_the_settings_say_so() -> None:
    said = [ana("exclude", "empty", "off-topic", note="A desk review")]
    assert where_it_stands(said, ONE) == Screened(
        Screening.EXCLUDED, (OUT, EMPTY), "A desk review", ("Ana",)
    )
    assert where_it_stands(said, TWO) == Screened(Screening.OPEN, screeners=("Ana",))


def test_two_who_say_the_same_are_enough() -> None:
    said = [ana("exclude", "empty", note="Thin"), ben("exclude", "off-topic", note="Other topic")]
    assert where_it_stands(said, TWO) == Screened(
        Screening.EXCLUDED, (OUT, EMPTY), "Thin; Other topic", ("Ana", "Ben")
    )


@pytest.mark.parametrize("plan", [ONE, TWO])
def test_two_who_do_not_say_the_same_are_in_conflict(plan: ScreeningPlan) -> None:
    for first, second in itertools.permutations(("include", "exclude", "possible"), 2):
        found = where_it_stands([ana(first), ben(second)], plan)
        assert found == Screened(Screening.CONFLICT, screeners=("Ana", "Ben"))


def test_a_third_does_not_outvote_the_second() -> None:
    said = [ana("include"), ben("exclude"), Said("Chloé", "include")]
    assert where_it_stands(said, TWO).state is Screening.CONFLICT


def test_the_last_word_of_a_screener_counts() -> None:
    said = [ana("exclude", "empty"), ben("include"), ana("include", "on-topic")]
    assert where_it_stands(said, TWO) == Screened(Screening.INCLUDED, (IN,), "", ("Ben", "Ana"))


def test_a_word_taken_back_no_longer_counts() -> None:
    assert where_it_stands([ana("exclude"), ana(None)], ONE) == Screened(Screening.OPEN)
    assert where_it_stands([ana("exclude"), ben("include"), ana(None)], TWO).screeners == ("Ben",)


def test_a_name_in_another_spelling_is_the_same_screener() -> None:
    said = [Said("Zoé", "include"), Said("ZOÉ ", "exclude")]
    assert where_it_stands(said, TWO).state is Screening.OPEN


def test_a_settlement_holds_whatever_is_said_after_it() -> None:
    said = [ana("include"), ben("exclude"), Said("Chloé", "exclude", ("empty",), settles=True)]
    for more in ([], [ben("possible")], [ben(None)]):
        found = where_it_stands([*said, *more], TWO)
        assert (found.state, found.reasons) == (Screening.EXCLUDED, (EMPTY,))
        assert found.screeners[-1] == "Chloé"


def test_who_screened_may_settle_and_keeps_the_own_word() -> None:
    said = [ana("include"), ben("exclude"), ana("exclude", settles=True)]
    found = where_it_stands(said, TWO)
    assert (found.state, found.screeners) == (Screening.EXCLUDED, ("Ben", "Ana"))
    assert where_it_stands([*said, ana(None, settles=True)], TWO).state is Screening.CONFLICT


def test_a_reason_that_left_the_settings_stays_readable_after_the_others() -> None:
    gone = Criterion("too-old", "too-old", "exclude")
    said = [ana("exclude", "too-old", "empty")]
    assert where_it_stands(said, ONE).reasons == (EMPTY, gone)
    # One of that name that is now a reason for something else is another one.
    moved = ScreeningPlan(criteria=(Criterion("too-old", "It is old", "include"), EMPTY))
    assert where_it_stands(said, moved).reasons == (EMPTY, gone)


def evaluation(number: int, **facts: Any) -> Evaluation:
    report_id = facts.pop("report_id", None)
    return Evaluation(100 + number, number, Facts(f"Evaluation {number}", **facts), report_id)


def used(*evaluations: Evaluation, prefer: str = "final") -> dict[str, str]:
    """Mark of each to the mark of the one that is used in its place, '' where it is used itself."""
    given = {one.id: Screened(Screening.INCLUDED, note="kept") for one in evaluations}
    found = with_one_of_each_project(ScreeningPlan(prefer=prefer), evaluations, given)
    assert {one.note for one in found.values()} == {"kept"}
    for one in found.values():
        assert (one.state is Screening.SUPERSEDED) == bool(one.superseded_by)
    return {one.mark: found[one.id].superseded_by for one in evaluations}


def test_the_last_evaluation_in_the_life_of_a_project_is_used() -> None:
    same = {"project": "RAF/12/04"}
    found = used(
        evaluation(1, timing="final", year=2016, **same),
        evaluation(2, timing="ex-post", year=2014, **same),
        evaluation(3, timing="mid-term", year=2019, **same),
        evaluation(4, timing="", year=2020, **same),
        evaluation(5, timing="mid-term", year=2019, project="Other"),
    )
    assert found == {"E1": "E2", "E2": "", "E3": "E2", "E4": "E2", "E5": ""}


def test_of_the_same_timing_the_later_year_is_used_then_the_later_row() -> None:
    final = {"timing": "final", "project": "P"}
    assert used(evaluation(1, year=2018, **final), evaluation(2, year=2015, **final))["E2"] == "E1"
    assert used(evaluation(1, **final), evaluation(2, year=2015, **final))["E1"] == "E2"
    assert used(evaluation(1, **final), evaluation(2, **final))["E1"] == "E2"


def test_a_project_in_another_spelling_is_the_same() -> None:
    found = used(evaluation(1, project="Décent  travail"), evaluation(2, project="décent travail"))
    assert found == {"E1": "E2", "E2": ""}


def test_evaluations_that_name_no_project_are_each_used() -> None:
    assert used(evaluation(1, timing="mid-term"), evaluation(2)) == {"E1": "", "E2": ""}


def test_each_is_used_where_the_settings_say_all() -> None:
    both = evaluation(1, project="P"), evaluation(2, project="P")
    assert used(*both, prefer="all") == {"E1": "", "E2": ""}


def test_an_evaluation_that_is_not_included_supersedes_none() -> None:
    listed = evaluation(1, project="P", timing="mid-term"), evaluation(2, project="P")
    for state in (Screening.EXCLUDED, Screening.POSSIBLE, Screening.OPEN, Screening.CONFLICT):
        given = {101: Screened(state), 102: Screened(Screening.INCLUDED)}
        assert with_one_of_each_project(ONE, listed, given) == given


def test_the_flow_counts_every_evaluation_once() -> None:
    gone = Criterion("too-old", "too-old", "exclude")
    states = [
        Screened(Screening.INCLUDED),
        Screened(Screening.INCLUDED),
        Screened(Screening.EXCLUDED, (gone,)),
        Screened(Screening.EXCLUDED, (EMPTY, gone)),
        Screened(Screening.EXCLUDED, (OUT, EMPTY)),
        Screened(Screening.EXCLUDED),
        Screened(Screening.POSSIBLE),
        Screened(Screening.CONFLICT),
        Screened(Screening.OPEN),
        Screened(Screening.SUPERSEDED, superseded_by="E1"),
        Screened(Screening.EXCLUDED, (EMPTY,)),
    ]
    listed = [evaluation(n, report_id=7 if n == 1 else None) for n in range(1, len(states) + 1)]
    found = flow(
        ONE,
        listed,
        {one.id: of for one, of in zip(listed, states, strict=True)},
        is_screened=True,
    )

    assert found.identified == 11
    assert (found.included, found.without_file, found.superseded) == (2, 1, 1)
    assert (found.open, found.conflicts, found.possible, found.excluded) == (1, 1, 1, 5)
    assert found.excluded_by_reason == ((OUT, 1), (EMPTY, 2), (gone, 1), (None, 1))
    assert sum(count for _, count in found.excluded_by_reason) == found.excluded


def test_an_empty_register_has_an_empty_flow() -> None:
    found = flow(ONE, [], {}, is_screened=False)
    assert found.identified == found.screened == 0
    assert found.excluded_by_reason == ()


def test_what_nobody_screened_is_not_called_screened() -> None:
    listed = [evaluation(1), evaluation(2)]
    states = {one.id: Screened(Screening.INCLUDED) for one in listed}
    for is_screened, count in ((False, 0), (True, 2)):
        found = flow(ONE, listed, states, is_screened=is_screened)
        assert (found.screened, found.included, found.is_screened) == (count, 2, is_screened)


WORDS = st.lists(
    st.builds(
        Said,
        st.sampled_from(["Ana", "ana", "Ben", "Chloé"]),
        st.sampled_from([None, "include", "exclude", "possible"]),
        st.lists(st.sampled_from(["on-topic", "off-topic", "empty", "gone"])).map(tuple),
        settles=st.booleans(),
    ),
    max_size=8,
)


@given(WORDS, st.sampled_from([ONE, TWO]))
def test_what_was_taken_back_or_said_anew_leaves_no_trace(
    said: list[Said], plan: ScreeningPlan
) -> None:
    holding = that_hold(said)
    assert where_it_stands(said, plan) == where_it_stands(holding, plan)
    assert len({(one.screener.casefold(), one.settles) for one in holding}) == len(holding)
    assert (where_it_stands(said, plan).screeners == ()) == (holding == [])


@given(st.lists(st.tuples(WORDS, st.sampled_from(["", "P", "Q"])), max_size=8))
def test_every_evaluation_goes_one_way(of_each: list[tuple[list[Said], str]]) -> None:
    listed = [evaluation(n, project=project) for n, (_, project) in enumerate(of_each, 1)]
    stands = {
        one.id: where_it_stands(said, TWO) for one, (said, _) in zip(listed, of_each, strict=True)
    }
    found = with_one_of_each_project(TWO, listed, stands)
    counted = flow(TWO, listed, found, is_screened=True)
    assert counted.identified == sum(
        (
            counted.open,
            counted.conflicts,
            counted.possible,
            counted.excluded,
            counted.superseded,
            counted.included,
        )
    )
    assert sum(count for _, count in counted.excluded_by_reason) == counted.excluded
    for project in ("P", "Q"):
        of_it = [one for one in listed if one.facts.project == project]
        was = [one for one in of_it if stands[one.id].state is Screening.INCLUDED]
        used = [one for one in of_it if found[one.id].state is Screening.INCLUDED]
        assert len(used) == min(1, len(was))
