"""Chromium, the app on the sample reports as a process of its own, and people who use both.

Screenshots go to the folder that WHATWORKS_SCREENSHOTS names, else to pytest's own.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from tests.browser.projects import PASSWORDS, ROLES, ask_two, build_samples, build_team, build_work
from tests.browser.server import Server, running
from tests.browser.work import Work
from whatworks.cli.demo import copy_samples
from whatworks.labels.store.audit import audit

People = Callable[..., Any]
SERVERS = {"alone", "team", "busy", "real"}
"""Fixtures of this module that serve a project; a test has at most one."""


@pytest.fixture(scope="session")
def _own_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("WHATWORKS_CACHE", str(tmp_path_factory.mktemp("kept")))
        yield


@pytest.fixture(scope="session")
def new_samples(_own_cache: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample reports with suggestions, for one person."""
    folder = tmp_path_factory.mktemp("samples") / "reviews"
    build_samples(folder)
    return folder


@pytest.fixture(scope="session")
def new_team(new_samples: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same for three people with accounts."""
    folder = tmp_path_factory.mktemp("team") / "reviews"
    shutil.copytree(new_samples, folder)
    build_team(folder)
    return folder


@pytest.fixture(scope="session")
def new_work(new_team: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same when they have worked for a while."""
    folder = tmp_path_factory.mktemp("work") / "reviews"
    shutil.copytree(new_team, folder)
    build_work(folder)
    return folder


# Playwright's loop is the thread's only one, and other modules start their own.
@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    """The browser; without one the tests are skipped, but in CI they fail."""
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None:
        if os.environ.get("CI"):
            pytest.fail("Chromium is missing: run scripts/install-test-system.sh")
        pytest.skip("needs Chromium, which is not installed")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def shots(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where screenshots are kept."""
    given = os.environ.get("WHATWORKS_SCREENSHOTS")
    return Path(given).absolute() if given else tmp_path_factory.mktemp("screenshots")


@pytest.fixture
def alone(new_samples: Path, tmp_path: Path, chromium: Any) -> Iterator[Server]:
    """The app of one person on the samples; what was recorded is sound in the end."""
    yield from _serve(new_samples, tmp_path / "reviews", "--as", "Ana")


@pytest.fixture
def team(new_team: Path, tmp_path: Path, chromium: Any) -> Iterator[Server]:
    """The app of the team; what was recorded is sound in the end."""
    yield from _serve(new_team, tmp_path / "reviews", "--login")


@pytest.fixture(scope="module")
def busy(
    new_work: Path, tmp_path_factory: pytest.TempPathFactory, chromium: Any
) -> Iterator[Server]:
    """The app of the team at work, for tests that decide nothing."""
    yield from _serve(new_work, tmp_path_factory.mktemp("busy") / "reviews", "--login")


@pytest.fixture
def real(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, chromium: Any) -> Iterator[Server]:
    """The program itself with the model that it comes with, on a project that its commands made."""
    folder = tmp_path / "reviews"
    # Where the server looks, too: what was read for the suggestions is not read again.
    monkeypatch.setenv("WHATWORKS_CACHE", str(folder.with_name("cache")))
    samples = copy_samples(tmp_path / "samples")
    whatworks("init", folder, "--as", "Ana")
    ask_two(folder)
    whatworks("add", *samples, "--project", folder, "--as", "Ana")
    whatworks("prelabel", "--project", folder)
    for name, role in ROLES.items():
        account = ("user", "add", name, "--role", role, "--password-stdin", "--project", folder)
        whatworks(*account, said=PASSWORDS[name])
    yield from _served(folder, "--login", program=("-m", "whatworks"))


def whatworks(*arguments: object, said: str = "") -> None:
    """Runs a command as its user does."""
    command = [sys.executable, "-m", "whatworks", *map(str, arguments)]
    ran = subprocess.run(command, input=f"{said}\n", capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr


def _serve(template: Path, folder: Path, *options: str) -> Iterator[Server]:
    shutil.copytree(template, folder)
    yield from _served(folder, *options)


def _served(folder: Path, *options: str, **more: Any) -> Iterator[Server]:
    with running(folder, *options, **more) as server:
        yield server
    with Work(folder) as work:
        found = audit(work.store)
    assert found.found == 0, found.findings[:3]


@pytest.fixture
def windows(request: pytest.FixtureRequest, chromium: Any, shots: Path) -> Iterator[People]:
    """Opens windows; in the end none of them may have met with anything that is not right."""
    from tests.browser.tab import Window

    # First, and so ended after the windows: they would ask in vain.
    for name in SERVERS.intersection(request.fixturenames):
        request.getfixturevalue(name)
    opened: list[Window] = []
    with ExitStack() as closing:

        def window(server: Server, **options: Any) -> Window:
            made = Window(chromium, server.address, shots, **options)
            closing.callback(made.context.close)
            opened.append(made)
            return made

        yield window
    troubles = [one for window in opened for one in window.troubles]
    assert troubles == []


@pytest.fixture
def log_in(windows: People) -> People:
    """A tab of a new window in which somebody logged in with the keyboard."""

    def enter(server: Server, name: str, **options: Any) -> Any:
        tab = windows(server, **options).tab().goto("/login")
        tab.type(name).press("Tab").type(PASSWORDS[name]).go("Enter")
        tab.see(".person", name)
        return tab

    return enter


@pytest.fixture
def work(request: pytest.FixtureRequest) -> Iterator[Work]:
    """The project behind the test's server, to look into."""
    [name] = SERVERS.intersection(request.fixturenames)
    with Work(request.getfixturevalue(name).folder) as opened:
        yield opened
