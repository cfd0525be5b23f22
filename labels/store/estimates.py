"""How much there is in all, in the evaluations that are taken in: from the audit sample."""

from collections.abc import Collection, Mapping, Sequence

import numpy as np
from sqlalchemy import Connection

from ..audit_estimates import Bools, Floats, weights
from ..codebook import Codebook
from ..register import Evaluation
from ..synthesis.estimates import Estimate, Estimates, estimate
from .audit_scores import audited
from .predictions import model_of_most, predictions


def estimates(
    connection: Connection,
    codebook: Codebook,
    evaluations: Collection[Evaluation],
    level: float = 0.95,
) -> Estimates | None:
    """The share of passages that have each code; None where no audited passage can say it.

    Repeats count like other passages. What is drawn and not confirmed yet is taken to be like what
    is.

    Args:
        connection: A reading one.
        codebook: The newest.
        evaluations: Those that are taken in. Whole reports, so that the sample is one of them too.
        level: How often the intervals are to hold the truth.
    """
    found = audited(connection, codebook)
    if found is None:
        return None
    reports = {one.report_id for one in evaluations}
    inside = np.array([one[0] in reports for one in found.strata], np.bool_)
    if not inside.any():
        return None
    strata = [one for one in found.strata if one[0] in reports]
    there = {one: at for one, at in found.sample.strata.items() if at[0] in reports}
    covered = set(strata)
    population = [one for one, stratum in there.items() if stratum in covered]
    weight = weights(strata, found.sample.sizes)
    model = model_of_most(connection)
    shape = len(population)
    of_types = np.zeros((shape, len(codebook.finding_types)))
    of_themes = np.zeros((shape, len(codebook.themes)))
    if model is not None:
        of_types, of_themes = predictions(connection, model, population, codebook)
    places = {one: place for place, one in enumerate(population)}
    rows = [places[one] for one, is_in in zip(found.ids, inside, strict=True) if is_in]

    def each(codes: Sequence[str], given: Bools, predicted: Floats) -> Mapping[str, Estimate]:
        of_all = predicted.mean(axis=0)
        return {
            code: estimate(given[inside, n], predicted[rows, n], weight, float(of_all[n]), level)
            for n, code in enumerate(codes)
        }

    return Estimates(
        population=len(population),
        not_covered=len(there) - len(population),
        audited=len(rows),
        model="" if model is None else model.name,
        level=level,
        finding_types=each(codebook.finding_type_ids, found.given, of_types),
        themes=each(codebook.theme_ids, found.given_themes, of_themes),
    )
