"""What a list changes in the register: which rows are new, and what the others say otherwise."""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace

from ..nlp.errors import WhatworksError
from .codebook import unknown
from .places import country_name
from .register import Evaluation, Facts, clean_facts, title_key
from .register_file import RegisterFile, Row, WrongCellsError
from .register_reports import ReportLinks
from .register_words import heading_of


@dataclass(frozen=True, slots=True)
class RowOutcome:
    """What becomes of a row of a list."""

    row: Row
    facts: Facts
    """What the register is to say from then on."""
    evaluation: Evaluation | None
    """The one that it is about; None is new."""
    is_removed: bool = False
    """It was taken off the list before: it stays off, and nothing is stored."""
    link: str = ""
    """Why a report was taken for the evaluation's, where the row does not name it."""

    @property
    def differences(self) -> tuple[str, ...]:
        """What changes of an evaluation that is on the list: 'year: 2017 (was 2016)'."""
        if self.evaluation is None or self.is_removed:
            return ()
        return differences(self.evaluation.facts, self.facts)


def compare(
    file: RegisterFile,
    listed: Sequence[Evaluation],
    removed: Sequence[Evaluation],
    links: ReportLinks,
) -> tuple[RowOutcome, ...]:
    """What becomes of each row of a list, in its order; nothing is stored.

    A row is about the evaluation of its mark, else of its symbol, else of its title. What it leaves
    empty stays as it is.

    Args:
        file: The list.
        listed: The evaluations that are on the register now.
        removed: Those that were taken off it.
        links: The reports that they may be about.

    Raises:
        WrongCellsError: a mark that nobody gave, a title that several have, or rows about one
            evaluation.
    """
    known, off = (*listed, *removed), {one.id for one in removed}
    wrong: list[str] = []
    found: list[tuple[Row, Evaluation | None]] = []
    for row in file.rows:
        try:
            evaluation = _find(row, known)
            for other, its in found:
                if _is_same(row, evaluation, other, its):
                    raise WhatworksError(
                        f"it is about the same evaluation as row {other.number}. Leave one of them "
                        "out, or give each a symbol."
                    )
            found.append((row, evaluation))
        except WhatworksError as error:
            wrong.append(f"Row {row.number}: {error}")
    if wrong:
        raise WrongCellsError(file.path, wrong)
    named = [str(row.given["report"]) for row in file.rows if "report" in row.given]
    free = links.without(links.name(one) for one in named)
    outcomes: list[RowOutcome] = []
    for row, evaluation in found:
        facts = row.facts if evaluation is None else row.on_top_of(evaluation.facts)
        linked, why = (links.name(facts.report), "") if facts.report else free.link(facts)
        free = free.without([linked])
        facts = clean_facts(replace(facts, report=linked))
        is_removed = evaluation is not None and evaluation.id in off
        outcomes.append(RowOutcome(row, facts, evaluation, is_removed, why))
    return tuple(outcomes)


FIELDS = tuple(one.name for one in fields(Facts))
"""Of ``Facts``, in order."""


def differences(before: Facts, after: Facts) -> tuple[str, ...]:
    """What two states of an evaluation's facts differ in: 'year: 2017 (was 2016)'."""
    found = []
    for field in FIELDS:
        old, new = shown(before, field), shown(after, field)
        if old != new:
            was = f" (was {old})" if old else ""
            found.append(f"{heading_of(field).lower()}: {new or 'nothing'}{was}")
    return tuple(found)


def shown(facts: Facts, field: str, language: str = "en") -> str:
    """One fact for people: countries by name, entries of a list with '; ' between, '' for none.

    ``register_words.READ`` makes the same fact of it again.
    """
    value = getattr(facts, field)
    if field == "countries":
        return "; ".join(country_name(code, language) for code in value)
    if isinstance(value, tuple):
        return "; ".join(value)
    return "" if value is None else str(value)


def _find(row: Row, known: Sequence[Evaluation]) -> Evaluation | None:
    """The evaluation that a row is about, of those that are on the list or were."""
    if row.mark:
        marks = {one.mark: one for one in known}
        if row.mark not in marks:
            raise WhatworksError(
                f"{unknown('mark', row.mark, marks)} Leave it empty for a new evaluation."
            )
        return marks[row.mark]
    symbol = str(row.given.get("symbol", "")).casefold()
    if symbol:
        for one in known:
            if one.facts.symbol.casefold() == symbol:
                return one
    same = [
        one
        for one in known
        if title_key(one.facts.title) == title_key(row.given["title"])
        and not (symbol and one.facts.symbol)
    ]
    if len(same) > 1:
        raise WhatworksError(
            f"{', '.join(one.mark for one in same)} have this title. Give the row a symbol."
        )
    return same[0] if same else None


def _is_same(row: Row, its: Evaluation | None, other: Row, others: Evaluation | None) -> bool:
    """Whether two rows are about one evaluation; titles count where a symbol is missing."""
    if its is not None or others is not None:
        return its is not None and others is not None and its.id == others.id
    if "symbol" in row.given and "symbol" in other.given:
        return bool(row.given["symbol"].casefold() == other.given["symbol"].casefold())
    return title_key(row.given["title"]) == title_key(other.given["title"])
