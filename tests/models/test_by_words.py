"""Themes that are told by words: beside the model's, which stay as they are."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.stored import add, report_of, with_codebook
from whatworks.labels.codebook import Codebook, Theme, load_codebook
from whatworks.labels.codebook_editing.for_whom import with_target_groups
from whatworks.labels.codebook_file import codebook_source, read_codebook
from whatworks.labels.store.database import create_store
from whatworks.labels.store.passages import current_passages
from whatworks.labels.store.suggestions import latest_suggestions
from whatworks.labels.suggestions import BY_WORDS, PassageSuggestions
from whatworks.models.folder import load_model
from whatworks.models.known_codes import known_codes
from whatworks.models.prelabel import model_info, prelabel
from whatworks.models.suggester import EncoderSuggester
from whatworks.models.why import weigh_words
from whatworks.nlp.encoders import SentenceEncoder
from whatworks.nlp.passages import Passage, PassageId
from whatworks.training.examples import Example, as_learned
from whatworks.training.own import ground_of

BEFORE = load_codebook()
SOURCE = with_target_groups(codebook_source("ilo-social-protection")).text
AFTER = read_codebook(SOURCE, "codebook.yaml")
FOREIGN = tuple(Theme(f"t{n}", {"en": f"T {n}"}, f"Theme {n} of wells.") for n in range(3))
TEXTS = ("Women and migrants paid late.", "Pumps broke.", "Young people came, and children.")


def passage(text: str, language: str = "en", lead_in: str = "") -> Passage:
    ident = PassageId("0" * 16)
    return Passage(ident, "r.pdf", 1, 1, ("Women",), language, text, lead_in=lead_in)


def suggester(tiny_model: Path, book: Codebook, threshold: float = 0.0) -> EncoderSuggester:
    model = load_model(tiny_model)
    return EncoderSuggester(model, SentenceEncoder(model.encoder), book, threshold=threshold)


def themes(one: PassageSuggestions) -> dict[str, tuple[str, ...]]:
    return {theme.theme: theme.words for theme in one.by_words}


@pytest.mark.parametrize("foreign", [False, True], ids=["own", "foreign"])
def test_what_the_model_says_is_the_same_with_such_themes_and_without(
    tiny_model: Path, foreign: bool
) -> None:
    before, after = BEFORE, AFTER
    if foreign:
        told = tuple(theme for theme in AFTER.themes if theme.words)
        before = replace(before, themes=FOREIGN)
        after = replace(before, themes=(*told, *FOREIGN))
    passages = [passage(text) for text in TEXTS]
    said = suggester(tiny_model, before).suggest(passages)
    with_words = suggester(tiny_model, after).suggest(passages)
    assert [replace(one, by_words=()) for one in with_words] == said
    assert not any(one.by_words for one in said)
    assert [list(themes(one)) for one in with_words] == [
        ["women-and-girls", "migrants"],
        [],
        ["youth", "children"],
    ]


def test_the_words_are_told_as_they_stand_each_once(tiny_model: Path) -> None:
    (one,) = suggester(tiny_model, AFTER).suggest([passage("GIRLS, women and women.")])
    assert themes(one) == {"women-and-girls": ("GIRLS", "women")}
    assert one.by_words[0].probability == BY_WORDS


def test_a_bullet_is_read_with_its_lead_in_and_not_with_its_headings(tiny_model: Path) -> None:
    (one,) = suggester(tiny_model, AFTER).suggest([passage("They came.", lead_in="Migrants said:")])
    assert themes(one) == {"migrants": ("Migrants",)}


def test_the_words_that_weighed_are_told_of_the_models_themes_alone(tiny_model: Path) -> None:
    one = suggester(tiny_model, AFTER)
    weighed = weigh_words(one, passage(TEXTS[0]))
    assert tuple(weighed.themes) == BEFORE.theme_ids
    assert weighed.of("theme", "migrants") == ()


def test_they_are_stored_as_suggested_where_a_finding_type_is(
    tiny_model: Path, tmp_path: Path
) -> None:
    store = create_store(tmp_path / "project.db")
    codebook = with_codebook(store, SOURCE)
    add(store, report_of("r.pdf", *TEXTS))
    model = load_model(tiny_model)
    known = known_codes(AFTER, model.heads.finding_types, model.heads.themes)
    for threshold, name in ((0.0, "low"), (1.0, "high")):
        info = replace(model_info(model, "tiny"), fingerprint=name)
        prelabel(store, suggester(tiny_model, known.codebook, threshold), known, info, codebook)
        with store.reading() as connection:
            ids = [one.id for one in current_passages(connection)]
            found = latest_suggestions(connection, ids)
        suggested = [[code for code in found[one].themes if AFTER.theme(code).words] for one in ids]
        by_words = [["migrants", "women-and-girls"], [], ["children", "youth"]]
        assert suggested == (by_words if threshold == 0 else [[], [], []])
        assert all(found[ids[0]].theme_probabilities[code] == BY_WORDS for code in by_words[0])
        # The model's likeliest stays suggested beside them.
        assert len(found[ids[0]].themes) == (3 if threshold == 0 else 0)


def test_a_renamed_theme_keeps_its_words(tiny_model: Path) -> None:
    new = replace(AFTER.theme("youth"), id="young", renamed_from=("local-presence",))
    kept = tuple(one for one in AFTER.themes if one.id not in ("youth", "local-presence"))
    model = load_model(tiny_model)
    known = known_codes(
        replace(AFTER, themes=(*kept, new)), model.heads.finding_types, model.heads.themes
    )
    (one,) = suggester(tiny_model, known.codebook).suggest([passage("Young people came.")])
    assert list(themes(known.translated(one))) == ["young"]
    assert "local-presence" not in [theme.theme for theme in one.themes]


def test_they_are_neither_learned_nor_measured(tiny_model: Path) -> None:
    said = [
        Example(str(n), str(n), "en", "", text, ("lesson",), ("children", "capacity-building"))
        for n, text in enumerate(TEXTS)
    ]
    learned = as_learned(said, AFTER)
    assert {one.themes for one in learned} == {("capacity-building",)}
    one = suggester(tiny_model, AFTER)
    made = ground_of(one.model, one.encoder, AFTER.as_learned, learned).model()
    plain = ground_of(one.model, one.encoder, BEFORE, learned).model()
    assert made.heads.themes == BEFORE.theme_ids
    assert np.array_equal(made.heads.theme_weights, plain.heads.theme_weights)
