"""A project that several people use through the browser, and browsers in which they log in."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from argon2 import PasswordHasher
from bs4 import BeautifulSoup
from fastapi import FastAPI
from starlette.testclient import TestClient

from tests import stored
from tests.stored import add, report_of, suggest
from whatworks.cli.web.app import WebOptions, create_app
from whatworks.cli.web.security import LoginGate
from whatworks.labels.accounts import Role
from whatworks.labels.decisions import Decision
from whatworks.labels.project import Project, init_project, open_project
from whatworks.labels.store.accounts import add_account
from whatworks.labels.store.database import Store
from whatworks.labels.store.log import decisions_on
from whatworks.nlp.passages import Passage
from whatworks.nlp.reading import ReadReport

QUICK = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
"""In the place of ``labels.passwords.HASHER``, which takes a third of a second."""

PASSWORDS = {
    "Rosa": "purple onion harbour",
    "Adam": "four grey lanterns",
    "Olga": "seven mild rivers",
}
ROLES = {"Rosa": Role.REVIEWER, "Adam": Role.ADJUDICATOR, "Olga": Role.OWNER}

# What somebody might write into a report, a comment or a file name.
SCRIPT = '<script>alert("x")</script><img src=x onerror=alert(1)>'
FORMULA = '=HYPERLINK("http://evil.example","x")'


_FOREIGN = ("http:", "https:", "//", "javascript:", "data:", "vbscript:")


@dataclass
class Team:
    """The open project, its app, and what is in it."""

    project: Project
    app: FastAPI
    passages: tuple[Passage, ...]
    disagreed: Passage
    """Two people answered differently."""
    gate: LoginGate
    apps: list[FastAPI]
    """All that were made, to be closed."""

    @property
    def store(self) -> Store:
        return self.project.store

    def browser(self, name: str = "", **more: Any) -> "Browser":
        """A browser; with a name, one in which that person has logged in."""
        made = Browser(self.app, **more)
        if name:
            assert made.log_in(name).status_code == 303
        return made

    def new_app(self, name: str = "", *hosts: str, alone: bool = False) -> FastAPI:
        """Another app on the project: the same with other host names, or for one person alone."""
        options = WebOptions(name) if alone else WebOptions(name, gate=self.gate, hosts=hosts)
        app = create_app(self.project, options=options)
        self.apps.append(app)
        return app

    def alone(self) -> "Browser":
        """A browser on the app of one person without login, on her computer."""
        return Browser(self.new_app("ana", alone=True), base_url="http://127.0.0.1:8321")


def foreign_parts(html: str) -> list[str]:
    """What in a page would run, style or load something that is not from the app's own files."""
    found = []
    for tag in BeautifulSoup(html, "html.parser").find_all(True):
        addresses = [str(tag.get(name, "")) for name in ("src", "href", "action", "formaction")]
        if (
            tag.name in ("style", "iframe", "object", "embed", "base")
            or (tag.name == "script" and not str(tag.get("src", "")).startswith("/static/"))
            or (tag.name == "img" and not str(tag.get("src", "")).startswith("/static/"))
            or any(name == "style" or name.startswith("on") for name in tag.attrs)
            or any(one.strip().lower().startswith(_FOREIGN) for one in addresses)
        ):
            found.append(str(tag)[:200])
    return found


class Browser(TestClient):
    """Keeps cookies, follows no redirects, and knows the token of the last page."""

    def __init__(self, app: FastAPI, **more: Any) -> None:
        super().__init__(app, **{"follow_redirects": False, **more})

    def token(self, address: str = "/session") -> str:
        """The token that a page's forms send back."""
        answer = self.get(address, headers={"Accept": "application/json"})
        if answer.headers["content-type"] == "application/json" and answer.status_code == 200:
            return str(answer.json()["csrf"])
        found = re.search(r'data-csrf="([0-9a-f]+)"', self.get("/login").text)
        assert found
        return found[1]

    def submit(self, address: str, fields: Mapping[str, Any] | None = None, **more: Any) -> Any:
        """Posts a form as one of our pages does."""
        return self.post(address, data={"csrf": self.token(), **(fields or {})}, **more)

    def log_in(self, name: str, password: str | None = None, **fields: str) -> Any:
        given = PASSWORDS[name] if password is None else password
        return self.submit("/login", {"name": name, "password": given, **fields})


def build_team(folder: Path, *, with_accounts: bool = True) -> None:
    """A project with a report, suggestions, a disagreement, and a person of each role."""
    init_project(folder, name="Wells", by="Olga")
    settings = folder / "whatworks.toml"
    text = settings.read_text("utf-8")
    text = text.replace('policy = "one-reviewer"', 'policy = "two-adjudicated"')
    text = text.replace("adjudicators = []", 'adjudicators = ["Adam", "Olga"]')
    settings.write_text(text, "utf-8")
    with open_project(folder) as project:
        store, passages = project.store, _read().passages
        add(store, _read())
        suggest(store, passages, success_factor=0.9)
        stored.decide(store, passages[2], "Rosa", "lesson")
        stored.decide(store, passages[2], "Olga", "obstacle")
        if with_accounts:
            for name, role in ROLES.items():
                add_account(store, name, role, PASSWORDS[name])


@contextmanager
def open_team(folder: Path, *, secure: bool = False) -> Iterator[Team]:
    """The project that ``build_team`` made, open, and its app."""
    with open_project(folder) as project:
        gate = LoginGate(project.store, secure=secure)
        passages = _read().passages
        app = create_app(project, options=WebOptions("", gate=gate, hosts=()))
        team = Team(project, app, passages, passages[2], gate, [app])
        try:
            yield team
        finally:
            for one in team.apps:
                one.state.site.close()


def _read() -> ReadReport:
    return report_of("wells.pdf", "Wells were dug.", f"Pumps broke. {SCRIPT}", FORMULA)


def said(team: Team, place: int = 0) -> list[Decision]:
    """What was decided on a passage."""
    passage_id = team.passages[place].id
    with team.store.reading() as connection:
        return decisions_on(connection, [passage_id])[passage_id]


def decide(browser: Browser, team: Team, place: int = 0, **fields: Any) -> Any:
    """Sends a decision on a passage, as its page does; the answer."""
    given = {"verdict": "save", "labels": "lesson", "seen": "", "key": f"key {place}", **fields}
    return browser.submit(f"/passage/{team.passages[place].id}/decide", given)
