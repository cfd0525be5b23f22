"""What others said stays unknown until one has decided oneself.

A project is made twice. In both the same people decide the same passages, and agree or disagree
alike, but they say other things. To a reviewer who is still to decide these passages, no page may
be another one.
"""

import importlib
import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.routing import APIRoute

from tests.cli.web.screen import Answer, Screen, opened_screen
from tests.cli.web.topics import TopicEncoder
from tests.stored import add, report_of, suggest
from whatworks.cli.web.app import ROUTES
from whatworks.cli.web.context import Person, Role
from whatworks.cli.web.loopback import OneUser
from whatworks.labels.decisions import Answer as Said
from whatworks.labels.decisions import DecisionDraft, verdict_for
from whatworks.labels.lots import Readers
from whatworks.labels.project import init_project, open_project
from whatworks.labels.store.assignments import RoundDraft, assign, create_round
from whatworks.labels.store.decisions import record
from whatworks.labels.store.suggestions import latest_suggestions

REPORT = report_of(
    "wells.pdf",
    *[f"Wells were dug in district {n}, and pumps were kept by the women." for n in range(8)],
    title="Wells",
)
IDS = [one.id for one in REPORT.passages]
SUGGESTED = Said(("success_factor",))

# What ana says in the first project and in the second; neither is what was suggested.
WORDS = (
    ("obstacle", "low-commitment-and-capacity", "Nobody repairs: a secret of the first project."),
    ("good_practice", "local-presence", "They repair it: a secret of the second one."),
)

SCENES = {
    # Confirmed by one; a second reading is assigned.
    "one reviewer, assigned": ("one-reviewer", True, False, "ana"),
    "one reviewer, assigned, blind": ("one-reviewer", True, True, "ana"),
    # Two have to agree, and one has decided.
    "two agree, nobody assigned": ("two-agree", False, False, "ana"),
    "two agree, assigned": ("two-agree", True, False, "ana"),
    # Two have decided alike, or each another thing; a third reading is assigned.
    "a third reading of what is agreed": ("two-agree", True, False, "ana ben"),
    "a third reading of what is disputed": ("two-adjudicated", True, False, "ana dai"),
}


def build(folder: Path, scene: str, first: bool) -> None:
    """A project in which others have decided four passages of eight."""
    policy, is_assigned, is_blind, people = SCENES[scene]
    init_project(folder, name="Wells", by="olga")
    settings = folder / "whatworks.toml"
    text = settings.read_text("utf-8").replace('"one-reviewer"\n', f'"{policy}"\n')
    settings.write_text(text.replace("adjudicators = []", 'adjudicators = ["ada"]'), "utf-8")
    with open_project(folder) as project:
        store = project.store
        assert project.settings.policy.name == policy
        add(store, REPORT)
        suggest(store, REPORT.passages[:6], success_factor=0.83)
        with store.reading() as connection:
            shown = latest_suggestions(connection, IDS)
        if is_assigned:
            drafted = RoundDraft("Second reading", tuple(IDS[:6]), "all", "all", blind=is_blind)
            number = create_round(store, drafted, "olga")
            assign(store, number, ["rosa"], Readers(1))
        for place in range(4):
            for who in people.split():
                label, theme, comment = WORDS[0 if first else 1]
                if who == "dai":
                    label, theme = "lesson", "partnerships-and-alliances"
                labels, themes = (label,), (theme,)
                record(
                    store,
                    DecisionDraft(
                        IDS[place],
                        who,
                        verdict_for(labels, themes, SUGGESTED),
                        labels,
                        themes,
                        comment=comment,
                        seconds=20,
                        suggestion_id=shown[IDS[place]].id,
                    ),
                )


def paths_of() -> Iterator[str]:
    """Every address that a reviewer can open, with everything that its parts can be."""
    values = {
        "given": IDS,
        "passage_id": IDS,
        "version_id": ["1"],
        "kind": ["finding_type", "theme"],
        "code_id:path": ["obstacle", "good_practice", "local-presence"],
        "name": ["reports", "rounds", "annotators", "labels", "themes", "agreement", "bias"],
        "code_id": ["obstacle", "local-presence"],
        "number": ["1"],
        "language": ["en"],
        "group_id": ["obstacles"],
    }
    routers = [
        importlib.import_module(f"whatworks.cli.web.routes.{name}").router for name in ROUTES
    ]
    routes = [one for router in routers for one in router.routes if isinstance(one, APIRoute)]
    assert len(routes) > 30
    for route in routes:
        if "GET" not in route.methods:
            continue
        names = re.findall(r"\{([^}]+)\}", route.path)
        unknown = set(names) - set(values)
        assert not unknown, f"{route.path}: say what {unknown} can be"
        found = [route.path]
        for name in names:
            found = [path.replace(f"{{{name}}}", value) for path in found for value in values[name]]
        yield from found


def views_of() -> Iterator[str]:
    """Ways to go through the passages that a label or a state could give away."""
    for state in ("open", "mine", "unsure", "stale", "disagreed", "confirmed", "all"):
        yield f"/review?state={state}"
        for label in ("obstacle", "good_practice", "success_factor"):
            yield f"/review?state={state}&label={label}"
        for theme in ("low-commitment-and-capacity", "local-presence"):
            yield f"/review?state={state}&theme={theme}"
    yield "/review?round=2"
    yield "/review?order=uncertain"
    for words in ("secret", "repair", "obstacle", "wells"):
        yield f"/search?q={words}&by=words"
        yield f"/search?q={words}&by=meaning"
    for place in IDS[:2]:
        for step in ("next", "previous", "skip"):
            yield f"/passage/{place}/{step}?round=2"


def plain(text: str) -> str:
    """The page without what is new in every page: tokens, keys, times, the project's own mark."""
    text = re.sub(r'data-site="[0-9a-f]*"|\?v=[0-9a-f]{12}\b', "", text)
    text = re.sub(r"\b[0-9a-f]{32,}\b", "KEY", text)
    return re.sub(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:[\d.]+)?( UTC|Z)?", "TIME", text)


def pages(folder: Path, role: Role = Role.REVIEWER) -> dict[str, str]:
    """All that Rosa can see, by address."""
    with open_project(folder) as project:
        gate = OneUser(Person("rosa", role))
        with opened_screen(project, gate=gate) as screen:
            found = {}
            for path in [*paths_of(), *views_of()]:
                answer = whole(screen, path)
                assert answer.status < 500, (path, answer.text)
                found[path] = f"{answer.status} {answer.path} {answer.query}\n{plain(answer.text)}"
            return found


def whole(screen: Screen, path: str) -> Answer:
    """A page, once nothing of it is still being worked out."""
    for _ in range(300):
        answer = screen.get(path)
        triggers = [str(one["hx-trigger"]) for one in answer.page.select("[hx-trigger]")]
        if not any(one.startswith(("every", "load")) for one in triggers):
            return answer
        time.sleep(0.05)
    pytest.fail(f"{path} is never worked out")


@pytest.mark.slow
@pytest.mark.parametrize("scene", SCENES)
def test_no_page_of_a_reviewer_tells_what_others_said(
    tmp_path: Path, scene: str, encoder: TopicEncoder
) -> None:
    build(tmp_path / "first", scene, first=True)
    build(tmp_path / "second", scene, first=False)

    first, second = pages(tmp_path / "first"), pages(tmp_path / "second")

    assert first.keys() == second.keys()
    assert len(first) > 60
    for path, page in first.items():
        assert page == second[path], f"{path} tells what others said"
        assert "secret" not in page.replace("q=secret", "").replace('value="secret"', "") or (
            path.startswith("/search?q=secret")
        )
        assert "ana" not in re.findall(r"\w+", page), f"{path} tells who decided"


@pytest.mark.slow
def test_the_comparison_can_fail(tmp_path: Path) -> None:
    """To an adjudicator who is asked nothing, the pages of a dispute are other ones."""
    for name in ("first", "second"):
        build(tmp_path / name, "a third reading of what is disputed", first=name == "first")
        with open_project(tmp_path / name) as project:
            gate = OneUser(Person("ada", Role.ADJUDICATOR))
            with opened_screen(project, gate=gate) as screen:
                path = f"/disagreements/{IDS[0]}"
                page = plain(screen.get(path).text)
                (tmp_path / f"{name}.html").write_text(page, "utf-8")

    assert (tmp_path / "first.html").read_text("utf-8") != (tmp_path / "second.html").read_text(
        "utf-8"
    )
