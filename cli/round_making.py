"""How a round is made from the command line: suggestions first, then the choice."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from ..labels.lots import Readers
    from ..labels.project import Project
    from ..labels.store.audit_sample import AuditDrawn
    from ..labels.store.database import Store
    from ..training.next_round import Made, ModelAtWork


@dataclass(frozen=True, slots=True)
class Asked:
    """A round as it was asked for."""

    name: str
    strategy: str
    size: int
    blind: bool
    report: str | None
    language: str
    skip_repeats: bool
    seed: int | None


def make_round(
    project: "Project",
    asked: Asked,
    by: str,
    names: Sequence[str],
    readers: "Readers",
    *,
    new: bool,
    quiet: bool,
) -> "Made":
    """Suggests what the model has not seen yet, then makes the round.

    Raises:
        WhatworksError: the round cannot be as it is asked for.
    """
    from ..labels.lots import MAX_SEED
    from ..labels.store.people import check_people
    from ..labels.store.search import find_report_id
    from ..training.next_round import Wanted, make_next_round
    from ..training.strategies.named import strategy
    from .progress import counting

    # Before anything that takes long.
    strategy(asked.strategy)
    with project.store.reading() as connection:
        check_people(connection, names, new=new)
        report = None if asked.report is None else find_report_id(connection, asked.report)
    wanted = Wanted(
        name=asked.name,
        size=asked.size,
        strategy=asked.strategy,
        seed=asked.seed if asked.seed is not None else secrets.randbelow(MAX_SEED) + 1,
        blind=asked.blind,
        report_id=report,
        language=asked.language,
        skip_repeats=asked.skip_repeats,
    )
    model = model_at_work(project, quiet=quiet)
    with counting("Vectors", quiet=quiet) as on_progress:
        return make_next_round(
            project.store, model, wanted, by, names, readers, on_progress=on_progress
        )


def model_at_work(project: "Project", *, quiet: bool) -> "ModelAtWork":
    """The model by which rounds are chosen, with suggestions for every passage.

    Args:
        project: The project.
        quiet: Says nothing of what takes long.
    """
    from ..labels.store.codebooks import current_codebook
    from ..labels.store.suggestions import find_model_version
    from ..models.prelabel import model_info, prelabel
    from ..training.next_round import ModelAtWork
    from .prelabel import project_suggester
    from .progress import counting
    from .run import cache_warnings

    with project.store.reading() as connection:
        codebook = current_codebook(connection)
    suggester, known = project_suggester(project, codebook.codebook, quiet=quiet)
    info = model_info(suggester.model, suggester.encoder.name)
    with counting("Suggestions", quiet=quiet) as on_progress:
        done = prelabel(project.store, suggester, known, info, codebook.id, on_progress=on_progress)
    for warning in cache_warnings(suggester):
        typer.echo(f"Warning: {warning}", err=True)
    if known.unknown and not quiet:
        typer.echo(
            f"Note: the model {info.name} never learned {', '.join(known.unknown)} and does not "
            "suggest it.",
            err=True,
        )
    if done.suggested and not quiet:
        typer.echo(f"Note: {info.name} suggested for {done.suggested:,} passages.", err=True)
    version = find_model_version(project.store, info.fingerprint)
    return ModelAtWork(suggester.encoder, info.name, version.id if version else 0)


def draw_audit_round(
    store: "Store",
    size: int | None,
    enlarge: int | None,
    by: str,
    names: Sequence[str],
    readers: "Readers",
    *,
    name: str,
    seed: int | None,
    blind: bool,
    new: bool,
) -> "AuditDrawn":
    """Draws the audit sample, or more of it.

    Args:
        store: The project's.
        size: Of a first draw, else None.
        enlarge: How many more, else None.
        by: Who draws.
        names: Who is to read.
        readers: How many read each passage.
        name: Of its round, '' for the usual one.
        seed: Of the lots, None for a new one.
        blind: Whether suggestions are hidden.
        new: Whether names that the project does not know are new annotators.

    Raises:
        WhatworksError: it cannot be drawn so.
    """
    from ..labels.lots import MAX_SEED
    from ..labels.store.audit_sample import AuditWanted, draw_audit
    from ..labels.store.people import check_people

    with store.reading() as connection:
        check_people(connection, names, new=new)
    wanted = AuditWanted(
        add=(size or 0) if enlarge is None else enlarge,
        seed=seed if seed is not None else secrets.randbelow(MAX_SEED) + 1,
        name=name,
        blind=blind,
        first=enlarge is None,
    )
    return draw_audit(store, wanted, by, names, readers)
