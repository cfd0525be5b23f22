"""The parts of the screen of a review, as lines of text that fit its width."""

import functools
import io
from collections.abc import Iterable, Sequence

from rich.cells import cell_len
from rich.console import Console
from rich.style import Style
from rich.text import Text

from ..labels.candidates import NONE, in_doubt
from ..labels.cards import Card, Said
from ..labels.codebook import Code, Codebook
from ..labels.decisions import Answer, Verdict
from ..labels.exchange.rows import printable
from ..labels.exchange.words import date_in_words, in_words
from ..labels.store.suggestions import StoredSuggestion
from .review_view import View

Keys = Sequence[tuple[str, str]]
"""What to press, and what it does."""


def clean(text: str) -> str:
    """The text on one line, without what a terminal would take for orders."""
    return " ".join(printable(text).split())


def line(text: str, width: int, style: str = "") -> Text:
    """The text cut to one line."""
    found = Text(clean(text), style=style, no_wrap=True)
    found.truncate(width, overflow="ellipsis")
    return found


def wrapped(text: str | Text, width: int, style: str = "") -> list[Text]:
    """The text on as many lines as it needs."""
    whole = text if isinstance(text, Text) else Text(clean(text), style=style)
    lines = list(whole.wrap(_measure(), max(1, width), overflow="fold"))
    for one in lines:
        one.rstrip()
    return lines


def number(probability: float) -> str:
    """'0.82'; never certainty.

    >>> number(0.824), number(0.999), number(0.001)
    ('0.82', '0.99', '0.01')
    """
    return f"{min(max(probability, 0.01), 0.99):.2f}"


def likely(probability: float) -> str:
    """'likely 0.82'."""
    return f"{in_words(probability)} {number(probability)}"


def names_of(answer: Answer, codebook: Codebook) -> str:
    """The answer in words, in the codebook's order: 'Obstacle, Lesson; Budget'."""
    labels = _names(answer.labels, codebook.finding_types)
    themes = _names(answer.themes, codebook.themes)
    return (f"{labels}; {themes}" if themes else labels) or "no finding"


def _names(codes: Sequence[str], known: Sequence[Code]) -> str:
    names = [code.name() for code in known if code.id in codes]
    # Of a retired code there is only its id.
    names += sorted(set(codes) - {code.id for code in known})
    return ", ".join(names)


def suggested_in_words(suggestion: StoredSuggestion | None, codebook: Codebook) -> str:
    """'Obstacle, likely 0.82; Budget, possible 0.41'."""
    if suggestion is None:
        return "nothing: no model has seen the passage"
    names = {code.id: code.name() for code in (*codebook.finding_types, *codebook.themes)}
    probabilities = {**suggestion.theme_probabilities, **suggestion.probabilities}
    said = [
        f"{names.get(code, code)}, {likely(probabilities[code])}"
        if code in probabilities
        else names.get(code, code)
        for code in (*suggestion.labels, *suggestion.themes)
    ]
    return "; ".join(said) or "no finding"


def suggestion_line(card: Card) -> str:
    """What a model proposes, as far as it may be seen."""
    if card.is_hidden:
        return "Suggestion: hidden until you have decided"
    if card.suggestion is None:
        return "Suggestion: none, no model has seen the passage yet"
    return f"Suggested: {suggested_in_words(card.suggestion, card.codebook)}"


def candidates_line(card: Card) -> str:
    """'Nine times in ten: Obstacle or Lesson'; '' where nothing is in doubt, unknown or hidden."""
    suggestion, codebook = card.suggestion, card.codebook
    if suggestion is None:
        return ""
    codes = in_doubt(suggestion.candidates, suggestion.probabilities, codebook)
    if not codes:
        return ""
    names = {code.id: code.name() for code in codebook.finding_types} | {NONE: "no finding"}
    *others, last = (names.get(code, code) for code in codes)
    return f"Nine times in ten: {', '.join(others)} or {last}"


def own_line(card: Card) -> str:
    """What the annotator decided before, '' where nothing holds."""
    if card.own is None:
        return ""
    when = date_in_words(card.own.decision.made_at)
    if card.own.is_stale:
        return f"You decided on {when}; the codebook has changed since: look at it again"
    settled = "You settled it" if card.own.decision.adjudicates else "You decided"
    return f"{settled} on {when}: {said_in_words(card.own, card.codebook)}"


def said_in_words(said: Said, codebook: Codebook) -> str:
    """An answer and its comment."""
    unsure = said.decision.verdict is Verdict.UNSURE
    answer = "unsure" if unsure else names_of(said.answer, codebook)
    stale = " (out of date)" if said.is_stale else ""
    comment = clean(said.decision.comment)
    return f"{answer}{stale}" + (f'. "{comment}"' if comment else "")


def types_grid(view: View, width: int, *, in_words: bool = True) -> list[Text]:
    """The finding types with their keys, in columns; with probabilities where they may be seen."""
    card = view.card
    assert card is not None
    probabilities = card.suggestion.probabilities if card.suggestion else {}
    names = [line(code.name(), width // 2) for code in view.finding_types]
    widest = max((name.cell_len for name in names), default=0)
    cells = []
    for key, (code, name) in enumerate(zip(view.finding_types, names, strict=True), 1):
        chosen = code.id in view.labels
        if chosen:
            name.stylize(Style(color="white", bgcolor=code.colour, bold=True))
        cell = Text.assemble(f"{key} {'[x]' if chosen else '[ ]'} ", name)
        if code.id in probabilities:
            said = likely if in_words else number
            cell.append(" " * (widest - name.cell_len + 2) + said(probabilities[code.id]))
        cells.append(cell)
    return _in_columns(cells, width)


def keys_line(keys: Keys, width: int, most: int) -> list[Text]:
    """What the keys do, on at most so many lines."""
    lines = [Text()]
    for key, what in keys:
        entry = Text.assemble((key, "bold"), f" {what}")
        gap = 3 if lines[-1].plain else 0
        if cell_len(lines[-1].plain) + gap + cell_len(entry.plain) > width:
            if len(lines) == most:
                break
            lines.append(Text())
            gap = 0
        lines[-1].append(" " * gap).append_text(entry)
    for one in lines:
        one.truncate(width)
    return lines


def last_lines(texts: Iterable[str], width: int, most: int) -> list[Text]:
    """The end of what stands before a passage."""
    lines = [one for text in texts for one in wrapped(text, width, "dim")]
    if len(lines) <= most:
        return lines
    kept = lines[len(lines) - most :]
    if kept:
        words = kept[0].plain.split()
        while len(words) > 1 and cell_len(" ".join(words)) > width - 2:
            words.pop(0)
        kept[0] = line(f"… {' '.join(words)}", width, "dim")
    return kept


def first_lines(texts: Iterable[str], width: int, most: int) -> list[Text]:
    """The beginning of what stands after a passage."""
    lines = [one for text in texts for one in wrapped(text, width, "dim")]
    kept = lines[:most]
    if kept and len(lines) > most:
        words = kept[-1].plain.split()
        while len(words) > 1 and cell_len(" ".join(words)) > width - 2:
            words.pop()
        kept[-1] = line(f"{' '.join(words)} …", width, "dim")
    return kept


def _in_columns(cells: Sequence[Text], width: int) -> list[Text]:
    if not cells:
        return []
    gap = 3
    widest = max(cell_len(cell.plain) for cell in cells)
    columns = max(1, min(len(cells), (width + gap) // (widest + gap)))
    lines = []
    for start in range(0, len(cells), columns):
        row = Text()
        for cell in cells[start : start + columns]:
            if row.plain:
                row.append(" " * gap)
            padded = cell.copy()
            padded.truncate(widest, pad=True)
            row.append_text(padded)
        row.rstrip()
        row.truncate(width, overflow="ellipsis")
        lines.append(row)
    return lines


@functools.cache
def _measure() -> Console:
    """Rich wants one to wrap text with; nothing is printed on it."""
    return Console(file=io.StringIO(), width=80, markup=False, emoji=False, highlight=False)
