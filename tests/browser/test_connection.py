"""The connection goes, the server is killed, an answer is lost: each decision is saved, once."""

from collections import Counter
from typing import Any

import pytest

from tests.browser.conftest import People
from tests.browser.server import Server
from tests.browser.work import Work
from whatworks.labels.decisions import Verdict

pytestmark = [pytest.mark.browser, pytest.mark.slow]
# A server that was started again knows no token of before: the page gets a new one.
LOST = (
    "status of 403|"
    # The last one: it was killed in the middle of an answer.
    "ERR_(CONNECTION_|EMPTY_RESPONSE|NETWORK_CHANGED|FAILED|ABORTED|CONTENT_LENGTH_MISMATCH)"
)


@pytest.fixture
def tab(windows: People, alone: Server) -> Any:
    return windows(alone).tab()


def decide_offline(tab: Any, count: int) -> list[str]:
    """Decides so many passages without a connection; their ids."""
    tab.goto("/review?label=obstacle").loaded_ahead()
    tab.window.set_offline(True)
    decided = []
    for _ in range(count):
        with tab.onward() as passage:
            tab.press("r")
        decided.append(passage)
    return decided


def assert_once(work: Work, decided: list[str]) -> None:
    """Each of these passages was decided once, and no other."""
    said = work.said()
    assert Counter(one.passage_id for one in said) == Counter(decided)
    assert len({one.key for one in said}) == len(said)


def test_what_is_decided_offline_is_shown_as_unsent_and_sent_when_back(
    tab: Any, work: Work
) -> None:
    decided = decide_offline(tab, 3)
    tab.see("#outbox[data-kind=wait]", "3 decisions not yet saved: trying again").shot("offline")
    assert work.said() == []
    tab.window.set_offline(False)
    tab.all_sent().see("#outbox[data-kind=good]", "All saved").shot("back-online")
    assert_once(work, decided)


def test_they_are_sent_in_the_order_in_which_they_were_made(tab: Any, work: Work) -> None:
    decided = decide_offline(tab, 4)
    tab.window.set_offline(False)
    tab.all_sent()
    assert [one.passage_id for one in work.said()] == decided


def test_they_outlive_the_tab(tab: Any, work: Work) -> None:
    decided = decide_offline(tab, 3)
    tab.page.close()
    tab.window.set_offline(False)
    assert work.said() == []
    tab.window.tab().goto("/queue").all_sent()
    assert_once(work, decided)


def test_an_undo_offline_takes_back_what_was_not_sent_yet(tab: Any, work: Work) -> None:
    decided = decide_offline(tab, 2)
    tab.press("z").wait(
        "id => document.querySelector('article.card').dataset.passage === id", decided[1]
    )
    tab.window.set_offline(False)
    tab.all_sent()
    assert [(one.passage_id, one.verdict) for one in work.said()] == [
        (decided[0], Verdict.REJECT),
        (decided[1], Verdict.REJECT),
        (decided[1], Verdict.UNDO),
    ]


def test_when_nothing_is_left_that_was_loaded_it_says_so_and_goes_on_by_itself(
    tab: Any, work: Work
) -> None:
    decided = decide_offline(tab, 5)
    decided.append(tab.passage)
    tab.press("r").see(".trouble", "There is no connection")
    tab.shot("offline-end")
    # What was decided cannot be decided once more meanwhile.
    tab.press("r", "Enter")
    with tab.onward():
        tab.window.set_offline(False)
    tab.all_sent()
    assert_once(work, decided)
    assert tab.passage not in decided


def test_a_server_killed_before_it_answers_gets_the_decision_from_the_outbox(
    tab: Any, alone: Server, work: Work
) -> None:
    tab.window.expect(LOST)
    tab.goto("/review").loaded_ahead()
    alone.pause()
    with tab.page.expect_request(lambda one: one.method == "POST"), tab.onward() as passage:
        tab.press("r")
    alone.kill()
    tab.see("#outbox[data-kind=wait]", "1 decision not yet saved")
    alone.start()
    tab.all_sent()
    assert_once(work, [passage])


def test_a_server_killed_again_and_again_saves_each_decision_once(
    tab: Any, alone: Server, work: Work
) -> None:
    tab.window.expect(LOST)
    tab.goto("/review")
    decided = []
    for at_once in (1, 3, 5):
        # As soon as that many are ahead; what was loaded for the last kill was loaded then.
        tab.page.reload()
        tab.loaded_ahead()
        for _ in range(at_once):
            with tab.onward() as passage:
                tab.press("r")
            decided.append(passage)
        alone.kill()
        alone.start()
        tab.all_sent()
    assert_once(work, decided)


def test_an_answer_that_was_lost_does_not_save_the_decision_twice(tab: Any, work: Work) -> None:
    tab.window.expect(LOST)
    tab.goto("/review").loaded_ahead()
    lost = []

    def lose(route: Any) -> None:
        answer = route.fetch()
        lost.append(answer.json()["saved"])
        route.abort("connectionreset")

    tab.page.route("**/decide", lose, times=1)
    with tab.onward() as passage:
        tab.press("r")
    tab.all_sent()
    assert len(lost) == 1
    assert_once(work, [passage])
    assert [one.id for one in work.said()] == lost


def test_a_page_from_before_the_server_was_started_again_goes_on(
    tab: Any, alone: Server, work: Work
) -> None:
    tab.window.expect(LOST)
    tab.goto("/review").loaded_ahead()
    alone.kill()
    alone.start()
    decided = []
    for _ in range(3):
        with tab.onward() as passage:
            tab.press("r")
        decided.append(passage)
    tab.all_sent()
    assert_once(work, decided)
