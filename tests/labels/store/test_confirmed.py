import ast
import inspect
from pathlib import Path

import pytest

from tests.labels.store.forgery import forge
from tests.labels.store.seeds import (
    codebook_source,
    draft,
    seed_codebook,
    seed_project,
    seed_report,
    seed_suggestion,
    undo,
    unsure,
)
from whatworks.labels.resolution import Policy
from whatworks.labels.store import confirmed
from whatworks.labels.store.confirmed import (
    ConfirmedPassage,
    Coverage,
    code_counts,
    code_counts_among,
    code_counts_by_report,
    confirmed_passages,
    coverage,
    finding_type_by_theme,
    first_with,
)
from whatworks.labels.store.database import Store
from whatworks.labels.store.decisions import record, record_all, set_policy
from whatworks.nlp.errors import WhatworksError
from whatworks.nlp.passages import PassageId

ROOT = Path(__file__).parents[3]


def everything(store: Store, report_id: int | None = None) -> list[ConfirmedPassage]:
    with store.reading() as connection:
        return list(confirmed_passages(connection, report_id))


def counts(store: Store) -> dict[str, int]:
    with store.reading() as connection:
        return {code: count for (_, code), count in code_counts(connection).items()}


def test_a_confirmed_passage_says_what_it_rests_on(store: Store) -> None:
    set_policy(store, Policy("two-agree"))
    first, second, _ = seed_project(store)
    seed_suggestion(store, second, ["lesson"])
    record(store, draft(second, "ana", ["lesson"], ["staff", "budget"]))
    record(store, draft(second, "eva", ["obstacle"]))
    record(store, draft(second, "ben", ["lesson"], ["budget", "staff"]))
    record(store, draft(first, "ana", ["lesson"]))
    (one,) = everything(store)
    assert one.passage.id == second
    assert one.passage.text == "It worked, point 2."
    assert (one.passage.page, one.passage.heading) == (2, ("Findings",))
    assert (one.labels, one.themes, one.how) == (("lesson",), ("budget", "staff"), "agreed")
    assert one.annotators == ("ana", "ben")
    assert [decision.id for decision in one.decisions] == [1, 3]
    assert one.codebook_version == 1
    assert one.report_id == 1


def test_the_confirmed_passages_of_a_code_come_in_reading_order(store: Store) -> None:
    first, second, third, fourth, fifth = seed_project(store, passages=5)
    for passage in (third, second, fifth):
        record(store, draft(passage, "ana", ["lesson"], ["staff"]))
    record(store, draft(first, "ana", ["obstacle"]))
    record(store, draft(fourth, "ana", ["lesson"]))
    record(store, draft(fourth, "ben", ["obstacle"]))
    with store.reading() as connection:

        def ids(code: str, limit: int, *without: PassageId) -> list[PassageId]:
            kind = "theme" if code == "staff" else "finding_type"
            found = first_with(connection, (kind, code), limit, leaving_out=set(without))
            return [one.passage.id for one in found]

        assert ids("lesson", 20) == ids("staff", 20) == [second, third, fifth]
        assert ids("lesson", 2) == [second, third]
        assert ids("lesson", 2, second) == [third, fifth]
        assert ids("obstacle", 20) == [first]
        assert code_counts_among(connection, [second, fourth, fifth]) == {
            ("finding_type", "lesson"): 2,
            ("theme", "staff"): 2,
        }
        assert ids("success_factor", 20) == []


def test_only_confirmed_passages_come_through(store: Store) -> None:
    first, second, third, fourth = seed_project(store, passages=4)
    record_all(
        store,
        [
            draft(first, "ana", ["lesson"]),
            draft(first, "ben", ["obstacle"]),
            unsure(second),
            draft(third, "ana", ["lesson"]),
            undo(third),
            draft(fourth, "ana", ["lesson"], ["staff"]),
        ],
    )
    assert [one.passage.id for one in everything(store)] == [fourth]
    assert counts(store) == {"lesson": 1, "staff": 1}
    source = codebook_source(themes=["budget"])
    seed_codebook(store, source, {"theme": {"staff": None}})
    assert everything(store) == []
    assert counts(store) == {}


def test_an_adjudicated_passage_names_who_settled_it(store: Store) -> None:
    set_policy(store, Policy("two-adjudicated", ("zoe",)))
    first, *_ = seed_project(store)
    record_all(
        store,
        [
            draft(first, "ana", ["lesson"]),
            draft(first, "ben"),
            draft(first, "zoe", [], adjudicates=True),
        ],
    )
    (one,) = everything(store)
    assert (one.labels, one.how, one.annotators) == ((), "adjudicated", ("zoe",))


def test_labels_stand_in_the_words_of_the_newest_codebook(store: Store) -> None:
    first, *_ = seed_project(store)
    record(store, draft(first, "ana", ["lesson"], ["staff", "budget"]))
    source = codebook_source(types=["insight", "obstacle"], themes=["means"])
    changed = {
        "finding_type": {"lesson": "insight"},
        "theme": {"staff": "means", "budget": "means"},
    }
    seed_codebook(store, source, changed)
    (one,) = everything(store)
    assert (one.labels, one.themes, one.codebook_version) == (("insight",), ("means",), 2)
    assert (one.decisions[0].labels, one.decisions[0].codebook_version) == (("lesson",), 1)
    assert counts(store) == {"insight": 1, "means": 1}


def test_passages_that_are_no_longer_in_their_report_are_not_counted(store: Store) -> None:
    ids = seed_project(store)
    record_all(store, [draft(one, "ana", ["lesson"]) for one in ids])
    seed_report(store, texts=["Something else.", "It worked, point 2."])
    (one,) = everything(store)
    assert one.passage.id == ids[1]
    # Where it stands now, not where it stood when it was decided.
    assert (one.passage.order, one.passage.page) == (2, 2)
    assert counts(store) == {"lesson": 1}
    with store.reading() as connection:
        assert coverage(connection) == {1: Coverage(1, 2)}
    # Its decision holds when it comes back.
    seed_report(store, texts=["It worked, point 3."])
    assert [one.passage.id for one in everything(store)] == [ids[2]]


def test_counts_by_report_and_by_finding_type_and_theme(store: Store) -> None:
    first, second, third = seed_project(store)
    (other,) = seed_report(store, "other.pdf", ["Elsewhere."])
    seed_report(store, "empty.pdf", [])
    record_all(
        store,
        [
            draft(first, "ana", ["lesson", "obstacle"], ["staff"]),
            draft(second, "ana", ["lesson"], ["staff", "budget"]),
            draft(third, "ana"),
            draft(other, "ana", ["lesson"], ["budget"]),
        ],
    )
    with store.reading() as connection:
        assert code_counts_by_report(connection) == {
            1: {
                ("finding_type", "lesson"): 2,
                ("finding_type", "obstacle"): 1,
                ("theme", "staff"): 2,
                ("theme", "budget"): 1,
            },
            2: {("finding_type", "lesson"): 1, ("theme", "budget"): 1},
        }
        assert code_counts(connection, 2) == code_counts_by_report(connection)[2]
        assert code_counts(connection, 3) == {}
        assert finding_type_by_theme(connection) == {
            ("lesson", "staff"): 2,
            ("lesson", "budget"): 2,
            ("obstacle", "staff"): 1,
        }
        assert finding_type_by_theme(connection, 2) == {("lesson", "budget"): 1}
        assert coverage(connection) == {1: Coverage(3, 3), 2: Coverage(1, 1), 3: Coverage(0, 0)}
    assert [one.passage.id for one in everything(store)] == [first, second, third, other]
    assert [one.passage.id for one in everything(store, 2)] == [other]


def test_stored_labels_that_do_not_follow_from_the_decisions_are_not_given_out(
    store: Store,
) -> None:
    first, *_ = seed_project(store)
    record(store, draft(first, "ana", ["lesson"]))
    forge(store, "UPDATE resolution SET labels = '[\"obstacle\"]'")
    with pytest.raises(WhatworksError, match=f"Passage {first}: its stored labels .* audit"):
        everything(store)


def test_no_function_has_a_way_to_let_others_in() -> None:
    narrowing = {"report_id", "report_of", "passage_ids", "code", "limit", "leaving_out"}
    for name, function in inspect.getmembers(confirmed, inspect.isfunction):
        if function.__module__ == confirmed.__name__:
            parameters = set(inspect.signature(function).parameters)
            assert parameters <= {"connection", *narrowing}, name


READERS = {
    "labels/store/audit_states.py",
    "labels/store/confirmed.py",
    "labels/store/progress.py",
    "labels/store/resolutions.py",
    "labels/store/schema.py",
}
"""Who may touch the stored labels: who defines, makes and checks them, and the one door.
``progress`` counts them its own, faster way; tests hold it to what comes through the door."""


def reads_labels(path: Path) -> bool:
    """Whether a module names ``resolved_code``, or takes labels or themes from ``resolution``."""
    tree = ast.parse(path.read_text("utf-8"))
    aliases = {"resolution"}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            aliases |= {
                name.asname for name in node.names if name.name == "resolution" and name.asname
            }
            if any(name.name == "resolved_code" for name in node.names):
                return True
        if isinstance(node, ast.Attribute):
            if node.attr == "resolved_code":
                return True
            owner = ast.unparse(node.value)
            if node.attr in ("labels", "themes") and owner.split(".")[0] in aliases:
                return True
            if node.attr in ("labels", "themes") and owner.endswith("resolution.c"):
                return True
        # A select of the whole table has them too.
        is_select = isinstance(node, ast.Call) and ast.unparse(node.func) == "select"
        if is_select and any(ast.unparse(one).split(".")[-1] in aliases for one in node.args):
            return True
    return False


def test_nobody_else_reads_stored_labels() -> None:
    """Whoever aggregates goes through ``confirmed``; whoever shows one passage, through
    ``resolutions_of``."""
    paths = [
        path
        for folder in ("nlp", "labels", "models", "training", "cli")
        for path in sorted((ROOT / folder).rglob("*.py"))
        if "migrations" not in path.parts
    ]
    assert len(paths) > 50
    found = {str(path.relative_to(ROOT)) for path in paths if reads_labels(path)}
    assert found - READERS == set()
    # The search finds what it looks for.
    assert found >= READERS - {"labels/store/schema.py"}


@pytest.mark.parametrize(
    "source",
    [
        "from .schema import resolved_code",
        "from . import schema\nselect(schema.resolved_code)",
        "from .schema import resolution\nselect(resolution.c.labels)",
        "from .schema import resolution as r\nselect(r.c.themes)",
        "from . import schema\nselect(schema.resolution.c.labels)",
        "from .schema import resolution\nselect(resolution)",
        "from . import schema\nselect(schema.resolution)",
    ],
)
def test_the_search_finds_every_way_to_read_them(source: str, tmp_path: Path) -> None:
    path = tmp_path / "module.py"
    path.write_text(source)
    assert reads_labels(path)


def test_reading_states_is_nothing_to_hide(tmp_path: Path) -> None:
    path = tmp_path / "module.py"
    path.write_text("from .schema import resolution\nselect(resolution.c.state)")
    assert not reads_labels(path)
