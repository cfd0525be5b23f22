import json
import re
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import pytest

from whatworks.labels.codebook import load_codebook
from whatworks.nlp.reading import read_report

HERE = Path(__file__).parent
SAMPLES = HERE.parents[1] / "cli" / "samples"


def gold() -> list[dict[str, Any]]:
    lines = (HERE / "gold.jsonl").read_text("utf-8").splitlines()
    return [json.loads(line) for line in lines]


def letters(text: str) -> str:
    return "".join(re.findall(r"[^\W_]", text.lower()))


def test_every_gold_label_and_theme_is_in_the_default_codebook() -> None:
    codebook = load_codebook()
    for line in gold():
        assert set(line["labels"]) <= set(codebook.finding_type_ids), line["text"]
        assert set(line["themes"]) <= set(codebook.theme_ids), line["text"]
        assert bool(line["labels"]) == bool(line["themes"]), line["text"]


def test_a_gold_theme_goes_with_one_of_the_gold_labels() -> None:
    codebook = load_codebook()
    for line in gold():
        for theme in line["themes"]:
            goes_with = codebook.theme(theme).goes_with
            assert set(line["labels"]) & set(goes_with), (theme, line["text"])


def test_the_gold_file_has_a_line_for_every_tag_of_every_source() -> None:
    counts = Counter(Path(line["report"]).stem for line in gold())
    tags = {
        source.stem: len(re.findall(r"\{[ic] [a-z_+]+", source.read_text("utf-8")))
        for source in (HERE / "sources").glob("*.txt")
    }
    assert counts == tags


def test_every_language_has_sixty_gold_passages_and_every_finding_type() -> None:
    first: dict[str, Counter[str]] = defaultdict(Counter)
    for line in gold():
        first[line["lang"]][line["labels"][0] if line["labels"] else "none"] += 1
    assert set(first) == {"en", "fr", "es", "pt"}
    for counts in first.values():
        assert counts.total() >= 60
        assert len(counts) == 5


@pytest.mark.parametrize("report", sorted({line["report"] for line in gold()}))
def test_every_gold_passage_is_a_passage_of_the_shipped_report(report: str) -> None:
    passages = {letters(p.text): p for p in read_report(SAMPLES / report).passages}
    # A short lead-in travels with its bullets; a part may be cut elsewhere.
    wanted = [
        line
        for line in gold()
        if line["report"] == report and line["kind"] not in ("lead-in", "part")
    ]
    missing = [line["text"] for line in wanted if letters(line["text"]) not in passages]
    assert missing == []
    for line in wanted:
        found = passages[letters(line["text"])]
        assert list(found.heading) == line["heading"]
        if line["page"] is not None:
            assert found.page == line["page"]
