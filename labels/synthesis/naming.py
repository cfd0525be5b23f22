"""What the values of a synthesis are called in a language."""

from ...nlp.passages import Passage
from ..screening import Screening
from ..texts import Texts, mark
from .estimates import Estimates
from .material import Material
from .tables import NONE

KINDS = {
    "region": mark("Region"),
    "country": mark("Country"),
    "type": mark("Type of evaluation"),
    "timing": mark("Timing"),
    "nature": mark("Nature"),
    "year": mark("Year"),
    "funding": mark("Funding source"),
    "language": mark("Language"),
    "target_group": mark("Target group"),
    "place": mark("Place"),
}
"""Each of ``tables.ATTRIBUTES`` by its name."""
STATES = {
    Screening.INCLUDED: mark("Included"),
    Screening.EXCLUDED: mark("Excluded"),
    Screening.POSSIBLE: mark("Put off as possible"),
    Screening.CONFLICT: mark("Screeners disagree"),
    Screening.OPEN: mark("Not screened to the end"),
    Screening.SUPERSEDED: mark("Another evaluation of the same project is used"),
}
"""Where an evaluation stands."""
_WORDS = {
    "independent": mark("independent"),
    "internal": mark("internal"),
    "joint": mark("joint"),
    "high-level": mark("high-level"),
    "mid-term": mark("mid-term"),
    "final": mark("final"),
    "ex-post": mark("ex-post"),
}


def value_name(material: Material, attribute: str, value: str, texts: Texts) -> str:
    """What a value of an attribute is called; what the office wrote stays as it is."""
    if value == NONE:
        return texts("not stated")
    if attribute in ("type", "timing"):
        return texts(_WORDS.get(value, value))
    if attribute in ("target_group", "place"):
        return material.codebook.theme(value).name(texts.language)
    if attribute in ("country", "language"):
        from babel import Locale

        known = Locale(texts.language)
        names = known.territories if attribute == "country" else known.languages
        return str(names.get(value, value))
    return value


def theme_name(material: Material, theme: str, texts: Texts) -> str:
    """What a theme is called."""
    if theme == NONE:
        return texts("no theme")
    return material.codebook.theme(theme).name(texts.language)


def group_name(material: Material, group: str, texts: Texts) -> str:
    """What a group of themes is called."""
    names = material.codebook.groups.get(group, {})
    return names.get(texts.language, names.get("en", group))


def place_of(passage: Passage, texts: Texts) -> str:
    """Where a passage stands: 'p. 34', or 'passage 7' in a report without pages."""
    if passage.page is None:
        return texts("passage %(number)s", number=passage.order)
    return texts("p. %(page)s", page=passage.page)


def basis(material: Material, texts: Texts) -> str:
    """What stands beside each table: '412 of 3,106 passages confirmed'."""
    return texts(
        "%(confirmed)s of %(passages)s passages confirmed",
        confirmed=texts.number(material.confirmed),
        passages=texts.number(material.passages),
    )


def what_estimates_rest_on(estimates: Estimates, texts: Texts) -> tuple[str, str]:
    """Two paragraphs: of what they speak, and by whose word."""
    of_what = texts(
        "They speak of %(population)s passages, of which %(audited)s were drawn at random "
        "and read by people; of %(not_covered)s passages they say nothing.",
        population=texts.number(estimates.population),
        audited=texts.number(estimates.audited),
        not_covered=texts.number(estimates.not_covered),
    )
    sure = texts(
        "The intervals are to hold the true share %(level)s of the time.",
        level=texts.percent(estimates.level),
    )
    least = texts("No estimate is below what people confirmed.")
    if estimates.model:
        by = texts(
            "They rest on what the model “%(model)s” suggests, which learned nothing from this "
            "project, as far as the sample shows it to be right (prediction-powered inference, "
            "Angelopoulos et al. 2023).",
            model=estimates.model,
        )
    else:
        by = texts(
            "They rest on the sample alone: no model that learned nothing from this project "
            "suggested for these passages."
        )
    return of_what, f"{sure} {by} {least}"
