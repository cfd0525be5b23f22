import shutil
import subprocess
import zipfile

import openpyxl
import pytest

from whatworks.labels.exchange import xlsx
from whatworks.labels.suggestions import SkippedFile

MARK = "Suggestions by a model: no one has confirmed them yet"


def rows(book, sheet):
    return [list(row) for row in book[sheet].iter_rows(values_only=True)]


def test_every_sheet_says_in_its_first_row_that_these_are_suggestions(
    write_result, make_report, make_item
):
    book = openpyxl.load_workbook(write_result("r.xlsx", make_report(make_item())))
    assert book.sheetnames == ["Passages", "Matrix", "Skipped files", "About"]
    for sheet in book:
        assert str(sheet["A1"].value).startswith(MARK)


def test_passages_have_a_frozen_filtered_header_and_wrapped_text(
    write_result, make_report, make_item
):
    book = openpyxl.load_workbook(write_result("r.xlsx", make_report(make_item(), make_item())))
    sheet = book["Passages"]
    assert [cell.value for cell in sheet[2]][:9] == [
        "Report",
        "Page",
        "Heading",
        "Text",
        "Labels",
        "Success factor",
        "Obstacle",
        "Lesson",
        "Good practice",
    ]
    assert sheet.freeze_panes == "C3"
    assert sheet.auto_filter.ref == "A2:T4"
    assert sheet["D3"].alignment.wrap_text
    assert [cell.value for cell in sheet[3]] == [
        "report.pdf",
        3,
        "Findings > Effectiveness",
        "Local staff stayed in the villages.",
        "Success factor",
        0.9123,
        0.05,
        0.05,
        0.05,
        "Local presence",
        0.75,
        None,
        None,
        None,
        None,
        "en",
        "0000000000000001",
        1,
        "starter 1.0 (bundled encoder)",
        "suggested, not confirmed",
    ]
    assert sheet["F3"].number_format == "0%"


def test_the_matrix_counts_reports_by_finding_type_and_theme(write_result, make_report, make_item):
    book = openpyxl.load_workbook(
        write_result(
            "r.xlsx",
            make_report(make_item(), make_item(labels={"lesson": 0.9, "obstacle": 0.8}, order=2)),
            make_report(make_item(labels={}), name="b.docx"),
        )
    )
    found = rows(book, "Matrix")
    assert found[3][:7] == [
        "Report",
        "Passages",
        "Labelled",
        "Success factor",
        "Obstacle",
        "Lesson",
        "Good practice",
    ]
    assert found[4][:7] == ["report.pdf", 2, 2, 1, 1, 1, 0]
    assert found[5][:7] == ["b.docx", 1, 0, 0, 0, 0, 0]
    assert found[6][:7] == ["Total", 3, 2, 1, 1, 1, 0]
    assert [name for name in found[9] if name] == ["What works", "Success factors", "Obstacles"]
    head, first, _, total = found[10:14]
    assert len([name for name in head if name]) == 2 + 23
    assert first[head.index("Local presence")] == 2
    assert total[head.index("Local presence")] == 2
    assert sum(total[2:]) == total[1] == 2


def test_skipped_files_and_remarks_are_listed(write_result, make_report, make_item):
    path = write_result(
        "r.xlsx",
        make_report(make_item(), warnings=("Page 7 has no text layer.",)),
        skipped=(SkippedFile("/r/=scan.pdf", "It is a scan.", "Run OCR."),),
    )
    found = rows(openpyxl.load_workbook(path), "Skipped files")
    assert found[2] == ["/r/=scan.pdf", "It is a scan.", "Run OCR."]
    assert found[-1][:2] == ["/reports/report.pdf", "Page 7 has no text layer."]


def test_no_skipped_file_is_said_too(write_result, make_report, make_item):
    book = openpyxl.load_workbook(write_result("r.xlsx", make_report(make_item())))
    assert rows(book, "Skipped files")[2][0] == "none"


def test_about_names_model_codebook_thresholds_date_and_version(write_result):
    about = {
        row[0]: row[1] for row in rows(openpyxl.load_workbook(write_result("r.xlsx")), "About")
    }
    assert about["Model"] == "starter 1.0 (bundled encoder)"
    assert about["Codebook"] == "ilo-social-protection 1"
    assert "Obstacle 50%" in about["Thresholds"]
    assert about["Created"] == "23 November 2026, 12:31 UTC"
    assert about["Made with"] == "whatworks 0.1.0"


def test_no_text_becomes_a_formula_a_link_or_a_number(write_result, make_report, make_item):
    texts = ["=1+1", "+1", "-cmd", "@SUM(A1)", "{=1}", "http://example.org", "mailto:a@b", "007"]
    items = [make_item(text=text, order=n) for n, text in enumerate(texts, 1)]
    items.append(make_item(order=99, columns={"=a": "=2+2", "id": 10**18, "nan": float("nan")}))
    path = write_result("r.xlsx", make_report(*items, is_table=True))
    sheet = openpyxl.load_workbook(path)["Passages"]
    assert [sheet.cell(row, 7).value for row in range(3, 11)] == texts
    assert {sheet.cell(row, 7).data_type for row in range(3, 11)} == {"s"}
    assert sheet.cell(3, 7).quotePrefix
    assert [sheet.cell(2, n).value for n in (1, 2, 3, 4)] == ["=a", "id", "nan", "Report"]
    assert [sheet.cell(11, n).value for n in (1, 2, 3)] == ["=2+2", str(10**18), None]
    with zipfile.ZipFile(path) as parts:
        content = b"".join(parts.read(n) for n in parts.namelist() if "worksheets" in n)
    assert b"<f>" not in content
    assert b"<hyperlink" not in content


def test_control_characters_and_endless_texts_fit_into_cells(write_result, make_report, make_item):
    items = (make_item(text="a\x00\x0bb\ud800\ufffec"), make_item(text="😀" * 40_000))
    sheet = openpyxl.load_workbook(write_result("r.xlsx", make_report(*items)))["Passages"]
    assert sheet["D3"].value == "abc"
    long = sheet["D4"].value
    assert long.endswith("😀 […]")
    assert 32_000 < len(long.encode("utf-16-le")) / 2 <= 32_767


def test_a_full_sheet_goes_on_in_the_next(monkeypatch, write_result, make_report, make_item):
    monkeypatch.setattr(xlsx, "ROWS_A_SHEET", 2)
    items = [make_item(order=n) for n in (1, 2, 3, 4)]
    book = openpyxl.load_workbook(write_result("r.xlsx", make_report(*items)))
    assert book.sheetnames[:3] == ["Passages", "Passages 2", "Matrix"]
    assert [book[name]["R4"].value for name in book.sheetnames[:2]] == [2, 4]


@pytest.mark.slow
def test_libreoffice_opens_the_workbook(tmp_path, write_result, make_report, make_item):
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("needs LibreOffice (soffice), which is not installed")
    path = write_result("r.xlsx", make_report(make_item(text="=1+1 Leçon")))
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    target = "csv:Text - txt - csv (StarCalc):44,34,76"
    subprocess.run(
        [office, profile, "--headless", "--convert-to", target, "--outdir", tmp_path, path],
        check=True,
        capture_output=True,
        timeout=120,
    )
    assert "=1+1 Leçon" in (tmp_path / "r.csv").read_text("utf-8")
