"""Assignments: rounds, who reads their passages, and what becomes of them when somebody leaves."""

from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from starlette.datastructures import FormData

from ....labels.store.assignments import (
    Assigned,
    assign,
    close_round,
    create_round,
    rounds,
    unassign,
)
from ....labels.store.audit_sample import audit_sample, draw_audit
from ....labels.store.people import people
from ....nlp.errors import WhatworksError
from ....training.strategies.named import STRATEGIES
from ...round_learning import Outcome
from ..context import Person, Site, TheForm, TheOwner, TheSite, render, texts_of
from ..forms import number_of, text_in
from ..rounds import (
    Asked,
    audit_of,
    draft_of,
    frame_of,
    frame_passages,
    people_in,
    readers_in,
    wanted_of,
)
from ..views import LANGUAGES

router = APIRouter()


@router.get("/assignments")
def overview(request: Request, site: TheSite, person: TheOwner) -> Response:
    """All rounds with their readers, and the forms that change them."""
    return _page(request, site, person)


@router.get("/assignments/count")
def count(request: Request, site: TheSite, person: TheOwner) -> Response:
    """How many passages a selection has, for whoever fills in the form."""
    with site.store.reading() as connection:
        standing = site.worklist.standing(connection, person.name)
        found = frame_passages(connection, standing, frame_of(request.query_params))
    return render(request, "_count.html", count=len(found))


@router.post("/assignments/rounds")
def make(request: Request, site: TheSite, person: TheOwner, form: TheForm) -> Response:
    """Makes a round, and deals it out where people are named."""
    texts, asked = texts_of(request), Asked.read(form)
    try:
        readers, names = readers_in(form, texts), people_in(form)
        if asked.strategy:
            chosen = site.desk.make_round(wanted_of(asked, texts), person.name, names, readers)
            found = chosen.result()
            return _made(site, found.id, found.assigned)
        with site.store.reading() as connection:
            standing = site.worklist.standing(connection, person.name)
            draft = draft_of(connection, standing, asked, texts)
        made = create_round(site.store, draft, person.name)
    except WhatworksError as error:
        return _page(request, site, person, trouble=("new", str(error)), form=form)
    try:
        done = assign(site.store, made, names, readers) if names else Assigned()
    except WhatworksError as error:
        return _page(request, site, person, trouble=(f"round-{made}", str(error)), form=form)
    return _made(site, made, done)


@router.post("/assignments/audit")
def draw(request: Request, site: TheSite, person: TheOwner, form: TheForm) -> Response:
    """Draws the audit sample, or more of it."""
    texts = texts_of(request)
    with site.store.reading() as connection:
        sample = audit_sample(connection)
    drawn = 0 if sample is None else len(sample.passages)
    try:
        if number_of(text_in(form, "drawn")) != drawn:
            # What is drawn once too often is kept apart for good.
            raise WhatworksError(
                texts(
                    "Somebody has drawn since you opened this page. Look at it again before you "
                    "draw more."
                )
            )
        readers, names = readers_in(form, texts), people_in(form)
        wanted = audit_of(form, texts, first=sample is None)
        done = draw_audit(site.store, wanted, person.name, names, readers)
    except WhatworksError as error:
        return _page(request, site, person, trouble=("audit", str(error)), form=form)
    return _made(site, done.round_id, done.assigned)


@router.post("/assignments/rounds/{given}/assign")
def deal_out(
    request: Request, site: TheSite, person: TheOwner, form: TheForm, given: int
) -> Response:
    """Deals a round's passages to people."""
    try:
        done = assign(site.store, given, people_in(form), readers_in(form, texts_of(request)))
    except WhatworksError as error:
        return _page(request, site, person, trouble=(f"round-{given}", str(error)), form=form)
    return _done(
        site,
        "assigned",
        round=given,
        given=sum(done.given.values()),
        counted=sum(done.counted.values()),
        short=done.short,
    )


@router.post("/assignments/rounds/{given}/close")
def close(request: Request, site: TheSite, person: TheOwner, form: TheForm, given: int) -> Response:
    """Ends a round; the model learns from it."""
    at = f"round-{given}"
    try:
        close_round(site.store, given, anyway=bool(text_in(form, "anyway")))
    except WhatworksError as error:
        return _page(request, site, person, trouble=(at, str(error)))
    try:
        learned = site.desk.learn().result()
    except WhatworksError as error:
        site.figures.changed()
        return _page(request, site, person, trouble=(at, str(error)))
    number = learned.passages if learned.outcome is Outcome.LEARNED else 0
    return _done(site, "closed", round=given, learned=number)


@router.post("/assignments/take-back")
def take_back(request: Request, site: TheSite, person: TheOwner, form: TheForm) -> Response:
    """Gives what waits for somebody to others."""
    try:
        done = unassign(site.store, text_in(form, "leaver"), people_in(form))
    except WhatworksError as error:
        return _page(request, site, person, trouble=("leaving", str(error)), form=form)
    return _done(site, "taken", taken=done.taken, left=done.left)


def _made(site: Site, round_id: int, done: Assigned) -> Response:
    return _done(site, "made", round=round_id, given=sum(done.given.values()), short=done.short)


def _done(site: Site, what: str, **numbers: int) -> Response:
    """Back to the page, which says what was done."""
    site.figures.changed()
    query = urlencode({"done": what, **numbers})
    anchor = f"#round-{numbers['round']}" if "round" in numbers else ""
    return RedirectResponse(f"/assignments?{query}{anchor}", 303)


def _page(
    request: Request,
    site: Site,
    person: Person,
    *,
    trouble: tuple[str, str] = ("", ""),
    form: FormData | None = None,
) -> Response:
    """The page; again with what is wrong, filled in as it was sent."""
    asked = Asked.read(form) if form is not None else Asked()
    with site.store.reading() as connection:
        standing = site.worklist.standing(connection, person.name)
        found = rounds(connection)
        known = people(connection)
        sample = audit_sample(connection)
        total = len(frame_passages(connection, standing, asked.frame))
    waiting: dict[str, int] = {}
    for one in found:
        for reader in one.readers:
            if reader.open:
                waiting[reader.name] = waiting.get(reader.name, 0) + reader.open
    values: dict[str, Any] = {
        "asked": asked,
        "chosen": people_in(form) if form is not None else [],
        "each": text_in(form, "each") if form is not None else "1",
        "share": text_in(form, "share") if form is not None else "0",
        "several": text_in(form, "several") if form is not None else "2",
    }
    return render(
        request,
        "assignments.html",
        status=422 if trouble[1] else 200,
        rounds=sorted(found, key=lambda one: one.is_closed),
        people=known,
        waiting=dict(sorted(waiting.items())),
        sources=sorted(standing.sources.values(), key=lambda one: one.report_id),
        book=standing.codebook.codebook,
        languages={code: LANGUAGES.get(code, code) for code in standing.passages.languages_there},
        total=total,
        strategies=STRATEGIES,
        sample=sample,
        done=_told(request),
        trouble_at=trouble[0],
        trouble=trouble[1],
        **values,
    )


def _told(request: Request) -> dict[str, Any]:
    """What the address says was done: a word and numbers, nothing else."""
    params = request.query_params
    names = ("round", "given", "counted", "short", "taken", "left", "learned")
    numbers = {name: number_of(params.get(name, "")) or 0 for name in names}
    what = params.get("done", "")
    known = ("made", "assigned", "closed", "taken")
    return {"what": what if what in known else "", **numbers}
