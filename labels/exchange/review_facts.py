"""What must be known of a project before a returned review sheet can be judged."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from ...nlp.errors import WhatworksError
from ...nlp.passages import PassageId
from ..codebook import Codebook
from ..decisions import Answer, Decision
from ..resolution import Translations
from .review_import import FilledSheet
from .review_sheet import Reference, matching


@dataclass(frozen=True, slots=True)
class KnownPassage:
    """A passage as the project has it."""

    report: str
    text: str
    is_current: bool
    """Whether it stands in the newest version of its report."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What the project says about the rows of one sheet."""

    project: str
    """The project's key."""
    current: int
    """The number of the newest codebook version."""
    number: int
    """Of the codebook version that the sheet was made with."""
    codebook: Codebook
    """That version."""
    translations: Translations
    passages: Mapping[str, KnownPassage]
    shown: Mapping[int, tuple[PassageId, Answer]]
    """Suggestion id to its passage and to what the sheet showed of it, in the sheet's codes."""
    now: Mapping[int, Answer]
    """Suggestion id to what it says in the newest codebook."""
    decisions: Mapping[PassageId, Sequence[Decision]]
    """Of this annotator, in the order of the log."""
    hidden: Collection[PassageId] = ()
    """Passages of which this annotator has not seen the suggestion anywhere."""


def codebook_number(sheet: FilledSheet, project: str, current: int) -> int:
    """The number of the codebook version that the sheet was made with.

    Args:
        sheet: What came back.
        project: The key of the project that it is to go into.
        current: The number of that project's newest codebook version.

    Raises:
        WhatworksError: the sheet is of another project, or newer than this one.
    """
    if sheet.notes.get("project", project) != project:
        raise WhatworksError(
            f"{sheet.path}: this workbook was made in another project. Go to that project's "
            "folder, or name it with --project."
        )
    noted = sheet.notes.get("codebook", "")
    first = next(iter(references(sheet)), None)
    number = int(noted) if noted.isdecimal() else first.codebook_number if first else current
    if not 1 <= number <= current:
        raise WhatworksError(
            f"{sheet.path}: it was made with codebook version {number}, but the project has only "
            f"{current}. Is this an older copy of the project?"
        )
    return number


def references(sheet: FilledSheet) -> list[Reference]:
    """Those of the sheet's references that can be read."""
    found = map(Reference.parse, column(sheet, "Reference"))
    return [reference for reference in found if reference is not None]


def column(sheet: FilledSheet, title: str) -> list[str]:
    """The texts in the column of this title, without the empty ones."""
    titles = list(map(matching, sheet.header))
    if matching(title) not in titles:
        return []
    place = titles.index(matching(title))
    return [row.cells[place] for row in sheet.rows if any(row.cells[place : place + 1])]
