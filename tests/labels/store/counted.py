"""All that the tables of a synthesis say, in a form that can be compared."""

from whatworks.labels.synthesis.material import Material
from whatworks.labels.synthesis.tables import (
    ATTRIBUTES,
    Cell,
    Table,
    by_attribute,
    finding_types_by_theme,
    themes_by_attribute,
)

Cells = dict[tuple[str | None, str | None], Cell]
"""(Row, column) to what stands there; None is all of them."""


def every_table(material: Material) -> dict[str, Cells]:
    """All tables by their names, without empty cells."""
    tables = {"theme by type of finding": finding_types_by_theme(material)}
    for attribute in ATTRIBUTES:
        tables[f"{attribute} by type of finding"] = by_attribute(material, attribute)
        tables[f"theme by {attribute}"] = themes_by_attribute(material, attribute)
    return {name: cells_of(table) for name, table in tables.items()}


def cells_of(table: Table) -> Cells:
    cells: Cells = {**table.cells, (None, None): table.total}
    cells |= {(row, None): cell for row, cell in table.row_totals.items()}
    cells |= {(None, column): cell for column, cell in table.column_totals.items()}
    assert all(row in table.rows and column in table.columns for row, column in table.cells)
    return {place: cell for place, cell in cells.items() if cell.passages}
