"""The whole story, from the commands to the dashboard: three people, the shipped model, and no
mouse. Its pictures are numbered: looked at in a row they tell it.
"""

from typing import Any

import pytest

from tests.browser.conftest import People
from tests.browser.server import Server
from tests.browser.work import Work
from whatworks.labels.decisions import State, Verdict

pytestmark = [pytest.mark.browser, pytest.mark.slow]


class Story:
    """Counts its pictures."""

    def __init__(self) -> None:
        self._count = 0

    def shot(self, tab: Any, name: str) -> None:
        self._count += 1
        tab.shot(f"story-{self._count:02}-{name}")


def test_three_people_and_no_mouse(log_in: People, real: Server, work: Work) -> None:
    story = Story()
    ana = log_in(real, "Ana").goto("/review?label=obstacle").see("article.card")
    first = ana.passage
    story.shot(ana, "begins")

    # Ana confirms, corrects, undoes, rejects, comments.
    with ana.onward() as confirmed:
        ana.press("Enter")
    ana.all_sent()
    assert confirmed == first
    with ana.onward() as corrected:
        # A success factor and no obstacle, whatever was suggested.
        ana.press(*ana.keys_to_tick("success_factor"))
        ana.press("t").type("partic").see("[role=option]", "Participatory")
        story.shot(ana, "corrects")
        ana.press("Enter", "Enter")
    ana.all_sent().see("#last form[data-undo]")
    with ana.onward():
        ana.press("z")
    ana.all_sent()
    assert ana.passage == corrected
    with ana.onward():
        ana.press("r")
    with ana.onward() as commented:
        ana.press("k").type("The budget is meant, not the staff.")
        story.shot(ana, "comments")
        ana.press("Control+Enter")
    ana.all_sent()
    said = work.said()
    assert [(one.passage_id, one.verdict) for one in said] == [
        (confirmed, Verdict.CONFIRM),
        (corrected, Verdict.CORRECT),
        (corrected, Verdict.UNDO),
        (corrected, Verdict.REJECT),
        (commented, Verdict.CONFIRM),
    ]
    assert said[1].labels == ("success_factor",)
    assert "participatory-approach" in said[1].themes
    assert said[-1].comment == "The budget is meant, not the staff."
    ana.press("w").see("#why mark, .why mark", "")
    story.shot(ana, "why")

    # The connection goes and comes back.
    ana.goto("/review?label=obstacle").loaded_ahead()
    ana.window.set_offline(True)
    with ana.onward() as offline:
        ana.press("Enter")
    ana.see("#outbox[data-kind=wait]", "not yet saved")
    story.shot(ana, "offline")
    assert len(work.said()) == len(said)
    ana.window.set_offline(False)
    ana.all_sent().see("#outbox[data-kind=good]", "All saved")
    story.shot(ana, "back")
    assert [one.passage_id for one in work.said(offline)] == [offline]

    # Ben reads the same passages and knows nothing of Ana; on one they disagree.
    ben = log_in(real, "Ben")
    for passage in (confirmed, corrected):
        ben.goto(f"/passage/{passage}?label=obstacle").see("article.card")
        assert "Ana" not in ben.page.content()
        story.shot(ben, "second-reader")
        with ben.onward():
            ben.press("Enter")
    ben.all_sent()
    assert work.state(confirmed) is State.CONFIRMED
    assert work.state(corrected) is State.DISAGREED

    # Cleo settles it.
    cleo = log_in(real, "Cleo").go("g", "a").see("h1", "Disagreements")
    story.shot(cleo, "disagreements")
    cleo.follow(".disputes a").see(".said-by", "Annotator A")
    story.shot(cleo, "side-by-side")
    cleo.press("k").type("It says what hindered.").press("Escape")
    answers = [cleo.page.locator(".answer").nth(n).inner_text() for n in (0, 1)]
    cleo.go("1" if "Obstacle" in answers[0] else "2")
    ruling = work.said(corrected)[-1]
    assert (ruling.annotator, ruling.adjudicates) == ("Cleo", True)
    of_ben = next(one for one in work.said(corrected) if one.annotator == "Ben")
    assert "obstacle" in of_ben.labels
    assert ruling.labels == of_ben.labels
    assert work.state(corrected) is State.CONFIRMED
    story.shot(cleo, "settled")

    # Ana changes the codebook: a theme that somebody confirmed is retired.
    theme = work.said(confirmed)[0].themes[0]
    stale = [one for one in (confirmed, corrected) if theme in work.said(one)[-1].themes]
    ana.goto(f"/codebook/edit/code/theme/{theme}").reach("summary", "Retire it").press("Enter")
    ana.follow("button.danger", "Retire").follow("a", "See what it does").see(".effect")
    story.shot(ana, "codebook-change")
    assert f"{len(stale)} confirmed passage" in ana.text(".effect")
    ana.follow("button", "Apply as version 2").see("[role=status]", "Version 2 holds now")
    assert {work.state(one) for one in stale} == {State.STALE}
    ana.follow("a", "Look at").see("form.deciding", "The codebook changed since you decided this")
    story.shot(ana, "stale")

    # Search, by words and by meaning, and where it all stands.
    ana.goto("/search").type("late payments").go("Enter").see("#found")
    ana.reach("input[value=words]").press("ArrowRight")
    ana.reach("button", "Search", backwards=True)
    with ana.page.expect_navigation():
        ana.press("Enter")
    ana.wait(
        "async () => !(await (await fetch(location.href)).text()).includes('still being')",
    )
    ana.page.reload()
    ana.see(".hits > li")
    story.shot(ana, "search")
    ana.goto("/dashboard").see("svg.chart")
    story.shot(ana, "dashboard")
    assert f"{work.count(State.CONFIRMED)} of {len(work.passages)} passages" in ana.text()
