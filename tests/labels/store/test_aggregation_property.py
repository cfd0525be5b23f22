"""What is aggregated equals what a naive reading of the decision log says, whatever happened."""

import itertools
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.labels.store.histories import (
    ALWAYS_THE_SAME,
    World,
    histories_of,
    live_through,
    on_postgresql,
    on_sqlite,
    some_actions,
)
from tests.postgres import PostgresServer
from whatworks.labels.decisions import State
from whatworks.labels.store import confirmed
from whatworks.labels.store.progress import project_progress
from whatworks.labels.store.resolutions import passage_states

histories = histories_of(
    some_actions(st.sampled_from([0, 0, 0, 0, 1, 2]), st.sampled_from([(), (0,), (1,)]))
)


class Confirmed(World):
    """Compares everything that is read through the door of confirmed labels."""

    def check(self) -> None:
        """What the package aggregates is what the naive reader expects."""
        told = self.naive().told
        found = {one: told[one].state(self.policy) if one in told else ("undecided", None)
                 for one in self.by_text.values()}  # fmt: skip
        expected = {
            one: (sorted(answer[0]), sorted(answer[1]), answer[2])
            for name in self.standing
            for one in [self.by_text[name]]
            for state, answer in [found[one]]
            if state == "confirmed"
        }
        codes = Counter(
            (kind, code)
            for types, themes, _ in expected.values()
            for kind, some in (("finding_type", types), ("theme", themes))
            for code in some
        )
        pairs = Counter(
            pair
            for types, themes, _ in expected.values()
            for pair in itertools.product(types, themes)
        )
        with self.store.reading() as connection:
            given_out = {
                one.passage.id: (list(one.labels), list(one.themes), one.how)
                for one in confirmed.confirmed_passages(connection)
            }
            assert given_out == expected
            assert confirmed.code_counts(connection) == codes
            assert confirmed.code_counts_by_report(connection) == ({1: codes} if codes else {})
            assert confirmed.finding_type_by_theme(connection) == pairs
            assert confirmed.coverage(connection) == {
                1: confirmed.Coverage(len(expected), len(self.standing))
            }
            assert project_progress(connection).confirmed_codes == codes
            states = passage_states(connection, found)
        assert {one: str(state) for one, state in states.items()} == {
            one: str(State.NEW) if state == "undecided" else state
            for one, (state, _) in found.items()
        }


@pytest.mark.slow
@given(history=histories)
@settings(max_examples=80, **ALWAYS_THE_SAME)
def test_only_what_the_log_confirms_is_aggregated(
    sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory, history: Any
) -> None:
    live_through(on_sqlite(sqlite_template, tmp_path_factory), history, Confirmed)


@pytest.mark.slow
@given(history=histories)
@settings(max_examples=12, **ALWAYS_THE_SAME)
def test_only_what_the_log_confirms_is_aggregated_on_postgresql(
    postgres: PostgresServer, history: Any
) -> None:
    live_through(on_postgresql(postgres), history, Confirmed)
