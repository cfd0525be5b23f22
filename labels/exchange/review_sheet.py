"""The sheet that reviewers fill in, as values: its rows, its columns, and what a cell shows."""

import hashlib
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from ...nlp.passages import PassageId
from ..codebook import Code, Codebook
from .cells import cell_text
from .csv import is_formula_like
from .rows import printable
from .words import percent

GUIDE, REVIEW, CODES = "How to", "Review", "Codebook"
"""The sheets of the workbook that are shown."""
NOTES_FORMAT = "whatworks review 1"
NOTED = ("report", "page", "heading", "suggested", "suggested_themes", "reference")
"""Locked cells that the hidden sheet has again, so that a change of them shows."""
THEMES = 3
"""How many themes a reviewer can give a passage."""
MORE_THEMES = 5
"""So many more where the codebook has themes that are told by words: target groups, places."""
DECISIONS = ("confirm", "correct", "reject", "unsure")
BLIND_DECISIONS = ("finding", "no finding", "unsure")
"""The words where no suggestion is shown, so that there is none to confirm or to correct."""
YES = "yes"
NO_FINDING = "no finding"
NOT_LABELLED = "not pre-labelled"
HIDDEN = "hidden"

_REFERENCE = re.compile(
    r"([0-9a-f]{12})-v(\d{1,9})(?:-r(\d{1,9}))?(?:-s(\d{1,9}))?(-blind)?", re.ASCII
)


@dataclass(frozen=True, slots=True)
class ReviewRow:
    """A passage and what a model suggests for it, in the codes of the sheet's codebook."""

    passage_id: PassageId
    report: str
    page: int | None
    heading: tuple[str, ...]
    text: str
    lead_in: str = ""
    """The sentence that introduces the list a bullet belongs to, '' otherwise."""
    suggestion_id: int | None = None
    """None where the passage was not pre-labelled."""
    labels: tuple[tuple[str, float], ...] = ()
    """Suggested finding types and their probabilities, strongest first."""
    themes: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True, slots=True)
class ReviewSheet:
    """All that a review workbook is made of."""

    project: str
    """The project's key."""
    title: str
    """The project's name."""
    workbook_id: str
    """12 hex digits, new with every export."""
    codebook: Codebook
    codebook_number: int
    """The project's own count of the codebook version."""
    language: str
    """Of the names of finding types and themes."""
    rows: tuple[ReviewRow, ...]
    created_at: str
    created_by: str
    version: str
    """Of whatworks."""
    round_id: int | None = None
    round_name: str = ""
    blind: bool = False
    """The suggestions are not shown."""
    held_back: int = 0
    """Passages that are not in it because they are in a blind round: it would show too much."""


@dataclass(frozen=True, slots=True)
class Reference:
    """Where a row comes from; stands in the row itself, so that it survives any copying."""

    workbook_id: str
    codebook_number: int
    round_id: int | None = None
    suggestion_id: int | None = None
    blind: bool = False

    def __str__(self) -> str:
        parts = [self.workbook_id, f"v{self.codebook_number}"]
        if self.round_id is not None:
            parts.append(f"r{self.round_id}")
        if self.suggestion_id is not None:
            parts.append(f"s{self.suggestion_id}")
        return "-".join([*parts, "blind"] if self.blind else parts)

    @classmethod
    def parse(cls, text: str) -> "Reference | None":
        """The reference in a cell, None where it is none.

        >>> Reference.parse("0a1b2c3d4e5f-v3-s412")
        Reference(workbook_id='0a1b2c3d4e5f', codebook_number=3, round_id=None, \
suggestion_id=412, blind=False)
        """
        found = _REFERENCE.fullmatch(text.strip())
        if found is None:
            return None
        book, number, round_id, suggestion_id, blind = found.groups()
        return cls(
            book,
            int(number),
            None if round_id is None else int(round_id),
            None if suggestion_id is None else int(suggestion_id),
            blind is not None,
        )


@dataclass(frozen=True, slots=True)
class ReviewColumn:
    """One column of the sheet."""

    key: str
    title: str
    width: int
    """In characters."""
    band: str
    """What stands above it: whose words these are."""
    code: str = ""
    """The finding type, of a column for one."""
    is_filled: bool = field(default=False)
    """Whether the reviewer writes here; all else is locked."""
    required: bool = field(default=True)
    """Whether the file cannot be imported without it."""


def review_columns(codebook: Codebook, language: str = "en") -> tuple[ReviewColumn, ...]:
    """The columns in order: the passage, the suggestion, the decision, the reference."""
    passage, model, decision, row = "Passage", "Suggested by a model", "Your decision", "Row"
    more = MORE_THEMES if any(theme.words for theme in codebook.themes) else 0
    fixed_before = (
        ReviewColumn("report", "Report", 20, passage, required=False),
        ReviewColumn("page", "Page", 6, passage, required=False),
        ReviewColumn("heading", "Heading", 22, passage, required=False),
        ReviewColumn("text", "Passage", 64, passage),
        ReviewColumn("suggested", "Suggested", 22, model, required=False),
        ReviewColumn("suggested_themes", "Suggested themes", 24, model, required=False),
        ReviewColumn("decision", "Decision", 12, decision, is_filled=True),
    )
    fixed_after = (
        *(
            ReviewColumn(f"theme_{n}", f"Theme {n}", 26, decision, is_filled=True)
            for n in range(1, THEMES + more + 1)
        ),
        ReviewColumn("comment", "Comment", 36, decision, is_filled=True, required=False),
        ReviewColumn("seconds", "Seconds", 9, decision, is_filled=True, required=False),
        ReviewColumn("passage_id", "Passage id", 19, row),
        ReviewColumn("reference", "Reference", 26, row),
    )
    taken = [column.title for column in (*fixed_before, *fixed_after)]
    names = shown_names(codebook.finding_types, language, taken)
    types = (
        ReviewColumn(f"type:{code.id}", names[code.id], 13, decision, code.id, is_filled=True)
        for code in codebook.finding_types
    )
    return (*fixed_before, *types, *fixed_after)


def shown_names(codes: Iterable[Code], language: str, taken: Iterable[str] = ()) -> dict[str, str]:
    """Id to a name that no other code has and that a spreadsheet takes as text.

    Two codes of one name, and one that is named as something else on the sheet, have their id
    behind it.
    """
    codes = tuple(codes)
    names = {code.id: one_line(code.name(language)) or code.id for code in codes}
    counts = Counter(map(matching, names.values()))
    others = set(map(matching, taken))
    for code_id, name in names.items():
        if counts[matching(name)] > 1 or matching(name) in others:
            names[code_id] = f"{name} ({code_id})"
        elif is_formula_like(name):
            names[code_id] = f"{code_id}: {name}"
    return names


def matching(text: str) -> str:
    """Equal for texts that people hold to be the same: case, spaces, forms of accents."""
    return one_line(unicodedata.normalize("NFC", text)).casefold()


def one_line(text: str) -> str:
    """The text without control characters, all white space as single spaces."""
    return " ".join(printable(text).split())


def same_text(text: str) -> str:
    """Equal for what one text becomes when programs save it, which change its white space."""
    # openpyxl leaves a carriage return as it is written in the file.
    return unicodedata.normalize("NFC", one_line(cell_text(text).replace("_x000D_", " ")))


def text_digest(text: str) -> str:
    """SHA-256 of what the text says."""
    return hashlib.sha256(same_text(text).encode()).hexdigest()


def locked_values(
    row: ReviewRow, sheet: ReviewSheet, types: Mapping[str, str], themes: Mapping[str, str]
) -> dict[str, str | int | None]:
    """What the cells show that the reviewer must not change, by column key.

    Args:
        row: The passage.
        sheet: The sheet it stands in.
        types: The shown names of finding types, by id.
        themes: The shown names of themes, by id.
    """
    reference = Reference(
        sheet.workbook_id, sheet.codebook_number, sheet.round_id, row.suggestion_id, sheet.blind
    )
    if sheet.blind:
        suggested = suggested_themes = HIDDEN
    elif row.suggestion_id is None:
        suggested, suggested_themes = NOT_LABELLED, ""
    else:
        suggested = with_probabilities(row.labels, types) or NO_FINDING
        suggested_themes = with_probabilities(row.themes, themes)
    return {
        "report": one_line(row.report),
        "page": row.page,
        "heading": cell_text("\n".join(filter(None, (" > ".join(row.heading), row.lead_in)))),
        "text": cell_text(row.text),
        "suggested": suggested,
        "suggested_themes": suggested_themes,
        "passage_id": row.passage_id,
        "reference": str(reference),
    }


def with_probabilities(codes: Iterable[tuple[str, float]], names: Mapping[str, str]) -> str:
    """One line a code: 'Lesson 83%'."""
    return "\n".join(f"{names.get(code, code)} {percent(value)}" for code, value in codes)
