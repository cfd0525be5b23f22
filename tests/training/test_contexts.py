"""What headings count is found where it was planted, and is saved."""

import json
from pathlib import Path

import numpy as np
import pytest

from whatworks.labels.codebook import load_codebook
from whatworks.models.context import Context
from whatworks.models.folder import load_model, save_model
from whatworks.models.heads import Array
from whatworks.models.suggester import EncoderSuggester
from whatworks.nlp.encoders import SentenceEncoder
from whatworks.nlp.passages import Passage, PassageId
from whatworks.training.contexts import fit_pull, heading_phrases, with_context
from whatworks.training.examples import Example

CODEBOOK = load_codebook()
TYPES = CODEBOOK.finding_type_ids


def happens(random: np.random.Generator, log_odds: Array) -> np.ndarray:
    return random.random(log_odds.shape) < 1 / (1 + np.exp(-log_odds))


def test_planted_weights_are_found_beside_what_the_passages_are_like_as_a_whole() -> None:
    random = np.random.default_rng(20)
    odds = random.normal(-1, 2, (5000, 4))
    headings = random.uniform(-0.5, 1, (5000, 4))
    headings[random.random(5000) < 0.3] = np.nan
    truth = 0.7 * odds - 0.8 + np.nan_to_num(3.0 * (headings - 0.25))
    found = fit_pull(odds, headings, happens(random, truth))
    assert found.weight == pytest.approx(3.0, rel=0.12)
    assert found.neutral == pytest.approx(0.25, abs=0.08)


def test_headings_that_say_nothing_count_nothing() -> None:
    random = np.random.default_rng(21)
    odds = random.normal(-1, 2, (5000, 4))
    headings = random.uniform(-0.5, 1, (5000, 4))
    assert abs(fit_pull(odds, headings, happens(random, odds)).weight) < 0.2


def test_what_a_model_learned_of_context_is_saved_and_loaded(
    tiny_model: Path, tmp_path: Path
) -> None:
    base = load_model(tiny_model)
    encoder = SentenceEncoder(base.encoder)
    random = np.random.default_rng(23)
    examples = []
    for n in range(80):
        label, over = [("obstacle", "Challenges"), ("lesson", "Lessons learned")][n % 2]
        text = "".join(random.choice(list("abcdefgh "), 30))
        examples.append(Example(str(n), f"r{n % 8}", "en", "", text, (label,), (), (over,)))
    model = with_context(base, encoder, CODEBOOK, examples)
    assert model.context.phrases == heading_phrases()
    assert model.context.heading.weight > 0
    assert base.context.heading.weight == 0
    save_model(model, tmp_path / "kept")
    again = load_model(tmp_path / "kept")
    assert again.context == model.context
    under = Passage(PassageId("0" * 16), "r.pdf", 1, 1, ("Challenges",), "en", "abcdefgh")
    said = [EncoderSuggester(one, encoder, CODEBOOK).suggest([under]) for one in (model, again)]
    assert said[0] == said[1]
    (plain,) = EncoderSuggester(base, encoder, CODEBOOK).suggest([under])
    assert said[0][0].probabilities["obstacle"] > plain.probabilities["obstacle"]


def test_a_folder_of_the_first_format_loads_and_takes_no_notice_of_headings(
    tiny_model: Path, tmp_path: Path
) -> None:
    save_model(load_model(tiny_model), tmp_path)
    config = json.loads((tmp_path / "config.json").read_text("utf-8"))
    del config["context"]
    del config["calibration"]["set_floor"]
    (tmp_path / "config.json").write_text(json.dumps({**config, "format": 1}), "utf-8")
    model = load_model(tmp_path)
    assert model.context == Context()
