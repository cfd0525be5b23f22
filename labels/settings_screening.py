"""The section ``[screening]`` of ``whatworks.toml``."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ..nlp.errors import WhatworksError
from .codebook import unknown
from .screening import PREFER, VERDICTS, Criterion, ScreeningPlan

KEYS = ("screeners", "prefer", "checklist", *VERDICTS)
TEXT = """\
[screening]
# How many people screen each evaluation of the register: 1 or 2. Where two do not say the same,
# somebody settles it.
screeners = 1
# Of several included evaluations of one project: "final" uses the last in its life, "all" each.
prefer = "final"
# What the quality of a report is appraised by.
checklist = ["Comprehensive", "Complete", "Evidence-based", "Relevant"]

# Why an evaluation is taken in, left out, or put off. Before the = stands a short name, which
# holds for good; the text may be reworded. Take the # away and write your own:
# [screening.include]
# social-protection = "The project works on social protection"
# [screening.exclude]
# outside-scope = "The project does not work on social protection"
# no-findings = "The report has no findings of its own"
# [screening.possible]
# one-component = "Social protection is one component among others"
"""


def screening_plan(section: Mapping[str, Any], path: Path) -> ScreeningPlan:
    """What the section says; what is left out has its default.

    Raises:
        WhatworksError: a value is wrong; it is named.
    """
    default = ScreeningPlan()
    screeners = section.get("screeners", default.screeners)
    if type(screeners) is not int or screeners not in (1, 2):
        raise WhatworksError(f"{path}: 'screeners' is 1 or 2, without quotes: screeners = 2")
    prefer = section.get("prefer", default.prefer)
    if prefer not in PREFER:
        raise WhatworksError(
            f"{path}: {unknown('value of prefer', str(prefer), PREFER)} It is "
            f"{' or '.join(map(repr, PREFER))}, in quotes."
        )
    return ScreeningPlan(
        screeners=screeners,
        criteria=_criteria(section, path),
        checklist=_checklist(section.get("checklist", list(default.checklist)), path),
        prefer=prefer,
    )


def _criteria(section: Mapping[str, Any], path: Path) -> tuple[Criterion, ...]:
    found: dict[str, Criterion] = {}
    for verdict in VERDICTS:
        given = section.get(verdict, {})
        if not isinstance(given, dict) or not all(
            isinstance(text, str) and text.strip() and id_.strip() for id_, text in given.items()
        ):
            raise WhatworksError(
                f"{path}: '{verdict}' is a section of its own. Write a line [screening.{verdict}] "
                'and below it one line for each reason: short-name = "The reason in words"'
            )
        for id_, text in given.items():
            name = id_.strip()
            if name in found:
                raise WhatworksError(
                    f"{path}: the reason '{name}' stands there twice, below "
                    f"[screening.{found[name].verdict}] and [screening.{verdict}]. Give each a "
                    "name of its own."
                )
            found[name] = Criterion(name, " ".join(text.split()), verdict)
    return tuple(found.values())


def _checklist(given: Any, path: Path) -> tuple[str, ...]:
    if not isinstance(given, list) or not all(
        isinstance(item, str) and item.strip() for item in given
    ):
        raise WhatworksError(
            f"{path}: 'checklist' is a list of texts, such as checklist = [\"Complete\"]."
        )
    return tuple(dict.fromkeys(" ".join(item.split()) for item in given))
