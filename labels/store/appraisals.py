"""What people said of the quality of reports, as it is stored: the last word of each counts."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from sqlalchemy import Connection, insert, select

from ..drafts import clean_comment, clean_name
from ..register import Evaluation
from ..resolution import name_key
from ..screening import ANSWERS, Appraised, ScreeningPlan
from ..screening_words import answer_of, item_of
from .assignments import annotator_ids
from .database import Store, utc_now
from .schema import annotator, appraisal


def appraised(
    connection: Connection, evaluations: Sequence[Evaluation]
) -> dict[int, Mapping[str, str]]:
    """Entry id to what holds of the quality of its report: item to answer.

    Where appraisers differ, an answer is 'yes/no'. Every evaluation is there; {} is not appraised.
    """
    log = appraisal_log(connection)
    return {one.id: _joined(log.get(one.id, ())) for one in evaluations}


def appraisal_log(connection: Connection) -> dict[int, list[Appraised]]:
    """Entry id to all that was ever said of the quality of its report, in the order of the log."""
    query = (
        select(appraisal, annotator.c.name)
        .join(annotator, annotator.c.id == appraisal.c.annotator_id)
        .order_by(appraisal.c.id)
    )
    found: dict[int, list[Appraised]] = {}
    for row in connection.execute(query):
        said = Appraised(row.name, row.answers, row.note, row.made_at)
        found.setdefault(row.register_entry_id, []).append(said)
    return found


def appraise(
    store: Store, plan: ScreeningPlan, said: Iterable[tuple[int, Appraised]]
) -> list[bool]:
    """Records what was said of the quality of reports, all or nothing; whether each was new.

    Answers that somebody gave before hold on for the items that are left out; '' takes one back.

    Args:
        store: The project's.
        plan: As it stands in the settings.
        said: Ids of entries of the register, and what is said of each.

    Raises:
        WhatworksError: an item that is not on the checklist, or an unknown answer.
    """
    asked = [(entry, _clean_appraisal(one, plan)) for entry, one in said]
    new: list[bool] = []
    with store.writing() as connection:
        log = appraisal_log(connection)
        for entry, one in asked:
            before = _last_of(log.get(entry, ()), one.appraiser)
            given = {**before.answers, **one.answers}
            whole = replace(
                one,
                answers={item: answer for item, answer in given.items() if answer},
                note=one.note or before.note,
            )
            new.append((whole.answers, whole.note) != (before.answers, before.note))
            if new[-1]:
                log.setdefault(entry, []).append(whole)
                _insert_appraisal(connection, entry, whole)
    return new


def _clean_appraisal(said: Appraised, plan: ScreeningPlan) -> Appraised:
    return replace(
        said,
        appraiser=clean_name(said.appraiser, "appraiser"),
        answers={
            item_of(item, plan): answer_of(answer) if answer else ""
            for item, answer in said.answers.items()
        },
        note=clean_comment(said.note),
    )


def _last_of(said: Iterable[Appraised], appraiser: str) -> Appraised:
    own = [one for one in said if name_key(one.appraiser) == name_key(appraiser)]
    return own[-1] if own else Appraised(appraiser, {})


def _joined(said: Iterable[Appraised]) -> dict[str, str]:
    last = {name_key(one.appraiser): one for one in said}
    given: dict[str, set[str]] = {}
    for one in last.values():
        for item, answer in one.answers.items():
            given.setdefault(item, set()).add(answer)
    return {
        item: "/".join(answer for answer in ANSWERS if answer in answers)
        for item, answers in given.items()
    }


def _insert_appraisal(connection: Connection, entry: int, said: Appraised) -> None:
    (person,) = annotator_ids(connection, [said.appraiser]).values()
    connection.execute(
        insert(appraisal).values(
            register_entry_id=entry,
            annotator_id=person,
            answers=dict(said.answers),
            note=said.note,
            made_at=utc_now(),
        )
    )
