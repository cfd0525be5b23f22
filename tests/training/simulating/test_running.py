import re
from pathlib import Path

import numpy as np
import pytest

from tests.training.simulating.made_up import material
from whatworks.nlp.errors import WhatworksError
from whatworks.training.simulating import running
from whatworks.training.simulating.material import Material
from whatworks.training.simulating.running import Run, Simulation, simulate

WANTED = Simulation(("margin", "rare:a"), "random", seeds=3, batch=40)


def told(runs: list[Run]) -> list[tuple[str, int, list[float]]]:
    return [(one.strategy, one.seed, one.replay.macro_f1.tolist()) for one in runs]


@pytest.mark.slow
def test_several_processes_make_what_one_makes(tmp_path: Path) -> None:
    alone = simulate(material(), WANTED, tmp_path / "one", jobs=1)
    together = simulate(material(), WANTED, tmp_path / "two", jobs=2)
    assert told(alone) == told(together)
    assert [(one.strategy, one.seed) for one in alone[:4]] == [
        ("random", 0), ("random", 1), ("random", 2), ("margin", 0),
    ]  # fmt: skip


def test_what_was_made_is_not_made_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    steps: list[tuple[int, int]] = []
    first = simulate(material(), WANTED, tmp_path, jobs=1)
    kept = sorted(tmp_path.iterdir())
    assert len(kept) == 9
    kept[4].unlink()
    made: list[str] = []
    real = running._make
    monkeypatch.setattr(running, "_make", lambda *one: (made.append(one[3]), real(*one))[1])
    again = simulate(
        material(), WANTED, tmp_path, jobs=1, on_progress=lambda *one: steps.append(one)
    )
    assert len(made) == 1
    assert steps == [(8, 9), (9, 9)]
    assert told(again) == told(first)


def test_other_labels_or_settings_are_replayed_anew(tmp_path: Path) -> None:
    given = material()
    names = {running.fingerprint(given, WANTED)}
    names.add(running.fingerprint(material(seed=1), WANTED))
    names.add(running.fingerprint(given, Simulation(WANTED.strategies, "random", 3, batch=41)))
    names.add(running.fingerprint(given, Simulation(WANTED.strategies, "random", 3, 40, rounds=2)))
    assert len(names) == 4
    # More seeds leave those that were made as they are.
    assert running.fingerprint(given, Simulation(("margin",), "random", 30, batch=40)) in names


def test_a_name_that_no_file_can_have_is_kept_too(tmp_path: Path) -> None:
    paths = {running.kept_path(tmp_path, "x", name, 0) for name in ("rare:a/b", "rare:a|b", "rare")}
    assert len(paths) == 3
    assert all(path.parent == tmp_path for path in paths)


def test_an_unknown_strategy_is_told_before_anything_is_replayed(tmp_path: Path) -> None:
    with pytest.raises(WhatworksError, match="Unknown strategy 'marginal'"):
        simulate(material(), Simulation(("marginal",), "random"), tmp_path)
    assert not list(tmp_path.iterdir())


def refused(given: Material, tmp_path: Path) -> str:
    with pytest.raises(WhatworksError) as caught:
        simulate(given, WANTED, tmp_path)
    return str(caught.value)


def test_what_nothing_can_be_learned_from_is_refused(tmp_path: Path) -> None:
    assert "labelled alike (all have 'a')" in refused(material(labels=1), tmp_path)
    assert "are of 5 reports" in refused(material(reports=5), tmp_path)
    few = material(reports=1)
    assert "are of 1 report." in refused(few, tmp_path)


def test_a_broken_run_is_told_and_others_are_kept(tmp_path: Path) -> None:
    with pytest.raises(WhatworksError, match="Unknown label 'z'"):
        simulate(material(), Simulation(("rare:z",), "random", 2, 40), tmp_path, jobs=1)
    assert [path.name.split("-")[1] for path in tmp_path.iterdir()] == ["random"]
    assert np.all([path.suffix == ".npz" for path in tmp_path.iterdir()])


def test_a_kept_run_that_was_damaged_is_told(tmp_path: Path) -> None:
    simulate(material(), WANTED, tmp_path, jobs=1)
    broken = min(tmp_path.iterdir())
    broken.write_bytes(broken.read_bytes()[:100])
    with pytest.raises(WhatworksError, match=re.escape(f"{broken}: this replay was kept and")):
        simulate(material(), WANTED, tmp_path, jobs=1)


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(WhatworksError, match="replays cannot be kept there"):
        simulate(material(), WANTED, tmp_path / "file" / "runs", jobs=1)
