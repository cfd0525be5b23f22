import random
from itertools import count

from whatworks.labels.duplicates import Repeats, near_duplicates
from whatworks.nlp.passages import Passage, PassageId

BODY = (
    "The ministry took over the costs of the call centre in the third year, after the project had "
    "trained its staff and handed over the manuals."
)
SUMMARY = (
    "The ministry took over the costs of the call centre in the third year after the project had "
    "trained its staff."
)
OTHER = "Payments were late in all districts, since the bank had no branches outside the capital."


def passages(*texts, report="a.pdf"):
    numbers = count(1)
    return [
        Passage(PassageId(f"{report} {n}"), report, n, None, (), "en", text)
        for n, text in zip(numbers, texts, strict=False)
    ]


def test_a_summary_leads_what_repeats_it():
    found = near_duplicates(passages(SUMMARY, OTHER, BODY))

    assert found == [Repeats(PassageId("a.pdf 1"), (PassageId("a.pdf 3"),))]


def test_the_order_in_which_passages_are_given_does_not_matter():
    given = passages(SUMMARY, OTHER, BODY, OTHER)

    assert near_duplicates(reversed(given)) == near_duplicates(given)


def test_accents_and_capitals_do_not_tell_passages_apart():
    text = "Le ministère a repris les coûts du centre d’appel en troisième année."

    assert near_duplicates(passages(text, text.upper().replace("È", "E")))


def test_different_numbers_are_different_findings():
    one = "In the first phase 45 inspectors were trained in the new method of risk assessment."

    assert not near_duplicates(passages(one, one.replace("45", "52")))


def test_other_reports_may_say_the_same():
    assert not near_duplicates([*passages(BODY), *passages(BODY, report="b.pdf")])


def test_headings_and_names_are_no_passages_that_repeat():
    assert not near_duplicates(passages("Ministry of Labour", "Ministry of Labour"))


def test_what_repeats_a_repeat_alone_is_its_own_passage():
    words = [one + other for one in "bcdfghkl" for other in "aeiou"]
    first, second, third = (" ".join(words[n : n + 24]) for n in (0, 5, 10))
    found = near_duplicates(passages(first, second, third))

    assert found == [Repeats(PassageId("a.pdf 1"), (PassageId("a.pdf 2"),))]


def test_a_repeat_is_found_across_a_long_report():
    draw = random.Random(3)
    words = ["".join(draw.choices("abcdefghij", k=6)) for _ in range(3000)]
    filling = [" ".join(draw.choices(words, k=40)) for _ in range(1200)]
    given = passages(SUMMARY, *filling, BODY)

    assert near_duplicates(given) == [Repeats(given[0].id, (given[-1].id,))]
