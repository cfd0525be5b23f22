import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.labels.agreement.people import Vote, votes_of
from tests.labels.agreement.ratings import alpha, kappa, masi_alpha, percent
from whatworks.labels.agreement.bootstrap import Bootstrap
from whatworks.labels.agreement.tables import Agreement, By, Tables

ANA_AND_BEN: list[list[Vote]] = [
    [("ana", "lesson"), ("ben", "lesson")],
    [("ana", "lesson obstacle"), ("ben", "lesson")],
    [("ana", "obstacle"), ("ben", "obstacle")],
    [("ana", ""), ("ben", "obstacle")],
    [("ana", ""), ("ben", "")],
]
SETS = st.sampled_from(["", "lesson", "obstacle", "lesson obstacle"])


def one_row(tables: Tables, by: By, *codes: str) -> Agreement:
    (row,) = tables.by(by, codes)
    return row


def test_a_finding_type_is_chosen_or_not() -> None:
    row = one_row(Tables(votes_of(ANA_AND_BEN)), By.FINDING_TYPE, "lesson")
    chosen = ["11000", "11000"]
    assert (row.n_passages, row.n_votes, row.n_annotators) == (5, 10, 2)
    assert (row.percent.value, row.kappa.value, row.alpha.value) == (100, 1, 1)
    assert alpha(chosen) == 1
    row = one_row(Tables(votes_of(ANA_AND_BEN)), By.FINDING_TYPE, "obstacle")
    chosen = ["01100", "00110"]
    assert row.percent.value == percent(chosen) == 60
    assert row.kappa.value == kappa(chosen)
    assert row.alpha.value == pytest.approx(alpha(chosen))


def test_overall_compares_sets_of_finding_types_and_of_themes() -> None:
    passages: list[list[Vote]] = [
        [("ana", "lesson", "staff"), ("ben", "lesson", "staff budget")],
        [("ana", "lesson", "budget"), ("ben", "lesson obstacle", "budget")],
        [("ana", "", ""), ("ben", "obstacle", "staff")],
    ]
    types, themes = Tables(votes_of(passages)).by(By.OVERALL)
    assert (types.what, themes.what) == ("finding types", "themes")
    lesson, both, obstacle = map(frozenset, (["lesson"], ["lesson", "obstacle"], ["obstacle"]))
    wanted = masi_alpha([[lesson, lesson, frozenset()], [lesson, both, obstacle]])
    assert types.alpha.value == pytest.approx(wanted)
    assert types.percent.value == pytest.approx(100 / 3)
    staff, budget = frozenset(["staff"]), frozenset(["budget"])
    wanted = masi_alpha([[staff, budget, frozenset()], [staff | budget, budget, staff]])
    assert themes.alpha.value == pytest.approx(wanted)


def test_kappa_is_left_to_pairs_where_three_voted() -> None:
    passages: list[list[Vote]] = [
        [("ana", "lesson"), ("ben", "lesson"), ("joão", "")],
        [("ana", ""), ("ben", "obstacle")],
        [("ben", "lesson"), ("joão", "lesson")],
        [("ana", "lesson"), ("ben", "lesson")],
    ]
    tables = Tables(votes_of(passages))
    assert tables.by(By.OVERALL)[0].kappa.value is None
    assert "see the pairs" in tables.by(By.OVERALL)[0].kappa.why_not
    pairs = {row.what: row for row in tables.by(By.PAIR)}
    assert list(pairs) == ["ana & ben", "ana & joão", "ben & joão"]
    assert pairs["ana & ben"].n_passages == 3
    assert pairs["ana & ben"].kappa.value == kappa([["l", "", "l"], ["l", "o", "l"]])
    assert pairs["ana & joão"].n_passages == 1


def test_languages_are_measured_apart() -> None:
    votes = votes_of(ANA_AND_BEN, ["fr", "fr", "fr", "en", "en"])
    english, french = Tables(votes).by(By.LANGUAGE)
    assert (english.what, english.n_passages) == ("en", 2)
    assert (french.what, french.n_passages) == ("fr", 3)
    wanted = Tables(votes_of(ANA_AND_BEN[:3])).by(By.OVERALL)[0]
    assert (french.percent, french.alpha) == (wanted.percent, wanted.alpha)


def test_votes_of_different_rounds_are_not_compared() -> None:
    passages: list[list[Vote]] = [
        [
            ("ana", "lesson", "", "first"),
            ("ben", "lesson", "", "first"),
            ("joão", "", "", "second"),
        ],
        [("ana", "", "", "first"), ("ben", "", "", "second")],
        [("ana", "", "", "first"), ("ben", "", "", "first")],
    ]
    (first,) = Tables(votes_of(passages)).by(By.ROUND)
    assert (first.what, first.n_passages, first.n_annotators) == ("first", 2, 2)


def test_where_nothing_varies_there_is_no_alpha_and_a_reason() -> None:
    same: list[list[Vote]] = [[("ana", "lesson"), ("ben", "lesson")]] * 3
    row = one_row(Tables(votes_of(same), Bootstrap()), By.FINDING_TYPE, "lesson")
    assert row.percent.value == 100
    assert row.kappa.value is row.alpha.value is None
    assert (
        row.alpha.why_not
        == row.kappa.why_not
        == ("not defined: everybody gave the same answer to every passage")
    )


def test_one_passage_gives_a_percentage_and_nothing_else() -> None:
    row = one_row(Tables(votes_of(ANA_AND_BEN[1:2])), By.FINDING_TYPE, "obstacle")
    assert row.percent.value == 0
    assert row.kappa.value is row.alpha.value is None
    assert "fewer than two passages" in row.alpha.why_not


def test_without_votes_there_are_no_figures() -> None:
    tables = Tables(votes_of([]), Bootstrap())
    for row in (*tables.by(By.OVERALL), *tables.by(By.THEME, ["staff"])):
        assert row.n_passages == 0
        assert row.percent.value is row.kappa.value is row.alpha.value is None
    assert tables.by(By.PAIR) == tables.by(By.ROUND) == tables.by(By.LANGUAGE) == []


def test_only_chosen_codes_are_used() -> None:
    tables = Tables(votes_of([[("ana", "lesson", "staff"), ("ben", "", "")]]))
    assert tables.used_codes("finding_type") == {"lesson"}
    assert tables.used_codes("theme") == {"staff"}


def test_a_vote_too_many_is_refused() -> None:
    with pytest.raises(ValueError, match="one vote a passage"):
        votes_of([[("ana", "lesson"), ("ana", "")]])


@settings(max_examples=40)
@given(st.lists(st.dictionaries(st.sampled_from("abcde"), SETS, min_size=2), min_size=2))
def test_every_table_equals_the_figures_on_ratings(passages: list[dict[str, str]]) -> None:
    votes = votes_of([list(some.items()) for some in passages])  # type: ignore[arg-type]
    tables = Tables(votes)
    people = sorted({name for some in passages for name in some})
    ratings = [[some.get(name) for some in passages] for name in people]
    sets = [[None if one is None else frozenset(one.split()) for one in row] for row in ratings]
    overall = tables.by(By.OVERALL)[0]
    assert overall.percent.value == pytest.approx(percent(ratings))
    assert overall.alpha.value == pytest.approx(masi_alpha(sets))
    chosen = [[None if one is None else "lesson" in one for one in row] for row in sets]
    lesson = one_row(tables, By.FINDING_TYPE, "lesson")
    assert lesson.percent.value == pytest.approx(percent(chosen))
    assert lesson.alpha.value == pytest.approx(alpha(chosen))
    for pair in tables.by(By.PAIR):
        first, second = pair.what.split(" & ")
        both = [(some[first], some[second]) for some in passages if {first, second} <= some.keys()]
        assert pair.n_passages == len(both)
        if len(both) > 1:
            assert pair.kappa.value == pytest.approx(kappa(list(zip(*both, strict=True))))


def test_only_keeps_passages_with_two_votes() -> None:
    votes = votes_of(
        [
            [("ana", "lesson"), ("ben", "")],
            [("ana", "lesson"), ("joão", "")],
            [("ana", "obstacle"), ("ben", ""), ("joão", "")],
        ]
    )
    some = votes.only(votes.annotators != votes.annotator_names.index("joão"))
    assert some.passages.tolist() == [0, 0, 1, 1]
    assert [votes.annotator_names[one] for one in some.annotators] == ["ana", "ben"] * 2
    assert votes.only(np.ones(7, dtype=np.bool_)) is votes
