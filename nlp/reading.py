"""A report file as passages; what was read before comes from the cache."""

import hashlib
import json
import logging
import os
import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from functools import cache
from pathlib import Path

from .documents import BlockKind
from .errors import UnreadableReportError
from .passages import Passage, PassageId, split_document

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ReadReport:
    """A report, read and split."""

    name: str
    title: str
    language: str
    pages: int | None
    passages: tuple[Passage, ...]
    warnings: tuple[str, ...] = ()


def read_report(
    path: Path,
    *,
    name: str | None = None,
    language: str | None = None,
    cache: Path | None = None,
) -> ReadReport:
    """The passages of a report file.

    Args:
        path: the file, in any format that ``readers`` knows.
        name: the report id, where the file's name is not to be used (two files of one name).
        language: the language it is in (ISO 639-1), where it is not to be detected.
        cache: a folder in which results are kept by content; None keeps nothing.

    Raises:
        UnreadableReportError: the file cannot be read; the message says why and what to do.
    """
    from .readers.interface import read_document

    kept = None
    if cache is not None:
        kept = _kept_file(path, f"{name or path.name} {language or ''}", cache)
    if kept is not None:
        found = _load(kept)
        if found is not None:
            return found
    try:
        document = read_document(path)
        document = replace(
            document, name=name or document.name, language=language or document.language
        )
        passages = tuple(split_document(document))
    except UnreadableReportError:
        raise
    except Exception as error:
        # A fault of ours, met by one file in thousands, must not stop the others.
        _log.debug("%s: reading failed", path, exc_info=True)
        raise UnreadableReportError(
            path,
            f"It could not be read, for a reason not foreseen ({type(error).__name__}: {error}).",
            "Save it in another format, and please report it with what "
            "'whatworks --debug classify' prints.",
        ) from error
    report = ReadReport(
        name=document.name,
        title=document.title,
        language=document.language,
        pages=document.pages,
        passages=passages,
        warnings=document.warnings,
    )
    if kept is not None:
        _save(kept, report)
    return report


def report_names(paths: Sequence[Path]) -> list[str]:
    """A report id for each file: its name, with as many folders before it as tell it apart.

    >>> report_names([Path("/a/x/r.pdf"), Path("/a/y/r.pdf"), Path("/a/y/s.pdf")])
    ['x/r.pdf', 'y/r.pdf', 's.pdf']
    """
    # Not resolved: two links to one file are two reports, with the names the user gave them.
    parts = [Path(os.path.abspath(path)).parts for path in paths]  # noqa: PTH100
    names = [path.name for path in paths]
    for depth in range(2, max(map(len, parts), default=0) + 1):
        times = Counter(names)
        if len(times) == len(names):
            break
        names = [
            "/".join(part[-depth:]) if times[name] > 1 else name
            for part, name in zip(parts, names, strict=True)
        ]
    return names


def _kept_file(path: Path, options: str, folder: Path) -> Path | None:
    try:
        with path.open("rb") as file:
            content = hashlib.file_digest(file, "blake2b").hexdigest()
    except OSError:
        # The reader meets the same error and explains it.
        return None
    key = f"{content} {options} {_reader_version()}"
    # A file name may hold bytes that are no text (lone surrogates).
    digest = hashlib.blake2b(key.encode(errors="surrogatepass"), digest_size=16)
    return folder / f"{digest.hexdigest()}.json"


@cache
def _reader_version() -> str:
    """Of the code that reads and splits: a change of it makes what is kept void."""
    sources = sorted(Path(__file__).parent.rglob("*.py"))
    return hashlib.blake2b(b"".join(path.read_bytes() for path in sources)).hexdigest()[:16]


def _load(path: Path) -> ReadReport | None:
    try:
        raw = json.loads(path.read_text("utf-8"))
        passages = tuple(
            Passage(
                **{
                    **row,
                    "id": PassageId(row["id"]),
                    "heading": tuple(row["heading"]),
                    "kind": BlockKind(row["kind"]),
                }
            )
            for row in raw.pop("passages")
        )
        return ReadReport(**{**raw, "warnings": tuple(raw["warnings"])}, passages=passages)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        # Not there, cut short or of another shape: the report is read again and kept anew.
        return None


def _save(path: Path, report: ReadReport) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".")
        try:
            with os.fdopen(handle, "w", encoding="ascii") as file:
                json.dump(asdict(report), file)
            Path(temporary).replace(path)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise
    except OSError:
        # A cache that cannot be written costs time, not results; the vector cache warns of it.
        return
