"""The strategies by name."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from ...labels.codebook import unknown
from ...nlp.errors import WhatworksError
from .badge import Badge
from .balanced import Balanced
from .beginning import FromVectorsFirst
from .chance import Random
from .committee import Committee, divergence, vote_entropy
from .default import Default
from .density import Density
from .diversity import Coreset, PlusPlus
from .interface import QueryStrategy
from .rare import Rare
from .typical import TypiClust
from .uncertainty import Uncertain, doubts, entropies, margins
from .variance import Variance

BALANCED = "balanced-"
"""Before another's name: shared out evenly over languages and reports."""
HUNT = "rare:"
"""Before the labels that are hunted for, parted by commas."""


@dataclass(frozen=True, slots=True)
class Named:
    """A strategy, and what it does in a line of help."""

    make: Callable[[], QueryStrategy]
    description: str
    by_model: bool = True
    """Whether it goes by what a model says, and has to begin otherwise where that is nothing."""


STRATEGIES: Mapping[str, Named] = {
    "default": Named(Default, "would teach most about all labels, rare ones too", by_model=False),
    "random": Named(
        Random, "by lot; the only one whose finds estimate what there is", by_model=False
    ),
    "margin": Named(
        lambda: Uncertain("margin", margins), "the two likeliest labels are nearly as likely"
    ),
    "least-confidence": Named(
        lambda: Uncertain("least-confidence", doubts), "the likeliest answer is not likely"
    ),
    "entropy": Named(
        lambda: Uncertain("entropy", entropies), "the probabilities are spread most evenly"
    ),
    "coreset": Named(Coreset, "farthest from all that was read", by_model=False),
    "kmeans++": Named(
        PlusPlus, "by lot, likelier the farther from all that was read", by_model=False
    ),
    "typiclust": Named(
        TypiClust, "typical of groups of passages of which little was read", by_model=False
    ),
    "badge": Named(Badge, "would teach the model most, each in another way"),
    "variance": Named(Variance, "leaves least to guess about all other passages", by_model=False),
    "density": Named(Density, "unsure, and like many others"),
    "vote-entropy": Named(
        lambda: Committee("vote-entropy", vote_entropy), "five models vote differently"
    ),
    "disagreement": Named(
        lambda: Committee("disagreement", divergence), "five models' probabilities differ"
    ),
    "rare": Named(
        Rare, "likely has a label of which few were found; rare:lesson hunts for that one"
    ),
    "balanced": Named(
        lambda: Balanced(Random(), "balanced"),
        "by lot, languages and reports in turn; balanced-NAME does so with another's choice",
        by_model=False,
    ),
}
"""In the order of the help."""


def strategy(name: str) -> QueryStrategy:
    """The strategy of a name.

    'balanced-margin' is 'margin', languages and reports in turn; 'rare:lesson,obstacle' hunts for
    these labels.

    Raises:
        WhatworksError: there is none of that name; the nearest is named.
    """
    if name in STRATEGIES:
        named = STRATEGIES[name]
        return FromVectorsFirst(named.make()) if named.by_model else named.make()
    if name.startswith(HUNT):
        labels = [one.strip() for one in name[len(HUNT) :].split(",") if one.strip()]
        if labels:
            return FromVectorsFirst(Rare(labels, name))
    inner = name.removeprefix(BALANCED)
    if inner in STRATEGIES and inner != name and inner != "balanced":
        return Balanced(strategy(inner), name)
    raise WhatworksError(
        f"{unknown('strategy', name, STRATEGIES)} There are {', '.join(STRATEGIES)}; "
        f"'{BALANCED}' may stand before each."
    )
