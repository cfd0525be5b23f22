"""The report as a page: one file that needs no network."""

from collections.abc import Sequence
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from ... import __version__
from ..exchange.html import content_hash
from ..exchange.rows import printable
from .content.blocks import Block, Cell, Heading, Report, numeric_columns
from .figures.interface import Figure
from .languages import texts_in

_TEMPLATES = Path(__file__).parent / "templates"
_DEEPEST = 2
"""Level of the headings that the contents name."""


def html(report: Report, figures: Sequence[Figure]) -> str:
    """The page as text; the same report and figures give the same page.

    Figures that the report has no place for are left out, and so are places without a figure.
    """
    texts = texts_in(report.language)
    drawn = {one.name: one for one in figures}
    blocks = tuple(report.laid_out(drawn))
    style = (_TEMPLATES / "report.css").read_text("utf-8")
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=lambda value: printable(value) if type(value) is str else value,
    )
    return environment.get_template("report.html").render(
        report=report,
        blocks=blocks,
        contents=_contents(blocks),
        texts=texts,
        figure=drawn.get,
        drawing=_drawing,
        kind=_kind,
        numeric=numeric_columns,
        version=__version__,
        style=Markup(style),
        style_hash=content_hash(style),
    )


def _kind(thing: Block | Cell) -> str:
    """What the template calls it."""
    return type(thing).__name__.lower()


def _contents(blocks: Sequence[Block]) -> list[tuple[Heading, list[Heading]]]:
    """The chapters with their sections."""
    found: list[tuple[Heading, list[Heading]]] = []
    for block in blocks:
        if isinstance(block, Heading) and block.level == 1:
            found.append((block, []))
        elif isinstance(block, Heading) and block.level <= _DEEPEST:
            found[-1][1].append(block)
    return found


def _drawing(figure: Figure) -> Markup:
    """The drawing as part of the page; names within it are made its own."""
    own = f"{figure.name}-"
    svg = figure.svg.replace('id="', f'id="{own}').replace("url(#", f"url(#{own}")
    return Markup(svg.replace('href="#', f'href="#{own}'))
