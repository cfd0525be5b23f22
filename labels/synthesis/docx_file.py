"""A Word document as a file: what it says of itself, and its bytes, the same on every run."""

import io
import zipfile
from datetime import datetime
from typing import TYPE_CHECKING

from ..exchange.rows import printable
from .content.blocks import Report
from .docx_template import LOCALES

if TYPE_CHECKING:
    from docx.document import Document

_EARLIEST = (1980, 1, 1, 0, 0, 0)
"""The first moment that a zip file can name."""


def describe(document: "Document", report: Report) -> None:
    """What the file says of itself; of nothing that changes from one run to the next."""
    about = document.core_properties
    moment = datetime.fromisoformat(report.as_of).replace(tzinfo=None, microsecond=0)
    authors = ", ".join(report.authors) or report.office or "whatworks"
    # Word holds no more of each.
    about.title, about.subject, about.author = (
        printable(one)[:255] for one in (report.title, report.subtitle, authors)
    )
    about.last_modified_by = "whatworks"
    about.created = about.modified = moment
    about.language = LOCALES[report.language]
    about.comments, about.revision = "", 1


def saved(document: "Document") -> bytes:
    """The file, without the time at which it was made."""
    written, out = io.BytesIO(), io.BytesIO()
    document.save(written)
    with (
        zipfile.ZipFile(written) as made,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as fixed,
    ):
        for one in made.infolist():
            part = zipfile.ZipInfo(one.filename, _EARLIEST)
            part.compress_type, part.external_attr = zipfile.ZIP_DEFLATED, 0o600 << 16
            fixed.writestr(part, made.read(one))
    return out.getvalue()
