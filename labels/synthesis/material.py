"""What a synthesis is made of: the register, how it was screened, and what people confirmed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from ...nlp.passages import Passage, PassageId
from ..agreement.tables import Agreement
from ..codebook import Codebook
from ..decisions import Decision
from ..register import Evaluation, source_mark
from ..screening import Flow, Screened, Screening, ScreeningPlan

TARGET_GROUPS = "target-groups"
"""Id of the codebook's group whose themes say for whom something works."""
PLACES = "places"
"""Id of the codebook's group whose themes are countries and regions that a passage speaks of."""

CodeKey = tuple[str, str]
"""('finding_type' or 'theme', its id): a theme may bear the id of a finding type."""


@dataclass(frozen=True, slots=True)
class Listed:
    """An evaluation of the register, and how far it was read."""

    evaluation: Evaluation
    screened: Screened
    passages: int = 0
    """Of the newest version of its report; 0 where its file is not there."""
    confirmed: int = 0
    """Those of them that are confirmed, findings or not."""
    quality: Mapping[str, str] = field(default_factory=dict)
    """Item of the checklist to 'yes', 'partly' or 'no'; where appraisers differ, 'yes/no'."""

    @property
    def mark(self) -> str:
        """'E12'."""
        return self.evaluation.mark

    @property
    def is_included(self) -> bool:
        """Whether its passages are counted."""
        return self.screened.state is Screening.INCLUDED


@dataclass(frozen=True, slots=True)
class Finding:
    """A confirmed passage with at least one finding type, of an included evaluation."""

    evaluation: Evaluation
    passage: Passage
    labels: tuple[str, ...]
    """Finding types in use, in the codebook's order."""
    themes: tuple[str, ...]
    """Themes in use without target groups and places, in the codebook's order."""
    target_groups: tuple[str, ...]
    """Themes of the group ``TARGET_GROUPS``."""
    places: tuple[str, ...]
    """Themes of the group ``PLACES``."""
    how: str
    """'agreed' or 'adjudicated'."""
    decisions: tuple[Decision, ...]
    """Those that gave this answer."""
    readers: int
    """How many people gave an independent answer that counts now."""
    agreed: Mapping[CodeKey, int]
    """Each code of this finding to how many of these readers gave it."""
    repeats: PassageId | None = None
    """The finding of the same report that it repeats: such a one is counted once, there."""

    @property
    def source(self) -> str:
        """'E12, p. 34'; without a page, 'E12, passage 7'."""
        return source_mark(self.evaluation.mark, self.passage)


@dataclass(frozen=True, slots=True)
class ModelUsed:
    """A model that was at work in the project."""

    name: str
    fingerprint: str
    created_at: str
    suggestions: int
    """How many passages it suggested for."""


@dataclass(frozen=True)
class Material:
    """All that a synthesis is made of."""

    project: str
    """Its name."""
    codebook: Codebook
    codebook_version: int
    """The project's own count."""
    plan: ScreeningPlan
    is_register: bool
    """False where nobody listed anything: then every report is taken in, marked 'R1', 'R2', ..."""
    listed: tuple[Listed, ...]
    """By number."""
    unlisted: tuple[str, ...]
    """Names of reports of the project that no row of the register names: they are left out."""
    flow: Flow
    findings: tuple[Finding, ...]
    """By evaluation, then in reading order; repeats too."""
    left_out: Mapping[str, int]
    """Mark of an evaluation that is not included to how many of its passages are confirmed."""
    retired: Mapping[str, int]
    """Code that is no longer in use to how many stale passages people had given it."""
    models: tuple[ModelUsed, ...]
    """In the order in which they came."""
    policy: str
    """By which labels are confirmed: 'two-adjudicated'."""
    agreement: tuple[Agreement, ...]
    """By finding type, over all passages of included evaluations that two or more people decided
    independently; () where there are none."""
    decisions: int
    """How many stand in the log."""
    head: str
    """The hash of the last of them."""
    as_of: str
    """When the last thing was said that this rests on, UTC."""
    stale: int = 0
    """Passages of included evaluations that a change of the codebook has made stale: they are not
    counted before somebody reads them again."""

    @cached_property
    def counted(self) -> tuple[Finding, ...]:
        """The findings that count: without those that repeat another of their report."""
        return tuple(one for one in self.findings if one.repeats is None)

    @cached_property
    def included(self) -> tuple[Listed, ...]:
        """The evaluations that are taken in."""
        return tuple(one for one in self.listed if one.is_included)

    @cached_property
    def by_code(self) -> Mapping[CodeKey, tuple[Finding, ...]]:
        """Each code to the findings that have it, in order; ('theme', '') to those of no theme."""
        found: dict[CodeKey, list[Finding]] = {}
        for one in self.findings:
            themes = (*(one.themes or ("",)), *one.target_groups, *one.places)
            for label in one.labels:
                found.setdefault(("finding_type", label), []).append(one)
            for theme in themes:
                found.setdefault(("theme", theme), []).append(one)
        return {code: tuple(some) for code, some in found.items()}

    @cached_property
    def themes(self) -> tuple[str, ...]:
        """Themes in use but target groups and places, in the codebook's order."""
        apart = (TARGET_GROUPS, PLACES)
        return tuple(one.id for one in self.codebook.themes if one.group not in apart)

    @property
    def confirmed(self) -> int:
        """Passages of included evaluations that are confirmed, findings or not."""
        return sum(one.confirmed for one in self.included)

    @property
    def passages(self) -> int:
        """All passages of included evaluations."""
        return sum(one.passages for one in self.included)
