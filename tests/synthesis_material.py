"""A ``Material`` made by hand, small and rich: for tests of tables, figures and reports.

Its register stands in ``synthesis_register.py``; the findings of those that are included are
passages of the sample reports. Some have no page, some are repeated, some were settled by an
adjudicator.
"""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from hashlib import blake2b
from pathlib import Path
from typing import Any

from tests.synthesis_register import (
    AWKWARD_TITLE,
    EVALUATIONS,
    LONG_TITLE,
    PLAN,
    RIGHT_TO_LEFT_TITLE,
    screened_as,
)
from whatworks.labels.agreement.bootstrap import Figure
from whatworks.labels.agreement.tables import Agreement, By
from whatworks.labels.codebook import Codebook, Theme, load_codebook
from whatworks.labels.decisions import Decision, Verdict
from whatworks.labels.register import Evaluation
from whatworks.labels.screening import Screening, flow
from whatworks.labels.synthesis.material import (
    PLACES,
    TARGET_GROUPS,
    CodeKey,
    Finding,
    Listed,
    Material,
    ModelUsed,
)
from whatworks.nlp.passages import Passage, passage_id

__all__ = [
    "AWKWARD_TITLE",
    "EVALUATIONS",
    "LONG_TITLE",
    "PLAN",
    "RIGHT_TO_LEFT_TITLE",
    "a_codebook",
    "a_finding",
    "a_material",
    "some_listed",
]

_GOLD = Path(__file__).parent / "samples/gold.jsonl"
_FINDINGS_OF_EACH = 4
_BOTH = ("Ana", "Björn")

TARGETS = ("women", "youth", "migrants", "informal-workers", "people-with-disabilities")
_NAMES_OF_TARGETS = {
    "women": ("Women", "Femmes", "Mujeres", "Mulheres"),
    "youth": ("Young people", "Jeunes", "Jóvenes", "Jovens"),
    "migrants": ("Migrants", "Migrants", "Migrantes", "Migrantes"),
    "informal-workers": (
        "Informal workers",
        "Travailleurs informels",
        "Trabajadores informales",
        "Trabalhadores informais",
    ),
    "people-with-disabilities": (
        "People with disabilities",
        "Personnes handicapées",
        "Personas con discapacidad",
        "Pessoas com deficiência",
    ),
}
_PLACES = {
    "cambodia": ("Cambodia", "Cambodge", "Camboya", "Camboja"),
    "west-africa": ("West Africa", "Afrique de l’Ouest", "África Occidental", "África Ocidental"),
    "peru": ("Peru", "Pérou", "Perú", "Peru"),
    "mozambique": ("Mozambique", "Mozambique", "Mozambique", "Moçambique"),
}
_LANGUAGES = ("en", "fr", "es", "pt")


def a_codebook() -> Codebook:
    """The shipped one, with target groups and places of our own."""
    shipped = load_codebook()
    themes = tuple(one for one in shipped.themes if one.group not in (TARGET_GROUPS, PLACES))
    return replace(
        shipped,
        themes=(
            *themes,
            *_group(TARGET_GROUPS, _NAMES_OF_TARGETS),
            *_group(PLACES, _PLACES),
        ),
        groups={
            **shipped.groups,
            TARGET_GROUPS: _named(("For whom", "Pour qui", "Para quién", "Para quem")),
            PLACES: _named(("Where", "Où", "Dónde", "Onde")),
        },
    )


def _group(group: str, names: dict[str, tuple[str, ...]]) -> Iterator[Theme]:
    for code, some in names.items():
        yield Theme(code, _named(some), f"The passage speaks of: {some[0]}.", group=group)


def _named(names: tuple[str, ...]) -> dict[str, str]:
    return dict(zip(_LANGUAGES, names, strict=True))


def a_finding(
    evaluation: Evaluation,
    text: str,
    labels: tuple[str, ...],
    themes: tuple[str, ...] = (),
    **more: Any,
) -> Finding:
    """Agreed by Ana and Björn, unless ``more`` says otherwise.

    Args:
        evaluation: In whose report it stands.
        text: Of the passage.
        labels: In the codebook's order, as themes.
        themes: Without target groups and places.
        more: Fields of the finding or of its passage.
    """
    of_passage = {name: more.pop(name) for name in ("order", "page", "heading") if name in more}
    report = evaluation.facts.report
    passage = Passage(
        id=passage_id(report, text, 1),
        report=report,
        language=evaluation.facts.language,
        text=text,
        end=len(text),
        **({"order": 1, "page": 1, "heading": ("Findings",)} | of_passage),
    )
    groups, places = more.get("target_groups", ()), more.get("places", ())
    codes = _keys(labels, (*themes, *groups, *places))
    by = more.pop("by", _BOTH)
    given = {
        "target_groups": (),
        "places": (),
        "how": "agreed",
        "readers": 2,
        "agreed": dict.fromkeys(codes, 2),
        "decisions": tuple(
            a_decision(passage, who, labels, (*themes, *groups, *places)) for who in by
        ),
    }
    return Finding(
        evaluation=evaluation, passage=passage, labels=labels, themes=themes, **(given | more)
    )


def a_decision(
    passage: Passage, who: str, labels: tuple[str, ...], themes: tuple[str, ...]
) -> Decision:
    """That somebody gives these codes; Chloé adjudicates."""
    digest = blake2b(f"{who} on {passage.id}".encode(), digest_size=32).hexdigest()
    return Decision(
        id=int(digest[:6], 16),
        passage_id=passage.id,
        annotator=who,
        verdict=Verdict.CORRECT,
        labels=tuple(sorted(labels)),
        themes=tuple(sorted(themes)),
        comment="",
        seconds=12.0,
        blind=False,
        adjudicates=who == "Chloé",
        undoes=None,
        codebook_version=1,
        model_version="made up 1",
        round_id=1,
        source="web",
        key=f"{who} on {passage.id}",
        made_at=f"2026-11-{int(digest[:4], 16) % 27 + 1:02}T10:00:00.000000Z",
        hash=digest,
    )


def _keys(labels: tuple[str, ...], themes: tuple[str, ...]) -> tuple[CodeKey, ...]:
    return (
        *(("finding_type", one) for one in labels),
        *(("theme", one) for one in themes),
    )


LONG_TEXT = " ".join(
    f"In district {number} the committee met every month, kept its own books and told the members "
    "what was left in the fund, which the evaluation found to be why they went on paying."
    for number in ("one", "two", "three", "four", "five")
)
RIGHT_TO_LEFT_TEXT = "أدى إشراك النقابات منذ البداية إلى قبول واسع للنظام الجديد بين العمال."


def _texts() -> dict[str, list[dict[str, Any]]]:
    """The findings of the sample reports by language."""
    found: dict[str, list[dict[str, Any]]] = {}
    for line in _GOLD.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        if row["labels"]:
            found.setdefault(row["lang"], []).append(row)
    return found


def some_findings(codebook: Codebook) -> tuple[Finding, ...]:
    """Four of each included evaluation that has a file, and a few that are out of the ordinary."""
    texts = _texts()
    read = [
        one
        for one in EVALUATIONS
        if one.report_id and screened_as(one.number).state is Screening.INCLUDED
    ]
    found: list[Finding] = []
    for evaluation in read:
        alike = [one for one in read if one.facts.language == evaluation.facts.language]
        rows = texts[evaluation.facts.language][alike.index(evaluation) :: len(alike)]
        for place, row in enumerate(rows[:_FINDINGS_OF_EACH]):
            found.append(_from_sample(codebook, evaluation, place, row, len(found)))
        found += _out_of_the_ordinary(evaluation, found[-_FINDINGS_OF_EACH])
    return tuple(found)


def _from_sample(
    codebook: Codebook, evaluation: Evaluation, place: int, row: dict[str, Any], nth: int
) -> Finding:
    labels = tuple(one for one in codebook.finding_type_ids if one in row["labels"])
    themes = tuple(one for one in codebook.theme_ids if one in row["themes"])
    if evaluation.number == 18 and place == 0:
        themes = ()
    groups = TARGETS[nth % len(TARGETS) :][: nth % 3]
    places = {"KH": ("cambodia",), "BJ": ("west-africa",), "PE": ("peru",)}.get(
        "".join(evaluation.facts.countries), ()
    )
    return a_finding(
        evaluation,
        row["text"],
        labels,
        themes,
        order=5 + 7 * place,
        page=None if evaluation.number in (7, 9) else 4 + 6 * place,
        heading=tuple(row["heading"]),
        target_groups=groups,
        places=places,
        **_read_as(nth, _keys(labels, (*themes, *groups, *places))),
    )


def _read_as(nth: int, codes: tuple[CodeKey, ...]) -> dict[str, Any]:
    """By how many it was read, and how they agreed."""
    match nth % 6:
        case 2:  # two did not agree on the last code
            return {
                "how": "adjudicated",
                "by": ("Chloé",),
                "agreed": dict.fromkeys(codes, 2) | {codes[-1]: 1},
            }
        case 4:  # neither gave the first one
            return {
                "how": "adjudicated",
                "by": ("Chloé",),
                "agreed": dict.fromkeys(codes, 1) | {codes[0]: 0},
            }
        case 5:
            agreed = dict.fromkeys(codes, 1)
            return {"how": "adjudicated", "by": ("Chloé",), "readers": 1, "agreed": agreed}
        case _:
            return {}


def _out_of_the_ordinary(evaluation: Evaluation, first: Finding) -> Iterator[Finding]:
    text, labels, themes = f"{first.passage.text} Indeed.", first.labels, first.themes
    again = {"order": 90, "page": 40, "repeats": first.passage.id}
    match evaluation.number:
        case 1 | 12:
            yield a_finding(evaluation, text, labels, themes, **again)
        case 2:
            yield a_finding(evaluation, text, ("lesson", "good_practice"), themes, **again)
        case 6:
            theme = ("social-dialogue",)
            yield a_finding(evaluation, RIGHT_TO_LEFT_TEXT, ("success_factor",), theme, order=91)
        case 17:
            theme = ("participatory-approach",)
            yield a_finding(evaluation, LONG_TEXT, ("good_practice",), theme, order=92, page=41)


def some_listed(findings: tuple[Finding, ...]) -> tuple[Listed, ...]:
    """All evaluations; of the passages of those that have a file a third is confirmed."""
    own = Counter(one.evaluation.number for one in findings)
    return tuple(
        Listed(
            evaluation=one,
            screened=screened_as(one.number),
            passages=120 + one.number if one.report_id else 0,
            confirmed=36 + own[one.number] if one.report_id else 0,
            quality=_quality(one.number),
        )
        for one in EVALUATIONS
    )


def _quality(number: int) -> dict[str, str]:
    if number % 4 == 3:
        return {}
    answers = ("yes", "partly", "no", "yes/no")
    return {
        item: answers[(number * place) % 4] if number % 3 == 0 else "yes"
        for place, item in enumerate(PLAN.checklist)
    }


def a_material(**changes: Any) -> Material:
    """The material, with these fields instead; ``flow`` follows from ``listed``."""
    codebook = changes.get("codebook") or a_codebook()
    findings = changes.get("findings", some_findings(codebook))
    listed = changes.get("listed", some_listed(findings))
    given: dict[str, Any] = {
        "project": "Social protection 2012 to 2018",
        "codebook": codebook,
        "codebook_version": 2,
        "plan": PLAN,
        "is_register": True,
        "listed": listed,
        "unlisted": ("leftover.docx",),
        "flow": flow(
            PLAN,
            [one.evaluation for one in listed],
            {one.evaluation.id: one.screened for one in listed},
            is_screened=True,
        ),
        "findings": findings,
        "left_out": {"E13": 12, "E26": 3},
        "stale": 3,
        "retired": {"green-jobs": 2},
        "models": (
            ModelUsed("bundled", "fingerprint of bundled", "2026-11-02T08:00:00.000000Z", 3100),
            ModelUsed("round 2", "fingerprint of round 2", "2026-11-16T08:00:00.000000Z", 2950),
        ),
        "policy": "two-adjudicated",
        "agreement": tuple(
            Agreement(
                By.FINDING_TYPE, code, 120, 240, 2, Figure(90.0), Figure(0.7), Figure(0.61 + n / 10)
            )
            for n, code in enumerate(codebook.finding_type_ids)
        ),
        "decisions": 1_274,
        "head": "5f" * 32,
        "as_of": "2026-11-28T16:20:00.000000Z",
    }
    return Material(**(given | changes))
