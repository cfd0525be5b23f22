"""The queues: ways to go through the passages, and how many are left in each."""

from fastapi import APIRouter, Request, Response

from ....labels.worklist import Order, Show, View, to_decide
from ..context import Role, ThePerson, TheSite, render, texts_of
from ..queues import Line, along, by_code
from ..views import LANGUAGES, query_of, rounds

router = APIRouter()


@router.get("/queue")
def queues(request: Request, site: TheSite, person: ThePerson) -> Response:
    """All queues with their counts."""
    texts = texts_of(request)
    with site.store.reading() as connection:
        named = [one for one in rounds(connection) if not one.is_closed]
        standing = site.worklist.standing(connection, person.name)

        def line(words: str, view: View, note: str = "") -> Line:
            queue = standing.queue(connection, view)
            return Line(words, query_of(view), queue.left, queue.total, note)

        general = [
            line(texts("Everything, in reading order"), View()),
            line(texts("Most uncertain first"), View(order=Order.UNCERTAIN)),
        ]
        mine = [
            line(texts("My decisions"), View(show=Show.MINE)),
            line(texts("I was unsure"), View(show=Show.UNSURE)),
            line(texts("Stale since the codebook changed"), View(show=Show.STALE)),
        ]
        if person.role is not Role.REVIEWER:
            mine.append(line(texts("People disagree"), View(show=Show.DISAGREED)))
        of_rounds = [
            line(one.name, View(round_id=one.id), texts("blind") if one.blind else "")
            for one in named
        ]
    passages, own = standing.passages, standing.own
    book, needed = standing.codebook.codebook, to_decide(passages, own)
    of_reports = along(
        passages.reports,
        needed,
        [
            (one.report_id, one.title, query_of(View(report_id=one.report_id)))
            for one in standing.sources.values()
        ],
    )
    of_languages = along(
        passages.languages,
        needed,
        [
            (code, texts(LANGUAGES.get(code, code)), query_of(View(language=code)))
            for code in passages.languages_there
        ],
    )
    return render(
        request,
        "queue.html",
        general=general,
        mine=mine,
        of_rounds=of_rounds,
        of_reports=of_reports,
        of_languages=of_languages if len(of_languages) > 1 else [],
        of_labels=by_code(passages, own, book.finding_types, "finding_type", texts.language),
        of_themes=by_code(passages, own, book.themes, "theme", texts.language),
    )
