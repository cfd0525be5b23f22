"""What reviewers send: saved at once, once, or refused with the reason."""

import json

import pytest

from tests.cli.web.screen import JSON, PART, Answer, Screen, opened_screen
from tests.labels.store.seeds import seed_codebook
from whatworks.labels.decisions import Decision
from whatworks.labels.project import Project
from whatworks.labels.store.decisions import decisions_on


def said(project: Project, passage_id: str) -> list[Decision]:
    with project.store.reading() as connection:
        return decisions_on(connection, [passage_id])[passage_id]


@pytest.fixture
def card(screen: Screen, passages) -> Answer:
    """The first passage; 'success factor' is suggested."""
    return screen.get(f"/passage/{passages[0].id}")


def test_to_confirm_is_one_press(screen: Screen, project: Project, card: Answer, passages) -> None:
    page = screen.send(card, seconds="3.25")
    assert page.passage == passages[1].id
    assert page.says("[data-progress]") == "1 of 8 decided"
    assert page.says("#last .what") == "Saved: Success factor"
    (made,) = said(project, passages[0].id)
    assert (str(made.verdict), made.labels, made.seconds) == ("confirm", ("success_factor",), 3.25)
    assert (made.source, made.annotator, made.model_version) == ("web", "ana", "made up 1")


def test_other_labels_and_themes_are_a_correction(
    screen: Screen, project: Project, card: Answer, passages
) -> None:
    screen.send(card, labels=["obstacle", "lesson"], themes=["local-presence"], comment=" Odd. ")
    (made,) = said(project, passages[0].id)
    assert str(made.verdict) == "correct"
    assert (made.labels, made.themes) == (("lesson", "obstacle"), ("local-presence",))
    assert made.comment == "Odd."


@pytest.mark.parametrize("verdict", ["reject", "unsure"])
def test_no_finding_and_unsure_carry_no_labels(
    screen: Screen, project: Project, card: Answer, passages, verdict: str
) -> None:
    screen.send(card, verdict=verdict, labels=["obstacle"], themes=["local-presence"])
    (made,) = said(project, passages[0].id)
    assert (str(made.verdict), made.labels, made.themes) == (verdict, (), ())


def test_undo_takes_back_and_shows_the_passage_again(
    screen: Screen, project: Project, card: Answer, passages
) -> None:
    following = screen.send(card)
    again = screen.send(following, "form[data-undo]")
    assert again.passage == passages[0].id
    assert again.says("[data-progress]") == "0 of 8 decided"
    assert [str(one.verdict) for one in said(project, passages[0].id)] == ["confirm", "undo"]
    assert not again.page.select("form[data-undo]")


def test_undo_after_undo_goes_further_back(screen: Screen, card: Answer, passages) -> None:
    page = screen.send(screen.send(card))
    assert screen.send(page, "form[data-undo]").passage == passages[1].id
    again = screen.get(f"/passage/{passages[1].id}")
    assert screen.send(again, "form[data-undo]").passage == passages[0].id


def test_a_script_is_told_what_was_saved(screen: Screen, card: Answer, passages) -> None:
    told = screen.send(card, headers=JSON).response.json()
    assert told["saved"] == 1
    assert (told["passage"], told["done"], told["total"]) == (passages[0].id, 1, 8)
    assert "Saved: Success factor" in told["last"]
    assert told["reveal"] == ""


def test_a_script_may_ask_for_the_next_card(screen: Screen, card: Answer, passages) -> None:
    part = screen.send(card, headers=PART)
    assert part.passage == passages[1].id
    assert not part.page.select("html")


def test_what_is_sent_twice_is_saved_once(
    screen: Screen, project: Project, card: Answer, passages
) -> None:
    first = screen.send(card, headers=JSON)
    again = screen.send(card, headers=JSON)
    assert (again.status, again.response.json()["saved"]) == (200, first.response.json()["saved"])
    assert len(said(project, passages[0].id)) == 1


def test_two_windows_the_second_is_asked_which_answer_holds(
    screen: Screen, project: Project, card: Answer, passages
) -> None:
    other = screen.get(f"/passage/{passages[0].id}")
    screen.send(card, labels=["obstacle"])
    told = screen.send(other, labels=["lesson"], comment="Mine", headers=JSON)
    assert (told.status, told.response.json()["conflict"]) == (409, True)
    conflict = screen.send(other, labels=["lesson"], comment="Mine")
    assert conflict.status == 409
    there, here = conflict.page.select(".conflict .answer")
    assert "Obstacle" in there.get_text()
    assert "Lesson" in here.get_text()
    assert "Mine" in here.get_text()
    assert len(said(project, passages[0].id)) == 1, "nothing is overruled unasked"
    screen.send(conflict)
    assert [one.labels for one in said(project, passages[0].id)] == [("obstacle",), ("lesson",)]
    assert said(project, passages[0].id)[-1].comment == "Mine"


def test_a_decision_of_somebody_else_is_no_conflict(
    screen: Screen, project: Project, card: Answer, passages
) -> None:
    with opened_screen(project, "ben") as other:
        other.decide(passages[0].id, "obstacle")
    assert screen.send(card).status == 200
    assert [one.annotator for one in said(project, passages[0].id)] == ["ben", "ana"]


def test_a_theme_without_a_finding_type_is_refused_and_nothing_is_lost(
    screen: Screen, project: Project, card: Answer, passages
) -> None:
    page = screen.send(card, labels=[], themes=["local-presence"], comment="Keep this")
    assert page.status == 422
    assert "A theme needs a finding type" in page.says(".trouble")
    assert page.ticked == ["local-presence"]
    assert page.one("textarea").get_text() == "Keep this"
    assert said(project, passages[0].id) == []


def test_a_theme_may_be_typed(screen: Screen, project: Project, card: Answer, passages) -> None:
    screen.send(card, theme="Présence locale")
    screen.send(screen.get(f"/passage/{passages[1].id}"), theme="gender-neglect")
    assert said(project, passages[0].id)[0].themes == ("local-presence",)
    assert said(project, passages[1].id)[0].themes == ("gender-neglect",)


def test_an_unknown_theme_is_told_with_the_nearest(screen: Screen, card: Answer) -> None:
    page = screen.send(card, theme="local-presense")
    assert page.status == 422
    assert "Nearest: 'local-presence'" in page.says(".trouble")


@pytest.mark.parametrize("size", [20_001, 300_000])
def test_a_comment_that_is_too_long_is_refused_and_kept_on_the_page(
    screen: Screen, project: Project, card: Answer, passages, size: int
) -> None:
    comment = "é" + (size - 1) * "x"
    page = screen.send(card, comment=comment)
    assert page.status == 422
    assert f"{size:,} characters; 20,000 are kept" in page.says(".trouble")
    assert page.one("textarea").get_text() == comment
    assert said(project, passages[0].id) == []


@pytest.mark.parametrize("headers", [{}, JSON])
def test_a_comment_of_5_mb_is_refused_in_words(
    screen: Screen, project: Project, card: Answer, passages, headers
) -> None:
    page = screen.send(card, comment=5_000_000 * "x", headers=headers)
    assert page.status == 413
    assert "your text is still there" in page.text
    assert said(project, passages[0].id) == []


def test_a_page_older_than_the_codebook_is_told(
    screen: Screen, project: Project, card: Answer
) -> None:
    seed_codebook(project.store)
    told = screen.send(card, labels=["good_practice"], headers=JSON)
    assert told.status == 422
    assert "good_practice" in told.response.json()["error"]


@pytest.mark.parametrize("fields", [{"verdict": "adjudicate"}, {"key": ""}, {"key": "\0"}])
def test_what_is_no_decision_is_refused(
    screen: Screen, project: Project, card: Answer, passages, fields
) -> None:
    assert screen.send(card, headers=JSON, **fields).status == 422
    assert said(project, passages[0].id) == []


@pytest.mark.parametrize("seconds", ["", "-1", "nan", "inf", "1e9", "soon"])
def test_a_time_that_cannot_be_right_is_none(
    screen: Screen, project: Project, card: Answer, passages, seconds: str
) -> None:
    assert screen.send(card, seconds=seconds).status == 200
    assert said(project, passages[0].id)[0].seconds is None


@pytest.mark.parametrize("token", ["", "x", "é", "0" * 64])
def test_a_forged_token_saves_nothing(
    screen: Screen, project: Project, card: Answer, passages, token: str
) -> None:
    page = screen.send(card, csrf=token)
    assert page.status == 403
    assert said(project, passages[0].id) == []
    told = screen.send(card, csrf=token, headers=JSON)
    assert told.response.json()["forged"] is True


def test_without_the_cookie_the_token_is_worth_nothing(
    screen: Screen, project: Project, card: Answer, passages
) -> None:
    screen.client.cookies.clear()
    assert screen.send(card).status == 403
    assert said(project, passages[0].id) == []


def test_a_page_made_before_a_restart_gets_a_new_token(
    screen: Screen, project: Project, card: Answer, passages
) -> None:
    with opened_screen(project) as again:
        again.client.cookies = screen.client.cookies
        assert again.send(card, headers=JSON).response.json()["forged"] is True
        told = again.get("/session", **JSON).response.json()
        assert told["person"] == "ana"
        assert again.send(card, headers=JSON, csrf=told["csrf"]).status == 200
    assert len(said(project, passages[0].id)) == 1


def test_another_host_name_is_not_answered(screen: Screen) -> None:
    for host in ("evil.example", "evil.example:8321", "127.0.0.1.evil.example"):
        page = screen.get("/", Host=host)
        assert page.status in (400, 421)
        assert "csrf" not in page.text


def test_comments_are_shown_as_text(screen: Screen, card: Answer, passages) -> None:
    screen.send(card, comment="<script>alert(1)</script>")
    page = screen.get(f"/passage/{passages[0].id}")
    assert page.one(".own q").get_text() == "<script>alert(1)</script>"
    assert not page.page.select("script:not([src])")


def test_json_is_never_taken_for_a_page(screen: Screen, card: Answer) -> None:
    told = screen.send(card, comment="</script><b>", headers=JSON)
    assert told.response.headers["content-type"].startswith("application/json")
    json.loads(told.text)
