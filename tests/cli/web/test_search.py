"""Search over all reports: what is found, what is shown of it, and going through it."""

import gc
import shutil
import time
import weakref
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from sqlalchemy import insert

from tests.cli.web.conftest import passages_in
from tests.cli.web.screen import PART, Answer, Screen, opened_screen
from tests.cli.web.test_review import SCRIPT, blind_round
from tests.cli.web.topics import TopicEncoder
from tests.labels.store.seeds import seed_round
from tests.stored import add, decide, report_of, suggest
from whatworks.cli.web.model_desk import ModelDesk
from whatworks.labels.project import Project, open_project
from whatworks.labels.store.queue import annotator_number
from whatworks.labels.store.schema import assignment, selection
from whatworks.nlp.errors import WhatworksError
from whatworks.nlp.locations import cache_folder
from whatworks.nlp.passages import Passage

WATER = ("Wells were dug near the school.", "The pump broke; nobody had been trained.")
MONEY = ("Les fonds sont arrivés tard.", "Village committees held the funds.", SCRIPT)


@pytest.fixture
def project(new_project: Path, tmp_path: Path) -> Iterator[Project]:
    """Two reports, of which the second has words to be taken for HTML."""
    folder = tmp_path / "reviews"
    shutil.copytree(new_project, folder)
    with open_project(folder) as opened:
        add(opened.store, report_of("water.pdf", *WATER, title="Water for all"))
        add(opened.store, report_of("money.pdf", *MONEY, title="Money <b>matters</b>"))
        suggest(opened.store, passages_in(opened)[:4], obstacle=0.83)
        yield opened


def hits(page: Answer) -> list[str]:
    """The texts that were found, in order."""
    assert page.status == 200
    return [" ".join(one.get_text().split()) for one in page.page.select(".hits .text")]


def facts(page: Answer) -> list[str]:
    return [" ".join(one.get_text(" ").split()) for one in page.page.select(".hits .facts")]


def search(screen: Screen, query: str, **more: str) -> Answer:
    """The results, once they are there."""
    for _ in range(100):
        answer = Answer(screen.client.get("/search", params={"q": query, **more}))
        if not answer.page.select("#found [hx-get]"):
            return answer
        time.sleep(0.05)
    raise AssertionError("the search never became ready")


def assigned(project: Project, passages: Sequence[Passage], name: str) -> None:
    """A second reading of these passages, by this person."""
    number = seed_round(project.store, "second", [one.id for one in passages])
    with project.store.writing() as connection:
        me = annotator_number(connection, name)
        chosen = connection.scalars(selection.select().where(selection.c.round_id == number)).all()
        connection.execute(
            insert(assignment), [{"selection_id": one, "annotator_id": me} for one in chosen]
        )


def test_one_finds_the_passages_with_all_words_whatever_their_case_and_accents(
    screen: Screen,
) -> None:
    assert hits(search(screen, "FUND")) == [MONEY[1]]
    assert hits(search(screen, "arrives fonds")) == [MONEY[0]]
    assert hits(search(screen, "the")) == [WATER[0], WATER[1], MONEY[1]]
    assert hits(search(screen, '"the school"')) == [WATER[0]]
    nothing = search(screen, "wells funds")
    assert hits(nothing) == []
    assert "Nothing was found." in nothing.says("#found")


def test_a_hit_says_where_it_stands_and_what_was_found(screen: Screen) -> None:
    page = search(screen, "committee")
    (hit,) = page.page.select(".hits li")
    assert [one.get_text() for one in hit.select("mark")] == ["committees"]
    assert " ".join(hit.select_one("h2").get_text(" ").split()) == "Money <b>matters</b> page 2"
    assert hit.select_one(".path").get_text() == "Findings"
    assert (
        page.says(".sum [role=status]") == "1 passage, in reading order. 1 is still to be decided."
    )
    assert "state" not in str(hit.select_one("h2 a")["href"])


def test_what_was_written_in_a_report_or_typed_is_shown_as_text(screen: Screen) -> None:
    for page in (search(screen, "alert"), search(screen, SCRIPT)):
        assert [one.get_text() for one in page.page.select(".hits .text")] == [SCRIPT]
        assert not page.page.select("main script, main img, main b")
        assert "49" not in page.says(".hits")


def test_one_hit_leads_to_its_passage_with_the_search_as_the_queue(
    screen: Screen, project: Project
) -> None:
    found = search(screen, "the")
    second = screen.get(str(found.page.select(".hits h2 a")[1]["href"]))
    assert second.says(".passage") == WATER[1]
    assert "2 of 3" in second.says(".moves")
    assert second.says(".parts li span") == "With “the”"
    third = screen.send(second, labels=["obstacle"])
    assert third.says(".passage") == MONEY[1]
    assert third.says("[data-progress]") == "1 of 3 decided"
    before = screen.get(f"{third.path}/previous?{third.query}")
    assert before.says(".passage") == WATER[1]
    again = search(screen, "the")
    assert (
        again.says(".sum [role=status]")
        == "3 passages, in reading order. 2 are still to be decided."
    )
    everything = str(again.one(".sum a")["href"])
    assert screen.get(everything).says(".passage") == MONEY[1], "after the one decided last"


def test_the_filters_of_a_queue_keep_the_search(screen: Screen) -> None:
    page = screen.get("/review?q=the&by=words")
    form = page.one("form.filters")
    assert [(one["name"], one["value"]) for one in form.select("input[type=hidden]")] == [
        ("q", "the"), ("by", "words"),
    ]  # fmt: skip
    without = str(page.one(".parts a")["href"])
    assert without == "/review"


def test_hits_are_filtered_by_report_label_language_and_state(
    screen: Screen, project: Project
) -> None:
    first, _, *_, last = passages_in(project)
    screen.decide(first.id, "lesson", comment="nothing to see")
    screen.decide(last.id, verdict="unsure")
    assert hits(search(screen, "the", report="2")) == [MONEY[1]]
    assert hits(search(screen, "the", label="obstacle")) == [WATER[0], WATER[1], MONEY[1]]
    assert hits(search(screen, "the", label="lesson")) == []
    assert hits(search(screen, "the", state="mine")) == [WATER[0]]
    assert hits(search(screen, "the", state="mine", label="lesson")) == [WATER[0]]
    assert hits(search(screen, "the", state="confirmed", label="lesson")) == [WATER[0]]
    assert hits(search(screen, "the", state="confirmed", label="obstacle")) == []
    assert hits(search(screen, "alert", state="unsure")) == [SCRIPT]
    assert hits(search(screen, "the", language="fr")) == []
    assert hits(search(screen, "the", report="77", state="nonsense", page="x")) == []


def test_a_hit_says_what_is_confirmed_and_what_one_said_oneself(
    screen: Screen, project: Project
) -> None:
    first, second, *_ = passages_in(project)
    screen.decide(first.id, "obstacle")
    decide(project.store, second, "ben", "lesson")
    assert facts(search(screen, "the")) == [
        "Confirmed: Obstacle You: Obstacle",
        "Confirmed: Lesson",
        "To decide",
    ]


def test_nothing_tells_what_others_decided_while_it_is_open(
    screen: Screen, project: Project
) -> None:
    assert hits(search(screen, "the", state="confirmed")) == []
    settings = project.settings_file
    text = settings.read_text("utf-8").replace('"one-reviewer"', '"two-agree"')
    settings.write_text(text, "utf-8")
    first, second, *_ = passages_in(project)
    with open_project(project.folder) as strict:
        decide(strict.store, first, "ben", "lesson")
        decide(strict.store, second, "ben", "lesson")
        decide(strict.store, second, "cleo", "obstacle")
        with opened_screen(strict) as ana:
            assert facts(search(ana, "the")) == ["To decide", "", "To decide"]
            assert "esson" not in "".join(facts(search(ana, "the")))
            assert hits(search(ana, "the", state="confirmed")) == []


def test_what_others_confirmed_is_not_shown_to_who_is_to_decide_it_independently(
    screen: Screen, project: Project
) -> None:
    first, second, *_ = passages_in(project)
    screen.decide(first.id, "obstacle")
    decide(project.store, second, "ben", "lesson")
    assert hits(search(screen, "the", state="confirmed")) == [WATER[0], WATER[1]]
    assigned(project, [second], "ana")
    assert facts(search(screen, "the"))[1] == ""
    assert hits(search(screen, "the", state="confirmed")) == [WATER[0]]
    screen.decide(second.id, "lesson", query="?round=2")
    assert facts(search(screen, "the"))[1] == "Confirmed: Lesson You: Lesson"


def test_a_blind_round_hides_suggestions_from_the_filter(screen: Screen, project: Project) -> None:
    blind_round(project, passages_in(project)[:1])
    assert hits(search(screen, "the", label="obstacle")) == [WATER[1], MONEY[1]]


def test_a_report_that_is_added_is_found_at_once(screen: Screen, project: Project) -> None:
    assert hits(search(screen, "bridge")) == []
    add(project.store, report_of("roads.pdf", "A bridge was built."))
    assert hits(search(screen, "bridge")) == ["A bridge was built."]
    add(project.store, report_of("roads.pdf", "A ford was built."), report_id=3)
    assert hits(search(screen, "bridge")) == []
    assert hits(search(screen, "ford")) == ["A ford was built."]


def test_results_come_twenty_to_a_page(screen: Screen, project: Project) -> None:
    add(project.store, report_of("long.pdf", *(f"Brick {n}." for n in range(1, 46))))
    first = search(screen, "brick")
    assert len(hits(first)) == 20
    assert first.says(".pages span") == "Page 1 of 3"
    second = screen.get(str(first.one(".pages a")["href"]))
    assert hits(second)[0] == "Brick 21."
    assert second.one(".hits")["start"] == "21"
    last = search(screen, "brick", page="99")
    assert hits(last) == [f"Brick {n}." for n in range(41, 46)]
    assert [str(one["href"]) for one in last.page.select(".pages a")] == ["/search?q=brick&page=2"]


def test_the_page_without_a_search_shows_only_the_form(screen: Screen) -> None:
    page = screen.get("/search")
    assert not page.page.select("#found > *")
    assert page.one("input[name=q]").has_attr("autofocus")
    assert page.one("input[name=by][checked]")["value"] == "words"
    assert hits(search(screen, " … ")) == []


def test_a_very_long_search_is_cut(screen: Screen) -> None:
    page = search(screen, "well " * 5000)
    assert page.status == 200
    assert len(str(page.one("input[name=q]")["value"])) <= 500


def test_by_meaning_the_nearest_come_first_whatever_their_words(
    screen: Screen, encoder: TopicEncoder
) -> None:
    page = search(screen, "a sum of money", by="meaning")
    assert hits(page)[:2] == [MONEY[0], MONEY[1]]
    assert len(hits(page)) == 5
    assert "the nearest first" in page.says(".sum [role=status]")
    assert not page.page.select(".hits mark")
    assert hits(search(screen, "a sum of money", by="meaning", report="1")) == list(WATER)


def test_by_meaning_passages_are_encoded_once_and_kept(
    screen: Screen, project: Project, encoder: TopicEncoder
) -> None:
    search(screen, "water", by="meaning")
    for _ in range(100):
        if not search(screen, "water", by="meaning").page.select("#found > p[role=status]"):
            break
        time.sleep(0.02)
    assert sorted(encoder.seen) == sorted([*WATER, *MONEY, "water"])
    # Another app on the project, as after a restart.
    with opened_screen(project) as other:
        assert hits(search(other, "water", by="meaning"))[:2] == list(WATER)
    assert len(encoder.seen) == 6


def test_a_search_by_meaning_can_be_gone_through(screen: Screen, encoder: TopicEncoder) -> None:
    found = search(screen, "water", by="meaning")
    page = screen.get(str(found.page.select(".hits h2 a")[1]["href"]))
    assert page.says(".passage") == WATER[1]
    assert page.says(".parts li span") == "Like “water”"
    assert "2 of 5" in page.says(".moves")


def test_while_the_model_is_made_ready_the_page_says_so_and_others_go_on(
    screen: Screen, encoder: TopicEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("whatworks.cli.web.routes.search._WAIT_S", 0.05)
    encoder.wait_s = 0.6
    page = screen.get("/search?q=water&by=meaning")
    asks = page.one("#found [hx-get]")
    assert asks["hx-get"] == "/search?q=water&by=meaning"
    assert "being made ready" in page.says("#found")
    assert page.one("noscript meta")["http-equiv"] == "refresh"
    begun = time.perf_counter()
    assert hits(search(screen, "wells")) == [WATER[0]]
    assert time.perf_counter() - begun < 0.5
    part = screen.get(str(asks["hx-get"]), **PART)
    assert not part.page.select("html, form")
    assert hits(search(screen, "water", by="meaning"))


def test_an_encoder_that_cannot_be_loaded_is_told_and_asked_again(
    screen: Screen, encoder: TopicEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("whatworks.cli.web.worker._FAILED_S", 0.0)
    encoder.broken = "The encoder topics cannot be loaded: no such file."
    page = search(screen, "water", by="meaning")
    assert page.says("#found .trouble") == encoder.broken
    passage = screen.get("/review?q=water&by=meaning")
    assert passage.status == 422
    assert encoder.broken in passage.says(".message")
    encoder.broken = ""
    assert hits(search(screen, "water", by="meaning"))


def test_a_decision_is_saved_though_its_search_cannot_be_done(
    screen: Screen, project: Project, encoder: TopicEncoder
) -> None:
    found = search(screen, "water", by="meaning")
    card = screen.get(str(found.page.select(".hits h2 a")[0]["href"]))
    encoder.broken = "The encoder topics cannot be loaded: no such file."
    with opened_screen(project, "ana") as restarted:
        shutil.rmtree(cache_folder())
        page = restarted.get(card.path)
        address = str(page.one("form[data-decide]")["action"]) + f"?{card.query}"
        page.one("form[data-decide]")["action"] = address
        told = restarted.send(page, headers={"Accept": "application/json"}, labels=["lesson"])
        assert told.status == 200
        assert told.response.json()["saved"] == 1


def test_the_desk_stops_with_the_app(project: Project, encoder: TopicEncoder) -> None:
    desk = ModelDesk(project)
    assert desk.query("water").result(5).shape == (3,)
    desk.close()
    with pytest.raises(WhatworksError):
        desk.query("money")


def test_what_is_held_of_an_older_state_is_let_go(project: Project, encoder: TopicEncoder) -> None:
    desk = ModelDesk(project)
    ids = [one.id for one in passages_in(project)]
    old = weakref.ref(desk.vectors(ids).result(5))
    assert desk.vectors(list(ids)).result(5) is old()
    add(project.store, report_of("roads.pdf", "A bridge was built."))
    more = [one.id for one in passages_in(project)]
    assert len(desk.vectors(more).result(5)) == len(ids) + 1
    desk.query("anything").result(5)
    gc.collect()
    assert old() is None
    desk.close()


@pytest.mark.slow
def test_a_hundred_thousand_passages_are_searched_within_a_moment(
    project: Project, encoder: TopicEncoder
) -> None:
    texts = [f"Committee {n} of village {n % 997} met and paid the mason." for n in range(5_000)]
    for number in range(20):
        named = [f"{text} Report {number}." for text in texts]
        add(project.store, report_of(f"r{number}.pdf", *named))
    with opened_screen(project) as screen:
        search(screen, "anything")
        for query, count in (("committee paid", "100,000"), ('"committee 4321" mason', "20")):
            best = 9.0
            for n in range(4):
                begun = time.perf_counter()
                # Not the same again, which would be remembered.
                page = search(screen, f"{query} {'the ' * n}")
                best = min(best, time.perf_counter() - begun)
            assert (
                page.says(".sum [role=status]").replace(",", "").startswith(count.replace(",", ""))
            )
            # 0.1 s on two cores with nothing else to do.
            assert best < 0.5, (query, best)
