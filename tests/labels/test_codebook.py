from pathlib import Path

import pytest

from whatworks.labels.codebook import load_codebook, shipped_codebooks
from whatworks.nlp.errors import WhatworksError


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "codes.yaml"
    path.write_text(text, "utf-8")
    return path


def test_the_default_codebook_has_four_finding_types_and_23_themes_in_three_groups() -> None:
    codebook = load_codebook()
    assert codebook.finding_type_ids == ("success_factor", "obstacle", "lesson", "good_practice")
    assert len(codebook.themes) == len(set(codebook.theme_ids)) == 23
    assert list(codebook.groups) == ["what-works", "success-factors", "obstacles"]


def test_obstacle_themes_go_with_obstacles_and_the_others_do_not() -> None:
    for theme in load_codebook().themes:
        assert ("obstacle" in theme.goes_with) == (theme.group == "obstacles")
        assert "lesson" in theme.goes_with


@pytest.mark.parametrize("language", ["en", "fr", "es", "pt"])
def test_every_code_has_a_name_in_every_language(language: str) -> None:
    codebook = load_codebook()
    for code in (*codebook.finding_types, *codebook.themes):
        assert code.names[language]
        assert code.definition.endswith(".")


def test_a_missing_language_falls_back_to_english() -> None:
    assert load_codebook().theme("local-presence").name("de") == "Local presence"


def test_every_shipped_codebook_loads() -> None:
    assert "ilo-social-protection" in shipped_codebooks()
    for name in shipped_codebooks():
        assert load_codebook(name).id == name


def test_a_flat_list_of_themes_is_enough_and_keeps_the_four_finding_types(tmp_path: Path) -> None:
    path = written(tmp_path, "themes:\n- {id: water, definition: Wells and pipes.}\n")
    codebook = load_codebook(path)
    assert codebook.theme_ids == ("water",)
    assert codebook.themes[0].description == "water: Wells and pipes."
    assert codebook.finding_type_ids == load_codebook().finding_type_ids
    assert codebook.id == "codes"


def test_an_unknown_name_names_the_nearest() -> None:
    with pytest.raises(WhatworksError, match="Nearest: 'ilo-social-protection'"):
        load_codebook("ilo-social-protecton")


def test_an_unknown_theme_names_the_nearest() -> None:
    with pytest.raises(WhatworksError, match="Nearest: 'gender-neglect'"):
        load_codebook().theme("gender-neglct")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("themes: [}", "not valid YAML"),
        ("- a", "a codebook is a mapping"),
        ("title: none", "no themes"),
        ("themes: {water: Wells}", "'themes' must be a list"),
        ("themes:\n- {definition: Wells.}", "no 'id'"),
        ("themes:\n- {id: water}", "no 'definition'"),
        ("themes:\n- {id: a, definition: x}\n- {id: a, definition: y}", "stands there twice"),
        ("themes:\n- {id: a, definition: x, goes_with: [obstacel]}", "Nearest: 'obstacle'"),
        ("themes:\n- {id: a, definition: x, names: [b]}", "'names' maps languages"),
    ],
)
def test_a_wrong_entry_is_named_with_its_file(tmp_path: Path, text: str, message: str) -> None:
    path = written(tmp_path, text)
    with pytest.raises(WhatworksError, match=message) as caught:
        load_codebook(path)
    assert "codes.yaml" in str(caught.value)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(WhatworksError, match="there is no such codebook file"):
        load_codebook(tmp_path / "none.yaml")
