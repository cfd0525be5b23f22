"""The interface in four languages: complete, chosen rightly, and each text in its place."""

import importlib.util
import re
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest
from babel.messages.catalog import Catalog
from bs4 import BeautifulSoup, Comment, NavigableString

from tests.cli.web.screen import Answer, Screen, opened_screen
from tests.cli.web.team import Team
from tests.stored import decide
from whatworks.cli.web.languages import COOKIE, known_languages, texts_in
from whatworks.labels.project import Project
from whatworks.labels.texts import NAMES
from whatworks.nlp.passages import Passage

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[3]
SCRIPT = ROOT / "scripts" / "update_translations.py"
TEMPLATES = sorted((ROOT / "cli" / "web" / "templates").glob("*.html"))
OTHERS = tuple(one for one in NAMES if one != "en")
PAGES = ("/queue", "/search?q=committees", "/codebook", "/codebook/code/theme/local-presence",
         "/codebook/edit", "/codebook/edit/code/theme/local-presence", "/codebook/history",
         "/dashboard", "/assignments", "/disagreements", "/nowhere")  # fmt: skip


@pytest.fixture(scope="module")
def script() -> ModuleType:
    found = importlib.util.spec_from_file_location("update_translations", SCRIPT)
    assert found
    assert found.loader
    module = importlib.util.module_from_spec(found)
    found.loader.exec_module(module)
    return module


def in_language(screen: Screen, address: str, language: str) -> Answer:
    return screen.get(address, **{"Accept-Language": language})


def test_every_text_is_there_in_every_language() -> None:
    ran = subprocess.run([sys.executable, SCRIPT, "--check"], capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr
    assert set(known_languages()) == set(NAMES)


def test_what_is_missing_or_wrong_in_a_translation_is_found(script: ModuleType) -> None:
    catalog = Catalog(locale="fr")
    catalog.add("All saved", "")
    catalog.add("Added: %(name)s", "Ajouté : %(nom)s")
    catalog.add("Close ", "Fermer")
    catalog.add(("%(num)s theme", "%(num)s themes"), ("%(num)s thème", ""))
    catalog.add("Undo", "Annuler", flags=["fuzzy"])
    catalog.add("Next", "Suivant")
    catalog.add(("one passage", "%(num)s passages"), ("un passage", "%(num)s passages"))
    assert sorted(script.wrong_in(catalog)) == [
        "fuzzy: 'Undo'",
        "missing: '%(num)s theme'",
        "missing: 'All saved'",
        "other spaces around it than in English: 'Fermer'",
        "other values than in English (name, nom): 'Ajouté : %(nom)s'",
    ]


def test_a_text_that_is_new_or_gone_changes_the_file(script: ModuleType) -> None:
    template = script.extracted(script.INTERFACE)
    there = script.po_text(
        script.updated(
            script.INTERFACE, script.INTERFACE.po_file("fr").read_text("utf-8"), "fr", template
        )
    )
    assert script.po_text(script.updated(script.INTERFACE, there, "fr", template)) == there
    template.add("A text that nobody translated yet")
    more = script.updated(script.INTERFACE, there, "fr", template)
    assert "missing: 'A text that nobody translated yet'" in list(script.wrong_in(more))
    template.delete("A text that nobody translated yet")
    template.delete("Undo")
    less = script.po_text(script.updated(script.INTERFACE, there, "fr", template))
    assert less != there
    assert 'msgid "Undo"' not in less


def test_old_compiled_catalogues_are_seen(script: ModuleType) -> None:
    template = script.extracted(script.INTERFACE)
    catalog = script.updated(
        script.INTERFACE, script.INTERFACE.po_file("fr").read_text("utf-8"), "fr", template
    )
    before = script.mo_bytes(catalog)
    message = catalog.get("Undo")
    assert message is not None
    message.string = "X"
    assert script.texts_in(before)["Undo"] == "Annuler"
    assert script.texts_in(script.mo_bytes(catalog))["Undo"] == "X"


def unmarked(template: str) -> list[str]:
    """Words of a template that nobody could translate."""
    html = re.sub(r"{#.*?#}", "", template, flags=re.DOTALL)
    html = re.sub(r"{% macro \w*address.*?endmacro %}", "", html, flags=re.DOTALL)
    html = re.sub(r"{%.*?%}|{{.*?}}", " ", html, flags=re.DOTALL)
    page = BeautifulSoup(html, "html.parser")
    found = []
    for tag in page.select("kbd, code, script"):
        tag.decompose()
    for text in page.find_all(string=True):
        if isinstance(text, NavigableString) and not isinstance(text, Comment):
            found += re.findall(r"[^\W\d_]{2,}", text)
    for tag in page.find_all(True):
        for name in ("title", "alt", "placeholder", "aria-label", "aria-description"):
            found += re.findall(r"[^\W\d_]{2,}", str(tag.get(name, "")))
    return found


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_no_word_of_a_page_is_left_in_english_by_mistake(path: Path) -> None:
    known = {"whatworks", "what", "works", "UTC", "html", "doctype", "nbsp", "ar", "en"}
    # Problems of a codebook's text are told in English, and marked so.
    known |= {"Nearest"} if path.name == "_problems.html" else set()
    left = [word for word in unmarked(path.read_text("utf-8")) if word not in known]
    assert left == []


@pytest.mark.parametrize("language", OTHERS)
@pytest.mark.parametrize("address", [*PAGES, "/passage/first"])
def test_each_page_speaks_the_language_throughout(
    project: Project, passages: list[Passage], address: str, language: str
) -> None:
    decide(project.store, passages[0], "ben", "lesson")
    with opened_screen(project) as screen:
        there = address.replace("first", passages[1].id)
        page = in_language(screen, there, language)
    assert page.one("html")["lang"] == language
    texts = texts_in(language)
    english = texts.translations._catalog  # type: ignore[attr-defined]
    same_word = {text for text, said in english.items() if isinstance(text, str) and said == text}
    known = {text for text in english if isinstance(text, str) and len(text) > 3} - same_word
    for tag in page.page.select("[lang]:not(html), code, kbd, textarea, option, script"):
        tag.decompose()
    shown = {" ".join(one.split()) for one in page.page.find_all(string=True)}
    for tag in page.page.find_all(True):
        shown |= {str(tag.get(name, "")) for name in ("title", "aria-label", "placeholder")}
    # Names and words of codes are the codebook's own, in the languages that it has.
    book = {"Obstacles", "Obstacle", "Section"}
    assert shown & known - book == set()


def test_names_of_codes_are_those_of_the_language(screen: Screen) -> None:
    page = in_language(screen, "/codebook", "pt-BR")
    assert "Boa prática" in page.says("main")
    assert "O que funciona" in page.says("main")
    assert "Intercâmbio Sul-Sul" in page.says("main")


def script_texts(page: Answer) -> dict[str, str]:
    """What scripts say, by the names that they know it under."""
    found = page.page.find_all("i", attrs={"data-text": True})
    return {str(one["data-text"]): str(one.string) for one in found}


def test_texts_of_scripts_are_in_the_language_of_the_page(screen: Screen) -> None:
    page = in_language(screen, "/codebook", "es")
    texts = script_texts(page)
    assert texts["saved"] == "Todo guardado"
    assert texts["unsaved-n"].startswith("%(num)s decisiones")
    english = script_texts(in_language(screen, "/codebook", "en"))
    assert set(english) == set(texts)
    assert {name for name, text in texts.items() if text == english[name]} == set()


@pytest.mark.parametrize(
    ("wanted", "language"),
    [
        ("fr", "fr"),
        ("fr-CH, fr;q=0.9, en;q=0.8", "fr"),
        ("de, es;q=0.5, en;q=0.3", "es"),
        ("en;q=0.2, pt-BR;q=0.7", "pt"),
        ("en-US,en;q=0.5", "en"),
        ("de", "en"),
        ("*", "en"),
        ("", "en"),
        ("fr;q=x, es", "es"),
        ("../../etc;q=1", "en"),
    ],
)
def test_the_browsers_wish_counts(screen: Screen, wanted: str, language: str) -> None:
    assert in_language(screen, "/queue", wanted).one("html")["lang"] == language


def test_the_choice_in_the_foot_counts_more_and_leads_back(screen: Screen) -> None:
    page = in_language(screen, "/codebook/history?x=1&y=2", "fr")
    links = {str(one["lang"]): str(one["href"]) for one in page.page.select(".page-foot a")}
    assert set(links) == {"en", "es", "pt"}
    assert page.one(".page-foot [aria-current]")["lang"] == "fr"
    chosen = in_language(screen, links["pt"], "fr")
    assert (chosen.path, chosen.query) == ("/codebook/history", "x=1&y=2")
    assert chosen.one("html")["lang"] == "pt"
    assert in_language(screen, "/queue", "fr").one("html")["lang"] == "pt"
    screen.client.cookies.clear()
    odd = screen.get("/queue", **{"Accept-Language": "es", "Cookie": f"{COOKIE}=../fr"})
    assert odd.one("html")["lang"] == "es"


@pytest.mark.parametrize(
    "given", ["https://evil.example", "//evil.example", "/\\evil.example", "", "/login/../x"]
)
def test_the_choice_leads_to_no_other_site(screen: Screen, given: str) -> None:
    answer = screen.client.get(
        "/language", params={"to": "fr", "next": given}, follow_redirects=False
    )
    assert answer.status_code == 303
    assert answer.headers["location"] in ("/", "/login")


def test_a_language_that_nobody_translated_into_is_not_kept(screen: Screen) -> None:
    answer = screen.client.get("/language", params={"to": "tlh"}, follow_redirects=False)
    assert "set-cookie" not in answer.headers


def test_the_language_can_be_chosen_before_logging_in(team: Team) -> None:
    browser = team.browser()
    page = Answer(browser.get("/login", headers={"Accept-Language": "en"}))
    link = page.one(".page-foot a[lang=fr]")
    assert browser.get(str(link["href"])).headers["location"] == "/login"
    page = Answer(browser.get("/login"))
    assert page.one("html")["lang"] == "fr"
    assert "Se connecter" in page.says("main")


def test_the_page_after_a_refused_form_offers_the_page_it_was_sent_from(screen: Screen) -> None:
    address = "/codebook/edit/code/theme/local-presence"
    csrf = str(screen.get(address).one("body")["data-csrf"])
    response = screen.client.post(
        address,
        data={"csrf": csrf, "definition": ""},
        headers={"Referer": f"http://127.0.0.1:8321{address}"},
    )
    page = Answer(response)
    assert page.status == 422
    assert str(page.one(".page-foot a[lang=fr]")["href"]).endswith(
        "next=%2Fcodebook%2Fedit%2Fcode%2Ftheme%2Flocal-presence"
    )


def test_counts_take_the_plural_of_the_language() -> None:
    def passages(language: str, count: int) -> str:
        return texts_in(language).many("%(num)s passage", "%(num)s passages", count)

    assert [passages("fr", n) for n in (0, 1, 2)] == ["0 passage", "1 passage", "2 passages"]
    assert [passages("es", n) for n in (0, 1, 2)] == ["0 pasajes", "1 pasaje", "2 pasajes"]
    assert [passages("pt", n) for n in (0, 1, 2)] == ["0 trechos", "1 trecho", "2 trechos"]


def test_no_text_is_no_text_in_any_language() -> None:
    for language in NAMES:
        assert texts_in(language)("") == ""


def test_french_puts_no_break_spaces_before_its_signs(script: ModuleType) -> None:
    text = script.INTERFACE.po_file("fr").read_text("utf-8")
    said = re.findall(r'^(?:msgstr(?:\[\d\])?|(?!msgid)) ?"(.*)"$', text, re.MULTILINE)
    assert len(said) > 500
    wrong = [one for one in said if re.search(r"[^\s\u00a0] [;?!»]|« ", one)]
    assert wrong == []
