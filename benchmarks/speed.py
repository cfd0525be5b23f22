"""How fast the whole job is, beside the bare encoder on the same texts in the same run.

    python benchmarks/speed.py                  # the sample reports
    python benchmarks/speed.py --pdf big.pdf    # reading speed on a PDF of your own
    python benchmarks/speed.py --skip-memory

The pipeline reads the reports, splits, encodes, suggests and writes JSONL, its caches empty and
its model loaded; the peer is `SentenceTransformer.encode` of the same model in 32-bit floats
with its default settings, given the finished passages. Both use the same number of threads and
take turns; the ratio is taken pair by pair. Times are wall-clock times of a quiet machine.
"""

import argparse
import os
import platform
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from whatworks.cli.demo import copy_samples
from whatworks.labels.codebook import load_codebook
from whatworks.labels.exchange.interface import open_writer
from whatworks.labels.suggestions import ReportSuggestions, RunInfo
from whatworks.models.classify import classify_files
from whatworks.models.folder import load_model
from whatworks.models.suggester import EncoderSuggester, passage_text
from whatworks.nlp.cached import CachedEncoder
from whatworks.nlp.encoders import SentenceEncoder, has_bfloat16
from whatworks.nlp.vectors import VectorCache


class Quiet:
    """No progress bars."""

    def begin_file(self, index: int, path: Path) -> Callable[[int, int], None]:
        return lambda done, total: None

    def end_file(self, index: int) -> None:
        return


def pipeline(files: Sequence[Path], encoder: SentenceEncoder, folder: Path) -> list[str]:
    """Classifies files with empty caches in a folder; returns the texts that were encoded."""
    codebook = load_codebook()
    cached = CachedEncoder(encoder, VectorCache(folder / "vectors.sqlite"))
    suggester = EncoderSuggester(load_model(), cached, codebook)
    info = RunInfo("m", "c", suggester.thresholds, "2000-01-01T00:00:00+00:00", "0")
    texts: list[str] = []
    with open_writer(folder / "out.jsonl", info, codebook, include_none=True) as writer:
        for report in classify_files(files, suggester, Quiet(), cache=folder / "reports"):
            assert isinstance(report, ReportSuggestions), report
            writer.write(report)
            texts += [passage_text(item.passage) for item in report.passages]
        writer.finish([])
    return texts


def compare(files: Sequence[Path], rounds: int) -> None:
    from sentence_transformers import SentenceTransformer

    from whatworks.nlp.bundled import bundled_encoder

    encoder = SentenceEncoder(layers=load_model().layers)
    encoder.encode(["warm up"])
    peer = SentenceTransformer(str(bundled_encoder()), model_kwargs={"dtype": "float32"})
    peer.encode(["warm up"])
    ratios, ours, theirs = [], [], []
    for _ in range(rounds):
        with tempfile.TemporaryDirectory() as folder:
            start = time.perf_counter()
            texts = pipeline(files, encoder, Path(folder))
            ours.append(len(texts) / (time.perf_counter() - start))
        prefixed = ["query: " + text for text in texts]
        start = time.perf_counter()
        peer.encode(prefixed)
        theirs.append(len(texts) / (time.perf_counter() - start))
        ratios.append(ours[-1] / theirs[-1])
    print(f"whole pipeline            {statistics.median(ours):8.1f} passages/s")
    print(f"bare encode               {statistics.median(theirs):8.1f} passages/s")
    print(f"ratio                     {statistics.median(ratios):8.2f} "
          f"({min(ratios):.2f} to {max(ratios):.2f} in {rounds} pairs)")  # fmt: skip


def reading(files: Sequence[Path]) -> None:
    from whatworks.nlp.readers.interface import read_document

    pdfs = [path for path in files if path.suffix == ".pdf"]
    read_document(pdfs[0])
    start, cpu, pages = time.perf_counter(), time.process_time(), 0
    for path in pdfs:
        pages += read_document(path).pages or 0
    wall, busy = time.perf_counter() - start, time.process_time() - cpu
    print(f"PDF reading               {pages / wall:8.1f} pages/s ({pages} pages; "
          f"{pages / busy:.1f} per second of processor time)")  # fmt: skip


def second_run(files: Sequence[Path]) -> None:
    """Whole processes, as a user starts them."""
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "WHATWORKS_CACHE": folder}
        command = [sys.executable, "-m", "whatworks", "classify", *map(str, files), "-q"]
        # The encoder is unpacked once for all runs to come: not part of a first run's time.
        subprocess.run([*command[:3], "doctor"], env=environment, check=True, capture_output=True)
        times = []
        for n in range(3):
            start = time.perf_counter()
            output = ["-o", str(Path(folder) / f"{n}.jsonl")]
            subprocess.run([*command, *output], env=environment, check=True)
            times.append(time.perf_counter() - start)
    again = statistics.mean(times[1:])
    print(f"first run                 {times[0]:8.2f} s (process start to end)")
    print(f"second run                {again:8.2f} s, {times[0] / again:.1f} times as fast")


def memory(passages: int) -> None:
    """Peak memory of a process that classifies a table of that many passages."""
    from whatworks.training.examples import load_corpus

    rng = random.Random(1)
    texts = [example.text for example in load_corpus()]
    with tempfile.TemporaryDirectory() as folder:
        table = Path(folder) / "table.csv"
        # Shuffled words make passages of real length that no cache knows.
        lines = []
        for n in range(passages):
            words = rng.choice(texts).replace('"', "").split()
            rng.shuffle(words)
            lines.append(f'{n},"{" ".join(words)}"')
        table.write_text("id,text\n" + "\n".join(lines), "utf-8")
        outputs = [f"-o{folder}/out.{ending}" for ending in ("xlsx", "html", "csv", "jsonl")]
        code = (
            "import resource, sys; from whatworks.__main__ import main\n"
            "try: main()\n"
            "finally: print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, file=sys.stderr)"
        )
        command = [sys.executable, "-c", code, "classify", str(table), "-q", *outputs]
        environment = {**os.environ, "WHATWORKS_CACHE": folder}
        start = time.perf_counter()
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
        peak = int(done.stderr.split()[-1]) / 1e6
    wall = time.perf_counter() - start
    print(f"peak memory               {peak:8.2f} GB for {passages:,} passages, "
          f"four result files ({wall:.0f} s)")  # fmt: skip


def help_time() -> None:
    times = []
    for _ in range(7):
        start = time.perf_counter()
        command = [sys.executable, "-m", "whatworks", "--help"]
        subprocess.run(command, check=True, capture_output=True)
        times.append(time.perf_counter() - start)
    print(f"whatworks --help          {statistics.median(times):8.2f} s")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--pdf", type=Path, help="a PDF to read instead of the sample reports")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--threads", type=int, help="torch threads, for both")
    parser.add_argument("--passages", type=int, default=10_000, help="for the peak of memory")
    parser.add_argument("--skip-memory", action="store_true")
    arguments = parser.parse_args()
    import torch

    if arguments.threads:
        torch.set_num_threads(arguments.threads)
    half = "with" if has_bfloat16() else "without"
    threads = f"{torch.get_num_threads()} threads of {os.cpu_count()} cores"
    print(f"{datetime.now(UTC).date()}, {platform.machine()}, {threads}, "
          f"{half} bfloat16 units, torch {torch.__version__}")  # fmt: skip
    with tempfile.TemporaryDirectory() as folder:
        files = copy_samples(Path(folder))
        help_time()
        reading([arguments.pdf] if arguments.pdf else files)
        compare(files, arguments.rounds)
        second_run(files)
    if not arguments.skip_memory:
        memory(arguments.passages)


if __name__ == "__main__":
    main()
