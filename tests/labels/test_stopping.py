import pytest
from scipy.stats import hypergeom

from whatworks.labels.stopping import (
    Draw,
    Outcome,
    draw_of,
    further,
    guarantee,
    hypergeometric_p,
)
from whatworks.nlp.errors import WhatworksError


def test_a_share_is_taken_as_it_is_written():
    # 0.95 of 20 is 19 exactly: a find more has to be missing, whatever rounding makes of 19 / 0.95.
    draw = Draw(left=100, before=19, read=50, found=0)

    assert hypergeometric_p(draw, 0.95) == pytest.approx(hypergeom.cdf(0, 100, 2, 50))


def test_without_a_draw_nothing_is_guaranteed_but_what_is_left():
    found = guarantee(50, 950)

    assert (found.most, found.recall, found.rests_on) == (1000, 0.05, 0)
    assert not found.is_reached


def test_what_was_read_to_the_end_is_found():
    assert guarantee(50, 0).is_reached
    assert guarantee(0, 0).is_reached
    assert guarantee(0, 0).recall == 1


def test_of_nothing_found_no_share_is_guaranteed_but_how_many_there_may_be():
    found = guarantee(0, 500, [Draw(left=1000, before=0, read=500, found=0)])

    assert found.recall is None
    assert not found.is_reached
    assert 0 < found.left < 12


def test_a_long_draw_without_a_find_reaches_the_target():
    assert not guarantee(200, 4800, [Draw(5000, 200, 200, 0)]).is_reached
    assert guarantee(200, 2500, [Draw(5000, 200, 2500, 0)]).is_reached


def test_what_strategies_find_after_the_draw_counts():
    draw = Draw(left=5000, before=200, read=500, found=2)
    before, after = guarantee(202, 4500, [draw]), guarantee(215, 4300, [draw])

    assert after.most == before.most
    assert after.recall > before.recall


def test_passages_that_people_disagree_on_are_feared_to_be_finds():
    sure = guarantee(200, 4500, [Draw(5000, 200, 500, 0)])
    unsure = guarantee(200, 4503, [Draw(5000, 200, 500, 0, unsettled=3)])
    found = guarantee(203, 4500, [Draw(5000, 200, 500, 3)])

    assert sure.most < unsure.most == found.most
    assert unsure.recall < found.recall


def test_reports_that_came_in_after_the_draw_are_not_covered_by_it():
    old = guarantee(200, 4500, [Draw(5000, 200, 500, 0)])
    new = guarantee(200, 4600, [Draw(5000, 200, 500, 0, uncovered=100)])

    assert new.most == old.most + 100


def test_a_bound_that_was_surpassed_says_nothing():
    draw = Draw(left=5000, before=200, read=2000, found=0)
    bound = guarantee(200, 3000, [draw]).most

    assert guarantee(bound + 1, 2900, [draw]).most == bound + 1 + 2900


def test_a_draw_that_goes_on_counts_as_one():
    whole = guarantee(203, 4400, [Draw(5000, 200, 600, 3)])
    parts = guarantee(203, 4400, [Draw(5000, 200, 400, 2), Draw(4600, 202, 200, 1)])
    apart = guarantee(203, 4350, [Draw(5000, 200, 400, 2), Draw(4550, 202, 200, 1)])

    assert parts == whole
    assert apart.rests_on == 400


def test_a_second_draw_is_held_to_more_than_the_first():
    one = Draw(left=1000, before=300, read=400, found=0)
    idle = Draw(left=9000, before=20, read=0, found=0)

    assert guarantee(300, 600, [one]).most < guarantee(300, 600, [idle, one]).most


@pytest.mark.parametrize(("found", "unread", "draws"), [
    (200, 5000, []),
    (200, 4800, [Draw(5000, 200, 200, 0)]),
    (204, 4200, [Draw(5000, 200, 800, 4)]),
    (210, 1500, [Draw(5000, 200, 800, 4)]),
])  # fmt: skip
def test_so_many_further_passages_reach_the_target_and_one_fewer_does_not(found, unread, draws):
    plan = further(found, unread, draws)

    assert 0 < plan.passages < unread
    assert _after(found, unread, draws, plan.passages, plan.anew).is_reached
    assert not _after(found, unread, draws, plan.passages - 1, plan.anew).is_reached


def _after(found, unread, draws, more, anew):
    if anew:
        # Not as if the last draw went on: something was read between.
        draws = [*draws, Draw(unread, found, more, 0)]
    else:
        last = draws[-1]
        draws = [*draws[:-1], Draw(last.left, last.before, last.read + more, last.found)]
    return guarantee(found, unread - more, draws)


def test_where_nothing_was_found_nearly_everything_has_to_be_read():
    assert 650 < further(0, 700).passages <= 700


def test_a_draw_counts_up_to_the_first_unread_passage():
    outcomes = [Outcome.NOT_FOUND, Outcome.FOUND, Outcome.UNSETTLED, Outcome.UNREAD, Outcome.FOUND]

    assert draw_of(100, 7, outcomes) == Draw(100, 7, read=3, found=1, unsettled=1)


@pytest.mark.parametrize(
    "numbers", [(10, 0, 11, 0), (10, 0, 5, 6), (10, -1, 5, 0), (9, 0, 5, 3, 3)]
)
def test_numbers_that_contradict_each_other_are_refused(numbers):
    with pytest.raises(ValueError, match="no draw"):
        Draw(*numbers)


@pytest.mark.parametrize(("target", "confidence"), [(95, 0.95), (0, 0.95), (0.9, 1), (0.9, 95)])
def test_targets_that_make_no_sense_are_refused(target, confidence):
    with pytest.raises(WhatworksError, match="sure of"):
        guarantee(10, 90, target=target, confidence=confidence)


def test_a_target_that_cannot_be_missed_is_not_feared():
    assert hypergeometric_p(Draw(left=10, before=1000, read=1, found=0), 0.5) == 0
