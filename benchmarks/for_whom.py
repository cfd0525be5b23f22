"""How well words find the target groups of passages of the sample reports.

    python benchmarks/for_whom.py

`tests/samples/for_whom.jsonl` has passages for which the starter suggests a finding, with the
groups that a reader gave them before the words were looked for. By the 200 of the part 'choosing'
the words were chosen; the numbers to go by are those of the part 'measuring'.
"""

import json
from collections import Counter
from pathlib import Path

from whatworks.labels.codebook_editing.for_whom import with_target_groups
from whatworks.labels.codebook_file import codebook_source, read_codebook
from whatworks.labels.theme_words import ThemeWords
from whatworks.models.suggester import passage_text
from whatworks.nlp.passages import Passage
from whatworks.nlp.reading import read_report

ROOT = Path(__file__).parents[1]


def main() -> None:
    text = (ROOT / "tests/samples/for_whom.jsonl").read_text("utf-8")
    read = [json.loads(line) for line in text.splitlines()]
    passages: dict[str, Passage] = {}
    for name in sorted({one["report"] for one in read}):
        report = read_report(ROOT / "cli/samples" / name)
        passages |= {passage.id: passage for passage in report.passages}
    book = read_codebook(with_target_groups(codebook_source("ilo-social-protection")).text, "book")
    words = ThemeWords(book.themes)
    for part in ("choosing", "measuring"):
        counts: Counter[tuple[str, str]] = Counter()
        rows = [one for one in read if one["part"] == part]
        for one in rows:
            passage, given = passages[one["passage_id"]], set(one["groups"])
            found = set(words.find(passage_text(passage), passage.language))
            counts.update((group, "right") for group in found & given)
            counts.update((group, "wrong") for group in found - given)
            counts.update((group, "missed") for group in given - found)
        print(f"\n{part}: {len(rows)} passages")
        print(f"{'':28}{'right':>7}{'wrong':>7}{'missed':>7}")
        groups = [theme.id for theme in book.themes if theme.words]
        for group in groups:
            row = [counts[group, what] for what in ("right", "wrong", "missed")]
            if any(row):
                print(f"{group:28}" + "".join(f"{number:7}" for number in row))
        right, wrong, missed = (
            sum(counts[group, what] for group in groups) for what in ("right", "wrong", "missed")
        )
        print(f"precision {right / (right + wrong):.2f}, recall {right / (right + missed):.2f}")


if __name__ == "__main__":
    main()
