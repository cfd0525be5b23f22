"""``whatworks review`` in the browser: what is served, and where it begins."""

from pathlib import Path
from typing import Any

import pytest

from tests.command import Run
from tests.stored import add, report_of, suggest
from whatworks.labels.project import init_project, open_project


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A project with a report of one passage."""
    folder = tmp_path / "project"
    init_project(folder)
    with open_project(folder) as project:
        read = report_of("final.pdf", "Staff stayed.")
        add(project.store, read)
        suggest(project.store, read.passages, obstacle=0.82)
    return folder


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """With what the app would be served; it is not."""
    told: dict[str, Any] = {}

    def serve(given: Path, annotator: str, **options: Any) -> None:
        with open_project(given) as project:
            told.update(options, annotator=annotator, page=options["first_page"](project))

    monkeypatch.setattr("whatworks.cli.web.server.serve", serve)
    return told


@pytest.mark.parametrize(
    ("arguments", "page"),
    [
        ((), "/review"),
        (("--report", "final.pdf"), "/review?report=1"),
        (("--label", "obstacle", "--language", "en"), "/review?label=obstacle&language=en"),
        (("--state", "stale"), "/review?state=stale"),
        (("--state", "unsure"), "/review?state=unsure"),
    ],
)
def test_it_begins_with_what_is_asked_for(
    run: Run, folder: Path, served: dict[str, Any], arguments: tuple[str, ...], page: str
) -> None:
    ran = run("review", "--project", folder, "--as", "ana", *arguments)
    assert (ran.code, served["page"], served["annotator"]) == (0, page, "ana")
    assert served["host"] == "127.0.0.1"


def test_where_it_listens_can_be_said(run: Run, folder: Path, served: dict[str, Any]) -> None:
    options = ("--host", "0.0.0.0", "--port", "9000", "--no-browser", "--name", "office")
    ran = run("review", "--project", folder, "--as", "ana", *options)
    assert ran.code == 0
    assert (served["host"], served["port"], served["open_browser"]) == ("0.0.0.0", 9000, False)
    assert served["names"] == ["office"]


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (("--blind",), 2, "add --terminal"),
        (("--state", "confirmed"), 2, "add --terminal"),
        (("--report", "finall.pdf"), 1, "Nearest: 'final.pdf'"),
        (("--adjudicate",), 1, "no adjudicator"),
        (("--port", "70000"), 2, "65535"),
    ],
)
def test_what_cannot_be_done_is_told(
    run: Run, folder: Path, served: dict[str, Any], arguments: tuple[str, ...], code: int, message
) -> None:
    ran = run("review", "--project", folder, "--as", "ana", *arguments)
    assert (ran.code, served.get("page")) == (code, None)
    assert message in ran.said


def test_elsewhere_people_log_in(run: Run, folder: Path) -> None:
    ran = run("review", "--project", folder, "--as", "ana", "--host", "0.0.0.0", "--port", "0")
    assert ran.code == 1
    assert "whatworks user add NAME --role owner" in ran.said
