"""What one does to a codebook, step by step, from the version that holds to the next one."""

import dataclasses
import random

import pytest

from whatworks.labels.codebook import Codebook, Confusion, Example
from whatworks.labels.codebook_changes import ChangeKind, Changes, compare
from whatworks.labels.codebook_editing.checking import WrongEditError
from whatworks.labels.codebook_editing.edits import Editing
from whatworks.labels.codebook_editing.entries import TextOnlyError
from whatworks.labels.codebook_editing.fields import CodeFields, fields_of
from whatworks.labels.codebook_file import codebook_source, read_codebook, template_source
from whatworks.nlp.errors import WhatworksError

SMALL = """\
# Ours.
groups:
  - id: water
    name: Water
    goes_with: [obstacle, lesson]
    themes:
      - id: fees # what users pay
        name: Fees
        definition: Fees.
        confused_with: [pumps]
      - id: pumps
        name: Pumps
        definition: Pumps.
        themes:
          - {id: wells, definition: Wells.}
themes:
  - id: training
    definition: Training.
"""


def new(name: str, **more: object) -> CodeFields:
    return CodeFields({"en": name}, f"{name}.", **more)  # type: ignore[arg-type]


class Work:
    """A draft that one does something to, again and again."""

    def __init__(self, source: str = SMALL, base: str | None = None) -> None:
        self.source = source
        self.base = read_codebook(base or source, "codebook.yaml")

    def do(self, what: str, *given: object, **named: object) -> "Work":
        self.source = getattr(Editing(self.source, self.base), what)(*given, **named)
        return self

    @property
    def book(self) -> Codebook:
        return read_codebook(self.source, "codebook.yaml")

    @property
    def changes(self) -> Changes:
        return compare(self.base, self.book)

    def becomes(self, kind: str = "theme") -> dict[str, str | None]:
        return dict(self.changes.translation.get(kind, {}))


def test_a_form_that_changes_nothing_changes_no_letter() -> None:
    for source in (SMALL, template_source(), codebook_source("ilo-social-protection")):
        work = Work(source)
        for code in work.book.themes:
            assert work.do("change", "theme", code.id, fields_of(code)).source == source


def test_a_changed_code_says_what_the_form_said() -> None:
    work = Work()
    said = CodeFields(
        names={"en": "User fees", "fr": "Redevances", "no": "Avgifter"},
        definition="What users pay: per month,\nor per bucket.",
        include=("Prices.", "yes"),
        exclude=("- Taxes: all.",),
        examples=(Example("Women paid 5\u00a0€.", "en"), Example("Nobody paid.")),
        confused_with=(Confusion("pumps", "Who pays #1."),),
        goes_with=("obstacle",),
        section="2.10",
    )
    work.do("change", "theme", "fees", said)
    assert fields_of(work.book.theme("fees")) == dataclasses.replace(said, colour="")
    assert "# what users pay" in work.source
    assert work.becomes() == {"fees": None}


def test_finding_types_that_a_theme_inherits_are_not_written_down() -> None:
    work = Work()
    fees = fields_of(work.book.theme("fees"))
    work.do("change", "theme", "fees", dataclasses.replace(fees, goes_with=("lesson",)))
    assert "        goes_with: [lesson]\n" in work.source
    assert work.do("change", "theme", "fees", fees).source == SMALL
    # None ticked means all of them, which the group does not give.
    work.do("change", "theme", "fees", dataclasses.replace(fees, goes_with=()))
    assert set(work.book.theme("fees").goes_with) == set(work.book.finding_type_ids)


def test_added_codes_stand_where_they_were_asked_for() -> None:
    work = Work()
    work.do("add", "theme", "taps", new("Taps"), group="water")
    work.do("add", "theme", "deep-wells", new("Deep wells"), parent="wells")
    work.do("add", "theme", "staff", new("Staff"))
    work.do("add", "theme", "rain", new("Rain"), new_group=("weather", "Weather"))
    work.do("add", "finding_type", "wish", new("Wish"))
    places = {one.id: (one.group, one.parent) for one in work.book.themes}
    assert places["taps"] == ("water", "")
    assert places["deep-wells"] == ("water", "wells")
    assert places["staff"] == ("", "")
    assert places["rain"] == ("weather", "")
    assert work.book.finding_type_ids[-1] == "wish"
    assert work.becomes() == {}
    assert {one.kind for one in work.changes.changes} == {ChangeKind.ADDED}


def test_labels_follow_a_code_through_two_names_and_back() -> None:
    work = Work().do("rename", "theme", "pumps", "hand-pumps")
    assert work.do("rename", "theme", "hand-pumps", "lifting").becomes() == {"pumps": "lifting"}
    assert work.book.theme("fees").confused_with == (Confusion("lifting"),)
    assert work.book.theme("wells").parent == "lifting"
    assert work.do("rename", "theme", "lifting", "pumps").source == SMALL


def test_a_renamed_finding_type_is_renamed_wherever_themes_name_it() -> None:
    work = Work().do("rename", "finding_type", "obstacle", "barrier")
    assert work.becomes("finding_type") == {"obstacle": "barrier"}
    assert work.book.theme("fees").goes_with == ("barrier", "lesson")
    assert work.changes.problems == ()


def test_merging_takes_along_what_was_merged_and_renamed_before() -> None:
    work = Work().do("rename", "theme", "training", "courses")
    work.do("merge", "theme", "courses", "fees").do("merge", "theme", "fees", "wells")
    assert work.becomes() == {"training": "wells", "fees": "wells"}
    assert [one.id for one in work.book.retired_themes] == ["fees", "training"]
    assert work.changes.problems == ()
    assert all(one.kind is ChangeKind.MERGED for one in work.changes.changes)


def test_a_merge_is_taken_back_by_taking_the_code_up_again() -> None:
    work = Work().do("merge", "theme", "training", "fees").do("take_up", "theme", "training")
    assert work.source == SMALL


def test_a_split_leaves_labels_stale_and_puts_the_parts_in_the_place_of_the_whole() -> None:
    parts = [("tariffs", new("Tariffs")), ("subsidies", new("Subsidies"))]
    work = Work().do("split", "theme", "fees", parts, keep=False)
    assert work.book.theme_ids == ("tariffs", "subsidies", "pumps", "wells", "training")
    assert work.becomes() == {"fees": None}
    assert ChangeKind.SPLIT in [one.kind for one in work.changes.changes]
    kept = Work().do("split", "theme", "fees", parts[:1], keep=True)
    assert kept.book.theme_ids[:2] == ("fees", "tariffs")
    assert kept.becomes() == {"fees": None}


def test_the_parts_of_a_renamed_code_name_what_it_was_in_the_version_that_holds() -> None:
    work = Work().do("rename", "theme", "fees", "prices")
    parts = [("tariffs", new("Tariffs")), ("subsidies", new("Subsidies"))]
    work.do("split", "theme", "prices", parts, keep=False)
    assert work.book.theme("tariffs").split_from == ("fees",)
    assert work.becomes() == {"fees": None}
    assert work.changes.problems == ()


def test_a_retired_code_is_named_by_no_other_and_one_just_added_is_gone() -> None:
    work = Work().do("add", "theme", "taps", new("Taps", confused_with=(Confusion("fees"),)))
    work.do("retire", "theme", "fees")
    assert work.book.theme("taps").confused_with == ()
    assert work.becomes() == {"fees": None}
    work.do("retire", "theme", "taps")
    assert "taps" not in work.source


def test_a_moved_theme_takes_along_what_stands_below_it() -> None:
    work = Work().do("move", "pumps").do("move", "pumps", parent="training")
    places = {one.id: (one.group, one.parent) for one in work.book.themes}
    assert places["pumps"] == ("", "training")
    assert places["wells"] == ("", "pumps")
    assert work.do("move", "pumps", group="water").source == SMALL
    assert work.becomes() == {}


def test_groups_have_other_names_and_finding_types() -> None:
    work = Work().do("change_group", "water", {"en": "Water", "fr": "Eau"}, ("lesson",))
    assert work.book.groups["water"] == {"en": "Water", "fr": "Eau"}
    assert work.book.theme("fees").goes_with == ("lesson",)
    assert Editing(work.source, work.base).group_types("water") == ("lesson",)


@pytest.mark.parametrize(
    ("what", "given", "named", "why"),
    [
        ("rename", ("theme", "fees", "Pumps"), {}, "There is a code 'pumps' already"),
        ("rename", ("theme", "fees", "user fees"), {}, "Write 'user-fees'"),
        ("rename", ("theme", "nothing", "fees"), {}, "no longer in the draft"),
        ("merge", ("theme", "fees", "fees"), {}, "into itself"),
        ("merge", ("theme", "pumps", "fees"), {}, "Below 'pumps' stands 'wells'"),
        ("retire", ("theme", "pumps"), {}, "Below 'pumps' stands 'wells'"),
        ("move", ("pumps",), {"parent": "wells"}, "below itself"),
        ("split", ("theme", "fees", [("a", new("A"))]), {"keep": False}, "Add one more"),
        ("split", ("theme", "fees", [("a", new("A"))] * 2), {"keep": True}, "the same id"),
        ("add", ("theme", "a", CodeFields({"en": "A"}, "")), {}, "has no 'definition'"),
        ("add", ("theme", "a", CodeFields({"en": "Fees"}, "A.")), {}, "the same name"),
        ("add", ("theme", "a", CodeFields({"en": "A", "xx": "B"}, "A.")), {}, "language code 'xx'"),
        ("change", ("finding_type", "lesson", new("L", colour="#ffff00")), {}, "too light"),
        ("change_group", ("nothing", {"en": "A"}, ()), {}, "cannot change"),
    ],
)
def test_what_would_make_the_codebook_wrong_is_refused_with_the_cure(
    what: str, given: tuple[object, ...], named: dict[str, object], why: str
) -> None:
    with pytest.raises(WhatworksError, match=why):
        Work().do(what, *given, **named)


def test_problems_that_were_there_before_keep_nobody_from_mending_another() -> None:
    source = SMALL.replace("definition: Pumps.", "definition: ''")
    done = Work(source, SMALL).do("rename", "theme", "fees", "prices").source
    assert "id: prices" in done


def test_a_file_that_cannot_be_read_is_only_for_the_text_itself() -> None:
    with pytest.raises(WrongEditError, match="cannot be read: line 1"):
        Editing("themes: [", read_codebook(SMALL, "base"))
    aliased = SMALL.replace("[obstacle, lesson]", "&all [obstacle, lesson]").replace(
        "definition: Fees.", "definition: Fees.\n        goes_with: *all"
    )
    with pytest.raises(TextOnlyError):
        Work(aliased).do("rename", "theme", "fees", "prices")


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize(
    "name",
    [
        "small",
        "template",
        pytest.param("oecd-dac", marks=pytest.mark.slow),
        pytest.param("ilo-social-protection", marks=pytest.mark.slow),
    ],
)
def test_whatever_is_done_the_draft_is_sound_and_accounts_for_every_label(
    name: str, seed: int
) -> None:
    if name == "small":
        source = SMALL
    else:
        source = template_source() if name == "template" else codebook_source(name)
    work, chance = Work(source), random.Random(seed)
    done = 0
    for number in range(12):
        before = work.source
        try:
            something(work, chance, f"new-{number}")
            done += 1
        except WrongEditError:
            assert work.source == before
        assert work.changes.problems == ()
    assert done > 2
    new_ids = {"theme": work.book.theme_ids, "finding_type": work.book.finding_type_ids}
    for kind, codes in (("theme", work.base.themes), ("finding_type", work.base.finding_types)):
        for code in codes:
            now = work.becomes(kind).get(code.id, code.id)
            assert now is None or now in new_ids[kind]
    remarks = [line.strip() for line in source.splitlines() if line.startswith("#")]
    assert all(one in work.source for one in remarks)


def something(work: Work, chance: random.Random, new_id: str) -> None:
    kind = chance.choice(["theme", "theme", "finding_type"])
    book = work.book
    codes = list(book.theme_ids if kind == "theme" else book.finding_type_ids)
    one, other = chance.choice(codes), chance.choice(codes)
    part = new(new_id.title())
    retired = book.retired_themes if kind == "theme" else book.retired_finding_types
    place = {"group": chance.choice(["", *book.groups])}
    if chance.random() < 0.4:
        place = {"parent": chance.choice(book.theme_ids)}
    match chance.choice(["rename", "merge", "split", "retire", "up", "add", "move", "change"]):
        case "rename":
            work.do("rename", kind, one, new_id)
        case "merge":
            work.do("merge", kind, one, other)
        case "split":
            keep = chance.random() < 0.5
            more = (f"{new_id}-b", new(f"{new_id} b"))
            work.do("split", kind, one, [(new_id, part), more], keep=keep)
        case "retire":
            work.do("retire", kind, one)
        case "up":
            if retired:
                work.do("take_up", kind, retired[0].id)
        case "add":
            work.do("add", kind, new_id, part, **(place if kind == "theme" else {}))
        case "move":
            work.do("move", chance.choice(book.theme_ids), **place)
        case "change":
            code = book.theme(one) if kind == "theme" else book.finding_type(one)
            fields = fields_of(code)
            more_rules = (*fields.include, f"Rule {new_id}.")
            work.do("change", kind, one, dataclasses.replace(fields, include=more_rules))
