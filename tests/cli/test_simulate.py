"""``whatworks simulate``: rounds replayed on a labelled file."""

import csv
import io
import random
import re
from pathlib import Path

import pytest

from tests.command import Ran, Run

# The tiny encoder knows letters, not words.
WORDS = {"late": "zzz zz zzzz z", "kept": "qqq qq qqqq q", "plain": "ooo oo oooo o"}


@pytest.fixture
def labelled(tmp_path: Path) -> Path:
    """90 passages of 9 reports, some of which look like another label."""
    draw = random.Random(20)
    path = tmp_path / "labelled.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["text", "kind", "report"])
        for n in range(90):
            kind = draw.choice(list(WORDS))
            other = WORDS[draw.choice(list(WORDS))]
            text = " ".join(draw.sample((WORDS[kind] + " " + other).split(), 6)) + f" {n}"
            writer.writerow([text, kind, f"r{n % 9}"])
    return path


@pytest.fixture
def simulate(run: Run, tiny_encoder: Path, tmp_path: Path) -> Run:
    def call(*arguments: object) -> Ran:
        return run(
            "simulate", *arguments, "--encoder", tiny_encoder, "--jobs", 1, "-o", tmp_path / "out"
        )

    return call


def table(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_text("utf-8"))))


SMALL = ("--label", "kind", "--seeds", 3, "--batch", 15, "--strategy", "margin")


def test_a_simulation_says_what_a_strategy_is_worth_and_writes_page_and_tables(
    simulate: Run, labelled: Path, tmp_path: Path
) -> None:
    ended = simulate(labelled, *SMALL, "--strategy", "rare")
    assert ended.code == 0, ended.said
    assert "90 passages of 9 reports, 3 labels, one to a passage." in ended.said
    assert re.search(r"margin (is better than|is worse than|and) random", ended.said)
    out = tmp_path / "out"
    page = (out / "simulation.html").read_text("utf-8")
    assert "<polyline" in page
    assert not re.search(r"(src|href)=\"?http", page)
    rows = table(out / "strategies.csv")
    assert [row["strategy"] for row in rows] == ["random", "margin", "rare"]
    curves = table(out / "curves.csv")
    assert {row["read"] for row in curves} == {"15", "30", "45", "60"}
    assert len(curves) == 3 * 3 * 4
    recall = table(out / "recall.csv")
    assert {row["label"] for row in recall} == set(WORDS)
    assert all(0 < float(row["read until 90% found"]) <= 1 for row in recall)


def test_the_same_again_replays_nothing_and_gives_the_same_page(
    simulate: Run, labelled: Path, tmp_path: Path
) -> None:
    first = simulate(labelled, *SMALL)
    page = (tmp_path / "out" / "simulation.html").read_text("utf-8")
    kept = {path: path.stat().st_mtime_ns for path in (tmp_path / "out" / "runs").iterdir()}
    assert len(kept) == 6
    again = simulate(labelled, *SMALL)
    assert again.out == first.out
    assert (tmp_path / "out" / "simulation.html").read_text("utf-8") == page
    assert {path: path.stat().st_mtime_ns for path in kept} == kept


def test_finding_types_are_replayed_where_no_column_is_named(
    simulate: Run, labelled: Path, tmp_path: Path
) -> None:
    text = labelled.read_text("utf-8").replace("kind", "labels", 1)
    text = text.replace(",late,", ",obstacle,").replace(",kept,", ",lesson,")
    labelled.write_text(text.replace(",plain,", ",none,"), "utf-8")
    ended = simulate(labelled, "--seeds", 2, "--batch", 20, "--rounds", 2)
    assert ended.code == 0, ended.said
    assert "any number to a passage" in ended.said
    assert "default and random cannot be told apart" in ended.said or "default is" in ended.said


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--label", "kind", "--strategy", "margn"), "Unknown strategy 'margn'. Nearest: 'margin'"),
        (("--label", "kind", "--against", "rando"), "Unknown strategy 'rando'. Nearest: 'random'"),
        (("--label", "knd"), "there is no column 'knd' with the labels. Nearest: 'kind'"),
        (("--label", "report"), "9 labels"),
    ],
)
def test_what_cannot_be_replayed_is_told(
    simulate: Run, labelled: Path, arguments: tuple[str, ...], said: str
) -> None:
    ended = simulate(labelled, *arguments, "--seeds", 2, "--rounds", 1)
    assert said in ended.said
    assert "Traceback" not in ended.said


def test_one_label_few_reports_and_no_file_are_refused(
    simulate: Run, labelled: Path, tmp_path: Path
) -> None:
    alike = tmp_path / "alike.csv"
    alike.write_text("text,kind,report\n" + "".join(f"a {n},x,r{n}\n" for n in range(9)), "utf-8")
    ended = simulate(alike, "--label", "kind")
    assert ended.code == 1
    assert "every passage is labelled alike (all have 'x')" in ended.said
    few = tmp_path / "few.csv"
    few.write_text(re.sub(r"r\d\b", "r1", labelled.read_text("utf-8")), "utf-8")
    ended = simulate(few, "--label", "kind")
    assert ended.code == 1
    assert "are of 1 report" in ended.said
    ended = simulate(tmp_path / "nothing.csv")
    assert (ended.code, "there is no such file" in ended.said) == (1, True)


def test_options_that_do_not_go_together_are_wrong_usage(simulate: Run, labelled: Path) -> None:
    assert simulate(labelled, "--report", "report").code == 2
    assert simulate(labelled, "--label", "kind", "--codebook", "oecd-dac").code == 2
    assert simulate(labelled, "--label", "kind", "--seeds", 1).code == 2


def test_a_place_that_cannot_be_written_is_told_at_once(
    run: Run, labelled: Path, tmp_path: Path
) -> None:
    ended = run("simulate", labelled, "--label", "kind", "-o", tmp_path / "no" / "such")
    assert (ended.code, "There is no folder" in ended.said) == (1, True)
    ended = run("simulate", labelled, "--label", "kind", "-o", labelled)
    assert (ended.code, "this is a file" in ended.said) == (1, True)
