from pathlib import Path

import pytest

from whatworks.labels.settings import read_settings, settings_text
from whatworks.labels.settings_synthesis import SynthesisPlan
from whatworks.nlp.errors import WhatworksError


@pytest.fixture
def settings(tmp_path: Path):
    def read(text: str):
        path = tmp_path / "whatworks.toml"
        path.write_text(text, "utf-8")
        return read_settings(path).synthesis

    return read


def test_new_settings_have_the_section_with_its_defaults(settings):
    assert settings(settings_text("water")) == SynthesisPlan()
    assert settings("") == SynthesisPlan()


def test_what_an_office_says_of_its_report_is_read(settings):
    text = """
[synthesis]
title = "What works  in water"
office = "Evaluation Office"
authors = ["Ana Silva", "Björn  Berg"]
language = "PT"
template = "office.docx"
"""
    assert settings(text) == SynthesisPlan(
        "What works in water", "Evaluation Office", ("Ana Silva", "Björn Berg"), "pt", "office.docx"
    )


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("title = 3", "'title' is a text. Put it in quotes: title = \"3\""),
        ('authors = "Ana"', "'authors' is a list of names, such as authors = [\"Ana Silva\"]."),
        ('language = "fra"', "Unknown language 'fra'. Nearest: 'fr'. Reports are written in en,"),
        ('ofice = ""', "Unknown key 'ofice'. Nearest: 'office'."),
    ],
)
def test_what_is_wrong_in_the_section_is_named(settings, line, said):
    with pytest.raises(WhatworksError) as told:
        settings(f"[synthesis]\n{line}\n")
    assert said in str(told.value)
    assert "whatworks.toml: " in str(told.value)
