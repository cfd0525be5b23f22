"""What counts as the number of a page."""

import pytest

from whatworks.nlp.readers.pdf_furniture import page_number


@pytest.mark.parametrize(
    ("text", "number"),
    [("12", 12), ("- 12 -", 12), ("xii", 12), ("XIV", 14), ("Page 3 of 40", 3), ("3/40", 3),
     ("página 7 de 30", 7), ("| 9 |", 9), ("p. 5", 5), ("[8]", 8), ("Page 3 sur 40", 3)],
)  # fmt: skip
def test_page_numbers_are_understood(text: str, number: int) -> None:
    assert page_number(text) == number


@pytest.mark.parametrize(
    "text", ["12 roads", "", "Table 3", "1.2", "did", "2018-2019", "vivid", "12%"]
)
def test_other_texts_are_no_page_numbers(text: str) -> None:
    assert page_number(text) is None
