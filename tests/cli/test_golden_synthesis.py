"""The sample project's products, held still: what they say, number by number and word by word.

Estimates and a model's scores are left out: they depend a little on the processor. How the files
look is not in here; their bytes are compared over two runs in test_synthesize.py. After a change
that is meant: make golden, and read the difference.
"""

import io
import os
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from docx import Document
from docx.oxml.ns import qn
from openpyxl import load_workbook

from whatworks.cli.demo import copy_samples
from whatworks.cli.sample_project import make_sample_project
from whatworks.labels.project import open_project
from whatworks.labels.store import database
from whatworks.labels.store.material import read_material
from whatworks.labels.synthesis.content import Options
from whatworks.labels.synthesis.products import Basis, Wanted, products
from whatworks.models import folder as models

pytestmark = pytest.mark.slow

GOLDEN = Path(__file__).parents[1] / "golden" / "synthesis"
WRITE = os.environ.get("WHATWORKS_GOLDEN") == "write"
_HASH = re.compile(r"\b[0-9a-f]{64}\b")


class OneDay(datetime):
    """A clock that stands still, so that the date of the report does."""

    @classmethod
    def now(cls, tz: object = None) -> "OneDay":
        return cls(2026, 11, 29, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def basis(tmp_path_factory: pytest.TempPathFactory, tiny_model: Path) -> Basis:
    """All that people said in the sample project."""
    folder = tmp_path_factory.mktemp("golden")
    load = models.load_model
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(models, "load_model", lambda _: load(tiny_model))
        patch.setattr(database, "datetime", OneDay)
        make_sample_project(folder / "synthesis", copy_samples(folder / "reports"))
        with open_project(folder / "synthesis") as project, project.store.reading() as connection:
            settings = project.settings
            material = read_material(connection, settings.name, settings.screening)
    return Basis(material, estimates=None, audit=None)


def made(basis: Basis, language: str, *kinds: str) -> Mapping[str, bytes]:
    return products(basis, Wanted(kinds, language, Options(title="The sample")))


def hold(name: str, text: str) -> None:
    """Compares with what is kept, or keeps it."""
    text = _HASH.sub("<hash>", text)
    path = GOLDEN / name
    if WRITE:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    assert path.read_text("utf-8") == text, f"{name} has changed; if it is meant: make golden"


def words(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.parametrize("language", ["en", "fr", "es", "pt"])
def test_the_page_says_what_it_said(basis: Basis, language: str) -> None:
    page = BeautifulSoup(made(basis, language, "html")["report.html"], "html.parser")
    for drawing in page(["svg", "style", "script"]):
        drawing.decompose()
    lines = [words(one.get_text(" ")) for one in page.find_all(_says_something)]
    hold(f"report-{language}.txt", "\n".join(lines) + "\n")


def _says_something(tag: object) -> bool:
    name = getattr(tag, "name", "")
    return name in ("h1", "h2", "h3", "h4", "p", "li", "blockquote", "caption", "figcaption", "tr")


def test_the_word_report_says_what_it_said(basis: Basis) -> None:
    document = Document(io.BytesIO(made(basis, "en", "docx")["report.docx"]))
    lines = []
    for part in document.element.body.iter(qn("w:p"), qn("w:tr")):
        if part.tag == qn("w:tr"):
            lines.append("---")
            continue
        style = part.find(f"{qn('w:pPr')}/{qn('w:pStyle')}")
        said = words("".join(one.text or "" for one in part.iter(qn("w:t"))))
        if said:
            lines.append(f"[{'' if style is None else style.get(qn('w:val'))}] {said}")
    hold("report.docx.txt", "\n".join(lines) + "\n")


def test_the_workbook_says_what_it_said(basis: Basis) -> None:
    book = load_workbook(io.BytesIO(made(basis, "en", "xlsx")["synthesis.xlsx"]))
    lines = []
    for sheet in book:
        lines.append(f"=== {sheet.title} {sheet.dimensions}")
        for row in sheet.iter_rows():
            cells = [f"{one.coordinate} {one.value!r}" for one in row if one.value is not None]
            lines += cells
    hold("synthesis.xlsx.txt", "\n".join(lines) + "\n")


def test_the_figures_show_what_they_showed(basis: Basis) -> None:
    files = made(basis, "en", "figures")
    names = sorted(name for name in files if name.endswith(".csv"))
    assert len(names) == 7
    for name in names:
        hold(name, files[name].decode("utf-8-sig").replace("\r\n", "\n"))
    hold("figures/screening-flow.svg", files["figures/screening-flow.svg"].decode())
