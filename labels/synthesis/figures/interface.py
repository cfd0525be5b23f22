"""What a figure is."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """A drawing for a report: for screens, for print, and as the numbers it shows."""

    name: str
    """Of its files: 'themes-by-year'."""
    title: str
    """Stands beside it, not in it."""
    caption: str
    """What it shows and what it rests on, in sentences that can stand in its place."""
    svg: str
    png: bytes
    """The same drawing, two pixels for each of its points."""
    csv: str
    """Its numbers, a line each, as ``csv_text`` writes them."""
