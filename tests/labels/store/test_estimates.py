"""How much there is in all: which passages are spoken of, and whose suggestions are believed."""

import numpy as np
import pytest

from tests.stored import add, decide, report_of, suggest, suggestion_of, with_codebook
from whatworks.labels.audit_estimates import weights
from whatworks.labels.codebook import load_codebook
from whatworks.labels.register import Evaluation, Facts
from whatworks.labels.store.audit_sample import AuditWanted, audit_sample, draw_audit
from whatworks.labels.store.codebooks import current_codebook
from whatworks.labels.store.estimates import estimates
from whatworks.labels.store.predictions import model_of_most, predictions
from whatworks.labels.store.suggestions import add_model_version, add_suggestions
from whatworks.labels.synthesis.estimates import estimate

COUNTS = {"a.pdf": 30, "b.pdf": 20, "c.pdf": 10}
THEME = load_codebook().theme_ids[0]


def evaluation(report_id):
    return Evaluation(report_id, report_id, Facts("An evaluation"), report_id)


@pytest.fixture
def passages(store):
    """Those of three reports; every third is a lesson."""
    with_codebook(store)
    found = []
    for name, count in COUNTS.items():
        read = report_of(name, *(f"Point {n} of {name}." for n in range(count)))
        add(store, read)
        found += read.passages
    return {one.id: one for one in found}


def is_lesson(passage):
    return passage.order % 3 == 0


def audit(store, passages, size=24):
    """Draws the sample and decides all of it as it is."""
    draw_audit(store, AuditWanted(size, seed=7), "olga")
    with store.reading() as connection:
        sample = audit_sample(connection)
    for one in map(passages.get, sample.passages):
        decide(store, one, "ana", *(["lesson"] if is_lesson(one) else []))
    return sample


def told(store, reports=(1, 2, 3), level=0.95):
    with store.reading() as connection:
        codebook = current_codebook(connection).codebook
        return estimates(connection, codebook, [evaluation(one) for one in reports], level)


def suggest_well(store, passages, model="starter 1", details=None):
    """Likelier where it is so, and not always."""
    for likely in (True, False):
        some = [one for one in passages if is_lesson(one) == likely]
        suggest(store, some, model, details, lesson=0.8 if likely else 0.2)


def test_without_a_sample_there_is_no_estimate(store, passages):
    assert told(store) is None
    draw_audit(store, AuditWanted(12, seed=7), "olga")
    assert told(store) is None


def test_without_a_model_all_is_told_by_the_sample_alone(store, passages):
    audit(store, passages)

    found = told(store)

    assert (found.population, found.not_covered, found.audited) == (60, 0, 24)
    assert found.model == ""
    lessons = found.finding_types["lesson"]
    assert lessons.share == lessons.by_sample_alone
    assert set(found.themes) == set(load_codebook().theme_ids)
    assert found.themes[THEME].share.value == 0
    assert found.themes[THEME].share.interval.high > 0.05


def test_a_model_narrows_the_interval_as_is_worked_out_from_the_passages(store, passages):
    suggest_well(store, passages.values())
    sample = audit(store, passages)

    found = told(store, level=0.9)

    rows = [passages[one] for one in sample.passages]
    given = np.array(list(map(is_lesson, rows)))
    said = np.where(given, 0.8, 0.2)
    weight = weights([sample.strata[one] for one in sample.passages], sample.sizes)
    of_all = np.mean([0.8 if is_lesson(one) else 0.2 for one in passages.values()])
    expected = estimate(given, said, weight, float(of_all), 0.9)
    lessons = found.finding_types["lesson"]
    assert found.model == "starter 1"
    assert lessons.trust == pytest.approx(expected.trust)
    assert lessons.trust > 0.5
    assert lessons.share.value == pytest.approx(expected.share.value)
    assert lessons.share.interval.low == pytest.approx(expected.share.interval.low)
    assert found.level == 0.9


def test_a_model_that_learned_from_the_project_is_not_believed(store, passages):
    suggest_well(store, passages.values(), "own 2", {"learned_from": 40})
    audit(store, passages)

    assert told(store).model == ""

    suggest(store, list(passages.values())[:1], "starter 1", lesson=0.5)
    assert told(store).model == "starter 1"


def test_of_models_that_learned_nothing_the_one_that_read_most_is_taken(store, passages):
    every = list(passages.values())
    suggest(store, every[:20], "first", lesson=0.3)
    suggest(store, every, "second", lesson=0.3)
    suggest(store, every, "third", lesson=0.3)

    with store.reading() as connection:
        assert model_of_most(connection).name == "second"


def test_what_a_model_did_not_read_it_is_taken_to_say_nothing_of(store, passages):
    every = list(passages.values())
    suggest(store, every[:20], "first", lesson=0.3, obstacle=0.6)
    with store.reading() as connection:
        book = current_codebook(connection).codebook
        ids = [one.id for one in every[10:30]]
        types, themes = predictions(connection, model_of_most(connection), ids, book)

    column = book.finding_type_ids.index("lesson")
    assert types[:10, column] == pytest.approx(np.full(10, 0.3))
    assert not types[10:].any()
    assert themes.shape == (20, len(book.theme_ids))


def test_only_reports_that_are_taken_in_are_spoken_of(store, passages):
    sample = audit(store, passages)

    found = told(store, reports=[1, 3])

    inside = [one for one in sample.passages if sample.strata[one][0] != 2]
    assert (found.population, found.not_covered) == (40, 0)
    assert found.audited == len(inside)
    lessons = sum(is_lesson(passages[one]) for one in inside)
    # The sample takes the same share of each report here.
    assert found.finding_types["lesson"].share.value == pytest.approx(lessons / len(inside))
    assert told(store, reports=[]) is None


def test_reports_from_which_nothing_was_drawn_are_not_covered(store, passages):
    audit(store, passages)
    later = report_of("later.pdf", *(f"Late point {n}." for n in range(7)))
    add(store, later)

    found = told(store, reports=[1, 2, 3, 4])

    assert (found.population, found.not_covered, found.audited) == (60, 7, 24)


def test_a_theme_is_as_likely_as_the_finding_that_it_would_be_of(store, passages):
    one = next(iter(passages.values()))
    with store.reading() as connection:
        book = current_codebook(connection)
    model = add_model_version(store, "starter 1", "x", {})
    add_suggestions(store, model.id, book.id, [suggestion_of(one, {"lesson": 0.6}, {THEME: 0.5})])

    with store.reading() as connection:
        _, themes = predictions(connection, model, [one.id], book.codebook)

    assert themes[0, book.codebook.theme_ids.index(THEME)] == pytest.approx(0.3)


def test_no_estimate_is_below_what_people_confirmed(store, passages):
    sample = audit(store, passages)
    others = [one for key, one in passages.items() if key not in sample.passages]
    # Nothing of the sample is a good practice; of the others people found nine.
    for one in others[:9]:
        decide(store, one, "ana", "good_practice")

    found = told(store).finding_types["good_practice"]

    assert found.by_sample_alone.value == 0
    assert found.share.value == found.share.interval.low == 9 / 60
    reach = found.by_sample_alone.interval.high
    assert found.share.interval.high == pytest.approx(9 / 60 + reach)
