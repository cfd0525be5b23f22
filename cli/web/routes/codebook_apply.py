"""The draft of a codebook as a whole: its text, what it would do, and making it hold."""

from contextlib import suppress
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from ....labels.codebook_changes import ChangeKind
from ....labels.codebook_copy import bring_up
from ....labels.codebook_editing.checking import examined
from ....labels.store.codebook_drafts import (
    DraftChangedError,
    discard_draft,
    mark_of,
    save_draft,
    undo_draft,
)
from ....labels.store.codebooks import AppliedChange, add_codebook, preview
from ....nlp.errors import WhatworksError
from ..codebook.drafting import ASIDE, Working, catch_up, find_code, working
from ..codebook.effects import effect_words, stale_rows
from ..codebook.forms import text_in, texts_in
from ..codebook.sentences import told
from ..context import Site, TheForm, TheOwner, TheSite, render, texts_of

router = APIRouter()


@router.get("/codebook/edit/text")
def edit_text(request: Request, site: TheSite, person: TheOwner) -> Response:
    """The whole text of the draft."""
    with site.store.reading() as connection:
        now = working(connection, person)
    return _text_page(request, now, now.source)


@router.post("/codebook/edit/text")
def change_text(request: Request, site: TheSite, person: TheOwner, form: TheForm) -> Response:
    """Keeps a text as it was typed, sound or not: it can be mended later."""
    source = text_in(form, "source").replace("\r\n", "\n").replace("\r", "\n")
    source = source if source.endswith("\n") else f"{source}\n"
    with site.store.reading() as connection:
        now = working(connection, person)
    if source != now.source:
        try:
            if text_in(form, "seen") != mark_of(now.source):
                raise DraftChangedError
            save_draft(
                site.store,
                person.name,
                source,
                base=now.base.number,
                did={"act": "text"},
                on=now.mark or None,
            )
        except DraftChangedError:
            return _text_page(request, now, source, is_behind=True)
        except WhatworksError as error:
            return _text_page(request, now, source, trouble=str(error))
    if examined(source).problems:
        return RedirectResponse("/codebook/edit/text", 303)
    return RedirectResponse("/codebook/edit", 303)


@router.post("/codebook/edit/undo")
def undo(request: Request, site: TheSite, person: TheOwner, form: TheForm) -> Response:
    """Takes the last step back."""
    # Changed meanwhile: the page shows how it stands, and nothing of it was taken back.
    with suppress(DraftChangedError):
        undo_draft(site.store, person.name, on=text_in(form, "seen"))
    return RedirectResponse("/codebook/edit", 303)


@router.post("/codebook/edit/discard")
def discard(request: Request, site: TheSite, person: TheOwner, form: TheForm) -> Response:
    """Throws the draft away."""
    try:
        discard_draft(site.store, person.name, on=text_in(form, "seen"))
    except DraftChangedError:
        return RedirectResponse("/codebook/edit", 303)
    return RedirectResponse("/codebook", 303)


@router.post("/codebook/edit/catch-up")
def bring_in(request: Request, site: TheSite, person: TheOwner, form: TheForm) -> Response:
    """Brings what others applied meanwhile into the draft."""
    catch_up(site.store, person)
    return RedirectResponse("/codebook/edit", 303)


@router.get("/codebook/preview")
def show_preview(request: Request, site: TheSite, person: TheOwner) -> Response:
    """What the draft would do to the labels that people confirmed."""
    return _preview_page(request, site, person, request.query_params.getlist("wording"))


@router.post("/codebook/apply")
def apply(request: Request, site: TheSite, person: TheOwner, form: TheForm) -> Response:
    """Makes the draft the codebook that holds, just as it was shown."""
    _ = texts_of(request)
    wording = texts_in(form, "wording")
    with site.store.reading() as connection:
        now = working(connection, person)
    if now.draft is None or now.mark != text_in(form, "seen"):
        changed = _("Your draft was changed meanwhile, in another window. This is how it stands.")
        return _preview_page(request, site, person, wording, changed)
    on_top_of = text_in(form, "on_top_of")
    if on_top_of != str(now.base.number) or now.since:
        return _preview_page(request, site, person, wording)
    try:
        applied = add_codebook(
            site.store, now.source, person.name, wording, on_top_of=now.base.number
        )
    except WhatworksError as error:
        return _preview_page(request, site, person, wording, str(error))
    try:
        discard_draft(site.store, person.name, on=now.mark)
    except DraftChangedError:
        # Somebody goes on with it in another window: it stays, on top of what was applied.
        catch_up(site.store, person)
    file = bring_up(site.project.codebook_file, now.base.source, now.source)
    stale = applied.effect.requeued
    return RedirectResponse(f"/codebook?applied={applied.number}&stale={stale}&file={file}", 303)


def _text_page(
    request: Request, now: Working, source: str, *, trouble: str = "", is_behind: bool = False
) -> Response:
    found = examined(source)
    return render(
        request,
        "codebook_text.html",
        status=409 if is_behind else 422 if trouble else 200,
        now=now,
        book=now.held.codebook,
        version=now.held.number,
        source=source,
        seen=mark_of(now.source),
        problems=found.problems,
        trouble=trouble,
        is_behind=is_behind,
        lines=source.split("\n"),
    )


def _preview_page(
    request: Request, site: Site, person: TheOwner, wording: list[str], trouble: str = ""
) -> Response:
    texts = texts_of(request)
    with site.store.reading() as connection:
        now = working(connection, person)
    planned: AppliedChange | None = None
    everything = now.changes()
    # A code that is ticked no longer changes its meaning in the draft: nothing to tick then.
    redefined = {one.id: one.of for one in everything.changes if one.kind is ChangeKind.REDEFINED}
    wording = [one for one in redefined if one in wording]
    changes = now.changes(wording)
    problems: list[str] = list(changes.problems)
    if not (now.problems or problems or now.since) and changes.changes:
        try:
            planned = preview(site.store, now.source, wording)
        except WhatworksError as error:
            problems.append(str(error))
    values: dict[str, Any] = {}
    if planned is not None:
        values["effect"] = effect_words(planned.effect, texts)
        values["stale"] = stale_rows(changes, planned.effect, now.base.codebook, texts.language)
    return render(
        request,
        "codebook_preview.html",
        status=409 if trouble else 200,
        now=now,
        book=now.held.codebook,
        version=now.held.number,
        changes=changes,
        aside=ASIDE,
        redefined=[
            code
            for code_id, kind in redefined.items()
            if (code := find_code(now.editing.book, kind, code_id)) is not None
        ],
        wording=wording,
        problems=problems,
        planned=planned,
        trouble=trouble,
        told=lambda sentence: told(sentence, texts),
        lines=now.source.split("\n"),
        **values,
    )
