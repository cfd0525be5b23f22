import pytest

from whatworks.labels.exchange.words import date_in_words, in_words, language_name, percent


@pytest.mark.parametrize(
    ("probability", "shown", "words"),
    [
        (0.0, "0%", "very unlikely"),
        (0.004, "<1%", "very unlikely"),
        (0.499, "50%", "more likely than not"),
        (0.896, "90%", "very likely"),
        (0.999, "99%", "very likely"),
        (1.0, "100%", "very likely"),
    ],
)
def test_number_and_words_agree(probability, shown, words):
    assert (percent(probability), in_words(probability)) == (shown, words)


def test_a_time_is_written_out_and_any_other_text_kept():
    assert date_in_words("2026-11-23T09:05:00+00:00") == "23 November 2026, 09:05 UTC"
    assert date_in_words("yesterday") == "yesterday"


def test_languages_are_named():
    assert [language_name(c) for c in ("pt", "und", "de")] == ["Portuguese", "unknown", "de"]
