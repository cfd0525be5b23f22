"""``whatworks simulate``: what choosing passages by a strategy would have been worth."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ..nlp.errors import WhatworksError

if TYPE_CHECKING:
    from ..nlp.cached import CachedEncoder
    from ..nlp.encoders import Array
    from ..training.simulating.files import Given

NAMES = (
    "default, random, margin, least-confidence, entropy, coreset, kmeans++, typiclust, badge, "
    "variance, density, vote-entropy, disagreement, rare (rare:lesson hunts for that label) or "
    "balanced (balanced-margin: another's choice, languages and reports in turn)"
)
"""Of strategies, for the help: it must not take the time that looking them up takes."""

EPILOG = """\b
Examples:
  whatworks simulate labelled.xlsx
  whatworks simulate labelled.csv --strategy default --strategy margin --seeds 10 -o simulation
  whatworks simulate excerpts.jsonl --label dimensions --report reports --rounds 20
"""


def simulate(
    file: Annotated[
        Path,
        typer.Argument(
            metavar="FILE",
            show_default=False,
            help="Labelled passages: CSV, TSV, XLSX or JSONL with the columns 'text', 'report' and "
            "'labels', or another one named with --label.",
        ),
    ],
    label: Annotated[
        str | None,
        typer.Option(
            metavar="COLUMN",
            show_default="finding types, in the column 'labels'",
            help="The column with labels of any kind.",
        ),
    ] = None,
    report: Annotated[
        str | None,
        typer.Option(
            metavar="COLUMN",
            show_default="'report', 'doc' or 'document'",
            help="The column that says which report a passage is of; goes with --label.",
        ),
    ] = None,
    codebook: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            show_default="ilo-social-protection",
            help="What the finding types are from: a shipped codebook, or a YAML file.",
        ),
    ] = None,
    strategies: Annotated[
        list[str] | None,
        typer.Option(
            "--strategy",
            metavar="NAME",
            show_default="default",
            help=f"How passages are chosen: {NAMES}. May be repeated.",
        ),
    ] = None,
    against: Annotated[
        str,
        typer.Option(metavar="NAME", help="The strategy that the others are measured against."),
    ] = "random",
    seeds: Annotated[
        int, typer.Option(min=2, max=1000, metavar="NUMBER", help="How often all is replayed.")
    ] = 10,
    batch: Annotated[int, typer.Option(min=1, metavar="NUMBER", help="Passages a round.")] = 20,
    rounds: Annotated[
        int | None,
        typer.Option(
            min=1, metavar="NUMBER", show_default="until all is read", help="Rounds at most."
        ),
    ] = None,
    encoder: Annotated[
        str,
        typer.Option(
            metavar="NAME",
            help="'bundled', 'starter' (the bundled one as the starter tuned it), or another "
            "sentence-transformers folder or hub id.",
        ),
    ] = "bundled",
    jobs: Annotated[
        int | None,
        typer.Option(
            min=1, metavar="NUMBER", show_default="one a processor", help="Replays at a time."
        ),
    ] = None,
    output: Annotated[
        Path,
        typer.Option(
            "-o",
            "--output",
            metavar="DIR",
            help="Folder for the page, the tables (CSV) and what is kept to go on later.",
        ),
    ] = Path("simulation"),
    quiet: Annotated[
        bool, typer.Option("--quiet", "-q", help="No progress bar and no notes.")
    ] = False,
) -> None:
    """Replay annotation rounds on passages whose labels are known.

    A third of the reports is held out to score on; the others are read in rounds, as each strategy
    chooses, and the same classifier learns from what was read. Again with other thirds, --seeds
    times. A run that was stopped goes on where it was.
    """
    from ..training.simulating.files import no_vectors
    from ..training.simulating.material import check
    from ..training.simulating.measures import summaries
    from ..training.simulating.running import Simulation
    from ..training.simulating.running import simulate as replayed
    from ..training.simulating.stopping import all_stops
    from ..training.strategies.named import strategy
    from .progress import counting
    from .simulate_files import write_results
    from .simulate_text import Basis, simulation_text

    given = _given(file, label, report, codebook)
    chosen = tuple(dict.fromkeys(strategies or ["default"]))
    for name in (*chosen, against):
        strategy(name)
    if not quiet:
        for note in given.notes:
            typer.echo(f"Note: {note}", err=True)
    _check_folder(output)
    # What nothing can be learned from is told before vectors are made.
    check(given.material(no_vectors(given.texts)))
    material = given.material(_vectors(given, encoder, quiet=quiet))
    wanted = Simulation(chosen, against, seeds, batch, rounds)
    with counting("Replays", quiet=quiet) as on_progress:
        runs = replayed(material, wanted, output / "runs", jobs=jobs, on_progress=on_progress)
    found = summaries(runs, material.labels, against)
    stops = all_stops(runs, material.labels)
    basis = Basis.of(material, wanted, encoder)
    typer.echo(simulation_text(found, stops, basis), nl=False)
    for path in write_results(output, runs, found, stops, basis):
        if not quiet:
            typer.echo(f"Wrote {path}", err=True)


def _given(file: Path, label: str | None, report: str | None, codebook: str | None) -> "Given":
    from ..labels.codebook import load_codebook
    from ..training.simulating.files import any_labels, finding_types

    if not file.exists():
        raise WhatworksError(f"{file}: there is no such file.")
    if label is None:
        if report is not None:
            raise typer.BadParameter("--report goes with --label.")
        return finding_types(file, load_codebook(codebook) if codebook else load_codebook())
    if codebook is not None:
        raise typer.BadParameter("--codebook is for finding types: leave out --label, or this.")
    return any_labels(file, label, report)


def _check_folder(folder: Path) -> None:
    if folder.exists() and not folder.is_dir():
        raise WhatworksError(f"{folder}: this is a file. Give a folder with -o.")
    if not folder.resolve().parent.is_dir():
        raise WhatworksError(
            f"{folder}: There is no folder '{folder.parent}'. Create it, or give another place."
        )


def _vectors(given: "Given", encoder: str, *, quiet: bool) -> "Array":
    from .progress import counting

    one = _encoder(encoder)
    with counting("Passages", quiet=quiet) as on_progress:
        vectors = one.encode(given.texts, on_progress=on_progress)
    if one.cache.warning:
        typer.echo(f"Warning: {one.cache.warning}", err=True)
    return vectors


def _encoder(name: str) -> "CachedEncoder":
    from ..models.folder import STARTER, load_model
    from ..nlp.cached import CachedEncoder
    from ..nlp.encoders import SentenceEncoder
    from ..nlp.locations import cache_folder
    from ..nlp.vectors import VectorCache

    if name == STARTER:
        starter = load_model(STARTER)
        inner = SentenceEncoder(starter.encoder, layers=starter.layers)
    else:
        inner = SentenceEncoder(name)
    return CachedEncoder(inner, VectorCache(cache_folder() / "vectors.sqlite"))
