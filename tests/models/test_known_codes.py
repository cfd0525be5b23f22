"""A codebook in a model's words: what was renamed since keeps what the model learned."""

from dataclasses import replace

import pytest

from whatworks.labels.codebook import Codebook, FindingType, Theme, load_codebook
from whatworks.labels.suggestions import PassageSuggestions, ThemeSuggestion
from whatworks.models.known_codes import known_codes
from whatworks.nlp.errors import WhatworksError
from whatworks.nlp.passages import Passage, PassageId

PASSAGE = Passage(PassageId("0" * 16), "r.pdf", 1, 1, (), "en", "It held.")
TYPES, THEMES = ("lesson", "obstacle"), ("local-presence", "capacity-building")


def finding_type(code: str, **more: tuple[str, ...]) -> FindingType:
    return FindingType(code, {"en": code}, "What it is.", **more)


def theme(code: str, **more: tuple[str, ...]) -> Theme:
    return Theme(code, {"en": code}, "What it is about.", **more)


def book(types: tuple[FindingType, ...], themes: tuple[Theme, ...]) -> Codebook:
    return Codebook("mine", 1, "Mine", types, themes)


def test_the_models_own_codebook_is_taken_as_it_is() -> None:
    own = load_codebook()
    known = known_codes(own, own.finding_type_ids, own.theme_ids)
    assert known.codebook == own
    assert known.unknown == ()


def test_renamed_and_merged_codes_go_to_the_model_under_their_older_ids() -> None:
    codebook = book(
        (finding_type("insight", renamed_from=("moral", "lesson")), finding_type("obstacle")),
        (
            theme("on-the-ground", renamed_from=("local-presence",), goes_with=("insight",)),
            theme("skills", merged_from=("training", "capacity-building")),
            theme("brand-new"),
        ),
    )
    known = known_codes(codebook, TYPES, THEMES)
    assert known.codebook.finding_type_ids == ("lesson", "obstacle")
    assert known.codebook.theme_ids == ("local-presence", "capacity-building", "brand-new")
    assert known.codebook.themes[0].goes_with == ("lesson",)
    # Names and definitions stay the project's: the model reads them.
    assert known.codebook.themes[0].description == codebook.themes[0].description
    suggested = PassageSuggestions(
        PASSAGE,
        {"lesson": 0.9, "obstacle": 0.1},
        ("lesson",),
        (ThemeSuggestion("local-presence", 0.6), ThemeSuggestion("brand-new", 0.2)),
    )
    assert known.translated(suggested) == replace(
        suggested,
        probabilities={"insight": 0.9, "obstacle": 0.1},
        labels=("insight",),
        themes=(ThemeSuggestion("on-the-ground", 0.6), ThemeSuggestion("brand-new", 0.2)),
    )


def test_an_older_id_goes_to_one_code_only() -> None:
    codebook = book(
        (
            finding_type("first", renamed_from=("lesson",)),
            finding_type("second", renamed_from=("lesson",)),
            finding_type("third", renamed_from=("obstacle",)),
            finding_type("obstacle"),
        ),
        (theme("a"),),
    )
    known = known_codes(codebook, TYPES, THEMES)
    assert dict(known.finding_types) == {"lesson": "first", "obstacle": "obstacle"}
    assert known.unknown == ("second", "third")


def test_what_the_model_never_learned_is_named_and_left_out() -> None:
    codebook = book(
        (finding_type("lesson"), finding_type("surprise")),
        (theme("a", goes_with=("surprise", "lesson")),),
    )
    known = known_codes(codebook, TYPES, THEMES)
    assert known.unknown == ("surprise",)
    assert known.codebook.finding_type_ids == ("lesson",)
    assert known.codebook.themes[0].goes_with == ("lesson",)


def test_a_codebook_of_which_the_model_knows_nothing_is_refused() -> None:
    codebook = book((finding_type("surprise"),), (theme("a"),))
    with pytest.raises(WhatworksError, match=r"\(surprise\): it knows lesson, obstacle\. In a pro"):
        known_codes(codebook, TYPES, THEMES)
    known = known_codes(codebook, TYPES, THEMES, to_learn=True)
    assert known.unknown == ("surprise",)
    assert known.codebook.finding_types == ()
