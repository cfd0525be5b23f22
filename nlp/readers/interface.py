"""Which reader reads a file, and which files of a folder are reports."""

import glob
import io
import os
import zipfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from ..documents import Document
from ..errors import UnreadableReportError

READABLE_SUFFIXES = frozenset(
    {".pdf", ".docx", ".docm", ".html", ".htm", ".xhtml", ".md", ".markdown", ".txt"}
)
"""Endings, in lower case, of the reports that are taken from folders."""

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"II*\0", b"MM\0*")
_OTHER_FORMATS = {
    ".doc": ("It is a Word document of the old format.", "Save it as .docx and try again."),
    ".odt": ("It is an OpenDocument text.", "Save it as .docx and try again."),
    ".rtf": ("It is a rich text file (RTF).", "Save it as .docx and try again."),
    ".pages": ("It is a Pages document.", "Export it as .docx or PDF."),
    ".epub": ("It is an e-book.", "Convert it to .docx or PDF."),
    ".pptx": ("It is a slide show, not a report.", "Export it as PDF."),
    ".ppt": ("It is a slide show, not a report.", "Export it as PDF."),
    ".xls": ("It is a workbook of the old format.", "Save it as .xlsx with a 'text' column."),
    ".xlsx": (
        "It is a workbook, not a report.",
        "Passages already cut elsewhere are read from .xlsx tables with a 'text' column.",
    ),
    ".zip": ("It is an archive.", "Unpack it and give the folder."),
}
_TO_CONVERT = frozenset({".doc", ".odt", ".rtf", ".pages"})
"""Of these, what is most likely a report: from a folder it is taken too, to be told of."""
_NAMES = {"pdf": "PDF", "docx": "Word document", "html": "web page"}


def read_document(path: str | Path) -> Document:
    """A report as blocks in reading order, whatever its format.

    What the file holds decides, then its ending: a Word document named 'report.pdf' is read as
    a Word document, with a warning.

    Raises:
        UnreadableReportError: The file is missing, empty, damaged, encrypted, forbidden, of a
            format that cannot be read, or without text.
    """
    path = Path(path)
    data = read_bytes(path)
    suffix = path.suffix.lower()
    kind = _kind(path, data, suffix)
    if kind == "pdf":
        from .pdf import read_pdf

        document = read_pdf(path, data)
    else:
        try:
            document = _reader(kind)(path, data)
        except RecursionError as error:
            raise UnreadableReportError(
                path,
                "Its parts are nested hundreds deep in one another; it may be damaged.",
                "Open it in its own program and save it again, or as PDF.",
            ) from error
    if not document.blocks:
        raise UnreadableReportError(
            path, "There is no text in it.", "Check that the file is the report itself."
        )
    if suffix and kind in _NAMES and not _suits(suffix, kind):
        note = f"The file is named '{path.suffix}' but is a {_NAMES[kind]} and was read as one."
        document = replace(document, warnings=(*document.warnings, note))
    return document


def read_bytes(path: Path) -> bytes:
    """What a file holds, never empty.

    Raises:
        UnreadableReportError: With the cause in plain words.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise cannot_open(path, error) from error
    if not data.strip(b" \t\r\n\f\0"):
        raise UnreadableReportError(path, "The file is empty.", "Get a new copy of it.")
    return data


def cannot_open(path: Path, error: OSError) -> UnreadableReportError:
    """The error that tells a user why a file cannot be opened, and what to do."""
    if isinstance(error, FileNotFoundError):
        cause, cure = "There is no such file.", "Check the name and the folder."
    elif isinstance(error, PermissionError) and os.path.isdir(path):  # noqa: PTH112
        cause, cure = "You may not look into this folder.", "Ask for the permission."
    elif isinstance(error, IsADirectoryError):
        cause, cure = "It is a folder, not a file.", "Name the report inside it."
    elif isinstance(error, PermissionError):
        cause, cure = (
            "You may not read it.",
            "Ask for the permission, or close it where it is open.",
        )
    else:
        cause = f"It cannot be opened ({error.strerror or error})."
        cure = "Copy it to a local folder and try again."
    return UnreadableReportError(path, cause, cure)


def _suits(suffix: str, kind: str) -> bool:
    endings = {"pdf": (".pdf",), "docx": (".docx", ".docm"), "html": (".html", ".htm", ".xhtml")}
    return suffix in endings[kind]


def _reader(kind: str) -> Callable[[Path, bytes], Document]:
    # Each reader brings its own libraries: they are loaded when a file of its kind is met.
    if kind == "docx":
        from .docx import read_docx

        return read_docx
    if kind == "html":
        from .html import read_html

        return read_html
    if kind == "markdown":
        from .markdown import read_markdown

        return read_markdown
    from .text import read_text

    return read_text


def _kind(path: Path, data: bytes, suffix: str) -> str:
    """'pdf', 'docx', 'html', 'markdown' or 'text'."""
    head = data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if b"%PDF-" in data[:1024]:
        return "pdf"
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _kind_of_archive(path, data, suffix)
    if data.startswith(_OLE):
        raise _other_office_file(path, data)
    if head.startswith(b"{\\rtf"):
        raise UnreadableReportError(path, *_OTHER_FORMATS[".rtf"])
    if data.startswith(_PICTURES):
        raise UnreadableReportError(
            path, "It is a picture.", "Turn it into text with an OCR program first."
        )
    if head.startswith((b"<!doctype html", b"<html")) or (
        head.startswith(b"<?xml") and b"<html" in head
    ):
        return "html"
    if suffix in (".html", ".htm", ".xhtml"):
        return "html"
    if suffix in (".md", ".markdown"):
        return "markdown"
    if suffix in (".pdf", ".docx", ".docm", ".doc"):
        wanted = "PDF" if suffix == ".pdf" else "Word document"
        raise UnreadableReportError(
            path,
            f"It is named '{suffix}' but is no {wanted}; it may be damaged or cut short.",
            "Open it in its own program and save it again, or get a new copy.",
        )
    if suffix in _OTHER_FORMATS:
        raise UnreadableReportError(path, *_OTHER_FORMATS[suffix])
    return "text"


def _kind_of_archive(path: Path, data: bytes, suffix: str) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist())
            mime = archive.read("mimetype")[:100] if "mimetype" in names else b""
    except (zipfile.BadZipFile, OSError, EOFError, ValueError, NotImplementedError) as error:
        if suffix == ".zip":
            raise UnreadableReportError(path, *_OTHER_FORMATS[".zip"]) from error
        raise UnreadableReportError(
            path,
            "The file is damaged: its zip container cannot be opened.",
            "Get a new copy, or open it in Word, which may repair it, and save it again.",
        ) from error
    if any(name.startswith("word/") for name in names):
        return "docx"
    found = (
        ".xlsx" if any(name.startswith("xl/") for name in names)
        else ".pptx" if any(name.startswith("ppt/") for name in names)
        else ".epub" if b"epub" in mime
        else ".odt" if b"opendocument" in mime
        else ".zip"
    )  # fmt: skip
    if found == ".zip" and suffix in (".docx", ".docm"):
        return "docx"  # its reader says what is missing
    raise UnreadableReportError(path, *_OTHER_FORMATS[found])


def _other_office_file(path: Path, data: bytes) -> UnreadableReportError:
    if "EncryptedPackage".encode("utf-16-le") in data:
        return UnreadableReportError(
            path,
            "It is encrypted with a password.",
            "Open it with its password and save a copy without one.",
        )
    if "WordDocument".encode("utf-16-le") in data:
        return UnreadableReportError(path, *_OTHER_FORMATS[".doc"])
    return UnreadableReportError(
        path, "It is an Office file of the old format.", "Save it as .docx, or export it as PDF."
    )


def find_reports(
    paths: Iterable[str | Path], *, suffixes: frozenset[str] = READABLE_SUFFIXES
) -> list[Path]:
    """The files that paths, folders and globs stand for, each once, folders in sorted order.

    Folders are searched with their subfolders for files with one of the ``suffixes``, and for
    documents of formats that cannot be read, whose reader says so; hidden files and Office's lock
    files ('~$report.docx') are left out. A file named outright is
    taken whatever its ending, and also when it does not exist, and a subfolder that may not be
    searched is given as it is: its reader says what is wrong.

    Raises:
        UnreadableReportError: A folder without reports, or a glob that nothing matches.
    """
    found: dict[Path, None] = {}
    for given in map(Path, paths):
        # os.path, not Path: the latter raises where a folder above is forbidden or a name too long.
        if os.path.isdir(given):  # noqa: PTH112
            reports = _in_folder(given, suffixes)
            if not reports:
                endings = ", ".join(sorted(suffixes))
                raise UnreadableReportError(
                    given,
                    "There are no reports in this folder.",
                    f"Files with these endings are read: {endings}. Tables of passages are read "
                    "when they are named themselves.",
                )
            found.update(dict.fromkeys(reports))
        elif glob.has_magic(str(given)) and not os.path.exists(given):  # noqa: PTH110
            matches = sorted(map(Path, glob.glob(str(given), recursive=True)))  # noqa: PTH207
            files = [match for match in matches if match.is_file() and _is_visible(match.name)]
            if not files:
                raise UnreadableReportError(
                    given, "No file matches this pattern.", "Check the folder and the spelling."
                )
            found.update(dict.fromkeys(files))
        else:
            found[given] = None
    return list(found)


def _is_visible(name: str) -> bool:
    return not name.startswith((".", "~$"))


def _in_folder(folder: Path, suffixes: frozenset[str]) -> Sequence[Path]:
    found: list[Path] = []

    def forbidden(error: OSError) -> None:
        found.append(Path(error.filename))

    for above, folders, files in os.walk(folder, onerror=forbidden):
        folders[:] = filter(_is_visible, folders)
        paths = [Path(above, name) for name in filter(_is_visible, files)]
        reports = [path for path in paths if path.suffix.lower() in suffixes]
        # A report that lies there in a format that is read as well is not missed.
        there = {path.stem for path in reports}
        reports += [
            path
            for path in paths
            if path.suffix.lower() in _TO_CONVERT - suffixes and path.stem not in there
        ]
        found += [path for path in reports if os.path.isfile(path)]  # noqa: PTH113
    return sorted(found)
