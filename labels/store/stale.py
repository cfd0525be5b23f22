"""Passages that were confirmed, and that a change of the codebook has made stale."""

from dataclasses import dataclass

from sqlalchemy import Connection, select

from ...nlp.passages import PassageId
from ..decisions import Decision, State
from ..resolution import Translations, adjudication, latest_of_each
from .confirmed import Code
from .log import decisions_on, translations
from .passages import current_versions
from .schema import placement, resolution


@dataclass(frozen=True, slots=True)
class StalePassage:
    """A passage that waits to be read again, and why."""

    passage_id: PassageId
    report_id: int
    codes: frozenset[Code]
    """Codes that people had given it and that no longer mean what they meant then, by their last
    names."""


def stale_passages(connection: Connection) -> list[StalePassage]:
    """Those of the newest versions of the reports, in reading order."""
    versions = current_versions()
    query = (
        select(placement.c.passage_id, versions.c.report_id)
        .join(versions, placement.c.report_version_id == versions.c.id)
        .join(resolution, resolution.c.passage_id == placement.c.passage_id)
        .where(resolution.c.state == str(State.STALE))
        .order_by(versions.c.report_id, placement.c.position)
    )
    report_of = {PassageId(one): report for one, report in connection.execute(query)}
    known = translations(connection)
    return [
        StalePassage(one, report_of[one], _stale_codes(said, known))
        for one, said in decisions_on(connection, report_of).items()
    ]


def _stale_codes(decisions: list[Decision], known: Translations) -> frozenset[Code]:
    ruling = adjudication(decisions)
    holding = latest_of_each(decisions) + ([ruling] if ruling else [])
    return frozenset(
        (kind, known.last_name(one.codebook_version, kind, code))
        for one in holding
        for kind, codes in (("finding_type", one.labels), ("theme", one.themes))
        for code in codes
        if known.now(one.codebook_version, kind, code) is None
    )
