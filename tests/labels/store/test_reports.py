"""Reports and their versions: what stays, what is new, what is gone."""

import threading

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from tests.stored import add, report_of
from whatworks.labels.store.database import Store
from whatworks.labels.store.passages import current_passages, get_passage
from whatworks.labels.store.reports import (
    NameTakenError,
    Outcome,
    add_report,
    find_report,
    report_versions,
    reports,
    storable,
)
from whatworks.labels.store.schema import passage
from whatworks.nlp.errors import WhatworksError

REPORT = report_of("r.pdf", "Staff stayed.", "Funds came late.", "It held.", title="Final report")


def report_id(store: Store, name: str = "r.pdf") -> int:
    with store.reading() as connection:
        return find_report(connection, name).report_id


def test_a_new_report_is_version_1_with_all_it_said(store: Store) -> None:
    added = add(
        store, report_of("r.pdf", "One.", "Two.", title="T", warnings=("Page 7 is empty.",))
    )
    assert (added.outcome, added.version, added.new, added.kept) == (Outcome.NEW, 1, 2, 0)
    with store.reading() as connection:
        (stored,) = reports(connection)
    assert (stored.name, stored.number, stored.title, stored.language) == ("r.pdf", 1, "T", "en")
    assert (stored.path, stored.pages, stored.added_by) == ("reports/r.pdf", 2, "ana")
    assert stored.warnings == ("Page 7 is empty.",)
    assert stored.added_at.endswith("Z")


def test_the_same_content_twice_is_one_version(store: Store) -> None:
    add(store, REPORT)
    again = add(store, REPORT)
    assert (again.outcome, again.version, again.kept, again.new) == (Outcome.KNOWN, 1, 3, 0)
    with store.reading() as connection:
        assert len(report_versions(connection)) == 1
        assert len(current_passages(connection)) == 3


def test_a_changed_file_keeps_the_passages_that_stayed(store: Store) -> None:
    add(store, REPORT)
    changed = report_of("r.pdf", "It held.", "Something new.", "Staff stayed.")
    added = add(store, changed, report_id=report_id(store))
    assert added.outcome is Outcome.CHANGED
    assert (added.version, added.new, added.kept, added.gone) == (2, 1, 2, 1)
    with store.reading() as connection:
        assert [one.number for one in report_versions(connection)] == [1, 2]
        assert [one.number for one in reports(connection)] == [2]
        assert [one.id for one in current_passages(connection)] == [
            one.id for one in changed.passages
        ]
        # What is gone is still there to be read.
        assert get_passage(connection, REPORT.passages[1].id).text == "Funds came late."


def test_a_file_may_go_back_to_what_it_was(store: Store) -> None:
    add(store, REPORT)
    add(store, report_of("r.pdf", "Another text."), report_id=report_id(store))
    back = add(store, REPORT, report_id=report_id(store))
    assert (back.outcome, back.version, back.new, back.gone) == (Outcome.CHANGED, 3, 3, 1)
    with store.reading() as connection:
        assert current_passages(connection) == list(REPORT.passages)
        assert len(connection.scalars(select(passage.c.id)).all()) == 4


def test_a_report_that_lost_all_its_passages_is_kept(store: Store) -> None:
    add(store, REPORT)
    added = add(store, report_of("r.pdf"), report_id=report_id(store))
    assert (added.new, added.kept, added.gone) == (0, 0, 3)
    with store.reading() as connection:
        assert current_passages(connection) == []
        assert [one.number for one in reports(connection)] == [2]


@pytest.mark.parametrize("given", [None, 4711])
def test_a_name_that_somebody_else_took_meanwhile_is_refused(
    given: int | None, store: Store
) -> None:
    if given is None:
        add(store, REPORT)
    with pytest.raises(NameTakenError, match=r"Somebody else added a report named 'r\.pdf'"):
        add(store, report_of("r.pdf", "Of another file."), report_id=given)
    with store.reading() as connection:
        assert len(report_versions(connection)) == (1 if given is None else 0)


def test_two_who_add_the_same_file_at_once_add_one_report(store: Store) -> None:
    outcomes = []
    begin = threading.Barrier(4)

    def one() -> None:
        begin.wait()
        outcomes.append(add(store, REPORT).outcome)

    threads = [threading.Thread(target=one) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == [Outcome.KNOWN, Outcome.KNOWN, Outcome.KNOWN, Outcome.NEW]


def test_what_is_no_text_does_not_stop_a_report(store: Store) -> None:
    read = report_of("r.pdf", "A NUL\0 and half a letter \ud83d.", title="\0", warnings=("\udcff",))
    add(store, read)
    with store.reading() as connection:
        (found,) = current_passages(connection)
        (stored,) = reports(connection)
    assert found.id == read.passages[0].id
    assert found.text == "A NUL\ufffd and half a letter ?."
    assert len(found.text) == len(read.passages[0].text)
    assert (stored.title, stored.warnings) == ("\ufffd", ("?",))
    assert storable("à — 資料 😀") == "à — 資料 😀"


def test_a_report_is_found_by_its_name_or_the_end_of_it(store: Store) -> None:
    for name in ("r.pdf", "mali/final.pdf", "benin/final.pdf", "benin/annex.pdf"):
        add(store, report_of(name, "A text."))
    with store.reading() as connection:
        assert find_report(connection, "r.pdf").name == "r.pdf"
        assert find_report(connection, "annex.pdf").name == "benin/annex.pdf"
        with pytest.raises(WhatworksError, match=r"Several .* mali/final\.pdf, benin/final\.pdf"):
            find_report(connection, "final.pdf")
        with pytest.raises(WhatworksError, match=r"Unknown report 'annx\.pdf'.* Nearest: 'benin/a"):
            find_report(connection, "annx.pdf")


def test_nothing_is_stored_when_it_fails_half_way(store: Store) -> None:
    read = report_of("r.pdf", "One.", "Two.")
    twice = report_of("r.pdf", "One.")
    broken = type(read)("r.pdf", "", "en", 1, (*read.passages, twice.passages[0]))
    with pytest.raises(IntegrityError):
        add_report(store, broken, "r.pdf", "aa", "ana")
    with store.reading() as connection:
        assert report_versions(connection) == []
        assert current_passages(connection) == []
