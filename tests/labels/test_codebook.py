import dataclasses
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


def test_every_shipped_codebook_loads_and_the_template_is_none_of_them() -> None:
    assert shipped_codebooks() == ["ilo-social-protection", "oecd-dac"]
    for name in shipped_codebooks():
        assert load_codebook(name).id == name


def test_the_six_dac_criteria_have_sub_questions_and_all_names() -> None:
    codebook = load_codebook("oecd-dac")
    criteria = [theme for theme in codebook.themes if not theme.parent]
    assert [theme.name() for theme in criteria] == [
        "Relevance", "Coherence", "Effectiveness", "Efficiency", "Impact", "Sustainability",
    ]  # fmt: skip
    for theme in criteria:
        assert sum(other.parent == theme.id for other in codebook.themes) >= 2
    for theme in codebook.themes:
        assert set(theme.names) == {"en", "fr", "es", "pt"}
        assert theme.definition.endswith(".")
    assert codebook.finding_types == load_codebook().finding_types


def test_the_model_s_fingerprint_does_not_see_what_only_people_read() -> None:
    theme = load_codebook().theme("unstable-context")
    assert theme.exclude
    assert theme.confused_with
    bare = dataclasses.replace(theme, exclude=(), confused_with=())
    assert bare != theme
    assert repr(bare) == repr(theme)


def test_what_is_confused_is_so_from_both_sides() -> None:
    codebook = load_codebook()
    partnerships = codebook.theme("partnerships-and-alliances")
    strategic = codebook.theme("strategic-alliances")
    assert not strategic.confused_with
    assert [one.code for one in codebook.confusions_of(strategic)] == [partnerships.id]
    said = {one.code: one.tell_apart for one in codebook.confusions_of(partnerships)}
    assert said[strategic.id] == codebook.confusions_of(strategic)[0].tell_apart


def test_a_retired_code_can_be_read_and_not_given(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        "themes:\n- {id: a, definition: A.}\n- {id: b, definition: B., retired: true}\n",
    )
    codebook = load_codebook(path)
    assert codebook.theme_ids == ("a",)
    assert codebook.theme("b").definition == "B."


def test_an_unknown_finding_type_names_the_nearest() -> None:
    with pytest.raises(WhatworksError, match="Unknown finding type 'leson'. Nearest: 'lesson'"):
        load_codebook().finding_type("leson")
    assert load_codebook().finding_type("lesson").name("fr") == "Leçon apprise"


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


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(WhatworksError, match="there is no such codebook file"):
        load_codebook(tmp_path / "none.yaml")
