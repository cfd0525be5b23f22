import io

import pytest

from whatworks.cli.summary import SummaryWriter, print_skipped, summary_console
from whatworks.labels.codebook import load_codebook
from whatworks.labels.suggestions import (
    PassageSuggestions,
    ReportSuggestions,
    SkippedFile,
    ThemeSuggestion,
)
from whatworks.nlp.passages import Passage, PassageId

CODEBOOK = load_codebook("ilo-social-protection")


def item(text, probability=0.8, label="obstacle", order=1, page=4):
    probabilities = dict.fromkeys(CODEBOOK.finding_type_ids, 0.1) | {label: probability}
    return PassageSuggestions(
        Passage(PassageId(f"{order:016x}"), "r.pdf", order, page, (), "en", text),
        probabilities,
        (label,) if probability >= 0.5 else (),
        (ThemeSuggestion("local-presence", 0.7),),
    )


def report(*items, name="r.pdf", **changes):
    fields = {"report": name, "path": name, "language": "fr", "passages": items, "pages": 12}
    return ReportSuggestions(**{**fields, **changes})


def printed(*reports, width=80, skipped=(), file=None):
    file = file or io.StringIO()
    with SummaryWriter(summary_console(file, width), CODEBOOK) as writer:
        for one in reports:
            writer.write(one)
        writer.finish(skipped)
    return file.getvalue()


def lines(text):
    return [" ".join(line.split()) for line in text.splitlines() if line.strip()]


def test_a_report_is_summed_up():
    items = (
        item("Funds came late.", 0.9, page=7),
        item("Nothing.", 0.2, order=2),
        item("Staff stayed.", 0.6, "success_factor", order=3, page=None),
    )
    assert lines(printed(report(*items, title="Évaluation finale"))) == [
        "Évaluation finale",
        "r.pdf, 12 pages, French, 3 passages, 2 with a suggestion",
        "Success factor 1 Obstacle 1 Lesson 0 Good practice 0",
        "Top themes: Local presence 2",
        "Success factor: strongest suggestions",
        "no. 3 60% Staff stayed.",
        "Obstacle: strongest suggestions",
        "p. 7 90% Funds came late.",
        "Suggestions by a model: no one has confirmed them yet.",
    ]


def test_the_strongest_come_first_and_of_equals_the_earlier():
    items = [item(f"text {n}", p, order=n) for n, p in enumerate([0.6, 0.9, 0.7, 0.9, 0.7], 1)]
    shown = [line.split()[-1] for line in lines(printed(report(*items))) if "text" in line]
    assert shown == ["2", "4", "3"]


def test_stretches_of_a_table_are_one_summary():
    found = printed(report(item("a")), report(item("b", order=2)), report(item("c"), name="s.pdf"))
    assert found.count("1 with a suggestion") == 1
    assert found.count("2 with a suggestion") == 1
    assert found.count("no one has confirmed") == 1


@pytest.mark.parametrize("text", ["[/red]", "[bold]x[/bold]", ":smile:", "[link=http://x]y", "\\["])
def test_text_that_looks_like_markup_is_printed_as_it_is(text):
    found = printed(
        report(item(text), name=f"{text}.pdf", title=text, warnings=(text,)),
    )
    # Title, file name, remark and passage.
    assert found.count(text) == 4


def test_codes_that_drive_a_terminal_are_left_out():
    found = printed(report(item("a\x1b[31mb\x9b2Jc\u202ed\x07"), title="x\x1b]0;t\x07"))
    assert "a[31mb2Jcd" in found
    assert not set("\x1b\x9b\u202e\x07") & set(found)


def test_a_pipe_gets_no_colours_and_a_terminal_does():
    assert "\x1b" not in printed(report(item("a")))
    file = io.StringIO()
    file.isatty = lambda: True
    assert "\x1b[1m" in printed(report(item("a")), file=file)


@pytest.mark.parametrize("width", [20, 40, 80, 200])
def test_no_line_is_wider_than_the_terminal(width):
    text = "Institutional " * 40 + "x" * 300
    found = printed(report(item(text), item("y" * 500, 0.9), title="T" * 90), width=width)
    assert max(len(line) for line in found.splitlines()) <= width
    assert "…" in found


def test_an_encoding_without_the_letters_is_no_reason_to_fail():
    raw = io.BytesIO()
    file = io.TextIOWrapper(raw, encoding="ascii", write_through=True)
    with SummaryWriter(summary_console(file, 80), CODEBOOK) as writer:
        writer.write(report(item("Leçon 漢 \udce9")))
        writer.finish([])
    assert b"Le?on" in raw.getvalue()


def test_a_run_without_reports_says_only_what_was_skipped():
    assert printed(skipped=[SkippedFile("a.pdf", "Why.", "How.")]) == "1 file was skipped.\n"


def test_skipped_files_are_printed_with_cause_and_cure():
    file = io.StringIO()
    skipped = [SkippedFile("a[/red].pdf", "It is a scan.", "Run OCR.")]
    print_skipped(skipped, summary_console(file, 80))
    assert file.getvalue() == "a[/red].pdf: It is a scan. Run OCR.\n"
