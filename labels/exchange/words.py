"""The sentences and words that all result files share."""

from datetime import datetime

from ..codebook import Codebook
from ..suggestions import RunInfo

MARK = "Suggestions by a model: no one has confirmed them yet"
LANGUAGES = {"en": "English", "fr": "French", "es": "Spanish", "pt": "Portuguese"}

_SCALE = (
    (0.9, "very likely"),
    (0.7, "likely"),
    (0.5, "more likely than not"),
    (0.3, "possible"),
    (0.1, "unlikely"),
)


def in_words(probability: float) -> str:
    """A probability as an evaluator would say it, in step with ``percent``.

    >>> in_words(0.93), in_words(0.5), in_words(0.02)
    ('very likely', 'more likely than not', 'very unlikely')
    """
    rounded = round(probability, 2)
    return next((words for least, words in _SCALE if rounded >= least), "very unlikely")


def percent(probability: float) -> str:
    """A probability as a whole per cent, never rounded up to certainty.

    >>> percent(0.834), percent(0.998), percent(0.002)
    ('83%', '99%', '<1%')
    """
    if 0 < probability < 0.01:
        return "<1%"
    return f"{min(round(100 * probability), 99 if probability < 1 else 100)}%"


def percent_down(share: float | None) -> str:
    """A share that is promised: never rounded up; '–' where there is none.

    >>> percent_down(0.949), percent_down(0.95), percent_down(None)
    ('94%', '95%', '–')
    """
    return "–" if share is None else f"{int(100 * share + 1e-9)}%"


def language_name(code: str) -> str:
    """The English name of a language; 'unknown' for 'und', the code for any other."""
    return "unknown" if code == "und" else LANGUAGES.get(code, code)


def date_in_words(created: str) -> str:
    """An ISO 8601 time as '23 November 2026, 12:31 UTC'; as given where it is none."""
    try:
        moment = datetime.fromisoformat(created)
    except ValueError:
        return created
    months = "January February March April May June July August September October November December"
    month = months.split()[moment.month - 1]
    return f"{moment.day} {month} {moment.year}, {moment:%H:%M} UTC"


def about_rows(info: RunInfo, codebook: Codebook) -> list[tuple[str, str]]:
    """What a reader must know about a result file, as name and value."""
    thresholds = ", ".join(
        f"{code.name()} {info.thresholds[code.id]:.0%}"
        for code in codebook.finding_types
        if code.id in info.thresholds
    )
    by_words = []
    if any(theme.words for theme in codebook.themes):
        text = (
            "Themes, such as target groups and places, that the passage names by a word that the "
            "codebook lists for them. No model looked at these."
        )
        by_words = [("Themes by words", text)]
    return [
        ("What this is", f"{MARK}. A person decides; count and quote only what was confirmed."),
        ("Model", info.model),
        ("Codebook", info.codebook),
        ("Thresholds", thresholds or "none given"),
        ("Created", date_in_words(info.created)),
        ("Made with", f"whatworks {info.version}"),
        ("Labels", "Finding types whose probability reaches the threshold, strongest first."),
        *((code.name(), code.definition) for code in codebook.finding_types),
        (
            "Probabilities",
            "How likely the model holds the finding type to be, from 0% to 100%. Calibrated: of "
            "passages given 80%, about eight in ten should be confirmed.",
        ),
        (
            "Theme 1 to 3",
            "The likeliest themes should the passage be a finding, strongest first, each with "
            "its own probability; given for every passage, also where no label is.",
        ),
        *by_words,
        ("Page", "As a PDF viewer counts, from 1. Empty where a format has no pages."),
        ("Passage id", "Stays the same when the report is read again."),
        ("Status", "Always 'suggested, not confirmed'."),
        (
            "Long texts",
            "A cell holds 32,767 characters; a longer text ends in […]. JSONL has it whole.",
        ),
    ]
