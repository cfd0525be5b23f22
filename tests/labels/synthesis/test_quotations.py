"""Which findings are quoted: many voices, few words twice."""

from dataclasses import replace

from tests.synthesis_material import EVALUATIONS, a_finding, a_material
from whatworks.labels.register import Evaluation
from whatworks.labels.synthesis.material import Finding
from whatworks.labels.synthesis.quotations import boxes, quotations
from whatworks.labels.synthesis.tables import NONE, finding_types_by_theme

TYPE, THEME = "obstacle", "inefficient-management"
FIRST, SECOND, THIRD, FOURTH = EVALUATIONS[:4]
_TEXT = (
    "the funds came nine months late because nobody in the capital had signed the agreement with "
    "the districts and so the training began when the harvest did and few farmers were free"
)
WORDS = _TEXT.split()


def said(evaluation: Evaluation, begin: int, end: int, **more: object) -> Finding:
    """A finding of these words of the sentence above."""
    text = f"{' '.join(WORDS[begin:end])}."
    return a_finding(evaluation, text, (TYPE,), (THEME,), **more)


def quoted(*findings: Finding, most: int = 3) -> list[Finding]:
    return list(quotations(a_material(findings=findings), TYPE, THEME, most))


def single(finding: Finding) -> Finding:
    """The same, read by one person alone."""
    return replace(finding, readers=1, agreed=dict.fromkeys(finding.agreed, 1))


def test_every_report_has_its_turn_before_any_has_a_second() -> None:
    material = a_material()
    table = finding_types_by_theme(material)
    for theme in table.ranked():
        for type_ in table.columns:
            found = quotations(material, type_, theme, most=30)
            cell = table.cell(theme, type_)
            assert len(found) == cell.passages
            first = [one.evaluation.id for one in found[: cell.reports]]
            assert len(set(first)) == cell.reports


def test_a_passage_in_other_words_comes_before_one_that_says_the_same() -> None:
    one, alike, other = said(FIRST, 0, 20), said(FIRST, 1, 21), said(FIRST, 16, 31)
    assert quoted(one, alike, other, most=2) == [one, other]


def test_languages_countries_and_years_are_spread() -> None:
    first = said(FIRST, 0, 16)
    same = replace(FIRST, id=901, number=31)
    elsewhere = replace(
        FIRST, id=902, number=32, facts=replace(FIRST.facts, countries=("FR",), year=1999)
    )
    nearer = said(same, 16, 32)
    farther = said(elsewhere, 15, 31)
    assert quoted(first, nearer, farther, most=2) == [first, farther]
    french = said(SECOND, 14, 30)
    assert quoted(first, farther, french, most=2) == [first, french]


def test_what_two_people_agreed_on_comes_before_what_one_read() -> None:
    alone, together = single(said(FIRST, 0, 16)), said(SECOND, 0, 16)
    assert quoted(alone, together, most=1) == [together]
    # Who disagreed on the theme did not agree on the cell.
    quarrel = replace(said(FIRST, 0, 16), agreed={("finding_type", TYPE): 2, ("theme", THEME): 1})
    assert quoted(quarrel, together, most=1) == [together]


def test_a_readable_length_comes_before_a_scrap_and_a_whole_page() -> None:
    scrap = a_finding(FIRST, "Funds came late.", (TYPE,), (THEME,))
    page = a_finding(SECOND, " ".join(WORDS * 4), (TYPE,), (THEME,))
    readable = said(THIRD, 0, 16)
    assert quoted(scrap, page, readable, most=1) == [readable]


def test_a_quotation_is_a_whole_passage() -> None:
    page = a_finding(FIRST, " ".join(WORDS * 9), (TYPE,), (THEME,))
    assert quoted(page) == [page]


def test_a_repetition_is_not_quoted_beside_what_it_repeats() -> None:
    one = said(FIRST, 0, 20)
    again = replace(said(FIRST, 0, 21, order=50), repeats=one.passage.id)
    assert quoted(one, again) == [one]


def test_fewer_are_quoted_where_there_are_fewer_and_none_where_none_is_asked_for() -> None:
    assert len(quoted(said(FIRST, 0, 16), said(SECOND, 0, 16))) == 2
    assert quoted(said(FIRST, 0, 16), most=0) == []
    assert quotations(a_material(), TYPE, "no-such-theme") == ()


def test_findings_without_a_theme_can_be_quoted_too() -> None:
    bare = a_finding(FIRST, "It failed.", (TYPE,))
    themed = said(SECOND, 0, 16)
    assert quotations(a_material(findings=(bare, themed)), TYPE, NONE) == (bare,)


def test_the_choice_does_not_depend_on_chance() -> None:
    assert quoted(*(said(one, 0, 16) for one in EVALUATIONS[:4])) == quoted(
        *(said(one, 0, 16) for one in EVALUATIONS[:4])
    )
    # Where nothing tells two apart the first in the order of the evaluations is taken.
    twins = [replace(FIRST, id=900 + n, number=30 + n) for n in range(3)]
    findings = [said(one, 0, 16, order=n) for n, one in enumerate(twins)]
    assert quoted(*findings, most=1) == findings[:1]


def test_boxes_show_the_fullest_good_practice_of_each_report_first() -> None:
    def practice(evaluation: Evaluation, n_words: int) -> Finding:
        return a_finding(evaluation, " ".join(WORDS[:n_words]), ("good_practice",))

    full, fuller = practice(FIRST, 20), practice(FIRST, 30)
    short, shorter = practice(SECOND, 9), practice(THIRD, 4)
    obstacle = said(FOURTH, 0, 31)
    material = a_material(findings=(full, fuller, short, shorter, obstacle))
    assert boxes(material) == (fuller, short, shorter, full)
    assert boxes(material, most=2) == (fuller, short)
