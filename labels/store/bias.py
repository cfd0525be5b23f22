"""Automation bias in a project: blind and sighted answers, read from the journal."""

import numpy as np
from sqlalchemy import Connection

from ..bias import Bias, Bools, Ints, Looks, compare
from ..codebook import Codebook
from ..decisions import Answer
from ..resolution import Translations
from ..shares import Share
from .journal import CONFIRM, UNDO, UNSURE, Journal
from .known import suggestions
from .log import translations


def measure_bias(connection: Connection, journal: Journal, codebook: Codebook) -> Bias:
    """What seeing suggestions does, by what each person said first about each passage.

    What they changed or took back later does not count, nor what was said first with 'unsure',
    as an adjudication, or where nothing was suggested.

    Args:
        connection: A reading one.
        journal: In step with it.
        codebook: The newest: its finding types are compared.
    """
    at, columns = _first_answers(journal), journal.columns
    blind, same = columns.blind[at], columns.verdicts[at] == CONFIRM
    both = np.intersect1d(columns.passages[at[blind]], columns.passages[at[~blind]])
    twice = at[np.isin(columns.passages[at], both)]
    passages, rows = compare(_looks(connection, journal, twice), codebook.finding_type_ids)
    changed, adopted = _changes(journal, at[blind & ~same], translations(connection))
    return Bias(
        seen=Share(int((same & ~blind).sum()), int((~blind).sum())),
        blind=Share(int((same & blind).sum()), int(blind.sum())),
        changed=changed,
        adopted=adopted,
        passages=passages,
        rows=rows,
    )


def _first_answers(journal: Journal) -> Ints:
    """Places of what each person first said about each passage, if it answers a suggestion."""
    columns = journal.columns
    independent = np.flatnonzero((columns.verdicts != UNDO) & ~columns.adjudicates)
    _, first = np.unique(columns.pairs[independent], return_index=True)
    at: Ints = independent[first]
    answers: Ints = at[(columns.verdicts[at] != UNSURE) & (columns.suggestions[at] > 0)]
    return answers


def _changes(journal: Journal, at: Ints, known: Translations) -> tuple[Share, int]:
    """How many of these first answers their authors changed, and how many to what is suggested."""
    columns = journal.columns
    wanted = np.isin(columns.pairs, columns.pairs[at])
    holding = columns.holding & ~columns.adjudicates & (columns.verdicts != UNSURE)
    later = np.flatnonzero(wanted & holding)
    # Of several the last one stays in the mapping.
    last = dict(zip(columns.pairs[later].tolist(), later.tolist(), strict=True))
    now = (
        {place: known.answer(*one) for place, one in enumerate(journal.answers)} if len(at) else {}
    )
    changed = adopted = 0
    for place in at.tolist():
        found = last.get(int(columns.pairs[place]), place)
        if now[int(columns.said[found])] != now[int(columns.said[place])]:
            changed += 1
            adopted += int(columns.verdicts[found] == CONFIRM)
    return Share(changed, len(at)), adopted


def _looks(connection: Connection, journal: Journal, at: Ints) -> Looks:
    """These decisions in the codes of the newest codebook; without those that became stale."""
    columns, known = journal.columns, translations(connection)
    answers: dict[Answer, int] = {}

    def place(version: int, answer: Answer) -> int:
        now, is_stale = known.answer(version, answer)
        return -1 if is_stale else answers.setdefault(now, len(answers))

    numbers = np.unique(columns.said[at])
    given = np.full(len(journal.answers), -1, np.int64)
    given[numbers] = [place(*journal.answers[one]) for one in numbers.tolist()]
    ids = np.unique(columns.suggestions[at])
    stored = suggestions(connection, ids.tolist())
    says = np.array([place(stored[one].number, stored[one].answer) for one in ids.tolist()], int)
    suggested = says[np.searchsorted(ids, columns.suggestions[at])] if len(at) else says
    said = given[columns.said[at]]
    fresh: Bools = (said >= 0) & (suggested >= 0)
    return Looks(
        columns.passages[at][fresh].astype(np.int64),
        columns.blind[at][fresh],
        suggested[fresh],
        said[fresh],
        list(answers),
    )
