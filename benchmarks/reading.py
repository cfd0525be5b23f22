"""How alike one report reads in several formats, how well its PDF is cut, and how fast.

    python benchmarks/reading.py --pdf report.pdf --docx report.docx --txt report.txt

``--show 100`` prints that many passages of the PDF, drawn with a fixed seed, for a person to
read; ``--diff`` prints the passages that differ, each beside its nearest in the other format.
"""

import argparse
import random
import re
import time
from collections import Counter
from difflib import get_close_matches
from pathlib import Path

from whatworks.nlp.documents import Document
from whatworks.nlp.passages import Passage, split_document
from whatworks.nlp.readers.interface import read_document

HALF_WORD = re.compile(r"[^\W\d_]-$|^[^\W\d_]{1,3}-\s")
BARE_NUMBER = re.compile(
    r"(?:page\s*)?(?:\d{1,4}|[ivxl]{1,6})(?:\s*(?:/|of|de|sur)\s*\d{1,4})?", re.I
)


def normalised(text: str) -> str:
    return " ".join(text.split())


def read(path: Path) -> tuple[Document, list[Passage], float]:
    # Processor time: reading runs on one core, and other programs do not change what it takes.
    start = time.process_time()
    document = read_document(path)
    seconds = time.process_time() - start
    return document, split_document(document), seconds


def shared(passages: list[Passage], others: list[Passage]) -> tuple[int, list[str]]:
    """How many passages the other format has word for word, and those it has not."""
    left = Counter(normalised(passage.text) for passage in others)
    missing = []
    for passage in passages:
        text = normalised(passage.text)
        if left[text]:
            left[text] -= 1
        else:
            missing.append(text)
    return len(passages) - len(missing), missing


def compare(
    name: str, passages: list[Passage], other: str, others: list[Passage], diff: bool
) -> None:
    both, missing = shared(passages, others)
    print(
        f"{name} in {other}: {both} of {len(passages)} {name} passages, {both / len(passages):.1%}"
    )
    back, missing_back = shared(others, passages)
    print(f"{other} in {name}: {back} of {len(others)} {other} passages, {back / len(others):.1%}")
    if not diff:
        return
    for here, there, mine, theirs in (
        (name, other, missing, [normalised(p.text) for p in others]),
        (other, name, missing_back, [normalised(p.text) for p in passages]),
    ):
        for text in mine:
            nearest = get_close_matches(text, theirs, n=1, cutoff=0.1)
            print(
                f"\n{here:>5}: {text}\n{there:>5}: {nearest[0] if nearest else '(nothing like it)'}"
            )
    print()


def check_cuts(passages: list[Passage], heads: list[str]) -> None:
    texts = [normalised(passage.text) for passage in passages]
    headed = [t for t in texts for head in heads if head.casefold() in t.casefold()]
    numbers = [text for text in texts if BARE_NUMBER.fullmatch(text)]
    halves = [text for text in texts if HALF_WORD.search(text)]
    for what, found in (
        ("hold a running head", headed if heads else None),
        ("are a bare page number", numbers),
        ("begin or end with half a word", halves),
    ):
        if found is None:
            print("running heads: name them with --head to look for them")
            continue
        print(f"{len(found)} of {len(texts)} passages {what}")
        for text in found:
            print(f"    {text[:160]}")


def show(passages: list[Passage], count: int, seed: int) -> None:
    drawn = random.Random(seed).sample(passages, min(count, len(passages)))
    for number, passage in enumerate(sorted(drawn, key=lambda p: p.order), start=1):
        lead_in = f" «{passage.lead_in}»" if passage.lead_in else ""
        print(f"\n{number}. page {passage.page}, {' > '.join(passage.heading)}{lead_in}")
        print(f"   {passage.text}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--pdf", type=Path, required=True)
    parser.add_argument("--docx", type=Path)
    parser.add_argument("--txt", type=Path)
    parser.add_argument("--head", action="append", default=[], help="text of a running head")
    parser.add_argument("--show", type=int, default=0, metavar="N", help="print N passages")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--diff", action="store_true", help="print the passages that differ")
    args = parser.parse_args()

    document, passages, _ = read(args.pdf)
    # The first reading also loads the language detector; the second is what each one costs.
    _, _, seconds = read(args.pdf)
    pages = document.pages or 1
    print(
        f"{args.pdf.name}: {pages} pages, {len(document.blocks)} blocks, {len(passages)} passages"
    )
    print(f"read in {seconds:.2f} s of one core: {pages / seconds:.0f} pages a second")
    for warning in document.warnings:
        print(f"warning: {warning}")
    for name, path in (("DOCX", args.docx), ("TXT", args.txt)):
        if path is not None:
            compare("PDF", passages, name, read(path)[1], args.diff)
    check_cuts(passages, args.head)
    if args.show:
        show(passages, args.show, args.seed)


if __name__ == "__main__":
    main()
