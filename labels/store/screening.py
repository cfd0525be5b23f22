"""Screening as it is stored: every word is kept, and the last ones count."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from sqlalchemy import Connection, insert, select

from ...nlp.errors import WhatworksError
from ..drafts import clean_comment, clean_name
from ..register import Evaluation
from ..resolution import name_key
from ..screening import Screened, Screening, ScreeningPlan
from ..screening_rules import (
    Said,
    is_begun,
    settlement,
    that_hold,
    where_it_stands,
    with_one_of_each_project,
)
from ..screening_words import reason_of, verdict_of
from .appraisals import appraised
from .assignments import annotator_ids
from .database import Store, utc_now
from .schema import annotator, register_entry, screening

__all__ = ["appraised", "problems", "screen", "screened", "screening_log", "take_back"]


def screened(
    connection: Connection, plan: ScreeningPlan, evaluations: Sequence[Evaluation]
) -> dict[int, Screened]:
    """Where each of these evaluations stands, by its id.

    While nobody's verdict holds in the whole project, nothing was screened: then every evaluation
    is taken in, by nobody's word.
    """
    said = screening_log(connection)
    if is_begun(said):
        found = {one.id: where_it_stands(said.get(one.id, ()), plan) for one in evaluations}
    else:
        found = {one.id: Screened(Screening.INCLUDED) for one in evaluations}
    return with_one_of_each_project(plan, evaluations, found)


def screening_log(connection: Connection) -> dict[int, list[Said]]:
    """Entry id to all that was ever said of it, in the order of the log."""
    query = (
        select(screening, annotator.c.name)
        .join(annotator, annotator.c.id == screening.c.annotator_id)
        .order_by(screening.c.id)
    )
    found: dict[int, list[Said]] = {}
    for row in connection.execute(query):
        said = Said(row.name, row.verdict, tuple(row.reasons), row.note, row.settles, row.made_at)
        found.setdefault(row.register_entry_id, []).append(said)
    return found


def screen(store: Store, plan: ScreeningPlan, said: Iterable[tuple[int, Said]]) -> list[bool]:
    """Records what was said of evaluations, all or nothing; whether each word was a new one.

    What a screener says already, with the same reasons and note, is not stored again.

    Args:
        store: The project's.
        plan: As it stands in the settings.
        said: Ids of entries of the register, and what is said of each.

    Raises:
        WhatworksError: an unknown verdict or reason, nothing to take back, or no conflict to
            settle.
    """
    asked = [(entry, _clean(one, plan)) for entry, one in said]
    with store.writing() as connection:
        log = screening_log(connection)
        new = [_add(connection, entry, one, log, plan) for entry, one in asked]
        _insert(connection, [pair for pair, is_new in zip(asked, new, strict=True) if is_new])
    return new


def problems(
    connection: Connection, plan: ScreeningPlan, said: Sequence[tuple[int, Said]]
) -> dict[int, str]:
    """What keeps words from being recorded together: place in the list to a sentence.

    Nothing is written. Where the answer is empty, ``screen`` would take them now.
    """
    log, found = screening_log(connection), {}
    for place, (entry, one) in enumerate(said):
        try:
            _add(connection, entry, _clean(one, plan), log, plan)
        except WhatworksError as error:
            found[place] = str(error)
    return found


def take_back(store: Store, entry: int, screener: str) -> Said:
    """Takes back what somebody said of an evaluation: the settlement, else the own word.

    Returns:
        What no longer holds.

    Raises:
        WhatworksError: this person said nothing of it that still holds.
    """
    screener = clean_name(screener, "screener")
    with store.writing() as connection:
        holding = that_hold(screening_log(connection).get(entry, ()))
        own = [one for one in holding if name_key(one.screener) == name_key(screener)]
        if not own:
            raise _nothing_to_take_back(connection, entry, screener)
        last = max(own, key=lambda one: one.settles)
        _insert(connection, [(entry, replace(last, verdict=None, reasons=(), note=""))])
    return last


def _clean(said: Said, plan: ScreeningPlan) -> Said:
    if said.verdict is None:
        return replace(said, screener=clean_name(said.screener, "screener"), reasons=(), note="")
    verdict = verdict_of(said.verdict)
    reasons = (reason_of(one, verdict, plan) for one in said.reasons)
    return replace(
        said,
        screener=clean_name(said.screener, "screener"),
        verdict=verdict,
        reasons=tuple(dict.fromkeys(reasons)),
        note=clean_comment(said.note),
    )


def _add(
    connection: Connection,
    entry: int,
    said: Said,
    log: dict[int, list[Said]],
    plan: ScreeningPlan,
) -> bool:
    """Adds a word to the log as it was read; whether it says anything new."""
    before = log.setdefault(entry, [])
    own = [
        one
        for one in that_hold(before)
        if name_key(one.screener) == name_key(said.screener) and one.settles == said.settles
    ]
    if said.verdict is None and not own:
        raise _nothing_to_take_back(connection, entry, said.screener)
    if own and _word(own[-1]) == _word(said):
        return False
    if said.settles and said.verdict is not None and settlement(before) is None:
        state = where_it_stands(before, plan).state
        if state is not Screening.CONFLICT:
            raise WhatworksError(
                f"{_mark(connection, entry)} is {state}: there is no conflict to settle. Say it "
                "without settling."
            )
    before.append(said)
    return True


def _word(said: Said) -> tuple[str | None, frozenset[str], str]:
    return said.verdict, frozenset(said.reasons), said.note


def _insert(connection: Connection, said: Sequence[tuple[int, Said]]) -> None:
    for entry, one in said:
        (person,) = annotator_ids(connection, [one.screener]).values()
        connection.execute(
            insert(screening).values(
                register_entry_id=entry,
                annotator_id=person,
                verdict=one.verdict,
                reasons=list(one.reasons),
                note=one.note,
                settles=one.settles,
                made_at=utc_now(),
            )
        )


def _nothing_to_take_back(connection: Connection, entry: int, screener: str) -> WhatworksError:
    return WhatworksError(
        f"{_mark(connection, entry)}: '{screener}' said nothing of it that could be taken back."
    )


def _mark(connection: Connection, entry: int) -> str:
    number = connection.scalar(select(register_entry.c.number).where(register_entry.c.id == entry))
    return f"E{number}"
