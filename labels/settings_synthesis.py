"""The section ``[synthesis]`` of ``whatworks.toml``: what an office says of its report."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..nlp.errors import WhatworksError
from .codebook import unknown
from .texts import NAMES

KEYS = ("title", "office", "authors", "language", "template")
TEXT = """\
[synthesis]
# What whatworks synthesize writes on the report; "" leaves it out, or takes what whatworks gives.
title = ""
office = ""
authors = []
# Of the report and its figures: "en", "fr", "es" or "pt".
language = "en"
# A Word document (.docx) of your office, seen from here, whose styles, head and foot are taken.
template = ""
"""


@dataclass(frozen=True, slots=True)
class SynthesisPlan:
    """What the settings say of the report of a synthesis."""

    title: str = ""
    office: str = ""
    authors: tuple[str, ...] = ()
    language: str = "en"
    template: str = ""
    """A file, seen from the project's folder."""


def synthesis_plan(section: Mapping[str, Any], path: Path) -> SynthesisPlan:
    """What the section says; what is left out has its default.

    Raises:
        WhatworksError: a value is wrong; it is named.
    """
    said = {key: _text(section, key, path) for key in KEYS if key != "authors"}
    authors = section.get("authors", [])
    if not isinstance(authors, list) or not all(
        isinstance(one, str) and one.strip() for one in authors
    ):
        raise WhatworksError(
            f"{path}: 'authors' is a list of names, such as authors = [\"Ana Silva\"]."
        )
    try:
        language = report_language(said.pop("language") or "en")
    except WhatworksError as error:
        raise WhatworksError(f"{path}: {error}") from error
    return SynthesisPlan(
        authors=tuple(" ".join(one.split()) for one in authors), language=language, **said
    )


def report_language(given: str) -> str:
    """The code of a language that reports are written in.

    Raises:
        WhatworksError: there is none of that code.
    """
    code = given.strip().lower()
    if code not in NAMES:
        raise WhatworksError(
            f"{unknown('language', given, NAMES)} Reports are written in {', '.join(NAMES)}."
        )
    return code


def _text(section: Mapping[str, Any], key: str, path: Path) -> str:
    value = section.get(key, "")
    if not isinstance(value, str):
        raise WhatworksError(f"{path}: '{key}' is a text. Put it in quotes: {key} = \"{value}\"")
    return " ".join(value.split())
