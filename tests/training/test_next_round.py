"""The next round: chosen from what is left, by one person or by several at once."""

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest
from sqlalchemy import URL, select

from tests.stored import add, decide, report_of, suggest, with_codebook
from tests.training.round_maker import ground
from whatworks.labels.lots import Readers
from whatworks.labels.store.assignments import rounds
from whatworks.labels.store.audit_sample import AuditWanted, audit_sample, draw_audit
from whatworks.labels.store.closing import close_round
from whatworks.labels.store.codebooks import add_codebook, current_codebook
from whatworks.labels.store.database import Store
from whatworks.labels.store.passages import current_passages
from whatworks.labels.store.rounds import BY_LOT
from whatworks.labels.store.schema import selection
from whatworks.labels.store.suggestions import add_model_version
from whatworks.labels.store.unread import unread
from whatworks.nlp.errors import WhatworksError
from whatworks.nlp.passages import Passage
from whatworks.training.next_round import Made, Wanted, make_next_round
from whatworks.training.strategies.named import STRATEGIES

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
TEXTS = [
    f"The project did number {n} of its {n % 7} things for village {n % 11}." for n in range(60)
]


@pytest.fixture
def passages(store: Store) -> list[Passage]:
    """Sixty passages of two reports, each with a suggestion."""
    with_codebook(store)
    add(store, report_of("a.pdf", *TEXTS[:40]))
    add(store, report_of("b.pdf", *TEXTS[40:]))
    with store.reading() as connection:
        found = current_passages(connection)
    for place in range(4):
        suggest(store, found[place::4], obstacle=0.2 * place + 0.1, lesson=0.1)
    return found


def choose(store: Store, name: str = "Round 1", size: int = 10, **more) -> Made:
    names = more.pop("names", ["ana"])
    readers = more.pop("readers", None)
    wanted = Wanted(name, size, more.pop("strategy", "margin"), more.pop("seed", 7), **more)
    return make_next_round(store, ground(), wanted, "olga", names, readers)


def test_what_is_unsure_comes_first_each_passage_with_its_reason(store, passages):
    made = choose(store)

    # Of 0.1, 0.3, 0.5 and 0.7 it is 0.5.
    unsure = {one.id for place, one in enumerate(passages) if place % 4 == 2}
    assert set(made.draft.passages) <= unsure
    assert made.left == 50
    with store.reading() as connection:
        rows = connection.execute(select(selection)).all()
    assert all("obstacle" in row.reason and row.probability is None for row in rows)


def test_by_lot_each_passage_has_its_probability(store, passages):
    made = choose(store, strategy=BY_LOT, size=15)

    assert made.draft.probability == 15 / 60
    assert choose(store, "Part", 3, strategy=BY_LOT, report_id=2).draft.strategy != BY_LOT


@pytest.mark.parametrize("name", STRATEGIES)
def test_every_strategy_begins_without_a_decision(store, passages, name):
    made = choose(store, strategy=name, readers=Readers(1, 2, 0.2), names=["ana", "joão"])

    assert len(set(made.draft.passages)) == 10
    assert sum(made.assigned.given.values()) == 12


@pytest.mark.parametrize("name", STRATEGIES)
def test_every_strategy_goes_on_where_only_one_answer_was_given(store, passages, name):
    for one in passages[:8]:
        decide(store, one, "ana")

    made = choose(store, strategy=name)

    assert set(made.draft.passages).isdisjoint(one.id for one in passages[:8])


def test_nothing_decided_asked_for_or_kept_apart_is_chosen(store, passages):
    for one in passages[:10]:
        decide(store, one, "ana", "lesson")
    draw_audit(store, AuditWanted(20, 7), "olga")
    first = choose(store, size=5)

    with store.reading() as connection:
        left = len(unread(connection))
        apart = set(audit_sample(connection).passages)
    rest = choose(store, "Round 2", size=left)

    everything = {*rest.draft.passages, *first.draft.passages, *apart}
    everything |= {one.id for one in passages[:10]}
    assert everything == {one.id for one in passages}
    assert rest.left == 0
    with pytest.raises(WhatworksError, match="There is no passage left: all are decided"):
        choose(store, "Round 3")


def test_a_round_larger_than_what_is_left_is_refused(store, passages):
    choose(store, size=50)
    with pytest.raises(WhatworksError, match=r"of 11 passages is larger .* left: 10\. .*--size 10"):
        choose(store, "Round 2", 11)
    with pytest.raises(WhatworksError, match="left in this selection"):
        choose(store, "Round 2", 11, language="fr")
    with pytest.raises(WhatworksError, match="A round of 0 passages"):
        choose(store, "Round 2", 0)


def test_suggestions_of_another_codebook_version_are_refused(store, passages):
    with store.reading() as connection:
        source = current_codebook(connection).source
    add_codebook(store, source.replace("version: 1", "version: 2"), "ana")

    with pytest.raises(WhatworksError, match=r"60 .* under version 2 of the codebook.*prelabel"):
        choose(store)

    suggest(store, passages, obstacle=0.5)
    assert len(choose(store).draft.passages) == 10


def test_a_model_that_suggested_nothing_here_is_refused(store, passages):
    other = add_model_version(store, "other", "other", {})
    with pytest.raises(WhatworksError, match="no suggestion by made up 1"):
        make_next_round(store, ground(other.id), Wanted("R", 5), "olga")


def test_what_repeats_is_left_out_on_request(store, passages):
    long = "The municipal council took over the running costs of all the pumps after the handover"
    with store.reading() as connection:
        before = len(current_passages(connection))
    add(store, report_of("c.pdf", f"{long} in May.", "Something else stood here.", f"{long} now."))
    with store.reading() as connection:
        first, _, again = current_passages(connection)[before:]
    suggest(store, [first, _, again], obstacle=0.5)

    made = choose(store, "All", 2, report_id=3, skip_repeats=True)
    assert set(made.draft.passages) == {first.id, _.id}
    assert close_round(store, made.id, anyway=True)
    decide(store, again, "ana", "obstacle")

    with pytest.raises(WhatworksError, match="left in this selection: 1"):
        choose(store, "Rest", 2, report_id=3, skip_repeats=True)


def test_two_who_make_rounds_at_once_share_no_passage_and_lose_none(
    store: Store,
    address: URL,
    passages: list[Passage],
) -> None:
    begin = time.time() + 4.0
    given = address.render_as_string(hide_password=False)
    runs = [_start("make", given, who, "5", "6", str(begin)) for who in ("ana", "ben")]
    for one in runs:
        assert one.wait(120) == 0

    with store.reading() as connection:
        made = rounds(connection)
        chosen = connection.scalars(select(selection.c.passage_id)).all()
    assert len(made) == 10
    assert {one.name for one in made} == {f"{who} {n}" for who in ("ana", "ben") for n in range(5)}
    assert Counter(chosen) == Counter(one.id for one in passages)
    assert all(one.assigned == 6 for one in made)


def test_killed_while_it_is_made_there_is_no_round(
    store: Store,
    address: URL,
    passages: list[Passage],
) -> None:
    run = _start("die", address.render_as_string(hide_password=False))
    assert run.wait(120) == -signal.SIGKILL

    with store.reading() as connection:
        assert rounds(connection) == []
        assert connection.scalars(select(selection.c.id)).all() == []
    assert len(choose(store).draft.passages) == 10


def _start(*arguments: str) -> "subprocess.Popen[bytes]":
    program = "from tests.training.round_maker import main; main()"
    return subprocess.Popen(
        [sys.executable, "-c", program, *arguments],
        env=os.environ | {"PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'src'}"},
    )
