"""Random histories of a project, and a reader of its log who knows nothing of the package.

A ``World`` does to a project whatever people do: decides, quarrels, takes back, changes the
codebook and the policy, adds new versions of reports. ``Naive`` reads the log from its beginning.
"""

import itertools
import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck
from hypothesis import strategies as st
from sqlalchemy import text

from tests.labels.store.seeds import (
    codebook_source,
    draft,
    seed_codebook,
    seed_report,
    undo,
    unsure,
)
from tests.postgres import PostgresServer
from whatworks.labels.decisions import DecisionDraft
from whatworks.labels.resolution import Policy
from whatworks.labels.store.audit import audit
from whatworks.labels.store.database import Store, open_store
from whatworks.labels.store.decisions import record, set_policy
from whatworks.labels.store.resolutions import effect_of
from whatworks.nlp.errors import WhatworksError

NewStore = Callable[[], AbstractContextManager[Store]]
POLICIES = [
    Policy("one-reviewer"),
    Policy("one-reviewer", ("zoe",)),
    Policy("two-agree"),
    Policy("two-adjudicated", ("zoe",)),
]
TEXTS = ("It worked.", "It failed.", "It was late.", "It lasted.")
PEOPLE = ("ana", "ben", "eva", "zoe")
SINGULAR = {"types": "finding_type", "themes": "theme"}

small = st.integers(0, 5)
kinds = st.sampled_from(["types", "types", "themes"])
people = st.sampled_from([0, 1, 1, 2])


def some_actions(
    passages: st.SearchStrategy[int], themes: st.SearchStrategy[tuple[int, ...]]
) -> st.SearchStrategy[Any]:
    """What may be done to a project.

    Args:
        passages: Places in ``World.ids``.
        themes: Places in the codebook of the themes that somebody gives.
    """
    answers = st.tuples(st.sampled_from([(), (0,), (0,), (1,), (0, 1)]), themes)
    return st.one_of(
        st.tuples(st.just("decide"), passages, people, answers),
        st.tuples(st.just("decide"), passages, people, answers),
        st.tuples(st.just("agree"), passages, answers),
        st.tuples(st.just("quarrel"), passages, answers, answers, st.integers(0, 2), answers),
        st.tuples(st.just("adjudicate"), passages, st.just(3), answers),
        st.tuples(st.just("waver"), passages, people, answers, answers),
        st.tuples(st.just("unsure"), passages, people),
        st.tuples(st.just("undo"), passages, st.sampled_from([0, 1, 2, 3])),
        st.tuples(st.just("rename"), kinds, small),
        st.tuples(st.just("swap"), kinds, small),
        st.tuples(st.just("merge"), kinds, small, small),
        st.tuples(st.just("split"), kinds, small),
        st.tuples(st.just("retire"), kinds, small),
        st.tuples(st.just("redefine"), kinds, small),
        st.tuples(st.just("revive"), kinds, small),
        st.tuples(st.just("policy"), st.integers(0, len(POLICIES) - 1)),
        st.tuples(st.just("policy"), st.sampled_from([2, 3])),
        st.tuples(st.just("version"), st.permutations(range(4)), st.integers(1, 4)),
    )


def histories_of(
    actions: st.SearchStrategy[Any], most: int = 25
) -> st.SearchStrategy[tuple[int, list[Any]]]:
    """The policy in the beginning, and what was done then."""
    return st.tuples(st.integers(0, 3), st.lists(actions, min_size=10, max_size=most))


class Told:
    """What the naive reader knows of a passage: each person's answers that hold, as a stack."""

    def __init__(self) -> None:
        self.stacks: dict[str, list[dict[str, Any]]] = {}
        self.said: list[dict[str, Any]] = []
        """All that was ever said, undone or not."""
        self.before_ruling: dict[str, list[dict[str, Any]]] | None = None
        """The stacks as they stood when it was first adjudicated."""

    def votes(self) -> list[dict[str, Any]]:
        """What each independent reader said, as far as it counts now."""
        stacks = self.stacks if self.before_ruling is None else self.before_ruling
        own = [[one for one in stack if not one["rules"]] for stack in stacks.values()]
        last = [some[-1] for some in own if some]
        return [one for one in last if not one["unsure"] and not one["stale"]]

    def state(self, policy: Policy) -> tuple[str, Any]:
        """Its state, and the answer where it is confirmed."""
        said = [one for stack in self.stacks.values() for one in stack]
        if not said:
            return "undecided", None
        rulings = sorted((one for one in said if one["rules"]), key=lambda one: one["id"])
        ruling = rulings[-1] if rulings and policy.name != "two-agree" else None
        if ruling and not ruling["stale"]:
            return "confirmed", (ruling["types"], ruling["themes"], "adjudicated")
        voted = []
        for stack in self.stacks.values():
            own = [one for one in stack if not one["rules"]]
            if own and not own[-1]["unsure"]:
                voted.append(own[-1])
        needed = 1 if policy.name == "one-reviewer" else 2

        def winners(votes: list[dict[str, Any]]) -> list[Any]:
            said = [(one["types"], one["themes"], one["stale"]) for one in votes]
            return [
                one
                for n, one in enumerate(said)
                if one not in said[:n] and said.count(one) >= needed
            ]

        fresh = [one for one in voted if not one["stale"]]
        if len(won := winners(fresh)) == 1:
            return "confirmed", (won[0][0], won[0][1], "agreed")
        if len(fresh) >= needed:
            return "disagreed", None
        if ruling or len(winners(voted)) == 1:
            return "stale", None
        return "in review", None


class Naive:
    """Reads the log from its beginning; forgets and rewrites as it goes, unlike the package."""

    def __init__(self, rows: list[Any], translations: list[Any]) -> None:
        self.told: dict[str, Told] = {}
        version = 1
        for row in rows:
            while version < row.number:
                version += 1
                self._rewrite(version, translations[version - 1])
            told = self.told.setdefault(row.passage_id, Told())
            stack = told.stacks.setdefault(row.name, [])
            if row.verdict == "undo":
                stack.pop()
                continue
            if row.adjudicates and told.before_ruling is None:
                told.before_ruling = {name: [*some] for name, some in told.stacks.items()}
            one = {
                "id": row.id,
                "types": set(json.loads(row.labels)),
                "themes": set(json.loads(row.themes)),
                "stale": set(),
                "unsure": row.verdict == "unsure",
                "rules": bool(row.adjudicates),
            }
            stack.append(one)
            told.said.append(one)
        for number in range(version + 1, len(translations) + 1):
            self._rewrite(number, translations[number - 1])

    def _rewrite(self, version: int, translation: Any) -> None:
        for told in self.told.values():
            for one in told.said:
                for field, kind in SINGULAR.items():
                    renamed = translation.get(kind, {})
                    gone = {code for code in one[field] if code in renamed and not renamed[code]}
                    one["stale"] = one["stale"] | {(version, kind, code) for code in gone}
                    one[field] = {renamed.get(code, code) for code in one[field] - gone}


class World:
    """A project, what was done to it, and what the naive reader expects."""

    def __init__(self, store: Store, policy: Policy) -> None:
        self.store = store
        self.codes = {"types": ["lesson", "obstacle"], "themes": ["money", "staff", "trust"]}
        self.gone: dict[str, list[str]] = {"types": [], "themes": []}
        self.names = itertools.count(1)
        self.policy = policy
        self.standing = list(TEXTS[:3])
        seed_codebook(store, self.source())
        self.ids = seed_report(store, texts=TEXTS[:3])
        self.by_text = dict(zip(TEXTS, self.ids, strict=False))
        set_policy(store, policy)

    def source(self) -> str:
        return codebook_source(self.codes["types"], self.codes["themes"])

    def naive(self) -> Naive:
        with self.store.reading() as connection:
            rows = connection.execute(
                text(
                    "SELECT decision.id, passage_id, name, verdict, labels, themes, adjudicates, "
                    "number FROM decision JOIN annotator ON annotator.id = annotator_id JOIN "
                    "codebook_version ON codebook_version.id = codebook_version_id ORDER BY "
                    "decision.id"
                )
            ).all()
            steps = connection.execute(
                text("SELECT translation FROM codebook_version ORDER BY number")
            ).scalars()
            return Naive(list(rows), [json.loads(one) for one in steps])

    def do(self, action: Any) -> None:
        name, *arguments = action
        getattr(self, f"do_{name}")(*arguments)

    def do_decide(self, passage: int, person: int, answer: Any) -> None:
        record(self.store, self._draft(passage, person, answer))

    def do_agree(self, passage: int, answer: Any) -> None:
        for person in (0, 1):
            self.do_decide(passage, person, answer)

    def do_waver(self, passage: int, person: int, one: Any, other: Any) -> None:
        self.do_decide(passage, person, one)
        self.do_decide(passage, person, other)
        self.do_undo(passage, person)

    def do_quarrel(self, passage: int, one: Any, other: Any, right: int, third: Any) -> None:
        self.do_decide(passage, 0, one)
        self.do_decide(passage, 1, other)
        self.do_adjudicate(passage, 3, (one, other, third)[right])

    def _draft(self, passage: int, person: int, answer: Any, **more: Any) -> DecisionDraft:
        types, themes = self.codes["types"], self.codes["themes"]
        labels = sorted({types[n % len(types)] for n in answer[0]})
        about = sorted({themes[n % len(themes)] for n in answer[1]}) if labels else []
        return draft(self.ids[passage], PEOPLE[person], labels, about, **more)

    def _try(self, one: DecisionDraft, *, allowed: bool) -> None:
        try:
            record(self.store, one)
        except WhatworksError:
            assert not allowed, one
        else:
            assert allowed, one

    def do_adjudicate(self, passage: int, person: int, answer: Any) -> None:
        told = self.naive().told.get(self.ids[passage], Told())
        ruled = any(one["rules"] for stack in told.stacks.values() for one in stack)
        self._try(
            self._draft(passage, person, answer, adjudicates=True),
            allowed=self.policy.name != "two-agree"
            and PEOPLE[person] in self.policy.adjudicators
            and (ruled or told.state(self.policy)[0] == "disagreed"),
        )

    def do_unsure(self, passage: int, person: int) -> None:
        record(self.store, unsure(self.ids[passage], PEOPLE[person]))

    def do_undo(self, passage: int, person: int) -> None:
        told = self.naive().told.get(self.ids[passage], Told())
        self._try(
            undo(self.ids[passage], PEOPLE[person]), allowed=bool(told.stacks.get(PEOPLE[person]))
        )

    def do_policy(self, number: int) -> None:
        self.policy = POLICIES[number]
        set_policy(self.store, self.policy)

    def do_version(self, order: list[int], count: int) -> None:
        self.standing = [TEXTS[n] for n in order][:count]
        self.by_text |= dict(
            zip(self.standing, seed_report(self.store, texts=self.standing), strict=True)
        )

    def do_rename(self, kind: str, n: int) -> None:
        self._change(kind, n, lambda old: ([new := self._name()], {old: new}))

    def do_split(self, kind: str, n: int) -> None:
        self._change(kind, n, lambda old: ([self._name(), self._name()], {old: None}))

    def do_redefine(self, kind: str, n: int) -> None:
        self._change(kind, n, lambda old: ([old], {old: None}))

    def do_retire(self, kind: str, n: int) -> None:
        if len(self.codes[kind]) > 1:
            self._change(kind, n, lambda old: ([], {old: None}))

    def do_merge(self, kind: str, n: int, m: int) -> None:
        codes = self.codes[kind]
        into = codes[m % len(codes)]
        if codes[n % len(codes)] != into:
            self._change(kind, n, lambda old: ([], {old: into}))

    def do_swap(self, kind: str, n: int) -> None:
        codes = self.codes[kind]
        if len(codes) > 1:
            one, other = codes[n % len(codes)], codes[(n + 1) % len(codes)]
            self._apply(kind, {one: other, other: one})

    def do_revive(self, kind: str, n: int) -> None:
        """A new code takes the name that another one had."""
        if self.gone[kind]:
            self.codes[kind].append(self.gone[kind].pop(n % len(self.gone[kind])))
            self._apply(kind, {})

    def _name(self) -> str:
        return f"new_{next(self.names)}"

    def _change(self, kind: str, n: int, how: Callable[[str], tuple[list[str], Any]]) -> None:
        codes = self.codes[kind]
        old = codes.pop(n % len(codes))
        after, fates = how(old)
        codes += after
        if old not in after:
            self.gone[kind].append(old)
        self._apply(kind, fates)

    def _apply(self, kind: str, fates: dict[str, str | None]) -> None:
        translation = {SINGULAR[kind]: fates} if fates else {}
        with self.store.reading() as connection:
            foreseen = effect_of(connection, translation)
        assert seed_codebook(self.store, self.source(), translation) == foreseen

    def check(self) -> None:
        """Compares what the package says with what the naive reader expects."""
        raise NotImplementedError


def live_through(new_store: NewStore, history: tuple[int, list[Any]], world: type[World]) -> None:
    """Does what the history says, and checks now and then."""
    first_policy, actions = history
    with new_store() as store:
        lived = world(store, POLICIES[first_policy])
        for number, action in enumerate(actions, 1):
            lived.do(action)
            if number % 4 == 0:
                lived.check()
        lived.check()
        assert audit(store).findings == ()


def on_sqlite(template: Path, folders: pytest.TempPathFactory) -> NewStore:
    """Opens a new project at each call."""

    @contextmanager
    def new_store() -> Iterator[Store]:
        path = folders.mktemp("history") / "project.db"
        shutil.copy(template, path)
        store = open_store(path)
        try:
            yield store
        finally:
            store.close()
            shutil.rmtree(path.parent)

    return new_store


def on_postgresql(server: PostgresServer) -> NewStore:
    """Opens a new project at each call."""

    @contextmanager
    def new_store() -> Iterator[Store]:
        name = server.new_database("project_template")
        store = open_store(server.url(name))
        try:
            yield store
        finally:
            store.close()
            server.drop(name)

    return new_store


ALWAYS_THE_SAME = {
    "derandomize": True,
    "deadline": None,
    "database": None,
    "suppress_health_check": [HealthCheck.too_slow, HealthCheck.data_too_large],
}
