"""The languages of the interface: its catalogue, and what a browser asks for."""

import functools
from pathlib import Path
from urllib.parse import urlencode, urlsplit

from fastapi import Request
from jinja2 import Environment, pass_context
from jinja2.runtime import Context

from ...labels.texts import NAMES, Catalogue, Texts, gettext_of

CATALOGUE = Catalogue(Path(__file__).with_name("translations"), "whatworks")
COOKIE = "whatworks-language"


def known_languages() -> tuple[str, ...]:
    """English, and the languages that the interface has a catalogue of."""
    return CATALOGUE.known()


def texts_in(language: str) -> Texts:
    """The words of the interface in a language; English for one that nobody translated into."""
    return CATALOGUE.texts(language)


def texts_for(request: Request) -> Texts:
    """The words of the language that was chosen, else of the first that the browser wants."""
    chosen = request.cookies.get(COOKIE, "")
    if chosen in known_languages():
        return texts_in(chosen)
    return texts_in(_wanted(request.headers.get("accept-language", "")))


@functools.lru_cache(maxsize=256)
def _wanted(accepted: str) -> str:
    """The first known language of an Accept-Language header."""
    weighed = []
    for part in accepted.split(","):
        name, _, weight = part.partition(";q=")
        try:
            weighed.append((-float(weight or 1), name.strip().lower()[:2]))
        except ValueError:
            continue
    known = known_languages()
    return next((name for _, name in sorted(weighed, key=lambda w: w[0]) if name in known), "en")


def language_links(request: Request) -> list[tuple[str, str, str]]:
    """Code, name in its own words and address of each language that the page can be in."""
    here = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    if request.method != "GET":
        # What was sent cannot be asked for again: then to the page that it was sent from.
        here = urlsplit(request.headers.get("referer", "")).path
    known = known_languages()
    return [
        (one, name, f"/language?{urlencode({'to': one, 'next': here})}")
        for one, name in NAMES.items()
        if one in known and len(known) > 1
    ]


def install(environment: Environment) -> None:
    """Gives templates ``_()``, ``ngettext()`` and ``{% trans %}`` in the language of the page."""

    @pass_context
    def translated(context: Context, text: str) -> str:
        texts: Texts = context["texts"]
        return gettext_of(texts.translations, text)

    @pass_context
    def counted(context: Context, one: str, several: str, count: int) -> str:
        texts: Texts = context["texts"]
        return texts.translations.ngettext(one, several, count)

    environment.add_extension("jinja2.ext.i18n")
    environment.globals["language_links"] = language_links
    environment.install_gettext_callables(  # type: ignore[attr-defined]
        translated, counted, newstyle=True
    )
