"""Suggestions for a project's passages: each once, kept as they are made."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.stored import add, report_of, suggestion_of, with_codebook
from whatworks.labels.codebook import load_codebook
from whatworks.labels.codebook_file import codebook_source
from whatworks.labels.store.database import Store, create_store
from whatworks.labels.store.passages import current_passages
from whatworks.labels.store.suggestions import find_model_version, latest_suggestions
from whatworks.labels.suggestions import PassageSuggestions
from whatworks.models.folder import Calibration, Model
from whatworks.models.heads import Heads
from whatworks.models.known_codes import known_codes
from whatworks.models.prelabel import (
    PASSAGES_AT_ONCE,
    ModelInfo,
    Prelabelled,
    model_info,
    prelabel,
)
from whatworks.nlp.encoders import Progress
from whatworks.nlp.passages import Passage

CODEBOOK = load_codebook()
KNOWN = known_codes(CODEBOOK, CODEBOOK.finding_type_ids, CODEBOOK.theme_ids)
INFO = ModelInfo("made up 1", "abc", {"encoder": "none"})


class MadeUp:
    """Finds a lesson in every second passage; may be broken off."""

    name = "made up 1"
    codebook = CODEBOOK
    thresholds: Mapping[str, float] = dict.fromkeys(CODEBOOK.finding_type_ids, 0.5)

    def __init__(self, calls: int = 99) -> None:
        self.calls = calls
        self.seen: list[str] = []

    def suggest(
        self, passages: Sequence[Passage], *, on_progress: Progress | None = None
    ) -> list[PassageSuggestions]:
        if not self.calls:
            raise KeyboardInterrupt
        self.calls -= 1
        self.seen += [one.text for one in passages]
        if on_progress is not None:
            on_progress(len(passages), len(passages))
        return [suggestion_of(one, {"lesson": one.order % 2 * 0.9}) for one in passages]


@pytest.fixture
def store(tmp_path: Path) -> Store:
    made = create_store(tmp_path / "project.db")
    with_codebook(made)
    return made


def texts(count: int) -> list[str]:
    return [f"Passage number {n} of many." for n in range(count)]


def test_every_passage_gets_one_suggestion_in_reading_order(store: Store) -> None:
    add(store, report_of("b.pdf", "One.", "Two.", "Three."))
    add(store, report_of("a.pdf", "Four."))
    suggester = MadeUp()
    assert prelabel(store, suggester, KNOWN, INFO, 1) == Prelabelled(4, 3)
    assert suggester.seen == ["One.", "Two.", "Three.", "Four."]
    with store.reading() as connection:
        passages = current_passages(connection)
        found = latest_suggestions(connection, [one.id for one in passages])
    assert [found[one.id].labels for one in passages] == [("lesson",), (), ("lesson",), ("lesson",)]
    version = find_model_version(store, "abc")
    assert version is not None
    assert (version.name, version.details) == ("made up 1", {"encoder": "none"})


def test_a_second_run_finds_nothing_to_do(store: Store) -> None:
    add(store, report_of("a.pdf", "One."))
    prelabel(store, MadeUp(), KNOWN, INFO, 1)
    assert prelabel(store, MadeUp(0), KNOWN, INFO, 1) == Prelabelled(0, 0)
    add(store, report_of("b.pdf", "Two."))
    suggester = MadeUp()
    assert prelabel(store, suggester, KNOWN, INFO, 1) == Prelabelled(1, 1)
    assert suggester.seen == ["Two."]


def test_what_was_made_before_an_interruption_is_kept(store: Store) -> None:
    total = 2 * PASSAGES_AT_ONCE + 5
    add(store, report_of("a.pdf", *texts(total)))
    with pytest.raises(KeyboardInterrupt):
        prelabel(store, MadeUp(calls=2), KNOWN, INFO, 1)
    told: list[tuple[int, int]] = []
    suggester = MadeUp()
    done = prelabel(
        store, suggester, KNOWN, INFO, 1, on_progress=lambda done, of: told.append((done, of))
    )
    assert done.suggested == 5
    assert suggester.seen == texts(total)[-5:]
    assert told == [(5, 5)]


def test_progress_counts_over_all_passages(store: Store) -> None:
    add(store, report_of("a.pdf", *texts(PASSAGES_AT_ONCE + 3)))
    told: list[tuple[int, int]] = []
    prelabel(store, MadeUp(), KNOWN, INFO, 1, on_progress=lambda *both: told.append(both))
    whole = PASSAGES_AT_ONCE + 3
    assert told == [(PASSAGES_AT_ONCE, whole), (whole, whole)]


def test_another_model_or_codebook_suggests_anew(store: Store) -> None:
    add(store, report_of("a.pdf", "One.", "Two."))
    prelabel(store, MadeUp(), KNOWN, INFO, 1)
    assert prelabel(store, MadeUp(), KNOWN, replace(INFO, fingerprint="abd"), 1).suggested == 2
    second = with_codebook(
        store, codebook_source("ilo-social-protection").replace("Staff, offices,", "Offices,")
    )
    assert prelabel(store, MadeUp(), KNOWN, INFO, second).suggested == 2


def test_what_cannot_be_ruled_out_is_kept_of_a_model_that_knows_how_sure_it_can_be(
    store: Store,
) -> None:
    add(store, report_of("a.pdf", "One.", "Two."))
    calibration = replace(model().calibration, set_floor=0.2)
    info = model_info(model(calibration=calibration), "bundled")
    prelabel(store, MadeUp(), KNOWN, info, 1)
    with store.reading() as connection:
        ids = [one.id for one in current_passages(connection)]
        found = latest_suggestions(connection, ids)
    # Of 0.9 and three times 0.1: a share of 0.71; of 0 and three times 0.1: none, 0.71.
    assert [found[one].candidates for one in ids] == [("lesson",), ("none",)]


def test_one_report_can_be_done_alone(store: Store) -> None:
    add(store, report_of("a.pdf", "One."))
    add(store, report_of("b.pdf", "Two."))
    suggester = MadeUp()
    assert prelabel(store, suggester, KNOWN, INFO, 1, report_id=2).suggested == 1
    assert suggester.seen == ["Two."]


def model(**more: object) -> Model:
    heads = Heads(
        finding_types=("lesson",),
        type_weights=np.ones((1, 2), dtype=np.float32),
        type_biases=np.zeros(1, dtype=np.float32),
        themes=("a",),
        theme_weights=np.ones((1, 2), dtype=np.float32),
        theme_biases=np.zeros(1, dtype=np.float32),
        similarity_scale=10.0,
    )
    calibration = Calibration({"lesson": 1.0}, {"lesson": 0.0}, {"lesson": 0.5})
    given = {"heads": heads, "calibration": calibration} | more
    return Model("m", "1.0", "bundled", **given)  # type: ignore[arg-type]


def test_whatever_changes_suggestions_changes_the_fingerprint(tmp_path: Path) -> None:
    first = model_info(model(), "bundled")
    assert model_info(model(), "bundled") == first
    assert first.name == "m 1.0 (bundled encoder)"
    assert first.details["thresholds"] == {"lesson": 0.5}
    assert (first.details["finding_types"], first.details["set_floor"]) == (["lesson"], 0.0)
    other_heads = replace(model().heads, theme_biases=np.ones(1, dtype=np.float32))
    other_calibration = replace(model().calibration, thresholds={"lesson": 0.4})
    other_floor = replace(model().calibration, set_floor=0.2)
    with_floor = model_info(model(calibration=other_floor), "bundled")
    assert with_floor.details["set_floor"] == 0.2
    (tmp_path / "layers").write_bytes(b"tuned")
    others = [
        model_info(model(heads=other_heads), "bundled"),
        model_info(model(calibration=other_calibration), "bundled"),
        model_info(model(layers=tmp_path / "layers"), "bundled"),
        model_info(model(), "some/hub-model"),
        with_floor,
    ]
    (tmp_path / "layers").write_bytes(b"tuned again")
    others.append(model_info(model(layers=tmp_path / "layers"), "bundled"))
    assert len({first.fingerprint, *(one.fingerprint for one in others)}) == 7


def test_an_encoder_folder_goes_by_what_it_holds(tmp_path: Path) -> None:
    for name in ("one", "copy", "other"):
        (tmp_path / name / "0_Transformer").mkdir(parents=True)
        (tmp_path / name / "0_Transformer" / "weights").write_bytes(b"w")
    (tmp_path / "other" / "0_Transformer" / "weights").write_bytes(b"v")
    one, copy, other = (model_info(model(), str(tmp_path / n)) for n in ("one", "copy", "other"))
    assert one.fingerprint == copy.fingerprint != other.fingerprint
    assert one.name == "m 1.0 (one encoder)"
