"""Target groups and places, added to a codebook's text."""

from collections.abc import Callable

import pytest

from whatworks.labels.codebook_changes import compare
from whatworks.labels.codebook_editing.edits import Editing
from whatworks.labels.codebook_editing.entries import EditError
from whatworks.labels.codebook_editing.fields import CodeFields
from whatworks.labels.codebook_editing.for_whom import with_places, with_target_groups
from whatworks.labels.codebook_file import codebook_source, read_codebook, template_source
from whatworks.labels.synthesis.material import PLACES, TARGET_GROUPS
from whatworks.labels.theme_words import ThemeWords
from whatworks.nlp.errors import WhatworksError
from whatworks.nlp.languages import LANGUAGES

SMALL = """# Ours.
themes:   # two
- {id: water, definition: Water.}
- {id: fees, definition: Fees.}   # for users
"""


def found(text: str, words: str, language: str) -> list[str]:
    return list(ThemeWords(read_codebook(text, "codes.yaml").themes).find(words, language))


@pytest.mark.parametrize(
    "source",
    [
        SMALL,
        template_source(),
        codebook_source("ilo-social-protection"),
        codebook_source("oecd-dac"),
    ],
    ids=["small", "template", "ilo", "oecd"],
)
def test_all_lines_stay_and_what_is_added_is_sound(source: str) -> None:
    added = with_target_groups(source)
    lines = iter(added.text.splitlines())
    assert all(line in lines for line in source.splitlines())
    book = read_codebook(added.text, "codes.yaml")
    groups = [theme for theme in book.themes if theme.group == TARGET_GROUPS]
    assert tuple(theme.id for theme in groups) == added.themes
    assert all(set(LANGUAGES) == set(theme.words) == set(theme.names) for theme in groups)
    assert book.as_learned.themes == read_codebook(source, "codes.yaml").as_learned.themes


def test_a_second_time_only_what_is_missing_is_added() -> None:
    whole = with_target_groups(SMALL).text
    assert with_target_groups(whole).text == whole
    assert with_target_groups(whole).themes == ()
    start, end = whole.index("      - id: migrants"), whole.index("      - id: refugees")
    less = whole[:start] + whole[end:]
    again = with_target_groups(less)
    assert again.themes == ("migrants",)
    assert sorted(again.text.splitlines()) == sorted(whole.splitlines())


def test_a_group_that_was_changed_stays_as_it_is() -> None:
    whole = with_target_groups(SMALL).text.replace("[jeune, jeunes,", "[jeune, # mine\n jeunes,")
    assert with_target_groups(whole).text == whole


def test_a_theme_of_that_id_elsewhere_is_left_alone_and_told() -> None:
    source = (
        SMALL.replace("water", "Youth") + "- {id: men-and-boys, definition: M., retired: true}\n"
    )
    added = with_target_groups(source)
    assert added.elsewhere == ("men-and-boys", "youth")
    assert not {"youth", "men-and-boys"} & set(added.themes)


def test_a_theme_of_that_name_is_told_and_nothing_is_added() -> None:
    source = SMALL + "- {id: kids, name: Children, definition: Children.}\n"
    with pytest.raises(EditError, match="have the same name in 'en': 'Children'"):
        with_target_groups(source)


def test_places_are_found_by_their_names_in_four_languages() -> None:
    added = with_places(SMALL, ["Peru", "Costa de Marfil", "west africa", "RDC"])
    assert added.themes == ("peru", "cote-d-ivoire", "western-africa", "dr-congo")
    book = read_codebook(added.text, "codes.yaml")
    assert {theme.group for theme in book.themes if theme.words} == {PLACES}
    assert book.theme("peru").names == {"en": "Peru", "fr": "Pérou", "es": "Perú", "pt": "Peru"}
    assert found(added.text, "au Pérou, en Afrique de l’Ouest", "fr") == ["peru", "western-africa"]
    assert found(added.text, "Ivory Coast and the DRC", "en") == ["cote-d-ivoire", "dr-congo"]
    assert with_places(added.text, ["Perú", "Kenya"]).themes == ("kenya",)


def test_a_place_is_not_found_in_the_name_of_another() -> None:
    text = with_places(SMALL, ["Guinea", "Sudan", "Niger", "Africa"]).text
    assert found(text, "Guinea-Bissau, South Sudan, Nigeria and South Africa", "en") == []
    assert found(text, "Equatorial Guinea and Guinea", "en") == ["guinea"]


def test_a_place_that_nobody_knows_is_told_with_the_nearest() -> None:
    with pytest.raises(WhatworksError, match="Unknown country 'Mexcio'. Nearest: 'M.xico'"):
        with_places(SMALL, ["Mexcio"])


@pytest.mark.parametrize(
    "edit",
    [
        lambda editing: editing.rename("theme", "youth", "young"),
        lambda editing: editing.move("youth"),
        lambda editing: editing.merge("theme", "children", "youth"),
        lambda editing: editing.change(
            "theme", "youth", CodeFields({"en": "The young"}, "The young.")
        ),
    ],
    ids=["rename", "move", "merge", "change"],
)
def test_words_stay_whatever_is_done_to_a_theme(edit: Callable[[Editing], str]) -> None:
    text = with_target_groups(SMALL).text
    base = read_codebook(text, "codes.yaml")
    after = read_codebook(edit(Editing(text, base)), "codes.yaml")
    now = next(one for one in after.themes if one.id in ("youth", "young"))
    assert now.words == base.theme("youth").words


def test_other_words_touch_no_label() -> None:
    text = with_target_groups(SMALL).text
    changes = compare(
        read_codebook(text, "x"), read_codebook(text.replace("[migrant*, ", "["), "x")
    )
    assert changes.sentences == ("Theme 'migrants' has other words.",)
    assert not changes.translation
