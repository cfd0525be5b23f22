"""What somebody may try on the pages around the review: other roles, files for spreadsheets, the
codebook."""

import csv
import io
import time
from pathlib import Path
from typing import Any

import pytest
import yaml
from bs4 import BeautifulSoup

from tests import stored
from tests.cli.web.team import FORMULA, SCRIPT, Browser, Team, decide, foreign_parts, said
from whatworks.labels.codebook import DEFAULT_CODEBOOK, load_codebook
from whatworks.labels.codebook_file import codebook_source
from whatworks.labels.store.codebooks import add_codebook, all_codebooks

pytestmark = pytest.mark.slow

ADJUDICATORS = ("/disagreements", "/disagreements/{id}", "/dashboard/agreement.csv")
OWNERS = ("/assignments", "/codebook/edit", "/codebook/edit/text", "/codebook/preview")


def versions(team: Team) -> int:
    with team.store.reading() as connection:
        return len(all_codebooks(connection))


def marked_up(value: Any, key: str = "") -> Any:
    """A codebook file as YAML reads it, with markup and formulas wherever people write text."""
    if isinstance(value, dict):
        return {name: marked_up(one, name) for name, one in value.items()}
    if isinstance(value, list):
        return [marked_up(one, key) for one in value]
    text = key in ("title", "definition", "include", "exclude", "text", "tell_apart", "name")
    if isinstance(value, str) and (text or key in ("en", "fr", "es", "pt")):
        return f"{value} {SCRIPT} {FORMULA}"
    return value


def test_a_reviewer_learns_nothing_at_an_adjudicators_address(team: Team) -> None:
    browser = team.browser("Rosa")
    for address in ADJUDICATORS:
        page = browser.get(address.format(id=team.disagreed.id))
        assert page.status_code == 403
        assert "Olga" not in page.text
        assert "obstacle" not in page.text.split("<main")[1].lower()
    assert team.browser("Adam").get(f"/disagreements/{team.disagreed.id}").status_code == 200


def test_a_reviewer_settles_nothing_at_an_adjudicators_address(team: Team) -> None:
    address = f"/disagreements/{team.disagreed.id}"
    last = str(said(team, 2)[-1].id)
    fields = {"take": "none", "key": "k", "seen": last}
    before = said(team, 2)
    for act in ("settle", "undo"):
        assert team.browser("Rosa").submit(f"{address}/{act}", fields).status_code == 403
    assert said(team, 2) == before


@pytest.mark.parametrize("name", ["Rosa", "Adam"])
def test_only_an_owner_changes_the_codebook_and_assigns(team: Team, name: str) -> None:
    browser = team.browser(name)
    for address in OWNERS:
        assert browser.get(address).status_code == 403
    for address in ("/codebook/apply", "/codebook/edit/text", "/assignments/rounds"):
        assert browser.submit(address, {"source": "x", "name": "x"}).status_code == 403
    assert versions(team) == 1


def test_a_reviewer_sees_nobody_elses_speed(team: Team) -> None:
    for name in ("Rosa", "Adam"):
        decide(team.browser(name), team, seconds="7", key=f"of {name}")
    texts = {name: dashboard(team.browser(name)) for name in ("Rosa", "Olga")}
    assert "Adam" not in texts["Rosa"]
    assert "Adam" in texts["Olga"]
    assert "Adam" not in team.browser("Rosa").get("/dashboard/annotators.csv").text
    assert "Adam" in team.browser("Olga").get("/dashboard/annotators.csv").text


def dashboard(browser: Browser) -> str:
    """The page once its figures are counted."""
    browser.get("/dashboard/annotators.csv")
    page = browser.get("/dashboard")
    assert page.status_code == 200
    assert foreign_parts(page.text) == []
    return BeautifulSoup(page.text, "html.parser").find("main").get_text(" ")


def test_a_file_for_a_spreadsheet_runs_nothing_there(team: Team) -> None:
    name = "=HYPERLINK(1,2)"
    stored.decide(team.store, team.passages[0], name, "lesson")
    answer = team.browser("Olga").get("/dashboard/annotators.csv")
    assert answer.status_code == 200
    assert answer.headers["content-disposition"].startswith("attachment")
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    (cell,) = [row[0] for row in rows if "HYPERLINK" in row[0]]
    assert cell == f"'{name}"
    assert not [cell for row in rows for cell in row if cell[:1] in ("=", "+", "@", "\t")]


@pytest.mark.parametrize(
    "name",
    ["../../whatworks", "..%2f..%2fwhatworks", "reports%00", "x" * 3000, "reports.csv", SCRIPT],
)
def test_the_name_of_a_table_is_no_path(team: Team, name: str) -> None:
    answer = team.browser("Olga").get(f"/dashboard/{name}.csv")
    assert answer.status_code == 404
    assert foreign_parts(answer.text) == []


def test_markup_in_the_codebook_is_shown_as_text(team: Team) -> None:
    source = yaml.safe_dump(marked_up(yaml.safe_load(codebook_source(DEFAULT_CODEBOOK))))
    book = load_codebook()
    add_codebook(team.store, source, "Olga", [*book.finding_type_ids, *book.theme_ids])
    browser = team.browser("Olga")
    addresses = (
        "/codebook",
        "/codebook/history",
        "/codebook/code/finding_type/success_factor",
        "/codebook/edit",
        "/codebook/edit/text",
        "/code/finding_type/success_factor",
        f"/passage/{team.passages[0].id}",
        "/queue",
        "/assignments",
        "/disagreements",
        f"/disagreements/{team.disagreed.id}",
        "/search?q=wells",
    )
    seen = ""
    for address in addresses:
        page = browser.get(address, follow_redirects=True)
        assert page.status_code == 200, address
        assert foreign_parts(page.text) == [], address
        seen += page.text
    assert seen.count("&lt;script&gt;alert") > 10
    assert "<script>alert" not in seen


def test_markup_in_what_is_searched_for_is_shown_as_text(team: Team) -> None:
    browser = team.browser("Rosa")
    for words in (SCRIPT, f'"{SCRIPT}', "' OR 1=1 --", "%", "(" * 500, "\\", "a*" * 500):
        page = browser.get("/search", params={"q": words, "by": "words"})
        assert page.status_code == 200
        assert foreign_parts(page.text) == []


@pytest.mark.parametrize(
    "source",
    [
        "\n".join(
            [
                "a0: &a0 [x,x,x,x,x,x,x,x,x,x]",
                *(f"a{n}: &a{n} [{','.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 12)),
                "themes: *a11",
            ]
        ),
        "themes: !!python/object/apply:os.system ['touch HACKED']",
        "themes: &loop [*loop]",
        "[" * 50_000,
        "themes: " + "{a: " * 5_000,
        "title: x\nthemes:\n" + "- {id: a, definition: b}\n" * 3_000,
        'title: "' + "a" + "\u0316\u0301" * 60_000 + '"',
        "title: x\nthemes: [{id: " + "a" * 200_000 + ", definition: b}]",
    ],
    ids=["aliases", "python", "loop", "brackets", "braces", "same ids", "accents", "long id"],
)
def test_a_text_that_is_no_codebook_is_told_as_such_and_runs_nothing(
    team: Team, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, source: str
) -> None:
    monkeypatch.chdir(tmp_path)
    browser = team.browser("Olga")
    page = browser.get("/codebook/edit/text")
    fields: dict[str, Any] = {
        str(one["name"]): str(one.get("value", ""))
        for one in BeautifulSoup(page.text, "html.parser").select("form input[name]")
    }
    before = time.process_time()
    answer = browser.submit("/codebook/edit/text", {**fields, "source": source})
    assert answer.status_code in (200, 303, 422)
    for address in ("/codebook/edit/text", "/codebook/edit", "/codebook/preview"):
        page = browser.get(address, follow_redirects=True)
        assert page.status_code in (200, 422)
        assert foreign_parts(page.text) == []
    assert time.process_time() - before < 20
    assert not (tmp_path / "HACKED").exists()
    assert browser.submit("/codebook/apply", fields).status_code in (200, 303, 409, 422)
    assert versions(team) == 1
