from tests.labels.store.seeds import draft, seed_project
from whatworks.labels.accounts import Role
from whatworks.labels.register import Facts
from whatworks.labels.store.accounts import add_account, set_disabled
from whatworks.labels.store.assignments import RoundDraft, assign, create_round
from whatworks.labels.store.decisions import record
from whatworks.labels.store.people import check_people, people
from whatworks.labels.store.register import Change, put


def test_whoever_decided_was_assigned_or_has_an_account_can_be_asked(store):
    ids = seed_project(store, 2)
    record(store, draft(ids[0], "ben", ["lesson"]))
    assign(store, create_round(store, RoundDraft("r", tuple(ids), "s", "r"), "o"), ["Ana"])
    for name in ("Olga", "Gone"):
        add_account(store, name, Role.OWNER, "seven mild rivers")
    set_disabled(store, "Gone", True)

    with store.reading() as connection:
        assert people(connection) == ["Ana", "ben", "Olga"]


def test_who_keeps_the_register_need_not_be_a_reader(store):
    put(store, [Change(Facts("Evaluation"))], "list.csv", "Olga")

    with store.reading() as connection:
        assert people(connection) == []
        check_people(connection, ["Ben"])
