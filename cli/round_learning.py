"""After a round: the heads learn from it, and every passage is suggested anew."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..labels.project import Project
    from ..models.known_codes import KnownCodes
    from ..models.suggester import EncoderSuggester
    from ..nlp.encoders import Progress

SuggesterOf = Callable[..., "tuple[EncoderSuggester, KnownCodes]"]
"""``prelabel.project_suggester``, or what stands in its place."""


class Outcome(StrEnum):
    """What came of it."""

    LEARNED = "learned"
    SAME = "same"
    """The model in use has learned just this already."""
    NOTHING = "nothing"
    """Nothing is confirmed that may be learned from."""
    TUNED = "tuned"
    """The model in use was tuned, and stays: heads on the untuned one would be a step back."""


@dataclass(frozen=True, slots=True)
class Learned:
    """What a model learned after a round."""

    outcome: Outcome
    model: str
    """That suggests from now on, as it stands in the settings."""
    before: str
    """That suggested until now."""
    passages: int = 0
    """Confirmed passages that it learned from."""


def learn(
    project: "Project", suggester_of: SuggesterOf, *, on_progress: "Progress | None" = None
) -> Learned:
    """Refits the heads, puts them to work, and suggests for every passage by stored vectors.

    Args:
        project: The project.
        suggester_of: Gives the project's suggester, with the model that is named.
        on_progress: Told as passages get their suggestions.

    Raises:
        WhatworksError: the model cannot be loaded or written.
    """
    from ..labels.settings import read_settings, use_model
    from ..labels.store.codebooks import current_codebook
    from ..labels.store.confirmed import passages_to_learn_from
    from ..models.folder import STARTER, load_model
    from ..models.prelabel import model_info, prelabel
    from ..training.own import base_of, confirmed_examples, train_heads
    from ..training.own_tuned import NAME as TUNED

    # Another program may have put another model to work since the project was opened.
    project = replace(project, settings=read_settings(project.settings_file))
    before = project.settings.model
    if before != STARTER and load_model(project.folder / before).name == TUNED:
        return Learned(Outcome.TUNED, before, before)
    with project.store.reading() as connection:
        codebook = current_codebook(connection)
        examples = confirmed_examples(passages_to_learn_from(connection), codebook.codebook)
    if not examples:
        return Learned(Outcome.NOTHING, before, before)
    base = base_of(project)
    suggester, known = suggester_of(
        project, codebook.codebook, model=base, to_learn=True, quiet=True
    )
    made, _ = train_heads(project.folder, suggester, known, codebook, base, examples)
    where = made.folder.relative_to(project.folder).as_posix()
    use_model(project.settings_file, where)
    suggester, known = suggester_of(project, codebook.codebook, model=str(made.folder), quiet=True)
    info = model_info(suggester.model, suggester.encoder.name)
    prelabel(project.store, suggester, known, info, codebook.id, on_progress=on_progress)
    outcome = Outcome.SAME if where == before else Outcome.LEARNED
    return Learned(outcome, where, before, made.passages)
