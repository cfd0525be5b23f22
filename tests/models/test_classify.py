"""Files in, suggestions out, with a suggester that needs no model."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from tests.command import PROSE, text_report
from whatworks.labels.codebook import load_codebook
from whatworks.labels.suggestions import PassageSuggestions, SkippedFile
from whatworks.models.classify import ROWS_AT_ONCE, classify_files
from whatworks.nlp.encoders import Progress
from whatworks.nlp.passages import Passage


class Counting:
    """Suggests by the number of words, and remembers how many passages it got at once."""

    name = "counting 1"
    codebook = load_codebook()
    thresholds: Mapping[str, float] = dict.fromkeys(codebook.finding_type_ids, 0.5)

    def __init__(self) -> None:
        self.calls: list[int] = []

    def suggest(
        self, passages: Sequence[Passage], *, on_progress: Progress | None = None
    ) -> list[PassageSuggestions]:
        self.calls.append(len(passages))
        if on_progress is not None:
            on_progress(len(passages), len(passages))
        return [
            PassageSuggestions(one, {"obstacle": len(one.text.split()) / 100}, (), ())
            for one in passages
        ]


class Watching:
    """Writes down what it is told."""

    def __init__(self) -> None:
        self.told: list[str] = []

    def begin_file(self, index: int, path: Path) -> Progress:
        self.told.append(f"begin {index} {path.name}")
        return lambda done, total: self.told.append(f"{done}/{total}")

    def end_file(self, index: int) -> None:
        self.told.append(f"end {index}")


def classified(*files: Path, **options: object):
    suggester, watcher = Counting(), Watching()
    found = list(classify_files(files, suggester, watcher, **options))  # type: ignore[arg-type]
    return found, suggester, watcher


def table(path: Path, *texts: str, **columns: str) -> Path:
    path.write_text("\n".join(json.dumps({"text": t} | columns) for t in texts), "utf-8")
    return path


def test_reports_come_in_order_with_what_could_not_be_read(tmp_path: Path) -> None:
    files = [
        text_report(tmp_path / "b.txt"),
        tmp_path / "missing.pdf",
        table(tmp_path / "t.jsonl", "One.", "Two words."),
        text_report(tmp_path / "a.txt", PROSE[0]),
    ]
    found, suggester, watcher = classified(*files)
    assert [one.path for one in found] == list(map(str, files))
    assert isinstance(found[1], SkippedFile)
    assert found[1].cause == "There is no such file."
    assert found[1].cure
    assert [one.report for one in found if not isinstance(one, SkippedFile)] == [
        "b.txt", "t.jsonl", "a.txt",
    ]  # fmt: skip
    assert [len(one.passages) for one in (found[0], found[2], found[3])] == [3, 2, 1]
    assert suggester.calls == [3, 2, 1]
    assert watcher.told == [
        "begin 0 b.txt", "3/3", "end 0", "begin 1 missing.pdf", "end 1",
        "begin 2 t.jsonl", "2/2", "end 2", "begin 3 a.txt", "1/1", "end 3",
    ]  # fmt: skip


def test_a_report_is_read_only_when_it_is_asked_for(tmp_path: Path) -> None:
    files = [text_report(tmp_path / "a.txt"), tmp_path / "later.txt"]
    found = classify_files(files, Counting(), Watching())
    next(found)
    text_report(files[1], PROSE[0])
    second = next(found)
    assert not isinstance(second, SkippedFile)
    assert second.report == "later.txt"


def test_a_long_table_comes_in_stretches_and_keeps_its_columns(tmp_path: Path) -> None:
    texts = [f"Row {n}." for n in range(ROWS_AT_ONCE * 2 + 5)]
    found, suggester, watcher = classified(table(tmp_path / "t.jsonl", *texts, code="x"))
    assert suggester.calls == [ROWS_AT_ONCE, ROWS_AT_ONCE, 5]
    items = [item for one in found for item in one.passages]
    assert [item.passage.text for item in items] == texts
    assert [item.passage.order for item in items] == list(range(1, len(texts) + 1))
    assert {tuple(item.columns.items()) for item in items} == {(("code", "x"),)}
    assert all(one.is_table for one in found)
    # The bar of a file never runs back.
    assert watcher.told[1:-1] == ["2000/2000", "4000/4000", "4005/4005"]


def test_repeated_rows_have_ids_of_their_own_over_stretches(tmp_path: Path) -> None:
    found, _, _ = classified(table(tmp_path / "t.jsonl", *["Same."] * (ROWS_AT_ONCE + 3)))
    ids = {item.passage.id for one in found for item in one.passages}
    assert len(ids) == ROWS_AT_ONCE + 3


def test_the_note_on_a_table_is_told_once(tmp_path: Path) -> None:
    path = tmp_path / "t.jsonl"
    line = json.dumps({"passage": "The fund was set up with the ministry."})
    path.write_text("\n".join([line] * (ROWS_AT_ONCE + 1)))
    found, _, _ = classified(path)
    assert [one.warnings for one in found] == [("The column 'passage' is read as the text.",), ()]


@pytest.mark.parametrize("jobs", [1, pytest.param(2, marks=pytest.mark.slow)])
def test_the_language_given_holds_for_all(jobs: int, tmp_path: Path) -> None:
    files = [
        text_report(tmp_path / "a.txt", "Staff stayed on."),
        text_report(tmp_path / "b.txt", "Funds came late."),
        table(tmp_path / "t.jsonl", PROSE[0]),
    ]
    found, _, _ = classified(*files, language="fr", jobs=jobs)
    assert [one.language for one in found] == ["fr", "fr", "fr"]
    assert {item.passage.language for one in found for item in one.passages} == {"fr"}


def test_another_language_and_none_are_told_apart(tmp_path: Path) -> None:
    files = [
        text_report(tmp_path / "de.txt", "Das Vorhaben hat vierzig Fachkräfte ausgebildet."),
        text_report(tmp_path / "none.txt", "Xq zzt 88 vvw."),
        table(tmp_path / "t.jsonl", "Die Mittel kamen neun Monate zu spät an, leider.", ""),
        table(tmp_path / "empty.jsonl", "", ""),
        text_report(tmp_path / "en.txt"),
    ]
    found, _, _ = classified(*files)
    first = [one.warnings[0] if one.warnings else "" for one in found]
    assert first[0].startswith("It seems to be in 'de', which is none of the four")
    assert first[1].startswith("Its language could not be told (en, fr, es, pt)")
    assert first[2].startswith("It seems to be in 'de'")
    assert first[3:] == ["", ""]


def test_two_reports_of_one_name_get_longer_names(tmp_path: Path) -> None:
    found, _, _ = classified(text_report(tmp_path / "x/r.txt"), text_report(tmp_path / "y/r.txt"))
    assert [one.report for one in found] == ["x/r.txt", "y/r.txt"]
    assert {item.passage.report for item in found[1].passages} == {"y/r.txt"}


@pytest.mark.slow
def test_reading_ahead_gives_the_same(tmp_path: Path) -> None:
    files = [text_report(tmp_path / f"{n}.txt", f"{PROSE[0]} {n}") for n in range(6)]
    files.insert(2, tmp_path / "missing.pdf")
    files.insert(4, table(tmp_path / "t.jsonl", "A row."))
    assert classified(*files, jobs=2)[0] == classified(*files)[0]
