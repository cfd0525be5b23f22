from whatworks.labels.agreement.independence import independent_votes
from whatworks.labels.decisions import Decision, Verdict
from whatworks.nlp.passages import PassageId


def log(*said: str) -> list[Decision]:
    """Decisions in order: 'ana lesson', 'ana', 'ana unsure', 'ana undo 1', 'zoe! lesson'."""
    found = []
    for number, one in enumerate(said, 1):
        name, *rest = one.split()
        verdict = Verdict.CORRECT
        if rest and rest[0] in ("unsure", "undo"):
            verdict = Verdict(rest[0])
        labels = tuple(rest) if verdict is Verdict.CORRECT else ()
        found.append(
            Decision(
                id=number,
                passage_id=PassageId("0123456789abcdef"),
                annotator=name.rstrip("!"),
                verdict=verdict,
                labels=labels,
                themes=(),
                comment="",
                seconds=None,
                blind=False,
                adjudicates=name.endswith("!"),
                undoes=int(rest[1]) if verdict is Verdict.UNDO else None,
                codebook_version=1,
                model_version="",
                round_id=1,
                source="terminal",
                key=str(number),
                made_at="",
                hash="",
            )
        )
    return found


def counted(*said: str) -> list[int]:
    """The ids of the decisions that count."""
    return [one.id for one in independent_votes(log(*said))]


def test_the_last_decision_of_each_annotator_counts() -> None:
    assert counted("ana lesson", "ben", "ana obstacle") == [2, 3]


def test_what_was_taken_back_does_not_count_and_what_it_replaced_does() -> None:
    assert counted("ana lesson", "ana obstacle", "ana undo 2", "ben lesson") == [1, 4]
    assert counted("ana lesson", "ana undo 1", "ben lesson") == [3]


def test_unsure_is_no_vote_and_ends_an_earlier_one() -> None:
    assert counted("ana lesson", "ben lesson", "ana unsure") == [2]


def test_an_adjudication_is_no_vote() -> None:
    assert counted("ana lesson", "ben obstacle", "zoe! lesson") == [1, 2]


def test_what_came_after_an_adjudication_changes_nothing() -> None:
    before = ["ana lesson", "ben obstacle", "zoe! lesson"]
    assert counted(*before, "ben lesson") == [1, 2]
    assert counted(*before, "ben undo 2") == [1, 2]
    assert counted(*before, "joão lesson") == [1, 2]


def test_an_adjudication_that_was_taken_back_still_ends_independence() -> None:
    before = ["ana lesson", "ben obstacle", "zoe! lesson", "zoe undo 3"]
    assert counted(*before, "ben lesson") == [1, 2]


def test_the_adjudicators_own_earlier_vote_counts() -> None:
    assert counted("zoe lesson", "ben obstacle", "zoe! lesson") == [1, 2]
