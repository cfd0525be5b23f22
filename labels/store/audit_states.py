"""What follows from the log under audit: undos, and the tables that are read for counting."""

from collections.abc import Iterator, Sequence

from sqlalchemy import Connection, select

from ...nlp.passages import PassageId
from ..decisions import Decision, State, Verdict
from ..resolution import Policy, Resolution, Translations, resolve, that_hold
from .audit_log import UNREADABLE, Finding
from .ballots import ballots_that_differ
from .log import current_policy, decisions_on, translations
from .resolutions import codes_of, decided_passages, resolutions_of
from .schema import ballot, passage, resolution, resolved_code


def check_states(connection: Connection) -> Iterator[Finding]:
    """Where the stored states and labels are not what the log says."""
    policy, known = current_policy(connection), translations(connection)
    for ids in decided_passages(connection):
        yield from _check(connection, ids, policy, known)
    moved = (
        select(resolution.c.passage_id)
        .join(passage, resolution.c.passage_id == passage.c.id)
        .where(resolution.c.report_id != passage.c.report_id)
    )
    for passage_id in connection.scalars(moved):
        yield Finding(
            "resolution", passage_id, f"Passage {passage_id} is counted in a report not its own."
        )
    for table in (resolution, resolved_code, ballot):
        query = (
            select(table.c.passage_id)
            .distinct()
            .outerjoin(passage, table.c.passage_id == passage.c.id)
            .where(passage.c.id.is_(None))
        )
        for passage_id in connection.scalars(query):
            yield Finding(table.name, passage_id, f"Passage {passage_id} is not there.")


def _check(
    connection: Connection, ids: Sequence[PassageId], policy: Policy, known: Translations
) -> Iterator[Finding]:
    try:
        found = list(_compare(connection, ids, policy, known))
    except UNREADABLE:
        if len(ids) > 1:
            half = len(ids) // 2
            yield from _check(connection, ids[:half], policy, known)
            yield from _check(connection, ids[half:], policy, known)
            return
        found = [
            Finding(
                "resolution",
                ids[0],
                f"Passage {ids[0]}: where it stands, or a decision on it, cannot be read.",
            )
        ]
    yield from found


def _compare(
    connection: Connection, ids: Sequence[PassageId], policy: Policy, known: Translations
) -> Iterator[Finding]:
    decisions = decisions_on(connection, ids)
    for passage_id in ballots_that_differ(connection, ids, decisions):
        yield Finding(
            "ballot",
            passage_id,
            f"The ballot of passage {passage_id}, by which agreement is measured, does not follow "
            "from its decisions.",
        )
    stored = resolutions_of(connection, ids)
    codes: dict[PassageId, set[tuple[str, str]]] = {}
    columns = resolved_code.c.passage_id, resolved_code.c.kind, resolved_code.c.code
    for passage_id, kind, code in connection.execute(
        select(*columns).where(resolved_code.c.passage_id.in_(ids))
    ):
        codes.setdefault(passage_id, set()).add((kind, code))
    for passage_id, said in decisions.items():
        yield from _undos(said)
        follows = resolve(said, policy, known)
        if follows != (found := stored.get(passage_id)):
            yield Finding(
                "resolution",
                passage_id,
                f"Passage {passage_id} is stored as {_words(found)}; from its decisions follows "
                f"{_words(follows)}.",
            )
        counted = set(codes_of(follows)) if _is_confirmed(follows) and follows else set()
        if counted != codes.get(passage_id, set()):
            yield Finding(
                "resolved_code",
                passage_id,
                f"Passage {passage_id} is counted under {_list(codes.get(passage_id, set()))}; "
                f"from its decisions follows {_list(counted)}.",
            )


def _undos(said: Sequence[Decision]) -> Iterator[Finding]:
    """Each undo takes back what its annotator had said last and not yet taken back."""
    for place, one in enumerate(said):
        if one.verdict is not Verdict.UNDO:
            wrong = one.undoes is not None
        else:
            own = [that.id for that in that_hold(said[:place]) if that.annotator == one.annotator]
            wrong = not own or own[-1] != one.undoes
        if wrong:
            yield Finding(
                "decision",
                str(one.id),
                f"Decision {one.id} takes back decision {one.undoes}, which it cannot: it is not "
                f"the last one of {one.annotator} on passage {one.passage_id} that still held.",
            )


def _is_confirmed(resolved: Resolution | None) -> bool:
    return resolved is not None and resolved.state is State.CONFIRMED


def _words(resolved: Resolution | None) -> str:
    if resolved is None:
        return "not decided"
    if not _is_confirmed(resolved):
        return f"'{resolved.state}' ({resolved.votes} votes, decision {resolved.decision_id})"
    codes = ", ".join(code for _, code in codes_of(resolved)) or "no finding"
    return (
        f"'{resolved.state}', {resolved.how}: {codes} ({resolved.votes} votes, decision "
        f"{resolved.decision_id})"
    )


def _list(codes: set[tuple[str, str]]) -> str:
    return ", ".join(code for _, code in sorted(codes)) or "nothing"
