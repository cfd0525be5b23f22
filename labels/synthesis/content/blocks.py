"""What a report is made of, whatever it is written as."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Given:
    """Words of somebody else, in their language: a title, a note, a rule of the codebook."""

    text: str
    language: str = ""
    """ISO 639-1, '' where nobody said."""


@dataclass(frozen=True, slots=True)
class Marks:
    """Evaluations by their marks; each leads to its row in the annex."""

    marks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Target:
    """The mark of the evaluation that a row of the annex is about: where marks lead."""

    mark: str


Cell: TypeAlias = str | int | Given | Marks | Target
"""What stands in a table; numbers are written as the language writes them."""


@dataclass(frozen=True, slots=True)
class Heading:
    """Begins a section."""

    text: str
    level: int = 2
    """1 for a chapter, to 4."""
    anchor: str = ""
    """Stable name of the place, whatever the language."""
    is_annex: bool = False
    """Whether it begins an annex; of level 1."""
    is_wide: bool = False
    """Whether pages on their side suit the chapter; of level 1."""
    number: str = ""
    """'4.2', 'A'; '' while the report is not laid out, and at level 4."""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Sentences, and the evaluations that they rest on."""

    text: str
    marks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Note:
    """What a reader should know before reading on; set apart."""

    text: str


@dataclass(frozen=True, slots=True)
class Definition:
    """What a code means, in the codebook's words."""

    text: Given


@dataclass(frozen=True, slots=True)
class List:
    """Sentences that stand beside each other."""

    items: tuple[str | Given, ...]


@dataclass(frozen=True, slots=True)
class Quotation:
    """Confirmed words of a report, never shortened or changed."""

    text: Given
    mark: str
    """'E12'."""
    where: str
    """'p. 34'."""


@dataclass(frozen=True, slots=True)
class Box:
    """A good practice that is set apart."""

    title: str
    quotations: tuple[Quotation, ...]
    number: int = 0
    """From 1; 0 while the report is not laid out."""


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells under a head."""

    name: str
    """Stable name of the table, whatever the language."""
    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    note: str = ""
    """Below it: what it rests on."""
    has_total: bool = False
    """Whether the last row is the total."""
    number: int = 0


def numeric_columns(table: Table) -> frozenset[int]:
    """The columns that hold numbers, or dashes in their place: they stand to the right."""
    columns = zip(*table.rows, strict=True)
    return frozenset(n for n, cells in enumerate(columns) if n and all(map(_is_number, cells)))


def _is_number(cell: Cell) -> bool:
    if isinstance(cell, str):
        is_figure = cell[:1].isdigit() and not any(one.isalpha() for one in cell)
        return is_figure or cell == "–"
    return isinstance(cell, int)


@dataclass(frozen=True, slots=True)
class FigureRef:
    """The place of a figure, by its name."""

    name: str
    number: int = 0


Block: TypeAlias = (
    Heading | Paragraph | Note | Definition | List | Quotation | Box | Table | FigureRef
)


@dataclass(frozen=True, slots=True)
class Report:
    """A report as data: the same for a web page and for Word."""

    title: str
    subtitle: str
    office: str
    authors: tuple[str, ...]
    date: str
    """In the words of its language."""
    as_of: str
    """The same moment as ISO 8601."""
    language: str
    blocks: tuple[Block, ...]

    def laid_out(self, figures: Collection[str]) -> Iterator[Block]:
        """The blocks with their numbers, without the figures that are not among these names."""
        counts = {Table: 0, FigureRef: 0, Box: 0}
        numbers = _Numbers()
        for block in self.blocks:
            if isinstance(block, FigureRef) and block.name not in figures:
                continue
            if isinstance(block, Heading):
                yield replace(block, number=numbers.of(block))
            elif isinstance(block, Table | FigureRef | Box):
                counts[type(block)] += 1
                yield replace(block, number=counts[type(block)])
            else:
                yield block


_DEEPEST = 3


class _Numbers:
    """Counts headings: 1, 1.1, 1.1.1, and A, A.1 in annexes."""

    def __init__(self) -> None:
        self._annexes = 0
        self._chapters = 0
        self._counts: list[str | int] = []

    def of(self, heading: Heading) -> str:
        """The number of the next heading."""
        if heading.level > _DEEPEST:
            return ""
        if heading.level == 1 and heading.is_annex:
            self._annexes += 1
            self._counts = [chr(ord("A") + self._annexes - 1)]
        elif heading.level == 1:
            self._chapters += 1
            self._counts = [self._chapters]
        else:
            own = self._counts[: heading.level]
            last = own.pop() if len(own) == heading.level else 0
            self._counts = [*own, int(last) + 1]
        return ".".join(map(str, self._counts))
