"""``whatworks classify``: report files in, suggestions out."""

import os
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from .. import __version__
from ..nlp.errors import WhatworksError
from ..nlp.locations import cache_folder

if TYPE_CHECKING:
    from ..labels.suggestions import SkippedFile
    from ..models.suggester import EncoderSuggester

EPILOG = """[b]Examples[/b]

whatworks classify report.pdf

whatworks classify reports/ annex.docx -o results.xlsx -o results.html

whatworks classify passages.csv -o labelled.csv

whatworks classify report.pdf --format jsonl --include-none | jq .labels
"""


class StreamFormat(StrEnum):
    """What is written to standard output."""

    summary = "summary"
    jsonl = "jsonl"


def classify(
    paths: Annotated[
        list[str],
        typer.Argument(
            metavar="PATHS...",
            help="Reports (PDF, DOCX, HTML, Markdown, text), folders, patterns such as '*.pdf', "
            "tables of passages with a 'text' column (CSV, XLSX, JSONL), or - for standard input.",
        ),
    ],
    output: Annotated[
        list[Path] | None,
        typer.Option(
            "-o", "--output", help="Result file: .xlsx, .csv, .jsonl or .html. May be repeated."
        ),
    ] = None,
    stream: Annotated[
        StreamFormat,
        typer.Option("--format", help="What to write to standard output."),
    ] = StreamFormat.summary,
    threshold: Annotated[
        float | None,
        typer.Option(
            min=0.0,
            max=1.0,
            help="Probability from which a finding type is suggested "
            "[default: the model's own, per finding type].",
        ),
    ] = None,
    language: Annotated[
        str | None,
        typer.Option(help="Language of the reports (en, fr, es, pt) [default: detected]."),
    ] = None,
    encoder: Annotated[
        str | None,
        typer.Option(
            help="Another sentence-transformers folder or hub id: the heads are fitted anew on "
            "the starter corpus, once [default: the model's own]."
        ),
    ] = None,
    model: Annotated[
        str, typer.Option(help="'starter', or a model folder saved by whatworks.")
    ] = "starter",
    codebook: Annotated[
        str, typer.Option(help="A shipped codebook's name, or a YAML file of your own.")
    ] = "ilo-social-protection",
    include_none: Annotated[
        bool, typer.Option("--include-none", help="Also list passages without a finding type.")
    ] = False,
    jobs: Annotated[
        int, typer.Option(min=1, help="Processes that read reports ahead of the model.")
    ] = 1,
    quiet: Annotated[
        bool, typer.Option("--quiet", "-q", help="No progress bars and no summary.")
    ] = False,
) -> None:
    """Suggest finding types and themes for every passage of reports.

    The results are suggestions of a model, to be read and confirmed by people.
    """
    outputs = output or []
    _check_language(language)
    with _inputs(paths) as given:
        written = {path.absolute() for path in outputs}
        files = [path for path in given if path.absolute() not in written]
        skipped = _run(
            files,
            outputs,
            stream,
            _suggester(model, encoder, codebook, threshold, quiet=quiet),
            language=language.lower() if language else None,
            include_none=include_none,
            jobs=jobs,
            quiet=quiet,
        )
    if skipped:
        raise typer.Exit(1)


def _check_language(language: str | None) -> None:
    if language and not (language.isalpha() and len(language) in (2, 3)):
        raise typer.BadParameter(f"'{language}' is no language code. Give en, fr, es or pt.")


@contextmanager
def _inputs(paths: Sequence[str]) -> Iterator[list[Path]]:
    """The files that the arguments stand for; standard input as a file of its own."""
    from ..nlp.readers.interface import find_reports

    with ExitStack() as stack:
        given: list[Path] = []
        for path in paths:
            if path != "-":
                given.append(Path(path))
                continue
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="whatworks-")))
            (folder / "standard-input").write_bytes(sys.stdin.buffer.read())
            given.append(folder / "standard-input")
        yield find_reports(given)


def _suggester(
    model: str, encoder: str | None, codebook: str, threshold: float | None, *, quiet: bool
) -> "EncoderSuggester":
    from ..labels.codebook import load_codebook
    from ..models.folder import load_model
    from ..models.suggester import EncoderSuggester
    from ..nlp.encoders import CachedEncoder, SentenceEncoder
    from ..nlp.vectors import VectorCache

    loaded_codebook = load_codebook(codebook)
    loaded = load_model(model)
    vectors = VectorCache(cache_folder() / "vectors.sqlite")
    if encoder is None or encoder == loaded.encoder:
        own = CachedEncoder(SentenceEncoder(loaded.encoder, layers=loaded.layers), vectors)
        return EncoderSuggester(loaded, own, loaded_codebook, threshold=threshold)
    from ..training.frozen import fitted_heads

    other = CachedEncoder(SentenceEncoder(encoder), vectors)
    if not quiet:
        typer.echo(f"Fitting the heads on vectors of {encoder} (kept for next time) ...", err=True)
    fitted = fitted_heads(other, cache_folder() / "models")
    return EncoderSuggester(fitted, other, loaded_codebook, threshold=threshold)


def _run(
    files: Sequence[Path],
    outputs: Sequence[Path],
    stream: StreamFormat,
    suggester: "EncoderSuggester",
    *,
    language: str | None,
    include_none: bool,
    jobs: int,
    quiet: bool,
) -> "list[SkippedFile]":
    from ..labels.exchange.interface import ResultWriter, open_writer
    from ..labels.suggestions import RunInfo, SkippedFile
    from ..models.classify import classify_files
    from .lines import LinesWriter
    from .progress import watching
    from .summary import SummaryWriter, print_skipped, summary_console

    info = RunInfo(
        model=f"{suggester.name} ({suggester.encoder.name} encoder)",
        codebook=f"{suggester.codebook.id} {suggester.codebook.version}",
        thresholds=suggester.thresholds,
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        version=__version__,
    )
    skipped: list[SkippedFile] = []
    with ExitStack() as stack:
        writers: list[ResultWriter] = [
            stack.enter_context(open_writer(path, info, suggester.codebook, include_none))
            for path in _distinct(outputs)
        ]
        if stream is StreamFormat.jsonl:
            writers.append(LinesWriter(sys.stdout, info, include_none))
        elif not quiet:
            writers.append(SummaryWriter(summary_console(), suggester.codebook))
        watcher = stack.enter_context(watching(len(files), quiet=quiet))
        results = classify_files(
            files,
            suggester,
            watcher,
            language=language,
            cache=cache_folder() / "reports",
            jobs=jobs,
        )
        for result in results:
            if isinstance(result, SkippedFile):
                skipped.append(result)
                continue
            with watcher.paused():
                for writer in writers:
                    writer.write(result)
        with watcher.paused():
            for writer in writers:
                writer.finish(skipped)
    for warning in _warnings(suggester):
        typer.echo(f"Warning: {warning}", err=True)
    if skipped:
        typer.echo(f"\n{_count(len(skipped), 'file')} could not be read:", err=True)
        print_skipped(skipped, summary_console(sys.stderr))
    if not quiet:
        for path in _distinct(outputs):
            typer.echo(f"Wrote {path}", err=True)
    return skipped


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _distinct(outputs: Sequence[Path]) -> list[Path]:
    seen: dict[str, Path] = {}
    for path in outputs:
        key = os.path.normcase(path.absolute())
        if key in seen:
            raise WhatworksError(f"{path}: given twice with -o. Give each result file once.")
        seen[key] = path
    return list(seen.values())


def _warnings(suggester: "EncoderSuggester") -> list[str]:
    from ..nlp.encoders import CachedEncoder

    cached = suggester.encoder
    return (
        [cached.cache.warning] if isinstance(cached, CachedEncoder) and cached.cache.warning else []
    )
