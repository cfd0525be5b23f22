"""The screen of a review: what is on it, and that it fits."""

import io
import re
from dataclasses import replace
from typing import Any

import pytest
from rich.cells import cell_len
from rich.console import Console

from tests.cards import NOTHING, card_of, passage_of, said_by, suggestion_of
from whatworks.cli.review_keys import split_keys
from whatworks.cli.review_parts import clean, number
from whatworks.cli.review_screen import Drawn, draw, listed_at_a_time, too_small
from whatworks.cli.review_view import Pane, View, end_of_queue, press, view_of
from whatworks.labels.cards import Card
from whatworks.labels.decisions import Verdict

LONG = " ".join(f"word{n}" for n in range(400))
SIZES = [(80, 24), (132, 50), (40, 16), (60, 18), (80, 12), (300, 100), (50, 30), (41, 23)]


def view(card: Card | None = None, keys: str = "", size=(80, 24), **more: Any) -> View:
    found = view_of(card or card_of(), listed=listed_at_a_time(size[1]), **more)
    for key in split_keys(keys, whole=True)[0]:
        found, _ = press(found, key)
    return found


def drawn(shown: View, size: tuple[int, int] = (80, 24), bar: str = "▌") -> Drawn:
    found = draw(shown, *size, bar=bar)
    assert found is not None
    return found


def text(shown: View, size: tuple[int, int] = (80, 24)) -> str:
    """What is read, however it is wrapped."""
    lines = (one.plain.replace("▌", "") for one in drawn(shown, size).lines)
    return " ".join(" ".join(lines).split())


VIEWS = {
    "plain": view(),
    "nothing suggested": view(card_of(suggestion=NOTHING)),
    "no suggestion": view(card_of(suggestion=None)),
    "in doubt": view(card_of(suggestion=suggestion_of(candidates=("obstacle", "lesson")))),
    "hidden": view(card_of(suggestion=None, is_hidden=True)),
    "long": view(card_of(LONG)),
    "one long word": view(card_of("w" * 3000)),
    "wide letters": view(card_of("資料" * 300, title="評価" * 80)),
    "long around": view(card_of(before=(passage_of(LONG, 1),), after=(passage_of(LONG, 3),))),
    "alone": view(card_of(before=(), after=())),
    "no page, no heading": view(card_of(passage=passage_of("Text.", page=None, heading=()))),
    "long heading": view(card_of(passage=passage_of("Text.", heading=("A", "B" * 90, LONG)))),
    "lead-in": view(card_of(passage=passage_of("Unions.", lead_in="Partners took part:"))),
    "message": replace(view(), message=LONG),
    "comment": replace(view(), comment=LONG),
    "own": view(card_of(own=said_by("ana", ("lesson",), comment=LONG))),
    "stale": view(card_of(own=said_by("ana", ("lesson",), is_stale=True))),
    "settling": view(
        card_of(others=(said_by("ana", ("lesson",), comment=LONG), said_by("ben"))),
        adjudicates=True,
    ),
    "all themes": replace(view(), themes=card_of().codebook.theme_ids),
    "themes": view(keys="t"),
    "no themes": view(keys="txyzxyz"),
    "writing": view(keys="kNo money"),
    "writing much": replace(view(keys="k"), typed=LONG),
    "help": view(keys="?"),
    "asking": replace(view(), pane=Pane.ASK, message="Take it back?"),
    "end": end_of_queue(0, "Saved: Obstacle."),
    "end with skipped": end_of_queue(1200),
    "asking at the end": replace(end_of_queue(0, "Take it back?"), pane=Pane.ASK),
}


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", VIEWS)
def test_every_screen_fills_its_window_and_no_more(name: str, size: tuple[int, int]) -> None:
    width, height = size
    shown = replace(VIEWS[name], listed=listed_at_a_time(height))
    found = draw(shown, width, height)
    if found is None:
        # Better nothing than a passage of which too little is seen.
        assert height < 24
        assert name in ("settling", "all themes", "message", "own", "stale", "comment", "themes",
                        "no themes")  # fmt: skip
        return
    assert len(found.lines) == height
    for one in found.lines:
        assert cell_len(one.plain) <= width
        assert "\n" not in one.plain


@pytest.mark.parametrize("size", [(39, 50), (80, 7), (10, 3), (1, 1)])
def test_a_window_that_is_too_small_says_so(size: tuple[int, int]) -> None:
    assert draw(view(), *size) is None
    lines = too_small(*size)
    assert len(lines) == size[1]
    assert all(cell_len(one.plain) <= size[0] for one in lines)


def test_a_usual_window_shows_where_one_is_what_is_suggested_and_the_keys() -> None:
    shown = text(view())
    for part in (
        "Final evaluation of the rural employment project",
        "41 left",
        "Page 12, passage 2 of 212, English",
        "Findings > Effectiveness",
        "The project trained forty officers.",
        "Funds for the second phase came nine months late because nobody had signed",
        "Maintenance held where money was set aside.",
        "Suggested: Obstacle, likely 0.82; Inefficient management, possible 0.41",
        "2 [x] Obstacle likely 0.82",
        "1 [ ] Success factor very unlikely 0.03",
        "Themes: [x] Inefficient management possible 0.41",
        "Enter save",
        "q quit",
    ):
        assert part in shown


def test_the_passage_is_marked_by_a_sign_not_by_colour_alone() -> None:
    lines = [one.plain for one in drawn(view()).lines]
    marked = [line for line in lines if line.startswith("▌ ")]
    assert " ".join(line[2:] for line in marked) == card_of().passage.text
    for neighbour in ("The project trained", "Maintenance held"):
        assert any(line.startswith(f"  {neighbour}") for line in lines)
    plain = [one.plain for one in drawn(view(), bar="|").lines]
    assert sum(line.startswith("| ") for line in plain) == len(marked)


def test_what_is_chosen_is_told_by_a_sign_not_by_colour_alone() -> None:
    assert "3 [ ] Lesson" in text(view())
    assert "3 [x] Lesson" in text(view(keys="3"))


def test_without_colours_nothing_is_coloured() -> None:
    file = io.StringIO()
    console = Console(file=file, force_terminal=True, no_color=True, color_system="truecolor")
    for one in drawn(view()).lines:
        console.print(one)
    assert re.findall(r"\x1b\[[0-9;]*(?:[34]8;|3[0-7]|4[0-7])[0-9;]*m", file.getvalue()) == []


def in_doubt(*candidates: str, **more: Any) -> str:
    return text(view(card_of(suggestion=suggestion_of(candidates=candidates), **more)))


def test_what_cannot_be_ruled_out_is_said_in_words() -> None:
    assert "Nine times in ten: Obstacle or Lesson 1 [ ]" in in_doubt("obstacle", "lesson")
    assert "Nine times in ten: no finding or Obstacle" in in_doubt("none", "obstacle")
    three = in_doubt("lesson", "obstacle", "none")
    assert "Nine times in ten: Lesson, Obstacle or no finding" in three


def test_where_nothing_is_in_doubt_or_known_nothing_more_is_said() -> None:
    for candidates in ((), ("none",), ("obstacle",)):
        assert "Nine times" not in in_doubt(*candidates)
    types = card_of().codebook.finding_types
    new = replace(types[0], id="surprise")
    book = replace(card_of().codebook, finding_types=(*types, new))
    assert "Nine times" not in in_doubt("obstacle", "lesson", codebook=book)


def test_a_low_window_keeps_its_lines_for_the_passage() -> None:
    low = text(VIEWS["in doubt"], (80, 12))
    assert "Suggested: Obstacle" in low
    assert "Nine times" not in low


def test_a_hidden_suggestion_leaves_no_trace() -> None:
    hidden = card_of(suggestion=None, is_hidden=True)
    for keys in ("", "t"):
        shown = text(view(hidden, keys), (80, 40))
        for trace in ("likely", "0.8", "possible", "[x]", "Suggested", "Nine times"):
            assert trace not in shown
    assert "hidden until you have decided" in text(view(hidden))


def test_a_long_passage_is_seen_whole_by_scrolling() -> None:
    shown = view(card_of(LONG))
    first = drawn(shown)
    assert "more lines: Down" in text(shown)
    assert first.most > 0
    seen = set()
    for scroll in range(first.most + 1):
        seen |= set(text(replace(shown, scroll=scroll)).split())
    assert set(LONG.split()) <= seen
    assert "Up goes back" in text(replace(shown, scroll=10_000))


def test_much_before_and_after_is_cut_where_it_is_farthest() -> None:
    before = passage_of(" ".join(f"b{n}" for n in range(900)), 1)
    after = passage_of(" ".join(f"a{n}" for n in range(900)), 3)
    shown = text(view(card_of(before=(before,), after=(after,))))
    assert "b899 Funds" in shown
    assert "agreement. a0" in shown
    assert "b0 " not in shown
    assert " a899" not in shown


def test_an_own_decision_is_told_with_its_day() -> None:
    shown = text(view(card_of(own=said_by("ana", ("lesson",), comment="Only in part."))))
    assert 'You decided on 23 November 2026, 12:31 UTC: Lesson. "Only in part."' in shown
    unsure = said_by("ana", verdict=Verdict.UNSURE)
    assert "UTC: unsure" in text(view(card_of(own=unsure)))
    stale = said_by("ana", ("lesson",), is_stale=True)
    assert "the codebook has changed since" in text(view(card_of(own=stale)))


def test_who_settles_sees_every_answer_with_its_comment() -> None:
    others = (
        said_by("ana", ("obstacle",), ("local-presence",), comment="No money."),
        said_by("ben", is_stale=True),
        said_by("cleo", verdict=Verdict.UNSURE),
    )
    shown = text(view(card_of(others=others), adjudicates=True))
    assert 'ana: Obstacle; Local presence. "No money."' in shown
    assert "ben: no finding (out of date)" in shown
    assert "cleo: unsure" in shown
    assert "a take an answer over" in shown


def test_the_list_of_themes_shows_what_the_marked_one_means() -> None:
    shown = text(view(keys="tloc pres"))
    assert "Theme: loc pres_ (1 theme)" in shown
    assert "> 1 [ ] Local presence" in shown
    assert "Chosen: Inefficient management" in shown
    definition = card_of().codebook.theme("local-presence").definition
    assert definition[:40] in shown


EVIL = "\x1b[2J\x1b]0;title\x07\x9b31m[bold red]x[/]\x00\u202erevo\u2066\r\n\tend"


def test_orders_to_the_terminal_inside_texts_are_not_sent() -> None:
    codebook = card_of().codebook
    types = tuple(replace(one, names={"en": EVIL}) for one in codebook.finding_types)
    themes = tuple(replace(one, names={"en": EVIL}, definition=EVIL) for one in codebook.themes)
    card = card_of(
        EVIL,
        passage=passage_of(EVIL, heading=(EVIL,), lead_in=EVIL),
        title=EVIL,
        before=(passage_of(EVIL, 1),),
        after=(passage_of(EVIL, 3),),
        codebook=replace(codebook, finding_types=types, themes=themes),
        own=said_by("ana", ("lesson",), comment=EVIL),
        others=(said_by(EVIL, ("lesson",), comment=EVIL),),
    )
    for keys in ("", "t", "?", "kx"):
        shown = view(card, keys, adjudicates=True)
        shown = replace(shown, message=EVIL, comment=EVIL)
        for one in drawn(shown, (80, 60)).lines:
            assert one.plain.isprintable(), repr(one.plain)
    # What looks like Rich's own markup is text.
    assert "[bold red]x[/]" in text(view(card), (80, 60))


def test_texts_are_put_on_one_line() -> None:
    assert clean(" a\n\tb\u2028c  d ") == "a b c d"


def test_numbers_are_never_certain() -> None:
    assert [number(one) for one in (0.0, 0.004, 0.5, 0.825, 0.9999, 1.0)] == [
        "0.01", "0.01", "0.50", "0.82", "0.99", "0.99",
    ]  # fmt: skip


def test_a_finding_type_with_a_long_name_does_not_break_the_columns() -> None:
    codebook = card_of().codebook
    types = tuple(replace(one, names={"en": "N" * 70}) for one in codebook.finding_types)
    card = card_of(codebook=replace(codebook, finding_types=types), suggestion=suggestion_of())
    assert all(cell_len(one.plain) <= 80 for one in drawn(view(card)).lines)
