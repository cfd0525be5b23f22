"""What a returned review sheet says: decisions to record, or all that is wrong, row by row."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ...nlp.errors import WhatworksError
from ...nlp.passages import PassageId
from ..decisions import Answer, Decision, DecisionDraft, Verdict, verdict_for
from ..drafts import clean_draft
from ..resolution import name_key, that_hold
from .review_answer import RowProblemsError, RowReader, RowSaid
from .review_columns import CodeNames, find_columns
from .review_facts import Facts
from .review_import import FilledRow, FilledSheet
from .review_keys import earlier_from, row_key
from .review_sheet import Reference
from .review_text import changed_cells

MAX_TOLD = 50
"""Problems and warnings that are listed; the others are counted."""


@dataclass(frozen=True, slots=True)
class CheckedReview:
    """A sheet without a fault: what would be recorded."""

    path: Path
    passages: int
    undecided: int
    repeated: int
    """Rows that were imported before, as they stand."""
    drafts: tuple[DecisionDraft, ...]
    rows: tuple[int, ...]
    """The row of each draft."""
    warnings: tuple[str, ...] = ()


def refuse(path: Path, problems: Sequence[str]) -> WhatworksError:
    """One error that lists what is wrong, the first fifty of it."""
    count = "1 problem" if len(problems) == 1 else f"{len(problems):,} problems"
    head = f"{path}: {count}; nothing was imported."
    return WhatworksError("\n  ".join([head, *first_of(problems)]))


def first_of(sentences: Sequence[str]) -> list[str]:
    """The first fifty, and how many there are more."""
    more = len(sentences) - MAX_TOLD
    return [*sentences[:MAX_TOLD], *([f"... and {more:,} more."] if more > 0 else [])]


def check_review(sheet: FilledSheet, facts: Facts, annotator: str) -> CheckedReview:
    """The decisions that the sheet holds and that are not recorded yet.

    Raises:
        WhatworksError: it lacks a column, or has rows that cannot be taken; every one is named
            with its number and what to do.
    """
    return _Check(sheet, facts, annotator).checked()


class _Check:
    """One check, with what was found so far."""

    def __init__(self, sheet: FilledSheet, facts: Facts, annotator: str) -> None:
        self._sheet, self._facts, self._annotator = sheet, facts, annotator
        language = sheet.notes.get("language", "en")
        self._columns = find_columns(sheet, facts.codebook, language)
        self._reader = RowReader(self._columns, CodeNames(facts.codebook.themes, language))
        self._seen: dict[str, int] = {}
        self._undecided = self._repeated = 0
        self._warnings: list[str] = []
        self._drafts: list[tuple[int, DecisionDraft]] = []

    def checked(self) -> CheckedReview:
        problems: list[str] = []
        self._warn_of_the_sheet()
        for row in self._sheet.rows:
            try:
                self._check_row(row)
            except RowProblemsError as found:
                problems += [f"Row {row.number}: {text}" for text in found.texts]
        if problems:
            raise refuse(self._sheet.path, problems)
        return CheckedReview(
            self._sheet.path,
            len(self._seen),
            self._undecided,
            self._repeated,
            tuple(draft for _, draft in self._drafts),
            tuple(number for number, _ in self._drafts),
            tuple(self._warnings),
        )

    def _check_row(self, row: FilledRow) -> None:
        header = self._sheet.header
        if self._sheet.is_csv and any(row.cells[len(header) :]):
            raise RowProblemsError(
                f"it has {len(row.cells)} cells, the header only {len(header)}. Put texts that "
                "hold the separator in double quotes."
            )
        passage_id = self._columns.text(row, "passage_id").lower()
        filled, formulas = self._reader.filled(row), self._reader.formulas(row)
        if not passage_id:
            if filled or formulas or self._columns.text(row, "reference"):
                raise RowProblemsError(
                    "Passage id: there is none. Copy it from an untouched copy of the workbook, "
                    "or empty the row."
                )
            return
        self._check_place(row, passage_id)
        if formulas:
            raise RowProblemsError(
                *(f"{title}: there is a formula. Write what it comes to." for title in formulas)
            )
        text = self._facts.passages[passage_id].text
        changes = changed_cells(self._sheet, self._columns, row, text)
        if filled and changes:
            raise RowProblemsError(*changes)
        # Nothing is taken from a row without a decision, so its texts can do no harm.
        self._warnings += [f"Row {row.number}: {change}" for change in changes]
        if filled:
            self._take(row, PassageId(passage_id))
        else:
            self._undecided += 1

    def _check_place(self, row: FilledRow, passage_id: str) -> None:
        if passage_id in self._seen:
            raise RowProblemsError(
                f"Passage id: {passage_id} stands in row {self._seen[passage_id]} already. Keep "
                "one of the two."
            )
        self._seen[passage_id] = row.number
        if passage_id not in self._facts.passages:
            raise RowProblemsError(
                f"Passage id: unknown passage '{passage_id[:40]}'. Copy the id from an untouched "
                "copy of the workbook. Or is it of another project?"
            )

    def _reference(self, row: FilledRow, passage_id: PassageId) -> Reference:
        text = self._columns.text(row, "reference")
        found = Reference.parse(text)
        if found is None:
            raise RowProblemsError(
                f"Reference: '{text[:40]}' is not what stood there. Copy it from an untouched "
                "copy of the workbook."
            )
        if found.codebook_number != self._facts.number:
            raise RowProblemsError(
                f"Reference: the row is of a workbook with codebook version "
                f"{found.codebook_number}, this one has version {self._facts.number}. Import it "
                "in its own workbook."
            )
        suggestion = found.suggestion_id
        if suggestion is not None and (
            suggestion not in self._facts.shown or self._facts.shown[suggestion][0] != passage_id
        ):
            raise RowProblemsError(
                f"Reference: the suggestion {suggestion} is not one for this passage. Copy the "
                "reference from an untouched copy of the workbook."
            )
        return found

    def _take(self, row: FilledRow, passage_id: PassageId) -> None:
        reference = self._reference(row, passage_id)
        suggestion = reference.suggestion_id
        shown = None if suggestion is None else self._facts.shown[suggestion][1]
        said = self._reader.read(row, shown, blind=reference.blind)
        own = self._facts.decisions.get(passage_id, ())
        earlier = earlier_from(reference.workbook_id, own)

        def key(number: int) -> str:
            place = (self._facts.project, passage_id, name_key(self._annotator))
            return row_key(reference.workbook_id, place, said, number)

        if earlier and earlier[-1].key == key(len(earlier) - 1):
            self._repeated += 1
            return
        verdict, answer = self._judged(said, shown, suggestion)
        draft = DecisionDraft(
            passage_id,
            self._annotator,
            verdict,
            answer.labels,
            answer.themes,
            said.comment,
            said.seconds,
            blind=reference.blind and passage_id in self._facts.hidden,
            suggestion_id=suggestion,
            round_id=reference.round_id,
            source="spreadsheet",
            key=key(len(earlier)),
        )
        try:
            clean_draft(draft)
        except WhatworksError as error:
            raise RowProblemsError(str(error)) from error
        self._drafts.append((row.number, draft))
        if said.word == "correct" and draft.verdict is Verdict.CONFIRM and not reference.blind:
            self._warn(row, "'correct', but just as suggested: it counts as 'confirm'.")
        self._warn_of_the_passage(row, draft, own)

    def _judged(
        self, said: RowSaid, shown: Answer | None, suggestion: int | None
    ) -> tuple[Verdict, Answer]:
        """The verdict, and the answer in the codes of the newest codebook."""
        if said.word == "unsure":
            return Verdict.UNSURE, Answer()
        given = shown if said.word == "confirm" and shown is not None else said.answer
        answer, is_stale = self._facts.translations.answer(self._facts.number, given)
        if is_stale:
            raise RowProblemsError(self._stale(given))
        now = None if suggestion is None else self._facts.now[suggestion]
        return verdict_for(answer.labels, answer.themes, now), answer

    def _stale(self, given: Answer) -> str:
        facts, number = self._facts, self._facts.number
        gone = [
            code.name()
            for kind, codes in (
                ("finding_type", map(facts.codebook.finding_type, given.labels)),
                ("theme", map(facts.codebook.theme, given.themes)),
            )
            for code in codes
            if facts.translations.now(number, kind, code.id) is None
        ]
        return (
            f"the codebook has changed what '{gone[0]}' means since the workbook was made "
            f"(version {number}, now {facts.current}). Decide the passage in a new workbook."
        )

    def _warn(self, row: FilledRow, text: str) -> None:
        self._warnings.append(f"Row {row.number}: {text}")

    def _warn_of_the_sheet(self) -> None:
        sheet = self._sheet
        if not sheet.notes and not sheet.is_csv:
            self._warnings.append(
                "The workbook has lost its hidden sheet: changes of a passage's text are still "
                "found, those of other locked cells are not."
            )
        made_for = sheet.notes.get("created_by", "")
        if made_for and name_key(made_for) != name_key(self._annotator):
            self._warnings.append(
                f"The workbook was made for {made_for}; what is in it would count as the "
                f"decisions of {self._annotator}."
            )

    def _warn_of_the_passage(
        self, row: FilledRow, draft: DecisionDraft, own: Sequence[Decision]
    ) -> None:
        known = self._facts.passages[draft.passage_id]
        if not known.is_current:
            self._warn(
                row,
                f"the passage no longer stands in the newest version of '{known.report}'. The "
                "decision is kept, and does not count for the new version.",
            )
        made_at = self._sheet.notes.get("created_at", "")
        other = [
            one for one in that_hold(own) if made_at < one.made_at and one.source != "spreadsheet"
        ]
        if (
            made_at
            and other
            and Answer(other[-1].labels, other[-1].themes) != Answer.of(draft.labels, draft.themes)
        ):
            self._warn(
                row,
                f"{self._annotator} decided otherwise after the workbook was made; the row would "
                "take the place of that decision.",
            )
