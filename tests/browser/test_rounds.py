"""Two people read in rounds, from the audit sample to the word that they may stop. No mouse."""

from typing import Any

import pytest

from tests.browser.conftest import People
from tests.browser.server import Server
from tests.browser.work import Work
from whatworks.labels.decisions import DecisionDraft, State, verdict_for
from whatworks.labels.settings import read_settings
from whatworks.labels.store.assignments import rounds
from whatworks.labels.store.audit_sample import audit_sample
from whatworks.labels.store.decisions import record_all
from whatworks.labels.store.kept_apart import kept_apart
from whatworks.labels.store.selections import selections_in

pytestmark = [pytest.mark.browser, pytest.mark.slow]

AUDIT, SIZE = 16, 5


def fill(tab: Any, section: str, **fields: object) -> None:
    """Types into the fields of a form in the order in which Tab comes to them."""
    for name, value in fields.items():
        tab.reach(f"{section} [name={name}]")
        if tab.page.evaluate("document.activeElement.tagName") == "SELECT":
            tab.type(str(value))
        else:
            tab.press("Control+a").type(str(value))


def for_both(tab: Any, section: str) -> None:
    """Ticks both people, and has each passage read by two."""
    for name in ("Ana", "Ben"):
        tab.reach(f"{section} input[name=people][value={name}]").press("Space")
    fill(tab, section, each=2)


def read(tab: Any, work: Work, count: int) -> None:
    """Decides what waits in the round, as the suggestion had it, seen or not."""
    tab.goto("/").see("article.card")
    for _ in range(count):
        passage = tab.passage
        labels = work.suggestion(passage).labels
        hidden = tab.count("article.card[data-hidden]") > 0
        with tab.onward():
            if hidden:
                tab.press(*(tab.keys_to_tick(labels[0]) if labels else ()), *_save(labels))
                tab.see("[data-reveal]").press("Enter")
            else:
                tab.press("Enter" if labels else "r")
    tab.all_sent()


def _save(labels: tuple[str, ...]) -> tuple[str, ...]:
    return ("Enter",) if labels else ("r",)


def close(tab: Any, name: str, number: int) -> str:
    """Closes a round on the page of assignments; what the page says then."""
    tab.go("g", "p").see("h1", "Assignments")
    tab.reach(f"#round-{number} summary", "Close it").press("Enter")
    tab.follow(f"#round-{number} button", "Close the round")
    tab.see("[role=status]", "The round is closed.")
    assert name in tab.text(f"#round-{number} h2")
    return str(tab.text("p.done"))


def dashboard(tab: Any) -> Any:
    """The dashboard with everything counted that came in."""
    tab.goto("/dashboard").see("#stopping")
    while "Something came in since" in tab.text(".page"):
        tab.page.reload()
        tab.see("#stopping")
    return tab


def test_two_people_read_in_three_rounds_until_they_may_stop(
    log_in: People, team: Server, work: Work
) -> None:
    ana, ben = log_in(team, "Ana"), log_in(team, "Ben")

    # The audit sample comes first, blind.
    ana.go("g", "d").see("#stopping", "Next: draw the audit sample, before the first round.")
    ana.go("g", "p").see("h1", "Assignments")
    form = "section[aria-labelledby=audit-sample]"
    fill(ana, form, count=AUDIT)
    for_both(ana, form)
    ana.follow(f"{form} button", "Draw the passages").see("[role=status]", "The round is made.")
    for tab in (ana, ben):
        read(tab, work, AUDIT)
    with work.store.reading() as connection:
        sample = audit_sample(connection)
    assert sample is not None
    assert len(sample.passages) == AUDIT
    assert {work.state(one) for one in sample.passages} <= {State.CONFIRMED, State.DISAGREED}
    assert all(one.blind for one in work.said())
    close(ana, "Audit sample", 2)

    # Three rounds: two by the strategy, one by lot.
    chosen: set[str] = set()
    for number, strategy in enumerate(("default", "default", "random"), 1):
        form = "section[aria-labelledby=new-round]"
        fill(ana, form, name=f"Round {number}", count=SIZE, strategy=strategy)
        for_both(ana, form)
        ana.follow(f"{form} button", "Make the round").see("[role=status]", "The round is made.")
        if number == 1:
            ana.shot("rounds-assigned")
        for tab in (ana, ben):
            read(tab, work, SIZE)
        said = close(ana, f"Round {number}", number + 2)
        assert f"The model has learned from {number * SIZE} confirmed passages" in said
        with work.store.reading() as connection:
            newest = selections_in(connection, number + 2)
            apart = kept_apart(connection)
        ids = {one.passage_id for one in newest}
        assert all(one.reason for one in newest)
        assert ids.isdisjoint(chosen | apart)
        chosen |= ids
    assert read_settings(team.folder / "whatworks.toml").model == "models/heads-3"
    assert work.suggestion(next(iter(chosen))).model.startswith("heads 3")

    # What the dashboard says of it.
    dashboard(ana).see("#stopping", "Success factor: ")
    assert "may stop" not in ana.text("#stopping")
    ana.see("#learning svg.chart").shot("rounds-dashboard")
    assert ana.count("#learning circle.dot") == 4
    ben.goto("/dashboard").see("h1", "Dashboard")
    assert ben.count("#stopping") == 0

    # They read all the rest: then, and only then, they may stop.
    left = [one for one in work.passages if work.state(one.id) is not State.CONFIRMED]
    record_all(
        work.store, [_as_suggested(work, one.id, who) for one in left for who in ("Ana", "Ben")]
    )
    dashboard(ana).see("#stopping", "You may stop")
    ana.shot("rounds-stop")
    with work.store.reading() as connection:
        assert all(one.is_closed for one in rounds(connection))


def _as_suggested(work: Work, passage: str, who: str) -> DecisionDraft:
    answer = work.suggestion(passage).answer
    verdict = verdict_for(answer.labels, answer.themes, None)
    return DecisionDraft(passage, who, verdict, answer.labels, answer.themes)
