"""Why the model suggests it: shown when asked for, and never where it would tell too much."""

import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.cli.web.conftest import passages_in
from tests.cli.web.screen import PART, Answer, Screen, opened_screen
from tests.cli.web.test_review import SCRIPT, blind_round
from tests.cli.web.test_search import assigned
from tests.cli.web.topics import TopicEncoder
from tests.stored import add, decide, report_of, suggest
from whatworks.cli.prelabel import project_suggester
from whatworks.cli.web import model_desk
from whatworks.labels.project import Project, open_project
from whatworks.labels.store.codebooks import add_codebook, current_codebook
from whatworks.models.context import Context, Pull
from whatworks.models.folder import load_model, save_model
from whatworks.models.prelabel import model_info, prelabel
from whatworks.nlp.passages import Passage

TEXTS = (
    "The pump broke last year.",
    "Wells ran dry again.",
    "Money came late.",
    f"Water was sold. {SCRIPT}",
    "The school was painted.",
)


@pytest.fixture
def project(new_project: Path, tmp_path: Path, encoder: TopicEncoder) -> Iterator[Project]:
    """Five passages that the model has looked at."""
    folder = tmp_path / "reviews"
    shutil.copytree(new_project, folder)
    with open_project(folder) as opened:
        add(opened.store, report_of("water.pdf", *TEXTS, title="Water <b>for</b> all"))
        encoder.prelabel(opened)
        yield opened


@pytest.fixture
def passages(project: Project) -> list[Passage]:
    return passages_in(project)


def why(screen: Screen, passage: Passage, query: str = "", **headers: str) -> Answer:
    """The panel, once all of it is there."""
    for _ in range(200):
        page = screen.get(f"/why/{passage.id}{query}", **headers)
        assert page.status == 200, page.text
        if not page.page.select(".whys[hx-trigger]"):
            return page
        time.sleep(0.03)
    raise AssertionError("it was never worked out")


def marked(page: Answer) -> list[str]:
    return [one.get_text() for one in page.page.select(".weighed mark")]


def near(page: Answer) -> list[tuple[str, str]]:
    """What was confirmed of the nearest passages, and their texts."""
    return [
        (one.select_one(".given").get_text(), one.select_one(".text").get_text())
        for one in page.page.select(".near li")
    ]


def test_the_words_that_weighed_most_are_marked_and_explained(
    screen: Screen, passages: list[Passage]
) -> None:
    page = why(screen, passages[0], **PART)
    assert page.says(".weighed") == TEXTS[0]
    assert marked(page) == ["pump"]
    assert page.one(".weighed mark")["class"] == ["weight-3"]
    assert page.says(".whys .unseen") == "“pump”: much less likely without it."
    assert len(page.page.select(".legend mark")) == 3
    assert "not whether it is right" in page.text
    assert not page.page.select("html")


def test_each_suggested_code_can_be_asked_about(screen: Screen, passages: list[Passage]) -> None:
    page = why(screen, passages[0])
    links = {one.get_text(): one for one in page.page.select(".asked a")}
    assert list(links) == ["Obstacle", "Local presence"]
    assert links["Obstacle"].has_attr("aria-current")
    other = why(screen, passages[0], f"?{str(links['Local presence']['href']).partition('?')[2]}")
    assert other.one(".asked a[aria-current]").get_text() == "Local presence"
    assert marked(other) == ["pump"]
    odd = why(screen, passages[0], "?kind=theme&code=<b>nonsense</b>")
    assert odd.one(".asked a[aria-current]").get_text() == "Obstacle"


def test_where_nothing_is_suggested_the_likeliest_type_is_explained(
    screen: Screen, passages: list[Passage]
) -> None:
    page = why(screen, passages[4])
    assert "suggests no finding" in page.text
    assert marked(page) == []
    assert "No single word decides it" in page.text


def test_the_panel_loads_when_it_is_opened(screen: Screen, passages: list[Passage]) -> None:
    panel = screen.get(f"/passage/{passages[0].id}?report=1").one("details.why")
    assert panel["hx-get"] == f"/why/{passages[0].id}?report=1"
    page = why(screen, passages[0], "?report=1")
    assert page.one("h1 + p a")["href"] == f"/passage/{passages[0].id}?report=1"
    for link in page.page.select(".asked a"):
        assert str(link["href"]).startswith(f"/why/{passages[0].id}?report=1&kind=")


def test_it_is_worked_out_once_for_all_codes(
    screen: Screen, passages: list[Passage], encoder: TopicEncoder
) -> None:
    why(screen, passages[0])
    seen = len(encoder.seen)
    why(screen, passages[0])
    why(screen, passages[0], "?kind=theme&code=local-presence")
    assert len(encoder.seen) == seen


def test_while_it_is_worked_out_the_page_asks_again(
    screen: Screen, passages: list[Passage], encoder: TopicEncoder
) -> None:
    encoder.wait_s = 1.0
    begun = time.perf_counter()
    page = screen.get(f"/why/{passages[0].id}", **PART)
    assert time.perf_counter() - begun < 0.9
    asks = page.one(".whys")
    assert asks["hx-trigger"] == "load delay:700ms"
    assert asks["hx-swap"] == "outerHTML"
    assert str(asks["hx-get"]).startswith(f"/why/{passages[0].id}?kind=finding_type&code=obstacle")
    assert "without one word at a time" in page.text
    assert screen.get(f"/passage/{passages[1].id}").status == 200
    encoder.wait_s = 0.0
    assert marked(why(screen, passages[0])) == ["pump"]


def test_another_model_than_that_of_the_suggestion_does_not_speak_for_it(
    screen: Screen, project: Project, passages: list[Passage]
) -> None:
    suggest(project.store, passages[:1], lesson=0.9)
    page = why(screen, passages[0])
    assert marked(page) == []
    assert "suggested by made up 1" in page.text
    assert "topics 1 (topics encoder)" in page.text


def test_without_a_suggestion_only_near_passages_are_shown(
    screen: Screen, project: Project, passages: list[Passage]
) -> None:
    add(project.store, report_of("new.pdf", "A pump was stolen."))
    decide(project.store, passages[0], "ben", "obstacle")
    new = passages_in(project)[-1]
    page = why(screen, new)
    assert "No model has looked at this passage." in page.text
    assert near(page) == [("Obstacle", TEXTS[0])]
    assert not screen.get(f"/passage/{new.id}").page.select("details.why")


def test_the_nearest_confirmed_passages_come_with_what_was_confirmed(
    screen: Screen, project: Project, passages: list[Passage]
) -> None:
    assert "No other passage is confirmed yet." in why(screen, passages[0]).text
    decide(project.store, passages[0], "ana", "obstacle")
    decide(project.store, passages[1], "ben", "lesson", themes=["local-presence"])
    decide(project.store, passages[2], "ben", "obstacle")
    decide(project.store, passages[3], "ben")
    page = why(screen, passages[0])
    assert near(page)[:2] == [("Lesson · Local presence", TEXTS[1]), ("No finding", TEXTS[3])]
    assert len(near(page)) == 3, "never the passage itself"
    first = page.page.select(".near li")[0]
    told = " ".join(first.select_one(".dim").get_text(" ").split())
    assert told == "Water <b>for</b> all, page 2 · very similar 1.00"
    assert "ben" not in page.says(".near")
    assert not page.page.select(".near script, .near b, .weighed b")


def test_open_decisions_of_others_are_no_near_passages(
    screen: Screen, project: Project, passages: list[Passage]
) -> None:
    settings = project.settings_file
    text = settings.read_text("utf-8").replace('"one-reviewer"', '"two-agree"')
    settings.write_text(text, "utf-8")
    with open_project(project.folder) as strict:
        decide(strict.store, passages[1], "ben", "lesson")
        with opened_screen(strict) as ana:
            assert near(why(ana, passages[0])) == []
            decide(strict.store, passages[1], "cleo", "lesson")
            assert near(why(ana, passages[0])) == [("Lesson", TEXTS[1])]


def test_what_one_is_to_decide_oneself_is_no_near_passage(
    screen: Screen, project: Project, passages: list[Passage]
) -> None:
    decide(project.store, passages[2], "ana", "lesson")
    for one in passages[1:4]:
        decide(project.store, one, "ben", "lesson")
    assigned(project, [passages[1]], "ana")
    assert [text for _, text in near(why(screen, passages[0]))] == [TEXTS[3], TEXTS[2]]
    blind_round(project, [passages[3]])
    assert [text for _, text in near(why(screen, passages[0]))] == [TEXTS[2]]


def test_in_a_blind_round_nothing_is_told_before_the_decision(
    screen: Screen, project: Project, passages: list[Passage]
) -> None:
    blind_round(project, passages[:1])
    assert not screen.get(f"/passage/{passages[0].id}").page.select("details.why")
    for headers in ({}, PART):
        refused = screen.get(f"/why/{passages[0].id}", **headers)
        assert refused.status == 403
        assert "Decide first" in refused.text
        for told in ("pump", "Obstacle", "mark", "topics"):
            assert told not in refused.says("main")
    screen.decide(passages[0].id, "lesson", query="?round=2")
    assert marked(why(screen, passages[0])) == ["pump"]
    assert screen.get(f"/passage/{passages[0].id}/reveal").page.select("details.why")


def test_missing_vectors_are_made_in_the_background(
    screen: Screen, project: Project, passages: list[Passage], encoder: TopicEncoder
) -> None:
    decide(project.store, passages[1], "ben", "lesson")
    add(project.store, report_of("new.pdf", "A pump was stolen."))
    new = passages_in(project)[-1]
    decide(project.store, new, "ben", "obstacle")
    encoder.seen.clear()
    for _ in range(100):
        page = why(screen, passages[0])
        if len(near(page)) == 2:
            break
        assert "still being read" in page.text
        time.sleep(0.02)
    assert [text for _, text in near(page)] == [TEXTS[1], "A pump was stolen."]
    assert encoder.seen.count("A pump was stolen.") == 1
    assert TEXTS[1] not in encoder.seen


def test_an_encoder_that_cannot_be_loaded_is_told(
    screen: Screen,
    passages: list[Passage],
    encoder: TopicEncoder,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("whatworks.cli.web.worker._FAILED_S", 0.0)
    encoder.broken = "The encoder topics cannot be loaded: no such file."
    assert why(screen, passages[0]).says(".whys .trouble") == encoder.broken
    encoder.broken = ""
    assert marked(why(screen, passages[0])) == ["pump"]


def test_after_a_change_of_the_codebook_the_new_names_are_explained(
    screen: Screen, project: Project, passages: list[Passage]
) -> None:
    why(screen, passages[0])
    with project.store.reading() as connection:
        source = current_codebook(connection).source
    renamed = source.replace("local-presence", "near-by").replace(
        "id: near-by\n", "id: near-by\n        renamed_from: [local-presence]\n"
    )
    add_codebook(project.store, renamed, "ana")
    page = why(screen, passages[0], "?kind=theme&code=near-by")
    assert page.one(".asked a[aria-current]")["href"].endswith("kind=theme&code=near-by")
    assert marked(page) == ["pump"]


@pytest.mark.parametrize("given", ["ffffffffffffffff", "nonsense", "..%2f..%2fetc"])
def test_there_is_no_why_of_what_is_not_there(screen: Screen, given: str) -> None:
    assert screen.get(f"/why/{given}").status in (404, 422)


def test_the_project_s_own_model_explains_itself(
    project: Project, tiny_model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(model_desk, "project_suggester", project_suggester)
    settings = project.settings_file
    text = settings.read_text("utf-8").replace('model = "starter"', f'model = "{tiny_model}"')
    settings.write_text(text, "utf-8")
    with open_project(project.folder) as tiny:
        with tiny.store.reading() as connection:
            codebook = current_codebook(connection)
        suggester, known = project_suggester(tiny, codebook.codebook, quiet=True)
        info = model_info(suggester.model, suggester.encoder.name)
        prelabel(tiny.store, suggester, known, info, codebook.id)
        passages = passages_in(tiny)
        decide(tiny.store, passages[1], "ben", "lesson")
        with opened_screen(tiny) as screen:
            page = why(screen, passages[0])
        assert page.says(".weighed") == TEXTS[0]
        assert near(page) == [("Lesson", TEXTS[1])]


@pytest.mark.parametrize(("neutral", "words"), [(-1.0, "surer"), (1.0, "less sure")])
def test_the_heading_is_named_where_it_counts_for_a_finding_type(
    project: Project,
    tiny_model: Path,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    neutral: float,
    words: str,
) -> None:
    monkeypatch.setattr(model_desk, "project_suggester", project_suggester)
    context = Context(Pull(2.0, neutral), {})
    save_model(replace(load_model(tiny_model), context=context), tmp_path / "reads-headings")
    settings = project.settings_file
    text = settings.read_text("utf-8").replace("starter", str(tmp_path / "reads-headings"))
    settings.write_text(text, "utf-8")
    with open_project(project.folder) as tiny:
        under = replace(report_of("money.pdf", "Money came late."), title="Money")
        placed = replace(under.passages[0], heading=("3 Findings", "3.1 <i>Funds</i>"))
        add(tiny.store, replace(under, passages=(placed,)))
        with tiny.store.reading() as connection:
            codebook = current_codebook(connection)
        suggester, known = project_suggester(tiny, codebook.codebook, quiet=True)
        info = model_info(suggester.model, suggester.encoder.name)
        prelabel(tiny.store, suggester, known, info, codebook.id)
        with opened_screen(tiny) as screen:
            page = why(screen, placed)
            said = f"The heading above it made the model {words}: “3 Findings › 3.1 <i>Funds</i>”."
            assert said in [one.get_text() for one in page.page.select(".whys p")]
            themes = page.page.select(".asked a[href*='kind=theme']")
            for one in themes:
                asked = str(one["href"]).partition("?")[2]
                assert "The heading above it" not in why(screen, placed, f"?{asked}").text
            assert bool(themes) == (neutral < 0), "a finding is suggested, and a theme with it"


WITHOUT_TORCH = """
import sys, time
from pathlib import Path
from starlette.testclient import TestClient
from whatworks.cli.web.app import WebOptions, create_app
from whatworks.labels.project import open_project
with open_project(Path(sys.argv[1])) as project:
    app = create_app(project, options=WebOptions("ana"))
    with TestClient(app, base_url="http://127.0.0.1:8321") as client:
        for address in ("/review", "/search?q=wells", "/why/" + sys.argv[2]):
            for _ in range(100):
                page = client.get(address)
                assert page.status_code == 200, page.text
                if "delay:700ms" not in page.text:
                    break
                time.sleep(0.05)
        assert "made up 1" in page.text
    app.state.site.close()
assert "torch" not in sys.modules
"""


@pytest.mark.slow
def test_torch_is_not_loaded_before_something_needs_it(
    project: Project, passages: list[Passage]
) -> None:
    suggest(project.store, passages[:1], lesson=0.9)
    command = [sys.executable, "-c", WITHOUT_TORCH, str(project.folder), passages[0].id]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert ran.returncode == 0, ran.stderr
