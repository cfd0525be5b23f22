"""Views in the address bar."""

import pytest

from whatworks.cli.web.context import Person, Role
from whatworks.cli.web.presence import HOLDS_S, Presence
from whatworks.cli.web.views import query_of, read_view
from whatworks.labels.worklist import Order, Show, View
from whatworks.nlp.passages import PassageId

OWNER = Person("ana", Role.OWNER)
REVIEWER = Person("ben", Role.REVIEWER)


@pytest.mark.parametrize(
    ("view", "query"),
    [
        (View(), ""),
        (View(report_id=3, label="obstacle"), "?report=3&label=obstacle"),
        (View(round_id=2, theme="local-presence"), "?round=2&theme=local-presence"),
        (
            View(language="fr", show=Show.MINE, order=Order.UNCERTAIN),
            "?language=fr&state=mine&order=uncertain",
        ),
        (View(label="a&b=c#d"), "?label=a%26b%3Dc%23d"),
    ],
)
def test_an_address_gives_back_its_view(view: View, query: str) -> None:
    from urllib.parse import parse_qsl

    assert query_of(view) == query
    assert read_view(dict(parse_qsl(query.removeprefix("?"))), OWNER) == view


def test_part_of_a_view_can_be_changed() -> None:
    view = View(report_id=3, label="obstacle")
    assert query_of(view, report_id=None) == "?label=obstacle"
    assert query_of(view, label="") == "?report=3"


def test_disagreements_are_for_adjudicators() -> None:
    assert read_view({"state": "disagreed"}, REVIEWER).show is Show.OPEN
    assert read_view({"state": "disagreed"}, OWNER).show is Show.DISAGREED


def test_who_looks_away_holds_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    from whatworks.cli.web import presence

    now = 1000.0
    monkeypatch.setattr(presence.time, "monotonic", lambda: now)
    kept = Presence()
    one, two = PassageId("1" * 16), PassageId("2" * 16)
    kept.hold("ana", [one, two])
    assert kept.others("ben") == {one, two}
    assert kept.others("ana") == set()
    now += HOLDS_S / 2
    kept.hold("ana", [two])
    now += HOLDS_S / 2 + 1
    assert kept.others("ben") == {two}
