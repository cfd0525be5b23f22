"""Every page of the app with every role: who may see it, and that nobody else does."""

import re

import pytest
from fastapi import APIRouter
from fastapi.routing import iter_route_contexts
from sqlalchemy import func, select

from tests.cli.web.team import ROLES, Browser, Team, foreign_parts
from whatworks.cli.web.security import PUBLIC, READING
from whatworks.labels.accounts import Role
from whatworks.labels.store.database import Store
from whatworks.labels.store.schema import decision

pytestmark = pytest.mark.slow

_PAGES: dict[Role | None, str] = {
    None: """
        GET /language
        GET /login
        POST /login
    """,
    Role.REVIEWER: """
        GET /
        GET /account
        GET /code/{kind}/{code_id:path}
        GET /codebook
        GET /codebook/code/{kind}/{code_id}
        GET /codebook/history
        GET /codebook/version/{number}.yaml
        GET /colours.css
        GET /dashboard
        GET /dashboard/{name}.csv
        GET /passage/{given}
        GET /passage/{given}/next
        GET /passage/{given}/previous
        GET /passage/{given}/reveal
        GET /passage/{given}/skip
        GET /queue
        GET /review
        GET /search
        GET /session
        GET /source/{version_id}
        GET /why/{passage_id}
        POST /account/password
        POST /logout
        POST /passage/{given}/decide
    """,
    Role.ADJUDICATOR: """
        GET /disagreements
        GET /disagreements/{given}
        POST /disagreements/{given}/settle
        POST /disagreements/{given}/undo
    """,
    Role.OWNER: """
        GET /assignments
        GET /assignments/count
        GET /codebook/edit
        GET /codebook/edit/code/{kind}/{code_id}
        GET /codebook/edit/group/{group_id}
        GET /codebook/edit/new/{kind}
        GET /codebook/edit/text
        GET /codebook/preview
        POST /assignments/audit
        POST /assignments/rounds
        POST /assignments/rounds/{given}/assign
        POST /assignments/rounds/{given}/close
        POST /assignments/take-back
        POST /codebook/apply
        POST /codebook/edit/catch-up
        POST /codebook/edit/code/{kind}/{code_id}
        POST /codebook/edit/code/{kind}/{code_id}/{act}
        POST /codebook/edit/discard
        POST /codebook/edit/group/{group_id}
        POST /codebook/edit/new/{kind}
        POST /codebook/edit/text
        POST /codebook/edit/undo
    """,
}
RULES: dict[tuple[str, str], Role | None] = {
    (line.split()[0], line.split()[1]): role
    for role, lines in _PAGES.items()
    for line in lines.split("\n")
    if line.strip()
}
"""The role that each page needs; None where nobody has to be logged in. A page that is not here
fails the test: decide who may see it, and write it down."""

PEOPLE = ("", *ROLES)


@pytest.fixture(scope="module")
def team(kept_team: Team) -> Team:
    return kept_team


def routes(team: Team) -> list[tuple[str, str]]:
    found = []
    for one in iter_route_contexts(team.app.routes):
        if one.path != "/static":
            found += [(method, str(one.path)) for method in sorted(one.methods or {"?"})]
    return sorted(found)


def filled(team: Team, path: str) -> str:
    """The address with something in it that is there."""
    values = {
        "given": "1" if path.startswith("/assignments") else team.disagreed.id,
        "passage_id": team.disagreed.id,
        "version_id": "1",
        "kind": "finding_type",
        "code_id": "lesson",
        "group_id": "obstacles",
        "number": "1",
        "name": "reports",
        "act": "retire",
    }
    return re.sub(r"\{(\w+)(?::\w+)?\}", lambda name: values[name[1]], path)


def ask(browser: Browser, method: str, address: str, token: str | None = "") -> tuple[int, str]:
    """Status and where it leads; the token of the browser's session unless another is given."""
    headers = {}
    if method not in READING and token is not None:
        headers = {"X-CSRF-Token": token or browser.token()}
    answer = browser.request(method, address, headers=headers)
    return answer.status_code, answer.headers.get("location", "")


def decisions(store: Store) -> int:
    with store.reading() as connection:
        return connection.scalar(select(func.count()).select_from(decision)) or 0


def test_every_page_has_a_rule(team: Team) -> None:
    assert routes(team) == sorted(RULES)
    assert {path for (_, path), role in RULES.items() if role is None} == PUBLIC


@pytest.mark.parametrize("person", PEOPLE)
def test_each_page_answers_those_who_may_see_it_and_nobody_else(team: Team, person: str) -> None:
    wrong = []
    for (method, path), needed in RULES.items():
        # A browser for each: some pages end the session.
        browser = team.browser(person)
        status, leads_to = ask(browser, method, filled(team, path))
        if needed is None:
            is_right = status in (200, 303, 401)
        elif not person:
            sent_away = status == 303 and leads_to.startswith("/login?next=")
            is_right = sent_away if method in READING else status == 401
        elif ROLES[person].covers(needed):
            is_right = status in (200, 303, 404, 409, 422) and "/login?" not in leads_to
        else:
            is_right = status == 403
        if not is_right:
            wrong.append(f"{method} {path} answered {status} {leads_to}")
    assert wrong == []


def test_nothing_is_written_without_the_token_of_ones_own_session(team: Team) -> None:
    before, wrong = decisions(team.store), []
    foreign = team.browser("Rosa").token()
    for method, path in RULES:
        if method in READING:
            continue
        for what, token in (("none", None), ("another's", foreign), ("a made-up one", "0" * 64)):
            browser = team.browser("Olga")
            status, _ = ask(browser, method, filled(team, path), token)
            if status != 403:
                wrong.append(f"{method} {path} with {what} answered {status}")
            assert browser.get("/account").status_code == 200
    assert wrong == []
    assert decisions(team.store) == before


def test_a_page_that_forgets_to_ask_is_closed_all_the_same(team: Team) -> None:
    router = APIRouter()

    @router.get("/forgotten")
    def read() -> str:
        return "secret"

    @router.post("/forgotten")
    def write() -> str:
        return "done"

    app = team.new_app()
    app.include_router(router)
    stranger, browser = Browser(app), Browser(app)
    assert ask(stranger, "GET", "/forgotten")[0] == 303
    assert ask(stranger, "POST", "/forgotten", "x")[0] == 401
    browser.log_in("Rosa")
    assert ask(browser, "GET", "/forgotten")[0] == 200
    assert ask(browser, "POST", "/forgotten", None)[0] == 403
    assert ask(browser, "POST", "/forgotten")[0] == 200


def test_no_page_has_script_or_style_in_it(team: Team) -> None:
    """What the policy would block: so that no page comes to need it."""
    browser = team.browser("Olga")
    for method, path in RULES:
        if method != "GET":
            continue
        page = browser.get(filled(team, path), follow_redirects=True)
        assert foreign_parts(page.text) == [], path


def test_alone_nobody_logs_in_and_the_person_is_an_owner(team: Team) -> None:
    browser = team.alone()
    assert browser.get("/session", headers={"Accept": "application/json"}).json()["person"] == "ana"
    for method, path in RULES:
        if path in ("/login", "/logout", "/account", "/account/password"):
            assert ask(browser, method, path)[0] == 404
        else:
            assert ask(browser, method, filled(team, path))[0] not in (401, 403)
