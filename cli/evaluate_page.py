"""The page of ``whatworks evaluate``: one file with all figures, that needs no network."""

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from .. import __version__
from ..labels.codebook import Codebook
from ..labels.exchange.html import content_hash
from ..labels.exchange.rows import printable
from ..labels.exchange.words import language_name, percent
from ..models.suggester import passage_text
from ..training.assessing.assessment import Assessment
from . import evaluate_words
from .evaluate_charts import SQUARE, curve_chart, f1_chart, reliability_chart

TEMPLATES = Path(__file__).parent / "templates"


def page_templates() -> Environment:
    """The templates of pages that are one file each."""
    return Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=lambda value: printable(value) if type(value) is str else value,
    )


def evaluation_page(found: Assessment, codebook: Codebook) -> str:
    """The page as text; the same figures give the same page."""
    names = evaluate_words.code_names(codebook)
    style = (TEMPLATES / "evaluation.css").read_text("utf-8")
    reliabilities = [
        (one, names[one.finding_type] if one.finding_type else "All pairs")
        for one in found.reliability
    ]
    return (
        page_templates()
        .get_template("evaluation.html")
        .render(
            found=found,
            names=names,
            version=__version__,
            style=style,
            style_hash=content_hash(style),
            words=evaluate_words,
            rests_on=evaluate_words.rests_on(found.basis),
            limits=evaluate_words.limits(found.basis),
            f1=f1_chart(found.finding_types, names),
            reliabilities=[
                (one, name, reliability_chart(one, name)) for one, name in reliabilities
            ],
            square=SQUARE,
            curve=curve_chart(found.curve) if found.curve else None,
            text=passage_text,
            language_name=language_name,
            percent=percent,
        )
    )
