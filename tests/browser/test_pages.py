"""Search, queues, the codebook and the dashboard, with the keyboard alone."""

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


def confirm(tab: Any, work: Work, count: int) -> list[str]:
    """Confirms obstacles with the theme 'inefficient-management'; their ids."""
    tab.goto("/review?label=obstacle&theme=inefficient-management")
    decided = []
    for _ in range(count):
        with tab.onward() as passage:
            tab.press("Enter")
        decided.append(passage)
    tab.all_sent()
    assert {one.verdict for one in work.said()} == {Verdict.CONFIRM}
    return decided


def found(tab: Any) -> list[str]:
    """The ids of the passages that a search found, as they are listed."""
    links = tab.page.locator(".hits h2 a").all()
    return [one.get_attribute("href").split("/")[2].partition("?")[0] for one in links]


@pytest.mark.parametrize("key", list("rqscdp"))
def test_g_and_a_letter_lead_to_every_page(tab: Any, key: str) -> None:
    tab.goto("/codebook/history")
    address = tab.page.locator(f"a[data-go={key}]").get_attribute("href")
    tab.go("g", key)
    assert tab.path.startswith(("/passage/", address))


def test_a_search_by_words_finds_passages_and_leads_to_them(tab: Any, work: Work) -> None:
    tab.goto("/review").go("g", "s")
    assert tab.focus("input[name=q]")
    tab.type("health insurance").go("Enter").see(".hits mark").shot("search")
    wanted = {
        one.id
        for one in work.passages
        if "health" in one.text.lower() and "insurance" in one.text.lower()
    }
    assert len(wanted) > 1
    assert found(tab)[0] in wanted
    tab.follow(".hits h2 a")
    assert tab.passage in wanted
    assert "q=health" in tab.path
    with tab.onward() as first:
        tab.press("r")
    tab.all_sent()
    assert [one.passage_id for one in work.said()] == [first]


def test_a_search_that_finds_nothing_says_what_to_do(tab: Any) -> None:
    tab.goto("/search").type("xyzzy").go("Enter").see("#found", "Nothing was found")


def test_a_search_by_meaning_finds_other_words(tab: Any, work: Work) -> None:
    tab.goto("/search").type("money").reach("input[value=words]").press("ArrowRight")
    tab.reach("button", "Search", backwards=True)
    with tab.page.expect_navigation():
        tab.press("Enter")
    assert "by=meaning" in tab.path
    tab.see(".hits > li").shot("search-by-meaning")
    # What was not read yet is found as soon as it is.
    tab.wait(
        "async () => !(await (await fetch(location.href)).text()).includes('still being read')"
    )
    tab.page.reload()
    texts = {one.id: one.text.lower() for one in work.passages}
    first = texts[found(tab.see(".hits > li"))[0]]
    assert any(word in first for word in ("fund", "fonds", "money")), first


def test_a_queue_with_a_filter_has_an_address_that_can_be_shared(tab: Any, work: Work) -> None:
    tab.goto("/review").press("f")
    assert tab.focus("#filter select")
    tab.reach("#filter select[name=label]").press("O").follow("#filter button", "Show")
    assert "label=obstacle" in tab.path
    assert "obstacle" in work.suggestion(tab.passage).labels
    tab.see(".parts", "Obstacle")
    shared = tab.window.tab().goto(f"/review?{tab.path.partition('?')[2]}")
    assert "obstacle" in work.suggestion(shared.passage).labels
    tab.go("g", "q").see("h1", "Queues").shot("queues")


def test_the_codebook_says_what_a_change_makes_stale_before_it_is_applied(
    tab: Any, work: Work
) -> None:
    confirmed = confirm(tab, work, 2)
    tab.go("g", "c").see("h1").shot("codebook")
    tab.follow("a", "Inefficient management").see("h1", "Inefficient management").shot("code")
    tab.follow("a", "Edit").shot("code-form")
    tab.reach("summary", "Retire it").press("Enter")
    tab.follow("button.danger", "Retire").see(".draft").shot("draft")
    tab.follow("a", "See what it does").see(".figure", "2").shot("preview")
    assert "confirmed passages become stale" in tab.text(".effect")
    assert [work.state(one) for one in confirmed] == [State.CONFIRMED] * 2
    assert work.codebook == 1
    tab.follow("button", "Apply as version 2").see("[role=status]", "Version 2 holds now")
    assert work.codebook == 2
    assert [work.state(one) for one in confirmed] == [State.STALE] * 2
    tab.shot("applied").follow("a", "Look at them")
    assert tab.passage in confirmed
    assert "The codebook changed since you decided this" in tab.text("form.deciding")
    tab.shot("stale")


def test_other_words_for_a_code_leave_its_labels_alone(tab: Any, work: Work) -> None:
    confirmed = confirm(tab, work, 1)
    tab.goto("/codebook/edit/code/theme/inefficient-management").reach("#definition")
    tab.press("Control+End").type(" Also where money comes late.")
    tab.follow("button", "Keep in the draft").follow("a", "See what it does")
    tab.see(".figure", "1")
    tab.reach("input[name=wording]").press("Space").see(".figure", "No confirmed passage")
    tab.follow("button", "Apply as version 2")
    assert [work.state(one) for one in confirmed] == [State.CONFIRMED]


def test_a_theme_that_is_added_can_be_given_at_once(tab: Any, work: Work) -> None:
    tab.goto("/codebook/edit").follow("a", "Add a theme")
    tab.reach("#name, input[name=name], input[name=name_en]").type("Digital delivery")
    tab.reach("#definition").type("Services reach people through digital means.")
    tab.follow("button", "Add to the draft").follow("a", "See what it does")
    tab.follow("button", "Apply as version 2")
    tab.goto("/review?label=obstacle").press("t").type("digital del")
    tab.see("[role=option]", "Digital delivery").press("Enter")
    with tab.onward():
        tab.press("Enter")
    tab.all_sent()
    assert "digital-delivery" in work.said()[0].themes


def test_the_dashboard_tells_what_the_database_says(tab: Any, work: Work) -> None:
    confirm(tab, work, 3)
    tab.go("g", "d").see(".tiles li")
    # The figures may have been counted before the last decision.
    tab.goto("/dashboard").see(".tiles")
    assert work.count(State.CONFIRMED) == 3
    assert f"{len(work.passages) - 3} wait for a decision" in tab.text(".tiles")
    assert tab.count("svg.chart") > 0
    tab.shot("dashboard").reach("details.data summary").press("Enter").see("details.data table")
