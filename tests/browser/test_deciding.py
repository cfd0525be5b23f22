"""One person decides on the sample reports, with the keyboard alone."""

import statistics
from typing import Any

import pytest

from tests.browser.conftest import People
from tests.browser.server import Server
from tests.browser.work import Work
from whatworks.labels.decisions import State, Verdict

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture
def tab(windows: People, alone: Server) -> Any:
    return windows(alone).tab()


def test_it_begins_with_the_first_passage_of_the_samples_and_the_keyboard_is_there(
    tab: Any, work: Work
) -> None:
    tab.goto("/")
    assert tab.passage == work.passages[0].id
    assert work.passages[0].text[:60] in tab.text(".passage")
    assert tab.focus(".passage")
    assert "0 of 545 decided" in tab.text(".bar")
    tab.shot("review")


def test_enter_confirms_what_is_suggested_and_the_next_passage_comes(tab: Any, work: Work) -> None:
    wanted = work.suggested("obstacle")[0]
    tab.goto(f"/passage/{wanted.id}?label=obstacle")
    assert "Confirm" in tab.text("button[data-action=save]")
    with tab.onward():
        tab.press("Enter")
    tab.all_sent().see("#last", "Saved: Obstacle")
    [said] = work.said()
    assert (said.passage_id, said.verdict) == (wanted.id, Verdict.CONFIRM)
    assert said.labels == ("obstacle",)
    assert set(said.themes) == set(work.suggestion(wanted.id).themes)
    assert said.annotator == "Ana"
    assert said.seconds is not None
    assert work.state(wanted.id) is State.CONFIRMED


def test_digits_and_a_few_letters_correct_it(tab: Any, work: Work) -> None:
    wanted = work.suggested("obstacle")[0]
    tab.goto(f"/passage/{wanted.id}?label=obstacle")
    tab.press("1", "2", "t").type("comparative").see("[role=option]", "Comparative advantage")
    tab.shot("picker").press("Enter").see(".chips label", "Comparative advantage")
    assert "Save my answer" in tab.text("button[data-action=save]")
    with tab.onward():
        tab.press("Enter")
    tab.all_sent()
    [said] = work.said()
    assert (said.verdict, said.labels) == (Verdict.CORRECT, ("success_factor",))
    assert "comparative-advantage" in said.themes


def test_undo_brings_the_passage_back_and_takes_the_decision_back(tab: Any, work: Work) -> None:
    wanted = work.suggested("obstacle")[0]
    tab.goto(f"/passage/{wanted.id}?label=obstacle")
    with tab.onward():
        tab.press("Enter")
    tab.all_sent().see("#last form[data-undo]")
    with tab.onward():
        tab.press("z")
    tab.all_sent()
    assert tab.passage == wanted.id
    assert [one.verdict for one in work.said()] == [Verdict.CONFIRM, Verdict.UNDO]
    assert work.state(wanted.id) is State.SUGGESTED


def test_undo_at_once_takes_back_what_was_only_just_sent(tab: Any, work: Work) -> None:
    wanted = work.suggested("obstacle")[0]
    tab.goto(f"/passage/{wanted.id}?label=obstacle").loaded_ahead()
    tab.press("Enter", "z").wait("id => whatworks.outbox.waiting().length === 0", None)
    tab.wait("id => document.querySelector('article.card')?.dataset.passage === id", wanted.id)
    assert [one.verdict for one in work.said()] == [Verdict.CONFIRM, Verdict.UNDO]
    assert work.state(wanted.id) is State.SUGGESTED


def test_r_says_that_there_is_no_finding(tab: Any, work: Work) -> None:
    wanted = work.suggested("obstacle")[0]
    tab.goto(f"/passage/{wanted.id}?label=obstacle")
    with tab.onward():
        tab.press("r")
    tab.all_sent().see("#last", "Saved: no finding")
    [said] = work.said()
    assert (said.verdict, said.labels, said.themes) == (Verdict.REJECT, (), ())


def test_u_leaves_it_open(tab: Any, work: Work) -> None:
    wanted = work.suggested("obstacle")[0]
    tab.goto(f"/passage/{wanted.id}?label=obstacle")
    with tab.onward():
        tab.press("u")
    tab.all_sent()
    assert [one.verdict for one in work.said()] == [Verdict.UNSURE]
    assert work.state(wanted.id) is State.IN_REVIEW


def test_a_comment_goes_with_the_decision_as_it_was_typed(tab: Any, work: Work) -> None:
    wanted = work.suggested("obstacle")[0]
    tab.goto(f"/passage/{wanted.id}?label=obstacle")
    # Letters that are keys elsewhere are letters here.
    tab.press("k").type("Really? <b>such</b> z\n=1+1")
    assert tab.passage == wanted.id
    with tab.onward():
        tab.press("Control+Enter")
    tab.all_sent()
    [said] = work.said()
    assert said.comment == "Really? <b>such</b> z\n=1+1"
    tab.goto(f"/passage/{wanted.id}").see(".own q", "Really? <b>such</b> z")
    assert tab.count(".own b") == 0


def test_skip_next_and_previous_decide_nothing(tab: Any, work: Work) -> None:
    tab.goto("/review")
    places = [one.id for one in work.passages]
    for key, expected in (("s", 1), ("n", 2), ("n", 3), ("p", 2), ("j", 3), ("l", 2)):
        with tab.onward():
            tab.press(key)
        assert tab.passage == places[expected], key
    assert work.said() == []


def test_the_help_opens_and_closes_and_the_keys_work_after_it(tab: Any, work: Work) -> None:
    tab.goto("/review").press("?").see("#help h2", "Keys").shot("help")
    # Behind it nothing is decided.
    tab.press("r", "Escape")
    assert not tab.page.locator("#help").is_visible()
    with tab.onward() as first:
        tab.press("r")
    tab.all_sent()
    assert [one.passage_id for one in work.said()] == [first]


def test_single_keys_can_be_turned_off_and_stay_off(tab: Any, work: Work) -> None:
    tab.goto("/review").press("?").see("#help")
    tab.reach("#single-keys").press("Space", "Escape")
    before = tab.passage
    tab.press("r", "s", "u", "1")
    tab.goto("/review").press("r", "s", "u")
    assert tab.passage == before
    assert work.said() == []
    # What needs no single key goes on.
    tab.reach("button", "No finding")
    with tab.onward():
        tab.press("Enter")
    tab.all_sent()
    assert len(work.said()) == 1


def test_the_source_opens_at_the_page_of_the_passage(tab: Any, work: Work) -> None:
    wanted = next(one for one in work.passages if one.report.endswith(".pdf") and one.page == 4)
    tab.goto(f"/passage/{wanted.id}").reach("a[data-action=open]", "Page 4 in the report")
    assert tab.page.evaluate("document.activeElement.hash") == "#page=4"
    source = tab.page.evaluate("document.activeElement.pathname")
    answer = tab.page.request.get(tab.window.address + source)
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.body()[:5] == b"%PDF-"


def test_the_entry_of_the_code_under_the_focus_is_shown(tab: Any, work: Work) -> None:
    tab.goto("/review").reach("input[value=lesson]").see("#entry h2", "Lesson")
    tab.see("#entry", "Easily taken for")


def test_why_shows_the_words_and_the_nearest_confirmed_passages(tab: Any, work: Work) -> None:
    wanted = work.suggested("obstacle")[0]
    tab.goto(f"/passage/{wanted.id}?label=obstacle")
    with tab.onward():
        tab.press("Enter")
    tab.all_sent().press("w").see(".whys", "Words that weighed most")
    tab.see(".whys ol.near li").shot("why")


def test_a_queue_that_is_done_says_so_and_leads_on(tab: Any, work: Work) -> None:
    tab.goto("/review?theme=south-south-exchange")
    total = int(tab.text("[data-progress]").split()[2])
    assert 0 < total < 20
    for _ in range(total):
        with tab.onward():
            tab.press("r")
    tab.see("#end h1", "Nothing is left to decide here").all_sent().shot("end")
    assert len(work.said()) == total
    tab.follow("a", "Choose another queue")
    assert tab.path == "/queue"


def test_what_was_skipped_is_not_called_decided(tab: Any, work: Work) -> None:
    tab.goto("/review?theme=south-south-exchange")
    total = int(tab.text("[data-progress]").split()[2])
    for key in ["r"] * (total - 1) + ["s"]:
        with tab.onward():
            tab.press(key)
    tab.see("#end h1", "This is the end of the queue").see("#end", "1 passage is still open")
    tab.follow("a", "From the beginning")
    assert work.state(tab.passage) is State.SUGGESTED


def test_a_key_that_is_held_down_decides_one_passage(tab: Any, work: Work) -> None:
    tab.goto("/review").loaded_ahead()
    for key in ("r", "z"):
        for _ in range(6):
            tab.page.keyboard.down(key)
        tab.page.keyboard.up(key)
        tab.all_sent()
    said = work.said()
    assert len(said) == 2
    assert said[0].verdict is not Verdict.UNDO
    assert said[1].verdict is Verdict.UNDO


def test_a_card_that_comes_back_has_its_picker_and_what_was_written(tab: Any, work: Work) -> None:
    wanted = work.suggested("obstacle")[0]
    tab.goto(f"/passage/{wanted.id}?label=obstacle").loaded_ahead()
    with tab.onward():
        tab.press("Enter")
    tab.all_sent().see("#last form[data-undo]")
    other = tab.passage
    tab.press("k").type("Half a thought").press("Escape")
    with tab.onward():
        tab.press("z")
    assert tab.passage == wanted.id
    with tab.onward():
        tab.press("Enter")
    assert tab.passage == other
    assert tab.page.locator("textarea").input_value() == "Half a thought"
    tab.press("t").type("comparative").see("[role=option]", "Comparative advantage")
    tab.press("Enter").see(".chips label", "Comparative advantage")
    with tab.onward():
        tab.press("Enter")
    tab.all_sent()
    said = work.said(other)[-1]
    assert "comparative-advantage" in said.themes
    assert said.comment == "Half a thought"


def test_two_tabs_that_decide_the_same_passage_lose_nothing(tab: Any, work: Work) -> None:
    wanted = work.suggested("obstacle")[0]
    address = f"/passage/{wanted.id}?label=obstacle"
    tab.window.expect("409")
    other = tab.window.tab().goto(address)
    tab.goto(address)
    with tab.onward():
        tab.press("r")
    tab.all_sent()
    with other.onward():
        other.press("Enter")
    other.see("#outbox", "You decided this passage in another window too")
    other.reach("#outbox button", "Look at it", backwards=True).press("Enter")
    other.see(".conflict", "Saved there").see(".conflict", "Chosen here").shot("conflict")
    assert [one.verdict for one in work.said()] == [Verdict.REJECT]
    other.reach("button[data-action=take]")
    with other.onward():
        other.press("Enter")
    other.all_sent()
    assert [one.verdict for one in work.said()] == [Verdict.REJECT, Verdict.CONFIRM]


def test_the_next_passage_is_there_within_100_ms(tab: Any, work: Work) -> None:
    tab.goto("/review").loaded_ahead()
    tab.page.evaluate(
        """() => {
            window.times = [];
            let begun = 0;
            document.addEventListener('keydown', () => { begun = performance.now(); }, true);
            new MutationObserver(() => {
                if (begun) window.times.push(performance.now() - begun);
                begun = 0;
            }).observe(document.getElementById('card'), {childList: true});
        }"""
    )
    for _ in range(10):
        # As fast as a person who reads nothing: what comes after must be loaded.
        with tab.page.expect_response(lambda one: "/skip" in one.url), tab.onward():
            tab.press("r")
    tab.all_sent()
    times = tab.page.evaluate("window.times")
    assert len(times) == 10
    assert statistics.median(times) < 100, times
