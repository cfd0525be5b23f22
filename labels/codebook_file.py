"""Codebook files: YAML in; a codebook, or all that is wrong with the file, out."""

import functools
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

from ..nlp.errors import WhatworksError
from .codebook import DEFAULT_CODEBOOK, Codebook, FindingType, unknown
from .codebook_reader import FILE_KEYS, CodebookReader
from .codebook_yaml import Problem, Problems, compose

_TEMPLATE = "template"


@dataclass(frozen=True, slots=True)
class CodebookFile:
    """What a codebook file holds, as far as it can be read."""

    codebook: Codebook | None
    """None where it is no codebook at all; not to be used while there are problems."""
    problems: tuple[Problem, ...]
    """In the order of the file."""


def shipped_names() -> list[str]:
    """The names of the codebooks that come with whatworks, without the template."""
    folder = resources.files(__package__) / "codebooks"
    names = (path.name.removesuffix(".yaml") for path in folder.iterdir())
    return sorted(name for name in names if name != _TEMPLATE)


def template_source() -> str:
    """A codebook file in which every key is explained."""
    return _shipped_source(_TEMPLATE)


def codebook_source(name: str | Path) -> str:
    """The text of a shipped codebook, or of a file.

    Raises:
        WhatworksError: there is none of that name, or the file cannot be read.
    """
    if str(name) in shipped_names():
        return _shipped_source(str(name))
    path = Path(name)
    if not path.suffix:
        raise WhatworksError(
            unknown("codebook", str(name), shipped_names())
            + f" Give one of {', '.join(shipped_names())}, or a YAML file."
        )
    try:
        return path.read_text("utf-8-sig")
    except FileNotFoundError:
        raise WhatworksError(
            f"{path}: there is no such codebook file. Check the name. A project's own is shown by "
            f"whatworks codebook show; with whatworks come {', '.join(shipped_names())}."
        ) from None
    except UnicodeDecodeError:
        raise WhatworksError(f"{path}: the codebook is not in UTF-8. Save it as UTF-8.") from None
    except OSError as error:
        raise WhatworksError(
            f"{path}: the codebook cannot be read: {error.strerror or error}."
        ) from error


def read_codebook(source: str, name: str) -> Codebook:
    """The codebook in the text of a file; messages call it by the name.

    Raises:
        WhatworksError: something is wrong; every problem has a line of its own.
    """
    found = examine(source, name)
    if found.problems or found.codebook is None:
        raise WhatworksError(told(found.problems))
    return found.codebook


def told(problems: tuple[Problem, ...]) -> str:
    """All problems of a file: on one line where it is one, else one a line below the name."""
    file = problems[0].file
    if len(problems) == 1:
        return f"{file}, {problems[0]}"
    return "\n  ".join([f"{file}: {len(problems)} problems.", *map(str, problems)])


def examine(source: str, name: str) -> CodebookFile:
    """What the text of a codebook file holds, and everything that is wrong with it."""
    problems = Problems(name)
    top = compose(source, FILE_KEYS, "codebook", problems)
    if top is None:
        return CodebookFile(None, problems.sorted())
    return CodebookFile(
        CodebookReader(top, problems).codebook(Path(name).stem, default_finding_types),
        problems.sorted(),
    )


@functools.cache
def default_finding_types() -> tuple[FindingType, ...]:
    """The four that a codebook has which lists none."""
    return read_codebook(_shipped_source(DEFAULT_CODEBOOK), DEFAULT_CODEBOOK).finding_types


def _shipped_source(name: str) -> str:
    return (resources.files(__package__) / "codebooks" / f"{name}.yaml").read_text("utf-8")
