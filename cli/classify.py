"""``whatworks classify``: report files in, suggestions out."""

import math
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ..nlp.errors import WhatworksError
from ..nlp.locations import cache_folder
from .run import Options, StreamFormat, run

if TYPE_CHECKING:
    from ..labels.codebook import Codebook
    from ..labels.suggestions import SkippedFile
    from ..models.suggester import EncoderSuggester

# Click joins the lines of a paragraph unless it begins with this sign.
EPILOG = """\b
Examples:
  whatworks classify report.pdf
  whatworks classify reports/ annex.docx -o results.xlsx -o results.html
  whatworks classify passages.csv -o labelled.csv
  whatworks classify report.pdf --format jsonl --include-none | jq .labels
"""

_LANGUAGE_CODES = {
    "en": ("eng", "english", "anglais", "ingles", "inglés", "inglês"),
    "fr": ("fra", "fre", "french", "français", "francais", "francés", "francês"),
    "es": ("spa", "esp", "sp", "spanish", "español", "espanol", "castellano", "espagnol"),
    "pt": ("por", "portuguese", "português", "portugues", "portugués", "portugais"),
}
"""What people write for the four languages, in the order they are named."""


def classify(
    paths: Annotated[
        list[str],
        typer.Argument(
            metavar="PATHS",
            show_default=False,
            help="Reports (PDF, DOCX, HTML, Markdown, text), folders, patterns such as '*.pdf', "
            "tables of passages with a 'text' column (CSV, XLSX, JSONL), or - for a report on "
            "standard input.",
        ),
    ],
    output: Annotated[
        list[Path] | None,
        typer.Option(
            "-o",
            "--output",
            metavar="FILE",
            help="Result file: .xlsx, .csv, .jsonl or .html. May be repeated.",
        ),
    ] = None,
    stream: Annotated[
        StreamFormat,
        typer.Option("--format", metavar="summary|jsonl", help="What to write to standard output."),
    ] = StreamFormat.summary,
    threshold: Annotated[
        float | None,
        typer.Option(
            min=0.0,
            max=1.0,
            metavar="NUMBER",
            show_default="the model's own for each finding type",
            help="Probability, from 0 to 1, from which a finding type is suggested.",
        ),
    ] = None,
    language: Annotated[
        str | None,
        typer.Option(
            metavar="CODE",
            show_default="detected",
            help="Language of the reports: en, fr, es or pt.",
        ),
    ] = None,
    encoder: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            show_default="the model's own",
            help="'bundled', or another sentence-transformers folder or hub id: the heads are "
            "fitted anew for it, once, on the starter corpus.",
        ),
    ] = None,
    model: Annotated[
        str,
        typer.Option(metavar="NAME", help="'starter', or a model folder saved by whatworks."),
    ] = "starter",
    codebook: Annotated[
        str,
        typer.Option(metavar="NAME", help="A shipped codebook's name, or a YAML file of your own."),
    ] = "ilo-social-protection",
    include_none: Annotated[
        bool, typer.Option("--include-none", help="Also list passages without a finding type.")
    ] = False,
    jobs: Annotated[
        int,
        typer.Option(
            min=1, metavar="NUMBER", help="Processes that read reports ahead of the model."
        ),
    ] = 1,
    quiet: Annotated[
        bool, typer.Option("--quiet", "-q", help="No progress bars, no notes and no summary.")
    ] = False,
) -> None:
    """Suggest finding types and themes for every passage of reports.

    The results are suggestions of a model, to be read and confirmed by people.
    """
    from ..labels.codebook import load_codebook
    from .inputs import given_inputs
    from .results import check_outputs

    options = Options(stream, language_code(language), include_none, jobs, quiet)
    if threshold is not None and not math.isfinite(threshold):
        raise typer.BadParameter("the threshold is a probability, from 0 to 1.")
    outputs = check_outputs(output or [])
    with given_inputs(paths, outputs) as inputs:
        if not quiet:
            for note in inputs.notes:
                typer.echo(f"Note: {note}", err=True)
        if not inputs.files and not inputs.skipped:
            raise WhatworksError("There is no report to read: only results were found.")
        sound = True
        if inputs.files:
            suggester = make_suggester(
                model, encoder, load_codebook(codebook), threshold, quiet=quiet
            )
            sound = run(inputs, outputs, suggester, options)
        tell_skipped(inputs.skipped)
    if not sound or inputs.skipped:
        raise typer.Exit(1)


def language_code(given: str | None) -> str | None:
    """The code in lower case; a language's name or another code for it is pointed out."""
    if given is None:
        return None
    code = given.strip().lower()
    for known, others in _LANGUAGE_CODES.items():
        if code in others:
            raise typer.BadParameter(f"'{given}' is no language code here. Nearest: '{known}'.")
    if not (code.isascii() and code.isalpha() and len(code) in (2, 3)):
        raise typer.BadParameter(f"'{given}' is no language code. Give en, fr, es or pt.")
    return code


def make_suggester(
    model: str | Path,
    encoder: str | None,
    codebook: "Codebook",
    threshold: float | None = None,
    *,
    learns: bool = False,
    quiet: bool = False,
) -> "EncoderSuggester":
    """The model, its encoder with the vectors known already, and the codebook, joined.

    Args:
        model: 'starter', or a model folder.
        encoder: Another encoder, for which the starter's heads are fitted anew, 'bundled' for the
            bundled one as it is, without the starter's tuned layers; None or '' is the model's
            own.
        codebook: What is suggested.
        threshold: In place of the model's own.
        learns: Whether vectors for what will be learned of the passages are kept as well.
        quiet: Says nothing of what takes long.

    Raises:
        WhatworksError: a model other than the starter is to work with another encoder.
    """
    from ..models.folder import STARTER, load_model
    from ..models.suggester import EncoderSuggester
    from ..nlp.bundled import FOLDER
    from ..nlp.cached import CachedEncoder
    from ..nlp.encoders import BUNDLED, SentenceEncoder
    from ..nlp.vectors import VectorCache

    loaded = load_model(model)
    vectors = VectorCache(cache_folder() / "vectors.sqlite")
    name = encoder or loaded.encoder
    if name == BUNDLED and not quiet and not (cache_folder() / "encoders" / FOLDER).exists():
        typer.echo("First run: unpacking the encoder takes some ten seconds, once ...", err=True)
    # Named, the bundled encoder is the one that nobody tuned.
    if not encoder or (name == loaded.encoder and loaded.layers is None):
        own = CachedEncoder(SentenceEncoder(loaded.encoder, layers=loaded.layers), vectors)
        return EncoderSuggester(loaded, own, codebook, threshold=threshold, learns=learns)
    if model != STARTER:
        raise WhatworksError(
            f"{model}: this model reads with an encoder of its own; with '{encoder}' nothing of "
            "what it learned could be used. Leave out --encoder, or name --model starter, whose "
            "heads are fitted anew."
        )
    from ..training.frozen import fitted_heads

    other = CachedEncoder(SentenceEncoder(name), vectors)
    if not quiet:
        typer.echo(f"Fitting the heads on vectors of {name} (kept for next time) ...", err=True)
    fitted = fitted_heads(other, cache_folder() / "models")
    return EncoderSuggester(fitted, other, codebook, threshold=threshold)


def tell_skipped(skipped: Sequence["SkippedFile"]) -> None:
    """Names the files that could not be read on standard error, with cause and cure."""
    if not skipped:
        return
    from .summary import print_skipped, summary_console

    count = len(skipped)
    files = "1 file or folder" if count == 1 else f"{count} files or folders"
    typer.echo(f"\n{files} could not be read:", err=True)
    print_skipped(skipped, summary_console(sys.stderr))
