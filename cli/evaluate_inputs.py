"""What ``whatworks evaluate`` measures: passages with labels, and models with their vectors."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from ..nlp.errors import WhatworksError

if TYPE_CHECKING:
    from ..labels.codebook import Codebook
    from ..labels.project import Project
    from ..models.folder import Model
    from ..training.assessing.passages import Labelled
    from ..training.examples import Example
    from ..training.ground import Ground


@dataclass(frozen=True, slots=True)
class Measured:
    """The passages, and what their labels are from."""

    labelled: "Labelled"
    codebook: "Codebook"
    """Without the themes that are told by words."""
    codebook_name: str
    refitted: bool
    """Whether each report is looked at by heads refitted on the others."""


def measured_passages(
    project: "Project | None",
    file: Path | None,
    codebook: str | None,
    model: str | None,
    against: str | None,
) -> Measured:
    """The confirmed passages of the project, or those of a file that no model has learned from.

    Args:
        project: Where there is one; without a file there must be.
        file: Labelled passages.
        codebook: In place of the project's.
        model: As it was given.
        against: As it was given.

    Raises:
        WhatworksError: there are none, or a model was made from them.
    """
    from ..labels.codebook import load_codebook
    from ..labels.store.codebooks import current_codebook
    from ..labels.store.confirmed import confirmed_passages, passages_to_learn_from
    from ..training.assessing.labelled_files import read_labelled
    from ..training.assessing.passages import confirmed

    if project is None:
        assert file is not None
        book = load_codebook(codebook) if codebook else load_codebook()
        labelled = _learned_themes(read_labelled(file, book), book)
        labelled = _without_learned(None, labelled, (), model, against)
        name = f"{book.id} {book.version}"
        return Measured(labelled, book.as_learned, name, refitted=False)
    with project.store.reading() as connection:
        stored = current_codebook(connection)
        # Its own models may have learned from passages before they were drawn for the audit.
        read = passages_to_learn_from if file is None else confirmed_passages
        known = confirmed(read(connection), stored.codebook)
    book, name = stored.codebook, f"{stored.codebook.id} version {stored.number}"
    if file is None:
        known = _checked(project, known, model, against)
        return Measured(known, book.as_learned, name, known.by_report)
    if codebook is not None:
        book = load_codebook(codebook)
        name = f"{book.id} {book.version}"
    labelled = _learned_themes(read_labelled(file, book), book)
    labelled = _without_learned(project, labelled, known.examples, model, against)
    return Measured(labelled, book.as_learned, name, refitted=False)


def _learned_themes(labelled: "Labelled", codebook: "Codebook") -> "Labelled":
    """Without the themes that are told by words, which no model can get right or wrong."""
    from ..training.examples import as_learned

    return replace(labelled, examples=tuple(as_learned(labelled.examples, codebook)))


def _checked(
    project: "Project", known: "Labelled", model: str | None, against: str | None
) -> "Labelled":
    from ..models.folder import load_model
    from ..training.assessing.memory import refuse_memory

    if not known.examples:
        raise WhatworksError(
            "Nothing is confirmed yet, so there is nothing to measure on. Confirm passages first: "
            "whatworks review"
        )
    for name in (model, against):
        if name is not None:
            refuse_memory(load_model(name), name, project.folder, known.examples)
    if known.by_report:
        return known
    return known.only(
        range(len(known.examples)),
        "All confirmed passages are of one report, so there is no other to learn from: the model "
        "is looked at as it is.",
    )


def _without_learned(
    project: "Project | None",
    labelled: "Labelled",
    known: "tuple[Example, ...]",
    model: str | None,
    against: str | None,
) -> "Labelled":
    """The passages of a file that neither model has learned from, as far as that can be known."""
    from ..models.folder import load_model
    from ..training.assessing.memory import without_learned

    used = [_named_model(project, model), *([load_model(against)] if against else [])]
    own = [one for one in used if "refitted_from" in one.made_from]
    if project is not None and own:
        whose = "in the starter corpus or confirmed in this project"
        return without_learned(labelled, known, whose)
    labelled = without_learned(labelled, (), "in the starter corpus")
    if not own:
        return labelled
    return labelled.only(
        range(len(labelled.examples)),
        f"{own[0].name} {own[0].version} was made from passages of a project. Whether these are "
        "among them can only be told in that project: --project DIR.",
    )


def _named_model(project: "Project | None", name: str | None) -> "Model":
    from ..models.folder import STARTER, load_model

    if name is None and project is not None and project.settings.model != STARTER:
        return load_model(project.folder / project.settings.model)
    return load_model(name or STARTER)


def model_ground(
    project: "Project | None", measured: Measured, model: str | None, *, quiet: bool
) -> tuple["Ground", str]:
    """A model with the vectors that its encoder gives the passages, and its name."""
    from ..models.folder import STARTER, load_model
    from ..models.known_codes import known_codes
    from ..training.own import ground_of, in_words_of
    from .classify import make_suggester
    from .prelabel import project_suggester
    from .progress import counting
    from .run import cache_warnings

    book, examples = measured.codebook, measured.labelled.examples
    if project is not None:
        suggester, known = project_suggester(
            project, book, model=model, to_learn=measured.refitted, quiet=quiet
        )
    else:
        heads = load_model(model or STARTER).heads
        known = known_codes(book, heads.finding_types, heads.themes)
        suggester = make_suggester(model or STARTER, None, known.codebook, quiet=quiet)
    if known.unknown and not quiet:
        typer.echo(
            f"Note: the model {suggester.name} never learned {', '.join(known.unknown)} and does "
            "not suggest it.",
            err=True,
        )
    base = in_words_of(suggester.model, known)
    with counting("Passages", quiet=quiet) as on_progress:
        ground = ground_of(base, suggester.encoder, book, examples, on_progress=on_progress)
    for warning in cache_warnings(suggester):
        typer.echo(f"Warning: {warning}", err=True)
    return ground, suggester.name
