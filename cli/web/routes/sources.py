"""The files that reports were read from, opened beside the review."""

import functools
import hashlib
import stat
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Request, Response
from fastapi import Path as InPath
from fastapi.responses import FileResponse
from starlette.exceptions import HTTPException

from ....labels.project import Project
from ....labels.store.sources import Source, get_source
from ....nlp.tables import is_table
from ..context import ThePerson, TheSite, texts_of
from ..troubles import trouble

router = APIRouter()

# The viewer that a browser brings for PDF is a page of its own with styles in it.
_PDF_POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"


@router.get("/source/{version_id}")
def source(
    request: Request,
    site: TheSite,
    person: ThePerson,
    version_id: Annotated[int, InPath(ge=1, le=2**31 - 1)],
) -> Response:
    """The file of one version of a report, if it is still the one that was read.

    Which file that is stands in the database; nothing of an address becomes a path.
    """
    _ = texts_of(request)
    with site.store.reading() as connection:
        found = get_source(connection, version_id)
    if found is None:
        raise HTTPException(404)
    path = file_of(site.project, found)
    if is_table(path):
        return trouble(
            request,
            404,
            _("There is no file to open"),
            _("The passages of this report came in a table, %(file)s.", file=path.name),
        )
    try:
        state = path.stat()
        if not stat.S_ISREG(state.st_mode):
            raise FileNotFoundError(path)
        sha256 = _sha256(str(path), state.st_size, state.st_mtime_ns)
    except OSError:
        return trouble(
            request,
            404,
            _("The file is gone"),
            _(
                "%(file)s is no longer where it was when the report was added. Put it back, or "
                "add it from its new place with: whatworks add",
                file=found.path,
            ),
        )
    if sha256 != found.sha256:
        return trouble(
            request,
            409,
            _("The file has changed"),
            _(
                "%(file)s is not what it was when the report was read, so that its pages may not "
                "hold these passages. Take in the new version with: whatworks add",
                file=found.path,
            ),
        )
    if path.suffix.lower() == ".pdf":
        return FileResponse(
            path,
            media_type="application/pdf",
            filename=path.name,
            content_disposition_type="inline",
            headers={"Content-Security-Policy": _PDF_POLICY, "Cache-Control": "no-cache"},
        )
    # A browser would show it as a page of ours, with whatever scripts are in it.
    return FileResponse(
        path,
        media_type="application/octet-stream",
        filename=path.name,
        headers={"Cache-Control": "no-cache"},
    )


def file_of(project: Project, found: Source) -> Path:
    """Where the file was when it was added."""
    return project.folder / found.path


@functools.lru_cache(maxsize=1024)
def _sha256(path: str, size: int, changed_ns: int) -> str:
    """Of the file; worked out again when its size or time has changed."""
    with Path(path).open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
