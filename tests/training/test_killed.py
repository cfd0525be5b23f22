"""``whatworks train`` killed while it saves: no half model is ever seen."""

import contextlib
import json
import os
import shutil
import signal
import time
from collections.abc import Callable
from pathlib import Path
from subprocess import Popen

import numpy as np
import pytest

from tests.stored import add, decide, report_of
from whatworks.labels.project import init_project, open_project
from whatworks.labels.store.passages import current_passages
from whatworks.models.folder import load_model

DELAYS_S = (0.0, 0.0005, 0.001, 0.002, 0.003, 0.005, 0.01, 0.03)
"""From when something first changes in models/."""

Start = Callable[..., "Popen[str]"]


@pytest.fixture
def project(tmp_path: Path, tiny_model: Path) -> Path:
    """Two reports, decided; models are made from the tiny one."""
    folder = tmp_path / "reviews"
    init_project(folder, name="Reviews", by="ana")
    settings = folder / "whatworks.toml"
    text = settings.read_text("utf-8")
    assert '"starter"\n' in text
    named = f"model = {json.dumps(str(tiny_model))}\n"
    settings.write_text(text.replace('model = "starter"\n', named), "utf-8")
    with open_project(folder) as opened:
        for report in range(2):
            texts = [f"{word} {word} {report}{n}" for n in range(10) for word in ("zzz", "qqq")]
            add(opened.store, report_of(f"{report}.pdf", *texts))
        with opened.store.reading() as connection:
            passages = current_passages(connection)
        for one in passages:
            decide(opened.store, one, "ana", "obstacle" if "zzz" in one.text else "lesson")
    return folder


def decide_another(project: Path, number: int) -> None:
    """So that there is something new to learn: else no model is saved."""
    with open_project(project) as opened:
        with opened.store.reading() as connection:
            one = current_passages(connection)[number]
        decide(opened.store, one, "ana", "success_factor")


def seen(models: Path) -> set[str]:
    return set(os.listdir(models)) if models.is_dir() else set()  # noqa: PTH208


def killed_after(process: "Popen[str]", models: Path, delay_s: float) -> None:
    """Kills it so long after it begins to save; it may have been done by then."""
    before = seen(models)
    while seen(models) == before and process.poll() is None:
        pass
    ends = time.monotonic() + delay_s
    while time.monotonic() < ends:
        pass
    process.send_signal(signal.SIGKILL)
    process.communicate(timeout=60)


@pytest.mark.slow
def test_killed_at_any_moment_it_leaves_whole_models_only(start: Start, project: Path) -> None:
    models = project / "models"
    ended, drafts = set(), 0
    for number, delay_s in enumerate(DELAYS_S):
        decide_another(project, number)
        process = start("train", "--project", project, "--quiet")
        killed_after(process, models, delay_s)
        ended.add(process.returncode)
        drafts += any(name.startswith(".new-") for name in seen(models))
        for name in seen(models):
            if not name.startswith("."):
                model = load_model(models / name)
                assert f"heads-{model.version}" == name
                json.loads((models / name / "scorecard.json").read_text("utf-8"))
                assert (models / name / "README.md").read_text("utf-8").endswith(".\n")
    # It was killed, and in the midst of saving: else this shows nothing.
    assert -signal.SIGKILL in ended
    assert drafts
    process = start("train", "--project", project)
    out, err = process.communicate(timeout=120)
    assert process.returncode == 0, err
    assert "models/heads-" in out
    assert [name for name in seen(models) if name.startswith(".")] == []
    last = max(models.iterdir(), key=lambda one: int(one.name.removeprefix("heads-")))
    assert last.name in out
    assert np.isfinite(load_model(last).heads.type_weights).all()


@pytest.mark.slow
def test_what_a_killed_run_left_is_gone_after_the_next(start: Start, project: Path) -> None:
    left = project / "models" / ".new-dead"
    left.mkdir(parents=True)
    (left / "heads.safetensors").write_bytes(b"half of")
    process = start("train", "--project", project, "--quiet")
    _, err = process.communicate(timeout=120)
    assert process.returncode == 0, err
    assert seen(project / "models") == {"heads-1"}


@pytest.mark.slow
def test_fine_tuning_killed_twenty_times_ends_as_if_it_had_not_been(
    start: Start, project: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other"
    shutil.copytree(project, other)
    process = start("train", "--fine-tune", "--project", other, "--quiet")
    _, err = process.communicate(timeout=600)
    assert process.returncode == 0, err
    random = np.random.default_rng(20)
    kills = states = 0
    while kills < 20:
        process = start("train", "--fine-tune", "--project", project, "--quiet")
        before = changed_at(project / ".tuning")
        # Most die in the midst of tuning, some before or while something is kept.
        while process.poll() is None and changed_at(project / ".tuning") == before:
            time.sleep(0.005)
        time.sleep(float(random.uniform(0, 0.3)))
        if process.poll() is None:
            process.send_signal(signal.SIGKILL)
            kills += 1
        process.communicate(timeout=60)
        states += any((project / ".tuning").rglob("state.pt"))
        if seen(project / "models") - {name for name in seen(project / "models") if name[0] == "."}:
            same_models(project, other)
            shutil.rmtree(project / "models")
    assert states > 5
    process = start("train", "--fine-tune", "--project", project, "--quiet")
    _, err = process.communicate(timeout=600)
    assert process.returncode == 0, err
    same_models(project, other)
    assert not (project / ".tuning").exists()


def changed_at(folder: Path) -> set[tuple[str, int]]:
    """The files of a folder that is being written to, with their times."""
    found = set()
    for one in folder.rglob("*"):
        with contextlib.suppress(FileNotFoundError):
            found.add((one.name, one.stat().st_mtime_ns))
    return found


def same_models(project: Path, other: Path) -> None:
    for name in ("heads.safetensors", "layers.safetensors", "scorecard.json"):
        one, same = (folder / "models" / "tuned-1" / name for folder in (project, other))
        assert one.read_bytes() == same.read_bytes(), name
