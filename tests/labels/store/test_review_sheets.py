import openpyxl
import pytest
from sqlalchemy import insert, select, update

from tests.review import fill
from tests.stored import add, report_of, suggest, suggestion_of, with_codebook
from whatworks.labels.decisions import DecisionDraft, State, Verdict
from whatworks.labels.exchange.review_import import read_review
from whatworks.labels.exchange.review_workbook import write_review_workbook
from whatworks.labels.resolution import Policy
from whatworks.labels.store import schema
from whatworks.labels.store.codebooks import add_codebook, current_codebook
from whatworks.labels.store.database import utc_now
from whatworks.labels.store.decisions import decisions_on, record, record_all, set_policy
from whatworks.labels.store.reports import find_report
from whatworks.labels.store.resolutions import passage_states
from whatworks.labels.store.review_sheets import Wanted, check_returned, make_review_sheet
from whatworks.labels.store.suggestions import (
    add_model_version,
    add_suggestions,
    latest_suggestions,
)
from whatworks.nlp.errors import WhatworksError

MALI = report_of("mali.pdf", "Staff stayed.", "Funds came late.", "Annex 3 lists them.")
BENIN = report_of("benin.pdf", "Children ate at school.")


@pytest.fixture
def project(store):
    """Two reports, pre-labelled but for the last passage of Mali."""
    codebook = with_codebook(store)
    add(store, MALI)
    add(store, BENIN)
    version = add_model_version(store, "starter 1", "f", {})
    given = [
        suggestion_of(MALI.passages[0], {"success_factor": 0.9}, {"local-presence": 0.7}),
        suggestion_of(MALI.passages[1], {"obstacle": 0.8, "lesson": 0.6}),
        suggestion_of(BENIN.passages[0]),
    ]
    add_suggestions(store, version.id, codebook, given)
    return store


def sheet_for(store, name="Ana", language="en", **wanted):
    with store.reading() as connection:
        return make_review_sheet(
            connection, Wanted(**wanted), by=name, title="P", language=language, version="0"
        )


def texts(sheet):
    return [row.text for row in sheet.rows]


def decide(store, passage, name, verdict=Verdict.REJECT, **more):
    return record(store, DecisionDraft(passage.id, name, verdict, **more))


@pytest.fixture
def exported(project, tmp_path):
    """Writes a workbook for somebody and fills in cells of it."""

    def run(cells, name="Ana", **wanted):
        path = tmp_path / f"{name}.xlsx"
        write_review_workbook(path, sheet_for(project, name, **wanted))
        return fill(path, cells)

    return run


def import_(store, path, name="Ana"):
    checked = check_returned(store, read_review(path), name)
    record_all(store, checked.drafts)
    return checked


def test_the_sheet_holds_what_was_pre_labelled_in_reading_order(project):
    sheet = sheet_for(project)
    assert texts(sheet) == ["Staff stayed.", "Funds came late.", "Children ate at school."]
    first, second, third = sheet.rows
    assert first.labels == (("success_factor", 0.9),)
    assert first.themes == (("local-presence", 0.7),)
    assert second.labels == (("obstacle", 0.8), ("lesson", 0.6))
    assert (third.labels, third.themes) == ((), ())
    assert third.suggestion_id is not None
    assert (first.report, first.page, first.heading) == ("mali.pdf", 1, ("Findings",))


def test_what_one_decided_oneself_is_left_out_what_others_began_is_not(project):
    set_policy(project, Policy("two-agree"))
    decide(project, MALI.passages[0], "ana")
    decide(project, MALI.passages[1], "Ben")
    assert texts(sheet_for(project, "Ana")) == ["Funds came late.", "Children ate at school."]
    assert texts(sheet_for(project, "Ben")) == ["Staff stayed.", "Children ate at school."]


def test_reports_and_states_narrow_the_choice(project):
    decide(project, MALI.passages[0], "Ana")
    assert texts(sheet_for(project, reports=("benin.pdf",))) == ["Children ate at school."]
    assert texts(sheet_for(project, states=(State.CONFIRMED,))) == ["Staff stayed."]
    assert texts(sheet_for(project, states=(State.NEW, State.CONFIRMED))) == [
        "Staff stayed.",
        "Annex 3 lists them.",
    ]
    with pytest.raises(WhatworksError, match=r"Unknown report 'bening.pdf'. Nearest: 'benin.pdf'"):
        sheet_for(project, reports=("bening.pdf",))
    with pytest.raises(WhatworksError, match="No passage there is 'stale'"):
        sheet_for(project, states=(State.STALE,))


def test_a_language_without_names_is_refused(project):
    with pytest.raises(WhatworksError, match="has no names in 'de'. It has them in en, fr, es, pt"):
        sheet_for(project, language="de")


def test_decisions_come_back_and_only_once(project, exported):
    path = exported(
        {
            3: {"Decision": "confirm", "Seconds": 12},
            4: {"Decision": "correct", "Obstacle": "yes", "Comment": "Late, not a lesson."},
        }
    )
    first = import_(project, path)
    assert (len(first.drafts), first.undecided, first.repeated) == (2, 1, 0)
    again = import_(project, path)
    assert (len(again.drafts), again.undecided, again.repeated) == (0, 1, 2)
    with project.reading() as connection:
        said = decisions_on(connection, [one.id for one in MALI.passages])
        states = passage_states(connection, [one.id for one in MALI.passages])
    assert [[(one.verdict, one.labels, one.themes) for one in some] for some in said.values()] == [
        [(Verdict.CONFIRM, ("success_factor",), ("local-presence",))],
        [(Verdict.CORRECT, ("obstacle",), ())],
        [],
    ]
    late = said[MALI.passages[1].id][0]
    assert (late.comment, late.source, late.annotator) == (
        "Late, not a lesson.",
        "spreadsheet",
        "Ana",
    )
    assert said[MALI.passages[0].id][0].seconds == 12
    assert list(states.values()) == [State.CONFIRMED, State.CONFIRMED, State.NEW]


def test_a_row_changed_later_is_a_new_decision_and_changed_back_another(project, exported):
    path = exported({3: {"Decision": "confirm"}})
    for word, count in (("confirm", 1), ("reject", 2), ("reject", 2), ("confirm", 3)):
        import_(project, fill(path, {3: {"Decision": word}}))
        with project.reading() as connection:
            said = decisions_on(connection, [MALI.passages[0].id])[MALI.passages[0].id]
        assert len(said) == count
        assert said[-1].verdict == word


def test_one_wrong_row_keeps_all_others_out(project, exported):
    path = exported({3: {"Decision": "confirm"}, 4: {"Decision": "correct"}})
    with pytest.raises(WhatworksError, match="Row 4: Decision: 'correct' needs a finding type"):
        import_(project, path)
    with project.reading() as connection:
        assert connection.scalars(select(schema.decision.c.id)).all() == []


@pytest.mark.parametrize(
    ("cell", "text", "said"),
    [
        ("Q3", "'; DROP TABLE decision; --", "unknown passage ''; drop table decision; --'"),
        ("Q3", "x" * 1000, f"unknown passage '{'x' * 40}'"),
        ("R3", "0a1b2c3d4e5f-v1-s99999999999999999999", "is not what stood there"),
        ("R3", "0a1b2c3d4e5f-v1-s999999999", "the suggestion 999999999 is not one for this"),
        ("R3", "0a1b2c3d4e5f-v1-r77", "there is no round 77"),
    ],
)
def test_forged_ids_are_refused_by_row(project, exported, cell, text, said):
    path = exported({3: {"Decision": "reject"}})
    book = openpyxl.load_workbook(path)
    book["Review"][cell] = text
    del book["_whatworks"]
    book.save(path)
    with pytest.raises(WhatworksError) as refused:
        import_(project, path)
    (_, problem) = str(refused.value).split("\n  ")
    assert problem.startswith("Row 3: ")
    assert said in problem


def test_confirm_takes_the_suggestion_that_the_row_shows_though_there_is_a_newer_one(
    project, exported
):
    path = exported({3: {"Decision": "confirm"}})
    suggest(project, MALI.passages, "starter 2", good_practice=0.9)
    import_(project, path)
    with project.reading() as connection:
        (said,) = decisions_on(connection, [MALI.passages[0].id])[MALI.passages[0].id]
    assert (said.labels, said.model_version) == (("success_factor",), "starter 1")


def test_two_people_deciding_the_same_passages_are_both_recorded(project, exported):
    set_policy(project, Policy("two-agree"))
    for name, word in (("Ana", "confirm"), ("Ben", "reject")):
        assert len(import_(project, exported({3: {"Decision": word}}, name), name).drafts) == 1
    with project.reading() as connection:
        states = passage_states(connection, [MALI.passages[0].id])
    assert list(states.values()) == [State.DISAGREED]


def change_theme(store, old, new, how="renamed_from"):
    """Applies a codebook in which another theme says that it comes from this one."""
    with store.reading() as connection:
        source = current_codebook(connection).source.replace(old, new)
    head = f"- id: {new}\n"
    assert head in source
    add_codebook(store, source.replace(head, f"{head}        {how}: [{old}]\n"), "ana")


def test_a_workbook_of_an_older_codebook_is_translated(project, exported):
    path = exported(
        {
            3: {"Decision": "confirm"},
            4: {"Decision": "correct", "Obstacle": "yes", "Theme 1": "Inefficient management"},
        }
    )
    change_theme(project, "local-presence", "presence")
    change_theme(project, "inefficient-management", "slow-management")
    import_(project, path)
    with project.reading() as connection:
        said = decisions_on(connection, [one.id for one in MALI.passages[:2]])
    assert [some[0].themes for some in said.values()] == [("presence",), ("slow-management",)]
    assert [some[0].verdict for some in said.values()] == [Verdict.CONFIRM, Verdict.CORRECT]


def test_a_suggestion_made_after_the_workbook_cannot_have_been_shown_in_it(project, exported):
    path = exported({3: {"Decision": "confirm"}})
    change_theme(project, "local-presence", "presence")
    suggest(project, MALI.passages, "starter 2", good_practice=0.9)
    with project.reading() as connection:
        later = latest_suggestions(connection, [MALI.passages[0].id])[MALI.passages[0].id].id
    book = openpyxl.load_workbook(path)
    book["Review"]["R3"] = f"0a1b2c3d4e5f-v1-s{later}"
    del book["_whatworks"]
    book.save(path)
    with pytest.raises(WhatworksError, match=f"Row 3: Reference: the suggestion {later} is not"):
        import_(project, path)


def test_a_code_that_was_split_since_is_refused_by_row(project, exported):
    path = exported({3: {"Decision": "confirm"}, 4: {"Decision": "confirm"}})
    change_theme(project, "local-presence", "presence", "split_from")
    with pytest.raises(WhatworksError) as refused:
        import_(project, path)
    (_, problem) = str(refused.value).split("\n  ")
    assert problem.startswith("Row 3: the codebook has changed what 'Local presence' means")


def test_a_passage_that_left_its_report_is_taken_with_a_warning(project, exported):
    path = exported({3: {"Decision": "confirm"}})
    with project.reading() as connection:
        report_id = find_report(connection, "mali.pdf").report_id
    add(project, report_of("mali.pdf", "Funds came late."), report_id=report_id)
    checked = import_(project, path)
    assert len(checked.drafts) == 1
    assert "Row 3: the passage no longer stands in the newest version" in checked.warnings[0]


def test_another_projects_workbook_is_refused(project, exported):
    path = exported({3: {"Decision": "confirm"}})
    with project.writing() as connection:
        connection.execute(update(schema.project).values(key="another"))
    with pytest.raises(WhatworksError, match="this workbook was made in another project"):
        import_(project, path)


@pytest.fixture
def round_(project):
    """A blind round with the first two passages of Mali, the second one for Ben."""
    now = utc_now()
    with project.writing() as connection:
        (round_id,) = connection.execute(
            insert(schema.round_).values(
                name="Round 1", purpose="audit", strategy="random", seed=1, blind=True,
                created_at=now, created_by="ana",
            )
        ).inserted_primary_key  # fmt: skip
        (ben,) = connection.execute(
            insert(schema.annotator).values(name="Ben", created_at=now)
        ).inserted_primary_key
        for n in (0, 1):
            (selected,) = connection.execute(
                insert(schema.selection).values(
                    round_id=round_id, passage_id=MALI.passages[n].id, probability=0.5,
                    reason="random", created_at=now,
                )
            ).inserted_primary_key  # fmt: skip
        connection.execute(
            insert(schema.assignment).values(selection_id=selected, annotator_id=ben)
        )
    return round_id


def test_a_round_gives_each_their_passages_blind_and_takes_them_back_into_it(
    project, exported, round_
):
    assert texts(sheet_for(project, "ben", round_name="Round 1")) == [
        "Staff stayed.",
        "Funds came late.",
    ]
    path = exported(
        {3: {"Decision": "finding", "Success factor": "yes", "Theme 1": "Local presence"}},
        round_name="Round 1",
    )
    assert openpyxl.load_workbook(path)["Review"].max_row == 3
    import_(project, path)
    with project.reading() as connection:
        (said,) = decisions_on(connection, [MALI.passages[0].id])[MALI.passages[0].id]
    assert (said.verdict, said.blind, said.round_id) == (Verdict.CONFIRM, True, round_)
    with pytest.raises(WhatworksError, match="In the round 'Round 1' nothing is left for you"):
        sheet_for(project, "Ana", round_name="Round 1")
    # Confirmed by Ana; Ben's independent record is wanted all the same.
    assert len(sheet_for(project, "Ben", round_name="Round 1").rows) == 2


def test_passages_of_a_blind_round_are_held_back_from_other_workbooks(project, round_):
    sheet = sheet_for(project)
    assert (texts(sheet), sheet.held_back) == (["Children ate at school."], 2)
    with pytest.raises(WhatworksError, match="All 2 passages are in a blind round"):
        sheet_for(project, reports=("mali.pdf",))


def test_who_has_seen_the_suggestion_elsewhere_is_not_blind(project, exported, round_):
    path = exported({3: {"Decision": "no finding"}}, round_name="Round 1")
    decide(project, MALI.passages[0], "Ana")
    import_(project, path)
    with project.reading() as connection:
        said = decisions_on(connection, [MALI.passages[0].id])[MALI.passages[0].id]
    assert [(one.round_id, one.blind) for one in said][1] == (round_, False)


def test_a_round_that_was_closed_meanwhile_is_said_by_row(project, exported, round_):
    path = exported({3: {"Decision": "no finding"}}, round_name="Round 1")
    with project.writing() as connection:
        connection.execute(update(schema.round_).values(closed_at=utc_now()))
    with pytest.raises(WhatworksError, match="Row 3: the round 'Round 1' is closed"):
        import_(project, path)
    with pytest.raises(WhatworksError, match="The round 'Round 1' is closed"):
        sheet_for(project, round_name="Round 1")
    with pytest.raises(WhatworksError, match="Unknown round 'Round 2'. Nearest: 'Round 1'"):
        sheet_for(project, round_name="Round 2")
