"""Which hyphens at line ends go, and which stay."""

import pytest

from whatworks.nlp.readers.hyphens import HyphenJoiner

CUT = [
    "the capacity of the committees was small in the capac-",
    "ity of all, and the village council met where the villa-",
    "ge of the committees and the committees were commit-",
    "tees of the village in the capacity of the village coun-",
    "cil, which is the capacity of a village council, as a vil-",
    "lage has always had it, and always will have the capacity.",
]
"""Lines of a report that is set with hyphenation."""


@pytest.mark.parametrize(
    ("left", "right", "joined"),
    [
        ("the imple-", "mentation of it", "the implementation of it"),
        ("South-", "South exchange", "South-South exchange"),
        ("a tax-", "financed scheme", "a tax-financed scheme"),
        ("a self-", "employed baker", "a self-employed baker"),
        ("short-", "and long-term aid", "short- and long-term aid"),
        ("mid-", "to long-term aid", "mid- to long-term aid"),
        ("in 2012-", "2018 it", "in 2012-2018 it"),
        ("see www.social-", "protection.org/x", "see www.social-protection.org/x"),
        ("it was ex-", "ecuted jointly", "it was executed jointly"),
        ("in 2010–", "2015 it", "in 2010–2015 it"),
        ("bread and/", "or water", "bread and/or water"),
        ("a soft\u00ad", "ware firm", "a software firm"),
        ("no hyphen", "at all", "no hyphen at all"),
        ("a dash -", "so to speak", "a dash - so to speak"),
    ],
)
def test_words_are_whole_and_compounds_keep_their_hyphen(
    left: str, right: str, joined: str
) -> None:
    assert HyphenJoiner(CUT).join([left, right]) == joined


def test_the_spelling_elsewhere_in_the_report_decides() -> None:
    joiner = HyphenJoiner([*CUT, "it asked for co-operation and coordination in every year"])

    assert joiner.join(["in co-", "operation"]) == "in co-operation"
    assert joiner.join(["the coor-", "dination"]) == "the coordination"


def test_a_report_set_without_hyphenation_keeps_every_hyphen() -> None:
    joiner = HyphenJoiner(
        [
            "the old age design of agency speaking regional shops was in use by old-",
            "age groups and in every agency and in each cross-",
            "regional fund, the new re-",
            "design of it, the joint inter-",
            "agency fund and the one-stop-",
            "shops of it, all of which was Portuguese-",
            "speaking in those years",
        ]
    )

    assert joiner.join(["the re-", "design"]) == "the re-design"


@pytest.mark.parametrize(
    ("left", "right", "joined"),
    [
        ("fa-", "zer-se", "fazer-se"),
        ("pode trata-", "se de", "pode trata-se de"),
        ("a clas-", "se média", "a classe média"),
        ("uma esco-", "la rural", "uma escola rural"),
        ("o índi-", "ce de", "o índice de"),
    ],
)
def test_portuguese_pronouns_keep_their_hyphen(left: str, right: str, joined: str) -> None:
    joiner = HyphenJoiner([*CUT, "não são, pode tratar de tudo, e trata disso"])

    assert joiner.join([left, right]) == joined


@pytest.mark.parametrize(
    ("left", "right", "joined"),
    [
        ("peut-", "il dire", "peut-il dire"),
        ("est-", "ce vrai", "est-ce vrai"),
        ("la fin offici-", "elle de", "la fin officielle de"),
        ("le servi-", "ce de", "le service de"),
        ("le con-", "trôle", "le contrôle"),
    ],
)
def test_french_pronouns_keep_their_hyphen(left: str, right: str, joined: str) -> None:
    joiner = HyphenJoiner([*CUT, "voici les faits : il est clair, on peut le dire, il est là"])

    assert joiner.join([left, right]) == joined
