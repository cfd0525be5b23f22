"""Screening as it is stored: nothing is overwritten, and what follows is worked out anew."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func, select

from whatworks.labels.register import Evaluation, Facts
from whatworks.labels.screening import Criterion, Screened, Screening, ScreeningPlan
from whatworks.labels.screening_rules import Said
from whatworks.labels.store.database import Store
from whatworks.labels.store.register import Change, evaluations, put
from whatworks.labels.store.schema import annotator, screening
from whatworks.labels.store.screening import screen, screened, screening_log, take_back
from whatworks.nlp.errors import WhatworksError

OUT = Criterion("off-topic", "It is not on the topic", "exclude")
IN = Criterion("on-topic", "It is on the topic", "include")
ONE = ScreeningPlan(1, (IN, OUT))
TWO = ScreeningPlan(2, (IN, OUT))


@pytest.fixture
def listed(store: Store) -> tuple[Evaluation, ...]:
    """Three evaluations, the first two of one project."""
    put(
        store,
        [
            Change(Facts("Mid-term", timing="mid-term", project="P")),
            Change(Facts("Final", timing="final", project="P")),
            Change(Facts("Another")),
        ],
        "list.csv",
        "Ana",
    )
    with store.reading() as connection:
        return evaluations(connection)


def where(store: Store, plan: ScreeningPlan) -> list[Screened]:
    """Where the evaluations on the list stand, by number."""
    with store.reading() as connection:
        on_the_list = evaluations(connection)
        found = screened(connection, plan, on_the_list)
    return [found[one.id] for one in on_the_list]


def states(store: Store, plan: ScreeningPlan = ONE) -> list[str]:
    return [str(one.state) for one in where(store, plan)]


def stored(store: Store) -> int:
    with store.reading() as connection:
        return connection.scalar(select(func.count()).select_from(screening)) or 0


def test_where_nothing_is_screened_every_evaluation_is_taken_in_by_nobodys_word(
    store: Store, listed: tuple[Evaluation, ...]
) -> None:
    assert where(store, ScreeningPlan(prefer="all")) == 3 * [Screened(Screening.INCLUDED)]
    # The rule on several evaluations of a project is a setting: it holds without any screening.
    assert states(store) == ["superseded", "included", "included"]
    assert where(store, ONE)[0].superseded_by == "E2"


def test_from_the_first_word_on_only_what_is_included_is_taken_in(
    store: Store, listed: tuple[Evaluation, ...]
) -> None:
    assert screen(store, ONE, [(listed[2].id, Said("Ana", "include", ("on-topic",), "Yes"))])
    assert where(store, ONE) == [
        Screened(Screening.OPEN),
        Screened(Screening.OPEN),
        Screened(Screening.INCLUDED, (IN,), "Yes", ("Ana",)),
    ]
    take_back(store, listed[2].id, "ana")
    assert states(store) == ["superseded", "included", "included"]


def test_a_mid_term_evaluation_is_superseded_only_while_the_final_one_is_included(
    store: Store, listed: tuple[Evaluation, ...]
) -> None:
    screen(store, ONE, [(one.id, Said("Ana", "include")) for one in listed])
    assert states(store) == ["superseded", "included", "included"]
    screen(store, ONE, [(listed[1].id, Said("Ana", "exclude", ("off-topic",)))])
    assert states(store) == ["included", "excluded", "included"]


def test_everything_that_was_said_is_kept_with_who_said_it_and_when(
    store: Store, listed: tuple[Evaluation, ...]
) -> None:
    entry = listed[0].id
    screen(store, TWO, [(entry, Said("Ana", "include", ("on-topic",), "At first sight"))])
    screen(store, TWO, [(entry, Said("ANA", "exclude", ("off-topic",)))])
    take_back(store, entry, "Ana")
    with store.reading() as connection:
        log = screening_log(connection)[entry]
        names = connection.scalars(select(annotator.c.name)).all()
    assert [(one.verdict, one.reasons, one.note) for one in log] == [
        ("include", ("on-topic",), "At first sight"),
        ("exclude", ("off-topic",), ""),
        (None, (), ""),
    ]
    assert {one.screener for one in log} == {"Ana"}
    assert names == ["Ana"]
    assert [one.made_at for one in log] == sorted({one.made_at for one in log})


def test_what_a_screener_says_already_is_not_stored_again(
    store: Store, listed: tuple[Evaluation, ...]
) -> None:
    said = [(one.id, Said("Ana", "include", ("on-topic",), "Yes")) for one in listed]
    assert screen(store, ONE, said) == [True, True, True]
    assert screen(store, ONE, said) == [False, False, False]
    assert screen(store, ONE, [(listed[0].id, Said("Ana", "include", ("on-topic",)))]) == [True]
    assert screen(store, ONE, [*said, *said]) == [True, False, False, False, False, False]
    assert stored(store) == 5


@pytest.mark.parametrize(
    ("said", "message"),
    [
        (Said("Ana", "exlude"), r"Unknown verdict 'exlude'\. Nearest: 'exclude'\. There are incl"),
        (Said("Ana", "exclude", ("of-topic",)), r"Unknown reason to exclude 'of-topic'\. Nearest:"),
        (Said("Ana", "include", ("off-topic",)), r"Unknown reason to include 'off-topic'\. Near"),
        (Said("Ana", "possible", ("later",)), r"no reasons to possible.*\[screening\.possible\]"),
        (Said(" ", "include"), r"names no screener"),
        (Said("Ana", "include", settles=True), r"E1 is open: there is no conflict to settle"),
        (Said("Ana", None), r"E1: 'Ana' said nothing of it that could be taken back"),
        (Said("Ana", "include", note="x" * 20_001), r"has 20,001 characters"),
    ],
)
def test_one_wrong_word_keeps_all_from_being_stored(
    store: Store, listed: tuple[Evaluation, ...], said: Said, message: str
) -> None:
    with pytest.raises(WhatworksError, match=message):
        screen(store, ONE, [(listed[1].id, Said("Ana", "include")), (listed[0].id, said)])
    assert stored(store) == 0


def test_a_conflict_stands_until_somebody_settles_it_and_comes_back_when_that_is_undone(
    store: Store, listed: tuple[Evaluation, ...]
) -> None:
    entry = listed[2].id
    screen(store, TWO, [(entry, Said("Ana", "include")), (entry, Said("Ben", "exclude"))])
    assert states(store, TWO)[2] == "conflict"
    ruling = Said("Chloé", "exclude", ("off-topic",), "We talked", settles=True)
    assert screen(store, TWO, [(entry, ruling)]) == [True]
    assert where(store, TWO)[2] == Screened(
        Screening.EXCLUDED, (OUT,), "We talked", ("Ana", "Ben", "Chloé")
    )
    # Who settled may settle it otherwise, and so may another.
    screen(store, TWO, [(entry, Said("Ben", "possible", settles=True))])
    assert states(store, TWO)[2] == "possible"
    assert take_back(store, entry, "Ben").settles
    assert states(store, TWO)[2] == "excluded"
    take_back(store, entry, "Chloé")
    assert states(store, TWO)[2] == "conflict"
    assert take_back(store, entry, "Ben").verdict == "exclude"
    with pytest.raises(WhatworksError, match="E3: 'Ben' said nothing of it"):
        take_back(store, entry, "Ben")
    assert states(store, TWO)[2] == "open"


def test_an_evaluation_off_the_list_is_in_no_outcome_but_keeps_the_others_screened(
    store: Store, listed: tuple[Evaluation, ...]
) -> None:
    screen(store, ONE, [(listed[2].id, Said("Ana", "include"))])
    put(store, [Change(None, listed[2].id, listed[2].facts)], "edit", "Ana")
    assert states(store) == ["open", "open"]


def test_two_screeners_at_once_lose_nothing(store: Store, listed: tuple[Evaluation, ...]) -> None:
    together = threading.Barrier(2)

    def work(name: str, verdict: str) -> None:
        together.wait()
        for _ in range(5):
            screen(store, TWO, [(one.id, Said(name, verdict)) for one in listed])
            screen(store, TWO, [(one.id, Said(name, "possible")) for one in listed])

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(work, ("Ana", "Ben"), ("include", "exclude")))
    assert stored(store) == 2 * 5 * 2 * 3
    assert states(store, TWO) == ["possible"] * 3
    with store.reading() as connection:
        for said in screening_log(connection).values():
            for name, verdict in (("Ana", "include"), ("Ben", "exclude")):
                own = [one.verdict for one in said if one.screener == name]
                assert own == [verdict, "possible"] * 5


def test_of_two_settlements_both_are_kept_and_the_last_one_holds(
    store: Store, listed: tuple[Evaluation, ...]
) -> None:
    entry = listed[0].id
    screen(store, TWO, [(entry, Said("Ana", "include")), (entry, Said("Ben", "exclude"))])
    for name, verdict in (("Ana", "exclude"), ("Ben", "include")):
        screen(store, TWO, [(entry, Said(name, verdict, settles=True))])
    assert states(store, TWO)[0] == "included"
    assert stored(store) == 4
