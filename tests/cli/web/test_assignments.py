"""The owner's page of rounds and readers."""

import re

import pytest

from tests.cli.web.screen import Answer, Screen, opened_screen
from tests.cli.web.team import Team, foreign_parts
from tests.cli.web.topics import TopicEncoder
from whatworks.cli.web.context import Person, Role
from whatworks.cli.web.loopback import OneUser
from whatworks.labels.lots import drawn
from whatworks.labels.project import Project
from whatworks.labels.settings import read_settings
from whatworks.labels.store.assignments import rounds
from whatworks.labels.store.rounds import BY_LOT
from whatworks.labels.store.schema import selection
from whatworks.labels.store.standings import selected_in
from whatworks.nlp.passages import Passage

pytestmark = pytest.mark.slow

NEW = "form[action='/assignments/rounds']"


def make(screen: Screen, **fields: object) -> Answer:
    """Fills in the form of a new round and sends it."""
    return screen.send(screen.get("/assignments"), NEW, **{"name": "Second reading", **fields})


def stored(project: Project):
    with project.store.reading() as connection:
        return rounds(connection)


def readers(project: Project, round_id: int = 2) -> dict[str, tuple[str, ...]]:
    with project.store.reading() as connection:
        found = selected_in(connection, round_id)
    return {one: item.readers for one, item in found.items()}


def test_a_whole_report_is_dealt_to_people(project: Project, screen: Screen) -> None:
    page = make(screen, report="1", people=["ana"], others="Ben, Célia", each="2")

    assert page.status == 200
    assert page.path == "/assignments"
    assert "16 readings were assigned." in page.says("p.done")
    (found,) = stored(project)
    assert (found.passages, found.created_by, found.purpose) == (8, "ana", "learning")
    assert sorted(reader.assigned for reader in found.readers) == [5, 5, 6]
    assert [reader.name for reader in found.readers] == ["ana", "Ben", "Célia"]
    assert "Second reading" in page.says("#round-2 h2")
    assert [cell.get_text() for cell in page.page.select("#round-2 tbody th")] == [
        "ana",
        "Ben",
        "Célia",
    ]


def test_passages_are_drawn_by_lot_with_their_probability(
    project: Project, screen: Screen, passages: list[Passage]
) -> None:
    make(screen, count="2", seed="7", blind="1")

    (found,) = stored(project)
    assert (found.blind, found.strategy, found.seed) == (True, "by lot", 7)
    with project.store.reading() as connection:
        rows = connection.execute(selection.select()).all()
    assert [row.passage_id for row in rows] == drawn([one.id for one in passages], 2, 7)
    assert {row.probability for row in rows} == {2 / 8}
    assert {row.reason for row in rows} == {"one of 2 drawn by lot from 8 passages: of all reports"}


def test_a_filter_takes_what_is_suggested(
    project: Project, screen: Screen, passages: list[Passage]
) -> None:
    counted = screen.get("/assignments/count?label=success_factor")
    assert counted.text.strip() == "6 passages"

    make(screen, label="success_factor")

    assert list(readers(project)) == [one.id for one in passages[:6]]


def test_what_is_decided_can_be_read_a_second_time(
    project: Project, screen: Screen, passages: list[Passage]
) -> None:
    screen.decide(passages[3].id, "lesson")

    make(screen, name="again", decided="once")
    make(screen, name="the rest", decided="not yet")

    assert list(readers(project, 2)) == [passages[3].id]
    assert len(readers(project, 3)) == 7


def test_passages_can_be_named_one_by_one(
    project: Project, screen: Screen, passages: list[Passage]
) -> None:
    make(screen, named=f"{passages[5].id}, {passages[1].id}\n{passages[5].id}")

    assert list(readers(project)) == [passages[5].id, passages[1].id]
    with project.store.reading() as connection:
        assert {row.probability for row in connection.execute(selection.select())} == {None}


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"name": ""}, "needs a name"),
        ({"count": "9"}, "9 passages cannot be drawn: there are 8."),
        ({"count": "many"}, "'many' is no number of passages."),
        ({"count": "0"}, "no number of passages"),
        ({"strategy": "margn", "count": "2"}, "Nearest: 'margin'"),
        ({"strategy": "margin"}, "'' is no number of passages."),
        ({"strategy": "margin", "count": "9"}, "larger than what is left: 8."),
        ({"strategy": "margin", "count": "2", "decided": "once"}, "all that nobody has decided"),
        ({"strategy": "margin", "count": "2"}, "Run: whatworks prelabel"),
        ({"theme": "local-presence"}, "would hold no passage"),
        ({"named": "feedfeedfeedfeed"}, "Unknown passage"),
        ({"named": "<script>"}, "is no passage id"),
        ({"seed": "a seed"}, "'a seed' is no number."),
        ({"share": "half"}, "'half' is no number."),
        ({"share": "101"}, "101%"),
        ({"each": "0"}, "0 people"),
    ],
)
def test_a_form_that_makes_no_round_comes_back_as_it_was(
    project: Project, screen: Screen, encoder: TopicEncoder, fields: dict[str, object], said: str
) -> None:
    page = make(screen, **{"others": "Zoë", **fields})

    assert page.status == 422
    trouble = [one for one in page.page.select(f"{NEW} .trouble") if one.get_text()]
    assert said in trouble[0].get_text()
    assert page.one(f"{NEW} input[name=others]")["value"] == "Zoë"
    assert stored(project) == []


def test_a_round_whose_readers_are_too_few_is_made_and_can_be_assigned(
    project: Project, screen: Screen
) -> None:
    page = make(screen, people=["ana"], each="2")

    assert page.status == 422
    assert "only 1 read in this round" in page.says("#round-2 .trouble")

    page = screen.send(page, "#round-2 form[action$='/assign']", others="ana, Ben")

    assert "16 readings were assigned." in page.says("p.done")
    assert set(readers(project).values()) == {("Ben", "ana")}


def test_what_is_assigned_is_where_one_begins(
    project: Project, screen: Screen, passages: list[Passage]
) -> None:
    make(screen, people=["ana"], named=passages[4].id)

    page = screen.get("/")

    assert (page.path, page.query) == (f"/passage/{passages[4].id}", "round=2")
    screen.decide(passages[4].id, "lesson", query="?round=2")
    assert screen.get("/").query == ""


def test_what_waits_for_somebody_goes_to_others(project: Project, screen: Screen) -> None:
    page = make(screen, people=["ana"], others="Ben")
    assert "Somebody leaves" in page.says("section[aria-labelledby=leaving] h2")

    page = screen.send(page, "form[action$='take-back']", leaver="Ben", people=[])

    assert "4 passages were taken back." in page.says("p.done")
    assert set(readers(project).values()) == {("ana",)}


def test_taking_back_from_nobody_is_told(screen: Screen) -> None:
    page = make(screen, people=["ana"])

    page = screen.send(page, "form[action$='take-back']", leaver="Bem", people=[])

    assert page.status == 422
    assert "Unknown annotator 'Bem'" in page.says("form[action$='take-back'] .trouble")


def test_a_closed_round_asks_nothing_any_more(
    project: Project, screen: Screen, encoder: TopicEncoder
) -> None:
    page = make(screen, people=["ana"], blind="1")

    page = screen.send(page, "#round-2 form[action$='/close']")
    assert page.status == 422
    assert "'Second reading' is half done. Still open, by person: ana: 8." in page.says(
        "#round-2 .trouble"
    )
    page = screen.send(page, "#round-2 form[action$='/close']", anyway="1")

    assert "The round is closed." in page.says("p.done")
    assert "closed" in page.says("#round-2 h2")
    assert page.page.select("#round-2 form") == []
    assert stored(project)[0].is_closed
    assert screen.get("/").query == ""


def test_a_strategy_chooses_from_what_nobody_decided(
    project: Project, screen: Screen, passages: list[Passage], encoder: TopicEncoder
) -> None:
    encoder.prelabel(project)
    screen.decide(passages[0].id, "lesson")

    page = make(screen, strategy="random", count="3", people=["ana"], seed="7")

    assert "The round is made." in page.says("p.done")
    assert "3 readings were assigned." in page.says("p.done")
    (found,) = stored(project)
    assert (found.strategy, found.seed, found.passages) == ("random", 7, 3)
    assert passages[0].id not in readers(project)


def test_by_lot_from_all_that_is_unread_it_counts_for_the_guarantee(
    project: Project, screen: Screen, passages: list[Passage]
) -> None:
    screen.decide(passages[0].id, "lesson")
    make(screen, name="Hers", named=passages[1].id)

    make(screen, name="Lot", count="3", decided="not yet")
    make(screen, name="Part", count="1", decided="not yet", report="1")

    part, lot, _ = stored(project)
    assert (part.strategy, lot.strategy) == ("by lot", BY_LOT)
    assert {passages[0].id, passages[1].id}.isdisjoint(readers(project, lot.id))


def test_the_model_learns_from_a_round_that_is_closed(
    project: Project, screen: Screen, passages: list[Passage], encoder: TopicEncoder
) -> None:
    encoder.prelabel(project)
    page = make(screen, named=passages[0].id, people=["ana"])
    screen.decide(passages[0].id, "lesson", query="?round=2")

    page = screen.send(page, "#round-2 form[action$='/close']")

    assert "The model has learned from 1 confirmed passage" in page.says("p.done")
    assert read_settings(project.settings_file).model == "models/heads-1"
    # What is chosen next goes by what the new one says.
    assert make(screen, name="Next", strategy="random", count="3").status == 200


def test_the_audit_sample_is_drawn_and_enlarged_and_no_round_takes_from_it(
    project: Project, screen: Screen
) -> None:
    form = "form[action='/assignments/audit']"
    before = screen.get("/assignments")
    page = screen.send(before, form, count="3", others="Ben")

    # Sent twice, or from a page that somebody has left open, it draws nothing more.
    again = screen.send(before, form, count="3", others="Ben")
    assert again.status == 422
    assert "Somebody has drawn since you opened this page" in again.says(f"{form} .trouble")
    assert stored(project)[0].passages == 3
    assert "3 readings were assigned." in page.says("p.done")
    (found,) = stored(project)
    assert (found.purpose, found.blind, found.passages) == ("audit", True, 3)
    assert "3 of 8 passages were drawn" in page.says("section[aria-labelledby=audit-sample]")
    assert screen.get("/assignments/count").text.strip() == "5 passages"

    page = screen.send(page, form, count="9", others="Ben")
    assert page.status == 422
    assert "9 passages cannot be drawn: there are 5" in page.says(f"{form} .trouble")
    page = screen.send(page, form, count="1", others="Ben")
    assert "4 of 8 passages were drawn" in page.says("section[aria-labelledby=audit-sample]")
    make(screen, name="The rest")
    assert stored(project)[0].passages == 4


def test_only_what_was_done_is_said(screen: Screen) -> None:
    page = screen.get("/assignments?done=<script>&given=<b>&round=2")

    assert page.page.select("p.done") == []
    assert foreign_parts(page.text) == []


def test_names_are_shown_as_text(screen: Screen) -> None:
    page = make(screen, name="<b>=1+1</b>", others="<img src=x>")

    assert foreign_parts(page.text) == []
    assert "<b>=1+1</b>" in page.says("#round-2 h2")


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.ADJUDICATOR])
def test_only_owners_have_this_page(project: Project, role: Role) -> None:
    gate = OneUser(Person("rosa", role))
    with opened_screen(project, gate=gate) as screen:
        token = re.search(r'data-csrf="([0-9a-f]+)"', screen.get("/queue").text)
        assert token
        for path in ("/assignments", "/assignments/count"):
            assert screen.get(path).status == 403
        for path in ("rounds", "audit", "rounds/2/assign", "rounds/2/close", "take-back"):
            answer = screen.client.post(f"/assignments/{path}", data={"csrf": token[1]})
            assert answer.status_code == 403
        assert 'href="/assignments"' not in screen.get("/queue").text
    assert stored(project) == []


def test_a_form_without_its_token_does_nothing(team: Team) -> None:
    browser = team.browser("Olga")
    for path in ("rounds", "audit", "rounds/2/assign", "rounds/2/close", "take-back"):
        answer = browser.post(f"/assignments/{path}", data={"name": "mine", "csrf": "forged"})
        assert answer.status_code == 403
    assert stored(team.project) == []


def test_who_has_an_account_can_be_ticked(team: Team) -> None:
    page = Answer(team.browser("Olga").get("/assignments"))

    offered = {str(box["value"]) for box in page.page.select(f"{NEW} input[name=people]")}
    assert {"Rosa", "Adam", "Olga"} <= offered
