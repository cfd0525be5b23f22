"""Disagreements in the browser: what people said side by side, and the word that settles it."""

import re

import pytest

from tests.cli.web.screen import Answer, Screen, opened_screen
from tests.cli.web.team import SCRIPT, Browser, Team, foreign_parts
from tests.stored import decide
from whatworks.cli.web.context import Person, Role
from whatworks.cli.web.loopback import OneUser
from whatworks.labels.decisions import DecisionDraft, State, Verdict
from whatworks.labels.lots import Readers
from whatworks.labels.resolution import Policy
from whatworks.labels.store.assignments import RoundDraft, assign, create_round
from whatworks.labels.store.decisions import record, set_policy
from whatworks.labels.store.disagreements import Dispute, dispute
from whatworks.nlp.passages import PassageId


def say(team: Team, place: int, who: str, *labels: str, comment: str = "", themes=()) -> None:
    """Somebody's independent decision on a passage."""
    verdict = Verdict.CORRECT if labels else Verdict.REJECT
    passage_id = team.passages[place].id
    record(
        team.store,
        DecisionDraft(passage_id, who, verdict, labels, tuple(themes), comment=comment),
    )


def looked_at(team: Team, passage_id: PassageId) -> Dispute:
    with team.store.reading() as connection:
        return dispute(connection, passage_id)


def show(browser: Browser, address: str) -> Answer:
    return Answer(browser.get(address, follow_redirects=True))


def settle(browser: Browser, page: Answer, **fields: object) -> Answer:
    """Presses a button of the form."""
    return Answer(Screen(browser).send(page, "form[data-settle]", **fields).response)


@pytest.fixture
def adam(team: Team) -> Browser:
    """The adjudicator's browser; he is named in the policy."""
    return team.browser("Adam")


def test_the_list_shows_what_is_disputed(team: Team, adam: Browser) -> None:
    page = show(adam, "/disagreements")

    assert "On 1 passage people gave different answers." in page.says(".page > .dim")
    assert page.one(".excerpt a")["href"] == f"/disagreements/{team.disagreed.id}"
    assert [code.get_text() for code in page.page.select(".codes li")] == ["Obstacle", "Lesson"]
    # Who said what is not in the list.
    assert "Rosa" not in page.says("main")


def test_it_is_filtered_by_report_and_finding_type(team: Team, adam: Browser) -> None:
    say(team, 0, "Rosa", "good_practice")
    say(team, 0, "Olga", "success_factor")

    assert len(show(adam, "/disagreements").page.select(".excerpt")) == 2
    page = show(adam, "/disagreements?label=good_practice&report=1")
    assert len(page.page.select(".excerpt")) == 1
    assert page.one(".excerpt a")["href"].endswith("?report=1&label=good_practice")
    assert "No disagreement fits" in show(adam, "/disagreements?report=99").says(".empty")


def test_the_answers_stand_side_by_side_without_names(team: Team, adam: Browser) -> None:
    say(team, 2, "Rosa", "lesson", comment="see page 3", themes=["local-presence"])

    page = show(adam, f"/disagreements/{team.disagreed.id}")

    answers = [one.get_text(" ") for one in page.page.select(".said-by .codes-said")]
    assert sorted(" ".join(one.split()) for one in answers) == ["Lesson Local presence", "Obstacle"]
    assert "see page 3" in page.says(".said-by")
    voices = [one.get_text() for one in page.page.select(".voice summary")]
    assert sorted(voices) == ["Annotator A", "Annotator B"]
    # Names come with a click: they stand in what is folded.
    hidden = {one.select_one("span").get_text() for one in page.page.select(".voice")}
    assert hidden == {"Rosa", "Olga"}
    assert team.disagreed.text in page.says(".passage")
    assert "Success factor 90%" in page.says(".model")


def test_an_answer_is_taken_with_one_button(team: Team, adam: Browser) -> None:
    page = show(adam, f"/disagreements/{team.disagreed.id}")
    buttons = page.page.select("button[data-key]")
    button = next(one for one in buttons if "Obstacle" in page.says(f"#{one['aria-describedby']}"))

    page = settle(adam, page, take=button["value"], comment="as defined", seconds="8.5")

    found = looked_at(team, team.disagreed.id)
    assert found.state is State.CONFIRMED
    assert found.settled is not None
    assert (found.settled.annotator, found.settled.labels) == ("Adam", ("obstacle",))
    assert (found.settled.comment, found.settled.seconds) == ("as defined", 8.5)
    assert found.settled.adjudicates
    assert "Nothing is disputed now." in page.says(".empty")


def test_the_next_disagreement_comes_by_itself(team: Team, adam: Browser) -> None:
    for place in (0, 1):
        say(team, place, "Rosa", "lesson")
        say(team, place, "Olga", "obstacle")
    first, second, third = team.passages

    page = show(adam, f"/disagreements/{second.id}?label=lesson")
    assert "2 of 3" in page.says(".bar")
    page = settle(adam, page, take="1")
    assert (page.path, page.query) == (f"/disagreements/{third.id}", "label=lesson")
    page = settle(adam, page, take="1")
    assert page.path == f"/disagreements/{first.id}"


def test_an_own_answer_can_be_given(team: Team, adam: Browser) -> None:
    page = show(adam, f"/disagreements/{team.disagreed.id}")

    settle(adam, page, take="own", labels=["good_practice"], theme="Local presence")

    found = looked_at(team, team.disagreed.id).settled_as
    assert found is not None
    assert (found.labels, found.themes) == (("good_practice",), ("local-presence",))


def test_that_there_is_no_finding_can_be_said(team: Team, adam: Browser) -> None:
    page = show(adam, f"/disagreements/{team.disagreed.id}")

    settle(adam, page, take="none", labels=["lesson"])

    found = looked_at(team, team.disagreed.id).settled_as
    assert found is not None
    assert (found.labels, found.themes) == ((), ())


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({}, "Choose one of the answers"),
        ({"take": "own"}, "Tick a finding type"),
        ({"take": "own", "labels": ["no_such"]}, "Unknown finding type 'no_such'"),
        ({"take": "none", "comment": "x" * 20_001}, "20,001 characters"),
        ({"take": "none", "key": ""}, "key"),
    ],
)
def test_what_settles_nothing_comes_back_filled_in(
    team: Team, adam: Browser, fields: dict[str, object], said: str
) -> None:
    page = show(adam, f"/disagreements/{team.disagreed.id}")

    page = settle(adam, page, **{"comment": "a reason", **fields})

    assert page.status == 422
    assert said in page.says(".trouble")
    assert page.one("textarea[name=comment]").get_text() in ("a reason", "x" * 20_001)
    assert looked_at(team, team.disagreed.id).settled is None


def test_enter_in_a_field_settles_nothing(team: Team, adam: Browser) -> None:
    page = show(adam, f"/disagreements/{team.disagreed.id}")

    # A browser presses the first button of a form.
    first = page.page.select("form[data-settle] button:not([type=button])")[0]
    assert (first["name"], first["value"]) == ("take", "")


def test_what_somebody_says_meanwhile_is_looked_at_first(team: Team, adam: Browser) -> None:
    page = show(adam, f"/disagreements/{team.disagreed.id}")
    say(team, 2, "Rosa", "good_practice")

    page = settle(adam, page, take="1")

    assert page.status == 422
    assert "Nothing was saved" in page.says(".trouble")
    assert "Good practice" in page.says(".said-by")
    assert looked_at(team, team.disagreed.id).settled is None


def test_a_form_sent_twice_settles_once(team: Team, adam: Browser) -> None:
    page = show(adam, f"/disagreements/{team.disagreed.id}")

    settle(adam, page, take="1")
    again = settle(adam, page, take="1")

    assert again.status == 200
    assert looked_at(team, team.disagreed.id).seen == 3


def test_what_was_settled_can_be_taken_back(team: Team, adam: Browser) -> None:
    say(team, 0, "Rosa", "lesson")
    say(team, 0, "Olga", "obstacle")
    page = settle(adam, show(adam, f"/disagreements/{team.passages[0].id}"), take="1")
    assert page.path == f"/disagreements/{team.disagreed.id}"
    assert "Settled:" in page.says(".last")

    page = Answer(Screen(adam).send(page, "form[data-undo]").response)

    assert page.path == f"/disagreements/{team.passages[0].id}"
    assert looked_at(team, team.passages[0].id).state is State.DISAGREED


def test_a_settled_passage_shows_how_and_can_be_settled_anew(team: Team, adam: Browser) -> None:
    settle(adam, show(adam, f"/disagreements/{team.disagreed.id}"), take="none", comment="vague")

    page = show(adam, "/disagreements?settled=1")
    assert len(page.page.select(".excerpt")) == 1
    page = show(adam, f"/disagreements/{team.disagreed.id}?settled=1")
    assert "Settled by Adam: No finding" in page.says(".hint-box")
    assert "vague" in page.says(".hint-box")
    settle(adam, page, take="own", labels=["lesson"])
    found = looked_at(team, team.disagreed.id).settled_as
    assert found is not None
    assert found.labels == ("lesson",)
    page = show(adam, f"/disagreements/{team.disagreed.id}")
    Screen(adam).send(page, ".undoing")
    found = looked_at(team, team.disagreed.id).settled_as
    assert found is not None
    assert found.labels == ()


def test_what_was_settled_is_not_changed_by_an_answer_that_would_not_count(
    team: Team, adam: Browser
) -> None:
    address = f"/disagreements/{team.disagreed.id}"
    settle(adam, show(adam, address), take="own", labels=["lesson"])
    page = show(adam, f"/passage/{team.disagreed.id}")
    assert "You settled this passage for all." in page.says(".deciding")
    assert page.page.select("form[data-decide]") == []
    [link] = page.page.select(".deciding a.primary")
    assert link.get("href") == address
    # Nor is it taken back among the decisions on passages.
    assert show(adam, "/review").page.select("form[data-undo]") == []
    Screen(adam).send(show(adam, address), ".undoing")
    assert show(adam, f"/passage/{team.disagreed.id}").page.select("form[data-decide]") != []


def test_who_has_to_decide_it_sees_nothing_before(team: Team, adam: Browser) -> None:
    ids = tuple(one.id for one in team.passages)
    number = create_round(team.store, RoundDraft("third", ids, "all", "all"), "Olga")
    assign(team.store, number, ["Adam"], Readers(1))
    say(team, 2, "Rosa", "lesson", comment="the secret of Rosa")

    page = show(adam, f"/disagreements/{team.disagreed.id}")

    assert "Decide this passage yourself first" in page.says(".deciding h2")
    assert page.page.select(".said-by, form[data-settle]") == []
    assert "secret" not in page.text
    page = show(adam, "/disagreements")
    assert "Decide this passage yourself first" in page.says(".disputes .codes")
    # Nor does the filter tell what is disputed.
    for label in ("success_factor", "obstacle", "lesson", "good_practice"):
        assert show(adam, f"/disagreements?label={label}").page.select(".excerpt") == []
    answer = adam.submit(
        f"/disagreements/{team.disagreed.id}/settle",
        {"take": "none", "key": "k", "seen": str(looked_at(team, team.disagreed.id).seen)},
    )
    assert "secret" not in answer.text
    assert looked_at(team, team.disagreed.id).settled is None
    decide(team.store, team.disagreed, "Adam", "good_practice")
    assert "secret" in show(adam, f"/disagreements/{team.disagreed.id}").text


def test_where_nobody_disagrees_nothing_is_shown(team: Team, adam: Browser) -> None:
    say(team, 0, "Rosa", "lesson", comment="the secret of Rosa")

    page = show(adam, f"/disagreements/{team.passages[0].id}")

    assert "There is no disagreement here" in page.says(".deciding h2")
    assert "secret" not in page.text


def test_who_is_not_named_may_look_and_is_told_why_not_to_settle(team: Team, adam: Browser) -> None:
    set_policy(team.store, Policy("two-adjudicated", ("Olga",)))

    page = show(adam, f"/disagreements/{team.disagreed.id}")

    assert "your name has to stand under 'adjudicators'" in page.says(".hint-box")
    assert page.page.select("button[data-key], button[value=own]") == []
    answer = adam.submit(
        f"/disagreements/{team.disagreed.id}/settle", {"take": "none", "key": "k", "seen": "2"}
    )
    assert answer.status_code == 422
    assert looked_at(team, team.disagreed.id).settled is None


def test_under_two_agree_people_talk(team: Team, adam: Browser) -> None:
    set_policy(team.store, Policy("two-agree"))

    page = show(adam, f"/disagreements/{team.disagreed.id}")

    assert "talk about it" in page.says(".hint-box")


def test_markup_in_comments_and_names_is_shown_as_text(team: Team, adam: Browser) -> None:
    record(
        team.store,
        DecisionDraft(
            team.disagreed.id, SCRIPT, Verdict.CORRECT, ("success_factor", "lesson"), comment=SCRIPT
        ),
    )

    page = show(adam, f"/disagreements/{team.disagreed.id}")

    assert foreign_parts(page.text) == []
    assert page.text.count(SCRIPT) == 0
    assert SCRIPT in page.page.get_text()


def test_reviewers_have_no_part_in_it(team: Team) -> None:
    rosa = team.browser("Rosa")
    address = f"/disagreements/{team.disagreed.id}"

    for path in ("/disagreements", address):
        assert rosa.get(path).status_code == 403
    for path in ("settle", "undo"):
        answer = rosa.submit(f"{address}/{path}", {"take": "1", "labels-1": "lesson", "key": "k"})
        assert answer.status_code == 403
    assert "/disagreements" not in rosa.get("/queue").text
    assert looked_at(team, team.disagreed.id).settled is None


def test_a_form_without_its_token_settles_nothing(team: Team, adam: Browser) -> None:
    for path in ("settle", "undo"):
        answer = adam.post(
            f"/disagreements/{team.disagreed.id}/{path}", data={"take": "none", "csrf": "forged"}
        )
        assert answer.status_code == 403
    assert looked_at(team, team.disagreed.id).settled is None


def test_an_unknown_passage_is_told(team: Team, adam: Browser) -> None:
    assert show(adam, "/disagreements/feedfeedfeedfeed").status == 422


def test_the_list_has_pages(team: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("whatworks.cli.web.routes.adjudication._A_PAGE", 2)
    for place in (0, 1):
        say(team, place, "Rosa", "lesson")
        say(team, place, "Olga", "obstacle")
    gate = OneUser(Person("Adam", Role.ADJUDICATOR))
    with opened_screen(team.project, gate=gate) as screen:
        first = screen.get("/disagreements?label=lesson")
        assert len(first.page.select(".excerpt")) == 2
        (link,) = first.page.select(".pages a")
        second = screen.get(str(link["href"]))
        assert len(second.page.select(".excerpt")) == 1
        assert re.search("Page 2 of 2", second.says(".pages"))
        assert len(screen.get("/disagreements?page=99").page.select(".excerpt")) == 1
