"""How long a synthesis takes as a project grows, and how much memory.

    python benchmarks/synthesis.py                          # 25, 50, 100 and 200 reports
    python benchmarks/synthesis.py --reports 25 --keep big  # the projects stay in big/

Each report has 500 passages; two people decided on 100 of them, and where they did not agree a
third settled it, so 200 reports hold 100,000 passages and 20,000 confirmed ones. A model suggested
for all. Texts are words drawn by how often they stand in the sample reports; three of a hundred
passages repeat another. Each size is measured in a process of its own: medians of some repetitions,
the processor time in parentheses, and the most memory that the process ever took. Then the whole
command, whatworks synthesize, from its start to its last file.
"""

import argparse
import json
import multiprocessing
import platform
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
sys.path[0] = str(ROOT)

from benchmarks.store import suggestion  # noqa: E402
from whatworks.labels.codebook import load_codebook  # noqa: E402
from whatworks.labels.decisions import DecisionDraft, Verdict  # noqa: E402
from whatworks.labels.project import init_project, open_project  # noqa: E402
from whatworks.labels.register import TIMINGS, TYPES, Facts  # noqa: E402
from whatworks.labels.settings import SETTINGS_FILE  # noqa: E402
from whatworks.labels.store.codebooks import current_codebook  # noqa: E402
from whatworks.labels.store.database import Store  # noqa: E402
from whatworks.labels.store.decisions import record_all  # noqa: E402
from whatworks.labels.store.material import read_material  # noqa: E402
from whatworks.labels.store.register import Change, put  # noqa: E402
from whatworks.labels.store.reports import add_report  # noqa: E402
from whatworks.labels.store.suggestions import add_model_version, add_suggestions  # noqa: E402
from whatworks.labels.synthesis.material import Finding, Material  # noqa: E402
from whatworks.labels.synthesis.quotations import quotations  # noqa: E402
from whatworks.labels.synthesis.tables import (  # noqa: E402
    ATTRIBUTES,
    Table,
    by_attribute,
    finding_types_by_theme,
    themes_by_attribute,
)
from whatworks.nlp.passages import Passage, PassageIds  # noqa: E402
from whatworks.nlp.reading import ReadReport  # noqa: E402

PASSAGES, CONFIRMED = 500, 100
LANGUAGES = ("en", "en", "fr", "es", "pt")
REGIONS = ("Africa", "Americas", "Arab States", "Asia and the Pacific", "Europe and Central Asia")
COUNTRIES = ("KH", "BJ", "PE", "ST", "ID", "MZ", "ZM", "JO", "GN", "DO", "BR", "LR", "SN", "MD")
CODEBOOK = load_codebook()


def words() -> dict[str, Counter[str]]:
    """Of each language, how often each word stands in the sample reports."""
    found: dict[str, Counter[str]] = {}
    for line in (ROOT / "tests/samples/gold.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        found.setdefault(row["lang"], Counter()).update(row["text"].split())
    return found


def texts(known: Counter[str], dice: random.Random) -> Iterator[str]:
    """Passages of one report."""
    said: list[str] = []
    while len(said) < PASSAGES:
        if said and dice.random() < 0.03:
            text = f"{dice.choice(said)} As said."
        else:
            text = " ".join(dice.choices([*known], [*known.values()], k=dice.randint(15, 90)))
        said.append(text)
        yield text


def report_of(number: int, known: dict[str, Counter[str]], dice: random.Random) -> ReadReport:
    name, ids = f"report-{number:03}.pdf", PassageIds()
    language = LANGUAGES[number % len(LANGUAGES)]
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
        for order, text in enumerate(texts(known[language], dice), 1)
    )
    title = f"Evaluation {number}"
    return ReadReport(
        name=name, title=title, language=language, pages=63, warnings=(), passages=passages
    )


def answer(dice: random.Random) -> tuple[tuple[str, ...], tuple[str, ...]]:
    labels = tuple(sorted(dice.sample(CODEBOOK.finding_type_ids, dice.choice((0, 1, 1, 1, 2)))))
    themes = tuple(sorted(dice.sample(CODEBOOK.theme_ids, dice.choice((1, 1, 2)))))
    return labels, themes if labels else ()


def draft(passage: Passage, who: str, said: tuple[Any, Any], **more: Any) -> DecisionDraft:
    labels, themes = said
    verdict = Verdict.CORRECT if labels else Verdict.REJECT
    return DecisionDraft(passage.id, who, verdict, labels, themes, source="import", **more)


def decide(store: Store, passages: Sequence[Passage], dice: random.Random) -> None:
    """Two read each passage, and agree on four of five; a third one settles the others."""
    both, settled = [], []
    for passage in passages:
        right, other = answer(dice), answer(dice)
        second = right if dice.random() < 0.8 else other
        both += [draft(passage, "ana", right), draft(passage, "ben", second)]
        if second != right:
            settled.append(draft(passage, "chloé", right, adjudicates=True))
    record_all(store, both)
    record_all(store, settled)


def facts(report: ReadReport, number: int, dice: random.Random) -> Facts:
    return Facts(
        title=report.title,
        symbol=f"SYM/{number}",
        type=dice.choice(TYPES),
        timing=dice.choice(TIMINGS),
        nature="project",
        regions=(dice.choice(REGIONS),),
        countries=tuple(dice.sample(COUNTRIES, dice.randint(1, 3))),
        funding=(dice.choice(("Sweden", "European Union", "Norway")),),
        year=dice.randint(2012, 2025),
        language=report.language,
        report=report.name,
    )


def build(folder: Path, n_reports: int) -> None:
    """A project in which everything is decided that is to be."""
    dice, known = random.Random(7), words()
    init_project(folder, name=f"{n_reports} reports")
    settings = folder / SETTINGS_FILE
    written = settings.read_text(encoding="utf-8")
    for before, after in (
        ('"one-reviewer"\n', '"two-adjudicated"\n'),
        ("adjudicators = []", 'adjudicators = ["chloé"]'),
    ):
        written = written.replace(before, after)
    settings.write_text(written, encoding="utf-8")
    with open_project(folder) as project:
        store = project.store
        version = add_model_version(store, "benchmark 1", "benchmark", {})
        with store.reading() as connection:
            codebook = current_codebook(connection).id
        changes = []
        for number in range(1, n_reports + 1):
            report = report_of(number, known, dice)
            add_report(store, report, report.name, f"{number:064x}", "ana")
            suggested = [suggestion(one, dice) for one in report.passages]
            add_suggestions(store, version.id, codebook, suggested)
            decide(store, dice.sample(report.passages, CONFIRMED), dice)
            changes.append(Change(facts(report, number, dice)))
        put(store, changes, "list.xlsx", "ana")


def measure(folder: Path, repeat: int) -> dict[str, Any]:
    """Times in seconds: what passed, and the processor's; and the memory in megabytes."""
    times: dict[str, list[tuple[float, float]]] = {}

    def timed(name: str, ask: Callable[[], Any]) -> Any:
        start, work = time.perf_counter(), time.process_time()
        found = ask()
        took = time.perf_counter() - start, time.process_time() - work
        times.setdefault(name, []).append(took)
        return found

    def read() -> Material:
        with project.store.reading() as connection:
            return read_material(connection, project.settings.name, project.settings.screening)

    def tables(material: Material) -> list[Table]:
        of_each = [(by_attribute(material, one), themes_by_attribute(material, one))
                   for one in ATTRIBUTES]  # fmt: skip
        return [finding_types_by_theme(material), *(one for two in of_each for one in two)]

    def quoted(material: Material, table: Table) -> list[tuple[Finding, ...]]:
        return [quotations(material, type_, theme) for theme, type_ in table.cells]

    with open_project(folder) as project:
        for _ in range(repeat):
            material = timed("read the material", read)
            table, *_ = timed("make 21 tables", partial(tables, material))
            timed("choose quotations", partial(quoted, material, table))
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    with tempfile.TemporaryDirectory() as output:
        command = [sys.executable, "-m", "whatworks", "synthesize", "--project", str(folder)]
        for n in range(repeat):
            start, work = time.perf_counter(), _work_of_children()
            subprocess.run([*command, "-o", f"{output}/{n}"], check=True, capture_output=True)
            took = time.perf_counter() - start, _work_of_children() - work
            times.setdefault("whatworks synthesize", []).append(took)
        bytes_ = sum(one.stat().st_size for one in Path(output, "0").rglob("*") if one.is_file())
    medians = {
        name: tuple(statistics.median(one) for one in zip(*some, strict=True))
        for name, some in times.items()
    }
    return {
        "passages": material.passages,
        "confirmed": material.confirmed,
        "findings": len(material.findings),
        "times": medians,
        "memory": memory,
        "memory of the command": resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024,
        "products": bytes_ / 1e6,
    }


def _work_of_children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--reports", type=int, nargs="+", default=[25, 50, 100, 200])
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--keep", type=Path, help="a folder for the projects; used again if there")
    given = parser.parse_args()
    print(f"Python {platform.python_version()}")
    found = []
    with (
        tempfile.TemporaryDirectory() as temporary,
        multiprocessing.get_context("spawn").Pool(1, maxtasksperchild=1) as pool,
    ):
        for size in given.reports:
            folder = (given.keep or Path(temporary)) / str(size)
            if not folder.exists():
                start = time.perf_counter()
                build(folder, size)
                print(f"{size} reports were made in {time.perf_counter() - start:.0f} s")
            found.append(pool.apply(measure, (folder, given.repeat)))
    rows = [("Reports", [f"{one:,}" for one in given.reports])]
    rows += [
        (name.capitalize(), [f"{one[name]:,}" for one in found])
        for name in ("passages", "confirmed", "findings")
    ]
    rows += [
        (f"{name}, s", ["{:.2f} ({:.2f})".format(*one["times"][name]) for one in found])
        for name in found[0]["times"]
    ]
    rows.append(("Memory, MB", [f"{one['memory']:,.0f}" for one in found]))
    whole = [f"{one['memory of the command']:,.0f}" for one in found]
    rows.append(("Memory of whatworks synthesize, MB", whole))
    rows.append(("All products, MB", [f"{one['products']:,.1f}" for one in found]))
    width = max(len(name) for name, _ in rows)
    for name, values in rows:
        print(name.ljust(width), *(one.rjust(15) for one in values))


if __name__ == "__main__":
    main()
