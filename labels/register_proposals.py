"""What could be added to the register from the reports themselves, for people to accept."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ..nlp.documents import Block, BlockKind, Document
from ..nlp.errors import UnreadableReportError
from ..nlp.passages import Passage
from ..nlp.readers.interface import read_document
from ..nlp.tables import is_table
from .places import regions_in
from .project import Project
from .register import FOUND, Evaluation, Facts, clean_facts, title_key
from .register_changes import FIELDS
from .register_found import Found, found_in
from .register_reports import ReportLinks, ReportName
from .store.passages import current_passages
from .store.register import Said, evaluations, histories
from .store.reports import StoredVersion, reports

_ASKED = ("title", "regions", "countries", "year", "language")
"""What a report may say of itself."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a report says of itself and the register does not say of its evaluation."""

    report: str
    """Its name."""
    evaluation: Evaluation | None
    """None where no row of the register is about this report."""
    found: tuple[Found, ...]
    link: str = ""
    """Why the report was taken for the evaluation's, where the register does not say so."""
    note: str = ""
    """What a user should know of how it was found."""

    @property
    def facts(self) -> Facts:
        """What the register is to say once it is accepted."""
        new: dict[str, Any] = {one.field: one.value for one in self.found}
        new["report"] = self.report
        if self.evaluation is None:
            return clean_facts(Facts(**{"title": self.report} | new))
        return clean_facts(replace(self.evaluation.facts, **new))


def proposals(project: Project) -> tuple[Proposal, ...]:
    """For each report that says something the register does not, what that is.

    Only facts are proposed that nobody ever gave or took away by hand. The file itself is read
    where it is still as it was added, else the passages that are stored of it.
    """
    with project.store.reading() as connection:
        listed, said = evaluations(connection), histories(connection)
        versions = reports(connection)
    own = {one.report_id: (one, "") for one in listed if one.report_id is not None}
    own |= _linked(listed, said, versions)
    regions = {
        mention.code: word
        for one in listed
        for word in one.facts.regions
        for mention in regions_in(word)
    }
    titles = {title_key(one.facts.title) for one in listed}
    made = []
    for version in versions:
        evaluation, link = own.get(version.report_id, (None, ""))
        wanted = _open(evaluation, said) & set(_ASKED) if evaluation is not None else set(_ASKED)
        found: Iterable[Found] = ()
        note = ""
        if wanted:
            document, note = _document(project, version)
            found = (one for one in found_in(document, regions) if one.field in wanted)
        if evaluation is None:
            found = [_apart(one, version.name, titles) for one in found]
        proposal = Proposal(version.name, evaluation, tuple(found), link, note)
        if evaluation is None or link or proposal.found:
            made.append(proposal)
    return tuple(made)


def _linked(
    listed: Sequence[Evaluation],
    said: dict[int, tuple[Said, ...]],
    versions: Sequence[StoredVersion],
) -> dict[int, tuple[Evaluation, str]]:
    """Report id to the evaluation that is called as the report is, and why."""
    links = ReportLinks.of([ReportName(one.name, one.title) for one in versions], listed)
    ids = {one.name: one.report_id for one in versions}
    found: dict[int, tuple[Evaluation, str]] = {}
    for one in listed:
        if "report" in _open(one, said):
            name, why = links.link(one.facts)
            if name:
                found[ids[name]] = one, why
                links = links.without([name])
    return found


def _open(evaluation: Evaluation, said: dict[int, tuple[Said, ...]]) -> set[str]:
    """The facts that are not known and of which nobody ever said anything by hand."""
    by_hand: set[str] = set()
    before = Facts("")
    for one in said[evaluation.id]:
        if one.facts is None:
            continue
        if one.source != FOUND:
            by_hand |= {
                name for name in FIELDS if getattr(one.facts, name) != getattr(before, name)
            }
        before = one.facts
    return {name for name in FIELDS if not getattr(evaluation.facts, name)} - by_hand


def _apart(found: Found, report: str, titles: set[str]) -> Found:
    """The same; a title that another evaluation has gets the report's name behind it."""
    if found.field != "title":
        return found
    title = str(found.value)
    if title_key(title) in titles:
        title = f"{title} ({report})"
    titles.add(title_key(title))
    return replace(found, value=title)


def _document(project: Project, version: StoredVersion) -> tuple[Document, str]:
    """The report as its file has it, else as its passages do, and what to say of that."""
    path = project.folder / version.path
    note = ""
    if not is_table(path):
        try:
            data = path.read_bytes()
            if hashlib.sha256(data).hexdigest() == version.sha256:
                return replace(read_document(path), name=version.name), ""
            note = "Its file has changed since it was added: only its passages were looked through."
        except (OSError, UnreadableReportError):
            note = "Its file is not where it was: only its passages were looked through."
    with project.store.reading() as connection:
        passages = current_passages(connection, version.report_id)
    return Document(
        name=version.name,
        blocks=tuple(_blocks(passages)),
        language=version.language,
        title=version.title,
        pages=version.pages,
    ), note


def _blocks(passages: Iterable[Passage]) -> Iterable[Block]:
    """The passages, with each heading before what stands under it."""
    under: tuple[str, ...] = ()
    for one in passages:
        for heading in one.heading:
            if heading not in under:
                yield Block(BlockKind.HEADING, heading, one.page)
        under = one.heading
        yield Block(one.kind, one.text, one.page)
