"""What a list of evaluations says in its own words, as facts: headings, types, dates, countries."""

import re
from collections.abc import Callable, Iterable, Mapping
from functools import cache

from ..nlp.errors import WhatworksError
from ..nlp.languages import LANGUAGES
from .codebook import nearest
from .places import country_of
from .register import FIRST_YEAR, LAST_YEAR, TIMINGS, TYPES, title_key

HEADINGS: Mapping[str, str] = {
    "mark": "Mark",
    "title": (
        "Title, Report title, Evaluation title, Title of the report, Title of the evaluation, "
        "Evaluation, Titre, Titre du rapport, Titre de l'évaluation, Intitulé, Título, Título del "
        "informe, Título de la evaluación, Título do relatório, Título da avaliação"
    ),
    "symbol": (
        "Symbol, Evaluation symbol, TC symbol, Report symbol, Reference, Reference number, "
        "Evaluation number, Code, Symbole, Cote, Símbolo, Referencia, Código"
    ),
    "type": (
        "Type, Evaluation type, Type of evaluation, Type d'évaluation, Tipo, Tipo de evaluación, "
        "Tipo de avaliação"
    ),
    "timing": (
        "Timing, Evaluation timing, Timing of evaluation, Stage, Moment, Moment de l'évaluation, "
        "Stade, Momento, Momento de la evaluación, Momento da avaliação"
    ),
    "nature": (
        "Nature, Nature of evaluation, Evaluation nature, Nature de l'évaluation, Naturaleza, "
        "Naturaleza de la evaluación, Natureza, Natureza da avaliação"
    ),
    "regions": "Regions, Region, Regiones, Região, Regiões",
    "countries": (
        "Countries, Country, Countries covered, Country/ies, Pays, Pays couverts, País, Países"
    ),
    "coverage": (
        "Thematic coverage, Coverage, Theme, Themes, Topics, Thématique, Couverture thématique, "
        "Tema, Temas, Cobertura temática"
    ),
    "funding": (
        "Funding, Funding source, Funding sources, Source of funding, Donor, Donors, Financement, "
        "Source de financement, Sources de financement, Bailleur, Bailleurs, Donateur, "
        "Financiación, Fuente de financiación, Fuentes de financiación, Fuente de financiamiento, "
        "Donante, Donantes, Financiamento, Fonte de financiamento, Doador, Doadores"
    ),
    "year": (
        "Year, Report year, Year of the report, Publication year, Completion year, Date, Année, "
        "Année du rapport, Año, Año del informe, Fecha, Ano do relatório, Data"
    ),
    "language": (
        "Language, Report language, Language of the report, Langue, Langue du rapport, Idioma, "
        "Lengua, Idioma del informe, Língua, Idioma do relatório"
    ),
    "project": (
        "Project, Project code, Project symbol, Project number, Evaluated project, Projet, Code "
        "du projet, Projet évalué, Proyecto, Código del proyecto, Proyecto evaluado, Projeto, "
        "Código do projeto, Projeto avaliado"
    ),
    "report": (
        "File, File name, Filename, Report file, Report, PDF, Fichier, Nom du fichier, Archivo, "
        "Fichero, Nombre del archivo, Ficheiro, Arquivo, Nome do arquivo, Nome do ficheiro"
    ),
}
"""Field of ``register.Facts`` to the headings that a list may give it; the first is ours."""

_TYPES: Mapping[str, str] = {
    "independent": ("indépendante, indépendant, independiente, independente"),
    "internal": (
        "self, interne, auto, interna, interno, autoévaluation, autoevaluación, autoavaliação"
    ),
    "joint": "conjointe, conjoint, conjunta, conjunto",
    "high-level": "de haut niveau, haut niveau, de alto nivel, alto nivel",
}
_TIMINGS: Mapping[str, str] = {
    "mid-term": (
        "midterm, interim, à mi-parcours, mi-parcours, intermédiaire, de medio término, medio "
        "término, de mitad de período, intermedia, de meio termo, meio termo, de médio prazo, "
        "intermediária, intercalar"
    ),
    "final": "end-term, terminal, end of project, finale, de fin de projet",
    "ex-post": "expost, post-project, a posteriori, posterior",
}
_EVALUATION = frozenset({"evaluation", "evaluacion", "avaliacao", "review", "revue"})
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")


def title_headings() -> list[str]:
    """The headings of a title, in lower case, with accents and without: a header has one."""
    names = [one.lower() for one in _each(HEADINGS["title"])]
    return list(dict.fromkeys([*names, *map(title_key, names)]))


def heading_of(field: str) -> str:
    """Our own heading of a fact: 'Thematic coverage'."""
    return _each(HEADINGS[field])[0]


def field_of(heading: str) -> str:
    """The fact that a heading of a list stands for, '' where it is none of ours."""
    return _fields().get(title_key(heading), "")


def type_of(text: str) -> str:
    """One of ``TYPES`` for its name in any of ``LANGUAGES``; raises WhatworksError."""
    return _canonical("type", text, TYPES, _TYPES)


def timing_of(text: str) -> str:
    """One of ``TIMINGS`` for its name in any of ``LANGUAGES``; raises WhatworksError."""
    return _canonical("timing", text, TIMINGS, _TIMINGS)


def language_of(text: str) -> str:
    """ISO 639-1 code of a language, by its name in one of ``LANGUAGES`` or its code.

    Raises:
        WhatworksError: it is none; the nearest name is given.
    """
    known = _languages()
    # 'pt-BR' and 'Portuguese (Brazil)' are Portuguese.
    found = known.get(title_key(text)) or known.get(title_key(re.split("[-_(]", text)[0]))
    if found is None:
        near = nearest(title_key(text), [one for one in known if len(one) > 3])
        raise WhatworksError(f"Unknown language '{text}'." + (f" Nearest: '{near}'." * bool(near)))
    return found


def year_of(text: str) -> int:
    """The year in a date, however it is written.

    Raises:
        WhatworksError: there is none, or there are several.

    >>> year_of("June 2016"), year_of("2016-06-30")
    (2016, 2016)
    """
    years = {int(one) for one in _YEAR.findall(text)}
    if len(years) != 1:
        has = "no year" if not years else f"{len(years)} years"
        raise WhatworksError(f"'{text}' has {has}. Write one from {FIRST_YEAR} to {LAST_YEAR}.")
    return years.pop()


def countries_of(texts: Iterable[str]) -> tuple[str, ...]:
    """ISO 3166 codes of countries; one text may name several with commas between.

    Raises:
        WhatworksError: one is unknown; the nearest is named.
    """
    codes: dict[str, None] = {}
    for text in texts:
        try:
            # First as a whole: 'Tanzania, United Republic of' is one.
            codes[country_of(text)] = None
        except WhatworksError:
            parts = [part.strip() for part in text.split(",") if part.strip()]
            if len(parts) < 2:
                raise
            codes |= dict.fromkeys(map(country_of, parts))
    return tuple(codes)


def listed(text: str) -> tuple[str, ...]:
    """The entries of a cell, with ';' or a line end between them.

    >>> listed("Mali; Burkina Faso")
    ('Mali', 'Burkina Faso')
    """
    return tuple(part.strip() for part in re.split(r"[;\n]", text) if part.strip())


READ: Mapping[str, Callable[[str], object]] = {
    "type": type_of,
    "timing": timing_of,
    "regions": listed,
    "countries": lambda text: countries_of(listed(text)),
    "coverage": listed,
    "funding": listed,
    "year": year_of,
    "language": language_of,
}
"""Field of ``register.Facts`` to what makes a fact of a text; the others are as written."""


def _canonical(what: str, text: str, names: Iterable[str], variants: Mapping[str, str]) -> str:
    known = {title_key(one): name for name in names for one in (name, *_each(variants[name]))}
    words = [one for one in title_key(text).split() if one not in _EVALUATION]
    key = " ".join(words)
    if key in known:
        return known[key]
    near = nearest(key, known)
    raise WhatworksError(
        f"Unknown {what} '{text}'."
        + (f" Nearest: '{known[near]}'." if near else "")
        + f" There are {', '.join(names)}."
    )


def _each(names: str) -> list[str]:
    return names.split(", ")


@cache
def _fields() -> Mapping[str, str]:
    return {title_key(one): field for field, names in HEADINGS.items() for one in _each(names)}


@cache
def _languages() -> Mapping[str, str]:
    from babel import Locale
    from babel.core import get_global

    codes = {code: name for code, name in Locale.parse("en").languages.items() if len(code) == 2}
    known: dict[str, str] = {}
    for language in LANGUAGES:
        for code, name in Locale.parse(language).languages.items():
            if code in codes:
                known.setdefault(title_key(name), code)
    known |= {code: code for code in codes}
    for code, meant in get_global("language_aliases").items():
        if meant in codes:
            known.setdefault(code, meant)
    return known
