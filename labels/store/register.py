"""The register as it is stored: each change is kept, with who said it and where it comes from."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, fields
from typing import Any

from sqlalchemy import Connection, Select, func, insert, select

from ...nlp.errors import WhatworksError
from ..drafts import clean_name
from ..register import Evaluation, Facts, clean_facts, clean_text, title_key
from .assignments import annotator_ids
from .database import Store, utc_now
from .schema import annotator, register_entry, register_fact, report

_LISTS = tuple(one.name for one in fields(Facts) if one.default == ())


@dataclass(frozen=True, slots=True)
class Change:
    """What an entry of the register is to say from now on."""

    facts: Facts | None
    """None takes it off the list."""
    id: int | None = None
    """Of the entry; None lists a new evaluation."""
    was: Facts | None = None
    """What the entry said when the change was made up; None where it was not on the list."""


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody said of an evaluation at some time."""

    facts: Facts | None
    """All that was known from then on; None took it off the list."""
    source: str
    """Where it came from: a list's file, 'edit', or ``register.FOUND``."""
    by: str
    at: str
    """UTC."""


def evaluations(connection: Connection) -> tuple[Evaluation, ...]:
    """The evaluations that are on the list now, by number."""
    return _evaluations(connection, _last_facts())


def removed(connection: Connection) -> tuple[Evaluation, ...]:
    """Those that were taken off the list, by number, as they stood before."""
    now = {one.id for one in evaluations(connection)}
    before = _evaluations(connection, _last_facts(register_fact.c.facts.is_not(None)))
    return tuple(one for one in before if one.id not in now)


def histories(connection: Connection) -> dict[int, tuple[Said, ...]]:
    """Entry id to all that was ever said of it, the first first."""
    query = (
        select(register_fact, annotator.c.name)
        .join(annotator, annotator.c.id == register_fact.c.annotator_id)
        .order_by(register_fact.c.id)
    )
    found: dict[int, list[Said]] = {}
    for row in connection.execute(query):
        said = Said(_facts(row.facts), row.source, row.name, row.made_at)
        found.setdefault(row.register_entry_id, []).append(said)
    return {entry: tuple(said) for entry, said in found.items()}


def put(store: Store, changes: Iterable[Change], source: str, by: str) -> tuple[int, ...]:
    """Stores changes, all or none; the numbers of the entries, in the order of the changes.

    A new entry gets the next number, which is never given again. Facts that an entry says already
    store nothing.

    Args:
        store: The project's.
        changes: At most one of each entry.
        source: Where they come from: a list's file, 'edit', or ``register.FOUND``.
        by: Who says so.

    Raises:
        WhatworksError: facts that cannot be, an entry that somebody else changed meanwhile, or
            two evaluations with one symbol, one title or one report.
    """
    source, by = clean_name(source, "source"), clean_name(by)
    asked = [(one, None if one.facts is None else clean_facts(one.facts)) for one in changes]
    with store.writing() as connection:
        known = {row.id: row for row in connection.execute(_entries(_last_facts()))}
        for one, _ in asked:
            if one.id is not None and _facts(known[one.id].facts) != one.was:
                raise WhatworksError(
                    f"E{known[one.id].number} was changed by somebody else meanwhile. Nothing was "
                    "stored: run the command again."
                )
        numbers: list[int] = []
        for one, facts in asked:
            if one.id is None:
                entry, number = _new_entry(connection)
            else:
                entry, number = one.id, known[one.id].number
            numbers.append(number)
            if one.id is None or facts != one.was:
                _say(connection, entry, facts, source, by)
        _check_apart(evaluations(connection))
    return tuple(numbers)


def _say(connection: Connection, entry: int, facts: Facts | None, source: str, by: str) -> None:
    (person,) = annotator_ids(connection, [by]).values()
    connection.execute(
        insert(register_fact).values(
            register_entry_id=entry,
            facts=None if facts is None else asdict(facts),
            source=source,
            annotator_id=person,
            made_at=utc_now(),
        )
    )


def _new_entry(connection: Connection) -> tuple[int, int]:
    """Its id and its number."""
    last = connection.scalar(select(func.max(register_entry.c.number))) or 0
    made = connection.execute(
        insert(register_entry).values(number=last + 1, created_at=utc_now())
    ).inserted_primary_key
    assert made is not None
    return int(made[0]), last + 1


def _check_apart(listed: Sequence[Evaluation]) -> None:
    """Raises where two evaluations could be taken for each other."""
    symbols: dict[str, Evaluation] = {}
    files: dict[str, Evaluation] = {}
    titles: dict[str, list[Evaluation]] = {}
    for one in listed:
        facts = one.facts
        if facts.symbol:
            _refuse(symbols.setdefault(facts.symbol.casefold(), one), one, "symbol", facts.symbol)
        if facts.report:
            _refuse(files.setdefault(facts.report, one), one, "report", facts.report)
        for other in titles.setdefault(title_key(facts.title), []):
            if not (facts.symbol and other.facts.symbol):
                _refuse(other, one, "title", facts.title)
        titles[title_key(facts.title)].append(one)


def _refuse(first: Evaluation, second: Evaluation, what: str, value: str) -> None:
    if first.id == second.id:
        return
    cure = {
        "symbol": "Each evaluation needs a symbol of its own.",
        "report": "A report stands for one evaluation: take it from one of the two.",
        "title": "Give both a symbol, so that they can be told apart.",
    }
    raise WhatworksError(
        f"{first.mark} and {second.mark} would both have the {what} '{value}'. {cure[what]} "
        "Nothing was stored."
    )


def _last_facts(*conditions: Any) -> Select[Any]:
    """Ids of the last facts of each entry that meet the conditions."""
    last = func.max(register_fact.c.id)
    return select(last).where(*conditions).group_by(register_fact.c.register_entry_id)


def _entries(fact_ids: Select[Any]) -> Select[Any]:
    """Entries with these facts, by number."""
    return (
        select(register_entry.c.id, register_entry.c.number, register_fact.c.facts)
        .join(register_fact, register_fact.c.register_entry_id == register_entry.c.id)
        .where(register_fact.c.id.in_(fact_ids))
        .order_by(register_entry.c.number)
    )


def _evaluations(connection: Connection, fact_ids: Select[Any]) -> tuple[Evaluation, ...]:
    names = connection.execute(select(report.c.name, report.c.id))
    # The name of a file may have two spaces in a row; a fact has one.
    reports = {clean_text(row.name): row.id for row in names}
    found = ((row, _facts(row.facts)) for row in connection.execute(_entries(fact_ids)))
    return tuple(
        Evaluation(row.id, row.number, facts, reports.get(facts.report))
        for row, facts in found
        if facts is not None
    )


def _facts(stored: dict[str, Any] | None) -> Facts | None:
    if stored is None:
        return None
    return Facts(**stored | {name: tuple(stored.get(name, ())) for name in _LISTS})
