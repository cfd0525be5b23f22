import time

import pytest

from whatworks.labels.accounts import Role, check_password, clean_password
from whatworks.nlp.errors import WhatworksError


@pytest.mark.parametrize(
    "password",
    [
        "purple onion harbour",
        "ficus tundra",
        "8302174659382",
        "nñü漢字かな文字列です",
        "x7#Kq!9vLm2$",
        "correct horse battery staple",
    ],
)
def test_words_figures_and_other_scripts_all_make_a_password(password: str) -> None:
    check_password(password, "Ana Lima")


@pytest.mark.parametrize(
    "password",
    [
        "password1234",
        "Password2026!",
        "passwordpassword",
        "whatworks-2026",
        "aaaaaaaaaaaa",
        "123456789012",
        "abcabcabcabc",
        "qwertyuiop123",
        "MotDePasse1234",
        "Ana Lima 2026",
        "analima12345",
    ],
)
def test_what_anybody_would_try_first_is_refused(password: str) -> None:
    with pytest.raises(WhatworksError, match="among the first that anybody would try"):
        check_password(password, "Ana Lima")


def test_a_short_password_is_refused_with_its_length() -> None:
    with pytest.raises(WhatworksError, match="has 11 characters. Take at least 12"):
        check_password("purple onio")


def test_a_password_longer_than_any_is_refused_at_once() -> None:
    # Composing so many signs would take minutes.
    password = "a" + "\u0316\u0301" * 500_000
    before = time.process_time()
    with pytest.raises(WhatworksError, match="has 1,000,001 characters. Take at most 1,000"):
        check_password(password)
    assert time.process_time() - before < 1


def test_a_password_with_a_line_end_in_it_is_refused() -> None:
    with pytest.raises(WhatworksError, match="cannot be typed"):
        check_password("purple onion\nharbour")


def test_two_ways_to_type_a_letter_are_one_password() -> None:
    assert clean_password("me\u0301lange") == clean_password("m\u00e9lange")


def test_each_role_may_do_what_those_before_it_may() -> None:
    assert [[has.covers(needs) for needs in Role] for has in Role] == [
        [True, False, False],
        [True, True, False],
        [True, True, True],
    ]
