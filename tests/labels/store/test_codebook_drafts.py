"""Drafts of the codebook: kept step by step, and never overwritten by another window."""

import pytest

from whatworks.labels.store.codebook_drafts import (
    MAX_SOURCE,
    Draft,
    DraftChangedError,
    discard_draft,
    draft_steps,
    drafting,
    find_draft,
    mark_of,
    save_draft,
    undo_draft,
)
from whatworks.labels.store.database import Store
from whatworks.nlp.errors import WhatworksError


def save(store: Store, source: str, on: str | None = None, name: str = "Olga") -> Draft:
    return save_draft(store, name, source, base=3, did={"act": "text"}, on=on)


def sources(store: Store, name: str = "Olga") -> list[str]:
    with store.reading() as connection:
        return [one.source for one in draft_steps(connection, name)]


def test_a_draft_is_kept_step_by_step_and_each_can_be_taken_back(store: Store) -> None:
    first = save(store, "one\n")
    second = save(store, "two\n", on=first.mark)
    assert (second.step, second.base, second.did) == (2, 3, {"act": "text"})
    assert sources(store) == ["two\n", "one\n"]
    undo_draft(store, "Olga", on=second.mark)
    assert sources(store) == ["one\n"]
    undo_draft(store, "Olga", on=first.mark)
    with store.reading() as connection:
        assert find_draft(connection, "Olga") is None


def test_a_name_is_the_same_however_it_is_spelled(store: Store) -> None:
    save(store, "one\n")
    with store.reading() as connection:
        found = find_draft(connection, " OLGA ")
    assert found is not None
    assert found.name == "Olga"


def test_everybody_has_a_draft_of_their_own(store: Store) -> None:
    first = save(store, "one\n")
    save(store, "two\n", on=first.mark)
    save(store, "hers\n", name="Ada")
    with store.reading() as connection:
        assert [(one.name, one.source) for one in drafting(connection)] == [
            ("Ada", "hers\n"),
            ("Olga", "two\n"),
        ]
    discard_draft(store, "Olga", on=mark_of("two\n"))
    assert sources(store) == []
    assert sources(store, "Ada") == ["hers\n"]


def test_a_window_that_is_behind_changes_nothing(store: Store) -> None:
    first = save(store, "one\n")
    save(store, "two\n", on=first.mark)
    for late in (
        lambda: save(store, "late\n", on=first.mark),
        lambda: save(store, "late\n", on=None),
        lambda: undo_draft(store, "Olga", on=first.mark),
        lambda: discard_draft(store, "Olga", on=first.mark),
        lambda: undo_draft(store, "Ada", on=first.mark),
    ):
        with pytest.raises(DraftChangedError):
            late()
    assert sources(store) == ["two\n", "one\n"]


def test_what_is_discarded_already_may_be_discarded_again(store: Store) -> None:
    discard_draft(store, "Olga", on="any")


def test_a_text_that_would_keep_everybody_waiting_is_refused(store: Store) -> None:
    with pytest.raises(WhatworksError, match="400,000 characters, and this one has 400,001"):
        save(store, "x" * (MAX_SOURCE + 1))
