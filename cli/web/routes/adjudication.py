"""Disagreements: what people said side by side, and the word that settles it."""

import uuid

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from sqlalchemy import Connection
from starlette.datastructures import FormData

from ....labels.codebook import Codebook, FindingType
from ....labels.drafts import MAX_COMMENT
from ....labels.store.adjudications import (
    OwnFirstError,
    Ruling,
    adjudicate,
    asked_passages,
    last_ruling,
)
from ....labels.store.disagreements import Disagreement, dispute, disputed
from ....labels.store.passages import passages_of
from ....labels.worklist import View
from ....nlp.errors import WhatworksError
from ....nlp.passages import PassageId
from ..cards import Card, find_id, make_card
from ..context import Person, Site, TheAdjudicator, TheForm, TheSite, render, texts_of
from ..disputes import Filter, Shown, is_own, look_at, place_in, refusal, told
from ..forms import number_of, seconds_of, text_in, texts_in, theme_named

router = APIRouter()

_A_PAGE = 50


def _listed(connection: Connection, wanted: Filter, person: Person) -> list[Disagreement]:
    return wanted.listed(connection, asked_passages(connection, person.name))


@router.get("/disagreements")
def listed(request: Request, site: TheSite, person: TheAdjudicator) -> Response:
    """The passages on which people disagree."""
    wanted = Filter.read(request.query_params)
    with site.store.reading() as connection:
        standing = site.worklist.standing(connection, person.name)
        own_first = asked_passages(connection, person.name)
        found = wanted.listed(connection, own_first)
        pages = max(1, -(-len(found) // _A_PAGE))
        page = min(max(1, number_of(request.query_params.get("page", "")) or 1), pages)
        some = found[(page - 1) * _A_PAGE : page * _A_PAGE]
        passages = passages_of(connection, [one.passage_id for one in some])
        why = refusal(site.project.settings.policy, texts_of(request), person.name)
    return render(
        request,
        "disagreements.html",
        wanted=wanted,
        found=some,
        total=len(found),
        page=page,
        pages=pages,
        passages=passages,
        own_first=own_first,
        sources={one.report_id: one for one in standing.sources.values()},
        book=standing.codebook.codebook,
        version=standing.codebook.number,
        refusal=why,
    )


@router.get("/disagreements/{given}")
def one(request: Request, site: TheSite, person: TheAdjudicator, given: str) -> Response:
    """What people said about one passage."""
    return _page(request, site, person, given)


@router.post("/disagreements/{given}/settle")
def settle(
    request: Request, site: TheSite, person: TheAdjudicator, form: TheForm, given: str
) -> Response:
    """Settles it by one of the answers, or by another one."""
    wanted = Filter.read(request.query_params)
    with site.store.reading() as connection:
        standing = site.worklist.standing(connection, person.name)
        passage_id = find_id(standing, connection, given)
        place = place_in(_listed(connection, wanted, person), passage_id)
    try:
        book = standing.codebook.codebook
        adjudicate(site.store, _ruling(request, form, person, passage_id, book))
    except OwnFirstError:
        return _page(request, site, person, given)
    except WhatworksError as error:
        return _page(request, site, person, given, trouble=str(error), form=form)
    with site.store.reading() as connection:
        left = [one.passage_id for one in _listed(connection, wanted, person)]
    onward = place.after if place.after in left else (left[0] if left else None)
    address = f"/disagreements/{onward}" if onward else "/disagreements"
    return RedirectResponse(f"{address}{wanted.query}", 303)


@router.post("/disagreements/{given}/undo")
def undo(
    request: Request, site: TheSite, person: TheAdjudicator, form: TheForm, given: str
) -> Response:
    """Takes back what this person settled."""
    wanted = Filter.read(request.query_params)
    with site.store.reading() as connection:
        passage_id = find_id(site.worklist.standing(connection, person.name), connection, given)
    ruling = Ruling(
        passage_id,
        person.name,
        text_in(form, "key"),
        number_of(text_in(form, "seen")) or 0,
        takes_back=True,
    )
    try:
        adjudicate(site.store, ruling)
    except WhatworksError as error:
        return _page(request, site, person, given, trouble=str(error))
    return RedirectResponse(f"/disagreements/{passage_id}{wanted.query}", 303)


def _ruling(
    request: Request, form: FormData, person: Person, passage_id: PassageId, codebook: Codebook
) -> Ruling:
    """What a form says; raises WhatworksError where it says nothing."""
    _ = texts_of(request)
    taken = text_in(form, "take")
    if taken == "none":
        labels, themes = [], []
    elif taken == "own":
        labels = texts_in(form, "labels")
        typed = [theme_named(codebook, one) for one in texts_in(form, "theme")]
        themes = [*texts_in(form, "themes"), *typed]
        if not labels:
            raise WhatworksError(_("Tick a finding type, or choose 'No finding'."))
    elif number_of(taken) is not None:
        labels, themes = texts_in(form, f"labels-{taken}"), texts_in(form, f"themes-{taken}")
    else:
        raise WhatworksError(_("Choose one of the answers, or give your own."))
    comment = text_in(form, "comment")
    if len(comment) > MAX_COMMENT:
        raise WhatworksError(
            _(
                "The comment has %(count)s characters; %(most)s are kept. Shorten it: nothing "
                "was saved yet.",
                count=f"{len(comment):,}",
                most=f"{MAX_COMMENT:,}",
            )
        )
    return Ruling(
        passage_id=passage_id,
        adjudicator=person.name,
        key=text_in(form, "key"),
        seen=number_of(text_in(form, "seen")) or 0,
        labels=tuple(labels),
        themes=tuple(themes),
        comment=comment,
        seconds=seconds_of(text_in(form, "seconds")),
    )


def _first_disputed(shown: Shown, card: Card) -> FindingType:
    """The finding type of which the entry is shown first: one that some give and others do not."""
    between = disputed(side.answer for side in shown.sides)
    types = [one.code for one in card.types if isinstance(one.code, FindingType)]
    return next((code for code in types if code.id in between), types[0])


def _page(
    request: Request,
    site: Site,
    person: Person,
    given: str,
    *,
    trouble: str = "",
    form: FormData | None = None,
) -> Response:
    """The page of a passage; again with what is wrong, filled in as it was sent."""
    texts = texts_of(request)
    wanted = Filter.read(request.query_params)
    with site.store.reading() as connection:
        standing = site.worklist.standing(connection, person.name)
        passage_id = find_id(standing, connection, given)
        shown = look_at(connection, texts, person.name, passage_id)
        queue = standing.queue(connection, View())
        card = make_card(connection, standing, View(), queue, passage_id)
        place = place_in(_listed(connection, wanted, person), passage_id)
        ruled = last_ruling(connection, person.name)
        last = None if ruled is None else dispute(connection, ruled[1])
    card = card.filled_in(
        texts_in(form, "labels") if form else (), texts_in(form, "themes") if form else ()
    )
    book = standing.codebook.codebook
    return render(
        request,
        "disagreement.html",
        status=422 if trouble else 200,
        card=card,
        passage=card.passage,
        shown=shown,
        sides=told(shown.sides, book, texts),
        first=_first_disputed(shown, card),
        is_own=lambda voice: is_own(voice, person.name),
        wanted=wanted,
        query=wanted.query,
        place=place,
        book=book,
        version=standing.codebook.number,
        key=uuid.uuid4().hex,
        trouble=trouble,
        comment=text_in(form, "comment") if form else "",
        last=last,
    )
