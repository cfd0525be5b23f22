"""One run over reports: what is suggested goes to the results, what went wrong is told."""

import sys
from collections.abc import Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from .. import __version__
from ..nlp.locations import cache_folder

if TYPE_CHECKING:
    from ..labels.suggestions import RunInfo
    from ..models.suggester import EncoderSuggester
    from .inputs import Inputs
    from .lines import LinesWriter
    from .results import Results
    from .summary import SummaryWriter


class StreamFormat(StrEnum):
    """What is written to standard output."""

    summary = "summary"
    jsonl = "jsonl"


@dataclass(frozen=True, slots=True)
class Options:
    """How a run of ``classify`` goes, beside its files and its model."""

    stream: StreamFormat
    language: str | None
    include_none: bool
    jobs: int
    quiet: bool


def run(
    inputs: "Inputs", outputs: Sequence[Path], suggester: "EncoderSuggester", options: Options
) -> bool:
    """Reads, suggests and writes; whether every result file could be written."""
    from ..labels.exchange.interface import open_writer
    from .results import Results

    info = _run_info(suggester)
    with ExitStack() as stack:
        files = {
            path: stack.enter_context(
                open_writer(path, info, suggester.codebook, options.include_none)
            )
            for path in outputs
        }
        results = Results(files, _shown(info, suggester, options))
        try:
            _classify(inputs, suggester, results, options)
        except KeyboardInterrupt:
            _tell_written(results, quiet=False)
            typer.echo(_interrupted(results, outputs), err=True)
            raise typer.Exit(130) from None
        except BaseException:
            _tell_written(results, quiet=options.quiet)
            raise
    for warning in cache_warnings(suggester):
        typer.echo(f"Warning: {warning}", err=True)
    _tell_written(results, quiet=options.quiet)
    return not results.failures


def _run_info(suggester: "EncoderSuggester") -> "RunInfo":
    from ..labels.suggestions import RunInfo

    return RunInfo(
        model=f"{suggester.name} ({suggester.encoder.name} encoder)",
        codebook=f"{suggester.codebook.id} {suggester.codebook.version}",
        thresholds=suggester.thresholds,
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        version=__version__,
    )


def _shown(
    info: "RunInfo", suggester: "EncoderSuggester", options: Options
) -> "LinesWriter | SummaryWriter | None":
    """What writes to standard output, if anything does."""
    from .lines import LinesWriter
    from .summary import SummaryWriter, summary_console

    if options.stream is StreamFormat.jsonl:
        return LinesWriter(sys.stdout, info, options.include_none)
    return None if options.quiet else SummaryWriter(summary_console(), suggester.codebook)


def _classify(
    inputs: "Inputs", suggester: "EncoderSuggester", results: "Results", options: Options
) -> None:
    from ..labels.suggestions import SkippedFile
    from ..models.classify import classify_files
    from .progress import watching

    # The summary has them beside the report they are about.
    aloud = options.quiet or options.stream is not StreamFormat.summary
    with watching(len(inputs.files), quiet=options.quiet) as watcher:
        found = classify_files(
            inputs.files,
            suggester,
            watcher,
            language=options.language,
            cache=cache_folder() / "reports",
            jobs=options.jobs,
        )
        with closing(found):
            for one in found:
                result = replace(one, path=inputs.shown(one.path))
                if isinstance(result, SkippedFile):
                    inputs.skipped.append(result)
                    continue
                with watcher.paused():
                    for warning in result.warnings if aloud else ():
                        typer.echo(f"Warning: {result.path}: {warning}", err=True)
                    results.write(result)
        with watcher.paused():
            results.finish(inputs.skipped)


def _interrupted(results: "Results", outputs: Sequence[Path]) -> str:
    missing = [str(path) for path in outputs if path not in results.written]
    lost = f" Not written: {', '.join(missing)}." if missing else ""
    return (
        f"Interrupted.{lost} Passages already encoded are kept, so the same command goes on from "
        "there."
    )


def _tell_written(results: "Results", *, quiet: bool) -> None:
    for error in results.failures:
        typer.echo(f"Error: {error}", err=True)
    for path in results.written if not quiet else ():
        typer.echo(f"Wrote {path}", err=True)


def cache_warnings(suggester: "EncoderSuggester") -> list[str]:
    """What a user should know of the vectors that are kept."""
    from ..nlp.cached import CachedEncoder

    cached = suggester.encoder
    return (
        [cached.cache.warning] if isinstance(cached, CachedEncoder) and cached.cache.warning else []
    )
