"""Countries and regions by name."""

import pytest

from whatworks.labels.place_names import COUNTRY_VARIANTS, NOT_ALONE, OTHER_REGIONS, REGION_VARIANTS
from whatworks.labels.places import (
    countries_in,
    country_name,
    country_of,
    is_country,
    region_name,
    regions_in,
)
from whatworks.labels.register import title_key
from whatworks.nlp.errors import WhatworksError
from whatworks.nlp.languages import LANGUAGES


def named(text: str) -> list[tuple[str, str]]:
    """Code and words of the countries in a text."""
    return [(one.code, text[one.start : one.end]) for one in countries_in(text)]


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("Mali", "ML"),
        ("ml", "ML"),
        ("MLI", "ML"),
        ("PERÚ", "PE"),
        ("perou", "PE"),
        ("Brasil", "BR"),
        ("Vietname", "VN"),
        ("Viet Nam", "VN"),
        ("Côte d'Ivoire", "CI"),
        ("COTE D’IVOIRE", "CI"),
        ("Ivory Coast", "CI"),
        ("Costa do Marfim", "CI"),
        ("DRC", "CD"),
        ("RD Congo", "CD"),
        ("Congo, Democratic Republic of the", "CD"),
        ("Congo", "CG"),
        ("Cape Verde", "CV"),
        ("Cabo Verde", "CV"),
        ("Lao PDR", "LA"),
        ("Tanzania, United Republic of", "TZ"),
        ("Bolivia (Plurinational State of)", "BO"),
        ("Korea, Republic of", "KR"),
        ("St. Lucia", "LC"),
        ("Saint Vincent and the Grenadines", "VC"),
        ("Trinidad y Tobago", "TT"),
        ("Swaziland", "SZ"),
        ("UK", "GB"),
    ],
)
def test_a_country_is_known_by_what_people_write(written: str, code: str) -> None:
    assert country_of(written) == code


def test_every_country_is_found_by_its_name_in_every_language() -> None:
    codes = [a + b for a in map(chr, range(65, 91)) for b in map(chr, range(65, 91))]
    known = [code for code in codes if is_country(code)]
    assert 245 < len(known) < 255
    for code in known:
        for language in LANGUAGES:
            assert country_of(country_name(code, language)) == code
    for code, names in COUNTRY_VARIANTS.items():
        assert {country_of(name) for name in names} == {code}


@pytest.mark.parametrize("code", ["EU", "UN", "ZZ", "ml", "MLI", "", "Mali"])
def test_what_is_no_country_has_no_code(code: str) -> None:
    assert not is_country(code)


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("Malii", "Unknown country 'Malii'. Nearest: 'Mali'."),
        ("Burkna Faso", "Unknown country 'Burkna Faso'. Nearest: 'Burkina Faso'."),
        ("qqq", "Unknown country 'qqq'."),
        ("", "Unknown country ''."),
        ("(,", "Unknown country '(,'."),
    ],
)
def test_an_unknown_country_is_told_with_the_nearest(written: str, said: str) -> None:
    with pytest.raises(WhatworksError) as error:
        country_of(written)
    assert str(error.value) == said


def test_the_longest_name_is_the_one_that_is_meant() -> None:
    text = "In Guinea-Bissau, Papua New Guinea and Guinea; República Democrática del Congo."
    assert named(text) == [
        ("GW", "Guinea-Bissau"),
        ("PG", "Papua New Guinea"),
        ("GN", "Guinea"),
        ("CD", "República Democrática del Congo"),
    ]


def test_countries_are_found_whatever_the_language_and_what_stands_around_them() -> None:
    text = "L’appui à l’Inde (et au Bénin), ESTADOS UNIDOS; São Tomé e Príncipe's, oPt. DRC/UAE"
    assert [code for code, _ in named(text)] == ["IN", "BJ", "US", "ST", "PS", "CD", "AE"]


@pytest.mark.parametrize(
    "text",
    [
        "A training in mali and peru",
        "Malinese and Peruvian staff",
        "the Gulf of Guinea",
        "US$ 3 million",
        "La Reunión de marzo",
        "La Réunion du comité",
        "Maurice Koné et Dominique Roy",
        "Opt out",
        "New Mexico",
        "",
    ],
)
def test_what_only_looks_like_a_country_is_none(text: str) -> None:
    assert named(text) == []


def test_a_region_in_the_name_of_a_country_is_none() -> None:
    text = "South Africa, Southern Africa and Afrique de l'Ouest; Latin America and the Caribbean."
    found = [(region_name(one.code), text[one.start : one.end]) for one in regions_in(text)]
    assert found == [
        ("Southern Africa", "Southern Africa"),
        ("Western Africa", "Afrique de l'Ouest"),
        ("Latin America", "Latin America and the Caribbean"),
    ]
    assert [code for code, _ in named(text)] == ["ZA"]


def test_every_region_is_found_by_its_names_in_every_language() -> None:
    for code, names in REGION_VARIANTS.items():
        assert [[one.code for one in regions_in(name)] for name in names] == [[code]] * len(names)
    for code in (*OTHER_REGIONS, "002", "011", "419"):
        for language in LANGUAGES:
            (found,) = regions_in(region_name(code, language))
            assert found.code == code


def test_names_that_are_left_out_in_texts_are_written_as_they_are_compared() -> None:
    assert {title_key(name) for name in NOT_ALONE} == NOT_ALONE
