"""What the database says, beside what the screen shows."""

from contextlib import ExitStack
from pathlib import Path

from whatworks.labels.decisions import Decision, State
from whatworks.labels.project import open_project
from whatworks.labels.store.codebooks import current_codebook
from whatworks.labels.store.log import decisions_on
from whatworks.labels.store.passages import current_passages
from whatworks.labels.store.resolutions import passage_states
from whatworks.labels.store.suggestions import StoredSuggestion, latest_suggestions
from whatworks.nlp.passages import Passage


class Work:
    """A project, open beside its server."""

    def __init__(self, folder: Path) -> None:
        self._closing = ExitStack()
        project = self._closing.enter_context(open_project(folder))
        self.store = project.store
        with self.store.reading() as connection:
            self.passages: list[Passage] = current_passages(connection)

    def __enter__(self) -> "Work":
        return self

    def __exit__(self, *_: object) -> None:
        self._closing.close()

    def said(self, passage: str = "") -> list[Decision]:
        """What was decided on a passage, or on any, in the order in which it was."""
        ids = [passage] if passage else [one.id for one in self.passages]
        with self.store.reading() as connection:
            found = decisions_on(connection, ids)
        everything = [one for decisions in found.values() for one in decisions]
        return sorted(everything, key=lambda one: one.id)

    def state(self, passage: str) -> State:
        """Where it stands."""
        with self.store.reading() as connection:
            return passage_states(connection, [passage])[passage]

    def count(self, state: State) -> int:
        """How many passages stand so."""
        with self.store.reading() as connection:
            found = passage_states(connection, [one.id for one in self.passages])
        return sum(one is state for one in found.values())

    def suggestion(self, passage: str) -> StoredSuggestion:
        """What the model says of it."""
        with self.store.reading() as connection:
            return latest_suggestions(connection, [passage])[passage]

    def suggested(self, *labels: str) -> list[Passage]:
        """The passages for which just these finding types are suggested, in reading order."""
        with self.store.reading() as connection:
            found = latest_suggestions(connection, [one.id for one in self.passages])
        return [one for one in self.passages if found[one.id].labels == labels]

    @property
    def codebook(self) -> int:
        """The number of the version that holds."""
        with self.store.reading() as connection:
            return current_codebook(connection).number
