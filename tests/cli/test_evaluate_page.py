"""The page of ``whatworks evaluate`` in a browser: alone, light and dark, narrow and wide."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.training.assessing.made_up import CODEBOOK, ground
from whatworks.cli.evaluate_page import evaluation_page
from whatworks.training.assessing.assessment import Wanted, assess

AXE = Path(__file__).parents[1] / "browser" / "axe.min.js"

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
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


@pytest.fixture(scope="module")
def page_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made, labelled = ground()
    found = assess(
        labelled,
        made,
        "base 1",
        "codebook 1",
        refitted=True,
        wanted=Wanted(curve=True, crossings=True, doubtful=5),
    )
    path = tmp_path_factory.mktemp("page") / "evaluation.html"
    path.write_text(evaluation_page(found, CODEBOOK), "utf-8")
    return path


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 800])
def test_it_asks_for_nothing_and_everybody_can_read_it(
    chromium: Any, page_file: Path, scheme: str, width: int
) -> None:
    context = chromium.new_context(
        viewport={"width": width, "height": 900}, color_scheme=scheme, offline=True
    )
    troubles: list[str] = []
    tab = context.new_page()
    tab.on("console", lambda message: troubles.append(message.text))
    tab.on("request", lambda request: troubles.append(request.url))
    tab.goto(page_file.as_uri())
    assert troubles == [page_file.as_uri()]
    assert tab.evaluate("document.documentElement.scrollWidth") == width
    context.close()
    # Its policy admits no script, and the checker is one.
    context = chromium.new_context(
        viewport={"width": width, "height": 900}, color_scheme=scheme, bypass_csp=True
    )
    tab = context.new_page()
    tab.goto(page_file.as_uri())
    tab.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")
    tab.add_script_tag(path=AXE)
    found = tab.evaluate(
        "async () => (await axe.run()).violations.map(one => [one.id, one.nodes[0].html])"
    )
    assert found == []
    context.close()


def test_a_number_in_the_confusion_opens_the_passages_behind_it(
    chromium: Any, page_file: Path
) -> None:
    tab = chromium.new_page()
    tab.goto(page_file.as_uri())
    link = tab.locator(".confusion .wrong a").first
    inner = tab.locator(link.get_attribute("href"))
    assert not inner.is_visible()
    link.click()
    assert inner.is_visible()
    assert inner.locator("blockquote").count() == min(3, int(link.inner_text()))
    tab.close()
