"""Labels that deserve a second look: planted errors come first."""

from dataclasses import replace

import numpy as np
import pytest

from tests.training.assessing.made_up import ANSWERS, CODEBOOK, ground, labelled_of, relabelled
from whatworks.labels.codebook import Codebook
from whatworks.models.folder import load_model
from whatworks.nlp.encoders import SentenceEncoder
from whatworks.training.assessing.doubtful import doubtful
from whatworks.training.assessing.scores import answers
from whatworks.training.examples import HEADED_FILES, load_corpus
from whatworks.training.ground import Ground, fold_rows, out_of_fold

SHARE = 0.05


def planted(made: Ground, seed: int) -> tuple[Ground, set[int]]:
    """The same with one passage in twenty relabelled by lot, and which."""
    random = np.random.default_rng(seed)
    count = round(SHARE * len(made.examples))
    rows = [int(n) for n in random.choice(len(made.examples), count, replace=False)]
    wrong = {}
    for n in rows:
        others = [one for one in ANSWERS if not set(one) & set(made.examples[n].labels)]
        others = [one for one in others if one or made.examples[n].labels]
        wrong[n] = others[int(random.integers(len(others)))]
    return relabelled(made, wrong), set(rows)


def lift(made: Ground, codebook: Codebook, seed: int) -> float:
    """How many times more planted errors than by chance stand in the first places."""
    flipped, rows = planted(made, seed)
    said = answers(flipped.examples, out_of_fold(flipped, fold_rows(flipped.examples)), codebook)
    passages = labelled_of(flipped.examples).passages
    first = doubtful(flipped.examples, passages, said, codebook, len(rows))
    return sum(one.row in rows for one in first) / len(rows) / SHARE


def test_planted_errors_stand_first_far_more_often_than_by_chance() -> None:
    made, _ = ground(noise=0.3)
    assert np.mean([lift(made, CODEBOOK, seed) for seed in range(3)]) > 10


@pytest.mark.slow
def test_planted_errors_in_the_corpus_stand_first_far_more_often_than_by_chance() -> None:
    model = load_model()
    examples = load_corpus(files=HEADED_FILES)
    # Every third report, in all languages: passages that the starter has not learned from.
    kept = set(sorted({one.report for one in examples})[::3])
    examples = [one for one in examples if one.report in kept]
    encoder = SentenceEncoder(model.encoder, layers=model.layers)
    vectors = encoder.encode([one.text for one in examples])
    definitions = encoder.encode([theme.description for theme in CODEBOOK.themes])
    made = Ground(
        model, vectors, examples, CODEBOOK, model.heads.own_evidence(vectors, definitions)
    )
    assert np.mean([lift(made, CODEBOOK, seed) for seed in range(5)]) > 5


def test_it_says_what_was_given_what_the_model_would_say_and_why() -> None:
    made, labelled = ground(noise=0.3)
    row = next(n for n, one in enumerate(made.examples) if one.labels == ("obstacle",))
    flipped = relabelled(made, {row: ("lesson",)})
    said = answers(flipped.examples, out_of_fold(flipped, fold_rows(flipped.examples)), CODEBOOK)
    [first, *_] = doubtful(flipped.examples, labelled.passages, said, CODEBOOK, 5)
    assert first.row == row
    assert first.given == ("lesson",)
    assert first.said == ("obstacle",)
    assert {(one.finding_type, one.given) for one in first.reasons} == {
        ("lesson", True),
        ("obstacle", False),
    }
    assert first.self_confidence < 0.1


def test_the_same_text_with_other_labels_is_pointed_out() -> None:
    made, labelled = ground()
    examples = [replace(one, text="the same") if n < 2 else one
                for n, one in enumerate(made.examples)]  # fmt: skip
    examples[0] = replace(examples[0], labels=("lesson",))
    examples[1] = replace(examples[1], labels=("obstacle",))
    said = answers(examples, made.as_it_is(), CODEBOOK)
    found = doubtful(examples, labelled.passages, said, CODEBOOK, len(examples))
    assert {one.row for one in found if one.torn} == {0, 1}


def test_more_are_not_listed_than_there_are() -> None:
    made, labelled = ground(20, reports=2)
    said = answers(made.examples, made.as_it_is(), CODEBOOK)
    assert len(doubtful(made.examples, labelled.passages, said, CODEBOOK, 1000)) == 20
