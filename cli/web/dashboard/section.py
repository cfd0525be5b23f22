"""A section of the dashboard, and what it is made from."""

from dataclasses import dataclass

from ....labels.accounts import Role
from ....labels.codebook import Code, Codebook
from ....labels.store.dashboard import Snapshot
from ....labels.store.worklists import Standing
from ....labels.texts import Texts
from ..context import Person
from ..marks import Chart
from ..tables import Table

LEVEL = "95%"
"""Of intervals, as it is read."""


@dataclass(frozen=True, slots=True)
class Section:
    """Figures about one thing: sentences, drawings, and the same as a table."""

    name: str
    title: str
    words: tuple[str, ...]
    """The figures that matter most, in sentences."""
    table: Table
    charts: tuple[Chart, ...] = ()
    note: str = ""
    """What has to be known to read it rightly."""


@dataclass(frozen=True, slots=True)
class Tile:
    """A figure to be seen at a glance."""

    value: str
    words: str
    address: str = ""
    """Where it leads."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What a section is made from, and for whom."""

    snapshot: Snapshot
    person: Person
    texts: Texts
    standing: Standing

    @property
    def sees_all(self) -> bool:
        """Whether the figures of others are for these eyes."""
        return self.person.role is Role.OWNER

    @property
    def me(self) -> int:
        """The id of this person as an annotator; -1 for one who is none yet."""
        return self.standing.annotator_id or -1

    @property
    def codebook(self) -> Codebook:
        """The newest."""
        return self.standing.codebook.codebook

    def name_of(self, code: Code) -> str:
        """The code's name in the language of the page."""
        return code.name(self.texts.language)


def number(count: int) -> str:
    """A count as it is read."""
    return f"{count:,}"


def percent(share: float | None) -> str:
    """A share as it is read."""
    return "–" if share is None else f"{100 * share:.0f}%"
