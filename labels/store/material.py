"""What a synthesis is made of, read from the store: through the one door of confirmed labels."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

from sqlalchemy import Connection, func, select, union_all

from ...nlp.errors import WhatworksError
from ..agreement.tables import Agreement, By, Tables
from ..codebook import Codebook
from ..duplicates import near_duplicates
from ..register import Evaluation, Facts
from ..screening import Screened, Screening, ScreeningPlan, flow
from ..screening_rules import is_begun
from ..synthesis.material import (
    PLACES,
    TARGET_GROUPS,
    CodeKey,
    Finding,
    Listed,
    Material,
    ModelUsed,
)
from .appraisals import appraised
from .codebooks import current_codebook
from .confirmed import ConfirmedPassage, Coverage, confirmed_passages, coverage
from .independent import read_independent_votes
from .log import current_policy
from .register import evaluations
from .reports import reports
from .schema import (
    appraisal,
    codebook_version,
    decision,
    model_version,
    policy_version,
    project,
    register_fact,
    report_version,
    screening,
    suggestion,
)
from .screening import screened, screening_log
from .stale import StalePassage, stale_passages

_SAID = (
    decision.c.made_at,
    register_fact.c.made_at,
    screening.c.made_at,
    appraisal.c.made_at,
    codebook_version.c.created_at,
    policy_version.c.created_at,
    report_version.c.added_at,
)


def read_material(connection: Connection, project_name: str, plan: ScreeningPlan) -> Material:
    """All that a synthesis is made of, as it stands now.

    Args:
        connection: Within ``store.reading()``.
        project_name: As the settings have it.
        plan: What the settings say of screening.

    Raises:
        WhatworksError: no finding of an included evaluation is confirmed; it says what to do. Or
            what is stored does not follow from the log.
    """
    book = current_codebook(connection)
    register = evaluations(connection)
    read = register or _reports_as_evaluations(connection)
    states = {one.id: Screened(Screening.INCLUDED) for one in read}
    quality: Mapping[int, Mapping[str, str]] = {}
    if register:
        states, quality = screened(connection, plan, read), appraised(connection, read)
    listed = _listed(connection, read, states, quality)
    taken = {one.evaluation.report_id: one.evaluation for one in listed if one.is_included}
    findings = _findings(connection, book.codebook, taken)
    stale = [one for one in stale_passages(connection) if one.report_id in taken]
    head = connection.execute(select(project.c.decisions, project.c.head)).one()
    material = Material(
        project=project_name,
        codebook=book.codebook,
        codebook_version=book.number,
        plan=plan,
        is_register=bool(register),
        listed=listed,
        unlisted=_unlisted(connection, register),
        flow=flow(
            plan, read, states, is_screened=bool(register) and is_begun(screening_log(connection))
        ),
        findings=findings,
        left_out={
            one.mark: one.confirmed for one in listed if one.confirmed and not one.is_included
        },
        stale=len(stale),
        retired=_retired(book.codebook, stale),
        models=_models(connection),
        policy=current_policy(connection).name,
        agreement=_agreement(connection, book.codebook, taken),
        decisions=head.decisions,
        head=head.head,
        as_of=_as_of(connection),
    )
    if not findings:
        raise WhatworksError(_why_nothing(material))
    return material


def _agreement(
    connection: Connection, codebook: Codebook, taken: Mapping[int | None, Evaluation]
) -> tuple[Agreement, ...]:
    """How far people agreed on each finding type before anybody settled anything."""
    ids = [report_id for report_id in taken if report_id is not None]
    votes = read_independent_votes(connection, report_ids=ids).votes
    rows = Tables(votes).by(By.FINDING_TYPE, codebook.finding_type_ids)
    return tuple(one for one in rows if one.n_passages)


def _reports_as_evaluations(connection: Connection) -> tuple[Evaluation, ...]:
    """The project's reports, where nobody made a register."""
    return tuple(
        Evaluation(
            id=one.report_id,
            number=number,
            facts=Facts(one.title or one.name, language=one.language, report=one.name),
            report_id=one.report_id,
            letter="R",
        )
        for number, one in enumerate(reports(connection), 1)
    )


def _listed(
    connection: Connection,
    read: Sequence[Evaluation],
    states: Mapping[int, Screened],
    quality: Mapping[int, Mapping[str, str]],
) -> tuple[Listed, ...]:
    covered, nothing = coverage(connection), Coverage(0, 0)
    found = []
    for one in read:
        own = nothing if one.report_id is None else covered[one.report_id]
        found.append(
            Listed(one, states[one.id], own.passages, own.confirmed, quality.get(one.id, {}))
        )
    return tuple(found)


def _unlisted(connection: Connection, register: Sequence[Evaluation]) -> tuple[str, ...]:
    named = {one.report_id for one in register}
    left = [one.name for one in reports(connection) if one.report_id not in named]
    return tuple(left) if register else ()


def _findings(
    connection: Connection, codebook: Codebook, taken: Mapping[int | None, Evaluation]
) -> tuple[Finding, ...]:
    """The findings of these reports, by evaluation, then in reading order."""
    codes = _Codes(codebook)
    found = [
        codes.finding(taken[one.report_id], one)
        for one in confirmed_passages(connection)
        if one.labels and one.report_id in taken
    ]
    found.sort(key=lambda one: (one.evaluation.number, one.passage.order))
    leads = {
        other: group.lead
        for group in near_duplicates(one.passage for one in found)
        for other in group.others
    }
    return tuple(
        replace(one, repeats=leads[one.passage.id]) if one.passage.id in leads else one
        for one in found
    )


class _Codes:
    """The codes in use: their order, and which of them say for whom and where."""

    def __init__(self, codebook: Codebook) -> None:
        self._labels = codebook.finding_type_ids
        self._themes = [(one.id, one.group) for one in codebook.themes]

    def finding(self, evaluation: Evaluation, one: ConfirmedPassage) -> Finding:
        given = set(one.themes)
        keys: list[CodeKey] = [("finding_type", code) for code in one.labels]
        keys += [("theme", code) for code in one.themes]
        return Finding(
            evaluation=evaluation,
            passage=one.passage,
            labels=tuple(code for code in self._labels if code in one.labels),
            themes=tuple(
                code
                for code, group in self._themes
                if code in given and group not in (TARGET_GROUPS, PLACES)
            ),
            target_groups=self._of(TARGET_GROUPS, given),
            places=self._of(PLACES, given),
            how=one.how,
            decisions=one.decisions,
            readers=len(one.votes),
            agreed={key: _given(one, key) for key in keys},
        )

    def _of(self, wanted: str, given: set[str]) -> tuple[str, ...]:
        return tuple(code for code, group in self._themes if group == wanted and code in given)


def _given(one: ConfirmedPassage, key: CodeKey) -> int:
    """How many independent readers gave a code."""
    kind, code = key
    return sum(
        code in (vote.labels if kind == "finding_type" else vote.themes) for vote in one.votes
    )


def _retired(codebook: Codebook, stale: Sequence[StalePassage]) -> dict[str, int]:
    in_use = {
        *(("finding_type", code) for code in codebook.finding_type_ids),
        *(("theme", code) for code in codebook.theme_ids),
    }
    counted = Counter(code for one in stale for _, code in one.codes - in_use)
    return dict(sorted(counted.items()))


def _models(connection: Connection) -> tuple[ModelUsed, ...]:
    query = (
        select(
            model_version.c.name,
            model_version.c.fingerprint,
            model_version.c.created_at,
            func.count(suggestion.c.passage_id.distinct()),
        )
        .join(suggestion, suggestion.c.model_version_id == model_version.c.id)
        .group_by(model_version.c.id)
        .order_by(model_version.c.id)
    )
    return tuple(ModelUsed(*row) for row in connection.execute(query))


def _as_of(connection: Connection) -> str:
    """When the last thing was said; a project has a codebook at least."""
    last = union_all(*(select(func.max(one).label("at")) for one in _SAID)).subquery()
    return str(connection.scalar(select(func.max(last.c.at))))


def _why_nothing(material: Material) -> str:
    """Why there is nothing to count, and what to do."""
    if not material.listed:
        return "The project has no report yet. Add some with: whatworks add FOLDER"
    if not material.included:
        return (
            f"None of the {len(material.listed):,} evaluations of the register is included, so "
            "nothing can be counted. Include some with whatworks screen decide; whatworks screen "
            "list shows where each stands."
        )
    if not material.passages:
        return (
            "No report of an included evaluation is in the project, so nothing can be counted. "
            "Add the files with whatworks add, and name them in the register with whatworks "
            "register edit."
        )
    how_many = (
        f"{material.confirmed:,}, none of them as a finding" if material.confirmed else "none"
    )
    left = sum(material.left_out.values())
    apart = f" Of evaluations that are not included {left:,} are confirmed; they do not count."
    return (
        f"Nothing can be counted: of the {material.passages:,} passages of included evaluations "
        f"people confirmed {how_many}.{apart if left else ''} Only what people confirmed is "
        "counted. Decide with whatworks review; whatworks status shows how far each report is."
    )
