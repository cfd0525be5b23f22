"""What reviewers send: decisions and undos, saved at once or refused with the reason."""

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from sqlalchemy import Connection
from starlette.datastructures import FormData

from ....labels.codebook import Codebook
from ....labels.decisions import Verdict
from ....labels.drafts import MAX_COMMENT
from ....labels.store.batch import Recorded
from ....labels.store.last import last_decision
from ....labels.store.sent import DecidedMeanwhileError, Sent
from ....labels.store.worklists import Standing
from ....labels.worklist import View
from ....nlp.errors import WhatworksError
from ....nlp.passages import PassageId
from ..cards import Card, find_id, make_card, names_of, progress_of
from ..context import (
    Person,
    Site,
    TheForm,
    ThePerson,
    TheSite,
    as_json,
    render,
    texts_of,
    wants_json,
    wants_part,
)
from ..forms import number_of, seconds_of, text_in, texts_in, theme_named
from ..views import query_of, read_view
from .review import following, show_card, show_end

router = APIRouter()

_GIVEN = {
    "confirm": None,
    "correct": None,
    "save": None,
    "reject": None,
    "unsure": Verdict.UNSURE,
    "undo": Verdict.UNDO,
}
"""What a page may send as 'verdict'; None: it follows from the answer."""


@router.post("/passage/{given}/decide")
def decide(
    request: Request, site: TheSite, person: ThePerson, form: TheForm, given: str
) -> Response:
    """Saves a decision, and shows what comes next."""
    view = read_view(request.query_params, person)
    passage_id, codebook = _asked_about(site, person, given)
    try:
        sent = read_sent(request, form, person, passage_id, codebook)
        recorded = site.recorder.record(sent)
    except DecidedMeanwhileError as conflict:
        return _conflict(request, site, person, view, passage_id, form, conflict)
    except WhatworksError as error:
        if wants_json(request):
            raise
        return _refused(request, site, person, view, passage_id, form, str(error))
    return _saved(request, site, person, view, recorded)


@router.get("/passage/{given}/reveal")
def reveal(request: Request, site: TheSite, person: ThePerson, given: str) -> Response:
    """What one said in a blind round, beside what the model says."""
    view = read_view(request.query_params, person)
    with site.store.reading() as connection:
        standing = site.worklist.standing(connection, person.name)
        card = _card(site, connection, standing, view, find_id(standing, connection, given))
        return show_card(request, site, connection, standing, view, card, reveals=True)


@router.get("/session")
def session(request: Request, site: TheSite, person: ThePerson) -> Response:
    """For scripts of a page that is older than the app: who is there, and the new token."""
    response = as_json({"person": person.name, "csrf": site.gate.csrf_token(request)})
    site.gate.dress(request, response)
    return response


def read_sent(
    request: Request, form: FormData, person: Person, passage_id: PassageId, codebook: Codebook
) -> Sent:
    """The decision that a form holds; raises WhatworksError where it can be none."""
    _ = texts_of(request)
    verdict = text_in(form, "verdict") or "save"
    if verdict not in _GIVEN:
        raise WhatworksError(_("The page sent something that is no decision. Load it again."))
    # Without scripts, a theme that is typed goes with those that are ticked.
    typed = [theme_named(codebook, one) for one in texts_in(form, "theme")]
    themes = [*texts_in(form, "themes"), *typed]
    labels = texts_in(form, "labels")
    if verdict in ("reject", "unsure", "undo"):
        labels, themes = [], []
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
    if themes and not labels:
        raise WhatworksError(_("A theme needs a finding type: choose one, or choose 'No finding'."))
    return Sent(
        passage_id=passage_id,
        annotator=person.name,
        key=text_in(form, "key"),
        verdict=_GIVEN[verdict],
        labels=tuple(labels),
        themes=tuple(themes),
        comment="" if verdict == "undo" else comment,
        seconds=seconds_of(text_in(form, "seconds")),
        suggestion_id=number_of(text_in(form, "suggestion_id")),
        round_id=number_of(text_in(form, "round")),
        seen=text_in(form, "seen")[:300],
    )


def _asked_about(site: Site, person: Person, given: str) -> tuple[PassageId, Codebook]:
    """The passage that an address names, and the codebook in which a decision on it is read."""
    # What was last read will do: whether the decision holds now is asked when it is recorded.
    known = site.worklist.last_read
    if known is not None and PassageId(given) in known[0].at:
        return PassageId(given), known[1].codebook
    with site.store.reading() as connection:
        standing = site.worklist.standing(connection, person.name)
        return find_id(standing, connection, given), standing.codebook.codebook


def _saved(
    request: Request, site: Site, person: Person, view: View, recorded: Recorded
) -> Response:
    decision = recorded.decision
    is_undo = decision.verdict is Verdict.UNDO
    # An answer that was sent twice is shown as it was the first time.
    reveals = decision.blind and not is_undo
    passage_id, query = decision.passage_id, query_of(view)
    with site.store.reading() as connection:
        standing = site.worklist.standing(connection, person.name)
        # It is saved, whatever becomes of the search.
        queue = site.search.queue(connection, standing, view, or_all=True)
        if wants_json(request):
            progress = progress_of(queue)
            return as_json(
                {
                    "saved": decision.id,
                    "verdict": str(decision.verdict),
                    "passage": passage_id,
                    "done": progress.done,
                    "total": progress.total,
                    "last": _strip(request, connection, standing, view, recorded),
                    "reveal": f"/passage/{passage_id}/reveal{query}" if reveals else "",
                }
            )
        found: PassageId | None = passage_id
        if not is_undo and not reveals:
            found = following(site, person, view, queue, passage_id)
        if wants_part(request):
            if found is None:
                return show_end(request, connection, standing, view, queue)
            card = make_card(connection, standing, view, queue, found)
            return show_card(request, site, connection, standing, view, card, reveals=reveals)
    if found is None:
        return RedirectResponse(f"/review{query}", 303)
    return RedirectResponse(f"/passage/{found}{'/reveal' if reveals else ''}{query}", 303)


def _strip(
    request: Request, connection: Connection, standing: Standing, view: View, saved: Recorded
) -> str:
    """The line that says what was saved last, with its undo."""
    is_last = saved.is_new and saved.decision.verdict is not Verdict.UNDO
    response = render(
        request,
        "_last.html",
        last=saved.decision
        if is_last
        else last_decision(connection, standing.annotator, with_rulings=False),
        query=query_of(view),
        view=view,
        book=standing.codebook.codebook,
    )
    return bytes(response.body).decode()


def _card(
    site: Site, connection: Connection, standing: Standing, view: View, passage_id: PassageId
) -> Card:
    queue = site.search.queue(connection, standing, view, or_all=True)
    return make_card(connection, standing, view, queue, passage_id)


def _conflict(
    request: Request,
    site: Site,
    person: Person,
    view: View,
    passage_id: PassageId,
    form: FormData,
    conflict: DecidedMeanwhileError,
) -> Response:
    """Both answers, to choose from: the one that is saved and the one that was sent."""
    if wants_json(request):
        return as_json({"error": str(conflict), "conflict": True, "passage": passage_id}, 409)
    with site.store.reading() as connection:
        standing = site.worklist.standing(connection, person.name)
        card = _card(site, connection, standing, view, passage_id)
        language = texts_of(request).language
        book = card.codebook.codebook
        here = {
            "labels": names_of(book, texts_in(form, "labels"), "finding_type", language),
            "themes": names_of(book, texts_in(form, "themes"), "theme", language),
            "fields": [
                (name, value)
                for name, value in form.multi_items()
                if name not in ("csrf", "seen") and isinstance(value, str)
            ],
            "verdict": text_in(form, "verdict"),
            "comment": text_in(form, "comment"),
        }
        page = show_card(
            request,
            site,
            connection,
            standing,
            view,
            card,
            conflict=conflict.latest,
            here=here,
        )
    page.status_code = 409
    return page


def _refused(
    request: Request,
    site: Site,
    person: Person,
    view: View,
    passage_id: PassageId,
    form: FormData,
    why: str,
) -> Response:
    """The card again, as it was filled in, with what is wrong."""
    with site.store.reading() as connection:
        standing = site.worklist.standing(connection, person.name)
        card = _card(site, connection, standing, view, passage_id)
        page = show_card(
            request,
            site,
            connection,
            standing,
            view,
            card.filled_in(texts_in(form, "labels"), texts_in(form, "themes")),
            trouble=why,
            comment=text_in(form, "comment"),
        )
    page.status_code = 422
    return page
