"""Headings, lead-ins and languages move log-odds, within bounds and only where there are any."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.letters import Letters
from whatworks.labels.codebook import Codebook, load_codebook
from whatworks.models.context import Context, ContextReader, Pull
from whatworks.models.folder import load_model
from whatworks.models.suggester import EncoderSuggester
from whatworks.nlp.encoders import SentenceEncoder
from whatworks.nlp.passages import Passage, PassageId
from whatworks.training.contexts import heading_phrases, with_context

CODEBOOK = load_codebook()
TYPES = CODEBOOK.finding_type_ids
OBSTACLE = TYPES.index("obstacle")
CONTEXT = Context(Pull(3.0, 0.2), Pull(2.0, 0.1), heading_phrases())

ONE_TYPE = """
finding_types:
- {id: surprise, definition: Something unexpected.}
themes:
- {id: water, definition: Wells.}
"""
OWN_TYPES = """
finding_types:
- {id: surprise, names: {en: Surprises, fr: Imprévus}, definition: Something unexpected.}
- {id: obstacle, names: {en: Obstacle}, definition: What stood in the way.}
themes:
- {id: water, definition: Wells.}
"""


def passage(*heading: str, lead_in: str = "", language: str = "en", text: str = "Text.") -> Passage:
    return Passage(PassageId("0" * 16), "r.pdf", 1, 1, heading, language, text, lead_in=lead_in)


def reader(context: Context = CONTEXT, codebook: Codebook = CODEBOOK) -> ContextReader:
    return ContextReader(context, Letters(), codebook)


def test_without_heading_and_lead_in_nothing_is_added() -> None:
    assert not reader().log_odds([passage()]).any()
    assert reader().log_odds([]).shape == (0, len(TYPES))
    assert reader().log_odds([passage("Challenges")]).any()
    assert reader().log_odds([passage(lead_in="The challenges were:")]).any()


def test_a_model_that_counts_neither_reads_neither() -> None:
    blind = reader(Context(languages={"fr": {"obstacle": 0.5}}))
    assert not blind.log_odds([passage("Challenges", lead_in="The challenges were:")]).any()
    assert blind.encoder.read == []  # type: ignore[attr-defined]


def test_what_is_added_is_bounded_whatever_stands_over_a_passage() -> None:
    random = np.random.default_rng(20)
    strange = ["", "!", "1.1", "Challenges " * 400, "挑战", "\N{COMBINING ACUTE ACCENT}"]
    strange += ["".join(map(chr, random.integers(33, 300, 20))) for _ in range(50)]
    passages = [passage(*strange[n : n + 3], lead_in=one) for n, one in enumerate(strange)]
    added = reader().log_odds(passages)
    assert np.isfinite(added).all()
    # Likeness is in [-1, 1]; a weight times what is furthest from neutral.
    assert np.abs(added).max() <= 3.0 * 1.2 + 2.0 * 1.1 + 1e-5


def test_of_several_headings_the_most_alike_counts() -> None:
    alone, under, over = reader().log_odds(
        [passage("Challenges"), passage("Zyx", "Challenges"), passage("Challenges", "Zyx")]
    )
    (other,) = reader().log_odds([passage("Zyx")])
    assert other[OBSTACLE] < alone[OBSTACLE]
    assert under[OBSTACLE] == over[OBSTACLE] == alone[OBSTACLE]
    np.testing.assert_array_equal(under, np.maximum(alone, other))


@pytest.mark.parametrize("language", ["en", "fr", "es", "pt"])
def test_a_codebook_s_own_names_are_phrases_in_every_language(language: str) -> None:
    context = replace(CONTEXT, phrases={})
    for column, code in enumerate(CODEBOOK.finding_types):
        (headings,), _ = reader(context).likeness([passage(code.name(language))])
        assert headings[column] == pytest.approx(1, abs=1e-5)
        assert headings.argmax() == column


def test_a_language_moves_its_own_passages_alone() -> None:
    context = replace(CONTEXT, languages={"fr": {"obstacle": 0.5, "lesson": -0.25}})
    french, english, unknown = reader(context).log_odds(
        [passage(language=name) for name in ("fr", "en", "xx")]
    )
    expected = [{"obstacle": 0.5, "lesson": -0.25}.get(code, 0.0) for code in TYPES]
    np.testing.assert_allclose(french, expected)
    assert not english.any()
    assert not unknown.any()
    both, heading = reader(context).log_odds(
        [passage("Challenges", language=name) for name in ("fr", "xx")]
    )
    np.testing.assert_allclose(both - heading, expected, atol=1e-6)


def test_a_new_finding_type_is_known_by_its_names(tmp_path: Path) -> None:
    path = tmp_path / "own.yaml"
    path.write_text(OWN_TYPES, "utf-8")
    own = reader(codebook=load_codebook(path))
    english, french, obstacle = own.log_odds(
        [passage("Surprises"), passage("Imprévus"), passage("Challenges")]
    )
    assert english[0] == pytest.approx(3.0 * (1 - 0.2), abs=1e-4)
    assert french[0] == pytest.approx(3.0 * (1 - 0.2), abs=1e-4)
    assert english[1] < english[0]
    assert french[1] < french[0]
    assert obstacle[1] == pytest.approx(3.0 * (1 - 0.2), abs=1e-4)
    assert obstacle[0] < obstacle[1]


def test_a_codebook_of_one_finding_type_without_phrases_divides_by_nothing(tmp_path: Path) -> None:
    path = tmp_path / "own.yaml"
    path.write_text(ONE_TYPE, "utf-8")
    own = reader(replace(CONTEXT, phrases={}), load_codebook(path))
    assert np.isfinite(own.log_odds([passage("Surprises")])).all()


def test_a_passage_alone_gets_what_it_gets_among_others(tiny_encoder: Path) -> None:
    passages = [
        passage(*heading, lead_in=lead_in)
        for heading in [(), ("Challenges",), ("Findings", "What worked"), ("Enseignements " * 9,)]
        for lead_in in ["", "The main challenges were:", "Ainsi :"]
    ]
    encoder = SentenceEncoder(str(tiny_encoder))
    among = ContextReader(CONTEXT, encoder, CODEBOOK).log_odds(passages)
    alone = [ContextReader(CONTEXT, encoder, CODEBOOK).log_odds([one])[0] for one in passages]
    # Encoders round to half precision, and differently with the company a text is in.
    np.testing.assert_allclose(among, np.array(alone), atol=0.02)
    again = ContextReader(CONTEXT, encoder, CODEBOOK)
    first = again.log_odds(passages[:5])
    np.testing.assert_array_equal(again.log_odds(passages)[:5], first)


NEUTRAL = {
    "en": ("Challenges", "The evaluation team held 46 interviews in four districts in May 2021."),
    "fr": ("Difficultés", "L'équipe d'évaluation a mené 46 entretiens dans quatre districts."),
    "es": ("Desafíos", "El equipo de evaluación realizó 46 entrevistas en cuatro distritos."),
    "pt": ("Desafios", "A equipa de avaliação realizou 46 entrevistas em quatro distritos."),
}


@pytest.mark.slow
def test_neutral_text_under_challenges_stays_none_in_every_language(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # The unpacked encoder may be used again.
    monkeypatch.delenv("WHATWORKS_CACHE", raising=False)
    model = load_model()
    encoder = SentenceEncoder(model.encoder, layers=model.layers)
    if not model.context.reads:
        model = with_context(model, encoder, CODEBOOK)
    suggester = EncoderSuggester(model, encoder, CODEBOOK)
    under = [passage(head, language=one, text=text) for one, (head, text) in NEUTRAL.items()]
    bare = [replace(one, heading=()) for one in under]
    for one, other in zip(suggester.suggest(under), suggester.suggest(bare), strict=True):
        assert one.labels == (), one
        # The heading was read, and it did not decide.
        assert one.probabilities["obstacle"] > other.probabilities["obstacle"]
