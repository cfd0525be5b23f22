"""A model to another office and back: the same vectors, the same suggestions, no code."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml

from whatworks.models import exchange
from whatworks.models.exchange import export_model, import_model
from whatworks.models.folder import STARTER, load_model, save_model, starter_folder
from whatworks.models.registry import IMPORTED
from whatworks.nlp.encoders import SentenceEncoder
from whatworks.nlp.errors import WhatworksError

TEXTS = [
    "Funds for the second phase came nine months late.",
    "Les fonds de la deuxième phase sont arrivés avec neuf mois de retard.",
    "Una lección es que el mantenimiento se sostiene cuando hay dinero para ello.",
    "A formação de técnicos municipais foi decisiva.",
]


@pytest.fixture(scope="module")
def tuned(tiny_model: Path, tiny_encoder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tiny model with tuned layers, in a folder named so that E5's prompt is wanted."""
    from dataclasses import replace

    from safetensors.torch import load_file, save_file

    folder = tmp_path_factory.mktemp("tuned")
    encoder = shutil.copytree(tiny_encoder, folder / "tiny-e5")
    model = replace(load_model(tiny_model), encoder=str(encoder))
    save_model(model, folder / "model")
    weights = load_file(encoder / "model.safetensors")
    layers = {name: -5 * one for name, one in weights.items() if name.startswith("encoder.layer.1")}
    save_file(layers, folder / "model" / "layers.safetensors")
    card = (
        "---\nlicense: mit\nlanguage: [en]\nevil: 3\n---\n\n# Mine\n\nIt is ours.\n\n## Use\n\nx\n"
    )
    (folder / "model" / "README.md").write_text(card, "utf-8")
    return folder / "model"


@pytest.fixture(scope="module")
def exported(tuned: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("sent") / "office"
    export_model(load_model(tuned), tuned, target)
    return target


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "project"
    folder.mkdir()
    yield folder
    # Whatever a test does, nothing half-made is seen.
    left = list((folder / "models").glob(".new-*")) if (folder / "models").is_dir() else []
    assert left == []


def cosines(one: Any, other: Any) -> Any:
    one, other = np.asarray(one, dtype=np.float64), np.asarray(other, dtype=np.float64)
    return (one * other).sum(1) / np.linalg.norm(one, axis=1) / np.linalg.norm(other, axis=1)


def test_plain_sentence_transformers_gives_our_vectors(tuned: Path, exported: Path) -> None:
    from sentence_transformers import SentenceTransformer

    model = load_model(tuned)
    ours = SentenceEncoder(model.encoder, layers=model.layers).encode(TEXTS)
    plain = SentenceTransformer(str(exported / "encoder"), local_files_only=True)
    assert cosines(ours, plain.encode(TEXTS)).min() > 0.999
    # Neither without the tuned layers nor without the prompt would they be the same.
    assert cosines(ours, SentenceEncoder(model.encoder).encode(TEXTS)).min() < 0.999
    assert cosines(ours, plain.encode(TEXTS, prompt="")).min() < 0.999


def test_an_exported_model_suggests_as_before_wherever_it_lies(
    tuned: Path, exported: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    moved = shutil.copytree(exported, tmp_path / "moved")
    monkeypatch.chdir(tmp_path)
    before, after = load_model(tuned), load_model(Path("moved"))
    assert json.loads((moved / "config.json").read_text("utf-8"))["encoder"] == "encoder"
    assert after.encoder == str(moved / "encoder")
    assert after.layers is None
    ours = SentenceEncoder(before.encoder, layers=before.layers).encode(TEXTS)
    theirs = SentenceEncoder(after.encoder).encode(TEXTS)
    assert cosines(ours, theirs).min() > 0.999
    np.testing.assert_allclose(
        after.heads.type_logits(theirs), before.heads.type_logits(ours), atol=0.3
    )
    assert after.calibration == before.calibration


def test_the_card_has_what_the_hub_wants_and_keeps_what_was_said(exported: Path) -> None:
    _, head, text = (exported / "README.md").read_text("utf-8").split("---\n", 2)
    said = yaml.safe_load(head)
    assert said["license"] == "mit"
    assert said["language"] == ["en"]
    assert said["pipeline_tag"] == "text-classification"
    assert "multi-label" in said["tags"]
    assert "evil" not in said
    assert "It is ours." in text
    assert text.count("## Use") == 1


def test_nothing_tells_where_it_was_made(tuned: Path, tmp_path: Path) -> None:
    from dataclasses import replace

    made_from = {"refitted_from": "/home/ana/secret/base", IMPORTED: "2026-01-01"}
    model = replace(load_model(tuned), made_from=made_from)
    export_model(model, tuned, tmp_path / "out")
    text = (tmp_path / "out" / "config.json").read_text("utf-8")
    assert json.loads(text)["made_from"] == {"refitted_from": "base", "encoder": "tiny-e5"}
    assert "/home/ana" not in text
    assert str(tuned.parent) not in text + (tmp_path / "out" / "README.md").read_text("utf-8")


@pytest.mark.parametrize("there", ["a folder", "an empty folder", "a file", "a dead link"])
def test_what_is_there_is_not_overwritten(tuned: Path, tmp_path: Path, there: str) -> None:
    target = tmp_path / "out"
    if there == "a dead link":
        target.symlink_to("nowhere")
    elif there == "a file":
        target.write_text("mine")
    else:
        target.mkdir()
    if there == "a folder":
        (target / "mine").write_text("")
    with pytest.raises(WhatworksError, match="out: this is there already. Give the name of a new"):
        export_model(load_model(tuned), tuned, target)
    assert [one.name for one in tmp_path.iterdir()] == ["out"]


def test_a_folder_in_a_folder_that_is_not_there_says_so(tuned: Path, tmp_path: Path) -> None:
    with pytest.raises(WhatworksError, match=r"there is no folder .*none\. Make it"):
        export_model(load_model(tuned), tuned, tmp_path / "none" / "out")


def test_a_disk_that_is_full_leaves_nothing(
    tuned: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(exchange, "put_in_place", full)
    with pytest.raises(WhatworksError, match="cannot be written: No space left on device. Give"):
        export_model(load_model(tuned), tuned, tmp_path / "out")
    assert list(tmp_path.iterdir()) == []


def test_an_encoder_with_parts_that_nobody_could_import_is_not_exported(
    tuned: Path, tiny_encoder: Path, tmp_path: Path
) -> None:
    from dataclasses import replace

    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Dense

    parts: list[Any] = [*SentenceTransformer(str(tiny_encoder))][:2]
    other = SentenceTransformer(modules=[*parts, Dense(32, 32)], device="cpu")
    other.save(str(tmp_path / "dense"), create_model_card=False)
    model = replace(load_model(tuned), encoder=str(tmp_path / "dense"), layers=None)
    with pytest.raises(
        WhatworksError, match="cannot be exported: .* parts Transformer, Pooling, Dense"
    ):
        export_model(model, tuned, tmp_path / "out")
    assert [one.name for one in tmp_path.iterdir()] == ["dense"]


def test_an_imported_model_is_the_exported_one(exported: Path, project: Path) -> None:
    made = import_model(exported, project)
    assert made == project / "models" / "office"
    before, after = load_model(exported), load_model(made)
    assert after.heads.type_weights.tobytes() == before.heads.type_weights.tobytes()
    assert after.made_from[IMPORTED].startswith("20")
    np.testing.assert_array_equal(
        SentenceEncoder(after.encoder).encode(TEXTS), SentenceEncoder(before.encoder).encode(TEXTS)
    )


@pytest.mark.parametrize(
    "name", ["", "starter", ".hidden", "..", "a/b", "../up", "a\nb", "heads-3", "x" * 65, "end."]
)
def test_a_name_that_would_cause_trouble_is_refused(
    exported: Path, project: Path, name: str
) -> None:
    if not name:
        # By default it is the folder's.
        exported = shutil.copytree(exported, project.parent / "a model, final")
    with pytest.raises(WhatworksError, match="--name office-"):
        import_model(exported, project, name)
    assert list(project.iterdir()) == []


def test_a_name_that_is_taken_is_refused(exported: Path, project: Path) -> None:
    import_model(exported, project, "theirs")
    with pytest.raises(WhatworksError, match="there is a model of that name. Give another"):
        import_model(exported, project, "theirs")


def test_what_is_refused_leaves_nothing(exported: Path, project: Path, tmp_path: Path) -> None:
    stranger = shutil.copytree(exported, tmp_path / "stranger")
    (stranger / "evil.py").write_text("")
    with pytest.raises(WhatworksError, match="evil.py: code"):
        import_model(stranger, project)
    assert list(project.iterdir()) == []


@pytest.mark.parametrize("damage", ["shape", "missing", "cut", "json", "later", "types", "nan"])
def test_a_model_that_does_not_load_is_not_copied(
    exported: Path, project: Path, tmp_path: Path, damage: str
) -> None:
    from safetensors.numpy import load_file, save_file

    stranger = shutil.copytree(exported, tmp_path / "stranger")
    heads, config = stranger / "heads.safetensors", stranger / "config.json"
    tensors, said = load_file(heads), json.loads(config.read_text("utf-8"))
    if damage == "shape":
        save_file(tensors | {"type_weights": tensors["type_weights"][:, :7].copy()}, heads)
    elif damage == "missing":
        heads.unlink()
    elif damage == "cut":
        heads.write_bytes(heads.read_bytes()[:-9])
    elif damage == "json":
        config.write_text("{")
    elif damage == "later":
        config.write_text(json.dumps(said | {"format": 99}))
    elif damage == "types":
        config.write_text(json.dumps(said | {"finding_types": [1, 2, 3, 4]}))
    else:
        save_file(tensors | {"type_biases": np.full(4, np.nan, dtype=np.float32)}, heads)
    with pytest.raises(WhatworksError):
        import_model(stranger, project)
    assert list(project.iterdir()) == []


def test_an_encoder_that_does_not_fit_the_heads_is_refused(
    exported: Path, project: Path, tmp_path: Path
) -> None:
    from dataclasses import replace

    stranger = shutil.copytree(exported, tmp_path / "stranger")
    model = load_model(exported)
    heads = replace(
        model.heads,
        type_weights=np.zeros((4, 16), dtype=np.float32),
        theme_weights=np.zeros((23, 16), dtype=np.float32),
    )
    save_model(replace(model, heads=heads, encoder=str(stranger / "encoder")), stranger)
    with pytest.raises(WhatworksError, match="vectors of 32 numbers, its heads were fitted on 16"):
        import_model(stranger, project)
    assert list(project.iterdir()) == []


def test_settings_that_do_not_fit_together_are_an_error_not_a_crash(
    exported: Path, project: Path, tmp_path: Path
) -> None:
    stranger = shutil.copytree(exported, tmp_path / "stranger")
    path = stranger / "encoder" / "config.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"num_attention_heads": 0}))
    with pytest.raises(WhatworksError):
        import_model(stranger, project)
    assert list(project.iterdir()) == []


def test_a_file_in_the_way_of_the_models_is_told(exported: Path, project: Path) -> None:
    (project / "models").write_text("mine")
    with pytest.raises(WhatworksError, match="models: the model cannot be copied there"):
        import_model(exported, project)


@pytest.mark.slow
def test_the_starter_exported_gives_the_same_vectors(tmp_path: Path) -> None:
    from sentence_transformers import SentenceTransformer

    model = load_model(STARTER)
    export_model(model, starter_folder(), tmp_path / "starter")
    ours = SentenceEncoder(model.encoder, layers=model.layers).encode(TEXTS)
    plain = SentenceTransformer(str(tmp_path / "starter" / "encoder"), local_files_only=True)
    assert cosines(ours, plain.encode(TEXTS)).min() > 0.999
    said = (tmp_path / "starter" / "README.md").read_text("utf-8").split("---\n", 2)[1]
    assert yaml.safe_load(said)["license"] == "apache-2.0"
    assert yaml.safe_load(said)["base_model"] == "intfloat/multilingual-e5-small"
