"""``whatworks doctor``: what is sound and what is not, with the cure."""

from importlib import metadata
from pathlib import Path

import pytest

from tests.command import Run
from whatworks.cli import doctor

HEAVY = ("_encoder", "_model")


@pytest.fixture
def light(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the parts that unpack the encoder."""
    for name in HEAVY:
        monkeypatch.setattr(doctor, name, lambda: "left out")


def test_what_is_sound_is_said_line_by_line(run: Run, light: None, cache: Path) -> None:
    ran = run("doctor")
    assert ran.code == 0
    lines = ran.out.splitlines()
    assert lines[0].startswith("whatworks ")
    assert all(line.startswith("[ok]    ") for line in lines[1:-1])
    assert lines[-1] == "All is well."
    assert "torch " in ran.out
    assert str(cache) in ran.out
    assert "GB free" in ran.out
    assert "sample reports read" in ran.out
    assert "ilo-social-protection 1 (23 themes)" in ran.out
    assert "Vectors: 0 passages need not be encoded again" in ran.out


def test_a_missing_package_is_told_with_its_cure(
    run: Run, light: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    find = metadata.version

    def version(name: str) -> str:
        if name == "sentencex":
            raise metadata.PackageNotFoundError(name)
        return find(name)

    monkeypatch.setattr(metadata, "version", version)
    ran = run("doctor")
    assert ran.code == 1
    assert "[wrong] Packages: sentencex is missing. Install it with:" in ran.out
    assert "-m pip install --force-reinstall whatworks" in ran.out
    assert "[ok]    Codebooks" in ran.out
    assert ran.out.splitlines()[-1] == "1 of 8 checks failed; each line says what to do."


def test_a_cache_that_cannot_be_made_is_told(
    run: Run, light: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("WHATWORKS_CACHE", str(tmp_path / "file" / "cache"))
    ran = run("doctor")
    assert ran.code == 1
    assert "[wrong] Cache:" in ran.out
    assert "Set WHATWORKS_CACHE to a folder you can write." in ran.out


def test_damaged_vectors_are_told_and_mended(run: Run, light: None, cache: Path) -> None:
    cache.mkdir()
    (cache / "vectors.sqlite").write_bytes(b"no database at all")
    first = run("doctor")
    assert first.code == 1
    assert "[wrong] Vectors: The vector cache" in first.out
    assert run("doctor").code == 0


@pytest.mark.slow
def test_a_damaged_encoder_is_told(run: Run, cache: Path) -> None:
    assert run("doctor").code == 0
    (weights,) = cache.rglob("model.safetensors")
    weights.write_bytes(b"cut short")
    ran = run("doctor")
    assert ran.code == 1
    assert "damaged or missing: model.safetensors" in ran.out
    assert "whatworks cache clear" in ran.out
    (manifest,) = cache.rglob("unpacked.json")
    manifest.write_text("{")
    assert "damaged or missing: unpacked.json" in run("doctor").out
