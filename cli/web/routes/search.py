"""Search over all reports, by words and by meaning; what is found can be gone through."""

from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request, Response
from sqlalchemy import Connection

from ....labels.codebook import Codebook
from ....labels.store.confirmed import ConfirmedPassage, confirmed_among
from ....labels.store.passages import passages_of
from ....labels.store.sources import Source
from ....labels.store.worklists import Standing
from ....labels.texts import Texts, mark
from ....labels.worklist import By, Ints, View, to_decide
from ....nlp.errors import WhatworksError
from ....nlp.passages import Passage
from ....nlp.words import found_spans, read_query
from ..cards import names_of
from ..context import Site, ThePerson, TheSite, render, texts_of
from ..search_index import NotReadyError
from ..snippets import Piece, snippet
from ..views import LANGUAGES, SHOWS, query_of, read_view

router = APIRouter()

ON_A_PAGE = 20
_WAIT_S = 1.5
"""How long a page waits for what is not ready, before it says so and asks again by itself."""
_BY = {By.WORDS: mark("With these words"), By.MEANING: mark("Of like meaning")}


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that was found, and what this person may know of it."""

    passage: Passage
    source: Source
    pieces: tuple[Piece, ...]
    """Its text, or the part of it with what was searched for."""
    own: str
    """What this person said of it, in words; '' for nothing."""
    waits: bool
    """Whether it is this person's to decide."""
    confirmed: ConfirmedPassage | None


@router.get("/search")
def search(request: Request, site: TheSite, person: ThePerson) -> Response:
    """What is searched for, or where to write it."""
    view = read_view(request.query_params, person)
    # What a page shows that has found nothing yet.
    values: dict[str, Any] = {"found": None, "is_ready": True, "trouble": ""}
    with site.store.reading() as connection:
        standing = site.worklist.standing(connection, person.name)
        try:
            if view.words:
                values["found"] = _found(request, site, connection, standing, view)
            else:
                site.search.prepare(standing.passages, view.by)
        except NotReadyError:
            values["is_ready"] = False
        except WhatworksError as error:
            values["trouble"] = str(error)
    languages = standing.passages.languages_there
    return render(
        request,
        "_found.html" if "hx-request" in request.headers else "search.html",
        view=view,
        query=query_of(view),
        query_of=query_of,
        book=standing.codebook.codebook,
        version=standing.codebook.number,
        ways=_BY,
        reports={one.report_id: one for one in standing.sources.values()},
        languages={code: LANGUAGES.get(code, code) for code in languages},
        shows=SHOWS,
        **values,
    )


def _found(
    request: Request, site: Site, connection: Connection, standing: Standing, view: View
) -> dict[str, Any]:
    """A page of what was found."""
    queue = site.search.queue(connection, standing, view, wait_s=_WAIT_S)
    pages = max(1, -(-queue.total // ON_A_PAGE))
    page = min(max(1, _number(request.query_params.get("page", ""))), pages)
    places = queue.stretch((page - 1) * ON_A_PAGE, page * ON_A_PAGE)
    return {
        "hits": _hits(connection, standing, view, places, texts_of(request)),
        "total": queue.total,
        "left": queue.left,
        "first": (page - 1) * ON_A_PAGE + 1,
        "page": page,
        "pages": pages,
        "unread": site.search.unread(standing.passages) if view.by is By.MEANING else 0,
    }


def _hits(
    connection: Connection, standing: Standing, view: View, places: Ints, texts: Texts
) -> list[Hit]:
    passages, book = standing.passages, standing.codebook.codebook
    ids = [passages.ids[place] for place in places]
    read = passages_of(connection, ids)
    known = standing.confirmed(connection)
    confirmed = confirmed_among(
        connection, [one for one, place in zip(ids, places, strict=True) if known[place]]
    )
    needed = to_decide(passages, standing.own)
    wanted = read_query(view.words if view.by is By.WORDS else "")
    return [
        Hit(
            passage=read[one],
            source=standing.sources[int(passages.versions[place])],
            pieces=snippet(read[one].text, found_spans(wanted, read[one].text)),
            own=_own(standing, int(place), book, texts),
            waits=bool(needed[place]),
            confirmed=confirmed.get(one),
        )
        for one, place in zip(ids, places, strict=True)
    ]


def _own(standing: Standing, place: int, book: Codebook, texts: Texts) -> str:
    """What the person said of a passage, in words."""
    own = standing.own
    if not own.holding[place]:
        return ""
    if own.unsure[place]:
        return texts("Unsure")
    if not own.decided[place]:
        return texts("Stale since the codebook changed")
    answer = own.said[int(own.answers[place])]
    names = [
        *names_of(book, answer.labels, "finding_type", texts.language),
        *names_of(book, answer.themes, "theme", texts.language),
    ]
    return " · ".join(names) if answer.labels else texts("No finding")


def _number(given: str) -> int:
    return int(given) if given.isascii() and given.isdecimal() and len(given) < 7 else 1
