"""The list of queues."""

import pytest

from tests.cli.web.screen import Answer, Screen
from tests.cli.web.test_review import blind_round
from tests.stored import add, report_of
from whatworks.labels.project import Project


def lines(page: Answer, section: str) -> dict[str, str]:
    """Name and count of each queue of a section."""
    return {
        " ".join(row.select_one("a").get_text(" ").split()): row.select_one(".count").get_text()
        for row in page.page.select(f"section[aria-labelledby={section}] li")
    }


def test_each_queue_says_how_much_is_left(screen: Screen, project: Project, passages) -> None:
    add(project.store, report_of("final.pdf", "A last word.", title="Final"))
    screen.decide(passages[0].id, "success_factor")
    screen.decide(passages[7].id, "lesson")
    screen.decide(passages[6].id, verdict="unsure")
    page = screen.get("/queue")
    everything = lines(page, "general")
    assert everything["Everything, in reading order"] == "6 left of 9"
    assert lines(page, "reports") == {"Midterm review": "5 left of 8", "Final": "1 left of 1"}
    assert lines(page, "labels") == {"Success factor": "5 left of 6"}
    mine = lines(page, "mine")
    assert mine["My decisions"] == "3 passages"
    assert mine["I was unsure"] == "1 passage"


def test_each_queue_leads_to_its_passages(screen: Screen, passages) -> None:
    page = screen.get("/queue")
    links = [str(one["href"]) for one in page.page.select(".queues a")]
    assert "/review?label=success_factor" in links
    assert "/review?order=uncertain" in links
    for link in links:
        there = screen.get(link)
        assert there.status == 200
        assert there.page.select("article.card, #end")


def test_a_finished_queue_says_so(screen: Screen, passages) -> None:
    for one in passages:
        screen.decide(one.id, "lesson")
    assert lines(screen.get("/queue"), "reports") == {"Midterm review": "all 8 decided"}


def test_rounds_are_listed_and_blind_ones_marked(
    screen: Screen, project: Project, passages
) -> None:
    blind_round(project, passages[:2])
    page = screen.get("/queue")
    assert lines(page, "rounds") == {"blind one blind": "2 left of 2"}
    assert lines(page, "labels") == {"Success factor": "4 left of 4"}, "nothing hidden is counted"


@pytest.mark.parametrize("address", ["/queue", "/review?order=uncertain", "/review?state=stale"])
def test_a_project_without_reports_can_be_looked_at(
    project: Project, new_project, address: str
) -> None:
    from tests.cli.web.screen import opened_screen
    from whatworks.labels.project import open_project

    with open_project(new_project) as empty, opened_screen(empty) as screen:
        assert screen.get(address).status == 200
