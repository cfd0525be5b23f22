"""Preparing the next version of the codebook, code by code or in its text; for owners alone."""

from collections.abc import Callable
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException

from ....labels.codebook_copy import state_of
from ....labels.codebook_editing.fields import CodeFields
from ....labels.store.codebook_drafts import DraftChangedError
from ....nlp.errors import WhatworksError
from ..codebook.browsing import counts_for, groups_of, retired_rows, type_rows
from ..codebook.drafting import (
    ASIDE,
    Working,
    done_to,
    find_code,
    mark_of_code,
    take_step,
    working,
)
from ..codebook.effects import KINDS as KINDS_OF_CHANGE
from ..codebook.forms import (
    CodeForm,
    names_in,
    place_of,
    read_form,
    read_parts,
    slug,
    text_in,
    texts_in,
)
from ..codebook.pages import KINDS, code_page, group_page, new_page
from ..codebook.sentences import told
from ..context import TheForm, TheOwner, TheSite, render, texts_of

router = APIRouter()


@router.get("/codebook/edit")
def show_draft(request: Request, site: TheSite, person: TheOwner) -> Response:
    """The draft: what it changes so far, and every code to change."""
    texts = texts_of(request)
    with site.store.reading() as connection:
        now = working(connection, person)
        counts = counts_for(connection, person)
    changes, book = now.changes(), now.codebook
    return render(
        request,
        "codebook_edit.html",
        now=now,
        book=book,
        version=now.held.number,
        types=type_rows(book) if book else [],
        groups=groups_of(book, texts) if book else [],
        retired=retired_rows(book) if book else [],
        counts=counts,
        changes=changes,
        done=done_to(now, changes),
        aside=ASIDE,
        kinds=KINDS_OF_CHANGE,
        told=lambda sentence: told(sentence, texts),
        file=state_of(site.project.codebook_file, now.held.source),
    )


@router.get("/codebook/edit/code/{kind}/{code_id}")
def edit_code(
    request: Request, site: TheSite, person: TheOwner, kind: str, code_id: str
) -> Response:
    """The form of a code, and what else can be done to it."""
    return code_page(request, site, person, kind, code_id)


@router.post("/codebook/edit/code/{kind}/{code_id}")
def change_code(
    request: Request, site: TheSite, person: TheOwner, form: TheForm, kind: str, code_id: str
) -> Response:
    """Puts what the form says into the draft."""
    _ = texts_of(request)
    sent = read_form(form, code_id)

    def edit(now: Working) -> str:
        code = find_code(now.editing.book, kind, code_id)
        if code is not None and text_in(form, "seen") not in ("", mark_of_code(code)):
            raise DraftChangedError
        return now.editing.change(kind, code_id, sent.fields)

    try:
        take_step(site.store, person, {"act": "change", "kind": kind, "id": code_id}, edit)
    except DraftChangedError:
        return code_page(request, site, person, kind, code_id, sent=sent, is_behind=True)
    except WhatworksError as error:
        return code_page(
            request,
            site,
            person,
            kind,
            code_id,
            sent=sent,
            trouble=error,
        )
    return RedirectResponse(f"/codebook/edit#{kind}-{code_id}", 303)


@router.post("/codebook/edit/code/{kind}/{code_id}/{act}")
def do_to_code(
    request: Request,
    site: TheSite,
    person: TheOwner,
    form: TheForm,
    kind: str,
    code_id: str,
    act: str,
) -> Response:
    """Renames, moves, merges, splits or retires a code, or takes it up again."""
    if kind not in KINDS or act not in _ACTS:
        raise HTTPException(404)
    to = text_in(form, "to").strip()
    did: dict[str, Any] = {"act": act, "kind": kind, "id": code_id}
    if to:
        did["to"] = to
    if act == "split":
        did["to"] = [one.id for one in read_parts(form)]
    edit = _ACTS[act]
    try:
        take_step(site.store, person, did, lambda now: edit(now, kind, code_id, to, form))
    except WhatworksError as error:
        parts = read_parts(form) if act == "split" else []
        return code_page(
            request,
            site,
            person,
            kind,
            code_id,
            trouble=error,
            act=act,
            to=to,
            parts=parts,
        )
    return RedirectResponse("/codebook/edit", 303)


def _split(now: Working, kind: str, code_id: str, to: str, form: FormData) -> str:
    parts = [
        (one.id, CodeFields({"en": one.name or one.id}, one.definition)) for one in read_parts(form)
    ]
    return now.editing.split(kind, code_id, parts, keep=text_in(form, "keep") == "1")


_ACTS: dict[str, Callable[[Working, str, str, str, FormData], str]] = {
    "rename": lambda now, kind, code_id, to, form: now.editing.rename(kind, code_id, to),
    "merge": lambda now, kind, code_id, to, form: now.editing.merge(kind, code_id, to),
    "move": lambda now, kind, code_id, to, form: now.editing.move(code_id, **place_of(to)),
    "retire": lambda now, kind, code_id, to, form: now.editing.retire(kind, code_id),
    "take-up": lambda now, kind, code_id, to, form: now.editing.take_up(kind, code_id),
    "split": _split,
}


@router.get("/codebook/edit/new/{kind}")
def new_code(request: Request, site: TheSite, person: TheOwner, kind: str) -> Response:
    """An empty form."""
    return new_page(request, site, person, kind, CodeForm("", CodeFields({}, ""), ""))


@router.post("/codebook/edit/new/{kind}")
def add_code(
    request: Request, site: TheSite, person: TheOwner, form: TheForm, kind: str
) -> Response:
    """Adds a code to the draft."""
    sent = read_form(form)
    new_group = (slug(sent.new_group), sent.new_group) if sent.new_group else None

    def edit(now: Working) -> str:
        place = place_of(sent.place)
        return now.editing.add(kind, sent.id, sent.fields, new_group=new_group, **place)

    if kind not in KINDS:
        raise HTTPException(404)
    try:
        take_step(site.store, person, {"act": "add", "kind": kind, "id": sent.id}, edit)
    except WhatworksError as error:
        return new_page(request, site, person, kind, sent, error)
    return RedirectResponse(f"/codebook/edit#{kind}-{sent.id}", 303)


@router.get("/codebook/edit/group/{group_id}")
def edit_group(request: Request, site: TheSite, person: TheOwner, group_id: str) -> Response:
    """The form of a group of themes."""
    return group_page(request, site, person, group_id)


@router.post("/codebook/edit/group/{group_id}")
def change_group(
    request: Request, site: TheSite, person: TheOwner, form: TheForm, group_id: str
) -> Response:
    """Puts the names of a group, and what its themes go with, into the draft."""
    sent = CodeForm(
        group_id, CodeFields(names_in(form), "", goes_with=tuple(texts_in(form, "goes_with")))
    )

    def edit(now: Working) -> str:
        return now.editing.change_group(group_id, sent.fields.names, sent.fields.goes_with)

    try:
        take_step(site.store, person, {"act": "group", "id": group_id}, edit)
    except WhatworksError as error:
        return group_page(request, site, person, group_id, sent, error)
    return RedirectResponse("/codebook/edit", 303)
