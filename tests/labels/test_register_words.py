"""What lists say in their own words."""

import pytest

from whatworks.labels.register import title_key
from whatworks.labels.register_words import (
    HEADINGS,
    countries_of,
    field_of,
    heading_of,
    language_of,
    listed,
    timing_of,
    type_of,
    year_of,
)
from whatworks.nlp.errors import WhatworksError


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("Title", "title"),
        ("TITRE DU RAPPORT", "title"),
        ("Título", "title"),
        ("TC Symbol", "symbol"),
        ("Tipo de evaluación", "type"),
        ("Moment de l’évaluation", "timing"),
        ("Región", "regions"),
        ("Country/ies", "countries"),
        ("Pays", "countries"),
        ("Países", "countries"),
        ("Bailleurs", "funding"),
        ("Année", "year"),
        ("Año", "year"),
        ("Ano", "year"),
        ("Idioma", "language"),
        ("File name", "report"),
        ("Budget", ""),
        ("", ""),
    ],
)
def test_headings_are_known_in_four_languages(heading: str, field: str) -> None:
    assert field_of(heading) == field


def test_no_heading_stands_for_two_facts() -> None:
    names = [title_key(one) for names in HEADINGS.values() for one in names.split(", ")]
    assert len(names) == len(set(names))
    assert [field_of(heading_of(field)) for field in HEADINGS] == list(HEADINGS)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("independent", "independent"),
        ("Independent evaluation", "independent"),
        ("Évaluation indépendante", "independent"),
        ("INDEPENDIENTE", "independent"),
        ("Self-evaluation", "internal"),
        ("Autoavaliação", "internal"),
        ("Conjunta", "joint"),
        ("High level", "high-level"),
        ("de haut niveau", "high-level"),
    ],
)
def test_types_are_known_in_four_languages(written: str, meant: str) -> None:
    assert type_of(written) == meant


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("Midterm", "mid-term"),
        ("Évaluation à mi-parcours", "mid-term"),
        ("Medio término", "mid-term"),
        ("avaliação intermédia", "mid-term"),
        ("Final", "final"),
        ("Finale", "final"),
        ("Ex post", "ex-post"),
    ],
)
def test_timings_are_known_in_four_languages(written: str, meant: str) -> None:
    assert timing_of(written) == meant


@pytest.mark.parametrize(
    ("written", "meant"),
    [("French", "fr"), ("Français", "fr"), ("espagnol", "es"), ("PT", "pt"), ("pt-BR", "pt")],
)
def test_languages_are_known_by_name_and_code(written: str, meant: str) -> None:
    assert language_of(written) == meant


@pytest.mark.parametrize(("written", "year"), [("2016", 2016), ("2016-06-30", 2016)])
def test_a_year_is_found_in_a_date(written: str, year: int) -> None:
    assert year_of(written) == year


@pytest.mark.parametrize(
    ("read", "written", "said"),
    [
        (type_of, "indpendent", "Unknown type 'indpendent'. Nearest: 'independent'. There are"),
        # Who pays an evaluation from outside need not have left it alone.
        (type_of, "External", "Unknown type 'External'."),
        (timing_of, "midtrm", "Unknown timing 'midtrm'. Nearest: 'mid-term'. There are mid-term,"),
        (language_of, "Frensh", "Unknown language 'Frensh'. Nearest: 'french'."),
        (year_of, "2015-2016", "'2015-2016' has 2 years."),
        (year_of, "20016", "'20016' has no year."),
        (year_of, "n/a", "'n/a' has no year."),
    ],
)
def test_what_is_not_known_is_told_with_the_nearest(read, written: str, said: str) -> None:
    with pytest.raises(WhatworksError) as error:
        read(written)
    assert str(error.value).startswith(said)


def test_countries_may_stand_in_one_cell_in_several_ways() -> None:
    assert countries_of(listed("Mali; Burkina Faso\nPerú")) == ("ML", "BF", "PE")
    assert countries_of(["Mali, Tanzania", "Tanzania, United Republic of"]) == ("ML", "TZ")
    with pytest.raises(WhatworksError, match="^Unknown country 'Perru'"):
        countries_of(["Mali, Perru"])
