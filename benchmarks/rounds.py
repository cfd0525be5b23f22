"""How long it takes from a closed round to the next one, as a project grows.

    python benchmarks/rounds.py                         # 10,000 and 100,000 passages
    python benchmarks/rounds.py --sizes 1000 --strategies default random

A made-up project, with made-up vectors of 384 numbers in the store of vectors: what an encoder
would take is left out, since a passage is encoded once, when it is first suggested. Some 1,000
passages are decided. Everything else is as in real work: the heads are refitted and compared, every
passage is suggested anew and stored, the next 50 are chosen, stored and dealt to two people. The
targets are 20 seconds from 'round closed' to 'next round ready' at 10,000 passages, and 10 seconds
for choosing at 100,000. Beside each time, in parentheses, that of this process's processor: what a
quiet machine would take.
"""

import argparse
import functools
import hashlib
import os
import platform
import random
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from store import PER_REPORT, read_report

from whatworks.cli.round_learning import learn
from whatworks.labels.codebook import Codebook
from whatworks.labels.decisions import DecisionDraft, Verdict
from whatworks.labels.project import Project, init_project, open_project
from whatworks.labels.store.audit_sample import AuditWanted, audit_sample, draw_audit
from whatworks.labels.store.closing import close_round
from whatworks.labels.store.codebooks import current_codebook
from whatworks.labels.store.decisions import record_all
from whatworks.labels.store.passages import current_passages
from whatworks.labels.store.reports import add_report
from whatworks.labels.store.round_status import round_status
from whatworks.labels.store.suggestions import find_model_version
from whatworks.models import plain
from whatworks.models.folder import STARTER, load_model
from whatworks.models.known_codes import KnownCodes, known_codes
from whatworks.models.prelabel import model_info, prelabel
from whatworks.models.suggester import EncoderSuggester
from whatworks.nlp.cached import CachedEncoder
from whatworks.nlp.encoders import Array
from whatworks.nlp.passages import Passage
from whatworks.nlp.vectors import VectorCache
from whatworks.training.next_round import ModelAtWork, Wanted, make_next_round

DECIDED = 1000
STRATEGIES = ("default", "margin", "rare", "random")
PEOPLE = ("ana", "joão")


class MadeUpEncoder:
    """Unit vectors by lot, the same for the same text; texts of a kind lie near each other."""

    name = "made up"

    def __init__(self, fingerprint: str = "made up") -> None:
        self.fingerprint = fingerprint

    def encode(self, texts: Sequence[str], *, on_progress: Any = None) -> Array:
        """(n_texts, 384)."""
        rows = []
        for text in texts:
            digest = hashlib.sha256(text.encode()).digest()
            draw = np.random.default_rng(list(digest[:8]))
            centre = np.random.default_rng(digest[0] % 20).normal(size=384)
            rows.append(centre + draw.normal(size=384))
        found = np.array(rows, dtype=np.float32).reshape(len(texts), 384)
        return np.asarray(found / np.linalg.norm(found, axis=1, keepdims=True), dtype=np.float32)


def suggester_of(
    vectors: VectorCache, project: Project, codebook: Codebook, *, model: str = "", **_: Any
) -> tuple[EncoderSuggester, KnownCodes]:
    """As ``whatworks prelabel`` has it, with the made-up encoder."""
    made = load_model(model or STARTER)
    known = known_codes(codebook, made.heads.finding_types, made.heads.themes)
    encoder = CachedEncoder(MadeUpEncoder(), vectors)
    return EncoderSuggester(made, encoder, known.codebook, learns=not model), known


def build(project: Project, size: int, vectors: VectorCache) -> list[Passage]:
    """Reports, an audit sample, suggestions, and a first round that was read."""
    for begin in range(0, size, PER_REPORT):
        report = read_report(begin // PER_REPORT, min(PER_REPORT, size - begin))
        digest = hashlib.sha256(report.name.encode()).hexdigest()
        add_report(project.store, report, report.name, digest, "ana")
    draw_audit(project.store, AuditWanted(min(500, size // 10), 7), "ana", PEOPLE)
    with project.store.reading() as connection:
        passages = current_passages(connection)
        sample = audit_sample(connection)
        codebook = current_codebook(connection)
    assert sample is not None
    suggester, known = suggester_of(vectors, project, codebook.codebook)
    info = model_info(suggester.model, suggester.encoder.name)
    prelabel(project.store, suggester, known, info, codebook.id)
    dice = random.Random(20)
    apart = set(sample.passages)
    chosen = [one for one in passages if one.id in apart]
    chosen += dice.sample([one for one in passages if one.id not in apart], min(DECIDED, size // 2))
    record_all(project.store, [decision(one, dice) for one in chosen])
    return passages


def decision(passage: Passage, dice: random.Random) -> DecisionDraft:
    """What the vector's kind says, nine times in ten."""
    kind = hashlib.sha256(passage.text.encode()).digest()[0] % 20
    types = ("success_factor", "obstacle", "lesson", "good_practice")
    labels = (types[kind],) if kind < 4 and dice.random() < 0.9 else ()
    themes = ("local-presence",) if labels else ()
    return DecisionDraft(
        passage_id=passage.id,
        annotator=dice.choice(PEOPLE),
        verdict=Verdict.CORRECT if labels else Verdict.REJECT,
        labels=labels,
        themes=themes,
        seconds=dice.uniform(5, 60),
    )


def ground_of(project: Project, vectors: VectorCache, model: str) -> ModelAtWork:
    """By what the next round is chosen."""
    with project.store.reading() as connection:
        codebook = current_codebook(connection)
    suggester, _ = suggester_of(vectors, project, codebook.codebook, model=model)
    info = model_info(suggester.model, suggester.encoder.name)
    version = find_model_version(project.store, info.fingerprint)
    assert version is not None
    return ModelAtWork(suggester.encoder, info.name, version.id)


def measure(size: int, strategies: Sequence[str]) -> None:
    """Prints what each step takes in a project of that size."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "project"
        init_project(folder, name="Benchmark", by="ana")
        vectors = VectorCache(Path(name) / "vectors.sqlite")
        with open_project(folder) as project:
            begin = time.perf_counter()
            passages = build(project, size, vectors)
            built = time.perf_counter() - begin
            print(f"\n{size:,} passages (made in {built:.0f} s)")
            draft = Wanted("Round 1", 50, "random", 7)
            base = ground_of(project, vectors, STARTER)
            made = make_next_round(project.store, base, draft, "ana", PEOPLE)
            there = {one.id: one for one in passages}
            dice = random.Random(1)
            record_all(project.store, [decision(there[one], dice) for one in made.draft.passages])
            with Clock() as refitted:
                close_round(project.store, made.id, anyway=True)
                learned = learn(project, functools.partial(suggester_of, vectors))
            row("closed, learned, suggested anew", refitted)
            ground = ground_of(project, vectors, str(folder / learned.model))
            for number, strategy in enumerate(strategies, 2):
                wanted = Wanted(f"Round {number}", 50, strategy, 7)
                with Clock() as chosen:
                    make_next_round(project.store, ground, wanted, "ana", PEOPLE)
                row(f"next round: {strategy}", chosen)
                if strategy == strategies[0]:
                    row("from closed to the next one ready", refitted, chosen)
            with Clock() as asked, project.store.reading() as connection:
                round_status(connection)
            row("round status", asked)


class Clock:
    """Seconds that passed, and those of the processor."""

    passed = worked = 0.0

    def __enter__(self) -> "Clock":
        self._begin = time.perf_counter(), time.process_time()
        return self

    def __exit__(self, *_: object) -> None:
        begin, work = self._begin
        self.passed, self.worked = time.perf_counter() - begin, time.process_time() - work


def row(what: str, *times: Clock) -> None:
    """A line of the table."""
    passed, worked = sum(one.passed for one in times), sum(one.worked for one in times)
    print(f"  {what:40}{passed:8.1f} s ({worked:.1f} s)", flush=True)


def main() -> None:
    """Measures each size."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000, 100_000])
    parser.add_argument("--strategies", nargs="+", default=list(STRATEGIES))
    given = parser.parse_args()
    # The encoder from before it was tuned is made up as well.
    plain.SentenceEncoder = MadeUpEncoder  # type: ignore[misc,assignment]
    print(f"Python {platform.python_version()}, {os.cpu_count()} processors, SQLite")
    for size in given.sizes:
        measure(size, given.strategies)


if __name__ == "__main__":
    main()
