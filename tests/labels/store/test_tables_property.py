"""Every number of every table equals what a naive reading of the log says, whatever happened."""

import itertools
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.labels.store.counted import Cells, every_table
from tests.labels.store.histories import (
    ALWAYS_THE_SAME,
    Told,
    World,
    histories_of,
    live_through,
    on_postgresql,
    on_sqlite,
    some_actions,
)
from tests.labels.store.seeds import codebook_source, seed_report
from tests.postgres import PostgresServer
from whatworks.labels.register import Facts
from whatworks.labels.resolution import Policy
from whatworks.labels.screening import ScreeningPlan
from whatworks.labels.screening_rules import Said
from whatworks.labels.store.database import Store
from whatworks.labels.store.material import read_material
from whatworks.labels.store.register import Change, put
from whatworks.labels.store.screening import screen
from whatworks.labels.synthesis.material import PLACES, TARGET_GROUPS
from whatworks.labels.synthesis.tables import ATTRIBUTES, Cell
from whatworks.nlp.errors import WhatworksError

PLAN = ScreeningPlan()
SAID_TWICE = "The committee met every month and kept its own books, which the members trusted."
MORE = {
    "second.pdf": (SAID_TWICE, "It was dear.", f"{SAID_TWICE} Indeed.", f"{SAID_TWICE} Really."),
    "third.pdf": (SAID_TWICE, "It was cheap."),
}
REPORTS = ("report.pdf", *MORE)
KNOWN = (
    Facts("One", regions=("Africa", "Asia"), countries=("ML", "KH"), type="joint", year=2017),
    Facts("Two", regions=("Africa",), timing="final", nature="project", funding=("Norway",)),
    Facts("Three", countries=("ML",), type="internal", timing="mid-term", language="fr"),
)
themes = st.sampled_from([(), (0,), (0,), (1,), (2,), (0, 1), (0, 2), (0, 1, 2)])
reports = st.integers(0, len(REPORTS) - 1)
passages = st.sampled_from([0, 1, 2, 3, 3, 3, 4, 5, 5, 7, 8])
actions = st.one_of(
    some_actions(passages, themes),
    some_actions(st.sampled_from([3, 5, 7]), themes),
    st.tuples(st.just("disagree"), passages, themes, themes, st.booleans()),
    st.tuples(st.just("disagree"), passages, themes, themes, st.booleans()),
    st.tuples(st.just("list"), reports, st.integers(0, len(KNOWN) - 1)),
    st.tuples(st.just("unlist"), reports),
    st.tuples(
        st.just("screen"), reports, st.sampled_from(["include", "include", "exclude", "possible"])
    ),
)


def group_of(theme: str) -> str:
    """The group of a theme, by nothing but its name."""
    named = {"staff": TARGET_GROUPS, "trust": PLACES}
    last = theme[-1]
    return named.get(theme, ("", TARGET_GROUPS, PLACES)[int(last) % 3] if last.isdigit() else "")


class Office(World):
    """Three reports, a register and its screening."""

    def __init__(self, store: Store, policy: Policy) -> None:
        super().__init__(store, policy)
        self.placed = {name: seed_report(store, name, texts) for name, texts in MORE.items()}
        self.ids += [one for ids in self.placed.values() for one in ids]
        self.said_twice = {
            one: "second" for n, one in enumerate(self.placed["second.pdf"]) if n != 1
        }
        self.listed: dict[int, tuple[int, Facts]] = {}
        """Number of the report to number and facts of its evaluation."""
        self.entries = itertools.count(1)
        self.verdicts: dict[int, str] = {}
        """By number of the evaluation."""

    def source(self) -> str:
        grouped: dict[str, list[str]] = {}
        for theme in self.codes["themes"]:
            grouped.setdefault(group_of(theme), []).append(theme)
        return codebook_source(self.codes["types"], grouped.pop("", ()), groups=grouped)

    def do_disagree(self, passage: int, themes: Any, others: Any, on_type: bool) -> None:
        """Two agree on the themes or on the type of finding alone, and zoe settles it."""
        one, other = ((0,), themes), ((1,), themes) if on_type else ((0,), others)
        self.do_quarrel(passage, one, other, 2, ((0,), others))

    def do_list(self, report: int, known: int) -> None:
        facts = replace(KNOWN[known], title=f"Evaluation {report}", report=REPORTS[report])
        if report in self.listed:
            number, was = self.listed[report]
            put(self.store, [Change(facts, number, was)], "edit", "ana")
        else:
            (number,) = put(self.store, [Change(facts)], "edit", "ana")
            assert number == next(self.entries)
        self.listed[report] = number, facts

    def do_unlist(self, report: int) -> None:
        if report in self.listed:
            number, was = self.listed.pop(report)
            put(self.store, [Change(None, number, was)], "edit", "ana")

    def do_screen(self, report: int, verdict: str) -> None:
        if report in self.listed:
            number, _ = self.listed[report]
            screen(self.store, PLAN, [(number, Said("ana", verdict))])
            self.verdicts[number] = verdict

    def evaluations(self) -> dict[int, tuple[str, Facts, bool]]:
        """Of each report: the mark of its evaluation, what is known of it, whether it is taken."""
        if not self.listed:
            return {n: (f"R{n + 1}", Facts(name, language="en"), True)
                    for n, name in enumerate(REPORTS)}  # fmt: skip
        return {
            report: (
                f"E{number}",
                facts,
                not self.verdicts or self.verdicts.get(number) == "include",
            )
            for report, (number, facts) in self.listed.items()
        }

    def passages(self, report: int) -> list[str]:
        name = REPORTS[report]
        standing = [self.by_text[one] for one in self.standing]
        return [str(one) for one in self.placed.get(name, standing)]

    def check(self) -> None:
        told = self.naive().told
        nobody = Told()
        rows, left_out, stale = [], {}, []
        confirmed = 0
        for report, (mark, facts, taken) in self.evaluations().items():
            for order, one in enumerate(self.passages(report), 1):
                state, answer = told.get(one, nobody).state(self.policy)
                if taken and state == "stale":
                    stale.append(told[one])
                if state != "confirmed":
                    continue
                if not taken:
                    left_out[mark] = left_out.get(mark, 0) + 1
                    continue
                confirmed += 1
                if answer[0]:
                    rows.append(self._row(one, mark, facts, order, told[one], answer))
        rows.sort(key=lambda row: (int(row["mark"][1:]), row["order"]))
        with self.store.reading() as connection:
            if not rows:
                with pytest.raises(WhatworksError):
                    read_material(connection, "Office", PLAN)
                return
            material = read_material(connection, "Office", PLAN)
        assert [one.source for one in material.findings] == [row["source"] for row in rows]
        assert (material.confirmed, material.left_out) == (confirmed, left_out)
        assert material.passages == sum(
            len(self.passages(report))
            for report, (_, _, taken) in self.evaluations().items()
            if taken
        )
        assert material.stale == len(stale)
        assert material.retired == self._retired(stale)
        assert every_table(material) == naive_tables(rows, self.codes)

    def _row(
        self, one: str, mark: str, facts: Facts, order: int, told: Told, answer: Any
    ) -> dict[str, Any]:
        types, themes, _ = answer
        return {
            "mark": mark,
            "order": order,
            "source": f"{mark}, p. {order}",
            "said": self.said_twice.get(one, one),
            "votes": [vote["types"] | vote["themes"] for vote in told.votes()],
            "type of finding": types,
            "theme": {theme for theme in themes if not group_of(theme)},
            "target_group": {theme for theme in themes if group_of(theme) == TARGET_GROUPS},
            "place": {theme for theme in themes if group_of(theme) == PLACES},
            "region": set(facts.regions),
            "country": set(facts.countries),
            "type": {facts.type} - {""},
            "timing": {facts.timing} - {""},
            "nature": {facts.nature} - {""},
            "year": {str(facts.year)} - {"None"},
            "funding": set(facts.funding),
            "language": {facts.language} - {""},
        }

    def _retired(self, stale: list[Told]) -> dict[str, int]:
        """Of the codes that stale passages still bear, those that are no longer there."""
        found: dict[str, int] = {}
        for told in stale:
            own = [[one for one in stack if not one["rules"]] for stack in told.stacks.values()]
            rulings = [one for stack in told.stacks.values() for one in stack if one["rules"]]
            rulings.sort(key=lambda one: one["id"])
            said = [*(some[-1] for some in own if some), *rulings[-1:]]
            in_use = {*self.codes["types"], *self.codes["themes"]}
            for code in {code for one in said for _, _, code in one["stale"]} - in_use:
                found[code] = found.get(code, 0) + 1
        return found


def naive_tables(rows: list[dict[str, Any]], codes: dict[str, list[str]]) -> dict[str, Cells]:
    pairs = [("theme", "type of finding")]
    for attribute in ATTRIBUTES:
        pairs += [(attribute, "type of finding"), ("theme", attribute)]
    are_codes = {"theme", "type of finding", "target_group", "place"}
    found = {}
    for left, right in pairs:
        cells: Cells = {}
        names = {value for row in rows for value in (*row[left], *row[right])}
        for one, other in itertools.product((*names, "", None), repeat=2):
            here = [row for row in rows if stands(row[left], one) and stands(row[right], other)]
            wanted = {
                value
                for what, value in ((left, one), (right, other))
                if value and what in are_codes
            }
            if here:
                cells[one, other] = naive_cell(here, wanted)
        found[f"{left} by {right}"] = cells
    return found


def stands(has: set[str], value: str | None) -> bool:
    """Whether what has these values stands in the row of one of them."""
    return value is None or value in has or (value == "" and not has)


def naive_cell(rows: list[dict[str, Any]], wanted: set[str]) -> Cell:
    said: dict[Any, dict[str, Any]] = {}
    for row in reversed(rows):
        said[row["mark"], row["said"]] = row
    several = [row for row in said.values() if len(row["votes"]) >= 2]
    return Cell(
        passages=len(said),
        reports=len({row["mark"] for row in rows}),
        double_read=len(several),
        agreed=sum(
            all((wanted or row["type of finding"]) <= vote for vote in row["votes"])
            for row in several
        ),
    )


@pytest.mark.slow
@given(history=histories_of(actions, most=40))
@settings(max_examples=80, **ALWAYS_THE_SAME)
def test_every_number_of_every_table_follows_from_the_log(
    sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory, history: Any
) -> None:
    live_through(on_sqlite(sqlite_template, tmp_path_factory), history, Office)


@pytest.mark.slow
@given(history=histories_of(actions, most=40))
@settings(max_examples=10, **ALWAYS_THE_SAME)
def test_every_number_of_every_table_follows_from_the_log_on_postgresql(
    postgres: PostgresServer, history: Any
) -> None:
    live_through(on_postgresql(postgres), history, Office)
