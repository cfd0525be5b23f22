"""Suggestions to write: small, with the traps in them."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from whatworks.labels.codebook import Codebook, load_codebook
from whatworks.labels.exchange.interface import open_writer
from whatworks.labels.suggestions import (
    PassageSuggestions,
    ReportSuggestions,
    RunInfo,
    SkippedFile,
    ThemeSuggestion,
)
from whatworks.nlp.documents import BlockKind
from whatworks.nlp.passages import Passage, PassageId

HOSTILE = (
    "<script>window.hacked = 1</script></script></style></title>"
    "<img src=x onerror='window.hacked = 2'>\"' onmouseover=\"window.hacked = 3\" {{ 7*7 }} &amp;"
)

MakeItem = Callable[..., PassageSuggestions]
MakeReport = Callable[..., ReportSuggestions]
WriteResult = Callable[..., Path]


@pytest.fixture(scope="session")
def codebook() -> Codebook:
    return load_codebook("ilo-social-protection")


@pytest.fixture(scope="session")
def info(codebook: Codebook) -> RunInfo:
    return RunInfo(
        model="starter 1.0 (bundled encoder)",
        codebook="ilo-social-protection 1",
        thresholds=dict.fromkeys(codebook.finding_type_ids, 0.5),
        created="2026-11-23T12:31:00+00:00",
        version="0.1.0",
    )


@pytest.fixture(scope="session")
def make_item(codebook: Codebook) -> MakeItem:
    def make(
        text: str = "Local staff stayed in the villages.",
        labels: Mapping[str, float] | None = None,
        themes: tuple[tuple[str, float], ...] = (("local-presence", 0.75), ("synergies", 0.2)),
        order: int = 1,
        page: int | None = 3,
        heading: tuple[str, ...] = ("Findings", "Effectiveness"),
        language: str = "en",
        report: str = "report.pdf",
        columns: Mapping[str, str | int | float | None] | None = None,
        lead_in: str = "",
    ) -> PassageSuggestions:
        given = {"success_factor": 0.912345} if labels is None else dict(labels)
        probabilities = {code: given.get(code, 0.05) for code in codebook.finding_type_ids}
        passage = Passage(
            id=PassageId(f"{order:016x}"),
            report=report,
            order=order,
            page=page,
            heading=heading,
            language=language,
            text=text,
            end=len(text),
            kind=BlockKind.LIST_ITEM if lead_in else BlockKind.PARAGRAPH,
            lead_in=lead_in,
        )
        return PassageSuggestions(
            passage,
            probabilities,
            tuple(sorted(given, key=lambda label: -given[label])),
            tuple(ThemeSuggestion(*theme) for theme in themes if theme[0] in codebook.theme_ids),
            columns or {},
        )

    return make


@pytest.fixture(scope="session")
def make_report() -> MakeReport:
    def make(
        *items: PassageSuggestions, name: str = "report.pdf", **changes: object
    ) -> ReportSuggestions:
        fields = {"report": name, "path": f"/reports/{name}", "language": "en", "pages": 12}
        return ReportSuggestions(**{**fields, "passages": items, **changes})  # type: ignore[arg-type]

    return make


@pytest.fixture
def write_result(tmp_path: Path, info: RunInfo, codebook: Codebook) -> WriteResult:
    def write(
        name: str,
        *reports: ReportSuggestions,
        include_none: bool = False,
        skipped: tuple[SkippedFile, ...] = (),
        codebook: Codebook = codebook,
    ) -> Path:
        path = tmp_path / name
        with open_writer(path, info, codebook, include_none) as writer:
            for report in reports:
                writer.write(report)
            writer.finish(skipped)
        return path

    return write


@pytest.fixture(scope="session")
def hostile() -> str:
    return HOSTILE


@pytest.fixture
def hostile_page(
    write_result: WriteResult, make_report: MakeReport, make_item: MakeItem, codebook: Codebook
) -> Path:
    """A page in which every text tries to run something."""
    item = make_item(
        text=HOSTILE,
        heading=(HOSTILE,),
        report=HOSTILE,
        language='"><b>',
        lead_in=HOSTILE,
        columns={HOSTILE: HOSTILE},
    )
    report = make_report(
        item, replace(item, labels=()), name=HOSTILE, title=HOSTILE, warnings=(HOSTILE,)
    )
    theme = replace(codebook.theme("local-presence"), names={"en": HOSTILE}, group=HOSTILE)
    first = replace(
        codebook.finding_types[0],
        names={"en": HOSTILE},
        definition=HOSTILE,
        colour="red}</style><script>window.hacked = 4</script>",
    )
    book = replace(codebook, themes=(theme,), finding_types=(first, *codebook.finding_types[1:]))
    return write_result(
        "r.html", report, codebook=book, skipped=(SkippedFile(HOSTILE, HOSTILE, HOSTILE),)
    )
