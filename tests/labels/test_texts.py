"""Numbers, shares and days as each language writes them."""

import pytest

from whatworks.labels.synthesis.languages import CATALOGUE, texts_in
from whatworks.labels.texts import NAMES


def test_the_synthesis_is_written_in_each_language() -> None:
    assert set(CATALOGUE.known()) == set(NAMES)
    assert texts_in("tlh").language == "en"


@pytest.mark.parametrize(
    ("language", "number", "share", "day"),
    [
        ("en", "3,106", "13.4%", "5 March 2026"),
        ("fr", "3\u202f106", "13,4\u00a0%", "5 mars 2026"),
        ("es", "3.106", "13,4\u00a0%", "5 de marzo de 2026"),
        ("pt", "3.106", "13,4%", "5 de março de 2026"),
    ],
)
def test_numbers_and_days_are_written_as_people_do(
    language: str, number: str, share: str, day: str
) -> None:
    texts = texts_in(language)
    assert texts.number(3106) == number
    assert texts.percent(0.134, 1) == share
    assert texts.date("2026-03-05T23:59:00.000000Z") == day


def test_counts_are_written_out_with_their_plural() -> None:
    texts = texts_in("fr")
    assert [texts.counted("%(num)s passage", "%(num)s passages", n) for n in (0, 1, 2000)] == [
        "0 passage",
        "1 passage",
        "2\u202f000 passages",
    ]
