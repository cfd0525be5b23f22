"""What somebody may try, one test each."""

import hashlib
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from tests.cli.web.team import FORMULA, SCRIPT, Team, decide, foreign_parts, said
from tests.stored import report_of
from whatworks.labels.store.reports import add_report, report_versions

SECRET = b"root:x:0:0:the secret of this computer"


def shown(html: str) -> str:
    """The text that a reader sees."""
    return BeautifulSoup(html, "html.parser").get_text()


def add_file(team: Team, path: str, content: bytes = b"", *, sha256: str = "") -> int:
    """A report whose file is said to be there; the id of its version."""
    name = f"report {path}"
    read = report_of(name, f"Text of {path}", title=f"Title {path}")
    digest = sha256 or hashlib.sha256(content).hexdigest()
    add_report(team.store, read, path, digest, "Olga")
    with team.store.reading() as connection:
        return report_versions(connection)[-1].id


def test_markup_and_formulas_in_a_report_are_shown_as_text(team: Team) -> None:
    browser = team.browser("Olga")
    for place, text in ((1, SCRIPT), (2, FORMULA)):
        page = browser.get(f"/passage/{team.passages[place].id}")
        assert page.status_code == 200
        assert foreign_parts(page.text) == []
        assert text in shown(page.text)
        assert text not in page.text, "not escaped"


def test_markup_in_the_name_and_title_of_a_file_is_shown_as_text(team: Team) -> None:
    name = 'a"><img src=x onerror=alert(1)>.pdf'
    read = report_of(name, "One.", title=f"{SCRIPT} {FORMULA}")
    add_report(team.store, read, name, "aa", "Olga")
    browser = team.browser("Olga")
    with team.store.reading() as connection:
        version = report_versions(connection)[-1]
    addresses = (
        f"/passage/{read.passages[0].id}",
        "/queue",
        f"/review?report={version.report_id}&state=all",
        f"/source/{version.id}",
    )
    for address in addresses:
        page = browser.get(address, follow_redirects=True)
        assert foreign_parts(page.text) == [], address
        assert "alert(1)" in shown(page.text), address


def test_markup_in_a_comment_is_shown_as_text(team: Team) -> None:
    browser = team.browser("Rosa")
    comment = f"{SCRIPT}\n{FORMULA}\n{{{{ 7 * 7 }}}} ${{7*7}} </textarea><script>x</script>"
    assert decide(browser, team, comment=comment).status_code == 303
    assert [one.comment for one in said(team)] == [comment]
    page = browser.get(f"/passage/{team.passages[0].id}?state=all")
    assert foreign_parts(page.text) == []
    assert SCRIPT in shown(page.text)
    assert "49" not in shown(page.text.split("<main")[1].split("progress")[0])


def test_markup_in_an_address_is_shown_as_text_or_not_at_all(team: Team) -> None:
    browser = team.browser("Olga")
    for address in (
        f"/review?label={SCRIPT}&theme={SCRIPT}&language={SCRIPT}&state={SCRIPT}&order={SCRIPT}",
        f"/passage/{SCRIPT}",
        f"/{SCRIPT}",
        f"/code/theme/{SCRIPT}",
        f"/login?next=/{SCRIPT}",
    ):
        page = browser.get(address, follow_redirects=True)
        assert page.status_code in (200, 404, 422)
        assert foreign_parts(page.text) == [], address
    page = team.browser().get("/login", params={"next": f'/"{SCRIPT}'})
    assert foreign_parts(page.text) == []


def test_markup_in_the_name_of_a_person_is_shown_as_text(team: Team) -> None:
    browser = team.browser()
    page = browser.log_in(f'"{SCRIPT}', "wrong")
    assert foreign_parts(page.text) == []
    assert BeautifulSoup(page.text, "html.parser").find(id="name")["value"] == f'"{SCRIPT}'


@pytest.mark.parametrize(
    "address",
    [
        "/source/../../../../etc/passwd",
        "/source/..%2f..%2f..%2fetc%2fpasswd",
        "/source/%2e%2e/%2e%2e/etc/passwd",
        "/source//etc/passwd",
        "/source/1/../../whatworks.db",
        "/source/1%00.pdf",
        "/source/-1",
        "/source/0",
        "/source/1.0",
        "/source/1e3",
        "/source/99999999999999999999999",
        "/source/whatworks.db",
        "/static/../whatworks.toml",
        "/static/..%2fapp.py",
        "/static/%2e%2e/app.py",
        "/static/....//app.py",
        "/static//etc/passwd",
        "/static/..\\app.py",
    ],
)
def test_an_address_never_becomes_the_path_of_a_file(team: Team, address: str) -> None:
    answer = team.browser("Olga").get(address)
    assert answer.status_code in (404, 405)
    assert b"root:" not in answer.content
    assert b"import" not in answer.content


@pytest.mark.parametrize("how", ["relative", "absolute", "link"])
def test_a_file_that_is_not_what_was_read_is_not_given_away(
    team: Team, tmp_path: Path, how: str
) -> None:
    """Whatever path stands in the database: only the content counts that a person added."""
    secret = tmp_path / "secret.pdf"
    secret.write_bytes(SECRET)
    path = {"relative": "../secret.pdf", "absolute": str(secret), "link": "linked.pdf"}[how]
    if how == "link":
        (team.project.folder / path).symlink_to(secret)
    version = add_file(team, path, b"what was read")
    answer = team.browser("Olga").get(f"/source/{version}")
    assert answer.status_code == 409
    assert SECRET not in answer.content


def test_a_report_that_is_a_web_page_is_never_run_as_one_of_ours(team: Team) -> None:
    content = f"<html><body>{SCRIPT}</body></html>".encode()
    for name in ("page.html", "page.svg", "page.xhtml", "page.htm"):
        (team.project.folder / name).write_bytes(content)
        answer = team.browser("Rosa").get(f"/source/{add_file(team, name, content)}")
        assert answer.status_code == 200
        assert answer.headers["content-type"] == "application/octet-stream"
        assert answer.headers["content-disposition"].startswith("attachment")
        assert answer.headers["x-content-type-options"] == "nosniff"


def test_the_name_of_a_file_adds_no_header(team: Team) -> None:
    name = 'a\r\nSet-Cookie: x=y\r\n"; filename="evil.exe.pdf'
    (team.project.folder / name).write_bytes(b"%PDF-1.4")
    answer = team.browser("Rosa").get(f"/source/{add_file(team, name, b'%PDF-1.4')}")
    assert answer.status_code == 200
    assert "set-cookie" not in answer.headers
    disposition = answer.headers["content-disposition"]
    assert disposition.startswith("inline; filename*=utf-8''")
    assert '"' not in disposition
    assert "\n" not in disposition


def test_a_decision_without_a_token_or_with_a_forged_one_is_not_saved(team: Team) -> None:
    browser = team.browser("Rosa")
    address = f"/passage/{team.passages[0].id}/decide"
    fields = {"verdict": "save", "labels": "lesson", "key": "k"}
    right = browser.token()
    forged = "0" if right[0] != "0" else "1"
    for more, headers in (
        ({}, {}),
        ({"csrf": ""}, {}),
        ({"csrf": forged + right[1:]}, {}),
        ({"csrf": right[:-1]}, {}),
        ({"csrf": "é\u202e"}, {}),
        ({}, {"X-CSRF-Token": forged + right[1:]}),
        ({"csrf": right}, {"X-CSRF-Token": forged + right[1:]}),
    ):
        assert browser.post(address, data={**fields, **more}, headers=headers).status_code == 403
    assert browser.post(f"{address}?csrf={right}", data=fields).status_code == 403
    assert said(team) == []
    assert browser.post(address, data={**fields, "csrf": right}).status_code == 303
    assert len(said(team)) == 1


def test_a_page_of_another_site_decides_nothing(team: Team) -> None:
    browser = team.browser("Rosa")
    fields = {"verdict": "save", "labels": "lesson", "key": "k", "csrf": browser.token()}
    for headers in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}):
        address = f"/passage/{team.passages[0].id}/decide"
        assert browser.post(address, data=fields, headers=headers).status_code == 403
    assert said(team) == []


def test_nothing_is_changed_by_following_a_link(team: Team) -> None:
    browser = team.browser("Rosa")
    for address in (f"/passage/{team.passages[0].id}/decide?verdict=reject", "/logout"):
        assert browser.get(address).status_code == 405
    assert said(team) == []
    assert browser.get("/account").status_code == 200


def test_a_token_of_another_persons_session_is_none(team: Team) -> None:
    adam = team.browser("Adam").token()
    answer = decide(team.browser("Rosa"), team, csrf=adam)
    assert answer.status_code == 403
    assert said(team) == []


def test_who_has_another_persons_session_guessed_or_old_is_nobody(team: Team) -> None:
    rosa = team.browser("Rosa")
    name = team.gate.session_cookie
    token = str(rosa.cookies[name])
    rosa.submit("/logout")
    for guess in (token, token[::-1], "", "1", "Rosa", "' OR 1=1 --", "%", "_" * 43, "x" * 8000):
        browser = team.browser()
        browser.cookies.set(name, guess)
        assert browser.get("/account").status_code == 303


def test_a_form_cannot_name_who_decides(team: Team) -> None:
    browser = team.browser("Rosa")
    more = {"annotator": "Olga", "person": "Olga", "as": "Olga", "name": "Olga"}
    assert decide(browser, team, **more).status_code == 303
    assert [one.annotator for one in said(team)] == ["Rosa"]


def test_a_reviewer_cannot_adjudicate(team: Team) -> None:
    """Neither at the adjudicator's addresses (test_security.py walks them all) nor by a field."""
    browser = team.browser("Rosa")
    before = len(said(team, 2))
    last = said(team, 2)[0].id
    answer = decide(browser, team, 2, adjudicates="1", labels="obstacle", seen=str(last))
    assert answer.status_code in (303, 409)
    assert not any(one.adjudicates for one in said(team, 2)[before:])
    page = browser.get("/review?state=disagreed", follow_redirects=True)
    assert "state=disagreed" not in str(page.url)


def test_a_reviewer_does_not_see_what_others_decided(team: Team) -> None:
    decide(team.browser("Adam"), team, labels="obstacle", comment="Adam was here")
    browser = team.browser("Rosa")
    for address in (f"/passage/{team.passages[0].id}", "/queue", "/review?state=all"):
        page = browser.get(address, follow_redirects=True)
        assert "Adam" not in page.text
