import numpy as np

from whatworks.labels.bias import About, Looks, comparable, compare
from whatworks.labels.decisions import Answer
from whatworks.labels.shares import Share

NOTHING = Answer()
LESSON = Answer(("lesson",), ("gender",))
LESSON_ALONE = Answer(("lesson",))
BOTH = Answer(("lesson", "obstacle"))


def looks_of(*rows):
    """Rows of passage, blind, what is suggested, what was said."""
    answers = list(dict.fromkeys(answer for row in rows for answer in row[2:]))
    return Looks(
        np.array([row[0] for row in rows], np.int64),
        np.array([row[1] for row in rows], np.bool_),
        np.array([answers.index(row[2]) for row in rows], np.int64),
        np.array([answers.index(row[3]) for row in rows], np.int64),
        answers,
    )


def rows_of(looks):
    passages, rows = compare(looks, ["lesson", "obstacle", "success_factor"])
    return passages, {(row.about, row.code): row for row in rows}


def test_only_passages_with_blind_and_sighted_answers_are_compared():
    looks = looks_of(
        (1, True, LESSON, LESSON),
        (1, False, LESSON, LESSON),
        (2, False, LESSON, LESSON),
        (3, True, LESSON, NOTHING),
    )

    assert list(comparable(looks).passages) == [1, 1]
    assert rows_of(looks)[0] == 1


def test_answers_to_another_suggestion_are_not_compared():
    looks = looks_of((1, True, LESSON, LESSON), (1, False, BOTH, BOTH))

    passages, rows = rows_of(looks)

    assert (passages, rows) == (0, {})


def test_shares_are_counted_on_each_side():
    looks = looks_of(
        *[(n, False, LESSON, LESSON) for n in range(10)],
        *[(n, True, LESSON, LESSON if n < 6 else LESSON_ALONE) for n in range(9)],
        (9, True, LESSON, NOTHING),
    )

    passages, rows = rows_of(looks)

    assert passages == 10
    answer = rows[About.ANSWER, ""]
    assert (answer.seen, answer.blind) == (Share(10, 10), Share(6, 10))
    assert answer.difference.value == 0.4
    types = rows[About.TYPES, ""]
    assert (types.seen, types.blind) == (Share(10, 10), Share(9, 10))
    lesson = rows[About.TYPE, "lesson"]
    assert (lesson.seen, lesson.blind) == (Share(10, 10), Share(9, 10))


def test_a_finding_type_is_compared_where_it_is_suggested():
    looks = looks_of(
        (1, False, BOTH, BOTH),
        (1, True, BOTH, LESSON_ALONE),
        (2, False, LESSON, LESSON),
        (2, True, LESSON, BOTH),
    )

    _, rows = rows_of(looks)

    assert rows[About.TYPE, "obstacle"].seen == Share(1, 1)
    assert rows[About.TYPE, "obstacle"].blind == Share(0, 1)
    assert rows[About.TYPE, "lesson"].blind == Share(2, 2)
    assert (About.TYPE, "success_factor") not in rows
    assert (About.NOTHING, "") not in rows


def test_that_there_is_no_finding_can_be_accepted_too():
    looks = looks_of((1, False, NOTHING, NOTHING), (1, True, NOTHING, LESSON))

    _, rows = rows_of(looks)

    assert rows[About.NOTHING, ""].seen == Share(1, 1)
    assert rows[About.NOTHING, ""].blind == Share(0, 1)


def test_nothing_to_compare_is_no_error():
    assert compare(looks_of(), ["lesson"]) == (0, ())
