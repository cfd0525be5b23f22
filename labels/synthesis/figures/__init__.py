"""Figures of a synthesis, drawn without a browser and with letters of their own: the same material
gives the same bytes on every run.
"""

from ...texts import Texts
from ..material import Material
from .evaluations import evaluations_by
from .flow import screening_flow
from .interface import Figure
from .themes import finding_types_and_themes, target_groups, themes_by_year

__all__ = ["Figure", "figures"]


def figures(material: Material, texts: Texts) -> tuple[Figure, ...]:
    """All that there is something to draw of, in the order of the report."""
    return (
        *(screening_flow(material.flow, texts) if material.is_register else ()),
        *evaluations_by(material, "type", texts),
        *evaluations_by(material, "timing", texts),
        *evaluations_by(material, "region", texts),
        *finding_types_and_themes(material, texts),
        *themes_by_year(material, texts),
        *target_groups(material, texts),
    )
