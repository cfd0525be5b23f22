"""Colours that can be read, on light and dark screens."""

import re

import pytest

from whatworks.cli.web.colours import DARK_PAPER, contrast, darkened, lightened, mixed, stylesheet
from whatworks.labels.codebook import COLOURS, load_codebook

OWN = [code.colour for code in load_codebook().finding_types]


@pytest.mark.parametrize("colour", [*COLOURS, *OWN, "#000000", "#0000ff", "#767676", "#ffff00"])
def test_text_can_be_read_on_paper_and_on_its_tint(colour: str) -> None:
    dark = darkened(colour)
    assert contrast(dark, "#ffffff") >= 4.5
    assert contrast(dark, mixed(dark, "#ffffff", 0.08)) >= 4.5
    light = lightened(colour)
    assert contrast(light, DARK_PAPER) >= 4.5
    assert contrast(light, mixed(light, DARK_PAPER, 0.16)) >= 4.5


def test_a_colour_that_can_be_read_already_stays() -> None:
    assert lightened("#eeeeee") == "#eeeeee"
    assert darkened("#111111") == "#111111"


def test_every_finding_type_has_its_rule_twice() -> None:
    text = stylesheet(OWN)
    assert re.findall(r"\.type-(\d)", text) == ["1", "2", "3", "4", "1", "2", "3", "4"]
    assert text.count("prefers-color-scheme: dark") == 1
