"""What headings, lead-ins and languages count is found where it was planted, and is saved."""

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
from whatworks.training.contexts import fit_languages, fit_pulls, heading_phrases, with_context
from whatworks.training.examples import Example

CODEBOOK = load_codebook()
TYPES = CODEBOOK.finding_type_ids


def happens(random: np.random.Generator, log_odds: Array) -> np.ndarray:
    return random.random(log_odds.shape) < 1 / (1 + np.exp(-log_odds))


def example(n: int, labels: np.ndarray, language: str = "en") -> Example:
    given = tuple(code for code, has in zip(TYPES, labels, strict=True) if has)
    return Example(str(n), f"r{n % 9}", language, "", f"text {n}", given, ())


def test_planted_weights_are_found_beside_what_the_passages_are_like_as_a_whole() -> None:
    random = np.random.default_rng(20)
    odds = random.normal(-1, 2, (5000, 4))
    headings, lead_ins = random.uniform(-0.5, 1, (2, 5000, 4))
    headings[random.random(5000) < 0.3] = np.nan
    lead_ins[random.random(5000) < 0.6] = np.nan
    truth = 0.7 * odds - 0.8
    truth += np.nan_to_num(3.0 * (headings - 0.25)) + np.nan_to_num(1.5 * (lead_ins - 0.4))
    found = fit_pulls(odds, headings, lead_ins, happens(random, truth))
    assert found[0].weight == pytest.approx(3.0, rel=0.12)
    assert found[0].neutral == pytest.approx(0.25, abs=0.08)
    assert found[1].weight == pytest.approx(1.5, rel=0.2)
    assert found[1].neutral == pytest.approx(0.4, abs=0.15)


def test_headings_that_say_nothing_count_nothing() -> None:
    random = np.random.default_rng(21)
    odds = random.normal(-1, 2, (5000, 4))
    headings = random.uniform(-0.5, 1, (5000, 4))
    nowhere = np.full((5000, 4), np.nan)
    heading, lead_in = fit_pulls(odds, headings, nowhere, happens(random, odds))
    assert abs(heading.weight) < 0.2
    assert lead_in.weight == 0


def test_a_planted_language_is_found_from_many_passages_and_hardly_from_few() -> None:
    random = np.random.default_rng(22)
    odds = random.normal(-0.5, 1.5, (3012, 4)).astype(np.float32)
    languages = ["en"] * 1500 + ["fr"] * 1500 + ["pt"] * 12
    shift = np.zeros((3012, 4))
    shift[1500:, TYPES.index("obstacle")] = 1.2
    given = happens(random, odds + shift)
    examples = [example(n, given[n], language) for n, language in enumerate(languages)]
    found = fit_languages(odds, examples, CODEBOOK)
    assert list(found) == ["en", "fr", "pt"]
    assert found["fr"]["obstacle"] == pytest.approx(1.2, abs=0.2)
    assert all(abs(found["en"][code]) < 0.2 for code in TYPES)
    assert all(abs(found["fr"][code]) < 0.2 for code in TYPES if code != "obstacle")
    # Twelve passages that all have it would move it far if nothing held it.
    few = [example(n, np.array([False, True, False, False]), "pt") for n in range(12)]
    held = fit_languages(np.zeros((12, 4), dtype=np.float32), few, CODEBOOK)["pt"]["obstacle"]
    assert 0 < held < 0.9


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
        lead_in = "The lessons are:" if n % 4 == 1 else ""
        examples.append(
            Example(str(n), f"r{n % 8}", "en", "", text, (label,), (), (over,), lead_in)
        )
    model = with_context(base, encoder, CODEBOOK, examples)
    assert model.context.phrases == heading_phrases()
    assert model.context.heading.weight > 0
    assert model.context.reads
    assert not base.context.reads
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
    assert not model.context.reads
