"""The page of ``whatworks simulate``: one file with all figures, that needs no network."""

from collections.abc import Sequence

from .. import __version__
from ..labels.exchange.html import content_hash
from ..training.simulating.measures import Summary
from ..training.simulating.stopping import Stops
from . import simulate_text
from .evaluate_page import TEMPLATES, page_templates
from .simulate_charts import curves_chart, recall_chart
from .simulate_text import Basis


def simulation_page(found: Sequence[Summary], stops: Sequence[Stops], basis: Basis) -> str:
    """The page as text; the same figures give the same page."""
    style = "".join(
        (TEMPLATES / name).read_text("utf-8") for name in ("evaluation.css", "simulation.css")
    )
    return (
        page_templates()
        .get_template("simulation.html")
        .render(
            found=found,
            stops=stops,
            basis=basis,
            words=simulate_text,
            version=__version__,
            style=style,
            style_hash=content_hash(style),
            curves=curves_chart(found),
            recall=recall_chart(found),
        )
    )
