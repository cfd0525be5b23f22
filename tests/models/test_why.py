"""Which words weigh most: told by leaving them out, and checked by leaving them out."""

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from whatworks.labels.codebook import load_codebook
from whatworks.models.context import Context, Pull
from whatworks.models.folder import STARTER, Calibration, Model, load_model
from whatworks.models.heads import Array, Heads
from whatworks.models.suggester import EncoderSuggester, passage_text, type_log_odds
from whatworks.models.why import MOST_SPANS, Strength, Weight, weigh_words, without, word_groups
from whatworks.nlp.cached import CachedEncoder
from whatworks.nlp.encoders import Progress, SentenceEncoder
from whatworks.nlp.passages import Passage, PassageId
from whatworks.nlp.vectors import VectorCache

CODEBOOK = load_codebook()
TYPES, THEMES = CODEBOOK.finding_type_ids, CODEBOOK.theme_ids
OBSTACLE = TYPES.index("obstacle")
LATE_THEME = THEMES.index("inefficient-management")


class WordBag:
    """A vector that counts two words: what leaving one out takes away can be worked out by hand."""

    name = "words"
    fingerprint = "words"
    calls = 0

    def encode(self, texts: Sequence[str], *, on_progress: Progress | None = None) -> Array:
        self.calls += 1
        return np.array(
            [
                [sum(word.startswith(known) for word in re.findall(r"\w+", text.lower()))
                 for known in ("late", "owned")]
                for text in texts
            ],
            dtype=np.float32,
        )  # fmt: skip


def word_bag_suggester(slope: float = 0.5) -> EncoderSuggester:
    """'late' speaks for an obstacle by 3, 'owned' against it by 1."""
    types = np.zeros((len(TYPES), 2), dtype=np.float32)
    types[OBSTACLE] = [3, -1]
    themes = np.zeros((len(THEMES), 2), dtype=np.float32)
    themes[LATE_THEME] = [2, 0]
    heads = Heads(
        finding_types=TYPES,
        type_weights=types,
        type_biases=np.full(len(TYPES), -1, dtype=np.float32),
        themes=THEMES,
        theme_weights=themes,
        theme_biases=np.zeros(len(THEMES), dtype=np.float32),
        similarity_scale=0.0,
    )
    calibration = Calibration(
        slopes=dict.fromkeys(TYPES, slope),
        intercepts=dict.fromkeys(TYPES, 0.25),
        thresholds=dict.fromkeys(TYPES, 0.5),
        type_agreement=0.0,
    )
    return EncoderSuggester(Model("m", "1", "words", heads, calibration), WordBag(), CODEBOOK)


def passage(text: str, lead_in: str = "") -> Passage:
    return Passage(PassageId("0" * 16), "r.pdf", 1, 1, (), "en", text, lead_in=lead_in)


TEXT = "Funds came late, though the state owned them; late again."


def by_word(text: str, weights: Sequence[Weight]) -> dict[str, float]:
    return {text[one.start : one.end]: round(one.weight, 4) for one in weights}


def test_a_word_weighs_what_leaving_it_out_takes_from_the_log_odds() -> None:
    weighed = weigh_words(word_bag_suggester(), passage(TEXT))
    found = by_word(TEXT, weighed.of("finding_type", "obstacle"))
    others = dict.fromkeys(["Funds", "came", "though", "the", "state", "them", "again"], 0.0)
    assert found == {**others, "late": 1.5, "owned": -0.5}
    assert set(by_word(TEXT, weighed.of("finding_type", "lesson")).values()) == {0.0}
    assert weighed.of("finding_type", "surprise") == ()


def test_a_theme_is_weighed_against_the_others() -> None:
    weighed = weigh_words(word_bag_suggester(), passage("late payment"))
    # Against 22 others at 0, 'late' lifts it from log(1/22) to log(e^2/22), and them down a bit.
    assert by_word("late payment", weighed.of("theme", "inefficient-management")) == {
        "late": 2.0,
        "payment": 0.0,
    }
    down = np.log((21 + np.e**2) / 22)
    assert by_word("late payment", weighed.of("theme", THEMES[0]))["late"] == pytest.approx(
        -down, abs=1e-3
    )


def test_only_the_passage_s_own_words_are_left_out() -> None:
    weighed = weigh_words(word_bag_suggester(), passage("late funds", "It was late:"))
    assert [(one.start, one.end) for one in weighed.of("finding_type", "obstacle")] == [
        (0, 4),
        (5, 10),
    ]


def test_the_passage_is_read_in_one_go_and_no_variant_is_kept(tmp_path: Path) -> None:
    one, bag = word_bag_suggester(), WordBag()
    cache = VectorCache(tmp_path / "vectors.sqlite")
    weigh_words(EncoderSuggester(one.model, CachedEncoder(bag, cache), CODEBOOK), passage(TEXT))
    # Once for the passage and its variants, once for the themes' definitions.
    assert bag.calls == 2
    assert cache.count() == len(THEMES)


def test_what_the_headings_add_is_told_of_each_finding_type() -> None:
    context = Context(Pull(2.0, 0.5), {"obstacle": ("late",), "lesson": ("owned",)})
    one = word_bag_suggester()
    suggester = EncoderSuggester(replace(one.model, context=context), WordBag(), CODEBOOK)
    under = replace(passage("late funds"), heading=("Late payments",))
    found = weigh_words(suggester, under).headings
    (added,) = suggester.beside([under]).tolist()
    assert [found[code] for code in TYPES] == added
    assert found["obstacle"] > 0 > found["lesson"]
    assert not any(weigh_words(suggester, passage("late funds")).headings.values())


@pytest.mark.parametrize("text", ["", "  ", "– … –"])
def test_a_text_without_words_has_no_weights(text: str) -> None:
    assert weigh_words(word_bag_suggester(), passage(text)).of("finding_type", "obstacle") == ()


def test_three_strengths_stand_for_odds_that_fall_by_a_fifth_a_third_a_half() -> None:
    for share, strength in ((0.1, 0), (0.21, 1), (0.34, 2), (0.51, 3)):
        assert Weight(0, 1, -np.log(1 - share)).strength == strength
    assert Weight(0, 1, -3.0).strength is Strength.NONE


def test_words_come_without_the_signs_around_them() -> None:
    text = "« L’eau », dit-elle (2019) : e\u0301té\u0301."
    assert [text[a:b] for a, b in word_groups(text)] == [
        "L’eau", "dit-elle", "2019", "e\u0301té\u0301"
    ]  # fmt: skip


def test_in_long_passages_words_of_one_sentence_go_together() -> None:
    text = "One two three four five. " * 12
    groups = [text[a:b] for a, b in word_groups(text)]
    assert groups[:3] == ["One two", "three four", "five"]
    assert len(groups) <= MOST_SPANS * 3 // 2
    assert " ".join(groups).split() == text.replace(".", "").split()


@pytest.mark.parametrize(("text", "most"), [("a. " * 5000, 48), ("word " * 5000, 48), ("x", 1)])
def test_there_are_never_many_more_groups_than_wanted(text: str, most: int) -> None:
    assert 1 <= len(word_groups(text)) <= most


def test_what_is_left_out_leaves_one_space() -> None:
    assert without("Funds came late.", [(0, 5)]) == "came late."
    assert without("Funds came late.", [(6, 10), (11, 15)]) == "Funds ."


def drops(
    suggester: EncoderSuggester, one: Passage, code: str, spans: Sequence[tuple[int, int]]
) -> float:
    """By how much the log-odds of a finding type fall when words are left out together.

    Not the probability: what is nearly certain hardly falls, whatever is left out.
    """
    texts = [passage_text(one), passage_text(passage(without(one.text, spans), one.lead_in))]
    model = suggester.model
    logits = model.heads.type_logits(suggester.encoder.encode(texts))
    known = type_log_odds(logits, model.heads.finding_types, model.calibration)
    found = known[:, model.heads.finding_types.index(code)]
    return float(found[0] - found[1])


SAMPLES = (
    ("obstacle", "Funds for the second phase came nine months late because nobody had signed the "
     "agreement, and two districts had stopped working by then."),
    ("success_factor", "La programmation trimestrielle, tenue avec rigueur par une coordinatrice "
     "présente du début à la fin, a contribué à cette maîtrise des coûts."),
    ("lesson", "O principal ensinamento é que a previsibilidade vale mais do que o montante: uma "
     "transferência pequena e pontual muda decisões das famílias."),
    ("obstacle", "La reducción del número de inspectores y los continuos cambios de autoridades "
     "amenazan lo alcanzado."),
    ("good_practice", "The pocket card with pictures of the benefits is a practice ready to be "
     "repeated elsewhere: two other funds have already taken it over."),
)  # fmt: skip


@pytest.mark.slow
def test_without_the_top_words_the_log_odds_fall_more_than_without_random_ones(
    cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Comprehensiveness, as DeYoung et al., "ERASER" (ACL 2020) call it, with the real model."""
    # Unpacking it for this test alone would take longer than the test.
    monkeypatch.delenv("WHATWORKS_CACHE", raising=False)
    model = load_model(STARTER)
    encoder = SentenceEncoder(model.encoder, layers=model.layers)
    suggester = EncoderSuggester(model, encoder, CODEBOOK)
    random = np.random.default_rng(20)
    by_weight, by_chance = [], []
    for code, text in SAMPLES:
        one = passage(text)
        weights = weigh_words(suggester, one).of("finding_type", code)
        spans = [(weight.start, weight.end) for weight in weights]
        top = np.argsort([-weight.weight for weight in weights])[:3]
        by_weight.append(drops(suggester, one, code, [spans[n] for n in top]))
        for _ in range(3):
            chosen = random.choice(len(spans), 3, replace=False)
            by_chance.append(drops(suggester, one, code, [spans[n] for n in chosen]))
    assert np.mean(by_weight) > np.mean(by_chance) + 1.0, (by_weight, by_chance)
    assert min(by_weight) > np.mean(by_chance), (by_weight, by_chance)
