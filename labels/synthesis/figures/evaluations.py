"""Figures of the evaluations: by type, by timing, by region."""

from collections import Counter
from collections.abc import Iterable, Iterator

from ...register import TIMINGS, TYPES
from ...texts import Texts, mark
from ..material import Listed, Material
from ..naming import value_name
from ..tables import NONE, values_of
from .bars import Bar, bars
from .interface import Figure

_TITLES = {
    "type": mark("Evaluations by type"),
    "timing": mark("Evaluations by timing"),
    "region": mark("Evaluations by region"),
}
_ORDERS = {"type": TYPES, "timing": TIMINGS}


def evaluations_by(material: Material, attribute: str, texts: Texts) -> Iterator[Figure]:
    """Their figure by 'type', 'timing' or 'region'; none where it is not stated of any."""
    listed = _counted(material.listed, attribute)
    included = _counted(material.included, attribute)
    if not set(listed) - {NONE}:
        return
    most_first = sorted(listed, key=lambda one: (one == NONE, -listed[one], one))
    given = [
        Bar(value_name(material, attribute, one, texts), included[one], listed[one])
        for one in dict.fromkeys((*_ORDERS.get(attribute, ()), *most_first))
        if one in listed
    ]
    yield bars(
        f"evaluations-by-{attribute}",
        texts(_TITLES[attribute]),
        " ".join(_caption(material, listed, texts)),
        texts,
        given,
    )


def _counted(some: Iterable[Listed], attribute: str) -> Counter[str]:
    found: Counter[str] = Counter()
    for one in some:
        found.update(set(values_of(one.evaluation, attribute)) or {NONE})
    return found


def _caption(material: Material, listed: Counter[str], texts: Texts) -> Iterator[str]:
    yield texts(
        "%(included)s of the %(listed)s evaluations that were identified are included.",
        included=texts.number(len(material.included)),
        listed=texts.number(len(material.listed)),
    )
    if listed.total() > len(material.listed):
        yield texts("One that has several counts under each.")
