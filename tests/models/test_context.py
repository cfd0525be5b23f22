"""Headings move log-odds, within bounds and only where there are any."""

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
from whatworks.training.contexts import heading_phrases

CODEBOOK = load_codebook()
TYPES = CODEBOOK.finding_type_ids
OBSTACLE = TYPES.index("obstacle")
CONTEXT = Context(Pull(3.0, 0.2), heading_phrases())

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


def passage(*heading: str, language: str = "en", text: str = "Text.") -> Passage:
    return Passage(PassageId("0" * 16), "r.pdf", 1, 1, heading, language, text)


def reader(context: Context = CONTEXT, codebook: Codebook = CODEBOOK) -> ContextReader:
    return ContextReader(context, Letters(), codebook)


def test_without_a_heading_nothing_is_added() -> None:
    assert not reader().log_odds([passage()]).any()
    assert reader().log_odds([]).shape == (0, len(TYPES))
    assert reader().log_odds([passage("Challenges")]).any()


def test_a_model_for_which_headings_do_not_count_reads_none() -> None:
    blind = reader(Context())
    assert not blind.log_odds([passage("Challenges")]).any()
    assert blind.encoder.read == []  # type: ignore[attr-defined]


def test_what_is_added_is_bounded_whatever_stands_over_a_passage() -> None:
    random = np.random.default_rng(20)
    strange = ["", "!", "1.1", "Challenges " * 400, "挑战", "\N{COMBINING ACUTE ACCENT}"]
    strange += ["".join(map(chr, random.integers(33, 300, 20))) for _ in range(50)]
    added = reader().log_odds([passage(*strange[n : n + 3]) for n in range(len(strange))])
    assert np.isfinite(added).all()
    # Likeness is in [-1, 1]; a weight times what is furthest from neutral.
    assert np.abs(added).max() <= 3.0 * 1.2 + 1e-5


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
        (headings,) = reader(context).likeness([passage(code.name(language))])
        assert headings[column] == pytest.approx(1, abs=1e-5)
        assert headings.argmax() == column


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
        passage(*heading)
        for heading in [(), ("Challenges",), ("Findings", "What worked"), ("Enseignements " * 9,)]
    ]
    encoder = SentenceEncoder(str(tiny_encoder))
    among = ContextReader(CONTEXT, encoder, CODEBOOK).log_odds(passages)
    alone = [ContextReader(CONTEXT, encoder, CODEBOOK).log_odds([one])[0] for one in passages]
    # Encoders round to half precision, and differently with the company a text is in.
    np.testing.assert_allclose(among, np.array(alone), atol=0.02)
    again = ContextReader(CONTEXT, encoder, CODEBOOK)
    first = again.log_odds(passages[:3])
    np.testing.assert_array_equal(again.log_odds(passages)[:3], first)


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
    suggester = EncoderSuggester(model, encoder, CODEBOOK)
    under = [passage(head, language=one, text=text) for one, (head, text) in NEUTRAL.items()]
    bare = [replace(one, heading=()) for one in under]
    for one, other in zip(suggester.suggest(under), suggester.suggest(bare), strict=True):
        assert one.labels == (), one
        # The heading was read, and it did not decide.
        assert one.probabilities["obstacle"] > other.probabilities["obstacle"]
