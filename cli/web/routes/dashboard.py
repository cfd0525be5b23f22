"""The dashboard: where the work stands, and its tables as files."""

from collections.abc import Callable

from fastapi import APIRouter, Request, Response
from starlette.exceptions import HTTPException

from ....labels.accounts import Role
from ....labels.store.dashboard import Snapshot
from ..context import Person, Site, ThePerson, TheSite, render, texts_of
from ..dashboard.agreeing import agreement
from ..dashboard.codes import finding_types, themes
from ..dashboard.people import by_annotator, by_day, by_week
from ..dashboard.progress import by_report, by_round, tiles
from ..dashboard.section import Section, Seen, Tile
from ..dashboard.seeing import bias
from ..dashboard.stopping import learning, stopping
from ..tables import as_csv, shown

router = APIRouter()

_SECTIONS: dict[str, tuple[Callable[[Seen], Section], Role]] = {
    "reports": (by_report, Role.REVIEWER),
    "rounds": (by_round, Role.REVIEWER),
    # What others found, and how far a model agrees with them.
    "stopping": (stopping, Role.ADJUDICATOR),
    "learning": (learning, Role.ADJUDICATOR),
    "annotators": (by_annotator, Role.REVIEWER),
    "labels": (finding_types, Role.REVIEWER),
    # How far others agree, and with what, is a part of what they said.
    "agreement": (agreement, Role.ADJUDICATOR),
    "bias": (bias, Role.ADJUDICATOR),
    "themes": (themes, Role.REVIEWER),
    "days": (by_day, Role.REVIEWER),
    "weeks": (by_week, Role.REVIEWER),
}
"""Name of each section, what makes it, and who may see it at least."""


@router.get("/dashboard")
def dashboard(request: Request, site: TheSite, person: ThePerson) -> Response:
    """All figures that are for this person's eyes."""
    snapshot, is_current = site.figures.latest(site.store)
    sections: list[Section] = []
    figures: list[Tile] = []
    if snapshot is not None:
        seen = _seen(request, site, person, snapshot)
        figures = tiles(seen)
        sections = [make(seen) for make, role in _SECTIONS.values() if person.role.covers(role)]
    return render(
        request,
        "dashboard.html",
        snapshot=snapshot,
        is_current=is_current,
        tiles=figures,
        columns=_columns(sections),
        shown=shown,
    )


@router.get("/dashboard/{name}.csv")
def table(request: Request, site: TheSite, person: ThePerson, name: str) -> Response:
    """The table of a section, for a spreadsheet."""
    make, role = _SECTIONS.get(name, (None, Role.OWNER))
    if make is None or not person.role.covers(role):
        raise HTTPException(404 if make is None else 403)
    snapshot, _is_current = site.figures.latest(site.store, wait_s=20)
    if snapshot is None:
        raise HTTPException(503, texts_of(request)("The figures are still being counted."))
    section = make(_seen(request, site, person, snapshot))
    return Response(
        as_csv(section.table),
        media_type="text/csv; charset=utf-8",
        headers={
            "Content-Disposition": f'attachment; filename="whatworks-{name}.csv"',
            "Cache-Control": "no-store",
        },
    )


def _columns(sections: list[Section]) -> tuple[list[Section], list[Section]]:
    """The sections in two columns of about the same height, each where there is room first."""
    columns: tuple[list[Section], list[Section]] = ([], [])
    heights = [0, 0]
    for section in sections:
        shorter = 0 if heights[0] <= heights[1] else 1
        columns[shorter].append(section)
        heights[shorter] += 140 + sum(chart.height for chart in section.charts)
    return columns


def _seen(request: Request, site: Site, person: Person, snapshot: Snapshot) -> Seen:
    with site.store.reading() as connection:
        standing = site.worklist.standing(connection, person.name)
    return Seen(snapshot, person, texts_of(request), standing)
