"""A tab of a real Chromium that is driven by its keyboard alone, and told on by what goes wrong."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page

PATIENCE_MS = 30_000
"""How long a condition may take to come true, on a machine that does much else."""
TABS = 400
"""How often Tab is pressed before something counts as out of reach."""

_MATCHES = """(wanted) => {
    const at = document.activeElement;
    if (!at || at === document.body) return null;
    const name = (at.getAttribute('aria-label') || at.innerText || at.value || '');
    return [at.matches(wanted.css), name.replace(/\\s+/g, ' ').trim()];
}"""


class Window:
    """A browser window of one person, with cookies and storage of its own."""

    def __init__(self, browser: Browser, address: str, shots: Path, **options: Any) -> None:
        settings = {"viewport": {"width": 1280, "height": 800}, "locale": "en-GB"}
        self.context: BrowserContext = browser.new_context(**{**settings, **options})
        self.context.set_default_timeout(PATIENCE_MS)
        self.address = address
        self.shots = shots
        self.troubles: list[str] = []
        """What no visit may leave: errors of scripts, breaches of the policy, foreign addresses."""
        self._expected: list[str] = []
        self.context.on("console", self._heard)
        self.context.on("weberror", lambda error: self.troubles.append(str(error.error)))
        self.context.on("request", self._asked)
        self.context.on("response", self._answered)

    def tab(self) -> "Tab":
        """A new tab."""
        return Tab(self, self.context.new_page())

    def expect(self, *patterns: str) -> None:
        """What may be heard on the console from here on, because the test brings it about."""
        self._expected += patterns

    def set_offline(self, offline: bool) -> None:
        """Cuts the connection, or joins it again."""
        if offline:
            self.expect("ERR_INTERNET_DISCONNECTED")
        self.context.set_offline(offline)

    def _heard(self, message: Any) -> None:
        text = f"{message.type}: {message.text} ({message.location.get('url', '')})"
        if message.type not in ("error", "warning"):
            return
        if not any(re.search(one, text) for one in self._expected):
            self.troubles.append(text)

    def _asked(self, request: Any) -> None:
        if not request.url.startswith((f"{self.address}/", "data:")):
            self.troubles.append(f"asks another host: {request.url}")

    def _answered(self, response: Any) -> None:
        if response.status >= 500:
            self.troubles.append(f"{response.status}: {response.url}")


class Tab:
    """One page at a time."""

    def __init__(self, window: Window, page: Page) -> None:
        self.window = window
        self.page = page

    def goto(self, path: str) -> "Tab":
        """Opens an address, as from a bookmark."""
        self.page.goto(f"{self.window.address}{path}", wait_until="load")
        return self

    @property
    def path(self) -> str:
        """Where it is."""
        return self.page.url.removeprefix(self.window.address)

    # --- keys ---

    def press(self, *keys: str) -> "Tab":
        """Presses keys, one after another."""
        for key in keys:
            self.page.keyboard.press(key)
        return self

    def type(self, text: str) -> "Tab":
        """Types into what has the focus."""
        self.page.keyboard.type(text)
        return self

    def reach(self, css: str = "*", name: str = "", *, backwards: bool = False) -> "Tab":
        """Tabs until the focus is on such an element; fails where Tab never comes there."""
        for _ in range(TABS):
            self.press("Shift+Tab" if backwards else "Tab")
            found = self.page.evaluate(_MATCHES, {"css": css})
            if found and found[0] and name in found[1]:
                return self
        raise AssertionError(f"Tab never reaches {css} {name!r} on {self.path}")

    def follow(self, css: str = "a, button, summary", name: str = "", **more: Any) -> "Tab":
        """Tabs to a link or a button, presses it, and waits for the page that comes."""
        self.reach(css, name, **more)
        with self.page.expect_navigation():
            self.press("Enter")
        return self

    def go(self, *keys: str) -> "Tab":
        """Presses keys that lead to another page, and waits for it."""
        with self.page.expect_navigation():
            self.press(*keys)
        return self

    def keys_to_tick(self, finding_type: str) -> list[str]:
        """The keys after which this finding type alone is ticked."""
        found: list[str] = self.page.evaluate(
            "wanted => [...document.querySelectorAll('.types input[data-key]')]"
            ".filter(one => one.checked !== (one.value === wanted))"
            ".map(one => one.dataset.key)",
            finding_type,
        )
        return found

    # --- waiting ---

    def wait(self, script: str, given: Any = None) -> "Tab":
        """Waits until a function in the page says something true."""
        self.page.wait_for_function(script, arg=given)
        return self

    def see(self, css: str, text: str = "") -> "Tab":
        """Waits until such an element is visible, with this text in it."""
        self.page.locator(css).filter(has_text=text).first.wait_for(state="visible")
        return self

    def loaded_ahead(self, count: int = 5) -> "Tab":
        """Waits until so many passages after this one are in the page."""
        return self.wait(
            "count => performance.getEntriesByType('resource')"
            ".filter(one => one.name.includes('/skip')).length >= count",
            count,
        )

    def all_sent(self) -> "Tab":
        """Waits until the server has all decisions of this person."""
        return self.wait("() => whatworks.outbox.waiting().length === 0")

    @contextmanager
    def onward(self) -> Iterator[str]:
        """Within it another passage comes; gives the one before."""
        before = self.passage
        yield before
        self.wait(
            "before => before !== (document.querySelector('article.card')?.dataset.passage ?? '')",
            before,
        )

    # --- looking ---

    @property
    def passage(self) -> str:
        """The id of the passage that is shown, '' at the end of a queue."""
        found: str = self.page.evaluate(
            "() => document.querySelector('article.card')?.dataset.passage ?? ''"
        )
        return found

    def text(self, css: str = "body") -> str:
        """What stands there, as it is seen."""
        return " ".join(self.page.locator(css).first.inner_text().split())

    def count(self, css: str) -> int:
        """How many elements fit."""
        return self.page.locator(css).count()

    def focus(self, css: str) -> bool:
        """Whether the focus is there."""
        return bool(self.page.evaluate("css => document.activeElement.matches(css)", css))

    def shot(self, name: str) -> "Tab":
        """Keeps a picture."""
        self.window.shots.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=self.window.shots / f"{name}.png")
        return self
