"""Where the work on a project stands, counted by the database."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Connection, Select, exists, func, select

from ...nlp.passages import PassageId
from ..decisions import State
from ..resolution import Policy
from .log import current_policy, in_parts
from .passages import current_versions
from .reports import StoredVersion, reports
from .schema import (
    annotator,
    codebook_version,
    decision,
    model_version,
    passage,
    placement,
    resolution,
    resolved_code,
    suggestion,
)


@dataclass(frozen=True, slots=True)
class Counts:
    """How many passages stand where. The states add up to ``passages``."""

    passages: int = 0
    """Of the newest version."""
    states: Mapping[State, int] = field(default_factory=dict)
    gone: int = 0
    """Passages that only an older version has; none of them counts above."""

    def of(self, state: State) -> int:
        """How many are in this state."""
        return self.states.get(state, 0)

    @property
    def open(self) -> int:
        """How many still want somebody's decision."""
        return self.of(State.SUGGESTED) + self.of(State.IN_REVIEW) + self.of(State.STALE)

    def __add__(self, other: "Counts") -> "Counts":
        states = {state: self.of(state) + other.of(state) for state in State}
        return Counts(self.passages + other.passages, states, self.gone + other.gone)


@dataclass(frozen=True, slots=True)
class ReportProgress:
    """Where one report stands."""

    report: StoredVersion
    counts: Counts


@dataclass(frozen=True, slots=True)
class AnnotatorProgress:
    """What one annotator did."""

    name: str
    decisions: int
    """In the log: undos and what they took back are among them."""
    last_at: str


@dataclass(frozen=True, slots=True)
class ProjectProgress:
    """Where the project stands."""

    reports: tuple[ReportProgress, ...]
    confirmed_codes: Mapping[tuple[str, str], int]
    """('finding_type' or 'theme', code): how many confirmed passages have it."""
    annotators: tuple[AnnotatorProgress, ...]
    """Those who decided something, by name."""
    policy: Policy
    codebook_version: int
    """The number of the newest; 0 where there is none."""
    model: str
    """What suggested last, '' where nothing did."""
    suggested_under: int
    """The codebook version that the last suggestion was made under; 0 where there is none."""

    @property
    def total(self) -> Counts:
        """Over all reports."""
        return sum((one.counts for one in self.reports), Counts())


def project_progress(connection: Connection) -> ProjectProgress:
    """Where the project stands now."""
    codebook = connection.scalar(select(func.max(codebook_version.c.number)))
    last = connection.execute(
        select(model_version.c.name, codebook_version.c.number)
        .select_from(suggestion)
        .join(model_version, suggestion.c.model_version_id == model_version.c.id)
        .join(codebook_version, suggestion.c.codebook_version_id == codebook_version.c.id)
        .order_by(suggestion.c.id.desc())
        .limit(1)
    ).one_or_none()
    counted, codes = _counts(connection)
    return ProjectProgress(
        reports=tuple(ReportProgress(one, counted[one.report_id]) for one in reports(connection)),
        confirmed_codes=codes,
        annotators=_annotators(connection),
        policy=current_policy(connection),
        codebook_version=codebook or 0,
        model="" if last is None else last.name,
        suggested_under=0 if last is None else last.number,
    )


def next_step(progress: ProjectProgress, where: str = "") -> str:
    """One line on what to do now.

    Args:
        progress: Where the work stands.
        where: ' --project DIR', where the commands need it.
    """
    total = progress.total
    if not progress.reports:
        return f"Next: whatworks add{where} FILES"
    if total.of(State.NEW):
        count = _passages(total.of(State.NEW))
        return f"Next: whatworks prelabel{where} ({count} without a suggestion)"
    if 0 < progress.suggested_under < progress.codebook_version and total.open:
        why = "the codebook changed since the last suggestions"
        return f"Next: whatworks prelabel{where} ({why})"
    if total.open:
        return f"Next: whatworks review{where} ({_passages(total.open)} to decide)"
    if total.of(State.DISAGREED):
        return f"Next: {_disagreed(progress.policy, total.of(State.DISAGREED), where)}"
    if not total.passages:
        return f"Next: whatworks add{where} FILES (the reports have no passages)"
    return "All passages are confirmed."


def _disagreed(policy: Policy, count: int, where: str) -> str:
    if policy.adjudicators and policy.adjudicates:
        return (
            f"whatworks review{where} --adjudicate ({_passages(count)} to settle, by "
            f"{' or '.join(policy.adjudicators)})"
        )
    return (
        f"whatworks review{where} --state disagreed ({_passages(count)} on which answers "
        "differ: talk about them)"
    )


def _passages(count: int) -> str:
    return "1 passage" if count == 1 else f"{count:,} passages"


def _counts(connection: Connection) -> tuple[dict[int, Counts], Counter[tuple[str, str]]]:
    """Of every report, by its id; and how many confirmed passages have each code.

    What is decided is counted by index alone. Passages that are gone are then taken off: there
    are few, and only in reports that changed.
    """
    placed = _by_report(connection, _placed())
    stored = _by_report(
        connection,
        select(passage.c.report_id, func.count().label("passages")).group_by(passage.c.report_id),
    )
    gone = {report_id: stored.get(report_id, 0) - count for report_id, count in placed.items()}
    states: dict[int, Counter[State]] = {report_id: Counter() for report_id in placed}
    query = select(resolution.c.report_id, resolution.c.state, func.count().label("passages"))
    for row in connection.execute(query.group_by(resolution.c.report_id, resolution.c.state)):
        states[row.report_id][State(row.state)] = row.passages
    columns = resolved_code.c.kind, resolved_code.c.code
    codes = Counter(
        {
            (row.kind, row.code): row.passages
            for row in connection.execute(
                select(*columns, func.count().label("passages")).group_by(*columns)
            )
        }
    )
    changed = [report_id for report_id, count in gone.items() if count]
    decided_and_gone = _decided_and_gone(connection, changed)
    for report_id, state, _ in decided_and_gone:
        states[report_id][state] -= 1
    for ids in in_parts(passage_id for _, _, passage_id in decided_and_gone):
        for code in connection.execute(select(*columns).where(resolved_code.c.passage_id.in_(ids))):
            codes[code.kind, code.code] -= 1
    undecided = {one: count - states[one].total() for one, count in placed.items()}
    new = _new(connection, undecided, sum(stored.values()))
    for report_id, count in undecided.items():
        states[report_id][State.NEW] = new.get(report_id, 0)
        states[report_id][State.SUGGESTED] = count - new.get(report_id, 0)
    return {one: Counts(placed[one], states[one], gone[one]) for one in placed}, +codes


def _by_report(connection: Connection, query: Select[tuple[int, int]]) -> dict[int, int]:
    return {row.report_id: row.passages for row in connection.execute(query)}


def _placed() -> Select[tuple[int, int]]:
    """How many passages the newest version of every report has."""
    current = current_versions()
    return (
        select(current.c.report_id, func.count(placement.c.position).label("passages"))
        .select_from(current)
        .outerjoin(placement, placement.c.report_version_id == current.c.id)
        .group_by(current.c.report_id)
    )


def _decided_and_gone(
    connection: Connection, report_ids: Sequence[int]
) -> list[tuple[int, State, PassageId]]:
    """Report, state and id of the decided passages that stand in older versions only."""
    if not report_ids:
        return []
    current = current_versions()
    last = (
        select(func.max(placement.c.report_version_id))
        .where(placement.c.passage_id == resolution.c.passage_id)
        .scalar_subquery()
    )
    query = (
        select(resolution.c.report_id, resolution.c.state, resolution.c.passage_id)
        .join(current, current.c.report_id == resolution.c.report_id)
        .where(last < current.c.id)
    )
    return [
        (row.report_id, State(row.state), PassageId(row.passage_id))
        for some in in_parts(report_ids)
        for row in connection.execute(query.where(resolution.c.report_id.in_(some)))
    ]


def _new(connection: Connection, undecided: Mapping[int, int], stored: int) -> Mapping[int, int]:
    """How many passages of each report nobody decided and no model has seen."""
    suggested = connection.scalar(select(func.count(suggestion.c.passage_id.distinct()))) or 0
    # Mostly all or none are suggested: then there is no need to look at each.
    if suggested == stored:
        return {}
    if not suggested:
        return undecided
    current = current_versions()
    return _by_report(
        connection,
        select(current.c.report_id, func.count().label("passages"))
        .select_from(current)
        .join(placement, placement.c.report_version_id == current.c.id)
        .where(
            ~exists().where(suggestion.c.passage_id == placement.c.passage_id),
            ~exists().where(resolution.c.passage_id == placement.c.passage_id),
        )
        .group_by(current.c.report_id),
    )


def _annotators(connection: Connection) -> tuple[AnnotatorProgress, ...]:
    each = (
        select(
            decision.c.annotator_id,
            func.count().label("decisions"),
            func.max(decision.c.id).label("last_id"),
        )
        .group_by(decision.c.annotator_id)
        .subquery()
    )
    rows = connection.execute(
        select(annotator.c.name, each.c.decisions, decision.c.made_at)
        .select_from(each)
        .join(annotator, annotator.c.id == each.c.annotator_id)
        .join(decision, decision.c.id == each.c.last_id)
    )
    found = [AnnotatorProgress(row.name, row.decisions, row.made_at) for row in rows]
    return tuple(sorted(found, key=lambda one: one.name.casefold()))
