"""Makes the pictures of the review app for the documents: docs/images/review.png.

python scripts/screenshots.py            writes them
python scripts/screenshots.py FOLDER     writes them elsewhere, to look at

A project is made from the sample reports as a user would make it, with the shipped model; a few
passages are decided in a real Chromium, and its window is kept.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from whatworks.cli.demo import copy_samples

ROOT = Path(__file__).parents[1]
DECIDED = 6
"""Passages that are decided before the picture is taken."""


def main() -> None:
    """Makes the project, serves it, takes the pictures."""
    images = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs" / "images"
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        sys.exit("Chromium is missing: run scripts/install-test-system.sh")
    images.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        project = Path(folder) / "reviews"
        whatworks("init", str(project))
        samples = [str(path) for path in copy_samples(project / "reports")]
        whatworks("add", "--project", str(project), "--as", "Ana", *samples)
        whatworks("prelabel", "--project", str(project))
        options = ["--project", str(project), "--as", "Ana", "--label", "obstacle"]
        server = subprocess.Popen(
            [*command("review"), "--no-browser", "--port", "0", *options],
            stdout=subprocess.PIPE,
            text=True,
            env=os.environ | {"PYTHONUNBUFFERED": "1"},
        )
        try:
            assert server.stdout is not None
            address = "http" + server.stdout.readline().rpartition("http")[2].strip()
            with sync_playwright() as driver:
                browser = driver.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
                window = browser.new_context(
                    viewport={"width": 1280, "height": 800}, device_scale_factor=2, locale="en-GB"
                )
                page = window.new_page()
                page.goto(f"{address}&language=en")
                decide(page)
                page.screenshot(path=images / "review.png")
                browser.close()
        finally:
            server.terminate()
            server.communicate()
    print(f"Wrote {images / 'review.png'}")


def decide(page: Page) -> None:
    """Confirms some passages, with the key that people use, and waits for the next."""
    for _ in range(DECIDED):
        before = page.locator("article.card").get_attribute("data-passage")
        page.keyboard.press("Enter")
        page.wait_for_function(
            "before => document.querySelector('article.card').dataset.passage !== before",
            arg=before,
        )
    page.wait_for_function("() => whatworks.outbox.waiting().length === 0")
    page.wait_for_load_state("networkidle")


def command(name: str) -> list[str]:
    return [sys.executable, "-m", "whatworks", name]


def whatworks(name: str, *arguments: str) -> None:
    """Runs a command; what it says on the way is for nobody here."""
    subprocess.run([*command(name), *arguments], check=True, stdout=subprocess.DEVNULL)


if __name__ == "__main__":
    main()
