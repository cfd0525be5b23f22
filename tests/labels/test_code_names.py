import pytest

from whatworks.labels.code_names import find_finding_type, find_theme, shown_codes
from whatworks.labels.codebook import load_codebook
from whatworks.nlp.errors import WhatworksError

BOOK = load_codebook()


@pytest.mark.parametrize(
    "given", ["capacity-building", "Capacity building", "CAPACITY  BUILDING", "capacity_building"]
)
def test_a_theme_is_found_by_its_id_and_by_its_name(given):
    assert find_theme(BOOK, given) == "capacity-building"


def test_every_code_is_found_by_each_of_its_names():
    for one in BOOK.themes:
        assert find_theme(BOOK, one.id) == one.id
        assert all(find_theme(BOOK, name) == one.id for name in one.names.values())
    for one in BOOK.finding_types:
        assert all(find_finding_type(BOOK, name) == one.id for name in one.names.values())


def test_of_an_unknown_code_the_nearest_is_named():
    with pytest.raises(WhatworksError, match="Unknown theme 'gendr-mainstreaming'. Nearest: 'gen"):
        find_theme(BOOK, "gendr-mainstreaming")
    with pytest.raises(WhatworksError, match="Unknown finding type 'obstacel'. Nearest: 'obst"):
        find_finding_type(BOOK, "obstacel")


def test_of_a_part_of_a_name_the_codes_that_have_it_are_named():
    with pytest.raises(WhatworksError) as told:
        find_theme(BOOK, "Gender")
    assert "part of: 'gender-mainstreaming', 'gender-neglect'." in str(told.value)


def test_codes_are_shown_by_name_and_unknown_ones_as_they_are():
    assert shown_codes(BOOK, ["obstacle", "lesson"], ["capacity-building", "old"]) == (
        "Obstacle, Lesson; Capacity building, old"
    )
    assert shown_codes(BOOK, [], []) == "no finding"
