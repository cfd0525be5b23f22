"""Which passages repeat another, at which threshold, and how long it takes to find them.

    python benchmarks/duplicates.py
    python benchmarks/duplicates.py --dref dref_unique_excerpts.jsonl
    python benchmarks/duplicates.py --dref dref_unique_excerpts.jsonl --show 0.6

In the sample reports (`cli/samples`), and in excerpts of IFRC's operation reports, which their
staff labelled one by one: a passage that repeats another should have been given its label. Then
100,000 passages of 40 reports, made of words that are as common as those of the sample reports.
"""

import argparse
import json
import platform
import random
import time
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path

from whatworks.labels.duplicates import near_duplicates
from whatworks.nlp.passages import Passage, PassageId
from whatworks.nlp.reading import read_report

SAMPLES = Path(__file__).parents[1] / "cli" / "samples"
THRESHOLDS = (0.3, 0.4, 0.5, 0.6, 0.7, 0.8)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--dref", type=Path, help="dref_unique_excerpts.jsonl")
    parser.add_argument("--show", type=float, help="print the pairs at this threshold")
    arguments = parser.parse_args()
    print(f"{datetime.now(UTC).date()}, {platform.machine()}")
    paths = [path for path in sorted(SAMPLES.iterdir()) if path.suffix]
    samples = [one for path in paths for one in read_report(path).passages]
    tell("sample reports", samples, {}, arguments.show)
    if arguments.dref:
        passages, labels = excerpts(arguments.dref)
        tell("operation reports", passages, labels, arguments.show)
    many = of_words([word for one in samples for word in one.text.split()])
    begun = time.perf_counter()
    near_duplicates(many)
    print(f"\n{len(many):,} passages compared in {time.perf_counter() - begun:.1f} s")


def tell(
    name: str, passages: list[Passage], labels: Mapping[PassageId, str], show: float | None
) -> None:
    print(
        f"\n{name}: {len(passages):,} passages of {len({one.report for one in passages})} reports"
    )
    for threshold in THRESHOLDS:
        pairs = list(repeats(passages, threshold))
        same = sum(labels.get(lead) == labels.get(other) for lead, other in pairs)
        said = f", {same} with the same label" if labels else ""
        print(f"  {threshold:.1f}: {len(pairs):3} repeat another{said}")
    if show is not None:
        text = {one.id: " ".join(one.text.split()) for one in passages}
        for lead, other in repeats(passages, show):
            print(f"\n  {text[lead]}\n  {text[other]}")


def repeats(passages: Iterable[Passage], alike: float) -> Iterable[tuple[PassageId, PassageId]]:
    for group in near_duplicates(passages, alike):
        for other in group.others:
            yield group.lead, other


def excerpts(path: Path) -> tuple[list[Passage], dict[PassageId, str]]:
    """Each excerpt as a passage of every report that has it; the same text is there once."""
    passages, labels = [], {}
    for number, line in enumerate(path.read_text("utf-8").splitlines()):
        row = json.loads(line)
        for report in row["reports"]:
            one = PassageId(f"{report} {number}")
            labels[one] = row["label"]
            passages.append(Passage(one, report, number, None, (), "en", row["text"]))
    return passages, labels


def of_words(words: list[str]) -> list[Passage]:
    draw = random.Random(1)
    return [
        Passage(
            PassageId(f"{number}"), f"report {number % 40}", number, None, (), "en",
            " ".join(draw.choices(words, k=40)),
        )
        for number in range(100_000)
    ]  # fmt: skip


if __name__ == "__main__":
    main()
