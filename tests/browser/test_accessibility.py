"""Every page as axe-core judges it, by keyboard, in both colour schemes, and at 200% zoom."""

from pathlib import Path
from typing import Any

import pytest

from tests.browser.conftest import People
from tests.browser.server import Server

pytestmark = [pytest.mark.browser, pytest.mark.slow]

AXE = Path(__file__).with_name("axe.min.js").read_text("utf-8")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
VIEWS = [(scheme, width) for scheme in ("light", "dark") for width in (1280, 820)]

PAGES = {
    "login": "/login",
    "account": "/account",
    "review": "/review?state=all&label=obstacle",
    "decided": "/review?state=mine",
    "end": "/review?theme=social-dialogue&label=lesson&language=en&report=1",
    "queues": "/queue",
    "search": "/search",
    "found": "/search?q=health",
    "found-nothing": "/search?q=xyzzy",
    "disagreements": "/disagreements",
    "disagreement": "first of /disagreements: .disputes a",
    "codebook": "/codebook",
    "code": "/codebook/code/theme/capacity-building",
    "history": "/codebook/history",
    "codebook-edit": "/codebook/edit",
    "code-form": "/codebook/edit/code/theme/capacity-building",
    "new-code": "/codebook/edit/new/theme",
    "codebook-text": "/codebook/edit/text",
    "dashboard": "/dashboard",
    "assignments": "/assignments",
    "missing": "/no-such-page",
}
"""By name: an address, or which link of a page leads there."""

# Open what is folded, so that what is in it is judged too.
_UNFOLD = """() => {
    for (const one of document.querySelectorAll('details')) one.open = true;
}"""
# Radio buttons of one name are one stop; what is folded or hidden is none.
_STOPS = """() => {
    const seen = new Set();
    const found = [];
    const css = 'a[href], button, input, select, textarea, summary, [tabindex="0"]';
    for (const one of document.querySelectorAll(css)) {
        if (one.disabled || one.type === 'hidden' || one.tabIndex < 0) continue;
        if (!one.checkVisibility({visibilityProperty: true})) continue;
        if (one.type === 'radio') {
            const name = `${one.form?.action} ${one.name}`;
            if (seen.has(name)) continue;
            seen.add(name);
        }
        found.push(one);
    }
    window.stops = found;
    window.reached = new Set();
    return found.length;
}"""
# Where the focus is: which stop, and what is wrong with how it shows.
_ARRIVED = """() => {
    const at = document.activeElement;
    if (!at || at === document.body) return null;
    const same = (one) => one === at
        || (one.type === 'radio' && at.type === 'radio' && one.name === at.name);
    const stop = window.stops.find(same);
    if (stop) window.reached.add(stop);
    const drawn = (one) => {
        const style = getComputedStyle(one);
        return style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2;
    };
    // The frame may be drawn around the row or the label that belongs to it.
    const places = [at, at.closest('label'), at.closest('li')];
    const box = at.getBoundingClientRect();
    const name = `${at.tagName} ${at.className} ${at.textContent.trim().slice(0, 40)}`;
    if (!places.some((one) => one && drawn(one))) return `no focus to be seen: ${name}`;
    if (box.bottom < 0 || box.top > innerHeight) return `out of sight: ${name}`;
    return '';
}"""
_MISSED = """() => window.stops.filter((one) => !window.reached.has(one)).map(
    (one) => `${one.tagName} ${one.name ?? ''} ${one.textContent.trim().slice(0, 40)}`)"""
_TOO_WIDE = """() => {
    const width = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth <= width) return [];
    return [...document.querySelectorAll('body *')]
        .filter((one) => one.getBoundingClientRect().right > width + 1)
        .map((one) => `${one.tagName} ${one.className}`).slice(0, 5);
}"""


@pytest.fixture(scope="module")
def sessions() -> dict[str, Any]:
    """The cookies of those who logged in: once a person is enough."""
    return {}


@pytest.fixture
def tab(
    windows: People,
    log_in: People,
    busy: Server,
    sessions: dict[str, Any],
    request: pytest.FixtureRequest,
) -> Any:
    """The page of the test's parameter, as the adjudicator or, where only she may, the owner."""
    name = request.param
    person = "" if name == "login" else "Cleo" if name.startswith("disagree") else "Ana"
    if person and person not in sessions:
        sessions[person] = log_in(busy, person).window.context.storage_state()
    opened = windows(busy, storage_state=sessions.get(person)).tab()
    opened.window.expect("status of 404")
    return shown(opened, name)


def shown(tab: Any, name: str) -> Any:
    """The page, with all that comes by itself."""
    address = PAGES[name]
    if address.startswith("first of"):
        page, link = address.removeprefix("first of ").split(": ")
        address = tab.goto(page).page.locator(link).first.get_attribute("href")
    tab.goto(address)
    if name == "dashboard":
        tab.see(".tiles")
    tab.see("h1")
    return tab


def violations(tab: Any) -> list[str]:
    """What axe-core finds serious or critical."""
    tab.page.evaluate(AXE)
    found = tab.page.evaluate(
        "async rules => (await axe.run(document, {runOnly: rules, resultTypes: ['violations']}))"
        ".violations",
        RULES,
    )
    return [
        f"{one['impact']}: {one['id']} at {[node['target'] for node in one['nodes']][:3]}: "
        f"{one['nodes'][0]['failureSummary']}"
        for one in found
        if one["impact"] in ("serious", "critical")
    ]


@pytest.mark.parametrize("tab", PAGES, indirect=True)
def test_axe_finds_nothing_serious(tab: Any, request: pytest.FixtureRequest) -> None:
    name = request.node.callspec.params["tab"]
    found = {}
    for scheme, width in VIEWS:
        tab.page.emulate_media(color_scheme=scheme)
        tab.page.set_viewport_size({"width": width, "height": 800})
        tab.shot(f"page-{name}-{scheme}-{width}")
        found[f"{scheme} {width}"] = violations(tab)
    tab.page.evaluate(_UNFOLD)
    found["unfolded"] = violations(tab)
    assert {view: wrong for view, wrong in found.items() if wrong} == {}


@pytest.mark.parametrize("tab", PAGES, indirect=True)
def test_tab_comes_to_everything_and_shows_where_it_is(tab: Any) -> None:
    count = tab.page.evaluate(_STOPS)
    wrong = []
    # A stop may open another (the list of themes does not): some more than were counted.
    for _ in range(count + 20):
        tab.press("Tab")
        arrived = tab.page.evaluate(_ARRIVED)
        if arrived:
            wrong.append(arrived)
        if tab.page.evaluate("() => window.reached.size === window.stops.length"):
            break
    assert tab.page.evaluate(_MISSED) == []
    assert wrong == []


@pytest.mark.parametrize("tab", PAGES, indirect=True)
@pytest.mark.parametrize("width", [640, 820])
def test_a_page_needs_no_sideways_scrolling(tab: Any, width: int) -> None:
    # 1280 at 200% zoom is 640; a tablet upright has 820.
    tab.page.set_viewport_size({"width": width, "height": 400 if width == 640 else 1180})
    assert tab.page.evaluate(_TOO_WIDE) == []
    tab.page.evaluate(_UNFOLD)
    assert tab.page.evaluate(_TOO_WIDE) == []


@pytest.mark.parametrize("tab", ["review"], indirect=True)
def test_axe_finds_nothing_serious_in_what_opens_over_the_page(tab: Any) -> None:
    found = {}
    tab.press("?").see("#help")
    found["help"] = violations(tab)
    tab.press("Escape", "f").see("#filter form")
    found["filter"] = violations(tab)
    tab.press("Escape").page.locator("#filter form").wait_for(state="hidden")
    tab.press("t").type("cap").see("[role=option]")
    found["picker"] = violations(tab)
    tab.press("Escape", "Escape", "w").see(".whys", "Words that weighed most")
    found["why"] = violations(tab)
    assert {part: wrong for part, wrong in found.items() if wrong} == {}


@pytest.mark.parametrize("tab", ["review"], indirect=True)
def test_what_happens_is_told_to_screen_readers(tab: Any) -> None:
    assert tab.count("#outbox[role=status], #spoken[aria-live=polite], #last[role=status]") == 3
    assert tab.page.evaluate("document.documentElement.lang") == "en"
    nameless = tab.page.evaluate(
        "() => [...document.querySelectorAll('input:not([type=hidden]), select, textarea')]"
        ".filter(one => !one.labels?.length && !one.getAttribute('aria-label'))"
        ".map(one => one.outerHTML)"
    )
    assert nameless == []
