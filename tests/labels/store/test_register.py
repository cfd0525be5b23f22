"""The register as it is stored: nothing is lost, no number is given twice."""

import dataclasses
import threading

import pytest
from sqlalchemy import func, select

from tests.stored import add, report_of
from whatworks.labels.register import FOUND, Facts
from whatworks.labels.store.database import Store
from whatworks.labels.store.register import Change, evaluations, histories, put, removed
from whatworks.labels.store.schema import annotator, register_fact
from whatworks.nlp.errors import WhatworksError

MALI = Facts(
    "Evaluation of the Mali project",
    symbol="MLI/12/01/FRA",
    type="independent",
    timing="final",
    nature="project",
    regions=("Africa",),
    countries=("ML", "BF"),
    coverage=("social protection",),
    funding=("France",),
    year=2016,
    language="fr",
    project="MLI/12/01",
    report="mali.pdf",
)
PERU = Facts("Evaluación de medio término: Perú", year=2017)


def listed(store: Store) -> dict[str, Facts]:
    with store.reading() as connection:
        return {one.mark: one.facts for one in evaluations(connection)}


def change(store: Store, mark: str, **facts: object) -> Change:
    """Of an entry that is on the list."""
    with store.reading() as connection:
        (one,) = (one for one in evaluations(connection) if one.mark == mark)
    return Change(dataclasses.replace(one.facts, **facts), one.id, one.facts)


def facts_stored(store: Store) -> int:
    with store.reading() as connection:
        return connection.scalar(select(func.count()).select_from(register_fact)) or 0


def test_an_empty_register_lists_nothing(store: Store) -> None:
    assert listed(store) == {}
    assert put(store, [], "list.xlsx", "Ana") == ()


def test_all_facts_come_back_as_they_were_put(store: Store) -> None:
    assert put(store, [Change(MALI), Change(PERU)], "list.xlsx", "Ana") == (1, 2)
    assert listed(store) == {"E1": MALI, "E2": PERU}


def test_an_evaluation_knows_its_report_once_it_is_there(store: Store) -> None:
    put(store, [Change(MALI)], "list.xlsx", "Ana")
    with store.reading() as connection:
        assert evaluations(connection)[0].report_id is None
    add(store, report_of("mali.pdf", "Staff stayed."))
    with store.reading() as connection:
        assert evaluations(connection)[0].report_id == 1


def test_the_same_facts_again_store_nothing(store: Store) -> None:
    put(store, [Change(MALI)], "list.xlsx", "Ana")
    assert put(store, [change(store, "E1")], "list.xlsx", "Ben") == (1,)
    assert put(store, [change(store, "E1", nature=" project ")], "list.xlsx", "Ben") == (1,)
    assert facts_stored(store) == 1
    with store.reading() as connection:
        assert list(connection.scalars(select(annotator.c.name))) == ["Ana"]


def test_what_was_said_before_is_kept_with_who_said_it(store: Store) -> None:
    put(store, [Change(PERU), Change(MALI)], "list.xlsx", "Ana")
    put(store, [change(store, "E1", language="es")], FOUND, "Ben")
    put(store, [change(store, "E1", year=2018)], "edit", "ana")
    with store.reading() as connection:
        said = histories(connection)
        entry = evaluations(connection)[0].id
    assert [(one.source, one.by) for one in said[entry]] == [
        ("list.xlsx", "Ana"),
        (FOUND, "Ben"),
        ("edit", "Ana"),
    ]
    assert [one.facts.year for one in said[entry] if one.facts] == [2017, 2017, 2018]
    assert said[entry][0].at < said[entry][1].at
    assert len(said) == 2


def test_a_number_is_never_given_again(store: Store) -> None:
    put(store, [Change(MALI), Change(PERU)], "list.xlsx", "Ana")
    gone = dataclasses.replace(change(store, "E2"), facts=None)
    assert put(store, [gone], "edit", "Ana") == (2,)
    assert list(listed(store)) == ["E1"]
    assert put(store, [Change(Facts("Third"))], "list.xlsx", "Ana") == (3,)
    with store.reading() as connection:
        (off,) = removed(connection)
    assert (off.mark, off.facts) == ("E2", PERU)
    put(store, [Change(off.facts, off.id)], "edit", "Ana")
    assert list(listed(store)) == ["E1", "E2", "E3"]
    with store.reading() as connection:
        assert removed(connection) == ()
        assert [one.facts for one in histories(connection)[off.id]] == [PERU, None, PERU]


def test_a_change_made_up_on_older_facts_is_refused(store: Store) -> None:
    put(store, [Change(MALI), Change(PERU)], "list.xlsx", "Ana")
    stale, other = change(store, "E1", year=2015), change(store, "E2", year=2015)
    put(store, [change(store, "E1", nature="programme")], "edit", "Ben")
    with pytest.raises(WhatworksError, match=r"^E1 was changed by somebody else meanwhile\."):
        put(store, [other, stale], "edit", "Ana")
    assert listed(store)["E2"] == PERU


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        (Facts("Another", symbol="mli/12/01/fra"), "E1 and E2 would both have the symbol"),
        (Facts("Another", report="mali.pdf"), "E1 and E2 would both have the report 'mali.pdf'"),
        (Facts("EVALUATION OF THE MALI-PROJECT"), "E1 and E2 would both have the title"),
        (Facts("  "), "An evaluation needs a title."),
        (Facts("A", type="independant"), "Unknown type 'independant'. Nearest: 'independent'."),
        (Facts("A", timing="midterm"), "Unknown timing 'midterm'. Nearest: 'mid-term'."),
        (Facts("A", countries=("Mali",)), "'Mali' is no country code"),
        (Facts("A", year=20016), "20016 is no year of a report."),
        (Facts("A", language="French"), "'French' is no language code"),
    ],
)
def test_facts_that_cannot_be_are_refused_whole(store: Store, facts: Facts, said: str) -> None:
    put(store, [Change(MALI)], "list.xlsx", "Ana")
    with pytest.raises(WhatworksError) as error:
        put(store, [Change(PERU), Change(facts)], "list.xlsx", "Ana")
    assert said.replace("E2", "E3") in str(error.value)
    assert list(listed(store)) == ["E1"]
    assert put(store, [Change(PERU)], "list.xlsx", "Ana") == (2,)


def test_one_title_twice_is_fine_where_symbols_tell_them_apart(store: Store) -> None:
    final = dataclasses.replace(MALI, symbol="MLI/12/01/FRA-2", report="")
    assert put(store, [Change(MALI), Change(final)], "list.xlsx", "Ana") == (1, 2)


def test_what_no_database_takes_is_left_out_of_texts(store: Store) -> None:
    put(store, [Change(Facts("A\0 b\ud800c\n\u202e d", funding=("x", "x", " ")))], "a.csv", "Ana")
    assert listed(store) == {"E1": Facts("A bc d", funding=("x",))}


def test_two_people_who_list_at_once_get_different_numbers(store: Store) -> None:
    def work(name: str) -> None:
        for n in range(5):
            put(store, [Change(Facts(f"{name} {n}"))], "edit", name)

    people = [threading.Thread(target=work, args=(name,)) for name in ("Ana", "Ben")]
    for one in people:
        one.start()
    for one in people:
        one.join()
    assert list(listed(store)) == [f"E{n}" for n in range(1, 11)]
