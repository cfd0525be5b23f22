"""The quality of reports as people appraised it."""

import pytest
from sqlalchemy import func, select

from whatworks.labels.register import Facts
from whatworks.labels.screening import Appraised, ScreeningPlan
from whatworks.labels.store.appraisals import appraisal_log, appraise
from whatworks.labels.store.database import Store
from whatworks.labels.store.register import Change, evaluations, put
from whatworks.labels.store.schema import appraisal
from whatworks.labels.store.screening import appraised
from whatworks.nlp.errors import WhatworksError

PLAN = ScreeningPlan()


@pytest.fixture
def entry(store: Store) -> int:
    """One of two evaluations."""
    put(store, [Change(Facts("One")), Change(Facts("Two"))], "list.csv", "Ana")
    with store.reading() as connection:
        return evaluations(connection)[0].id


def say(store: Store, entry: int, name: str, note: str = "", **answers: str) -> bool:
    """Answers by the first word of their item."""
    items = {item.partition("-")[0].lower(): item for item in PLAN.checklist}
    given = {items[word]: answer for word, answer in answers.items()}
    return appraise(store, PLAN, [(entry, Appraised(name, given, note))])[0]


def holds(store: Store) -> list[dict[str, str]]:
    with store.reading() as connection:
        listed = evaluations(connection)
        found = appraised(connection, listed)
    return [dict(found[one.id]) for one in listed]


def stored(store: Store) -> int:
    with store.reading() as connection:
        return connection.scalar(select(func.count()).select_from(appraisal)) or 0


def test_what_nobody_appraised_has_no_answers(store: Store, entry: int) -> None:
    assert holds(store) == [{}, {}]


def test_answers_come_back_and_those_left_out_hold_on(store: Store, entry: int) -> None:
    assert say(store, entry, "Ana", "Thin", complete="no", relevant="yes")
    assert say(store, entry, "Ana", complete="partly")
    assert holds(store) == [{"Complete": "partly", "Relevant": "yes"}, {}]
    with store.reading() as connection:
        log = appraisal_log(connection)[entry]
    assert [(dict(one.answers), one.note) for one in log] == [
        ({"Complete": "no", "Relevant": "yes"}, "Thin"),
        ({"Complete": "partly", "Relevant": "yes"}, "Thin"),
    ]


def test_appraisers_who_differ_are_both_heard(store: Store, entry: int) -> None:
    say(store, entry, "Ana", complete="no", relevant="yes")
    say(store, entry, "Ben", complete="yes", relevant="yes", evidence="partly")
    assert holds(store)[0] == {"Complete": "yes/no", "Relevant": "yes", "Evidence-based": "partly"}
    say(store, entry, "BEN", complete="no")
    assert holds(store)[0]["Complete"] == "no"


def test_an_answer_can_be_taken_back(store: Store, entry: int) -> None:
    say(store, entry, "Ana", complete="no", relevant="yes")
    assert say(store, entry, "Ana", complete="")
    assert holds(store)[0] == {"Relevant": "yes"}


def test_the_same_again_is_not_stored(store: Store, entry: int) -> None:
    assert say(store, entry, "Ana", "Thin", complete="no")
    assert not say(store, entry, "ana", complete="no")
    assert not say(store, entry, "Ben")
    assert stored(store) == 1


@pytest.mark.parametrize(
    ("said", "message"),
    [
        (Appraised("Ana", {"Complett": "yes"}), r"Unknown item 'Complett'\. Nearest: 'Complete'\."),
        (Appraised("Ana", {"Complete": "yess"}), r"Unknown answer 'yess'\. Nearest: 'y"),
        (Appraised("", {"Complete": "yes"}), r"names no appraiser"),
    ],
)
def test_one_wrong_answer_keeps_all_from_being_stored(
    store: Store, entry: int, said: Appraised, message: str
) -> None:
    with pytest.raises(WhatworksError, match=message):
        appraise(store, PLAN, [(entry, Appraised("Ana", {"Relevant": "no"})), (entry, said)])
    assert stored(store) == 0


def test_an_answer_to_an_item_that_left_the_checklist_stays(store: Store, entry: int) -> None:
    say(store, entry, "Ana", complete="no")
    shorter = ScreeningPlan(checklist=("Useful",))
    appraise(store, shorter, [(entry, Appraised("Ana", {"Useful": "yes"}))])
    assert holds(store)[0] == {"Complete": "no", "Useful": "yes"}
