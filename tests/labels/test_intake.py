"""Files on their way into a project: which report each one is."""

import json
import unicodedata
from pathlib import Path

import pytest

from tests.command import PROSE, text_report
from whatworks.labels.intake import Arrival, Intake
from whatworks.labels.store.database import Store, create_store, open_store
from whatworks.labels.store.passages import current_passages
from whatworks.labels.store.reports import add_report, find_report, report_versions, reports
from whatworks.labels.suggestions import SkippedFile
from whatworks.nlp.errors import UnreadableReportError, WhatworksError
from whatworks.nlp.reading import read_report


@pytest.fixture
def store(tmp_path: Path) -> Store:
    (tmp_path / "project").mkdir()
    return create_store(tmp_path / "project" / "project.db")


def intake(store: Store, folder: Path) -> Intake:
    with store.reading() as connection:
        return Intake(report_versions(connection), folder)


def place(store: Store, *files: Path, replaces: str | None = None) -> list[Arrival]:
    """Where the files belong; what is not known is added, as the command does."""
    folder = Path(str(store.engine.url.database)).parent
    with store.reading() as connection:
        replaced = None if replaces is None else find_report(connection, replaces)
    found = intake(store, folder).arrivals(files, replaced)
    for one in found:
        assert isinstance(one, Arrival)
        if not one.is_known:
            read = read_report(one.path, name=one.name)
            add_report(store, read, one.stored_path, one.sha256, "ana", report_id=one.report_id)
    return found  # type: ignore[return-value]


def place_table(store: Store, table: Path) -> list[Arrival]:
    folder = Path(str(store.engine.url.database)).parent
    found = []
    for one, read in intake(store, folder).reports_in(table):
        found.append(one)
        if not one.is_known:
            add_report(store, read, one.stored_path, one.sha256, "ana", report_id=one.report_id)
    return found


def names(store: Store) -> list[str]:
    with store.reading() as connection:
        return [f"{one.name} {one.number}" for one in reports(connection)]


def table(path: Path, *rows: tuple[str, str]) -> Path:
    lines = [json.dumps({"report": report, "text": text, "page": 3}) for report, text in rows]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(lines), "utf-8")
    return path


def test_a_new_file_is_a_new_report_with_its_name(store: Store, tmp_path: Path) -> None:
    (one,) = place(store, text_report(tmp_path / "elsewhere" / "r.txt"))
    assert (one.name, one.report_id, one.is_known, one.note) == ("r.txt", None, False, "")
    assert one.stored_path == str(tmp_path / "elsewhere" / "r.txt")
    (inside,) = place(store, text_report(tmp_path / "project" / "reports" / "s.txt", PROSE[0]))
    assert inside.stored_path == "reports/s.txt"


def test_the_same_content_is_the_same_report_wherever_it_lies(store: Store, tmp_path: Path) -> None:
    place(store, text_report(tmp_path / "a" / "r.txt"))
    again, copy = place(
        store, tmp_path / "a" / "r.txt", text_report(tmp_path / "b" / "copy of r.txt")
    )
    assert (again.is_known, again.name) == (True, "r.txt")
    assert (copy.is_known, copy.name) == (True, "r.txt")
    assert names(store) == ["r.txt 1"]


def test_two_copies_given_at_once_are_one_report(store: Store, tmp_path: Path) -> None:
    found = place(store, text_report(tmp_path / "a.txt"), text_report(tmp_path / "b.txt"))
    assert [(one.name, one.is_known) for one in found] == [("a.txt", False), ("a.txt", True)]


def test_a_changed_file_is_a_new_version_of_the_report_at_its_place(
    store: Store, tmp_path: Path
) -> None:
    place(store, text_report(tmp_path / "project" / "r.txt"))
    (changed,) = place(store, text_report(tmp_path / "project" / "r.txt", PROSE[0]))
    assert (changed.name, changed.report_id, changed.is_known) == ("r.txt", 1, False)


def test_a_report_in_the_project_folder_moves_with_it(store: Store, tmp_path: Path) -> None:
    place(store, text_report(tmp_path / "project" / "r.txt"))
    store.close()
    (tmp_path / "project").rename(tmp_path / "moved")
    moved = open_store(tmp_path / "moved" / "project.db")
    (changed,) = place(moved, text_report(tmp_path / "moved" / "r.txt", PROSE[0]))
    assert (changed.name, changed.report_id) == ("r.txt", 1)


def test_a_file_may_go_back_to_what_it_was(store: Store, tmp_path: Path) -> None:
    place(store, text_report(tmp_path / "r.txt"))
    place(store, text_report(tmp_path / "r.txt", PROSE[0]))
    (back,) = place(store, text_report(tmp_path / "r.txt"))
    assert (back.name, back.is_known) == ("r.txt", False)
    assert names(store) == ["r.txt 3"]


def test_an_old_copy_elsewhere_is_left_alone_and_told(store: Store, tmp_path: Path) -> None:
    place(store, text_report(tmp_path / "r.txt"))
    place(store, text_report(tmp_path / "r.txt", PROSE[0]))
    (old,) = place(store, text_report(tmp_path / "backup" / "r.txt"))
    assert old.is_known
    assert old.note == (
        "It is version 1 of 'r.txt', which version 2 has replaced. To go back to it add "
        "--replaces 'r.txt'."
    )
    place(store, tmp_path / "backup" / "r.txt", replaces="r.txt")
    assert names(store) == ["r.txt 3"]


def test_another_file_of_the_same_name_gets_a_longer_one(store: Store, tmp_path: Path) -> None:
    place(store, text_report(tmp_path / "mali" / "r.txt"))
    (other,) = place(store, text_report(tmp_path / "benin" / "r.txt", PROSE[0]))
    assert other.name == "benin/r.txt"
    assert other.note == "There is another report 'r.txt'; this one is called 'benin/r.txt'."
    (third,) = place(store, text_report(tmp_path / "x" / "benin" / "r.txt", PROSE[1]))
    assert third.name == "x/benin/r.txt"


def test_files_of_one_name_given_at_once_are_told_apart(store: Store, tmp_path: Path) -> None:
    found = place(
        store,
        text_report(tmp_path / "mali" / "r.txt"),
        text_report(tmp_path / "benin" / "r.txt", PROSE[0]),
    )
    assert [(one.name, one.note) for one in found] == [("mali/r.txt", ""), ("benin/r.txt", "")]


def test_a_file_can_replace_a_report_by_name(store: Store, tmp_path: Path) -> None:
    place(store, text_report(tmp_path / "draft.txt"))
    (final,) = place(store, text_report(tmp_path / "final.txt", *PROSE[:2]), replaces="draft.txt")
    assert (final.name, final.report_id) == ("draft.txt", 1)
    (same,) = place(store, tmp_path / "final.txt", replaces="draft.txt")
    assert same.is_known
    # From now on the report is at the new place.
    (changed,) = place(store, text_report(tmp_path / "final.txt", PROSE[2]))
    assert changed.name == "draft.txt"
    assert names(store) == ["draft.txt 3"]


@pytest.mark.parametrize("count", [0, 2])
def test_only_one_file_can_replace_a_report(count: int, store: Store, tmp_path: Path) -> None:
    place(store, text_report(tmp_path / "r.txt"))
    files = [text_report(tmp_path / f"{n}.txt", PROSE[n]) for n in range(count)]
    with pytest.raises(WhatworksError, match="Give just one file"):
        place(store, *files, replaces="r.txt")
    with pytest.raises(WhatworksError, match="Give just one file that is no table"):
        place(store, table(tmp_path / "t.jsonl", ("a", "b")), replaces="r.txt")


def test_a_file_that_cannot_be_opened_does_not_stop_the_others(
    store: Store, tmp_path: Path
) -> None:
    files = [tmp_path / "missing.txt", text_report(tmp_path / "r.txt")]
    missing, sound = intake(store, tmp_path).arrivals(files)
    assert isinstance(missing, SkippedFile)
    assert missing.cause == "There is no such file."
    assert isinstance(sound, Arrival)


def test_a_name_is_the_same_however_its_accents_are_written(store: Store, tmp_path: Path) -> None:
    decomposed = unicodedata.normalize("NFD", "évaluation.txt")
    (one,) = place(store, text_report(tmp_path / decomposed))
    assert one.name == unicodedata.normalize("NFC", "évaluation.txt")


def test_a_table_gives_a_report_for_each_name_in_its_report_column(
    store: Store, tmp_path: Path
) -> None:
    path = table(
        tmp_path / "t.jsonl", ("a.pdf", "It held."), ("b.pdf", "It held."), ("a.pdf", "It held.")
    )
    found = place_table(store, path)
    assert [one.name for one in found] == ["a.pdf", "b.pdf"]
    with store.reading() as connection:
        first, second = (current_passages(connection, n) for n in (1, 2))
    assert [(one.order, one.page, one.report) for one in first] == [
        (1, 3, "a.pdf"),
        (2, 3, "a.pdf"),
    ]
    assert len({one.id for one in (*first, *second)}) == 3


def test_a_changed_table_is_a_new_version_of_what_changed_in_it(
    store: Store, tmp_path: Path
) -> None:
    path = tmp_path / "t.jsonl"
    place_table(store, table(path, ("a", "One."), ("b", "Two."), ("c", "Three.")))
    assert [one.is_known for one in place_table(store, path)] == [True, True, True]
    found = place_table(store, table(path, ("b", "Two, changed."), ("a", "One."), ("d", "Four.")))
    assert [(one.name, one.is_known) for one in found] == [
        ("b", False), ("a", True), ("d", False), ("c", False),
    ]  # fmt: skip
    assert found[-1].note == f"The report 'c' no longer stands in {path}."
    assert names(store) == ["a 1", "b 2", "c 2", "d 1"]
    with store.reading() as connection:
        assert [one.text for one in current_passages(connection)] == [
            "One.", "Two, changed.", "Four.",
        ]  # fmt: skip
    # What is gone is told once.
    assert [one.name for one in place_table(store, path)] == ["b", "a", "d"]


def test_a_table_never_takes_the_place_of_a_report_that_was_read(
    store: Store, tmp_path: Path
) -> None:
    place(store, text_report(tmp_path / "r.txt"))
    path = tmp_path / "t.jsonl"
    (one,) = place_table(store, table(path, ("r.txt", "A row.")))
    assert one.name == "t.jsonl/r.txt"
    assert one.note == "There is another report 'r.txt'; this one is called 't.jsonl/r.txt'."
    (again,) = place_table(store, path)
    assert (again.name, again.is_known) == ("t.jsonl/r.txt", True)
    (changed,) = place_table(store, table(path, ("r.txt", "Another row.")))
    assert (changed.name, changed.report_id) == ("t.jsonl/r.txt", 2)


def test_a_table_without_a_report_column_is_one_report(store: Store, tmp_path: Path) -> None:
    for folder in ("x", "y"):
        path = tmp_path / folder / "t.csv"
        path.parent.mkdir()
        path.write_text(f'text\n"Staff stayed in {folder}."\n""\n', "utf-8")
        (one,) = place_table(store, path)
        assert one.name == ("t.csv" if folder == "x" else "y/t.csv")
    with store.reading() as connection:
        assert reports(connection)[0].warnings == ("1 row without a text was left out.",)


@pytest.mark.parametrize(
    ("text", "cause"),
    [("text\n", "no rows"), ('text\n""\n', "no text"), ("a,b\n1,2\n", "no 'text'")],
)
def test_a_table_without_passages_is_said(
    text: str, cause: str, store: Store, tmp_path: Path
) -> None:
    (tmp_path / "t.csv").write_text(text)
    with pytest.raises(UnreadableReportError, match=cause):
        place_table(store, tmp_path / "t.csv")


def test_the_language_given_holds_for_all_rows(store: Store, tmp_path: Path) -> None:
    path = table(tmp_path / "t.jsonl", ("a", "It held."))
    ((_, read),) = intake(store, tmp_path).reports_in(path, "fr")
    assert (read.language, read.passages[0].language) == ("fr", "fr")
