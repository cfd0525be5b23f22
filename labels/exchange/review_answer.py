"""What a reviewer said in one row, read word by word; what is wrong with it is gathered."""

from collections.abc import Sequence
from dataclasses import dataclass

from ..codebook import nearest
from ..decisions import Answer
from .review_columns import CodeNames, FoundColumns
from .review_import import FilledRow
from .review_sheet import BLIND_DECISIONS, DECISIONS, matching

_YES = frozenset(map(matching, ("yes", "y", "x", "1", "true", "oui", "sí", "si", "sim", "✓", "✔")))
_NO = frozenset(map(matching, ("", "no", "n", "0", "false", "non", "não", "nao", "-")))
_SAME_AS = {"finding": "correct", "no finding": "reject"}


class RowProblemsError(Exception):
    """What keeps a row from being taken; gathered over the sheet, never shown alone."""

    def __init__(self, *texts: str) -> None:
        self.texts = texts
        super().__init__(*texts)


@dataclass(frozen=True, slots=True)
class RowSaid:
    """What stands in the cells of one row that a reviewer fills in."""

    word: str
    """'confirm', 'correct', 'reject' or 'unsure'."""
    answer: Answer
    """In the sheet's codes; empty but for 'correct'."""
    comment: str
    seconds: float | None


class RowReader:
    """Reads the cells that are filled in."""

    def __init__(self, columns: FoundColumns, themes: CodeNames) -> None:
        self._columns, self._themes = columns, themes
        self._theme_keys = [key for key in columns.titles if key.startswith("theme_")]
        self._keys = ["decision", *columns.types, *self._theme_keys, "comment", "seconds"]

    def formulas(self, row: FilledRow) -> list[str]:
        """The titles of the cells that hold a formula or an error instead of a value."""
        return [
            self._columns.titles[key] for key in self._keys if self._columns.is_formula(row, key)
        ]

    def filled(self, row: FilledRow) -> list[str]:
        """The titles of the cells that hold something."""
        return [self._columns.titles[key] for key in self._keys if self._columns.text(row, key)]

    def read(self, row: FilledRow, suggested: Answer | None, *, blind: bool) -> RowSaid:
        """What the row says.

        Args:
            row: One that holds something.
            suggested: What it shows as the suggestion, None where it shows none.
            blind: Whether the suggestion is hidden.

        Raises:
            RowProblemsError: it says nothing, or what does not go together.
        """
        problems: list[str] = []
        word = self._word(row, blind, problems)
        answer = Answer.of(self._labels(row, problems), self._given_themes(row, problems))
        seconds = self._seconds(row, problems)
        if word and not problems:
            problems += _contradictions(word, answer, suggested, blind)
        if problems:
            raise RowProblemsError(*problems)
        answer = answer if word == "correct" else Answer()
        return RowSaid(word, answer, self._columns.text(row, "comment"), seconds)

    def _word(self, row: FilledRow, blind: bool, problems: list[str]) -> str:
        text = self._columns.text(row, "decision")
        words = BLIND_DECISIONS if blind else DECISIONS
        choice = f"Choose one of {', '.join(words)}"
        if not text:
            titles = ", ".join(self.filled(row))
            problems.append(
                f"Decision: there is none, but there is something under {titles}. {choice}, or "
                "empty the row."
            )
            return ""
        word = _SAME_AS.get(matching(text), matching(text))
        if word in {_SAME_AS.get(one, one) for one in words}:
            return word
        near = nearest(matching(text), words)
        cure = f"Nearest: '{near}'." if near else f"{choice}."
        problems.append(f"Decision: unknown decision '{text[:40]}'. {cure}")
        return ""

    def _labels(self, row: FilledRow, problems: list[str]) -> list[str]:
        labels = []
        for key, code in self._columns.types.items():
            text = self._columns.text(row, key)
            if matching(text) in _YES:
                labels.append(code)
            elif matching(text) not in _NO:
                title = self._columns.titles[key]
                problems.append(f"{title}: '{text[:40]}' is neither 'yes' nor empty.")
        return labels

    def _given_themes(self, row: FilledRow, problems: list[str]) -> list[str]:
        themes = []
        for key in self._theme_keys:
            text = self._columns.text(row, key)
            found = self._themes.find(text) if text else None
            if found is not None:
                themes.append(found)
            elif text:
                near = nearest(text, self._themes.shown.values())
                cure = f"Nearest: '{near}'." if near else "Choose one from the list."
                title = self._columns.titles[key]
                problems.append(f"{title}: unknown theme '{text[:60]}'. {cure}")
        return themes

    def _seconds(self, row: FilledRow, problems: list[str]) -> float | None:
        text = self._columns.text(row, "seconds")
        if not text:
            return None
        try:
            seconds = float(text.replace(",", "."))
        except ValueError:
            seconds = -1.0
        if not 0 <= seconds < float("inf"):
            problems.append(
                f"Seconds: '{text[:40]}' is no number of seconds. Give one, or leave it empty."
            )
        return seconds


def _contradictions(
    word: str, given: Answer, suggested: Answer | None, blind: bool
) -> Sequence[str]:
    finding, none = ("finding", "no finding") if blind else ("correct", "reject")
    if word == "correct" and not given.labels:
        themes = "There is a theme, but no" if given.themes else f"'{finding}' needs a"
        return [
            f"Decision: {themes} finding type. Mark it with 'yes', or choose '{none}' where the "
            "passage holds none."
        ]
    if word == "confirm" and suggested is None:
        return [
            "Decision: there is no suggestion to confirm. Choose 'correct' and mark the finding "
            "types, or 'reject'."
        ]
    if word == "confirm" and suggested is not None:
        same = given.labels in ((), suggested.labels) and given.themes in ((), suggested.themes)
        return (
            []
            if same
            else [
                "Decision: 'confirm' takes the suggestion as it stands, but other labels or themes "
                "are filled in. Choose 'correct', or empty them."
            ]
        )
    if word in ("reject", "unsure") and given != Answer():
        shown = none if word == "reject" else word
        return [
            f"Decision: '{shown}' goes without labels and themes, but some are filled in. Empty "
            f"them, or choose '{finding}'."
        ]
    return []
