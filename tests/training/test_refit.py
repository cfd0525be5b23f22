"""Heads refitted on confirmed labels, beginning with what a model knew."""

from dataclasses import replace

import numpy as np
import pytest

from whatworks.labels.codebook import Codebook, load_codebook
from whatworks.models.folder import Calibration, Model
from whatworks.models.heads import Array, Heads, ThemeEvidence
from whatworks.models.ngrams import ngram_counts
from whatworks.training.comparing import Comparison
from whatworks.training.comparing import compare_refitted as compared
from whatworks.training.examples import Example
from whatworks.training.ground import Ground, fold_rows, out_of_fold, predictions
from whatworks.training.refit import Refit, by_plain, fit_from_prior, refit, with_plain

DIM = 16
CODEBOOK = load_codebook()
TYPES, THEMES = CODEBOOK.finding_type_ids, CODEBOOK.theme_ids


def base(types: tuple[str, ...] = TYPES, seed: int = 1) -> Model:
    """A model with heads that someone learned something with."""
    random = np.random.default_rng(seed)
    heads = Heads(
        finding_types=types,
        type_weights=random.normal(0, 3, (len(types), DIM)).astype(np.float32),
        type_biases=random.normal(0, 1, len(types)).astype(np.float32),
        themes=THEMES,
        theme_weights=random.normal(0, 1, (len(THEMES), DIM)).astype(np.float32),
        theme_biases=np.zeros(len(THEMES), dtype=np.float32),
        similarity_scale=10.0,
    )
    calibration = Calibration(
        slopes=dict.fromkeys(types, 1.3),
        intercepts=dict.fromkeys(types, -0.4),
        thresholds=dict.fromkeys(types, 0.45),
        theme_temperature=1.5,
        type_agreement=0.5,
    )
    return Model("base", "1", "none", heads, calibration)


def unit(count: int, seed: int) -> Array:
    vectors = np.random.default_rng(seed).normal(size=(count, DIM))
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)


DEFINITIONS = unit(len(THEMES), 7)


def near(vectors: Array) -> ThemeEvidence:
    """What the definitions say of them, by any of these models."""
    return base().heads.own_evidence(vectors, DEFINITIONS)


def example(number: int, *labels: str, theme: str = "", report: str = "a") -> Example:
    themes = (theme,) if theme else ()
    return Example(str(number), report, "en", "", f"text {number}", labels, themes)


def labelled(vectors: Array, truth: Model, codebook: Codebook = CODEBOOK) -> list[Example]:
    """What somebody would say who thinks as a model does; eight to a report."""
    found = predictions(truth, vectors, codebook, near(vectors))
    return [
        example(
            n,
            *(code for k, code in enumerate(codebook.finding_type_ids) if found.suggested[n, k]),
            theme=codebook.theme_ids[int(found.themes[n].argmax())],
            report=f"report {n // 8}",
        )
        for n in range(len(vectors))
    ]


def compare_refitted(model: Model, vectors: Array, said: list[Example]) -> Comparison:
    ground = Ground(model, vectors, said, CODEBOOK, near(vectors))
    return compared(ground, out_of_fold(ground, fold_rows(said)))


def test_the_loss_is_at_its_lowest_where_it_says() -> None:
    random = np.random.default_rng(3)
    x, prior = unit(40, 3).astype(float), random.normal(size=40)
    target = (random.random(40) < 0.4).astype(float)
    beside = random.normal(size=40)
    config = Refit()

    def loss(slope: float, shift: float, correction: np.ndarray) -> float:
        odds = slope * prior + shift + x @ correction + beside
        chances = 1 / (1 + np.exp(-odds))
        fit = -(target * np.log(chances) + (1 - target) * np.log(1 - chances)).sum()
        held = config.ridge * correction @ correction + config.slope_ridge * (slope - 1) ** 2
        return float(fit + (held + config.shift_ridge * shift**2) / 2)

    slope, shift, correction = fit_from_prior(x, target, prior, beside, config)
    lowest = loss(slope, shift, correction)
    assert lowest < loss(1.0, 0.0, np.zeros(DIM))
    for step in (-0.01, 0.01):
        assert loss(slope + step, shift, correction) > lowest
        assert loss(slope, shift + step, correction) > lowest
        for k in range(DIM):
            moved = correction.copy()
            moved[k] += step
            assert loss(slope, shift, moved) > lowest


def test_without_a_word_against_it_the_model_stays_as_it_was() -> None:
    # One passage, of which the model was certain.
    model, vectors = base(), unit(400, 2)
    before = predictions(model, vectors, CODEBOOK, near(vectors))
    surest = int(np.abs(before.probabilities - 0.5).min(1).argmax())
    one = labelled(vectors[[surest]], model)
    after = predictions(
        refit(model, vectors[[surest]], one, CODEBOOK, near(vectors[[surest]])),
        vectors,
        CODEBOOK,
        near(vectors),
    )
    assert np.abs(after.probabilities - before.probabilities).max() < 0.15
    assert (after.suggested == before.suggested).mean() > 0.97


def test_it_learns_what_people_say_the_more_the_more_they_say() -> None:
    model, truth, vectors, new = base(), base(seed=2), unit(600, 4), unit(400, 5)
    said = labelled(vectors, truth)
    wanted = predictions(truth, new, CODEBOOK, near(new))
    right = []
    for count in (0, 30, 120, 600):
        made = (
            refit(model, vectors[:count], said[:count], CODEBOOK, near(vectors[:count]))
            if count
            else model
        )
        found = predictions(made, new, CODEBOOK, near(new))
        right.append((found.suggested == wanted.suggested).mean())
    assert right == sorted(right)
    assert right[-1] > 0.9 > right[0] + 0.1


def test_themes_follow_what_people_say() -> None:
    model, truth, vectors = base(), base(seed=2), unit(600, 4)
    said = labelled(vectors, truth)
    made = refit(model, vectors, said, CODEBOOK, near(vectors))
    new = unit(300, 6)
    wanted = predictions(truth, new, CODEBOOK, near(new)).themes.argmax(1)
    before = (predictions(model, new, CODEBOOK, near(new)).themes.argmax(1) == wanted).mean()
    after = (predictions(made, new, CODEBOOK, near(new)).themes.argmax(1) == wanted).mean()
    assert after > before + 0.1


def test_the_same_decisions_give_the_same_model() -> None:
    vectors = unit(80, 4)
    said = labelled(vectors, base(seed=2))
    one, other = (refit(base(), vectors, said, CODEBOOK, near(vectors)) for _ in range(2))
    assert np.array_equal(one.heads.type_weights, other.heads.type_weights)
    assert np.array_equal(one.heads.theme_weights, other.heads.theme_weights)


@pytest.mark.parametrize(
    "said",
    [
        [example(n) for n in range(3)],
        [example(n, "lesson", theme="capacity-building") for n in range(3)],
        [example(0, "lesson"), example(1), example(2, "lesson", theme="capacity-building")],
    ],
    ids=["none of them a finding", "all of one label", "one theme once"],
)
def test_three_labels_in_all_make_a_model_that_can_be_used(said: list[Example]) -> None:
    vectors = unit(3, 8)
    made = refit(base(), vectors, said, CODEBOOK, near(vectors))
    found = predictions(made, unit(50, 9), CODEBOOK, near(unit(50, 9)))
    assert np.isfinite(found.probabilities).all()
    assert np.allclose(found.themes.sum(1), 1, atol=1e-4)


def test_contradictory_labels_leave_a_doubt() -> None:
    vectors = np.repeat(unit(1, 8), 40, axis=0)
    said = [example(n, *(["lesson"] if n % 2 else [])) for n in range(40)]
    found = predictions(
        refit(base(), vectors, said, CODEBOOK, near(vectors)), vectors, CODEBOOK, near(vectors)
    )
    assert found.probabilities[0, TYPES.index("lesson")] == pytest.approx(0.5, abs=0.05)


def test_a_finding_type_that_the_model_never_learned_is_learned() -> None:
    model, vectors = base(types=TYPES[:3]), unit(300, 4)
    last = TYPES[3]
    said = [example(n, *([last] if vectors[n, 0] > 0 else [])) for n in range(300)]
    made = refit(model, vectors, said, CODEBOOK, near(vectors))
    new = unit(200, 5)
    found = predictions(made, new, CODEBOOK, near(new)).suggested[:, 3]
    assert (found == (new[:, 0] > 0)).mean() > 0.9
    assert not predictions(model, new, CODEBOOK, near(new)).suggested[:, 3].any()


def test_two_models_are_compared_on_reports_that_neither_has_seen() -> None:
    model, truth, vectors = base(), base(seed=2), unit(240, 4)
    said = labelled(vectors, truth)
    found = compare_refitted(model, vectors, said)
    assert found is not None
    assert found.before.passages == found.after.passages == 240
    assert found.after.micro_f1 > found.before.micro_f1
    assert found.difference == pytest.approx(found.after.micro_f1 - found.before.micro_f1)
    assert found.interval[0] < found.difference < found.interval[1]
    assert found.is_better
    again = compare_refitted(model, vectors, said)
    assert again is not None
    assert again.interval == found.interval


def test_a_model_that_is_right_already_is_not_called_improved() -> None:
    vectors = unit(160, 4)
    found = compare_refitted(base(), vectors, labelled(vectors, base()))
    assert found is not None
    assert found.before.micro_f1 == 1.0
    assert not found.is_better


@pytest.mark.parametrize(
    "said",
    [
        [example(0, "lesson", report="a"), example(1, report="b")],
        [example(0, "lesson", report="a"), example(1, "obstacle", report="b"), example(2)],
        [example(n, *(["lesson"] if n == 7 else []), report=f"{n // 2}") for n in range(8)],
    ],
    ids=["two passages", "no label twice", "one label once"],
)
def test_few_labels_are_compared_as_far_as_they_go(said: list[Example]) -> None:
    found = compare_refitted(base(), unit(len(said), 4), said)
    assert found is not None
    assert found.after.passages == len(said)
    assert found.interval[0] <= found.difference <= found.interval[1]


def test_one_report_cannot_say_how_good_it_is() -> None:
    said = [replace(one, report="a") for one in labelled(unit(30, 4), base())]
    assert fold_rows(said) == []


def test_finding_types_are_learned_from_plain_vectors_where_there_are_others() -> None:
    """What people mean stands in the plain vectors alone."""
    model, vectors, plain = base(), unit(600, 4), unit(600, 14)
    said = [example(n, *(["lesson"] if plain[n, 0] > 0 else [])) for n in range(600)]
    column = TYPES.index("lesson")
    seen, new = np.arange(400), np.arange(400, 600)
    right = []
    for by in (None, plain):
        ground = Ground(model, vectors, said, CODEBOOK, near(vectors), plain=by)
        found = ground.refitted(seen, new)
        right.append((found.suggested[:, column] == (plain[new, 0] > 0)).mean())
    assert right[1] > 0.9 > right[0] + 0.2


def test_what_another_office_taught_on_plain_vectors_stays() -> None:
    vectors, plain = unit(300, 4), unit(300, 14)
    heads = replace(base().heads, type_corrections=4 * unit(len(TYPES), 15))
    model = replace(base(), heads=heads)
    before = predictions(model, vectors, CODEBOOK, near(vectors), plain=plain)
    surest = [int(np.abs(before.probabilities - 0.5).min(1).argmax())]
    one = [example(0, *(code for k, code in enumerate(TYPES) if before.suggested[surest[0], k]))]
    made = refit(model, vectors[surest], one, CODEBOOK, near(vectors[surest]), plain=plain[surest])
    after = predictions(made, vectors, CODEBOOK, near(vectors), plain=plain)
    assert np.abs(after.probabilities - before.probabilities).max() < 0.15
    with pytest.raises(ValueError, match="plain"):
        predictions(made, vectors, CODEBOOK, near(vectors))


def test_rare_themes_of_a_foreign_codebook_count_more() -> None:
    """Two themes that the vectors hardly tell apart: nine passages of one, one of the other."""
    vectors = unit(300, 3)
    names = CODEBOOK.theme_ids[:2]
    said = [example(n, "lesson", theme=names[n % 10 == 0]) for n in range(300)]
    nothing = ThemeEvidence(vectors, np.zeros((300, len(CODEBOOK.themes)), dtype=np.float32))
    rare = {}
    for foreign in (False, True):
        heads = replace(base().heads.without_themes, by_definition=foreign)
        made = refit(replace(base(), heads=heads), vectors, said, CODEBOOK, nothing)
        found = predictions(made, vectors, CODEBOOK, nothing).themes
        rare[foreign] = found[:, CODEBOOK.theme_ids.index(names[1])].mean()
    # As likely as it is there; by the square root of how rare it is, likelier: 1 to 3, not 1 to 9.
    assert 0.08 < rare[False] < 0.13
    assert 0.2 < rare[True] < 0.28


def test_a_tuned_encoder_and_plain_vectors_both_have_their_say() -> None:
    plain, vectors = unit(300, 14), unit(300, 4)
    said = [example(n, *(["lesson"] if plain[n, 0] > 0 else [])) for n in range(300)]
    weights, biases = by_plain(plain, said, CODEBOOK, base().heads)
    column = TYPES.index("lesson")
    alone = plain @ weights.T + biases
    assert ((alone[:, column] > 0) == (plain[:, 0] > 0)).mean() > 0.9
    # What nobody gave is unlikely, and no more than that.
    assert (np.delete(alone, column, axis=1) < -2).all()
    heads = base().heads
    both = with_plain(heads, (weights, biases), 0.25)
    np.testing.assert_allclose(
        both.type_logits(vectors, plain),
        0.75 * heads.type_logits(vectors) + 0.25 * alone,
        atol=1e-4,
    )


def foreign(texts: list[str], vectors: Array) -> ThemeEvidence:
    """Vectors that say nothing of themes, and the texts' character n-grams."""
    nothing = np.zeros((len(texts), len(CODEBOOK.themes)), dtype=np.float32)
    return ThemeEvidence(vectors, nothing, ngram_counts(texts))


def test_themes_of_a_foreign_codebook_are_learned_by_letters_that_vectors_do_not_tell() -> None:
    names = CODEBOOK.theme_ids[:2]
    words = ("latrines", "salários")
    texts = [f"{words[n % 2]} {n}" for n in range(60)]
    said = [example(n, "lesson", theme=names[n % 2]) for n in range(60)]
    model = replace(base(), heads=base().heads.without_themes)
    evidence = foreign(texts, unit(60, 3))
    made = refit(model, unit(60, 3), said, CODEBOOK, evidence)
    new = foreign(["The latrine was late.", "Um salário mais alto.", "?"], unit(3, 9))
    found = predictions(made, unit(3, 9), CODEBOOK, new).themes
    columns = [THEMES.index(name) for name in names]
    assert found[0, columns[0]] > 1.5 * found[0, columns[1]]
    assert found[1, columns[1]] > 1.5 * found[1, columns[0]]
    # What another office makes of that model: its letters stay, and what it teaches is added.
    third = THEMES[2]
    again = refit(
        made,
        unit(9, 5),
        [example(n, "lesson", theme=third if n % 3 else names[0]) for n in range(9)],
        CODEBOOK,
        foreign(["radio spots", "latrines", "radio"] * 3, unit(9, 5)),
    )
    assert np.array_equal(again.heads.ngram_rarity, made.heads.ngram_rarity)
    late = foreign(["Um salário mais alto."], unit(3, 9)[1:2])
    kept = predictions(again, unit(3, 9)[1:2], CODEBOOK, late).themes[0]
    assert kept[columns[1]] > kept[columns[0]]
    with pytest.raises(ValueError, match="n-grams"):
        predictions(made, unit(3, 9), CODEBOOK, replace(new, ngrams=None))


def test_without_themes_given_nothing_is_learned_by_letters() -> None:
    model = replace(base(), heads=base().heads.without_themes)
    said = [example(n, "lesson") for n in range(4)]
    made = refit(model, unit(4, 3), said, CODEBOOK, foreign(["a", "b", "c", "d"], unit(4, 3)))
    assert made.heads.ngram_weights is None
    assert made.heads.ngram_rarity is None
