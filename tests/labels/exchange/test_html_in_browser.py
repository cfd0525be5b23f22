import os
import shutil

import pytest


@pytest.fixture(scope="module")
def chromium():
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None:
        if os.environ.get("CI") == "true":
            pytest.fail("Chromium is missing, and the tests of the page need it.")
        pytest.skip("needs Chromium, which is not installed")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def show(chromium):
    """Opens a file offline; fails on any request, script error or breach of the policy."""
    context = chromium.new_context(offline=True, viewport={"width": 1280, "height": 900})
    troubles = []

    def open_page(path, expect_trouble=False):
        tab = context.new_page()
        tab.on("console", lambda message: troubles.append(message.text))
        tab.on("pageerror", lambda error: troubles.append(str(error)))
        tab.on("request", lambda request: troubles.append(request.url))
        tab.goto(path.as_uri())
        assert troubles == [path.as_uri()], "the page asks for more than itself"
        if expect_trouble:
            return tab, troubles
        return tab

    yield open_page
    context.close()


@pytest.fixture
def page(show, write_result, make_report, make_item):
    """Two reports: ten English passages, of which 2, 5 and 9 are labelled, and three French."""
    english = [
        make_item(
            text=f"Passage {n} speaks of trainers.",
            labels={2: {"obstacle": 0.8}, 5: {"lesson": 0.6}, 9: {"obstacle": 0.95}}.get(n, {}),
            themes=(("social-dialogue", 0.6), ("local-presence", 0.3))
            if n == 5
            else (("local-presence", 0.7),),
            order=n,
            page=n,
            heading=("One",) if n < 7 else ("Two",),
            lead_in="Three things helped:" if n == 5 else "",
        )
        for n in range(1, 11)
    ]
    french = [
        make_item(
            text=f"Passage {n} : l'évaluation a montré le succès.",
            labels={"success_factor": 0.9} if n == 2 else {},
            order=n,
            page=None,
            language="fr",
            report="été.docx",
        )
        for n in range(1, 4)
    ]
    return show(
        write_result(
            "r.html",
            make_report(*english, title="The English one"),
            make_report(*french, name="été.docx", language="fr", pages=None),
        )
    )


def shown(tab):
    """The visible passages, those that match in capitals, as 'p2 P5'."""
    tab.wait_for_timeout(200)
    found = tab.eval_on_selector_all(
        ".p",
        """all => all.filter(p => p.offsetParent).map(p => {
            const n = p.querySelector('.t').textContent.match(/\\d+/)[0];
            return (p.classList.contains('besides') ? 'p' : 'P') + n;
        })""",
    )
    return " ".join(found)


def count(tab):
    tab.wait_for_timeout(200)
    return tab.inner_text("#count")


@pytest.mark.browser
def test_nothing_hostile_runs_and_all_of_it_can_be_read(hostile_page, hostile, show):
    tab = show(hostile_page)
    assert tab.evaluate("window.hacked") is None
    assert tab.inner_text("article .t") == hostile
    assert tab.inner_text("main h2") == hostile


@pytest.mark.browser
def test_even_markup_that_slipped_in_would_not_run(write_result, make_report, make_item, show):
    tab, troubles = show(write_result("r.html", make_report(make_item())), expect_trouble=True)
    tab.evaluate(
        "document.querySelector('article .t').innerHTML = "
        '\'<img src=x onerror="window.hacked = 1"><a onclick="window.hacked = 2">x</a>\''
    )
    tab.click("article .t a")
    assert tab.evaluate("window.hacked") is None
    assert any("Content Security Policy" in trouble for trouble in troubles)


@pytest.mark.browser
def test_at_first_everything_is_shown(page):
    assert count(page) == "4 passages with a suggestion."
    assert shown(page) == "P1 P2 P3 P4 P5 P6 P7 P8 P9 P10 P1 P2 P3"


@pytest.mark.browser
def test_a_finding_type_shows_matches_with_their_neighbours(page):
    page.check("label:has-text('Obstacle') input")
    assert shown(page) == "p1 P2 p3 p4 p7 p8 P9 p10"
    assert count(page) == "2 of 4 suggestions match."
    page.check("label:has-text('Lesson') input")
    assert count(page) == "3 of 4 suggestions match."


@pytest.mark.browser
def test_only_suggestions_leaves_the_context_out_and_gives_lead_ins(page):
    assert not page.is_visible(".lead")
    page.check("input[value=labelled]")
    assert shown(page) == "P2 P5 P9 P2"
    assert page.inner_text(".lead") == "Three things helped:"


@pytest.mark.browser
def test_headings_without_a_shown_passage_go(page):
    page.check("input[value=labelled]")
    page.select_option("select[name=theme]", label="Social dialogue (1)")
    assert shown(page) == "P5"
    visible = page.eval_on_selector_all(
        "main .h", "all => all.filter(h => h.offsetParent).map(h => h.textContent)"
    )
    assert visible == ["One"]


@pytest.mark.browser
def test_a_theme_chip_sets_the_filter(page):
    page.click("header button.theme:has-text('Local presence')")
    assert page.input_value("select[name=theme]") == page.get_attribute(
        "header button.theme:has-text('Local presence')", "data-theme"
    )
    assert count(page) == "3 of 4 suggestions match."


@pytest.mark.browser
def test_words_are_found_whatever_their_case_and_accents(page):
    page.fill("input[name=words]", "EVALUATION  succes")
    assert shown(page) == "P1 P2 P3"
    assert count(page) == "1 of 4 suggestions match, and 2 other passages."
    page.fill("input[name=words]", "no such word")
    assert shown(page) == ""
    assert page.is_visible("#nothing")
    assert page.is_disabled("#next")


@pytest.mark.browser
def test_pages_and_report_narrow_what_is_shown(page):
    page.fill("input[name=from]", "4")
    page.fill("input[name=to]", "6")
    assert shown(page) == "P4 P5 P6"
    page.click("button[type=reset]")
    page.select_option("select[name=report]", label="été.docx")
    assert shown(page) == "P1 P2 P3"
    assert count(page) == "1 of 4 suggestions match."
    page.click("button[type=reset]")
    assert len(shown(page).split()) == 13


@pytest.mark.browser
def test_the_keyboard_reaches_all_of_it(page):
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the passages"
    page.focus("input[name=words]")
    page.keyboard.type("passage 9")
    page.wait_for_timeout(200)
    page.focus("#next")
    page.keyboard.press("Enter")
    assert "Passage 9" in page.evaluate("document.activeElement.textContent")
    nameless = page.eval_on_selector_all(
        "input, select", "all => all.filter(e => !e.labels.length).map(e => e.name)"
    )
    assert nameless == []


@pytest.mark.browser
@pytest.mark.parametrize("width", [320, 390, 800])
def test_a_narrow_screen_needs_no_sideways_scrolling(page, width):
    page.set_viewport_size({"width": width, "height": 800})
    page.reload()
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.browser
def test_printing_leaves_the_filters_out_and_the_mark_in(page):
    page.emulate_media(media="print")
    assert not page.is_visible("#filters")
    assert page.is_visible(".mark")
    assert page.is_visible("article .t")


@pytest.mark.browser
@pytest.mark.slow
def test_five_thousand_passages_stay_usable(show, write_result, make_report, make_item):
    items = [
        make_item(
            text=f"Passage {n}. " + "The committee met and agreed on the next steps. " * 6,
            labels={} if n % 4 else None,
            order=n,
            page=1 + n // 10,
            heading=(f"Chapter {n // 200}",),
        )
        for n in range(1, 5001)
    ]
    tab = show(write_result("r.html", make_report(*items)))
    tab.fill("input[name=words]", "4444")
    milliseconds = tab.evaluate(
        """() => new Promise(done => {
            const begun = performance.now();
            document.querySelector('input[name=words]').dispatchEvent(
                new Event('input', {bubbles: true}));
            setTimeout(() => requestAnimationFrame(() => done(performance.now() - begun)), 121);
        })"""
    )
    assert count(tab) == "1 of 1,250 suggestions match."
    assert milliseconds < 2_000
