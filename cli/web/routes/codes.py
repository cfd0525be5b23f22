"""Codebook entries, as the review screen shows them beside a passage, and their colours."""

from fastapi import APIRouter, Request, Response
from starlette.exceptions import HTTPException

from ....labels.codebook import Code
from ....labels.store.codebooks import current_codebook
from ..colours import stylesheet
from ..context import ThePerson, TheSite, render

router = APIRouter()

_KEPT = {"Cache-Control": "private, max-age=86400", "Vary": "Cookie, Accept-Language"}
"""An address names the codebook's version: what it gives stays the same, in each language."""


@router.get("/code/{kind}/{code_id:path}")
def code(request: Request, site: TheSite, person: ThePerson, kind: str, code_id: str) -> Response:
    """The entry of a code: what it means, when to give it, what it is taken for."""
    with site.store.reading() as connection:
        stored = current_codebook(connection)
    codes: tuple[Code, ...] = {
        "finding_type": stored.codebook.finding_types,
        "theme": stored.codebook.themes,
    }.get(kind, ())
    found = next((one for one in codes if one.id == code_id), None)
    if found is None:
        raise HTTPException(404)
    names = {one.id: one for one in (*stored.codebook.finding_types, *stored.codebook.themes)}
    return render(
        request,
        "_code.html",
        headers=_KEPT if request.query_params.get("v") == str(stored.number) else None,
        code=found,
        kind=kind,
        names=names,
        book=stored.codebook,
        version=stored.number,
    )


@router.get("/colours.css")
def colours(request: Request, site: TheSite) -> Response:
    """The colours of the finding types, for light and dark screens."""
    with site.store.reading() as connection:
        stored = current_codebook(connection)
    return Response(
        stylesheet([code.colour for code in stored.codebook.finding_types]),
        headers=_KEPT if request.query_params.get("v") == str(stored.number) else None,
        media_type="text/css",
    )
