"""What keys do to the screen of a review."""

from typing import Any

import pytest

from tests.cards import NOTHING, card_of, said_by, suggestion_of
from whatworks.cli.review_keys import Key, split_keys
from whatworks.cli.review_view import Act, Pane, View, end_of_queue, press, view_of
from whatworks.labels.cards import Card
from whatworks.labels.decisions import Answer, Verdict


def pressed(view: View, keys: str) -> tuple[View, Act | None]:
    """After these keys; nothing but the last one asks for anything."""
    act = None
    for key in split_keys(keys, whole=True)[0]:
        assert act is None, f"{act} came before the last key"
        view, act = press(view, key)
    return view, act


def on(keys: str, card: Card | None = None, **more: Any) -> tuple[View, Act | None]:
    return pressed(view_of(card or card_of(), **more), keys)


OBSTACLE = Answer(("obstacle",), ("inefficient-management",))


@pytest.mark.parametrize("key", ["\r", "c"])
def test_one_key_confirms_what_is_suggested(key: str) -> None:
    view, act = on(key)
    assert act is Act.SAVE
    assert view.answer == OBSTACLE


def test_finding_types_are_switched_on_and_off() -> None:
    view, act = on("123\r")
    assert act is Act.SAVE
    assert view.labels == {"success_factor", "lesson"}
    assert on("22")[0].answer == OBSTACLE


def test_a_number_without_a_finding_type_does_nothing() -> None:
    for key in "05679²٩":
        view, act = on(key)
        assert (view.answer, act) == (OBSTACLE, None)


@pytest.mark.parametrize(
    ("key", "act"),
    [
        ("r", Act.REJECT),
        ("u", Act.UNSURE),
        ("s", Act.SKIP),
        ("b", Act.BACK),
        ("\x1b[D", Act.BACK),
        ("f", Act.FORWARD),
        ("z", Act.UNDO),
        ("\x1a", Act.UNDO),
        ("q", Act.QUIT),
    ],
)
def test_single_keys_act(key: str, act: Act) -> None:
    assert on(key)[1] is act


@pytest.mark.parametrize("key", ["x", "C", "R", "[", "\x05", "\x1b[24~", "a"])
def test_other_keys_only_say_so(key: str) -> None:
    view, act = on(key)
    assert act is None
    assert view.answer == OBSTACLE
    assert "? shows the keys" in view.message


def test_pasted_text_decides_nothing() -> None:
    view, act = on("\x1b[200~ccc\nrrr\x1b[201~")
    assert act is None
    assert "Pasted" in view.message


@pytest.mark.parametrize("hidden", [True, False])
def test_where_nothing_is_proposed_enter_asks_for_a_word(hidden: bool) -> None:
    card = card_of(suggestion=None, is_hidden=hidden)
    view, act = on("\r", card)
    assert act is None
    assert "Nothing is chosen" in view.message
    assert on("2\r", card)[1] is Act.SAVE


def test_that_no_finding_is_suggested_can_be_confirmed() -> None:
    view, act = on("\r", card_of(suggestion=NOTHING))
    assert act is Act.SAVE
    assert view.answer == Answer()


def test_taking_all_marks_away_is_not_yet_an_answer() -> None:
    card = card_of(suggestion=suggestion_of(themes=()))
    view, act = on("2\r", card)
    assert act is None
    assert "r says that there is none" in view.message


def test_a_theme_needs_a_finding_type() -> None:
    view, act = on("2\r")
    assert act is None
    assert "A theme needs a finding type" in view.message


def test_a_theme_is_found_by_a_few_letters() -> None:
    view, act = on("tloc pres\r\r\r")
    assert act is Act.SAVE
    assert view.themes == ("inefficient-management", "local-presence")


@pytest.mark.parametrize("typed", ["présence loc", "PRESENC", "5.1.5", "local-presence"])
def test_a_theme_is_found_in_other_languages_by_id_and_without_accents(typed: str) -> None:
    view = view_of(card_of(suggestion=None))
    view, _ = press(view, Key("t", "t"))
    for sign in typed:
        # Digits pick from the list, so a section is found by pasting only.
        key = Key("paste", sign) if sign.isdecimal() else Key(sign, sign)
        view, _ = press(view, key)
    assert view.matches[0].id == "local-presence"


def test_the_likeliest_themes_come_first_and_numbers_pick() -> None:
    view, _ = on("t")
    assert [theme.id for theme in view.page[:2]] == ["inefficient-management", "local-presence"]
    view, _ = pressed(view, "2")
    assert view.themes == ("inefficient-management", "local-presence")
    view, _ = pressed(view, "1")
    assert view.themes == ("local-presence",)
    assert view.pane is Pane.THEMES


def test_a_hidden_suggestion_does_not_order_the_themes() -> None:
    view, _ = on("t", card_of(suggestion=None, is_hidden=True))
    ids = [theme.id for theme in view.matches]
    assert ids == list(card_of().codebook.theme_ids)


def test_the_list_of_themes_is_gone_through_page_by_page() -> None:
    view, _ = on("t" + "\x1b[B" * 9)
    assert len(view.matches) == 23
    assert view.page[0] == view.matches[9]
    assert pressed(view, "1")[0].themes[-1] == view.matches[9].id
    assert pressed(view, "\r")[0].themes[-1] == view.matches[9].id
    view, _ = pressed(view, "\x1b[B" * 50)
    assert view.page == view.matches[18:]
    assert pressed(view, "9")[0].themes == view.themes
    assert pressed(view, "\x1b[A" * 90)[0].place == 0


def test_letters_that_no_theme_has_list_nothing_and_do_no_harm() -> None:
    view, _ = on("txyzxyz\r")
    assert view.page == ()
    assert view.themes == ("inefficient-management",)
    assert view.pane is Pane.THEMES
    view, _ = pressed(view, "\x15\r")
    assert view.pane is Pane.PASSAGE


def test_escape_leaves_the_list_with_what_was_picked() -> None:
    view, _ = on("t2\x1b")
    assert view.pane is Pane.PASSAGE
    assert view.themes == ("inefficient-management", "local-presence")


def test_a_comment_is_written_and_kept_for_the_decision() -> None:
    view, act = on("kNo maney\x7f\x7f\x7f\x7foney.\r")
    assert (view.comment, view.pane, act) == ("No money.", Pane.PASSAGE, None)
    view, act = pressed(view, "k by whom?\x1b")
    assert view.comment == "No money.", "Escape leaves it as it was"
    view, act = pressed(view, "k\x15\r")
    assert view.comment == ""


def test_a_comment_takes_pasted_text_on_one_line() -> None:
    view, _ = on("k\x1b[200~two\nlines\x1b[201~\r")
    assert view.comment == "two lines"


def test_keys_that_decide_are_letters_in_a_comment() -> None:
    view, act = on("kcrusqbz19?")
    assert (view.typed, act) == ("crusqbz19?", None)


def test_help_comes_and_goes() -> None:
    view, act = on("?")
    assert view.pane is Pane.HELP
    view, act = pressed(view, "\x1b[B")
    assert (view.pane, view.scroll) == (Pane.HELP, 1)
    view, act = pressed(view, "r")
    assert (view.pane, act) == (Pane.PASSAGE, None)


def test_ones_own_answer_comes_up_and_is_not_saved_twice() -> None:
    own = said_by("ana", ("lesson",), ("local-presence",))
    view, act = on("\r", card_of(own=own))
    assert view.answer == own.answer
    assert act is Act.FORWARD
    assert on("1\r", card_of(own=own))[1] is Act.SAVE
    assert on("kMore.\r\r", card_of(own=own))[1] is Act.SAVE


def test_ones_own_no_finding_comes_up_too() -> None:
    view, act = on("\r", card_of(own=said_by("ana")))
    assert view.answer == Answer()
    assert act is Act.FORWARD


def test_after_unsure_the_suggestion_comes_up() -> None:
    own = said_by("ana", verdict=Verdict.UNSURE)
    view, act = on("\r", card_of(own=own))
    assert (view.answer, act) == (OBSTACLE, Act.SAVE)


def test_a_stale_answer_is_proposed_and_saved_anew() -> None:
    own = said_by("ana", ("lesson",), is_stale=True)
    view, act = on("\r", card_of(own=own))
    assert (view.answer, act) == (Answer(("lesson",)), Act.SAVE)


def test_a_stale_answer_of_which_nothing_is_left_says_not_no_finding() -> None:
    own = said_by("ana", is_stale=True, verdict=Verdict.CORRECT)
    assert on("\r", card_of(own=own))[0].answer == OBSTACLE
    assert on("\r", card_of(own=own, suggestion=None))[1] is None


def test_who_settles_begins_with_nothing_and_takes_over_what_fits() -> None:
    others = (said_by("ana", ("lesson",), ("local-presence",)), said_by("ben", ("obstacle",)))
    card = card_of(others=others)
    view, act = on("\r", card, adjudicates=True)
    assert (view.answer, act) == (Answer(), None)
    view, act = on("a", card, adjudicates=True)
    assert view.answer == others[0].answer
    assert "As ana decided" in view.message
    assert pressed(view, "a")[0].answer == others[1].answer
    assert pressed(view, "aa")[0].answer == others[0].answer
    assert pressed(view, "a\r")[1] is Act.SAVE
    assert on("u", card, adjudicates=True)[1] is None


def test_ones_own_vote_is_no_settlement() -> None:
    own = said_by("dan", ("lesson",))
    assert on("3\r", card_of(own=own), adjudicates=True)[1] is Act.SAVE


def test_an_undo_of_an_earlier_day_asks_first() -> None:
    view = view_of(card_of())
    asking = View(**{**_fields(view), "pane": Pane.ASK})
    assert press(asking, Key("y", "y"))[1] is Act.UNDO_SURELY
    kept, act = press(asking, Key("\r"))
    assert (kept.pane, act) == (Pane.PASSAGE, None)


def test_at_the_end_there_are_few_keys() -> None:
    assert pressed(end_of_queue(0), "\r")[1] is Act.QUIT
    assert pressed(end_of_queue(3), "\r")[1] is Act.AGAIN
    assert pressed(end_of_queue(3), "b")[1] is Act.BACK
    assert pressed(end_of_queue(0), "z")[1] is Act.UNDO
    for key in ("c", "r", "1", "t", "x"):
        assert pressed(end_of_queue(3), key)[1] is None


def test_scrolling_stops_at_the_top() -> None:
    assert on("\x1b[B\x1b[B\x1b[A")[0].scroll == 1
    assert on("\x1b[A\x1b[5~")[0].scroll == 0


def _fields(view: View) -> dict[str, Any]:
    return {name: getattr(view, name) for name in View.__slots__}
