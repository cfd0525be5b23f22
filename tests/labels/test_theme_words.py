"""Words of themes, found in texts of four languages."""

from collections.abc import Mapping

import pytest

from whatworks.labels.codebook import Theme
from whatworks.labels.codebook_editing.for_whom import with_target_groups
from whatworks.labels.codebook_file import codebook_source, read_codebook
from whatworks.labels.theme_words import ThemeWords


def theme(code: str, **words: tuple[str, ...]) -> Theme:
    return Theme(code, {"en": code}, "A theme.", words=words)


def found(themes: tuple[Theme, ...], text: str, language: str = "en") -> Mapping[str, list[str]]:
    spans = ThemeWords(themes).find(text, language)
    return {code: [text[a:b] for a, b in places] for code, places in spans.items()}


WOMEN = Theme(
    "women",
    {"en": "Women", "fr": "Femmes"},
    "Women.",
    words={"en": ("women", "female*"), "fr": ("femme*", "bénéficiaire* féminin*")},
)


def test_words_are_whole_and_neither_case_nor_accents_matter() -> None:
    assert found((WOMEN,), "WOMEN and Females; a woman's mewomen.") == {
        "women": ["WOMEN", "Females"]
    }
    text = "L'appui aux FEMMES et aux beneficiaires féminins, non à l'infemme."
    assert found((WOMEN,), text, "fr") == {"women": ["FEMMES", "beneficiaires féminins"]}


def test_an_accent_that_is_a_sign_of_its_own_is_the_same() -> None:
    assert found((theme("k", pt=("mãe",)),), "A ma\u0303e e a mae.", "pt") == {
        "k": ["ma\u0303e", "mae"]
    }


def test_words_of_another_language_are_looked_for_only_where_there_are_none() -> None:
    assert found((WOMEN,), "femmes", "en") == {}
    assert found((WOMEN,), "women and femmes", "es") == {"women": ["women", "femmes"]}


def test_a_name_is_a_word_too() -> None:
    young = theme("young-people", en=("youth",))
    named = Theme("young-people", {"en": "Young people"}, "Y.", words=young.words)
    assert found((named,), "Young people came.") == {"young-people": ["Young people"]}


def test_a_theme_without_words_is_never_found() -> None:
    assert found((Theme("water", {"en": "Water"}, "Water."),), "Water came.") == {}


def test_of_phrases_that_begin_together_the_longest_counts() -> None:
    both = theme("guinea", en=("Guinea",)), theme("bissau", en=("Guinea-Bissau",))
    assert found(both, "From Guinea Bissau to Guinea.") == {
        "guinea": ["Guinea"],
        "bissau": ["Guinea Bissau"],
    }


def test_two_themes_with_the_same_phrase_are_both_found_in_the_order_of_the_codebook() -> None:
    themes = theme("women", en=("women", "older women")), theme("old", en=("older women",))
    assert found(themes, "older women") == {"women": ["older women"], "old": ["older women"]}
    assert list(found(themes[::-1], "older women")) == ["old", "women"]


def test_a_phrase_that_means_something_else_takes_its_words_away() -> None:
    unions = theme("unions", en=("union*", "-European Union"))
    assert found((unions,), "The European Union met the unions.") == {"unions": ["unions"]}
    assert found((unions,), "The European Union met.") == {}


def test_an_acronym_is_found_only_as_it_is_written() -> None:
    places = theme("one", en=("US",)), theme("firms", en=("SMEs",)), theme("two", en=("oPt",))
    assert found(places, "They told us to opt for smes.") == {}
    assert found(places, "US support for SMEs in the oPt.") == {
        "one": ["US"],
        "firms": ["SMEs"],
        "two": ["oPt"],
    }


@pytest.fixture(scope="module")
def groups() -> ThemeWords:
    text = with_target_groups(codebook_source("ilo-social-protection")).text
    return ThemeWords(read_codebook(text, "groups").themes)


@pytest.mark.parametrize(
    ("language", "text", "wanted"),
    [
        ("en", "Female farmers and their children were reached.",
         "women-and-girls children rural-workers-and-farmers"),
        ("en", "The Government and its chairmen asked the European Union.", ""),
        ("en", "Women with disabilities came.", "women-and-girls people-with-disabilities"),
        ("en", "Older women were left out.", "women-and-girls older-persons"),
        ("en", "It was a man-made delay of minor weight.", ""),
        ("fr", "Les droits de l'homme et les coûts élevés.", ""),
        ("fr", "Les élèves et leurs mères.", "women-and-girls children"),
        ("fr", "Le déplacement du siège.", ""),
        ("fr", "Les personnes déplacées de l’économie informelle.",
         "refugees-and-displaced informal-workers"),
        ("es", "El Niño retrasó las obras.", ""),
        ("es", "Las trabajadoras del hogar y los jóvenes.", "youth domestic-workers"),
        ("es", "Personas con discapacidad y pueblos indígenas.",
         "people-with-disabilities indigenous-peoples"),
        ("pt", "A deficiência do sistema reformado.", ""),
        ("pt", "As mães, os idosos e as PMEs.", "women-and-girls older-persons small-enterprises"),
        ("pt", "Os trabalhadores informais migrantes.", "migrants informal-workers"),
    ],
)  # fmt: skip
def test_the_shipped_groups_are_found_and_the_traps_are_not(
    groups: ThemeWords, language: str, text: str, wanted: str
) -> None:
    assert list(groups.find(text, language)) == wanted.split()
