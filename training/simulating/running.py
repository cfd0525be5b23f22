"""Replays of several strategies and seeds, several at a time. Each is kept as soon as it is made.

A run that was stopped goes on where it was: what is kept bears a name that changes with the
passages, their labels and vectors, the settings, and the code.
"""

import hashlib
import os
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass, fields
from functools import cache, partial
from multiprocessing import get_context
from pathlib import Path
from zipfile import BadZipFile

import numpy as np

from ...nlp.errors import WhatworksError
from ..strategies.interface import QueryStrategy
from ..strategies.named import strategy
from .material import Material, check, divide
from .replay import Replay, replay

Progress = Callable[[int, int], None]
"""Called with (replays done, replays in all)."""
Find = Callable[[str], QueryStrategy]
"""A strategy by its name."""


@dataclass(frozen=True, slots=True)
class Simulation:
    """What is replayed."""

    strategies: tuple[str, ...]
    against: str
    """The strategy that the others are measured against; one of them."""
    seeds: int = 10
    """How many divisions."""
    batch: int = 20
    """Passages a round."""
    rounds: int | None = None
    """How many at most; None until all is read."""


@dataclass(frozen=True, slots=True)
class Run:
    """A strategy on a division."""

    strategy: str
    seed: int
    replay: Replay


def simulate(
    material: Material,
    wanted: Simulation,
    folder: Path,
    *,
    jobs: int | None = None,
    find: Find = strategy,
    on_progress: Progress | None = None,
) -> list[Run]:
    """All runs, by strategy and then by seed.

    Args:
        material: The passages.
        wanted: What is replayed.
        folder: Where runs are kept.
        jobs: How many at a time; by default as many as there are processors.
        find: Where strategies come from; must be importable by another process.
        on_progress: Called after each run.

    Raises:
        WhatworksError: no such strategy; passages that nothing can be learned from; the folder
            cannot be written, or holds a damaged run; a process was ended from outside.
    """
    check(material)
    names = dict.fromkeys((wanted.against, *wanted.strategies))
    for name in names:
        find(name)
    pairs = [(name, seed) for seed in range(wanted.seeds) for name in names]
    base = fingerprint(material, wanted)
    paths = {one: kept_path(folder, base, *one) for one in pairs}
    missing = [one for one in pairs if not paths[one].is_file()]
    done = len(pairs) - len(missing)
    if on_progress is not None:
        on_progress(done, len(pairs))
    with _writing(folder):
        folder.mkdir(parents=True, exist_ok=True)
    for _ in _made(material, wanted, {one: paths[one] for one in missing}, jobs, find):
        done += 1
        if on_progress is not None:
            on_progress(done, len(pairs))
    return [_load(paths[name, seed], name, seed) for name in names for seed in range(wanted.seeds)]


def fingerprint(material: Material, wanted: Simulation) -> str:
    """Changes with all that a run hangs on beside strategy and seed."""
    digest = hashlib.blake2b(_code(), digest_size=8)
    for array in (material.vectors, material.given):
        digest.update(np.ascontiguousarray(array).tobytes())
    said = (material.labels, material.reports, material.languages, material.exclusive)
    digest.update(repr((said, wanted.batch, wanted.rounds)).encode("utf-8", "surrogatepass"))
    return digest.hexdigest()


def kept_path(folder: Path, base: str, name: str, seed: int) -> Path:
    """Where a run is kept."""
    # A name may hold labels of any kind: what no file can be called stands in the digest alone.
    short = re.sub(r"[^a-z0-9]+", "-", name.lower())[:30]
    digest = hashlib.blake2b(name.encode("utf-8", "surrogatepass"), digest_size=4).hexdigest()
    return folder / f"{base}-{short}-{digest}-{seed}.npz"


@cache
def _code() -> bytes:
    """Of all that replays: a change of it makes what was kept void."""
    here = Path(__file__).parent
    sources = [
        *here.glob("*.py"),
        *here.parent.glob("strategies/*.py"),
        here.parent / "logistic.py",
    ]
    return hashlib.blake2b(b"".join(path.read_bytes() for path in sorted(sources))).digest()


def _made(
    material: Material,
    wanted: Simulation,
    paths: Mapping[tuple[str, int], Path],
    jobs: int | None,
    find: Find,
) -> Iterator[None]:
    """Makes what is missing, yielding after each."""
    jobs = min(jobs or os.cpu_count() or 1, len(paths))
    if jobs <= 1:
        for (name, seed), path in paths.items():
            _make(material, wanted, find, name, seed, path)
            yield
        return
    # Spawned, not forked: threads of numerical libraries do not survive a fork.
    pool = ProcessPoolExecutor(
        jobs, mp_context=get_context("spawn"), initializer=_begin, initargs=(material, wanted, find)
    )
    try:
        futures: Sequence[Future[None]] = [
            pool.submit(_make_here, name, seed, path) for (name, seed), path in paths.items()
        ]
        for one in as_completed(futures):
            one.result()
            yield
    except BrokenProcessPool as error:
        raise WhatworksError(
            "A replay was ended from outside, perhaps for want of memory. What was made is kept: "
            "run the command again, with --jobs 1 to do one at a time."
        ) from error
    finally:
        pool.shutdown(cancel_futures=True)


_here: list[Callable[[str, int, Path], None]] = []
"""In a process that makes runs: how. Passages are sent to it once."""


def _begin(material: Material, wanted: Simulation, find: Find) -> None:
    import signal

    from threadpoolctl import threadpool_limits

    # Ctrl-C is for the process that began this one.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threadpool_limits(1)
    _here.append(partial(_make, material, wanted, find))


def _make_here(name: str, seed: int, path: Path) -> None:
    _here[0](name, seed, path)


def _make(
    material: Material, wanted: Simulation, find: Find, name: str, seed: int, path: Path
) -> None:
    division = divide(material, seed)
    made = replay(
        material, division, find(name), batch=wanted.batch, rounds=wanted.rounds, seed=1000 * seed
    )
    # Under another name until it is whole: a run may be stopped at any time.
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    with _writing(path.parent):
        with part.open("wb") as file:
            np.savez_compressed(file, **{one.name: getattr(made, one.name) for one in fields(made)})
        part.replace(path)


@contextmanager
def _writing(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise WhatworksError(
            f"{folder}: replays cannot be kept there ({error.strerror or error}). Free some space, "
            "or give a folder that you can write with -o."
        ) from error


def _load(path: Path, name: str, seed: int) -> Run:
    try:
        with path.open("rb") as file, np.load(file) as kept:
            made = Replay(
                read=kept["read"],
                macro_f1=kept["macro_f1"],
                found=kept["found"],
                in_pool=kept["in_pool"],
                pool=int(kept["pool"]),
                full=float(kept["full"]),
            )
    except (OSError, EOFError, ValueError, KeyError, BadZipFile) as error:
        raise WhatworksError(
            f"{path}: this replay was kept and cannot be read. Delete it and run the command again."
        ) from error
    return Run(name, seed, made)
