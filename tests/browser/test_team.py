"""Several people, each in a window of their own, with the keyboard alone."""

from collections.abc import Sequence
from typing import Any

import pytest

from tests.browser.conftest import People
from tests.browser.server import Server
from tests.browser.work import Work
from whatworks.labels.decisions import State, Verdict

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def answer(tab: Any, passage: str, keys: Sequence[str]) -> None:
    """Decides a passage and waits until it is saved."""
    tab.goto(f"/passage/{passage}")
    with tab.onward():
        tab.press(*keys)
    tab.all_sent()


def test_a_wrong_password_is_told_and_the_right_one_lets_in(windows: People, team: Server) -> None:
    tab = windows(team).tab().goto("/review?label=obstacle")
    tab.window.expect("401")
    assert tab.path.startswith("/login")
    assert tab.focus("#name")
    tab.type("Ana").press("Tab").type("not her password").go("Enter")
    tab.see("[role=alert]", "The name or the password is not right").shot("login")
    assert tab.focus("#password")
    tab.type("purple onion harbour").go("Enter")
    tab.see("article.card")
    assert "label=obstacle" in tab.path
    tab.follow("a", "Ana", backwards=True).shot("account").follow("button", "Log out")
    tab.goto("/review")
    assert tab.path.startswith("/login")


def test_nothing_shows_what_another_reviewer_said(log_in: People, team: Server, work: Work) -> None:
    wanted = work.suggested("obstacle")[0]
    ana, ben = log_in(team, "Ana"), log_in(team, "Ben")
    ana.goto(f"/passage/{wanted.id}").press("1", "k").type("my own words")
    with ana.onward():
        ana.press("Control+Enter")
    ana.all_sent()
    before = ben.goto(f"/passage/{wanted.id}").page.content()
    assert "my own words" not in before
    assert "Ana" not in before
    assert "0 of 545 decided" in ben.text(".bar")
    assert ben.count(".own") == 0
    assert "Disagreements" not in ben.text("nav")


def test_two_who_agree_confirm_a_passage(log_in: People, team: Server, work: Work) -> None:
    wanted = work.suggested("obstacle")[0]
    answer(log_in(team, "Ana"), wanted.id, ["Enter"])
    assert work.state(wanted.id) is State.IN_REVIEW
    answer(log_in(team, "Ben"), wanted.id, ["Enter"])
    assert work.state(wanted.id) is State.CONFIRMED
    assert [one.annotator for one in work.said(wanted.id)] == ["Ana", "Ben"]


def test_an_adjudicator_settles_a_disagreement_and_takes_it_back(
    log_in: People, team: Server, work: Work
) -> None:
    wanted = work.suggested("obstacle")[0]
    answer(log_in(team, "Ana"), wanted.id, ["Enter"])
    answer(log_in(team, "Ben"), wanted.id, ["r"])
    assert work.state(wanted.id) is State.DISAGREED
    cleo = log_in(team, "Cleo").go("g", "a").see("h1", "Disagreements").shot("disagreements")
    cleo.follow(".disputes a").see(".said-by", "Annotator A").shot("disagreement")
    cleo.press("k").type("The second sentence says so.")
    cleo.press("Escape")
    cleo.go("1")
    cleo.see("#disagreement .last, .empty", "")
    ruling = work.said(wanted.id)[-1]
    assert (ruling.annotator, ruling.adjudicates) == ("Cleo", True)
    assert ruling.comment == "The second sentence says so."
    assert ruling.seconds is not None
    assert work.state(wanted.id) is State.CONFIRMED
    cleo.goto(f"/disagreements/{wanted.id}").see(".hint-box", "Settled by Cleo").shot("settled")
    cleo.follow("button", "Take back what was settled")
    assert work.state(wanted.id) is State.DISAGREED
    assert len(work.said(wanted.id)) == 4


def test_an_adjudicator_may_give_another_answer(log_in: People, team: Server, work: Work) -> None:
    wanted = work.suggested("obstacle")[0]
    answer(log_in(team, "Ana"), wanted.id, ["Enter"])
    answer(log_in(team, "Ben"), wanted.id, ["r"])
    cleo = log_in(team, "Cleo").goto(f"/disagreements/{wanted.id}").press("e")
    chosen = cleo.page.evaluate("document.activeElement.value")
    ticked = cleo.page.evaluate("document.activeElement.checked")
    cleo.press("Space", "t").type("capacity").see("[role=option]", "Capacity")
    cleo.press("Enter").follow("button", "Save my answer")
    ruling = work.said(wanted.id)[-1]
    assert ruling.adjudicates
    assert (chosen in ruling.labels) is not ticked
    assert "capacity-building" in ruling.themes


def test_a_reviewer_cannot_open_an_adjudicators_page(log_in: People, team: Server) -> None:
    ben = log_in(team, "Ben")
    ben.window.expect("403")
    ben.goto("/disagreements").see("h1", "")
    assert ben.count(".disputes") == 0
    assert ben.page.request.get(f"{team.address}/disagreements").status == 403


def test_a_blind_round_hides_the_suggestion_until_the_decision_is_made(
    log_in: People, team: Server, work: Work
) -> None:
    ana = log_in(team, "Ana").go("g", "p").see("h1", "Assignments")
    ana.reach("input[name=name]").type("Pilot").reach("input[name=count]").type("5")
    ana.reach("input[name=blind]").press("Space")
    ana.reach("section[aria-labelledby=new-round] input[name=people][value=Ben]").press("Space")
    ana.follow("button", "Make the round").see("[role=status]", "The round is made")
    ana.shot("assignments")
    ben = log_in(team, "Ben").goto("/")
    assert "round=" in ben.path
    hidden = ben.see("article.card[data-hidden]").passage
    assert ben.count("form.deciding .chance, form.deciding .number, [data-suggested]") == 0
    ben.shot("blind")
    ben.press("1", "Enter").see("[data-reveal]", "What you said, and what the model says")
    ben.shot("reveal").all_sent()
    [said] = work.said()
    assert (said.passage_id, said.blind, said.annotator) == (hidden, True, "Ben")
    with ben.onward():
        ben.press("Enter")
    ben.see("article.card[data-hidden]")


def test_a_session_that_ended_keeps_what_is_decided_until_one_logs_in_again(
    log_in: People, team: Server, work: Work
) -> None:
    ben = log_in(team, "Ben").goto("/review?label=obstacle").loaded_ahead()
    # The token belongs to the session: first the page has none, later a new one.
    ben.window.expect("status of 40[13]")
    ben.window.context.clear_cookies()
    with ben.onward() as passage:
        ben.press("r")
    ben.see("#outbox[data-kind=bad]", "Your session has ended").shot("session-ended")
    assert work.said() == []
    other = ben.window.tab().goto("/login")
    other.type("Ben").press("Tab").type("four grey lanterns").go("Enter")
    other.all_sent()
    ben.all_sent()
    assert [(one.passage_id, one.verdict) for one in work.said()] == [(passage, Verdict.REJECT)]
