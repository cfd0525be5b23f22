from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from whatworks.labels.codebook import load_codebook
from whatworks.models.context import Context, Pull
from whatworks.models.folder import load_model
from whatworks.models.suggester import THEMES_SHOWN, EncoderSuggester, passage_text
from whatworks.nlp.encoders import SentenceEncoder
from whatworks.nlp.errors import WhatworksError
from whatworks.nlp.passages import Passage, PassageId

OWN_TYPES = """
finding_types:
- {id: surprise, definition: Something unexpected.}
themes:
- {id: water, definition: Wells.}
"""


def passage(text: str, lead_in: str = "") -> Passage:
    return Passage(PassageId("0" * 16), "r.pdf", 1, 1, (), "en", text, lead_in=lead_in)


def suggester(
    tiny_model: Path, codebook: str | Path = "ilo-social-protection", **options: float
) -> EncoderSuggester:
    model = load_model(tiny_model)
    return EncoderSuggester(
        model, SentenceEncoder(model.encoder), load_codebook(codebook), **options
    )


TEXTS = [
    f"Passage {n} tells of {word}." for n, word in enumerate(["roads", "wells", "schools", "taxes"])
]


def test_labels_are_those_at_or_above_the_threshold_strongest_first(tiny_model: Path) -> None:
    for found in suggester(tiny_model, threshold=0.4).suggest([passage(text) for text in TEXTS]):
        chosen = [code for code, p in found.probabilities.items() if p >= 0.4]
        assert sorted(found.labels) == sorted(chosen)
        strengths = [found.probabilities[code] for code in found.labels]
        assert strengths == sorted(strengths, reverse=True)


def test_a_threshold_of_zero_labels_all_and_of_one_nothing(tiny_model: Path) -> None:
    passages = [passage(text) for text in TEXTS]
    assert all(
        len(one.labels) == 4 for one in suggester(tiny_model, threshold=0.0).suggest(passages)
    )
    assert not any(one.labels for one in suggester(tiny_model, threshold=1.0).suggest(passages))


def test_every_passage_gets_its_likeliest_themes_strongest_first(tiny_model: Path) -> None:
    for found in suggester(tiny_model, threshold=1.0).suggest([passage(text) for text in TEXTS]):
        probabilities = [theme.probability for theme in found.themes]
        assert len(found.themes) == THEMES_SHOWN
        assert probabilities == sorted(probabilities, reverse=True)
        assert 0 < sum(probabilities) <= 1


def test_suggesting_together_or_alone_is_the_same(tiny_model: Path) -> None:
    one = suggester(tiny_model)
    together = one.suggest([passage(text) for text in TEXTS])
    for text, found in zip(TEXTS, together, strict=True):
        (alone,) = one.suggest([passage(text)])
        for code, probability in alone.probabilities.items():
            assert found.probabilities[code] == pytest.approx(probability, abs=0.02)


def test_a_bullet_is_read_with_its_lead_in(tiny_model: Path) -> None:
    bullet = passage("Late payments.", lead_in="The obstacles were:")
    assert passage_text(bullet) == "The obstacles were: Late payments."
    one = suggester(tiny_model)
    (with_lead_in,) = one.suggest([bullet])
    (same,) = one.suggest([passage("The obstacles were: Late payments.")])
    assert with_lead_in.probabilities == same.probabilities


def test_what_its_heading_says_is_added_to_a_passage_s_log_odds(tiny_model: Path) -> None:
    plain = suggester(tiny_model)
    context = Context(Pull(4.0, 0.2), {"obstacle": ("Challenges",)})
    one = EncoderSuggester(replace(plain.model, context=context), plain.encoder, plain.codebook)
    bullet = replace(passage("Late payments."), heading=("Challenges",))
    beside = one.beside([bullet])
    assert beside[0, one.codebook.finding_type_ids.index("obstacle")] > 3
    (alone,) = plain.suggest([bullet])
    (found,) = one.suggest([bullet])
    for column, code in enumerate(one.codebook.finding_type_ids):
        odds = np.log(alone.probabilities[code] / (1 - alone.probabilities[code]))
        wanted = 1 / (1 + np.exp(-odds - beside[0, column]))
        assert found.probabilities[code] == pytest.approx(wanted, abs=1e-2)
    assert not one.beside([passage("Late payments.")]).any()


def test_an_empty_text_has_no_label(tiny_model: Path) -> None:
    full, empty = suggester(tiny_model, threshold=0.01).suggest([passage("Roads."), passage("  ")])
    assert set(empty.probabilities.values()) == {0.0}
    assert empty.labels == ()
    assert full.labels


def test_a_codebook_of_one_s_own_works_from_its_definitions(
    tiny_model: Path, tmp_path: Path
) -> None:
    path = tmp_path / "own.yaml"
    path.write_text(
        "themes:\n- {id: water, definition: Wells.}\n- {id: roads, definition: Roads.}\n"
    )
    (found,) = suggester(tiny_model, path).suggest([passage("Roads.")])
    assert {theme.theme for theme in found.themes} == {"water", "roads"}
    assert sum(theme.probability for theme in found.themes) == pytest.approx(1, abs=1e-3)


def test_an_unknown_finding_type_is_refused_with_those_known(
    tiny_model: Path, tmp_path: Path
) -> None:
    path = tmp_path / "own.yaml"
    path.write_text(OWN_TYPES)
    with pytest.raises(WhatworksError, match="no finding type 'surprise'.*success_factor"):
        suggester(tiny_model, path)


def test_no_passages_give_no_suggestions_and_load_nothing(tiny_model: Path) -> None:
    one = suggester(tiny_model)
    assert one.suggest([]) == []
    assert isinstance(one.encoder, SentenceEncoder)
    assert one.encoder._model is None


def test_the_model_s_own_thresholds_hold_without_another(tiny_model: Path) -> None:
    one = suggester(tiny_model)
    assert one.thresholds == load_model(tiny_model).calibration.thresholds
    assert np.isclose(list(suggester(tiny_model, threshold=0.3).thresholds.values()), 0.3).all()


def test_log_odds_are_those_of_the_probabilities(tiny_model: Path) -> None:
    one = suggester(tiny_model)
    passages = [passage(text) for text in TEXTS]
    types, themes = one.log_odds(passages)
    for row, found in enumerate(one.suggest(passages)):
        for column, (code, probability) in enumerate(found.probabilities.items()):
            assert code == one.codebook.finding_type_ids[column]
            assert 1 / (1 + np.exp(-types[row, column])) == pytest.approx(probability, abs=1e-4)
        for theme in found.themes:
            odds = themes[row, one.codebook.theme_ids.index(theme.theme)]
            assert 1 / (1 + np.exp(-odds)) == pytest.approx(theme.probability, abs=1e-4)


def test_the_only_theme_there_is_has_no_odds(tiny_model: Path, tmp_path: Path) -> None:
    path = tmp_path / "own.yaml"
    path.write_text("themes:\n- {id: water, definition: Wells.}\n")
    one = suggester(tiny_model, path)
    passages = [passage(text) for text in TEXTS]
    assert one.log_odds(passages)[1].tolist() == [[0.0]] * len(TEXTS)
