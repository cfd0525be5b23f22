"""Query strategies of small-text (Schröder et al. 2023), asked through its own interfaces.

They see the same vectors and the probabilities of the same classifier as ours. The first round is
by lot, as in small-text's own examples: it has no strategy for a beginning without labels that
does not look at the labels. A strategy that fails is not among the results, and it is said.
"""

import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from whatworks.models.heads import Array
from whatworks.training.logistic import Logistic, fit_logistic
from whatworks.training.strategies.chance import Random
from whatworks.training.strategies.diversity import distances
from whatworks.training.strategies.interface import Chosen, Pool, QueryStrategy, checked
from whatworks.training.strategies.named import strategy

PREFIX = "small-text "
_ITERATIONS = 5
"""Of discriminative active learning in a round; the paper's mini-queries."""


def find(name: str) -> QueryStrategy:
    """One of ours, or of small-text's with its prefix."""
    if name.startswith(PREFIX):
        return Peer(name)
    return strategy(name)


def peers() -> dict[str, Callable[[], Any]]:
    """What makes each strategy, by name."""
    from scipy.stats import entropy
    from small_text.query_strategies import coresets, strategies

    def discriminative() -> Any:
        return strategies.DiscriminativeActiveLearning(_Factory(), _ITERATIONS, pbar=None)

    def contrastive() -> Any:
        return strategies.ContrastiveActiveLearning(pbar=None)

    class Entropy(strategies.PredictionEntropy):  # type: ignore[misc]
        """The same numbers, for all passages at once: its own takes them one by one."""

        def get_confidence(self, clf: Any, dataset: Any, *_: Any) -> Any:
            return entropy(clf.predict_proba(dataset), axis=1)

    class Greedy(coresets.GreedyCoreset):  # type: ignore[misc]
        """The same choice, from distances that are kept: its own measures all anew at each pick."""

        def sample(
            self, clf: Any, dataset: Any, unread: Any, read: Any, y: Any, n: int,
            embeddings: Any, embeddings_proba: Any = None,
        ) -> Any:  # fmt: skip
            far = distances(embeddings[unread], embeddings[read])
            picked: list[int] = []
            for _ in range(n):
                picked.append(int(far.argmax()))
                far = np.minimum(far, distances(embeddings[unread], embeddings[picked[-1:]]))
                far[picked] = -np.inf
            return np.array(picked)

    made: dict[str, Callable[[], Any]] = {
        "RandomSampling": strategies.RandomSampling,
        "BreakingTies": strategies.BreakingTies,
        "LeastConfidence": strategies.LeastConfidence,
        "PredictionEntropy": Entropy,
        "EmbeddingKMeans": strategies.EmbeddingKMeans,
        "GreedyCoreset": Greedy,
        "LightweightCoreset": coresets.LightweightCoreset,
        "ContrastiveActiveLearning": contrastive,
        "DiscriminativeActiveLearning": discriminative,
    }
    return {PREFIX + name: make for name, make in made.items()}


class Peer:
    """A strategy of small-text in the place of one of ours."""

    def __init__(self, name: str) -> None:
        self.name = name

    def choose(self, pool: Pool, count: int, seed: int) -> Chosen:
        """What it chooses; the first round by lot."""
        count = checked(pool, count)
        if not len(pool.known_vectors):
            return Random().choose(pool, count, seed)
        texts = _Texts(np.concatenate([pool.vectors, pool.known_vectors]))
        unread = np.arange(len(pool))
        read = len(pool) + np.arange(len(pool.known_vectors))
        labels = pool.known_labels.argmax(axis=1)
        # It draws from numpy's own generator.
        np.random.seed(seed % 2**32)
        with warnings.catch_warnings():
            # Of its own default distance, since its version 1.2.
            warnings.filterwarnings("ignore", message="Default distance metric has changed")
            one = peers()[self.name]()
        rows = np.asarray(one.query(_Model(pool), texts, unread, read, labels, n=count))
        return Chosen(rows.astype(np.intp), (self.name,) * len(rows))


@dataclass(slots=True)
class _Texts:
    """A dataset of small-text's: vectors, and which rows of all they are."""

    x: Array
    rows: Any = None
    y: Any = None
    is_multi_label: bool = False

    def __post_init__(self) -> None:
        if self.rows is None:
            self.rows = np.arange(len(self.x))

    def __len__(self) -> int:
        return len(self.x)

    def __getitem__(self, wanted: Any) -> "_Texts":
        return _Texts(self.x[wanted], self.rows[wanted])

    def clone(self) -> "_Texts":
        return _Texts(self.x, self.rows)


@dataclass(frozen=True, slots=True)
class _Model:
    """A classifier of small-text's that says what the simulation's own says."""

    pool: Pool

    def predict_proba(self, texts: _Texts) -> Array:
        # Of what was read nobody makes use here.
        read = self.pool.known_labels.astype(np.float32)
        return np.concatenate([self.pool.probabilities, read])[texts.rows]

    def embed(self, texts: _Texts, *, return_proba: bool = False, pbar: Any = None) -> Any:
        if not return_proba:
            return texts.x
        own = fit_logistic(self.pool.known_vectors, self.pool.known_labels, exclusive=True)
        return texts.x, own.probabilities(texts.x)


class _Factory:
    """Makes the classifiers that tell read from unread, of the same kind as the simulation's."""

    def new(self) -> "_Discriminator":
        return _Discriminator()


class _Discriminator:
    def fit(self, texts: _Texts) -> "_Discriminator":
        labels = np.eye(2, dtype=np.bool_)[texts.y]
        self.learned_: Logistic = fit_logistic(texts.x, labels, exclusive=True)
        return self

    def predict_proba(self, texts: _Texts) -> Array:
        return self.learned_.probabilities(texts.x)
