"""Texts in pieces."""

from hypothesis import given
from hypothesis import strategies as st

from tests.strategies import paragraphs
from whatworks.cli.web.snippets import Piece, snippet, weighed
from whatworks.models.why import Weight
from whatworks.nlp.words import found_spans, read_query

LONG = "Before it all began. " * 20 + "Here are the wells. " + "And after that it went on. " * 20


def shown(pieces: tuple[Piece, ...]) -> str:
    return "".join(f"[{one.text}]" if one.strength else one.text for one in pieces)


def test_a_short_text_is_shown_whole_with_its_marks() -> None:
    assert shown(snippet("Wells run dry.", [(0, 5), (10, 13)])) == "[Wells] run [dry]."
    assert shown(snippet("Wells.", [])) == "Wells."


def test_of_a_long_text_the_part_with_the_first_mark_is_shown() -> None:
    at = LONG.index("wells")
    found = snippet(LONG, [(at, at + 5)], most=120)
    text = shown(found)
    assert text.startswith("… ")
    assert text.endswith(" …")
    assert "are the [wells]. And" in text
    assert len(text) < 140
    assert all(
        word in LONG.split() for word in text.strip("… ").replace("[", "").replace("]", "").split()
    )


def test_of_a_long_text_without_marks_the_beginning_is_shown() -> None:
    text = shown(snippet(LONG, [], most=120))
    assert text.startswith("Before it all")
    assert text.endswith(" …")


@given(paragraphs(), st.integers(20, 400))
def test_marks_are_never_cut_and_no_text_is_made_up(text: str, most: int) -> None:
    spans = found_spans(read_query("funds staff é"), text)
    found = snippet(text, spans, most)
    inner = [one for one in found if "…" not in one.text or one.text in text]
    assert "".join(one.text for one in inner) in text
    marked = [one.text for one in found if one.strength]
    words = [text[a:b] for a, b in spans]
    start = words.index(marked[0]) if marked else 0
    assert marked == words[start : start + len(marked)]
    assert bool(marked) == bool(words)


def test_words_are_marked_by_their_strength() -> None:
    text = "Funds came late again"
    weights = [Weight(0, 5, 0.5), Weight(6, 10, 0.1), Weight(11, 15, 2.0), Weight(16, 21, -1.0)]
    assert weighed(text, weights) == (
        Piece("Funds", 2),
        Piece(" came "),
        Piece("late", 3),
        Piece(" again"),
    )
