"""The review screen: a passage between its neighbours, and what to say about it."""

from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from sqlalchemy import Connection

from ....labels.store.last import last_decision
from ....labels.store.standings import first_open_round
from ....labels.store.worklists import Standing
from ....labels.worklist import Queue, Show, View
from ....nlp.passages import PassageId
from ..cards import Card, find_id, make_card, progress_of
from ..context import Person, Site, ThePerson, TheSite, render, texts_of, wants_part
from ..views import LANGUAGES, ORDERS, SHOWS, parts_of, query_of, read_view, rounds

router = APIRouter()


@router.get("/")
def start(request: Request, site: TheSite, person: ThePerson) -> Response:
    """Where one begins: with what is assigned to one, else where one stopped."""
    with site.store.reading() as connection:
        standing = site.worklist.standing(connection, person.name)
        assigned = first_open_round(connection, standing.annotator_id, standing.waits)
    return RedirectResponse(f"/review{query_of(View(round_id=assigned))}", 303)


@router.get("/review")
def review(request: Request, site: TheSite, person: ThePerson) -> Response:
    """The passage to go on with in a queue."""
    view = read_view(request.query_params, person)
    with site.store.reading() as connection:
        standing = site.worklist.standing(connection, person.name)
        queue = site.search.queue(connection, standing, view)
        found = first_of(site, connection, person, view, queue)
        if found is None:
            return show_end(request, connection, standing, view, queue)
    return RedirectResponse(f"/passage/{found}{query_of(view)}", 303)


@router.get("/passage/{given}")
def passage(request: Request, site: TheSite, person: ThePerson, given: str) -> Response:
    """One passage; in a page of its own, or the card alone."""
    view = read_view(request.query_params, person)
    with site.store.reading() as connection:
        standing = site.worklist.standing(connection, person.name)
        queue = site.search.queue(connection, standing, view)
        card = make_card(connection, standing, view, queue, find_id(standing, connection, given))
        return show_card(request, site, connection, standing, view, card)


@router.get("/passage/{given}/next")
def next_one(request: Request, site: TheSite, person: ThePerson, given: str) -> Response:
    """The passage after this one in the queue, decided or not."""
    return _step(request, site, person, given, "next")


@router.get("/passage/{given}/previous")
def previous(request: Request, site: TheSite, person: ThePerson, given: str) -> Response:
    """The passage before this one in the queue, decided or not."""
    return _step(request, site, person, given, "previous")


@router.get("/passage/{given}/skip")
def skip(request: Request, site: TheSite, person: ThePerson, given: str) -> Response:
    """The next passage that is still to be decided; this one stays for later."""
    return _step(request, site, person, given, "skip")


def first_of(
    site: Site, connection: Connection, person: Person, view: View, queue: Queue
) -> PassageId | None:
    """Where to go on in a queue: after the last decision, else at its beginning."""
    last = last_decision(connection, person.name, with_rulings=False)
    avoid = site.presence.others(person.name) if view.show is Show.OPEN else ()
    if last is not None and queue.place_of(last.passage_id):
        return queue.following(last.passage_id, avoid) or queue.following(None, avoid)
    return queue.following(None, avoid)


def following(
    site: Site,
    person: Person,
    view: View,
    queue: Queue,
    passage_id: PassageId,
    avoid: frozenset[PassageId] = frozenset(),
) -> PassageId | None:
    """The next passage that this person has to decide."""
    if view.show is Show.OPEN:
        avoid |= site.presence.others(person.name)
    return queue.following(passage_id, avoid)


def show_card(
    request: Request,
    site: Site,
    connection: Connection,
    standing: Standing,
    view: View,
    card: Card,
    **values: Any,
) -> Response:
    """The page of a card, or the card alone where a script asks for it."""
    site.presence.hold(standing.annotator, [card.passage.id])
    values["card"], values["view"], values["query"] = card, view, query_of(view)
    values["progress"] = card.progress
    if wants_part(request):
        book: dict[str, Any] = {"book": card.codebook.codebook, "version": card.codebook.number}
        return render(request, "_card.html", **values, **book)
    return render(request, "review.html", **values, **frame(request, connection, standing, view))


def show_end(
    request: Request, connection: Connection, standing: Standing, view: View, queue: Queue
) -> Response:
    """What is there when nothing is left to decide in a queue."""
    values: dict[str, Any] = {
        "view": view,
        "query": query_of(view),
        "progress": progress_of(queue),
    }
    if wants_part(request):
        return render(request, "_end.html", **values)
    around = frame(request, connection, standing, view)
    return render(request, "review.html", card=None, **values, **around)


def frame(
    request: Request, connection: Connection, standing: Standing, view: View
) -> dict[str, Any]:
    """What stands around the card: the filters, and the last decision with its undo."""
    book = standing.codebook.codebook
    reports = {one.report_id: one for one in standing.sources.values()}
    named = rounds(connection)
    names = {one.id: one.name for one in named}
    languages = standing.passages.languages_there
    return {
        "book": book,
        "version": standing.codebook.number,
        "parts": parts_of(view, texts_of(request), book, reports, names),
        "reports": reports,
        "rounds": named,
        "languages": {code: LANGUAGES.get(code, code) for code in languages},
        "shows": SHOWS,
        "orders": ORDERS,
        "last": last_decision(connection, standing.annotator, with_rulings=False),
    }


def _step(request: Request, site: Site, person: Person, given: str, direction: str) -> Response:
    view = read_view(request.query_params, person)
    avoid = frozenset(map(PassageId, request.query_params.get("avoid", "")[:2000].split(",")))
    with site.store.reading() as connection:
        standing = site.worklist.standing(connection, person.name)
        queue = site.search.queue(connection, standing, view)
        at = PassageId(given)
        if direction == "skip":
            found = following(site, person, view, queue, at, avoid)
            if found is None:
                return show_end(request, connection, standing, view, queue)
        else:
            found = queue.after(at) if direction == "next" else queue.before(at)
        if not wants_part(request):
            return RedirectResponse(f"/passage/{found or given}{query_of(view)}", 303)
        if found is None:
            return Response(status_code=204)
        card = make_card(connection, standing, view, queue, found)
        return show_card(request, site, connection, standing, view, card)
