"""Confirmed labels: the one door to everything that is counted, compared or published.

Every function here reads through ``_confirmed``, which lets only the confirmed passages of each
report's newest version through. None takes a flag that would let others in. What models learn from
is fewer: see ``kept_apart.py``.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, Subquery, func, select

from ...nlp.errors import WhatworksError
from ...nlp.passages import Passage, PassageId
from ..agreement.independence import independent_answers
from ..decisions import Answer, Decision, State
from ..resolution import resolve
from .codebooks import current_codebook
from .kept_apart import kept_apart, select_kept_apart
from .log import current_policy, decisions_on, in_parts, translations
from .passages import current_versions, passages_of
from .resolutions import resolutions_of
from .schema import placement, resolution, resolved_code

Code = tuple[str, str]
"""('finding_type' or 'theme', its id in the newest codebook version)."""


@dataclass(frozen=True, slots=True)
class ConfirmedPassage:
    """A passage whose labels people agreed on or somebody settled, and what that rests on."""

    report_id: int
    passage: Passage
    """As it stands in the newest version of its report."""
    labels: tuple[str, ...]
    """Finding types in the words of ``codebook_version``; () is confirmed to be no finding."""
    themes: tuple[str, ...]
    how: str
    """'agreed' or 'adjudicated'."""
    codebook_version: int
    """The number of the project's newest version."""
    decisions: tuple[Decision, ...]
    """Those that gave this answer: who, when, under which codebook version, which model seen."""
    votes: tuple[Answer, ...]
    """What each who read it independently said, in the words of ``codebook_version``; without what
    the codebook has made stale since."""

    @property
    def annotators(self) -> tuple[str, ...]:
        """Who decided, in the order of the log."""
        return tuple(one.annotator for one in self.decisions)


@dataclass(frozen=True, slots=True)
class Coverage:
    """How much of something people have confirmed: ``confirmed`` of ``passages``."""

    confirmed: int
    passages: int
    """All of the newest versions of the reports."""


def confirmed_passages(
    connection: Connection, report_id: int | None = None
) -> Iterator[ConfirmedPassage]:
    """The confirmed passages of one report, or of all, in reading order.

    Raises:
        WhatworksError: what is stored of a passage does not follow from its decisions.
    """
    confirmed = _confirmed(report_id)
    query = select(confirmed.c.passage_id, confirmed.c.report_id)
    rows = connection.execute(query.order_by(confirmed.c.report_id, confirmed.c.position))
    yield from _read(connection, {row.passage_id: row.report_id for row in rows})


def passages_to_learn_from(connection: Connection) -> Iterator[ConfirmedPassage]:
    """The confirmed passages without those of the audit sample: what models may learn from.

    Raises:
        WhatworksError: as ``confirmed_passages`` does.
    """
    confirmed = _confirmed()
    query = select(confirmed.c.passage_id, confirmed.c.report_id).where(
        confirmed.c.passage_id.not_in(select_kept_apart())
    )
    rows = connection.execute(query.order_by(confirmed.c.report_id, confirmed.c.position))
    yield from _read(connection, {row.passage_id: row.report_id for row in rows})


def finding_types_of_confirmed(connection: Connection) -> dict[PassageId, frozenset[str]]:
    """The finding types of all confirmed passages, and nothing else of them."""
    confirmed = _confirmed()
    query = select(confirmed.c.passage_id, resolved_code.c.code).outerjoin(
        resolved_code,
        (resolved_code.c.passage_id == confirmed.c.passage_id)
        & (resolved_code.c.kind == "finding_type"),
    )
    found: dict[PassageId, set[str]] = {}
    for passage_id, code in connection.execute(query):
        found.setdefault(PassageId(passage_id), set()).update(() if code is None else (code,))
    return {one: frozenset(codes) for one, codes in found.items()}


def finding_types_to_learn_from(connection: Connection) -> dict[PassageId, frozenset[str]]:
    """The same without the passages of the audit sample."""
    apart = kept_apart(connection)
    found = finding_types_of_confirmed(connection)
    return {one: codes for one, codes in found.items() if one not in apart}


def confirmed_among(
    connection: Connection, passage_ids: Iterable[PassageId]
) -> dict[PassageId, ConfirmedPassage]:
    """Those of these passages that are confirmed; raises as ``confirmed_passages`` does."""
    found: dict[PassageId, ConfirmedPassage] = {}
    confirmed = _confirmed()
    for ids in in_parts(passage_ids):
        query = select(confirmed.c.passage_id, confirmed.c.report_id)
        rows = connection.execute(query.where(confirmed.c.passage_id.in_(ids)))
        reports = {row.passage_id: row.report_id for row in rows}
        found |= {one.passage.id: one for one in _read(connection, reports)}
    return found


def passages_with(connection: Connection, code: Code) -> list[PassageId]:
    """The passages that are confirmed to have a code."""
    codes = _confirmed_codes()
    query = select(codes.c.passage_id).where(codes.c.kind == code[0], codes.c.code == code[1])
    return [PassageId(one) for one in connection.scalars(query)]


def first_with(
    connection: Connection, code: Code, limit: int, *, leaving_out: Collection[PassageId] = ()
) -> list[ConfirmedPassage]:
    """The first confirmed passages that have a code, in reading order.

    Args:
        connection: Within ``store.reading()``.
        code: Its kind and id.
        limit: How many.
        leaving_out: Passages not to show.
    """
    codes, confirmed = _confirmed_codes(), _confirmed()
    query = (
        select(confirmed.c.passage_id, confirmed.c.report_id)
        .join(codes, codes.c.passage_id == confirmed.c.passage_id)
        .where(codes.c.kind == code[0], codes.c.code == code[1])
        .order_by(confirmed.c.report_id, confirmed.c.position)
        # So many more that enough are left.
        .limit(limit + len(leaving_out))
    )
    rows = [one for one in connection.execute(query) if one.passage_id not in leaving_out]
    return list(_read(connection, {row.passage_id: row.report_id for row in rows[:limit]}))


def _read(connection: Connection, report_of: Mapping[PassageId, int]) -> Iterator[ConfirmedPassage]:
    """Confirmed passages in the order given, each with what it rests on."""
    if not report_of:
        return
    policy, known = current_policy(connection), translations(connection)
    number = current_codebook(connection).number
    for ids in in_parts(report_of):
        passages = passages_of(connection, ids)
        stored = resolutions_of(connection, ids)
        for passage_id, said in decisions_on(connection, ids).items():
            found = resolve(said, policy, known)
            if found is None or found != stored[passage_id]:
                raise WhatworksError(
                    f"Passage {passage_id}: its stored labels do not follow from its decisions. "
                    "Run: whatworks audit"
                )
            yield ConfirmedPassage(
                report_id=report_of[passage_id],
                passage=passages[passage_id],
                labels=found.labels,
                themes=found.themes,
                how=found.how,
                codebook_version=number,
                decisions=tuple(one for one in said if one.id in found.decided_by),
                votes=tuple(independent_answers(said, known)),
            )


def code_counts(connection: Connection, report_id: int | None = None) -> dict[Code, int]:
    """How many confirmed passages of one report, or of all, have each code."""
    codes = _confirmed_codes(report_id)
    query = select(codes.c.kind, codes.c.code, func.count()).group_by(codes.c.kind, codes.c.code)
    return {(kind, code): count for kind, code, count in connection.execute(query)}


def code_counts_among(connection: Connection, passage_ids: Iterable[PassageId]) -> dict[Code, int]:
    """The same of these passages, as far as they are confirmed."""
    codes = _confirmed_codes()
    columns = codes.c.kind, codes.c.code
    found: Counter[Code] = Counter()
    for ids in in_parts(passage_ids):
        query = select(*columns, func.count()).where(codes.c.passage_id.in_(ids)).group_by(*columns)
        for kind, code, count in connection.execute(query):
            found[kind, code] += count
    return dict(found)


def code_counts_by_report(connection: Connection) -> dict[int, dict[Code, int]]:
    """Report id to how many of its confirmed passages have each code."""
    codes = _confirmed_codes()
    columns = codes.c.report_id, codes.c.kind, codes.c.code
    found: dict[int, dict[Code, int]] = {}
    for report_id, kind, code, count in connection.execute(
        select(*columns, func.count()).group_by(*columns)
    ):
        found.setdefault(report_id, {})[kind, code] = count
    return found


def finding_type_by_theme(
    connection: Connection, report_id: int | None = None
) -> dict[tuple[str, str], int]:
    """(Finding type, theme) to how many confirmed passages have both."""
    types, themes = _confirmed_codes(report_id), _confirmed_codes(report_id)
    query = (
        select(types.c.code, themes.c.code, func.count())
        .join_from(types, themes, types.c.passage_id == themes.c.passage_id)
        .where(types.c.kind == "finding_type", themes.c.kind == "theme")
        .group_by(types.c.code, themes.c.code)
    )
    return {(type_, theme): count for type_, theme, count in connection.execute(query)}


def coverage(connection: Connection) -> dict[int, Coverage]:
    """Report id to how many of its passages are confirmed; every report is there."""
    confirmed, versions = _confirmed(), current_versions()
    query = (
        select(
            versions.c.report_id,
            func.count(confirmed.c.passage_id).label("confirmed"),
            func.count(placement.c.passage_id).label("passages"),
        )
        .select_from(versions)
        .outerjoin(placement, placement.c.report_version_id == versions.c.id)
        .outerjoin(confirmed, confirmed.c.passage_id == placement.c.passage_id)
        .group_by(versions.c.report_id)
    )
    return {
        row.report_id: Coverage(row.confirmed, row.passages) for row in connection.execute(query)
    }


def _confirmed(report_id: int | None = None) -> Subquery:
    """The only select that aggregation stands on."""
    versions = current_versions()
    query = (
        select(resolution.c.passage_id, versions.c.report_id, placement.c.position)
        .join(versions, versions.c.report_id == resolution.c.report_id)
        .join(
            placement,
            (placement.c.passage_id == resolution.c.passage_id)
            & (placement.c.report_version_id == versions.c.id),
        )
        .where(resolution.c.state == str(State.CONFIRMED))
    )
    if report_id is not None:
        query = query.where(versions.c.report_id == report_id)
    return query.subquery()


def _confirmed_codes(report_id: int | None = None) -> Subquery:
    confirmed = _confirmed(report_id)
    return (
        select(
            confirmed.c.passage_id,
            confirmed.c.report_id,
            resolved_code.c.kind,
            resolved_code.c.code,
        )
        .join(resolved_code, resolved_code.c.passage_id == confirmed.c.passage_id)
        .subquery()
    )
