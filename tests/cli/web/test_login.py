"""Logging in and out: what a browser gets, what is refused, and for how long."""

import threading
from datetime import timedelta
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from tests.cli.web.team import PASSWORDS, Browser, Team, build_team, open_team
from whatworks.cli.web import security
from whatworks.cli.web.attempts import PER_PAIR, WINDOW_S
from whatworks.cli.web.routes.login import local_address
from whatworks.labels.store import sessions
from whatworks.labels.store.faults import StoreError
from whatworks.labels.store.sessions import IDLE


def cookie_of(answer: Any, ending: str = "") -> Any:
    """A cookie that an answer sets, with its attributes."""
    for line in answer.headers.get_list("set-cookie"):
        for name, found in SimpleCookie(line).items():
            if name.endswith("-visitor") is (ending == "-visitor"):
                return found
    return None


def is_in(browser: Browser) -> bool:
    return browser.get("/account").status_code == 200


def test_who_logs_in_goes_where_they_wanted_to(team: Team) -> None:
    browser = team.browser()
    sent_away = browser.get("/review?label=lesson&state=open")
    assert sent_away.status_code == 303
    address = sent_away.headers["location"]
    page = browser.get(address)
    assert page.status_code == 200
    assert 'value="/review?label=lesson&amp;state=open"' in page.text
    answer = browser.log_in("Rosa", next="/review?label=lesson&state=open")
    assert answer.status_code == 303
    assert answer.headers["location"] == "/review?label=lesson&state=open"
    assert browser.get("/login?next=/queue").headers["location"] == "/queue"
    assert is_in(browser)


@pytest.mark.parametrize(
    "address",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example/",
        "/\t/evil.example/",
        "\t//evil.example",
        "/\n/evil.example",
        "javascript:alert(1)",
        "evil.example",
        "",
        "/login?next=/login",
        "/logout",
        "/" + "x" * 5000,
    ],
)
def test_nobody_is_sent_to_another_site(team: Team, address: str) -> None:
    assert local_address(address) == "/"
    browser = team.browser()
    assert browser.log_in("Rosa", next=address).headers["location"] == "/"


def test_the_sessions_cookie_is_for_the_browser_alone(team: Team) -> None:
    browser = team.browser()
    visitor = cookie_of(browser.get("/login"), "-visitor")
    assert (visitor["httponly"], visitor["samesite"], visitor["max-age"]) == (True, "lax", "")
    session = cookie_of(browser.log_in("Rosa"))
    assert (session["httponly"], session["samesite"], session["path"]) == (True, "lax", "/")
    assert session["domain"] == ""
    assert session["secure"] == ""
    assert session["max-age"] == "1209600"
    with open_team(team.project.folder, secure=True) as secured:
        browser = secured.browser("Rosa", base_url="https://whatworks.example.org")
        assert is_in(browser)
        browser = secured.browser(base_url="https://whatworks.example.org")
        for cookie in (
            cookie_of(browser.get("/login"), "-visitor"),
            cookie_of(browser.log_in("Rosa")),
        ):
            assert cookie["secure"] is True
            assert cookie.key.startswith("__Host-")


def test_two_projects_on_one_host_keep_their_cookies_apart(team: Team, tmp_path: Path) -> None:
    build_team(tmp_path / "other", with_accounts=False)
    with open_team(tmp_path / "other") as other:
        assert other.gate.session_cookie != team.gate.session_cookie


def test_logging_in_makes_a_new_session_whatever_the_browser_came_with(team: Team) -> None:
    planted = "A" * 43
    browser = team.browser()
    browser.cookies.set(team.gate.session_cookie, planted, "testserver.local")
    assert not is_in(browser)
    assert browser.log_in("Rosa").status_code == 303
    token = browser.cookies[team.gate.session_cookie]
    assert token != planted
    other = team.browser()
    other.cookies.set(team.gate.session_cookie, planted)
    assert not is_in(other)


def test_logging_in_again_ends_the_session_before(team: Team) -> None:
    browser = team.browser("Rosa")
    before = browser.cookies[team.gate.session_cookie]
    assert browser.log_in("Adam").status_code == 303
    other = team.browser()
    other.cookies.set(team.gate.session_cookie, before)
    assert not is_in(other)
    assert "Adam" in browser.get("/account").text


def test_logging_out_ends_the_session_on_the_server(team: Team) -> None:
    browser, elsewhere = team.browser("Rosa"), team.browser("Rosa")
    token = browser.cookies[team.gate.session_cookie]
    answer = browser.submit("/logout")
    assert (answer.status_code, answer.headers["location"]) == (303, "/login")
    assert cookie_of(answer)["max-age"] == "0"
    browser.cookies.set(team.gate.session_cookie, token)
    assert not is_in(browser)
    assert is_in(elsewhere)


def test_a_session_ends_when_nothing_was_asked_for_half_a_day(
    team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = team.browser("Rosa")
    now = sessions._now() + IDLE + timedelta(seconds=1)
    monkeypatch.setattr(sessions, "_now", lambda: now)
    assert browser.get("/review").headers["location"].startswith("/login")
    page = browser.get("/review", headers={"HX-Request": "true"})
    # The page stays where it is: something may be half written on it.
    assert page.status_code == 401
    assert "hx-redirect" not in page.headers
    wanted = browser.get("/session", headers={"Accept": "application/json"})
    assert wanted.status_code == 401
    assert "error" in wanted.json()


def test_a_decision_after_the_session_ended_is_not_lost_without_a_word(team: Team) -> None:
    browser = team.browser("Rosa")
    token, address = browser.token(), f"/passage/{team.passages[0].id}/decide"
    with team.store.writing() as connection:
        connection.execute(text("DELETE FROM login_session"))
    answer = browser.post(address, data={"csrf": token, "verdict": "reject", "key": "k"})
    assert answer.status_code == 401
    assert "Log in in another window" in answer.text
    script = {"Accept": "application/json"}
    answer = browser.post(address, data={"csrf": token, "verdict": "reject"}, headers=script)
    assert (answer.status_code, list(answer.json())) == (401, ["error", "title"])


def test_a_wrong_name_and_a_wrong_password_are_told_alike(team: Team) -> None:
    pages = []
    for name, password in (("Rosa", "wrong"), ("Nobody", PASSWORDS["Rosa"]), ("", "")):
        answer = team.browser().log_in(name, password)
        assert answer.status_code == 401
        assert cookie_of(answer) is None
        assert "The name or the password is not right." in answer.text
        assert password not in answer.text or not password
        pages.append(answer.text.split("<main")[1].split("csrf")[0])
    assert len(set(pages)) == 1


def test_a_form_of_the_login_page_needs_its_token_too(team: Team) -> None:
    """Else another site could log somebody in under a name that is not theirs."""
    fields = {"name": "Rosa", "password": PASSWORDS["Rosa"]}
    browser = team.browser()
    assert browser.post("/login", data=fields).status_code == 403
    token = browser.token()
    assert team.browser().post("/login", data={**fields, "csrf": token}).status_code == 403
    assert browser.post("/login", data={**fields, "csrf": token}).status_code == 303


def test_guessing_is_slowed_down_and_the_wait_is_told(team: Team) -> None:
    browser = team.browser()
    for _ in range(PER_PAIR):
        assert browser.log_in("Rosa", "wrong password").status_code == 401
    answer = browser.log_in("Rosa")
    assert answer.status_code == 429
    assert 0 < int(answer.headers["retry-after"]) <= WINDOW_S
    assert "Too many wrong passwords. Try again in 5 minutes." in answer.text
    assert browser.log_in("Adam").status_code == 303


def test_who_was_kept_out_comes_in_after_minutes(
    team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = team.browser()
    for _ in range(PER_PAIR):
        browser.log_in("Rosa", "wrong password")
    clock = team.gate.attempts._clock
    monkeypatch.setattr(team.gate.attempts, "_clock", lambda: clock() + WINDOW_S)
    assert browser.log_in("Rosa").status_code == 303


def test_what_a_proxy_says_of_the_address_does_not_count_by_itself(team: Team) -> None:
    browser = team.browser()
    for number in range(PER_PAIR):
        headers = {"X-Forwarded-For": f"10.0.0.{number}"}
        fields = {"name": "Rosa", "password": "wrong password"}
        assert browser.submit("/login", fields, headers=headers).status_code == 401
    assert browser.log_in("Rosa").status_code == 429


def test_many_who_log_in_at_once_do_not_hold_up_reviewers(
    team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    reviewer = team.browser("Adam")
    started, go_on = threading.Semaphore(0), threading.Event()
    really = security.log_in

    def slowly(*arguments: Any) -> str | None:
        started.release()
        assert go_on.wait(30)
        return really(*arguments)

    monkeypatch.setattr(security, "log_in", slowly)
    monkeypatch.setattr(team.gate, "_line", threading.BoundedSemaphore(4))
    answers: list[int] = []
    browsers = [team.browser() for _ in range(4)]
    threads = [
        threading.Thread(target=lambda one=one: answers.append(one.log_in("Rosa").status_code))
        for one in browsers
    ]
    for thread in threads:
        thread.start()
    # Two at a time compare passwords, the others wait for them.
    for _ in range(2):
        assert started.acquire(timeout=30)
    assert not started.acquire(timeout=0.3)
    while team.gate._line.acquire(blocking=False):
        team.gate._line.release()
    busy = team.browser().log_in("Olga")
    assert (busy.status_code, busy.headers["retry-after"]) == (503, "5")
    assert is_in(reviewer)
    go_on.set()
    for thread in threads:
        thread.join(30)
    assert answers == [303] * 4


def test_a_new_password_ends_the_other_sessions_and_not_this_one(team: Team) -> None:
    browser, elsewhere, other = (team.browser(name) for name in ("Rosa", "Rosa", "Adam"))
    new = "eight slow trams"
    fields = {"current": PASSWORDS["Rosa"], "new": new, "again": new}
    answer = browser.submit("/account/password", fields)
    assert answer.status_code == 303
    assert "The password is changed" in browser.get(answer.headers["location"]).text
    assert is_in(browser)
    assert not is_in(elsewhere)
    assert is_in(other)
    assert team.browser().log_in("Rosa").status_code == 401
    assert team.browser().log_in("Rosa", new).status_code == 303


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"current": "wrong"}, "The current password is not right."),
        ({"again": "something else"}, "The new password and its repetition differ."),
        ({"new": "short", "again": "short"}, "has 5 characters. Take at least 12"),
        ({"new": "password1234", "again": "password1234"}, "anybody would try"),
    ],
)
def test_a_password_that_cannot_be_changed_stays(
    team: Team, fields: dict[str, str], message: str
) -> None:
    browser, elsewhere = team.browser("Rosa"), team.browser("Rosa")
    right = {"current": PASSWORDS["Rosa"], "new": "eight slow trams", "again": "eight slow trams"}
    answer = browser.submit("/account/password", {**right, **fields})
    assert answer.status_code == 422
    assert message in answer.text
    assert "eight slow trams" not in answer.text
    assert is_in(elsewhere)
    assert team.browser().log_in("Rosa").status_code == 303


def test_a_session_that_was_left_open_gives_no_free_guesses_at_the_password(team: Team) -> None:
    browser = team.browser("Rosa")
    fields = {"current": "wrong", "new": "eight slow trams", "again": "eight slow trams"}
    for _ in range(PER_PAIR):
        assert browser.submit("/account/password", fields).status_code == 422
    right = {**fields, "current": PASSWORDS["Rosa"]}
    answer = browser.submit("/account/password", right)
    assert answer.status_code == 429
    assert int(answer.headers["retry-after"]) > 0


def test_where_the_database_is_stays_unsaid_to_strangers(
    team: Team, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    browser = team.browser("Rosa")

    def gone(*_: object) -> None:
        raise StoreError("postgresql://ana@db.internal/wells: the database cannot be reached.")

    monkeypatch.setattr(security, "find_session", gone)
    answer = browser.get("/review")
    assert answer.status_code == 503
    assert answer.headers["retry-after"] == "5"
    assert "db.internal" not in answer.text
    assert "db.internal" in caplog.text
