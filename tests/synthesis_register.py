"""A register made by hand: twenty-eight evaluations in every state of screening.

Some have no file; of some little is known; titles are very long, from right to left, or full of
signs that break formats.
"""

from typing import Any

from whatworks.labels.register import Evaluation, Facts
from whatworks.labels.screening import Criterion, Screened, Screening, ScreeningPlan

CRITERIA = (
    Criterion("social-protection", "Social protection is what it is about", "include"),
    Criterion("final-report", "Evaluated at the end, or later", "include"),
    Criterion("off-topic", "Not about social protection", "exclude"),
    Criterion("too-old", "From before 2012", "exclude"),
    Criterion("partly", "Social protection is one of several subjects", "possible"),
)
PLAN = ScreeningPlan(screeners=2, criteria=CRITERIA)

LONG_TITLE = "Independent final evaluation of the " + " and the ".join(
    f"programme for social protection floors, phase {phase}, in rural municipalities"
    for phase in ("one", "two", "three", "four", "five", "six")
)
RIGHT_TO_LEFT_TITLE = "التقييم النهائي المستقل لمشروع توسيع نطاق الحماية الاجتماعية للعمال"
AWKWARD_TITLE = 'R&D in <pilot> offices: "what works?" =1+1; l’évaluation à mi-parcours\t(v2)'

_INDEPENDENT, _INTERNAL, _JOINT, _HIGH = "independent", "internal", "joint", "high-level"
_AFRICA, _AMERICAS, _ASIA, _ARAB, _EUROPE = (
    "Africa",
    "Americas",
    "Asia and the Pacific",
    "Arab States",
    "Europe and Central Asia",
)
_CASH, _HEALTH, _PENSIONS, _WORK = "Cash transfers", "Health", "Pensions", "Decent work"
# Number, title, type, timing, nature, regions, countries, coverage, funding, year, language.
_ROWS: tuple[tuple[Any, ...], ...] = (
    (1, "Health insurance for garment workers", _INDEPENDENT, "final", "project", (_ASIA,),
     ("KH",), (_HEALTH,), ("Sweden",), 2016, "en"),
    (2, "Cantines scolaires du nord", _INDEPENDENT, "final", "project", (_AFRICA,), ("BJ",),
     (_CASH,), ("France", "European Union"), 2017, "fr"),
    (3, "Inspección del trabajo", _INTERNAL, "mid-term", "project", (_AMERICAS,), ("PE",),
     (_WORK,), ("Spain",), 2015, "es"),
    (4, "Proteção social nas ilhas", _JOINT, "final", "country programme", (_AFRICA,), ("ST",),
     (_CASH, _PENSIONS), ("Portugal",), 2018, "pt"),
    (5, LONG_TITLE, _INDEPENDENT, "final", "project", (_ASIA, _AFRICA), ("ID", "MZ", "ZM"),
     (_CASH, _HEALTH, _PENSIONS), ("Irish Aid", "European Union", "Sweden"), 2018, "en"),
    (6, RIGHT_TO_LEFT_TITLE, _INDEPENDENT, "final", "project", (_ARAB,), ("JO", "LB"),
     (_PENSIONS,), ("Norway",), 2017, "en"),
    (7, AWKWARD_TITLE, _INTERNAL, "mid-term", "project", (_AFRICA,), ("GN",), (_WORK,), (), 2014,
     "fr"),
    (8, "Primer empleo", _INTERNAL, "final", "project", (_AMERICAS,), ("DO",), (_WORK,),
     ("Spain",), 2016, "es"),
    (9, "Açaí e trabalho decente", _JOINT, "ex-post", "project", (_AMERICAS,), ("BR",), (_WORK,),
     ("Brazil",), 2018, "pt"),
    (10, "The strategy for social protection floors", _HIGH, "", "strategy",
     (_AFRICA, _AMERICAS, _ASIA), (), (_CASH, _HEALTH, _PENSIONS), ("Regular budget",), 2017, "en"),
    (11, "Feeder roads", _INDEPENDENT, "ex-post", "project", (_AFRICA,), ("LR",), (_WORK,),
     ("Sweden",), 2013, "en"),
    (12, "Mutuelles de santé", _INDEPENDENT, "final", "project", (_AFRICA,), ("SN", "ML"),
     (_HEALTH,), ("France",), 2012, "fr"),
    (13, "Pensions for farm workers", _INTERNAL, "mid-term", "project", (_EUROPE,), ("MD",),
     (_PENSIONS,), ("European Union",), 2016, "en"),
    (14, "Pensions for farm workers: the end", _INDEPENDENT, "final", "project", (_EUROPE,),
     ("MD",), (_PENSIONS,), ("European Union",), 2018, "en"),
    (15, "Seguro de desempleo", _INDEPENDENT, "final", "project", (_AMERICAS,), ("CL", "EC"),
     (_CASH,), ("Regular budget",), 2014, "es"),
    (16, "Piso de proteção social em Moçambique", _INDEPENDENT, "mid-term", "project", (_AFRICA,),
     ("MZ",), (_CASH,), ("Irish Aid",), 2015, "pt"),
    (17, "Employment injury insurance", _JOINT, "final", "project", (_ASIA,), ("BD",), (_HEALTH,),
     ("Germany",), 2018, "en"),
    (18, "An evaluation of which little is known", "", "", "", (), (), (), (), None, "en"),
    (19, "Unemployment in the islands", _INDEPENDENT, "final", "project", (_ASIA,), ("FJ",),
     (_CASH,), ("Australia",), 2017, "en"),
    (20, "Maternity protection", _INTERNAL, "final", "project", (_ARAB,), ("JO",), (_HEALTH,),
     ("Norway",), 2016, "en"),
    (21, "Better roads", _INDEPENDENT, "final", "project", (_AFRICA,), ("KE",), ("Transport",),
     ("Japan",), 2015, "en"),
    (22, "Anciens régimes", _INDEPENDENT, "final", "project", (_AFRICA,), ("TG",), (_PENSIONS,),
     ("France",), 2009, "fr"),
    (23, "Formación profesional", _INTERNAL, "final", "project", (_AMERICAS,), ("UY",),
     ("Training",), ("Spain",), 2010, "es"),
    (24, "Fisheries", _JOINT, "mid-term", "project", (_ASIA,), ("PH",), ("Fisheries",), (), 2013,
     "en"),
    (25, "Rural finance", _INTERNAL, "final", "project", (_AFRICA,), ("UG",), ("Finance",), (),
     2014, "en"),
    (26, "Jobs for peace", _HIGH, "", "strategy", (), (), (_WORK, _CASH), ("Regular budget",),
     2018, "en"),
    (27, "Youth employment", _INDEPENDENT, "mid-term", "project", (_AFRICA,), ("GH",), (_WORK,),
     ("Denmark",), 2016, "en"),
    (28, "Trabalho infantil", _INDEPENDENT, "final", "project", (_AFRICA,), ("AO",), (_WORK,),
     ("Portugal",), 2017, "pt"),
)  # fmt: skip
_WITHOUT_FILE = (19, 20, 25)
_ON_TOPIC = CRITERIA[:1]
_OFF_TOPIC, _TOO_OLD, _PARTLY = CRITERIA[2:]
_BOTH = ("Ana", "Björn")
_NOT_INCLUDED = {
    13: Screened(Screening.SUPERSEDED, _ON_TOPIC, screeners=_BOTH, superseded_by="E14"),
    21: Screened(Screening.EXCLUDED, (_OFF_TOPIC,), screeners=_BOTH),
    22: Screened(Screening.EXCLUDED, (_TOO_OLD,), screeners=_BOTH),
    23: Screened(Screening.EXCLUDED, (_OFF_TOPIC, _TOO_OLD), screeners=_BOTH),
    24: Screened(Screening.EXCLUDED, (_OFF_TOPIC,), "Fish only.", (*_BOTH, "Chloé")),
    25: Screened(Screening.EXCLUDED, screeners=_BOTH),
    26: Screened(Screening.POSSIBLE, (_PARTLY,), "For the chapter on crises.", _BOTH),
    27: Screened(Screening.CONFLICT, screeners=_BOTH),
    28: Screened(Screening.OPEN, screeners=("Ana",)),
}


def an_evaluation(number: int, *row: Any) -> Evaluation:
    """The evaluation of that number, whose id is another."""
    title, type_, timing, nature, regions, countries, coverage, funding, year, language = row
    has_file = number not in _WITHOUT_FILE
    return Evaluation(
        id=100 + number,
        number=number,
        facts=Facts(
            title=title,
            symbol=f"PRJ/{number:02}/{language.upper()}",
            type=type_,
            timing=timing,
            nature=nature,
            regions=regions,
            countries=countries,
            coverage=coverage,
            funding=funding,
            year=year,
            language=language,
            project="MDA/15/01" if number in (13, 14) else "",
            report=f"report-{number:02}.pdf" if has_file else "",
        ),
        report_id=number if has_file else None,
    )


EVALUATIONS = tuple(an_evaluation(*row) for row in _ROWS)


def screened_as(number: int) -> Screened:
    """Where the evaluation of that number stands; included, unless listed above."""
    included = Screened(Screening.INCLUDED, _ON_TOPIC, screeners=_BOTH)
    return _NOT_INCLUDED.get(number, included)
