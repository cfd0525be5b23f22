"""The pages with the forms of codes and groups."""

from typing import Any

from fastapi import Request, Response
from fastapi.responses import RedirectResponse
from starlette.exceptions import HTTPException

from ....labels.codebook import COLOURS, Code, Codebook, FindingType, Theme
from ....labels.codebook_editing.fields import CodeFields
from ....nlp.errors import WhatworksError
from ..context import Person, Site, render, texts_of
from .browsing import counts_for, find_row
from .drafting import find_code, mark_of_code, working
from .forms import PARTS, CodeForm, Part, form_of, place_now, places_in
from .sentences import plainly

KINDS = ("finding_type", "theme")


def code_page(
    request: Request,
    site: Site,
    person: Person,
    kind: str,
    code_id: str,
    *,
    sent: CodeForm | None = None,
    trouble: WhatworksError | None = None,
    is_behind: bool = False,
    act: str = "",
    to: str = "",
    parts: list[Part] | None = None,
) -> Response:
    """The form of a code and what else can be done to it, as far as it was filled in."""
    with site.store.reading() as connection:
        now = working(connection, person)
        counts = counts_for(connection, person)
    book = now.codebook
    if book is None:
        return _unreadable(trouble)
    code = find_code(book, kind, code_id) if kind in KINDS else None
    if code is None:
        if sent is None:
            raise HTTPException(404)
        return new_page(request, site, person, kind, sent, trouble)
    shown = [*(parts or []), *[Part("", "", "")] * PARTS][:PARTS]
    return render(
        request,
        "codebook_form.html",
        status=409 if is_behind else 422 if trouble else 200,
        now=now,
        book=book,
        version=now.held.number,
        kind=kind,
        code=code,
        row=find_row(book, kind, code_id),
        form=sent or form_of(code),
        seen=mark_of_code(code),
        count=counts.get((kind, code_id), 0),
        trouble=plainly(trouble, texts_of(request)) if trouble else "",
        is_behind=is_behind,
        act=act,
        to=to,
        parts=shown,
        place=place_now(code),
        **_choices(request, book, kind, code),
    )


def new_page(
    request: Request,
    site: Site,
    person: Person,
    kind: str,
    form: CodeForm,
    trouble: WhatworksError | None = None,
) -> Response:
    """The form of a code that is added."""
    with site.store.reading() as connection:
        now = working(connection, person)
    book = now.codebook
    if kind not in KINDS:
        raise HTTPException(404)
    if book is None:
        return _unreadable(trouble)
    return render(
        request,
        "codebook_form.html",
        status=422 if trouble else 200,
        now=now,
        book=book,
        version=now.held.number,
        kind=kind,
        code=None,
        row=None,
        form=form,
        seen="",
        count=0,
        trouble=plainly(trouble, texts_of(request)) if trouble else "",
        is_behind=False,
        act="",
        to="",
        parts=[],
        place=form.place,
        **_choices(request, book, kind, None),
    )


def _unreadable(trouble: WhatworksError | None) -> Response:
    """To the text, which has to be mended first; what was sent is refused with the reason."""
    if trouble is not None:
        raise trouble
    return RedirectResponse("/codebook/edit/text", 303)


def _choices(request: Request, book: Codebook, kind: str, code: Code | None) -> dict[str, Any]:
    """What the fields of a form can be."""
    same: tuple[Code, ...] = book.finding_types if kind == "finding_type" else book.themes
    return {
        "others": [one for one in same if code is None or one.id != code.id],
        "places": places_in(book, texts_of(request).language),
        "colour": COLOURS[len(book.finding_types) % len(COLOURS)],
        "has_colour": isinstance(code, FindingType) or (code is None and kind == "finding_type"),
        "is_theme": isinstance(code, Theme) or (code is None and kind == "theme"),
    }


def group_page(
    request: Request,
    site: Site,
    person: Person,
    group_id: str,
    sent: CodeForm | None = None,
    trouble: WhatworksError | None = None,
) -> Response:
    """The form of a group of themes."""
    with site.store.reading() as connection:
        now = working(connection, person)
    book = now.codebook
    if book is None:
        return _unreadable(trouble)
    if group_id not in book.groups:
        raise HTTPException(404)
    types = now.editing.group_types(group_id)
    fields = CodeFields(book.groups[group_id], "", goes_with=types)
    return render(
        request,
        "codebook_group.html",
        status=422 if trouble else 200,
        now=now,
        book=book,
        version=now.held.number,
        group_id=group_id,
        form=sent or CodeForm(group_id, fields),
        trouble=plainly(trouble, texts_of(request)) if trouble else "",
    )
