from whatworks.labels.exchange.matrix import Matrix, skipped_rows
from whatworks.labels.suggestions import SkippedFile


def test_a_passage_counts_under_each_label_and_one_theme(make_report, make_item):
    themes = (("local-presence", 0.8), ("social-dialogue", 0.7))
    matrix = Matrix()
    counts = matrix.add(
        make_report(
            make_item(labels={"lesson": 0.9, "obstacle": 0.6}, themes=themes),
            make_item(labels={}, themes=themes),
        )
    )
    assert (counts.passages, counts.labelled) == (2, 1)
    assert counts.finding_types == {"lesson": 1, "obstacle": 1}
    assert counts.themes == {"local-presence": 1}


def test_stretches_of_one_table_are_one_report(make_report, make_item):
    matrix = Matrix()
    for _ in range(3):
        matrix.add(make_report(make_item(), name="table.csv", warnings=("A remark.",)))
    (counts,) = matrix.reports
    assert counts.labelled == 3
    assert counts.warnings == ["A remark."]


def test_reports_of_one_name_in_two_folders_are_told_apart(make_report, make_item):
    matrix = Matrix()
    for folder in ("a", "b"):
        matrix.add(make_report(make_item(), path=f"{folder}/report.pdf"))
    assert [matrix.shown_name(c).replace("\\", "/") for c in matrix.reports] == [
        "a/report.pdf",
        "b/report.pdf",
    ]
    assert matrix.total().labelled == 2


def test_no_skipped_file_is_said(make_report):
    assert skipped_rows([]) == [("none", "", "")]
    assert skipped_rows([SkippedFile("a.pdf", "Why.", "How.")]) == [("a.pdf", "Why.", "How.")]
