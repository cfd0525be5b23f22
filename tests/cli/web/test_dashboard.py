"""The dashboard: figures in words, drawings and tables, and who sees which."""

import csv
import io
import time
from collections.abc import Iterator

import pytest

from tests.cli.web.screen import Answer, Screen, opened_screen
from tests.cli.web.team import FORMULA, SCRIPT, foreign_parts
from tests.stored import add, decide, report_of
from whatworks.cli.web.context import Person, Role
from whatworks.cli.web.loopback import OneUser
from whatworks.labels.decisions import Answer as Said
from whatworks.labels.decisions import DecisionDraft, verdict_for
from whatworks.labels.project import Project
from whatworks.labels.store import dashboard
from whatworks.labels.store.assignments import RoundDraft, assign, create_round
from whatworks.labels.store.audit_sample import AuditWanted, draw_audit
from whatworks.labels.store.decisions import record
from whatworks.labels.store.suggestions import latest_suggestions
from whatworks.nlp.passages import Passage

pytestmark = pytest.mark.slow


def page_of(screen: Screen) -> Answer:
    """The dashboard, once it is counted."""
    for _ in range(300):
        page = screen.get("/dashboard")
        assert page.status == 200
        if page.page.select(".sections") and "is being counted" not in page.text:
            return page
        time.sleep(0.05)
    pytest.fail("it is never counted")


def file_of(screen: Screen, name: str) -> list[list[str]]:
    answer = screen.get(f"/dashboard/{name}.csv")
    assert answer.status == 200
    text = answer.response.content.decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text)))


def answer(
    project: Project, passage: Passage, who: str, *labels: str, blind: bool = False, **more: object
) -> None:
    """A decision on the suggestion that is there, 'success factor' for the first six."""
    with project.store.reading() as connection:
        shown = latest_suggestions(connection, [passage.id]).get(passage.id)
    suggested = shown.answer if shown else None
    assert suggested in (Said(("success_factor",)), None)
    record(
        project.store,
        DecisionDraft(
            passage.id,
            who,
            verdict_for(labels, (), suggested),
            tuple(sorted(labels)),
            suggestion_id=shown.id if shown else None,
            blind=blind,
            **more,
        ),
    )


@pytest.fixture
def reviewer(project: Project) -> Iterator[Screen]:
    """Rosa's browser; she reviews."""
    gate = OneUser(Person("rosa", Role.REVIEWER))
    with opened_screen(project, gate=gate) as opened:
        yield opened


def test_progress_is_told_and_drawn(
    project: Project, screen: Screen, passages: list[Passage]
) -> None:
    for passage in passages[:2]:
        answer(project, passage, "ana", "success_factor")
    answer(project, passages[2], "ana", "lesson")
    answer(project, passages[2], "ben", "obstacle")

    page = page_of(screen)

    assert page.says(".tiles li:nth-of-type(1)") == "25% of 8 passages confirmed"
    assert page.says(".tiles li:nth-of-type(2)") == "5 wait for a decision"
    assert page.says(".tiles li:nth-of-type(3)") == "1 disagreed on"
    said = page.says("#reports")
    assert "2 of 8 passages are confirmed" in said
    assert "Midterm review" in said
    assert file_of(screen, "reports") == [
        ["Report", "Passages", "Confirmed", "Disagreed", "In review", "Stale", "Suggested", "New"],
        ["Midterm review", "8", "2", "1", "0", "0", "3", "2"],
    ]


def test_every_drawing_says_what_it_shows_and_has_its_table(
    project: Project, screen: Screen, passages: list[Passage]
) -> None:
    fill(project, passages)
    draw_audit(project.store, AuditWanted(8, 7), "ana")

    page = page_of(screen)

    names = [str(one["id"]) for one in page.page.select("section.figures")]
    all_of_them = (
        "agreement annotators bias days labels learning reports rounds stopping themes weeks"
    )
    assert sorted(names) == all_of_them.split()
    ids = [str(one["id"]) for one in page.page.select("[id]")]
    assert len(ids) == len(set(ids))
    for section in page.page.select("section.figures"):
        (drawing,) = section.select("svg.chart")
        assert drawing["role"] == "img"
        title, description = (drawing.find(name) for name in ("title", "desc"))
        assert drawing["aria-labelledby"] == f"{title['id']} {description['id']}"
        assert title.get_text()
        assert description.get_text()
        rows = section.select("details.data tbody tr")
        assert rows
        name = str(section["id"])
        assert section.select_one("a[download]")["href"] == f"/dashboard/{name}.csv"
        assert len(file_of(screen, name)) == len(rows) + 1


def test_nothing_of_it_needs_what_the_policy_forbids(
    project: Project, screen: Screen, passages: list[Passage]
) -> None:
    read = report_of("evil.pdf", "A text.", title=f"{SCRIPT} {FORMULA}")
    add(project.store, read)
    create_round(project.store, RoundDraft(SCRIPT, (passages[0].id,), "s", "r"), "ana")
    fill(project, passages)
    answer(project, passages[7], FORMULA, "lesson", seconds=3)

    page = page_of(screen)

    assert foreign_parts(page.text) == []
    assert SCRIPT not in page.text
    assert "alert(1)" in page.page.get_text()
    assert f"'{FORMULA}" in [row[0] for row in file_of(screen, "annotators")]


def test_labels_are_confirmed_or_merely_suggested_never_both(
    project: Project, screen: Screen, passages: list[Passage]
) -> None:
    answer(project, passages[0], "ana", "success_factor")
    answer(project, passages[1], "ana", "lesson", "success_factor")
    answer(project, passages[2], "ana", "lesson")
    answer(project, passages[2], "ben", "obstacle")

    page_of(screen)

    assert file_of(screen, "labels") == [
        ["Finding types", "Confirmed", "Merely suggested"],
        # Four passages that nobody decided, or that people disagree on, are suggested.
        ["Success factor", "2", "4"],
        ["Obstacle", "0", "0"],
        ["Lesson", "1", "0"],
        ["Good practice", "0", "0"],
    ]


def test_bias_is_told_in_words(project: Project, screen: Screen, passages: list[Passage]) -> None:
    for passage in passages[:4]:
        answer(project, passage, "ana", "success_factor")
        blind = ["success_factor"] if passage is passages[0] else ["obstacle"]
        answer(project, passage, "ben", *blind, blind=True)

    page = page_of(screen)

    said = page.says("#bias")
    assert (
        "People accept 100% of the suggestions they see; deciding blind they would have given the "
        "same answer in 25%." in said
    )
    assert "Compared are 4 passages" in said
    assert "+75" in said
    row = file_of(screen, "bias")[1]
    assert row[:4] == ["Whole answer", "4", "4", "1.0"]
    assert row[6:9] == ["4", "1", "0.25"]
    assert float(row[11]) == 0.75


def test_without_comparable_passages_nothing_is_compared(
    project: Project, screen: Screen, passages: list[Passage]
) -> None:
    answer(project, passages[0], "ana", "success_factor")
    answer(project, passages[1], "ben", "success_factor", blind=True)

    said = page_of(screen).says("#bias")

    assert "nothing to compare" in said
    assert "100% of 1 first answers with the suggestion accept it" in said


def test_agreement_is_shown_with_its_interval(
    project: Project, screen: Screen, passages: list[Passage]
) -> None:
    for place, passage in enumerate(passages):
        decide(project.store, passage, "ana", *(["lesson"] if place % 2 else ["obstacle"]))
        decide(project.store, passage, "ben", *(["lesson"] if place % 2 else ["obstacle"]))

    page = page_of(screen)

    assert "8 passages were decided by two or more people on their own." in page.says("#agreement")
    rows = {row[0]: row for row in file_of(screen, "agreement")}
    assert rows["Lesson"][1:5] == ["8", "2", "1.0", "1.0"]
    assert rows["All finding types"][4] == "1.0"


def test_an_empty_project_has_a_dashboard(project: Project, screen: Screen) -> None:
    page = page_of(screen)

    assert "Nothing was decided yet." in page.says("#days")
    assert "No round was made yet." in page.says("#rounds")
    assert page.page.select("#agreement svg") == []


def fill(project: Project, passages: list[Passage]) -> None:
    """Something for every section."""
    ids = tuple(one.id for one in passages[:4])
    number = create_round(project.store, RoundDraft("second", ids, "all", "all"), "ana")
    assign(project.store, number, ["rosa", "ben"])
    for passage in passages[:4]:
        answer(project, passage, "ana", "success_factor", seconds=10)
        answer(project, passage, "ben", "lesson", blind=True, seconds=30)
    answer(project, passages[4], "ana", "success_factor", seconds=12)
    answer(project, passages[5], "rosa", "obstacle", seconds=20)
    decide(project.store, passages[6], "ana", "lesson", themes=["local-presence"])


def test_an_owner_sees_the_work_of_everybody(
    project: Project, screen: Screen, passages: list[Passage]
) -> None:
    fill(project, passages)

    page_of(screen)

    rows = {row[0]: row for row in file_of(screen, "annotators")}
    assert rows["ana"][1:6] == ["6", "0", "0", "0", "10.0"]
    assert rows["ben"][1:6] == ["4", "2", "0", "0", "30.0"]
    assert rows["rosa"][1:6] == ["1", "2", "2", "0", "20.0"]
    (_, second) = file_of(screen, "rounds")
    assert second == ["second", "open", "", "4", "0", "4", "2", "0.5"]


def test_a_reviewer_sees_only_the_own_part(
    project: Project, reviewer: Screen, passages: list[Passage]
) -> None:
    fill(project, passages)

    page = page_of(reviewer)

    assert [row[0] for row in file_of(reviewer, "annotators")] == ["Annotator", "rosa"]
    assert file_of(reviewer, "rounds")[1][5:] == ["2", "0", "0.0"]
    assert file_of(reviewer, "days")[1][1] == "1"
    assert file_of(reviewer, "weeks")[1][1:] == ["20.0", "1"]
    assert "You decided 1 passage." in page.says("#annotators")
    assert page.page.select("#agreement, #bias") == []
    for name in ("agreement", "bias"):
        assert reviewer.get(f"/dashboard/{name}.csv").status == 403
    for other in ("ana", "ben"):
        assert other not in page.says("main").split()


def test_an_adjudicator_sees_agreement_but_not_the_speed_of_others(
    project: Project, passages: list[Passage]
) -> None:
    fill(project, passages)
    gate = OneUser(Person("ada", Role.ADJUDICATOR))
    with opened_screen(project, gate=gate) as screen:
        page = page_of(screen)

        assert page.page.select("#agreement svg")
        assert [row[0] for row in file_of(screen, "annotators")] == ["Annotator"]
        assert "You have decided nothing yet." in page.says("#annotators")


def test_labels_of_what_waits_for_a_reviewer_are_not_counted_for_her(
    project: Project, reviewer: Screen, passages: list[Passage]
) -> None:
    ids = tuple(one.id for one in passages[:2])
    number = create_round(project.store, RoundDraft("second", ids, "all", "all"), "ana")
    assign(project.store, number, ["rosa"])
    for passage in passages[:3]:
        answer(project, passage, "ana", "lesson")

    page_of(reviewer)

    assert ["Lesson", "1", "0"] in file_of(reviewer, "labels")


def test_what_a_blind_round_hides_is_not_counted_as_suggested(
    project: Project, screen: Screen, passages: list[Passage]
) -> None:
    ids = tuple(one.id for one in passages[:4])
    create_round(project.store, RoundDraft("blind", ids, "all", "all", blind=True), "ana")

    page_of(screen)

    assert ["Success factor", "0", "2"] in file_of(screen, "labels")


def test_an_unknown_table_is_not_there(screen: Screen) -> None:
    assert screen.get("/dashboard/secrets.csv").status == 404
    assert screen.get("/dashboard/..%2f..%2fetc.csv").status == 404


def test_the_page_comes_at_once_while_figures_are_counted(
    project: Project, screen: Screen, monkeypatch: pytest.MonkeyPatch
) -> None:
    counted = dashboard.take_snapshot

    def slow(*given: object) -> object:
        time.sleep(1.5)
        return counted(*given)

    monkeypatch.setattr(dashboard, "take_snapshot", slow)
    start = time.perf_counter()
    page = screen.get("/dashboard")
    took = time.perf_counter() - start

    assert took < 1
    assert page.one(".counting")["hx-get"] == "/dashboard"
    assert page_of(screen).page.select(".tiles")


def test_a_new_decision_is_counted(
    project: Project, screen: Screen, passages: list[Passage]
) -> None:
    assert "0 of 8 passages" in page_of(screen).says("#reports")

    screen.decide(passages[0].id, "lesson")

    assert "1 of 8 passages" in page_of(screen).says("#reports")


def test_when_to_stop_is_told_and_never_without_a_guarantee(
    project: Project, screen: Screen, passages: list[Passage]
) -> None:
    for passage in passages[:6]:
        answer(project, passage, "ana", "success_factor")

    said = page_of(screen).says("#stopping")
    assert "Next: draw the audit sample, before the first round." in said
    assert "Success factor: 6 found. Nothing is guaranteed yet." in said
    assert "may stop" not in said
    assert file_of(screen, "stopping")[1][:4] == ["Success factor", "6", "0.75", "2"]

    for passage in passages[6:]:
        answer(project, passage, "ana")

    said = page_of(screen).says("#stopping")
    assert "You may stop: the target is reached for every finding type." in said
    assert "Success factor: 6 found, and nothing is left to read: you may stop." in said


def test_reviewers_do_not_see_what_others_found(reviewer: Screen, screen: Screen) -> None:
    page_of(screen)
    for name in ("stopping", "learning"):
        assert page_of(reviewer).page.select(f"#{name}") == []
        assert reviewer.get(f"/dashboard/{name}.csv").status == 403
