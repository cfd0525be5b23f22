"""Drafts of decisions, put into the one form in which they are compared, hashed and stored."""

import dataclasses
import math
import unicodedata

from ..nlp.errors import WhatworksError
from .codebook import Codebook, unknown
from .decisions import Answer, DecisionDraft, Verdict, verdict_for

MAX_COMMENT = 20_000
"""Characters."""
MAX_NAME = 200
MILLISECONDS = 3
"""Decimals of seconds that are kept: so that both engines give back the same number."""


def clean_name(name: str, what: str = "annotator") -> str:
    """A name as it is stored: composed letters, single spaces.

    Raises:
        WhatworksError: it is empty, too long, or holds what no database or screen takes.
    """
    # Composing takes the longer the more there is, and no letter is made of more than four signs.
    clean = unicodedata.normalize("NFC", " ".join(name.split())[: 4 * MAX_NAME + 4])
    if not clean:
        raise WhatworksError(f"A decision names no {what}. Give the {what} a name.")
    if len(clean) > MAX_NAME:
        raise WhatworksError(
            f"The {what} '{clean[:40]}…' has {len(name):,} characters. Give at most {MAX_NAME}."
        )
    if any(unicodedata.category(sign) in ("Cc", "Cs") for sign in clean):
        raise WhatworksError(
            f"The {what} {clean!a} holds a control character. Type the name again."
        )
    return clean


def clean_comment(comment: str) -> str:
    """A comment as it is stored: composed letters, no signs that a database refuses.

    Raises:
        WhatworksError: it is too long.
    """
    # Pasted text may hold what PostgreSQL refuses (NUL) or UTF-8 cannot write (lone surrogates).
    text = comment.replace("\0", "").encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    clean = unicodedata.normalize("NFC", text.replace("\r\n", "\n")).strip()
    if len(clean) > MAX_COMMENT:
        raise WhatworksError(
            f"The comment has {len(clean):,} characters. Give at most {MAX_COMMENT:,}."
        )
    return clean


def clean_draft(draft: DecisionDraft) -> DecisionDraft:
    """The draft with sorted codes, composed letters and whole milliseconds.

    Raises:
        WhatworksError: something in it can never be right, whatever the project holds.
    """
    answer = Answer.of(map(_code, draft.labels), map(_code, draft.themes))
    clean = dataclasses.replace(
        draft,
        annotator=clean_name(draft.annotator),
        verdict=Verdict(draft.verdict),
        labels=answer.labels,
        themes=answer.themes,
        comment=clean_comment(draft.comment),
        seconds=_seconds(draft.seconds),
        source=clean_name(draft.source, "source"),
        key=clean_name(draft.key, "key"),
    )
    if clean.verdict in (Verdict.UNSURE, Verdict.UNDO):
        if clean.labels or clean.themes:
            raise WhatworksError(
                f"A decision '{clean.verdict}' carries no labels and no themes. Leave them out, or "
                "decide."
            )
        if clean.adjudicates:
            raise WhatworksError(
                f"An adjudication settles the passage; it cannot be '{clean.verdict}'. Give its "
                "labels, or leave the adjudication out."
            )
    elif clean.themes and not clean.labels:
        raise WhatworksError(
            f"The theme '{clean.themes[0]}' was given without a finding type. Give a finding type, "
            "or no theme."
        )
    return clean


def check_codes(draft: DecisionDraft, codebook: Codebook) -> None:
    """Raises WhatworksError where a code is unknown or retired; it names the nearest."""
    where = f"Passage {draft.passage_id}:"
    for what, given, used, retired in (
        ("finding type", draft.labels, codebook.finding_type_ids, codebook.retired_finding_types),
        ("theme", draft.themes, codebook.theme_ids, codebook.retired_themes),
    ):
        for code in given:
            if code in used:
                continue
            if any(code == one.id for one in retired):
                raise WhatworksError(
                    f"{where} the {what} '{code}' is retired: it can no longer be given. Choose "
                    "another; `whatworks codebook show` lists them."
                )
            raise WhatworksError(f"{where} {unknown(what, code, used)}")


def check_verdict(draft: DecisionDraft, suggested: Answer | None) -> None:
    """Raises WhatworksError where the verdict is not what the answer does with the suggestion."""
    if draft.verdict in (Verdict.UNSURE, Verdict.UNDO):
        return
    fitting = verdict_for(draft.labels, draft.themes, suggested)
    if draft.verdict is fitting:
        return
    was = "nothing was suggested"
    if suggested is not None:
        codes = ", ".join((*suggested.labels, *suggested.themes)) or "no finding"
        was = f"suggested was: {codes}"
    given = ", ".join((*draft.labels, *draft.themes)) or "no finding"
    raise WhatworksError(
        f"Passage {draft.passage_id}: the verdict '{draft.verdict}' does not fit the answer "
        f"({given}; {was}). It is '{fitting}'."
    )


def _code(code: str) -> str:
    return unicodedata.normalize("NFC", code.strip()[: 4 * MAX_NAME])


def _seconds(seconds: float | None) -> float | None:
    if seconds is None:
        return None
    if not math.isfinite(seconds) or seconds < 0:
        raise WhatworksError(
            f"A decision took {seconds} seconds. Give a number from 0 on, or leave it out."
        )
    # Adding 0.0 takes the sign from -0.0, which SQLite does not keep.
    return round(float(seconds), MILLISECONDS) + 0.0
