"""The codebook to read: its codes, the passages confirmed with them, its versions."""

from typing import Any

from fastapi import APIRouter, Request, Response
from starlette.exceptions import HTTPException

from ....labels.codebook import Theme
from ....labels.codebook_copy import FileState
from ....labels.store.codebook_drafts import find_draft
from ....labels.store.codebooks import all_codebooks, current_codebook
from ..codebook.browsing import (
    QUOTED,
    around,
    counts_for,
    find_row,
    group_name,
    groups_of,
    neighbours_of,
    quotations_for,
    retired_rows,
    type_rows,
    types_of,
)
from ..codebook.sentences import told
from ..context import Person, Role, ThePerson, TheSite, render, texts_of

router = APIRouter()


@router.get("/codebook")
def browse(request: Request, site: TheSite, person: ThePerson) -> Response:
    """All codes in their order."""
    texts = texts_of(request)
    with site.store.reading() as connection:
        stored = current_codebook(connection)
        counts = counts_for(connection, person)
        draft = find_draft(connection, person.name) if _may_edit(person) else None
    book = stored.codebook
    return render(
        request,
        "codebook.html",
        stored=stored,
        book=book,
        version=stored.number,
        types=type_rows(book),
        groups=groups_of(book, texts),
        retired=retired_rows(book),
        counts=counts,
        neighbours_of=neighbours_of,
        draft=draft,
        may_edit=_may_edit(person),
        applied=_applied(request),
    )


@router.get("/codebook/code/{kind}/{code_id}")
def show_code(
    request: Request, site: TheSite, person: ThePerson, kind: str, code_id: str
) -> Response:
    """A code in full, with passages that people confirmed it for."""
    texts = texts_of(request)
    with site.store.reading() as connection:
        stored = current_codebook(connection)
        row = find_row(stored.codebook, kind, code_id)
        if row is None:
            raise HTTPException(404)
        counts = counts_for(connection, person)
        quotations = quotations_for(connection, person, row)
        sources = site.worklist.standing(connection, person.name).sources
    book, code = stored.codebook, row.code
    parent = next((one for one in book.themes if one.id == getattr(code, "parent", "")), None)
    group = code.group if isinstance(code, Theme) else ""
    before, after = around(book, row)
    return render(
        request,
        "codebook_code.html",
        stored=stored,
        book=book,
        version=stored.number,
        row=row,
        code=code,
        group=group_name(book, group, texts.language) if group else "",
        parent=parent,
        parts=[one for one in book.themes if one.parent == code.id and kind == "theme"],
        goes_with=types_of(book, code),
        neighbours=neighbours_of(book, code),
        before=before,
        after=after,
        count=counts.get((kind, code_id), 0),
        quotations=quotations,
        most=QUOTED,
        titles={one.report_id: one.title for one in sources.values()},
        may_edit=_may_edit(person),
    )


@router.get("/codebook/history")
def history(request: Request, site: TheSite, person: ThePerson) -> Response:
    """Every version: when, by whom, and what it changed."""
    texts = texts_of(request)
    with site.store.reading() as connection:
        versions = all_codebooks(connection)
    return render(
        request,
        "codebook_history.html",
        versions=versions[::-1],
        told=lambda sentence: told(sentence, texts),
    )


@router.get("/codebook/version/{number}.yaml")
def file(site: TheSite, person: ThePerson, number: int) -> Response:
    """The file of one version, as it was applied."""
    with site.store.reading() as connection:
        found = [one for one in all_codebooks(connection) if one.number == number]
    if not found:
        raise HTTPException(404)
    return Response(
        found[0].source,
        headers={
            "Content-Disposition": f'attachment; filename="codebook-{number}.yaml"',
            "Cache-Control": "no-store",
        },
        media_type="application/yaml",
    )


def _may_edit(person: Person) -> bool:
    return person.role.covers(Role.OWNER)


def _applied(request: Request) -> dict[str, Any] | None:
    """What is to be said of a version that was just applied; None otherwise."""
    given = request.query_params
    number, stale = given.get("applied", ""), given.get("stale", "")
    if not (number.isdecimal() and stale.isdecimal() and len(number + stale) < 18):
        return None
    file = given.get("file", "")
    return {
        "number": int(number),
        "stale": int(stale),
        "file": file if file in set(FileState) else FileState.SAME.value,
    }
