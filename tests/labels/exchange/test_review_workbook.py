import errno
import os
from dataclasses import replace

import openpyxl
import pytest

from tests.review import row_of, sheet_of, written
from whatworks.labels.codebook import load_codebook
from whatworks.labels.exchange import review_workbook
from whatworks.labels.exchange.review_sheet import Reference, review_columns, shown_names
from whatworks.nlp.errors import WhatworksError

TITLES = [
    "Report", "Page", "Heading", "Passage", "Suggested", "Suggested themes", "Decision",
    "Success factor", "Obstacle", "Lesson", "Good practice", "Theme 1", "Theme 2", "Theme 3",
    "Comment", "Seconds", "Passage id", "Reference",
]  # fmt: skip


@pytest.fixture
def book(tmp_path):
    def load(sheet):
        return openpyxl.load_workbook(written(tmp_path, sheet), rich_text=False)

    return load


def lists(sheet):
    """First cell of each drop-down list to where it comes from."""
    return {
        str(one.sqref).split(":")[0]: one.formula1
        for one in sheet.data_validations.dataValidation
        if one.type == "list"
    }


def test_a_row_shows_the_passage_and_the_suggestion_and_leaves_the_decision_open(book):
    sheet = book(sheet_of(row_of(1, lead_in="What helped:")))["Review"]
    assert [cell.value for cell in sheet[2]] == TITLES
    assert [cell.value for cell in sheet[3]] == [
        "mali.pdf",
        1,
        "Findings > Effectiveness\nWhat helped:",
        "Local staff stayed in village 1.",
        "Success factor 91%",
        "Local presence 71%",
        *[None] * 10,
        "0000000000000001",
        "0a1b2c3d4e5f-v1-s101",
    ]


def test_several_suggested_finding_types_stand_below_each_other_each_in_its_colour(tmp_path):
    labels = (("lesson", 0.83), ("good_practice", 0.55))
    path = written(tmp_path, sheet_of(row_of(1, labels=labels)))
    cell = openpyxl.load_workbook(path, rich_text=True)["Review"]["E3"].value
    assert str(cell) == "Lesson 83%\nGood practice 55%"
    colours = {code.id: code.colour for code in load_codebook().finding_types}
    assert [part.font.color.rgb[2:] for part in cell] == [
        colours["lesson"][1:].upper(),
        colours["good_practice"][1:].upper(),
    ]


def test_no_suggestion_and_no_pre_labelling_look_different(book):
    none = row_of(1, labels=(), themes=())
    never = row_of(2, labels=(), themes=(), suggestion_id=None)
    sheet = book(sheet_of(none, never))["Review"]
    assert [sheet[f"E{n}"].value for n in (3, 4)] == ["no finding", "not pre-labelled"]
    assert sheet["R4"].value == "0a1b2c3d4e5f-v1"


def test_only_the_cells_to_fill_are_open_and_nothing_can_be_sorted(book):
    made = book(sheet_of())
    sheet = made["Review"]
    open_columns = {
        cell.column_letter for row in sheet["A3:R5"] for cell in row if not cell.protection.locked
    }
    assert open_columns == set("GHIJKLMNOP")
    for one in made:
        assert one.protection.sheet
        assert one.protection.password is None
    assert not sheet.protection.autoFilter
    assert sheet.protection.sort
    assert sheet.auto_filter.ref == "A2:R5"
    assert sheet.freeze_panes == "E3"


def test_every_cell_to_choose_in_has_a_list_that_comes_from_the_codebook(book):
    made = book(sheet_of())
    sheet = made["Review"]
    assert lists(sheet) == {
        "G3": '"confirm,correct,reject,unsure"',
        **dict.fromkeys(("H3", "I3", "J3", "K3"), '"yes"'),
        **dict.fromkeys(("L3", "M3", "N3"), "theme_names"),
    }
    assert {str(one.sqref)[-1] for one in sheet.data_validations.dataValidation} == {"5"}
    name, cells = next(iter(made.defined_names["theme_names"].destinations))
    shown = [row[0].value for row in made[name][cells]]
    assert shown == [theme.name() for theme in load_codebook().themes]


def test_names_stand_in_the_language_asked_for(book):
    made = book(sheet_of(language="fr"))
    assert made["Review"]["H2"].value == "Facteur de succès"
    assert made["Review"]["E3"].value == "Facteur de succès 91%"
    names = [row[1].value for row in made["Codebook"].iter_rows(min_row=2)]
    assert "Renforcement des capacités" in names


def test_the_codebook_sheet_explains_every_code_with_its_id(book):
    rows = list(book(sheet_of())["Codebook"].iter_rows(min_row=2, values_only=True))
    codebook = load_codebook()
    codes = (*codebook.finding_types, *codebook.themes)
    assert [row[-1] for row in rows] == [code.id for code in codes]
    assert [row[2] for row in rows] == [code.definition for code in codes]


def test_in_a_blind_round_no_suggestion_stands_anywhere_in_the_file(tmp_path):
    sheet = sheet_of(row_of(1, labels=(("good_practice", 0.77),)), blind=True, round_id=4)
    made = openpyxl.load_workbook(written(tmp_path, sheet))
    for one in made:
        texts = [str(cell) for row in one.iter_rows(values_only=True) for cell in row if cell]
        assert not any("77%" in text or "71%" in text for text in texts)
    assert made["Review"]["E3"].value == "hidden"
    assert lists(made["Review"])["G3"] == '"finding,no finding,unsure"'
    assert made["Review"]["R3"].value == "0a1b2c3d4e5f-v1-r4-s101-blind"


def test_how_to_counts_what_is_decided(book):
    made = book(sheet_of())
    assert made.sheetnames == ["How to", "Review", "Codebook", "_whatworks"]
    assert made["How to"]["B4"].value == '=COUNTA(Review!G3:G5)&" of 3"'
    assert made["_whatworks"].sheet_state == "veryHidden"


def test_hostile_texts_are_text(book):
    text = '=HYPERLINK("http://x")\x07 _x000D_ <b>&amp;'
    cell = book(sheet_of(row_of(1, text)))["Review"]["D3"]
    assert cell.data_type == "s"
    assert cell.value == text.replace("\x07", "")


def test_a_very_long_text_is_cut_to_what_a_cell_holds(book):
    value = book(sheet_of(row_of(1, "word " * 10_000)))["Review"]["D3"].value
    assert len(value) == 32_767
    assert value.endswith(" […]")


def test_two_codes_of_one_name_are_told_apart_by_their_ids():
    codebook = load_codebook()
    twins = tuple(replace(theme, names={"en": "Staff"}) for theme in codebook.themes[:2])
    formula = replace(codebook.themes[2], names={"en": "=1+1"})
    assert shown_names((*twins, formula), "en") == {
        "strategic-relevance": "Staff (strategic-relevance)",
        "capacity-building": "Staff (capacity-building)",
        "adaptable-tools": "adaptable-tools: =1+1",
    }


def test_a_finding_type_named_as_another_column_is_told_apart_from_it():
    codebook = load_codebook()
    types = (replace(codebook.finding_types[0], names={"en": "Comment"}),)
    columns = review_columns(replace(codebook, finding_types=types))
    titles = [column.title for column in columns]
    assert "Comment (success_factor)" in titles
    assert len(set(titles)) == len(titles)


def test_too_many_passages_are_refused_before_anything_is_written(tmp_path, monkeypatch):
    monkeypatch.setattr(review_workbook, "MAX_ROWS", 2)
    with pytest.raises(WhatworksError, match="3 passages are too many for one workbook"):
        written(tmp_path, sheet_of())
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_keeps_the_earlier_workbook(tmp_path, monkeypatch):
    path = written(tmp_path, sheet_of())
    before = path.read_bytes()

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(WhatworksError) as failure:
        written(tmp_path, sheet_of())
    assert str(failure.value) == (
        f"{path}: The disk is full. Free some space, or write to another disk with --for-review. "
        "The earlier file is unchanged."
    )
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(
    "reference",
    [
        Reference("0a1b2c3d4e5f", 1),
        Reference("0a1b2c3d4e5f", 12, round_id=3, suggestion_id=4, blind=True),
        Reference("0a1b2c3d4e5f", 2, suggestion_id=9),
    ],
)
def test_a_reference_is_read_as_it_was_written(reference):
    assert Reference.parse(str(reference)) == reference
    assert Reference.parse(f"x{reference}") is None
