"""Character n-grams: counts that hold no words, and how much each counts."""

import numpy as np

from whatworks.models.ngrams import N_COLUMNS, ngram_counts, rarity, weighed


def test_texts_that_share_runs_of_letters_are_alike() -> None:
    texts = ["Latrines were built.", "A latrine was built late.", "Salários em atraso."]
    counts = ngram_counts(texts)
    assert counts.shape == (3, N_COLUMNS)
    runs = weighed(counts, rarity(counts))
    alike = (runs @ runs.T).toarray()
    np.testing.assert_allclose(np.diag(alike), 1, rtol=1e-6)
    assert alike[0, 1] > 0.3 > 0.05 > alike[0, 2]


def test_what_stands_in_every_text_counts_least() -> None:
    counts = ngram_counts(["abc", "abc xyz"])
    (everywhere,) = np.unique(rarity(counts)[ngram_counts(["abc"]).indices])
    assert everywhere == 1
    only_once = np.setdiff1d(ngram_counts(["xyz"]).indices, ngram_counts(["abc"]).indices)
    np.testing.assert_allclose(rarity(counts)[only_once], np.log(3 / 2) + 1)


def test_what_occurs_again_counts_by_its_logarithm() -> None:
    once, thrice = ngram_counts(["abc"]), ngram_counts(["abc abc abc"])
    np.testing.assert_allclose(thrice[:, once.indices].toarray(), 1 + np.log(3))


def test_texts_without_letters_and_no_texts_have_none() -> None:
    assert ngram_counts([]).shape == (0, N_COLUMNS)
    counts = ngram_counts(["", "abc"])
    runs = weighed(counts, rarity(counts))
    assert runs[0].nnz == 0
    assert np.isfinite(runs.data).all()
