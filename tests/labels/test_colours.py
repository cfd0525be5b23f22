from hypothesis import given
from hypothesis import strategies as st

from whatworks.labels.codebook import COLOURS
from whatworks.labels.colours import MIN_CONTRAST, contrast_with_white, darkened, is_colour


def test_contrast_is_that_of_the_wcag() -> None:
    assert contrast_with_white("#ffffff") == 1
    assert round(contrast_with_white("#000000"), 6) == 21
    # The greys on either side of the limit, as WebAIM's contrast checker gives them.
    assert round(contrast_with_white("#767676"), 2) == 4.54
    assert round(contrast_with_white("#777777"), 2) == 4.48


def test_white_text_reads_well_on_every_colour_of_ours() -> None:
    assert all(contrast_with_white(colour) >= MIN_CONTRAST for colour in COLOURS)


@given(st.integers(0, 0xFFFFFF))
def test_a_darkened_colour_is_dark_enough_and_a_dark_one_stays(number: int) -> None:
    colour = f"#{number:06x}"
    shade = darkened(colour)
    assert is_colour(shade)
    assert contrast_with_white(shade) >= MIN_CONTRAST
    if contrast_with_white(colour) >= MIN_CONTRAST:
        assert shade == colour


def test_other_ways_to_write_a_colour_are_none() -> None:
    assert is_colour("#1B7f5c")
    for written in ("1b7f5c", "#fff", "red", "#1b7f5g", "#1b7f5c "):
        assert not is_colour(written)
