"""Passages where they stand: in reading order, by id, with what is around them."""

from dataclasses import replace

import pytest

from tests.stored import add, report_of
from whatworks.labels.store.database import Store
from whatworks.labels.store.passages import (
    current_passages,
    find_passage_id,
    get_passage,
    neighbours,
    passages_of,
)
from whatworks.labels.store.reports import reports
from whatworks.nlp.documents import BlockKind
from whatworks.nlp.errors import WhatworksError
from whatworks.nlp.passages import Passage, PassageId
from whatworks.nlp.reading import ReadReport

FIRST = report_of("b.pdf", "Staff stayed.", "Funds came late.", "Tools were shared.", "It held.")
SECOND = report_of("a.pdf", "The ministry paid.", "Nobody was asked.")


@pytest.fixture
def filled(store: Store) -> Store:
    add(store, FIRST)
    add(store, SECOND)
    return store


def texts(passages: object) -> list[str]:
    return [one.text for one in passages]  # type: ignore[attr-defined]


def test_current_passages_come_in_reading_order_report_by_report(filled: Store) -> None:
    with filled.reading() as connection:
        everything = current_passages(connection)
        second = reports(connection)[1]
        one = current_passages(connection, second.report_id)
    assert everything == [*FIRST.passages, *SECOND.passages]
    assert one == list(SECOND.passages)


def test_a_passage_comes_back_as_it_was_read(store: Store) -> None:
    bullet = Passage(
        id=PassageId("00ff00ff00ff00ff"),
        report="r.docx",
        order=1,
        page=None,
        heading=("Résultats", "Ce qui a marché"),
        language="fr",
        text="L’équipe « locale » est restée – jusqu’au bout.",
        start=12,
        end=59,
        kind=BlockKind.LIST_ITEM,
        lead_in="Ce qui a aidé :",
    )
    add(store, ReadReport("r.docx", "", "fr", None, (bullet,)))
    with store.reading() as connection:
        assert current_passages(connection) == [bullet]
        assert get_passage(connection, bullet.id) == bullet


def test_only_the_newest_version_is_current(filled: Store) -> None:
    with filled.reading() as connection:
        report_id = reports(connection)[0].report_id
    changed = report_of("b.pdf", "It held.", "Staff stayed.", "New words.")
    add(filled, changed, report_id=report_id)
    with filled.reading() as connection:
        assert current_passages(connection, report_id) == list(changed.passages)


def test_a_passage_that_is_gone_stands_where_it_last_stood(filled: Store) -> None:
    with filled.reading() as connection:
        report_id = reports(connection)[0].report_id
    add(filled, report_of("b.pdf", "It held."), report_id=report_id)
    gone, moved = FIRST.passages[1], FIRST.passages[3]
    with filled.reading() as connection:
        found = passages_of(connection, [gone.id, moved.id, PassageId("f" * 16)])
        around = neighbours(connection, gone.id)
    assert found[gone.id] == gone
    assert found[moved.id].order == 1
    assert set(found) == {gone.id, moved.id}
    assert texts(around.before) == ["Staff stayed."]


def test_neighbours_are_of_the_same_report_only(filled: Store) -> None:
    with filled.reading() as connection:
        middle = neighbours(connection, FIRST.passages[2].id, before=1, after=5)
        last = neighbours(connection, SECOND.passages[1].id)
        none = neighbours(connection, PassageId("0" * 16))
    assert texts(middle.before) == ["Funds came late."]
    assert texts(middle.after) == ["It held."]
    assert (texts(last.before), texts(last.after)) == (["The ministry paid."], [])
    assert (none.before, none.after) == ((), ())


def test_the_beginning_of_an_id_is_enough_where_only_one_begins_so(filled: Store) -> None:
    wanted = FIRST.passages[0].id
    with filled.reading() as connection:
        assert get_passage(connection, f" {wanted[:9].upper()} ") == FIRST.passages[0]
        assert find_passage_id(connection, wanted) == wanted


def test_a_beginning_of_several_ids_names_them(store: Store) -> None:
    ids = [PassageId(f"abc{n:013x}") for n in range(7)]
    template = FIRST.passages[0]
    passages = tuple(replace(template, id=one, order=n) for n, one in enumerate(ids, 1))
    add(store, ReadReport("b.pdf", "", "en", 1, passages))
    with store.reading() as connection:
        with pytest.raises(WhatworksError, match="Several passage ids begin with 'abc': ") as told:
            get_passage(connection, "abc")
        assert get_passage(connection, ids[3]).id == ids[3]
    assert str(told.value).count("abc0") == 5
    assert "..." in str(told.value)


@pytest.mark.parametrize("given", ["", "  ", "xyz", "f" * 17, "12%", "1_2"])
def test_what_cannot_be_an_id_is_said(given: str, filled: Store) -> None:
    with filled.reading() as connection, pytest.raises(WhatworksError, match="is no passage id"):
        get_passage(connection, given)


def test_an_unknown_id_names_the_nearest(filled: Store) -> None:
    known = FIRST.passages[0].id
    mistyped = known[:-1] + ("0" if known[-1] != "0" else "1")
    with filled.reading() as connection, pytest.raises(WhatworksError, match=f"'{known}'"):
        get_passage(connection, mistyped)
