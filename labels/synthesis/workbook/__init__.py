"""The workbook of a synthesis: the extraction matrix, the counts, and where they come from."""

from .... import __version__
from ...texts import Texts
from ..estimates import Estimates
from ..material import Material
from .about import about_sheet, codebook_sheet
from .counts import attributes_sheet, counts_sheet, estimates_sheet
from .findings import findings_sheet, matrix_sheet
from .register import flow_sheet, register_sheet, screening_sheet
from .sheet import Sheet
from .writing import workbook_bytes

__all__ = ["sheets", "workbook"]


def workbook(material: Material, estimates: Estimates | None, title: str, texts: Texts) -> bytes:
    """The .xlsx file; the same material gives the same bytes."""
    return workbook_bytes(
        sheets(material, estimates, title, texts),
        title,
        f"whatworks {__version__}",
        material.as_of,
    )


def sheets(
    material: Material, estimates: Estimates | None, title: str, texts: Texts
) -> tuple[Sheet, ...]:
    """Its sheets, in order; that of the estimates only where there are some."""
    return (
        about_sheet(material, title, texts),
        findings_sheet(material, texts),
        matrix_sheet(material, texts),
        counts_sheet(material, texts),
        attributes_sheet(material, texts),
        *((estimates_sheet(material, estimates, texts),) if estimates else ()),
        register_sheet(material, texts),
        *(
            (screening_sheet(material, texts), flow_sheet(material, texts))
            if material.is_register
            else ()
        ),
        codebook_sheet(material, texts),
    )
