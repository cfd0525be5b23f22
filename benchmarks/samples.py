"""The whole chain on the sample reports: from the files to the suggestions, against gold labels.

    python benchmarks/samples.py
    python benchmarks/samples.py --json

Reads `cli/samples`, splits, suggests with the shipped model, and joins passages with
`tests/samples/gold.jsonl` by their letters. Nothing is trained or tuned on these reports.
"""

import argparse
import json
import platform
import re
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from whatworks.labels.codebook import load_codebook
from whatworks.models.folder import load_model
from whatworks.models.suggester import EncoderSuggester, passage_text, theme_probabilities
from whatworks.nlp.cached import CachedEncoder
from whatworks.nlp.encoders import SentenceEncoder
from whatworks.nlp.locations import cache_folder
from whatworks.nlp.passages import Passage
from whatworks.nlp.reading import read_report
from whatworks.nlp.vectors import VectorCache
from whatworks.training.evaluation import Predictions, Scorecard, score_groups
from whatworks.training.examples import Example

ROOT = Path(__file__).parents[1]
NO_PASSAGE = ("lead-in", "part")
"""Kinds of gold lines that are no passage of their own."""


def letters(text: str) -> str:
    return "".join(re.findall(r"[^\W_]", text.lower()))


def joined() -> tuple[list[Passage], list[Example], int]:
    """Passages with a gold line, their gold labels, and how many gold lines found no passage."""
    lines = (ROOT / "tests/samples/gold.jsonl").read_text("utf-8").splitlines()
    wanted = [line for line in map(json.loads, lines) if line["kind"] not in NO_PASSAGE]
    found: dict[tuple[str, str], Passage] = {}
    for name in sorted({line["report"] for line in wanted}):
        for passage in read_report(ROOT / "cli/samples" / name).passages:
            found[name, letters(passage.text)] = passage
    passages, examples = [], []
    for number, line in enumerate(wanted):
        passage = found.get((line["report"], letters(line["text"])))
        if passage is not None:
            passages.append(passage)
            examples.append(
                Example(
                    id=str(number),
                    report=line["report"],
                    language=line["lang"],
                    register=line["register"],
                    text=line["text"],
                    labels=tuple(line["labels"]),
                    themes=tuple(line["themes"]),
                )
            )
    return passages, examples, len(wanted) - len(passages)


def scorecards() -> tuple[dict[str, Scorecard], int]:
    codebook, model = load_codebook(), load_model()
    passages, examples, lost = joined()
    encoder = CachedEncoder(
        SentenceEncoder(model.encoder, layers=model.layers),
        VectorCache(cache_folder() / "vectors.sqlite"),
    )
    suggested = EncoderSuggester(model, encoder, codebook).suggest(passages)
    types = np.array([list(one.probabilities.values()) for one in suggested], dtype=np.float32)
    labels = np.array(
        [[code in one.labels for code in codebook.finding_type_ids] for one in suggested]
    )
    # Suggestions hold the likeliest five themes; ranks want all of them.
    vectors = encoder.encode([passage_text(passage) for passage in passages])
    definitions = encoder.encode([theme.description for theme in codebook.themes])
    heads = model.heads
    logits = heads.theme_logits(heads.own_evidence(vectors, definitions), codebook.theme_ids)
    themes = theme_probabilities(logits, types, codebook, model.calibration)
    found = Predictions(probabilities=types, suggested=labels, themes=themes)
    return score_groups(examples, found, codebook), lost


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--json", action="store_true", help="scorecards as JSON")
    arguments = parser.parse_args()
    cards, lost = scorecards()
    if arguments.json:
        found = {name: asdict(card) for name, card in cards.items()}
        print(json.dumps({"lost": lost, "scorecards": found}))
        return
    print(f"{datetime.now(UTC).date()}, {platform.machine()}; gold lines without a passage: {lost}")
    print(f"{'passages':24} {'n':>4} {'micro F1':>9} {'macro F1':>9} {'first label':>12} "
          f"{'theme@1':>8} {'theme@3':>8} {'calibration':>12}")  # fmt: skip
    for name, card in cards.items():
        print(f"{name:24} {card.passages:4} {card.micro_f1:9.3f} {card.macro_f1:9.3f} "
              f"{card.dominant_accuracy:12.3f} {card.theme_at_1:8.3f} {card.theme_at_3:8.3f} "
              f"{card.calibration_error:12.3f}")  # fmt: skip
    for code, one in cards["all"].labels.items():
        print(f"{code:24} {one.support:4}  precision {one.precision:.3f}  recall "
              f"{one.recall:.3f}  F1 {one.f1:.3f}")  # fmt: skip


if __name__ == "__main__":
    main()
