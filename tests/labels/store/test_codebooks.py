"""Codebook versions of a project: kept, and what each does to what people said."""

import hashlib
import threading
from collections.abc import Collection

import pytest

from tests.labels.store.seeds import codebook_source, draft, seed_report
from whatworks.labels.codebook_file import codebook_source as shipped_source
from whatworks.labels.decisions import State
from whatworks.labels.resolution import Policy
from whatworks.labels.store.codebooks import (
    AppliedChange,
    add_codebook,
    all_codebooks,
    current_codebook,
    preview,
)
from whatworks.labels.store.database import Store
from whatworks.labels.store.decisions import record, set_policy
from whatworks.labels.store.resolutions import passage_states, resolutions_of
from whatworks.nlp.errors import WhatworksError
from whatworks.nlp.passages import PassageId

FIRST = """
themes:
- {id: water, definition: Water.}
- {id: fees, definition: Fees.}
- {id: pumps, definition: Pumps.}
"""


def edited(*replacements: tuple[str, str]) -> str:
    source = FIRST
    for was, now in replacements:
        assert was in source
        source = source.replace(was, now)
    return source


def decided(store: Store) -> list[PassageId]:
    """Four confirmed passages: water; fees; water and fees; no finding. Under the first version."""
    add_codebook(store, FIRST, "ana")
    ids = seed_report(store, texts=[f"It worked, point {n}." for n in range(4)])
    for one, themes in zip(ids, [["water"], ["fees"], ["fees", "water"], []], strict=True):
        record(store, draft(one, "ana", ["lesson"] if themes else [], themes))
    return ids


def states(store: Store, ids: Collection[PassageId]) -> list[State]:
    with store.reading() as connection:
        return list(passage_states(connection, ids).values())


def numbers(store: Store) -> list[int]:
    with store.reading() as connection:
        return [stored.number for stored in all_codebooks(connection)]


def test_a_project_without_a_codebook_says_so(store: Store) -> None:
    with store.reading() as connection, pytest.raises(WhatworksError, match="holds no codebook"):
        current_codebook(connection)


def test_the_first_version_is_kept_letter_for_letter(store: Store) -> None:
    source = "# Ours\n" + shipped_source("oecd-dac") + "# ende: ü\n"
    assert add_codebook(store, source, "ana") == AppliedChange(1, ())
    with store.reading() as connection:
        stored = current_codebook(connection)
        assert all_codebooks(connection) == (stored,)
    assert stored.number == 1
    assert stored.source == source
    assert stored.sha256 == hashlib.sha256(source.encode()).hexdigest()
    assert stored.created_by == "ana"
    assert stored.created_at.endswith("Z")
    assert (stored.translation, stored.sentences) == ({}, ())
    assert stored.codebook.id == "oecd-dac"
    assert len(stored.codebook.themes) == 25


def test_a_version_is_parsed_once(store: Store) -> None:
    add_codebook(store, FIRST, "ana")
    with store.reading() as connection:
        first, second = current_codebook(connection), current_codebook(connection)
    assert first.codebook is second.codebook


def test_a_rename_carries_confirmed_labels_over(store: Store) -> None:
    ids = decided(store)
    source = edited(("id: fees,", "id: tariffs, renamed_from: fees,"))
    planned = preview(store, source)
    applied = add_codebook(store, source, "ben")
    assert applied == planned
    assert applied.number == 2
    assert applied.sentences == ("Theme 'fees' is now 'tariffs'; its labels go with it.",)
    assert applied.effect.moves == {}
    assert applied.effect.relabelled == 2
    with store.reading() as connection:
        assert resolutions_of(connection, ids)[ids[2]].themes == ("tariffs", "water")
        stored = current_codebook(connection)
    assert stored.translation == {"theme": {"fees": "tariffs"}}
    assert stored.sentences == applied.sentences
    assert stored.created_by == "ben"
    assert states(store, ids) == [State.CONFIRMED] * 4


def test_a_redefinition_re_queues_exactly_the_labels_with_that_code(store: Store) -> None:
    ids = decided(store)
    source = edited(("Fees.", "What users pay."))
    planned = preview(store, source)
    assert planned.effect.requeued == 2
    assert planned.effect.stale_codes == {("theme", "fees"): 2}
    assert states(store, ids) == [State.CONFIRMED] * 4, "a preview changes nothing"
    assert numbers(store) == [1]
    assert add_codebook(store, source, "ana") == planned
    assert states(store, ids) == [State.CONFIRMED, State.STALE, State.STALE, State.CONFIRMED]


def test_each_code_counts_and_a_passage_counts_once_in_all(store: Store) -> None:
    decided(store)
    source = edited(("Fees.", "What users pay."), ("Water.", "Water, retired: true"))
    effect = preview(store, source).effect
    assert effect.stale_codes == {("theme", "fees"): 2, ("theme", "water"): 2}
    assert effect.requeued == 3


def test_new_words_for_the_same_re_queue_nothing_when_that_is_said(store: Store) -> None:
    ids = decided(store)
    source = edited(("Fees.", "What users pay."))
    assert preview(store, source, ["fees"]).effect.requeued == 0
    applied = add_codebook(store, source, "ana", ["fees"])
    assert applied.sentences == ("Theme 'fees' is worded anew (definition); its labels stay.",)
    assert states(store, ids) == [State.CONFIRMED] * 4


def test_a_merge_can_settle_a_disagreement(store: Store) -> None:
    add_codebook(store, FIRST, "ana")
    set_policy(store, Policy("two-agree"))
    ids = seed_report(store, texts=["It worked."])
    record(store, draft(ids[0], "ana", ["lesson"], ["water"]))
    record(store, draft(ids[0], "ben", ["lesson"], ["pumps"]))
    assert states(store, ids) == [State.DISAGREED]
    merged = "themes:\n- {id: supply, definition: S., merged_from: [water, pumps]}\n" \
             "- {id: fees, definition: Fees.}"  # fmt: skip
    applied = add_codebook(store, merged, "ana")
    assert applied.effect.moves == {(State.DISAGREED, State.CONFIRMED): 1}
    with store.reading() as connection:
        assert resolutions_of(connection, ids)[ids[0]].themes == ("supply",)


def test_a_stale_passage_is_confirmed_by_a_new_decision(store: Store) -> None:
    ids = decided(store)
    add_codebook(store, edited(("Fees.", "What users pay.")), "ana")
    record(store, draft(ids[1], "ana", ["lesson"], ["fees"]))
    assert states(store, ids[:2]) == [State.CONFIRMED] * 2


def test_a_retired_code_cannot_be_given_any_more(store: Store) -> None:
    ids = decided(store)
    add_codebook(store, edited(("Fees.", "Fees., retired: true")), "ana")
    with pytest.raises(WhatworksError, match="fees"):
        record(store, draft(ids[0], "ana", ["lesson"], ["fees"]))


@pytest.mark.parametrize(
    ("source", "message"),
    [
        (edited(("id: fees", "id: fee")), "The theme 'fees' is no longer there. Nearest among"),
        (FIRST, "Nothing to apply: the file says what version 1 of the codebook says."),
        (f"# A remark\n{FIRST}", "Nothing to apply"),
        ("themes: []", r"codebook\.yaml, line 1: The codebook has no themes"),
        ("[", "Not valid YAML"),
    ],
)
def test_what_cannot_be_applied_changes_nothing(store: Store, source: str, message: str) -> None:
    ids = decided(store)
    with pytest.raises(WhatworksError, match=message):
        preview(store, source)
    with pytest.raises(WhatworksError, match=message):
        add_codebook(store, source, "ana")
    assert numbers(store) == [1]
    assert states(store, ids) == [State.CONFIRMED] * 4


def test_a_change_compared_with_an_older_version_is_refused(store: Store) -> None:
    decided(store)
    planned = preview(store, edited(("Fees.", "What users pay.")))
    add_codebook(store, edited(("id: fees", "id: fees, name: Costs")), "ben")
    with pytest.raises(WhatworksError, match="Version 2 .* was applied meanwhile by ben"):
        add_codebook(
            store, edited(("Fees.", "What users pay.")), "ana", on_top_of=planned.number - 1
        )
    assert numbers(store) == [1, 2]


def test_of_two_who_apply_at_once_one_is_told(store: Store) -> None:
    add_codebook(store, FIRST, "ana")
    said: list[str] = []
    ready = threading.Barrier(2)

    def apply(name: str) -> None:
        source = edited(("id: fees", f"id: fees, name: {name}"))
        ready.wait()
        try:
            add_codebook(store, source, name, on_top_of=1)
            said.append("applied")
        except WhatworksError as error:
            said.append(str(error))

    people = [threading.Thread(target=apply, args=(name,)) for name in ("ana", "ben")]
    for one in people:
        one.start()
    for one in people:
        one.join()
    assert sorted(said)[1] == "applied"
    assert sorted(said)[0].startswith("Version 2 of the codebook was applied meanwhile by ")
    assert numbers(store) == [1, 2]


def test_an_older_version_in_which_more_is_found_wrong_today_still_opens(store: Store) -> None:
    from sqlalchemy import insert

    from whatworks.labels.store.schema import codebook_version

    source = codebook_source().replace('"title"', '"subtitle"')
    with store.writing() as connection:
        connection.execute(
            insert(codebook_version).values(
                number=1, source=source, sha256="", translation={}, changes=[],
                created_at="2026-11-23T15:04:05.123456Z", created_by="ana",
            )
        )  # fmt: skip
    with store.reading() as connection:
        assert current_codebook(connection).codebook.theme_ids[0] == "budget"
    with pytest.raises(WhatworksError, match="Unknown key 'subtitle'"):
        add_codebook(store, source.replace("budget", "money"), "ana")
