"""Evidence: from a cell of the matrix to its quotations, and to who said so when."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import Connection, select

from ...nlp.errors import WhatworksError
from ..code_names import find_theme
from ..synthesis.material import CodeKey, Finding, Material
from ..synthesis.tables import counted_under
from .database import READING_ROUND
from .log import translations
from .schema import codebook_version, round_
from .sources import Source, current_sources


@dataclass(frozen=True, slots=True)
class Evidence:
    """A quotation that stands behind a number, and what it rests on."""

    finding: Finding
    is_counted: bool
    """False where its report says the same in an earlier passage, which is counted."""
    gave: int
    """How many of its readers gave what was asked for; of two codes, that which fewer gave."""
    source: Source
    """The file that the passage was read from."""
    rounds: tuple[str, ...]
    """Names of the rounds in which its decisions were made, along them; '' for none."""


def evidence(
    connection: Connection,
    material: Material,
    codes: Collection[CodeKey],
    reports: Collection[int] = (),
) -> tuple[Evidence, ...]:
    """What stands behind a cell, by evaluation, then in reading order; repeats too.

    Args:
        connection: The one that the material was read on.
        material: All that is confirmed.
        codes: A theme, a finding type, or both: each passage has all of them.
        reports: Ids of reports, to hear of these alone.
    """
    counted = {one.passage.id for one in counted_under(material, *codes)}
    files = {one.report_id: one for one in current_sources(connection)}
    rows = connection.execute(select(round_.c.id, round_.c.name))
    rounds = {row.id: "" if row.name == READING_ROUND else row.name for row in rows}
    found = []
    for one in material.findings:
        report_id = one.evaluation.report_id
        assert report_id is not None
        if all(code in one.agreed for code in codes) and (not reports or report_id in reports):
            found.append(
                Evidence(
                    finding=one,
                    is_counted=one.passage.id in counted,
                    gave=min(one.agreed[code] for code in codes),
                    source=files[report_id],
                    rounds=tuple(rounds[decision.round_id] for decision in one.decisions),
                )
            )
    return tuple(found)


def find_theme_in_use(connection: Connection, material: Material, given: str) -> str:
    """The id of the theme that is meant, by its id or a name.

    Raises:
        WhatworksError: there is none; it says what became of one that was in use, or names the
            nearest.
    """
    try:
        return find_theme(material.codebook, given)
    except WhatworksError:
        became = _what_became(connection, material, given)
        if became:
            raise WhatworksError(became) from None
        raise


def _what_became(connection: Connection, material: Material, given: str) -> str:
    """'' where no version of the codebook had it."""
    query = select(codebook_version.c.number, codebook_version.c.translation)
    known = translations(connection)
    for number, step in connection.execute(query.order_by(codebook_version.c.number.desc())):
        if given not in step.get("theme", {}):
            continue
        now = known.now(number - 1, "theme", given)
        if now is not None:
            return (
                f"The theme '{given}' is '{now}' since codebook version {number}. Ask for: "
                f"whatworks evidence {now}"
            )
        last = known.last_name(number - 1, "theme", given)
        waiting = material.retired.get(last, 0)
        passages = "1 passage waits" if waiting == 1 else f"{waiting:,} passages wait"
        return (
            f"The theme '{given}' is no longer in use since codebook version {number}: nothing is "
            f"counted under it. {passages} to be read again, which people had given it: "
            "whatworks review"
        )
    return ""
