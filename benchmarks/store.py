"""How long a project's questions take as it grows: status, next passage, agreement.

    python benchmarks/store.py                          # 1,000, 10,000 and 100,000 passages
    python benchmarks/store.py --sizes 1000 30000
    python benchmarks/store.py --database postgresql://...   # an empty database, one size

Three decisions a passage on average, by four people, through the same doors as in real work: every
decision is checked, hashed, chained and resolved. One passage in 25 is still undecided. Times are
medians of many repetitions in one process, each in a transaction of its own; beside them, in
parentheses, the processor time of this process: what a quiet machine would take. The target
is 200 ms for each question at 100,000 passages.
"""

import argparse
import hashlib
import platform
import random
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from whatworks.labels.agreement.tables import By, Tables
from whatworks.labels.codebook import load_codebook
from whatworks.labels.codebook_file import codebook_source
from whatworks.labels.decisions import DecisionDraft, Verdict
from whatworks.labels.resolution import Policy
from whatworks.labels.store.audit import audit
from whatworks.labels.store.codebooks import add_codebook, current_codebook
from whatworks.labels.store.database import Store, create_store, open_store
from whatworks.labels.store.decisions import record_all, set_policy
from whatworks.labels.store.independent import read_independent_votes
from whatworks.labels.store.progress import project_progress
from whatworks.labels.store.queue import Wanted, left, next_passage, where_stopped
from whatworks.labels.store.reports import add_report, reports
from whatworks.labels.store.suggestions import add_model_version, add_suggestions
from whatworks.labels.suggestions import PassageSuggestions, ThemeSuggestion
from whatworks.nlp.passages import Passage, PassageIds
from whatworks.nlp.reading import ReadReport

TARGET_MS = 200
PER_REPORT = 400
AT_ONCE = 4000
PEOPLE = ("ana", "ben", "chloé", "dora")
CODEBOOK = load_codebook()
LANGUAGES = ("en", "en", "fr", "es", "pt")


def read_report(number: int, size: int) -> ReadReport:
    """A report of passages such as the readers make them."""
    name, ids = f"report-{number:04}.pdf", PassageIds()
    language = LANGUAGES[number % len(LANGUAGES)]
    texts = [
        f"Finding {order} of evaluation {number}: the programme trained local staff and handed "
        "the work over to them, which kept it going after its end in most of the districts."
        for order in range(size)
    ]
    passages = tuple(
        Passage(
            id=ids.next(name, text),
            report=name,
            order=order,
            page=order // 8 + 1,
            heading=("Findings", f"Question {order // 40}"),
            language=language,
            text=text,
            end=len(text),
        )
        for order, text in enumerate(texts, 1)
    )
    return ReadReport(
        name=name, title="", language=language, pages=size // 8 + 1, warnings=(), passages=passages
    )


def suggestion(passage: Passage, dice: random.Random) -> PassageSuggestions:
    probabilities = {code: dice.random() ** 3 for code in CODEBOOK.finding_type_ids}
    themes = dice.sample(CODEBOOK.theme_ids, 3)
    return PassageSuggestions(
        passage=passage,
        probabilities=probabilities,
        labels=tuple(code for code, p in probabilities.items() if p >= 0.5),
        themes=tuple(
            ThemeSuggestion(code, p) for code, p in zip(themes, (0.6, 0.2, 0.1), strict=True)
        ),
    )


def decisions(passages: Sequence[Passage], dice: random.Random) -> Iterator[DecisionDraft]:
    """Three a passage on average; people agree on three passages of four."""
    for place, passage in enumerate(passages):
        if place % 25 == 0:
            continue
        people = dice.sample(PEOPLE, 4 if place % 8 == 1 else 3)
        right = answer(dice)
        for person in people:
            labels, themes = right if dice.random() < 0.9 else answer(dice)
            yield DecisionDraft(
                passage_id=passage.id,
                annotator=person,
                verdict=Verdict.CORRECT if labels else Verdict.REJECT,
                labels=labels,
                themes=themes,
                seconds=round(dice.uniform(3, 90), 1),
                source="import",
            )


def answer(dice: random.Random) -> tuple[tuple[str, ...], tuple[str, ...]]:
    labels = tuple(sorted(dice.sample(CODEBOOK.finding_type_ids, dice.choice((0, 1, 1, 2)))))
    themes = tuple(sorted(dice.sample(CODEBOOK.theme_ids, dice.choice((1, 1, 2)))))
    return labels, themes if labels else ()


def build(store: Store, size: int) -> int:
    """Fills a project; how many decisions."""
    dice = random.Random(20)
    add_codebook(store, codebook_source("ilo-social-protection"), "ana")
    set_policy(store, Policy("two-agree"))
    version = add_model_version(store, "benchmark 1", "benchmark", {})
    with store.reading() as connection:
        codebook = current_codebook(connection).id
    everything: list[Passage] = []
    for number in range(0, size, PER_REPORT):
        report = read_report(number // PER_REPORT, min(PER_REPORT, size - number))
        add_report(store, report, report.name, hashlib.sha256(report.name.encode()).hexdigest(), "")
        everything += report.passages
        suggested = [suggestion(one, dice) for one in report.passages]
        add_suggestions(store, version.id, codebook, suggested)
    drafts = list(decisions(everything, dice))
    # As it happens: not passage by passage, but people at work side by side.
    drafts.sort(key=lambda one: dice.random())
    for begin in range(0, len(drafts), AT_ONCE):
        record_all(store, drafts[begin : begin + AT_ONCE])
    return len(drafts)


def measured(store: Store, repeat: int, ask: Callable[..., object]) -> tuple[float, float]:
    """Medians of the time that passed and of the processor's, in milliseconds."""
    times, worked = [], []
    for _ in range(repeat):
        start, work = time.perf_counter(), time.process_time()
        with store.reading() as connection:
            ask(connection)
        worked.append((time.process_time() - work) * 1000)
        times.append((time.perf_counter() - start) * 1000)
    return statistics.median(times), statistics.median(worked)


def questions(store: Store) -> dict[str, Callable[..., object]]:
    """What is asked; the first of each kind is what counts against the target."""
    with store.reading() as connection:
        some = [one.report_id for one in reports(connection)]
        middle = where_stopped(connection, "ana", None)

    def status(connection):
        current_codebook(connection)
        return project_progress(connection)

    def figures(connection):
        tables = Tables(read_independent_votes(connection).votes, None)
        return tables.by(By.OVERALL)

    return {
        "status": status,
        "next passage, who has decided": lambda c: next_passage(c, "ana"),
        "next passage, from where one stopped": lambda c: next_passage(c, "ana", after=middle),
        "next passage, who is new": lambda c: next_passage(c, "emil"),
        "next passage, in the last report": lambda c: next_passage(
            c, "ana", Wanted(report_id=some[-1])
        ),
        "next passage, suggested a lesson": lambda c: next_passage(
            c, "ana", Wanted(label="lesson")
        ),
        "where one stopped": lambda c: where_stopped(c, "ana", None),
        "how many are left": lambda c: left(c, "ana"),
        "agreement: votes": read_independent_votes,
        "agreement: votes and overall figures": figures,
        "agreement: of one report": lambda c: read_independent_votes(c, report_ids=[some[0]]),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--sizes", type=int, nargs="+", default=[1000, 10_000, 100_000])
    parser.add_argument("--repeat", type=int, default=15)
    parser.add_argument("--database", help="an empty PostgreSQL database, for one size")
    parser.add_argument("--keep", type=Path, help="a folder for the databases; used again if there")
    given = parser.parse_args()
    if given.database and len(given.sizes) > 1:
        parser.error("one --sizes with --database")
    print(f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}")
    results: dict[str, list[tuple[float, float]]] = {}
    with tempfile.TemporaryDirectory() as temporary:
        folder = given.keep or Path(temporary)
        for size in given.sizes:
            address = given.database or folder / f"{size}.db"
            if isinstance(address, Path) and address.exists():
                store = open_store(address)
            else:
                store = create_store(address)
                start = time.perf_counter()
                count = build(store, size)
                print(
                    f"{size:,} passages, {count:,} decisions: {time.perf_counter() - start:.0f} s"
                )
                start = time.perf_counter()
                found = audit(store)
                assert found.found == 0, found.findings[0]
                print(f"  audit: {time.perf_counter() - start:.1f} s")
            for name, ask in questions(store).items():
                results.setdefault(name, []).append(measured(store, given.repeat, ask))
            store.close()
    width = max(map(len, results))
    print("\nMedian (processor), ms".ljust(width + 2), *(f"{size:>17,}" for size in given.sizes))
    for name, times in results.items():
        print(name.ljust(width), *(f"{one:9.1f} ({two:5.0f})" for one, two in times))
    slow = [name for name, times in results.items() if times[-1][0] >= TARGET_MS]
    print(f"\n{TARGET_MS} ms or more: {', '.join(slow) or 'none'}")


if __name__ == "__main__":
    main()
