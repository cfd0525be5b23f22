"""A self-contained page to read: every passage in its context, with filters, without a network."""

import base64
import hashlib
import re
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from ...nlp.documents import BlockKind
from ...nlp.passages import Passage
from ..codebook import Codebook
from ..suggestions import PassageSuggestions, ReportSuggestions, RunInfo, SkippedFile
from .files import FileWriter
from .matrix import Matrix, ReportCounts
from .rows import THEMES_SHOWN, printable
from .words import MARK, about_rows, date_in_words, in_words, language_name, percent

_TEMPLATES = Path(__file__).parent / "templates"
_FALLBACK_COLOUR = "#46535e"


def content_hash(text: str) -> str:
    """The source expression that lets a content security policy admit exactly this text."""
    digest = hashlib.sha256(text.encode("utf-8")).digest()
    return f"'sha256-{base64.b64encode(digest).decode('ascii')}'"


class HtmlWriter(FileWriter):
    """Writes the page. The body goes to disk as it comes; the counts above it are known last."""

    def __init__(self, path: Path, info: RunInfo, codebook: Codebook) -> None:
        super().__init__(path)
        self._info = info
        self._codebook = codebook
        self._matrix = Matrix()
        # Numbers, not ids, are the classes and data of the page: an id may be any text.
        self._types = {code.id: n for n, code in enumerate(codebook.finding_types)}
        self._themes = {code.id: n for n, code in enumerate(codebook.themes)}
        self._templates = Environment(
            loader=FileSystemLoader(_TEMPLATES),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            finalize=lambda value: printable(value) if type(value) is str else value,
        )

    def _begin(self) -> None:
        self._body = self._open("body", "utf-8")
        self._passage = self._templates.get_template("passage.html").module
        self._current: ReportCounts | None = None
        self._heading: tuple[str, ...] = ()
        self._page: int | None = None

    def _add(self, report: ReportSuggestions) -> None:
        counts = self._matrix.add(report)
        if counts is not self._current:
            self._close_section()
            self._current, self._heading, self._page = counts, (), None
            self._body.write(self._part("open_report", counts.number, report, language_name))
        for item in report.passages:
            self._body.write(self._part("passage", self._shown(counts.number, item)))

    def _close_section(self) -> None:
        if self._current is not None:
            self._body.write("</section>\n")

    def _part(self, name: str, *values: Any) -> str:
        return str(getattr(self._passage, name)(*values))

    def _shown(self, number: int, item: PassageSuggestions) -> dict[str, Any]:
        """What the template shows of a passage."""
        passage = item.passage
        labels = [
            {
                "number": self._types[label],
                "name": self._codebook.finding_types[self._types[label]].name(),
                "percent": percent(item.probabilities[label]),
                "words": in_words(item.probabilities[label]),
            }
            for label in item.labels
        ]
        themes = [
            {
                "number": self._themes[theme.theme],
                "name": self._codebook.themes[self._themes[theme.theme]].name(),
                "percent": percent(theme.probability),
            }
            for theme in item.themes[:THEMES_SHOWN]
            if labels
        ]
        names = {code.id: code.name() for code in self._codebook.themes}
        return {
            "id": f"r{number}-{passage.id}",
            "headings": self._new_headings(passage),
            "new_page": passage.page is not None and passage.page != self._page,
            "page": self._turn_page(passage),
            "language": passage.language,
            "text": passage.text,
            "lead_in": passage.lead_in if labels else "",
            "is_item": passage.kind is BlockKind.LIST_ITEM,
            "labels": labels,
            "themes": themes,
            "by_words": [names[one.theme] for one in item.by_words if labels],
            "columns": {name: value for name, value in item.columns.items() if value is not None},
        }

    def _turn_page(self, passage: Passage) -> int | None:
        self._page = passage.page
        return passage.page

    def _new_headings(self, passage: Passage) -> list[tuple[int, str]]:
        """The headings that begin before this passage, as level and text."""
        old, new = self._heading, passage.heading
        self._heading = new
        same = 0
        while same < min(len(old), len(new)) and old[same] == new[same]:
            same += 1
        return [(level + 1, text) for level, text in enumerate(new) if level >= same]

    def _end(self, skipped: Sequence[SkippedFile]) -> None:
        self._close_section()
        colours = {
            n: code.colour if re.fullmatch("#[0-9a-fA-F]{6}", code.colour) else _FALLBACK_COLOUR
            for n, code in enumerate(self._codebook.finding_types)
        }
        style = (_TEMPLATES / "style.css").read_text("utf-8") + "".join(
            f".f{n}{{--c:{colour}}}\n" for n, colour in colours.items()
        )
        script = (_TEMPLATES / "script.js").read_text("utf-8")
        head = self._templates.get_template("head.html").stream(
            mark=MARK,
            info=self._info,
            created=date_in_words(self._info.created),
            codebook=self._codebook,
            groups=self._theme_groups(),
            matrix=self._matrix,
            reports=self._matrix.reports,
            total=self._matrix.total(),
            language_name=language_name,
            style=style,
            style_hash=content_hash(style),
            script_hash=content_hash(script),
        )
        self._file.writelines(head)
        self._body.seek(0)
        shutil.copyfileobj(self._body, self._file)
        tail = self._templates.get_template("tail.html").stream(
            mark=MARK,
            about=about_rows(self._info, self._codebook),
            skipped=skipped,
            script=script,
        )
        self._file.writelines(tail)

    def _theme_groups(self) -> list[tuple[str, list[tuple[int, str, int]]]]:
        """Group name and its themes, each with number, name and count, in the codebook's order."""
        total = self._matrix.total().themes
        groups: dict[str, list[tuple[int, str, int]]] = {}
        for n, theme in enumerate(self._codebook.themes):
            name = self._codebook.groups.get(theme.group, {}).get("en", theme.group)
            groups.setdefault(name, []).append((n, theme.name(), total[theme.id]))
        return list(groups.items())
