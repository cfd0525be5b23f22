"""The app: its pages put together, and what is said where something goes wrong."""

import hashlib
import importlib
from dataclasses import dataclass
from pathlib import Path

from fastapi import Depends, FastAPI
from fastapi.routing import APIRoute
from fastapi.templating import Jinja2Templates
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from sqlalchemy import select

from ...labels.project import Project
from ...labels.store.schema import project as project_table
from ...labels.store.worklists import Worklist
from .assets import Assets
from .context import Gate, Person, Role, Site
from .guards import Guards
from .languages import install
from .loopback import HOSTS, OneUser
from .model_desk import ModelDesk
from .recorder import Recorder
from .search_index import SearchIndex
from .security import from_our_page, logged_in
from .shown import helpers
from .troubles import HANDLERS

FOLDER = Path(__file__).parent
ROUTES = (
    "review",
    "deciding",
    "queue",
    "sources",
    "codes",
    "login",
    "language",
    "dashboard",
    "adjudication",
    "assignments",
    "search",
    "why",
    "codebook",
    "codebook_draft",
    "codebook_apply",
)
"""Modules of ``routes/``; each has a ``router``."""


@dataclass(frozen=True, slots=True)
class WebOptions:
    """How the app is started."""

    annotator: str
    """Who reviews, where nobody logs in."""
    gate: Gate | None = None
    """Who is there; by default the one annotator, as owner."""
    hosts: tuple[str, ...] = HOSTS
    """Names that the app answers to; any where there is none."""


def create_app(project: Project, *, options: WebOptions) -> FastAPI:
    """The app on an open project; whoever calls it closes the project."""
    app = FastAPI(
        title="whatworks",
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        # For every page of every module: none can forget to ask.
        dependencies=[Depends(logged_in), Depends(from_our_page)],
    )
    assets = Assets(FOLDER / "static")
    with project.store.reading() as connection:
        key = connection.scalar(select(project_table.c.key)) or ""
    gate = options.gate or OneUser(Person(options.annotator, Role.OWNER))
    desk, worklist = ModelDesk(project), Worklist()
    app.state.site = Site(
        project=project,
        gate=gate,
        templates=_templates(assets),
        desk=desk,
        search=SearchIndex(project.store, desk),
        recorder=Recorder(project.store, worklist),
        worklist=worklist,
        key=hashlib.sha256(key.encode()).hexdigest()[:16],
    )
    app.mount("/static", assets, name="static")
    routers = [importlib.import_module(f".routes.{name}", __package__).router for name in ROUTES]
    for router in routers:
        app.include_router(router)
    app.state.paths = {
        one.path for router in routers for one in router.routes if isinstance(one, APIRoute)
    }
    for kind, handler in HANDLERS.items():
        app.add_exception_handler(kind, handler)
    app.add_middleware(Guards, hosts=options.hosts, is_alone=not gate.has_login)
    return app


def _templates(assets: Assets) -> Jinja2Templates:
    environment = Environment(
        loader=FileSystemLoader(FOLDER / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        # They come with the program and stay as they are.
        auto_reload=False,
    )
    install(environment)
    environment.globals |= helpers()
    environment.globals["asset"] = assets.address
    return Jinja2Templates(env=environment)
