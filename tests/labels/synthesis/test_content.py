"""What the report says: nothing but counts, definitions and quotations, and each of them right."""

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest

from tests.synthesis_report import ESTIMATES, MATERIAL, a_report, an_audit
from whatworks.labels.codebook import Theme
from whatworks.labels.screening import ScreeningPlan
from whatworks.labels.synthesis import tables
from whatworks.labels.synthesis.content import Report
from whatworks.labels.synthesis.content.blocks import (
    Block,
    Box,
    Definition,
    Given,
    Heading,
    List,
    Marks,
    Note,
    Paragraph,
    Quotation,
    Table,
    numeric_columns,
)
from whatworks.labels.synthesis.languages import texts_in
from whatworks.labels.synthesis.material import PLACES, TARGET_GROUPS
from whatworks.labels.synthesis.naming import value_name
from whatworks.nlp.passages import PassageId

LANGUAGES = ("en", "fr", "es", "pt")


def table(found: Report, name: str) -> Table:
    return next(one for one in found.blocks if isinstance(one, Table) and one.name == name)


def chapter(found: Report, anchor: str) -> Iterator[Block]:
    """The blocks of a chapter or section, to the next of its level."""
    level = 0
    for one in found.blocks:
        if level and isinstance(one, Heading) and one.level <= level:
            return
        if isinstance(one, Heading) and one.anchor == anchor:
            level = one.level
        elif level:
            yield one


def said(blocks: Iterator[Block]) -> list[str]:
    """Their sentences."""
    found = []
    for one in blocks:
        if isinstance(one, Paragraph | Note):
            found.append(one.text)
        elif isinstance(one, List):
            found += [str(item) for item in one.items]
    return found


def test_the_chapters_follow_the_shape_of_a_synthesis_review() -> None:
    laid_out = a_report().laid_out(())
    chapters = [one for one in laid_out if isinstance(one, Heading) and one.level == 1]
    assert [(one.number, one.text) for one in chapters] == [
        ("1", "At a glance"),
        ("2", "How to read this report"),
        ("3", "Method"),
        ("4", "The evaluations"),
        ("5", "What is being done?"),
        ("6", "What works?"),
        ("7", "For whom?"),
        ("8", "Why?"),
        ("9", "Estimates: how much there may be in all"),
        ("10", "Limitations"),
        ("A", "Evaluations included"),
        ("B", "Evaluations not included"),
        ("C", "Extraction matrix"),
        ("D", "How models were used"),
        ("E", "Codebook"),
    ]


def test_sections_are_numbered_within_their_chapters_and_figures_without_drawing_left_out() -> None:
    found = a_report()
    without = list(found.laid_out(()))
    with_one = list(found.laid_out(("themes-by-year",)))
    assert len(with_one) == len(without) + 1
    headings = [one for one in without if isinstance(one, Heading)]
    by_anchor = {one.anchor: one.number for one in headings}
    assert by_anchor["screening"] == "3.2"
    assert by_anchor["type-obstacle"] == "8.2"
    assert by_anchor["uneg-privacy"] == "D.3"
    assert {one.number for one in headings if one.level == 4} == {""}
    numbers = [one.number for one in without if isinstance(one, Table)]
    assert numbers == list(range(1, len(numbers) + 1))


@pytest.mark.parametrize("language", LANGUAGES)
def test_anchors_and_names_of_tables_are_the_same_in_each_language(language: str) -> None:
    here, there = a_report(), a_report(language=language)
    anchors = [one.anchor for one in there.blocks if isinstance(one, Heading) and one.anchor]
    assert anchors == [one.anchor for one in here.blocks if isinstance(one, Heading) and one.anchor]
    assert len(anchors) == len(set(anchors))
    names = [one.name for one in there.blocks if isinstance(one, Table)]
    assert names == [one.name for one in here.blocks if isinstance(one, Table)]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("language", LANGUAGES[1:])
def test_no_sentence_is_left_in_english(language: str) -> None:
    english = set(said(iter(a_report().blocks)))
    theirs = [one for one in said(iter(a_report(language=language).blocks)) if one in english]
    assert theirs == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_same_numbers_stand_in_each_language(language: str) -> None:
    def counts(found: Report) -> list[list[list[int]]]:
        return [
            [[cell for cell in row if isinstance(cell, int)] for row in sorted(one.rows, key=str)]
            for one in found.blocks
            if isinstance(one, Table) and one.name in ("size", "flow", "quality", "evaluations")
        ]

    here, there = counts(a_report()), counts(a_report(language=language))
    assert [sorted(map(tuple, one)) for one in here] == [sorted(map(tuple, one)) for one in there]


def test_every_quotation_is_a_whole_confirmed_passage_with_its_mark_and_page() -> None:
    quoted = [one for one in a_report().blocks if isinstance(one, Quotation)]
    for one in a_report().blocks:
        quoted += one.quotations if isinstance(one, Box) else ()
    found = {
        (one.passage.text, one.passage.language, one.source.replace(", ", "|", 1))
        for one in MATERIAL.findings
    }
    assert len(quoted) > 50
    assert {
        (one.text.text, one.text.language, f"{one.mark}|{one.where}") for one in quoted
    } <= found


def test_every_definition_is_the_codebooks() -> None:
    book = MATERIAL.codebook
    known = {one.definition for one in (*book.finding_types, *book.themes)}
    shown = {one.text.text for one in a_report().blocks if isinstance(one, Definition)}
    assert shown
    assert shown <= known


def test_no_good_practice_is_quoted_twice_under_its_theme() -> None:
    found = a_report()
    boxed = {
        quoted.text.text
        for one in found.blocks
        if isinstance(one, Box)
        for quoted in one.quotations
    }
    under = list(chapter(found, "type-good_practice"))
    assert not boxed & {one.text.text for one in under if isinstance(one, Quotation)}
    assert any("in boxes" in one for one in said(iter(under)))


def test_the_matrix_says_what_the_table_counts() -> None:
    counts = tables.finding_types_by_theme(MATERIAL)
    shown = table(a_report(), "matrix")
    by_theme = {row[0]: row[1:] for row in shown.rows}
    assert len(by_theme) == len(counts.ranked()) + 1
    for theme in counts.ranked():
        name = "no theme" if theme == tables.NONE else MATERIAL.codebook.theme(theme).name()
        cells = [counts.cell(theme, column) for column in counts.columns]
        expected = [*cells, counts.row_totals[theme]]
        assert by_theme[name] == tuple(
            f"{one.reports} ({one.passages})" if one.passages else "–" for one in expected
        )
    assert by_theme["All themes"][-1] == f"{counts.total.reports} ({counts.total.passages})"
    assert shown.has_total


def test_every_table_of_findings_says_what_share_is_confirmed() -> None:
    basis = f"{MATERIAL.confirmed} of 2,198 passages confirmed."
    without = {"criteria", "flow", "quality", "agreement", "coverage", "excluded", "models"}
    for one in a_report().blocks:
        if isinstance(one, Table) and one.name not in without and "codebook" not in one.name:
            assert one.note.endswith(basis), one.name


def test_the_figures_at_a_glance_are_those_of_the_material() -> None:
    assert [row[1] for row in table(a_report(), "size").rows] == [
        len(MATERIAL.listed),
        len(MATERIAL.included),
        2,
        len({code for one in MATERIAL.included for code in one.evaluation.facts.countries}),
        4,
        MATERIAL.passages,
        MATERIAL.confirmed,
        len(MATERIAL.counted),
    ]


def test_each_theme_of_a_finding_type_has_definition_evidence_and_sources() -> None:
    counts = tables.finding_types_by_theme(MATERIAL)
    for code in counts.columns:
        for theme in counts.ranked(code):
            blocks = list(chapter(a_report(), f"why.{code}.{theme}"))
            evidence = next(one for one in blocks if isinstance(one, Paragraph))
            cell = counts.cell(theme, code)
            assert re.findall(r"\d+", evidence.text)[:2] == [str(cell.passages), str(cell.reports)]
            assert len(evidence.marks) == cell.reports
            assert (theme == tables.NONE) != isinstance(blocks[0], Definition)


def test_the_themes_follow_those_of_most_evaluations_first() -> None:
    counts = tables.finding_types_by_theme(MATERIAL)
    under = chapter(a_report(), "type-success_factor")
    themes = [one.anchor.split(".")[2] for one in under if isinstance(one, Heading)]
    reports = [counts.cell(one, "success_factor").reports for one in themes if one]
    assert reports == sorted(reports, reverse=True)
    assert tables.NONE not in themes[:-1]


def test_themes_without_a_finding_stand_in_one_sentence() -> None:
    sentences = said(chapter(a_report(), "type-lesson"))
    assert sentences[-1].startswith("No confirmed finding stands under: Capacity building, ")


def test_many_evaluations_are_named_by_their_first_marks() -> None:
    first = next(one for one in MATERIAL.counted if one.themes and "lesson" in one.labels)
    many = tuple(
        replace(
            first,
            evaluation=replace(first.evaluation, id=n, number=n),
            passage=replace(first.passage, id=PassageId(f"{n:016}")),
        )
        for n in range(1, 201)
    )
    found = a_report(replace(MATERIAL, findings=many))
    evidence = next(
        one for one in chapter(found, f"why.lesson.{first.themes[0]}") if isinstance(one, Paragraph)
    )
    assert len(evidence.marks) == 12
    assert "(188 more are in the workbook)" in evidence.text


def test_a_long_table_is_cut_and_says_so() -> None:
    countries = table(a_report(), "evaluations-by-country")
    assert len(countries.rows) == 20
    assert countries.note.startswith("8 more rows stand in the workbook.")


def test_without_a_register_the_report_says_how_to_add_one() -> None:
    found = a_report(replace(MATERIAL, is_register=False))
    assert any("whatworks register import" in one for one in said(chapter(found, "screening")))
    names = {one.name for one in found.blocks if isinstance(one, Table)}
    assert not {"flow", "criteria"} & names


def test_without_criteria_quality_and_facts_the_sections_say_what_is_missing() -> None:
    bare = tuple(
        replace(
            one,
            quality={},
            evaluation=replace(
                one.evaluation,
                facts=replace(one.evaluation.facts, funding=(), coverage=(), timing=""),
            ),
        )
        for one in MATERIAL.listed
    )
    found = a_report(replace(MATERIAL, listed=bare, plan=ScreeningPlan()))
    assert any("[screening]" in one for one in said(chapter(found, "screening")))
    assert said(chapter(found, "quality")) == [
        "The quality of the included reports was not appraised in whatworks."
    ]
    assert said(chapter(found, "evaluations"))[-1] == (
        "The register does not say anything about: timing and funding source. "
        "It can be added with whatworks register edit."
    )
    assert any("thematic coverage" in one for one in said(chapter(found, "done")))


def test_without_groups_for_whom_and_where_the_chapter_says_how_to_add_them() -> None:
    book = MATERIAL.codebook
    themes = tuple(one for one in book.themes if one.group not in (TARGET_GROUPS, PLACES))
    findings = tuple(replace(one, target_groups=(), places=()) for one in MATERIAL.findings)
    found = a_report(replace(MATERIAL, codebook=replace(book, themes=themes), findings=findings))
    assert "“target-groups”" in said(chapter(found, "by-target_group"))[0]
    assert "“places”" in said(chapter(found, "by-place"))[0]


def test_where_nobody_named_a_group_it_is_said() -> None:
    findings = tuple(replace(one, target_groups=(), places=()) for one in MATERIAL.findings)
    found = a_report(replace(MATERIAL, findings=findings))
    assert said(chapter(found, "by-target_group")) == ["No confirmed finding names one."]


def test_without_a_model_none_is_said_to_have_helped() -> None:
    found = a_report(replace(MATERIAL, models=()))
    assert said(chapter(found, "annex-models")) == ["No model was used."]


def test_estimates_stand_apart_and_are_named_so() -> None:
    found = a_report(estimates=ESTIMATES)
    assert said(chapter(found, "estimates"))[0].startswith("These are estimates, not counts.")
    assert table(found, "estimated-finding-types").rows == (
        ("Lesson", "13.4%", "11.0%\u00a0to\u00a015.9%", "416", "8.0%\u00a0to\u00a017.0%"),
    )
    assert table(found, "estimated-themes").rows[0][-1] == "–"
    alone = a_report(estimates=replace(ESTIMATES, model=""))
    assert "They rest on the sample alone" in " ".join(said(chapter(alone, "estimates")))
    outside = [one for one in found.blocks if one not in list(chapter(found, "estimates"))]
    assert not any("13.4%" in str(one) for one in outside)
    without = said(chapter(a_report(), "estimates"))
    assert without[0].startswith("There are no estimates")


def test_limitations_name_all_that_was_left_out() -> None:
    found = a_report(replace(MATERIAL, stale=3))
    assert said(chapter(found, "limitations"))[:12] == [
        "This follows from the project itself:",
        "685 of 2,198 passages confirmed.",
        "1,513 passages are not confirmed: what they hold is not in the counts.",
        "These are included, but their report's file is missing: E19 and E20.",
        "1 report of the project is in no row of the register and was left out: leftover.docx.",
        "15 confirmed passages were left out because their evaluations are not included: "
        "E13 and E26.",
        "green-jobs: the code is no longer in use; 2 passages that had it wait to be read again.",
        "3 passages were confirmed until the codebook changed, and wait to be read again.",
        "12 findings were read by one person only.",
        "33 findings were settled by an adjudicator.",
        "Screening is not finished: 2 evaluations are not settled.",
        "This holds for every synthesis of this kind:",
    ]


def test_the_annexes_list_every_evaluation_once() -> None:
    found = a_report()
    included = [row[0].mark for row in table(found, "evaluations").rows]  # type: ignore[union-attr]
    others = [row[0].mark for row in table(found, "excluded").rows]  # type: ignore[union-attr]
    assert sorted(included + others) == sorted(one.mark for one in MATERIAL.listed)
    by_mark = {row[0].mark: row for row in table(found, "excluded").rows}  # type: ignore[union-attr]
    assert by_mark["E13"][3] == "E14, of the same project, is used"
    assert by_mark["E24"][4] == Given("Not about social protection; Fish only.")


def test_the_extraction_matrix_counts_each_evaluations_findings() -> None:
    rows = {row[0].marks[0]: row for row in table(a_report(), "extraction-matrix").rows}  # type: ignore[union-attr]
    counts = tables.finding_types_by_theme(MATERIAL)
    for n, code in enumerate(counts.columns, start=2):
        assert sum(row[n] for row in rows.values()) == counts.column_totals[code].passages  # type: ignore[misc]
    assert sum(row[1] for row in rows.values()) == counts.total.passages  # type: ignore[misc]
    assert set(rows) == {one.mark for one in MATERIAL.included}


def test_words_of_the_office_head_the_report() -> None:
    found = a_report(title="Our title", office="EVAL", authors=("Ana", "Ben"))
    assert (found.title, found.office, found.authors) == ("Our title", "EVAL", ("Ana", "Ben"))
    assert found.date == "28 November 2026"
    assert a_report(language="fr").date == "28 novembre 2026"
    assert a_report(language="pt").title == "O que funciona, para quem e por quê"


def test_columns_of_numbers_are_known_from_those_of_words() -> None:
    shown = table(a_report(), "evaluations")
    assert numeric_columns(shown) == {6, 8, 9}


def test_the_annex_on_models_gives_their_scores_on_the_audit_sample() -> None:
    found = a_report(audit=an_audit())
    sentences = said(chapter(found, "uneg-validity"))
    assert sentences[0].startswith("3 passages drawn at random")
    assert sentences[1] == "1 passage of the sample is not confirmed yet."
    assert "95% intervals" in sentences[0]
    assert table(found, "model-scores").rows == (
        (Given("round 2"), 120, 3, "75.0% (60.0%\u00a0to\u00a090.0%)"),
    )
    assert table(found, "type-scores").rows == (
        ("Lesson", "75.0% (60.0%\u00a0to\u00a090.0%)", "50.0%", "–"),
    )
    assert any("is not known how good" in one for one in said(chapter(a_report(), "uneg-validity")))


@pytest.mark.parametrize("attribute", ["target_group", "place", "region", "country"])
def test_the_tables_for_whom_say_what_is_counted_by_attribute(attribute: str) -> None:
    counts = tables.by_attribute(MATERIAL, attribute)
    shown = table(a_report(), f"findings-by-{attribute.replace('_', '-')}")
    ranked = sorted(counts.ranked(), key=lambda row: row == tables.NONE)[: len(shown.rows)]
    texts = texts_in("en")
    assert [row[0] for row in shown.rows] == [
        value_name(MATERIAL, attribute, one, texts) for one in ranked
    ]
    for value, row in zip(ranked, shown.rows, strict=True):
        cells = [counts.cell(value, column) for column in counts.columns]
        assert row[1:] == tuple(
            f"{one.reports} ({one.passages})" if one.passages else "–"
            for one in (*cells, counts.row_totals[value])
        )


@pytest.mark.parametrize("attribute", ["type", "timing", "region", "country", "year", "funding"])
def test_the_evaluations_are_counted_under_each_of_their_values(attribute: str) -> None:
    texts = texts_in("en")
    for name, listed, included, findings in table(a_report(), f"evaluations-by-{attribute}").rows:
        own = [
            one
            for one in MATERIAL.listed
            if name
            in [
                value_name(MATERIAL, attribute, value, texts)
                for value in tables.values_of(one.evaluation, attribute) or ("",)
            ]
        ]
        marks = {one.mark for one in own}
        assert listed == len(own)
        assert included == sum(one.is_included for one in own)
        assert findings == sum(one.evaluation.mark in marks for one in MATERIAL.counted)


def test_strength_and_agreement_are_counts_of_readers() -> None:
    counts = tables.finding_types_by_theme(MATERIAL)
    cells = [counts.row_totals[theme] for theme in counts.ranked()]
    assert [row[1:] for row in table(a_report(), "strength").rows] == [
        (one.reports, one.passages, one.double_read, one.agreed) for one in cells
    ]


def test_agreement_is_that_of_all_passages_read_twice_findings_or_not() -> None:
    rows = table(a_report(), "agreement").rows
    assert len(rows) == len(MATERIAL.codebook.finding_types) == len(MATERIAL.agreement)
    assert rows[0][1:] == (120, "90%", "0.61")
    alone = a_report(replace(MATERIAL, agreement=()))
    assert "No passage was read by two people independently" in str(alone)


def test_what_nobody_screened_is_said_to_be_so() -> None:
    flow = replace(MATERIAL.flow, is_screened=False)
    said = str(a_report(replace(MATERIAL, flow=flow)))
    assert "Nobody screened them: every one is taken in." in said
    assert "Each is screened by" not in said
    assert "Each is screened by" in str(a_report())


def test_a_decision_less_changes_only_the_rows_that_it_stood_in() -> None:
    led = {one.repeats for one in MATERIAL.findings}
    gone = next(
        one
        for one in MATERIAL.counted
        if len(one.themes) == len(one.labels) == 1 and one.passage.id not in led
    )
    theme = MATERIAL.codebook.theme(gone.themes[0]).name()
    left = tuple(one for one in MATERIAL.findings if one is not gone)
    before, after = a_report(), a_report(replace(MATERIAL, findings=left))
    old, new = table(before, "matrix").rows, table(after, "matrix").rows
    assert {row[0] for row in set(old) ^ set(new)} == {theme, "All themes"}
    for name in ("flow", "criteria", "quality", "coverage", "evaluations", "excluded"):
        assert table(before, name) == table(after, name)
    changed = set(table(before, "extraction-matrix").rows) ^ set(
        table(after, "extraction-matrix").rows
    )
    assert {row[0] for row in changed} == {Marks((gone.evaluation.mark,))}


def test_many_target_groups_stand_in_several_tables() -> None:
    names = tuple(f"group-{n}" for n in range(7))
    groups = tuple(Theme(one, {"en": one}, "A group.", group=TARGET_GROUPS) for one in names)
    book = MATERIAL.codebook
    others = tuple(one for one in book.themes if one.group != TARGET_GROUPS)
    first, *rest = (replace(one, target_groups=()) for one in MATERIAL.findings)
    findings = (replace(first, target_groups=names), *rest)
    found = a_report(
        replace(MATERIAL, codebook=replace(book, themes=(*others, *groups)), findings=findings)
    )
    heads = [table(found, f"themes-by-target-group-{n}").head for n in (1, 2)]
    assert heads == [("Theme", *names[:5]), ("Theme", *names[5:])]
