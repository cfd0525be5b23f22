"""``whatworks classify`` on sound input: what comes out, and where."""

import csv
import json
import os
from pathlib import Path

import openpyxl
import pytest

from tests.command import PROSE, Run, text_report
from tests.pdf_builder import PdfBuilder
from whatworks.nlp.vectors import VectorCache


def objects(text: str) -> list[dict]:
    return [json.loads(line) for line in text.splitlines()]


def rows(path: Path) -> list[dict]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def pdf_bytes(*paragraphs: str) -> bytes:
    pdf = PdfBuilder()
    for paragraph in paragraphs:
        pdf.page().block(60, 80, paragraph)
    return pdf.build()


def test_without_result_file_a_summary_is_printed(classify: Run, report: Path) -> None:
    ran = classify(report, "--threshold", 0)
    assert ran.code == 0
    assert "sound.txt English, 3 passages, 3 with a suggestion" in ran.said
    assert "Success factor 3 Obstacle 3 Lesson 3 Good practice 3" in ran.said
    assert "no one has confirmed them yet" in ran.said
    assert ran.err == ""


def test_lines_of_json_come_for_every_passage(classify: Run, report: Path) -> None:
    ran = classify(report, "--format", "jsonl", "--include-none")
    found = objects(ran.out)
    assert [one["text"] for one in found] == list(PROSE)
    assert [one["order"] for one in found] == [1, 2, 3]
    assert {one["model"] for one in found} == {"tiny 1.0 (" + found[0]["model"][10:]}
    assert len({json.dumps(one["probabilities"]) for one in found}) == 3


def test_each_result_file_is_written_and_named(classify: Run, report: Path, tmp_path: Path) -> None:
    names = [f"results.{ending}" for ending in ("xlsx", "csv", "jsonl", "html")]
    options = [part for name in names for part in ("-o", tmp_path / name)]
    ran = classify(report, *options, "--threshold", 0)
    assert ran.code == 0
    assert [line for line in ran.err.splitlines() if line.startswith("Wrote")] == [
        f"Wrote {tmp_path / name}" for name in names
    ]
    sheet = openpyxl.load_workbook(tmp_path / "results.xlsx")["Passages"]
    assert PROSE[1] in [cell.value for row in sheet.iter_rows() for cell in row]
    assert [row["text"] for row in rows(tmp_path / "results.csv")] == list(PROSE)
    lines = (tmp_path / "results.jsonl").read_text("utf-8")
    assert [one["text"] for one in objects(lines)] == list(PROSE)
    assert PROSE[2] in (tmp_path / "results.html").read_text("utf-8")
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([*names, "sound.txt"])


def test_quiet_says_nothing(classify: Run, report: Path, tmp_path: Path) -> None:
    ran = classify(report, "-q", "-o", tmp_path / "r.csv")
    assert (ran.code, ran.out, ran.err) == (0, "", "")
    assert (tmp_path / "r.csv").exists()


def test_the_threshold_decides_what_is_listed(classify: Run, report: Path) -> None:
    assert len(objects(classify(report, "--format", "jsonl", "--threshold", 0).out)) == 3
    assert classify(report, "--format", "jsonl", "--threshold", 1).out == ""
    labels = [
        one["labels"] for one in objects(classify(report, "--format", "jsonl", "--include-none",
                                                  "--threshold", 1).out)
    ]  # fmt: skip
    assert labels == [[], [], []]


def test_the_language_given_is_the_reports(classify: Run, tmp_path: Path) -> None:
    # Too short to speak against it.
    report = text_report(tmp_path / "a.txt", "Funds came late this year.")
    ran = classify(report, "--format", "jsonl", "--include-none", "--language", "PT")
    assert [one["language"] for one in objects(ran.out)] == ["pt"]


def test_folders_patterns_and_files_are_each_read_once(
    classify: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text_report(tmp_path / "in" / "deep" / "a.txt")
    text_report(tmp_path / "in" / "b.md")
    text_report(tmp_path / "in" / "no-report.log")
    monkeypatch.chdir(tmp_path)
    given = ("in", "in/*.md", "in/../in/b.md", tmp_path / "in" / "deep" / "a.txt")
    ran = classify(*given, "--format", "jsonl", "--include-none")
    assert ran.code == 0
    assert sorted({one["report"] for one in objects(ran.out)}) == ["a.txt", "b.md"]
    assert len(objects(ran.out)) == 6


def test_two_reports_of_one_name_are_told_apart(classify: Run, tmp_path: Path) -> None:
    text_report(tmp_path / "2019" / "final.txt")
    text_report(tmp_path / "2020" / "final.txt")
    found = objects(classify(tmp_path, "--format", "jsonl", "--include-none").out)
    assert [one["report"] for one in found] == ["2019/final.txt"] * 3 + ["2020/final.txt"] * 3
    assert len({one["passage_id"] for one in found}) == 6


def test_result_files_in_the_folder_are_not_read_as_reports(
    classify: Run, report: Path, tmp_path: Path
) -> None:
    first = classify(tmp_path, "-o", tmp_path / "first.html")
    assert first.code == 0
    again = classify(tmp_path, "-o", tmp_path / "first.html", "--include-none")
    assert "left out" not in again.said
    other = classify(tmp_path, "-o", tmp_path / "second.jsonl", "--include-none")
    assert f"Note: {tmp_path / 'first.html'}: left out" in other.err
    found = objects((tmp_path / "second.jsonl").read_text("utf-8"))
    assert {one["report"] for one in found} == {"sound.txt"}


def test_a_report_on_standard_input(classify: Run) -> None:
    given = "\n\n".join(PROSE).encode()
    found = objects(classify("-", "--format", "jsonl", "--include-none", stdin=given).out)
    assert [one["text"] for one in found] == list(PROSE)
    assert {one["report"] for one in found} == {"standard input"}


def test_a_pdf_on_standard_input(classify: Run) -> None:
    ran = classify("-", "--format", "jsonl", "--include-none", stdin=pdf_bytes(*PROSE))
    assert [one["page"] for one in objects(ran.out)] == [1, 2, 3]
    assert "Warning" not in ran.err


TABLE = [("1", "Funds came late.", "x"), ("2", "", "y"), ("3", "Staff stayed on.", "z")] * 700


def table(path: Path) -> Path:
    header = ("code", "text", "note")
    if path.suffix == ".csv":
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([header, *TABLE])
    elif path.suffix == ".xlsx":
        book = openpyxl.Workbook()
        for row in [header, *TABLE]:
            book.active.append(row)
        book.save(path)
    else:
        lines = [json.dumps(dict(zip(header, row, strict=True))) for row in TABLE]
        path.write_text("\n".join(lines), "utf-8")
    return path


@pytest.mark.parametrize("name", ["in.csv", "in.xlsx", "in.jsonl"])
def test_a_table_keeps_its_rows_their_order_and_columns(
    name: str, classify: Run, tmp_path: Path
) -> None:
    result = tmp_path / "labelled.csv"
    assert classify(table(tmp_path / name), "-o", result, "--threshold", 1).code == 0
    found = [(row["code"], row["text"], row["note"]) for row in rows(result)]
    assert found == TABLE


def test_an_empty_text_has_no_probability(classify: Run, tmp_path: Path) -> None:
    ran = classify(table(tmp_path / "in.csv"), "--format", "jsonl")
    empty = [one for one in objects(ran.out) if not one["text"]]
    assert len(empty) == 700
    assert {p for one in empty for p in one["probabilities"].values()} == {0.0}
    assert all(one["labels"] == [] for one in empty)


@pytest.mark.parametrize(
    "text", ["=1+1 is what it cost", "+cmd|' /C calc'!A0", "-2 of 3 left", "@SUM(A1) of it all"]
)
def test_no_cell_can_be_run_by_a_spreadsheet(text: str, classify: Run, tmp_path: Path) -> None:
    given = tmp_path / "in.jsonl"
    given.write_text(json.dumps({"text": text, "=note": text}), "utf-8")
    options = [part for name in ("r.csv", "r.xlsx", "r.jsonl") for part in ("-o", tmp_path / name)]
    assert classify(given, *options).code == 0
    (row,) = rows(tmp_path / "r.csv")
    assert row["text"] == row["'=note"] == f"'{text}"
    sheet = openpyxl.load_workbook(tmp_path / "r.xlsx")["Passages"]
    cells = [cell for line in sheet.iter_rows() for cell in line if cell.value is not None]
    assert [cell.value for cell in cells].count(text) == 2
    assert {cell.data_type for cell in cells} <= {"s", "n"}
    (found,) = objects((tmp_path / "r.jsonl").read_text("utf-8"))
    assert found["text"] == text


@pytest.mark.parametrize(
    "name",
    [
        "mid-term review 2.txt",
        "évaluation – día 3 ação.txt",
        "it's \"final\".txt",
        "[bold]x[red].txt",
        "new\nline.txt",
        os.fsdecode(b"r\xe9sum\xe9.txt"),
    ],
)  # fmt: skip
def test_names_of_any_signs(name: str, classify: Run, tmp_path: Path) -> None:
    report = text_report(tmp_path / name)
    endings = ("xlsx", "csv", "jsonl", "html")
    options = [part for ending in endings for part in ("-o", tmp_path / f"{name}.{ending}")]
    for _ in range(2):
        # The second time from the caches.
        ran = classify(report, *options, "--include-none")
        assert ran.code == 0
        assert "Error" not in ran.err
        shown = name.encode(errors="replace").decode()
        lines = (tmp_path / f"{name}.jsonl").read_text("utf-8")
        assert [one["report"] for one in objects(lines)] == [shown] * 3
    assert all((tmp_path / f"{name}.{ending}").stat().st_size for ending in endings)


def test_a_passage_is_encoded_once_over_reports_and_runs(
    classify: Run, report: Path, tmp_path: Path, cache: Path
) -> None:
    classify(report)
    vectors = VectorCache(cache / "vectors.sqlite")
    before = vectors.count()
    assert before == 3 + 23
    text_report(tmp_path / "copy.md")
    classify(tmp_path)
    assert vectors.count() == before


def test_a_report_in_another_language_is_classified_with_a_warning(
    classify: Run, tmp_path: Path
) -> None:
    german = text_report(
        tmp_path / "bericht.txt",
        "Das Vorhaben hat vierzig Fachkräfte ausgebildet, und die meisten von ihnen blieben.",
    )
    ran = classify(german)
    assert ran.code == 0
    assert "It seems to be in 'de', which is none of the four measured languages" in ran.said
    lines = classify(german, "--format", "jsonl", "--include-none")
    assert len(objects(lines.out)) == 1
    assert f"Warning: {german}: It seems to be in 'de'" in lines.err


@pytest.mark.slow
def test_another_encoder_gets_heads_of_its_own_once(
    run: Run, tiny_encoder: Path, report: Path, cache: Path
) -> None:
    ran = run("classify", report, "--encoder", tiny_encoder, "--threshold", 0)
    assert ran.code == 0
    assert "Fitting the heads" in ran.err
    assert "3 with a suggestion" in ran.said
    (kept,) = (cache / "models").iterdir()
    before = (kept / "config.json").stat().st_mtime_ns
    assert run("classify", report, "--encoder", tiny_encoder, "--threshold", 0).out == ran.out
    assert (kept / "config.json").stat().st_mtime_ns == before
