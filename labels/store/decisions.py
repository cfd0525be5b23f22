"""Decisions: checked, linked to the chain, kept together with what follows from them.

A decision is never changed. What was said is only ever followed by something else.
"""

from collections.abc import Iterable, Sequence

from sqlalchemy import Connection, insert

from ...nlp.errors import WhatworksError
from ..decisions import Answer, DecisionDraft
from ..drafts import clean_name
from ..resolution import Policy, name_key
from .batch import Batch, Recorded
from .database import Store, utc_now
from .known import suggestions
from .log import current_policy, decisions_on, translations
from .resolutions import resolve_all
from .schema import policy_version

__all__ = [
    "Recorded",
    "current_policy",
    "decisions_on",
    "problems",
    "record",
    "record_all",
    "set_policy",
    "suggested_now",
]


def record(store: Store, draft: DecisionDraft) -> Recorded:
    """Adds a decision to the log, for good.

    The same draft sent again (by its key) is recorded once.

    Raises:
        WhatworksError: it cannot be recorded; the text says why, and nothing was.
    """
    return record_all(store, [draft])[0]


def record_all(store: Store, drafts: Sequence[DecisionDraft]) -> list[Recorded]:
    """Adds decisions in their order, all of them or none.

    Raises:
        WhatworksError: of the first one that cannot be recorded.
    """
    if not drafts:
        return []
    with store.writing() as connection:
        batch = Batch(connection, drafts)
        recorded = [batch.add(draft) for draft in drafts]
        batch.write()
    return recorded


def problems(connection: Connection, drafts: Sequence[DecisionDraft]) -> dict[int, str]:
    """What keeps drafts from being recorded together: place in the list to a sentence.

    Nothing is written. Where the answer is empty, ``record_all`` would take them now.
    """
    batch = Batch(connection, drafts)
    found: dict[int, str] = {}
    for place, draft in enumerate(drafts):
        try:
            batch.add(draft)
        except WhatworksError as error:
            found[place] = str(error)
    return found


def suggested_now(connection: Connection, suggestion_ids: Iterable[int]) -> dict[int, Answer]:
    """What suggestions say in the codes of the newest codebook, as verdicts are checked by it.

    Codes renamed since are translated; those that became stale fall away.
    """
    known = translations(connection)
    return {
        id_: known.suggestion(one.number, one.answer)
        for id_, one in suggestions(connection, suggestion_ids).items()
    }


def set_policy(store: Store, policy: Policy) -> int:
    """Makes it the project's policy; gives how many passages that moved to another state.

    Nothing is written where it is the policy already.
    """
    names = {name_key(name): clean_name(name, "adjudicator") for name in policy.adjudicators}
    policy = Policy(policy.name, tuple(sorted(names.values())))
    with store.reading() as connection:
        if current_policy(connection) == policy:
            return 0
    with store.writing() as connection:
        if current_policy(connection) == policy:
            return 0
        stored = {"name": policy.name, "adjudicators": policy.adjudicators}
        row = {"policy": stored, "created_at": utc_now()}
        connection.execute(insert(policy_version).values(row))
        return resolve_all(connection).changed
