import hashlib
import tracemalloc

import pytest
from sqlalchemy import select, text, update

from tests.labels.store.forgery import copied, forge, unguarded
from tests.labels.store.seeds import (
    codebook_source,
    draft,
    seed_codebook,
    seed_project,
    seed_report,
    seed_round,
    seed_suggestion,
    undo,
    unsure,
)
from whatworks.labels.decisions import Answer, State
from whatworks.labels.resolution import Policy
from whatworks.labels.store import audit_log
from whatworks.labels.store.audit import MOST_FINDINGS, AuditReport, audit
from whatworks.labels.store.audit_log import _rows, _said, suggestions
from whatworks.labels.store.chain import decision_hash
from whatworks.labels.store.database import Store
from whatworks.labels.store.decisions import record, record_all, set_policy
from whatworks.labels.store.guards import lift_guards
from whatworks.labels.store.history import history
from whatworks.labels.store.schema import decision, project
from whatworks.nlp.errors import WhatworksError
from whatworks.nlp.passages import PassageId


@pytest.fixture
def ids(store: Store) -> list[PassageId]:
    """A project with decisions of every kind: 1 to 8."""
    first, second, third = ids = seed_project(store)
    set_policy(store, Policy("two-adjudicated", ("zoe",)))
    suggestion_id = seed_suggestion(store, first, ["lesson"], ["staff"])
    suggested = Answer(("lesson",), ("staff",))
    round_id = seed_round(store, "round 1", [first, second], probability=1 / 3)
    in_round = {"suggested": suggested, "suggestion_id": suggestion_id, "round_id": round_id}
    record_all(
        store,
        [
            draft(first, "ana", ["lesson"], ["staff"], seconds=4.2, **in_round),
            draft(first, "ben", ["lesson"], ["staff"], comment="Sí.", **in_round),
            draft(second, "ana", ["obstacle"], blind=True, round_id=round_id),
            draft(second, "ben"),
            draft(second, "zoe", ["obstacle"], ["budget"], adjudicates=True),
            draft(third, "ana", ["lesson"]),
            undo(third, "ana"),
            unsure(third, "ana"),
        ],
    )
    return ids


def found(store: Store, head: str | None = None) -> list[tuple[str, str]]:
    """Table and row of every finding; each is said in a sentence."""
    report = audit(store, head)
    assert report.found == len(report.findings)
    assert all(one.says[0].isupper() and one.says.endswith(".") for one in report.findings)
    return [(one.table, one.row) for one in report.findings]


def sentences(store: Store) -> str:
    return "\n".join(one.says for one in audit(store).findings)


def rewrite(store: Store) -> None:
    """Gives every decision the hash that fits what it says now, and the project the last one."""
    with unguarded(store) as connection:
        head = ""
        for id_ in connection.scalars(select(decision.c.id).order_by(decision.c.id)).all():
            row = _rows(connection, [id_])[id_]
            proposed = suggestions(connection, [row.suggestion_id or 0]).get(row.suggestion_id)
            digest = decision_hash(head, *_said(row, proposed))
            connection.execute(
                update(decision).where(decision.c.id == id_).values(previous_hash=head, hash=digest)
            )
            head = digest
        connection.execute(update(project).values(head=head, decisions=id_))


def test_an_untouched_log_is_clean(store: Store, ids) -> None:
    with store.reading() as connection:
        head = connection.scalar(select(project.c.head))
    assert audit(store) == AuditReport(8, str(head), (), 0)


def test_an_empty_log_is_clean(store: Store) -> None:
    assert audit(store) == AuditReport(0, "", (), 0)


def test_a_log_with_codebook_changes_is_clean(store: Store, ids) -> None:
    seed_codebook(
        store, codebook_source(themes=["people", "gender"]), {"theme": {"staff": "people"}}
    )
    record(store, draft(ids[0], "ana", ["lesson"], ["people"]))
    seed_codebook(store, codebook_source(themes=["gender"]), {"theme": {"people": None}})
    assert found(store) == []


ALTERED = {
    "verdict": "'reject'",
    "labels": "'[\"obstacle\"]'",
    "themes": "'[]'",
    "comment": "'No.'",
    "seconds": "99.5",
    "source": "'import'",
    "key": "'other'",
    "made_at": "'2020-01-01T00:00:00.000000Z'",
    "previous_hash": "'forged'",
    "hash": "'forged'",
    "annotator_id": "1",
    "undoes_id": "1",
    "suggestion_id": "NULL",
    "selection_id": "(SELECT max(id) FROM selection)",
    "passage_id": "(SELECT max(id) FROM passage WHERE id <> passage_id)",
    "codebook_version_id": "2",
    "blind": "NOT blind",
    "adjudicates": "NOT adjudicates",
}


def test_every_column_of_a_decision_is_tried() -> None:
    assert {*ALTERED, "id"} == {column.name for column in decision.columns}


def test_every_altered_column_of_a_decision_is_named(store: Store, ids) -> None:
    seed_codebook(store)
    assert found(store) == []
    with unguarded(store) as connection:
        for column, value in ALTERED.items():
            before = connection.scalar(text(f"SELECT {column} FROM decision WHERE id = 2"))
            connection.execute(text(f"UPDATE decision SET {column} = {value} WHERE id = 2"))
            connection.commit()
            assert ("decision", "2") in found(store), column
            back = text(f"UPDATE decision SET {column} = :before WHERE id = 2")
            connection.execute(back, {"before": before})
            connection.commit()
    assert found(store) == []


def test_only_the_altered_decision_is_named(store: Store, ids) -> None:
    forge(store, "UPDATE decision SET comment = 'No.' WHERE id = 2")
    assert found(store) == [("decision", "2")]
    assert f"Decision 2 (passage {ids[0]}, by ben) is not what was recorded" in sentences(store)


def test_an_altered_answer_shows_in_what_is_counted_too(store: Store, ids) -> None:
    forge(store, "UPDATE decision SET themes = '[]' WHERE id IN (1, 2)")
    assert found(store) == [
        ("decision", "1"),
        ("decision", "2"),
        ("ballot", ids[0]),
        ("resolution", ids[0]),
        ("resolved_code", ids[0]),
    ]


@pytest.mark.parametrize(
    ("statement", "row"),
    [
        ("UPDATE annotator SET name = 'eva' WHERE name = 'ben'", ("decision", "2")),
        ("UPDATE round SET name = 'round 2' WHERE name = 'round 1'", ("decision", "2")),
        ("UPDATE selection SET reason = 'chosen' WHERE reason = 'drawn by lot'", ("decision", "2")),
        ("UPDATE selection SET probability = 0.34 WHERE probability > 0.3", ("decision", "2")),
        ("UPDATE selection SET probability = NULL WHERE probability > 0.3", ("decision", "2")),
        ("UPDATE model_version SET fingerprint = 'other'", ("decision", "2")),
        ("UPDATE suggested_code SET suggested = (code <> 'lesson')", ("decision", "2")),
        ("UPDATE codebook_version SET translation = '{\"theme\":{}}'", ("decision", "2")),
        ("UPDATE codebook_version SET sha256 = 'forged'", ("codebook_version", "1")),
        ("UPDATE codebook_version SET source = source || ' '", ("codebook_version", "1")),
        ("UPDATE passage SET text = text || '.'", ("passage", "")),
        ("UPDATE passage SET text_sha256 = 'forged'", ("decision", "2")),
    ],
)
def test_altered_evidence_is_named(store: Store, ids, statement: str, row) -> None:
    forge(store, statement)
    assert (row[0], row[1] or ids[0]) in found(store)


def test_a_text_altered_with_its_checksum_is_found_where_somebody_decided(
    store: Store, ids
) -> None:
    digest = hashlib.sha256(b"It failed.").hexdigest()
    forge(
        store,
        f"UPDATE passage SET text = 'It failed.', text_sha256 = '{digest}' WHERE id = '{ids[0]}'",
    )
    assert found(store) == [("decision", "1"), ("decision", "2")]


def test_a_removed_decision_is_named(store: Store, ids) -> None:
    forge(store, "DELETE FROM decision WHERE id = 4")
    assert ("decision", "4") in found(store)
    assert "Decision 4 was removed from the log." in sentences(store)


def test_removed_decisions_are_named_together(store: Store, ids) -> None:
    forge(store, "DELETE FROM decision WHERE id BETWEEN 1 AND 3")
    assert "Decisions 1 to 3 were removed from the log." in sentences(store)


def test_a_removed_end_is_named(store: Store, ids) -> None:
    forge(store, "DELETE FROM decision WHERE id > 6")
    assert ("decision", "7") in found(store)
    assert "Decisions 7 to 8 were removed from the end of the log." in sentences(store)


def test_a_log_that_was_removed_whole_is_named(store: Store, ids) -> None:
    forge(store, "DELETE FROM decision")
    assert "Decisions 1 to 8 were removed from the end of the log." in sentences(store)
    assert ("resolution", ids[0]) in found(store)


def test_a_removed_end_that_the_project_was_made_to_forget_shows_by_the_noted_head(
    store: Store, ids
) -> None:
    head = audit(store).head
    forge(
        store,
        "DELETE FROM decision WHERE id > 6",
        "UPDATE project SET decisions = 6, head = (SELECT hash FROM decision WHERE id = 6)",
        f"DELETE FROM resolution WHERE passage_id = '{ids[2]}'",
    )
    with pytest.raises(WhatworksError, match="cannot be undone|could be undone"):
        record(store, undo(ids[0], "zoe"))
    assert ("decision", "") in found(store, head)
    assert "is not in the log" in audit(store, head).findings[0].says


def test_an_inserted_end_is_named(store: Store, ids) -> None:
    forge(store, copied(8, 9))
    assert "Decision 9 was inserted at the end of the log." in sentences(store)


def test_an_inserted_decision_is_named(store: Store, ids) -> None:
    forge(
        store,
        "UPDATE decision SET id = id + 1000 WHERE id > 3",
        "UPDATE decision SET id = id - 999 WHERE id > 1000",
        copied(2, 4, previous_hash="(SELECT hash FROM decision WHERE id = 3)"),
        "UPDATE project SET decisions = 9",
    )
    assert ("decision", "4") in found(store)
    assert "Decision 5 was not recorded after decision 4 as it stands there" in sentences(store)


@pytest.mark.parametrize("id_", [0, -5])
def test_a_decision_before_the_first_is_named(store: Store, ids, id_: int) -> None:
    forge(store, copied(1, id_))
    assert f"Decision {id_} was inserted: the log counts from 1." in sentences(store)
    assert ("decision", str(id_)) in found(store)


def test_decisions_in_another_order_are_named(store: Store, ids) -> None:
    forge(
        store,
        "UPDATE decision SET id = 1000 WHERE id = 3",
        "UPDATE decision SET id = 3 WHERE id = 4",
        "UPDATE decision SET id = 4 WHERE id = 1000",
    )
    assert {("decision", "3"), ("decision", "4")} <= set(found(store))


def test_a_decision_altered_together_with_its_hash_does_not_fit_the_next(store: Store, ids) -> None:
    forge(store, "UPDATE decision SET comment = 'No.' WHERE id = 2")
    with unguarded(store) as connection:
        row = _rows(connection, [2])[2]
        proposed = suggestions(connection, [row.suggestion_id])[row.suggestion_id]
        digest = decision_hash(row.previous_hash, *_said(row, proposed))
        connection.execute(update(decision).where(decision.c.id == 2).values(hash=digest))
    assert found(store) == [("decision", "3")]
    assert "Decision 3 was not recorded after decision 2 as it stands there" in sentences(store)


def test_a_log_that_was_rewritten_whole_is_found_by_the_head_that_was_noted(
    store: Store, ids
) -> None:
    head = audit(store).head
    forge(store, "UPDATE decision SET comment = 'No.' WHERE id = 2")
    rewrite(store)
    assert found(store) == []
    assert found(store, head) == [("decision", "")]


def test_the_head_that_was_noted_is_found_in_a_longer_log(store: Store, ids) -> None:
    head = audit(store).head
    record(store, draft(ids[0], "ana"))
    report = audit(store, f" {head[:12].upper()} ")
    assert report.findings == ()
    assert report.noted == 8
    assert audit(store, head).noted == 8
    assert audit(store).noted is None


@pytest.mark.parametrize("head", ["abc", "x" * 64, "0123456789a"])
def test_a_head_that_is_none_is_refused(store: Store, head: str) -> None:
    with pytest.raises(WhatworksError, match="is no head of a log"):
        audit(store, head)


def test_a_changed_count_or_head_of_the_project_is_named(store: Store, ids) -> None:
    forge(store, "UPDATE project SET head = 'forged'")
    assert found(store) == [("project", "1")]
    forge(store, "UPDATE project SET decisions = 9")
    assert found(store) == [("decision", "9")]


@pytest.mark.parametrize(
    ("table", "what"),
    [
        ("annotator", "annotator"),
        ("passage", "passage"),
        ("selection", "selection"),
        ("suggestion", "suggestion"),
        ("codebook_version", "codebook version"),
    ],
)
def test_what_a_decision_rests_on_and_is_gone_is_named(store: Store, ids, table, what) -> None:
    forge(store, f"DELETE FROM {table}")
    assert ("decision", "1") in found(store)
    assert f"Decision 1 refers to {what} " in sentences(store)


@pytest.mark.parametrize(
    ("column", "value"),
    [("labels", "'no json'"), ("labels", "'7'"), ("themes", "'{'"), ("verdict", "'maybe'")],
)
def test_a_decision_that_cannot_be_read_is_named(store: Store, ids, column, value) -> None:
    if column == "verdict" and store.engine.dialect.name == "postgresql":
        forge(store, "ALTER TABLE decision DROP CONSTRAINT ck_decision_verdict")
    forge(store, f"UPDATE decision SET {column} = {value} WHERE id = 2")
    assert set(found(store)) == {("decision", "2"), ("resolution", ids[0])}


@pytest.mark.parametrize("column", ["seconds", "blind", "text", "head"])
def test_values_of_a_wrong_type_that_sqlite_takes_are_named(store: Store, ids, column) -> None:
    if store.engine.dialect.name != "sqlite":
        pytest.skip("other engines refuse them")
    if column == "text":
        forge(store, "UPDATE passage SET text = x'00ff'")
        assert ("passage", ids[0]) in found(store)
    elif column == "head":
        forge(store, "UPDATE decision SET hash = x'00ff' WHERE id = 2")
        assert ("decision", "2") in found(store)
    else:
        forge(store, f"UPDATE decision SET {column} = 'x' WHERE id = 2")
        assert ("decision", "2") in found(store)


@pytest.mark.parametrize(
    ("statement", "rows"),
    [
        ("UPDATE resolution SET state = 'confirmed' WHERE passage_id = '{2}'", [("resolution", 2)]),
        ("UPDATE resolution SET labels = '[]' WHERE passage_id = '{0}'", [("resolution", 0)]),
        ("UPDATE resolution SET votes = 7 WHERE passage_id = '{1}'", [("resolution", 1)]),
        ("UPDATE resolution SET how = 'agreed' WHERE passage_id = '{1}'", [("resolution", 1)]),
        ("UPDATE resolution SET themes = '?' WHERE passage_id = '{1}'", [("resolution", 1)]),
        ("DELETE FROM resolution WHERE passage_id = '{0}'", [("resolution", 0)]),
        ("UPDATE resolution SET report_id = 2 WHERE passage_id = '{1}'", [("resolution", 1)]),
        ("UPDATE ballot SET language = 'fr' WHERE passage_id = '{0}'", [("ballot", 0)]),
        ("DELETE FROM ballot WHERE passage_id = '{0}'", [("ballot", 0)]),
        ("INSERT INTO ballot VALUES ('{2}', 'en', '-1 1 1')", [("ballot", 2)]),
        ("DELETE FROM resolved_code WHERE code = 'budget'", [("resolved_code", 1)]),
        ("INSERT INTO resolved_code VALUES ('{2}', 'theme', 'staff')", [("resolved_code", 2)]),
        ("UPDATE resolved_code SET code = 'gender' WHERE code = 'budget'", [("resolved_code", 1)]),
        ("INSERT INTO resolved_code VALUES ('nowhere', 'theme', 'x')", [("resolved_code", None)]),
        ('UPDATE policy_version SET policy = \'{{"adjudicators":[],"name":"one-reviewer"}}\'', []),
    ],
)
def test_what_does_not_follow_from_the_log_is_named(store: Store, ids, statement, rows) -> None:
    forge(store, statement.format(*ids))
    expected = [(table, "nowhere" if n is None else ids[n]) for table, n in rows]
    assert found(store) == expected


def test_a_passage_that_is_decided_only_in_the_tables_is_named(store: Store, ids) -> None:
    (other,) = seed_report(store, "other.pdf", ["Nobody decided."])
    forge(
        store,
        "INSERT INTO resolution (passage_id, report_id, state, labels, themes, how, votes, "
        f"decision_id, updated_at) VALUES ('{other}', 2, 'confirmed', '[]', '[]', 'agreed', 1, 1, "
        "'')",
    )
    assert found(store) == [("resolution", other)]
    assert "from its decisions follows not decided" in sentences(store)


@pytest.mark.parametrize(
    ("statement", "row"),
    [
        # Another's decision, one that was taken back already, a later one, none.
        ("UPDATE decision SET undoes_id = 2 WHERE id = 7", "7"),
        ("UPDATE decision SET undoes_id = 8 WHERE id = 7", "7"),
        ("UPDATE decision SET undoes_id = NULL WHERE id = 7", "7"),
        ("UPDATE decision SET undoes_id = 1 WHERE id = 2", "2"),
    ],
)
def test_an_undo_of_what_cannot_be_undone_is_named_even_with_fitting_hashes(
    store: Store, ids, statement, row
) -> None:
    forge(store, statement)
    rewrite(store)
    assert ("decision", row) in found(store)
    assert f"Decision {row} takes back" in sentences(store)


def test_missing_triggers_are_named(store: Store, ids) -> None:
    with store.writing() as connection:
        lift_guards(connection)
    rows = found(store)
    assert ("decision", "decision_no_update") in rows
    assert "lets rows of 'decision' be changed" in sentences(store)


def test_removed_codebook_versions_are_named(store: Store, ids) -> None:
    for _ in range(3):
        seed_codebook(store)
    forge(store, "DELETE FROM codebook_version WHERE number = 3")
    assert found(store) == [("codebook_version", "4")]


def test_a_log_longer_than_one_query_is_walked_through(store: Store, ids, monkeypatch) -> None:
    monkeypatch.setattr(audit_log, "AT_ONCE", 3)
    assert found(store) == []
    forge(store, "UPDATE decision SET comment = 'No.' WHERE id IN (3, 4, 7)")
    assert found(store) == [("decision", "3"), ("decision", "4"), ("decision", "7")]


def test_more_findings_than_one_can_read_are_counted(store: Store, ids, monkeypatch) -> None:
    monkeypatch.setattr("whatworks.labels.store.audit.MOST_FINDINGS", 3)
    forge(store, "UPDATE decision SET comment = 'No.'")
    report = audit(store)
    assert len(report.findings) == 3
    assert report.found == 8
    assert MOST_FINDINGS > 3


def test_the_audit_writes_nothing(store: Store, ids) -> None:
    forge(store, "DELETE FROM resolution", "DELETE FROM resolved_code")
    assert found(store) == found(store)


def test_the_history_tells_everything_in_order(store: Store, ids) -> None:
    seed_codebook(
        store, codebook_source(themes=["people", "gender"]), {"theme": {"staff": "people"}}
    )
    seed_report(store, texts=["It worked, point 2."])
    record(store, draft(ids[0], "ana", ["lesson"], ["people"], comment="Yes,\nagain."))
    seed_codebook(store, codebook_source(themes=["gender"]), {"theme": {"people": None}})
    set_policy(store, Policy("one-reviewer"))
    with store.reading() as connection:
        told = history(connection, ids[0][:8])
    assert told.passage.text == "It worked, point 1."
    assert told.state is State.STALE
    assert told.resolution is not None
    assert [(one.kind, one.by, one.says) for one in told.events] == [
        ("read", "ana", "stands in version 1 of report.pdf, page 1, under Findings"),
        (
            "suggested",
            "starter 1.0",
            "suggests lesson (0.90), staff (0.90) (codebook version 1)",
        ),
        (
            "selected",
            "ana",
            "selected for the round 'round 1': drawn by lot, with probability 0.3333",
        ),
        (
            "decided",
            "ana",
            "confirm: lesson; staff (decision 1; codebook version 1, terminal, suggestion of "
            "starter 1.0 shown, 4.2 s)",
        ),
        (
            "decided",
            "ben",
            "confirm: lesson; staff (decision 2; codebook version 1, terminal, suggestion of "
            "starter 1.0 shown). Comment: Sí.",
        ),
        ("codebook", "ana", "codebook version 2: staff is now people"),
        ("read", "ana", "is not in version 2 of report.pdf"),
        ("selected", "", "selected for the round 'reading': reviewer's choice"),
        (
            "decided",
            "ana",
            "correct: lesson; people (decision 9; codebook version 2, terminal). Comment: Yes,\n"
            "again.",
        ),
        ("codebook", "ana", "codebook version 3: people is stale, to be decided again"),
        ("policy", "", "the policy is now one-reviewer"),
    ]
    assert [one.at for one in told.events] == sorted(one.at for one in told.events)


def test_the_history_tells_undos_doubts_and_adjudications(store: Store, ids) -> None:
    with store.reading() as connection:
        second, third = history(connection, ids[1]), history(connection, ids[2])
    assert [one.says for one in second.events if one.kind == "decided"] == [
        "correct: obstacle (decision 3; codebook version 1, terminal, blind)",
        "reject: no finding (decision 4; codebook version 1, terminal)",
        "settles it: obstacle; budget (decision 5; codebook version 1, terminal)",
    ]
    assert [one.says for one in third.events if one.kind == "decided"] == [
        "correct: lesson (decision 6; codebook version 1, terminal)",
        "takes back decision 6 (decision 7; codebook version 1, terminal)",
        "unsure (decision 8; codebook version 1, terminal)",
    ]


def test_a_passage_nobody_spoke_of_has_a_short_history(store: Store) -> None:
    first, *_ = seed_project(store)
    with store.reading() as connection:
        told = history(connection, first)
        assert [one.kind for one in told.events] == ["read"]
        assert told.state is State.NEW
        with pytest.raises(WhatworksError, match="Unknown passage"):
            history(connection, "0123456789abcdef")


@pytest.mark.slow
def test_an_audit_of_a_long_log_needs_no_more_memory(store: Store) -> None:
    seed_codebook(store)

    def peak() -> int:
        tracemalloc.start()
        try:
            assert audit(store).found == 0
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    def lengthen(passages: int, name: str) -> None:
        ids = seed_report(store, name, [f"Point {n} of {name}." for n in range(passages)])
        record_all(store, [draft(one, who) for who in ("ana", "ben") for one in ids])

    lengthen(1500, "first.pdf")
    peak()
    short = peak()
    lengthen(6000, "second.pdf")
    assert peak() < 1.5 * short
