"""The files beside the review: those that were read, and nothing else."""

import hashlib
import os
from pathlib import Path

import pytest

from tests.cli.web.screen import Screen
from tests.stored import report_of
from whatworks.labels.project import Project
from whatworks.labels.store.reports import add_report

PDF = b"%PDF-1.4\n% nothing much\n%%EOF\n"


def add_file(project: Project, name: str, content: bytes, stored: str = "") -> Path:
    path = project.folder / "reports" / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(content)
    sha256 = hashlib.sha256(content).hexdigest()
    add_report(project.store, report_of(name, "A."), stored or f"reports/{name}", sha256, "ana")
    return path


def test_a_pdf_is_shown(screen: Screen, project: Project) -> None:
    add_file(project, "év aluation.pdf", PDF)
    response = screen.client.get("/source/2")
    assert (response.status_code, response.content) == (200, PDF)
    assert response.headers["content-type"] == "application/pdf"
    assert response.headers["content-disposition"].startswith("inline;")
    assert "script-src" not in response.headers["content-security-policy"]


@pytest.mark.parametrize("name", ["page.html", "picture.svg", "report.docx", "notes.txt", "x.md"])
def test_anything_else_is_a_download(screen: Screen, project: Project, name: str) -> None:
    add_file(project, name, b"<script>alert(1)</script>")
    response = screen.client.get("/source/2")
    assert response.status_code == 200
    assert response.headers["content-type"] == "application/octet-stream"
    assert response.headers["content-disposition"].startswith("attachment;")
    assert response.headers["x-content-type-options"] == "nosniff"


def test_a_name_cannot_break_out_of_the_header(screen: Screen, project: Project) -> None:
    add_file(project, 'a";\r\nX-Evil: 1;".pdf', PDF)
    response = screen.client.get("/source/2")
    assert response.status_code == 200
    assert "x-evil" not in response.headers


def test_a_part_of_a_file_may_be_asked_for(screen: Screen, project: Project) -> None:
    add_file(project, "a.pdf", PDF)
    response = screen.client.get("/source/2", headers={"Range": "bytes=0-3"})
    assert (response.status_code, response.content) == (206, b"%PDF")


def test_a_file_outside_of_the_project_is_found(
    screen: Screen, project: Project, tmp_path: Path
) -> None:
    outside = tmp_path / "outside.pdf"
    outside.write_bytes(PDF)
    add_file(project, "outside.pdf", PDF, str(outside))
    (project.folder / "reports" / "outside.pdf").unlink()
    assert screen.client.get("/source/2").content == PDF


def test_a_file_that_is_gone_is_told(screen: Screen, project: Project) -> None:
    add_file(project, "a.pdf", PDF).unlink()
    page = screen.get("/source/2")
    assert page.status == 404
    assert page.says("h1") == "The file is gone"
    assert "reports/a.pdf" in page.says("main")


def test_a_file_that_changed_is_not_shown(screen: Screen, project: Project) -> None:
    path = add_file(project, "a.pdf", PDF)
    assert screen.client.get("/source/2").status_code == 200
    state = path.stat()
    path.write_bytes(PDF.replace(b"much", b"more"))
    os.utime(path, ns=(state.st_atime_ns, state.st_mtime_ns + 1))
    page = screen.get("/source/2")
    assert (page.status, page.says("h1")) == (409, "The file has changed")


def test_a_link_put_in_its_place_leads_nowhere(
    screen: Screen, project: Project, tmp_path: Path
) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("a secret")
    path = add_file(project, "a.pdf", PDF)
    path.unlink()
    path.symlink_to(secret)
    page = screen.get("/source/2")
    assert page.status == 409
    assert "a secret" not in page.text


def test_a_folder_or_a_pipe_is_no_file(screen: Screen, project: Project) -> None:
    path = add_file(project, "a.pdf", PDF)
    path.unlink()
    path.mkdir()
    assert screen.get("/source/2").status == 404
    path.rmdir()
    os.mkfifo(path)
    assert screen.get("/source/2").status == 404, "and does not wait for somebody to write"


def test_a_table_has_no_file_to_open(screen: Screen, project: Project) -> None:
    add_file(project, "passages.csv", b"text\nA.\n")
    page = screen.get("/source/2")
    assert (page.status, page.says("h1")) == (404, "There is no file to open")


@pytest.mark.parametrize(
    "given",
    [
        "99",
        "0",
        "-1",
        "1.0",
        "a",
        "99999999999999999999",
        "..%2f..%2fwhatworks.toml",
        "../whatworks.toml",
        "%2e%2e/whatworks.db",
        "1/../../whatworks.toml",
        "1%00",
        "C:%5Cwindows%5Cwin.ini",
    ],
)
def test_an_address_never_becomes_a_path(screen: Screen, project: Project, given: str) -> None:
    for address in (f"/source/{given}", f"/static/{given}"):
        page = screen.get(address)
        assert page.status == 404, address
        assert "sqlite" not in page.text
