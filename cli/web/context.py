"""What every page has: the project, the person, the language, the form that is really ours."""

import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, Protocol

from fastapi import Depends, Request, Response
from fastapi.templating import Jinja2Templates
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException

from ...labels.accounts import Role as Role
from ...labels.project import Project
from ...labels.store.dashboard import Figures
from ...labels.store.database import Store
from ...labels.store.worklists import Worklist
from ...labels.texts import Texts, mark
from .languages import texts_for
from .model_desk import ModelDesk
from .presence import Presence
from .recorder import Recorder
from .search_index import SearchIndex


@dataclass(frozen=True, slots=True)
class Person:
    """Who is looking."""

    name: str
    """As decisions carry it."""
    role: Role
    account_id: int | None = None
    """None where nobody has to log in."""


class Gate(Protocol):
    """Knows who is there, and whether a form came from one of our own pages."""

    has_login: bool
    """Whether people log in, and so also whether strangers may come by."""

    def person(self, request: Request) -> Person | None:
        """Who sent the request; None where somebody has to log in first."""
        ...

    def csrf_token(self, request: Request) -> str:
        """What every form of the page has to send back as ``csrf``."""
        ...

    def accepts(self, request: Request, csrf: str) -> bool:
        """Whether what is to be written was sent from a page that we made for this person."""
        ...

    def dress(self, request: Request, response: Response) -> None:
        """Sets the cookies that the page's forms and scripts rely on."""
        ...


@dataclass(frozen=True, slots=True)
class Site:
    """What all requests share; all in it can be made again from the database."""

    project: Project
    gate: Gate
    templates: Jinja2Templates
    desk: ModelDesk
    search: SearchIndex
    recorder: Recorder
    worklist: Worklist
    presence: Presence = field(default_factory=Presence)
    figures: Figures = field(default_factory=Figures)
    key: str = ""
    """Tells projects apart in a browser that knows several."""

    @property
    def store(self) -> Store:
        """The project's."""
        return self.project.store

    def close(self) -> None:
        """Ends what is still being worked out behind the pages."""
        self.search.close()
        self.desk.close()


class LoginNeededError(Exception):
    """Nobody is logged in."""


class ForgedError(Exception):
    """A form did not come from one of our pages, or from one that is too old."""


def site_of(request: Request) -> Site:
    """The app's site."""
    site: Site = request.app.state.site
    return site


# What follows asks nothing of the database: it runs where it is called, not in a thread, which
# would take longer to get than to use.
async def _site(request: Request) -> Site:
    return site_of(request)


async def current_person(request: Request) -> Person:
    """Who is looking; raises LoginNeededError where nobody is known.

    ``logged_in`` has looked them up before.
    """
    person = site_of(request).gate.person(request)
    if person is None:
        raise LoginNeededError
    return person


CSRF_HEADER = "x-csrf-token"


async def checked_form(request: Request) -> FormData:
    """The form of a request that writes; raises ForgedError unless one of our pages sent it."""
    form = await request.form(max_files=0, max_fields=2000)
    given = request.headers.get(CSRF_HEADER) or form.get("csrf") or ""
    if not isinstance(given, str) or not site_of(request).gate.accepts(request, given):
        raise ForgedError
    return form


TheSite = Annotated[Site, Depends(_site)]
ThePerson = Annotated[Person, Depends(current_person)]
TheForm = Annotated[FormData, Depends(checked_form)]
"""Every handler that writes takes it, also where it reads nothing from the form."""


def requires(role: Role) -> Callable[[Person], Awaitable[Person]]:
    """A dependency: the person, who has this role or one above; else HTTP 403."""

    async def person_of_role(person: ThePerson) -> Person:
        if not person.role.covers(role):
            raise HTTPException(403)
        return person

    return person_of_role


TheAdjudicator = Annotated[Person, Depends(requires(Role.ADJUDICATOR))]
TheOwner = Annotated[Person, Depends(requires(Role.OWNER))]


def wants_json(request: Request) -> bool:
    """Whether a script asks, that shows the answer itself."""
    return "application/json" in request.headers.get("accept", "")


def wants_part(request: Request) -> bool:
    """Whether only the part of the page that changes is asked for."""
    return "hx-request" in request.headers or request.query_params.get("partial") == "1"


def texts_of(request: Request) -> Texts:
    """The interface's language as this browser wants it."""
    return texts_for(request)


NAVIGATION = (
    ("/review", mark("Review"), "r"),
    ("/queue", mark("Queues"), "q"),
    ("/search", mark("Search"), "s"),
    ("/disagreements", mark("Disagreements"), "a"),
    ("/codebook", mark("Codebook"), "c"),
    ("/dashboard", mark("Dashboard"), "d"),
    ("/assignments", mark("Assignments"), "p"),
)
"""Address, name, and the key that follows 'g'; shown where the page exists."""
_NEEDED = {"/disagreements": Role.ADJUDICATOR, "/assignments": Role.OWNER}


def render(
    request: Request,
    template: str,
    *,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
    **values: Any,
) -> Response:
    """A page for this person, in their language."""
    site = site_of(request)
    person = site.gate.person(request)
    response = site.templates.TemplateResponse(
        request,
        template,
        {
            "site": site,
            "person": person,
            "csrf": site.gate.csrf_token(request),
            "texts": texts_of(request),
            "navigation": navigation(request, person),
            "has_page": request.app.state.paths.__contains__,
            "is_part": wants_part(request),
            **values,
        },
        status_code=status,
        headers={"Cache-Control": "no-store", **(headers or {})},
    )
    site.gate.dress(request, response)
    return response


def navigation(request: Request, person: Person | None) -> list[tuple[str, str, str]]:
    """The pages that exist and that this person may see."""
    if person is None:
        return []
    paths: set[str] = request.app.state.paths
    return [
        one
        for one in NAVIGATION
        if one[0] in paths and person.role.covers(_NEEDED.get(one[0], Role.REVIEWER))
    ]


def as_json(value: Mapping[str, Any], status: int = 200) -> Response:
    """An answer for a script."""
    body = json.dumps(value, ensure_ascii=False)
    return Response(body, status, {"Cache-Control": "no-store"}, media_type="application/json")
