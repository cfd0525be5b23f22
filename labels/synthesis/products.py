"""All that a synthesis is handed over as, made in memory before anything is written."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from ..store.audit_scores import AuditFigures
from .content import Options, report
from .estimates import Estimates
from .figures import Figure, figures
from .languages import texts_in
from .material import Material
from .workbook import workbook

KINDS = ("xlsx", "docx", "html", "figures")
WORKBOOK, DOCUMENT, PAGE, REPRODUCE = (
    "synthesis.xlsx",
    "report.docx",
    "report.html",
    "reproduce.json",
)
FIGURES = "figures"
"""The folder of the figures."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be made, and how."""

    kinds: tuple[str, ...] = KINDS
    language: str = "en"
    options: Options = field(default_factory=Options)
    template: Path | None = None
    """The office's own .docx."""


@dataclass(frozen=True, slots=True)
class Basis:
    """What all of it is made of."""

    material: Material
    estimates: Estimates | None
    audit: AuditFigures | None


def products(
    basis: Basis, wanted: Wanted, on_step: Callable[[int, int], None] | None = None
) -> dict[str, bytes]:
    """Name of each file, seen from the folder it goes to, to its content.

    Args:
        basis: The same one gives the same bytes.
        wanted: What is to be made.
        on_step: Told how many of how many steps are done.

    Raises:
        WhatworksError: the template is no Word document, or a broken one.
    """
    made: dict[str, bytes] = {}
    steps = _steps(basis, wanted)
    for done, some in enumerate(steps, 1):
        made |= some
        if on_step is not None:
            on_step(done, len(wanted.kinds) + 1)
    return made


def _steps(basis: Basis, wanted: Wanted) -> Iterator[dict[str, bytes]]:
    texts = texts_in(wanted.language)
    material = basis.material
    said = report(material, basis.estimates, basis.audit, texts, wanted.options)
    drawn = figures(material, texts) if set(wanted.kinds) - {"xlsx"} else ()
    yield {}
    for kind in KINDS:
        if kind not in wanted.kinds:
            continue
        if kind == "xlsx":
            yield {WORKBOOK: workbook(material, basis.estimates, said.title, texts)}
        elif kind == "docx":
            from .docx import docx

            yield {DOCUMENT: docx(said, drawn, wanted.template)}
        elif kind == "html":
            from .html import html

            yield {PAGE: html(said, drawn).encode()}
        else:
            yield dict(_figure_files(drawn))


def _figure_files(drawn: tuple[Figure, ...]) -> Iterator[tuple[str, bytes]]:
    for one in drawn:
        name = f"{FIGURES}/{one.name}"
        yield f"{name}.svg", one.svg.encode()
        yield f"{name}.png", one.png
        # With the mark by which Excel knows the letters.
        yield f"{name}.csv", one.csv.encode("utf-8-sig")
