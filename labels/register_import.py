"""The register as people change it: by a list, by hand, and by what they accept of a report."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from ..nlp.errors import WhatworksError
from .codebook import unknown
from .drafts import MAX_NAME
from .exchange.rows import printable
from .register import FOUND, Evaluation, Facts, clean_facts, clean_text
from .register_changes import RowOutcome, compare, differences
from .register_file import RegisterFile, read_register
from .register_proposals import Proposal
from .register_reports import ReportLinks, ReportName
from .store.database import Store
from .store.register import Change, evaluations, put, removed
from .store.reports import reports

BY_HAND = "edit"
"""Source of what somebody typed."""


@dataclass(frozen=True, slots=True)
class Gaps:
    """Where the register and the project's reports do not meet."""

    without_file: tuple[str, ...]
    """Marks of evaluations on the list whose report is not in the project."""
    unlisted: tuple[str, ...]
    """Names of reports of the project that no evaluation on the list has."""


@dataclass(frozen=True, slots=True)
class Imported:
    """What a list did to the register, or would do."""

    file: RegisterFile
    outcomes: tuple[RowOutcome, ...]
    """In the order of the rows."""
    marks: tuple[str, ...]
    """Of the evaluations of the outcomes; '' of a new one that was not stored."""
    gaps: Gaps
    """As they are then."""


def gaps(connection: Connection) -> Gaps:
    """Rows without a file and reports without a row."""
    return _gaps(connection, {one.mark: one.facts for one in evaluations(connection)})


def import_register(store: Store, path: Path, by: str, *, dry_run: bool = False) -> Imported:
    """Adds and updates what a list says; what it leaves empty stays as it is.

    Args:
        store: The project's.
        path: The list.
        by: Who brings it.
        dry_run: Stores nothing.

    Raises:
        WhatworksError: cells that cannot be taken; then nothing is stored.
    """
    file = read_register(path)
    with store.reading() as connection:
        listed, off = evaluations(connection), removed(connection)
        outcomes = compare(file, listed, off, _links(connection, listed))
    changes = [_change(one.evaluation, one.facts) for one in outcomes if not one.is_removed]
    marks = [one.evaluation.mark if one.evaluation else "" for one in outcomes]
    if not dry_run:
        numbers = iter(put(store, changes, printable(path.name)[:MAX_NAME], by))
        marks = [
            mark if one.is_removed else f"E{next(numbers)}"
            for one, mark in zip(outcomes, marks, strict=True)
        ]
    then = {one.mark: one.facts for one in listed}
    for one, mark in zip(outcomes, marks, strict=True):
        if not one.is_removed:
            then[mark or f"row {one.row.number}"] = one.facts
    with store.reading() as connection:
        return Imported(file, outcomes, tuple(marks), _gaps(connection, then))


def edit(
    store: Store, evaluation: Evaluation, given: Mapping[str, Any], by: str
) -> tuple[str, ...]:
    """Stores facts that somebody gives by hand; what changed, one sentence each.

    Args:
        store: The project's.
        evaluation: As it was read.
        given: Field of ``Facts`` to its new value; a report by its name or its file's.
        by: Who says so.

    Raises:
        WhatworksError: a fact that cannot be, or that another evaluation has.
    """
    if given.get("report"):
        with store.reading() as connection:
            links = _links(connection, evaluations(connection))
        given = {**given, "report": links.name(given["report"])}
    facts = clean_facts(replace(evaluation.facts, **given))
    put(store, [_change(evaluation, facts)], BY_HAND, by)
    return differences(evaluation.facts, facts)


def remove(store: Store, evaluation: Evaluation, by: str) -> None:
    """Takes an evaluation off the list; all that was said of it stays."""
    put(store, [Change(None, evaluation.id, evaluation.facts)], BY_HAND, by)


def restore(store: Store, evaluation: Evaluation, by: str) -> None:
    """Puts one back that ``store.register.removed`` gave, as it was."""
    put(store, [Change(evaluation.facts, evaluation.id)], BY_HAND, by)


def accept(store: Store, proposals: Sequence[Proposal], by: str) -> tuple[str, ...]:
    """Stores what reports say of themselves, by somebody's word; the marks of the evaluations."""
    changes = [_change(one.evaluation, one.facts) for one in proposals]
    return tuple(f"E{number}" for number in put(store, changes, FOUND, by))


def find_evaluation(connection: Connection, given: str) -> tuple[Evaluation, bool]:
    """The evaluation that is meant by its mark, else by its symbol, and whether it is listed.

    One that was taken off the list is found as it stood before.

    Raises:
        WhatworksError: there is none; the nearest is named.
    """
    listed = evaluations(connection)
    everything = (*listed, *removed(connection))
    key = given.strip().casefold()
    for names in (
        {one.mark.casefold(): one for one in everything},
        {one.facts.symbol.casefold(): one for one in reversed(everything) if one.facts.symbol},
    ):
        if key in names:
            return names[key], names[key] in listed
    known = [name for one in everything for name in (one.mark, one.facts.symbol) if name]
    raise WhatworksError(
        f"{unknown('evaluation', given, known)} They are listed by: whatworks register list"
    )


def _gaps(connection: Connection, listed: Mapping[str, Facts]) -> Gaps:
    """Of the facts of these marks."""
    names = {clean_text(one.name): one.name for one in reports(connection)}
    linked = {one.report for one in listed.values()}
    return Gaps(
        tuple(mark for mark, facts in listed.items() if facts.report not in names),
        tuple(name for cleaned, name in names.items() if cleaned not in linked),
    )


def _links(connection: Connection, listed: Sequence[Evaluation]) -> ReportLinks:
    return ReportLinks.of([ReportName(one.name, one.title) for one in reports(connection)], listed)


def _change(evaluation: Evaluation | None, facts: Facts) -> Change:
    if evaluation is None:
        return Change(facts)
    return Change(facts, evaluation.id, evaluation.facts)
