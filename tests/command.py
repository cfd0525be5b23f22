"""How a command ended, and small reports to run it on."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

PROSE = (
    "The project trained forty district officers in the first year, and most of them stayed.",
    "Funds for the second phase came nine months late because the agreement was not signed.",
    "A key lesson is that maintenance holds when the money for it is set aside beforehand.",
)


@dataclass(frozen=True)
class Ran:
    """How a command ended and what it said."""

    code: int
    out: str
    err: str

    @property
    def said(self) -> str:
        """Both streams, white space normalised: messages are wrapped to the terminal."""
        return " ".join(f"{self.out} {self.err}".split())


Run = Callable[..., Ran]


def text_report(path: Path, *paragraphs: str) -> Path:
    """A text file of these paragraphs, or of the three above."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n\n".join(paragraphs or PROSE), "utf-8")
    return path
