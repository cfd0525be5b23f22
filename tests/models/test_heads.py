import numpy as np

from whatworks.models.heads import Heads

HEADS = Heads(
    finding_types=("a", "b"),
    type_weights=np.array([[1, 0], [0, 2]], dtype=np.float32),
    type_biases=np.array([0.5, -1], dtype=np.float32),
    themes=("known",),
    theme_weights=np.array([[0, 4]], dtype=np.float32),
    theme_biases=np.array([1], dtype=np.float32),
    similarity_scale=10.0,
)
VECTORS = np.array([[1, 0], [0, 1]], dtype=np.float32)


def test_type_logits_are_weights_times_vectors_plus_bias() -> None:
    np.testing.assert_allclose(HEADS.type_logits(VECTORS), [[1.5, -1], [0.5, 1]])


def test_an_unseen_theme_goes_by_its_definition_and_a_known_one_adds_what_was_learned() -> None:
    definitions = np.array([[1, 0], [0, 1]], dtype=np.float32)
    logits = HEADS.theme_logits(HEADS.own_evidence(VECTORS, definitions), ("new", "known"))
    # Similarity less the mean definition: 10 * 0.5 or -0.5; the known one gains 1 or 4 + 1.
    np.testing.assert_allclose(logits, [[5, -5 + 1], [-5, 5 + 5]])


def test_the_order_of_the_codebook_decides_the_columns() -> None:
    definitions = np.array([[0, 1], [1, 0]], dtype=np.float32)
    logits = HEADS.theme_logits(HEADS.own_evidence(VECTORS, definitions), ("known", "new"))
    np.testing.assert_allclose(logits, [[-4, 5], [10, -5]])
