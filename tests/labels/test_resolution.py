import itertools

import pytest

from whatworks.labels.decisions import Answer, Decision, State, Verdict, verdict_for
from whatworks.labels.resolution import (
    Policy,
    Resolution,
    Translations,
    adjudication,
    latest_of_each,
    resolve,
    that_hold,
)
from whatworks.nlp.errors import WhatworksError
from whatworks.nlp.passages import PassageId

ONE = Policy("one-reviewer", ("zoe",))
TWO = Policy("two-agree")
SETTLED = Policy("two-adjudicated", ("zoe",))


def say(
    *said: tuple[str, str | None], version: int = 1, adjudicated_by: str = ""
) -> list[Decision]:
    """Decisions of (annotator, labels): 'a b+x' is labels a, b and theme x, '' no finding, '?'
    unsure, None takes back the annotator's last decision that holds."""
    log: list[Decision] = []
    for number, (annotator, text) in enumerate(said, 1):
        undoes = None
        if text is None:
            undoes = [one.id for one in that_hold(log) if one.annotator == annotator][-1]
            verdict = Verdict.UNDO
        else:
            verdict = Verdict.UNSURE if text == "?" else Verdict.CORRECT
        labels, _, themes = (text or "").replace("?", "").partition("+")
        log.append(
            Decision(
                id=number,
                passage_id=PassageId("p"),
                annotator=annotator,
                verdict=verdict,
                labels=tuple(labels.split()),
                themes=tuple(themes.split()),
                comment="",
                seconds=None,
                blind=False,
                adjudicates=annotator == adjudicated_by,
                undoes=undoes,
                codebook_version=version,
                model_version="",
                round_id=1,
                source="terminal",
                key=str(number),
                made_at="",
                hash="",
            )
        )
    return log


def state(
    log: list[Decision], policy: Policy, translations: Translations | None = None
) -> tuple[State, str]:
    found = resolve(log, policy, translations or Translations([{}]))
    assert found is not None
    return found.state, " ".join(found.labels) + "".join(f"+{one}" for one in found.themes)


@pytest.mark.parametrize(
    ("said", "one", "two"),
    [
        ([("ana", "a")], "confirmed a", "in review"),
        ([("ana", "")], "confirmed ", "in review"),
        ([("ana", "?")], "in review", "in review"),
        ([("ana", "a"), ("ana", "a")], "confirmed a", "in review"),
        ([("ana", "a"), ("ana", "b")], "confirmed b", "in review"),
        ([("ana", "a"), ("ben", "a")], "confirmed a", "confirmed a"),
        ([("ana", "a"), ("ben", "b")], "disagreed", "disagreed"),
        ([("ana", "a+x"), ("ben", "a")], "disagreed", "disagreed"),
        ([("ana", ""), ("ben", "")], "confirmed ", "confirmed "),
        ([("ana", "a"), ("ben", "?")], "confirmed a", "in review"),
        ([("ana", "a"), ("ana", "?")], "in review", "in review"),
        ([("ana", "a"), ("ben", "a"), ("eva", "b")], "disagreed", "confirmed a"),
        ([("ana", "a"), ("ben", "b"), ("eva", "c")], "disagreed", "disagreed"),
        ([("ana", "a"), ("ben", "a"), ("eva", "b"), ("leo", "b")], "disagreed", "disagreed"),
        ([("ana", "a"), ("ben", "b"), ("ben", None)], "confirmed a", "in review"),
        ([("ana", "a"), ("ana", "b"), ("ana", None), ("ben", "a")], "confirmed a", "confirmed a"),
        ([("ana", "a"), ("ana", "?"), ("ana", None)], "confirmed a", "in review"),
    ],
)
def test_who_said_what_gives_the_state(said, one, two) -> None:
    assert " ".join(state(say(*said), ONE)).rstrip() == one.rstrip()
    assert " ".join(state(say(*said), TWO)).rstrip() == two.rstrip()
    assert " ".join(state(say(*said), SETTLED)).rstrip() == two.rstrip()


def test_the_order_of_different_annotators_does_not_matter() -> None:
    votes = [("ana", "a"), ("ben", "a"), ("eva", "b"), ("leo", "?")]
    for policy in (ONE, TWO, SETTLED):
        assert len({state(say(*order), policy) for order in itertools.permutations(votes)}) == 1


def test_a_passage_whose_decisions_were_all_taken_back_is_as_if_nobody_decided() -> None:
    log = say(("ana", "a"), ("ana", "b"), ("ana", None), ("ana", None))
    assert resolve(log, ONE, Translations([{}])) is None
    assert resolve([], ONE, Translations([{}])) is None


def test_an_undo_takes_back_the_last_one_that_still_holds() -> None:
    log = say(("ana", "a"), ("ben", "b"), ("ana", "c"), ("ana", None), ("ana", None))
    assert [one.id for one in that_hold(log)] == [2]
    assert [one.id for one in latest_of_each(log)] == [2]


def test_a_resolution_says_how_many_voted_and_who_decided() -> None:
    log = say(("ana", "a"), ("eva", "b"), ("ben", "a"), ("leo", "?"))
    found = resolve(log, TWO, Translations([{}]))
    assert found == Resolution(State.CONFIRMED, ("a",), (), "agreed", 3, 3)
    assert found.decided_by == (1, 3)


def test_an_adjudication_settles_a_disagreement_until_it_is_undone() -> None:
    said = [("ana", "a"), ("ben", "b"), ("zoe", "c+x")]
    log = say(*said, adjudicated_by="zoe")
    found = resolve(log, SETTLED, Translations([{}]))
    assert found == Resolution(State.CONFIRMED, ("c",), ("x",), "adjudicated", 2, 3)
    assert found.decided_by == (3,)
    assert adjudication(log) == log[2]
    # Whoever votes later does not unsettle it.
    later = say(*said, ("eva", "b"), adjudicated_by="zoe")
    assert state(later, SETTLED) == (State.CONFIRMED, "c+x")
    undone = say(*said, ("zoe", None), adjudicated_by="zoe")
    assert state(undone, SETTLED) == (State.DISAGREED, "")


def test_an_adjudication_is_no_vote() -> None:
    log = say(("ana", "a"), ("zoe", "a"), adjudicated_by="zoe")
    assert state(log, TWO) == (State.IN_REVIEW, "")
    assert [one.annotator for one in latest_of_each(log)] == ["ana"]


def test_an_adjudicator_who_left_the_list_has_settled_what_they_settled() -> None:
    log = say(("ana", "a"), ("ben", "b"), ("zoe", "c"), adjudicated_by="zoe")
    assert state(log, Policy("two-adjudicated", ("eva",))) == (State.CONFIRMED, "c")


def test_renamed_codes_are_the_same_answer() -> None:
    steps = Translations([{}, {"finding_type": {"a": "b"}}, {"finding_type": {"b": "c"}}])
    log = [*say(("ana", "a")), *say(("-", ""), ("ben", "b"), version=2)[1:]]
    assert state(log, TWO, steps) == (State.CONFIRMED, "c")


def test_a_finding_type_and_a_theme_of_one_name_are_different_codes() -> None:
    steps = Translations([{}, {"theme": {"a": None}}])
    assert state(say(("ana", "a")), ONE, steps) == (State.CONFIRMED, "a")
    assert state(say(("ana", "b+a")), ONE, steps) == (State.STALE, "")


def test_merged_codes_agree_and_count_once() -> None:
    steps = Translations([{}, {"theme": {"x": "z", "y": "z"}}])
    assert state(say(("ana", "a+x"), ("ben", "a+y")), ONE, steps) == (State.CONFIRMED, "a+z")
    assert state(say(("ana", "a+x y")), ONE, steps) == (State.CONFIRMED, "a+z")


def test_a_merge_can_leave_two_answers_that_both_have_enough_votes() -> None:
    steps = Translations([{}, {"theme": {"x": "z", "y": "z"}}])
    log = say(("ana", "a"), ("ben", "a"), ("eva", "a+x"), ("leo", "a+y"))
    assert state(log, TWO) == (State.CONFIRMED, "a")
    assert state(log, TWO, steps) == (State.DISAGREED, "")


STALE = Translations([{}, {"theme": {"x": None}}])


@pytest.mark.parametrize(
    ("said", "policy", "expected"),
    [
        ([("ana", "a+x")], ONE, State.STALE),
        ([("ana", "a+x y")], ONE, State.STALE),
        ([("ana", "a+x"), ("ben", "a+x")], TWO, State.STALE),
        ([("ana", "a+x"), ("ben", "?")], ONE, State.STALE),
        # It was never confirmed, so it is not stale.
        ([("ana", "a+x")], TWO, State.IN_REVIEW),
        ([("ana", "a+x"), ("ben", "b+x")], TWO, State.IN_REVIEW),
        ([("ana", "a+x"), ("ben", "b+x")], ONE, State.IN_REVIEW),
        # What still counts is enough by itself.
        ([("ana", "a+x"), ("ben", "b")], ONE, State.CONFIRMED),
        ([("ana", "a+x"), ("ben", "b"), ("eva", "b")], TWO, State.CONFIRMED),
        ([("ana", "a+x"), ("ben", "a+x"), ("eva", "b"), ("leo", "c")], TWO, State.DISAGREED),
    ],
)
def test_votes_that_became_stale_do_not_count(said, policy, expected) -> None:
    assert state(say(*said), policy, STALE)[0] is expected


def test_a_stale_passage_is_confirmed_again_by_new_decisions() -> None:
    log = [*say(("ana", "a+x"), ("ben", "a+x"))]
    again = say(("-", ""), ("-", ""), ("ana", "a+x"), ("ben", "a+x"), version=2)[2:]
    assert state([*log, again[0]], TWO, STALE) == (State.IN_REVIEW, "")
    assert state([*log, *again], TWO, STALE) == (State.CONFIRMED, "a+x")


def test_a_stale_answer_is_not_that_of_a_new_code_of_the_same_name() -> None:
    # The theme x ended with version 2; the x of version 3 is another.
    steps = Translations(
        [{}, {"theme": {"x": None}}, {"theme": {"y": "x"}}, {"theme": {"x": None}}]
    )
    log = say(("ana", "a+x"))
    later = say(("-", ""), ("ben", "a+y"), version=2)[1:]
    assert state([*log, *later], TWO, steps)[0] is State.IN_REVIEW


def test_a_rename_does_not_part_stale_answers_that_agreed() -> None:
    steps = Translations([{}, {"theme": {"x": "y"}}, {"theme": {"y": None}}])
    log = [*say(("ana", "a+x")), *say(("-", ""), ("ben", "a+y"), version=2)[1:]]
    assert state(log, TWO, steps)[0] is State.STALE


def test_a_stale_adjudication_leaves_what_the_votes_say() -> None:
    said = [("ana", "a"), ("ben", "b"), ("zoe", "a+x")]
    assert state(say(*said, adjudicated_by="zoe"), SETTLED, STALE)[0] is State.DISAGREED
    said = [("ana", "a+x"), ("ben", "b"), ("zoe", "a+x")]
    assert state(say(*said, adjudicated_by="zoe"), SETTLED, STALE)[0] is State.STALE


def test_under_two_agree_an_adjudication_counts_for_nothing() -> None:
    log = say(("ana", "a"), ("ben", "b"), ("zoe", "a"), adjudicated_by="zoe")
    assert state(log, TWO)[0] is State.DISAGREED


def test_an_older_suggestion_is_read_in_present_words() -> None:
    steps = Translations([{}, {"theme": {"x": None, "y": "z"}, "finding_type": {"b": None}}])
    assert steps.suggestion(1, Answer(("a", "b"), ("x", "y"))) == Answer(("a",), ("z",))
    # A theme of no finding is nothing.
    assert steps.suggestion(1, Answer(("b",), ("y",))) == Answer()
    assert steps.suggestion(2, Answer(("b",), ("y",))) == Answer(("b",), ("y",))
    assert steps.now(1, "theme", "x") is None
    assert steps.now(1, "theme", "y") == "z"


@pytest.mark.parametrize(
    ("labels", "themes", "suggested", "verdict"),
    [
        ("b a", "x", Answer(("a", "b"), ("x",)), Verdict.CONFIRM),
        ("", "", Answer(), Verdict.CONFIRM),
        ("", "", Answer(("a",)), Verdict.REJECT),
        ("", "", None, Verdict.REJECT),
        ("a", "", None, Verdict.CORRECT),
        ("a", "", Answer(("a",), ("x",)), Verdict.CORRECT),
        ("a", "", Answer(), Verdict.CORRECT),
    ],
)
def test_the_verdict_is_what_the_answer_does_with_the_suggestion(
    labels, themes, suggested, verdict
) -> None:
    assert verdict_for(labels.split(), themes.split(), suggested) is verdict


def test_a_policy_nobody_knows_names_the_nearest() -> None:
    with pytest.raises(WhatworksError, match="Unknown policy 'two-agre'. Nearest: 'two-agree'"):
        Policy("two-agre")


def test_a_policy_that_wants_adjudicators_must_name_one() -> None:
    with pytest.raises(WhatworksError, match="names no adjudicator"):
        Policy("two-adjudicated")
    with pytest.raises(WhatworksError, match="names no adjudicator"):
        Policy("two-adjudicated", (" ",))


def test_an_adjudicator_is_known_in_any_spelling_of_the_name() -> None:
    policy = Policy("one-reviewer", ("Zoë  Silva",))
    assert policy.is_adjudicator("zoë silva")
    assert policy.is_adjudicator("Zoe\u0308 Silva")
    assert not policy.is_adjudicator("Zoe Silva")
    assert not Policy("two-agree", ("zoe",)).is_adjudicator("zoe")
