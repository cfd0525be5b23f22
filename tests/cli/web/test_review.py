"""The review screen, as it comes from the server."""

import dataclasses
from collections.abc import Sequence

import pytest
from sqlalchemy import update

from tests.cli.web.screen import PART, Screen, opened_screen
from tests.labels.store.seeds import seed_round
from tests.stored import add, report_of, suggest
from whatworks.labels.project import Project
from whatworks.labels.store.schema import round_
from whatworks.nlp.passages import Passage

SCRIPT = '<script>alert(1)</script><img src=x onerror="alert(1)"> {{ 7 * 7 }} =1+1'


def blind_round(project: Project, passages: Sequence[Passage]) -> int:
    number = seed_round(project.store, "blind one", [one.id for one in passages])
    with project.store.writing() as connection:
        connection.execute(update(round_).where(round_.c.id == number).values(blind=True))
    return number


def test_one_begins_with_the_first_passage(screen: Screen, passages) -> None:
    page = screen.get("/")
    assert page.path == f"/passage/{passages[0].id}"
    assert page.says(".passage") == passages[0].text
    assert page.says(".where h1") == "Midterm review"
    assert page.says("[data-progress]") == "0 of 8 decided"


def test_a_passage_stands_between_its_neighbours(screen: Screen, passages) -> None:
    page = screen.get(f"/passage/{passages[2].id}")
    before = page.says(".before")
    assert before.startswith("The report begins here.")
    assert passages[0].text in before
    assert passages[1].text in before
    assert passages[3].text in page.says(".after")
    assert "The report ends here." in screen.get(f"/passage/{passages[7].id}").says(".after")


def test_a_suggestion_is_told_in_words_and_number_and_is_ticked(screen: Screen, passages) -> None:
    page = screen.get(f"/passage/{passages[0].id}")
    assert page.says(".type-1") == "Success factor likely 83% 1"
    assert page.ticked == ["success_factor"]
    assert page.says("[data-label]") == "Confirm"
    assert page.says(".said") == "Suggested by made up 1"
    none = screen.get(f"/passage/{passages[7].id}")
    assert none.says(".said") == "No model has looked at this passage."
    assert none.ticked == []


def test_the_source_opens_at_the_page(screen: Screen, passages) -> None:
    link = screen.get(f"/passage/{passages[3].id}").one("[data-action=open]")
    assert link["href"] == "/source/1#page=4"
    assert link["rel"] == ["noopener"]


def test_one_goes_on_where_one_stopped(screen: Screen, passages) -> None:
    screen.decide(passages[2].id, "lesson")
    assert screen.get("/").passage == passages[3].id
    screen.decide(passages[7].id, "lesson")
    assert screen.get("/").passage == passages[0].id, "the queue comes round"


def test_skip_leaves_a_passage_for_later(screen: Screen, passages) -> None:
    screen.decide(passages[1].id, "lesson")
    assert screen.get(f"/passage/{passages[0].id}/skip").passage == passages[2].id
    assert screen.get(f"/passage/{passages[7].id}/skip").passage == passages[0].id


def test_next_and_previous_go_to_decided_passages_too(screen: Screen, passages) -> None:
    screen.decide(passages[1].id, "lesson")
    assert screen.get(f"/passage/{passages[0].id}/next").passage == passages[1].id
    assert screen.get(f"/passage/{passages[2].id}/previous").passage == passages[1].id
    assert screen.get(f"/passage/{passages[0].id}/previous").passage == passages[0].id
    nothing = screen.get(f"/passage/{passages[0].id}/previous", **PART)
    assert (nothing.status, nothing.text) == (204, "")


def test_a_script_gets_the_card_alone(screen: Screen, passages) -> None:
    part = screen.get(f"/passage/{passages[0].id}/skip?partial=1")
    assert part.passage == passages[1].id
    assert not part.page.select("html, header.top, script")


def test_passages_that_are_loaded_already_are_not_given_again(screen: Screen, passages) -> None:
    loaded = ",".join(one.id for one in passages[1:4])
    part = screen.get(f"/passage/{passages[0].id}/skip?partial=1&avoid={loaded}")
    assert part.passage == passages[4].id


def test_at_the_end_one_is_told_so(screen: Screen, passages) -> None:
    for one in passages:
        screen.decide(one.id, "lesson")
    page = screen.get("/")
    assert page.path == "/review"
    assert "Nothing is left to decide here" in page.says("#end")
    assert page.says("[data-progress]") == "8 of 8 decided"
    part = screen.get(f"/passage/{passages[0].id}/skip?partial=1")
    assert part.one("[data-end]")


def test_a_view_is_kept_on_the_way(screen: Screen, project: Project, passages) -> None:
    add(project.store, report_of("final.pdf", "A last word.", title="Final"))
    page = screen.get("/review?report=2")
    assert (page.query, page.says(".passage")) == ("report=2", "A last word.")
    assert page.says(".parts li span") == "Final"
    assert page.one(".parts li a")["href"] == "/review"
    assert page.one("form[data-decide]")["action"].endswith("/decide?report=2")


@pytest.mark.parametrize(
    "query",
    [
        "report=99",
        "round=99",
        "label=nothing",
        "theme=nothing",
        "language=xx",
        "state=unsure",
        "state=stale",
    ],
)
def test_an_empty_queue_says_that_nothing_fits(screen: Screen, query: str) -> None:
    assert "This queue is empty" in screen.get(f"/review?{query}").says("#end")


@pytest.mark.parametrize("query", ["report=x", "state=nothing", "order=up", "report=" + 40 * "9"])
def test_what_an_address_cannot_mean_falls_away(screen: Screen, passages, query: str) -> None:
    assert screen.get(f"/review?{query}").passage == passages[0].id


def test_one_looks_back_at_ones_decisions(screen: Screen, passages) -> None:
    screen.decide(passages[1].id, "lesson")
    screen.decide(passages[4].id, "obstacle", comment="Odd.")
    page = screen.get("/review?state=mine&label=obstacle")
    assert page.passage == passages[4].id
    assert page.ticked == ["obstacle"]
    assert page.says(".own .verdict") == "corrected"
    assert page.says(".own q") == "Odd."
    assert page.says(".said") == "You decided this. Save again to change it."


def test_what_others_decided_is_not_on_the_screen(
    project: Project, screen: Screen, passages
) -> None:
    before = screen.get(f"/passage/{passages[0].id}")
    with opened_screen(project, "ben") as other:
        other.decide(passages[0].id, "obstacle", comment="Ben was here")
    after = screen.get(f"/passage/{passages[0].id}")
    for selector in ("form[data-decide] fieldset", ".reading", ".entry"):
        seen, again = before.page.select(selector), after.page.select(selector)
        assert [one.get_text() for one in seen] == [one.get_text() for one in again]
    assert "Ben was here" not in after.text
    assert not after.page.select(".own")


def test_two_people_are_not_given_the_same_passage(
    project: Project, screen: Screen, passages
) -> None:
    assert screen.get("/").passage == passages[0].id
    site = screen.client.app.state.site
    with opened_screen(project, "ben") as other:
        other.client.app.state.site.presence.hold("ana", [passages[0].id, passages[1].id])
        assert other.get("/").passage == passages[2].id
        # Who wants it all the same gets it.
        assert other.get(f"/passage/{passages[0].id}").passage == passages[0].id
    assert site.presence.others("ben") == {passages[0].id}


def test_in_a_blind_round_the_suggestion_is_not_in_the_page(
    project: Project, screen: Screen, passages
) -> None:
    number = blind_round(project, passages[:2])
    for address in (f"/passage/{passages[0].id}", f"/review?round={number}"):
        page = screen.get(address)
        assert page.passage == passages[0].id
        assert page.ticked == []
        assert "83" not in page.one("article.card").get_text()
        assert "data-suggested" not in page.text
        assert "suggestion_id" not in page.text
        assert not page.page.select(".chance, .why")
        assert page.says("[data-label]") == "Save"
        assert page.one("input[name=round]")["value"] == str(number)


IN_DOUBT = {"obstacle": 0.5, "lesson": 0.4}
"""With two types at 0.1; shares: obstacle 0.37, lesson 0.30, none 0.18, the others 0.07."""


def test_what_cannot_be_ruled_out_is_said_in_words(
    project: Project, screen: Screen, passages
) -> None:
    suggest(project.store, passages[:1], "unsure 1", {"set_floor": 0.15}, **IN_DOUBT)
    address = f"/passage/{passages[0].id}"
    page = screen.get(address)
    assert page.says(".types .candidates") == "Nine times in ten: Obstacle, Lesson or no finding"
    said = {
        "fr": "Neuf fois sur dix : Obstacle, Leçon apprise ou aucun constat",
        "es": "Nueve de cada diez veces, una de estas opciones: Obstáculo, Lección aprendida, "
        "sin hallazgo",
        "pt": "Nove em cada dez vezes: Obstáculo, Lição aprendida ou sem constatação",
    }
    for language, expected in said.items():
        there = screen.get(address, **{"Accept-Language": language})
        assert there.says(".candidates").replace("\u00a0", " ") == expected


def test_where_one_type_is_sure_or_the_model_cannot_tell_nothing_more_is_said(
    project: Project, screen: Screen, passages
) -> None:
    suggest(project.store, passages[:1], "sure 1", {"set_floor": 0.33}, **IN_DOUBT)
    for one in (passages[0], passages[1], passages[7]):
        page = screen.get(f"/passage/{one.id}")
        assert not page.page.select(".candidates")
        assert "Nine times" not in page.text


def test_a_blind_round_hides_what_cannot_be_ruled_out(
    project: Project, screen: Screen, passages
) -> None:
    suggest(project.store, passages[:2], "unsure 1", {"set_floor": 0.15}, **IN_DOUBT)
    blind_round(project, passages[:1])
    assert "Nine times" not in screen.get(f"/passage/{passages[0].id}").text
    assert "Nine times" in screen.get(f"/passage/{passages[1].id}").text
    screen.decide(passages[0].id, "lesson")
    assert "Nine times" in screen.get(f"/passage/{passages[0].id}").text


def test_after_a_blind_decision_both_answers_are_shown(
    project: Project, screen: Screen, passages
) -> None:
    number = blind_round(project, passages[:2])
    page = screen.get(f"/review?round={number}")
    shown = screen.send(page, labels=["obstacle"])
    assert shown.path == f"/passage/{passages[0].id}/reveal"
    assert [one.get_text() for one in shown.page.select(".reveal .answer h3")] == [
        "You",
        "The model",
    ]
    assert "Obstacle" in shown.page.select(".reveal .answer")[0].get_text()
    assert shown.says(".told .is-suggested") == "Success factor likely 83%"
    following = screen.get(str(shown.one("[data-action=on]")["href"]))
    assert following.passage == passages[1].id
    agreed = screen.send(following, labels=["success_factor"])
    assert agreed.says("#reveal-title") == "You and the model agree"


def test_what_is_not_decided_cannot_be_revealed(project: Project, screen: Screen, passages) -> None:
    blind_round(project, passages[:2])
    page = screen.get(f"/passage/{passages[0].id}/reveal")
    assert "83" not in page.one("article.card").get_text()


def test_scripts_in_a_report_are_text(project: Project, screen: Screen) -> None:
    read = report_of(f"{SCRIPT}.pdf", SCRIPT, "Plain.", title=SCRIPT)
    odd = dataclasses.replace(read.passages[0], heading=(SCRIPT,), lead_in=SCRIPT, language="und")
    add(project.store, dataclasses.replace(read, passages=(odd, read.passages[1])))
    suggest(project.store, [odd], obstacle=0.9)
    for address in (f"/passage/{odd.id}", "/queue", "/review?report=2"):
        page = screen.get(address)
        assert page.status == 200
        scripts = page.page.select("script")
        assert all(tag.has_attr("src") and not tag.get_text() for tag in scripts)
        assert not page.page.select("img, [onerror], [style]")
        assert "49" not in page.page.body.get_text()
    assert SCRIPT.split(" {{")[0] in screen.get(f"/passage/{odd.id}").one(".passage").get_text()


@pytest.mark.parametrize("given", ["zz", "../etc/passwd", "%2e%2e", "x" * 3000, "ffffffffffffffff"])
def test_an_unknown_passage_is_told(screen: Screen, given: str) -> None:
    page = screen.get(f"/passage/{given}")
    assert page.status in (404, 422)
    assert page.page.select("main h1")


def test_a_passage_is_found_by_the_beginning_of_its_id(screen: Screen, passages) -> None:
    assert screen.get(f"/passage/{passages[0].id[:10]}").passage == passages[0].id


def test_a_passage_that_is_no_longer_in_its_report_can_be_seen(
    project: Project, screen: Screen, passages
) -> None:
    texts = [one.text for one in passages[1:]]
    add(project.store, report_of("midterm.pdf", *texts, title="Midterm review"), report_id=1)
    page = screen.get(f"/passage/{passages[0].id}")
    assert page.says(".passage") == passages[0].text
    assert page.one("[data-action=open]")["href"] == "/source/1#page=1"
    assert screen.get("/").passage == passages[1].id


def test_every_page_sends_its_protection(screen: Screen) -> None:
    for address in ("/", "/queue", "/nothing", "/static/app.css", "/source/1", "/colours.css"):
        headers = screen.client.get(address).headers
        assert "default-src 'none'" in headers["content-security-policy"], address
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "same-origin"


def test_no_page_needs_what_the_policy_forbids(screen: Screen, passages) -> None:
    screen.decide(passages[0].id, "lesson")
    for address in (f"/passage/{passages[0].id}", "/queue", "/review?state=mine"):
        page = screen.get(address)
        assert not page.page.select("style, [style], [onclick], [hx-on], script:not([src])")
        assert all(str(one["src"]).startswith("/static/") for one in page.page.select("[src]"))


def test_an_own_file_may_be_kept_as_long_as_its_address_names_it(screen: Screen) -> None:
    address = str(screen.get("/").one("link[href^='/static/app.css']")["href"])
    assert "immutable" in screen.client.get(address).headers["cache-control"]
    assert "immutable" not in screen.client.get("/static/app.css").headers.get("cache-control", "")


def test_the_entry_of_a_code_says_what_it_is_taken_for(screen: Screen) -> None:
    page = screen.get("/code/theme/local-presence?v=1")
    assert page.says("h2") == "Local presence"
    assert page.page.select(".confused dt")
    assert "max-age" in page.response.headers["cache-control"]
    assert (
        screen.get("/code/theme/local-presence?v=7").response.headers["cache-control"] == "no-store"
    )
    for address in ("/code/theme/nothing", "/code/colour/lesson", "/code/theme/../lesson"):
        assert screen.get(address).status == 404


@pytest.mark.slow
def test_a_report_of_5000_passages_is_as_quick_as_any(project: Project, screen: Screen) -> None:
    import time

    texts = [f"Point {n} of a very long report that never ends." for n in range(5000)]
    add(project.store, report_of("long.pdf", *texts))
    page = screen.get("/review?report=2")
    assert page.says("[data-progress]") == "0 of 5,000 decided"
    at, times = page.passage, []
    for _ in range(20):
        began = time.perf_counter()
        part = screen.get(f"/passage/{at}/skip?report=2&partial=1")
        times.append(time.perf_counter() - began)
        at = part.passage
    assert len(part.text) < 30_000
    assert sorted(times)[10] < 0.1
