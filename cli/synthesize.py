"""``whatworks synthesize``: from confirmed labels to a workbook, a report and figures."""

import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ..nlp.errors import WhatworksError
from .projects import ProjectOption, opened_project

if TYPE_CHECKING:
    from ..labels.project import Project
    from ..labels.synthesis.products import Basis, Wanted
    from ..labels.synthesis.reproduce import Origin

EPILOG = """\b
Examples:
  whatworks synthesize -o synthesis
  whatworks synthesize -o synthese --language fr --office "Bureau de l'évaluation"
  whatworks synthesize -o synthesis --template office.docx --overwrite
  whatworks synthesize -o tables --only xlsx,figures
"""


def synthesize(
    output: Annotated[
        Path,
        typer.Option(
            "-o",
            "--output",
            metavar="DIR",
            show_default=False,
            help="The folder to write to; made where it is not there. Other files in it stay.",
        ),
    ],
    language: Annotated[
        str | None,
        typer.Option(
            metavar="CODE",
            show_default="as whatworks.toml says, else en",
            help="Language of all products: en, fr, es or pt. Quotations stay as they are.",
        ),
    ] = None,
    title: Annotated[
        str | None,
        typer.Option(
            metavar="TEXT", show_default="as whatworks.toml says", help="Title of the report."
        ),
    ] = None,
    office: Annotated[
        str | None,
        typer.Option(
            metavar="TEXT", show_default="as whatworks.toml says", help="Who publishes it."
        ),
    ] = None,
    template: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            show_default="as whatworks.toml says",
            help="A .docx of your office, whose styles, head and foot the report takes.",
        ),
    ] = None,
    only: Annotated[
        str,
        typer.Option(
            metavar="KINDS",
            show_default="all",
            help="Only these products: xlsx, docx, html or figures, with commas between them.",
        ),
    ] = "",
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Replace products that are there already.")
    ] = False,
    project: ProjectOption = None,
) -> None:
    """Make report, workbook and figures from what people confirmed.

    Only confirmed labels of included evaluations are counted and quoted; no model writes a word.
    The folder gets synthesis.xlsx (extraction matrix, counts, register, screening), report.docx,
    report.html, figures/ (SVG, PNG and their numbers as CSV) and reproduce.json, which says from
    what they were made. The same project gives the same files, byte for byte.
    """
    from ..labels.synthesis.folder import check_folder, left_from_before, write_products
    from ..labels.synthesis.products import REPRODUCE, products
    from ..labels.synthesis.reproduce import reproduce_json
    from .progress import counting

    kinds = _kinds(only)
    check_folder(output, overwrite=overwrite)
    with opened_project(project) as opened:
        wanted = _wanted(opened, kinds, language, title, office, template)
        command = _command(language, title, office, template, only)
        basis, origin = _read(opened, wanted, command)
    with counting("Products") as on_step:
        made = products(basis, wanted, on_step)
    made[REPRODUCE] = reproduce_json(basis.material, origin, made)
    left = left_from_before(output, made)
    for path in write_products(output, made, overwrite=overwrite):
        if path.parent == output:
            typer.echo(f"Wrote {path}", err=True)
    _tell(basis, output, made, left)


def _kinds(only: str) -> tuple[str, ...]:
    from ..labels.codebook import unknown
    from ..labels.synthesis.products import KINDS

    given = [one.strip().lower() for one in only.split(",") if one.strip()]
    for one in given:
        if one not in KINDS:
            raise typer.BadParameter(
                f"{unknown('product', one, KINDS)} There are {', '.join(KINDS)}."
            )
    return tuple(one for one in KINDS if one in given or not given)


def _wanted(
    opened: "Project",
    kinds: tuple[str, ...],
    language: str | None,
    title: str | None,
    office: str | None,
    template: Path | None,
) -> "Wanted":
    from ..labels.settings_synthesis import report_language
    from ..labels.synthesis.content import Options
    from ..labels.synthesis.products import Wanted

    plan = opened.settings.synthesis
    if template is None and plan.template:
        template = opened.folder / plan.template
    if template is not None and not template.is_file():
        what = "this is a folder" if template.is_dir() else "there is no such file"
        raise WhatworksError(
            f"{template}: {what}. Give a .docx of your office with --template, or leave it out."
        )
    return Wanted(
        kinds=kinds,
        language=plan.language if language is None else report_language(language),
        options=Options(
            title=plan.title if title is None else " ".join(title.split()),
            office=plan.office if office is None else " ".join(office.split()),
            authors=plan.authors,
        ),
        template=template,
    )


def _read(opened: "Project", wanted: "Wanted", command: str) -> "tuple[Basis, Origin]":
    from ..labels.store.audit_scores import audit_figures
    from ..labels.store.estimates import estimates
    from ..labels.store.material import read_material
    from ..labels.store.origin import read_origin
    from ..labels.synthesis.products import Basis

    settings = opened.settings
    # Within one transaction: nobody decides between two parts of it.
    with opened.store.reading() as connection:
        material = read_material(connection, settings.name, settings.screening)
        included = [one.evaluation for one in material.included]
        basis = Basis(
            material,
            estimates(connection, material.codebook, included),
            audit_figures(connection, material.codebook),
        )
        origin = read_origin(connection, _followed(opened, wanted), command)
    return basis, origin


def _followed(opened: "Project", wanted: "Wanted") -> dict[str, Any]:
    """What the products follow of settings and options, plain values."""
    import hashlib
    from dataclasses import asdict

    template = None
    if wanted.template is not None:
        content = wanted.template.read_bytes()
        template = {"name": wanted.template.name, "sha256": hashlib.sha256(content).hexdigest()}
    policy = opened.settings.policy
    return {
        "review": {"policy": policy.name, "adjudicators": policy.adjudicators},
        "screening": asdict(opened.settings.screening),
        "synthesis": {
            "products": wanted.kinds,
            "language": wanted.language,
            **asdict(wanted.options),
            "template": template,
        },
    }


def _command(
    language: str | None, title: str | None, office: str | None, template: Path | None, only: str
) -> str:
    """What makes the products again; the folders are of no matter to them."""
    given = {"language": language, "title": title, "office": office, "template": template}
    options = [f"--{name}={value}" for name, value in given.items() if value is not None]
    if only:
        options.append(f"--only={only}")
    return shlex.join(["whatworks", "synthesize", "-o", "DIR", *options])


def _tell(basis: "Basis", output: Path, made: dict[str, bytes], left: tuple[str, ...]) -> None:
    from ..labels.synthesis.products import DOCUMENT, FIGURES, PAGE, WORKBOOK

    material = basis.material
    drawn = sum(name.startswith(f"{FIGURES}/") for name in made)
    if drawn:
        _say(f"Wrote {output / FIGURES}: {drawn // 3} figures, each as SVG, PNG and CSV")
    found_in = len({one.evaluation.id for one in material.counted})
    _say(
        f"Counted: {len(material.counted):,} findings of {found_in:,} "
        f"evaluation{'s' * (found_in != 1)}; "
        f"{material.confirmed:,} of {material.passages:,} passages confirmed."
    )
    if material.flow.without_file:
        _say(
            f"Note: the file of {material.flow.without_file:,} of {len(material.included):,} "
            "included evaluations is not in the project. See: whatworks register list --missing"
        )
    if not material.is_register:
        _say(
            "Note: nobody made a register, so every report is taken in. List and screen them with: "
            "whatworks register import FILE"
        )
    repeats = len(material.findings) - len(material.counted)
    if repeats:
        _say(f"Counted once: {repeats:,} passages in which a report says again what it said.")
    for mark, count in material.left_out.items():
        _say(f"Left out: {mark}, with {count:,} confirmed passages: it is not included.")
    for name in material.unlisted:
        _say(f"Left out: {name}: no evaluation of the register names it.")
    if material.stale:
        _say(
            f"Left out: {material.stale:,} passages whose codes changed since they were confirmed. "
            "Read them again with: whatworks review"
        )
    for name in left:
        _say(f"Note: {output / name} is of an earlier run and may say something else now.")
    first = next((one for one in (PAGE, DOCUMENT, WORKBOOK) if one in made), None)
    if first is not None:
        _say(f"Begin with: {output / first}")


def _say(text: str) -> None:
    from ..labels.exchange.rows import printable

    typer.echo(printable(text), err=True)
