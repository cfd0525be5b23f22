"""Who may come in, by which name, at which address; what every answer carries."""

import re
import shutil
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from fastapi import APIRouter

from tests.cli.web.team import (
    PASSWORDS,
    QUICK,
    Browser,
    Team,
    build_team,
    open_team,
)
from whatworks.cli.web.access import access_for, is_loopback
from whatworks.cli.web.security import LoginGate
from whatworks.cli.web.server import serve
from whatworks.labels import passwords
from whatworks.labels.accounts import Role
from whatworks.labels.store.accounts import add_account, set_disabled, set_role
from whatworks.nlp.errors import WhatworksError


@pytest.fixture(scope="module")
def team(kept_team: Team) -> Team:
    return kept_team


@pytest.mark.parametrize(
    ("method", "address", "status"),
    [
        ("GET", "/login", 200),
        ("GET", "/review", 303),
        ("GET", "/no-such-page", 404),
        ("PUT", "/login", 405),
        ("POST", "/login", 403),
        ("GET", "/static/icon.svg", 200),
        ("GET", "/static/no-such-file", 404),
    ],
)
def test_every_answer_carries_the_headers(
    team: Team, method: str, address: str, status: int
) -> None:
    answer = team.browser().request(method, address)
    assert answer.status_code == status
    check_headers(answer.headers)
    assert answer.headers["cache-control"] == "no-store"


def check_headers(headers: object) -> None:
    assert isinstance(headers, dict) or hasattr(headers, "get")
    policy = dict(part.split(" ", 1) for part in headers["content-security-policy"].split("; "))
    assert policy == {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": "'self'",
        "img-src": "'self' data:",
        "connect-src": "'self'",
        "font-src": "'self'",
        "form-action": "'self'",
        "base-uri": "'none'",
        "frame-ancestors": "'none'",
    }
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert headers["referrer-policy"] == "same-origin"
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert headers["cross-origin-resource-policy"] == "same-origin"
    assert "geolocation=()" in headers["permissions-policy"]
    assert "server" not in headers
    assert "access-control-allow-origin" not in headers


def test_an_unforeseen_error_carries_the_headers_and_tells_nothing(team: Team) -> None:
    router = APIRouter()

    @router.get("/broken")
    def broken() -> None:
        raise IndexError("the secret is swordfish")

    app = team.new_app()
    app.include_router(router)
    browser = Browser(app, raise_server_exceptions=False)
    browser.log_in("Rosa")
    answer = browser.get("/broken")
    assert answer.status_code == 500
    assert "swordfish" not in answer.text
    check_headers(answer.headers)


def test_files_with_a_version_in_the_address_are_kept_and_others_are_not(team: Team) -> None:
    browser = team.browser()
    address = re.search(r'href="(/static/app\.css\?v=\w+)"', browser.get("/login").text)
    assert address
    assert "immutable" in browser.get(address[1]).headers["cache-control"]
    assert browser.get("/static/app.css").headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://testserver.evil.example"},
        {"Origin": "http://testserver:81"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "http://testserver", "Sec-Fetch-Site": "cross-site"},
    ],
)
def test_what_another_site_sends_is_refused_even_with_the_right_token(
    team: Team, headers: dict[str, str]
) -> None:
    browser = team.browser("Rosa")
    refused = browser.submit("/logout", headers=headers)
    assert refused.status_code == 403
    assert "by a page of another site" in refused.text
    check_headers(refused.headers)
    assert browser.get("/account").status_code == 200
    own = {"Origin": "http://testserver", "Sec-Fetch-Site": "same-origin"}
    assert browser.submit("/logout", headers=own).status_code == 303


@pytest.mark.parametrize("host", ["127.0.0.1:8321", "localhost:8321", "[::1]:8321", "LOCALHOST"])
def test_alone_the_app_answers_to_the_names_of_this_computer(team: Team, host: str) -> None:
    assert team.alone().get("/queue", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "host",
    ["evil.example", "evil.example:8321", "127.0.0.1.evil.example", "192.168.1.7", "", "x:y"],
)
def test_alone_it_answers_to_no_name_that_a_website_could_point_at_it(
    team: Team, host: str
) -> None:
    browser = team.alone()
    for method in ("GET", "POST"):
        answer = browser.request(method, "/queue", headers={"Host": host})
        assert answer.status_code == 421
        assert "Wells" not in answer.text
        check_headers(answer.headers)


@pytest.mark.parametrize(
    "header", ["X-Forwarded-For", "Forwarded", "X-Forwarded-Host", "X-Real-IP", "Via"]
)
def test_alone_it_answers_nobody_who_comes_through_a_proxy(team: Team, header: str) -> None:
    answer = team.alone().get("/queue", headers={header: "1.2.3.4"})
    assert answer.status_code == 403
    assert "--behind-proxy" in answer.text


def test_names_that_were_given_are_the_only_ones_that_are_answered(team: Team) -> None:
    browser = Browser(team.new_app("", "whatworks.example.org"))
    for host, status in (("whatworks.example.org", 200), ("localhost", 421), ("10.0.0.7", 421)):
        assert browser.get("/login", headers={"Host": host}).status_code == status


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.8.8", "::1", "[::1]", "localhost"])
def test_on_this_computer_nobody_has_to_log_in(team: Team, host: str) -> None:
    assert is_loopback(host)
    access = access_for(team.store, "ana", host=host)
    assert not access.gate.has_login
    assert access.hosts == ("127.0.0.1", "localhost", "[::1]")


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.7", "example.org", "", "127.0.0.1.x"])
def test_anywhere_else_everybody_has_to(team: Team, host: str) -> None:
    assert not is_loopback(host)
    access = access_for(team.store, "ana", host=host)
    assert access.gate.has_login
    assert "unencrypted" in access.notes[0]


def test_localhost_counts_for_what_it_leads_to(monkeypatch: pytest.MonkeyPatch) -> None:
    def elsewhere(*_: object, **__: object) -> list[object]:
        return [(2, 1, 6, "", ("127.0.0.1", 0)), (2, 1, 6, "", ("10.0.0.7", 0))]

    monkeypatch.setattr("socket.getaddrinfo", elsewhere)
    assert not is_loopback("localhost")


@pytest.mark.parametrize("more", [{"proxy": "127.0.0.1"}, {"login": True}])
def test_behind_a_proxy_people_log_in_also_on_this_computer(
    team: Team, more: dict[str, object]
) -> None:
    access = access_for(team.store, "ana", **more)  # type: ignore[arg-type]
    assert isinstance(access.gate, LoginGate)
    assert access.gate.session_cookie.startswith("__Host-") is ("proxy" in more)
    assert access.notes == ()


@pytest.mark.parametrize("proxy", ["*", "proxy.example.org", "127.0.0.1,*", "0.0.0.0/99"])
def test_only_an_address_is_believed_as_a_proxy(team: Team, proxy: str) -> None:
    with pytest.raises(WhatworksError, match="is no address of a proxy"):
        access_for(team.store, "ana", proxy=proxy)


def test_without_an_owner_the_app_does_not_start_for_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(passwords, "HASHER", QUICK)
    build_team(tmp_path / "wells", with_accounts=False)
    with open_team(tmp_path / "wells") as team:
        add_account(team.store, "Rosa", Role.REVIEWER, PASSWORDS["Rosa"])
        with pytest.raises(WhatworksError, match="whatworks user add NAME --role owner"):
            access_for(team.store, "ana", host="0.0.0.0")
        assert not access_for(team.store, "ana").gate.has_login
        add_account(team.store, "Olga", Role.OWNER, PASSWORDS["Olga"])
        assert access_for(team.store, "ana", host="0.0.0.0").gate.has_login


def test_another_role_and_a_disabled_account_count_from_the_next_request_on(
    new_team: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(passwords, "HASHER", QUICK)
    shutil.copytree(new_team, tmp_path / "wells")
    with open_team(tmp_path / "wells") as team:
        browser = team.browser("Rosa")
        assert "Reviewer" in browser.get("/account").text
        set_role(team.store, "Rosa", Role.ADJUDICATOR)
        assert "Adjudicator" in browser.get("/account").text
        set_disabled(team.store, "Rosa", True)
        assert browser.get("/account").status_code == 303
        assert browser.log_in("Rosa").status_code == 401


@pytest.mark.parametrize(
    ("more", "trusts", "needs_login"),
    [
        ({}, False, False),
        ({"login": True}, False, True),
        ({"proxy": "10.0.0.7"}, True, True),
        ({"host": "0.0.0.0", "names": ("whatworks.example.org",)}, False, True),
    ],
)
def test_the_server_believes_a_proxy_only_where_one_was_named(
    team: Team,
    monkeypatch: pytest.MonkeyPatch,
    more: dict[str, Any],
    trusts: bool,
    needs_login: bool,
) -> None:
    started: list[uvicorn.Config] = []
    monkeypatch.setattr(uvicorn.Server, "run", lambda self, sockets: started.append(self.config))
    told: list[str] = []
    folder = team.project.folder
    serve(folder, "ana", port=0, open_browser=False, tell=told.append, **more)
    (config,) = started
    assert config.proxy_headers is trusts
    assert config.forwarded_allow_ips == more.get("proxy", "")
    assert config.server_header is False
    assert config.app.state.site.gate.has_login is needs_login
    assert any("unencrypted" in line for line in told) is ("host" in more)
