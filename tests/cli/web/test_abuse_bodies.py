"""Requests that are too large, too odd, or no forms of ours."""

import time
import tracemalloc
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import anyio
import pytest
from sqlalchemy import func, select

from tests.cli.web.team import Browser, Team, decide, said
from whatworks.cli.web.guards import MAX_BODY, Guards
from whatworks.labels.drafts import MAX_COMMENT
from whatworks.labels.store.schema import decision


def large(megabytes: int) -> str:
    return "x" * (megabytes * 1_000_000)


def test_a_comment_of_five_megabytes_is_refused_and_nothing_is_saved(team: Team) -> None:
    browser = team.browser("Rosa")
    answer = decide(browser, team, comment=large(5))
    assert answer.status_code == 413
    assert "more than 1,000 kB and was not saved" in answer.text
    assert said(team) == []
    assert decide(browser, team).status_code == 303


def test_what_is_too_large_is_refused_before_it_is_sent_where_its_length_is_told(
    team: Team,
) -> None:
    browser = team.browser("Rosa")
    asked: list[int] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        asked.append(1)

    guarded = Browser(Guards(app))  # type: ignore[arg-type]
    assert guarded.post("/", content=b"x" * (MAX_BODY + 1)).status_code == 413
    assert asked == []
    assert browser.get("/account").status_code == 200


def test_who_promises_too_much_and_sends_nothing_is_not_waited_for() -> None:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        raise AssertionError("must not be asked")

    async def receive() -> dict[str, Any]:
        await anyio.sleep(60)
        return {"type": "http.disconnect"}

    statuses: list[int] = []

    async def send(message: Any) -> None:
        statuses.append(message.get("status", 0))

    async def ask(length: bytes) -> None:
        scope = {"type": "http", "method": "POST", "headers": [(b"content-length", length)]}
        with anyio.fail_after(5):
            await Guards(app)(scope, receive, send)

    for length in (b"99999999999", b"9" * 18):
        anyio.run(ask, length)
    assert statuses == [413, 0, 413, 0]


def test_a_body_without_a_length_is_not_read_into_memory(team: Team) -> None:
    browser = team.browser("Rosa")
    token = browser.token()

    def chunks() -> Iterator[bytes]:
        yield f"csrf={token}&verdict=save&labels=lesson&key=k&comment=".encode()
        for _ in range(400):
            yield b"x" * 100_000

    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    address = f"/passage/{team.passages[0].id}/decide"
    # The test's client hands over the whole body at once; the parts are cut here.
    sent = 0

    async def receive() -> dict[str, Any]:
        nonlocal sent
        part = next(parts, None)
        sent += len(part or b"")
        return {"type": "http.request", "body": part or b"", "more_body": part is not None}

    parts = chunks()
    answers: list[dict[str, Any]] = []

    async def send(message: Any) -> None:
        answers.append(message)

    cookie = f"{team.gate.session_cookie}={browser.cookies[team.gate.session_cookie]}"
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "POST",
        "scheme": "http",
        "path": address,
        "raw_path": address.encode(),
        "query_string": b"",
        "root_path": "",
        "headers": [
            (b"host", b"testserver"),
            (b"cookie", cookie.encode()),
            (b"content-type", headers["Content-Type"].encode()),
        ],
        "client": ("10.0.0.1", 1234),
        "server": ("testserver", 80),
    }
    tracemalloc.start()
    try:
        anyio.run(team.app, scope, receive, send)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert answers[0]["status"] == 413
    assert sent <= MAX_BODY + 200_000
    assert most < 15_000_000
    assert said(team) == []


def test_a_comment_that_is_a_little_too_long_comes_back_to_be_shortened(team: Team) -> None:
    browser = team.browser("Rosa")
    answer = decide(browser, team, comment="y" * (MAX_COMMENT + 1))
    assert answer.status_code == 422
    assert "y" * (MAX_COMMENT + 1) in answer.text
    assert said(team) == []


@pytest.mark.parametrize(
    "fields",
    [
        {"labels": "a" + "\u0316\u0301" * 40_000},
        {"themes": "a" + "\u0316\u0301" * 40_000},
        {"key": "a" + "\u0316\u0301" * 40_000},
        {"verdict": "a" + "\u0316\u0301" * 40_000},
        {"seen": "a" + "\u0316\u0301" * 40_000},
        {"labels": "\0"},
        {"key": "\0", "labels": "\ud800"},
        {"seconds": "9" * 100_000},
        {"suggestion_id": "9" * 100_000},
        {"round": "-1"},
        {"labels": ["lesson"] * 1500},
    ],
    ids=lambda fields: "-".join(fields),
)
def test_odd_fields_are_refused_quickly_and_break_nothing(
    team: Team, fields: dict[str, Any]
) -> None:
    """Letters with a hundred thousand accents would take minutes to put into order."""
    browser = team.browser("Rosa")
    whole = {"verdict": "save", "labels": "lesson", "key": "k", "csrf": browser.token(), **fields}
    # By hand: the test's client refuses to send half a letter.
    body = urlencode(whole, doseq=True, errors="surrogatepass")
    before = time.process_time()
    answer = browser.post(
        f"/passage/{team.passages[0].id}/decide",
        content=body,
        headers={"Content-Type": "application/x-www-form-urlencoded"},
    )
    assert answer.status_code in (303, 400, 409, 422)
    assert time.process_time() - before < 5
    assert decide(browser, team, 1, key="after").status_code == 303


@pytest.mark.parametrize("content_type", ["application/json", "text/plain", "multipart/form-data"])
def test_a_body_that_is_no_form_of_ours_writes_nothing(team: Team, content_type: str) -> None:
    browser = team.browser("Rosa")
    address = f"/passage/{team.passages[0].id}/decide"
    headers = {"Content-Type": content_type}
    body = b'{"verdict": "reject", "csrf": "x"}'
    assert browser.post(address, content=body, headers=headers).status_code in (400, 403)
    with team.store.reading() as connection:
        found = connection.scalar(select(func.count()).select_from(decision))
    assert found == 2


def test_a_form_of_too_many_fields_or_with_a_file_is_refused(team: Team) -> None:
    browser = team.browser("Rosa")
    address = f"/passage/{team.passages[0].id}/decide"
    many = {f"field {number}": "x" for number in range(5000)}
    token = browser.token()
    assert browser.post(address, data={**many, "csrf": token}).status_code == 400
    files = {"file": ("x.exe", b"MZ")}
    assert browser.post(address, data={"csrf": token}, files=files).status_code == 400
    assert said(team) == []
