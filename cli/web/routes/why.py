"""Why the model suggests it: the words that weighed most, the nearest confirmed passages."""

from dataclasses import dataclass

import numpy as np
from fastapi import APIRouter, Request, Response
from sqlalchemy import Connection

from ....labels.codebook import Codebook
from ....labels.store.confirmed import ConfirmedPassage, confirmed_among
from ....labels.store.passages import passages_of
from ....labels.store.sources import Source
from ....labels.store.suggestions import StoredSuggestion, latest_suggestions, model_of
from ....labels.store.worklists import Standing
from ....labels.theme_words import ThemeWords
from ....models.suggester import passage_text
from ....models.why import Strength, strength
from ....nlp.errors import WhatworksError
from ....nlp.passages import Passage, PassageId
from ..cards import find_id, names_of
from ..context import Site, ThePerson, TheSite, render, texts_of
from ..snippets import Piece, pieces, weighed
from ..troubles import trouble
from ..views import query_of, read_view
from ..words import NEARNESS, STRENGTHS

router = APIRouter()

NEAREST = 3
_WAIT_S = 0.4
"""How long an answer waits for the model, before the page asks again by itself."""
_NAMED = 5
"""The words that weighed most are named, too, for who does not see marks."""

Code = tuple[str, str]
"""('finding_type' or 'theme', its id)."""


@dataclass(frozen=True, slots=True)
class Words:
    """The words of the passage, as far as they are weighed."""

    is_ready: bool
    pieces: tuple[Piece, ...] = ()
    top: tuple[tuple[str, Strength], ...] = ()
    """The words that weighed most, the weightiest first."""
    by_words: bool = False
    """Whether the codebook's words tell it, and no model; then ``top`` has those found."""
    headings: str = ""
    """What stands above the passage, where it counts for the suggestion or against it."""
    count_for: bool = True
    other_model: str = ""
    """The model at work, where another one made the suggestion."""
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class NearPassage:
    """A confirmed passage near to this one."""

    confirmed: ConfirmedPassage
    source: Source
    similarity: float
    words: str
    """The similarity, in words."""


@dataclass(frozen=True, slots=True)
class NearOnes:
    """The nearest of the confirmed passages, as far as vectors are known."""

    is_ready: bool
    passages: tuple[NearPassage, ...] = ()
    unread: int = 0
    """Confirmed passages that could not be compared yet."""
    trouble: str = ""


@router.get("/why/{passage_id}")
def why(request: Request, site: TheSite, person: ThePerson, passage_id: str) -> Response:
    """What the suggestion for a passage rests on; once one has decided, where it is blind."""
    view = read_view(request.query_params, person)
    _ = texts_of(request)
    with site.store.reading() as connection:
        standing = site.worklist.standing(connection, person.name)
        found = find_id(standing, connection, passage_id)
        if standing.hides(connection, found):
            return trouble(
                request,
                403,
                _("Decide first"),
                _("In a blind round nothing of the model is shown before the decision is made."),
            )
        passage = passages_of(connection, [found])[found]
        suggestion = latest_suggestions(connection, [found]).get(found)
        codes = _codes(suggestion) if suggestion else []
        chosen = _chosen(request, codes)
        words = None
        if chosen is not None and chosen[0] == "theme":
            words = _listed_words(standing.codebook.codebook, chosen[1], passage)
        if suggestion is not None and chosen is not None and words is None:
            model = model_of(connection, suggestion.id).fingerprint
            words = _words(site, standing, passage, chosen, model)
        near = _near(site, connection, standing, found, request)
    book = standing.codebook.codebook
    return render(
        request,
        "_why.html" if "hx-request" in request.headers else "why.html",
        passage=passage,
        query=query_of(view),
        suggestion=suggestion,
        codes=[(kind, code, _name(book, (kind, code), _.language)) for kind, code in codes],
        chosen=chosen,
        words=words,
        near=near,
        strengths=STRENGTHS,
        book=book,
        version=standing.codebook.number,
        is_ready=near.is_ready and (words is None or words.is_ready),
    )


def _codes(suggestion: StoredSuggestion) -> list[Code]:
    """What can be asked about: what is suggested, else the likeliest finding type."""
    types = suggestion.labels or tuple(
        sorted(suggestion.probabilities, key=lambda code: -suggestion.probabilities[code])[:1]
    )
    return [("finding_type", one) for one in types] + [("theme", one) for one in suggestion.themes]


def _chosen(request: Request, codes: list[Code]) -> Code | None:
    asked = (request.query_params.get("kind", ""), request.query_params.get("code", ""))
    return asked if asked in codes else next(iter(codes), None)


def _name(book: Codebook, code: Code, language: str) -> str:
    return names_of(book, [code[1]], code[0], language)[0]


def _listed_words(book: Codebook, theme: str, passage: Passage) -> Words | None:
    """The words of the codebook for which a theme is suggested; None where a model tells it."""
    if not book.theme(theme).words:
        return None
    listed, read = ThemeWords(book.themes), passage_text(passage)
    own = listed.find(passage.text, passage.language).get(theme, ())
    found = listed.find(read, passage.language).get(theme, ())
    return Words(
        is_ready=True,
        pieces=pieces(passage.text, ((start, end, Strength.STRONG) for start, end in own)),
        top=tuple((word, Strength.STRONG) for word in dict.fromkeys(read[a:b] for a, b in found)),
        by_words=True,
    )


def _words(site: Site, standing: Standing, passage: Passage, code: Code, fingerprint: str) -> Words:
    try:
        found = site.desk.explain(standing.codebook, passage, fingerprint).result(_WAIT_S)
    except TimeoutError:
        return Words(is_ready=False)
    except WhatworksError as error:
        return Words(is_ready=True, trouble=str(error))
    if found.weighed is None:
        return Words(is_ready=True, other_model=found.model)
    weights = found.weighed.of(*code)
    above = found.weighed.headings.get(code[1], 0.0) if code[0] == "finding_type" else 0.0
    strongest = sorted((one for one in weights if one.strength), key=lambda one: -one.weight)
    return Words(
        is_ready=True,
        pieces=weighed(passage.text, weights),
        top=tuple((passage.text[one.start : one.end], one.strength) for one in strongest[:_NAMED]),
        headings=" › ".join(passage.heading) if strength(abs(above)) else "",
        count_for=above > 0,
    )


def _near(
    site: Site,
    connection: Connection,
    standing: Standing,
    passage_id: PassageId,
    request: Request,
) -> NearOnes:
    """The nearest of the passages that this person may know to be confirmed."""
    place = standing.passages.at.get(passage_id)
    known = standing.confirmed(connection)
    if place is not None:
        known[place] = False
    places = np.flatnonzero(known).astype(np.int32)
    if place is None or not len(places):
        return NearOnes(is_ready=True)
    try:
        vectors = site.desk.vectors(standing.passages.ids).result(_WAIT_S)
        missing = [one for one in (place, *places) if not vectors.is_known[one]]
        if missing:
            site.desk.fill([standing.passages.ids[one] for one in missing], soon=True)
    except TimeoutError:
        return NearOnes(is_ready=False)
    except WhatworksError as error:
        return NearOnes(is_ready=True, trouble=str(error))
    own = vectors.vector(place)
    if own is None:
        return NearOnes(is_ready=False)
    nearest = vectors.nearest(own, NEAREST, places)
    confirmed = confirmed_among(connection, [vectors.ids[one.place] for one in nearest])
    usual, _ = vectors.usual(), texts_of(request)
    return NearOnes(
        is_ready=True,
        passages=tuple(
            NearPassage(
                confirmed=confirmed[vectors.ids[one.place]],
                source=standing.sources[int(standing.passages.versions[one.place])],
                similarity=one.similarity,
                words=_(NEARNESS[usual.nearness(one.similarity)]),
            )
            for one in nearest
            if vectors.ids[one.place] in confirmed
        ),
        unread=len(missing),
    )
