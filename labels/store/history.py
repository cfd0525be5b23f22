"""Everything that was ever said about a passage, in the order in which it was said."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sqlalchemy import Connection, select

from ...nlp.passages import Passage, PassageId
from ..decisions import Answer, Decision, State, Verdict
from ..resolution import Resolution, Translations
from .log import decisions_on, translations
from .passages import find_passage_id, passages_of
from .resolutions import passage_states, resolutions_of
from .schema import (
    codebook_version,
    model_version,
    passage,
    placement,
    policy_version,
    report_version,
    round_,
    selection,
    suggested_code,
    suggestion,
)


@dataclass(frozen=True, slots=True)
class Event:
    """Something that was said about a passage, or that changed where it stands."""

    at: str
    """UTC, ISO 8601."""
    kind: str
    """'read', 'suggested', 'selected', 'decided', 'codebook' or 'policy'."""
    by: str
    """A person, or a model; '' where nobody is named."""
    says: str
    id: int
    """Its number in its own table: of a decision, its place in the log."""


@dataclass(frozen=True, slots=True)
class History:
    """What happened to a passage."""

    passage: Passage
    events: tuple[Event, ...]
    state: State
    resolution: Resolution | None


def history(connection: Connection, given: str) -> History:
    """The history of the passage of this id, or of the only id that begins with it.

    Codebook and policy changes are in it where they came after its first decision; codebook
    changes only where they touch what was decided.

    Raises:
        WhatworksError: there is no such passage, or several ids begin so.
    """
    passage_id = find_passage_id(connection, given)
    said = decisions_on(connection, [passage_id])[passage_id]
    events = [
        *_readings(connection, passage_id),
        *_suggestions(connection, passage_id),
        *_selections(connection, passage_id),
        *map(decided, said),
    ]
    if said:
        events += _codebooks(connection, said, translations(connection))
        events += _policies(connection, said[0].made_at)
    return History(
        passage=passages_of(connection, [passage_id])[passage_id],
        # Sorting keeps the order above where times are equal.
        events=tuple(sorted(events, key=lambda event: event.at)),
        state=passage_states(connection, [passage_id])[passage_id],
        resolution=resolutions_of(connection, [passage_id]).get(passage_id),
    )


def _readings(connection: Connection, passage_id: PassageId) -> Iterator[Event]:
    query = (
        select(report_version, placement.c.position, placement.c.page, placement.c.heading)
        .add_columns(placement.c.passage_id)
        .outerjoin(
            placement,
            (placement.c.report_version_id == report_version.c.id)
            & (placement.c.passage_id == passage_id),
        )
        .where(
            report_version.c.report_id
            == select(passage.c.report_id).where(passage.c.id == passage_id).scalar_subquery()
        )
        .order_by(report_version.c.number)
    )
    stood = False
    for row in connection.execute(query):
        version = f"version {row.number} of {row.path}"
        if row.passage_id is not None:
            page = "" if row.page is None else f", page {row.page}"
            under = f", under {' > '.join(row.heading)}" if row.heading else ""
            says = f"stands in {version}{page}{under}"
        elif stood:
            says = f"is not in {version}"
        else:
            continue
        stood = row.passage_id is not None
        yield Event(row.added_at, "read", row.added_by, says, row.number)


def _suggestions(connection: Connection, passage_id: PassageId) -> Iterator[Event]:
    codes: dict[int, list[tuple[str, str, float]]] = {}
    chosen = (
        select(suggested_code)
        .join(suggestion, suggested_code.c.suggestion_id == suggestion.c.id)
        .where(suggestion.c.passage_id == passage_id, suggested_code.c.suggested)
        .order_by(suggested_code.c.kind, suggested_code.c.probability.desc())
    )
    for code in connection.execute(chosen):
        codes.setdefault(code.suggestion_id, []).append((code.kind, code.code, code.probability))
    query = (
        select(suggestion.c.id, suggestion.c.created_at, model_version.c.name)
        .add_columns(codebook_version.c.number)
        .join(model_version, suggestion.c.model_version_id == model_version.c.id)
        .join(codebook_version, suggestion.c.codebook_version_id == codebook_version.c.id)
        .where(suggestion.c.passage_id == passage_id)
        .order_by(suggestion.c.id)
    )
    for row in connection.execute(query):
        named = ", ".join(f"{code} ({chance:.2f})" for _, code, chance in codes.get(row.id, []))
        says = f"suggests {named or 'no finding'} (codebook version {row.number})"
        yield Event(row.created_at, "suggested", row.name, says, row.id)


def _selections(connection: Connection, passage_id: PassageId) -> Iterator[Event]:
    query = (
        select(selection, round_.c.name, round_.c.created_by)
        .join(round_, selection.c.round_id == round_.c.id)
        .where(selection.c.passage_id == passage_id)
        .order_by(selection.c.id)
    )
    for row in connection.execute(query):
        chance = "" if row.probability is None else f", with probability {row.probability:.4g}"
        says = f"selected for the round '{row.name}': {row.reason}{chance}"
        yield Event(row.created_at, "selected", row.created_by, says, row.id)


def decided(decision: Decision) -> Event:
    """A decision, in words."""
    answer = Answer(decision.labels, decision.themes)
    match decision.verdict:
        case Verdict.UNDO:
            says = f"takes back decision {decision.undoes}"
        case Verdict.UNSURE:
            says = "unsure"
        case _:
            what = "settles it" if decision.adjudicates else str(decision.verdict)
            says = f"{what}: {in_words(answer)}"
    details = [f"codebook version {decision.codebook_version}", decision.source]
    if decision.model_version:
        seen = "hidden" if decision.blind else "shown"
        details.append(f"suggestion of {decision.model_version} {seen}")
    elif decision.blind:
        details.append("blind")
    if decision.seconds is not None:
        details.append(f"{decision.seconds:g} s")
    comment = f". Comment: {decision.comment}" if decision.comment else ""
    says += f" (decision {decision.id}; {', '.join(details)}){comment}"
    return Event(decision.made_at, "decided", decision.annotator, says, decision.id)


def _codebooks(
    connection: Connection, said: Iterable[Decision], known: Translations
) -> Iterator[Event]:
    """Versions that renamed a decided code, or made it stale."""
    said = list(said)
    query = select(codebook_version).order_by(codebook_version.c.number)
    for row in connection.execute(query):
        before, after = known.until(row.number - 1), known.until(row.number)
        changed: dict[str, None] = {}
        for one in said:
            for kind, codes in (("finding_type", one.labels), ("theme", one.themes)):
                for code in codes if one.codebook_version < row.number else ():
                    was = before.now(one.codebook_version, kind, code)
                    now = after.now(one.codebook_version, kind, code)
                    if was is not None and now != was:
                        fate = "is stale, to be decided again" if now is None else f"is now {now}"
                        changed[f"{was} {fate}"] = None
        if changed:
            says = f"codebook version {row.number}: {'; '.join(changed)}"
            yield Event(row.created_at, "codebook", row.created_by, says, row.number)


def _policies(connection: Connection, since: str) -> Iterator[Event]:
    query = select(policy_version).where(policy_version.c.created_at > since)
    for row in connection.execute(query.order_by(policy_version.c.id)):
        named = ", ".join(row.policy["adjudicators"])
        settles = f" (adjudicators: {named})" if named else ""
        says = f"the policy is now {row.policy['name']}{settles}"
        yield Event(row.created_at, "policy", "", says, row.id)


def in_words(answer: Answer) -> str:
    """'lesson, obstacle; budget', or 'no finding'."""
    if not answer.labels:
        return "no finding"
    return ", ".join(answer.labels) + (f"; {', '.join(answer.themes)}" if answer.themes else "")
