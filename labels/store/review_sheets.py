"""Review sheets out of a project, and what the project says about those that come back."""

import re
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, select

from ...nlp.errors import WhatworksError
from ...nlp.passages import Passage, PassageId
from ..codebook import Codebook
from ..decisions import Answer, Decision, State
from ..exchange.review_check import CheckedReview, check_review, refuse
from ..exchange.review_facts import Facts, KnownPassage, codebook_number, column, references
from ..exchange.review_import import FilledSheet
from ..exchange.review_sheet import ReviewRow, ReviewSheet
from ..resolution import Translations, name_key, that_hold
from .blind import hidden_from
from .codebooks import all_codebooks, current_codebook
from .database import Store, utc_now
from .decisions import decisions_on, problems, suggested_now
from .known import suggestions
from .log import in_parts, translations
from .passages import current_passages, current_versions, passages_of
from .resolutions import passage_states
from .rounds import round_called
from .schema import annotator as annotators
from .schema import assignment, placement, project, round_, selection
from .search import find_report_id
from .suggestions import StoredSuggestion, latest_suggestions

_ID = re.compile("[0-9a-f]{16}")
_OPEN = (State.SUGGESTED, State.IN_REVIEW, State.STALE)
"""Another vote is wanted, and there is something to look at."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which passages a reviewer is to get."""

    reports: tuple[str, ...] = ()
    """Names; () is all."""
    round_name: str = ""
    """'' is no round."""
    states: tuple[State, ...] = ()
    """() is what this reviewer has still to decide."""


def make_review_sheet(
    connection: Connection, wanted: Wanted, *, by: str, title: str, language: str, version: str
) -> ReviewSheet:
    """The sheet for one reviewer, in reading order, with the newest suggestions.

    Args:
        connection: Of the project.
        wanted: Which passages.
        by: The reviewer.
        title: The project's name.
        language: Of the names of finding types and themes.
        version: Of whatworks.

    Raises:
        WhatworksError: an unknown report, round or language, a closed round, or no passage.
    """
    book = current_codebook(connection)
    _check_language(book.codebook, language)
    chosen = find_round(connection, wanted.round_name) if wanted.round_name else None
    passages = _passages(connection, wanted.reports)
    if chosen is not None:
        selected = _selected(connection, chosen.id, by)
        passages = [one for one in passages if one.id in selected]
    if wanted.states:
        states = passage_states(connection, [one.id for one in passages])
        passages = [one for one in passages if states[one.id] in wanted.states]
    else:
        passages = _to_decide(connection, passages, by, None if chosen is None else chosen.id)
    held_back: set[PassageId] = set()
    if chosen is None or not chosen.blind:
        held_back = hidden_from(connection, by, [one.id for one in passages])
        passages = [one for one in passages if one.id not in held_back]
    if not passages:
        raise WhatworksError(_nothing(wanted, len(held_back)))
    latest = latest_suggestions(connection, [one.id for one in passages])
    return ReviewSheet(
        project=project_key(connection),
        title=title,
        workbook_id=secrets.token_hex(6),
        codebook=book.codebook,
        codebook_number=book.number,
        language=language,
        rows=tuple(_row(one, latest.get(one.id)) for one in passages),
        created_at=utc_now(),
        created_by=by,
        version=version,
        round_id=None if chosen is None else chosen.id,
        round_name="" if chosen is None else chosen.name,
        blind=chosen is not None and chosen.blind,
        held_back=len(held_back),
    )


def check_returned(store: Store, sheet: FilledSheet, annotator: str) -> CheckedReview:
    """What a sheet that came back would add to the project, down to the last row.

    Raises:
        WhatworksError: it cannot be taken as it is; every row that is wrong is named.
    """
    with store.reading() as connection:
        checked = check_review(sheet, review_facts(connection, sheet, annotator), annotator)
        refused = problems(connection, checked.drafts)
    if refused:
        raise refuse(
            sheet.path,
            [
                f"Row {checked.rows[n]}: "
                + text.removeprefix(f"Passage {checked.drafts[n].passage_id}: ")
                for n, text in sorted(refused.items())
            ],
        )
    return checked


def review_facts(connection: Connection, sheet: FilledSheet, annotator: str) -> Facts:
    """What the project says about a sheet that came back.

    Raises:
        WhatworksError: the sheet is of another project, or newer than this one.
    """
    books = all_codebooks(connection)
    steps = [book.translation for book in books]
    key = project_key(connection)
    number = codebook_number(sheet, key, books[-1].number)
    texts = dict.fromkeys(text.lower() for text in column(sheet, "Passage id"))
    ids = [PassageId(text) for text in texts if _ID.fullmatch(text)]
    found = passages_of(connection, ids)
    current = _current(connection, found)
    wanted = {one.suggestion_id for one in references(sheet) if one.suggestion_id is not None}
    then = Translations(steps[:number])
    # One made under a later codebook cannot have been shown: it stays unknown.
    shown = {
        id_: (one.passage_id, then.suggestion(one.number, one.answer))
        for id_, one in suggestions(connection, wanted).items()
        if one.number <= number
    }
    return Facts(
        project=key,
        current=books[-1].number,
        number=number,
        codebook=books[number - 1].codebook,
        translations=Translations(steps),
        passages={
            one.id: KnownPassage(one.report, one.text, one.id in current) for one in found.values()
        },
        shown=shown,
        now=suggested_now(connection, wanted),
        decisions=_own(decisions_on(connection, found), annotator),
        hidden=hidden_from(connection, annotator, found),
    )


def project_key(connection: Connection) -> str:
    """What tells this project from all others."""
    return str(connection.execute(select(project.c.key)).scalar_one())


def find_round(connection: Connection, name: str) -> Row[Any]:
    """The open round of that name, in any spelling.

    Raises:
        WhatworksError: there is none, or it is closed.
    """
    query = select(round_).where(round_.c.purpose != "reading")
    found = round_called(name, connection.execute(query).all())
    if found.closed_at is not None:
        raise WhatworksError(f"The round '{found.name}' is closed: nothing more can go into it.")
    return found


def _check_language(codebook: Codebook, language: str) -> None:
    codes = (*codebook.finding_types, *codebook.themes)
    known = dict.fromkeys(["en", *(one for code in codes for one in code.names)])
    if language not in known:
        raise WhatworksError(
            f"The codebook has no names in '{language}'. It has them in {', '.join(known)}."
        )


def _passages(connection: Connection, names: Iterable[str]) -> list[Passage]:
    reports = {find_report_id(connection, name): None for name in names}
    if not reports:
        return current_passages(connection)
    return [one for report_id in reports for one in current_passages(connection, report_id)]


def _selected(connection: Connection, round_id: int, by: str) -> set[str]:
    """The passages of a round that are for this reviewer: theirs, and those of nobody."""
    rows = connection.execute(
        select(selection.c.passage_id, annotators.c.name)
        .outerjoin(assignment, assignment.c.selection_id == selection.c.id)
        .outerjoin(annotators, assignment.c.annotator_id == annotators.c.id)
        .where(selection.c.round_id == round_id)
    )
    return {
        row.passage_id for row in rows if row.name is None or name_key(row.name) == name_key(by)
    }


def _to_decide(
    connection: Connection, passages: Sequence[Passage], by: str, round_id: int | None
) -> list[Passage]:
    """What the reviewer has not decided; outside a round, of what others leave open."""
    ids = [one.id for one in passages]
    own = _own(decisions_on(connection, ids), by)
    if round_id is not None:
        # Here independent records are wanted, whatever others said.
        return [
            one
            for one in passages
            if not any(said.round_id == round_id for said in that_hold(own[one.id]))
        ]
    states, now = passage_states(connection, ids), translations(connection)
    return [one for one in passages if states[one.id] in _OPEN and not _stands(own[one.id], now)]


def _stands(own: Sequence[Decision], now: Translations) -> bool:
    """Whether somebody's last word on a passage still says what it said."""
    holding = that_hold(own)
    if not holding:
        return False
    last = holding[-1]
    return not now.answer(last.codebook_version, Answer(last.labels, last.themes))[1]


def _own(
    decisions: dict[PassageId, list[Decision]], annotator: str
) -> dict[PassageId, list[Decision]]:
    name = name_key(annotator)
    return {
        id_: [one for one in said if name_key(one.annotator) == name]
        for id_, said in decisions.items()
    }


def _current(connection: Connection, ids: Iterable[PassageId]) -> set[str]:
    """Those of the passages that stand in the newest version of their report."""
    versions = current_versions()
    query = select(placement.c.passage_id).join(
        versions, placement.c.report_version_id == versions.c.id
    )
    found: set[str] = set()
    for some in in_parts(ids):
        found.update(connection.scalars(query.where(placement.c.passage_id.in_(some))))
    return found


def _row(passage: Passage, suggested: StoredSuggestion | None) -> ReviewRow:
    if suggested is None:
        return ReviewRow(
            passage.id,
            passage.report,
            passage.page,
            passage.heading,
            passage.text,
            passage.lead_in,
        )
    return ReviewRow(
        passage.id,
        passage.report,
        passage.page,
        passage.heading,
        passage.text,
        passage.lead_in,
        suggested.id,
        tuple((code, suggested.probabilities[code]) for code in suggested.labels),
        tuple((code, suggested.theme_probabilities[code]) for code in suggested.themes),
    )


def _nothing(wanted: Wanted, held_back: int) -> str:
    """Why there is no passage, and what to do."""
    if held_back:
        return (
            f"All {held_back:,} passages are in a blind round, in which you may not see the "
            "suggestions yet. Name the round with --round."
        )
    if wanted.states:
        states = " or ".join(f"'{state}'" for state in wanted.states)
        return f"No passage there is {states}. See where the work stands with: whatworks status"
    if wanted.round_name:
        return f"In the round '{wanted.round_name}' nothing is left for you to decide."
    return (
        "There is nothing left for you to decide. Passages that were not pre-labelled come with "
        "--state new, or after: whatworks prelabel"
    )
