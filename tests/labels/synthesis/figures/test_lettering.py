import pytest

from whatworks.labels.synthesis.figures.lettering import text_width, wrapped


def test_no_line_is_wider_than_asked_for():
    text = "Weak design and monitoring of Donaudampfschifffahrtsgesellschaften, 日本語の長い文字列"
    for width in (40, 80, 200):
        lines = wrapped(text, width, 12)
        assert all(text_width(line, 12) <= width for line in lines)
        assert "".join("".join(lines).split()) == "".join(text.split())


def test_words_are_kept_whole_where_they_fit():
    assert wrapped("low commitment and capacity", 110, 12) == ("low commitment", "and capacity")


def test_what_is_left_out_of_the_last_line_shows():
    lines = wrapped("one two three four five six seven", 60, 12, most=2)
    assert len(lines) == 2
    assert lines[-1].endswith("…")
    assert text_width(lines[-1], 12) <= 60


@pytest.mark.parametrize("text", ["", "  "])
def test_nothing_has_no_line(text):
    assert wrapped(text, 50, 12) == ()


def test_an_accent_takes_no_room_and_wide_letters_do():
    assert text_width("e\u0301", 10) == text_width("e", 10)
    assert text_width("é", 10) == text_width("e", 10)
    assert text_width("語", 10) == 10
