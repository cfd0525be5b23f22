import io
import shutil
import subprocess
import time
import zipfile
from dataclasses import replace

import openpyxl
import pytest

from tests.office import find_office
from tests.synthesis_material import AWKWARD_TITLE, LONG_TITLE, a_finding, a_material
from whatworks.labels.agreement.bootstrap import Figure, Interval
from whatworks.labels.synthesis.estimates import Estimate, Estimates
from whatworks.labels.synthesis.languages import texts_in
from whatworks.labels.synthesis.tables import ATTRIBUTES, by_attribute, finding_types_by_theme
from whatworks.labels.synthesis.workbook import sheets, workbook
from whatworks.labels.synthesis.workbook.findings import mark_of

SHEETS = [
    "About",
    "Findings",
    "Matrix",
    "Counts",
    "Counts by attribute",
    "Estimates",
    "Register",
    "Screening",
    "Flow",
    "Codebook",
]
BASIS = "685 of 2,198 passages confirmed."
ESTIMATES = Estimates(
    population=2_000,
    not_covered=198,
    audited=150,
    model="starter 1.0",
    level=0.95,
    finding_types={
        "obstacle": Estimate(Figure(0.25, Interval(0.2, 0.31)), Figure(0.24, Interval(0.17, 0.33)))
    },
    themes={"social-dialogue": Estimate(Figure(None, None, "no passage"), Figure(0.1))},
)


@pytest.fixture(scope="module")
def material():
    return a_material()


@pytest.fixture(scope="module")
def content(material):
    return workbook(material, ESTIMATES, "What works", texts_in("en"))


@pytest.fixture(scope="module")
def book(content):
    return openpyxl.load_workbook(io.BytesIO(content))


def head_row(book, name):
    """The row of titles, as a spreadsheet counts: what is frozen ends there."""
    return int("".join(filter(str.isdigit, book[name].freeze_panes))) - 1


def rows_of(book, name):
    top = head_row(book, name)
    rows = list(book[name].iter_rows(min_row=top, values_only=True))
    return rows[0], rows[1:]


def test_the_sheets_say_what_was_confirmed_beside_each_table(book):
    assert book.sheetnames == SHEETS
    for name in ("About", "Findings", "Matrix", "Counts", "Counts by attribute", "Register"):
        assert BASIS in str(book[name]["A2"].value)
    assert book["About"]["A1"].value == "What works"


def test_titles_are_frozen_and_filtered(book):
    for name in SHEETS[1:]:
        sheet = book[name]
        top = head_row(book, name)
        titles, rows = rows_of(book, name)
        assert all(titles)
        assert sheet.auto_filter.ref.startswith(f"A{top}:")
        assert sheet.print_title_rows == f"${top}:${top}"
        assert rows


def test_a_row_for_each_finding_with_its_page_and_who_decided(material, book):
    titles, rows = rows_of(book, "Findings")
    at = {title: n for n, title in enumerate(titles)}
    assert len(rows) == len(material.findings)
    for one, row in zip(material.findings, rows, strict=True):
        assert row[at["Mark"]] == one.evaluation.mark
        assert row[at["Page"]] == one.passage.page
        assert row[at["Quotation"]] == one.passage.text
        assert row[at["Passage id"]] == one.passage.id
        assert row[at["Readers"]] == one.readers
        assert (row[at["Counted"]] == "yes") is (one.repeats is None)
        assert row[at["By"]] == "; ".join(each.annotator for each in one.decisions)
    repeated = [row[at["Counted"]] for row in rows if row[at["Counted"]] != "yes"]
    assert repeated == [
        "no: repeats E1, p. 4",
        "in part: repeats E2, p. 4",
        "no: repeats E12, p. 4",
    ]


def test_the_matrix_holds_every_counted_quotation_under_each_of_its_themes(material, book):
    titles, rows = rows_of(book, "Matrix")
    names = {one.name(): one.id for one in material.codebook.themes}
    assert [row[0] for row in rows] == [one.mark for one in material.included]
    cells = {
        (row[0], names.get(title, "")): cell
        for row in rows
        for title, cell in zip(titles[3:], row[3:], strict=True)
        if cell
    }
    said = {
        (one.evaluation.mark, theme) for one in material.counted for theme in one.themes or ("",)
    }
    assert set(cells) == said
    for one in material.counted:
        for theme in one.themes or ("",):
            assert f"“{one.passage.text}”" in cells[one.evaluation.mark, theme]
    assert cells["E17", "participatory-approach"].splitlines()[-1].startswith("E17, p. 41: “")
    assert sum(row[2] for row in rows) == len(material.counted)


def test_a_repeat_is_counted_under_what_the_first_does_not_say(material):
    repeat = next(one for one in material.findings if one.repeats)
    first = next(one for one in material.findings if one.passage.id == repeat.repeats)
    theme = next(one for one in material.themes if one not in first.themes)
    more = replace(
        repeat,
        themes=(*repeat.themes, theme),
        agreed={**repeat.agreed, ("theme", theme): repeat.readers},
    )
    findings = tuple(more if one is repeat else one for one in material.findings)
    changed = a_material(findings=findings)
    book = openpyxl.load_workbook(io.BytesIO(workbook(changed, None, "", texts_in("en"))))
    titles, rows = rows_of(book, "Matrix")
    row = next(one for one in rows if one[0] == first.evaluation.mark)
    cell = row[titles.index(material.codebook.theme(theme).name())]
    assert f"“{repeat.passage.text}”" in cell
    titles, rows = rows_of(book, "Findings")
    row = next(one for one in rows if repeat.passage.id in one)
    assert row[titles.index("Counted")] == f"in part: repeats {mark_of(first, texts_in('en'))}"


def test_a_cell_that_would_be_too_long_says_how_much_it_leaves_out(material):
    first = material.included[0].evaluation
    many = tuple(
        a_finding(first, f"{n} " + "😀 word " * 400, ("lesson",), ("social-dialogue",), order=n)
        for n in range(1, 40)
    )
    content = workbook(a_material(findings=many), None, "", texts_in("en"))
    _, rows = rows_of(openpyxl.load_workbook(io.BytesIO(content)), "Matrix")
    cell = max((str(value) for value in rows[0]), key=len)
    kept = cell.count("”")
    assert len(cell.encode("utf-16-le")) // 2 <= 32_767
    assert cell.endswith(f"[… {39 - kept} more: see the sheet of findings]")
    assert 5 < kept < 20


def test_the_counts_are_those_of_the_table(material, book):
    table = finding_types_by_theme(material)
    _, rows = rows_of(book, "Counts")
    *themes, total = rows
    columns = [*material.codebook.finding_type_ids, None]
    for theme, row in zip(table.rows, themes, strict=True):
        cells = [table.row_totals[theme] if c is None else table.cell(theme, c) for c in columns]
        assert list(row[1:]) == numbers(cells)
    cells = [table.total if c is None else table.column_totals[c] for c in columns]
    assert list(total) == ["All", *numbers(cells)]
    assert total[-3] == len(material.counted)


def test_the_counts_by_attribute_are_those_of_the_tables(material, book):
    _, rows = rows_of(book, "Counts by attribute")
    given = [
        numbers([*(table.cell(row, one) for one in table.columns), table.row_totals[row]])
        for table in (by_attribute(material, attribute) for attribute in ATTRIBUTES)
        for row in table.rows
    ]
    assert [list(row[2:]) for row in rows] == given
    assert ("Country", "Cambodia") in [row[:2] for row in rows]
    assert ("Target group", "Women") in [row[:2] for row in rows]


def numbers(cells):
    return [n for one in cells for n in (one.reports, one.passages, one.double_read, one.agreed)]


def test_estimates_stand_apart_and_are_named_so(material, book):
    assert book["Estimates"]["A1"].value.startswith("Estimates, not counts")
    assert "what the model “starter 1.0” suggests" in book["Estimates"]["A3"].value
    _, rows = rows_of(book, "Estimates")
    assert rows == [
        ("Finding type", "Obstacle", 0.25, 0.2, 0.31, 0.24, 0.17, 0.33),
        ("Theme", "Social dialogue", None, None, None, 0.1, None, None),
    ]
    names = [one.name for one in sheets(material, None, "", texts_in("en"))]
    assert names == [one for one in SHEETS if one != "Estimates"]


def test_the_register_and_the_screening_have_a_row_for_each_evaluation(material, book):
    titles, rows = rows_of(book, "Register")
    assert [row[0] for row in rows] == [one.mark for one in material.listed]
    register = {row[0]: dict(zip(titles, row, strict=True)) for row in rows}
    assert register["E1"]["Countries"] == "Cambodia"
    assert register["E1"]["Funding source"] == "Sweden"
    assert register["E19"]["Report"] == "not there"
    titles, rows = rows_of(book, "Screening")
    screening = {row[0]: dict(zip(titles, row, strict=True)) for row in rows}
    assert screening["E24"]["Reasons"] == "Not about social protection"
    assert screening["E24"]["Note"] == "Fish only."
    assert screening["E24"]["Screened by"] == "Ana; Björn; Chloé"
    assert screening["E13"]["Used in its place"] == "E14"
    assert screening["E3"]["Complete"] is None
    assert [screening["E6"][one] for one in material.plan.checklist] == ["yes", "no", "yes", "no"]


def test_the_flow_adds_up(material, book):
    _, rows = rows_of(book, "Flow")
    by_step = {row[0]: row[2] for row in rows if not row[1]}
    assert by_step["Identified"] == len(material.listed)
    parts = ("Excluded", "Put off as possible", "Included", "Screeners disagree")
    others = ("Not screened to the end", "Another evaluation of the same project is used")
    assert sum(by_step[one] for one in (*parts, *others)) == by_step["Identified"]
    assert sum(row[2] for row in rows if row[1]) == by_step["Excluded"]


def test_what_is_left_out_is_said_and_why(book):
    _, rows = rows_of(book, "About")
    left = [row[1] for row in rows if row[0] == "Left out"]
    assert left == [
        "E13: 12 confirmed passages, because the evaluation is not included",
        "E26: 3 confirmed passages, because the evaluation is not included",
        "leftover.docx: no evaluation of the register names it",
        "green-jobs: the code is no longer in use; 2 passages that had it wait to be read again",
        "3 passages were confirmed until the codebook changed, and wait to be read again",
    ]


def test_no_text_becomes_a_formula_a_link_or_a_number(material):
    texts = ["=1+1", "+1", "-cmd", "@SUM(A1)", "http://example.org", "007", " =2"]
    first = material.included[0].evaluation
    findings = tuple(
        a_finding(first, text, ("lesson",), ("social-dialogue",), order=n)
        for n, text in enumerate(texts)
    )
    content = workbook(a_material(findings=findings), None, "=3", texts_in("en"))
    _, rows = rows_of(openpyxl.load_workbook(io.BytesIO(content)), "Findings")
    assert [row[4] for row in rows] == texts
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        written = b"".join(parts.read(one) for one in parts.namelist() if "worksheets" in one)
    assert b"<f>" not in written
    assert b"<hyperlink" not in written


def test_long_right_to_left_and_awkward_titles_stay_whole(book):
    _, rows = rows_of(book, "Register")
    titles = [row[1] for row in rows]
    assert LONG_TITLE in titles
    assert AWKWARD_TITLE.replace("\t", " ") in [one.replace("\t", " ") for one in titles]
    assert any("التقييم" in one for one in titles)
    heights = [one.height for one in book["Register"].row_dimensions.values() if one.height]
    assert max(heights) <= 409


@pytest.mark.slow
def test_the_same_material_gives_the_same_bytes_later_on(material, content):
    # Long enough for a file's time stamp to be another one.
    time.sleep(2.1)
    assert workbook(material, ESTIMATES, "What works", texts_in("en")) == content
    created = openpyxl.load_workbook(io.BytesIO(content)).properties.created
    assert created.isoformat() == "2026-11-28T16:20:00"


@pytest.mark.parametrize(
    ("language", "names"),
    [
        ("fr", ["À propos", "Constats", "Matrice", "Comptes", "Comptes par attribut"]),
        ("es", ["Acerca de", "Hallazgos", "Matriz", "Recuentos", "Recuentos por atributo"]),
        ("pt", ["Sobre", "Constatações", "Matriz", "Contagens", "Contagens por atributo"]),
    ],
)
def test_the_workbook_speaks_four_languages(material, language, names):
    content = workbook(material, ESTIMATES, "", texts_in(language))
    found = openpyxl.load_workbook(io.BytesIO(content))
    assert found.sheetnames[:5] == names
    assert len(found.sheetnames) == len(SHEETS)


def test_without_a_register_there_is_no_screening(material):
    names = [
        one.name for one in sheets(replace(material, is_register=False), None, "", texts_in("en"))
    ]
    assert "Register" in names
    assert "Screening" not in names
    assert "Flow" not in names


@pytest.mark.slow
def test_libreoffice_opens_it_and_keeps_every_number(content, book, tmp_path):
    find_office(tmp_path / "profile")
    path = tmp_path / "synthesis.xlsx"
    path.write_bytes(content)
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    program = shutil.which("soffice")
    assert program is not None
    (tmp_path / "saved").mkdir()
    command = [program, profile, "--headless", "--convert-to", "xlsx", "--outdir"]
    subprocess.run(
        [*command, str(tmp_path / "saved"), str(path)], check=True, capture_output=True, timeout=180
    )
    saved = openpyxl.load_workbook(tmp_path / "saved" / "synthesis.xlsx")
    assert saved.sheetnames == SHEETS
    for name in SHEETS:
        before = [row for row in book[name].iter_rows(values_only=True) if any(row)]
        after = [row for row in saved[name].iter_rows(values_only=True) if any(row)]
        assert [tuple(map(plain, row)) for row in after] == [
            tuple(map(plain, row)) for row in before
        ]


def plain(value):
    return value.replace("\t", " ") if isinstance(value, str) else value
