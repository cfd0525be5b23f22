"""The files of the starter corpus keep the promises of their data card."""

import json
import re
from collections import Counter, defaultdict
from importlib import resources
from pathlib import Path
from typing import Any

import pytest

from whatworks.labels.codebook import load_codebook

CORPUS = Path(str(resources.files("whatworks.training"))) / "corpus"
KEYS = ["id", "doc", "lang", "register", "text", "labels", "themes"]
HEADED_KEYS = [*KEYS[:4], "heading", "lead_in", *KEYS[4:]]
LABELLED_THREE_TIMES = ("field", "headed")
LANGUAGES = ["en", "es", "fr", "pt"]
REGISTERS = ["concrete", "institutional", "terse", "emergency"]
LABELS = ["success_factor", "obstacle", "lesson", "good_practice"]
WORDS_PER_GRAM = 5
MOST_OVERLAP = 0.5

Row = dict[str, Any]


@pytest.fixture(scope="module")
def files() -> dict[str, list[Row]]:
    """Every corpus file by its stem."""
    return {
        path.stem: [json.loads(line) for line in path.read_text("utf-8").splitlines()]
        for path in sorted(CORPUS.glob("*.jsonl"))
    }


@pytest.fixture(scope="module")
def rows(files: dict[str, list[Row]]) -> list[Row]:
    """The passages of all files."""
    return [row for part in files.values() for row in part]


def word_grams(text: str) -> frozenset[tuple[str, ...]]:
    """The runs of five words in a text; a shorter text is one run."""
    words = re.findall(r"\w+", text.lower())
    last = max(1, len(words) - WORDS_PER_GRAM + 1)
    return frozenset(tuple(words[start : start + WORDS_PER_GRAM]) for start in range(last))


def near_duplicates(rows: list[Row]) -> list[tuple[str, str]]:
    """Pairs of ids whose five-word runs have a Jaccard overlap of MOST_OVERLAP or more."""
    grams = [word_grams(row["text"]) for row in rows]
    holders: dict[tuple[str, ...], list[int]] = defaultdict(list)
    pairs = []
    for index, own in enumerate(grams):
        shared = Counter(earlier for gram in own for earlier in holders[gram])
        for earlier, n_shared in shared.items():
            if n_shared / len(own | grams[earlier]) >= MOST_OVERLAP:
                pairs.append((rows[earlier]["id"], rows[index]["id"]))
        for gram in own:
            holders[gram].append(index)
    return pairs


def card_table(first_heading: str) -> dict[str, list[int]]:
    """The numbers of the data card's table whose header row begins so, by first column."""
    lines = (CORPUS / "README.md").read_text("utf-8").splitlines()
    start = next(n for n, line in enumerate(lines) if line.startswith(f"| {first_heading} "))
    table = {}
    for line in lines[start + 2 :]:
        if not line.startswith("|"):
            break
        name, *numbers = (cell.strip() for cell in line.strip("|").split("|"))
        table[name] = [int(number) for number in numbers]
    return table


def test_all_files_are_there(files: dict[str, list[Row]]) -> None:
    assert sorted(files) == ["en", "es", "extension", "field", "fr", "headed", "pt"]


def test_every_passage_has_the_same_keys_in_the_same_order(files: dict[str, list[Row]]) -> None:
    for name, part in files.items():
        keys = HEADED_KEYS if name == "headed" else KEYS
        assert [row["id"] for row in part if list(row) != keys] == []


def test_ids_are_unique_in_all_files(rows: list[Row]) -> None:
    assert [id_ for id_, n in Counter(row["id"] for row in rows).items() if n > 1] == []


def test_languages_and_registers_are_known(rows: list[Row]) -> None:
    assert {row["lang"] for row in rows} == set(LANGUAGES)
    assert {row["register"] for row in rows} == set(REGISTERS)


def test_a_language_file_holds_its_language_only(files: dict[str, list[Row]]) -> None:
    for language in LANGUAGES:
        assert {row["lang"] for row in files[language]} == {language}


def test_labels_are_the_four_finding_types_and_none_stands_twice(rows: list[Row]) -> None:
    assert {label for row in rows for label in row["labels"]} == set(LABELS)
    assert [row["id"] for row in rows if len(set(row["labels"])) != len(row["labels"])] == []


def test_themes_are_those_of_the_default_codebook_and_none_stands_twice(rows: list[Row]) -> None:
    themes = load_codebook().theme_ids
    assert len(themes) == 23
    assert {theme for row in rows for theme in row["themes"]} == set(themes)
    assert [row["id"] for row in rows if len(set(row["themes"])) != len(row["themes"])] == []


def test_a_passage_without_a_label_has_no_theme(rows: list[Row]) -> None:
    assert [row["id"] for row in rows if row["themes"] and not row["labels"]] == []


def test_a_report_is_in_one_file_and_one_language(files: dict[str, list[Row]]) -> None:
    places = defaultdict(set)
    for name, part in files.items():
        for row in part:
            places[row["doc"]].add((name, row["lang"]))
    assert {doc: found for doc, found in places.items() if len(found) > 1} == {}


def test_texts_are_one_clean_paragraph_of_3_to_110_words(rows: list[Row]) -> None:
    def is_wrong(row: Row) -> bool:
        least = 3 if row["register"] == "terse" or "heading" in row else 7
        return not least <= len(row["text"].split()) <= 110

    assert [row["id"] for row in rows if is_wrong(row)] == []
    # A no-break space, as French sets before ';' and ':', is no fault.
    untidy = re.compile(r"^\s|\s$|[\n\r\t]|  ")
    assert [row["id"] for row in rows if untidy.search(row["text"])] == []


def test_no_text_is_there_twice_or_nearly_twice(rows: list[Row]) -> None:
    assert near_duplicates(rows) == []


def test_a_text_with_one_changed_word_would_be_found() -> None:
    text = "Delays in the release of funds were the principal obstacle reported by all partners"
    copy = text.replace("partners", "donors")
    other = "The steering committee met twice a year and approved the annual work plan"
    rows = [{"id": "a", "text": text}, {"id": "b", "text": other}, {"id": "c", "text": copy}]
    assert near_duplicates(rows) == [("a", "c")]


def test_the_card_counts_passages_as_they_are(files: dict[str, list[Row]], rows: list[Row]) -> None:
    assert f"\n{len(rows):,} passages" in (CORPUS / "README.md").read_text("utf-8")
    added, field, headed = (
        Counter(row["lang"] for row in files[name]) for name in ("extension", "field", "headed")
    )
    counted = {}
    for language in LANGUAGES:
        own = [row for row in rows if row["lang"] == language]
        registers = Counter(row["register"] for row in own)
        counted[language] = [
            len(own) - added[language] - field[language] - headed[language],
            added[language],
            field[language],
            headed[language],
            len(own),
            *(registers[name] for name in REGISTERS),
            len({row["doc"] for row in own}),
        ]
    assert card_table("lang | original") == counted


def test_the_card_counts_labels_as_they_are(rows: list[Row]) -> None:
    counted = {}
    for language in LANGUAGES:
        own = [row["labels"] for row in rows if row["lang"] == language]
        per_label = [sum(label in labels for labels in own) for label in LABELS]
        counted[language] = [own.count([]), *per_label]
    assert card_table("lang | none") == counted


def test_the_card_counts_first_themes_as_they_are(files: dict[str, list[Row]]) -> None:
    counts = {name: Counter[str]() for name in ("original", "extension", "field", "headed")}
    for name, part in files.items():
        counter = counts[name if name in counts else "original"]
        counter.update(row["themes"][0] for row in part if row["themes"])
    assert card_table("theme | original") == {
        theme: [*(one[theme] for one in counts.values()), sum(c[theme] for c in counts.values())]
        for theme in load_codebook().theme_ids
    }


@pytest.mark.parametrize("name", LABELLED_THREE_TIMES)
def test_where_passages_were_labelled_three_times_two_decide(
    files: dict[str, list[Row]], name: str
) -> None:
    record = Path(__file__).parents[2] / "training" / "labelling" / f"{name}.jsonl"
    passes = {
        row["id"]: [row["author"], row["first"], row["second"]]
        for row in map(json.loads, record.read_text("utf-8").splitlines())
    }
    assert list(passes) == [row["id"] for row in files[name]]
    for row in files[name]:
        given = Counter(label for labels, _ in passes[row["id"]] for label in set(labels))
        assert set(row["labels"]) == {label for label, n in given.items() if n >= 2}, row["id"]
        firsts = Counter(themes[0] for _, themes in passes[row["id"]] if themes)
        theme, n = firsts.most_common(1)[0] if firsts else ("", 0)
        if row["labels"] and n >= 2:
            assert row["themes"][0] == theme, row["id"]
